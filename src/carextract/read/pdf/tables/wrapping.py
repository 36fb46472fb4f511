"""Lines of a cell: whether one goes on with the line above it, or is a cell of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from carextract.read.pdf.layout import Segment
from carextract.read.pdf.tables.columns import RowLine

# In em.
_WORD_GAP = 0.3
_SAME_LINE = 0.35

_DATUM = re.compile(
    r"[-–—/＜＞<>≥≤=+]?\s?\d[\d.,:%\s()（）×–~～-]*(?:±\s?\d[\d.,%\s()（）-]*)?$"
    r"|[-–—/√✓×*]+$|[nN]/?[aA]$"
)
_GOES_ON = re.compile(r"[a-zα-ω(（\[［,，;；、)）]")
_UNFINISHED = re.compile(
    r"[-–,，;；、(（/±~～×→]$|\s\+$|\b(?:and|or|of|to|in|with|for|the|at|by|vs\.?)$"
)
_IDEOGRAPH = re.compile(
    r"[\u2e80-\u9fff][，。；：、！？）)」』”’%％]*"
)  # no line begins with these


def is_datum(pieces: Sequence[Segment]) -> bool:
    """Whether a cell is a figure or a sign for none, not words that may go on."""
    return all(_DATUM.match(piece.text) for piece in pieces)


def is_unfinished(pieces: Sequence[Segment]) -> bool:
    """Whether a cell ends as no cell does: with a comma, an open bracket, a word like "and"."""
    return _UNFINISHED.search(pieces[-1].text) is not None


def begins_on(pieces: Sequence[Segment]) -> bool:
    """Whether a line begins as no cell does: small, or with a bracket or a comma."""
    return bool(pieces) and _GOES_ON.match(pieces[0].text) is not None


def widths_of(lines: Sequence[RowLine]) -> dict[int, float]:
    """How wide the widest line of each column is."""
    ends: dict[int, tuple[float, float]] = {}
    for line in lines:
        if line.crosses:
            continue
        for column, pieces in line.cells.items():
            x0, x1 = ends.get(column, (pieces[0].box.x0, pieces[-1].box.x1))
            ends[column] = min(x0, pieces[0].box.x0), max(x1, pieces[-1].box.x1)
    return {column: x1 - x0 for column, (x0, x1) in ends.items()}


def wraps(before: Sequence[Segment], after: Segment, width: float, em: float) -> bool:
    """Whether the first word of a line had no room on the line before, the last of its cell."""
    line = [piece for piece in before if before[-1].baseline - piece.baseline < _SAME_LINE * em]
    filled = max(piece.box.x1 for piece in line) - min(piece.box.x0 for piece in line)
    return filled + _WORD_GAP * em + _first_word(after) > width


def _first_word(segment: Segment) -> float:
    """The width of the first word, or ideograph, of a line."""
    text = segment.text
    ideograph = _IDEOGRAPH.match(text)
    end = ideograph.end() if ideograph else len(text.split(" ", 1)[0])
    return max(segment.boxes[4 * end - 2] - segment.boxes[0], 0.0)
