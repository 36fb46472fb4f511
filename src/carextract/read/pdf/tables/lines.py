"""Lines of a table: pieces on one baseline, and the words in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from carextract.read.pdf.layout import Segment, joined

OVERLAPPING = 0.88
"""Lines nearer than this, in em, belong to cells that are set in the middle of their row."""

_SAME_LINE = 0.3  # em
_IN_CELL = 0.5  # em: in a cell no line is so near to the next, but raised type is
_WORD = re.compile(r"\S+")
_AWAITING = "+/⁰¹²³⁴⁵⁶⁷⁸⁹⁺"  # what a Chinese word goes on from: CD34+, 10⁶
_IDEOGRAPH = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces on one baseline, from left to right."""

    baseline: float
    pieces: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """The left and the right end of a word, and the piece of its line that it is in."""

    x0: float
    x1: float
    piece: int


def lines_of(segments: Iterable[Segment], *, within: float = _SAME_LINE) -> list[Line]:
    """Segments put together to lines, from the top down; `within` so many em is one baseline."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda segment: segment.baseline):
        if rows and segment.baseline - rows[-1][0].baseline <= within * segment.size:
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [
        Line(row[0].baseline, tuple(sorted(row, key=lambda segment: segment.box.x0)))
        for row in rows
    ]


def em_of(segments: Sequence[Segment]) -> float:
    """The size of the type of segments; there has to be one at least."""
    return median(segment.size for segment in segments)


def words_of(line: Line) -> list[Word]:
    """The words of a line, from left to right."""
    words = []
    for number, piece in enumerate(line.pieces):
        boxes = piece.boxes
        for word in _WORD.finditer(piece.text):
            x0, x1 = boxes[4 * word.start()], boxes[4 * word.end() - 2]
            words.append(Word(x0, x1, number) if x0 < x1 else Word(*piece.box[::2], number))
    return words


def content(pieces: Sequence[Segment]) -> Segment:
    """The lines of a cell as one: ideographs side by side, words apart.

    A word that is broken by a hyphen keeps it, as it may be one that is written with it.
    """
    if len(pieces) == 1:
        return pieces[0]
    ordered = [piece for line in lines_of(pieces, within=_IN_CELL) for piece in line.pieces]
    separators = [_separator(before.text, after.text) for before, after in pairwise(ordered)]
    return joined(ordered, separators)


def _separator(before: str, after: str) -> str:
    if _IDEOGRAPH.match(after[0]) and (_IDEOGRAPH.match(before[-1]) or before[-1] in _AWAITING):
        return ""
    broken = before[-1] == "-" and before[-2:-1].isalpha() and after[0].islower()
    return "" if broken else " "
