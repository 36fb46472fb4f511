"""Read scans by optical character recognition: the optional extra `ocr`.

    available() -> bool
    recognise_page(page, *, digest, number) -> (segments, score, turn)

`page` is a pypdfium2 page, `digest` the SHA-256 of the file as hexadecimal digits, `number` the
page's number from 1; the last two are the key under which the result is kept. `segments` are pieces
of lines like those of a text layer, so that columns and tables are found in the same way. Each has
the engine's confidence in its `score`; the second value is the mean over all characters, from 0 to
1. Their places are those on the page turned by `turn`, nearly always by 0 degrees. Raises
`NotDrawableError` for a page that cannot be drawn or recognised on this machine; its message goes
on after "page 3". A page takes 5 to 20 seconds of computing, and about 1 GB.

This module is light: the engine is loaded with the first page that is not in the cache.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from carextract.read.ocr.recognition import NotDrawableError, Recognition, recognition, segment
from carextract.read.pdf.layout import Turn

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

__all__ = ["INSTALL", "NotDrawableError", "Recognition", "available", "recognise_page"]

INSTALL = "pip install 'carextract[ocr]'"
"""What to do where the extra is missing."""

_NEEDED = ("rapidocr", "onnxruntime", "platformdirs")


def available() -> bool:
    """Whether the extra is installed; nothing of it is loaded to find out."""
    return all(find_spec(name) is not None for name in _NEEDED)


def recognise_page(page: PdfPage, *, digest: str, number: int) -> Recognition:
    """What is printed on a page, from the cache if it was recognised before."""
    from carextract.read.ocr import cache, engine, picture

    place = cache.place(digest=digest, number=number, version=engine.version())
    kept = cache.load(place)
    if kept is not None:
        return kept
    degrees, lines = engine.recognise(picture.of_page(page, number=number))
    dots = picture.dots_per_inch(page)
    segments = [segment(line, dots_per_inch=dots) for line in lines]
    return cache.keep(place, recognition(segments, _turn(page, degrees)))


def _turn(page: PdfPage, degrees: int) -> Turn:
    width, height = page.get_size()
    return Turn(degrees, height, width) if degrees in (90, 270) else Turn(degrees, width, height)
