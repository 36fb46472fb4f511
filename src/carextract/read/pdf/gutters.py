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

from carextract.read.pdf.bands import NOT_CROSSED, Item, height_of, is_left
from carextract.read.pdf.layout import Box, Segment, around
from carextract.read.pdf.sentences import ends_sentence

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
_FLUSH = 0.2  # how far ends of full lines may differ
_NARROWEST_CENTRED = 1.0  # a gutter in the middle between the sides of the page
_WIDEST_HALF = 2.5  # of it

_FEWEST_FULL_LINES = 2  # are enough where the left ones are full, and the right but for the last
_FULL, _ONE_OF_TWO = 0.85, 0.55
_FILLED = 0.62  # how much of its column a line of running text fills, on average
_FILLED_AS_KNOWN = 0.4  # where the page has a gutter at the same place in another band
_IN_ROWS = 0.6  # if more lines than this stand on the baselines beside them, it is a table
_IN_MOST_ROWS = 0.8  # the same where it is not sure that there is text at all
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


@dataclass(frozen=True, slots=True)
class _Place:
    """A place where a gutter may end, between the sides of a part of the page, for type of `em`.

    It is known if the page has a gutter there in another band.
    """

    x: float
    x0: float
    x1: float
    em: float
    is_known: bool

    @property
    def is_near_middle(self) -> bool:
        """Whether columns of one width may stand on its left and right."""
        return 0 < self.x - (self.x0 + self.x1) / 2 < _WIDEST_HALF * self.em

    def is_centred(self, end: float) -> bool:
        """Whether columns of one width do, if the left one ends at some place."""
        difference = (end - self.x0) - (self.x1 - self.x)
        return self.x - end > _NARROWEST_CENTRED * self.em and abs(difference) < self.em


def tallest_gutter(
    items: Sequence[Item], x0: float, x1: float, em: float, known: Sequence[float]
) -> Gutter | None:
    """The gutter that runs furthest down, with running text beside it, between two sides."""
    found: list[Gutter] = []
    edges = sorted(_edges(items, x0, em), key=lambda edge: -edge[1])
    for x, lines in edges[:_MOST_EDGES]:
        is_known = any(abs(x - other) < _LEFT_EDGE * em for other in known)
        place = _Place(x, x0, x1, em, is_known)
        if lines >= _FEWEST_FULL_LINES or is_known or place.is_near_middle:
            found += _gutters(items, place)
    return max(found, key=lambda gutter: (gutter.height, gutter.x), default=None)


def _edges(items: Sequence[Item], x0: float, em: float) -> Iterator[tuple[float, int]]:
    """The places that lines begin at, but for the first column, and how many begin near each."""
    starts = sorted(item.box.x0 for item in items if item.box.x0 > x0 + _NARROWEST_NOTE * em)
    edge = float("-inf")
    for i, start in enumerate(starts):
        if start > edge + _LEFT_EDGE * em:
            edge = start
            yield edge, bisect_right(starts, edge + _INDENT * em) - i


def _gutters(items: Sequence[Item], place: _Place) -> list[Gutter]:
    """The gutters at one place: each from something that crosses it to the next."""
    x, em = place.x, place.em
    for reach in (x + NOT_CROSSED * em, x - NARROWEST * em):
        found = list(_gutters_between(items, place, reach))
        if found:
            return found
    return []


def _gutters_between(items: Sequence[Item], place: _Place, reach: float) -> Iterator[Gutter]:
    """The gutters at one place between items that begin left of it and reach a place near it."""
    x, em = place.x, place.em
    crossing = [i for i, item in enumerate(items) if item.box.x1 > reach and is_left(item, x, em)]
    fewest = 2 if place.is_known else _FEWEST_FULL_LINES + 1
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
        sides = _sides(items[first:last], place)
        if sides is not None:
            yield Gutter(x, first, last, bottom - top, sides)


def _on_one_line(one: Item, other: Item) -> bool:
    return (
        isinstance(one, Segment)
        and isinstance(other, Segment)
        and abs(one.baseline - other.baseline) < _SAME_LINE * max(one.size, other.size)
    )


def _sides(items: Sequence[Item], place: _Place) -> Sides | None:
    """The lines on both sides of a place, or None if there is no gutter beside these items."""
    x, em = place.x, place.em
    left = [item for item in items if is_left(item, x, em)]
    right = [item for item in items if not is_left(item, x, em)]
    if not left or not right:
        return None
    end = _end(left)
    if end > x - NARROWEST * em:
        return None
    before, after = _lines_before(left, end, em), _lines_from(right, x, em)
    if not before or not after:
        return None
    lines = min(len(before), len(after))
    if lines >= FEWEST_LINES or place.is_known:
        filled = _FILLED_AS_KNOWN if place.is_known else _FILLED
        is_left_text = is_text(before, em, filled=filled, among=left)
        is_right_text = is_text(after, em, filled=filled, among=right)
        are_columns = is_left_text and is_right_text
        if lines >= FEWEST_LINES and not are_columns:
            are_columns = (
                (is_left_text and _are_notes(after, before, em))
                or (is_right_text and _are_notes(before, after, em))
                or (place.is_centred(end) and _are_independent(before, after, em))
            )
    elif lines >= _FEWEST_FULL_LINES:
        is_left_text = is_text(before, em, filled=_FULL, among=left)
        are_columns = is_left_text and is_text(after, em, filled=_ONE_OF_TWO, among=right)
    else:
        are_columns = place.is_centred(end) and _flows_over(before, after, place, end)
    return Sides(tuple(before), tuple(after), end) if are_columns else None


def _are_independent(before: Sequence[Segment], after: Sequence[Segment], em: float) -> bool:
    """Whether lines in columns of one width stand in no common rows, as lists beside each other."""
    if min(around(line.box for line in side).width for side in (before, after)) < (
        _NARROWEST_TEXT * em
    ):
        return False
    shares = _share_in_rows(before, after, em), _share_in_rows(after, before, em)
    return max(shares) < _IN_MOST_ROWS


def _flows_over(
    before: Sequence[Segment], after: Sequence[Segment], place: _Place, end: float
) -> bool:
    """Whether full lines on the left go on in a line or two at the top of the right column."""
    em = place.em
    last, first = max(before, key=height_of), min(after, key=height_of)
    return (
        len(before) >= _FEWEST_FULL_LINES
        and all(line.box.x1 > end - _FLUSH * em for line in before)
        and is_text(before, em, filled=_FULL)
        and abs(min(map(height_of, before)) - first.baseline) < NOT_CROSSED * em
        and first.box.x0 < place.x + NOT_CROSSED * em
        and not ends_sentence(last.text, first.text)
    )


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
    return _share_in_rows(lines, text, em) < _IN_ROWS


def _share_in_rows(lines: Sequence[Segment], text: Sequence[Segment], em: float) -> float:
    """How many of some lines stand on the baseline of one of the others."""
    rows = sorted(line.baseline for line in text)
    in_rows = sum(_is_near(line.baseline, rows, _SAME_LINE * em) for line in lines)
    return in_rows / len(lines)


def _is_near(value: float, ordered: Sequence[float], distance: float) -> bool:
    at = bisect_left(ordered, value - distance)
    return at < len(ordered) and ordered[at] < value + distance
