"""SLEDAI scores in tables: a column that names the index, or a row that does.

In a table with a patient or a study a row, the columns say when; in one with groups side by side,
the rows do; and where the columns are visits, the row is the index.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from carextract.find.article import Article
from carextract.find.paragraphs import Paragraph
from carextract.find.sledai.course import Course
from carextract.find.sledai.readings import Reading, take
from carextract.find.sledai.records import Source
from carextract.find.sledai.visits import Visit, abbreviated_visit, visit_of
from carextract.find.statements import statements
from carextract.find.tables import Cell, Table
from carextract.grammar.readers import Score
from carextract.grammar.tokens import Token, View, filler_weight
from carextract.rules import KindRules
from carextract.tracked import Span

# A column of these holds no scores, whatever the row; a head with one of the others is not about
# the scores themselves.
_STATISTICS = frozenset({"PROPORTION", "PROBABILITY"})
_NOT_SCORES = _STATISTICS | {"OTHER", "DEFINES", "THRESHOLD"}
_NO_ROW = frozenset({"TARGET", "DEFINES", "PROBABILITY"})
_NOT_VALUES = frozenset({"MEASURE", "THRESHOLD", "OTHER", "DEFINES"})
_VISITS = frozenset({"BASELINE", "FOLLOWUP", "EARLIER", "AFTER", "TIME", "TIMES"})
_NAMES_SCORE = frozenset({"SCORE", "STATISTIC"})
_BESIDE = frozenset({"STATISTIC", "COMMA", "SEMICOLON", "AGAIN"})
# So much filler is a word, which tells of something else.
_WORD = 1.5
# Under such a head may stand how long patients were followed.
_HOW_LONG = re.compile(r"\W*(?:follow(?: |-)?up|FU|随访|追踪)\W*", re.I)
_P = re.compile(r"\W*P\W*", re.I)
_BOTH_ENDS = re.compile(r"\s*(\d{1,2}(?:\.\d+)?)\s*/\s*(\d{1,2}(?:\.\d+)?)\s*")


@dataclass(frozen=True, slots=True)
class _Head:
    """What a header cell or a row label says; ``bare``: no more than when something was taken."""

    instrument: str | None
    visit: Visit | None
    barred: bool
    statistics: bool
    change: bool
    both: bool
    bare: bool


@dataclass(slots=True)
class _Reader:
    """Reads one table; every row or column is a subject of its own."""

    article: Article
    table: Table
    name: str
    rules: KindRules
    course: Course

    def view(self, cell: Cell) -> View:
        """The tokens of a cell."""
        lexicon = self.article.paragraphs[self.table.lines[0]].lexicon
        return Paragraph(cell.text, cell.start, lexicon).view(self.rules)

    def short_head(self, cell: Cell) -> _Head:
        """What a head is about that may say its visit short: BL, 后 Post (M6), Last FU. The label
        of a patient may look like one."""
        head = self.head(cell)
        if head.bare and head.visit is not None:
            return head
        text = cell.text
        for token in self.view(cell).tokens:
            if token.kind in _NAMES_SCORE:
                text = text[: token.start] + " " * (token.end - token.start) + text[token.end :]
        visit = abbreviated_visit(text)
        return head if visit is None else replace(head, visit=visit, both=False, bare=True)

    def head(self, cell: Cell) -> _Head:
        """What a header cell or a row label is about."""
        tokens = self.view(cell).tokens
        kinds = {token.kind for token in tokens}
        named = [str(token.value) for token in tokens if token.kind == "SCORE"]
        early = bool(kinds & {"BASELINE", "EARLIER"})
        late = bool(kinds & {"FOLLOWUP", "AFTER", "TIME"})
        return _Head(
            named[-1] if named else None,
            visit_of(tokens, cell.text),
            bool(kinds & _NOT_SCORES),
            bool(kinds & _STATISTICS),
            bool(kinds & {"CHANGE", "FALL", "FELL"}),
            (early and late) or "ARROW" in kinds,
            kinds <= _VISITS | _BESIDE
            and _filler(tokens, cell) < _WORD
            and not _HOW_LONG.fullmatch(cell.text),
        )

    def is_of_another(self, label: Cell, *, of_caption: bool) -> bool:
        """Whether a row holds no scores of patients: thresholds, P values or, where only the
        caption names the index, another measure."""
        tokens = self.view(label).tokens
        if any(token.kind in _NO_ROW for token in tokens) or _P.fullmatch(label.text):
            return True
        first = tokens[0] if tokens and not label.text[: tokens[0].start].strip() else None
        return of_caption and first is not None and first.kind == "OTHER"

    def cell(self, cell: Cell, head: _Head, subject: str, instrument: str) -> None:
        """The scores of a cell under a head."""
        seen = self.view(cell)
        kinds = [token.kind for token in seen.tokens]
        if set(kinds) & _NOT_VALUES:
            return
        rule = "sledai.table-cell"
        ends = _BOTH_ENDS.fullmatch(cell.text) if head.both else None
        if ends:
            span = Span(cell.start, cell.end)
            source = Source(rule, span, 0, instrument, subject)
            before, after = (_score(printed) for printed in ends.groups())
            self.course.pairs([before], [after], source, ())
            return
        for statement in statements(seen, self.rules):
            span = Span(cell.start + statement.start, cell.start + statement.end)
            source = Source(statement.rule.id, span, 0, instrument, subject)
            reading = Reading(statement, source, cell.text, head.visit)
            if head.change and statement.one("values"):
                self._change(reading)
            elif statement.one("values") and head.visit is None and not statement.one("visit"):
                self.course.baseline(reading.scores("values"), source)
            else:
                take(reading, self.course)

    def _change(self, reading: Reading) -> None:
        for score in reading.scores("values"):
            if score.low == score.high:
                self.course.change(score.low, None, reading.source)


def read_table(
    article: Article, table: Table, number: int, rules: KindRules, course: Course
) -> set[int]:
    """Put the scores of a table to the course; the indices of the paragraphs that are read so."""
    reader = _Reader(article, table, f"table {number}", rules, course)
    heads = [reader.short_head(cell) for cell in table.header]
    under, first = _second_header(reader, heads)
    columns = _score_columns(reader, heads, under)
    if columns:
        of_caption = not any(head.instrument for head in heads)
        return _read_columns(reader, columns, first, of_caption=of_caption)
    return _read_rows(reader, [low or high for low, high in zip(under, heads, strict=True)], first)


def _second_header(reader: _Reader, heads: Sequence[_Head]) -> tuple[list[_Head | None], int]:
    """The heads of a second header line, all visits, and the row where the data begin."""
    cells = reader.table.rows[0]
    under = [reader.short_head(cell) for cell in cells]
    scores = any(t.kind == "VALS" for cell in cells[1:] for t in reader.view(cell).tokens)
    visits = sum(head.visit is not None for head in under[1:])
    if scores or visits < 2:
        return [None for _ in heads], 0
    return list(under), 1


def _score_columns(
    reader: _Reader, heads: Sequence[_Head], under: Sequence[_Head | None]
) -> dict[int, tuple[_Head, str]]:
    """The columns that hold scores, with their heads; a caption may name the index for visits."""
    columns: dict[int, tuple[_Head, str]] = {}
    current: str | None = None
    for index, head in enumerate(heads):
        low = under[index]
        if head.instrument and not head.barred:
            current = head.instrument
            columns[index] = (low if low and low.visit else head, current)
        elif low is not None and current and not reader.table.header[index].text:
            columns[index] = (low, current)
        elif current and head.bare and (columns[index - 1][0].visit or _times_follow(heads, index)):
            columns[index] = (head, current)
        else:
            current = None
    if columns or not reader.table.caption:
        return columns
    caption = reader.head(Cell(reader.table.caption, 0))
    if caption.instrument is None or caption.barred:
        return {}
    dated = {
        i: (h, caption.instrument) for i, h in enumerate(heads) if i and h.visit and not h.barred
    }
    return dated if any(not h.visit.later for h, _ in dated.values() if h.visit) else {}


def _times_follow(heads: Sequence[_Head], index: int) -> bool:
    """Whether columns that are times alone follow a head without one: SLEDAI | 3 mo | 6 mo."""
    follow = heads[index : index + 2]
    return len(follow) > 1 and all(h.bare and h.visit and h.visit.time for h in follow)


def _read_columns(
    reader: _Reader, columns: dict[int, tuple[_Head, str]], first: int, *, of_caption: bool
) -> set[int]:
    """A patient or a study a row; or a visit a row, where the labels say so. With `of_caption` only
    the caption names the index."""
    labels = [reader.head(row[0]) for row in reader.table.rows]
    visits = sum(label.visit is not None for label in labels) > 1
    for number, row in enumerate(reader.table.rows[first:], first):
        if reader.is_of_another(row[0], of_caption=of_caption):
            continue
        for index, (head, instrument) in columns.items():
            if visits and head.visit is None:
                subject = f"{reader.name} column {index}"
                reader.cell(
                    row[index], replace(head, visit=labels[number].visit), subject, instrument
                )
            else:
                reader.cell(row[index], head, f"{reader.name} row {number}", instrument)
    return set(reader.table.lines)


def _read_rows(reader: _Reader, heads: Sequence[_Head], first: int) -> set[int]:
    """Groups or visits side by side; a label without the index goes on with the one above."""
    lines: set[int] = set()
    section: str | None = None
    dated = sum(head.visit is not None for head in heads[1:]) > 1
    for number, row in enumerate(reader.table.rows[first:], first):
        label = reader.short_head(row[0])
        filled = any(cell.text for cell in row[1:])
        goes_on = section is not None and label.visit is not None and label.bare
        if label.barred or not (label.instrument or goes_on):
            section = label.instrument if label.instrument and not label.barred else None
            continue
        section = label.instrument or section
        if not filled or section is None:
            continue
        for index, cell in enumerate(row[1:], 1):
            head = heads[index]
            if head.statistics:
                continue
            subject = f"{reader.name} row {number}" if dated else f"{reader.name} column {index}"
            reader.cell(cell, head if dated else label, subject, section)
        lines.add(reader.table.lines[number + 1])
    return lines


def _score(printed: str) -> Score:
    value = float(printed) if "." in printed else int(printed)
    return Score(value, value, None, None, False)


def _filler(tokens: Sequence[Token], cell: Cell) -> float:
    """How much of a cell no token explains."""
    ends = [0, *(token.end for token in tokens)]
    starts = [*(token.start for token in tokens), len(cell.text)]
    return sum(filler_weight(cell.text[e:s]) for e, s in zip(ends, starts, strict=True))
