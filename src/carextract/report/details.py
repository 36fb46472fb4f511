"""What the page shows of a fact that is opened, as plain data: a piece for each paper."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from carextract.read import Source
from carextract.report.excerpts import Excerpts, Mark
from carextract.report.numbering import Links, Listed
from carextract.report.repairs import Repairs

Data = dict[str, Any]

# Fields of a record that are shown in places of their own.
_SHOWN_ELSEWHERE = {"key", "rule", "evidence", "repairs", "study"}


def details_data(facts: Sequence[Listed], source: Source | None, links: Links) -> Data:
    """For each fact of a paper, by its number: fields, quotes, what stands around them, repairs.

    Without the source there are quotes alone, and repairs by their names.
    """
    marks = [
        Mark(quote.start, quote.end, listed.number)
        for listed in facts
        for quote in listed.fact.evidence
    ]
    excerpts = Excerpts(source.text if source else None, marks)
    repairs = Repairs(source, (listed.fact for listed in facts))
    return {
        "source": source is not None,
        "facts": {
            listed.number: _fact(listed, excerpts, repairs, links.get(listed.number, {}))
            for listed in facts
        },
    }


def _fact(listed: Listed, excerpts: Excerpts, repairs: Repairs, studies: Mapping[int, str]) -> Data:
    fact = listed.fact
    found, left_out = excerpts.of(listed.number, fact.evidence)
    return {
        "fields": dict(_fields("", fact.model_dump(mode="json", exclude=_SHOWN_ELSEWHERE))),
        "rule": fact.rule,
        "repairs": fact.repairs,
        "edits": [repair._asdict() for repair in repairs.of(fact)],
        "studies": sorted(studies.items()),
        "quotes": [quote.model_dump(mode="json", exclude={"text"}) for quote in fact.evidence],
        "excerpts": [excerpt._asdict() for excerpt in found],
        "left_out": left_out,
    }


def _fields(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The values of a record that has any, by the names of its fields: `followup.value`."""
    if isinstance(value, Mapping):
        for inner, part in value.items():
            yield from _fields(f"{name}.{inner}" if name else inner, part)
    elif value is not None:
        yield name, value
