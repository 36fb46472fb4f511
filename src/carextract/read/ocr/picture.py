"""A page as a picture for recognition.

Text in a Chinese font that is neither in the PDF nor on the machine cannot be drawn: it would be
left out, or be a row of empty boxes, and recognition would make nonsense of it. Such a page is
refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfPage

from carextract.read.ocr.recognition import NotDrawableError
from carextract.read.pdf.fonts import real_fonts

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray

_POINTS_PER_INCH = 72
_DOTS_PER_INCH = 200  # at 120 raised digits are lost; above 200 a page is not read better
_LONGEST_SIDE = 2400  # dots, of A4 at 200: a scan on a larger page has no more to show
_FIRST_EAST_ASIAN = 0x2E80
_STAMP = 30  # characters that may be missing: the stamp of a library on a scan


def dots_per_inch(page: PdfPage) -> float:
    """How finely a page is drawn."""
    inches: float = max(page.get_size()) / _POINTS_PER_INCH
    return min(_DOTS_PER_INCH, _LONGEST_SIDE / inches)


def of_page(page: PdfPage, *, number: int) -> NDArray[uint8]:
    """The page of a number, from 1, as rows of dots of three colours. Raises NotDrawableError."""
    scale = dots_per_inch(page) / _POINTS_PER_INCH
    foreign = _characters_in_fonts_of_the_machine(page)
    if not foreign:
        return _drawn(page, scale)
    if foreign > _STAMP and not machine_has_chinese():
        raise NotDrawableError(
            "cannot be drawn for recognition: it needs a Chinese font and this machine has none"
        )
    return _drawn_with_fonts_of_the_machine(page, number, scale)


def _drawn(page: PdfPage, scale: float) -> NDArray[uint8]:
    picture: NDArray[uint8] = page.render(scale=scale).to_numpy()
    return picture


def _characters_in_fonts_of_the_machine(page: PdfPage) -> int:
    """How many East Asian characters are to be seen on the page whose font is not in the file."""
    textpage = page.get_textpage()
    try:
        return sum(
            pdfium.FPDFTextObj_GetTextRenderMode(text) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
            and not pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(text))
            for text in _east_asian_texts(textpage.raw)
        )
    finally:
        textpage.close()


def _east_asian_texts(textpage: object) -> Iterator[object]:
    """The text object of each East Asian character of a page."""
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        if pdfium.FPDFText_GetUnicode(textpage, index) >= _FIRST_EAST_ASIAN:
            text = pdfium.FPDFText_GetTextObject(textpage, index)
            if text:
                yield text


def _drawn_with_fonts_of_the_machine(page: PdfPage, number: int, scale: float) -> NDArray[uint8]:
    """A picture of a copy of the page: pdfium chooses fonts when it opens a document."""
    alone = BytesIO()
    copy = PdfDocument.new()
    try:
        copy.import_pages(page.pdf, [number - 1])
        copy.save(alone)
    finally:
        copy.close()
    with real_fonts():
        return _first_page(alone.getvalue(), scale)


def _first_page(data: bytes, scale: float) -> NDArray[uint8]:
    document = PdfDocument(data)
    try:
        page = document[0]
        try:
            return _drawn(page, scale)
        finally:
            page.close()
    finally:
        document.close()


# Two characters side by side in a Chinese font that is not in the file, on a page that is cut in
# two in the middle. pdfium finds the parts of the file without a table of where they are.
_TWO_CHARACTERS = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 40 20] /Contents 4 0 R
 /Resources <</Font <</F 5 0 R>>>>>> endobj
4 0 obj <</Length 36>> stream
BT /F 20 Tf 0 3 Td <4E009F8D> Tj ET
endstream endobj
5 0 obj <</Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H
 /DescendantFonts [6 0 R]>> endobj
6 0 obj <</Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000
 /CIDSystemInfo <</Registry (Adobe) /Ordering (GB1) /Supplement 4>> /FontDescriptor 7 0 R>> endobj
7 0 obj <</Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]
 /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93>> endobj
trailer <</Root 1 0 R>>
%%EOF
"""


@cache
def machine_has_chinese() -> bool:
    """Whether this machine has a font with Chinese characters.

    Different characters look different in it. Where there is none they are left out or, in the font
    of boxes that texts are read with, look the same.
    """
    with real_fonts():
        picture = _first_page(_TWO_CHARACTERS, scale=2.0)
    half = picture.shape[1] // 2
    return bool((picture[:, :half] != picture[:, half:]).any())
