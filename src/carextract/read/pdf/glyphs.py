"""Characters of a page as pdfium has them: what, where, how large, on which baseline.

pdfium's text by index, not `get_text_range`: only the index agrees with the place. Each question
costs a call for each character, so the calls are made bare, a whole page at a time, into memory
that is kept from page to page.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Iterable, Sequence
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
from itertools import groupby, repeat
from math import degrees, hypot
from operator import sub
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
    rectangles, xs, ys = _rectangles(handle, count)
    sets = [
        _put_upright(page, angle, numbers, _Placed(handle, chars, rectangles, xs, ys))
        for angle, numbers in _by_angle(handle, chars, rectangles[0::4], xs).items()
    ]
    if len(sets) > 1:
        sets.sort(key=lambda found: -sum(1 for char in found.chars if char not in _BLANK))
    return sets


class _Room:
    """Memory for what pdfium answers, with a pointer to each place in it, made once."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.rectangles = (c_float * (4 * size))()
        self.x = (c_double * size)()
        self.y = (c_double * size)()
        self.rectangle_at = [byref(self.rectangles, 16 * i) for i in range(size)]
        self.x_at = [byref(self.x, 8 * i) for i in range(size)]
        self.y_at = [byref(self.y, 8 * i) for i in range(size)]


@cache
def _room(size: int) -> _Room:
    return _Room(size)


@cache
def _bare(name: str, answer: Any) -> Callable[..., Any]:
    """A function of pdfium without the checks of its arguments, which cost as much as the call."""
    address = cast(getattr(pdfium, name), c_void_p).value or 0
    function: Callable[..., Any] = CFUNCTYPE(answer)(address)
    return function


def _call_all(name: str, handle: c_void_p, *arguments: Iterable[Any]) -> None:
    """Ask pdfium the same of every character; the answers are in what the arguments point to."""
    deque(map(_bare(name, c_int), repeat(handle), *arguments), maxlen=0)


def _rectangles(handle: c_void_p, count: int) -> tuple[array[float], list[float], list[float]]:
    """For each character left, top, right, bottom, four in a row, and the x and y of its origin."""
    room = _room(1 << max(13, (count - 1).bit_length()))
    _call_all("FPDFText_GetLooseCharBox", handle, range(count), room.rectangle_at)
    _call_all("FPDFText_GetCharOrigin", handle, range(count), room.x_at, room.y_at)
    rectangles = array("f", bytes(16 * count))
    if count:
        memmove(rectangles.buffer_info()[0], room.rectangles, 16 * count)
    return rectangles, room.x[:count], room.y[:count]


def _codes(handle: c_void_p, count: int) -> Sequence[int]:
    """The code of each character: of all at once, where that leaves none out.

    pdfium's text as a whole lacks the characters that it has no code for, or a control code. A text
    as long as the page has characters lacks none, and agrees with them one by one.
    """
    text = (c_ushort * (count + 1))()
    if _bare("FPDFText_GetText", c_int)(handle, 0, count, text) == count + 1:
        return text[:count]
    return list(map(_bare("FPDFText_GetUnicode", c_uint), repeat(handle), range(count)))


def _sizes(handle: c_void_p, numbers: Sequence[int], heights: Iterable[float]) -> list[float]:
    """The size of the type of each character, asked for wherever the height changes.

    A rectangle is as high as the font says it reaches, which for some Chinese fonts is twice the
    size, so the height tells where the size changes, and not what it is.
    """
    matrix = pdfium.FS_MATRIX()
    matrix_at = byref(matrix)
    ask_matrix = _bare("FPDFText_GetMatrix", c_int)
    ask_size = _bare("FPDFText_GetFontSize", c_double)
    sizes: list[float] = []
    size = lowest = highest = 0.0
    for height, group in groupby(heights):
        if height and not lowest < height < highest:
            i = numbers[len(sizes)]
            ask_matrix(handle, i, matrix_at)
            size = ask_size(handle, i) * hypot(matrix.c, matrix.d)
            lowest, highest = height - _SAME_PLACE, height + _SAME_PLACE
        sizes.extend([size if height else 0.0] * len(list(group)))
    return sizes


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


def _by_angle(
    handle: c_void_p, chars: Sequence[str], lefts: Iterable[float], xs: Iterable[float]
) -> dict[int, Sequence[int]]:
    """The characters by the right angle, against the clock, that they run at in the file.

    One that is upright begins at the left side of its rectangle; only of others is the angle asked.
    Spaces go with what they stand behind.
    """
    off = list(map(sub, xs, lefts))
    if not off or (max(off) <= _SAME_PLACE and min(off) >= -_SAME_PLACE):
        return {0: range(len(chars))}
    odd = [
        i
        for i, distance in enumerate(off)
        if (distance > _SAME_PLACE or distance < -_SAME_PLACE) and chars[i] not in _BLANK
    ]
    angles = {i: angle for i in odd if (angle := _angle(handle, i))}
    if not angles:
        return {0: range(len(chars))}
    found: dict[int, list[int]] = {}
    angle = 0
    for i, char in enumerate(chars):
        if char not in _BLANK:
            angle = angles.get(i, 0)
        found.setdefault(angle, []).append(i)
    return dict(found)


def _angle(handle: c_void_p, i: int) -> int:
    """The right angle nearest to that of a character, against the clock; pdfium turns with it."""
    radians: float = _bare("FPDFText_GetCharAngle", c_float)(handle, i)
    return round(-degrees(radians) / 90) % 4 * 90


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
    """The characters of a page with their places as pdfium gives them."""

    handle: c_void_p
    chars: list[str]
    rectangles: array[float]
    xs: list[float]
    ys: list[float]


def _put_upright(page: PdfPage, angle: int, numbers: Sequence[int], all_: _Placed) -> Glyphs:
    """Some of the characters, which run at an angle, with places on the page turned by it."""
    across, down = _axes(page, angle)
    chars, rectangles, xs, ys = all_.chars, all_.rectangles, all_.xs, all_.ys
    lefts, tops, rights, bottoms = (rectangles[side::4] for side in range(4))
    if len(numbers) < len(chars):
        chars = [chars[i] for i in numbers]
        lefts, tops, rights, bottoms = (
            array("f", [side[i] for i in numbers]) for side in (lefts, tops, rights, bottoms)
        )
        xs, ys = [xs[i] for i in numbers], [ys[i] for i in numbers]
    starts, ends = (lefts, rights) if across.is_x else (bottoms, tops)
    if across.sign < 0:
        starts, ends = ends, starts
    heights = map(sub, tops, bottoms) if across.is_x else map(sub, rights, lefts)
    left, bottom, right, top = page.get_bbox()
    width, height = right - left, top - bottom
    if not across.is_x:
        width, height = height, width
    found = Glyphs(
        turn=Turn((angle - page.get_rotation()) % 360, width, height),
        chars=chars,
        lefts=across.of(starts),
        rights=across.of(ends),
        baselines=down.of(xs if down.is_x else ys),
        sizes=_sizes(all_.handle, numbers, heights),
    )
    return _without_cut_off(found) if chars else found


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
