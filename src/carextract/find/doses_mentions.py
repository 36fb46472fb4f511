"""Mentions of doses, and how those that say the same become one record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from carextract.find.facts import Fact
from carextract.tracked import Span
from carextract.values import Number


@dataclass(frozen=True, slots=True)
class Dose:
    """One mention of a dose, in offsets of the cleaned text."""

    rule: str
    span: Span
    low: Number | None
    high: Number | None
    unit: str
    agent: str | None
    text: str


def kind_of(unit: str) -> str:
    """What a unit measures: "cell" or "drug".

    >>> kind_of("cells/kg"), kind_of("mg/day")
    ('cell', 'drug')
    """
    return "cell" if unit.startswith("cells") else "drug"


def merged(mentions: Iterable[Dose]) -> Iterator[Fact]:
    """Each distinct dose once, in the order of first mention.

    A mention that names no agent joins one of the same amount that does; a limit repeated without
    its time base (``≤ 7.5 mg`` after ``≤ 7.5 mg/day``) is the same limit.
    """
    mentions = list(mentions)
    timed = {(d.low, d.high, d.unit.rpartition("/")[0]): d.unit for d in reversed(mentions)}
    named = {(d.low, d.high, d.unit): d.agent for d in reversed(mentions) if d.agent}
    groups: dict[tuple[Number | None, Number | None, str, str | None], list[Dose]] = {}
    for dose in mentions:
        open_ended = dose.low is None or dose.high is None
        unit = timed.get((dose.low, dose.high, dose.unit), dose.unit) if open_ended else dose.unit
        agent = dose.agent or named.get((dose.low, dose.high, unit))
        groups.setdefault((dose.low, dose.high, unit, agent), []).append(dose)
    for (low, high, unit, agent), found in groups.items():
        fields: dict[str, object] = {
            "agent": agent,
            "agent_kind": kind_of(unit),
            "low": low,
            "high": high,
            "unit": unit,
            "text": found[0].text,
        }
        spans = tuple(dict.fromkeys(dose.span for dose in found))
        yield Fact("doses", found[0].rule, spans, fields)
