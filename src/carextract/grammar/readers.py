"""What a captured piece of text means: the readers that pattern files name with ``read = "..."``.

A shape reader takes the groups of a regular expression, a phrase reader the tokens of each field.
Each returns the value of the new token, or None where the piece is not what it looked like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from carextract.grammar.tokens import Token
from carextract.values import (
    Number,
    chinese_numeral,
    decimal,
    roman_numeral,
    scaled,
    scientific,
)

Groups = Mapping[str, str | None]
Fields = Mapping[str, tuple[Token, ...]]


def _decimal(groups: Groups) -> Number | None:
    return decimal(groups["n"] or "")


def _scientific(groups: Groups) -> Number | None:
    return scientific(groups["n"], groups["e"] or "0")


def _chinese(groups: Groups) -> int | None:
    return chinese_numeral(groups["n"] or "")


def _roman(groups: Groups) -> int | None:
    return roman_numeral(groups["n"] or "")


def _text(groups: Groups) -> str | None:
    return groups["n"]


def _numbers(fields: Fields) -> list[tuple[Any, Any]]:
    """The numbers and ranges captured as ``n``, as (low, high); other tokens there are joints."""
    values = [token.value for token in fields["n"]]
    return [v if isinstance(v, tuple) else (v, v) for v in values if isinstance(v, (int, float, tuple))]


def _number(fields: Fields) -> Any:
    return fields["n"][0].value


def _scaled(fields: Fields) -> Number:
    return scaled(fields["n"][0].value, fields["scale"][0].value)


def _sum(fields: Fields) -> Number | None:
    """Twenty-one: tens and ones."""
    tens, ones = (fields[name][0].value for name in ("tens", "ones"))
    return tens + ones if tens >= 20 and tens % 10 == 0 and 0 < ones < 10 else None


def _range(fields: Fields) -> tuple[Number, Number] | None:
    """Two numbers with a dash; one that falls is no range."""
    low, high = fields["low"][0].value, fields["high"][0].value
    return (low, high) if low <= high else None


def _point_or_range(fields: Fields) -> tuple[Number | None, Number | None] | None:
    """A number or a range, with a bound before or after it, as (low, high); None is no bound.

    The value of a bound token is ">=", ">", "<=" or "<"; several numbers give their extremes.
    """
    values = _numbers(fields)
    low, high = min(v[0] for v in values), max(v[1] for v in values)
    for bound in fields.get("bound", ()):
        if bound.value in (">=", ">"):
            return (low, None)
        return (None, high)
    return (low, high)


def _grade(fields: Fields) -> tuple[int | None, int | None] | None:
    """An ASTCT grade 0 to 5 as (low, high): ``>2`` is (3, None), ``<3`` is (None, 2)."""
    values = _numbers(fields)
    low, high = min(v[0] for v in values), max(v[1] for v in values)
    if not all(isinstance(v, int) and 0 <= v <= 5 for v in (low, high)):
        return None
    bound = fields["bound"][0].value if "bound" in fields else None
    if bound in (">=", ">"):
        return (low + (bound == ">"), None)
    if bound in ("<=", "<"):
        return (None, high - (bound == "<"))
    return (low, high)


def _time(fields: Fields) -> tuple[Number, str]:
    """A time point: (value, unit)."""
    return (_numbers(fields)[-1][1], fields["unit"][0].value)


SHAPE_READERS: Mapping[str, Callable[[Groups], Any]] = {
    "decimal": _decimal,
    "scientific": _scientific,
    "chinese": _chinese,
    "roman": _roman,
    "text": _text,
}
PHRASE_READERS: Mapping[str, Callable[[Fields], Any]] = {
    "number": _number,
    "scaled": _scaled,
    "sum": _sum,
    "range": _range,
    "point-or-range": _point_or_range,
    "grade": _grade,
    "time": _time,
}
