"""Captions of tables: lines that name one, not sentences about one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from carextract.read.pdf.layout import Segment

_NUMBER = r"(?:[SA-Za-z]?\d{1,2}(?:[-–－.．]\d{1,2})?[A-Za-z]?|[IVX]{1,4}|[Ⅰ-Ⅻ])"
_LABEL = re.compile(
    rf"(?:\(?[续續附]\s?)*表\s?(?:{_NUMBER}|[一二三四五六七八九十]{{1,3}})(?![\dA-Za-z.%])"
    r"|\(?[续續]\s?表"
    rf"|(?:(?:Suppl(?:\.|ement(?:ary|al)?)|Extended\sData|Appendix|Online)\s)?(?:e?Tab(?:le|\.))\s?"
    rf"{_NUMBER}(?![\w%])",
    re.I,
)
# What follows the number in a title; after the number of a table that is spoken of a sentence goes on.
_TITLE = re.compile(
    r"\s*[.:．：|｜—–-]*\s*(?:$|[(（［\[]?(?:cont(?:inued|\.|'d)?\b|[续續])"
    r"|[^\s.:,;)\]，。；、）a-z所显顯可中为為是和与與及列给給的内也则則说說结結])",
)
_MID_LINE = 1.2  # em: a caption has no words so near before it


def captions(segments: Sequence[Segment]) -> list[Segment]:
    """The pieces of lines that a caption of a table begins with, from the top down."""
    found = [segment for segment in segments if _is_caption(segment.text)]
    begun = [segment for segment in found if not any(_before(segment, segments))]
    return sorted(begun, key=lambda segment: segment.box.top)


def is_label_alone(text: str) -> bool:
    """Whether a caption has come no farther than the number of its table."""
    return _LABEL.fullmatch(text.strip(" .:．：")) is not None


def _is_caption(text: str) -> bool:
    """Whether a line begins as a caption does.

    >>> list(map(_is_caption, ["Table 2. Doses", "表1 患者基线", "Table 2 shows that", "表1所示"]))
    [True, True, False, False]
    """
    if text[:1] not in _FIRST:
        return False
    label = _LABEL.match(text)
    return label is not None and _TITLE.match(text, label.end()) is not None


_FIRST = frozenset("TtSEeAO表续續附(")


def _before(caption: Segment, segments: Sequence[Segment]) -> Iterator[Segment]:
    """The pieces that stand close before a caption, on its line."""
    size = caption.size
    for segment in segments:
        gap = caption.box.x0 - segment.box.x1
        if abs(segment.baseline - caption.baseline) < 0.3 * size and -size < gap < _MID_LINE * size:
            if segment is not caption and segment.box.x0 < caption.box.x0:
                yield segment
