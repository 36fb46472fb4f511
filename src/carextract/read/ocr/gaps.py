"""Cut lines where the paper is white for as far as between two columns.

The engine draws one box around cells of a table that stand near each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from carextract.read.ocr.ink import Ink
from carextract.read.ocr.recognition import NO_PLACE, OcrLine, middle
from carextract.read.pdf.layout import Box

# In sizes of type.
_COLUMN_GAP = 0.9  # wider than between two words
_AFTER_SIGN = 0.6  # white that belongs to a Chinese sign, whose ink is at the left of its square
_SIGNS = frozenset("，。、；：！？）】》」』”’．")
_UP, _DOWN = 0.9, 0.3  # from the baseline: the height in which the paper has to be white


def cut_at_gaps(lines: Sequence[OcrLine], ink: Ink) -> list[OcrLine]:
    """Lines without gaps as wide as between columns."""
    return [piece for line in lines for piece in _pieces(line, ink)]


def _pieces(line: OcrLine, ink: Ink) -> Iterator[OcrLine]:
    start = 0
    for end in [*_cuts(line, ink), len(line.text)]:
        text = line.text[start:end]
        first = start + len(text) - len(text.lstrip())
        last = first + len(text.strip())
        if first < last:
            yield replace(line, text=line.text[first:last], boxes=line.boxes[first:last])
        start = end


def _cuts(line: OcrLine, ink: Ink) -> Iterator[int]:
    """The places in the text before which there is a wide gap."""
    patches = ink.within(_strip(line))
    printed = [at for at, box in enumerate(line.boxes) if box != NO_PLACE]
    for one, other in pairwise(printed):
        least = _COLUMN_GAP + (_AFTER_SIGN if line.text[one] in _SIGNS else 0.0)
        left, right = middle(line.boxes[one]), middle(line.boxes[other])
        if right - left > least * line.size and _white(patches, left, right) > least * line.size:
            yield other


def _strip(line: OcrLine) -> Box:
    up, down = _UP * line.size, _DOWN * line.size
    return Box(line.box.x0, line.baseline - up, line.box.x1, line.baseline + down)


def _white(patches: Sequence[Box], left: float, right: float) -> float:
    """The widest part between two characters' middles without ink; patches are sorted by x0."""
    widest, reached = 0.0, left
    for patch in patches:
        if patch.x1 > left and patch.x0 < right:
            widest = max(widest, patch.x0 - reached)
            reached = max(reached, patch.x1)
    return widest if reached > left else 0.0
