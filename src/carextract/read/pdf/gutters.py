"""The gutters between columns of text, each as far down as nothing crosses it.

A gutter is looked for where lines begin: a place on the x axis that lines on its right start from
and no line crosses. Words of a stretched line and cells of a table also stand apart: a gutter has
running text on one side, and the other is running text too or holds notes on it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from carextract.read.pdf.bands import NOT_CROSSED, Item, is_left
from carextract.read.pdf.layout import Box, Segment, around

NARROWEST = 0.6
"""How wide a gutter is at least, in type sizes."""

LABEL = 3.0
"""Shorter pieces are numbers of a list or an equation, and no lines; in type sizes."""

FEWEST_LINES = 3
"""On either side of a gutter; where lines are full, or the gutter is known, fewer are enough."""

# All in type sizes (em).
_LEFT_EDGE = 1.0  # lines that begin so near to each other begin at one edge
_INDENT = 3.0  # how far from the edge of its column a line may begin
_NARROWEST_TEXT = 8.0  # a column of running text is wider
_NARROWEST_NOTE = 4.0
_STRETCH = 2.7  # the widest gap between words of a stretched line
_SAME_LINE = 0.2  # how far baselines of one line may differ

_FEWEST_FULL_LINES = 2  # are enough where the left ones are full, and the right but for the last
_FULL, _ONE_OF_TWO = 0.85, 0.55
_FILLED = 0.62  # how much of its column a line of running text fills, on average
_FILLED_AS_KNOWN = 0.4  # where the page has a gutter at the same place in another band
_IN_ROWS = 0.6  # if more lines than this stand on the baselines beside them, it is a table
_MAY_STICK_OUT = 20  # one line in so many
_MOST_EDGES = 10  # to look at, those with the most lines; only tables have more


@dataclass(frozen=True, slots=True)
class Gutter:
    """A gutter: the place where the column on its right begins, and the items it runs past."""

    x: float
    first: int
    last: int  # items[first:last], ordered from top to bottom, stand beside it
    height: float
    sides: Sides


@dataclass(frozen=True, slots=True)
class Sides:
    """The lines on both sides of a gutter, and where those on the left end."""

    left: tuple[Segment, ...]
    right: tuple[Segment, ...]
    left_end: float


def tallest_gutter(
    items: Sequence[Item], x0: float, em: float, known: Sequence[float]
) -> Gutter | None:
    """The gutter that runs furthest down, with running text beside it."""
    found: list[Gutter] = []
    edges = sorted(_edges(items, x0, em), key=lambda edge: -edge[1])
    for x, lines in edges[:_MOST_EDGES]:
        is_known = any(abs(x - other) < _LEFT_EDGE * em for other in known)
        if lines >= _FEWEST_FULL_LINES or is_known:
            found += _gutters(items, x, em, is_known=is_known)
    return max(found, key=lambda gutter: (gutter.height, gutter.x), default=None)


def _edges(items: Sequence[Item], x0: float, em: float) -> Iterator[tuple[float, int]]:
    """The places that lines begin at, but for the first column, and how many begin near each."""
    starts = sorted(item.box.x0 for item in items if item.box.x0 > x0 + _NARROWEST_NOTE * em)
    edge = float("-inf")
    for i, start in enumerate(starts):
        if start > edge + _LEFT_EDGE * em:
            edge = start
            yield edge, bisect_right(starts, edge + _INDENT * em) - i


def _gutters(items: Sequence[Item], x: float, em: float, *, is_known: bool) -> list[Gutter]:
    """The gutters at one place: each from something that crosses it to the next."""
    for reach in (x + NOT_CROSSED * em, x - NARROWEST * em):
        found = list(_gutters_between(items, x, reach, em, is_known=is_known))
        if found:
            return found
    return []


def _gutters_between(
    items: Sequence[Item], x: float, reach: float, em: float, *, is_known: bool
) -> Iterator[Gutter]:
    """The gutters at one place between items that begin left of it and reach a place near it."""
    crossing = [i for i, item in enumerate(items) if item.box.x1 > reach and is_left(item, x, em)]
    fewest = 2 if is_known else 2 * _FEWEST_FULL_LINES
    page_bottom = max(item.box.bottom for item in items)
    for before, after in pairwise([-1, *crossing, len(items)]):
        if after - before <= fewest:
            continue
        first, top = before + 1, items[0].box.top
        last, bottom = after, page_bottom
        if before >= 0:
            top = items[before].box.bottom
            while first < last and _on_one_line(items[first], items[before]):
                first += 1
        if after < len(items):
            bottom = items[after].box.top
            while last > first and _on_one_line(items[last - 1], items[after]):
                last -= 1
        sides = _sides(items[first:last], x, em, is_known=is_known)
        if sides is not None:
            yield Gutter(x, first, last, bottom - top, sides)


def _on_one_line(one: Item, other: Item) -> bool:
    return (
        isinstance(one, Segment)
        and isinstance(other, Segment)
        and abs(one.baseline - other.baseline) < _SAME_LINE * max(one.size, other.size)
    )


def _sides(items: Sequence[Item], x: float, em: float, *, is_known: bool) -> Sides | None:
    """The lines on both sides of a place, or None if there is no gutter beside these items."""
    left = [item for item in items if is_left(item, x, em)]
    fewest = 1 if is_known else _FEWEST_FULL_LINES
    if not fewest <= len(left) <= len(items) - fewest:
        return None
    right = [item for item in items if not is_left(item, x, em)]
    end = _end(left)
    if end > x - NARROWEST * em:
        return None
    before, after = _lines_before(left, end, em), _lines_from(right, x, em)
    lines = min(len(before), len(after))
    if lines < fewest:
        return None
    filled = _FILLED_AS_KNOWN if is_known else _FILLED
    is_few = lines < FEWEST_LINES and not is_known
    is_left_text = is_text(before, em, filled=_FULL if is_few else filled, among=left)
    is_right_text = is_text(after, em, filled=_ONE_OF_TWO if is_few else filled, among=right)
    are_columns = is_left_text and is_right_text
    if lines >= FEWEST_LINES and not are_columns:
        are_columns = (is_left_text and _are_notes(after, before, em)) or (
            is_right_text and _are_notes(before, after, em)
        )
    return Sides(tuple(before), tuple(after), end) if are_columns else None


def _end(items: Sequence[Item]) -> float:
    """Where a column ends; a line in twenty that sticks out does not close a gutter."""
    ends = sorted(item.box.x1 for item in items)
    return ends[-1 - len(ends) // _MAY_STICK_OUT]


def _lines_before(items: Sequence[Item], end: float, em: float) -> list[Segment]:
    """The lines of the column that ends at a place; what is further left is another column."""
    lines = [item for item in items if isinstance(item, Segment)]
    at_end = [line for line in lines if line.box.x1 > end - _INDENT * em]
    if not at_end:
        return []
    begin = min(line.box.x0 for line in at_end) - NOT_CROSSED * em
    return [line for line in lines if line.box.x0 > begin and line.box.width > LABEL * em]


def _lines_from(items: Sequence[Item], x: float, em: float) -> list[Segment]:
    """The lines of the column that begins at a place."""
    return [
        item
        for item in items
        if isinstance(item, Segment)
        and item.box.x0 < x + _INDENT * em
        and item.box.width > LABEL * em
    ]


def is_text(
    lines: Sequence[Segment], em: float, *, filled: float = _FILLED, among: Sequence[Item] = ()
) -> bool:
    """Whether lines fill their column, as running text does and cells of a table do not.

    Words of stretched lines are among other items: those near to each other fill the room between.
    """
    box = around(line.box for line in lines)
    if box.width < _NARROWEST_TEXT * em:
        return False
    baselines = sorted(line.baseline for line in lines)
    rows = 1 + sum(below - above > _SAME_LINE * em for above, below in pairwise(baselines))
    ink = sum(line.box.width for line in lines)
    if among and ink <= filled * rows * box.width:
        words = [item for item in among if isinstance(item, Segment) and _is_within(item, box, em)]
        ink = sum(word.box.width for word in words) + sum(_stretches(words, em))
    return ink > filled * rows * box.width


def _is_within(item: Item, box: Box, em: float) -> bool:
    return item.box.x0 > box.x0 - _SAME_LINE * em and item.box.x1 < box.x1 + _SAME_LINE * em


def _stretches(words: Sequence[Segment], em: float) -> Iterator[float]:
    """The gaps between words of one line, as far as they are not too wide for that."""
    for word, after in pairwise(sorted(words, key=lambda word: (word.baseline, word.box.x0))):
        gap = after.box.x0 - word.box.x1
        if _on_one_line(word, after) and 0 < gap < _STRETCH * em:
            yield gap


def _are_notes(lines: Sequence[Segment], text: Sequence[Segment], em: float) -> bool:
    """Whether lines beside running text are notes, and no cells that stand in its rows."""
    if around(line.box for line in lines).width < _NARROWEST_NOTE * em:
        return False
    rows = sorted(line.baseline for line in text)
    in_rows = sum(_is_near(line.baseline, rows, _SAME_LINE * em) for line in lines)
    return in_rows < _IN_ROWS * len(lines)


def _is_near(value: float, ordered: Sequence[float], distance: float) -> bool:
    at = bisect_left(ordered, value - distance)
    return at < len(ordered) and ordered[at] < value + distance
