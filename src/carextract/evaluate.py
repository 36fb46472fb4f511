"""Evaluate: precision and recall on passages with what a careful reader found in them.

A fact is right when all that makes it that fact agrees: the number of a trial; bounds and unit of a
dose; both scores, or the change, of SLEDAI; event, grade, severity, count, percentage and absence
of a toxicity. Facts are compared as sets, a passage at a time.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carextract.errors import InputError
from carextract.pipeline import parse_text
from carextract.records import Document

KINDS = ("trials", "doses", "sledai", "toxicities")

Key = tuple[object, ...]
Keys = Mapping[str, frozenset[Key]]
Bounds = tuple[float | None, float | None]

_RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_GRADE = re.compile(r"(?P<bound>>=|<=)?(?P<low>[0-5])(?:-(?P<high>[0-5]))?")
_SIGNIFICANT_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and the facts that are in it. `optional` facts are neither missed nor wrong."""

    id: str
    text: str
    gold: Keys
    optional: Keys


@dataclass(frozen=True, slots=True)
class Tally:
    """How many facts were found, missed and made up."""

    right: int = 0
    missed: int = 0
    wrong: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.right + other.right, self.missed + other.missed, self.wrong + other.wrong)

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right; None where nothing was found."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        """The share of what is there that was found; None where nothing is there."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of the two; None where there is neither anything to find nor found."""
        return _share(2 * self.right, 2 * self.right + self.missed + self.wrong)


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that was missed, or that is not there."""

    passage: str
    kind: str
    what: str
    fact: str


@dataclass(frozen=True, slots=True)
class Report:
    """The tally of each kind, and every difference."""

    tallies: Mapping[str, Tally]
    differences: tuple[Difference, ...]


def evaluate(path: Path, *, patterns: Path | None = None) -> Report:
    """Run the extractor on every passage of a JSONL file, and compare.

    Raises InputError with file, line number and what is wrong for a line that cannot be used.
    """
    tallies = {kind: Tally() for kind in KINDS}
    differences: list[Difference] = []
    for passage in read_passages(path):
        found = document_keys(parse_text(passage.text, patterns=patterns))
        for kind in KINDS:
            wanted = passage.gold[kind]
            got = found[kind] - (passage.optional[kind] - wanted)
            missed, wrong = wanted - got, got - wanted
            tallies[kind] += Tally(len(wanted & got), len(missed), len(wrong))
            for what, keys in (("missed", missed), ("wrong", wrong)):
                facts = sorted(_in_words(kind, key) for key in keys)
                differences += (Difference(passage.id, kind, what, fact) for fact in facts)
    return Report(tallies, tuple(differences))


def read_passages(path: Path) -> list[Passage]:
    """The passages of a JSONL file, every line checked before any is used."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{path}: cannot be read: {reason}; check the name") from None
    passages = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                passages.append(_passage(json.loads(line)))
            except json.JSONDecodeError as error:
                raise InputError(f"{path}: line {number}: is not JSON: {error.msg}") from None
            except _FaultError as error:
                raise InputError(f"{path}: line {number}: {error}") from None
    if not passages:
        raise InputError(f"{path}: holds no passages; one JSON object a line is wanted")
    return passages


def document_keys(document: Document) -> Keys:
    """The facts of a document, reduced to what is compared."""
    records = document.model_dump()
    return {kind: frozenset(map(_KEYS[kind], records[kind])) for kind in KINDS}


class _FaultError(Exception):
    """What is wrong with a passage; the file and line are known to the caller."""


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


_NAMES: Mapping[str, tuple[str, ...]] = {
    "trials": ("id",),
    "doses": ("low", "high", "unit"),
    "sledai": ("baseline", "followup", "change"),
    "toxicities": ("event", "grade", "severity", "count", "percent", "absent"),
}


def _in_words(kind: str, key: Key) -> str:
    """A compared fact as a person reads it: what it does not give is not named.

    >>> _in_words("toxicities", ("CRS", (3.0, None), None, 2.0, None, False))
    'event=CRS grade=3.. count=2'
    """
    parts = []
    for name, value in zip(_NAMES[kind], key, strict=True):
        if isinstance(value, tuple):
            low, high = ("" if end is None else f"{end:g}" for end in value)
            value = low if low == high else f"{low}..{high}"
        if value is not None and value is not False and value != "":
            parts.append(f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}")
    return " ".join(parts)


def _passage(item: object) -> Passage:
    if not isinstance(item, dict):
        raise _FaultError("is not a JSON object")
    for name in ("id", "text"):
        if not isinstance(item.get(name), str) or not item[name]:
            raise _FaultError(f"`{name}` is missing or empty")
    if not isinstance(item.get("gold"), dict):
        raise _FaultError("`gold` is missing: an object with the kinds " + ", ".join(KINDS))
    return Passage(
        id=item["id"],
        text=item["text"],
        gold=_gold_keys(item["gold"], "gold"),
        optional=_gold_keys(item.get("optional", {}), "optional"),
    )


def _gold_keys(gold: object, name: str) -> Keys:
    if not isinstance(gold, dict):
        raise _FaultError(f"`{name}` is not an object")
    unknown = sorted(set(gold) - set(KINDS))
    if unknown:
        raise _FaultError(f"`{name}` has an unknown kind {unknown[0]!r}")
    return {
        kind: frozenset(_gold_key(kind, item) for item in _objects(gold, kind)) for kind in KINDS
    }


def _objects(gold: Mapping[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    items = gold.get(kind, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise _FaultError(f"`{kind}` is not a list of objects")
    yield from items


def _gold_key(kind: str, item: dict[str, Any]) -> Key:
    try:
        return _KEYS[kind](item)
    except KeyError as error:
        raise _FaultError(f"{kind}: {error} is missing in {_shown(item)}") from None
    except (TypeError, ValueError) as error:
        raise _FaultError(f"{kind}: {error} in {_shown(item)}") from None


def _shown(item: object) -> str:
    return json.dumps(item, ensure_ascii=False)


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


_KEYS: Mapping[str, Callable[[Mapping[str, Any]], Key]] = {
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
