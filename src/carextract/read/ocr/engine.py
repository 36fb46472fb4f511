"""The engine: rapidocr on one thread, which is how a page costs the least.

Its models are in its package: nothing is fetched. What it reads is left as it is, but for the
height of digits and wide gaps, which are measured on the picture (`raised`, `gaps`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version as version_of
from itertools import accumulate, pairwise
from math import hypot
from typing import TYPE_CHECKING, Any

from carextract.read.ocr.gaps import cut_at_gaps
from carextract.read.ocr.ink import Ink
from carextract.read.ocr.raised import with_raised_digits
from carextract.read.ocr.recognition import NO_PLACE, NotDrawableError, OcrLine
from carextract.read.pdf.layout import Box

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray

_FORM = 1  # of what is made of the engine's answer: to be raised whenever that changes
_LARGEST_SIDE = 6000  # dots: the engine is to see the picture as it is
_LEAST_SCORE = 0.75  # lines below it are noise
_DOUBTFUL = 0.85  # a page below it in the mean may stand on its head
_SIDEWAYS = 1.5  # a line of several characters that is so many times taller than wide is turned
_ASCENT, _DESCENT = 0.85, 0.2  # how far type reaches above and below its baseline, in its size
_FIRST_WIDE = 0x2E80  # characters from here on are twice as wide as Latin ones

Sides = tuple[float, float]


def version() -> str:
    """What a result depends on, beside the picture."""
    return f"{_FORM}-rapidocr{version_of('rapidocr')}"


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "critical",
            "Global.max_side_len": _LARGEST_SIDE,
            "Global.text_score": 0.0,
            "Global.use_cls": False,
            "Global.return_word_box": True,
            "Global.return_single_char_box": True,
        }
    )


def recognise(picture: NDArray[uint8]) -> tuple[int, list[OcrLine]]:
    """The lines of a picture, and the degrees clockwise by which it was turned to read them.

    Most pages stand upright. One is turned if most of its lines run up or down the page, or if what
    was read is so doubtful that it may stand on its head. Raises NotDrawableError.
    """
    readings = [_reading(picture, 0)]
    first = readings[0]
    if 2 * first.sideways > first.found:
        readings += [_reading(picture, 90), _reading(picture, 270)]
    elif first.found and first.score < _DOUBTFUL:
        readings.append(_reading(picture, 180))
    best = max(readings, key=lambda reading: reading.weight)
    return best.degrees, best.lines


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read on a picture turned by some degrees, and how much of it lay on its side."""

    degrees: int
    lines: list[OcrLine]
    found: int
    sideways: int
    score: float

    @property
    def weight(self) -> float:
        """How many characters were read, each counted with its confidence."""
        return sum(line.score * len(line.text) for line in self.lines)


def _reading(picture: NDArray[uint8], degrees: int) -> _Reading:
    import numpy

    turned = numpy.ascontiguousarray(numpy.rot90(picture, -degrees // 90))
    try:
        answer = _engine()(turned)
    except Exception as error:  # the engine's libraries have errors of their own
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise NotDrawableError(f"cannot be recognised on this machine: {reason}") from error
    if not answer.txts:
        return _Reading(degrees, [], 0, 0, 0.0)
    ink = Ink.of(turned)
    lines = with_raised_digits(list(_lines(answer, ink)), ink)
    sideways = sum(map(_is_sideways, answer.txts, map(_around, answer.boxes)))
    score = sum(map(float, answer.scores)) / len(answer.scores)
    return _Reading(degrees, cut_at_gaps(lines, ink), len(answer.txts), sideways, score)


def _is_sideways(text: str, box: Box) -> bool:
    return len(text) > 1 and box.height > _SIDEWAYS * box.width


def _lines(answer: Any, ink: Ink) -> Iterator[OcrLine]:
    """The engine's lines as ours, but for noise and for what is turned against the page."""
    sides = _sides_of_lines(answer)
    for text, score, corners in zip(answer.txts, answer.scores, answer.boxes, strict=True):
        box = _around(corners)
        own = next(sides) or _even_sides(text, box)
        if score < _LEAST_SCORE or _is_sideways(text, box):
            continue
        is_chinese = any(map(_is_wide, text))
        baseline, size = ink.stance(box, _thickness(corners), is_chinese=is_chinese)
        top, bottom = baseline - _ASCENT * size, baseline + _DESCENT * size
        places = iter([Box(left, top, right, bottom) for left, right in own])
        boxes = tuple(NO_PLACE if char.isspace() else next(places) for char in text)
        yield OcrLine(text, boxes, baseline, size, float(score))


def _sides_of_lines(answer: Any) -> Iterator[list[Sides]]:
    """For each line the left and right side of each printed character, none if not known.

    The engine leaves out lines for which it has no places.
    """
    known = iter(answer.word_results)
    characters = next(known, ())
    for text in answer.txts:
        if not isinstance(characters, list | tuple) or not _are_of(characters, text):
            yield []
            continue
        places = [_around(corners) for _, _, corners in characters]
        yield [(place.x0, place.x1) for place in places]
        characters = next(known, ())


def _are_of(characters: Sequence[Any], text: str) -> bool:
    """Whether characters with their scores and places are those of a line."""
    return [character for character, _, _ in characters] == [c for c in text if not c.isspace()]


def _even_sides(text: str, box: Box) -> list[Sides]:
    """The sides of characters that share a line by their usual widths."""
    ends = list(accumulate((2 if _is_wide(char) else 1 for char in text), initial=0))
    unit = box.width / ends[-1]
    return [
        (box.x0 + start * unit, box.x0 + end * unit)
        for char, (start, end) in zip(text, pairwise(ends), strict=True)
        if not char.isspace()
    ]


def _is_wide(char: str) -> bool:
    return ord(char) >= _FIRST_WIDE


def _around(corners: Any) -> Box:
    """The rectangle around the corners of a line, which may be aslant."""
    xs, ys = zip(*((float(x), float(y)) for x, y in corners), strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _thickness(corners: Any) -> float:
    """From the upper side of a line to its lower one: less than the height of its box if aslant."""
    (left, top), *_, (other_left, bottom) = corners
    return hypot(float(other_left - left), float(bottom - top))
