"""Digits beside Chinese, and spaces inside it.

**Digits intact.** A number is digits with decimal points, a raised exponent and a percent sign,
or several of them with ±, ×, ~ or a dash between; it counts where it touches a Chinese character
on its line. Truth is the order of the page's content, without its spaces (`printed`). A number is
intact in a reading that has it, unbroken, beside the same Chinese characters, as often as it is
printed there.

**False spaces.** White space that a reading has between two Chinese characters of a line which
stand closer than 0.8 em wherever they follow each other on the page, for 1,000 Chinese characters
of the reading. Characters that do not follow each other on the page are a matter of order, and are
not counted here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.papers.folding import CJK, fold
from benchmarks.papers.printed import Printed
from benchmarks.papers.readers import Reading

Truth = Mapping[tuple[str, int], Printed]

_SPACED = re.compile(rf"({CJK})[^\S\n]+(?=({CJK}))")
_CHINESE = re.compile(CJK)
_LOOSE = re.compile(rf"({CJK}|\\?[±×~-]|\\?,)")


def digits_intact(reading: Reading, truth: Truth) -> tuple[int, int]:
    """How many numbers beside Chinese are whole, and out of how many."""
    intact = total = 0
    for (file, number), page in truth.items():
        text = fold(reading.page(file, number))
        for pattern, often in page.numbers.items():
            intact += min(often, len(re.findall(pattern, text)))
            total += often
    return intact, total


def false_spaces(reading: Reading, truth: Truth) -> tuple[int, int]:
    """How many spaces inside Chinese are not printed, and how many Chinese characters there are."""
    wrong = characters = 0
    for (file, number), page in truth.items():
        text = reading.page(file, number)
        characters += len(_CHINESE.findall(text))
        wrong += _unprinted(Counter(a + b for a, b in _SPACED.findall(text)), page)
    return wrong, characters


def numbers_by_eye(reading: Reading, truth: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """How many of the numbers set down by eye are whole, and out of how many.

    Where the truth has a space one may stand, as around signs and beside Chinese.
    """
    whole = total = 0
    for page in truth:
        text = fold(reading.page(page["file"], page["page"]))
        for number in page["numbers"]:
            pattern = _LOOSE.sub(r"\\s*\1\\s*", re.escape(number).replace(r"\ ", r"\s*"))
            whole += re.search(rf"(?<![\d.]){pattern}(?!\d)", text) is not None
            total += 1
    return whole, total


def _unprinted(spaced: Mapping[str, int], page: Printed) -> int:
    return sum(
        max(0, often - page.apart[pair]) for pair, often in spaced.items() if pair in page.close
    )
