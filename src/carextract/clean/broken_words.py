"""Words broken at the end of a printed line, in a text whose lines are put together already."""

from __future__ import annotations

import re

from carextract.clean.linebreaks import is_compound
from carextract.clean.pattern import Pattern
from carextract.clean.substitute import substitute
from carextract.tracked import TrackedText

STEP = "linebreaks"

_BROKEN = Pattern(r"-(?<=\w-)\n(?=\w)|–(?<=[0-9]–)\n(?=[0-9])")
_HEAD = Pattern("[A-Za-z]+$")
_TAIL = Pattern("[a-z][A-Za-z ]{0,40}")
_LONGEST_HEAD = 40


def broken_words(text: TrackedText) -> TrackedText:
    """Join words and numbers that were broken behind a hyphen, or a dash between two numbers.

    The hyphen goes where a small letter follows on a word, unless the word is a compound. One that
    stands alone is an empty cell of a table.

    >>> broken_words(TrackedText.of("immuno-\\ntherapy, low-\\nrisk, CAR-\\nT, 3-\\n5")).text
    'immunotherapy, low-risk, CAR-T, 3-5'
    >>> broken_words(TrackedText.of("5 | -\\nanti | -")).text
    '5 | -\\nanti | -'
    """
    return substitute(text, STEP, _BROKEN, _joined)


def _joined(match: re.Match[str]) -> str:
    """What is left of a hyphen and a line end: the hyphen, or nothing."""
    hyphen = match[0][0]
    head = _HEAD.search(match.string, max(0, match.start() - _LONGEST_HEAD), match.start())
    tail = _TAIL.match(match.string, match.end())
    return hyphen if head is None or tail is None or is_compound(head[0], tail[0]) else ""
