"""Amounts: a number with its power of ten and its unit, as the phrases of pattern files join them.

``0.5-1 × 10^6 CAR-T cells/kg``, ``每公斤100万个`` and ``39.98 ± 10.09 mg/d`` all come down to a low
and a high number in one unit. What shares a power or a unit with its neighbours in a list is left
to the rules of doses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from carextract.grammar.tokens import Token
from carextract.values import Number, scaled, scientific

Fields = Mapping[str, tuple[Token, ...]]

_CELLS = "cells"
_FEWEST_CELLS = 10_000
_BODIES, _TIMES = ("kg", "m2"), ("day", "week", "month")
_NUMBERS = frozenset({"NUM", "RANGE", "POWER"})


class Power(NamedTuple):
    """A number or range with the power of ten (or 万, million) it was printed with.

    ``factor`` is 1 where the power stood alone, without a coefficient.
    """

    low: Number
    high: Number
    factor: Number


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or range in a unit.

    ``agent`` names the cells where the unit does; ``sure``: named as cells, not only counted (个).
    """

    low: Number
    high: Number
    unit: str
    factor: Number = 1
    agent: str | None = None
    sure: bool = True


def power(coefficient: str | None, exponent: str) -> Power:
    """A power of ten as printed.

    >>> power("1.1", "6")
    Power(low=1100000, high=1100000, factor=1000000)
    >>> power(None, "6").factor
    1
    """
    value = scientific(coefficient, exponent)
    return Power(value, value, scientific(None, exponent) if coefficient else 1)


def join_unit(base: str, parts: Iterable[str | None]) -> str:
    """Base, body and time in the order of the contract, whatever order they were printed in.

    >>> join_unit("mg", ["day", "kg"]), join_unit("cells", ["kg/day"]), join_unit("g", [None])
    ('mg/kg/day', 'cells/kg', 'g')
    """
    pieces = [piece for part in parts if part for piece in part.split("/")]
    body = [piece for piece in pieces if piece in _BODIES][:1]
    time = [piece for piece in pieces if piece in _TIMES][:1]
    return "/".join([base, *body, *([] if base == _CELLS else time)])


def extremes(token: Token) -> tuple[Number, Number, Number]:
    """(low, high, factor) of a number, a range or a power."""
    value = token.value
    if isinstance(value, Amount):
        return (value.low, value.high, value.factor)
    if isinstance(value, Power):
        return value
    if isinstance(value, tuple):
        return (value[0], value[1], 1)
    return (value, value, 1)


def _scaled_power(fields: Fields) -> Power:
    """100万, 5-10 million, 1.8×10^6 million: a scale word after a number."""
    low, high, factor = extremes(fields["n"][0])
    scale = fields["scale"][0].value
    return Power(scaled(low, scale), scaled(high, scale), scaled(factor, scale))


def _power_range(fields: Fields) -> Power | None:
    """0.5-1×10^6 and 1×10^6-1×10^7: a coefficient alone takes the power that follows."""
    low, _, low_factor = extremes(fields["low"][0])
    _, high, factor = extremes(fields["high"][0])
    if low_factor == 1 and factor != 1 and low < factor:
        low = scaled(low, factor)
    return Power(low, high, factor) if low < high else None


def _power_in_brackets(fields: Fields) -> Power | None:
    """(0.5-2) × 10^6: the power stands outside."""
    low, high, factor = extremes(fields["n"][0])
    power_of_ten = fields["power"][0].value
    if factor != 1 or power_of_ten.factor != 1:
        return None
    return Power(scaled(low, power_of_ten.low), scaled(high, power_of_ten.low), power_of_ten.low)


def _power_of_mean(fields: Fields) -> Power | None:
    """1.05 ± 0.3 × 10^6, 1.05 (0.6-1.8) × 10^6: the power behind the spread serves the mean too."""
    low, high, factor = extremes(fields["n"][0])
    power_of_ten = fields["power"][0].value
    shared = power_of_ten.low if power_of_ten.factor == 1 else power_of_ten.factor
    if factor != 1 or low >= shared or not _within(low, fields.get("spread", ())):
        return None
    return Power(scaled(low, shared), scaled(high, shared), shared)


def _within(mean: Number, spread: Sequence[Token]) -> bool:
    """Whether a mean lies inside the range that stands beside it."""
    ends = [extremes(token) for token in spread if token.kind in _NUMBERS]
    return not ends or ends[0][0] <= mean <= ends[-1][1]


def _unit(fields: Fields) -> str:
    """mg, mg/kg, mg/m2/day."""
    return join_unit(fields["base"][0].value, _parts(fields))


def _parts(fields: Fields) -> list[str | None]:
    return [t.value for t in fields.get("per", ()) if t.kind.startswith("PER_")]


def _dose(fields: Fields) -> Amount | None:
    """A drug: a number before its unit; MIU and the like bring a factor of their own."""
    numbers = [t for t in fields["n"] if t.kind in _NUMBERS]
    low, high, factor = extremes(numbers[0])
    if len(numbers) > 1:
        high = extremes(numbers[-1])[1]
    unit = join_unit(fields["unit"][0].value, _parts(fields))
    if low > high:
        return None
    if unit.startswith("M"):
        return Amount(scaled(low, 10**6), scaled(high, 10**6), unit[1:], 10**6)
    return Amount(low, high, unit, factor)


def _cells(fields: Fields) -> Amount | None:
    """Cells: nothing below ten thousand is a dose; the first name given is the agent.

    A number without a power of ten must be a round one: ``17012345 UC-MSC`` is no count of cells.
    """
    number = fields["n"][0]
    low, high, factor = extremes(number)
    if low < _FEWEST_CELLS or low > high or (number.kind != "POWER" and low % _FEWEST_CELLS):
        return None
    counted = fields.get("cells", ())
    names = [t.value for t in counted if t.kind == "CELL_PRODUCT"]
    sure = any(t.kind in ("CELL_PRODUCT", "CELLS") for t in counted)
    unit = join_unit(_CELLS, _parts(fields))
    return Amount(low, high, unit, factor, names[0] if names else None, sure or "/" in unit)


def _dose_range(fields: Fields) -> Amount | None:
    """5×10^6/kg-5×10^7/kg: a unit at both ends, the fuller one holds."""
    low, high = fields["low"][0].value, fields["high"][0].value
    fuller = max((low, high), key=lambda amount: len(amount.unit))
    if not fuller.unit.startswith(min(low.unit, high.unit, key=len)) or low.low >= high.high:
        return None
    return Amount(
        low.low, high.high, fuller.unit, high.factor, high.agent or low.agent, low.sure or high.sure
    )


def _product(fields: Fields) -> str:
    """CD19/BCMA CAR-T: what a cell product is aimed at, then what it is."""
    targets = "/".join(dict.fromkeys(t.value for t in fields["target"] if t.kind == "TARGET"))
    name: str = fields["product"][0].value
    return name if targets in name else f"{targets} {name}"


def _measure(fields: Fields) -> bool:
    """A laboratory value, a size, a step of a taper: an amount that nobody receives."""
    return True


AMOUNT_READERS: Mapping[str, Callable[[Fields], Any]] = {
    "scaled-power": _scaled_power,
    "power-range": _power_range,
    "power-in-brackets": _power_in_brackets,
    "power-of-mean": _power_of_mean,
    "unit": _unit,
    "dose": _dose,
    "dose-range": _dose_range,
    "cells": _cells,
    "product": _product,
    "measure": _measure,
}
