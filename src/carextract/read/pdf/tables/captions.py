"""Captions of tables: lines that name one, not sentences about one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from carextract.read.pdf.layout import Segment

# Character recognition takes a letter for a figure that looks like it, and the other way round.
_NUMBER = (
    r"(?:[A-Z][.．]\d{1,2}|[SA-Za-z]?[\dlIO]{1,2}(?:[-–－.．]\d{1,2})?[A-Za-z]?"
    r"|[IVX]{1,4}|[Ⅰ-Ⅻ])"
)
_LABEL = re.compile(
    rf"(?:\(?[续續附]\s?)*表格?\s?(?:{_NUMBER}|[一二三四五六七八九十]{{1,3}})(?![\dA-Za-z.%])"
    r"|\(?[续續]\s?表"
    r"|(?:(?:Suppl(?:\.|ement(?:ary|al)?)|Extended\sData|Appendix|Online)\s)?"
    rf"(?:e?Tab(?:[l1I]e|\.))\s?{_NUMBER}(?![\w%])",
    re.I,
)
# What follows the number in a title; in text about a table, a sentence goes on there.
_TITLE = re.compile(
    r"\s*[.:．：|｜—–-]*\s*(?:$|[(（［\[]?(?:cont(?:inued|\.|'d)?\b|[续續])"
    r"|(?!所[示列述见]|[显顯]示|可[见知以看]|中[的可给列]|[是为的，]|[和与及]\s?表|[列给]出|说明)"
    r"[^\s.:,;)\]，。；、）a-z])",
)
# A line that goes on in the next, which then names a table and is no caption.
_IN_SENTENCE = re.compile(
    r"\b(?:and|are|as|by|from|in|is|of|or|see|the|to|with)$|[见見如及和与與在由以]$|[(（,，、]$",
    re.I,
)
_CONTINUED = re.compile(r"^\(?[续續]|[(（][续續]|\bcont(?:inued\b|\.|'d\b)", re.I)
_FIRST = frozenset("TtSEeAO表续續附(")
_MOST = 500  # lines of a page that are looked at: one of a paper has 200
_LONGEST_WORD = 6  # characters: 续附表, Table

# In em.
_MID_LINE = 1.2  # a caption has no words so near before it
_SAME_LINE = 0.3
_NEXT_LINE = 1.6  # how far below a line of text the next may stand
_SAME_EDGE = 1.0
_SAME_SIZE = 0.05
_LONG_LINE = 10.0


def captions(segments: Sequence[Segment]) -> list[Segment]:
    """The pieces of lines that a caption of a table begins with, from the top down."""
    likely = [segment for segment in segments if segment.text[:1] in _FIRST]
    found = [
        segment
        for segment in likely[:_MOST]
        if _is_caption(segment.text + _after(segment, segments))
        and not _before(segment, segments)
        and not _is_within_sentence(segment, segments)
    ]
    return sorted(found, key=lambda segment: segment.box.top)


def is_label_alone(text: str) -> bool:
    """Whether a caption has come no farther than the number of its table."""
    return _LABEL.fullmatch(text.strip(" .:．：")) is not None


def is_continued(text: str) -> bool:
    """Whether a caption says that its table goes on from the page before.

    >>> list(map(is_continued, ["Table 1. Cont.", "续表1", "Table 3 Contacts"]))
    [True, True, False]
    """
    return _CONTINUED.search(text) is not None


def _is_caption(text: str) -> bool:
    """Whether a line begins as a caption does.

    >>> list(map(_is_caption, ["Table 2. Doses", "表1 患者基线", "Table 2 shows that", "表1所示"]))
    [True, True, False, False]
    """
    label = _LABEL.match(text)
    return label is not None and _TITLE.match(text, label.end()) is not None


def _beside(segment: Segment, segments: Sequence[Segment]) -> Iterator[Segment]:
    """The other pieces on the line of one."""
    slack = _SAME_LINE * segment.size
    for other in segments:
        if other is not segment and abs(other.baseline - segment.baseline) < slack:
            yield other


def _after(segment: Segment, segments: Sequence[Segment]) -> str:
    """What goes on behind a word for table that stands for itself, for its number is set apart."""
    if len(segment.text) > _LONGEST_WORD:
        return ""
    behind = [
        other
        for other in _beside(segment, segments)
        if 0 <= other.box.x0 - segment.box.x1 < _MID_LINE * segment.size
    ]
    return behind[0].text if behind else ""


def _before(segment: Segment, segments: Sequence[Segment]) -> bool:
    """Whether words stand close before a piece, on its line."""
    return any(
        other.box.x0 < segment.box.x0
        and -segment.size < segment.box.x0 - other.box.x1 < _MID_LINE * segment.size
        for other in _beside(segment, segments)
    )


def _is_within_sentence(segment: Segment, segments: Sequence[Segment]) -> bool:
    """Whether a piece goes on with the sentence in the line above, as in "given in / Table 1"."""
    size = segment.size
    return any(
        _SAME_LINE * size < segment.baseline - above.baseline < _NEXT_LINE * size
        and abs(segment.box.x0 - above.box.x0) < _SAME_EDGE * size
        and abs(above.size - size) < _SAME_SIZE * size
        and above.box.width > _LONG_LINE * size
        and _IN_SENTENCE.search(above.text)
        for above in segments
    )
