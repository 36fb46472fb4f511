"""Columns of a table, and the lines of its rows cut at them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from carextract.read.pdf.layout import Segment
from carextract.read.pdf.tables.lines import Line

# All in em.
_OVERHANG = 0.3  # how far a cell may reach over the edge of its column
_HEAD_OVERHANG = 1.0
_SEEN = 0.15  # white between two characters that is a gap
_SET_APART = 0.4  # more white than between words
_AT_EDGE = 0.6  # how near a gap is to the edge of a column for a piece to be cut there


@dataclass(frozen=True, slots=True)
class Columns:
    """Where columns begin and end: `edges` between them, and the outer sides.

    `drawn` where the edges are rules, which no cell reaches over.
    """

    edges: tuple[float, ...]
    left: float
    right: float
    drawn: bool = False

    def __len__(self) -> int:
        return len(self.edges) + 1

    def bounds(self, column: int, span: int = 1) -> tuple[float, float]:
        """The left and the right side of a column, or of several side by side."""
        sides = (self.left, *self.edges, self.right)
        return sides[column], sides[column + span]

    def at(self, x: float) -> int:
        """The column at a place."""
        return bisect_right(self.edges, x)


Cells = dict[int, list[Segment]]
"""The pieces of a line by their columns."""


@dataclass(frozen=True, slots=True)
class RowLine:
    """A line of a table with its pieces by columns.

    `crosses` where it is one piece that runs over several columns: the title of the rows below.
    """

    baseline: float
    cells: Cells
    crosses: bool = False


def row_line(line: Line, columns: Columns, em: float) -> RowLine:
    """A line with its pieces by columns, cut where a piece goes over several."""
    cells: Cells = {}
    for piece in line.pieces:
        for column, part in _cut(piece, columns, em):
            cells.setdefault(column, []).append(part)
    box = line.pieces[0].box
    over = columns.at(box.x0 + _OVERHANG * em) != columns.at(box.x1 - _OVERHANG * em)
    return RowLine(line.baseline, cells, crosses=over and len(line.pieces) == 1)


def parts_of(piece: Segment, columns: Columns, em: float) -> list[Segment]:
    """The parts of a piece that stand in different columns."""
    return [part for _, part in _cut(piece, columns, em)]


def cut_apart(piece: Segment, columns: Columns, em: float) -> list[Segment]:
    """The parts of a head that pdfium took for one: its only gaps are those between columns."""
    seen = sum(
        piece.boxes[4 * after] - piece.boxes[4 * before - 2] > _SET_APART * em
        for before, after in _gaps(piece)
    )
    cut = _cut(piece, columns, em, overhang=_HEAD_OVERHANG) if seen else ()
    parts = [part for _, part in cut]
    if len(parts) == seen + 1 and min(len(part.text) for part in parts) > 1:
        return parts
    return [piece]


def _cut(
    piece: Segment, columns: Columns, em: float, *, overhang: float = _OVERHANG
) -> Iterator[tuple[int, Segment]]:
    """The parts of a piece with the columns they stand in; whole where it cannot be cut."""
    first = columns.at(piece.box.x0 + overhang * em)
    last = columns.at(piece.box.x1 - overhang * em)
    if first >= last:
        yield columns.at((piece.box.x0 + piece.box.x1) / 2), piece
        return
    edges = columns.edges[first:last]
    gaps = [_gap_at(piece, edge, em, drawn=columns.drawn) for edge in edges]
    cuts = sorted({gap for gap in gaps if gap is not None})
    if len(cuts) < len(edges) and not columns.drawn:
        yield first, piece
        return
    starts = [0, *(after for _, after in cuts)]
    ends = [*(before for before, _ in cuts), len(piece.text)]
    for start, end in zip(starts, ends, strict=True):
        part = piece.part(start, end)
        yield columns.at((part.box.x0 + part.box.x1) / 2), part


def _gap_at(piece: Segment, edge: float, em: float, *, drawn: bool) -> tuple[int, int] | None:
    """Where a piece is cut at the edge of a column: the end of one part, the start of the next."""
    nearest: tuple[float, int, int] | None = None
    for before, after in _gaps(piece):
        white = piece.boxes[4 * before - 2], piece.boxes[4 * after]
        off = max(white[0] - edge, edge - white[1], 0.0)
        near = off <= _AT_EDGE * em and (drawn or white[1] - white[0] > _SEEN * em)
        if near and (nearest is None or off < nearest[0]):
            nearest = off, before, after
    return nearest[1:] if nearest else None


def _gaps(piece: Segment) -> Iterator[tuple[int, int]]:
    """The places between two characters: the end of what is before, the start of what is after."""
    text = piece.text
    for number in range(1, len(text)):
        if text[number] == " ":
            yield number, number + 1
        elif text[number - 1] != " ":
            yield number, number
