"""Aligned rows of counts whose header could not be read, as tables without heads."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from carextract.find.paragraphs import Paragraph
from carextract.find.tables import Cell, Row, Table

_WIDE_PIECE = re.compile(r"\S+(?: \S+)*")
_FIGURES = re.compile(
    r"(?:\d{1,3}(?:\.\d+)?%?|\d{1,3}/\d{1,3})(?: ?[(（][\d.]+ ?%?[)）])?|[-–—]|none|无"
)
_WRAPPED_LABEL = re.compile(r"\s*[A-Z][A-Za-z]+(?: [A-Za-z-]+){0,4}")
_FEWEST_ROWS = 3


def loose_tables(blocks: Sequence[Paragraph], taken: Container[int]) -> Iterator[Table]:
    """Aligned rows of counts whose header could not be read: each has a label, which may begin on
    the line before, and as many figures as its neighbours."""
    run: list[tuple[int, Row]] = []
    for index, block in enumerate(blocks):
        row = None if index in taken else _loose_row(block)
        if row is not None and (not run or len(row) == len(run[0][1])):
            above = blocks[index - 1] if index and index - 1 not in taken else None
            run.append((index, _with_wrapped_label(row, above)))
        elif run and not (index not in taken and _is_wrapped(block)):
            yield from _as_table(run)
            run = []
    yield from _as_table(run)


def _loose_row(block: Paragraph) -> Row | None:
    """Label and figures set apart by wide gaps; None for any other line."""
    pieces = [
        Cell(piece[0], block.start + piece.start()) for piece in _WIDE_PIECE.finditer(block.text)
    ]
    figures = pieces[1:]
    if not figures or not all(_FIGURES.fullmatch(cell.text) for cell in figures):
        return None
    return None if _FIGURES.fullmatch(pieces[0].text) else tuple(pieces)


def _is_wrapped(block: Paragraph) -> bool:
    """The first line of a label that goes on in the row below."""
    return bool(_WRAPPED_LABEL.fullmatch(block.text))


def _with_wrapped_label(row: Row, above: Paragraph | None) -> Row:
    """A row with a label in lower case is headed by the line above as well."""
    if above is None or not row[0].text[0].islower() or not _is_wrapped(above):
        return row
    head = above.text.lstrip()
    start = above.start + len(above.text) - len(head)
    gap = " " * (row[0].start - start - len(head))  # the label stays as long as it is in the text
    return (Cell(head + gap + row[0].text, start), *row[1:])


def _as_table(run: Sequence[tuple[int, Row]]) -> Iterator[Table]:
    """Three rows or more are a table; its heads are not known."""
    if len(run) >= _FEWEST_ROWS:
        rows = tuple(row for _, row in run)
        header = tuple(Cell("", rows[0][0].start) for _ in rows[0])
        yield Table("", header, rows, tuple(index for index, _ in run))
