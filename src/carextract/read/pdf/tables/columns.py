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
_AT_GUTTER = 0.6  # how near a space is to the white for a piece to be cut there

_FEWEST_LINES = 3
_STRAY_LINES = 12  # one line in so many may run across
_LINKED = re.compile(r"[(（\[［±]")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where columns begin and end: `edges` between them, and the outer sides."""

    edges: tuple[float, ...]
    left: float
    right: float

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
    edges = []
    for start, end in _white([word for row in rows for word in row], len(rows) // _STRAY_LINES):
        if end - start >= _NARROWEST * em and _parts(start, end, lines, rows, heads, em):
            edges.append((start + end) / 2)
    edges = _without_strays(edges, rows, [words_of(head) for head in heads])
    return Columns(tuple(edges), left, right) if edges else None


def cells_of(line: Line, columns: Columns, em: float) -> Cells:
    """The pieces of a line by their columns, cut where a piece goes over several."""
    cells: Cells = {}
    for piece in line.pieces:
        for column, part in _cut(piece, columns, em):
            cells.setdefault(column, []).append(part)
    return cells


def crosses(line: Line, columns: Columns, em: float) -> bool:
    """Whether a line is one piece that runs over several columns: the title of the rows below."""
    if len(line.pieces) > 1:
        return False
    box = line.pieces[0].box
    return columns.at(box.x0 + _OVERHANG * em) != columns.at(box.x1 - _OVERHANG * em)


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
    if apart < 2 * together or linked > 0.8 * apart:
        return False
    if apart > 1 or len(rows) < 3:
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
        headed = any(word.x0 < right and word.x1 > left for head in heads for word in head)
        if len(inside) != 1 or headed:
            continue
        row, word = inside[0]
        before = word.x0 - max((w.x1 for w in row if w.x1 <= word.x0), default=-inf)
        after = min((w.x0 for w in row if w.x0 >= word.x1), default=inf) - word.x1
        kept.remove(left if before <= after else right)
    return kept


def _beside(x: float, row: Sequence[Word]) -> tuple[Word, Word] | None:
    """The words of a line that stand next to a place, if there are some on both sides."""
    before = [word for word in row if word.x1 <= x]
    after = [word for word in row if word.x0 >= x]
    if not before or not after or len(before) + len(after) < len(row):
        return None
    return max(before, key=lambda word: word.x1), min(after, key=lambda word: word.x0)


def _cut(piece: Segment, columns: Columns, em: float) -> Iterator[tuple[int, Segment]]:
    """The parts of a piece with the columns they stand in; whole where it cannot be cut."""
    first = columns.at(piece.box.x0 + _OVERHANG * em)
    last = columns.at(piece.box.x1 - _OVERHANG * em)
    if first >= last:
        yield columns.at((piece.box.x0 + piece.box.x1) / 2), piece
        return
    cuts = [_space_at(piece, edge, em) for edge in columns.edges[first:last]]
    places = sorted({cut for cut in cuts if cut is not None})
    if len(places) < len(cuts):
        yield first, piece
        return
    start = 0
    for column, cut in enumerate((*places, len(piece.text)), first):
        yield column, piece.part(start, cut)
        start = cut + 1


def _space_at(piece: Segment, edge: float, em: float) -> int | None:
    """The space in a piece that is at the edge of a column."""
    nearest: tuple[float, int] | None = None
    for number, char in enumerate(piece.text):
        if char == " ":
            white = piece.boxes[4 * number - 2], piece.boxes[4 * number + 4]
            off = max(white[0] - edge, edge - white[1], 0.0)
            if off <= _AT_GUTTER * em and (nearest is None or off < nearest[0]):
                nearest = off, number
    return nearest[1] if nearest else None
