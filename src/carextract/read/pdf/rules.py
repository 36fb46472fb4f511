"""Lines drawn on a page: what separates the rows and columns of its tables.

pdfium keeps what a page draws as objects. A line is drawn as one, as a side of a rectangle, as a
very thin rectangle that is filled, or as a row of dashes; all of them come out as rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from ctypes import CFUNCTYPE, byref, c_float, c_int, c_ulong, c_void_p, cast
from functools import cache
from itertools import pairwise, repeat
from typing import Any

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

from carextract.read.pdf.layout import Box, Rule, around

# Points: what is drawn is not set in type, and printers use the same hair lines at every size.
_THICKEST = 3.0  # a filled rectangle thicker than this is a shade
_SLANT = 0.5  # how far a straight line may rise or fall
_SAME_LINE = 1.0  # how far apart two pieces of one line may be drawn side by side
_TOUCHING = 1.0  # the gap between two pieces that are one line
_DASH = 6.0  # a piece as short as this is a dash, if the next one is no farther off
_SHORTEST = 6.0  # a rule is longer than the stroke of a letter or the bar of a fraction

_DEEPEST = 4  # forms inside forms
_MOST_POINTS = 64  # a path of more is a drawing

_Matrix = tuple[float, float, float, float, float, float]
_UPRIGHT: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_Point = tuple[float, float]


def rules(page: PdfPage) -> list[Rule]:
    """The straight lines drawn on a page, from the top down; pieces that touch are one."""
    left, bottom, right, top = page.get_bbox()
    angle = page.get_rotation()
    boxes = []
    for x0, y0, x1, y1 in _drawn(page):
        if angle == 90:
            sides = (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
        elif angle == 180:
            sides = (right - x1, y0 - bottom, right - x0, y1 - bottom)
        elif angle == 270:
            sides = (top - y1, right - x1, top - y0, right - x0)
        else:
            sides = (x0 - left, top - y1, x1 - left, top - y0)
        boxes.append(Box(*sides))
    level = [box for box in boxes if box.width >= box.height]
    upright = [_swapped(box) for box in boxes if box.width < box.height]
    found = [*_merged(level), *map(_swapped, _merged(upright))]
    return [Rule(box) for box in sorted(found, key=lambda box: (box.top, box.x0))]


def _swapped(box: Box) -> Box:
    """A box with x and y exchanged."""
    return Box(box.top, box.x0, box.bottom, box.x1)


def _merged(boxes: Sequence[Box]) -> Iterator[Box]:
    """Level lines, those that go on where another ends made one; the short ones left out."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=_middle):
        if rows and _middle(box) - _middle(rows[-1][-1]) <= _SAME_LINE:
            rows[-1].append(box)
        else:
            rows.append([box])
    for row in rows:
        row.sort(key=lambda box: box.x0)
        line = row[0]
        last = line.width
        for box in row[1:]:
            dashed = box.width <= _DASH and last <= _DASH
            if box.x0 - line.x1 <= (_DASH if dashed else _TOUCHING):
                line = around((line, box))
            else:
                if line.width >= _SHORTEST:
                    yield line
                line = box
            last = box.width
        if line.width >= _SHORTEST:
            yield line


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _drawn(page: PdfPage) -> Iterator[tuple[float, float, float, float]]:
    """Left, bottom, right and top of each line, in the coordinates of the file."""
    count = pdfium.FPDFPage_CountObjects(page)
    numbers = map(c_int, range(count))
    objects = map(_bare("FPDFPage_GetObject", c_void_p), repeat(cast(page.raw, c_void_p)), numbers)
    yield from _in_objects(objects, _UPRIGHT, 0)


@cache
def _bare(name: str, answer: Any) -> Callable[..., Any]:
    """A function of pdfium without the checks of its arguments, which cost as much as the call."""
    address = cast(getattr(pdfium, name), c_void_p).value or 0
    function: Callable[..., Any] = CFUNCTYPE(answer)(address)
    return function


def _in_objects(
    handles: Iterable[int], matrix: _Matrix, depth: int
) -> Iterator[tuple[float, float, float, float]]:
    """The lines among objects; most objects are text, and are asked no more than what they are."""
    kind_of = _bare("FPDFPageObj_GetType", c_int)
    for handle in handles:
        pointer = c_void_p(handle)
        kind = kind_of(pointer)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        item = cast(pointer, pdfium.FPDF_PAGEOBJECT)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            yield from _in_path(item, _times(_matrix(item), matrix))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            count = pdfium.FPDFFormObj_CountObjects(item)
            get = _bare("FPDFFormObj_GetObject", c_void_p)
            inside = map(get, repeat(pointer), map(c_ulong, range(count)))
            yield from _in_objects(inside, _times(_matrix(item), matrix), depth + 1)


def _matrix(item: pdfium.FPDF_PAGEOBJECT) -> _Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, byref(found)):
        return _UPRIGHT
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(first: _Matrix, then: _Matrix) -> _Matrix:
    """One change of coordinates after another."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _in_path(
    path: pdfium.FPDF_PAGEOBJECT, matrix: _Matrix
) -> Iterator[tuple[float, float, float, float]]:
    """The lines that a path draws: its sides where it is stroked, itself where it is thin."""
    count = pdfium.FPDFPath_CountSegments(path)
    if not 2 <= count <= _MOST_POINTS:
        return
    fill, stroked = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(path, byref(fill), byref(stroked))
    if not fill.value and not stroked.value:
        return
    for points in _outlines(path, count, matrix):
        xs, ys = zip(*points, strict=True)
        whole = (min(xs), min(ys), max(xs), max(ys))
        if min(whole[2] - whole[0], whole[3] - whole[1]) <= _THICKEST:
            yield whole
        elif stroked.value:
            for (x0, y0), (x1, y1) in pairwise(points):
                if min(abs(x1 - x0), abs(y1 - y0)) <= _SLANT:
                    yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _outlines(path: pdfium.FPDF_PAGEOBJECT, count: int, matrix: _Matrix) -> Iterator[list[_Point]]:
    """The pieces of a path that are drawn without lifting the pen, closed ones back to the start.

    A piece with a curve in it is no line.
    """
    a, b, c, d, e, f = matrix
    x, y = c_float(), c_float()
    points: list[_Point] = []
    straight = True
    for i in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, i)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if straight and len(points) > 1:
                yield points
            points, straight = [], True
        elif kind != pdfium.FPDF_SEGMENT_LINETO:
            straight = False
        pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        points.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if pdfium.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
            points.append(points[0])
    if straight and len(points) > 1:
        yield points
