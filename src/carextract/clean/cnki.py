"""Latin letters that a Chinese database prints with a font of its own."""

from __future__ import annotations

import re

from carextract.clean.pattern import Pattern
from carextract.tracked import TrackedText

STEP = "cnki"


def _private_letters() -> dict[str, str]:
    """The ideographs such a font borrows: GBK lead byte A0, the letter with its high bit set."""
    found: dict[str, str] = {}
    for code in range(0x21, 0x7F):
        found[bytes((0xA0, code | 0x80)).decode("gbk")] = chr(code)
    return found


_LETTERS = _private_letters()
_BORROWED = "".join(_LETTERS)
_RUN = Pattern(f"[{_BORROWED}]{{2,}}")
_ORDINARY = frozenset("牘牽犢犧狀牴")
_RARE = "".join(letter for letter in _LETTERS if letter not in _ORDINARY)
_LONE = (
    f"(?<![\u4e00-\u9fff])[{_BORROWED}](?![\u4e00-\u9fff])"
    f"|(?<=[-－/A-Za-z0-9])[{_BORROWED}](?![{_BORROWED}])"
    f"|[{_RARE}]"
)
_RUNS_OF_A_HABIT = 3


def cnki(text: TrackedText) -> TrackedText:
    """Read borrowed ideographs as the Latin letters they were printed for.

    Only runs of two or more rare ones; in a document that has several runs also single ones, but
    those that Traditional text uses (`狀`) only apart from other ideographs.

    >>> cnki(TrackedText.of("犖犆犜06106906 和 犛犔犈 患者")).text
    'NCT06106906 和 SLE 患者'
    >>> cnki(TrackedText.of("症狀、狂犬病、牧牛")).text
    '症狀、狂犬病、牧牛'
    """
    runs = [match for match in _RUN.finditer(text.text) if _is_print(match[0])]
    if not runs:
        return text
    lone = re.finditer(_LONE, text.text) if len(runs) >= _RUNS_OF_A_HABIT else ()
    inside = {place for match in runs for place in range(*match.span())}
    places = sorted(
        [match.span() for match in runs]
        + [match.span() for match in lone if match.start() not in inside]
    )
    return text.replace(
        STEP,
        [
            (start, end, "".join(map(_LETTERS.__getitem__, text.text[start:end])))
            for start, end in places
        ],
    )


def _is_print(run: str) -> bool:
    """Whether a run holds at least two ideographs that no one writes."""
    return sum(character not in _ORDINARY for character in run) >= 2
