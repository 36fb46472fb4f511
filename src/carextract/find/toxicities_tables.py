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
    r"(?:pt|p|patient|case|患者|病例|病人|no\.?)?\s?#?[A-Z]?\d{1,3}号?(?:患者)?|[A-H]|[甲乙丙丁戊]",
    re.I,
)
_COUNTED_COLUMN = re.compile(r"\bn\b|例|人", re.I)
_GRADE_COLUMN = re.compile(r"grade|级|級", re.I)


def table_items(table: Table, composer: Composer, article: Article) -> Iterator[Item]:
    """A cell is read as a line: the head of its row, the head of its column, the cell itself. A row
    of grades alone is of the event that the last row before it with another head names."""
    patients = bool(table.header) and bool(_PATIENT_COLUMN.fullmatch(table.header[0].text.strip()))
    sizes = [i for i, head in enumerate(table.header) if _SIZE_COLUMN.fullmatch(head.text.strip())]
    in_columns = {head for head in table.header[1:] if _is_patient(head)}
    above: Cell | None = None
    for row in table.rows:
        label = row[0]
        of_one = patients and _is_patient(label)
        of_one = of_one or any(row[i].text.strip() == "1" for i in sizes if i < len(row))
        line = _Line(article, composer, table.header[0], label)
        under = above if line.is_grade_alone() else None
        above = above if line.is_grade_alone() else label
        for head, cell in zip(table.header[1:], row[1:], strict=False):
            if cell.text.strip():
                one = of_one or (len(in_columns) > 1 and head in in_columns)
                yield from line.items(head, cell, under=under, of_one=one)


def _is_patient(cell: Cell) -> bool:
    """Whether a head names one patient: P1, Patient 2, 3, B."""
    return bool(_PATIENT_LABEL.fullmatch(cell.text.strip()))


def _bare_number(head: str, *, of_one: bool) -> str:
    """What a number alone in a cell is, by the head that names the event: CRS, % or CRS grade."""
    if "%" in head and not _COUNTED_COLUMN.search(head):
        return "percent"
    return "grade" if of_one or _GRADE_COLUMN.search(head) else "count"


class _Line:
    """A row whose cells are read, each with its heads as one line of text."""

    def __init__(self, article: Article, composer: Composer, corner: Cell, label: Cell) -> None:
        self.lexicon = article.paragraphs[0].lexicon
        self.composer = composer
        self.corner = corner  # the head over the labels of the rows
        self.label = label

    def is_grade_alone(self) -> bool:
        """Whether the row is headed by a grade that names no event of its own."""
        block = self._block(self.label.text)
        return self.composer.is_grade(block)

    def items(self, head: Cell, cell: Cell, *, under: Cell | None, of_one: bool) -> Iterator[Item]:
        """What a cell says, if one of its heads names the event."""
        named = [part for part in (self.label, head) if self._names_event(part)]
        if not named and under is not None and self._names_event(under):
            named = [under]
        if len(named) != 1:
            return
        parts = [(named[0], " | "), *self._grades(named[0], head)]
        text, starts = "", []
        for part, joint in (*parts, (cell, " | ")):
            starts.append((len(text), part))
            text += part.text + joint
        bare = _bare_number(named[0].text, of_one=of_one)
        cell_at = starts[-1][0]
        for item in self.composer.read_cell(self._block(text.rstrip()), of_one=of_one, bare=bare):
            if item.end > cell_at:
                yield item.moved(tuple(_spans(item, starts)))

    def _grades(self, named: Cell, head: Cell) -> list[tuple[Cell, str]]:
        """The head that gives the grade, with the head above it where only both together do."""
        other = head if named is self.label else self.label
        if self.composer.grades(self._block(other.text)):
            return [(other, " | ")]
        if other is self.label and self.composer.grades(
            self._block(f"{self.corner.text} {other.text}")
        ):
            return [(self.corner, " "), (other, " | ")]
        return []

    def _names_event(self, cell: Cell) -> bool:
        return self.composer.names_event(self._block(cell.text))

    def _block(self, text: str) -> Paragraph:
        return Paragraph(text, 0, self.lexicon)


def _spans(item: Item, starts: Sequence[tuple[int, Cell]]) -> Iterator[Span]:
    """The pieces of the cell and its heads that an item was read from, the cell first."""
    for at, part in reversed(starts):
        first, last = max(item.start - at, 0), min(item.end - at, len(part.text))
        if first < last:
            yield Span(part.start + first, part.start + last)
