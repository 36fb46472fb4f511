"""Pages to one text, in which sentences are whole, and the place of every character.

Paragraphs are one line each, with a blank line between them, and go on over columns and pages. What
stands in the way of a sentence (a table, a caption, a footnote, the foot of a page and the head of
the next) comes behind the paragraph that it interrupts.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence

from carextract.read.pdf.layout import NO_BOX, Block, Box, Grid, Page, Role, Segment, Turn
from carextract.read.pdf.order import continues
from carextract.read.pdf.table_text import table_lines
from carextract.read.places import IN_THE_FILE, Places

_WIDE = "\u2e80-\u303f\u3041-\ufaff\ufe30-\uffee\U00020000-\U0003ffff"
# A figure at the end of a line that goes on at the head of the next: "12." and "4 分".
_CUT_HEAD = re.compile(rf"[{_WIDE}±～~（(][\d.,]*\d\.?$")
_CUT_TAIL = re.compile(rf"\d[\d.]*\s?[{_WIDE}%±×]")
_JOINED_AFTER = re.compile(rf"[{_WIDE}/(\[–—~]$")
_JOINED_BEFORE = re.compile(rf"[{_WIDE}/)\]–—~]")


def flow(pages: Iterable[Page]) -> tuple[str, Places]:
    """The text of pages in their order, and where each of its characters stands."""
    writer = _Writer()
    paragraph: Block | None = None
    waiting: list[tuple[int, Block]] = []
    for page in pages:
        for block in page.blocks:
            if block.role is not Role.BODY:
                waiting.append((page.number, block))
                continue
            if paragraph is None or not continues(paragraph, block):
                writer.apart(waiting)
                waiting = []
                writer.begin()
            writer.go_on(block.lines, page.number, block.turn)
            paragraph = block
    writer.apart(waiting)
    writer.end()
    return writer.text(), writer.places()


class _Writer:
    """The text so far, with a page, a box and a score for each character."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._pages = array("H")
        self._boxes = array("f")
        self._scores = bytearray()
        self._head: tuple[Grid, int, Turn | None] | None = None

    def text(self) -> str:
        """What was written."""
        return "".join(self._parts)

    def places(self) -> Places:
        """Where it stands."""
        return Places(self._pages, self._boxes, bytes(self._scores))

    def begin(self) -> None:
        """End a paragraph, if any."""
        if self._parts:
            self._put_in("\n\n")

    def end(self) -> None:
        """End the text as a text file ends."""
        if self._parts:
            self._put_in("\n")

    def go_on(self, lines: Sequence[Segment], page: int, turn: Turn | None) -> None:
        """Write lines behind those of the same paragraph."""
        for line in lines:
            last = self._parts[-1] if self._parts else "\n"
            if not last.endswith("\n"):
                self._put_in(_junction(last, line.text))
            self._write(line, page, turn)

    def apart(self, blocks: Iterable[tuple[int, Block]]) -> None:
        """Write blocks that are not read on from what stands before them."""
        for page, block in blocks:
            self.begin()
            if block.grid is not None:
                self._table(block.grid, page, block.turn)
            else:
                self.go_on(block.lines, page, block.turn)

    def _table(self, grid: Grid, page: int, turn: Turn | None) -> None:
        """Write a row a line; one that goes on from another page under the head from there."""
        whole, first_place = grid, (page, turn)
        if grid.heads:
            self._head = (grid, page, turn)
        elif self._head and _columns(self._head[0]) == _columns(grid):
            head, head_page, head_turn = self._head
            first_place = (head_page, head_turn)
            whole = Grid((*head.rows[: head.heads], *grid.rows), head.heads, head.spans)
        for number, row in enumerate(table_lines(whole)):
            if number:
                self._put_in("\n")
                self._write(row, page, turn)
            else:
                self._write(row, *first_place)

    def _write(self, line: Segment, page: int, turn: Turn | None) -> None:
        self._parts.append(line.text)
        boxes = line.boxes if turn is None else _shown(line.boxes, turn)
        self._boxes.extend(boxes)
        score = IN_THE_FILE if line.score is None else round(100 * line.score)
        self._scores.extend([score] * len(line.text))
        self._pages.extend([page if bottom else 0 for bottom in line.boxes[3::4]])

    def _put_in(self, characters: str) -> None:
        """Write characters that are not on the page."""
        self._parts.append(characters)
        self._boxes.extend(NO_BOX * len(characters))
        self._pages.extend([0] * len(characters))
        self._scores.extend([IN_THE_FILE] * len(characters))


def _columns(grid: Grid) -> int:
    return max(map(len, grid.rows), default=0)


def _shown(boxes: array[float], turn: Turn) -> array[float]:
    """Four numbers a character, on the page as shown instead of on the one turned upright."""
    found = array("f")
    for at in range(0, len(boxes), 4):
        box = Box(*boxes[at : at + 4])
        found.extend(box if box == NO_BOX else turn.shown(box))
    return found


def _junction(before: str, after: str) -> str:
    """What stands between a line and the next of a paragraph.

    A space between words, nothing beside an ideograph. A figure that is cut in a Chinese line is
    one figure. Where the place does not tell, after a hyphen and between two figures, the line end
    is kept, for cleaning to decide.

    >>> [_junction(*lines) for lines in (("grade", "1"), ("immuno-", "therapy"), ("剂量", "为"))]
    [' ', '\\n', '']
    >>> _junction("降至12.", "4分"), _junction("in 2021", "12 patients")
    ('', '\\n')
    """
    if before.endswith(("-", "\u2010")):
        return "\n"
    if _CUT_HEAD.search(before) and _CUT_TAIL.match(after):
        return ""
    if before[-1:].isdigit() and after[:1].isdigit():
        return "\n"
    return "" if _JOINED_AFTER.search(before) or _JOINED_BEFORE.match(after) else " "
