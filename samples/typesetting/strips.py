"""Strips: lines of text and drawn lines, each with all it holds at its place in the column."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from typesetting.letters import Letter, Style, broken, letters, width_of

HAIR, THICK = 0.5, 1.0  # weights of drawn lines

_BASELINE = 1.15  # below the top of its strip, in type sizes
_STRETCHABLE = 0.55  # of the column; a line shorter than that is left as it is


class Piece(NamedTuple):
    """Text at a place in its strip, with extra space behind each of its characters."""

    x: float
    y: float
    text: str
    font: str
    size: float
    spread: float


class Stroke(NamedTuple):
    """A line drawn from one place in its strip to another."""

    x0: float
    y0: float
    x1: float
    y1: float
    weight: float


@dataclass(frozen=True, slots=True)
class Strip:
    """As much of a column as is never broken."""

    height: float
    pieces: tuple[Piece, ...] = ()
    strokes: tuple[Stroke, ...] = ()


def paragraph(text: str, style: Style, width: float) -> list[Strip]:
    """A paragraph, broken into lines that fill the width."""
    lines = list(broken(letters(text, style), width, style.indent * style.size))
    full = range(len(lines) - 1) if style.align == "justify" else ()
    return _lines(lines, style, width, full)


def lines_as_given(
    texts: Sequence[str], style: Style, width: float, *, goes_on: bool = False
) -> list[Strip]:
    """The lines of a paragraph, ended where they end, all but the last as wide as the column.

    The last is as wide too if the paragraph `goes_on` behind it, on the next page.
    """
    lines = [letters(text, style) for text in texts]
    ending = [] if goes_on else [len(lines) - 1]
    full = [
        at
        for at, line in enumerate(lines)
        if at not in ending and width_of(line) > _STRETCHABLE * width
    ]
    return _lines(lines, style, width, full)


def _lines(
    lines: Sequence[list[Letter]], style: Style, width: float, full: Container[int]
) -> list[Strip]:
    """A strip for each line; those in `full` are spread to the whole width."""
    strips = [Strip(style.above * style.size)] if style.above else []
    for at, line in enumerate(lines):
        indent = 0.0 if at else style.indent * style.size
        pieces = _set(line, indent, width, style, justified=at in full)
        strips.append(Strip(style.leading * style.size, tuple(pieces)))
    return strips


def hairline(width: float, weight: float = HAIR, height: float = 2.0) -> Strip:
    """A line over the whole column."""
    return Strip(height, (), (Stroke(0, height / 2, width, height / 2, weight),))


def stacked(strips: Sequence[Strip]) -> Strip:
    """Several strips as one that is never broken."""
    pieces: list[Piece] = []
    strokes: list[Stroke] = []
    y = 0.0
    for strip in strips:
        pieces += (piece._replace(y=y + piece.y) for piece in strip.pieces)
        strokes += (stroke._replace(y0=y + stroke.y0, y1=y + stroke.y1) for stroke in strip.strokes)
        y += strip.height
    return Strip(y, tuple(pieces), tuple(strokes))


def height_of(strips: Iterable[Strip]) -> float:
    """How high strips are below each other."""
    return sum(strip.height for strip in strips)


def _set(
    line: Sequence[Letter], x: float, width: float, style: Style, *, justified: bool
) -> Iterator[Piece]:
    """The pieces of a line, spread to the full width where it is justified."""
    slack = width - x - width_of(line)
    stretches = [_stretches(line, at) for at in range(len(line))]
    extra = slack / sum(stretches) if justified and any(stretches) and slack > 0 else 0.0
    x += slack / 2 if style.align == "centre" else 0.0
    baseline = style.size * _BASELINE
    start, first, text = x, 0, ""
    for at, letter in enumerate(line):
        text += letter.char
        x += letter.width + extra * stretches[at]
        spread = extra * stretches[first] * letter.wide
        goes_on = at + 1 < len(line) and line[at + 1][1:] == letter[1:]
        if goes_on and extra * stretches[at] == spread:
            continue
        yield Piece(
            start,
            baseline - letter.rise,
            text,
            letter.font,
            letter.size,
            spread if len(text) > 1 else 0.0,
        )
        start, first, text = x, at + 1, ""


def _stretches(line: Sequence[Letter], at: int) -> bool:
    """Whether space may be let in behind a letter."""
    if at + 1 >= len(line):
        return False
    return line[at].char == " " or line[at].wide or line[at + 1].wide
