"""A region of the page to the grid of its table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile

from carextract.read.pdf.layout import Box, Cell, Grid, Row, Segment
from carextract.read.pdf.tables.captions import is_continued
from carextract.read.pdf.tables.columns import Cells, Columns, row_line
from carextract.read.pdf.tables.groups import with_group_labels, with_one_label
from carextract.read.pdf.tables.gutters import columns_of
from carextract.read.pdf.tables.heads import Head, heads_of
from carextract.read.pdf.tables.lines import Line, content, lines_of
from carextract.read.pdf.tables.regions import Region
from carextract.read.pdf.tables.rows import rows_of
from carextract.read.pdf.tables.ruled import drawn_columns, has_merged_rows, merged_grid
from carextract.read.pdf.tables.wrapping import is_datum

_MOST_COLUMNS = 40
_MOST_HEAD_LINES = 3  # without a rule under them
_BELOW = 0.3  # em: type reaches so far below its baseline
_FEWEST_ROWS = 2
_FEWEST_ROWED = 2  # bands between rules of which each is a row


def grid_of(region: Region) -> Grid | None:
    """The grid of a table; None where no columns or no rows can be told.

    Only a table that goes on from the page before may have no header.
    """
    grid = _grid_of(region)
    if grid is None or grid.heads or not region.caption:
        return grid
    if any(is_continued(line.text) for line in region.caption):
        return grid
    return Grid(grid.rows, 1)


def _grid_of(region: Region) -> Grid | None:
    levels = region.levels
    head_end = _head_end(region)
    head = region.between(levels[0], head_end)
    bands = [
        lines_of(region.between(top, bottom))
        for top, bottom in pairwise([head_end, *(y for y in levels if y > head_end)])
    ]
    drawn = drawn_columns(region)
    body = [line for band in bands for line in band]
    columns = columns_of(body, lines_of(head), region.box.x0, region.box.x1, region.em)
    if drawn is not None and (columns is None or len(columns) <= len(drawn) or len(drawn) > 2):
        if has_merged_rows(region, head_end):
            return merged_grid(region, drawn, head_end)
        columns = drawn
    if columns is None or len(columns) > _MOST_COLUMNS:
        return None
    return _grid_in(columns, head, bands, region)


def _head_end(region: Region) -> float:
    """How far down the header goes: to the second rule, or as far as no line has figures.

    Under a rule at the top of a page, where a table goes on, there may be rows at once.
    """
    first, second, *more = region.levels
    if more and (region.caption or not any(_has_figures(s) for s in region.between(first, second))):
        return second
    lines = lines_of(region.segments)
    named = list(takewhile(lambda line: not any(map(_has_figures, line.pieces[1:])), lines))
    is_head = named and len(named) <= _MOST_HEAD_LINES and len(named[0].pieces) > 1
    figures = sum(any(map(_has_figures, line.pieces[1:])) for line in lines)
    if more or not is_head or figures < len(lines) - len(named):
        return first
    return named[-1].baseline + _BELOW * region.em


def _has_figures(segment: Segment) -> bool:
    return is_datum([segment])


def _grid_in(
    columns: Columns, head: Sequence[Segment], bands: Sequence[Sequence[Line]], region: Region
) -> Grid | None:
    """The grid of lines whose columns are known."""
    em = region.em
    ruled = len(bands) > _FEWEST_ROWED
    rows: list[Cells] = []
    for band in bands:
        lines = [row_line(line, columns, em) for line in band]
        found = rows_of(lines, len(columns), em, ruled=ruled)
        if found is None:
            return None
        rows.extend(with_one_label(found) if ruled else found)
    rows = with_group_labels(rows, len(columns), em)
    if len(rows) < (1 if head else _FEWEST_ROWS):
        return None
    heads = heads_of(head, region.partial, columns, em)
    return _grid(heads, rows, columns, region)


def _grid(heads: Sequence[Head], rows: Sequence[Cells], columns: Columns, region: Region) -> Grid:
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
