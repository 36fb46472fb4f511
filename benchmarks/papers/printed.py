"""What can be certain of a printed page: neighbours on a line, by pdfium's characters and boxes.

The characters are taken in the order of the page's content, in which the characters of a line
follow each other in nearly all papers; those that do not are simply no neighbours here.
"""

from __future__ import annotations

import ctypes
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument

from benchmarks.papers.folding import CJK, fold
from carextract.read.pdf import fonts

_RAISED = dict(zip("0123456789-+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", strict=True))

# Distances in em, which is what Chinese characters are wide and high, or nearly so.
_INK = 0.92  # the ink of a Chinese character
_DIGIT = 0.7  # the height of a digit
_PRINTED_SPACE = 0.8
_FAR = 1.0  # no neighbours any more
_BACKWARDS = -0.5
_LINE = 0.7  # off the foot of the line, as far as a superscript may be
_LIFTED = 0.2  # a superscript, if it is also small
_SMALLER = 0.85
_SET_APART = 1.3  # from digit to digit, over what is usual on the page: thousands

_NUMBER = r"\d+(?:\.\d+)*[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]*[%‰]?"
_HIGH_HALVES = range(0xD800, 0xDC00)
_CHINESE_PAIR = re.compile(CJK * 2)
_TOKEN = re.compile(rf"(?P<left>{CJK}?)(?P<token>{_NUMBER}(?:[±×~～-]{_NUMBER})*)(?P<right>{CJK}?)")


@dataclass(frozen=True, slots=True)
class Printed:
    """A page: its numbers next to Chinese, and pairs of Chinese characters by their distance.

    `numbers` holds patterns to be found in a right reading, with how often they are printed.
    """

    numbers: Counter[str]
    close: frozenset[str]
    apart: Counter[str]


@dataclass(frozen=True, slots=True)
class _Sign:
    """A character: its ink, and where its box begins on the foot of the line."""

    text: str
    x0: float
    x1: float
    width: float
    height: float
    start: float
    foot: float

    @property
    def em(self) -> float:
        """The size of its type, as far as its ink tells."""
        if self.text.isdigit():
            return self.height / _DIGIT
        return max(self.width, self.height) / _INK


def printed_pages(path: Path) -> list[Printed]:
    """All pages of a paper."""
    fonts.install()
    with PdfDocument(path) as document:
        return [_printed(list(_lines(list(_signs(page))))) for page in document]


def _signs(page: Any) -> Iterator[_Sign]:
    """The printed characters of a page, in the order of its content."""
    text_page = page.get_textpage()
    x0, x1, y0, y1, start, foot = (ctypes.c_double() for _ in range(6))
    high = ""
    for i in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page.raw, i)
        if pdfium.FPDFText_IsGenerated(text_page.raw, i) == 1 or not 32 < code < 0x110000:
            continue
        if code in _HIGH_HALVES:
            high = chr(code)
            continue
        text = fold(_whole(high + chr(code)))
        high = ""
        if len(text) != 1 or text.isspace():
            continue
        pdfium.FPDFText_GetCharBox(text_page.raw, i, x0, x1, y0, y1)
        pdfium.FPDFText_GetCharOrigin(text_page.raw, i, start, foot)
        yield _Sign(
            text,
            x0.value,
            x1.value,
            x1.value - x0.value,
            y1.value - y0.value,
            start.value,
            foot.value,
        )


def _whole(halves: str) -> str:
    """A character that pdfium gives in two halves; nothing for a half alone."""
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _lines(signs: list[_Sign]) -> Iterator[list[_Sign]]:
    """Characters that follow each other on a line of the page."""
    line: list[_Sign] = []
    for sign in signs:
        if line and not _follows(line[-1], sign):
            yield line
            line = []
        line.append(sign)
    if line:
        yield line


def _follows(left: _Sign, right: _Sign) -> bool:
    em = max(left.em, right.em)
    return abs(right.foot - left.foot) < _LINE * em and right.x0 - left.x1 > _BACKWARDS * em


def _printed(lines: list[list[_Sign]]) -> Printed:
    numbers: Counter[str] = Counter()
    close: set[str] = set()
    apart: Counter[str] = Counter()
    usual = _usual_step(lines)
    for line in lines:
        for left, right in pairwise(line):
            if _CHINESE_PAIR.fullmatch(pair := left.text + right.text):
                if _are_apart(left, right):
                    apart[pair] += 1
                else:
                    close.add(pair)
        numbers.update(_numbers(line, usual))
    return Printed(numbers, frozenset(close), apart)


def _are_apart(left: _Sign, right: _Sign) -> bool:
    """Whether a space is printed between two Chinese characters."""
    return right.start - left.start >= (1 + _PRINTED_SPACE) * max(left.em, right.em)


def _usual_step(lines: list[list[_Sign]]) -> float:
    """The median of the steps from digit to digit on a page, in em."""
    steps = [_step(*pair) for line in lines for pair in pairwise(line) if _are_digits(*pair)]
    return statistics.median(steps) if steps else 1.0


def _step(left: _Sign, right: _Sign) -> float:
    return (right.start - left.start) / max(left.em, right.em)


def _are_digits(left: _Sign, right: _Sign) -> bool:
    return left.text.isdigit() and right.text.isdigit()


def _numbers(line: list[_Sign], usual: float) -> Iterator[str]:
    """Numbers that touch a Chinese character, as patterns for what a right reading says."""
    text, gaps = line[0].text, set[int]()
    ground, size = line[0], max(sign.em for sign in line)
    for before, sign in pairwise(line):
        em = max(before.em, sign.em)
        if sign.x0 - before.x1 > _FAR * em:
            text += "\n"
        elif _are_digits(before, sign) and _step(before, sign) > _SET_APART * usual:
            gaps.add(len(text))
        raised = sign.foot - ground.foot > _LIFTED * size and sign.em < _SMALLER * size
        ground = ground if raised else sign
        text += _RAISED.get(sign.text, sign.text) if raised else sign.text
    for match in _TOKEN.finditer(text):
        if match["left"] or match["right"]:
            yield _pattern(match, gaps)


def _pattern(match: re.Match[str], gaps: set[int]) -> str:
    """White space may stand where it is printed, beside the Chinese and around ± and ×."""
    start = match.start("token")
    pieces = []
    for at, sign in enumerate(match["token"], start):
        if at > start and at in gaps and sign.isdigit() and match.string[at - 1].isdigit():
            pieces.append(r"\s*")
        pieces.append(rf"\s*{re.escape(sign)}\s*" if sign in "±×~～-" else re.escape(sign))
    token = "".join(pieces)
    left = rf"{match['left']}[\s|]*" if match["left"] else r"(?<!\d)(?<!\d\.)"
    right = rf"[\s|]*{match['right']}" if match["right"] else r"(?![\d.]*\d)"
    return left + token + right
