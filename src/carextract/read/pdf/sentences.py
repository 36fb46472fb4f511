"""Where a sentence ends at the end of a line, and lines that begin something new by their form."""

from __future__ import annotations

import re

_CLOSED = r"[\"”’」』)）\]］¹²³⁴⁵⁶⁷⁸⁹⁰⁻,，]*(?:[\[［][\d,，\-–— ]+[\]］])?$"
_SENTENCE_END = re.compile(r"(?<!\bal)(?<!\bvs)(?<!\b[Ff]ig)(?<!\bNo)[。．！？.!?]" + _CLOSED)
_CUT_NUMBER = re.compile(r"\d[.．]$")
_BROKEN_OFF = re.compile(r"[A-Za-z][-\u2010]$|[,，、/～~]$|[(（][^)）]*$")
_ENTRY = re.compile(
    r"(?:[\[［【]\s?\d{1,3}\s?[\]］】]|[(（]\s?[\da-zivx]{1,4}\s?[)）]|\d{1,3}\s?[.．、)）](?!\d)"
    r"|[①-⑳❶-❿•●■◆▪▶►]|[-–—*#]+\s(?!\d)|[一二三四五六七八九十]{1,3}、|[A-Za-z][.)]\s)"
)
_HEADING = re.compile(
    r"(?:\d{1,2}(?:[.．]\d{1,2}){0,3}[.．、]?\s+[^\W\d]|\d{1,2}(?:[.．]\d{1,2}){2,3}[^\W\d]"
    r"|[一二三四五六七八九十]{1,3}、)"
)


def ends_sentence(line: str, after: str = "") -> bool:
    """Whether a sentence ends at the end of a line.

    >>> [ends_sentence(line) for line in ("缓解［3］。", "in all.²,³", "Name et al.", "grade")]
    [True, True, False, False]
    >>> ends_sentence("评分由12.", "4分降至2分")  # a number that is cut
    False
    """
    if _CUT_NUMBER.search(line) and after[:1].isdigit():
        return False
    return _SENTENCE_END.search(line) is not None


def is_broken_off(line: str) -> bool:
    """Whether a line cannot be the last of a paragraph: within a word, a list or brackets.

    >>> [is_broken_off(line) for line in ("a syn-", "14例，", "lupus (NCT", "lupus (SLE)")]
    [True, True, True, False]
    """
    return _BROKEN_OFF.search(line) is not None


def begins_entry(line: str) -> bool:
    """Whether a line begins as an entry of a list does.

    >>> [begins_entry(line) for line in ("[12] Name A.", "（1）缓解", "3. Name", "1.5 mg")]
    [True, True, True, False]
    """
    return _ENTRY.match(line) is not None


def is_numbered(line: str) -> bool:
    """Whether a line begins with a number as headings do.

    >>> [is_numbered(line) for line in ("2.1 疗效", "3 Results", "二、方法", "12 15")]
    [True, True, True, False]
    """
    return _HEADING.match(line) is not None
