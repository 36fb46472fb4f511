"""Toxicities in tables: a cell is read as a line, its heads before it (CRS | Grade 1 | 7 (58))."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from carextract.find.article import Article
from carextract.find.paragraphs import Paragraph
from carextract.find.tables import Cell, Table
from carextract.find.toxicities_composing import Composer
from carextract.find.toxicities_items import Item
from carextract.tracked import Span

_PATIENT_COLUMN = re.compile(
    r"patients?|pt|case|subject|no\.?|id|#|患者|病例|编号|受试者|序号|病人", re.I
)
_SIZE_COLUMN = re.compile(
    r"(?:no\. of )?(?:patients?|participants|subjects|n|cases)|例数|人数|患者数|样本量|病例数", re.I
)
_PATIENT_LABEL = re.compile(
    r"(?:pt|p|patient|case|患者|病例|病人|no\.?)?\s?#?[A-Z]?\d{1,3}号?(?:患者)?", re.I
)
_COUNTED_COLUMN = re.compile(r"\bn\b|例|人", re.I)
_GRADE_COLUMN = re.compile(r"grade|级|級", re.I)


def table_items(table: Table, composer: Composer, article: Article) -> Iterator[Item]:
    """A cell is read as a line: the head of its row, the head of its column, the cell itself."""
    patients = bool(table.header) and bool(_PATIENT_COLUMN.fullmatch(table.header[0].text.strip()))
    sizes = [i for i, head in enumerate(table.header) if _SIZE_COLUMN.fullmatch(head.text.strip())]
    for row in table.rows:
        label = row[0]
        of_one = patients and bool(_PATIENT_LABEL.fullmatch(label.text.strip()))
        of_one = of_one or any(row[i].text.strip() == "1" for i in sizes if i < len(row))
        for head, cell in zip(table.header[1:], row[1:], strict=False):
            if cell.text.strip():
                line = _Line(article, table.header[0], label, head, cell)
                yield from line.items(composer, of_one=of_one)


def _bare_number(head: str, *, of_one: bool) -> str:
    """What a number alone in a cell is, by the head that names the event: CRS, % or CRS grade."""
    if "%" in head and not _COUNTED_COLUMN.search(head):
        return "percent"
    return "grade" if of_one or _GRADE_COLUMN.search(head) else "count"


class _Line:
    """A cell and its heads as one line of text, with the way back to where each stands."""

    def __init__(self, article: Article, corner: Cell, label: Cell, head: Cell, cell: Cell) -> None:
        self.lexicon = article.paragraphs[0].lexicon
        self.corner = corner  # the head over the labels of the rows
        self.heads = (label, head)
        self.cell = cell

    def items(self, composer: Composer, *, of_one: bool) -> Iterator[Item]:
        """What the cell says, if one of its heads names the event."""
        named = [head for head in self.heads if composer.names_event(self._block(head.text))]
        if len(named) != 1:
            return
        parts = [(named[0], " | ")]
        other = self.heads[0] if named[0] is self.heads[1] else self.heads[1]
        if composer.grades(self._block(other.text)):
            parts.append((other, " | "))
        elif other is self.heads[0] and composer.grades(
            self._block(f"{self.corner.text} {other.text}")
        ):
            parts += [(self.corner, " "), (other, " | ")]
        text, starts = "", []
        for part, joint in (*parts, (self.cell, " | ")):
            starts.append((len(text), part))
            text += part.text + joint
        block = self._block(text.rstrip())
        bare = _bare_number(named[0].text, of_one=of_one)
        cell_at = starts[-1][0]
        for item in composer.read_cell(block, of_one=of_one, bare=bare):
            if item.end > cell_at:
                yield item.moved(tuple(_spans(item, starts)))

    def _block(self, text: str) -> Paragraph:
        return Paragraph(text, 0, self.lexicon)


def _spans(item: Item, starts: Sequence[tuple[int, Cell]]) -> Iterator[Span]:
    """The pieces of the cell and its heads that an item was read from, the cell first."""
    for at, part in reversed(starts):
        first, last = max(item.start - at, 0), min(item.end - at, len(part.text))
        if first < last:
            yield Span(part.start + first, part.start + last)
