"""Where tables are: the rules at a caption, as far as what stands between them is no prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from carextract.read.pdf.layout import Box, Segment, around
from carextract.read.pdf.tables.captions import is_label_alone
from carextract.read.pdf.tables.lines import Line, em_of, lines_of

# All in em.
_LABEL_GAP = 2.2  # between the number of a table and its title
_WORD_GAP = 1.2
_CAPTION_PITCH = 2.2  # between its lines, and to the rule under it
_NARROWEST = 6.0
_FULL = 0.8  # how far a rule of full width may begin beside the top one
_SIDE = 1.0  # how far type may stand out from under the rules
_TOUCHES = 0.4
_CLEAR = 3.0  # so far above and below a rule there is no type beside it
_LONGEST_CAPTION = 15.0  # from its first line to the rule under it

_FIRST_PIECES = 5  # tell the size of the type of a table
_SAME_LEVEL = 1.5  # points: one line in several pieces
_HALF = 0.5  # of the caption or the rule has to be over the other
_WHOLE = 0.85  # a rule in pieces covers so much of the width
_FILLED = 0.88  # a line of prose fills so much of its width
_COLUMN = 0.3  # a column of the page is wider than that
_MANY_WORDS, _MANY_SIGNS = 5, 15
_PAGE_COLUMNS = 2
_OTHER_SIZE = 0.12
_NOTE = re.compile(
    r"\s*(?:注\s?[:：]|[备備]注\s?[:：]|[数數]据[来來]源|Notes?\b\s?[:.]|Abbreviations?\b|Source\b|\*\s?[A-Zp]|[†‡])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Region:
    """A place on the page that a table takes up.

    `levels` are the heights of its rules of full width, the first and the last its top and bottom;
    `partial` the level rules that are shorter, `uprights` the vertical ones.
    """

    caption: tuple[Segment, ...]
    segments: tuple[Segment, ...]
    box: Box
    em: float
    levels: tuple[float, ...]
    partial: tuple[Box, ...]
    uprights: tuple[Box, ...]

    def between(self, top: float, bottom: float) -> list[Segment]:
        """The segments between two heights."""
        return [s for s in self.segments if top < _middle(s) <= bottom]


def regions(
    captions: Sequence[Segment], segments: Sequence[Segment], rules: Sequence[Box], height: float
) -> Iterator[Region]:
    """The regions of the tables that captions stand over or, more rarely, under."""
    level = [box for box in rules if box.width >= box.height]
    upright = [box for box in rules if box.width < box.height]
    read: list[Box] = []  # a caption in a second language belongs to the one above it
    for caption in captions:
        if any(caption.box.bottom <= box.bottom and _overlap(caption.box, box) > 0 for box in read):
            continue
        pieces = _chain(caption, segments)
        title = around(piece.box for piece in pieces)
        top = _top_under(title, level, segments, caption.size)
        if top is not None:
            read.append(top)
            below = [
                c.box.top for c in captions if c.box.top > top.top and _overlap(c.box, top) > 0
            ]
            floor = min(below, default=height)
            pieces = _caption_lines(caption, title, top, segments)
        else:
            top = _top_over(title, level, segments, caption.size)
            floor = title.top
        region = _region(pieces, top, floor, segments, level, upright) if top else None
        if region is not None:
            yield region


def region_under(
    top: Box, floor: float, segments: Sequence[Segment], rules: Sequence[Box]
) -> Region | None:
    """The region of a table without a caption, under a rule."""
    level = [box for box in rules if box.width >= box.height]
    upright = [box for box in rules if box.width < box.height]
    return _region((), top, floor, segments, level, upright)


def _middle(segment: Segment) -> float:
    return (segment.box.top + segment.box.bottom) / 2


def _overlap(one: Box, other: Box) -> float:
    return min(one.x1, other.x1) - max(one.x0, other.x0)


def _chain(caption: Segment, segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The pieces of the first line of a caption, from its label to where its title ends."""
    chain = [caption]
    alone = is_label_alone(caption.text)
    beside = [
        segment
        for segment in segments
        if abs(segment.baseline - caption.baseline) < _TOUCHES * caption.size
        and segment.box.x0 > caption.box.x0
    ]
    for segment in sorted(beside, key=lambda segment: segment.box.x0):
        gap = segment.box.x0 - chain[-1].box.x1
        if gap > (_LABEL_GAP if alone else _WORD_GAP) * caption.size:
            break
        chain.append(segment)
        alone = False
    return tuple(chain)


def _top_under(
    title: Box, level: Sequence[Box], segments: Sequence[Segment], em: float
) -> Box | None:
    """The first rule under a caption, with no more than its own lines between."""
    start, end = title.bottom - _TOUCHES * em, title.bottom + _LONGEST_CAPTION * em
    below = sorted((box for box in level if start < box.top < end), key=_by_top)
    for first in below:
        whole = _level_of(first, below, em)
        if not _belongs(title, whole, em) and not _stands_alone(title, whole, segments, em):
            continue
        between = [s for s in segments if title.bottom < _middle(s) < whole.top and _in(s, whole)]
        rows = [title.bottom, *(line.baseline for line in lines_of(between)), whole.top]
        steps = [after - before for before, after in pairwise(rows)]
        return whole if max(steps) <= _CAPTION_PITCH * em else None
    return None


def _top_over(
    title: Box, level: Sequence[Box], segments: Sequence[Segment], em: float
) -> Box | None:
    """The top rule of a table that stands over its caption."""
    above = [box for box in level if box.top < title.top + _TOUCHES * em]
    above.sort(key=_by_top, reverse=True)
    last = next((box for box in above if _belongs(title, box, em)), None)
    if last is None or title.top - last.top > _CAPTION_PITCH * em:
        return None
    top = last
    for rule in above:
        if rule.top >= top.top or not _same_ends(rule, last, em):
            continue
        zone = lines_of(s for s in segments if rule.top < _middle(s) < top.top and _in(s, last))
        if not zone or _is_prose(zone, last, _first_size(zone[0].pieces)):
            break
        top = rule
    return top if top is not last else None


def _belongs(title: Box, rule: Box, em: float) -> bool:
    """Whether a rule is wide enough for a table, and in the column of a caption."""
    narrower = min(title.width, rule.width)
    return rule.width >= _NARROWEST * em and _overlap(title, rule) >= _HALF * narrower


def _stands_alone(title: Box, rule: Box, segments: Sequence[Segment], em: float) -> bool:
    """Whether a rule that no word of the caption is over has no type to its left and right."""
    if rule.width < _NARROWEST * em or rule.top - title.bottom > _CAPTION_PITCH * em:
        return False
    return not any(
        abs(segment.baseline - rule.top) < _CLEAR * em
        and segment.box.top > title.bottom
        and not _in(segment, rule)
        for segment in segments
    )


def _same_ends(one: Box, other: Box, em: float) -> bool:
    return abs(one.x0 - other.x0) <= _FULL * em and abs(one.x1 - other.x1) <= _FULL * em


def _by_top(box: Box) -> float:
    return box.top


def _level_of(rule: Box, level: Sequence[Box], em: float) -> Box:
    """A rule with the pieces that go on beside it at its height."""
    beside = [box for box in level if abs(box.top - rule.top) <= _SAME_LEVEL]
    whole = rule
    for box in sorted(beside, key=lambda box: box.x0):
        if box.x0 - whole.x1 <= em and whole.x0 - box.x1 <= em:
            whole = around((whole, box))
    return whole


def _in(segment: Segment, extent: Box) -> bool:
    """Whether the middle of a segment is between the ends of a rule."""
    return extent.x0 <= (segment.box.x0 + segment.box.x1) / 2 <= extent.x1


def _region(
    caption: tuple[Segment, ...],
    top: Box,
    floor: float,
    segments: Sequence[Segment],
    level: Sequence[Box],
    upright: Sequence[Box],
) -> Region | None:
    under = [s for s in segments if _in(s, top) and top.top < _middle(s) < floor]
    if not under:
        return None
    em = _first_size(under)
    slack = _FULL * em
    inner = [
        box
        for box in level
        if top.top <= box.top < floor and box.x0 >= top.x0 - slack and box.x1 <= top.x1 + slack
    ]
    sides = [
        box
        for box in upright
        if top.x0 - slack <= box.x0 <= top.x1 + slack and top.top - slack <= box.top < floor
    ]
    floor = _enclosed(top, sides, floor, em)
    levels = _levels(top, [box for box in inner if box.top < floor], em)
    levels = _without_prose(levels, under, top, em)
    if len(levels) < 2:
        return None
    bottom = levels[-1]
    box = Box(top.x0, levels[0], top.x1, bottom)
    own = [s for s in under if _middle(s) < bottom]
    if not own or any(_sticks_out(s, box, em) for s in own):
        return None
    partial = tuple(r for r in inner if r.top < bottom and not _is_full(r, levels))
    return Region(
        caption,
        tuple(own),
        box,
        em_of(own),
        tuple(levels),
        partial,
        tuple(r for r in sides if r.top < bottom),
    )


def _first_size(under: Sequence[Segment]) -> float:
    """The size of the type right under the top rule."""
    return em_of(sorted(under, key=_middle)[:_FIRST_PIECES])


def _enclosed(top: Box, sides: Sequence[Box], floor: float, em: float) -> float:
    """How far down the vertical rules go that begin at the top one; `floor` without any."""
    bottom = top.top
    for side in sorted(sides, key=_by_top):
        if side.top <= bottom + em:
            bottom = max(bottom, side.bottom)
    return min(floor, bottom + _TOUCHES * em) if bottom > top.top + 2 * em else floor


def _levels(top: Box, inner: Sequence[Box], em: float) -> list[float]:
    """The heights of the rules that are as wide as the top one, from the top down."""
    levels = [top.top]
    for rule in sorted(inner, key=_by_top):
        if rule.top - levels[-1] <= _TOUCHES * em:
            continue
        beside = [box for box in inner if abs(box.top - rule.top) <= _SAME_LEVEL]
        whole = around(beside)
        drawn = sum(box.width for box in beside)
        if _same_ends(whole, top, em) and drawn >= _WHOLE * top.width:
            levels.append(rule.top)
    return levels


def _is_full(rule: Box, levels: Sequence[float]) -> bool:
    return any(abs(rule.top - level) <= _SAME_LEVEL for level in levels)


def _without_prose(
    levels: Sequence[float], under: Sequence[Segment], top: Box, em: float
) -> list[float]:
    """The levels down to the last that has a table above it."""
    kept = [levels[0]]
    for before, after in pairwise(levels):
        zone = lines_of(s for s in under if before < _middle(s) <= after)
        if zone and _is_prose(zone, top, em):
            break
        kept.append(after)
    while len(kept) > 2 and not any(kept[-2] < _middle(s) <= kept[-1] for s in under):
        kept.pop()
    return kept


def _is_prose(zone: Sequence[Line], top: Box, em: float) -> bool:
    """Whether lines are notes or paragraphs, in one column of the page or two."""
    if _NOTE.match(zone[0].pieces[0].text):
        return True
    size = median(piece.size for line in zone for piece in line.pieces)
    if abs(size - em) > _OTHER_SIZE * em and len(zone) > 2:
        return True
    prose = sum(
        len(line.pieces) <= _PAGE_COLUMNS
        and (_fills(line, top.width) or all(_is_wordy(piece) for piece in line.pieces))
        for line in zone
    )
    return len(zone) > 2 and 2 * prose > len(zone)


def _fills(line: Line, width: float) -> bool:
    """Whether a line is as long as one of the page, or as one in each of its two columns."""
    lengths = [piece.box.width for piece in line.pieces]
    return sum(lengths) >= _FILLED * width and min(lengths) >= _COLUMN * width


def _is_wordy(piece: Segment) -> bool:
    """Whether there are as many words on a line as a column of the page has."""
    text = piece.text
    return (
        text.count(" ") >= _MANY_WORDS
        or sum("\u4e00" <= c <= "\u9fff" for c in text) >= _MANY_SIGNS
    )


def _sticks_out(segment: Segment, box: Box, em: float) -> bool:
    """Whether a line goes on beyond the table: it belongs to the page."""
    return segment.box.x0 < box.x0 - _SIDE * em or segment.box.x1 > box.x1 + _SIDE * em


def _caption_lines(
    caption: Segment, title: Box, top: Box, segments: Sequence[Segment]
) -> tuple[Segment, ...]:
    """The lines from the one that names the table to its first rule."""
    first = title.top - _TOUCHES * caption.size
    width = around((title, top))
    lines = lines_of(
        s for s in segments if first <= s.box.top and _middle(s) < top.top and _in(s, width)
    )
    return tuple(piece for line in lines for piece in line.pieces)
