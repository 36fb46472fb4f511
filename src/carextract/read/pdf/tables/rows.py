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
_OVERLAPPING = 0.88  # lines nearer than this belong to cells that are set in the middle of a row
_FARTHEST = 2.2  # a cell does not go on farther down
_LEADING = 1.4
_CENTRED = 0.35
_WORD_GAP = 0.3

_WRAPPED = 0.75
_WIDER = 1.2  # a gap between rows against one between lines of a cell
_DATUM = re.compile(
    r"[-–—/＜＞<>≥≤=+]?\s?\d[\d.,:%\s()（）×–~～-]*(?:±\s?\d[\d.,%\s()（）-]*)?$"
    r"|[-–—/√✓×*]+$|[nN]/?[aA]$"
)
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
    if any(
        after.baseline - before.baseline < _OVERLAPPING * em for before, after in pairwise(lines)
    ):
        return _centred_rows(lines, em, ruled=ruled)
    if ruled and _is_one_row(lines, em):
        return [_merged(lines)]
    return _top_rows(lines, count, em)


def with_group_labels(rows: Sequence[Cells], count: int, em: float) -> list[Cells]:
    """Rows with the label of their group in the first column, where it is sure which are a group.

    A label stands at the first row of its group, or in the middle of it. Where both can be, labels
    stay where they are. A row that is not filled may go on with another: it is given no label.
    """
    labels = [row for row in rows if 0 in row]
    unnamed = [row for row in rows if 0 not in row]
    if not labels or not unnamed or not all(1 in row and 2 * len(row) >= count for row in unnamed):
        return list(rows)
    middles = [sum(_extent({0: row[0]})) / 2 for row in labels]
    groups = _groups(middles, [_extent(row) for row in rows], em)
    centred = groups is not None and all(groups)
    if centred == (0 in rows[0]) or len(labels) == 1:
        return list(rows)
    if groups is None or not centred:
        starts = [number for number, row in enumerate(rows) if 0 in row]
        groups = [list(range(*ends)) for ends in pairwise([*starts, len(rows)])]
    return _said_again([row[0] for row in labels], groups, rows)


def with_one_label(rows: Sequence[Cells]) -> list[Cells]:
    """Rows between two rules, each with the one label that there is among them."""
    labels = [row[0] for row in rows if 0 in row]
    if len(labels) != 1 or len(rows) == 1 or not all(1 in row for row in rows):
        return list(rows)
    return _said_again(labels, [list(range(len(rows)))], rows)


def _said_again(
    labels: Sequence[list[Segment]], groups: Sequence[Sequence[int]], rows: Sequence[Cells]
) -> list[Cells]:
    """Rows in groups, each with the label of its group."""
    named = [{column: own for column, own in row.items() if column} for row in rows]
    for label, group in zip(labels, groups, strict=True):
        for number in group:
            named[number] = {0: label, **named[number]}
    return named


def _merged(lines: Iterable[RowLine]) -> Cells:
    row: Cells = {}
    for line in lines:
        for column, pieces in line.cells.items():
            row.setdefault(column, []).extend(pieces)
    return row


def is_datum(pieces: Sequence[Segment]) -> bool:
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
            figures[column] = figures.get(column, 0) + is_datum(cell)
    return all(count < 2 for column, count in figures.items() if column)


def _top_rows(lines: Sequence[RowLine], count: int, em: float) -> list[Cells]:
    """Rows whose cells begin on the same line."""
    widths = _widths(lines)
    gaps = [after.baseline - before.baseline for before, after in pairwise(lines)]
    closest = min(gaps, default=0.0)
    spread = any(gap > _WIDER * closest for gap in gaps)
    usual = (
        median(len(line.cells) for line in lines if 0 in line.cells or count < 3)
        if any(0 in line.cells for line in lines)
        else count
    )
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
    words = {column for column, cell in line.cells.items() if not is_datum(cell)}
    fresh = line.cells.keys() - begun.keys()
    if not fresh <= words:
        return False
    broken = {c for c in line.cells.keys() - fresh if _UNFINISHED.search(begun[c][-1].text)}
    wraps = {
        column
        for column in line.cells.keys() - fresh
        if _wraps(begun[column], line.cells[column][0], widths.get(column, 0.0), em)
    }
    begins_on = broken | {c for c in words - fresh if _GOES_ON.match(line.cells[c][0].text)}
    old = line.cells.keys() - fresh
    if begins_on == old and 2 * len(wraps) >= len(old):
        return True
    if fresh or wraps != old:
        return False
    if 0 not in line.cells:
        return close or count == 2 or (bool(words) and len(line.cells) < count - 1)
    return close and len(line.cells) < usual


def _wraps(before: Sequence[Segment], after: Segment, width: float, em: float) -> bool:
    """Whether the first word of a line had no room on the line before, the last of its cell."""
    line = [piece for piece in before if before[-1].baseline - piece.baseline < _CENTRED * em]
    filled = max(piece.box.x1 for piece in line) - min(piece.box.x0 for piece in line)
    return filled + _WORD_GAP * em + _first_word(after) > width


def _first_word(segment: Segment) -> float:
    """The width of the first word, or ideograph, of a line."""
    text = segment.text
    end = 1 if _IDEOGRAPH.match(text) else len(text.split(" ", 1)[0])
    return max(segment.boxes[4 * end - 2] - segment.boxes[0], 0.0)


def _centred_rows(lines: Sequence[RowLine], em: float, *, ruled: bool) -> list[Cells] | None:
    """Rows whose cells are set in the middle of their height, so that baselines differ.

    A column with one line a row tells where the middle of each is; the lines of all others have
    to stand around these places evenly. The first column may be set in the middle of several rows.
    """
    by_column: dict[int, list[tuple[float, list[Segment]]]] = {}
    for line in lines:
        for column, cell in line.cells.items():
            by_column.setdefault(column, []).append((line.baseline, cell))
    whole = [(lines[0].baseline + lines[-1].baseline) / 2]
    if ruled and (rows := _around(whole, by_column, em, labelled=False)) is not None:
        return rows
    widths = _widths(lines)
    keys = [(column, [baseline for baseline, _ in own]) for column, own in by_column.items()]
    keys.append((0, _blocks(by_column.get(0, ()), widths.get(0, 0.0), em)))
    for column, places in sorted(keys, key=lambda key: len(key[1])):
        rows = _around(places, by_column, em, labelled=column > 0) if places else None
        if rows is not None and _mostly_wrapped(rows, widths, em):
            return rows
    return None


def _blocks(own: Sequence[tuple[float, list[Segment]]], width: float, em: float) -> list[float]:
    """The heights of the middles of cells in a column, those of several lines taken together."""
    blocks: list[list[tuple[float, list[Segment]]]] = []
    for line in own:
        last = blocks[-1][-1] if blocks else None
        near = last is not None and line[0] - last[0] <= _LEADING * em
        if last is not None and near and _wraps(last[1], line[1][0], width, em):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return [(block[0][0] + block[-1][0]) / 2 for block in blocks]


def _mostly_wrapped(rows: Sequence[Cells], widths: dict[int, float], em: float) -> bool:
    """Whether the lines that were put in one cell are such as had to be broken."""
    pairs = [
        _wraps([before], after, widths.get(column, 0.0), em)
        for row in rows
        for column, cell in row.items()
        if column
        for before, after in pairwise(cell)
        if after.baseline > before.baseline
    ]
    return sum(pairs) >= _WRAPPED * len(pairs)


def _around(
    places: Sequence[float],
    by_column: dict[int, list[tuple[float, list[Segment]]]],
    em: float,
    *,
    labelled: bool,
) -> list[Cells] | None:
    """Rows in the middle of each of which is one of the places; `labelled` by groups of them."""
    rows: list[Cells] = [{} for _ in places]
    for column, own in by_column.items():
        if not column and labelled:
            continue
        groups = _groups(places, [(baseline, baseline) for baseline, _ in own], em)
        if groups is None:
            return None
        for row, group in zip(rows, groups, strict=True):
            if len(group) > 1 and sum(is_datum(own[number][1]) for number in group) > 1:
                return None
            if group:
                row[column] = [piece for number in group for piece in own[number][1]]
    return _labelled(rows, by_column.get(0, ()), em) if labelled else rows


def _labelled(
    rows: list[Cells], labels: Sequence[tuple[float, list[Segment]]], em: float
) -> list[Cells] | None:
    """Rows with the labels of the first column, each set in the middle of one row or several."""
    if not labels or not all(rows):
        return rows if not labels else None
    extents = [_extent(row) for row in rows]
    blocks: list[list[tuple[float, list[Segment]]]] = []
    for label in labels:
        if blocks and label[0] - blocks[-1][-1][0] <= _LEADING * em:
            blocks[-1].append(label)
        else:
            blocks.append([label])
    for candidate in (blocks, [[label] for label in labels]):
        middles = [(block[0][0] + block[-1][0]) / 2 for block in candidate]
        groups = _groups(middles, extents, em)
        if groups is None or not all(groups):
            continue
        for block, group in zip(candidate, groups, strict=True):
            for number in group:
                rows[number][0] = [piece for _, pieces in block for piece in pieces]
        return rows
    return _nearest_labelled(rows, extents, blocks)


def _nearest_labelled(
    rows: list[Cells],
    extents: Sequence[tuple[float, float]],
    blocks: Sequence[Sequence[tuple[float, list[Segment]]]],
) -> list[Cells] | None:
    """Rows with each label on the one that it stands at; None where two stand at one."""
    for block in blocks:
        middle = (block[0][0] + block[-1][0]) / 2
        nearest = min(range(len(rows)), key=lambda number: abs(sum(extents[number]) / 2 - middle))
        if 0 in rows[nearest]:
            return None
        rows[nearest][0] = [piece for _, pieces in block for piece in pieces]
    return rows


def _extent(row: Cells) -> tuple[float, float]:
    """The first and the last baseline of a row, by its cells beside the label if there are any."""
    own = [piece.baseline for column, cell in row.items() if column for piece in cell]
    own = own or [piece.baseline for cell in row.values() for piece in cell]
    return min(own), max(own)


def _groups(
    middles: Sequence[float], extents: Sequence[tuple[float, float]], em: float
) -> list[list[int]] | None:
    """Lines or rows, from top to bottom, in groups of which each has its middle; None if not."""
    slack = _CENTRED * em
    groups: list[list[int]] = []
    at = 0
    for middle in middles:
        group: list[int] = []
        if at < len(extents) and extents[at][0] <= middle + slack:
            top = extents[at][0]
            found = (
                end
                for end in range(at, len(extents))
                if abs((top + extents[end][1]) / 2 - middle) <= slack
            )
            end = next(found, None)
            if end is None:
                return None
            group = list(range(at, end + 1))
            at = end + 1
        groups.append(group)
    return groups if at == len(extents) else None
