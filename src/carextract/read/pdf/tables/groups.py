"""Labels of groups of rows, which stand once in the first column: said again on each row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from carextract.read.pdf.layout import Segment
from carextract.read.pdf.tables.centred import extent, in_groups
from carextract.read.pdf.tables.columns import Cells


def with_group_labels(rows: Sequence[Cells], count: int, em: float) -> list[Cells]:
    """Rows with the label of their group in the first column, where it is sure which are a group.

    A label stands at the first row of its group, or in the middle of it. Where both can be, labels
    stay where they are. A row that is not filled may go on with another: it is given no label.
    """
    labels = [row for row in rows if 0 in row]
    unnamed = [row for row in rows if 0 not in row]
    if not labels or not unnamed or not all(1 in row and 2 * len(row) >= count for row in unnamed):
        return list(rows)
    middles = [sum(extent({0: row[0]})) / 2 for row in labels]
    groups = in_groups(middles, [extent(row) for row in rows], em)
    centred = groups is not None and all(groups)
    if centred == (0 in rows[0]) or len(labels) == 1:
        return list(rows)
    if groups is None or not centred:
        starts = [number for number, row in enumerate(rows) if 0 in row]
        groups = [list(range(*ends)) for ends in pairwise([*starts, len(rows)])]
    return _said_again([row[0] for row in labels], groups, rows)


def with_one_label(rows: Sequence[Cells]) -> list[Cells]:
    """Rows between two rules, each with the one label that there is among them."""
    labels = [row[0] for row in rows if 0 in row]
    if len(labels) != 1 or len(rows) == 1 or not all(1 in row for row in rows):
        return list(rows)
    return _said_again(labels, [list(range(len(rows)))], rows)


def _said_again(
    labels: Sequence[list[Segment]], groups: Sequence[Sequence[int]], rows: Sequence[Cells]
) -> list[Cells]:
    """Rows in groups, each with the label of its group."""
    named = [{column: own for column, own in row.items() if column} for row in rows]
    for label, group in zip(labels, groups, strict=True):
        for number in group:
            named[number] = {0: label, **named[number]}
    return named
