"""Which digits are raised, measured on the picture.

A raised digit decides a dose (`10⁶`) or belongs to no number at all (a citation mark after a score).
The engine reads most of them as plain digits and is sure of it. So the ink of each run of digits is
compared with what stands beside it: a raised digit is small and does not stand on the line. A run
whose patches of ink are not as many as its digits is left as it was read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from carextract.read.ocr.ink import Ink, ground, tallest
from carextract.read.ocr.recognition import OcrLine
from carextract.read.pdf.layout import Box, around

_DIGITS = re.compile(r"[0-9]+")
_RAISED = str.maketrans("0123456789-–+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺")
_MARK = re.compile(r"\[?[0-9⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}(?:[-–,，][0-9⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}){0,5}\]?")

# In heights of the tallest characters of a line.
_FREE = 0.25  # below a raised digit; below plain ones there is 0.1 beside Chinese, 0 beside Latin
_SMALL = 0.72  # a raised digit at most; a plain one has 0.76 beside Chinese, 1 beside Latin
_SPECK = 0.25  # less is no digit

# In sizes of type.
_BESIDE = 3.0  # how far to both sides the height of the line is looked for
_UP, _DOWN = 1.1, 0.4  # from the baseline: what belongs to the line
_EDGE = 0.3  # how far from where the engine sees a run of digits its ink may be
_APART = 0.5  # at most between a line and a mark that the engine read by itself
_MARK_SIZE = 0.8  # of the line's, at most
_MARK_UP = (0.15, 0.75)  # from the line's baseline to the mark's


def with_raised_digits(lines: Sequence[OcrLine], ink: Ink) -> list[OcrLine]:
    """Lines in which raised digits are superscript characters."""
    measured = [_measured(line, ink) for line in lines]
    return _joined(measured)


def _measured(line: OcrLine, ink: Ink) -> OcrLine:
    """A line with its raised digits as such."""
    text, boxes = line.text, list(line.boxes)
    for run in _DIGITS.finditer(line.text):
        start, end = run.span()
        patches = _patches(boxes[start:end], line, ink)
        if patches is None:
            continue
        plain = _plain_digits(patches, line, ink)
        for place in range(start + plain, end):
            text = text[:place] + text[place].translate(_RAISED) + text[place + 1 :]
            boxes[place] = patches[place - start]
    return replace(line, text=_with_raised_signs(text), boxes=tuple(boxes))


def _patches(places: Sequence[Box], line: OcrLine, ink: Ink) -> list[Box] | None:
    """The ink of each digit of a run, or None if it cannot be told which is whose."""
    edge = _EDGE * line.size
    area = _beside(line, places[0].x0 - edge, places[-1].x1 + edge)
    speck = _SPECK * tallest(ink.within(_beside(line, -_BESIDE, _BESIDE, of=places)))
    patches = _whole([patch for patch in ink.within(area) if patch.height >= speck])
    count = len(places)
    windows = [patches[at : at + count] for at in range(len(patches) - count + 1)]
    return min(windows, key=lambda window: _distance(window, places), default=None)
