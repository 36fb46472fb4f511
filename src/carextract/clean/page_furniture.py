"""Page headers, footers and page numbers that stand inside a sentence."""

from __future__ import annotations

import re
from collections import Counter

from carextract.clean.pattern import Pattern
from carextract.clean.shape import (
    HAN_RUN,
    Line,
    ends_sentence,
    is_certain_row,
    lines_of,
    starts_item,
)
from carextract.clean.substitute import substitute
from carextract.tracked import TrackedText

STEP = "page-furniture"

_PAGE_NUMBER = Pattern(
    r"[·•\-–—─~～]{1,2}\s?\d{1,4}\s?[·•\-–—─~～]{1,2}|第\s?\d{1,4}\s?页(?:\s?[/，,]?\s?共\s?\d{1,4}\s?页)?"
    r"|[Pp]age\s\d{1,4}(?:\s(?:of|/)\s\d{1,4})?|\d{1,4}\s?/\s?\d{1,4}\s?页"
)
_BARE_NUMBER = Pattern(r"\d{1,4}")
_JOURNAL = Pattern(
    r"(?=.*(?:19|20)\d\d)(?:.*(?:\b[Vv]ol(?:ume)?\.?\s?\d|第\s?\d{1,3}\s?卷|\d{1,3}\s?[(（]\d{1,2}[)）]\s?[:：]"
    r"|\b[Ii]ssue\s\d|第\s?\d{1,2}\s?期).*)"
    r"|(?:https?://)?doi(?:\.org/|:\s?)10\.\S+"
    r"|.{0,40}(?:©|Copyright|All rights reserved).*(?:19|20)\d\d.*"
    r"|[A-Z][\w'’-]+(?: and [A-Z][\w'’-]+| et al\.?)[.,]?\s*(?:\||\d{1,4})?"
)
_RUNNING_HEAD = Pattern(r"[A-Z][A-Z ]{3,40}\s{3,}\d{1,4}|\d{1,4}\s{3,}[A-Z][A-Z ]{3,40}")
_HINT = Pattern(
    r"\n[ \t]*(?:[·•–—─~～-]{1,2}\s?\d{1,4}\s?[·•–—─~～-]{1,2}|第\s?\d{1,4}\s?页[^\n]{0,12}"
    r"|[Pp]age\s\d[^\n]{0,12}|\d{1,4}\s?/\s?\d{1,4}\s?页)[ \t]*\n"
    r"|第\s?\d{1,3}\s?[卷期]|\b[Vv]ol(?:ume)?\.?\s?\d|\d\s?[(（]\d{1,2}[)）]\s?[:：]"
    r"|\n[ \t]*(?:doi|https?:|www\.)|©| {3}\d{1,4} *\n|\n *\d{1,4} {3}|\bet al\.?[ \t|\d]*\n"
)
_CONTINUES = Pattern("[a-z0-9，。、；）)%～~(（]|[A-Z]{2}")
_MAX_WIDTH = 120
_MAX_LINES = 4
_REPEATS = 3
_DIGITS = Pattern(r"\d+")


def page_furniture(text: TrackedText) -> TrackedText:
    """Take out page numbers and running heads between two halves of a sentence.

    What is taken out is foreign to the sentence: a quote over it becomes two spans. Lines that
    stand between whole sentences stay, and so does a bare number without a form feed beside it.

    >>> page_furniture(TrackedText.of("回输后患者的SLEDAI评分由\\n· 635 ·\\n16分降至0分。")).text
    '回输后患者的SLEDAI评分由16分降至0分。'
    >>> page_furniture(TrackedText.of("均缓解。\\n· 635 ·\\n讨论")).text
    '均缓解。\\n· 635 ·\\n讨论'
    """
    raw = text.text
    changes: list[tuple[int, int, str]] = []
    if _may_hold_furniture(raw):
        lines = lines_of(raw)
        repeated = _repeated(lines)
        i = 1
        while i < len(lines) - 1:
            size = _furniture_at(raw, lines, i, repeated)
            if size:
                changes.extend(_removal(lines[i - 1], lines[i + size]))
            i += size + 1  # what stands behind furniture is text, and no furniture itself
    text = text.replace(STEP, changes, foreign=True)
    return substitute(text, STEP, Pattern("\f"), _form_feed) if "\f" in text.text else text


def _may_hold_furniture(raw: str) -> bool:
    """Whether it is worth looking at every line."""
    if "\f" in raw:
        return True
    short = "\n".join(line for line in raw.split("\n") if len(line) <= _MAX_WIDTH)
    return _HINT.search(f"\n{short}\n") is not None


def _removal(before: Line, behind: Line) -> list[tuple[int, int, str]]:
    """Take out what stands between the halves of a sentence, but for a space between two words.

    A word broken at a hyphen keeps its line end, to be joined as other broken words are.
    """
    last, first = before.text[-1], behind.text[0]
    if last == "-":
        return [(before.end + 1, behind.start, "")]
    wide = ord(last) >= 0x2E80 or ord(first) >= 0x2E80
    if wide or first in ",.;:)%]":
        return [(before.end, behind.start, "")]
    return [(before.end, before.end + 1, " "), (before.end + 1, behind.start, "")]


def _form_feed(match: re.Match[str]) -> str:
    """A form feed is the end of a line; beside a line end it is nothing."""
    around = (
        match.string[max(0, match.start() - 1) : match.start()],
        match.string[match.end() :][:1],
    )
    return "" if "\n" in around else "\n"


def _repeated(lines: list[Line]) -> frozenset[str]:
    """Short lines that come back three times or more, whatever their numbers."""
    counts = Counter(
        _DIGITS.sub("0", line.text)
        for line in lines
        if 6 <= line.width <= _MAX_WIDTH and not ends_sentence(line.text)
    )
    return frozenset(line for line, count in counts.items() if count >= _REPEATS and len(line) > 5)


def _furniture_at(raw: str, lines: list[Line], i: int, repeated: frozenset[str]) -> int:
    """How many lines of furniture stand at a place inside a sentence; 0 for none."""
    before = lines[i - 1]
    if ends_sentence(before.text) or is_certain_row(before.text) or before.width < 10:
        return 0
    size = certain = 0
    while size < _MAX_LINES and i + size < len(lines) - 1:
        bare = _BARE_NUMBER.fullmatch(lines[i + size].text) is not None
        known = _is_furniture(raw, lines, i + size, repeated)
        if not (bare or known):
            break
        size += 1
        certain += known
    if not certain:
        return 0
    behind = lines[i + size]
    goes_on = _CONTINUES.match(behind.text) or HAN_RUN.match(behind.text)
    goes_on = goes_on if not starts_item(behind.text) else None
    return size if goes_on and not is_certain_row(behind.text) else 0


def _is_furniture(raw: str, lines: list[Line], i: int, repeated: frozenset[str]) -> bool:
    """Whether a line is a page number, a running head, or a line that every page repeats."""
    line = lines[i]
    if line.width > _MAX_WIDTH:
        return False
    known = (_PAGE_NUMBER, _JOURNAL, _RUNNING_HEAD)
    if any(pattern.fullmatch(line.text) for pattern in known):
        return True
    if _BARE_NUMBER.fullmatch(line.text):
        return "\f" in raw[lines[i - 1].end : line.start] + raw[line.end : lines[i + 1].start]
    return _DIGITS.sub("0", line.text) in repeated and not is_certain_row(line.text)
