"""The header of a table: which columns each of its cells is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from carextract.read.pdf.layout import Box, Segment, around
from carextract.read.pdf.tables.columns import Columns, cut_apart
from carextract.read.pdf.tables.lines import Line, lines_of

# In em.
_TOUCHES = 0.3  # how far below a rule the baseline over it may be
_FLUSH = 0.4  # how near to each other two lines begin that are flush


@dataclass(frozen=True, slots=True)
class Head:
    """A cell of a header over some columns, with its lines; `level` counts from the top."""

    level: int
    first: int
    span: int
    lines: tuple[Segment, ...]


def heads_of(
    segments: Sequence[Segment], partial: Sequence[Box], columns: Columns, em: float
) -> list[Head]:
    """The cells of a header; those over one column are a level below all those over several."""
    spans = list(_over_rules(segments, partial, columns, em))
    taken = {id(line) for head in spans for line in head.lines}
    rest = [
        part
        for segment in segments
        if id(segment) not in taken
        for part in cut_apart(segment, columns, em)
    ]
    wide = list(_over_columns(lines_of(rest), columns, em))
    taken = {id(line) for head in wide for line in head.lines}
    spans = _levelled([*spans, *wide])
    depth = max((head.level + 1 for head in spans), default=0)
    leaves: dict[int, list[Segment]] = {}
    for segment in rest:
        if id(segment) not in taken:
            leaves.setdefault(_column(segment, columns), []).append(segment)
    return [*spans, *(Head(depth, column, 1, tuple(own)) for column, own in leaves.items())]


def _over_rules(
    segments: Sequence[Segment], partial: Sequence[Box], columns: Columns, em: float
) -> Iterator[Head]:
    """Heads that stand over a rule that is drawn over some of the columns."""
    ceiling: dict[int, float] = {}
    for rule in sorted(partial, key=lambda box: box.top):
        under = [
            column
            for column in range(len(columns))
            if rule.x0 <= sum(columns.bounds(column)) / 2 <= rule.x1
        ]
        over = [
            segment
            for segment in segments
            if rule.x0 <= (middle := (segment.box.x0 + segment.box.x1) / 2) <= rule.x1
            and ceiling.get(columns.at(middle), 0.0) < segment.baseline <= rule.top + _TOUCHES * em
        ]
        ceiling.update(dict.fromkeys(under, rule.top))
        below = [s.box.x0 for s in segments if s.baseline > rule.top + _TOUCHES * em]
        for group, own in _shared(_stacks(over), under, columns, below, em):
            if len(own) > 1:
                yield Head(0, own[0], len(own), tuple(group))


def _stacks(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Segments one under another, from left to right."""
    stacks: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda segment: segment.box.x0):
        if stacks and segment.box.x0 < max(piece.box.x1 for piece in stacks[-1]):
            stacks[-1].append(segment)
        else:
            stacks.append([segment])
    return stacks


def _shared(
    stacks: Sequence[list[Segment]],
    under: Sequence[int],
    columns: Columns,
    below: Sequence[float],
    em: float,
) -> Iterator[tuple[list[Segment], list[int]]]:
    """Heads side by side over one rule, each with its columns.

    Heads that begin where heads `below` them do are over all columns up to the next; others are
    over the columns that are nearest to their middle.
    """
    boxes = [around(segment.box for segment in stack) for stack in stacks]
    flush = all(any(abs(box.x0 - x) < _FLUSH * em for x in below) for box in boxes)
    own: list[list[int]] = [[] for _ in stacks]
    for column in under if stacks else ():
        middle = sum(columns.bounds(column)) / 2
        if flush:
            begun = [number for number, box in enumerate(boxes) if box.x0 < middle]
            own[begun[-1] if begun else 0].append(column)
        else:
            off = [abs((box.x0 + box.x1) / 2 - middle) for box in boxes]
            own[off.index(min(off))].append(column)
    yield from zip(stacks, own, strict=True)


def _over_columns(lines: Sequence[Line], columns: Columns, em: float) -> Iterator[Head]:
    """Heads without a rule under them that reach over the middle of several columns."""
    for line in lines:
        for piece in line.pieces:
            covered = [
                column
                for column in range(len(columns))
                if piece.box.x0 < sum(columns.bounds(column)) / 2 < piece.box.x1
            ]
            if len(covered) > 1:
                yield Head(0, covered[0], len(covered), (piece,))


def _levelled(heads: Sequence[Head]) -> list[Head]:
    """Heads with their levels: one below another stands under it."""
    done: list[Head] = []
    for head in sorted(heads, key=lambda head: head.lines[0].baseline):
        level = max(
            (
                other.level + 1
                for other in done
                if other.first < head.first + head.span and head.first < other.first + other.span
            ),
            default=0,
        )
        done.append(Head(level, head.first, head.span, head.lines))
    return done


def _column(segment: Segment, columns: Columns) -> int:
    """The column that most of a head is over."""
    shares = []
    for column in range(len(columns)):
        left, right = columns.bounds(column)
        shares.append(min(segment.box.x1, right) - max(segment.box.x0, left))
    return shares.index(max(shares))
