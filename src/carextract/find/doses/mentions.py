"""Mentions of doses, and how those that say the same become one record."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from carextract.find.facts import Fact
from carextract.tracked import Span
from carextract.values import Number

_FARTHEST = 150
_GENERIC = frozenset({"CAR-T", "CAR-NK", "MSC"})


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


@dataclass(frozen=True, slots=True)
class Product:
    """A cell product that the text names, and where."""

    start: int
    name: str


def with_products(mentions: Iterable[Dose], products: Sequence[Product]) -> list[Dose]:
    """The mentions of cells with the product they belong to, where their sentence names none.

    It is the only one that the text names, else the one named last before, where that is near. A
    generic name (CAR-T) stands for the one product of that type that the text names (CD19 CAR-T, a
    brand), where there is only one.
    """
    starts = [product.start for product in products]
    names = {product.name for product in products}
    special: dict[str, str] = {}
    for generic in names & _GENERIC:
        fitting = [name for name in names - _GENERIC if _is_a(name, generic)]
        if len(fitting) == 1:
            special[generic] = fitting[0]
    out = []
    for dose in mentions:
        name = dose.agent
        if name is None and products and kind_of(dose.unit) == "cell":
            name = next(iter(names)) if len(names) == 1 else _near(dose, products, starts)
        out.append(replace(dose, agent=special.get(name, name) if name else None))
    return out


def _near(dose: Dose, products: Sequence[Product], starts: Sequence[int]) -> str | None:
    """The product named last before a dose, unless that was too long ago."""
    index = bisect_left(starts, dose.span.start) - 1
    if index < 0 or dose.span.start - starts[index] > _FARTHEST:
        return None
    return products[index].name


def _is_a(name: str, generic: str) -> bool:
    """Whether a product is of a type: brands end in -cel, and those here are all CAR-T."""
    brand = generic == "CAR-T" and name.endswith(("-cel", "leucel"))
    return brand or name.endswith(f" {generic}")


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
