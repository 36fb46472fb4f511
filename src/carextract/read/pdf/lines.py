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
    return [_joined_row(row) for row in rows]


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


def _joined_row(row: list[Segment]) -> Segment:
    if len(row) == 1:
        return row[0]
    pieces: list[Segment] = []
    for piece in sorted(row, key=lambda piece: (piece.box.x0, piece.size)):
        if pieces and piece.box.x1 < pieces[-1].box.x1:
            pieces[-1:] = _woven(pieces[-1], piece)
        else:
            pieces.append(piece)
    return joined(pieces, [_separator(left, right) for left, right in pairwise(pieces)])


def _woven(line: Segment, index: Segment) -> list[Segment]:
    """A line cut where a small piece stands within it, with that between the parts."""
    boxes, count = line.boxes, len(line.text)
    at = next((i for i in range(1, count) if boxes[4 * i] > index.box.x0), count)
    bottoms = boxes[3::4]  # 0 for what is not printed
    if not any(bottoms[:at]) or not any(bottoms[at:]):
        return [line, index]
    return [line.part(0, at), index, line.part(at, count)]


def _separator(left: Segment, right: Segment) -> str:
    """What stands between two pieces of a line: a space, if a reader sees one."""
    if left.text[-1] == " " or right.text[0] == " ":
        return ""
    size = min(left.size, right.size)
    if size < _INDEX * max(left.size, right.size):
        return " "  # nobody knows what it belongs to: 10 and 6 must not become 106
    gap = (right.box.x0 - left.box.x1) / size
    beside_ideograph = left.text[-1] >= "\u2e80" or right.text[0] >= "\u2e80"
    return " " if gap > (_SEEN_GAP if beside_ideograph else _LETTER_GAP) else ""
