"""Where a sentence ends at the end of a line, and lines that begin something new by their form."""

from __future__ import annotations

import re

_CLOSED = r"[\"”’」』)）\]］¹²³⁴⁵⁶⁷⁸⁹⁰⁻,，]*(?:[\[［][\d,，\-–— ]+[\]］])?$"
_SENTENCE_END = re.compile(r"(?<!\bal)(?<!\bvs)(?<!\b[Ff]ig)(?<!\bNo)[。．！？.!?]" + _CLOSED)
_CUT_NUMBER = re.compile(r"\d[.．]$")
_BROKEN_OFF = re.compile(
    r"[A-Za-z][-\u2010]$|[,，、/～~×]$|[(（][^)）]*$|[为為与與和及由至或在将將从從对對]$"
    r"|\b(?:a|an|and|at|by|for|from|had|has|in|is|of|on|or|than|the|to|was|were|with)$"
)
_HANGING = re.compile(r"\d\s?[～~]$|[/×为為与與和由至将將从從對对]$")
_BROKEN_WORD = re.compile(r"[A-Za-z][-\u2010]$")
_SMALL_WORD = re.compile(r"[a-zµμ]+(?![A-Za-z\d]|-\w)")
_LINK = re.compile(r"(?:and|at|by|for|from|in|of|on|or|than|to|which|with)\b")
_STOP = re.compile(r"[:：;；]$")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LABEL = re.compile(r"[^\s，。；、,.;:：][^，。；,;:：]{0,14}[:：]|[【\[［].{1,8}[】\]］]")
# A registry number, and a figure in Chinese, that a line end cuts in two.
_CUT_NAME = re.compile(r"[A-Za-z]{3}\d+$")
_REST_OF_NAME = re.compile(r"\d{4}")
_CUT_FIGURE = re.compile(r"[\u3400-\u9fff:：（(±～~]\d{1,4}[.．]$")
_REST_OF_FIGURE = re.compile(r"\d+\s?[\u3400-\u9fff%％)）±×*～~–-]")
_FIGURE = re.compile(r"\d$")
_UNIT = re.compile(
    r"(?:mg|[μµ]g|g|kg|m[lL]|mmHg|IU|cells?|days?|weeks?|months?|years?|patients)\b"
    r"|[例分级級周岁歲個个]"
)
_ENTRY = re.compile(
    r"(?:[\[［【]\s?\d{1,3}\s?[\]］】]|[(（]\s?[\da-zivx]{1,4}\s?[)）]|\d{1,3}\s?[.．、)）](?!\d)"
    r"|[①-⑳❶-❿•●■◆▪▶►·](?!\s?\d)|[-–—*#]+\s(?!\d)|[-#]+[\u3400-\u9fff*]|[一二三四五六七八九十]{1,3}、|[A-Za-z][.)]\s)"
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


def goes_on_small(line: str, after: str) -> bool:
    """Whether the line after one begins with a small letter, as it goes on within the sentence.

    >>> goes_on_small("a mean of 12 in whom", "the score fell"), goes_on_small("Age:", "over 18")
    (True, False)
    >>> goes_on_small("release syn-", "drome"), goes_on_small("C3, complement", "eGFR, filtration")
    (True, False)
    """
    if ends_sentence(line) or _STOP.search(line):
        return False
    return _SMALL_WORD.match(after) is not None


def begins_with_link(line: str) -> bool:
    """Whether a line begins with a small word that no sentence and no entry begins with.

    >>> begins_with_link("and 100 mg"), begins_with_link("Of these")
    (True, False)
    """
    return _LINK.match(line) is not None


def is_hanging(line: str) -> bool:
    """Whether a line ends with a word or sign that no paragraph ends with.

    >>> is_hanging("SLEDAI评分由"), is_hanging("25 mg/"), is_hanging("14例，")
    (True, True, False)
    """
    return _HANGING.search(line) is not None


def is_broken_word(line: str, after: str) -> bool:
    """Whether a word, a number, or one and its unit are on both of two lines.

    >>> is_broken_word("release syn-", "drome was seen"), is_broken_word("CAR-", "T cells")
    (True, False)
    >>> is_broken_word("注册号：ChiCTR2400", "112233"), is_broken_word("由12.", "5分降至")
    (True, True)
    >>> is_broken_word("not more than 40", "mg/day")
    True
    """
    return (
        (_BROKEN_WORD.search(line) is not None and after[:1].islower())
        or (_FIGURE.search(line) is not None and _UNIT.match(after) is not None)
        or (_CUT_NAME.search(line) is not None and _REST_OF_NAME.match(after) is not None)
        or (_CUT_FIGURE.search(line) is not None and _REST_OF_FIGURE.match(after) is not None)
    )


def goes_on_in_chinese(line: str, after: str) -> bool:
    """Whether a Chinese line ends with no stop, and the next does not begin as something new.

    >>> [goes_on_in_chinese("评分降至", after) for after in ("2分", "（2）无", "注册号：无")]
    [True, False, False]
    """
    if ends_sentence(line) or _STOP.search(line) or not _CHINESE.search(line + after):
        return False
    return not (begins_entry(after) or is_numbered(after) or begins_label(after))


def begins_label(line: str) -> bool:
    """Whether a line begins with what it tells of, before a colon or in brackets.

    >>> begins_label("干预措施：无"), begins_label("【摘要】目的"), begins_label("评分降至2分")
    (True, True, False)
    """
    return _LABEL.match(line) is not None


def begins_entry(line: str) -> bool:
    """Whether a line begins as an entry of a list does.

    >>> [begins_entry(line) for line in ("[12] Name A.", "（1）缓解", "3. Name", "1.5 mg")]
    [True, True, True, False]
    >>> [begins_entry(line) for line in ("-体温正常", "- SLE", "-5 mg", "- 5 mg")]
    [True, True, False, False]
    """
    return _ENTRY.match(line) is not None


def is_numbered(line: str) -> bool:
    """Whether a line begins with a number as headings do.

    >>> [is_numbered(line) for line in ("2.1 疗效", "3 Results", "二、方法", "12 15")]
    [True, True, True, False]
    """
    return _HEADING.match(line) is not None
