"""Columns without rules between them: told by the white between cells, down all rows."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf

from carextract.read.pdf.tables.columns import Columns
from carextract.read.pdf.tables.lines import OVERLAPPING, Line, Word, words_of

# In em.
_NARROWEST = 0.2  # white that may be between two columns
_APART = 0.9  # what sets two cells apart for certain

_FEW = 3  # lines, of which one may speak for a column
_STRAY_LINES = 12  # one line in so many may run across
_MOSTLY = 0.8
_LINKED = re.compile(r"[(（\[［±]")


def columns_of(
    lines: Sequence[Line], heads: Sequence[Line], left: float, right: float, em: float
) -> Columns | None:
    """The columns that the lines of a table's body stand in; None where there is one only.

    White is between two columns where cells on both sides of it are set apart in most lines, or
    where the heads over it are. `5.1 ± 0.3` under `6.2 ± 0.4` has white too, but no more than
    between words.
    """
    several = list(_side_by_side(lines, em))
    rows = [words_of(line) for line in several]
    if not rows:
        return None
    words = [word for row in rows for word in row]
    white = [
        (start, end)
        for start, end in _white(words, len(rows) // _STRAY_LINES)
        if end - start >= _NARROWEST * em
    ]
    edges = _supported(white, several, rows, em)
    edges.extend(_outer_edges(lines, rows, em))
    named = [words_of(head) for head in heads]
    edges.extend(_between_heads(white, edges, named, em))
    edges = _without_strays(sorted(edges), rows, named)
    edges = [_clear_of_heads(edge, white, named) for edge in edges]
    return Columns(tuple(edges), left, right) if edges else None


def _side_by_side(lines: Sequence[Line], em: float) -> Iterator[Line]:
    """The lines with several pieces; two that overlap, of cells in the middle of a row, as one."""
    for line in lines:
        if len(line.pieces) > 1:
            yield line
    for upper, lower in pairwise(lines):
        if lower.baseline - upper.baseline < OVERLAPPING * em:
            pieces = sorted((*upper.pieces, *lower.pieces), key=lambda piece: piece.box.x0)
            if all(before.box.x1 < after.box.x0 for before, after in pairwise(pieces)):
                yield Line(upper.baseline, tuple(pieces))


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


def _supported(
    white: Sequence[tuple[float, float]],
    lines: Sequence[Line],
    rows: Sequence[Sequence[Word]],
    em: float,
) -> list[float]:
    """The middles of the white that sets cells apart in most of the lines that it is used in.

    A gap between two cells speaks for the widest white in it; the rest may be in a wide cell.
    """
    apart, together, linked = Counter[int](), Counter[int](), Counter[int]()
    middles = [(start + end) / 2 for start, end in white]
    for line, row in zip(lines, rows, strict=True):
        for before, after in pairwise(row):
            first, last = bisect_left(middles, before.x1), bisect_right(middles, after.x0)
            if first >= last:
                continue
            if before.piece != after.piece and after.x0 - before.x1 > _APART * em:
                widest = max(range(first, last), key=lambda n: white[n][1] - white[n][0])
                apart[widest] += 1
                linked[widest] += _LINKED.match(line.pieces[after.piece].text) is not None
            else:
                together.update(range(first, last))
    fewest = 2 if len(rows) >= _FEW else 1
    edges = []
    for number, (start, end) in enumerate(white):
        unused = not apart[number] and not together[number] and end - start > _APART * em
        used_apart = apart[number] >= max(fewest, 2 * together[number])
        if unused or (used_apart and linked[number] <= _MOSTLY * apart[number]):
            edges.append(middles[number])
    return edges


def _between_heads(
    white: Sequence[tuple[float, float]],
    edges: Sequence[float],
    heads: Sequence[Sequence[Word]],
    em: float,
) -> Iterator[float]:
    """The widest white between two heads that stand apart and have no edge between them yet."""
    known = list(edges)
    for head in heads:
        for before, after in pairwise(head):
            if before.piece == after.piece or after.x0 - before.x1 <= _APART * em:
                continue
            if any(before.x1 <= edge <= after.x0 for edge in known):
                continue
            middles = [
                (end - start, (start + end) / 2)
                for start, end in white
                if before.x1 <= (start + end) / 2 <= after.x0
            ]
            if middles:
                known.append(max(middles)[1])
                yield known[-1]


def _clear_of_heads(
    edge: float, white: Sequence[tuple[float, float]], heads: Sequence[Sequence[Word]]
) -> float:
    """An edge in the part of its white that no head stands over, if there is one."""
    start, end = next((place for place in white if place[0] <= edge <= place[1]), (edge, edge))
    for word in (word for head in heads for word in head):
        if word.x0 <= start < word.x1 < end:
            start = word.x1
        elif start < word.x0 < end <= word.x1:
            end = word.x0
    return (start + end) / 2 if start < end else edge


def _without_strays(
    edges: Sequence[float], rows: Sequence[Sequence[Word]], heads: Sequence[Sequence[Word]]
) -> list[float]:
    """The edges without columns that no head stands over and one cell alone stands in.

    That is a word of the cell beside it, on a line that is stretched.
    """
    kept = list(edges)
    if len(rows) < _FEW:
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
        edge = left if before <= after else right
        if edge in kept:  # between two such columns it is gone already
            kept.remove(edge)
    return kept
