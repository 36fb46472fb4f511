"""A document that is being set: strips poured into columns and pages, and the bytes of the PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from typesetting.letters import Style
from typesetting.strips import THICK, Piece, Strip, Stroke, hairline, height_of, paragraph
from typesetting.tables import Table, table_strips, table_top

_GAP = 20.0  # between columns


class Paper:
    """A document that is being set: strips are poured into its pages one after the other."""

    def __init__(
        self,
        *,
        page_size: tuple[float, float] = A4,
        margins: tuple[float, float, float, float] = (56, 60, 56, 60),
        furniture: Callable[[Paper, int], None] | None = None,
        bottom: Callable[[int], float] | None = None,
        **options: Any,
    ) -> None:
        """`margins` are left, top, right, bottom; `furniture` draws what each page has besides its
        text; `bottom` gives the lower margin of a page where it is another than that of `margins`.
        """
        self._out = BytesIO()
        self.canvas = Canvas(self._out, pagesize=page_size, invariant=1, **options)
        self.left, self.top, self._right, below = margins
        self.resize(page_size)
        self._furniture = furniture
        self._bottom = bottom or (lambda number: below)
        self.number = 0
        self.new_page()

    def resize(self, page_size: tuple[float, float]) -> None:
        """Lay out for another size from here on."""
        self.width, self.height = page_size
        self.measure = self.width - self.left - self._right

    def new_page(self) -> None:
        """Begin a page, with its furniture."""
        if self.number:
            self.canvas.showPage()
        self.number += 1
        self.y = self.top
        if self._furniture:
            self._furniture(self, self.number)

    @property
    def room(self) -> float:
        """How much of the page is left."""
        return self.height - self._bottom(self.number) - self.y

    def column_width(self, columns: int) -> float:
        """The width of one of so many columns."""
        return (self.measure - _GAP * (columns - 1)) / columns

    def put(self, strips: Sequence[Strip], *, columns: int = 1) -> None:
        """Pour strips into columns of equal depth, and on over as many pages as they need."""
        width = self.column_width(columns)
        rest = list(strips)
        while rest:
            depth = _depth(rest, columns, self.room)
            start, lowest = self.y, self.y
            for column in range(columns):
                while rest and start == self.top and _is_blank(rest[0]):
                    del rest[0]
                taken = _fitting(rest, depth)
                lowest = max(lowest, self.draw(rest[:taken], column * (width + _GAP), start))
                del rest[:taken]
            self.y = lowest
            if rest:
                self.new_page()

    def put_table(self, table: Table, style: Style) -> None:
        """A table over the whole width; its header is said again where it goes over the page."""
        heads, body = table_strips(table, style, self.measure)
        caption = table.caption
        while body:
            top = table_top(caption, heads, style, self.measure)
            if height_of(top) + body[0].height + style.size > self.room:
                self.new_page()
            taken = _fitting(body, self.room - height_of(top) - 2 * style.size)
            self.put([*top, *body[:taken], hairline(self.measure, THICK)])
            del body[:taken]
            caption = table.continued
        if table.note:
            self.put(paragraph(table.note, replace(style, size=style.size - 1), self.measure))
        self.put([Strip(style.size)])

    def draw(self, strips: Iterable[Strip], x: float, y: float) -> float:
        """Draw strips below each other, `x` from the left margin; the depth at which they end."""
        for strip in strips:
            for piece in strip.pieces:
                self._write(piece, self.left + x, y)
            for stroke in strip.strokes:
                self._draw(stroke, self.left + x, y)
            y += strip.height
        return y

    def _write(self, piece: Piece, x: float, y: float) -> None:
        text = self.canvas.beginText(x + piece.x, self.height - y - piece.y)
        text.setFont(piece.font, piece.size)
        if piece.spread:
            text.setCharSpace(piece.spread)
        text.textOut(piece.text)
        if piece.spread:
            text.setCharSpace(0)
        self.canvas.drawText(text)

    def _draw(self, stroke: Stroke, x: float, y: float) -> None:
        top = self.height - y
        self.canvas.setLineWidth(stroke.weight)
        self.canvas.line(x + stroke.x0, top - stroke.y0, x + stroke.x1, top - stroke.y1)

    def finish(self) -> bytes:
        """The PDF."""
        self.canvas.showPage()
        self.canvas.save()
        return self._out.getvalue()


def _is_blank(strip: Strip) -> bool:
    return not strip.pieces and not strip.strokes


def _fitting(strips: Sequence[Strip], depth: float) -> int:
    """How many of the strips fit; one at least."""
    used = 0.0
    for count, strip in enumerate(strips):
        used += strip.height
        if used > depth + 0.01 and count:
            return count
    return len(strips)


def _depth(strips: Sequence[Strip], columns: int, room: float) -> float:
    """The smallest depth at which the strips fit into the columns, at most what room there is."""
    depth = height_of(strips) / columns
    while depth < room:
        rest = list(strips)
        for _ in range(columns):
            del rest[: _fitting(rest, depth)]
        if not rest:
            return depth
        depth += 1.0
    return room
