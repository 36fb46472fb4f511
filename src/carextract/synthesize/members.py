"""The studies that papers speak of, each with the facts that belong to it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from carextract.records import (
    Document,
    Dose,
    Evidence,
    Record,
    Sledai,
    SourceInfo,
    Study,
    Toxicity,
    Trial,
    facts_of,
)
from carextract.synthesize.models import Quote

_OWN = "study.own"


def is_own(study: Study) -> bool:
    """Whether a paper reports this study as its own, rather than as one that it cites."""
    return study.rule == _OWN


@dataclass(frozen=True, slots=True)
class Member:
    """A study as one paper has it: the piece that merging puts together.

    `proofs` are the quotes of the whole paper, by the key of the study or the fact that they prove:
    a fact that many studies share has them once.
    """

    sha256: str
    name: str
    study: Study
    proofs: Mapping[str, tuple[Quote, ...]]
    trials: tuple[Trial, ...]
    doses: tuple[Dose, ...]
    sledai: tuple[Sledai, ...]
    toxicities: tuple[Toxicity, ...]

    @property
    def evidence(self) -> tuple[Quote, ...]:
        """Where the paper speaks of the study."""
        return self.proofs[self.study.key]

    @property
    def own(self) -> bool:
        """Whether the paper reports it as its own."""
        return is_own(self.study)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is kept of a document: its studies, and how many records they have."""

    sha256: str
    name: str
    members: tuple[Member, ...]
    fullness: int

    def digest(self) -> str:
        """A hash of all that is kept, to tell two readings of a paper apart."""
        records = (record for member in self.members for record in _records(member))
        content = json.dumps([record.model_dump(mode="json") for record in records])
        return hashlib.sha256(content.encode()).hexdigest()


def _quotes(source: SourceInfo, evidence: Iterable[Evidence]) -> tuple[Quote, ...]:
    """Quotes of a document, with the paper that they are from."""
    return tuple(
        Quote(
            paper=source.name,
            sha256=source.sha256,
            page=span.page,
            start=span.start,
            end=span.end,
            text=span.text,
        )
        for span in evidence
    )


def members(document: Document) -> Iterator[Member]:
    """The studies of a document; a fact is that of a study if the study names its key."""
    linked = {link.key for study in document.studies for link in study.facts}
    facts = [fact for _, fact in facts_of(document)]
    records = [*document.studies, *(fact for fact in facts if fact.key in linked)]
    proofs = {record.key: _quotes(document.source, record.evidence) for record in records}
    for study in document.studies:
        keys = {link.key for link in study.facts}
        yield Member(
            sha256=document.source.sha256,
            name=document.source.name,
            study=study,
            proofs=proofs,
            trials=tuple(fact for fact in document.trials if fact.key in keys),
            doses=tuple(fact for fact in document.doses if fact.key in keys),
            sledai=tuple(fact for fact in document.sledai if fact.key in keys),
            toxicities=tuple(fact for fact in document.toxicities if fact.key in keys),
        )


def reading(document: Document) -> Reading:
    """The studies of a document, for a synthesis."""
    found = tuple(members(document))
    return Reading(
        sha256=document.source.sha256,
        name=document.source.name,
        members=found,
        fullness=sum(1 for member in found for _ in _records(member)),
    )


def _records(member: Member) -> Iterable[Record]:
    yield member.study
    yield from (*member.trials, *member.doses, *member.sledai, *member.toxicities)
