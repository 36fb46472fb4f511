"""Is the text layer of a page to be believed?

    distrust(page, textpage, text) -> Distrust | None

`text` is what pdfium gives for the page, in pdfium's order; `page` and `textpage` are pypdfium2's
handles, which are asked for more only where cheap signs call for it. None means: read the text (a
blank page is believed too: there is nothing to be wrong). A `Distrust` has a `code` for the list of
warnings and a `message` that goes on after "page 3".

Four ways to be wrong:

- `no-text`: the page is a picture, or drawn; at most a stamp or a page number is text.
- `hidden-ocr`: someone's character recognition lies unseen over or under a picture of the page.
- `garbled-text`: nearly every character is wrong.
- `half-garbled-text`: Chinese is right, digits and Latin letters are not. The dangerous kind.
"""

from __future__ import annotations

import ctypes
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

import pypdfium2.raw as pdfium
from pypdfium2 import PdfImage, PdfPage, PdfTextPage


class Reason(StrEnum):
    """Why the text of a page is not to be read."""

    NO_TEXT = "no-text"
    HIDDEN_OCR = "hidden-ocr"
    GARBLED = "garbled-text"
    HALF_GARBLED = "half-garbled-text"


_MESSAGES = {
    Reason.NO_TEXT: "is a scan: a picture without text",
    Reason.HIDDEN_OCR: "is a scan: its text is an unseen layer of character recognition",
    Reason.GARBLED: "has a garbled text layer: its fonts do not say what their characters are",
    Reason.HALF_GARBLED: "has a half garbled text layer: digits and Latin letters in it are wrong",
}


@dataclass(frozen=True, slots=True)
class Distrust:
    """A page whose text is not to be read, and why."""

    reason: Reason

    @property
    def code(self) -> str:
        """The reason as the list of warnings names it."""
        return self.reason.value

    @property
    def message(self) -> str:
        """The reason for the user, to go on after the number of the page."""
        return _MESSAGES[self.reason]


_FEW_CHARACTERS = 10
"""A page with fewer is not judged garbled: nothing can be measured, and no fact has room."""


def distrust(page: PdfPage, textpage: PdfTextPage, text: str) -> Distrust | None:
    """Why the text layer of a page is not to be read, or None where it is."""
    visible = len(text) - sum(map(text.count, " \r\n\t"))
    reason = _hidden(page, textpage) if visible else None
    reason = reason or _without_text(page, textpage, visible)
    if reason is None and max(visible, textpage.count_chars()) >= _FEW_CHARACTERS:
        reason = _garbled(textpage, text, visible)
    return Distrust(reason) if reason else None


# --- What is drawn on the page ---

_PAGE_FILLING = 0.7  # of the page's area: scans leave margins, figures leave room for a caption
_PICTURE = 0.05  # of the page's area: larger than a logo
_OUTLINES = 500  # pieces of curves: some words drawn as outlines, more than rules and frames have
_MARGIN = 0.1  # of the page's height, at top and bottom: where stamps and page numbers stand
_STAMP = 30  # characters between the margins: a watermark, less than a caption
_STAMPED = 400  # characters on the whole page: more is never only stamps
_DEEPEST = 5  # forms within forms


def _without_text(page: PdfPage, textpage: PdfTextPage, visible: int) -> Reason | None:
    """NO_TEXT for a page that shows something, but hardly as text."""
    if visible > _STAMPED:
        return None
    words = _words_between_margins(page, textpage) if visible else 0
    if words == _STAMP:
        return None
    area = _Area.of(page)
    pictures = outlines = form = 0.0
    for kept in page.get_objects(max_depth=_DEEPEST):
        if kept.type == pdfium.FPDF_PAGEOBJ_FORM and not kept.level:
            form = area.share(kept.raw)
        elif kept.type == pdfium.FPDF_PAGEOBJ_IMAGE and kept.level:
            # Its place is that in the form, which may be drawn in another size.
            pictures = max(pictures, form)
        elif kept.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures += area.share(kept.raw)
        elif kept.type == pdfium.FPDF_PAGEOBJ_PATH and (kept.level or area.reaches_in(kept.raw)):
            outlines += max(pdfium.FPDFPath_CountSegments(kept.raw), 0)
        if pictures >= _PAGE_FILLING:
            return Reason.NO_TEXT
    shows = not words and (pictures >= _PICTURE or outlines >= _OUTLINES)
    return Reason.NO_TEXT if shows else None


def _words_between_margins(page: PdfPage, textpage: PdfTextPage) -> int:
    """How many printed characters stand between the page's upper and lower margin, up to a few."""
    area = _Area.of(page)
    box = pdfium.FS_RECTF()
    count = 0
    for index in range(textpage.count_chars()):
        pdfium.FPDFText_GetLooseCharBox(textpage.raw, index, box)
        if box.left < box.right and area.is_inner((box.top + box.bottom) / 2):
            count += 1
            if count == _STAMP:
                break
    return count


@dataclass(frozen=True, slots=True)
class _Area:
    """The part of a page that is shown, in the page's own coordinates: y grows upwards."""

    left: float
    bottom: float
    right: float
    top: float
    is_upright: bool

    @classmethod
    def of(cls, page: PdfPage) -> _Area:
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page.raw, box)
        upright = page.get_rotation() in (0, 180)
        return cls(box.left, box.bottom, box.right, box.top, upright)

    def share(self, drawn: object) -> float:
        """How much of the page an object may cover, from 0 to 1."""
        left, bottom, right, top = _bounds(drawn)
        width = min(right, self.right) - max(left, self.left)
        height = min(top, self.top) - max(bottom, self.bottom)
        whole = (self.right - self.left) * (self.top - self.bottom)
        return max(width, 0) * max(height, 0) / whole if whole else 0.0

    def is_inner(self, y: float) -> bool:
        """Whether a height is between the margins; every one is on a page that is turned."""
        margin = _MARGIN * (self.top - self.bottom)
        return not self.is_upright or self.bottom + margin < y < self.top - margin

    def reaches_in(self, drawn: object) -> bool:
        """Whether the middle of an object is between the margins."""
        _, bottom, _, top = _bounds(drawn)
        return self.is_inner((bottom + top) / 2)


def _bounds(drawn: object) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a page object."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


# --- Layers that are not seen ---

_WITH_ALPHA = 4  # bytes of a point of a picture, the last of them its opacity
_PROBES = 16  # characters of a page that are looked at: a layer is hidden as a whole or not at all
_LAST_OBJECTS = 120  # a picture over its text comes last but for stamps, often drawn in paths
_LAST_TEXTS = 40  # text objects behind which no picture can hide the page


def _hidden(page: PdfPage, textpage: PdfTextPage) -> Reason | None:
    """HIDDEN_OCR where most text is not drawn, or a picture as large as the page lies over it."""
    modes = [
        pdfium.FPDFTextObj_GetTextRenderMode(text)
        for text in map(_text_object, *_indices(textpage, _PROBES))
        if text
    ]
    unseen = sum(mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE for mode in modes)
    is_hidden = 2 * unseen > len(modes) or _is_covered(page)
    return Reason.HIDDEN_OCR if is_hidden else None


def _indices(textpage: PdfTextPage, probes: int) -> tuple[list[object], range]:
    """Some indices of a page's characters, evenly spread, each beside the page's handle."""
    count = textpage.count_chars()
    spread = range(0, count, max(count // probes, 1))
    return [textpage.raw] * len(spread), spread


_text_object = pdfium.FPDFText_GetTextObject


def _is_covered(page: PdfPage) -> bool:
    """Whether a picture as large as the page is drawn after the text."""
    raw = page.raw
    last = pdfium.FPDFPage_CountObjects(raw) - 1
    texts = 0
    for index in range(last, max(last - _LAST_OBJECTS, 0), -1):
        drawn = pdfium.FPDFPage_GetObject(raw, index)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            texts += 1
            if texts > _LAST_TEXTS:
                return False
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE and _Area.of(page).share(drawn) >= _PAGE_FILLING:
            return _is_text(pdfium.FPDFPage_GetObject(raw, index - 1)) and _is_opaque(page, index)
    return False


def _is_text(drawn: object) -> bool:
    return bool(pdfium.FPDFPageObj_GetType(drawn) == pdfium.FPDF_PAGEOBJ_TEXT)


def _is_opaque(page: PdfPage, index: int) -> bool:
    """Whether a picture hides what is under it, as a watermark does not."""
    image = next(islice(page.get_objects(max_depth=1), index, None))
    if pdfium.FPDFPageObj_HasTransparency(image.raw) or not isinstance(image, PdfImage):
        return False
    bitmap = image.get_bitmap(render=True, scale_to_original=False)
    if bitmap.n_channels < _WITH_ALPHA:
        return True
    alpha = bytes(bitmap.buffer)[_WITH_ALPHA - 1 :: _WITH_ALPHA]
    return 2 * alpha.count(255) > len(alpha)


# --- Characters that are wrong ---

_SYMBOLS = '!"#$&*;<=>?@^|~\\{}'
_RARE_SYMBOLS = '!"#$&@^|~\\{}'  # the others are common in formulas and beside numbers
_WRONG_MAPS = 0.5  # of the characters have no Unicode value: no font of the page says what they are
_UNREADABLE = 0.3  # of the characters are controls or private
_DENSE = 0.025  # symbols a character: honest Chinese has up to 0.018, half garbled from 0.028
_DENSE_ALONE = 0.06  # symbols a character where there is no Chinese
_DENSE_CONTROLS = 0.05  # a character: codes that were moved down into the controls
_KINDS = 5  # of rare symbols: garbled text has nearly all, a table has * and <
_WORDS = 0.15  # of the Latin letters and signs stand in runs of small letters: text and programs
_CHINESE = 0.1  # of the characters, or it is not a Chinese page
_LYING = 10  # characters in fonts that count
_NEARLY_ALL = 0.8  # of the characters

_CJK = re.compile(r"[\u3400-\u9fff]")
_ASCII = re.compile(r"[!-~]")
_SMALL_LETTERS = re.compile(r"[a-z]{3,}")
_COMMON_WORDS = re.compile(r"\b(?:the|of|and|in|to|for|with|is|was|were|de|la|der|und)\b")
_COMMON = 0.03  # of the words of a page: prose has more than 0.2, tables and lists have some


def _garbled(textpage: PdfTextPage, text: str, visible: int) -> Reason | None:
    """GARBLED or HALF_GARBLED, where characters are not what is printed."""
    if _has_no_maps(textpage) and not _is_prose(text):
        return Reason.GARBLED
    controls, private = _unreadable(textpage)
    if controls + private > _UNREADABLE * visible and not _is_prose(text):
        return Reason.GARBLED
    if controls > _DENSE_CONTROLS * visible:
        is_half = _is_chinese(text, visible) or _is_prose(text)
        return Reason.HALF_GARBLED if is_half else Reason.GARBLED
    if all(sign in text for sign in _FIRST_CODES):
        lying = _in_counting_fonts(textpage)
        if lying >= _LYING:
            return Reason.GARBLED if lying > _NEARLY_ALL * visible else Reason.HALF_GARBLED
    return _dense_with_symbols(text, visible)


def _has_no_maps(textpage: PdfTextPage) -> bool:
    """Whether the fonts of a page do not say which characters their codes are."""
    wrong = list(map(pdfium.FPDFText_HasUnicodeMapError, *_indices(textpage, _PROBES)))
    return wrong.count(1) > _WRONG_MAPS * len(wrong)


_CONTROLS = frozenset((*range(9), *range(14, 32), *range(0x7F, 0xA0))) - {2}
"""Codes that no text has; pdfium gives 2 for a hyphen at the end of a line."""
_PRIVATE = range(0xE000, 0xF900)
_CODES_PROBED = 64  # as many find more than one where they are dense
_SIGNS_OF_UNREADABLE = 2  # of them


def _unreadable(textpage: PdfTextPage) -> tuple[int, int]:
    """How many characters are controls, and private; none where hardly any probe finds one."""
    codes = list(map(pdfium.FPDFText_GetUnicode, *_indices(textpage, _CODES_PROBED)))
    if sum(code in _CONTROLS or code in _PRIVATE for code in codes) < _SIGNS_OF_UNREADABLE:
        return 0, 0
    codes = list(map(pdfium.FPDFText_GetUnicode, *_indices(textpage, textpage.count_chars())))
    return sum(map(_CONTROLS.__contains__, codes)), sum(map(_PRIVATE.__contains__, codes))


def _is_chinese(text: str, visible: int) -> bool:
    return _count(_CJK, text) >= _CHINESE * visible


def _is_prose(text: str) -> bool:
    """Whether a text reads as a European language, as some do whose fonts say nothing."""
    return len(_COMMON_WORDS.findall(text)) > _COMMON * len(text.split())


_FIRST_CODES = '!"#'
_LEAST_CODES = 3  # a font with fewer different characters says nothing
_REPEATED = 1.2  # characters for each different one: a list of all signs has each of them once
_IN_ORDER = 0.8  # of a font's characters are where counting puts them
_OUT_OF_STEP = 2  # places: pdfium may read a word before its neighbour


def _in_counting_fonts(textpage: PdfTextPage) -> int:
    """How many characters are in fonts whose codes only count the characters as they come.

    A program that makes a font of the characters used may number them in the order of their use,
    from the exclamation mark on. Without a map from the numbers to characters `SLE 18` is read as
    `!"#$%`. Text that means what it says never begins like that, whatever it is about.
    """
    return sum(
        len(codes)
        for codes in _codes_by_font(textpage)
        if _only_counts(list(dict.fromkeys(codes)), len(codes))
    )


def _codes_by_font(textpage: PdfTextPage) -> Iterable[list[int]]:
    """The codes of the printed characters of each font, in their order."""
    fonts: defaultdict[int | None, list[int]] = defaultdict(list)
    raw = textpage.raw
    for index in range(textpage.count_chars()):
        text = _text_object(raw, index)
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if text and code > _SPACE:
            font = ctypes.cast(pdfium.FPDFTextObj_GetFont(text), ctypes.c_void_p)
            fonts[font.value].append(code)
    return fonts.values()


_SPACE = 0x20
_QUOTES = {0x2018: 0x60, 0x2019: 0x27}  # what the codes of ` and ' are in some encodings


def _only_counts(different: Sequence[int], characters: int) -> bool:
    """Whether codes, each at its first use, are the printable ASCII codes one after another."""
    if len(different) < _LEAST_CODES or characters < _REPEATED * len(different):
        return False
    in_order = sum(
        abs(_QUOTES.get(code, code) - place) <= _OUT_OF_STEP
        for place, code in enumerate(different, start=_SPACE + 1)
    )
    return in_order >= _IN_ORDER * len(different)


def _dense_with_symbols(text: str, visible: int) -> Reason | None:
    """GARBLED or HALF_GARBLED for a text full of signs that prose and tables seldom have."""
    symbols = sum(map(text.count, _SYMBOLS))
    if symbols < _DENSE * visible:
        return None
    is_chinese = _is_chinese(text, visible)
    if symbols < _DENSE_ALONE * visible and not is_chinese:
        return None
    if sum(sign in text for sign in _RARE_SYMBOLS) < _KINDS or _has_words(text):
        return None
    return Reason.HALF_GARBLED if is_chinese else Reason.GARBLED


def _has_words(text: str) -> bool:
    """Whether the Latin letters and signs are words, as those of programs and formulas are."""
    letters = sum(map(len, _SMALL_LETTERS.findall(text)))
    return letters >= _WORDS * _count(_ASCII, text)


def _count(pattern: re.Pattern[str], text: str) -> int:
    return len(pattern.findall(text))
