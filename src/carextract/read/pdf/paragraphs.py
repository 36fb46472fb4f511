"""The lines of a column, and the paragraphs, headings and entries of lists that they make."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from carextract.read.pdf.layout import Block, Box, Role, Segment, around, joined

# All in type sizes (em).
_SAME_ROW = 0.4  # how far the middles of pieces of one line may differ
_OVERLAP = 0.5  # how far a piece of a line may reach back over the one before
_LETTER_GAP = 0.2  # wider than between two letters
_SEEN_GAP = 0.5  # a gap beside an ideograph that a reader sees
_INDENT = 0.7  # how far in a line that begins a paragraph stands
_AT_EDGE = 1.2  # how near to the right side of the column a full line ends
_SHORT = 2.2  # a line that ends so far from it is the last of its paragraph
_LOOSE = 0.45  # how much more space than usual stands between two paragraphs

_SAME_SIZE = 0.08  # how much sizes of type in one paragraph may differ
_JUSTIFIED = 0.5  # the share of lines that end at the right side where text is justified
_RAGGED = 0.7  # where it is not, a line shorter than this share of the column is a last one

_SENTENCE_END = re.compile(r"[。！？；.!?;:：][\"”’」』)）\]］¹²³⁴⁵⁶⁷⁸⁹⁰⁻,，]*(?:[\[［][\d,，\-–— ]+[\]］])?$")
_ENTRY = re.compile(
    r"(?:[\[［【]\s?\d{1,3}\s?[\]］】]|[(（]\s?[\da-zivx]{1,4}\s?[)）]|\d{1,3}\s?[.．、)）](?!\d)"
    r"|[①-⑳❶-❿•●■◆▪▶►]|[一二三四五六七八九十]{1,3}、|[A-Za-z][.)]\s)"
)
_NUMBERED_HEADING = re.compile(r"\d{1,2}(?:[.．]\d{1,2}){0,3}[.．]?\s+\S|[一二三四五六七八九十]{1,3}、")
_LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class _Style:
    """How paragraphs are told apart in one column."""

    column: Box
    size: float
    leading: float
    is_justified: bool
    is_hanging: bool


def lines(segments: Sequence[Segment]) -> list[Segment]:
    """The lines of a column from top to bottom, their pieces put together."""
    rows: list[list[Segment]] = []
    for piece in sorted(segments, key=lambda piece: (_middle(piece), piece.box.x0)):
        if rows and _is_in_row(piece, rows[-1]):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [_joined_row(row) for row in rows]


def _middle(segment: Segment) -> float:
    return (segment.box.top + segment.box.bottom) / 2


def _is_in_row(piece: Segment, row: Sequence[Segment]) -> bool:
    """Whether a piece stands on the line of others, beside them."""
    largest = max(row, key=lambda other: other.size)
    size = max(piece.size, largest.size)
    if abs(_middle(piece) - _middle(largest)) > _SAME_ROW * size:
        return False
    slack = _OVERLAP * min(piece.size, largest.size)
    return all(
        piece.box.x0 > other.box.x1 - slack or piece.box.x1 < other.box.x0 + slack
        for other in row
    )


def _joined_row(row: list[Segment]) -> Segment:
    if len(row) == 1:
        return row[0]
    row.sort(key=lambda piece: piece.box.x0)
    return joined(row, [_separator(left, right) for left, right in pairwise(row)])


def _separator(left: Segment, right: Segment) -> str:
    """What stands between two pieces of a line: a space, if a reader sees one."""
    gap = (right.box.x0 - left.box.x1) / min(left.size, right.size)
    beside_ideograph = left.text[-1] >= "\u2e80" or right.text[0] >= "\u2e80"
    return " " if gap > (_SEEN_GAP if beside_ideograph else _LETTER_GAP) else ""


def paragraphs(rows: Sequence[Segment], x0: float, x1: float) -> Iterator[Block]:
    """The paragraphs of a column, given its lines and the sides that its text runs between."""
    if not rows:
        return
    style = _style(rows, x0, x1)
    begun: list[Segment] = []
    for i, row in enumerate(rows):
        after = rows[i + 1] if i + 1 < len(rows) else None
        if begun and _begins(row, begun, after, style):
            yield _paragraph(begun, style)
            begun = []
        begun.append(row)
    yield _paragraph(begun, style)


def _paragraph(rows: Sequence[Segment], style: _Style) -> Block:
    box = around(row.box for row in rows)
    return Block(Role.BODY, tuple(rows), box, column=style.column)


def _style(rows: Sequence[Segment], x0: float, x1: float) -> _Style:
    """What is usual in a column."""
    size = _usual_size(rows)
    own = [row for row in rows if abs(row.size - size) < _SAME_SIZE * size] or list(rows)
    left = _left_edge(own, x0, size)
    steps = [below.baseline - above.baseline for above, below in pairwise(own)]
    steps = [step for step in steps if 0 < step < 3 * size]
    ends = sum(row.box.x1 > x1 - _AT_EDGE * size for row in own)
    indented = sum(row.box.x0 > left + _INDENT * size for row in own)
    return _Style(
        Box(left, rows[0].box.top, x1, rows[-1].box.bottom),
        size,
        _usual(steps) if steps else 1.2 * size,
        ends >= _JUSTIFIED * len(own),
        indented > len(own) - indented,
    )


def _usual(steps: Sequence[float]) -> float:
    """The lower middle of distances: most lines of a page stand inside paragraphs."""
    return sorted(steps)[len(steps) * 2 // 5]


def _usual_size(rows: Sequence[Segment]) -> float:
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[round(row.size, 1)] += len(row.text)
    return sizes.most_common(1)[0][0] or 1.0


def _left_edge(rows: Sequence[Segment], x0: float, size: float) -> float:
    """Where lines begin that are not indented."""
    starts = sorted(row.box.x0 for row in rows)
    for start, after in pairwise(starts):
        if after - start < _INDENT * size:
            return start
    return max(x0, starts[0])


def _begins(
    row: Segment, begun: Sequence[Segment], after: Segment | None, style: _Style
) -> bool:
    """Whether a line begins a paragraph, after those of one that is begun."""
    before = begun[-1]
    size = max(before.size, row.size)
    if abs(before.size - row.size) > _SAME_SIZE * size:
        return True
    step = row.baseline - before.baseline
    if step > style.leading + _LOOSE * size or row.box.x0 > before.box.x1:
        return True
    shift = (row.box.x0 - before.box.x0) / size
    if shift > _INDENT:
        return not _hangs(begun, style)
    is_last = _is_last_line(before, style)
    if shift < -_INDENT:
        return len(begun) > 1 or is_last
    if is_last:
        return True
    return _is_entry(row, begun[0]) or _is_heading(begun, row, after, style)


def _hangs(begun: Sequence[Segment], style: _Style) -> bool:
    """Whether the second line of an entry may stand further in than its first."""
    return len(begun) == 1 and (style.is_hanging or _ENTRY.match(begun[0].text) is not None)


def _is_last_line(row: Segment, style: _Style) -> bool:
    """Whether a line ends so far from the right side that a paragraph ends there."""
    missing = style.column.x1 - row.box.x1
    if style.is_justified:
        return missing > _SHORT * row.size
    return (
        missing > (1 - _RAGGED) * style.column.width and _SENTENCE_END.search(row.text) is not None
    )


def _is_entry(row: Segment, first: Segment) -> bool:
    """Whether a line begins an entry of the list that the paragraph is an entry of."""
    return (
        abs(row.box.x0 - first.box.x0) < _INDENT * row.size
        and _ENTRY.match(row.text) is not None
        and _ENTRY.match(first.text) is not None
    )


def _is_heading(
    begun: Sequence[Segment], row: Segment, after: Segment | None, style: _Style
) -> bool:
    """Whether a numbered heading stands on either side of the place between two lines."""
    return False


def continues(block: Block, after: Block) -> bool:
    """Whether a paragraph goes on in another block: in the next column or on the next page."""
    if block.role is not Role.BODY or after.role is not Role.BODY:
        return False
    last, first = block.lines[-1], after.lines[0]
    size = max(last.size, first.size)
    if abs(last.size - first.size) > _SAME_SIZE * size:
        return False
    right = block.column.x1 if block.column else block.box.x1
    left = after.column.x0 if after.column else after.box.x0
    return (
        last.box.x1 > right - _SHORT * size
        and first.box.x0 < left + _INDENT * size
        and not _SENTENCE_END.search(last.text)
        and not _ENTRY.match(first.text)
    )
