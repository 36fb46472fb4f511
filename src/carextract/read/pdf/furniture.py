"""What stands on a page beside its text: page headers and footers, page numbers, stamps.

Only one page is looked at, so a header has to show what it is: by its form (a page number, a
volume, an address on the web), by small type or pieces far apart, and by the gap between it and the
text. Where that is not sure the row stays where it is: text in the wrong place is worse than a
sentence that is cut in two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from carextract.read.pdf.layout import Block, Segment

# Shares of the height of the page.
_TOP, _BOTTOM = 0.13, 0.87  # headers are above, footers below
_OUTERMOST = 0.09  # where a row needs no more than a wide gap

# In type sizes (em).
_OVERLAP = 0.3  # how far the boxes of two rows may overlap
_GAP = 1.2  # between a header and the text
_WIDE_GAP = 2.0
_FORM_GAP = 0.5  # where the form of a row tells enough
_FAR_APART = 4.0  # between the pieces of a header

_MARGIN = 3.0  # the numbers of lines take up no more

_MOST_ROWS = 3
_SMALL = 0.93  # small type, against that of the text
_LARGE = 1.3  # titles are larger
_OTHER_SIZE = 0.05
_MOST_OVER = 3  # pieces that stand on another by chance are fewer
_FEWEST_NUMBERS = 5

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_PAGE_NUMBER = re.compile(
    r"[\s·•.．‧∙・\-–—~|第]*(?:[ecs]\d{1,5}|\d{1,5}|[ivx]{1,5})[\s·•‧∙・\-–—~|页頁]*"
    r"|(?:page\s?)?\d{1,4}\s?(?:of|/)\s?\d{1,4}|page\s?\d{1,4}|第\s?\d+\s?[页頁].{0,12}",
    re.I,
)
_FORM = re.compile(
    r"\bvol(?:ume)?[.\s]*\d|\bno[.\s]*\d+|第\s?\d+\s?[卷期]|\d{4}\s?年.{0,12}[月卷期]|\d+\s?[卷期]\b"
    r"|\bissn\b|\bdoi\b|https?:|\bwww\.|©|\bcopyright\b|\bpage \d+ of \d+|\b\d{1,3} of \d{1,3}$"
    r"|\bet al\b\.?[:,]? |\b(?:19|20)\d\d[,;:]\s?\d+|\b(?:journal|frontiers|annals|lancet)\b"
    r"|杂志|学报|\bdownloaded\b|e-?mail",
    re.I,
)
_STAMP = re.compile(
    r"万\s?方\s?数\s?据|维普资讯|cqvip\.com|cnki\.net|China Academic Journal Electronic"
    r"|^Downloaded (?:from|by)\b|^(?:\W*)?中国知网",
    re.I,
)
_CAPTION = re.compile(r"\s*(?:附|续)?(?:图|表|圖)\s?\d|\s*(?:Fig|Tab|Scheme|Box)", re.I)
_PROSE_END = re.compile(r"[。.！!？?；;，,：:\-]$")
_NUMBER = re.compile(r"\d{1,4}$")


@dataclass(slots=True)
class _Row:
    """Pieces that stand side by side on the page, in whatever column."""

    pieces: list[Segment]
    has_table: bool
    top: float
    bottom: float


def furniture(
    segments: Sequence[Segment], tables: Sequence[Block], height: float, em: float
) -> frozenset[int]:
    """The numbers, counted in `segments`, of those outside the text of a page of this height."""
    rows = _rows([*segments, *tables], em)
    found = _header(rows, height, em) + _footer(rows, height, em)
    at_edges = (s for s in segments if not _TOP * height < s.baseline < _BOTTOM * height)
    found += [segment for segment in at_edges if _STAMP.search(_folded(segment))]
    found += _line_numbers(segments, em)
    found += _watermarks(segments, em)
    marked = {id(segment) for segment in found}
    return frozenset(i for i, segment in enumerate(segments) if id(segment) in marked)


def _rows(items: Sequence[Segment | Block], em: float) -> list[_Row]:
    """The rows of a page from top to bottom, whatever column their pieces are in."""
    rows: list[_Row] = []
    for item in sorted(items, key=lambda item: (item.box.top, item.box.x0)):
        if not rows or item.box.top > rows[-1].bottom - _OVERLAP * em:
            rows.append(_Row([], False, item.box.top, item.box.bottom))
        row = rows[-1]
        row.bottom = max(row.bottom, item.box.bottom)
        if isinstance(item, Segment):
            row.pieces.append(item)
        else:
            row.has_table = True
    return rows


def _header(rows: Sequence[_Row], height: float, em: float) -> list[Segment]:
    """The pieces of the rows at the top that are a header."""
    found = 0
    for count in range(1, min(_MOST_ROWS, len(rows) - 1) + 1):
        header, below = rows[found:count], rows[count]
        if header[-1].bottom > _TOP * height or not _may_be_outside(header[-1], em):
            break
        gap = (below.top - header[-1].bottom) / em
        outermost = header[-1].bottom < _OUTERMOST * height
        if _is_outside(header, gap, outermost, em) or _is_reference_line(header[-1], below):
            found = count
    return [piece for row in rows[:found] for piece in row.pieces]


def _footer(rows: Sequence[_Row], height: float, em: float) -> list[Segment]:
    """The pieces of the rows at the bottom that are a footer."""
    upwards = rows[::-1]
    found = 0
    for count in range(1, min(_MOST_ROWS, len(rows) - 1) + 1):
        footer, above = upwards[found:count], upwards[count]
        if footer[-1].top < _BOTTOM * height or not _may_be_outside(footer[-1], em):
            break
        # What stands below a table belongs to it, however far.
        gap = 0.0 if above.has_table else (footer[-1].top - above.bottom) / em
        outermost = footer[-1].top > (1 - _OUTERMOST) * height
        if _is_outside(footer, gap, outermost, em) or (count == 1 and _is_page_number(footer[0])):
            found = count
    return [piece for row in upwards[:found] for piece in row.pieces]


def _may_be_outside(row: _Row, em: float) -> bool:
    """Whether a row is neither a title nor a caption nor part of a table."""
    return not row.has_table and all(
        piece.size < _LARGE * em and not _CAPTION.match(piece.text) for piece in row.pieces
    )


def _is_outside(rows: Sequence[_Row], gap: float, outermost: bool, em: float) -> bool:
    """Whether rows at an edge of the page are outside its text, by their form and the gap."""
    if gap < _FORM_GAP:
        return False
    pieces = [piece for row in rows for piece in row.pieces]
    texts = [_folded(piece) for piece in pieces]
    has_form = any(_FORM.search(text) or _PAGE_NUMBER.fullmatch(text) for text in texts)
    if has_form and gap >= _GAP:
        return True
    is_small = all(piece.size < _SMALL * em for piece in pieces)
    if is_small and gap >= (_FORM_GAP if has_form else _GAP):
        return True
    if not outermost or any(_PROSE_END.search(text) for text in texts):
        return False
    return gap >= _WIDE_GAP or (gap >= _GAP and _are_far_apart(rows, em))


def _are_far_apart(rows: Sequence[_Row], em: float) -> bool:
    """Whether the rows have each a piece on the left and one on the right."""
    for row in rows:
        pieces = sorted(row.pieces, key=lambda piece: piece.box.x0)
        gaps = [right.box.x0 - left.box.x1 for left, right in pairwise(pieces)]
        if max(gaps, default=0.0) < _FAR_APART * em:
            return False
    return True


def _is_reference_line(row: _Row, below: _Row) -> bool:
    """Whether a row is a DOI or an address on the web, in type of its own."""
    if len(row.pieces) != 1 or not below.pieces:
        return False
    text = _folded(row.pieces[0])
    return (
        re.match(r"(?:https?://|www\.|doi\b)\S+$", text, re.I) is not None
        and abs(row.pieces[0].size - below.pieces[0].size) > _OTHER_SIZE * below.pieces[0].size
    )


def _is_page_number(row: _Row) -> bool:
    return len(row.pieces) == 1 and _PAGE_NUMBER.fullmatch(_folded(row.pieces[0])) is not None


def _line_numbers(segments: Sequence[Segment], em: float) -> list[Segment]:
    """The numbers of lines in the margin of a manuscript: the same step for the same distance."""
    numbers = sorted(
        (segment for segment in segments if _NUMBER.match(segment.text)),
        key=lambda segment: segment.baseline,
    )
    if len(numbers) < _FEWEST_NUMBERS:
        return []
    left = min(segment.box.x0 for segment in segments)
    numbers = [number for number in numbers if number.box.x1 < left + _MARGIN * em]
    if len(numbers) < _FEWEST_NUMBERS:
        return []
    steps = [
        (below.baseline - above.baseline, int(below.text) - int(above.text))
        for above, below in pairwise(numbers)
    ]
    usual = sorted(distance for distance, _ in steps)[len(steps) // 2]
    regular = all(count > 0 and abs(distance - usual) < _OVERLAP * em for distance, count in steps)
    return numbers if regular and len({count for _, count in steps}) == 1 else []


def _watermarks(segments: Sequence[Segment], em: float) -> list[Segment]:
    """Large pieces that text is printed over."""
    large = [segment for segment in segments if segment.size > _LARGE * em]
    return [
        piece for piece in large if sum(_is_over(other, piece) for other in segments) >= _MOST_OVER
    ]


def _is_over(piece: Segment, mark: Segment) -> bool:
    """Whether a small piece stands on a large one."""
    middle = (piece.box.top + piece.box.bottom) / 2
    return (
        piece.size * _LARGE < mark.size
        and mark.box.top < middle < mark.box.bottom
        and piece.box.x0 < mark.box.x1
        and piece.box.x1 > mark.box.x0
    )


def _folded(segment: Segment) -> str:
    """The text of a piece in half-width letters."""
    return segment.text.translate(_HALF_WIDTH)
