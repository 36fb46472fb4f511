"""The one way in which a step changes text: find what it changes, say what it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable

from carextract.tracked import TrackedText


def substitute(
    text: TrackedText,
    step: str,
    pattern: re.Pattern[str],
    new: str | Callable[[re.Match[str]], str | None],
) -> TrackedText:
    """Replace each match of a pattern by a string, or by what a function makes of the match.

    A function answers None for a match that is to stay as it is.

    >>> text = TrackedText.of("1O6")
    >>> substitute(text, "ocr", re.compile("O"), "0").text
    '106'
    """
    changes: list[tuple[int, int, str]] = []
    for match in pattern.finditer(text.text):
        after = new if isinstance(new, str) else new(match)
        if after is not None:
            changes.append((match.start(), match.end(), after))
    return text.replace(step, changes)


def translate(
    text: TrackedText, step: str, pattern: re.Pattern[str], table: dict[str, str]
) -> TrackedText:
    """Replace each match of a pattern by its entry in a table.

    >>> translate(TrackedText.of("ﬁve"), "characters", re.compile("ﬁ"), {"ﬁ": "fi"}).text
    'five'
    """
    return substitute(text, step, pattern, lambda match: table[match.group()])
