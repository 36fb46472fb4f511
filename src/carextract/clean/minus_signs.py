"""A dash that is printed for a minus sign: without it a fall would read as a rise."""

from __future__ import annotations

from carextract.clean.pattern import Pattern
from carextract.clean.substitute import substitute
from carextract.tracked import TrackedText

STEP = "characters"

# Behind a word and a space, straight before a number; between two numbers a dash makes a range.
_MINUS = Pattern(r"(?<=[A-Za-z为是了达约:：(（] )[–—](?=\d)|(?<=[(（为是了达约])[–—](?=\d)")


def minus_signs(text: TrackedText) -> TrackedText:
    """Make a hyphen of a dash that stands for a minus sign.

    >>> minus_signs(TrackedText.of("the change was –6.4 points, and 平均变化为–3分")).text
    'the change was -6.4 points, and 平均变化为-3分'
    >>> minus_signs(TrackedText.of("8–16, 8 – 16, 8 –16, weeks 4–12")).text
    '8–16, 8 – 16, 8 –16, weeks 4–12'
    """
    return substitute(text, STEP, _MINUS, "-")
