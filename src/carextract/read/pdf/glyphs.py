"""Characters of a page as pdfium has them: what, where, how large, on which baseline.

pdfium's text by index, not `get_text_range`: only the index agrees with the place. Each question
costs a call for each character, so the calls are made bare, a whole page at a time, into memory
that is kept from page to page.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Sequence
from ctypes import (
    CFUNCTYPE,
    byref,
    c_double,
    c_float,
    c_int,
    c_uint,
    c_ushort,
    c_void_p,
    cast,
    memmove,
)
from dataclasses import dataclass, replace
from functools import cache
from itertools import compress, groupby, repeat
from math import degrees, hypot
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage, PdfTextPage

from carextract.read.pdf.layout import Turn

_LAST_CODE = 0x10FFFF
_UNKNOWN = "\ufffd"
_FIRST_SURROGATE = "\ud800"
_BLANK = frozenset(("", "\0", "\r", "\n", "\t", " "))
# pdfium's signs for a hyphen that ends a line; a soft hyphen that is in a font at all is printed.
_SPECIAL = dict.fromkeys(map(chr, (*range(9), *range(14, 32), *range(0x7F, 0xA0))), "")
_SPECIAL |= dict.fromkeys("\x02\xad\ufffe", "-")
# Founder's fonts have a decimal point in a private plane, and full-width signs where GB 2312 has
# them, of which the full-width point is the full stop of a sentence.
_SPECIAL |= {chr(0xA3A1 + at): chr(0xFF01 + at) for at in range(94)}
_SPECIAL |= {"\ua3ae": "。", "\U001001b0": "."}
_SAME_PLACE = 0.1  # points


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters of a page that are turned one way, in the order of the file.

    `chars[i]` reaches from `lefts[i]` to `rights[i]` on the line `baselines[i]`, in type of the
    size `sizes[i]`; a space or a line end that pdfium worked out has neither width nor size. Places
    are those on the page turned by `turn`, which puts the characters upright.
    """

    turn: Turn
    chars: Sequence[str]
    lefts: Sequence[float]
    rights: Sequence[float]
    baselines: Sequence[float]
    sizes: Sequence[float]


def glyphs(page: PdfPage, text_page: PdfTextPage) -> list[Glyphs]:
    """The characters of a page, a set for each way that they are turned, the largest set first.

    Nearly always one set. A table set sideways, or a stamp in the margin, makes another.
    """
    count = text_page.count_chars()
    handle = cast(text_page.raw, c_void_p)
    chars = _characters(_codes(handle, count))
    rectangles = _rectangles(handle, count)
    placed = _Placed(chars, rectangles, *_lines(handle, rectangles))
    angles = dict.fromkeys(placed.angles)
    sets = [
        _put_upright(page, angle, placed if len(angles) < 2 else placed.at_angle(angle))
        for angle in angles
    ]
    if len(sets) > 1:
        sets.sort(key=lambda found: -sum(1 for char in found.chars if char not in _BLANK))
    return sets


class _Room:
    """Memory for what pdfium answers, with a pointer to each place in it, made once."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.rectangles = (c_float * (4 * size))()
        self.rectangle_at = [byref(self.rectangles, 16 * i) for i in range(size)]


@cache
def _room(size: int) -> _Room:
    return _Room(size)


@cache
def _bare(name: str, answer: Any) -> Callable[..., Any]:
    """A function of pdfium without the checks of its arguments, which cost as much as the call."""
    address = cast(getattr(pdfium, name), c_void_p).value or 0
    function: Callable[..., Any] = CFUNCTYPE(answer)(address)
    return function


def _rectangles(handle: c_void_p, count: int) -> array[float]:
    """For each character left, top, right and bottom, four in a row."""
    room = _room(1 << max(13, (count - 1).bit_length()))
    ask = _bare("FPDFText_GetLooseCharBox", c_int)
    deque(map(ask, repeat(handle), range(count), room.rectangle_at), maxlen=0)
    rectangles = array("f", bytes(16 * count))
    if count:
        memmove(rectangles.buffer_info()[0], room.rectangles, 16 * count)
    return rectangles


def _codes(handle: c_void_p, count: int) -> Sequence[int]:
    """The code of each character: of all at once, where that leaves none out.

    pdfium's text as a whole lacks the characters that it has no code for, or a control code. A text
    as long as the page has characters lacks none, and agrees with them one by one.
    """
    text = (c_ushort * (count + 1))()
    if _bare("FPDFText_GetText", c_int)(handle, 0, count, text) == count + 1:
        return text[:count]
    return list(map(_bare("FPDFText_GetUnicode", c_uint), repeat(handle), range(count)))


class _Lines(NamedTuple):
    """Of each character the x and y of its origin, its size, and the angle that it runs at."""

    xs: list[float]
    ys: list[float]
    sizes: list[float]
    angles: list[int]


def _lines(handle: c_void_p, rectangles: array[float]) -> _Lines:
    """What is the same for a stretch of characters, asked of the first of them.

    Characters of one font and size on one baseline reach equally far up and down. How far does not
    tell the size: for some Chinese fonts it is twice that. Of x only that of the stretch is given;
    turned characters, for which it counts, are stretches of one.
    """
    ask = _Asking(handle)
    lines = _Lines([], [], [], [])
    known: tuple[float, float] | None = None
    x = y = size = 0.0
    angle = start = 0
    for extent, group in groupby(zip(rectangles[1::4], rectangles[3::4], strict=True)):
        count = len(list(group))
        printed = extent[0] != extent[1]  # a space that pdfium worked out has no height
        if printed and (extent != known or angle):
            known = extent
            x, y, size = ask.origin_and_size(start)
            # An upright character begins at the left side of its rectangle.
            angle = ask.angle(start) if abs(x - rectangles[4 * start]) > _SAME_PLACE else 0
        lines.xs.extend([x] * count)
        lines.ys.extend([y] * count)
        lines.sizes.extend([size if printed else 0.0] * count)
        lines.angles.extend([angle] * count)
        start += count
    return lines


class _Asking:
    """Questions to pdfium about single characters."""

    def __init__(self, handle: c_void_p) -> None:
        self._handle = handle
        self._matrix, self._x, self._y = pdfium.FS_MATRIX(), c_double(), c_double()
        self._at = [byref(answer) for answer in (self._matrix, self._x, self._y)]
        self._ask_origin = _bare("FPDFText_GetCharOrigin", c_int)
        self._ask_matrix = _bare("FPDFText_GetMatrix", c_int)
        self._ask_size = _bare("FPDFText_GetFontSize", c_double)

    def origin_and_size(self, i: int) -> tuple[float, float, float]:
        """The x and y where a character begins, and its size: its font's times its matrix's."""
        matrix_at, x_at, y_at = self._at
        self._ask_origin(self._handle, i, x_at, y_at)
        self._ask_matrix(self._handle, i, matrix_at)
        size = self._ask_size(self._handle, i) * hypot(self._matrix.c, self._matrix.d)
        return self._x.value, self._y.value, size

    def angle(self, i: int) -> int:
        """The right angle nearest to that of a character, against the clock; pdfium's is with."""
        radians: float = _bare("FPDFText_GetCharAngle", c_float)(self._handle, i)
        return round(-degrees(radians) / 90) % 4 * 90


def _characters(codes: Sequence[int]) -> list[str]:
    """Code points to characters; the second half of a pair of surrogates becomes empty.

    >>> _characters([0x4E2D, 0xD840, 0xDC0B, 0x110000])
    ['中', '𠀋', '', '\ufffd']
    """
    if max(codes, default=0) > _LAST_CODE:
        codes = [code if code <= _LAST_CODE else ord(_UNKNOWN) for code in codes]
    chars = list(map(chr, codes))
    if not _SPECIAL.keys().isdisjoint(chars):
        chars = [_SPECIAL.get(char, char) for char in chars]
    if max(chars, default="") >= _FIRST_SURROGATE:
        _join_surrogates(chars)
    return chars


def _join_surrogates(chars: list[str]) -> None:
    """Two halves of a character become the character and nothing; a half alone is unknown."""
    for i, char in enumerate(chars):
        if "\ud800" <= char <= "\udfff":
            pair = char + chars[i + 1] if i + 1 < len(chars) else char
            whole = pair.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            chars[i] = whole if len(whole) == 1 else _UNKNOWN
            if len(whole) == 1 and len(pair) == 2:
                chars[i + 1] = ""


class _Axis(NamedTuple):
    """Where a coordinate of the turned page comes from: x or y of the file, a sign, an offset."""

    is_x: bool
    sign: int
    offset: float

    def of(self, values: Sequence[float]) -> Sequence[float]:
        """The coordinates of the turned page."""
        offset = self.offset
        if self.sign < 0:
            return [offset - value for value in values]
        return [offset + value for value in values] if offset else values


def _axes(page: PdfPage, angle: int) -> tuple[_Axis, _Axis]:
    """The axes, from the top left corner, of a page turned clockwise by an angle."""
    left, bottom, right, top = page.get_bbox()
    along_x, against_x = _Axis(True, 1, -left), _Axis(True, -1, right)
    along_y, against_y = _Axis(False, 1, -bottom), _Axis(False, -1, top)
    return {
        0: (along_x, against_y),
        90: (along_y, along_x),
        180: (against_x, along_y),
        270: (against_y, against_x),
    }[angle]


class _Placed(NamedTuple):
    """Characters with their places as pdfium gives them."""

    chars: Sequence[str]
    rectangles: array[float]
    xs: Sequence[float]
    ys: Sequence[float]
    sizes: Sequence[float]
    angles: Sequence[int]

    def at_angle(self, angle: int) -> _Placed:
        """The characters that run at an angle."""
        chosen = [own == angle for own in self.angles]
        fours = [yes for yes in chosen for _ in range(4)]
        rectangles = array("f", compress(self.rectangles, fours))
        rest = (self.xs, self.ys, self.sizes, self.angles)
        return _Placed(
            list(compress(self.chars, chosen)),
            rectangles,
            *(list(compress(values, chosen)) for values in rest),  # type: ignore[arg-type]
        )


def _put_upright(page: PdfPage, angle: int, placed: _Placed) -> Glyphs:
    """Characters that run at an angle, with their places on the page turned by it."""
    across, down = _axes(page, angle)
    lefts, tops, rights, bottoms = (placed.rectangles[side::4] for side in range(4))
    starts, ends = (lefts, rights) if across.is_x else (bottoms, tops)
    if across.sign < 0:
        starts, ends = ends, starts
    left, bottom, right, top = page.get_bbox()
    width, height = right - left, top - bottom
    if not across.is_x:
        width, height = height, width
    found = Glyphs(
        turn=Turn((angle - page.get_rotation()) % 360, width, height),
        chars=placed.chars,
        lefts=across.of(starts),
        rights=across.of(ends),
        baselines=down.of(placed.xs if down.is_x else placed.ys),
        sizes=placed.sizes,
    )
    return _without_cut_off(found) if placed.chars else found


def _without_cut_off(glyphs: Glyphs) -> Glyphs:
    """The characters, empty where they are outside the part of the page that is shown."""
    width, height = glyphs.turn.width, glyphs.turn.height
    lefts, rights, baselines = glyphs.lefts, glyphs.rights, glyphs.baselines
    if (
        min(lefts) >= 0
        and max(rights) <= width
        and min(baselines) >= 0
        and max(baselines) <= height
    ):
        return glyphs
    shown = [
        char if 0 <= left + right <= 2 * width and 0 <= baseline <= height else ""
        for char, left, right, baseline in zip(glyphs.chars, lefts, rights, baselines, strict=True)
    ]
    return replace(glyphs, chars=shown)
