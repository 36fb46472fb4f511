"""The lines of a column, from the pieces of lines that stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from carextract.read.pdf.layout import Segment, joined

# All in type sizes (em).
_SAME_ROW = 0.4  # how far the middles of pieces of one line may differ
_HALF_HEIGHT = 0.32  # of type, above the baseline
_OVERLAP = 0.5  # how far a piece of a line may reach back over the one before
_LONGEST_INDEX = 2.0
_LETTER_GAP = 0.2  # wider than between two letters
_SEEN_GAP = 0.5  # a gap beside an ideograph that a reader sees

_APART = 1.2  # a gap between two cells of a table
_CELL_GAP = 2.0  # the widest gap of its row is wider than that
_SAME_EDGE = 0.3
_NEXT_ROW = 3.0
_FEWEST_CELLS, _FEWEST_ROWS = 3, 3
_IN_COLUMNS = 0.6  # of the cells of a row stand below those of the row above
_BETWEEN_CELLS = "  "

_INDEX = 0.8  # type smaller than this, against the line it stands on, is an index


def lines(segments: Sequence[Segment]) -> list[Segment]:
    """The lines of a column from top to bottom, their pieces put together."""
    rows: list[list[Segment]] = []
    for piece in sorted(segments, key=lambda piece: (_middle(piece), piece.box.x0)):
        row = next((row for row in rows[:-4:-1] if _is_in_row(piece, row)), None)
        if row is not None:
            row.append(piece)
        else:
            rows.append([piece])
    tabular = _rows_of_tables(rows)
    return [_joined_row(row, in_table=at in tabular) for at, row in enumerate(rows)]


def is_row(line: str) -> bool:
    """Whether a line is a row of a table that was not known as one: its cells stand apart."""
    return _BETWEEN_CELLS in line


def _rows_of_tables(rows: Sequence[Sequence[Segment]]) -> set[int]:
    """The numbers of rows whose pieces stand below each other, several times: cells of a table."""
    found: set[int] = set()
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or not _are_in_columns(rows[at - 1], rows[at]):
            if at - start >= _FEWEST_ROWS and not _are_stretched(rows[start:at]):
                found.update(range(start, at))
            start = at
    return found


def _are_stretched(rows: Sequence[Sequence[Segment]]) -> bool:
    """Whether rows end at one place, as lines do whose words are far apart because they are full.

    Cells may do so too: then it is not known what they are.
    """
    ends = [max(piece.box.x1 for piece in row) for row in rows]
    return max(ends) - min(ends) < _SAME_EDGE * rows[0][0].size


def _are_in_columns(above: Sequence[Segment], below: Sequence[Segment]) -> bool:
    """Whether the cells of two rows, one below the other, stand in the same columns."""
    fewest = min(len(above), len(below))
    size = below[0].size
    if fewest < _FEWEST_CELLS or below[0].baseline - above[0].baseline > _NEXT_ROW * size:
        return False
    if not _widest_gap(above) > _CELL_GAP * size < _widest_gap(below):
        return False
    aligned = sum(any(_are_aligned(cell, other) for other in above) for cell in below)
    return aligned >= max(_FEWEST_CELLS, _IN_COLUMNS * fewest)


def _are_aligned(one: Segment, other: Segment) -> bool:
    """Whether two cells begin, end or have their middle at the same place."""
    left, right = one.box.x0 - other.box.x0, one.box.x1 - other.box.x1
    return min(abs(left), abs(right), abs(left + right) / 2) < _SAME_EDGE * one.size


def _widest_gap(row: Sequence[Segment]) -> float:
    pieces = sorted(row, key=lambda piece: piece.box.x0)
    return max(right.box.x0 - left.box.x1 for left, right in pairwise(pieces))


def _middle(segment: Segment) -> float:
    """The height of the middle of its type; raised characters in it do not count."""
    return segment.baseline - _HALF_HEIGHT * segment.size


def _is_in_row(piece: Segment, row: Sequence[Segment]) -> bool:
    """Whether a piece stands on the line of others: beside them, or in small type among them."""
    largest = row[0] if len(row) == 1 else max(row, key=lambda other: other.size)
    size = max(piece.size, largest.size)
    if abs(_middle(piece) - _middle(largest)) > _SAME_ROW * size:
        return False
    return all(not _overlap(piece, other) or _is_stray(piece, other) for other in row)


def _overlap(one: Segment, other: Segment) -> bool:
    slack = _OVERLAP * min(one.size, other.size)
    return one.box.x0 < other.box.x1 - slack and one.box.x1 > other.box.x0 + slack


def _is_stray(one: Segment, other: Segment) -> bool:
    """Whether one of two pieces is an index that stands above or below the other."""
    small, large = sorted((one, other), key=lambda piece: piece.size)
    return small.size < _INDEX * large.size and small.box.width < _LONGEST_INDEX * large.size


def _joined_row(row: list[Segment], *, in_table: bool) -> Segment:
    if len(row) == 1:
        return row[0]
    pieces: list[Segment] = []
    for piece in sorted(row, key=lambda piece: (piece.box.x0, piece.size)):
        if pieces and piece.box.x1 < pieces[-1].box.x1:
            pieces[-1:] = _woven(pieces[-1], piece)
        else:
            pieces.append(piece)
    return joined(
        pieces, [_separator(left, right, in_table=in_table) for left, right in pairwise(pieces)]
    )


def _woven(line: Segment, index: Segment) -> list[Segment]:
    """A line cut where a small piece stands within it, with that between the parts."""
    boxes, count = line.boxes, len(line.text)
    at = next((i for i in range(1, count) if boxes[4 * i] > index.box.x0), count)
    bottoms = boxes[3::4]  # 0 for what is not printed
    if not any(bottoms[:at]) or not any(bottoms[at:]):
        return [line, index]
    return [line.part(0, at), index, line.part(at, count)]


def _separator(left: Segment, right: Segment, *, in_table: bool) -> str:
    """What stands between two pieces of a line: a space, if a reader sees one."""
    if left.text[-1] == " " or right.text[0] == " ":
        return ""
    size = min(left.size, right.size)
    if size < _INDEX * max(left.size, right.size):
        return " "  # nobody knows what it belongs to: 10 and 6 must not become 106
    gap = (right.box.x0 - left.box.x1) / size
    if in_table and gap > _APART:
        return _BETWEEN_CELLS
    beside_ideograph = left.text[-1] >= "\u2e80" or right.text[0] >= "\u2e80"
    return " " if gap > (_SEEN_GAP if beside_ideograph else _LETTER_GAP) else ""
