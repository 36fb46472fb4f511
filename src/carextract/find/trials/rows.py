"""Rows whose cells only a space sets apart: pieces told by their form and by the header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from carextract.find.trials.details import (
    Detail,
    Line,
    misread_phase,
    read_cell,
    tokens_within,
)
from carextract.find.trials.numbers import Mention
from carextract.values import iso_date, trial_phase

Columns = Sequence[str | None]
"""The field that each column of a header means; None for a column of something else."""

_SENTENCE = re.compile(r"[。！？]|[a-z]{3}\.(?:\s|$)")
_ROW_PHASE = re.compile(
    r"(?<!\S)(?:(?:[Ee]arly|早期?)\s?)?(?:[Pp]hase\s?)?(?:[IVivlnm]{1,3}|[Ⅰ-Ⅳ]|[1-4])[ab]?"
    r"(?:\s?[/-]\s?(?:[IVivlnm]{1,3}|[Ⅰ-Ⅳ]|[1-4])[ab]?)?\s?期?(?!\S)"
)
_PIECE = re.compile(r"\S+")
_LONGEST_ROW = 240
_TYPED = frozenset({"number", "phase", "country", "start_date"})
_FEWEST_TYPED, _MOST_UNTYPED = 4, 3


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a row, in offsets of its line; ``field`` is what its form says it is."""

    start: int
    end: int
    field: str | None


def is_prose(text: str) -> bool:
    """Whether a line is too long, or too much of a sentence, to belong to a table."""
    return len(text) > _LONGEST_ROW or _SENTENCE.search(text) is not None


def is_row(line: Line, mentions: Sequence[Mention], columns: Columns | None) -> bool:
    """Whether a line that names a trial is a row: under a header, or mostly of typed pieces."""
    pieces = _pieces(line, mentions)
    if columns:
        return len(pieces) > 2
    typed = {piece.field for piece in pieces if piece.field}
    return len(typed) >= _FEWEST_TYPED and len(pieces) <= len(typed) + _MOST_UNTYPED


def header_columns(line: Line) -> Columns:
    """The fields that the pieces of a header line name."""
    names = [token for token in line.tokens if token.kind == "TRIAL_COLUMN"]
    columns: list[str | None] = []
    end = 0
    for match in _PIECE.finditer(line.text):
        if match.start() < end:
            continue
        name = next((t for t in names if match.start() <= t.start < match.end()), None)
        columns.append(str(name.value) if name else None)
        end = name.end if name else match.end()
    return columns


def read_row(line: Line, mentions: Sequence[Mention], columns: Columns | None) -> Iterator[Detail]:
    """What a row says of its trial, under the columns of its header or, without one, by form."""
    pieces = _pieces(line, mentions)
    if columns and len(columns) == len(pieces):
        yield from _paired(line, columns, pieces)
        return
    for piece in pieces:
        if piece.field not in (None, "number") and (columns is None or piece.field in columns):
            yield from _read(piece.field, line, piece.start, piece.end)
    if columns is None:
        yield from _named_product(line, pieces)
        return
    for field in ("intervention", "condition"):
        if field in columns:
            yield from _between_neighbours(field, line, columns, pieces)


def _read(field: str, line: Line, start: int, end: int) -> Iterator[Detail]:
    detail = read_cell(field, line, start, end)
    if detail:
        yield detail


def _paired(line: Line, columns: Columns, pieces: Sequence[_Piece]) -> Iterator[Detail]:
    """As many pieces as columns: each piece is the cell of its column."""
    for column, piece in zip(columns, pieces, strict=True):
        if column not in (None, "number") and piece.field in (None, column):
            yield from _read(column, line, piece.start, piece.end)


def _named_product(line: Line, pieces: Sequence[_Piece]) -> Iterator[Detail]:
    """Without a header, the product is the one run of untyped pieces that holds a product."""
    runs = [run for run in _untyped_runs(pieces) if _has_product(line, run)]
    if len(runs) == 1:
        yield from _read("intervention", line, runs[0][0].start, runs[0][-1].end)


def _has_product(line: Line, run: Sequence[_Piece]) -> bool:
    return any(t.kind == "PRODUCT" for t in tokens_within(line, run[0].start, run[-1].end))


def _untyped_runs(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    runs: list[list[_Piece]] = [[]]
    for piece in pieces:
        if piece.field is None:
            runs[-1].append(piece)
        else:
            runs.append([])
    return [run for run in runs if run]


def _between_neighbours(
    field: str, line: Line, columns: Columns, pieces: Sequence[_Piece]
) -> Iterator[Detail]:
    """A column that stands alone between two typed ones: what the row has between those two."""
    at = columns.index(field)
    present = {piece.field for piece in pieces if piece.field}
    if field in present:
        return
    left = next((n for n in range(at - 1, -1, -1) if columns[n] in present), -1)
    right = next((n for n in range(at + 1, len(columns)) if columns[n] in present), len(columns))
    between = [column for column in columns[left + 1 : right] if column not in _TYPED]
    first = next((n for n, p in enumerate(pieces) if left >= 0 and p.field == columns[left]), -1)
    last = next(
        (n for n, p in enumerate(pieces) if right < len(columns) and p.field == columns[right]),
        len(pieces),
    )
    run = pieces[first + 1 : last]
    if between == [field] and run:
        yield from _read(field, line, run[0].start, run[-1].end)


def _pieces(line: Line, mentions: Sequence[Mention]) -> list[_Piece]:
    """A line cut at its spaces, except inside a number, a name or a phase; each piece typed."""
    text = line.text
    whole = [(m.start - line.start, m.end - line.start) for m in mentions]
    numbers = list(whole)
    whole += [
        (token.start, token.end) for token in line.tokens if " " in text[token.start : token.end]
    ]
    whole += [match.span() for match in _ROW_PHASE.finditer(text)]
    bounds: list[tuple[int, int]] = []
    for match in _PIECE.finditer(text):
        start, end = match.span()
        if bounds and any(low <= bounds[-1][1] - 1 and start < high for low, high in whole):
            bounds[-1] = (bounds[-1][0], end)
        else:
            bounds.append((start, end))
    return [_Piece(start, end, _form(line, start, end, numbers)) for start, end in bounds]


def _form(line: Line, start: int, end: int, numbers: Sequence[tuple[int, int]]) -> str | None:
    """Which field a piece of a row can only be, by its form; None for any other."""
    if any(low < end and start < high for low, high in numbers):
        return "number"
    text = line.text[start:end]
    if (trial_phase(text) or misread_phase(text)) and not text.isdigit():
        return "phase"
    if iso_date(text) and not text.isdigit():
        return "start_date"
    kinds = {token.kind for token in tokens_within(line, start, end)}
    if "COUNTRY" in kinds:
        return "country"
    return "condition" if "CONDITION" in kinds else None
