"""A picture of a page with what was read on it, for people who look into why a paper is read so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from carextract.errors import InputError
from carextract.read.pdf.layout import Block, Box, Role, Turn
from carextract.read.pdf.opening import chosen, opened
from carextract.read.pdf.pages import UnreadPage, read_page
from carextract.read.pdf.picture import page_picture
from carextract.read.source import Recognition

_SCALE = 2.0  # pixels a point: 144 dots an inch
_NUMBER_SIZE = 18  # pixels
# Colours that the colour-blind can tell apart (Okabe and Ito).
_COLOURS = {
    Role.BODY: (0, 114, 178),
    Role.TABLE: (213, 94, 0),
    Role.CAPTION: (204, 121, 167),
    Role.FOOTNOTE: (0, 158, 115),
    Role.FURNITURE: (130, 130, 130),
    Role.SIDE: (230, 159, 0),
}
_LINE_ALPHA = 40  # of 255: lines are tinted, so that the page can be read through them


def draw_page(data: bytes, number: int, *, label: str, password: str | None) -> bytes:
    """A page as a PNG: each block framed and numbered in reading order, its lines tinted.

    Frames are blue for paragraphs, red for tables and their cells, pink for captions, green for
    footnotes, grey for page headers and footers, orange for what stands beside the text.
    """
    with opened(data, label=label, password=password) as document:
        chosen(str(number), count=len(document), label=label)
        try:
            digest = hashlib.sha256(data).hexdigest()
            page = read_page(document, number, digest=digest, recognition=Recognition.AUTO)
        except UnreadPage as left_out:
            raise InputError(
                f"{label}: page {number} {left_out.reason}; there is nothing to draw",
                code=left_out.code,
            ) from None
    picture, scale = page_picture(data, number, scale=_SCALE, password=password)
    marks = Image.new("RGBA", picture.size)
    draw = ImageDraw.Draw(marks)
    for order, block in enumerate(page.blocks, 1):
        _draw_block(draw, block, order, scale)
    out = BytesIO()
    Image.alpha_composite(picture.convert("RGBA"), marks).convert("RGB").save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def _draw_block(draw: ImageDraw.ImageDraw, block: Block, order: int, scale: float) -> None:
    colour = _COLOURS[block.role]
    for line in block.lines:
        draw.rectangle(_pixels(line.box, block.turn, scale), fill=(*colour, _LINE_ALPHA))
    for cell in _cells(block):
        draw.rectangle(_pixels(cell, block.turn, scale), outline=(*colour, 160), width=1)
    x0, top, x1, bottom = _pixels(block.box, block.turn, scale)
    draw.rectangle((x0 - 2, top - 2, x1 + 2, bottom + 2), outline=(*colour, 255), width=2)
    # The number stands beside the block, where it hides nothing that is to be read.
    text, font = str(order), ImageFont.load_default(_NUMBER_SIZE)
    edge = max(x0 - 4, draw.textlength(text, font=font) + 4)
    left, upper, right, lower = draw.textbbox((edge, top), text, font=font, anchor="ra")
    draw.rectangle((left - 2, upper - 2, right + 2, lower + 2), fill=(*colour, 255))
    draw.text((edge, top), text, fill=(255, 255, 255, 255), font=font, anchor="ra")


def _cells(block: Block) -> Iterator[Box]:
    for row in block.grid.rows if block.grid else ():
        for cell in row:
            if cell is not None:
                yield cell.box


def _pixels(box: Box, turn: Turn | None, scale: float) -> tuple[float, float, float, float]:
    x0, top, x1, bottom = turn.shown(box) if turn else box
    return x0 * scale, top * scale, x1 * scale, bottom * scale
