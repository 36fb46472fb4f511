"""A region of the page to the grid of its table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from carextract.read.pdf.layout import Box, Cell, Grid, Row, Segment
from carextract.read.pdf.tables.columns import Cells, Columns, cells_of, columns_of, crosses
from carextract.read.pdf.tables.heads import Head, heads_of
from carextract.read.pdf.tables.lines import Line, content, lines_of
from carextract.read.pdf.tables.regions import Region
from carextract.read.pdf.tables.rows import RowLine, rows_of, with_group_labels

_MOST_COLUMNS = 40
_FEWEST_ROWED = 2  # bands between rules of which each is a row


def open_grid(region: Region) -> Grid | None:
    """The grid of a table without vertical rules; None where no columns are found."""
    levels = region.levels
    head_end = _head_end(region)
    head = region.between(levels[0], head_end) if head_end else []
    bands = [
        lines_of(region.between(top, bottom))
        for top, bottom in pairwise([head_end or levels[0], *(y for y in levels if y > (head_end or levels[0]))])
    ]
    body = [line for band in bands for line in band]
    columns = columns_of(body, lines_of(head), region.box.x0, region.box.x1, region.em)
    if columns is None or len(columns) > _MOST_COLUMNS:
        return None
    return grid_in(columns, head, bands, region)


def grid_in(
    columns: Columns, head: Sequence[Segment], bands: Sequence[Sequence[Line]], region: Region
) -> Grid | None:
    """The grid of lines whose columns are known."""
    em = region.em
    ruled = len(bands) > _FEWEST_ROWED
    rows: list[Cells] = []
    for band in bands:
        lines = [
            RowLine(line.baseline, cells_of(line, columns, em), crosses(line, columns, em))
            for line in band
        ]
        found = rows_of(lines, len(columns), em, ruled=ruled)
        if found is None:
            return None
        rows.extend(found)
    rows = with_group_labels(rows, em)
    if not rows:
        return None
    heads = heads_of(head, region.partial, columns, em)
    return _grid(heads, rows, columns, region)


def _head_end(region: Region) -> float | None:
    """Where the header ends: at the second rule of three and more."""
    levels = region.levels
    return levels[1] if len(levels) > 2 else None


def _grid(
    heads: Sequence[Head], rows: Sequence[Cells], columns: Columns, region: Region
) -> Grid:
    depth = max((head.level + 1 for head in heads), default=0)
    printed: list[list[Cell | None]] = [[None] * len(columns) for _ in range(depth)]
    spans: dict[tuple[int, int], int] = {}
    for head in heads:
        printed[head.level][head.first] = _cell(head.lines, columns, head.first, head.span)
        if head.span > 1:
            spans[head.level, head.first] = head.span
    body: list[Row] = [
        tuple(_cell(row[c], columns, c) if c in row else None for c in range(len(columns)))
        for row in rows
    ]
    return Grid((*map(tuple, printed), *body), depth, spans)


def _cell(pieces: Sequence[Segment], columns: Columns, column: int, span: int = 1) -> Cell:
    whole = content(pieces)
    left, right = columns.bounds(column, span)
    box = Box(min(left, whole.box.x0), whole.box.top, max(right, whole.box.x1), whole.box.bottom)
    return Cell(whole, box)
