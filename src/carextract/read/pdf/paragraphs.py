"""The paragraphs, headings and entries of lists that the lines of a column make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from statistics import median

from carextract.read.pdf.layout import Block, Box, Role, Segment, around
from carextract.read.pdf.lines import is_row
from carextract.read.pdf.roles import starts_caption, starts_footnote
from carextract.read.pdf.sentences import (
    begins_entry,
    begins_with_link,
    ends_sentence,
    goes_on_in_chinese,
    goes_on_small,
    is_broken_off,
    is_broken_word,
    is_hanging,
    is_numbered,
)

# All in type sizes (em).
_INDENT = 0.7  # how far in a line that begins a paragraph stands
_AT_EDGE = 0.5  # how near to the right side of the column a full line ends
_IDEOGRAPH = 1.0  # and how much further off where an ideograph ends it
_SHORT = 2.2  # a line that ends so far from it is the last of its paragraph
_SPACE = 1.0  # more than stands between two words
_LEAST_LEADING, _USUAL_LEADING, _MOST_LEADING = 1.0, 1.2, 3.0
_NEXT_LINE = 1.5  # how far apart two paragraphs are between which nothing stands
_LOOSE = 0.45  # how much more space than usual stands between two paragraphs

_HALF_FULL, _MOSTLY_FULL = 0.5, 0.6  # of the width of the column
_SEVERAL = 3  # lines that show what is usual
_SAME_SIZE = 0.08  # how much sizes of type in one paragraph may differ
_OTHER_SIZE = 0.03  # but do differ between a caption and what stands above it
_WAVERING = 0.13  # or may differ where a sentence goes on
_JUSTIFIED = 0.35  # the share of lines that end at the right side where text is justified


@dataclass(frozen=True, slots=True)
class _Style:
    """How paragraphs are told apart in one column."""

    column: Box
    size: float
    leading: float  # in type sizes
    is_justified: bool
    is_hanging: bool


def paragraphs(rows: Sequence[Segment], x0: float, x1: float) -> Iterator[Block]:
    """The paragraphs of a column, given its lines and the sides that its text runs between."""
    begun: list[Segment] = []
    first: _Style | None = None
    for row, style in zip(rows, _styles(rows, x0, x1), strict=True):
        if first and _begins(row, begun, style):
            yield _paragraph(begun, first)
            begun = []
        first = style if not begun else first
        begun.append(row)
    if first:
        yield _paragraph(begun, first)


def _paragraph(rows: Sequence[Segment], style: _Style) -> Block:
    box = around(row.box for row in rows)
    return Block(Role.BODY, tuple(rows), box, column=style.column)


def _styles(rows: Sequence[Segment], x0: float, x1: float) -> Iterator[_Style]:
    """What is usual where each line stands: among those of its size, if there are enough."""
    if not rows:
        return
    whole = _style(rows, x0, x1)
    for run in _runs(rows):
        style = _style(run, x0, x1) if _SEVERAL < len(run) < len(rows) else whole
        yield from repeat(style, len(run))


def _runs(rows: Sequence[Segment]) -> Iterator[Sequence[Segment]]:
    """Lines one below the other in one size of type."""
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or not _are_one_size(rows[at - 1], rows[at]):
            yield rows[start:at]
            start = at


def _are_one_size(one: Segment, other: Segment) -> bool:
    return abs(one.size - other.size) < _SAME_SIZE * max(one.size, other.size)


def _style(rows: Sequence[Segment], x0: float, x1: float) -> _Style:
    """What is usual in a column."""
    size = _usual_size(rows)
    own = [row for row in rows if abs(row.size - size) < _SAME_SIZE * size]
    left, right = _left_edge(own, x0, size), _right_edge(own, x1)
    full = sum(_is_full(row, right) for row in own)
    indented = sum(row.box.x0 > left + _INDENT * size for row in own)
    return _Style(
        Box(left, rows[0].box.top, right, rows[-1].box.bottom),
        size,
        _leading(rows),
        full >= _JUSTIFIED * len(own),
        indented > len(own) - indented,
    )


def _leading(rows: Sequence[Segment]) -> float:
    """How far lines of a paragraph are below each other, in type sizes."""
    steps: list[float] = []
    within: list[float] = []  # from a line that is further in to one that is not
    for above, below in pairwise(rows):
        step = (below.baseline - above.baseline) / above.size
        if _are_one_size(above, below) and 0 < step < _MOST_LEADING:
            steps.append(step)
            if step > _LEAST_LEADING and below.box.x0 < above.box.x0 - _INDENT * above.size:
                within.append(step)
    if not steps:
        return _USUAL_LEADING
    # Not the middle one: where paragraphs are short, many steps are those between them.
    usual = sorted(steps)[len(steps) * 2 // 5]
    return min(usual, median(within)) if within else usual


def _right_edge(rows: Sequence[Segment], x1: float) -> float:
    """Where lines end that are full: where several do, if that is not where the column may end."""
    furthest = max(row.box.x1 for row in rows)
    several = sum(_is_full(row, furthest) for row in rows) >= _SEVERAL
    return furthest if several else x1


def _is_full(row: Segment, x1: float) -> bool:
    """Whether a line reaches a place where the column ends; ideographs are set in whole squares."""
    room = _AT_EDGE + (_IDEOGRAPH if row.text[-1] >= "\u2e80" else 0.0)
    return row.box.x1 > x1 - room * row.size


def _usual_size(rows: Sequence[Segment]) -> float:
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[round(row.size, 1)] += len(row.text)
    return max(sizes, key=lambda size: (sizes[size], size))


def _left_edge(rows: Sequence[Segment], x0: float, size: float) -> float:
    """Where lines begin that are not indented."""
    starts = sorted(row.box.x0 for row in rows)
    for start, after in pairwise(starts):
        if after - start < _INDENT * size:
            return start
    return x0


def _begins(row: Segment, begun: Sequence[Segment], style: _Style) -> bool:
    """Whether a line begins a paragraph, after those of one that is begun."""
    before = begun[-1]
    size = max(before.size, row.size)
    if not _may_be_one_size(before, row, style):
        return True
    step = (row.baseline - before.baseline) / size
    if is_row(row.text) or is_row(before.text):
        return True
    if row.box.x0 > before.box.x1 or step > _MOST_LEADING:
        return True
    is_apart = step > style.leading + _LOOSE
    if _goes_on(before, row, style.column.width, is_apart=is_apart):
        return False
    if is_apart:
        return True
    if before.size > (1 + _SAME_SIZE) * style.size:
        return False  # a heading of several lines
    if _is_last_line(before, row, style) or starts_footnote(row.text):
        return True
    if _is_caption(row, before, style):
        return True
    shift = (row.box.x0 - before.box.x0) / size
    if shift > _INDENT:
        return not _hangs(begun, style)
    if shift < -_INDENT:
        return _ends_entry(begun) or (style.is_hanging and begins_entry(row.text))
    return _is_entry(row, begun[0]) or _is_heading(row, before, style)


def _goes_on(before: Segment, row: Segment, width: float, *, is_apart: bool = False) -> bool:
    """Whether words tell that a sentence goes on in a line, wherever that stands.

    A line that is short, against the width of the column, or stands apart from the next may be an
    entry of a list that has no marks.
    """
    if is_broken_word(before.text, row.text) or is_hanging(before.text):
        return True
    is_long = before.box.width > _HALF_FULL * width and not is_apart
    tells = is_long or is_broken_off(before.text) or begins_with_link(row.text)
    return tells and goes_on_small(before.text, row.text)


def _may_be_one_size(before: Segment, row: Segment, style: _Style) -> bool:
    """Whether two lines are in one size of type, as far as can be told.

    In text from character recognition sizes waver: a sentence that is not at its end goes on.
    """
    difference = abs(before.size - row.size) / max(before.size, row.size)
    if difference < _SAME_SIZE:
        return True
    is_full = before.box.x1 > style.column.x1 - _SHORT * before.size
    return difference < _WAVERING and is_full and not ends_sentence(before.text, row.text)


def _hangs(begun: Sequence[Segment], style: _Style) -> bool:
    """Whether the second line of an entry may stand further in than its first."""
    return len(begun) == 1 and (style.is_hanging or begins_entry(begun[0].text))


def _ends_entry(begun: Sequence[Segment]) -> bool:
    """Whether a line further out than these begins another paragraph, and is not their second."""
    first, last = begun[0], begun[-1]
    if first.box.x0 < last.box.x0 - _INDENT * last.size:
        return True
    return len(begun) > 1 and ends_sentence(last.text)


def _is_last_line(row: Segment, after: Segment, style: _Style) -> bool:
    """Whether a paragraph ends with a line: it has room for the first word of the next."""
    room = style.column.x1 - row.box.x1
    if room < _SHORT * row.size or is_broken_off(row.text):
        return False
    if is_numbered(row.text):
        return True
    is_level = abs(after.box.x0 - row.box.x0) < _INDENT * row.size
    is_long = row.box.width > _MOSTLY_FULL * style.column.width
    if is_level and is_long and goes_on_in_chinese(row.text, after.text):
        return False
    return room > _first_word(after) + (0.0 if style.is_justified else _SPACE * row.size)


def _first_word(row: Segment) -> float:
    """How wide the first word of a line is; words end after an ideograph too."""
    text = row.text
    end = next((i for i, char in enumerate(text) if char == " " or char >= "\u2e80"), len(text))
    return row.boxes[4 * end - 2] - row.boxes[0] if end else row.size


def _is_caption(row: Segment, before: Segment, style: _Style) -> bool:
    """Whether a line begins a caption, and is not one of a sentence that names a figure."""
    if not starts_caption(row.text):
        return False
    is_full = before.box.x1 > style.column.x1 - _SHORT * before.size
    return not is_full or abs(before.size - row.size) > _OTHER_SIZE * row.size


def _is_entry(row: Segment, first: Segment) -> bool:
    """Whether a line begins an entry of the list that the paragraph is an entry of."""
    return (
        abs(row.box.x0 - first.box.x0) < _INDENT * row.size
        and begins_entry(row.text)
        and begins_entry(first.text)
    )


def _is_heading(row: Segment, before: Segment, style: _Style) -> bool:
    """Whether a line is a numbered heading, below a last line that happens to be full."""
    return (
        is_numbered(row.text)
        and row.box.x1 < style.column.x1 - _SHORT * row.size
        and ends_sentence(before.text)
    )


def continues(block: Block, after: Block) -> bool:
    """Whether a paragraph goes on in another block: in the next column or on the next page."""
    if block.role is not Role.BODY or after.role is not Role.BODY:
        return False
    last, first = block.lines[-1], after.lines[0]
    if abs(last.size - first.size) > _WAVERING * max(last.size, first.size):
        return False
    if _is_next_below(block, after) or is_row(last.text) or is_row(first.text):
        return False
    column = block.column or block.box
    if _goes_on(last, first, column.width):
        return True
    right = column.x1
    return (
        last.box.x1 > right - _SHORT * last.size
        and (not ends_sentence(last.text, first.text) or _are_indented(block, after))
        and not (len(after.lines) == 1 and is_numbered(first.text))
        and not _begins_anew(block, after)
    )


def _are_indented(block: Block, after: Block) -> bool:
    """Whether paragraphs begin further in, as this one does, so that the other would show it."""
    if len(block.lines) < 2 or len(after.lines) < 2:
        return False
    usual = min(line.box.x0 for line in block.lines[1:])
    return block.lines[0].box.x0 > usual + _INDENT * block.lines[0].size


def _begins_anew(block: Block, after: Block) -> bool:
    """Whether the first line of a block is set as the first of a paragraph, further in or out."""
    first, size = after.lines[0], after.lines[0].size
    if len(after.lines) > 1:
        usual = min(line.box.x0 for line in after.lines[1:])
        return abs(first.box.x0 - usual) > _INDENT * size
    indent = first.box.x0 - (after.column or after.box).x0
    if len(block.lines) > 1:
        indent -= block.lines[-1].box.x0 - (block.column or block.box).x0
    return abs(indent) > _INDENT * size


def _is_next_below(block: Block, after: Block) -> bool:
    """Whether a block follows at once in the same column: there it was told apart already."""
    gap = after.box.top - block.box.bottom
    same_column = block.column is not None and block.column == after.column
    return same_column and abs(gap) < _NEXT_LINE * block.lines[-1].size
