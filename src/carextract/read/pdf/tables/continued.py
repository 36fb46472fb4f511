"""Tables that go on from the page before, without a caption, at the top of a page."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from carextract.read.pdf.layout import Box, Grid, Segment
from carextract.read.pdf.tables.grids import grid_of
from carextract.read.pdf.tables.lines import lines_of
from carextract.read.pdf.tables.regions import Region, region_under
from carextract.read.pdf.tables.wrapping import is_datum

_TOP = 0.25  # of the height of the page
_SAME_LINE = 2.0  # points
_FEWEST_PIECES, _FEWEST_LINES = 3, 3
_MOST_LINES_ABOVE = 3  # the running head
_FIGURES = 0.3  # of the cells
_LONGEST = 30  # characters, of half of the cells


def may_go_on(segments: Sequence[Segment], height: float) -> bool:
    """Whether lines at the top of a page have as many pieces as rows of a table, and figures."""
    end = _TOP * height
    lines: dict[int, list[Segment]] = {}
    for segment in segments:
        if segment.baseline < end:
            lines.setdefault(int(segment.baseline / _SAME_LINE), []).append(segment)
    rows = [line for line in lines.values() if len(line) >= _FEWEST_PIECES]
    figures = sum(any(is_datum([piece]) for piece in row) for row in rows)
    return len(rows) >= _FEWEST_LINES and figures >= _FEWEST_LINES


def continued(
    segments: Sequence[Segment], rules: Sequence[Box], floor: float, height: float
) -> tuple[Region, Grid] | None:
    """The table under the first rules of a page, as far down as `floor`."""
    tops = [box for box in rules if box.width >= box.height and box.top < _TOP * height]
    for top in sorted(tops, key=lambda box: box.top):
        above = [s for s in segments if s.baseline < top.top and top.x0 < s.box.x1 < top.x1]
        if len(lines_of(above)) > _MOST_LINES_ABOVE:
            return None
        region = region_under(top, floor, segments, rules)
        grid = grid_of(region) if region is not None else None
        if region is not None and grid is not None and _is_tabular(grid):
            return region, grid
    return None


def _is_tabular(grid: Grid) -> bool:
    """Whether cells are short, and many of them figures: columns of prose are not."""
    rows = grid.rows[grid.heads :]
    cells = [cell.content for row in rows for cell in row[1:] if cell is not None]
    if len(rows) < _FEWEST_LINES or len(cells) < 2 * _FEWEST_LINES:
        return False
    figures = sum(is_datum([cell]) for cell in cells)
    return figures >= _FIGURES * len(cells) and median(len(c.text) for c in cells) <= _LONGEST
