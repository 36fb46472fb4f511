"""Chinese fonts that a PDF names and does not embed.

pdfium drops, without a word, all text in a font that is neither in the file nor on the machine: of
62 papers 11 came out almost empty where no Chinese font is installed. It is given a font of our own
for them, whatever is installed, so that the text is whole and the same on every machine. Widths
come from the PDF, so places stay right. The font shows empty boxes: it is for reading. Pictures
need a real font, and `real_fonts` lets pdfium look for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_void_p, cast, memmove
from functools import cache
from pathlib import Path
from typing import Any

from pypdfium2 import PdfSysfontBase

_BOXES = Path(__file__).with_name("boxes.ttf")  # made by tests/read/box_font.py
# Windows' numbers for Japanese, Korean, Simplified, Korean (Johab) and Traditional Chinese.
_EAST_ASIAN = frozenset((128, 129, 130, 134, 136))
_HANDLE = 0xB0


class _BoxFonts(PdfSysfontBase):  # type: ignore[misc]
    """pdfium's way to ask for fonts of the system, answered with ours for East Asian text."""

    def __init__(self) -> None:
        super().__init__()
        self.font = _BOXES.read_bytes()
        self.for_pictures = False

    def MapFont(  # noqa: N802
        self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any
    ) -> Any:
        if charset in _EAST_ASIAN and not self.for_pictures:
            return _HANDLE
        return super().MapFont(_, weight, italic, charset, pitch, face, exact)

    def GetFontData(  # noqa: N802
        self, _: Any, font: Any, table: int, buffer: Any, size: int
    ) -> Any:
        if font != _HANDLE:
            return super().GetFontData(_, font, table, buffer, size)
        data = self.font if table == 0 else self._table(table)
        if buffer and size >= len(data):
            memmove(cast(buffer, c_void_p), data, len(data))
        return len(data)

    def _table(self, tag: int) -> bytes:
        """One table of the font by its tag of four letters, empty if it has none."""
        name = tag.to_bytes(4, "big")
        for at in range(12, 12 + 16 * int.from_bytes(self.font[4:6], "big"), 16):
            if self.font[at : at + 4] == name:
                start, length = (
                    int.from_bytes(self.font[at + n : at + n + 4], "big") for n in (8, 12)
                )
                return self.font[start : start + length]
        return b""

    def DeleteFont(self, _: Any, font: Any) -> Any:  # noqa: N802
        return None if font == _HANDLE else super().DeleteFont(_, font)

    def GetFaceName(self, _: Any, font: Any, buffer: Any, size: int) -> Any:  # noqa: N802
        if font != _HANDLE:
            return super().GetFaceName(_, font, buffer, size)
        name = b"Boxes\0"
        if buffer and size >= len(name):
            memmove(cast(buffer, c_void_p), name, len(name))
        return len(name)

    def GetFontCharset(self, _: Any, font: Any) -> Any:  # noqa: N802
        return 134 if font == _HANDLE else super().GetFontCharset(_, font)


@cache
def install() -> _BoxFonts:
    """Have pdfium use the font of boxes, from now on and in the whole process."""
    fonts = _BoxFonts()
    fonts.setup()
    return fonts


@contextmanager
def real_fonts() -> Iterator[None]:
    """Let pdfium look for fonts of the machine: documents opened within show real characters."""
    fonts = install()
    fonts.for_pictures = True
    try:
        yield
    finally:
        fonts.for_pictures = False
