"""The studies of single papers, not merged: a row each."""

from collections.abc import Iterable
from typing import Any

from carextract.synthesize.members import Member
from carextract.synthesize.wording import dose_text, sledai_text, toxicity_text
from carextract.write.rows import Column, Form, Row, cell

BETWEEN = " | "
LISTED = (
    Column("paper", Form.TEXT),
    Column("page", Form.WHOLE),
    Column("key", Form.TEXT),
    Column("own", Form.FLAG),
    Column("label", Form.TEXT),
    Column("author", Form.TEXT),
    Column("year", Form.WHOLE),
    Column("citation", Form.WHOLE),
    Column("trial_ids", Form.TEXT),
    Column("patients", Form.WHOLE),
    Column("condition", Form.TEXT),
    Column("product", Form.TEXT),
    Column("target", Form.TEXT),
    Column("cell_source", Form.TEXT),
    Column("doses", Form.TEXT),
    Column("sledai", Form.TEXT),
    Column("toxicities", Form.TEXT),
    Column("facts", Form.WHOLE),
    Column("reference", Form.TEXT),
    Column("doi", Form.TEXT),
    Column("pmid", Form.TEXT),
    Column("quote", Form.TEXT),
    Column("repairs", Form.TEXT),
    Column("rule", Form.TEXT),
    Column("quote_start", Form.WHOLE),
    Column("quote_end", Form.WHOLE),
    Column("sha256", Form.TEXT),
)
"""The columns of a study as one paper has it."""


def worded(member: Member) -> dict[str, tuple[str, ...]]:
    """The facts of a study in words, each once, by their kind."""
    return {
        "doses": _once(map(dose_text, member.doses)),
        "sledai": _once(map(sledai_text, member.sledai)),
        "toxicities": _once(map(toxicity_text, member.toxicities)),
    }


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def listed(member: Member) -> Row:
    """A study as a row of the columns `LISTED`."""
    study = member.study
    first = study.evidence[0]
    row: dict[str, object] = {
        "paper": member.name,
        "page": first.page,
        "own": member.own,
        "trial_ids": " ".join(study.trial_ids) or None,
        "facts": len(study.facts),
        "reference": study.reference and study.reference.text,
        "doi": study.reference and study.reference.doi,
        "pmid": study.reference and study.reference.pmid,
        "quote": " … ".join(quote.text for quote in study.evidence),
        "repairs": " ".join(study.repairs) or None,
        "quote_start": first.start,
        "quote_end": first.end,
        "sha256": member.sha256,
        **{kind: BETWEEN.join(texts) or None for kind, texts in worded(member).items()},
    }
    for column in LISTED:
        if column.name not in row:
            row[column.name] = getattr(study, column.name)
    return {name: cell(value) for name, value in row.items()}


def with_facts(member: Member) -> dict[str, Any]:
    """A study as its document has it, with its paper and with the records of its facts."""
    kinds = ("trials", "doses", "sledai", "toxicities")
    return {
        "paper": member.name,
        "sha256": member.sha256,
        **member.study.model_dump(mode="json"),
        **{
            kind: [fact.model_dump(mode="json") for fact in getattr(member, kind)] for kind in kinds
        },
    }
