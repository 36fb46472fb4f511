"""Two columns of prose read line by line across the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from carextract.clean.pattern import Pattern
from carextract.clean.shape import Line, is_certain_row, lines_of
from carextract.tracked import Piece, TrackedText

STEP = "columns"

_STOPPED = Pattern(r"[a-z\d)\]%][.!?]$")
_LOWER = Pattern(r"[a-z]{2,}[ ,]|a ")
_FEWEST_LINES = 6
_CONTRADICTIONS = 2


def columns(text: TrackedText) -> TrackedText:
    """Put two columns of prose one below the other where their lines alternate.

    Certain only where reading straight on goes wrong at least twice (a full stop, then a small
    letter) and reading every other line never does. Everything else stays.

    >>> left, right = ["All well.", "One had", "a fever."], ["the cells were", "given on", "day 0."]
    >>> text = "\\n".join(line for pair in zip(left, right) for line in pair)
    >>> columns(TrackedText.of(text)).text.split("\\n\\n")
    ['All well.\\nOne had\\na fever.', 'the cells were\\ngiven on\\nday 0.']
    """
    if not _CONTRADICTION.search(text.text):
        return text
    changes: list[tuple[int, int, list[Piece]]] = []
    for block in _blocks(lines_of(text.text)):
        if _is_interleaved(block):
            changes.append((block[0].start, block[-1].end, _unravelled(block)))
    return text.rearrange(STEP, changes)


_CONTRADICTION = Pattern(r"[.!?][ \t]*\n\s*[a-z]")


def _blocks(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Stretches of lines with the same number of blank lines between them."""
    start = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or (i > start + 1 and lines[i].blanks != lines[start + 1].blanks):
            if i - start >= _FEWEST_LINES:
                yield lines[start:i]
            start = i


def _is_interleaved(block: Sequence[Line]) -> bool:
    """Whether every other line makes sense and straight reading does not."""
    if any(is_certain_row(line.text) for line in block):
        return False
    straight = _contradictions(block)
    return straight >= _CONTRADICTIONS and not _contradictions(block[::2]) + _contradictions(
        block[1::2]
    )


def _contradictions(lines: Sequence[Line]) -> int:
    """How often a sentence is over and the next line begins with a small letter."""
    return sum(
        _STOPPED.search(line.text) is not None and _LOWER.match(after.text) is not None
        for line, after in pairwise(lines)
    )


def _unravelled(block: Sequence[Line]) -> list[Piece]:
    """The lines of the first column, a blank line, the lines of the second."""
    pieces: list[Piece] = []
    for column in (block[::2], block[1::2]):
        if pieces:
            pieces[-1] = "\n\n"
        for line in column:
            pieces += [(line.start, line.end), "\n"]
    return pieces[:-1]
