"""What is known of a page: pieces of lines, and the blocks that they make.

Lengths are PDF points; x grows to the right, y downwards, from the top left corner of the page as
it is shown (after /Rotate, cut to its crop box).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

NO_BOX = (0.0, 0.0, 0.0, 0.0)
"""The box of a character that reading put in: a space between words, a bar between cells."""


class Box(NamedTuple):
    """A rectangle on the page."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        """From the left side to the right one."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """From the top side to the bottom one."""
        return self.bottom - self.top


class Turn(NamedTuple):
    """How text is turned against the page: degrees clockwise that put it upright.

    `width` and `height` are those of the page turned so.
    """

    degrees: int
    width: float
    height: float

    def shown(self, box: Box) -> Box:
        """Where a box of the turned page is on the page as it is shown.

        >>> Turn(90, width=800, height=600).shown(Box(0, 0, 10, 5))
        Box(x0=0, top=790, x1=5, bottom=800)
        """
        x0, top, x1, bottom = box
        if self.degrees == 90:
            return Box(top, self.width - x1, bottom, self.width - x0)
        if self.degrees == 180:
            return Box(self.width - x1, self.height - bottom, self.width - x0, self.height - top)
        if self.degrees == 270:
            return Box(self.height - bottom, x0, self.height - top, x1)
        return box

    def upright(self, box: Box) -> Box:
        """Where a box of the page as it is shown is on the turned page.

        >>> Turn(90, width=800, height=600).upright(Box(0, 790, 5, 800))
        Box(x0=0, top=0, x1=10, bottom=5)
        """
        across = self.degrees in (90, 270)
        width, height = (self.height, self.width) if across else (self.width, self.height)
        return Turn(-self.degrees % 360, width, height).shown(box)


def around(boxes: Iterable[Box]) -> Box:
    """The smallest rectangle around others; there has to be one at least.

    >>> around([Box(1, 1, 2, 2), Box(0, 1, 1, 4)])
    Box(x0=0, top=1, x1=2, bottom=4)
    """
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters side by side on one line, with no gap as wide as the one between columns.

    `text` is as it is to be read: raised digits are superscript characters, spaces stand between
    words. `boxes` holds four numbers a character of `text` (x0, top, x1, bottom), all zero for a
    space that is not printed. `box` surrounds them; `baseline` is the y of the line, `size` the
    size of the type in points. `score` says how sure character recognition was of them, from 0 to
    1; None for text that is in the file.
    """

    text: str
    boxes: array[float]
    box: Box
    baseline: float
    size: float
    score: float | None = None

    def part(self, start: int, end: int) -> Segment:
        """The characters [start, end) as a segment; one of them at least has to be printed."""
        boxes = self.boxes[4 * start : 4 * end]
        box = surrounding(boxes)
        return Segment(self.text[start:end], boxes, box, self.baseline, self.size, self.score)


def surrounding(boxes: array[float]) -> Box:
    """The rectangle around characters, of which `boxes` has four numbers each; some are printed.

    >>> surrounding(array("f", [1, 1, 2, 2] + [0, 0, 0, 0] + [3, 1, 4, 2]))
    Box(x0=1.0, top=1.0, x1=4.0, bottom=2.0)
    """
    lefts, tops, bottoms = boxes[0::4], boxes[1::4], boxes[3::4]
    if not all(bottoms):
        lefts = array("f", [left for left, bottom in zip(lefts, bottoms, strict=True) if bottom])
        tops = array("f", [top for top, bottom in zip(tops, bottoms, strict=True) if bottom])
    return Box(min(lefts), min(tops), max(boxes[2::4]), max(bottoms))


def joined(segments: Sequence[Segment], separators: Sequence[str]) -> Segment:
    """Segments as one, with what stands between each and the next."""
    text = segments[0].text
    boxes = array("f", segments[0].boxes)
    for separator, segment in zip(separators, segments[1:], strict=True):
        text += separator + segment.text
        boxes.extend(NO_BOX * len(separator))
        boxes.extend(segment.boxes)
    longest = max(segments, key=lambda segment: len(segment.text))
    box = around(segment.box for segment in segments)
    scores = [segment.score for segment in segments if segment.score is not None]
    return Segment(text, boxes, box, longest.baseline, longest.size, min(scores, default=None))


class Role(StrEnum):
    """What a block is on its page."""

    BODY = "body"  # paragraphs and headings: what is read on from one block to the next
    TABLE = "table"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    FURNITURE = "furniture"  # page headers, footers and page numbers
    SIDE = "side"  # notes in the margin, and text that is turned against the page


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its lines as one segment, and the rectangle it takes up."""

    content: Segment
    box: Box

    @property
    def text(self) -> str:
        """What the cell says."""
        return self.content.text


Row = tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a table, each with a cell or None for each column.

    The first `heads` rows are the header, as printed: a cell over several columns stands in the
    first of them, and `spans` says for (row, column) how many columns it covers.
    """

    rows: tuple[Row, ...]
    heads: int
    spans: dict[tuple[int, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together, in the order they are read in.

    `lines` of a table are those of its cells; what they mean is in `grid`. Places are those on the
    page turned by `turn`, if the text is turned. `column` is the column that body text stands in,
    which its lines fill if they are full.
    """

    role: Role
    lines: tuple[Segment, ...]
    box: Box
    grid: Grid | None = None
    turn: Turn | None = None
    column: Box | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line drawn on the page, horizontal or vertical, as a very thin rectangle."""

    box: Box

    @property
    def is_horizontal(self) -> bool:
        """Whether it runs from left to right."""
        return self.box.width >= self.box.height


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is read: its blocks in reading order, those outside the flow behind it."""

    number: int
    width: float
    height: float
    blocks: tuple[Block, ...]
