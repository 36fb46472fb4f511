"""Three-line tables: columns as wide as need be, spanning heads, cells of several lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from typesetting.letters import Style, letters, width_of
from typesetting.strips import HAIR, THICK, Strip, Stroke, hairline, paragraph, stacked

_CELL_GAP = 9.0  # between columns, at least
_CELL_PAD = 1.5  # above and below the lines of a row


@dataclass(frozen=True, slots=True)
class Table:
    """A three-line table. None in a row is covered by the cell before it.

    The first `heads` rows are its header.
    """

    caption: str
    continued: str
    rows: tuple[tuple[str | None, ...], ...]
    heads: int = 1
    note: str = ""


def table_strips(table: Table, style: Style, width: float) -> tuple[list[Strip], list[Strip]]:
    """The header rows of a table and its other rows, each row one strip."""
    columns = _column_widths(table.rows, style, width)
    rows = [_row(row, columns, style) for row in table.rows]
    heads = [_underlined(row, columns, strip) for row, strip in zip(table.rows, rows, strict=True)]
    return heads[: table.heads - 1] + rows[table.heads - 1 : table.heads], rows[table.heads :]


def natural_width(table: Table, style: Style) -> float:
    """How wide a table is if no cell is broken."""
    widths = _natural_widths(table.rows, style)
    return sum(widths) + _CELL_GAP * (len(widths) - 1)


def table_top(caption: str, heads: Sequence[Strip], style: Style, width: float) -> list[Strip]:
    """What a table begins with: caption, thick line, header rows, thin line."""
    centred = replace(style, align="centre", above=0.6)
    return [
        *paragraph(caption, centred, width),
        hairline(width, THICK, 4.0),
        *heads,
        hairline(width),
    ]


def _natural_widths(rows: Sequence[tuple[str | None, ...]], style: Style) -> list[float]:
    widths = [0.0] * max(len(row) for row in rows)
    for row in rows:
        for column, cell in enumerate(row):
            alone = row[column + 1 : column + 2] != (None,)
            if cell and alone:
                lines = cell.split("\n")
                widest = max(width_of(letters(line, style)) for line in lines)
                widths[column] = max(widths[column], widest)
    return [width + 0.1 for width in widths]


def _column_widths(
    rows: Sequence[tuple[str | None, ...]], style: Style, width: float
) -> list[tuple[float, float]]:
    """Left side and width of each column; the widest are narrowed until all fit."""
    wanted = _natural_widths(rows, style)
    room = width - _CELL_GAP * (len(wanted) - 1)
    cap = max(wanted)
    while sum(min(want, cap) for want in wanted) > room:
        cap *= 0.97
    widths = [min(want, cap) for want in wanted]
    spare = (room - sum(widths)) / max(len(widths) - 1, 1)
    lefts, x = [], 0.0
    for one in widths:
        lefts.append(x)
        x += one + _CELL_GAP + spare
    return list(zip(lefts, widths, strict=True))


def _row(row: Sequence[str | None], columns: Sequence[tuple[float, float]], style: Style) -> Strip:
    cells = []
    for column, cell in enumerate(row):
        if not cell:
            continue
        left, right = columns[column][0], sum(columns[_last(row, column)])
        spanning = _last(row, column) > column
        ragged = replace(style, align="centre" if spanning else "left", leading=1.3)
        lines: list[Strip] = []
        for line in cell.split("\n"):
            lines += paragraph(line, ragged, right - left)
        inside = stacked(lines)
        pieces = (
            piece._replace(x=piece.x + left, y=piece.y + _CELL_PAD) for piece in inside.pieces
        )
        cells.append(Strip(inside.height, tuple(pieces)))
    height = max((cell.height for cell in cells), default=style.size) + 2 * _CELL_PAD
    return Strip(height, tuple(piece for cell in cells for piece in cell.pieces))


def _last(row: Sequence[str | None], column: int) -> int:
    """The last column that a cell covers."""
    last = column
    while last + 1 < len(row) and row[last + 1] is None:
        last += 1
    return last


def _underlined(
    row: Sequence[str | None], columns: Sequence[tuple[float, float]], strip: Strip
) -> Strip:
    """A header row with a line under each cell that spans several columns."""
    strokes = tuple(
        Stroke(columns[at][0], strip.height, sum(columns[_last(row, at)]), strip.height, HAIR)
        for at, cell in enumerate(row)
        if cell and _last(row, at) > at
    )
    return replace(strip, strokes=strokes)
