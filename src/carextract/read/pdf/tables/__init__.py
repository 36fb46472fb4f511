"""Tables of a page: captions, the rules under them, and the rows and cells between these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from carextract.read.pdf.layout import Block, Box, Grid, Role, Rule, Segment, around
from carextract.read.pdf.tables.captions import captions
from carextract.read.pdf.tables.continued import continued, may_go_on
from carextract.read.pdf.tables.grids import grid_of
from carextract.read.pdf.tables.regions import Region, regions

__all__ = ["tables"]

_MOST_RULES = 1000  # a page with more of them has a drawing on it


def tables(
    segments: Sequence[Segment], rules: Callable[[], Sequence[Rule]], width: float, height: float
) -> tuple[list[Block], list[Segment]]:
    """The tables of a page, each a caption and a grid, and the segments that are in none.

    A table that goes on from the page before may have no caption, and then its grid may have no
    heads. `rules` is asked only where a table may be.
    """
    titles = captions(segments)
    goes_on = may_go_on(segments, height)
    if not titles and not goes_on:
        return [], list(segments)
    drawn = [rule.box for rule in rules()]
    if len(drawn) > _MOST_RULES:
        return [], list(segments)
    blocks: list[Block] = []
    taken: set[int] = set()
    for region, grid in _found(segments, titles, drawn, height, goes_on=goes_on):
        if any(id(segment) in taken for segment in (*region.caption, *region.segments)):
            continue
        if region.caption:
            box = around(line.box for line in region.caption)
            blocks.append(Block(Role.CAPTION, region.caption, box))
        blocks.append(Block(Role.TABLE, region.segments, region.box, grid))
        taken.update(id(segment) for segment in (*region.caption, *region.segments))
    return blocks, [segment for segment in segments if id(segment) not in taken]


def _found(
    segments: Sequence[Segment],
    titles: Sequence[Segment],
    drawn: Sequence[Box],
    height: float,
    *,
    goes_on: bool,
) -> Iterator[tuple[Region, Grid]]:
    """The tables under captions, and the one that goes on from the page before."""
    for region in regions(titles, segments, drawn, height):
        grid = grid_of(region)
        if grid is not None:
            yield region, grid
    if goes_on:
        floor = min((title.box.top for title in titles), default=height)
        found = continued(segments, drawn, floor, height)
        if found is not None:
            yield found
