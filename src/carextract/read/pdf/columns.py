"""The columns of a page: cut it along its gutters, and put the parts in reading order.

A gutter is looked for where lines begin: a place on the x axis that lines on its right start from
and no line crosses, for as far down as that holds. What crosses it (a title, an abstract, a table
as wide as the page) cuts the page into bands above each other. The tallest gutter is cut first, and
each part is looked at again, so three columns are two cuts and a band in a column is found too.
Words of a stretched line and cells of a table also stand apart; a gutter has running text beside.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from carextract.read.pdf.bands import NOT_CROSSED, Item, band, height_of, is_left
from carextract.read.pdf.layout import Segment, around

# All in type sizes (em).
_LEFT_EDGE = 1.0  # lines that begin so near to each other begin at one edge
_INDENT = 3.0  # how far from the edge of its column a line may begin
_NARROWEST_GUTTER = 0.6
_LABEL = 3.0  # shorter pieces are numbers of a list or an equation, and no line
_NARROWEST_TEXT = 8.0  # a column of running text is wider
_NARROWEST_NOTE = 4.0
_SAME_LINE = 0.2  # how far baselines of one line may differ

_FEWEST_LINES = 3  # on either side of a gutter, unless the page has one at the same place
_FILLED = 0.62  # how much of its column a line of running text fills, on average
_FILLED_AS_KNOWN = 0.4  # where the page has a gutter at the same place in another band
_WIDE = 0.5  # lines of more than this share of the width of their column show where its text is
_IN_ROWS = 0.6  # if more lines than this stand on the baselines beside them, it is a table
_NARROW = 0.55  # a column of less than this share of the one beside it may hold notes
_SMALLER = 0.95  # the size of notes, against that of the text
_MOST_OUT = 20
_MOST_EDGES = 10  # to look at, those with the most lines; only tables have more
_DEEPEST = 12  # cuts within cuts


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in one column of one band, and the sides that its text runs between."""

    items: tuple[Item, ...]
    x0: float
    x1: float
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class _Gutter:
    """A gutter: the place where the column on its right begins, and the items it runs past."""

    x: float
    first: int
    last: int  # items[first:last], ordered from top to bottom, stand beside it
    height: float
    sides: _Sides


@dataclass(frozen=True, slots=True)
class _Sides:
    """The lines on both sides of a gutter, and where those on the left end."""

    left: tuple[Segment, ...]
    right: tuple[Segment, ...]
    left_end: float


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
        gutter = _tallest_gutter(items, x0, em, known)
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
    if len(wide) >= _FEWEST_LINES:
        left = min(item.box.x0 for item in wide) - _NARROWEST_GUTTER * em
        right = max(item.box.x1 for item in wide) + _NARROWEST_GUTTER * em
        margin.update(
            id(item)
            for item in items
            if (item.box.x1 < left or item.box.x0 > right)
            and item.box.width > _LABEL * em
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
    return not _is_text(lines, em) or _size(lines) < _SMALLER * _size(beside)


def _size(lines: Sequence[Segment]) -> float:
    return median(line.size for line in lines)


def _has_neighbours(items: Sequence[Item], em: float) -> bool:
    """Whether anything stands beside anything else; most parts of a page are one column."""
    reached = float("-inf")
    for item in items:
        if item.box.top < reached - _SAME_LINE * em:
            return True
        reached = max(reached, item.box.bottom)
    return False


def _tallest_gutter(
    items: Sequence[Item], x0: float, em: float, known: Sequence[float]
) -> _Gutter | None:
    """The gutter that runs furthest down, with running text beside it."""
    found: list[_Gutter] = []
    edges = sorted(_edges(items, x0, em), key=lambda edge: -edge[1])
    for x, lines in edges[:_MOST_EDGES]:
        is_known = any(abs(x - other) < _LEFT_EDGE * em for other in known)
        if lines >= _FEWEST_LINES or is_known:
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


def _gutters(items: Sequence[Item], x: float, em: float, *, is_known: bool) -> list[_Gutter]:
    """The gutters at one place: each from something that crosses it to the next."""
    for reach in (x + NOT_CROSSED * em, x - _NARROWEST_GUTTER * em):
        found = list(_gutters_between(items, x, reach, em, is_known=is_known))
        if found:
            return found
    return []


def _gutters_between(
    items: Sequence[Item], x: float, reach: float, em: float, *, is_known: bool
) -> Iterator[_Gutter]:
    """The gutters at one place between items that begin left of it and reach a place near it."""
    crossing = [i for i, item in enumerate(items) if item.box.x1 > reach and is_left(item, x, em)]
    fewest = 2 if is_known else 2 * _FEWEST_LINES
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
            yield _Gutter(x, first, last, bottom - top, sides)


def _on_one_line(one: Item, other: Item) -> bool:
    return (
        isinstance(one, Segment)
        and isinstance(other, Segment)
        and abs(one.baseline - other.baseline) < _SAME_LINE * max(one.size, other.size)
    )


def _sides(items: Sequence[Item], x: float, em: float, *, is_known: bool) -> _Sides | None:
    """The lines on both sides of a place, or None if there is no gutter beside these items."""
    left = [item for item in items if is_left(item, x, em)]
    fewest = 1 if is_known else _FEWEST_LINES
    if not fewest <= len(left) <= len(items) - fewest:
        return None
    right = [item for item in items if not is_left(item, x, em)]
    end = _end(left)
    if end > x - _NARROWEST_GUTTER * em:
        return None
    before, after = _lines_before(left, end, em), _lines_from(right, x, em)
    if (
        len(before) < fewest
        or len(after) < fewest
        or not _are_columns(before, after, em, filled=_FILLED_AS_KNOWN if is_known else _FILLED)
    ):
        return None
    return _Sides(tuple(before), tuple(after), end)


def _end(items: Sequence[Item]) -> float:
    """Where a column ends; a line in twenty that sticks out does not close a gutter."""
    ends = sorted(item.box.x1 for item in items)
    return ends[-1 - len(ends) // _MOST_OUT]


def _are_columns(
    left: Sequence[Segment], right: Sequence[Segment], em: float, *, filled: float
) -> bool:
    """Whether one side is running text, and the other is so too or holds notes on it."""
    is_left_text = _is_text(left, em, filled=filled)
    is_right_text = _is_text(right, em, filled=filled)
    if is_left_text and is_right_text:
        return True
    if is_left_text:
        return _are_notes(right, left, em)
    return is_right_text and _are_notes(left, right, em)


def _lines_before(items: Sequence[Item], end: float, em: float) -> list[Segment]:
    """The lines of the column that ends at a place; what is further left is another column."""
    lines = [item for item in items if isinstance(item, Segment)]
    at_end = [line for line in lines if line.box.x1 > end - _INDENT * em]
    if not at_end:
        return []
    begin = min(line.box.x0 for line in at_end) - NOT_CROSSED * em
    return [line for line in lines if line.box.x0 > begin and line.box.width > _LABEL * em]


def _lines_from(items: Sequence[Item], x: float, em: float) -> list[Segment]:
    """The lines of the column that begins at a place."""
    return [
        item
        for item in items
        if isinstance(item, Segment)
        and item.box.x0 < x + _INDENT * em
        and item.box.width > _LABEL * em
    ]


def _is_text(lines: Sequence[Segment], em: float, *, filled: float = _FILLED) -> bool:
    """Whether lines fill their column, as running text does and cells of a table do not."""
    box = around(line.box for line in lines)
    ink = sum(line.box.width for line in lines)
    baselines = sorted(line.baseline for line in lines)
    rows = 1 + sum(below - above > _SAME_LINE * em for above, below in pairwise(baselines))
    return box.width > _NARROWEST_TEXT * em and ink > filled * rows * box.width


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
