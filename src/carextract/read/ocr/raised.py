"""Which digits are raised, measured on the picture.

A raised digit decides a dose (`10⁶`) or belongs to no number at all (the mark of a citation after a
score). The engine reads most of them as plain digits and is sure of it. So the ink of each run of
digits is compared with what stands beside it: a raised digit is small and does not stand on the
line. A run whose digits cannot be told apart from what stands beside it is left as it was read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from carextract.read.ocr.ink import Ink, ground, tallest
from carextract.read.ocr.recognition import NO_PLACE, OcrLine, middle
from carextract.read.pdf.layout import Box, around

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISED = str.maketrans("0123456789-–−", _SUPERSCRIPTS + "⁻⁻⁻")
_PLAIN = str.maketrans(_SUPERSCRIPTS + "⁻", "0123456789-")
_RUN = re.compile(r"[0-9]+(?![0-9]*\.[0-9])")  # a raised run has no decimals behind it
_SIGN = re.compile(rf"(?<=\w)[-–−](?=[{_SUPERSCRIPTS}])")
_BRACKETS = re.compile(rf"[\[［][{_SUPERSCRIPTS}⁻,，~～]+[\]］]")
_NUMBER = rf"[0-9{_SUPERSCRIPTS}]{{1,3}}"
_MARK = re.compile(rf"[-–−]?{_NUMBER}(?:[-–,，]{_NUMBER}){{0,5}}")

# In heights of the tallest characters beside it.
_FREE = 0.3  # below a raised digit there is 0.5 or more; below a plain one beside Chinese 0.1
_SMALL = 0.85  # a raised digit at most
_SPECK = 0.25  # less is no digit

_LEGIBLE = 15.0  # dots: in smaller type a dot is too large a part of a digit

# In sizes of type.
_LOWEST = 0.3  # above the baseline: what a raised digit takes up, where it is not measured
_BESIDE = 3.0  # how far to both sides the height of the line is looked for
_UP, _DOWN = 1.1, 0.4  # from the baseline: what belongs to the line
_EDGE = 0.3  # how far a run of digits may reach beyond where the engine sees it
_ASTRAY = 0.35  # at most, in the mean, between the middle of digits and that of their ink
_INSIDE = 0.1  # at most between the middle of a digit and ink of which it is a part
_APART = 0.5  # at most between a line and a mark that the engine read by itself
_MARK_SIZE = 0.9  # of the line's, at most
_MARK_UP = (0.15, 0.75)  # from the line's baseline to the mark's

_SAME = 0.5  # of the narrower of two patches: so much of it over the other, and they are one digit


def with_raised_digits(lines: Sequence[OcrLine], ink: Ink) -> list[OcrLine]:
    """Lines in which raised digits are superscript characters."""
    return _with_marks([_measured(line, ink) for line in lines])


def _measured(line: OcrLine, ink: Ink) -> OcrLine:
    """A line with the digits that its ink shows to be raised."""
    if line.size < _LEGIBLE:
        return line
    text, boxes = list(line.text), list(line.boxes)
    for run in _RUN.finditer(line.text):
        start, end = run.span()
        patches = _patches(line, boxes[start:end], ink)
        for place in range(end - _raised(line, patches, ink), end):
            text[place] = text[place].translate(_RAISED)
            boxes[place] = patches[place - start]
    for place, char in enumerate(line.text):
        if char in _SUPERSCRIPTS:
            boxes[place] = boxes[place]._replace(bottom=line.baseline - _LOWEST * line.size)
    return replace(line, text=_with_signs("".join(text)), boxes=tuple(boxes))


def _with_signs(text: str) -> str:
    """The sign before what is raised is raised as well; what is in brackets is plain enough.

    >>> _with_signs("10-⁶ in 3-5 of them¹²-¹⁴ by cm−¹ [¹⁵-¹⁶]")
    '10⁻⁶ in 3-5 of them¹²⁻¹⁴ by cm⁻¹ [15-16]'
    """
    text = _SIGN.sub("⁻", text)
    return _BRACKETS.sub(lambda found: found[0].translate(_PLAIN), text)


def _patches(line: OcrLine, places: Sequence[Box], ink: Ink) -> list[Box]:
    """The ink of each digit of a run; none if it cannot be told which is whose."""
    seen = ink.within(_on_line(line, places, _EDGE))
    speck = _SPECK * tallest(ink.within(_on_line(line, places, _BESIDE)))
    patches = _whole([patch for patch in seen if patch.height >= speck])
    if 0 < len(patches) < len(places):
        return _touching(patches, places, line.size)
    rows = [patches[at : at + len(places)] for at in range(len(patches) - len(places) + 1)]
    best = min(rows, key=lambda row: _distance(row, places), default=[])
    return best if best and _distance(best, places) <= _ASTRAY * line.size else []


def _touching(patches: Sequence[Box], places: Sequence[Box], size: float) -> list[Box]:
    """The patch that each digit is part of, where some of them touch each other."""
    own = [min(patches, key=lambda patch: _off(patch, place)) for place in places]
    far = max(map(_off, own, places))
    return own if far <= _INSIDE * size else []


def _on_line(line: OcrLine, places: Sequence[Box], sides: float) -> Box:
    """The part of a line around some of its characters, with some room to both sides."""
    up, down, room = _UP * line.size, _DOWN * line.size, sides * line.size
    edge = _EDGE * line.size
    left = max(places[0].x0 - room, line.box.x0 - edge)
    right = min(places[-1].x1 + room, line.box.x1 + edge)
    return Box(left, line.baseline - up, right, line.baseline + down)


def _whole(patches: Sequence[Box]) -> list[Box]:
    """Patches, from left to right, with those put together that stand over each other."""
    whole: list[Box] = []
    for patch in patches:
        if whole and whole[-1].x1 - patch.x0 > _SAME * min(whole[-1].width, patch.width):
            whole[-1] = around((whole[-1], patch))
        else:
            whole.append(patch)
    return whole


def _distance(patches: Sequence[Box], places: Sequence[Box]) -> float:
    """How far, in the mean, patches are from where the engine sees the characters."""
    return sum(
        abs(middle(patch) - middle(place)) for patch, place in zip(patches, places, strict=True)
    ) / len(places)


def _off(patch: Box, place: Box) -> float:
    """How far the middle of a character is from a patch."""
    at = middle(place)
    return max(patch.x0 - at, at - patch.x1, 0.0)


def _raised(line: OcrLine, patches: Sequence[Box], ink: Ink) -> int:
    """How many digits at the end of a run are raised; 0 where plain ones stand behind raised ones.

    A skewed line rises by less over a few characters than a raised digit does.
    """
    if not patches:
        return 0
    beside = ink.within(_on_line(line, patches, _BESIDE))
    beside = [
        patch for patch in beside if not any(own.x0 <= middle(patch) <= own.x1 for own in patches)
    ]
    bottom = ground(beside)
    if bottom is None:
        return 0
    high = tallest(beside)
    flags = [
        bottom - patch.bottom > _FREE * high and patch.height < _SMALL * high for patch in patches
    ]
    plain = flags.index(True) if True in flags else len(flags)
    return len(flags) - plain if all(flags[plain:]) else 0


def _with_marks(lines: Sequence[OcrLine]) -> list[OcrLine]:
    """Lines with the raised marks behind them that the engine read as lines of their own."""
    joined = list(lines)
    for mark in [line for line in lines if _MARK.fullmatch(line.text)]:
        place = next((at for at, line in enumerate(joined) if _belongs(mark, line)), None)
        if place is not None:
            joined[place] = _with_mark(joined[place], mark)
            joined.remove(mark)
    return joined


def _belongs(mark: OcrLine, line: OcrLine) -> bool:
    """Whether a small line is a raised mark in another line or right behind it."""
    low, high = (share * line.size for share in _MARK_UP)
    return (
        mark.size <= _MARK_SIZE * line.size
        and low <= line.baseline - mark.baseline <= high
        and middle(line.boxes[0]) < middle(mark.box)
        and mark.box.x0 <= line.box.x1 + _APART * line.size
    )


def _with_mark(line: OcrLine, mark: OcrLine) -> OcrLine:
    """A line with a mark where it is printed."""
    here = middle(mark.box)
    at = 1 + max(
        place for place, box in enumerate(line.boxes) if box != NO_PLACE and middle(box) < here
    )
    text = line.text[:at] + mark.text.translate(_RAISED) + line.text[at:]
    return replace(
        line,
        text=text,
        boxes=(*line.boxes[:at], *mark.boxes, *line.boxes[at:]),
        score=min(line.score, mark.score),
    )
