"""Numbers of which a part cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from carextract.clean.pattern import Pattern
from carextract.clean.shape import UNREADABLE, UNREADABLE_MARKS, is_labelled
from carextract.clean.substitute import substitute
from carextract.tracked import TrackedText

STEP = "unreadable"

_MARK = Pattern(f"[{UNREADABLE_MARKS}]+")
_LONGEST = 40

# Two figures where only one number can stand: behind a word that a value follows, or before a
# unit. They may be one number with a gap in it.
_GAP = Pattern(r" (?<=[0-9l] )(?=[0-9lO])")
_PAIR = Pattern(
    r"(?<![ |0-9%)×xX*] )(?<! m )(?<![A-Za-z0-9.,/^±×-])[0-9l]"
    r" [0-9lO](?:\.[0-9lO]+)?(?![0-9A-Za-z]|\.[0-9]| [0-9])"
)
_UNIT = Pattern(
    r"\s?(?:[例分岁名]|%|(?:m|k|μ|u)?g\b|m[lL]\b|I?U\b|[×x] ?10"
    r"|(?:points?|patients?|participants)\b)"
)
_VALUE_FOLLOWS = Pattern(
    r"(?:\b(?:from|to|and|was|is|than|of|scores?|SLEDAI(?:-2K)?) |[由从至为分]\s?)$"
)
_LONGEST_WORD = 12

# `l`, `I` and `O` are what OCR programs take for digits.
_FIGURES = f"[0-9OlI{UNREADABLE_MARKS}]+(?:[.,][0-9OlI{UNREADABLE_MARKS}]+)*"
_TIMES = r"\s?[×xX*]\s?"
_POWER = rf"{_TIMES}1[0OoIl]\s?\^?\s?[0-9OlI{UNREADABLE_MARKS}]{{1,2}}"
_RANGE = r"\s?%?\s?[-–—~～]\s?"
_TOTAL = r"[0-9]+\s?[例名位个][^0-9，。；,;]{0,8}中[^0-9，。；,;]{0,4}"
_BEFORE = Pattern(
    rf"(?<![A-Za-z0-9.])(?:{_TOTAL})?(?:{_FIGURES}(?:{_RANGE}|{_POWER}{_RANGE}))?(?:{_FIGURES}{_TIMES})?"
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
    """Leave out numbers of which a part cannot be read.

    What can be read beside a mark for what is unknown is not the number: 6 of `■6`, 10^6 of
    `0.■×10^6`. Nor is what only belongs to it: 4.2 of `■±4.2`, 12 of `■ of 12`. Nor are two
    figures side by side where one number has to stand. One mark stands for it all. Bullets and
    marks inside words stay.

    >>> unreadable(TrackedText.of("由■6分降至2分，回输0.■×106/kg，l■ of 12 patients")).text
    '由■分降至2分，回输■/kg，■ patients'
    >>> unreadable(TrackedText.of("■ 12 patients\\n■ 6 controls, CD19■, hospi■al")).text
    '■ 12 patients\\n■ 6 controls, CD19■, hospi■al'
    >>> unreadable(TrackedText.of("SLEDAI was 1 8 at first; 2 5 mg, grade 1 3 patients")).text
    'SLEDAI was ■ at first; ■ mg, grade 1 3 patients'
    """
    text = substitute(text, STEP, _GAP, _two_figures)
    return text.replace(STEP, _changes(text.text))


def _two_figures(match: re.Match[str]) -> str | None:
    """A mark between figures that may be one number; those of a label and a number stay."""
    raw, start = match.string, match.start() - 1
    pair = _PAIR.match(raw, start)
    if pair is None:
        return None
    before = max(0, start - _LONGEST_WORD)
    valued = _UNIT.match(raw, pair.end()) or _VALUE_FOLLOWS.search(raw, before, start)
    return UNREADABLE if valued and not is_labelled(raw, start) else None


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
