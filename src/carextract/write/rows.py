"""Documents as tidy rows: a fact a row, one value a cell.

The columns are defined here once, for CSV, Excel and Parquet. They follow from the fields of the
records, so that a new field has its column without a word here.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from carextract.decisions import Decisions, fact_id
from carextract.records import (
    Document,
    Dose,
    Fact,
    Failure,
    Record,
    Sledai,
    Toxicity,
    Trial,
    escape_surrogates,
)

Cell = str | int | float | bool | None
Row = dict[str, Cell]

KINDS: dict[str, type[Fact]] = {
    "trials": Trial,
    "doses": Dose,
    "sledai": Sledai,
    "toxicities": Toxicity,
}
"""The kinds of facts by their name in the document, in its order."""


class Form(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what its cells hold, and the path in a record to a value of its own."""

    name: str
    form: Form
    path: tuple[str, ...] = ()


# Columns that every fact has: before the values of its kind, and after them. What was decided
# stands between what a reader checks and where it came from.
_BEFORE = (
    Column("paper", Form.TEXT),
    Column("page", Form.WHOLE),
    Column("kind", Form.TEXT),
    Column("key", Form.TEXT),
)
_AFTER = (
    Column("printed", Form.TEXT),
    Column("quote", Form.TEXT),
    Column("quotes", Form.WHOLE),
    Column("study", Form.TEXT),
)
_DECIDED = (
    Column("decision", Form.TEXT),
    Column("note", Form.TEXT),
)
_ORIGIN = (
    Column("repairs", Form.TEXT),
    Column("rule", Form.TEXT),
    Column("quote_start", Form.WHOLE),  # not `end`, which SQL keeps for itself
    Column("quote_end", Form.WHOLE),
    Column("ocr_score", Form.NUMBER),
    Column("sha256", Form.TEXT),  # two papers may have the same name
)
# Fields that are in those columns: of every record, and the field with the printed form of a kind.
_SHARED = {"key", "rule", "evidence", "repairs", "study"}
_PRINTED = {"trials": "printed", "doses": "text"}
# Beside the columns of other kinds these names would not say whose they are.
_RENAMED = {
    "trials": {"id": "trial_id"},
    "doses": {"low": "dose_low", "high": "dose_high", "unit": "dose_unit"},
}
_FORMS = {
    frozenset({str}): Form.TEXT,
    frozenset({bool}): Form.FLAG,
    frozenset({int}): Form.WHOLE,
    frozenset({float}): Form.NUMBER,
    frozenset({int, float}): Form.NUMBER,
}

_LINE_END = re.compile(r"\r\n?")
# What XML has no place for, and what R and spreadsheets end a text at.
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_BETWEEN_QUOTES = " … "
_LARGEST_WHOLE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table has: facts of these kinds and, where they are given, the decisions on them."""

    kinds: tuple[str, ...] = tuple(KINDS)
    decisions: Decisions | None = None

    def only(self, kind: str) -> "Contents":
        """The same of one kind."""
        return replace(self, kinds=(kind,))


EVERYTHING = Contents()
"""All facts, and nothing that is not in the documents."""


def columns(contents: Contents = EVERYTHING) -> tuple[Column, ...]:
    """The columns of a table: the same ones for every document."""
    own = [column for kind in contents.kinds for column in value_columns(kind)]
    decided = _DECIDED if contents.decisions is not None else ()
    return (*_BEFORE, *own, *_AFTER, *decided, *_ORIGIN)


@cache
def value_columns(kind: str) -> tuple[Column, ...]:
    """The columns that only one kind has: a field each, the parts of a value one each.

    Raises TypeError for a field that is neither a text, a number, a flag nor made of such parts.
    """
    record = KINDS[kind]
    found = []
    for name in record.model_fields:
        if name not in _SHARED and name != _PRINTED.get(kind):
            found += _columns_of(record, name, _RENAMED.get(kind, {}).get(name, name))
    return tuple(found)


def _columns_of(record: type[Record], field: str, name: str) -> list[Column]:
    types = frozenset(_types(record.model_fields[field].annotation))
    if types in _FORMS:
        return [Column(name, _FORMS[types], (field,))]
    (part,) = types if len(types) == 1 else (None,)
    if not (isinstance(part, type) and issubclass(part, Record)):
        raise TypeError(f"{record.__name__}.{field}: no cell can hold it; give it a column")
    return [
        Column(column.name, column.form, (field, *column.path))
        for inner in part.model_fields
        for column in _columns_of(part, inner, f"{name}_{inner}")
    ]


def _types(annotation: Any) -> set[Any]:
    """The plain types that a field may hold, apart from None."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _types(get_args(annotation)[0])
    if origin is Literal:
        return {type(value) for value in get_args(annotation)}
    if origin in (Union, UnionType):
        return {found for piece in get_args(annotation) for found in _types(piece)}
    return {annotation} - {NoneType}


def rows(document: Document, contents: Contents = EVERYTHING) -> Iterator[Row]:
    """The facts of a document, kind by kind; a row has the columns of its own kind only."""
    for kind in contents.kinds:
        for record in getattr(document, kind):
            yield _row(document, kind, record, contents.decisions)


def rows_of_all(
    entries: Iterable[Document | Failure], contents: Contents = EVERYTHING
) -> Iterator[Row]:
    """The facts of many documents, in their order; a paper that could not be read has none."""
    for entry in entries:
        if isinstance(entry, Document):
            yield from rows(entry, contents)


def _row(document: Document, kind: str, record: Fact, decisions: Decisions | None) -> Row:
    deciding = record.evidence[0]
    scores = [quote.ocr_score for quote in record.evidence if quote.ocr_score is not None]
    row: dict[str, object] = {
        "paper": document.source.name,
        "page": deciding.page,
        "kind": kind,
        "key": record.key,
    }
    for column in value_columns(kind):
        row[column.name] = _value(record, column.path)
    row |= {
        "printed": _printed(record),
        "quote": _BETWEEN_QUOTES.join(quote.text for quote in record.evidence),
        "quotes": len(record.evidence),
        "study": record.study,
    }
    if decisions is not None:
        row |= _decided(decisions, document.source.sha256, record)
    row |= {
        "repairs": " ".join(record.repairs) or None,
        "rule": record.rule,
        "quote_start": deciding.start,
        "quote_end": deciding.end,
        "ocr_score": min(scores, default=None),
        "sha256": document.source.sha256,
    }
    return {name: cell(value) for name, value in row.items()}


def _decided(decisions: Decisions, sha256: str, record: Fact) -> dict[str, object]:
    decision = decisions.get(fact_id(sha256, record))
    if decision is None:
        return dict.fromkeys(column.name for column in _DECIDED)
    return {"decision": decision.decision, "note": decision.note or None}


def _value(record: Record, path: tuple[str, ...]) -> object:
    value: object = record
    for name in path:
        value = getattr(value, name) if value is not None else None
    return value


def _printed(record: Fact) -> str | None:
    """The values as the paper prints them, where it prints them in a form of its own."""
    if isinstance(record, Dose):
        return record.text
    if isinstance(record, Trial):
        return "; ".join(f"{field}: {form}" for field, form in record.printed.items()) or None
    return record.evidence[0].text


def cell(value: object) -> Cell:
    r"""A value as every kind of table can hold it.

    A line ends with `\n`, a lone surrogate is its JSON escape, a control character the picture of
    it. A number that is too large for a column of numbers is left out.

    >>> cell("CRS\r\n\x00 1"), cell(3), cell(10**400)
    ('CRS\n␀ 1', 3, None)
    """
    if isinstance(value, str):
        return _NO_TEXT.sub(_picture, _LINE_END.sub("\n", escape_surrogates(value)))
    if isinstance(value, int) and not -_LARGEST_WHOLE <= value <= _LARGEST_WHOLE:
        return float(value) if abs(value) < sys.float_info.max else None
    if value is None or isinstance(value, int | float):
        return value
    raise TypeError(f"{type(value).__name__}: no cell can hold it")


def _picture(found: "re.Match[str]") -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "\ufffd"
