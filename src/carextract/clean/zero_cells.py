"""Cells of tables in which recognition read a capital O where nought is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from carextract.clean.pattern import Pattern
from carextract.tracked import TrackedText

STEP = "ocr-numbers"

_LINE = Pattern(r"[^\n]+")
_CELL = Pattern(r"[^|\n]+")
_FIGURES = Pattern(r"[0-9Oo][0-9Oo.,/%±() （）～~–-]*")
_EMPTY = frozenset({"", "-", "–", "—"})


def zero_cells(text: TrackedText) -> TrackedText:
    """Read a cell that is only an O as 0 where the column under its head holds figures.

    A column with other words in it (blood groups), and one in which no figure stands, is left
    alone: there the letter may be meant.

    >>> zero_cells(TrackedText.of("Event | Grade 1\\nCRS | 3\\nICANS | O")).text
    'Event | Grade 1\\nCRS | 3\\nICANS | 0'
    >>> zero_cells(TrackedText.of("Patient | Group\\n1 | A\\n2 | O")).text
    'Patient | Group\\n1 | A\\n2 | O'
    """
    lines = list(_LINE.finditer(text.text))
    changes = [
        (place, place + 1, "0")
        for barred, run in groupby(lines, key=lambda line: " | " in line[0])
        if barred
        for place in _noughts([_cells(line) for line in run])
    ]
    return text.replace(STEP, sorted(changes))


def _cells(line: re.Match[str]) -> list[tuple[str, int]]:
    """The cells of a row, each with its place in the text."""
    found = []
    for cell in _CELL.finditer(line[0]):
        bare = cell[0].strip()
        found.append((bare, line.start() + cell.start() + cell[0].find(bare)))
    return found


def _noughts(rows: Sequence[Sequence[tuple[str, int]]]) -> Iterator[int]:
    """Where an O is to be read as nought in a run of rows, the first of which is the head."""
    for column in range(1, max(map(len, rows))):
        cells = [row[column] for row in rows[1:] if column < len(row)]
        filled = [text for text, _ in cells if text not in _EMPTY]
        figures = any(text[0].isdigit() for text in filled)
        if figures and all(map(_FIGURES.fullmatch, filled)):
            yield from (place for text, place in cells if text == "O")
