"""Documents as one fact a line: JSON lines for programs, CSV for spreadsheets."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from carextract.records import (
    Document,
    Dose,
    Grade,
    Percent,
    Record,
    Score,
    Sledai,
    TimePoint,
    Toxicity,
    Trial,
    escape_surrogates,
)

_TYPES = {"trials": "trial", "doses": "dose", "sledai": "sledai", "toxicities": "toxicity"}
_PARTS: dict[str, type[Record]] = {
    "baseline": Score,
    "followup": Score,
    "time": TimePoint,
    "grade": Grade,
    "percent": Percent,
}
_NOT_IN_A_CELL = ("key", "printed", "rule", "evidence", "repairs", "study")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_jsonl(document: Document) -> str:
    """One fact a line: its type and source first, then the record as in the document."""
    return "".join(
        escape_surrogates(json.dumps(fact, ensure_ascii=False, separators=(",", ":"))) + "\n"
        for fact in _facts(document)
    )


def to_csv(document: Document) -> str:
    """One fact a row under a header that is the same for every document.

    The parts of a value have a column each (`grade.low`). The quote is the deciding one; `spans`
    says how many there are. Text that a spreadsheet would run as a formula gets an apostrophe.
    """
    table = io.StringIO()
    rows = csv.DictWriter(table, _columns(), restval="", lineterminator="\n")
    rows.writeheader()
    for fact in _facts(document):
        rows.writerow({name: _cell(value) for name, value in _row(fact)})
    return table.getvalue()


def _facts(document: Document) -> Iterator[dict[str, Any]]:
    for kind, name in _TYPES.items():
        for record in getattr(document, kind):
            source = {"type": name, "source": document.source.name}
            yield source | record.model_dump(mode="json")


def _columns() -> list[str]:
    own = dict.fromkeys(
        column
        for record in (Trial, Dose, Sledai, Toxicity)
        for name in record.model_fields
        if name not in _NOT_IN_A_CELL
        for column in _names(name)
    )
    proof = ["rule", "quote", "start", "end", "page", "spans", "repairs", "study"]
    return ["type", "source", "key", *own, *proof]


def _names(field: str) -> list[str]:
    """The columns of a field: one, or one for each of its parts."""
    part = _PARTS.get(field)
    return [f"{field}.{name}" for name in part.model_fields] if part else [field]


def _row(fact: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in fact.items():
        if name == "evidence":
            deciding = value[0]
            yield "quote", deciding["text"]
            yield from ((part, deciding[part]) for part in ("start", "end", "page"))
            yield "spans", len(value)
        elif name == "repairs":
            yield name, " ".join(value)
        elif name in _PARTS:
            yield from ((f"{name}.{part}", piece) for part, piece in (value or {}).items())
        elif name != "printed":
            yield name, value


def _cell(value: object) -> object:
    """A value as it may stand in a cell: numbers as they are, no text that runs as a formula.

    >>> _cell(-10), _cell("-10 points"), _cell(True), _cell(None)
    (-10, "'-10 points", 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = escape_surrogates(value)
        return f"'{text}" if text.startswith(_FORMULA) else text
    return value
