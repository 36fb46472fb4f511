"""Toxicities in tables: a cell is read as a line, its heads before it (CRS | Grade 1 | 7 (58))."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from carextract.find.article import Article
from carextract.find.paragraphs import Paragraph
from carextract.find.tables import Cell, Row, Table
from carextract.find.toxicities.arms import (
    Arm,
    arm_of,
    in_arm,
    is_empty,
    names_sizes,
    possible,
    sizes_in,
)
from carextract.find.toxicities.composing import Composer
from carextract.find.toxicities.heads import (
    Head,
    grade_in,
    is_bare_grade,
    read_head,
    without_timing,
)
from carextract.find.toxicities.items import Item
from carextract.find.toxicities.patients import (
    is_middle,
    is_named_patient,
    is_of_all,
    is_patient,
    names_patients,
    patient_column,
    patient_columns,
)
from carextract.tracked import Span

Piece = tuple[str, Cell | None]
"""Part of the line that a cell is read as: its text, and where that stands if it is printed."""

_WHOLE, _NUMBER = re.compile(r"\d{1,3}"), re.compile(r"\d{1,3}(?:\.\d+)?")
_GRADE_COLUMN = re.compile(
    r"(?<!any )(?<!all )(?<!all-)(?<!any-)grade|(?<![何各意有全])(?<!任一)[级級]", re.I
)
_EVENT_COLUMN = re.compile(
    r"(?:adverse |toxic )?(?:events?|toxicit(?:y|ies)|reactions?|complications?|(?:TE)?AEs?)"
    r"(?: term| type)?|(?:不良|毒性|毒副)?(?:事件|反应|毒性)(?:名称|类型)?|并发症",
    re.I,
)
# Rows of it say what those with the event are like, or had beside it.
_TRAIT_COLUMN = re.compile(
    r"(?:baseline |patient |clinical )?(?:characteristics?|variables?|parameters?|markers?|factors?"
    r"|features?)|(?:临床|基线)?(?:特征|变量|参数|指标|因素|资料)",
    re.I,
)
# –, did not occur; "-" = none; —：无. A dash for what was not done or not told is none of these.
_NOUGHT = re.compile(
    r"(?:^|[;；,，。.:：(（\s])[\"“‘'「]?(?P<dash>[-–—−])[\"”’'」]?\s*"
    r"(?:[,，:：=＝]|表示|代表|为|(?:indicate|denote|mean|represent)s?\b)\s*"
    r"(?:did not occur|no occurrence|not (?:observed|seen|present|experienced)|no events?|none"
    r"|absent|(?:无|未发生|未出现|未见|没有)(?:发生|出现|该?(?:不良)?事件|CRS|ICANS)?)(?=\s*(?:[;；,，.。)）]|$))",
    re.I,
)
# A column of what was done about an event.
_TREATED = re.compile(
    r"(?:CRS|ICANS|syndrome|综合征)\W{0,3}(?:treatment|therapy|management|intervention|medication"
    r"|处置|处理|治疗|干预|用药)"
    r"|(?:treatment|management|therapy|drugs?|tocilizumab|steroids?)\b.{0,8} (?:of|for) ",
    re.I,
)
_NOTES = 3  # lines below a table that may say what its signs mean
# 3 (1-7), 2 ± 1: a middle and what lies around it
_SPREAD = re.compile(r"\d\s?±|\d\s?[(（\[]\s?\d+(?:\.\d+)?\s?(?:[-–—~～;；]|[,，]\s?|to )\s?\d")


def table_items(table: Table, composer: Composer, article: Article) -> Iterator[Item]:
    """A cell is read as a line: the head of its row, the head of its column, the cell itself.

    A row of grades alone is of the event that the last row before it with another head names, as is
    a row without a head in a table with a column of grades.
    """
    yield from _Reader(table, composer, article).items()


class _Reader:
    """A table, row by row: what its columns hold, the sizes of its arms, and the event above."""

    def __init__(self, table: Table, composer: Composer, article: Article) -> None:
        self.composer = composer
        self.lexicon = article.paragraphs[0].lexicon
        self.table = table
        self.heads = [self._head(cell) for cell in table.header]
        self.patient = patient_column(table)
        self.patients = patient_columns(table.header)
        self.sizes = [i for i, cell in enumerate(table.header) if i and names_sizes(cell)]
        grades = [i for i, head in enumerate(self.heads) if i and head.gives_grades]
        if self.heads[0].lists_grades:
            grades.insert(0, 0)
        self.grades = grades[0] if len(grades) == 1 else None
        self.arms = {i: head.arm for i, head in enumerate(self.heads) if i and head.arm}
        self.of_traits = _is(_TRAIT_COLUMN, table.header[0]) or any(
            head.by_event for head in self.heads[1:]
        )
        events = [i for i, cell in enumerate(table.header) if i and _is(_EVENT_COLUMN, cell)]
        self.events = events[0] if len(events) == 1 else None
        self.noughts = _noughts(table, article)
        self.above: Head | None = self.heads[0] if self.heads[0].named else None
        self.arm_above: Head | None = None
        # CRS | ICANS: the first column holds what each row had of its event, and is no label.
        first, others = self._events(table.header[0]), map(self._events, table.header[1:])
        self.unlabelled = bool(first) and any(events - first for events in others)

    def items(self) -> Iterator[Item]:
        """What the rows say; nothing where they have no label to say whose it is."""
        if self.unlabelled:
            return
        for row in self.table.rows:
            sizes = sizes_in(row)
            if sizes is not None:
                self.arms |= sizes
            elif self.events is not None:
                yield from self._row_with_event(row, self.events)
            else:
                yield from self._row_with_label(row)

    def _row_with_label(self, row: Row) -> Iterator[Item]:
        """A row whose label, or whose columns, name the event."""
        label, under = self._head(row[0]), None
        if self.grades == 0:
            label = self.heads[0]
        elif self._goes_on(row) and self.above is not None:
            label = self.above
        elif self.composer.is_grade(self._block(row[0].text)):
            under = self.above
        elif not is_empty(row[0]):
            self.above = label
        yield from self._row(row, label, label, under)

    def _row_with_event(self, row: Row, column: int) -> Iterator[Item]:
        """A row whose label is an arm or a patient, and whose event stands in a column."""
        self.arm_above = self.arm_above if is_empty(row[0]) else self._head(row[0])
        event = self._head(row[column])
        if self._goes_on(row) and is_empty(row[column]) and self.above is not None:
            event = self.above
        self.above = event
        label = self.arm_above
        if label is None or label.named or not event.is_a_name:
            yield from self._row_with_label(row)
        elif self.patient is None:
            yield from self._row(row, label, event, None, first=column + 1)
        elif self.grades is not None:
            yield from self._cell(row, self.grades, label, event, None, None)

    def _goes_on(self, row: Row) -> bool:
        """Whether a row has a grade and no label: it is of the event of the row above."""
        return self.grades is not None and is_empty(row[0]) and not is_empty(row[self.grades])

    def _row(
        self, row: Row, label: Head, event: Head, under: Head | None, *, first: int = 1
    ) -> Iterator[Item]:
        """What the cells of a row say; with their grade, where a column gives it."""
        columns = [i for i in range(first, len(row)) if i != self.grades or not event.named]
        if event.named and self.grades is not None:
            grade = None if is_empty(row[self.grades]) else row[self.grades]
            graded = [
                item for i in columns for item in self._cell(row, i, label, event, None, grade)
            ]
            if graded:
                yield from graded
                return
            columns = [*range(first, len(row))]
        for index in columns:
            yield from self._cell(row, index, label, event, under, None)

    def _cell(
        self,
        row: Row,
        index: int,
        label: Head,
        event: Head,
        under: Head | None,
        grade: Cell | None,
    ) -> Iterator[Item]:
        """What a cell says, with its percentage beside it, if one of its heads names the event:
        that of its row (``event``, most often the label), or of its column, or the one above."""
        cell, head = row[index], self.heads[index]
        if not cell.text.strip() or (index > 1 and head.is_percent_of(self.heads[index - 1])):
            return
        named = [part for part in (event, head) if part.named]
        if not named and under is not None and under.named:
            named = [under]
        if len(named) != 1:
            return
        others = [part for part in (event, head) if part is not named[0]]
        grades = self._grades(named[0], others, grade)
        if grades is None or not self._holds_patients(named[0], others):
            return
        if self.of_traits and named[0] is head and not grades:
            return
        pieces: list[Piece] = [(named[0].said.text, named[0].said), (" | ", None), *grades]
        cell_at = sum(len(text) for text, _ in pieces)
        if cell.text.strip() in self.noughts and self._counts_or_grades(named[0], head):
            pieces.append(("0", cell))
        else:
            pieces += self._amount(row, index)
        pieces.append(("；", None))  # a cell ends what it says
        one = self._is_of_one(row, index, label, named[0])
        bare = self._bare(named[0], others, head, event, of_one=one)
        if not one and self._is_of_some(row, cell, bare):
            return
        if bare != "percent" and _SPREAD.search(cell.text):
            return
        block = self._block("".join(text for text, _ in pieces))
        arm = None if one else self._arm(row, index, label, named[0])
        for item in self.composer.read_cell(block, of_one=one, bare=bare):
            if item.end > cell_at:
                yield from _placed(item, pieces, arm, is_graded=_says_grade(named[0], others))

    def _grades(
        self, named: Head, others: Sequence[Head], grade: Cell | None
    ) -> list[Piece] | None:
        """The pieces that give the grade: of the column of grades, of the head that does not name
        the event, or of that and the corner beside it together (Grade, 2). None where two do. A
        label is read whole: a name in it that is not known may be that of another event."""
        said = [part.grade if part in self.heads else part.said for part in others if part.grade]
        if len(said) + (grade is not None) + named.graded > 1:
            return None
        if grade is not None:
            pieces = grade_in(grade)
            line = self._block("".join(text for text, _ in pieces))
            return [*pieces, (" | ", None)] if self.composer.grades(line) else None
        if said:
            return [*grade_in(said[0]), (" | ", None)]
        label, corner = others[0].cell, self.table.header[0]
        in_column = len(others) == 1 and others[0] not in self.heads
        if not in_column and self.heads[0].gives_grades and is_bare_grade(label):
            return [*grade_in(label), (" | ", None)]
        if in_column and self.composer.grades(self._block(f"{corner.text} {label.text}")):
            return [(corner.text, corner), (" ", None), (label.text, label), (" | ", None)]
        return []

    def _holds_patients(self, named: Head, others: Sequence[Head]) -> bool:
        """Whether the figures can be of patients with the event, as far as the heads say."""
        heads = (named, *others, self.heads[0])
        if any(part.percent_stands_first for part in heads):
            return False
        in_column = named in self.heads[1:]
        if in_column and (named.other_matter or _TREATED.search(named.cell.text)):
            return False
        return not any(part.other_matter or names_patients(part.cell) for part in others)

    @staticmethod
    def _counts_or_grades(named: Head, head: Head) -> bool:
        """Whether a cell can only say how many had the event, or how severe it was: no dash below
        *CRS treatment*, or beside CRS below *Management*, says that there was none."""
        return named.plain and (head.plain or head.arm is not None) and not head.other_matter

    def _amount(self, row: Row, index: int) -> list[Piece]:
        """What stands in a cell, with the percentage in the next column in brackets behind it."""
        cell = row[index]
        whole: list[Piece] = [(without_timing(cell.text), cell)]
        after = index + 1
        if after >= len(row) or not self.heads[after].is_percent_of(self.heads[index]):
            return whole
        share = row[after]
        if not (_WHOLE.fullmatch(cell.text) and _NUMBER.fullmatch(share.text.rstrip(" %％"))):
            return whole
        number = Cell(share.text.rstrip(" %％"), share.start)
        return [*whole, (" (", None), (number.text, number), (")", None)]

    def _is_of_one(self, row: Row, index: int, label: Head, named: Head) -> bool:
        """Whether a cell is of one patient: a row a patient, a column a patient, a study of one."""
        if self.patient is not None and is_patient(row[self.patient]):
            return True
        if index in self.patients or is_named_patient(label.cell):
            return True
        return named is self.heads[index] and any(row[i].text.strip() == "1" for i in self.sizes)

    def _is_of_some(self, row: Row, cell: Cell, bare: str) -> bool:
        """Whether a bare figure stands in a row of some patients among rows of one (1-3): it may be
        their grade or their number. In that of their median it is none of both."""
        if self.patient is None or not _NUMBER.fullmatch(cell.text.strip()):
            return False
        label = row[self.patient]
        return is_middle(label) or (bare == "count" and not is_of_all(label))

    def _arm(self, row: Row, index: int, label: Head, named: Head) -> Arm | None:
        """The arm that a cell is of, if just one size is said: by the column, by its own row, or in
        a column of sizes."""
        arms = [self.arms.get(index), label.arm]
        if named is self.heads[index] and len(self.sizes) == 1:
            arms.append(arm_of(row[self.sizes[0]]))
        known = [arm for arm in arms if arm is not None]
        return known[0] if len({arm.patients for arm in known}) == 1 else None

    def _bare(
        self, named: Head, others: Sequence[Head], head: Head, event: Head, *, of_one: bool
    ) -> str:
        """What a number alone in a cell is, by the first head that says so (CRS, % or CRS grade)
        and by the other head (maximum grade)."""
        said = [part.says_percent for part in (head, event, named, self.heads[0])]
        if next((percent for percent in said if percent is not None), False):
            return "percent"
        highest = any(
            not part.grade and _GRADE_COLUMN.search(part.cell.text) is not None for part in others
        )
        graded = highest or _GRADE_COLUMN.search(named.cell.text)
        return "grade" if of_one or graded else "count"

    def _events(self, cell: Cell) -> set[object]:
        """The events that a cell names."""
        tokens = self.composer.tokens(self._block(cell.text))
        return {token.value for token in tokens if token.kind == "EVENT"}

    def _head(self, cell: Cell) -> Head:
        return read_head(cell, self.composer, self.lexicon)

    def _block(self, text: str) -> Paragraph:
        return Paragraph(text, 0, self.lexicon)


def _noughts(table: Table, article: Article) -> frozenset[str]:
    """The dashes that the caption or a note below the table defines as none."""
    after = table.lines[-1] + 1
    notes = [block.text for block in article.paragraphs[after : after + _NOTES]]
    said = (found["dash"] for text in (table.caption, *notes) for found in _NOUGHT.finditer(text))
    return frozenset(said)


def _is(form: re.Pattern[str], cell: Cell) -> bool:
    """Whether a cell says just this."""
    return form.fullmatch(cell.text.strip()) is not None


def _says_grade(named: Head, others: Sequence[Head]) -> bool:
    """Whether the heads say a grade, which what is read must then have."""
    return named.graded or any(part.graded for part in others)


def _placed(
    item: Item, pieces: Sequence[Piece], arm: Arm | None, *, is_graded: bool
) -> Iterator[Item]:
    """An item of a cell with its evidence and the size of its arm, if it can be right."""
    claim = item.claim
    if not possible(claim) or (is_graded and not claim.graded):
        return
    in_its_arm = in_arm(claim, arm) if arm else claim
    if in_its_arm is None:
        return
    spans = list(_spans(item, pieces))
    if arm and in_its_arm.total != claim.total:
        size = Span(arm.cell.start, arm.cell.end)
        if not any(span.start <= size.start and size.end <= span.end for span in spans):
            spans.append(size)
    yield replace(item, claim=in_its_arm, spans=tuple(spans))


def _spans(item: Item, pieces: Sequence[Piece]) -> Iterator[Span]:
    """The pieces of the cell and its heads that an item was read from, the cell first."""
    found, at = [], 0
    for text, part in pieces:
        first, last = max(item.start - at, 0), min(item.end - at, len(text))
        if part is not None and first < last:
            found.append(Span(part.start + first, part.start + last))
        at += len(text)
    yield from reversed(found)
