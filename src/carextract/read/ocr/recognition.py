"""What recognition gives: lines in the dots of a picture, segments in the points of a page."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import NamedTuple

from carextract.read.pdf.layout import NO_BOX, Box, Segment, Turn, around

_POINTS_PER_INCH = 72


class NotDrawableError(Exception):
    """A page that cannot be drawn, or not be recognised, on this machine."""


NO_PLACE = Box(*NO_BOX)


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line, or a part of one, as it was recognised; lengths are dots of the picture.

    `boxes` has one for each character of `text`, `NO_PLACE` for a space. `score` is the engine's
    confidence, from 0 to 1.
    """

    text: str
    boxes: tuple[Box, ...]
    baseline: float
    size: float
    score: float

    @property
    def box(self) -> Box:
        """The rectangle around its characters."""
        return around(box for box in self.boxes if box != NO_PLACE)


def middle(box: Box) -> float:
    """Where, from left to right, the middle of a box is."""
    return (box.x0 + box.x1) / 2


def segment(line: OcrLine, *, dots_per_inch: float) -> Segment:
    """A line of a picture on its page."""
    scale = _POINTS_PER_INCH / dots_per_inch
    boxes = array("f", (side * scale for box in line.boxes for side in box))
    box = Box(*(side * scale for side in line.box))
    return Segment(line.text, boxes, box, line.baseline * scale, line.size * scale, line.score)


class Recognition(NamedTuple):
    """What was read on a page: pieces of lines, each with its score, and how the page is turned.

    `score` is the mean confidence over all characters, 0 for a page on which nothing was read. The
    pieces are placed on the page turned by `turn`, which puts them upright.
    """

    segments: list[Segment]
    score: float
    turn: Turn


def recognition(segments: list[Segment], turn: Turn) -> Recognition:
    """Pieces of lines with their mean confidence."""
    total = sum((piece.score or 0.0) * len(piece.text) for piece in segments)
    length = sum(len(piece.text) for piece in segments)
    return Recognition(segments, total / length if length else 0.0, turn)
