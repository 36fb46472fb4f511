"""Toxicities in tables: a cell is read as a line, its heads before it (CRS | Grade 1 | 7 (58))."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from carextract.find.article import Article
from carextract.find.paragraphs import Paragraph
from carextract.find.tables import Cell, Row, Table
from carextract.find.toxicities.composing import Composer
from carextract.find.toxicities.items import Item
from carextract.tracked import Span

_PATIENT_COLUMN = re.compile(
    r"(?:patient|pt|case|subject|participant)s?(?: ?(?:no\.?|id|number|code|#))?|no\.?|id|#|"
    r"(?:患者|病例|受试者|病人)?(?:编号|序号|代号|代码)|患者|病例|受试者|病人",
    re.I,
)
_SIZE_COLUMN = re.compile(
    r"(?:no\. of )?(?:patients?|participants|subjects|n|cases)|例数|人数|患者数|样本量|病例数", re.I
)
_PATIENT_LABEL = re.compile(
    r"(?:pt|p|patient|case|患者|病例|病人|no\.?)?\s?#?[A-Z]?\d{1,3}号?(?:患者)?|[A-H]|[甲乙丙丁戊]",
    re.I,
)
_COUNTED_COLUMN = re.compile(r"\bn\b|例|人", re.I)
_PERCENT_COLUMN = re.compile(
    r"[(（]?[%％][)）]?|百分比|(?:发生)?率 ?[(（][%％][)）]|percent(?:age)?", re.I
)
_WIDE_PIECE = re.compile(r"\S+(?: \S+)*")
_FIGURES = re.compile(
    r"(?:\d{1,3}(?:\.\d+)?%?|\d{1,3}/\d{1,3})(?: ?[(（][\d.]+ ?%?[)）])?|[-–—]|none|无"
)
_WRAPPED_LABEL = re.compile(r"\s*[A-Z][A-Za-z]+(?: [A-Za-z-]+){0,4}")
_TIMING = re.compile(  # (day of onset), (d 3), （第3天）
    r"[(（](?:(?:day|time|onset|d\b|D\d)[^()（）|]{0,20}|第\s?\d+\s?[天日]|(?:发生|出现|起始|起病)(?:时间|日)[^()（）|]{0,6})[)）]",
    re.I,
)
_FEWEST_ROWS = 3
_WHOLE, _NUMBER = re.compile(r"\d{1,3}"), re.compile(r"\d{1,3}(?:\.\d+)?")
_GRADE_COLUMN = re.compile(
    r"(?<!any )(?<!all )(?<!all-)(?<!any-)grade|(?<![何各意有全])(?<!任一)[级級]", re.I
)
_HIGHEST_COLUMN = re.compile(
    r"(?:(?:max(?:imum|imal|\.)?|highest|worst|peak)[ -]?(?:\w+ )?)?grade|"
    r"最[高大重](?:分?级别?|等级)|分级|级别",
    re.I,
)


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
        columns = list(zip(table.header[1:], row[1:], strict=False))
        for (head, cell), (next_head, next_cell) in zip(
            columns, [*columns[1:], (None, None)], strict=True
        ):
            if not cell.text.strip() or _is_of_percents(head):
                continue
            share = next_cell if next_head is not None and _is_of_percents(next_head) else None
            one = of_one or (len(in_columns) > 1 and head in in_columns)
            yield from line.items(head, cell, share, under=under, of_one=one)


def loose_tables(blocks: Sequence[Paragraph], taken: Container[int]) -> Iterator[Table]:
    """Aligned rows of counts whose header could not be read: each has a label, which may begin on
    the line before, and as many figures as its neighbours."""
    run: list[tuple[int, Row]] = []
    for index, block in enumerate(blocks):
        row = None if index in taken else _loose_row(block)
        if row is not None and (not run or len(row) == len(run[0][1])):
            above = blocks[index - 1] if index and index - 1 not in taken else None
            run.append((index, _with_wrapped_label(row, above)))
        elif run and not (index not in taken and _is_wrapped(block)):
            yield from _as_table(run)
            run = []
    yield from _as_table(run)


def _loose_row(block: Paragraph) -> Row | None:
    """Label and figures set apart by wide gaps; None for any other line."""
    pieces = [
        Cell(piece[0], block.start + piece.start()) for piece in _WIDE_PIECE.finditer(block.text)
    ]
    figures = pieces[1:]
    if not figures or not all(_FIGURES.fullmatch(cell.text) for cell in figures):
        return None
    return None if _FIGURES.fullmatch(pieces[0].text) else tuple(pieces)


def _is_wrapped(block: Paragraph) -> bool:
    """The first line of a label that goes on in the row below."""
    return bool(_WRAPPED_LABEL.fullmatch(block.text))


def _with_wrapped_label(row: Row, above: Paragraph | None) -> Row:
    """A row with a label in lower case is headed by the line above as well."""
    if above is None or not row[0].text[0].islower() or not _is_wrapped(above):
        return row
    head = above.text.lstrip()
    start = above.start + len(above.text) - len(head)
    gap = " " * (row[0].start - start - len(head))  # the label stays as long as it is in the text
    return (Cell(head + gap + row[0].text, start), *row[1:])


def _as_table(run: Sequence[tuple[int, Row]]) -> Iterator[Table]:
    """Three rows or more are a table; its heads are not known."""
    if len(run) >= _FEWEST_ROWS:
        rows = tuple(row for _, row in run)
        header = tuple(Cell("", rows[0][0].start) for _ in rows[0])
        yield Table("", header, rows, tuple(index for index, _ in run))


def _is_of_percents(head: Cell) -> bool:
    """Whether a column holds the percentages of the counts in the column before it."""
    return bool(_PERCENT_COLUMN.fullmatch(head.text.strip()))


def _is_patient(cell: Cell) -> bool:
    """Whether a head names one patient: P1, Patient 2, 3, B."""
    return bool(_PATIENT_LABEL.fullmatch(cell.text.strip()))


def _without_timing(text: str) -> str:
    """A head or a cell without when it began, which is blanked so that the rest stays in place."""
    return _TIMING.sub(lambda found: " " * len(found[0]), text)


def _bare_number(head: str, other: str, *, of_one: bool) -> str:
    """What a number alone in a cell is, by the head that names the event (CRS, % or CRS grade) and
    by the other head (maximum grade)."""
    if "%" in head and not _COUNTED_COLUMN.search(head):
        return "percent"
    graded = _GRADE_COLUMN.search(head) or _HIGHEST_COLUMN.fullmatch(other.strip())
    return "grade" if of_one or graded else "count"


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

    def items(
        self, head: Cell, cell: Cell, share: Cell | None, *, under: Cell | None, of_one: bool
    ) -> Iterator[Item]:
        """What a cell says, with its percentage beside it, if one of its heads names the event."""
        named = [part for part in (self.label, head) if self._names_event(part)]
        if not named and under is not None and self._names_event(under):
            named = [under]
        if len(named) != 1:
            return
        parts = [(named[0], " | "), *self._grades(named[0], head)]
        counted = (
            share is not None and _WHOLE.fullmatch(cell.text) and _NUMBER.fullmatch(share.text)
        )
        cells = [(cell, " ("), (share, ")")] if share and counted else [(cell, "")]
        text, starts = "", []
        for part, joint in (*parts, *cells):
            starts.append((len(text), part))
            text += _without_timing(part.text) + joint
        other = head if named[0] is self.label else self.label
        bare = _bare_number(named[0].text, other.text, of_one=of_one)
        text += "；"  # a cell ends what it says
        cell_at = starts[len(parts)][0]
        for item in self.composer.read_cell(self._block(text), of_one=of_one, bare=bare):
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
