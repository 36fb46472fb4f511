"""Table cells that run on in the lines below."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from carextract.clean.pattern import Pattern
from carextract.clean.shape import HAN_RUN, REGISTRY_HEAD
from carextract.tracked import Piece, TrackedText

STEP = "table-cells"

_HINT = Pattern(r"\S {2,}\S[^\n]*\n(?: {4,}\S|\d{3,9} {3,}\S)")
_QUALIFIED = Pattern(r"\n {4,}\S[^\n]* {2,}\S[^\n]*\n {4,}[(（]")
_CELL = Pattern(r"\S+(?: \S+)*")
_FEWEST_COLUMNS = 3
_SLACK = 1
_HABIT = 2
_INDENT = 4  # a header that begins so far in has nothing above the labels
_LOWER = Pattern("[a-z]")
_REGISTRY_TAIL = Pattern(r"\d{2,9}(?:-\d\d){0,2}(?!\S)")


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of one line: its column on the page, and its offsets in the text."""

    column: int
    start: int
    end: int


def table_cells(text: TrackedText) -> TrackedText:
    """Fold cells that are wrapped over several lines of a fixed-width table into one row a line.

    Only where every cell of the block stands below a cell of its first line; cells of a row are
    then two spaces apart, and a hyphen stands for an empty one.

    >>> text = "He    1 × 10^5 or  G1\\n      3 × 10^5     (n = 6)\\nXu    1 × 10^6     none"
    >>> print(table_cells(TrackedText.of(text)).text)
    He  1 × 10^5 or 3 × 10^5  G1 (n = 6)
    Xu    1 × 10^6     none
    """
    if not _HINT.search(text.text):
        return text
    blocks = list(_blocks(text.text))
    apart = sum(_stands_apart(text.text, block) for block in blocks) >= _HABIT
    changes: list[tuple[int, int, list[Piece]]] = []
    for block in blocks:
        changes.extend(_folded(text.text, block, apart=apart))
    text = text.rearrange(STEP, changes)
    return text.rearrange(STEP, _headed(text.text)) if _QUALIFIED.search(text.text) else text


def _blocks(raw: str) -> Iterator[list[list[_Cell]]]:
    """Stretches of lines of which the first has the most columns and all others stand below it."""
    block: list[list[_Cell]] = []
    at = 0
    for line in raw.splitlines(keepends=True) if "\n" in raw else ():
        cells = _cells(line, at)
        at += len(line)
        if block and cells and all(_column(block[0], cell) is not None for cell in cells):
            block.append(cells)
            continue
        if len(block) > 1:
            yield block
        block = [cells] if len(cells) >= _FEWEST_COLUMNS else []
    if len(block) > 1:
        yield block


def _cells(line: str, at: int) -> list[_Cell]:
    """The cells of a line: what stands two or more spaces apart."""
    if "  " not in line:
        bare = line.strip()
        return [_Cell(0, at, at + len(bare))] if bare and not line[0].isspace() else []
    return [
        _Cell(_page_width(line[: match.start()]), at + match.start(), at + match.end())
        for match in _CELL.finditer(line)
    ]


def _page_width(text: str) -> int:
    """Columns on the page, as fixed-width printing counts them.

    >>> _page_width("患者 →")
    6
    """
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _column(head: Sequence[_Cell], cell: _Cell) -> int | None:
    """Which column of the first line a cell stands in, if it begins where that one begins."""
    for i, known in enumerate(head):
        if abs(known.column - cell.column) <= _SLACK:
            return i
    return None


def _headed(raw: str) -> list[tuple[int, int, list[Piece]]]:
    """Headers whose second line has a bracket below every cell of the first, put on one line, and
    below them labels of a row that begin on the line before.
    """
    lines: list[list[_Cell]] = []
    at = 0
    for line in raw.split("\n"):
        lines.append(_cells(line, at))
        at += len(line) + 1
    changes: list[tuple[int, int, list[Piece]]] = []
    head: list[_Cell] = []
    done = 0
    for i in range(len(lines) - 1):
        upper, lower = lines[i], lines[i + 1]
        if i < done:
            continue
        if _is_header_above(raw, upper, lower) and _is_row_under(upper, _first_row(lines, i + 2)):
            head, done = upper, i + 2
            changes.append((upper[0].start, lower[-1].end, _pieces(raw, head, [upper, lower])))
        elif len(upper) == 1 and _is_row_under(head, lower) and upper[0].column == 0:
            if _LOWER.match(raw, lower[0].start):
                label: list[Piece] = [(upper[0].start, upper[0].end), " "]
                changes.append((upper[0].start, lower[-1].end, [*label, _span(lower)]))
                done = i + 2
        elif not _is_row_under(head, upper):
            head = []
    return changes


def _span(cells: Sequence[_Cell]) -> tuple[int, int]:
    return cells[0].start, cells[-1].end


def _first_row(lines: Sequence[list[_Cell]], i: int) -> list[_Cell]:
    """The first of two lines that has more than a label."""
    return next((cells for cells in lines[i : i + 2] if len(cells) > 1), [])


def _is_header_above(raw: str, upper: Sequence[_Cell], lower: Sequence[_Cell]) -> bool:
    """Whether two indented lines are the two lines of a header."""
    return (
        2 <= len(upper) == len(lower)
        and upper[0].column >= _INDENT
        and all(abs(a.column - b.column) <= _SLACK for a, b in zip(upper, lower, strict=True))
        and all(raw[cell.start] in "(（" for cell in lower)
    )


def _is_row_under(head: Sequence[_Cell], cells: Sequence[_Cell]) -> bool:
    """Whether a line has a label and a cell below each cell of a header."""
    return (
        len(head) > 0
        and len(cells) == len(head) + 1
        and all(abs(a.column - b.column) <= _SLACK for a, b in zip(head, cells[1:], strict=True))
    )


def _stands_apart(raw: str, block: list[list[_Cell]]) -> bool:
    """Whether a block is one row: behind a blank line, every other line shorter than its first."""
    before = raw.rfind("\n", 0, block[0][0].start)
    blank = raw.rfind("\n", 0, max(0, before))
    return raw[blank:before].isspace() and all(len(cells) < len(block[0]) for cells in block[1:])


def _folded(
    raw: str, block: list[list[_Cell]], *, apart: bool
) -> Iterator[tuple[int, int, list[Piece]]]:
    """The rows of a block that go on below.

    A line goes on with the row above when its first column is empty or ends a registry number, and
    in a table whose rows stand apart (blank lines between them) when it has fewer cells.
    """
    head = block[0]
    rows: list[list[list[_Cell]]] = []
    for cells in block:
        if rows and (
            _column(head, cells[0]) != 0
            or _is_number(raw, rows[-1][-1][0], cells[0])
            or (apart and 2 <= len(cells) < len(head))
        ):
            rows[-1].append(cells)
        else:
            rows.append([cells])
    for row in rows:
        if len(row) > 1 and len(row[0]) >= 2:
            yield row[0][0].start, row[-1][-1].end, _pieces(raw, head, row)


def _pieces(raw: str, head: Sequence[_Cell], row: list[list[_Cell]]) -> list[Piece]:
    """The cells of a row, each put together from its lines."""
    pieces: list[Piece] = []
    for i in range(len(head)):
        parts = [cell for cells in row for cell in cells if _column(head, cell) == i]
        if pieces:
            pieces.append("  ")
        if not parts:
            pieces.append("-")
        for j, part in enumerate(parts):
            if j and _needs_space(raw, parts[j - 1], part):
                pieces.append(" ")
            pieces.append((part.start, part.end))
    return pieces


def _needs_space(raw: str, upper: _Cell, lower: _Cell) -> bool:
    """Whether two pieces of a cell are two words: not Chinese, no registry number."""
    if HAN_RUN.match(raw, upper.end - 1) and HAN_RUN.match(raw, lower.start):
        return False
    return not _is_number(raw, upper, lower)


def _is_number(raw: str, upper: _Cell, lower: _Cell) -> bool:
    """Whether a registry number begins in one piece of a cell and ends in the next."""
    whole = raw[upper.start : upper.end], raw[lower.start : lower.end]
    return REGISTRY_HEAD.search(whole[0]) is not None and _REGISTRY_TAIL.match(whole[1]) is not None
