"""The one way in which a step changes text: find what it changes, say what it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from carextract.clean.pattern import Pattern
from carextract.tracked import TrackedText


def substitute(
    text: TrackedText,
    step: str,
    pattern: Pattern,
    new: str | Callable[[re.Match[str]], str | None],
) -> TrackedText:
    """Replace each match of a pattern by a string, or by what a function makes of the match.

    A function answers None for a match that is to stay as it is.

    >>> text = TrackedText.of("1O6")
    >>> substitute(text, "ocr", Pattern("O"), "0").text
    '106'
    """
    return text.replace(step, _changes(text.text, pattern, new))


def _changes(
    raw: str, pattern: Pattern, new: str | Callable[[re.Match[str]], str | None]
) -> Iterator[tuple[int, int, str]]:
    for match in pattern.finditer(raw):
        after = new if isinstance(new, str) else new(match)
        if after is not None:
            yield match.start(), match.end(), after
