"""Where on the pages of a PDF each character of its text stands."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in PDF points from the top left of the page as shown."""

# A character that begins further off than this, in heights of the line, begins another box.
_FAR = 1.5
_CERTAIN = 100
IN_THE_FILE = 255
"""The score of a character that was not recognised from a picture."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of text on one page, with a box for each of its lines."""

    start: int
    end: int
    page: int
    boxes: tuple[Box, ...]
    score: float | None


class Places:
    """Page and box of every character of a text.

    Characters that reading put in, such as the bars between cells of a table, have page 0 and no
    box. `scores` says how sure character recognition was, for a text that has any of it: 0 to 100,
    255 for a character that was in the file.
    """

    __slots__ = ("_boxes", "_pages", "_scores")

    def __init__(self, pages: array[int], boxes: array[float], scores: bytes) -> None:
        self._pages = pages
        self._boxes = boxes
        self._scores = scores

    def on_pages(self, start: int, end: int) -> Iterator[Place]:
        """The characters [start, end) of the text, cut where the page changes.

        >>> boxes = array("f", [0, 0, 5, 9] + [0, 0, 0, 0] + [0, 0, 5, 9])
        >>> places = Places(array("H", [1, 0, 2]), boxes, bytes([255] * 3))
        >>> [(place.start, place.end, place.page) for place in places.on_pages(0, 3)]
        [(0, 1, 1), (2, 3, 2)]
        """
        pages = self._pages
        first = last = -1
        for i in range(start, end):
            if not pages[i]:
                continue
            if first >= 0 and pages[i] != pages[first]:
                yield self._place(first, last + 1)
                first = -1
            first = i if first < 0 else first
            last = i
        if first >= 0:
            yield self._place(first, last + 1)

    def page(self, offset: int) -> int | None:
        """The page of a character; None for one that reading put in."""
        return self._pages[offset] or None

    def recognised(self, start: int, end: int) -> bool:
        """Whether any of the characters was read by character recognition."""
        return any(score <= _CERTAIN for score in self._scores[start:end])

    def _place(self, start: int, end: int) -> Place:
        scores = [score for score in self._scores[start:end] if score <= _CERTAIN]
        return Place(
            start,
            end,
            self._pages[start],
            tuple(self._lines(start, end)),
            round(min(scores) / _CERTAIN, 2) if scores else None,
        )

    def _lines(self, start: int, end: int) -> Iterator[Box]:
        """A box for each line of a stretch, and for each cell of a row."""
        line: list[float] = []
        for i in range(start, end):
            if not self._pages[i]:
                continue
            x0, top, x1, bottom = self._boxes[4 * i : 4 * i + 4]
            if line and _same_line(line, x0, top, bottom):
                line[1], line[3] = min(line[1], top), max(line[3], bottom)
                line[0], line[2] = min(line[0], x0), max(line[2], x1)
            else:
                if line:
                    yield _rounded(line)
                line = [x0, top, x1, bottom]
        if line:
            yield _rounded(line)


def _same_line(line: list[float], x0: float, top: float, bottom: float) -> bool:
    """Whether a character stands on the line of a box, and near its end."""
    height = line[3] - line[1]
    overlap = min(bottom, line[3]) - max(top, line[1])
    lower = min(height, bottom - top)
    # The letters of a ligature are each as wide as the whole, so one may reach back so far.
    return 2 * overlap > lower and -height < x0 - line[2] < _FAR * height


def _rounded(line: list[float]) -> Box:
    x0, top, x1, bottom = (round(side, 2) for side in line)
    return x0, top, x1, bottom
