"""The documents of many papers to a row for each study."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from carextract.records import Document, Failure, Record
from carextract.synthesize import sameness
from carextract.synthesize.cells import Said, cell, in_order, most_said, said
from carextract.synthesize.conflicts import (
    FIELDS,
    dose_conflicts,
    field_conflict,
    sledai_conflicts,
    toxicity_conflicts,
)
from carextract.synthesize.members import Member, Reading, reading
from carextract.synthesize.merging import merge, profile
from carextract.synthesize.models import (
    DoseValue,
    SledaiValue,
    SynthesizedStudy,
    ToxicityValue,
)

_CANONICAL: dict[str, Callable[[Any], Any]] = {
    "author": sameness.author,
    "condition": sameness.condition,
    "product": sameness.product,
    "target": lambda text: sameness.product(text).targets or sameness.fold(text),
}
_FACTS: dict[str, tuple[type[Record], Callable[[Iterable[Said]], tuple[str, ...]]]] = {
    "doses": (DoseValue, dose_conflicts),
    "sledai": (SledaiValue, sledai_conflicts),
    "toxicities": (ToxicityValue, toxicity_conflicts),
}


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The studies of many papers, and what became of the papers."""

    studies: tuple[SynthesizedStudy, ...]
    papers: int
    failed: int
    read_differently: tuple[str, ...]
    """Names of papers that were given several times, with different facts; the fullest counts."""


def synthesize(entries: Iterable[Document | Failure]) -> Synthesis:
    """One row a study, whatever the order of the documents.

    A paper that comes several times, by the hash of its bytes, counts once. Of the documents no
    more is kept than their studies and the facts of these.
    """
    readings: dict[str, Reading] = {}
    differing: set[str] = set()
    failed = 0
    for entry in entries:
        if isinstance(entry, Failure):
            failed += 1
            continue
        new = reading(entry)
        old = readings.setdefault(new.sha256, new)
        if old is not new:
            if old.digest() != new.digest():
                differing.add(new.sha256)
            readings[new.sha256] = _chosen(old, new)
    members = [member for one in readings.values() for member in one.members]
    return Synthesis(
        studies=_rows(merge(members)),
        papers=len(readings),
        failed=failed,
        read_differently=tuple(sorted(readings[sha256].name for sha256 in differing)),
    )


def _chosen(one: Reading, other: Reading) -> Reading:
    """The fullest of two readings of a paper; of equals always the same one."""
    return min(one, other, key=lambda each: (-each.fullness, each.digest(), each.name))


def _rows(merged: Iterable[Sequence[Member]]) -> tuple[SynthesizedStudy, ...]:
    """The rows by year and author. Where two would have the same key, a hash tells them apart."""
    groups = [(_key(members), members) for members in merged]
    times = Counter(key for key, _ in groups)
    rows = [
        _row(key if times[key] == 1 else f"{key}#{_hash(members)}", members)
        for key, members in groups
    ]
    return tuple(sorted(rows, key=_place))


def _place(row: SynthesizedStudy) -> tuple[Any, ...]:
    year = row.year[0].value if row.year else 9999
    author = sameness.author(row.author[0].value).family if row.author else "\U0010ffff"
    return (year, author, row.key)


def _key(members: Sequence[Member]) -> str:
    profiles = [profile(member) for member in members]
    trials = sorted({number for one in profiles for number in one.trials})
    dois = sorted({f"doi:{one.doi}" for one in profiles if one.doi})
    pmids = sorted({f"pmid:{one.pmid}" for one in profiles if one.pmid})
    return next(iter([*trials, *dois, *pmids]), None) or f"study:{_hash(members)}"


def _hash(members: Sequence[Member]) -> str:
    content = "\n".join(sorted(f"{member.sha256} {member.study.key}" for member in members))
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _row(key: str, members: Sequence[Member]) -> SynthesizedStudy:
    fields = {name: list(_field(name, members)) for name in FIELDS}
    facts = {kind: list(_facts(kind, members)) for kind in _FACTS}
    conflicting = [name for name, statements in fields.items() if field_conflict(name, statements)]
    for kind, (_, conflicts) in _FACTS.items():
        conflicting += conflicts(facts[kind])
    profiles = [profile(member) for member in members]
    return SynthesizedStudy.model_validate(
        {
            "key": key,
            "label": _label(members),
            "primary": any(member.own for member in members),
            "papers": _papers(members),
            "trial_ids": cell(_trial_ids(members)),
            "dois": sorted({one.doi for one in profiles if one.doi}),
            "pmids": sorted({one.pmid for one in profiles if one.pmid}),
            **{name: cell(statements) for name, statements in {**fields, **facts}.items()},
            "conflicts": len(conflicting),
            "conflicting": conflicting,
        }
    )


def _label(members: Sequence[Member]) -> str:
    """The label of the paper's own, or that of most papers; one with author and year first."""
    named = [m for m in members if m.study.author and m.study.year is not None] or members
    chosen = [member for member in named if member.own] or named
    label: str = most_said((member.study.label, member.sha256) for member in chosen)
    return label


def _papers(members: Sequence[Member]) -> list[dict[str, Any]]:
    of_paper: dict[tuple[str, str], list[Member]] = {}
    for member in members:
        of_paper.setdefault((member.name, member.sha256), []).append(member)
    return [
        {
            "name": name,
            "sha256": sha256,
            "primary": any(member.own for member in together),
            "studies": [member.study.key for member in together],
            "evidence": in_order(quote for member in together for quote in member.evidence),
        }
        for (name, sha256), together in sorted(of_paper.items(), key=lambda item: item[0])
    ]


def _field(name: str, members: Iterable[Member]) -> Iterator[Said]:
    """What each member says of a field of the study itself, proved by where it speaks of it."""
    canonical = _CANONICAL.get(name)
    for member in members:
        value = getattr(member.study, name)
        if value is not None:
            yield said(member, value, canonical(value) if canonical else value)


def _trial_ids(members: Iterable[Member]) -> Iterator[Said]:
    """The trial numbers of each member, proved by the record of the number where it has one."""
    for member in members:
        proved = {trial.id for trial in member.trials}
        for trial in member.trials:
            yield said(member, trial.id, trial.id, trial)
        for number in member.study.trial_ids:
            if number not in proved:
                yield said(member, number, number)


def _facts(kind: str, members: Iterable[Member]) -> Iterator[Said]:
    """The facts of each member; a text in them is the same in any case and width."""
    value_of, _ = _FACTS[kind]
    for member in members:
        for fact in getattr(member, kind):
            fields = {name: getattr(fact, name) for name in value_of.model_fields}
            value = value_of.model_validate(fields)
            yield said(member, value, _canonical(value), fact)


def _canonical(value: Any) -> Any:
    if isinstance(value, Record):
        return tuple(_canonical(getattr(value, name)) for name in type(value).model_fields)
    return sameness.fold(value) if isinstance(value, str) else value
