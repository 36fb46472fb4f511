"""What can be certain of a printed page: neighbours on a line, by pdfium's characters and boxes.

The characters are taken in the order of the page's content, in which the characters of a line
follow each other in nearly all papers; those that do not are simply no neighbours here.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument

from benchmarks.papers.folding import CJK, fold
from carextract.read.pdf import fonts

_RAISED = dict(zip("0123456789-+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", strict=True))

# In heights of the character on the left, which are those of its font.
_TOUCHING = 0.8  # from this gap on a space is printed
_SAME_LINE = 0.5  # overlap in height
_BACKWARDS = -0.5  # a character this far back does not follow
_SMALLER = 0.85  # a superscript's height
_HIGHER = 0.15  # a superscript's foot above that of its line
_GAP_IN_NUMBER = 0.15  # thousands set apart

_NUMBER = r"\d+(?:\.\d+)*[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]*[%‰]?"
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
    text: str
    x0: float
    bottom: float
    x1: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


def printed_pages(path: Path) -> list[Printed]:
    """All pages of a paper."""
    fonts.install()
    with PdfDocument(path) as document:
        return [_printed(list(_lines(list(_signs(page))))) for page in document]


def _signs(page: Any) -> Iterator[_Sign]:
    """The printed characters of a page, in the order of its content."""
    text_page = page.get_textpage()
    box = pdfium.FS_RECTF()
    for i in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page.raw, i)
        if pdfium.FPDFText_IsGenerated(text_page.raw, i) == 1 or not 32 < code < 0x110000:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text_page.raw, i, ctypes.byref(box)):
            continue
        text = chr(code) if not 0xD800 <= code < 0xE000 else "\0"
        if not text.isspace():
            yield _Sign(text, box.left, box.bottom, box.right, box.top)


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
    overlap = min(left.top, right.top) - max(left.bottom, right.bottom)
    gap = right.x0 - left.x1
    lower = min(left.height, right.height)
    return overlap >= _SAME_LINE * lower and gap >= _BACKWARDS * left.height


def _printed(lines: list[list[_Sign]]) -> Printed:
    numbers: Counter[str] = Counter()
    close: set[str] = set()
    apart: Counter[str] = Counter()
    for line in lines:
        for left, right in zip(line, line[1:], strict=False):
            if re.fullmatch(CJK * 2, pair := left.text + right.text):
                if _is_apart(left, right):
                    apart[pair] += 1
                else:
                    close.add(pair)
        numbers.update(_numbers(line))
    return Printed(numbers, frozenset(close), apart)


def _is_apart(left: _Sign, right: _Sign) -> bool:
    return right.x0 - left.x1 >= _TOUCHING * left.height


def _numbers(line: list[_Sign]) -> Iterator[str]:
    """Numbers that touch a Chinese character, as patterns for what a right reading says."""
    text, gaps = "", set[int]()
    for number, sign in enumerate(line):
        folded = fold(sign.text)
        if number:
            before = line[number - 1]
            if _is_apart(before, sign):
                text += "\n"
            elif sign.x0 - before.x1 > _GAP_IN_NUMBER * before.height:
                gaps.add(len(text))
            if _is_raised(before, sign):
                folded = _RAISED.get(folded, folded)
        text += folded
    for match in _TOKEN.finditer(text):
        if match["left"] or match["right"]:
            yield _pattern(match, gaps)


def _is_raised(before: _Sign, sign: _Sign) -> bool:
    lifted = sign.bottom - before.bottom
    return sign.height < _SMALLER * before.height and lifted > _HIGHER * before.height


def _pattern(match: re.Match[str], gaps: set[int]) -> str:
    """White space may stand where it is printed, beside the Chinese and around ± and ×."""
    start = match.start("token")
    pieces = []
    for at, sign in enumerate(match["token"], start):
        if at > start and at in gaps and sign.isdigit() and match.string[at - 1].isdigit():
            pieces.append(r"\s*")
        pieces.append(rf"\s*{re.escape(sign)}\s*" if sign in "±×~～-" else re.escape(sign))
    token = "".join(pieces)
    left = rf"{match['left']}[\s|]*" if match["left"] else r"(?<![\d.])"
    right = rf"[\s|]*{match['right']}" if match["right"] else r"(?![\d.]*\d)"
    return left + token + right
