"""Where columns begin and end on a page, between what stands above and below both of them.

What crosses a gutter bounds them. What does not cross it may still belong to the band above or
below: the short last line of an abstract, the name of an author over the right column, and the list
of references, which some journals set as two new columns below the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from carextract.read.pdf.layout import Block, Segment
from carextract.read.pdf.sentences import ends_sentence

Item = Segment | Block
"""What is put in order: a piece of a line, or a table that is one already."""

NOT_CROSSED = 0.5
"""How far a line may reach over the edge of a column, in type sizes."""

# All in type sizes (em).
_SAME_EDGE = 0.5
_HALF_LINE = 0.8  # lines that are nearer to each other stand in two columns
_NEXT_LINE = 1.8  # how far below a line the next of its paragraph may stand
_SAME_LINE = 0.2  # how far baselines of one line may differ
_SET_APART = 3.0  # names in one line
_GAP = 0.8  # between an author's name and the columns
_STRIP = 1.5  # empty from one side of the page to the other: a new band, or a coincidence
_AT_EDGE = 1.0

_MOST_LINES = 4  # of names and addresses over the right column
_SHORT = 0.7  # of the width of the column: shorter than a line of text
_OTHER_SIZE = 0.08


def is_left(item: Item, x: float, em: float) -> bool:
    """Whether an item stands left of a column that begins at a place, or reaches over it."""
    return item.box.x0 < x - NOT_CROSSED * em


def height_of(item: Item) -> float:
    """Where an item stands from top to bottom."""
    if isinstance(item, Segment):
        return item.baseline
    return (item.box.top + item.box.bottom) / 2


def band(items: Sequence[Item], first: int, last: int, x: float, em: float) -> tuple[int, int]:
    """Which of the items beside a gutter, items[first:last], are in the columns beside it."""
    first += _end_of_paragraph(items, first, last, x, em)
    first += _line_over_both(items[first:last], x, em)
    first += _lines_over_right(items[first:last], x, em)
    return first, first + _first_band(items[first:last], x, em)


def _end_of_paragraph(items: Sequence[Item], first: int, last: int, x: float, em: float) -> int:
    """How many items end the paragraph above that crosses the gutter: its last line, or none."""
    if first == 0 or last - first < 2:
        return 0
    above, line, after = items[first - 1 : first + 2]
    size = line.size if isinstance(line, Segment) else em
    goes_on = (
        is_left(line, x, em)
        and height_of(line) - height_of(above) < _NEXT_LINE * size
        and height_of(after) - height_of(line) > _HALF_LINE * em
        and abs(line.box.x0 - above.box.x0) < _SAME_EDGE * em
    )
    return 1 if goes_on else 0


def _line_over_both(items: Sequence[Item], x: float, em: float) -> int:
    """How many items end with the pieces of one line over both columns: names set apart.

    Only a line of the title stands above it, if anything.
    """
    first_right = next((item for item in items if not is_left(item, x, em)), None)
    if first_right is None:
        return 0
    baseline = height_of(first_right)
    over = [item for item in items if height_of(item) < baseline + _SAME_LINE * em]
    line = [item for item in over if height_of(item) > baseline - _SAME_LINE * em]
    if len(over) - len(line) > 1 or len(line) < 2 or len(over) == len(items):
        return 0
    line.sort(key=lambda item: item.box.x0)
    is_one = all(right.box.x0 - left.box.x1 < _SET_APART * em for left, right in pairwise(line))
    is_apart = items[len(over)].box.top - max(item.box.bottom for item in line) > _GAP * em
    width = max(item.box.x1 for item in items) - x
    is_short = is_left(line[0], x, em) and line[-1].box.x1 < x + _SHORT * width
    return len(over) if is_one and is_apart and is_short else 0


def _lines_over_right(items: Sequence[Item], x: float, em: float) -> int:
    """How many items stand over the right column and are no text of it, such as names."""
    first_left = next((item for item in items if is_left(item, x, em)), None)
    if first_left is None:
        return 0
    top = height_of(first_left) - _HALF_LINE * em
    over = [item for item in items[: _MOST_LINES + 1] if height_of(item) < top]
    right = [item for item in items[len(over) :] if not is_left(item, x, em)]
    if not 0 < len(over) <= _MOST_LINES or not right:
        return 0
    width = max(item.box.x1 for item in right) - x
    is_apart = right[0].box.top - max(item.box.bottom for item in over) > _GAP * em
    is_level = abs(height_of(right[0]) - height_of(first_left)) < _HALF_LINE * em
    is_short = all(item.box.width < _SHORT * width for item in over)
    return len(over) if is_apart and is_level and is_short else 0


def _first_band(items: Sequence[Item], x: float, em: float) -> int:
    """How many items come before new columns below these: a sentence on the left says so.

    It is cut at the foot of the left column, above a strip that is empty on both sides, and what is
    below the strip is set otherwise.
    """
    bottom = float("-inf")
    for count, item in enumerate(items):
        if count and item.box.top > bottom + _STRIP * em:
            left = [item for item in items[:count] if is_left(item, x, em)]
            below = next((item for item in items[count:] if is_left(item, x, em)), None)
            if len(left) < count and left and below and _is_cut(left[-1], below, left, em):
                return count
        bottom = max(bottom, item.box.bottom)
    return len(items)


def _is_cut(line: Item, below: Item, column: Sequence[Item], em: float) -> bool:
    """Whether a full line ends within a sentence that does not go on in the line below."""
    if not isinstance(line, Segment) or not isinstance(below, Segment):
        return False
    end = max(item.box.x1 for item in column)
    return (
        line.box.x1 > end - _AT_EDGE * em
        and abs(line.size - below.size) > _OTHER_SIZE * line.size
        and not ends_sentence(line.text, below.text)
    )
