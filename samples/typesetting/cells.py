"""Tables as they stand in plain text: cells between bars, in columns, or set apart by a space."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import cast

from carextract.find.paragraphs import Paragraph
from carextract.find.tables import read_tables

Rows = list[list[str]]

CAPTION = re.compile(
    r"\W*(?:[续附]*表\s?[\dl一二三四五]|(?:Suppl\S* )?(?:Tab[l1I]e|Box)\s?S?\d)", re.I
)
LIST_ITEM = re.compile(r"\s*(?:[-*•#>]|\d{1,2}[.)、]|[（(]\d)")

_BARRED = re.compile(r"\s*\|.*\|\s*$|.*\S \| \S|.*｜.*｜")
_SEPARATOR = re.compile(r"[\s|:+-]+$")
_WIDE_GAP = re.compile(r"[ \u3000]{2,}|\t")
_FEWEST_ROWS = 4  # of a table whose cells single spaces set apart, with its header
_JOINED = "\u00a0"
_LONGEST_LABEL = 3  # spaces in the label of a row
# Spaces inside a cell: "9 (75)", "1 或 3"; in a head also "Any grade", "Grade 1", "SLEDAI 治疗前".
_JOINS_CELLS = re.compile(r" +(?=[(（或])|(?<=或) +")
_JOINS_HEADS = re.compile(r" +(?=[(（a-z])|(?<=Grade) +|(?<=SLEDAI) +|(?<=CRS) +(?=级)")
_DATUM = re.compile(r"\d{4}|\d[.×]\d|→ ?\d")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line and where it begins, which is all that the reader of tables wants to know."""

    text: str
    start: int


def columns_wide(text: str) -> int:
    """How many Latin letters wide a line is; a Chinese character is two."""
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text.strip())


def marked_rows(lines: Sequence[str], start: int) -> tuple[Rows, int]:
    """The rows of the table that begins at a line, and where it ends; no rows where none does.

    Its cells stand between bars, or are set apart by two spaces or more.
    """
    end = start
    while end < len(lines) and _BARRED.match(lines[end]):
        end += 1
    if end >= start + 2:
        inside = [line for line in lines[start:end] if not _SEPARATOR.fullmatch(line)]
        return [_bar_cells(line) for line in inside], end
    while end < len(lines) and _may_be_row(lines, end):
        end += 1
    return (_aligned_cells(lines[start:end]), end) if end >= start + 3 else ([], start)


def spaced_rows(texts: Sequence[str]) -> dict[int, Rows]:
    """The tables whose cells a single space sets apart, by the line each begins at.

    Which words make a cell is what the reader of such tables in texts says.
    """
    starts = accumulate((len(text) + 1 for text in texts), initial=0)
    lines = [_Line(text, start) for text, start in zip(texts, starts, strict=False)]
    tables = {}
    for table in read_tables(cast("list[Paragraph]", lines), layout_known=False):
        rows = [[cell.text for cell in row] for row in (table.header, *table.rows)]
        if len(rows) >= _FEWEST_ROWS and not any(_DATUM.search(head) for head in rows[0]):
            tables[table.lines[0]] = rows
    return tables


def captioned_rows(texts: Sequence[str]) -> Rows:
    """The rows below a caption that are too damaged for that: as many cells as there are heads.

    Pieces too many belong to the label of their row.
    """
    heads = _pieces(texts[0], _JOINS_HEADS)
    rows = [heads]
    for text in texts[1:]:
        pieces = _pieces(text, _JOINS_CELLS)
        surplus = len(pieces) - len(heads)
        if not 0 <= surplus <= _LONGEST_LABEL or re.search("[。；;:：]", text):
            break
        rows.append([" ".join(pieces[: surplus + 1]), *pieces[surplus + 1 :]])
    return rows if len(heads) > 2 and len(rows) >= _FEWEST_ROWS else []


def _pieces(text: str, joins: re.Pattern[str]) -> list[str]:
    return [piece.replace(_JOINED, " ") for piece in joins.sub(_JOINED, text).split(" ") if piece]


def _bar_cells(line: str) -> list[str]:
    inside = line.strip()
    if inside.startswith("|") and inside.endswith("|"):
        inside = inside[1:-1]
    return [cell.strip() for cell in re.split("[|｜]", inside)]


def _may_be_row(lines: Sequence[str], at: int) -> bool:
    """Whether a line has cells set apart by wide gaps, or stands right between two that have."""
    if _WIDE_GAP.search(lines[at].strip()):
        return not LIST_ITEM.match(lines[at]) and not re.search("[。]", lines[at])
    around = [*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2]]
    return len(around) == 2 and all(_WIDE_GAP.search(line.strip()) for line in around)


def _aligned_cells(lines: Sequence[str]) -> Rows:
    """Rows whose cells stand below the heads of their columns, with the lines of each cell."""
    if any("\t" in line for line in lines):
        return [[cell.strip() for cell in line.split("\t")] for line in lines]
    placed = [_placed(line) for line in lines]
    lefts = [left for left, _ in placed[0]]
    if any(len(cells) > len(lefts) for cells in placed[1:]):
        lefts.insert(0, 0)  # the corner above the labels is blank
    grid = [_in_columns(cells, lefts) for cells in placed]
    blank_lines_between = not all(map(any, grid))
    rows = [grid[0]]
    for before, row in pairwise(grid):
        if blank_lines_between:
            begins = before is grid[0] or not any(before)
        else:
            begins = not _continues(row, rows[-1])
        if begins:
            rows.append(row)
        else:
            rows[-1] = [f"{up}\n{cell}".strip() for up, cell in zip(rows[-1], row, strict=True)]
    return [row for row in rows if any(row)]


def _continues(row: Sequence[str], above: Sequence[str]) -> bool:
    """Whether a line holds only second lines of the cells above it."""
    if not row[0]:
        return True
    label_goes_on = not any(above[1:]) and row[0][0].islower()
    return label_goes_on or (not row[-1] and all(above))


def _in_columns(cells: Sequence[tuple[int, str]], lefts: Sequence[int]) -> list[str]:
    if len(cells) == len(lefts):
        return [cell for _, cell in cells]
    row = [""] * len(lefts)
    for left, cell in cells:
        column = min(range(len(lefts)), key=lambda at: abs(lefts[at] - left))
        row[column] = f"{row[column]} {cell}".strip()
    return row


def _placed(line: str) -> list[tuple[int, str]]:
    """The cells of a line with the place they begin at, in Latin letters."""
    cells, at = [], 0
    for gap in [*_WIDE_GAP.finditer(line), None]:
        end = gap.start() if gap else len(line)
        if line[at:end].strip():
            cells.append((columns_wide("." + line[:at] + ".") - 2, line[at:end].strip()))
        at = gap.end() if gap else end
    return cells
