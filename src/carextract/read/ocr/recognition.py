"""What recognition gives: lines in the dots of a picture, segments in the points of a page."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from carextract.read.pdf.layout import NO_BOX, Box, Segment, around

_POINTS_PER_INCH = 72


class NotDrawableError(Exception):
    """A page that cannot be drawn on this machine, and so not be recognised."""


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line, or a part of one, as it was recognised; lengths are dots of the picture.

    `boxes` has one for each character of `text`, `NO_BOX` for a space. `score` is the engine's
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
        return around(box for box in self.boxes if box != NO_BOX)


def segment(line: OcrLine, *, dots_per_inch: float) -> Segment:
    """A line of a picture on its page."""
    scale = _POINTS_PER_INCH / dots_per_inch
    boxes = array("f", (side * scale for box in line.boxes for side in box))
    box = Box(*(side * scale for side in line.box))
    return Segment(line.text, boxes, box, line.baseline * scale, line.size * scale, line.score)


def mean_score(segments: Sequence[Segment]) -> float:
    """The mean confidence over all characters; 0 for a page on which nothing was read."""
    total = sum((piece.score or 0.0) * len(piece.text) for piece in segments)
    length = sum(len(piece.text) for piece in segments)
    return total / length if length else 0.0
