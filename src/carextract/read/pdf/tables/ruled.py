"""Tables whose columns are drawn: vertical rules, and cells that are merged.

Where no cell is merged the rules are the columns and rows. Where some are, pdfplumber's geometry
finds the rectangles between the rules: it is given pdfium's rules and never reads the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from carextract.read.pdf.layout import Box, Cell, Grid, Row, Segment, around
from carextract.read.pdf.tables.columns import Columns, parts_of
from carextract.read.pdf.tables.lines import content
from carextract.read.pdf.tables.regions import Region

_AT_SIDE = 1.0  # em: a vertical rule so near to the side of the table is its frame
_SAME = 3.0  # points: ends of rules that are meant to be one
_DRAWN = 0.4  # a rule between columns is drawn along so much of the table
_MOST_RULES = 80  # the search for rectangles grows with the cube of them


def drawn_columns(region: Region) -> Columns | None:
    """The columns between the vertical rules of a table, if there are rules inside it."""
    left, right = region.box.x0, region.box.x1
    lengths: list[tuple[float, float]] = []
    for rule in sorted(region.uprights, key=lambda box: box.x0):
        if min(rule.x0 - left, right - rule.x1) <= _AT_SIDE * region.em:
            continue
        if lengths and rule.x0 - lengths[-1][0] <= _SAME:
            lengths[-1] = lengths[-1][0], lengths[-1][1] + rule.height
        else:
            lengths.append((rule.x0, rule.height))
    edges = tuple(x for x, length in lengths if length >= _DRAWN * region.box.height)
    return Columns(edges, left, right, drawn=True) if edges else None


def has_merged_rows(region: Region, head_end: float) -> bool:
    """Whether rules under the header stop short of some columns: cells over several rows."""
    return any(rule.top > head_end + _SAME for rule in region.partial)


def merged_grid(region: Region, columns: Columns, head_end: float) -> Grid | None:
    """The grid of the rectangles between the rules of a table; None where some type is in none."""
    rectangles = _rectangles(region)
    tops = sorted({box.top for box in rectangles})
    lefts = sorted({box.x0 for box in rectangles})
    cells: dict[tuple[int, int], tuple[Box, list[Segment]]] = {}
    for box in rectangles:
        cells[tops.index(box.top), lefts.index(box.x0)] = box, []
    for segment in region.segments:
        for part in parts_of(segment, columns, region.em):
            own = next((own for box, own in cells.values() if _holds(box, part.box)), None)
            if own is None:
                return None
            own.append(part)
    heads = sum(top < head_end - _SAME for top in tops)
    rows: list[list[Cell | None]] = [[None] * len(lefts) for _ in tops]
    spans: dict[tuple[int, int], int] = {}
    for (row, column), (box, own) in cells.items():
        if own:
            rows[row][column] = Cell(content(own), box)
            span = sum(box.x0 - _SAME < left < box.x1 - _SAME for left in lefts)
            if row < heads and span > 1:
                spans[row, column] = span
    labels = [_label_at(top, list(cells.values())) for top in tops]
    body = _folded(rows[heads:], labels[heads:])
    return Grid((*map(tuple, rows[:heads]), *body), heads, spans) if body else None


def _label_at(top: float, cells: Sequence[tuple[Box, list[Segment]]]) -> Cell | None:
    """The cell of the first column that a row with this top is in, of several rows or one."""
    left = min((box.x0 for box, _ in cells), default=0.0)
    for box, own in cells:
        if own and box.x0 == left and box.top <= top < box.bottom - _SAME:
            return Cell(content(own), box)
    return None


def _folded(rows: Sequence[Sequence[Cell | None]], labels: Sequence[Cell | None]) -> list[Row]:
    """Rows without those in which few cells begin, for these go on with the row above.

    The others have their label, though it may be printed once for several.
    """
    folded: list[Row] = []
    for row, label in zip(rows, labels, strict=True):
        begun = sum(cell is not None for cell in row)
        if not folded or 2 * begun >= len(row) or row[0] is not None:
            folded.append((row[0] or label, *row[1:]))
        else:
            pairs = zip(folded[-1], row, strict=True)
            folded[-1] = tuple(_stacked(above, below) for above, below in pairs)
    return folded


def _stacked(above: Cell | None, below: Cell | None) -> Cell | None:
    """Two cells, one over the other, as one."""
    if above is None or below is None:
        return above or below
    return Cell(content([above.content, below.content]), around((above.box, below.box)))


def _rectangles(region: Region) -> list[Box]:
    """The smallest rectangles between rules, by pdfplumber."""
    from pdfplumber import table

    edges = list(_edges(region))
    if len(edges) > _MOST_RULES:
        return []
    edges = table.merge_edges(edges, _SAME, _SAME, _SAME, _SAME)
    crossings = table.edges_to_intersections(edges, _SAME, _SAME)
    return [Box(*cell) for cell in table.intersections_to_cells(crossings)]


def _edges(region: Region) -> Iterator[dict[str, Any]]:
    """The rules of a table as pdfplumber knows them, with the sides, which may not be drawn."""
    whole = region.box
    sides = (
        Box(whole.x0, whole.top, whole.x0, whole.bottom),
        Box(whole.x1, whole.top, whole.x1, whole.bottom),
    )
    levels = (Box(whole.x0, level, whole.x1, level) for level in region.levels)
    for box in (*sides, *region.uprights):
        yield _edge(Box(box.x0, box.top, box.x0, box.bottom), "v")
    for box in (*levels, *region.partial):
        yield _edge(Box(box.x0, box.top, box.x1, box.top), "h")


def _edge(box: Box, orientation: str) -> dict[str, Any]:
    size = {"width": box.width, "height": box.height}
    return {**box._asdict(), **size, "orientation": orientation}


def _holds(box: Box, part: Box) -> bool:
    """Whether the middle of some type is in a rectangle."""
    x, y = (part.x0 + part.x1) / 2, (part.top + part.bottom) / 2
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom
