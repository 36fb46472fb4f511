"""A table as lines of text: a row a line, the header one line, cells apart by bars.

Such lines are what the rules read as a table: `CRS grade 1 | CRS grade 2`.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from carextract.read.pdf.layout import NO_BOX, Cell, Grid, Row, Segment, joined

_BAR = " | "
_EMPTY = "-"


def table_lines(grid: Grid) -> list[Segment]:
    """The lines of a table: one for its header, if it has one, and one for each row.

    A cell of the header over several columns is said again before each head below it. An empty
    cell is a dash that is nowhere on the page.
    """
    lines = [_line(row) for row in grid.rows[grid.heads :]]
    if grid.heads:
        lines.insert(0, _line(_header(grid)))
    return [line for line in lines if line is not None]


def _header(grid: Grid) -> list[Segment | None]:
    """The heads of each column, from the top down, as one."""
    heads: list[list[Segment]] = [[] for _ in grid.rows[0]]
    for number, row in enumerate(grid.rows[: grid.heads]):
        for column, cell in enumerate(row):
            if cell is not None:
                for under in range(column, column + grid.spans.get((number, column), 1)):
                    heads[under].append(cell.content)
    return [joined(own, [" "] * (len(own) - 1)) if own else None for own in heads]


def _line(cells: Row | Iterable[Cell | Segment | None]) -> Segment | None:
    """Cells side by side; None where all are empty."""
    contents = [cell.content if isinstance(cell, Cell) else cell for cell in cells]
    printed = [content for content in contents if content is not None]
    if not printed:
        return None
    first = printed[0]
    empty = Segment(_EMPTY, array("f", NO_BOX), first.box, first.baseline, first.size)
    pieces = [content or empty for content in contents]
    return joined(pieces, [_BAR] * (len(pieces) - 1))
