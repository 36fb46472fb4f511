"""Rows of a table: which lines are one row, where cells have several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from carextract.read.pdf.tables.centred import centred_rows
from carextract.read.pdf.tables.columns import Cells, RowLine
from carextract.read.pdf.tables.lines import OVERLAPPING
from carextract.read.pdf.tables.wrapping import (
    begins_on,
    is_datum,
    is_unfinished,
    widths_of,
    wraps,
)

_FARTHEST = 2.2  # em: a cell does not go on farther down
_MANY = 3  # cells that all had to go on in another line
_FEW = 4  # columns for each cell of a line that cannot be a row
_WIDER = 1.2  # a gap between rows against one between lines of a cell


def rows_of(lines: Sequence[RowLine], count: int, em: float, *, ruled: bool) -> list[Cells] | None:
    """The rows that lines between two rules make; None where that cannot be told.

    `count` is that of the columns; `ruled` where the rows of the table have rules between them.
    """
    if not lines:
        return []
    steps = [after.baseline - before.baseline for before, after in pairwise(lines)]
    if min(steps, default=em) < OVERLAPPING * em:
        return centred_rows(lines, em, ruled=ruled)
    if ruled and _is_one_row(lines, em):
        return [_merged(lines)]
    band = _Band.of(lines, count, em)
    rows: list[list[RowLine]] = []
    for line in lines:
        if rows and band.goes_on(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_merged(row) for row in rows]


def _merged(lines: Iterable[RowLine]) -> Cells:
    row: Cells = {}
    for line in lines:
        for column, pieces in line.cells.items():
            row.setdefault(column, []).extend(pieces)
    return row


def _is_one_row(lines: Sequence[RowLine], em: float) -> bool:
    """Whether lines between two rules are one row: no column has figures on several of them."""
    gaps = [after.baseline - before.baseline for before, after in pairwise(lines)]
    if gaps and max(gaps) > _FARTHEST * em:
        return False
    if any(line.crosses for line in lines):
        return len(lines) == 1
    figures: dict[int, int] = {}
    for line in lines:
        for column, cell in line.cells.items():
            figures[column] = figures.get(column, 0) + is_datum(cell)
    return all(count < 2 for column, count in figures.items() if column)


@dataclass(frozen=True, slots=True)
class _Band:
    """What is usual for lines between two rules whose cells begin on the first line of a row.

    `usual` is the number of cells on a line with a label, `widths` those of the widest lines of
    the columns, `closest` the least distance of two lines; `spread` where others are farther apart.
    """

    count: int
    em: float
    usual: float
    widths: dict[int, float]
    closest: float
    spread: bool

    @classmethod
    def of(cls, lines: Sequence[RowLine], count: int, em: float) -> _Band:
        """The band that lines make."""
        steps = [after.baseline - before.baseline for before, after in pairwise(lines)]
        closest = min(steps, default=0.0)
        filled = [len(line.cells) for line in lines if 0 in line.cells]
        usual = median(filled) if filled else count
        spread = any(step > _WIDER * closest for step in steps)
        return cls(count, em, usual, widths_of(lines), closest, spread)

    def goes_on(self, row: Sequence[RowLine], line: RowLine) -> bool:
        """Whether a line goes on with cells of the row above it."""
        step = line.baseline - row[-1].baseline
        if step > _FARTHEST * self.em or line.crosses or row[-1].crosses:
            return False
        if self.spread and step > _WIDER * self.closest:
            return False
        begun = _merged(row)
        if begun.keys() == {0} and 0 in line.cells and len(line.cells) > 1:
            return self._label_goes_on(begun, line)
        return self._cells_go_on(begun, line)

    def _label_goes_on(self, begun: Cells, line: RowLine) -> bool:
        """Whether a label ends on the line where the other cells of its row stand."""
        unfinished = is_unfinished(begun[0]) or begins_on(line.cells[0])
        return unfinished and self._wraps(begun, line, 0)

    def _cells_go_on(self, begun: Cells, line: RowLine) -> bool:
        """Whether each cell of a line goes on with one above, or is words set lower than they."""
        words = {column for column, cell in line.cells.items() if not is_datum(cell)}
        known = line.cells.keys() & begun.keys()
        fresh = line.cells.keys() - known
        broken = {column for column in known if is_unfinished(begun[column])}
        if not fresh <= words or self._stacks_figures(begun, known - words - broken):
            return False
        unlabelled = 0 not in line.cells and line.cells.keys() == known == words
        if unlabelled and _FEW * len(known) <= self.usual:
            return True  # words in one column of many are no row
        wrapped = {column for column in known if self._wraps(begun, line, column)}
        continued = broken | {column for column in known & words if begins_on(line.cells[column])}
        if continued == known and 2 * len(wrapped) >= len(known):
            return True
        if fresh or wrapped | broken != known:
            return False
        if begins_on(line.cells.get(0, ())) and len(wrapped) >= _MANY:
            return True
        close = self.spread  # lines that are farther apart have been told before
        if 0 not in line.cells:
            return close or self.count == 2 or (bool(words) and len(known) < self.count - 1)
        return close and len(known) < self.usual

    def _stacks_figures(self, begun: Cells, columns: Iterable[int]) -> bool:
        """Whether a figure would stand under another: that is one of the next row."""
        return any(is_datum(begun[column][-1:]) for column in columns)

    def _wraps(self, begun: Cells, line: RowLine, column: int) -> bool:
        width = self.widths.get(column, 0.0)
        return wraps(begun[column], line.cells[column][0], width, self.em)
