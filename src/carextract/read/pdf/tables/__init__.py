"""Tables of a page: captions, the rules under them, and the rows and cells between these."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from carextract.read.pdf.layout import Block, Role, Rule, Segment, around
from carextract.read.pdf.tables.captions import captions
from carextract.read.pdf.tables.grids import open_grid
from carextract.read.pdf.tables.regions import regions

__all__ = ["tables"]


def tables(
    segments: Sequence[Segment], rules: Callable[[], Sequence[Rule]], width: float, height: float
) -> tuple[list[Block], list[Segment]]:
    """The tables of a page, each a caption and a grid, and the segments that are in none.

    `rules` is asked only where a table may be.
    """
    titles = captions(segments)
    if not titles:
        return [], list(segments)
    drawn = [rule.box for rule in rules()]
    blocks: list[Block] = []
    taken: set[int] = set()
    for region in regions(titles, segments, drawn, height):
        grid = open_grid(region)
        if grid is None:
            continue
        if region.caption:
            box = around(line.box for line in region.caption)
            blocks.append(Block(Role.CAPTION, region.caption, box))
        blocks.append(Block(Role.TABLE, region.segments, region.box, grid))
        taken.update(id(segment) for segment in (*region.caption, *region.segments))
    return blocks, [segment for segment in segments if id(segment) not in taken]
