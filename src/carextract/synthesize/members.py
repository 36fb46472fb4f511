"""The studies that papers speak of, each with the facts that belong to it."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from carextract.records import Document, Dose, Evidence, Record, Sledai, Study, Toxicity, Trial
from carextract.synthesize.models import Quote

_OWN = "study.own"


def is_own(study: Study) -> bool:
    """Whether a paper reports this study as its own, rather than as one that it cites."""
    return study.rule == _OWN


@dataclass(frozen=True, slots=True)
class Member:
    """A study as one paper has it: the piece that merging puts together.

    `evidence` is that of the study: it proves all that the paper says of the study itself.
    """

    sha256: str
    name: str
    study: Study
    evidence: tuple[Quote, ...]
    trials: tuple[Trial, ...]
    doses: tuple[Dose, ...]
    sledai: tuple[Sledai, ...]
    toxicities: tuple[Toxicity, ...]

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


def quotes(paper: str, sha256: str, evidence: Iterable[Evidence]) -> tuple[Quote, ...]:
    """Quotes of a document, with the name and the hash of the paper that they are from."""
    return tuple(
        Quote(
            paper=paper,
            sha256=sha256,
            page=span.page,
            start=span.start,
            end=span.end,
            text=span.text,
        )
        for span in evidence
    )


def members(document: Document) -> Iterator[Member]:
    """The studies of a document; a fact is that of a study if the study names its key."""
    name, sha256 = document.source.name, document.source.sha256
    for study in document.studies:
        keys = {link.key for link in study.facts}
        yield Member(
            sha256=sha256,
            name=name,
            study=study,
            evidence=quotes(name, sha256, study.evidence),
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
