"""Which facts are tied to which studies."""

from collections.abc import Iterator, Sequence

from carextract.evaluate.facts import KEYS, Key, in_words
from carextract.evaluate.gold_studies import GoldFact, StudyPassage
from carextract.evaluate.matching import Group
from carextract.evaluate.verdicts import Verdict
from carextract.records import Document, Dose, Sledai, Toxicity, Trial, facts_of

_Record = Trial | Dose | Sledai | Toxicity


def score_links(
    passage: StudyPassage, document: Document, groups: Sequence[Group]
) -> Iterator[Verdict]:
    """A verdict for each fact of gold, "right" or "missed", and for each link that gold does not
    have: "wrong", or "beyond" where the fact itself is none of gold.

    Trial numbers are a field of a study; here only those count that gold says are of none.
    """
    records = {record.key: (kind, record) for kind, record in facts_of(document)}
    tied: dict[int, list[tuple[str, Key]]] = {}
    for number, study in enumerate(document.studies):
        group = next((n for n, group in enumerate(groups) if number in group.said), None)
        for link in study.facts:
            kind, record = records[link.key]
            key = KEYS[kind](record.model_dump())
            owners = _owners(groups, kind, key)
            label = study.label if group is not None else f"{study.label} (extra)"
            detail = f"{label}: {in_words(kind, key)}"
            if _is_of_none(passage, kind, record):
                yield Verdict(passage.id, "links", kind, "wrong", f"{detail}; of no study")
            elif group is not None and group in owners and not groups[group].pooled:
                tied.setdefault(group, []).append((kind, key))
            elif owners or (kind != "trials" and key in passage.facts[kind]):
                of = " or ".join(groups[n].name for n in owners if not groups[n].pooled)
                yield Verdict(
                    passage.id, "links", kind, "wrong", f"{detail}; of {of or 'no study'}"
                )
            elif kind != "trials":
                yield Verdict(passage.id, "links", kind, "beyond", detail)
    for number, one in enumerate(groups):
        if not one.pooled:
            yield from _facts_of(passage.id, one, tied.get(number, ()))


def _facts_of(passage: str, group: Group, tied: Sequence[tuple[str, Key]]) -> Iterator[Verdict]:
    for fact in group.facts:
        found = any(fact.kind == kind and fact.is_said_by(key) for kind, key in tied)
        what = "right" if found else "missed"
        detail = f"{group.name}: {in_words(fact.kind, fact.key)}"
        yield Verdict(passage, "links", fact.kind, what, detail)


def _owners(groups: Sequence[Group], kind: str, key: Key) -> list[int]:
    """The groups, by number, that have a fact: those that state it most fully, where one says
    "no CRS" and another "no severe CRS"."""
    stated = {
        number: max((_stated(fact, kind, key) for fact in group.facts), default=0)
        for number, group in enumerate(groups)
    }
    most = max(stated.values(), default=0)
    return [number for number, parts in stated.items() if parts == most > 0]


def _stated(fact: GoldFact, kind: str, key: Key) -> int:
    """How many parts of a record gold states for a fact, all of them the same; else 0."""
    return sum(fact.stated) if fact.kind == kind and fact.is_said_by(key) else 0


def _is_of_none(passage: StudyPassage, kind: str, record: _Record) -> bool:
    """Whether all that a record was read from stands where gold says that it is of no study."""
    places = [place for of_kind, place in passage.unlinked if of_kind == kind]
    return all(any(place.overlaps(q.start, q.end) for place in places) for q in record.evidence)
