"""Rows whose cells are set in the middle of their height, so that baselines differ.

A column with one line a row tells where the middle of each is; the lines of all others have to
stand around these places evenly. The first column may be set in the middle of several rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from carextract.read.pdf.layout import Segment
from carextract.read.pdf.tables.columns import Cells, RowLine
from carextract.read.pdf.tables.wrapping import is_datum, widths_of, wraps

# In em.
_LEADING = 1.4  # between two lines of a label
_CENTRED = 0.35  # how far from the middle of a row that of a cell may be

_MOST_LINES = 300
_WRAPPED = 0.75  # of the lines in cells had to be broken

_Stack = list[tuple[float, list[Segment]]]
"""The lines of a column, or of a cell, from the top down, with their baselines."""


def centred_rows(lines: Sequence[RowLine], em: float, *, ruled: bool) -> list[Cells] | None:
    """The rows of lines that overlap; None where they do not stand around common middles."""
    if len(lines) > _MOST_LINES:
        return None
    stacks: dict[int, _Stack] = {}
    for line in lines:
        for column, cell in line.cells.items():
            stacks.setdefault(column, []).append((line.baseline, cell))
    whole = [(lines[0].baseline + lines[-1].baseline) / 2]
    if ruled and (rows := _around(whole, stacks, em, labelled=False)) is not None:
        return rows
    widths = widths_of(lines)
    keys = [(column, [baseline for baseline, _ in stack]) for column, stack in stacks.items()]
    labels = _cells_of(stacks.get(0, []), widths.get(0, 0.0), em)
    keys.append((0, [_middle(label) for label in labels]))
    for column, places in sorted(keys, key=lambda key: len(key[1])):
        rows = _around(places, stacks, em, labelled=column > 0) if places else None
        if rows is not None and _mostly_wrapped(rows, widths, em):
            return rows
    return None


def in_groups(
    middles: Sequence[float], extents: Sequence[tuple[float, float]], em: float
) -> list[list[int]] | None:
    """Lines or rows, from top to bottom, in groups of which each has its middle; None if not."""
    slack = _CENTRED * em
    groups: list[list[int]] = []
    at = 0
    for middle in middles:
        group: list[int] = []
        if at < len(extents) and extents[at][0] <= middle + slack:
            top = extents[at][0]
            found = (
                end
                for end in range(at, len(extents))
                if abs((top + extents[end][1]) / 2 - middle) <= slack
            )
            end = next(found, None)
            if end is None:
                return None
            group = list(range(at, end + 1))
            at = end + 1
        groups.append(group)
    return groups if at == len(extents) else None


def extent(row: Cells) -> tuple[float, float]:
    """The first and the last baseline of a row, by its cells beside the label if there are any."""
    own = [piece.baseline for column, cell in row.items() if column for piece in cell]
    own = own or [piece.baseline for cell in row.values() for piece in cell]
    return min(own), max(own)


def _middle(stack: _Stack) -> float:
    return (stack[0][0] + stack[-1][0]) / 2


def _cells_of(stack: _Stack, width: float, em: float) -> list[_Stack]:
    """The lines of a column in cells: one goes on where its first word had no room above."""
    cells: list[_Stack] = []
    for line in stack:
        last = cells[-1][-1] if cells else None
        near = last is not None and line[0] - last[0] <= _LEADING * em
        if last is not None and near and wraps(last[1], line[1][0], width, em):
            cells[-1].append(line)
        else:
            cells.append([line])
    return cells


def _mostly_wrapped(rows: Sequence[Cells], widths: dict[int, float], em: float) -> bool:
    """Whether the lines that were put in one cell are such as had to be broken."""
    pairs = [
        wraps([before], after, widths.get(column, 0.0), em)
        for row in rows
        for column, cell in row.items()
        if column
        for before, after in pairwise(cell)
        if after.baseline > before.baseline
    ]
    return sum(pairs) >= _WRAPPED * len(pairs)


def _around(
    places: Sequence[float], stacks: dict[int, _Stack], em: float, *, labelled: bool
) -> list[Cells] | None:
    """Rows in the middle of each of which is one of the places; `labelled` by groups of them."""
    rows: list[Cells] = [{} for _ in places]
    for column, stack in stacks.items():
        if not column and labelled:
            continue
        groups = in_groups(places, [(baseline, baseline) for baseline, _ in stack], em)
        if groups is None:
            return None
        for row, group in zip(rows, groups, strict=True):
            if len(group) > 1 and sum(is_datum(stack[number][1]) for number in group) > 1:
                return None
            if group:
                row[column] = [piece for number in group for piece in stack[number][1]]
    return _labelled(rows, stacks.get(0, []), em) if labelled else rows


def _labelled(rows: list[Cells], stack: _Stack, em: float) -> list[Cells] | None:
    """Rows with the labels of the first column, each set in the middle of one row or several."""
    if not stack or not all(rows):
        return None if stack else rows
    extents = [extent(row) for row in rows]
    labels = _cells_of(stack, 0.0, em)
    for candidate in (labels, [[line] for line in stack]):
        groups = in_groups([_middle(label) for label in candidate], extents, em)
        if groups is None or not all(groups):
            continue
        for label, group in zip(candidate, groups, strict=True):
            for number in group:
                rows[number][0] = [piece for _, pieces in label for piece in pieces]
        return rows
    return _nearest_labelled(rows, extents, labels)


def _nearest_labelled(
    rows: list[Cells], extents: Sequence[tuple[float, float]], labels: Sequence[_Stack]
) -> list[Cells] | None:
    """Rows with each label on the one that it stands at; None where two stand at one."""
    for label in labels:
        off = [abs(sum(ends) / 2 - _middle(label)) for ends in extents]
        nearest = off.index(min(off))
        if 0 in rows[nearest]:
            return None
        rows[nearest][0] = [piece for _, pieces in label for piece in pieces]
    return rows
