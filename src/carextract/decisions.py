"""What a person decided about facts: how a fact is known again, and decisions read back."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from carextract.errors import InputError
from carextract.read.encodings import decode
from carextract.records import Fact
from carextract.spreadsheets import unguarded

Word = Literal["accepted", "rejected"]

# What may change while the fact stays the same: its number, and what was made of it.
_NOT_ITS_OWN = {"key", "rule", "repairs", "study"}

_FORMAT = "carextract decisions"
_VERSION = 1
_FACT = re.compile("[a-z]+:[0-9a-f]{16}")
_WORDS: dict[str, Word | None] = {"": None, "accepted": "accepted", "rejected": "rejected"}
_FIELDS = ("fact", "decision", "note", "decided")
_SEPARATORS = (",", ";", "\t")  # those of Excel, by the country and the form it is told to save
_WHAT_IT_TAKES = "it takes what the report page exported, as JSON or CSV"
_SHOWN = 40  # characters of what is wrong in a file, in a message


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a fact, or noted on it.

    `fact` is its name by `fact_id`; `decided` is when, in ISO 8601, None where that is not known.
    """

    fact: str
    decision: Word | None
    note: str
    decided: str | None


Decisions = Mapping[str, Decision]
"""Decisions, by the name of the fact that each is about."""

# A decision, and where in the file it stands: 'line 7', 'entry 7'.
_Placed = tuple[str, Decision]


class _FaultError(Exception):
    """What is wrong in a file, and where; whoever knows the name of the file adds it."""


def fact_id(sha256: str, fact: Fact) -> str:
    """A name for a fact that is the same in every run: 'dose:' and 16 hexadecimal digits.

    `sha256` is that of the bytes of the paper. A fact has the same name while its values and the
    places of its quotes are the same, whatever other facts are found beside it.
    """
    # Without what is null: a field that later versions add leaves the facts without it their names.
    values = fact.model_dump(mode="json", exclude=_NOT_ITS_OWN | {"evidence"}, exclude_none=True)
    places = [(quote.start, quote.end) for quote in fact.evidence]
    content = json.dumps([sha256, values, places], sort_keys=True)
    kind = fact.key.partition("-")[0]
    return f"{kind}:{hashlib.sha256(content.encode()).hexdigest()[:16]}"


def read_decisions(path: Path) -> Decisions:
    """The decisions in a file that the report page exported, as JSON or as CSV.

    Which of the two it is shows in the file, whatever its name. The CSV may have been through a
    spreadsheet, which saves it in the encoding and with the separator of its country; columns may
    be moved, added or left out, but for `fact` and one of `decision` and `note`. What has neither
    a decision nor a note says nothing and is passed over.

    Raises InputError, with the place in the file, for anything else, and where two decisions on one
    fact differ: a fact may come twice if both say the same.
    """
    text = _text(path)
    placed = _in_json if text.lstrip().startswith(("{", "[")) else _in_csv
    try:
        return _by_fact(placed(text))
    except _FaultError as fault:
        raise InputError(f"{path}: {fault}", code="not-decisions") from None


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the name", code="not-found") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    try:
        # Before all else: to `decode` the control characters of a note are signs of no text.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        decoded = decode(data)
    if decoded is None or decoded.undecodable:
        raise InputError(
            f"{path}: is not text in a known encoding; {_WHAT_IT_TAKES}: from a spreadsheet save it"
            " as CSV UTF-8",
            code="not-decisions",
        )
    return decoded.text


def _by_fact(placed: Iterable[_Placed]) -> Decisions:
    first: dict[str, _Placed] = {}
    for place, decision in placed:
        if decision.decision is None and not decision.note:
            continue
        earlier_place, earlier = first.setdefault(decision.fact, (place, decision))
        if (earlier.decision, earlier.note) != (decision.decision, decision.note):
            raise _FaultError(
                f"{earlier_place} and {place} do not say the same of {decision.fact}; leave one"
            )
    return {fact: decision for fact, (_, decision) in first.items()}


def _in_json(text: str) -> Iterator[_Placed]:
    for number, entry in enumerate(_entries(text), start=1):
        place = f"entry {number}"
        if not isinstance(entry, dict) or "fact" not in entry or not _says_something(entry):
            raise _FaultError(
                f"{place}: is to be an object with `fact`, and `decision` or `note`; export it"
                " again"
            )
        values = {name: entry.get(name) for name in _FIELDS}
        for name, value in values.items():
            if not isinstance(value, str | None):
                raise _FaultError(f"{place}: `{name}` is to be a text; export it again")
        yield place, _decision({name: value or "" for name, value in values.items()}, place)


def _entries(text: str) -> list[object]:
    """The list of decisions in the JSON form, not looked into yet."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise _FaultError(
            f"line {error.lineno}: is not JSON ({error.msg}); {_WHAT_IT_TAKES}"
        ) from None
    except (ValueError, RecursionError):
        raise _FaultError(f"is not JSON of this program; {_WHAT_IT_TAKES}") from None
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise _FaultError(f"its `format` is not {_FORMAT!r}; {_WHAT_IT_TAKES}")
    if data.get("version") != _VERSION:
        raise _FaultError(
            f"its `version` is not {_VERSION}, which is the one that this program reads; export it"
            " from a report that this program made"
        )
    entries = data.get("decisions")
    if not isinstance(entries, list):
        raise _FaultError("its `decisions` are no list; export it again")
    return entries


def _in_csv(text: str) -> Iterator[_Placed]:
    rows = _rows(text)
    header_line, header = next(rows, (1, []))
    names = [name.strip().lower() for name in header]
    if "fact" not in names or not _says_something(names):
        raise _FaultError(
            f"line {header_line}: is no header with `fact`, and `decision` or `note`;"
            f" {_WHAT_IT_TAKES}"
        )
    for name in _FIELDS:
        if names.count(name) > 1:
            raise _FaultError(f"line {header_line}: has `{name}` twice; leave one of the columns")
    for line, cells in rows:
        place = f"line {line}"
        if any(cells[len(names) :]):
            raise _FaultError(
                f"{place}: has more cells than the header; put a text with a separator in it in"
                " quotes"
            )
        values = dict(zip(names, cells, strict=False))
        yield place, _decision({**values, "note": unguarded(values.get("note", ""))}, place)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line that it begins in."""
    header = re.split(r"[\r\n]", text.strip(), maxsplit=1)[0]
    separator = max(_SEPARATORS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise _FaultError(
            f"line {line}: its quotes do not match, or a text is too long; check the quotes"
        ) from None


def _says_something(names: Iterable[str]) -> bool:
    return not {"decision", "note"}.isdisjoint(names)


def _decision(values: Mapping[str, str], place: str) -> Decision:
    """The decision that texts stand for, empty ones for what is not there."""
    fact = values.get("fact", "").strip()
    if not _FACT.fullmatch(fact):
        raise _FaultError(
            f"{place}: {fact[:_SHOWN]!r} is not how a fact is named; it is to be as exported, like"
            " dose:3f2a9c01d4e5b678"
        )
    word = values.get("decision", "").strip().lower()
    if word not in _WORDS:
        raise _FaultError(
            f"{place}: {word[:_SHOWN]!r} is no decision; it is to be accepted, rejected or empty"
        )
    note, decided = values.get("note", ""), values.get("decided", "")
    return Decision(fact, _WORDS[word], note, _time(decided))


def _time(text: str) -> str | None:
    """A time as exported; None for what a spreadsheet made of it, since no fact depends on it."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return text
