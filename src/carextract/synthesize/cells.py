"""What several papers say of one thing, as the values of a cell."""

import json
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from carextract.records import Fact, Record
from carextract.synthesize.members import Member
from carextract.synthesize.models import Quote

_AS_JSON = json.JSONEncoder(sort_keys=True)  # to make one takes longer than to write a value


@dataclass(frozen=True, slots=True)
class Said:
    """A statement: a paper says a value, and these quotes prove it."""

    value: Any
    canonical: Hashable
    sha256: str
    primary: bool
    evidence: tuple[Quote, ...]


def said(member: Member, value: Any, canonical: Hashable, fact: Fact | None = None) -> Said:
    """What a member says; unless a fact of it does, the quotes of the study prove it."""
    proof = member.proofs[fact.key] if fact else member.evidence
    return Said(value, canonical, member.sha256, member.own, proof)


def in_order(evidence: Iterable[Quote]) -> tuple[Quote, ...]:
    """Quotes each once, paper by paper as they stand there."""
    return tuple(
        sorted(
            set(evidence),
            key=lambda q: (q.paper, q.sha256, q.start, q.end, q.text, q.page or 0),
        )
    )


def cell(statements: Iterable[Said]) -> list[dict[str, Any]]:
    """The values of a cell, as the fields of `Value`: the same value is one, with all its proof.

    First what the paper says that reports the study, then by the number of papers.
    """
    groups: dict[Hashable, list[Said]] = defaultdict(list)
    for statement in statements:
        groups[statement.canonical].append(statement)
    values = [
        {
            "value": _as_printed(group),
            "papers": len({statement.sha256 for statement in group}),
            "primary": any(statement.primary for statement in group),
            "evidence": in_order(quote for statement in group for quote in statement.evidence),
        }
        for group in groups.values()
    ]
    return sorted(
        values, key=lambda v: (not v["primary"], -v["papers"], canonical_order(v["value"]))
    )


def _as_printed(group: Iterable[Said]) -> Any:
    """Of the ways in which a value is written, that of the study's paper, or the most frequent."""
    ways: dict[str, Any] = {}
    own: set[str] = set()
    papers: dict[str, set[str]] = defaultdict(set)
    for statement in group:
        way = _written(statement.value)
        ways[way] = statement.value
        papers[way].add(statement.sha256)
        if statement.primary:
            own.add(way)
    return ways[min(ways, key=lambda way: (way not in own, -len(papers[way]), way))]


def canonical_order(value: Any) -> tuple[float, str]:
    """An order of values in which numbers are numbers."""
    return (value if isinstance(value, int | float) else 0, _written(value))


def _written(value: Any) -> str:
    plain = value.model_dump(mode="json") if isinstance(value, Record) else value
    return _AS_JSON.encode(plain)


def most_said(statements: Iterable[tuple[Any, str]]) -> Any:
    """Of (value, paper), the value that most papers say; of several the first in order."""
    papers: Counter[Any] = Counter(value for value, _ in set(statements))
    return min(papers, key=lambda value: (-papers[value], canonical_order(value)))
