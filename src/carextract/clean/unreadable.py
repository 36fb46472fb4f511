"""Numbers of which a part cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from carextract.clean.pattern import Pattern
from carextract.clean.shape import UNREADABLE, UNREADABLE_MARKS
from carextract.tracked import TrackedText

STEP = "unreadable"

_MARK = Pattern(f"[{UNREADABLE_MARKS}]+")
_LONGEST = 40

# `l`, `I` and `O` are what OCR programs take for digits.
_FIGURES = f"[0-9OlI{UNREADABLE_MARKS}]+(?:[.,][0-9OlI{UNREADABLE_MARKS}]+)*"
_TIMES = r"\s?[×xX*]\s?"
_POWER = rf"{_TIMES}1[0OoIl]\s?\^?\s?[0-9OlI{UNREADABLE_MARKS}]{{1,2}}"
_RANGE = r"\s?[-–—~～]\s?"
_BEFORE = Pattern(
    rf"(?<![A-Za-z0-9.])(?:{_FIGURES}(?:{_RANGE}|{_POWER}{_RANGE}))?(?:{_FIGURES}{_TIMES})?"
    r"(?:[0-9OlI][0-9OlI.,]*)?\^?$"
)
# A total, a deviation, a bound or an exponent means nothing without what it belongs to, and
# would be read as the number itself.
_AFTER = Pattern(
    rf"(?:[.,]?{_FIGURES})?(?![A-Za-z])(?:{_POWER})?"
    rf"(?:(?:\s?±\s?|{_RANGE}|\s?/\s?|\s(?:out )?of\s(?:the\s)?){_FIGURES}(?:{_POWER})?)?"
    rf"(?:\s?[(（]\s?{_FIGURES}(?:{_RANGE}{_FIGURES})?\s?[)）])?(?![A-Za-z])"
)


def unreadable(text: TrackedText) -> TrackedText:
    """Leave out numbers of which a part is a mark for what could not be read.

    What can be read beside such a mark is not the number: 6 of `■6`, 10^6 of `0.■×10^6`. Nor is
    what only belongs to it: 4.2 of `■±4.2`, 12 of `■ of 12`. One mark stands for it all. Bullets
    and marks inside words stay.

    >>> unreadable(TrackedText.of("由■6分降至2分，回输0.■×106/kg，l■ of 12 patients")).text
    '由■分降至2分，回输■/kg，■ patients'
    >>> unreadable(TrackedText.of("■ 12 patients\\n■ 6 controls, CD19■, hospi■al")).text
    '■ 12 patients\\n■ 6 controls, CD19■, hospi■al'
    """
    return text.replace(STEP, _changes(text.text))


def _changes(raw: str) -> Iterator[tuple[int, int, str]]:
    bullets = {mark for mark in UNREADABLE_MARKS if len(re.findall(rf"(?m)^\s*{mark}", raw)) > 1}
    done = 0
    for mark in _MARK.finditer(raw):
        if mark.start() < done or (mark[0] in bullets and _starts_line(raw, mark.start())):
            continue
        first = max(done, mark.start() - _LONGEST)
        before = _BEFORE.search(raw, first, mark.start())
        after = _AFTER.match(raw, mark.end(), mark.end() + _LONGEST)
        start = before.start() if before else mark.start()
        done = after.end() if after else mark.end()
        if (start, done) != mark.span():
            yield start, done, UNREADABLE


def _starts_line(raw: str, place: int) -> bool:
    return not raw[raw.rfind("\n", 0, place) + 1 : place].strip()
