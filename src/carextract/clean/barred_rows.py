"""Rows of a table with bars that run on in the lines below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from carextract.clean.pattern import Pattern
from carextract.clean.shape import HAN, HAN_RUN
from carextract.tracked import Piece, TrackedText

STEP = "table-cells"

_FEWEST_BARS = 2
_FEWEST_ROWS = 3
_LONGEST_PIECE = 60
_RULE_LINE = Pattern(r"[\s|:+=-]+$")
_FIGURE_END = Pattern(r"[\d.,%)）]$")
_FIGURE_START = Pattern(r"[(（]?[\d.,%]")
_SENTENCE = Pattern(f"[。！？]|[a-z]{{3}}\\.$|[a-z]{{2}}[.,;] [A-Za-z]|[，；](?={HAN})")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a table: its offsets without outer white space, and how many bars it has."""

    start: int
    end: int
    text: str
    bars: int


_Row = list[_Line]


def barred_rows(text: TrackedText) -> TrackedText:
    """Put rows of cells between bars on a line each, where lines were broken inside of them.

    Only where all lines of the table add up: the header and at least two rows, each of them whole
    lines, with as many bars. A break between two figures leaves the table alone, since they could
    be of two rows; so does a table with lines of its own between the rows.

    >>> text = "Patient | CRS | SLEDAI-2K\\nbefore | after\\n1 | none | 16\\n| 2\\n2 | 1 | 9 |\\n0"
    >>> print(barred_rows(TrackedText.of(text)).text)
    Patient | CRS | SLEDAI-2K before | after
    1 | none | 16 | 2
    2 | 1 | 9 | 0
    """
    changes = [
        (row[0].start, row[-1].end, _pieces(row))
        for block in _blocks(text.text)
        for row in _rows(block)
        if len(row) > 1
    ]
    return text.rearrange(STEP, changes)


def _blocks(raw: str) -> Iterator[list[_Line]]:
    """Stretches of lines with bars, and short ones that may be pieces of their cells."""
    block: list[_Line] = []
    at = 0
    for line in [*raw.split("\n"), ""]:
        bare = line.strip()
        bars = bare.count("|")
        piece = bool(bare) and len(bare) <= _LONGEST_PIECE and not _SENTENCE.search(bare)
        if bars or (block and piece and block[-1].bars):
            start = at + line.index(bare)
            if not _RULE_LINE.match(bare):
                block.append(_Line(start, start + len(bare), bare, bars))
        elif block:
            yield block
            block = []
        at += len(line) + 1


def _rows(block: Sequence[_Line]) -> list[_Row]:
    """The rows of a block, each of one line or several; none where they do not add up, or where
    each line is a row."""
    counts = [line.bars for line in block]
    last = block[-1] if counts[-1] else block[-2]
    if len({*counts[:-1], last.bars}) == 1:
        return []
    for bars in range(max(_FEWEST_BARS, *counts), sum(counts) // _FEWEST_ROWS + 1):
        rows = _added_up(block, bars)
        if len(rows) >= _FEWEST_ROWS:
            return rows
    return []


def _added_up(block: Sequence[_Line], bars: int) -> list[_Row]:
    """The rows of a block if all of them have so many bars."""
    framed = block[0].text.startswith("|")
    rows: list[_Row] = []
    row: _Row = []
    for number, line in enumerate(block):
        after = block[number + 1] if number + 1 < len(block) else None
        if not row and rows and not line.bars:
            # Below a whole row: the last cell of that row, the first of the next, or no cell.
            if not framed and rows[-1][-1].text.endswith("|"):
                rows[-1].append(line)
                continue
            if after is None:
                break
            if framed or not after.text.startswith("|"):
                return []
        if row and not _may_go_on(row[-1], line):
            return []
        row.append(line)
        counted = sum(piece.bars for piece in row)
        if counted > bars or row[0].text.startswith("|") is not framed:
            return []
        if counted == bars:
            if framed and not line.text.endswith("|"):
                return []
            rows.append(row)
            row = []
    return rows if not row else []


def _may_go_on(line: _Line, after: _Line) -> bool:
    """Whether a row may be broken between two lines: beside one bar, or inside of a cell that is
    not two figures."""
    open_end, open_start = line.text.endswith("|"), after.text.startswith("|")
    if open_end or open_start:
        return not (open_end and open_start)
    return not (_FIGURE_END.search(line.text) and _FIGURE_START.match(after.text))


def _pieces(row: _Row) -> list[Piece]:
    """The lines of a row on one: all of it counts as repaired, since the break told no column."""
    pieces: list[Piece] = [(row[0].start, row[0].end)]
    for line, after in pairwise(row):
        pieces += [_joint(line, after), (after.start, after.end)]
    return pieces


def _joint(line: _Line, after: _Line) -> str:
    """What stands between two pieces of a row: nothing inside a Chinese cell or behind a hyphen."""
    chinese = HAN_RUN.match(line.text[-1]) and HAN_RUN.match(after.text)
    return "" if chinese or line.text.endswith("-") else " "
