"""What is printed on a picture, as rectangles around patches of ink that hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from carextract.read.pdf.layout import Box

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray

_LEAST_HEIGHT = 3  # dots: less is dust, or a dot
_TALL = 0.55  # of the height of a line's tallest patches: these stand on the line
_TENTHS = 10
# How tall characters are, and how far they reach below the baseline, in sizes of type.
_CHINESE = (0.92, 0.08)
_LATIN = (0.75, 0.0)
# The size of type, and the room below its baseline, in thicknesses of the engine's box.
_SHARES = (0.55, 0.8)
_ROOM = 0.25


@dataclass(frozen=True, slots=True)
class Ink:
    """The patches of ink of a picture: left, top, right and bottom of each."""

    sides: NDArray[Any]

    @classmethod
    def of(cls, picture: NDArray[uint8]) -> Ink:
        """The patches of a picture, dark on light."""
        import cv2
        import numpy

        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        _, black = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
        _, _, patches, _ = cv2.connectedComponentsWithStats(black, connectivity=8)
        left, top, width, height, _ = patches[1:].T  # the first one is the paper
        sides = numpy.stack((left, top, left + width, top + height), axis=1)
        return cls(sides[height >= _LEAST_HEIGHT])

    def within(self, area: Box) -> list[Box]:
        """The patches whose middle is in an area, from left to right."""
        left, top, right, bottom = self.sides.T
        x, y = (left + right) / 2, (top + bottom) / 2
        inside = (area.x0 <= x) & (x <= area.x1) & (area.top <= y) & (y <= area.bottom)
        return sorted(Box(*map(float, patch)) for patch in self.sides[inside])

    def stance(self, box: Box, thickness: float, *, is_chinese: bool) -> tuple[float, float]:
        """The baseline and the size of the type of a line, of which the engine gives the box."""
        patches = self.within(box)
        share, below = _CHINESE if is_chinese else _LATIN
        least, most = (limit * thickness for limit in _SHARES)
        size = min(max(tallest(patches) / share, least), most)
        standing = ground(patches)
        bottom = box.bottom - _ROOM * thickness if standing is None else standing
        return bottom - below * size, size


def tallest(patches: Sequence[Box]) -> float:
    """The height of the tallest patches of a line, but for a few; 0 where there is none."""
    heights = [patch.height for patch in patches]
    return quantiles(heights, n=_TENTHS)[-1] if len(heights) > 1 else max(heights, default=0.0)


def ground(patches: Sequence[Box]) -> float | None:
    """What the tall patches of a line stand on, or None if there is none."""
    least = _TALL * tallest(patches)
    bottoms = [patch.bottom for patch in patches if patch.height >= least]
    return median(bottoms) if bottoms else None
