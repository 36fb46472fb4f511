"""The studies that papers speak of, each with the facts that belong to it."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from carextract.records import Document, Dose, Record, Sledai, Study, Toxicity, Trial

_OWN = "study.own"


def is_own(study: Study) -> bool:
    """Whether a paper reports this study as its own, rather than as one that it cites."""
    return study.rule == _OWN


@dataclass(frozen=True, slots=True)
class Member:
    """A study as one paper has it: the piece that merging puts together."""

    sha256: str
    name: str
    study: Study
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
    """What is kept of a document: its studies, and enough to choose between two readings."""

    sha256: str
    name: str
    members: tuple[Member, ...]
    fullness: int
    digest: str


def members(document: Document) -> Iterator[Member]:
    """The studies of a document; a fact is that of a study if the study names its key."""
    for study in document.studies:
        keys = {link.key for link in study.facts}
        yield Member(
            sha256=document.source.sha256,
            name=document.source.name,
            study=study,
            trials=tuple(fact for fact in document.trials if fact.key in keys),
            doses=tuple(fact for fact in document.doses if fact.key in keys),
            sledai=tuple(fact for fact in document.sledai if fact.key in keys),
            toxicities=tuple(fact for fact in document.toxicities if fact.key in keys),
        )


def reading(document: Document) -> Reading:
    """The studies of a document, for a synthesis."""
    found = tuple(members(document))
    records = [record for member in found for record in _records(member)]
    content = json.dumps([record.model_dump(mode="json") for record in records])
    return Reading(
        sha256=document.source.sha256,
        name=document.source.name,
        members=found,
        fullness=len(records),
        digest=hashlib.sha256(content.encode()).hexdigest(),
    )


def _records(member: Member) -> Iterable[Record]:
    yield member.study
    yield from (*member.trials, *member.doses, *member.sledai, *member.toxicities)
