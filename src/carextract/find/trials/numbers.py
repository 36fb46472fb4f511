"""Registry numbers: where a text names a trial, and the number in its canonical form.

A number may be printed with a space, a line break or a misread letter inside, and a list may give
the label only once. What cannot be a whole number is not mended but remarked upon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from carextract.find.article import Article
from carextract.find.facts import Remark
from carextract.grammar.words import lower
from carextract.rules import KindRules, Rule
from carextract.tracked import Span

_MISREAD = str.maketrans("OoQlI|SB", "00011158")
_BREAK = re.compile(r"[\s-]+")
# A number that goes on in a group of one digit, or before a counted noun, may be two numbers.
_COUNTED = re.compile(
    r"\s?(?:例|名|位|人|岁|%|％|patients?\b|participants?\b|subjects?\b|cases?\b)"
)
_LISTED = re.compile(r"\d{8,}")
_FRAGMENT = re.compile(
    r"(?:nct(?:(?=\d)|[\s:：#-]{1,3}(?=0))"
    r"|(?:chictr(?:-[a-z]{3,4})?|isrctn|actrn|drks|kct|umin|jrct[a-ds]?|eudract)[\s:：#-]{0,3})"
    r"\d[\dOolI]{3,19}(?:[xX*…]{1,8}|\.{3})?",
    re.IGNORECASE,
)
_FEWEST_REAL_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a trial is named; offsets count in the cleaned text."""

    id: str
    rule: Rule
    start: int
    end: int
    listed: bool  # one of several numbers under one label


def read_numbers(article: Article, rules: KindRules) -> Iterator[Mention | Remark]:
    """Every registry number of an article in order, and a remark for each that is not whole."""
    trigger = _any_of(rules.triggers)
    done = 0
    for index in article.awake(rules):
        paragraph = article.paragraphs[index]
        for hint in trigger.finditer(lower(paragraph.text)):
            at = paragraph.start + hint.start()
            if at < done:
                continue
            for item in _numbers_at(article.text, at, rules):
                yield item
                done = _end(item)


@lru_cache(maxsize=8)
def _any_of(triggers: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, triggers)))


def _end(item: Mention | Remark) -> int:
    if isinstance(item, Mention):
        return item.end
    return item.span.end if item.span else 0


def _numbers_at(text: str, at: int, rules: KindRules) -> Iterator[Mention | Remark]:
    """The numbers that begin where a trigger stands: one, a list, or a piece of one."""
    for rule in rules.rules:
        match = rule.regex.match(text, at) if rule.regex else None
        if match and _is_whole(match, text):
            yield from _mentions(rule, match)
            return
    fragment = _FRAGMENT.match(text, at)
    if fragment:
        message = f"{fragment[0]!r} is not a whole registry number: left out"
        yield Remark("trial-number-incomplete", message, Span(*fragment.span()))


def _is_whole(match: re.Match[str], text: str) -> bool:
    """Whether the captured digits are one number, not parts of two things side by side."""
    number = match.groupdict().get("number")
    if number is None:
        return True
    if sum(character.isdigit() for character in number) < _FEWEST_REAL_DIGITS:
        return False
    end = match.end("number")
    if number[-1].isalpha() and text[end : end + 1].isalpha():
        return False
    pieces = _BREAK.split(number)
    if len(pieces) == 1:
        return True
    spelled = max(map(len, pieces)) <= 2
    return spelled or (len(pieces[-1]) > 1 and not _COUNTED.match(text, end))


def _mentions(rule: Rule, match: re.Match[str]) -> Iterator[Mention]:
    """The number of a match, and those of the list that follows it."""
    groups = {name: _clean(name, value) for name, value in match.groupdict().items()}
    more = match.groupdict().get("more") or ""
    name = "printed" if "printed" in match.re.groupindex else 0
    start = min(match.start(group) for group in (name, *_early(match)))
    end = match.start("more") if more else match.end()
    template = str(rule.set["id"])
    yield Mention(template.format(**groups).rstrip("-"), rule, start, end, bool(more))
    for listed in _LISTED.finditer(more):
        canonical = template.format(**{**groups, "number": listed[0]})
        offset = match.start("more")
        yield Mention(canonical, rule, offset + listed.start(), offset + listed.end(), True)


def _early(match: re.Match[str]) -> list[str]:
    """A year that was read by looking back from the trigger."""
    return ["year"] if "year" in match.re.groupindex else []


def _clean(name: str, value: str | None) -> str:
    """A captured group as the canonical form has it."""
    text = _BREAK.sub("", value or "")
    if name == "kind":
        return text.upper().replace("0", "O").replace("1", "I")
    if name == "letter":
        return text.lower()
    return text.translate(_MISREAD)
