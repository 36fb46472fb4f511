"""Text as letters with a font, a size and a height above the line, and where a line may end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics

from typesetting.faces import STAND_INS, Face, font_of, is_wide

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
SOFT_HYPHEN = "\u00ad"

_SMALL = 0.65  # raised and lowered type, in the size of the line
_RISE = 0.36
_DROP = -0.14
_OPENING = "（([【「『《“‘〔［"
_CLOSING = "，。、；：！？）)]】」』》”’〕］%‰℃·～"
_LONG_BEFORE_SLASH = 8  # letters without a space before a slash behind which a line may end
_SPACES = " \t\n\u00a0\u2009\u202f"


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is set. Indents and the space above are in type sizes."""

    face: Face
    size: float = 10.0
    leading: float = 1.45
    indent: float = 0.0
    above: float = 0.0
    align: str = "justify"  # or left, centre


class Letter(NamedTuple):
    """A character to be printed; `rise` is how far above the line, in points."""

    char: str
    font: str
    size: float
    rise: float
    wide: bool

    @property
    def width(self) -> float:
        """How far it moves the next letter."""
        return float(pdfmetrics.stringWidth(self.char, self.font, self.size))


def letters(text: str, style: Style) -> list[Letter]:
    """A text as letters. Superscript and subscript characters are raised and lowered digits.

    `<sup>[12]</sup>` and `10^6` are raised too.
    """
    made: list[Letter] = []
    plain = "".join(STAND_INS.get(char, char) for char in text)
    for piece, rise in _levels(plain):
        for at, char in enumerate(piece):
            around = piece[max(at - 1, 0) : at] + piece[at + 1 : at + 2]
            made.append(_letter(char, around, rise, style))
    return made


def width_of(line: Sequence[Letter]) -> float:
    """How wide letters are side by side."""
    return sum(letter.width for letter in line)


def broken(line: list[Letter], width: float, indent: float) -> Iterator[list[Letter]]:
    """A paragraph's letters a line at a time, as many on each as it holds."""
    room = width - indent
    start = 0
    while start < len(line):
        end = _line_end(line, start, room)
        yield _shown(line[start:end], goes_on=end < len(line))
        start, room = end, width


def _line_end(line: Sequence[Letter], start: int, room: float) -> int:
    used, best = 0.0, start
    for at in range(start, len(line)):
        if at > start and _may_break(line, at):
            best = at
        if line[at].char not in (" ", SOFT_HYPHEN):
            used += line[at].width
            if used > room:
                return best if best > start else max(at, start + 1)
        elif line[at].char == " ":
            used += line[at].width
    return len(line)


def _shown(line: list[Letter], *, goes_on: bool) -> list[Letter]:
    """A line without the space at its end; of its soft hyphens only one at the end is seen."""
    while line and line[-1].char == " ":
        line = line[:-1]
    hyphenated = goes_on and bool(line) and line[-1].char == SOFT_HYPHEN
    shown = [letter for letter in line if letter.char != SOFT_HYPHEN]
    return [*shown, line[-1]._replace(char="-")] if hyphenated else shown


_LEVEL = re.compile(
    r"<(?P<tag>sup|sub)>(?P<inside>.*?)</(?P=tag)>"
    r"|(?<=10)\^(?P<power>[-−]?\d+)"
    rf"|(?P<raised>[{''.join(RAISED)}]+)|(?P<lowered>[{''.join(LOWERED)}]+)"
)


def _levels(text: str) -> Iterator[tuple[str, int]]:
    """The pieces of a text with 1 for raised, -1 for lowered and 0 for all else."""
    done = 0
    for match in _LEVEL.finditer(text):
        yield text[done : match.start()], 0
        done = match.end()
        if match["raised"]:
            yield "".join(RAISED[char] for char in match["raised"]), 1
        elif match["lowered"]:
            yield "".join(LOWERED[char] for char in match["lowered"]), -1
        else:
            yield match["power"] or match["inside"], -1 if match["tag"] == "sub" else 1
    yield text[done:], 0


def _letter(char: str, around: str, rise: int, style: Style) -> Letter:
    if char in _SPACES:
        char = " "
    wide = is_wide(char, around)
    font = style.face.chinese if wide else font_of(char, style.face)
    if not rise:
        return Letter(char, font, style.size, 0.0, wide)
    lift = (_RISE if rise > 0 else _DROP) * style.size
    return Letter(char, font, style.size * _SMALL, lift, wide)


def _may_break(line: Sequence[Letter], at: int) -> bool:
    """Whether a line may end before the letter at a place."""
    before, after = line[at - 1], line[at]
    if before.char == " ":
        return after.char != " "
    if before.char == SOFT_HYPHEN:
        return True
    if after.rise or after.char in _CLOSING or after.char == " " or before.char in _OPENING:
        return False
    if before.wide or after.wide:
        return True
    if before.char == "/" and at >= _LONG_BEFORE_SLASH:
        return all(letter.char != " " for letter in line[at - _LONG_BEFORE_SLASH : at])
    if before.char != "-" or at < 3 or at + 1 >= len(line):
        return False
    return all(letter.char.isalpha() for letter in (*line[at - 3 : at - 1], *line[at : at + 2]))
