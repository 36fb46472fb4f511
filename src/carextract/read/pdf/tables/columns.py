"""Columns of a table without vertical rules: the white between its cells, down all rows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from carextract.read.pdf.layout import Segment
from carextract.read.pdf.tables.lines import Line, Word, words_of

# All in em.
_NARROWEST = 0.2  # white that may be between two columns
_APART = 0.9  # what sets two cells apart for certain
_OVERHANG = 0.3  # how far a cell may reach over the middle of the white
_SEEN = 0.15  # white between two characters that is a gap
_SET_APART = 0.4  # more white than between words
_HEAD_OVERHANG = 1.0
_AT_GUTTER = 0.6  # how near a space is to the white for a piece to be cut there

_FEWEST_LINES = 3
_STRAY_LINES = 12  # one line in so many may run across
_MOSTLY = 0.8
_LINKED = re.compile(r"[(（\[［±]")


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


def columns_of(
    lines: Sequence[Line], heads: Sequence[Line], left: float, right: float, em: float
) -> Columns | None:
    """The columns that the lines of a table's body stand in; None where there is one only.

    White is between two columns where cells on both sides of it are set apart in most lines, or
    in one line at least if the heads over it are. `5.1 ± 0.3` under `6.2 ± 0.4` has white too, but
    no more than between words.
    """
    rows = [words_of(line) for line in lines if len(line.pieces) > 1]
    if not rows:
        return None
    edges = list(_outer_edges(lines, rows, em))
    for start, end in _white([word for row in rows for word in row], len(rows) // _STRAY_LINES):
        if end - start >= _NARROWEST * em and _parts(start, end, lines, rows, heads, em):
            edges.append((start + end) / 2)
    edges = _without_strays(sorted(edges), rows, [words_of(head) for head in heads])
    return Columns(tuple(edges), left, right) if edges else None


def cells_of(line: Line, columns: Columns, em: float) -> Cells:
    """The pieces of a line by their columns, cut where a piece goes over several."""
    cells: Cells = {}
    for piece in line.pieces:
        for column, part in _cut(piece, columns, em):
            cells.setdefault(column, []).append(part)
    return cells


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


def crosses(line: Line, columns: Columns, em: float) -> bool:
    """Whether a line is one piece that runs over several columns: the title of the rows below."""
    if len(line.pieces) > 1:
        return False
    box = line.pieces[0].box
    return columns.at(box.x0 + _OVERHANG * em) != columns.at(box.x1 - _OVERHANG * em)


def _outer_edges(
    lines: Sequence[Line], rows: Sequence[Sequence[Word]], em: float
) -> Iterator[float]:
    """The edges of a first and a last column whose cells are on no line with others.

    They are set in the middle of rows that are several lines high.
    """
    left = min(row[0].x0 for row in rows)
    right = max(word.x1 for row in rows for word in row)
    alone = [line.pieces[0].box for line in lines if len(line.pieces) == 1]
    before = [box.x1 for box in alone if box.x1 < left - _APART * em]
    after = [box.x0 for box in alone if box.x0 > right + _APART * em]
    if before:
        yield (max(before) + left) / 2
    if after:
        yield (right + min(after)) / 2


def _white(words: Sequence[Word], strays: int) -> Iterator[tuple[float, float]]:
    """The places between words that no more than some lines run across."""
    ends = sorted([(word.x0, 1) for word in words] + [(word.x1, -1) for word in words])
    depth = 0
    start: float | None = None
    for x, step in ends:
        depth += step
        if depth <= strays:
            start = x if start is None else start
        elif start is not None:
            if depth - step <= strays and start > ends[0][0]:
                yield start, x
            start = None


def _parts(
    start: float,
    end: float,
    lines: Sequence[Line],
    rows: Sequence[Sequence[Word]],
    heads: Sequence[Line],
    em: float,
) -> bool:
    """Whether what stands on both sides of some white is set apart by it."""
    middle = (start + end) / 2
    apart = together = linked = 0
    texts = [line for line in lines if len(line.pieces) > 1]
    for line, row in zip(texts, rows, strict=True):
        sides = _beside(middle, row)
        if sides is None:
            continue
        before, after = sides
        if before.piece != after.piece and after.x0 - before.x1 > _APART * em:
            apart += 1
            linked += _LINKED.match(line.pieces[after.piece].text) is not None
        else:
            together += 1
    if apart == together == 0:
        return end - start > _APART * em
    if apart < 2 * together:
        return False
    if linked <= _MOSTLY * apart and (apart > 1 or len(rows) < _FEWEST_LINES):
        return apart > 0
    headed = [_beside(middle, words_of(head)) for head in heads]
    return apart > 0 and any(sides and sides[0].piece != sides[1].piece for sides in headed)


def _without_strays(
    edges: Sequence[float], rows: Sequence[Sequence[Word]], heads: Sequence[Sequence[Word]]
) -> list[float]:
    """The edges without columns that no head stands over and one cell alone stands in.

    That is a word of the cell beside it, on a line that is stretched.
    """
    kept = list(edges)
    if len(rows) < _FEWEST_LINES:
        return kept
    for left, right in pairwise(edges):
        inside = [
            (row, word) for row in rows for word in row if left < (word.x0 + word.x1) / 2 < right
        ]
        headed = any(left < (word.x0 + word.x1) / 2 < right for head in heads for word in head)
        if headed or not inside or len(inside) > 1 + len(rows) // _STRAY_LINES:
            continue
        before = after = 0.0
        for row, word in inside:
            before += word.x0 - max((w.x1 for w in row if w.x1 <= word.x0), default=-inf)
            after += min((w.x0 for w in row if w.x0 >= word.x1), default=inf) - word.x1
        kept.remove(left if before <= after else right)
    return kept


def _beside(x: float, row: Sequence[Word]) -> tuple[Word, Word] | None:
    """The words of a line that stand next to a place, if there are some on both sides."""
    before = [word for word in row if word.x1 <= x]
    after = [word for word in row if word.x0 >= x]
    if not before or not after or len(before) + len(after) < len(row):
        return None
    return max(before, key=lambda word: word.x1), min(after, key=lambda word: word.x0)


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
        near = off <= _AT_GUTTER * em and (drawn or white[1] - white[0] > _SEEN * em)
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
