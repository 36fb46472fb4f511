"""Where a place on a page as it is shown is in the coordinates of the file."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import NamedTuple

from pypdfium2 import PdfDocument

from carextract.read.places import Box

_DIGITS = 3  # behind the point: a thousandth of a point is no more to be seen

Corners = tuple[float, ...]
"""x and y of the upper left, upper right, lower left and lower right corner, as the page is shown.
Acrobat and those after it take them in this order, which is not the one in the standard."""


class Frame(NamedTuple):
    """The part of a page that is shown, in the coordinates of the file: y grows upwards.

    `rotation` is how many degrees the page is turned clockwise to be shown.
    """

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    def corners(self, box: Box) -> Corners:
        """The corners of a box of the page as it is shown.

        >>> Frame(0, 0, 600, 800, rotation=0).corners((10, 20, 30, 25))
        (10, 780, 30, 780, 10, 775, 30, 775)
        >>> Frame(0, 0, 600, 800, rotation=90).corners((10, 20, 30, 25))
        (20, 10, 20, 30, 25, 10, 25, 30)
        """
        x0, top, x1, bottom = box
        shown = ((x0, top), (x1, top), (x0, bottom), (x1, bottom))
        return tuple(round(side, _DIGITS) for point in shown for side in self._in_file(*point))

    def _in_file(self, x: float, y: float) -> tuple[float, float]:
        match self.rotation:
            case 90:
                return self.left + y, self.bottom + x
            case 180:
                return self.right - x, self.bottom + y
            case 270:
                return self.right - y, self.top - x
        return self.left + x, self.top - y


def frames(document: PdfDocument, pages: Iterable[int]) -> dict[int, Frame]:
    """The frames of some pages, counted from 1: those that the boxes of quotes are measured in."""
    found = {}
    for number in pages:
        with closing(document[number - 1]) as page:
            left, bottom, right, top = page.get_bbox()
            found[number] = Frame(left, bottom, right, top, page.get_rotation())
    return found
