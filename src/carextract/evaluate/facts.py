"""What makes a fact that fact: records and gold, reduced to what is compared."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from carextract.records import FACT_KINDS, Document

Key = tuple[object, ...]
Keys = Mapping[str, frozenset[Key]]
Bounds = tuple[float | None, float | None]

_RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_GRADE = re.compile(r"(?P<bound>>=|<=)?(?P<low>[0-5])(?:-(?P<high>[0-5]))?")
_SIGNIFICANT_DIGITS = 4


def document_keys(document: Document) -> Keys:
    """The facts of a document, reduced to what is compared."""
    records = document.model_dump()
    return {kind: frozenset(map(KEYS[kind], records[kind])) for kind in FACT_KINDS}


NAMES: Mapping[str, tuple[str, ...]] = {
    "trials": ("id",),
    "doses": ("low", "high", "unit"),
    "sledai": ("baseline", "followup", "change"),
    "toxicities": ("event", "grade", "severity", "count", "percent", "absent"),
}


def in_words(kind: str, key: Key) -> str:
    """A compared fact as a person reads it: what it does not give is not named.

    >>> in_words("toxicities", ("CRS", (3.0, None), None, 2.0, None, False))
    'event=CRS grade=3.. count=2'
    """
    parts = []
    for name, value in zip(NAMES[kind], key, strict=True):
        if isinstance(value, tuple):
            low, high = ("" if end is None else f"{end:g}" for end in value)
            value = low if low == high else f"{low}..{high}"
        if value is not None and value is not False and value != "":
            parts.append(f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}")
    return " ".join(parts)


def _trial(record: Mapping[str, Any]) -> Key:
    return (_word(record["id"]),)


def _dose(record: Mapping[str, Any]) -> Key:
    return (_number(record.get("low")), _number(record.get("high")), _word(record["unit"]))


def _sledai(record: Mapping[str, Any]) -> Key:
    baseline, followup = _bounds(record.get("baseline")), _bounds(record.get("followup"))
    change = _number(record.get("change"))
    # Both ends known: the change says nothing more.
    return (baseline, followup, None if baseline and followup else change)


def _toxicity(record: Mapping[str, Any]) -> Key:
    absent = bool(record.get("absent"))
    count, percent = _number(record.get("count")), _bounds(record.get("percent"))
    if absent:  # "none of twelve" and "0 %" say the same as "not seen"
        count, percent = count or None, None if percent == (0, 0) else percent
    grade = _grade(record.get("grade"))
    severity = record.get("severity")
    event, severity = _word(record["event"]), None if severity is None else _word(severity)
    return (event, grade, severity, count, percent, absent)


KEYS: Mapping[str, Callable[[Mapping[str, Any]], Key]] = {
    "trials": _trial,
    "doses": _dose,
    "sledai": _sledai,
    "toxicities": _toxicity,
}


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a string")
    return value


def _number(value: object) -> float | None:
    """A number rounded to what a printed text can tell apart; None stays None.

    >>> _number(1100000), _number(0.30000000000000004), _number(None)
    (1100000.0, 0.3, None)
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is not a number")
    return float(f"{value:.{_SIGNIFICANT_DIGITS}g}")


def _bounds(value: object) -> Bounds | None:
    """A score or percentage as (low, high): a number, "low-high" as gold has it, or a record.

    >>> _bounds(16), _bounds("0-2"), _bounds({"value": None, "low": 8, "high": 16})
    ((16.0, 16.0), (0.0, 2.0), (8.0, 16.0))
    """
    if isinstance(value, str):
        parts = _RANGE.fullmatch(value)
        if parts is None:
            raise ValueError(f"{value!r} is neither a number nor a range such as '0-2'")
        return _number(float(parts[1])), _number(float(parts[2]))
    if isinstance(value, Mapping):
        point = _number(value.get("value"))
        low, high = _number(value.get("low")), _number(value.get("high"))
        bounds = (low, high) if point is None else (point, point)
    else:
        bounds = (_number(value),) * 2
    return None if bounds == (None, None) else bounds


def _grade(value: object) -> Bounds:
    """Grades as (low, high): "1-2", ">=3" as gold has them, or a record.

    >>> _grade("1-2"), _grade(">=3"), _grade({"low": 2, "high": 2}), _grade(None)
    ((1.0, 2.0), (3.0, None), (2.0, 2.0), (None, None))
    """
    if value is None:
        return (None, None)
    if isinstance(value, Mapping):
        return _number(value.get("low")), _number(value.get("high"))
    parts = _GRADE.fullmatch(str(value))
    if parts is None or (parts["bound"] and parts["high"]):
        raise ValueError(f"{value!r} is not a grade such as '1', '1-2' or '>=3'")
    low, high = float(parts["low"]), float(parts["high"] or parts["low"])
    return (None if parts["bound"] == "<=" else low, None if parts["bound"] == ">=" else high)
