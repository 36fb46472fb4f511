"""Make the font that stands in for Chinese fonts: `python tests/read/box_font.py`.

pdfium drops, without a word, all text in a Chinese font that is neither embedded in the PDF nor
installed on the machine. Given this font for it, it keeps the text; widths come from the PDF. Every
character looks like an empty box, so the font is for reading, not for pictures.
"""

from io import BytesIO
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.ttLib.tables._g_l_y_f import Glyph

import carextract.read.pdf

FONT = Path(carextract.read.pdf.__file__).with_name("boxes.ttf")

_EM = 1000
_RANGES = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x45F), (0x2000, 0x2BFF), (0x2E80, 0x9FFF),
    (0xAC00, 0xD7AF), (0xE000, 0xFAFF), (0xFE10, 0xFFEF), (0x1F100, 0x1F2FF), (0x20000, 0x3FFFF),
)  # fmt: skip
# Bits of OS/2 ulCodePageRange1: Latin 1, Japanese, Simplified, Korean and Traditional.
_CODE_PAGES = 1 | 1 << 17 | 1 << 18 | 1 << 19 | 1 << 20 | 1 << 21
_MADE = 3_000_000_000  # seconds since 1904: a fixed date, so that the bytes never change


def box_font() -> bytes:
    """The font: one glyph, an empty box, for every character of the ranges."""
    glyphs = {name: _box() for name in (".notdef", "box")}
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (_EM, 50)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    _map_ranges(builder)
    builder.setupOS2(
        sTypoAscender=880,
        sTypoDescender=-120,
        usWinAscent=880,
        usWinDescent=120,
        ulCodePageRange1=_CODE_PAGES,
        fsType=0,
        achVendID="NONE",
    )
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular", "psName": "Boxes"})
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = _MADE
    builder.font.recalcTimestamp = False
    out = BytesIO()
    builder.save(out)
    return out.getvalue()


def _box() -> Glyph:
    """An empty box. pdfium drops characters whose glyph has no outline."""
    pen = TTGlyphPen(None)
    for corners in (
        ((50, 0), (50, 800), (950, 800), (950, 0)),
        ((100, 50), (900, 50), (900, 750), (100, 750)),
    ):
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()


def _map_ranges(builder: FontBuilder) -> None:
    """A cmap in format 13: whole ranges of characters with one glyph each."""
    builder.setupCharacterMap({0x20: "box"})
    subtable = CmapSubtable.newSubtable(13)
    subtable.platformID, subtable.platEncID, subtable.language = 3, 10, 0
    subtable.format, subtable.reserved = 13, 0
    subtable.cmap = {code: "box" for low, high in _RANGES for code in range(low, high + 1)}
    builder.font["cmap"].tables = [subtable]


if __name__ == "__main__":
    FONT.write_bytes(box_font())
