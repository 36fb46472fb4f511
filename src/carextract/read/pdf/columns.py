"""The columns of a page: cut it along its gutters, and put the parts in reading order.

What crosses a gutter (a title, an abstract, a table as wide as the page) cuts the page into bands
above each other. The tallest gutter is cut first, and each part is looked at again: three columns
are two cuts, and bands within a column are found too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from carextract.read.pdf.bands import Item, band, height_of, is_left
from carextract.read.pdf.gutters import FEWEST_LINES, LABEL, NARROWEST, is_text, tallest_gutter
from carextract.read.pdf.layout import Segment, around

_OVERLAP = 0.2  # em: how far items above each other may overlap
_WIDE = 0.5  # lines of more than this share of the width of their column show where its text is
_NARROW = 0.55  # a column of less than this share of the one beside it may hold notes
_SMALLER = 0.95  # the size of notes, against that of the text
_DEEPEST = 12  # cuts within cuts


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in one column of one band, and the sides that its text runs between."""

    items: tuple[Item, ...]
    x0: float
    x1: float
    is_note: bool = False


def columns(items: Sequence[Item], em: float) -> list[Column]:
    """The columns of a page in reading order, for type of `em` points."""
    if not items:
        return []
    ordered = sorted(items, key=_position)
    box = around(item.box for item in items)
    return list(_cut(ordered, box.x0, box.x1, em, known=[], depth=0))


def _position(item: Item) -> tuple[float, float, float]:
    """What items are ordered by: from top to bottom, then from left to right."""
    return height_of(item), item.box.x0, item.box.x1


def _cut(
    items: Sequence[Item],
    x0: float,
    x1: float,
    em: float,
    *,
    known: list[float],
    depth: int,
    is_note: bool = False,
) -> Iterator[Column]:
    """Cut a part of a page along its tallest gutter, and the parts again."""
    if not items:
        return
    gutter = None
    if depth < _DEEPEST and _has_neighbours(items, em):
        gutter = tallest_gutter(items, x0, x1, em, known)
    if gutter is None:
        yield from _one_column(items, x0, x1, em, is_note=is_note)
        return
    known = [*known, gutter.x]
    first, last = band(items, gutter.first, gutter.last, gutter.x, em)
    beside = items[first:last]
    on_left = [item for item in beside if is_left(item, gutter.x, em)]
    on_right = [item for item in beside if not is_left(item, gutter.x, em)]
    sides, end = gutter.sides, gutter.sides.left_end
    left_is_note = is_note or _is_aside(sides.left, end - x0, sides.right, x1 - gutter.x, em)
    right_is_note = is_note or _is_aside(sides.right, x1 - gutter.x, sides.left, end - x0, em)
    for part, left, right, aside in (
        (items[:first], x0, x1, is_note),
        (on_left, x0, end, left_is_note),
        (on_right, gutter.x, x1, right_is_note),
        (items[last:], x0, x1, is_note),
    ):
        yield from _cut(part, left, right, em, known=known, depth=depth + 1, is_note=aside)


def _one_column(
    items: Sequence[Item], x0: float, x1: float, em: float, *, is_note: bool
) -> Iterator[Column]:
    """A column, and a line or two of notes in the margin beside it, too few to have a gutter."""
    wide = [item for item in items if item.box.width > _WIDE * (x1 - x0)]
    margin: set[int] = set()
    if len(wide) >= FEWEST_LINES:
        left = min(item.box.x0 for item in wide) - NARROWEST * em
        right = max(item.box.x1 for item in wide) + NARROWEST * em
        margin.update(
            id(item)
            for item in items
            if (item.box.x1 < left or item.box.x0 > right)
            and item.box.width > LABEL * em
            and any(_are_beside(item, line) for line in wide)
        )
    yield Column(tuple(item for item in items if id(item) not in margin), x0, x1, is_note)
    if margin:
        notes = tuple(item for item in items if id(item) in margin)
        yield Column(notes, *around(item.box for item in notes)[0::2], is_note=True)


def _are_beside(one: Item, other: Item) -> bool:
    return one.box.top < other.box.bottom and one.box.bottom > other.box.top


def _is_aside(
    lines: Sequence[Segment], width: float, beside: Sequence[Segment], room: float, em: float
) -> bool:
    """Whether lines in a narrow column are notes on the text beside: set smaller, or no text."""
    if width > _NARROW * room:
        return False
    return not is_text(lines, em) or _size(lines) < _SMALLER * _size(beside)


def _size(lines: Sequence[Segment]) -> float:
    return median(line.size for line in lines)


def _has_neighbours(items: Sequence[Item], em: float) -> bool:
    """Whether anything stands beside anything else; most parts of a page are one column."""
    reached = float("-inf")
    for item in items:
        if item.box.top < reached - _OVERLAP * em:
            return True
        reached = max(reached, item.box.bottom)
    return False
