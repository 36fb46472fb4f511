"""Rows of a table: which lines are one row, where cells have several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from carextract.read.pdf.layout import Segment
from carextract.read.pdf.tables.columns import Cells

# All in em.
_OVERLAPPING = 0.75  # lines nearer than this belong to cells that are set in the middle of a row
_FARTHEST = 2.2  # a cell does not go on farther down
_CENTRED = 0.35
_WORD_GAP = 0.3

_WIDER = 1.2  # a gap between rows against one between lines of a cell
_DATUM = re.compile(r"[-–—/＜＞<>≥≤=±+]?\s?\d[\d.,:%\s()（）±×–~～-]*$|[-–—/√✓×*]+$|[nN]/?[aA]$")
_GOES_ON = re.compile(r"[a-zα-ω(（\[［,，;；、)）]")
_UNFINISHED = re.compile(r"[-–,，;；、(（/±~～]$|\b(?:and|or|of|to|in|with|for|the|at|by|vs\.?)$")
_IDEOGRAPH = re.compile(r"[\u2e80-\u9fff]")


@dataclass(frozen=True, slots=True)
class RowLine:
    """A line of a table with its pieces by columns; `crosses` where one runs over several."""

    baseline: float
    cells: Cells
    crosses: bool = False


def rows_of(lines: Sequence[RowLine], count: int, em: float, *, ruled: bool) -> list[Cells] | None:
    """The rows that lines between two rules make; None where that cannot be told.

    `ruled` where the rows of the table have rules between them.
    """
    if not lines:
        return []
    if any(after.baseline - before.baseline < _OVERLAPPING * em for before, after in pairwise(lines)):
        return _centred_rows(lines, count, em)
    if ruled and _is_one_row(lines, em):
        return [_merged(lines)]
    return _top_rows(lines, count, em)


def with_group_labels(rows: Sequence[Cells], em: float) -> list[Cells]:
    """Rows whose first column is set in the middle of several of them, put to the first of those."""
    labels = [row for row in rows if 0 in row]
    if not 1 < len(labels) < len(rows) or 0 in rows[0]:
        return list(rows)
    heights = [_height(row) for row in rows]
    groups = _groups([_height({0: row[0]}) for row in labels], heights, em)
    if groups is None:
        return list(rows)
    moved = [{column: own for column, own in row.items() if column} for row in rows]
    for label, group in zip(labels, groups, strict=True):
        if not group:
            return list(rows)
        moved[group[0]] = {0: label[0], **moved[group[0]]}
    return moved


def _height(row: Cells) -> float:
    """The height of the middle of a row, by its cells beside the label where there are any."""
    own = [piece.baseline for column, cell in row.items() if column for piece in cell]
    own = own or [piece.baseline for cell in row.values() for piece in cell]
    return (min(own) + max(own)) / 2


def _merged(lines: Iterable[RowLine]) -> Cells:
    row: Cells = {}
    for line in lines:
        for column, pieces in line.cells.items():
            row.setdefault(column, []).extend(pieces)
    return row


def _is_datum(pieces: Sequence[Segment]) -> bool:
    """Whether a cell is a figure or a sign for none, not words that may go on."""
    return all(_DATUM.match(piece.text) for piece in pieces)


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
            figures[column] = figures.get(column, 0) + _is_datum(cell)
    return all(count < 2 for column, count in figures.items() if column)


def _top_rows(lines: Sequence[RowLine], count: int, em: float) -> list[Cells]:
    """Rows whose cells begin on the same line."""
    widths = _widths(lines)
    gaps = [after.baseline - before.baseline for before, after in pairwise(lines)]
    closest = min(gaps, default=0.0)
    spread = any(gap > _WIDER * closest for gap in gaps)
    usual = median(len(line.cells) for line in lines if 0 in line.cells or count < 3) if any(
        0 in line.cells for line in lines
    ) else count
    rows: list[list[RowLine]] = []
    for line in lines:
        if rows and _goes_on(
            rows[-1],
            line,
            count=count,
            usual=usual,
            widths=widths,
            em=em,
            close=spread and line.baseline - rows[-1][-1].baseline <= _WIDER * closest,
            wide=spread and line.baseline - rows[-1][-1].baseline > _WIDER * closest,
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_merged(row) for row in rows]


def _widths(lines: Sequence[RowLine]) -> dict[int, float]:
    """How wide the widest line of each column is."""
    ends: dict[int, tuple[float, float]] = {}
    for line in lines:
        if line.crosses:
            continue
        for column, pieces in line.cells.items():
            x0, x1 = ends.get(column, (pieces[0].box.x0, pieces[-1].box.x1))
            ends[column] = min(x0, pieces[0].box.x0), max(x1, pieces[-1].box.x1)
    return {column: x1 - x0 for column, (x0, x1) in ends.items()}


def _goes_on(
    row: Sequence[RowLine],
    line: RowLine,
    *,
    count: int,
    usual: float,
    widths: dict[int, float],
    em: float,
    close: bool,
    wide: bool,
) -> bool:
    """Whether a line goes on with cells of the row above it."""
    gap = line.baseline - row[-1].baseline
    if gap > _FARTHEST * em or line.crosses or row[-1].crosses or wide:
        return False
    begun = _merged(row)
    if not line.cells.keys() <= begun.keys():
        return False
    wraps = {
        column: _wraps(begun[column][-1], cell[0], widths.get(column, 0.0), em)
        for column, cell in line.cells.items()
    }
    if not all(wraps.values()):
        return False
    words = [column for column, cell in line.cells.items() if not _is_datum(cell)]
    begins_on = [
        column
        for column in words
        if _GOES_ON.match(line.cells[column][0].text)
        or _UNFINISHED.search(begun[column][-1].text)
    ]
    if 0 not in line.cells:
        if close or count == 2:
            return True
        return bool(words) if len(line.cells) < count - 1 else len(begins_on) == len(line.cells)
    if len(line.cells) == len(begins_on):
        return True
    return close and len(line.cells) < usual


def _wraps(before: Segment, after: Segment, width: float, em: float) -> bool:
    """Whether the first word of a line had no room on the line before."""
    return before.box.width + _WORD_GAP * em + _first_word(after) > width


def _first_word(segment: Segment) -> float:
    """The width of the first word, or ideograph, of a line."""
    text = segment.text
    end = 1 if _IDEOGRAPH.match(text) else len(text.split(" ", 1)[0])
    return max(segment.boxes[4 * end - 2] - segment.boxes[0], 0.0)


def _centred_rows(lines: Sequence[RowLine], count: int, em: float) -> list[Cells] | None:
    """Rows whose cells are set in the middle of their height, so that baselines differ.

    A column with one line a row tells where the middle of each is; the lines of all others have
    to stand around these places evenly. The first column may be set in the middle of several rows.
    """
    by_column: dict[int, list[tuple[float, list[Segment]]]] = {}
    for line in lines:
        for column, cell in line.cells.items():
            by_column.setdefault(column, []).append((line.baseline, cell))
    others = sorted((c for c in by_column if c), key=lambda column: -len(by_column[column]))
    for key in reversed([*others, 0] if 0 in by_column else others):
        places = [baseline for baseline, _ in by_column[key]]
        rows = _around(places, by_column, em, whole=key == 0)
        if rows is not None:
            return rows
    return None


def _around(
    places: Sequence[float],
    by_column: dict[int, list[tuple[float, list[Segment]]]],
    em: float,
    *,
    whole: bool,
) -> list[Cells] | None:
    """Rows in the middle of each of which is one of the places."""
    rows: list[Cells] = [{} for _ in places]
    for column, own in by_column.items():
        if not column and not whole:
            continue
        groups = _groups(places, [baseline for baseline, _ in own], em)
        if groups is None:
            return None
        for row, group in zip(rows, groups, strict=True):
            if len(group) > 1 and sum(_is_datum(own[number][1]) for number in group) > 1:
                return None
            if group:
                row[column] = [piece for number in group for piece in own[number][1]]
    return rows if whole else _labelled(rows, places, by_column.get(0, ()), em)


def _labelled(
    rows: list[Cells],
    places: Sequence[float],
    labels: Sequence[tuple[float, list[Segment]]],
    em: float,
) -> list[Cells] | None:
    """Rows with the labels of the first column, each set in the middle of one row or several."""
    if not labels:
        return rows
    blocks: list[list[tuple[float, list[Segment]]]] = []
    for label in labels:
        words = label[1][0].text
        if blocks and label[0] - blocks[-1][-1][0] <= 1.4 * em and not words[:1].isdigit():
            blocks[-1].append(label)
        else:
            blocks.append([label])
    for candidate in (blocks, [[label] for label in labels]):
        middles = [(block[0][0] + block[-1][0]) / 2 for block in candidate]
        groups = _groups(middles, places, em)
        if groups is None or not all(groups):
            continue
        for block, group in zip(candidate, groups, strict=True):
            rows[group[0]][0] = [piece for _, pieces in block for piece in pieces]
        return rows
    return None


def _groups(
    middles: Sequence[float], heights: Sequence[float], em: float
) -> list[list[int]] | None:
    """Heights in groups one after another, each with its own middle; None if they do not fit."""
    slack = _CENTRED * em
    groups: list[list[int]] = []
    at = 0
    for middle in middles:
        group: list[int] = []
        if at < len(heights) and heights[at] <= middle + slack:
            end = next(
                (
                    end
                    for end in range(at, len(heights))
                    if abs((heights[at] + heights[end]) / 2 - middle) <= slack
                ),
                None,
            )
            if end is None:
                return None
            group = list(range(at, end + 1))
            at = end + 1
        groups.append(group)
    return groups if at == len(heights) else None
