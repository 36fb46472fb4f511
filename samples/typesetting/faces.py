"""The fonts that a text is set in, and what is set for characters that none of them has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

CHINESE_FONT_FILE = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")

# What the fonts lack is set as the next best thing; what cannot be seen is left out.
STAND_INS = {
    "✅": "√", "📅": "□", "℃": "°C", "►": "→", "‑": "-", "〜": "～", "・": "·", "ﬀ": "ff",
    "ﬃ": "ffi", "\x9d": "", "\u200b": "", "\ufeff": "",
}  # fmt: skip
# Signs of both scripts, which take the width of the text they stand in.
_SHARED = "“”‘’…—·×±≥≤°"
_IN_EVERY_LATIN_FONT = "–—‘’“”•…€"


@dataclass(frozen=True, slots=True)
class Face:
    """The fonts of a text: for Latin letters, for Chinese, and for signs that the first lacks."""

    latin: str
    chinese: str
    signs: str


@cache
def face(kind: str, *, bold: bool = False) -> Face:
    """The fonts of a kind: `cid` needs no font file and embeds no Chinese, `embedded` embeds all.

    >>> face("cid").chinese
    'STSong-Light'
    """
    if kind == "cid":
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))  # comes with reportlab
        return Face("Times-Bold" if bold else "Times-Roman", "STSong-Light", "Vera")
    pdfmetrics.registerFont(TTFont("WenQuanYi", CHINESE_FONT_FILE))
    return Face("WenQuanYi", "WenQuanYi", "WenQuanYi")


def has_embedded_fonts() -> bool:
    """Whether the font file of the `embedded` kind is on this machine."""
    return CHINESE_FONT_FILE.is_file()


def is_wide(char: str, around: str) -> bool:
    """Whether a character is set in the Chinese font, as wide as it is high.

    >>> is_wide("病", ""), is_wide("≥", "为8"), is_wide("≥", "of8")
    (True, True, False)
    """
    return is_chinese(char) or (char in _SHARED and any(map(is_chinese, around)))


def is_chinese(char: str) -> bool:
    """Whether a character is Chinese, or a full-width sign."""
    return "\u2e80" <= char <= "\ufaff" or "\uff00" <= char <= "\uffef"


def font_of(char: str, faces: Face) -> str:
    """The font for a character that is not wide; only the Chinese font has a few of them."""
    if ord(char) < 0x100 or char in _IN_EVERY_LATIN_FONT:
        return faces.latin
    return faces.signs if ord(char) in _glyphs(faces.signs) else faces.chinese


@cache
def _glyphs(font: str) -> frozenset[int]:
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)
