"""The picture of a page, as a reader sees it."""

from __future__ import annotations

from contextlib import closing
from math import sqrt
from typing import NamedTuple

from PIL import Image
from pypdfium2 import PdfDocument

from carextract.read.pdf.fonts import real_fonts

# A page may say that it is as large as a field.
_MOST_PIXELS = 12_000_000
_LONGEST_SIDE = 16_000


class PagePicture(NamedTuple):
    """A page as it is shown, after its /Rotate and cut to its crop box; `scale`: pixels a point."""

    image: Image.Image
    scale: float


def page_picture(data: bytes, number: int, *, scale: float, password: str | None) -> PagePicture:
    """A page, counted from 1, with the fonts that the machine has; `scale` is in pixels a point.

    A page that would be too large for memory is drawn smaller. Raises PdfiumError for one that
    cannot be drawn.
    """
    with real_fonts(), closing(PdfDocument(data, password=password)) as document:
        page = document[number - 1]
        width, height = page.get_size()
        fitting = (sqrt(_MOST_PIXELS / (width * height)), _LONGEST_SIDE / max(width, height))
        drawn = min(scale, *fitting)
        return PagePicture(page.render(scale=drawn).to_pil(), drawn)
