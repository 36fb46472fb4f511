"""What the place of a number says of its trial: a cell, a row, a record or a sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from carextract.find.article import Article
from carextract.find.tables import Row
from carextract.find.trials.details import Detail, Line, read_cell, read_sentence, tokens_within
from carextract.find.trials.numbers import Mention
from carextract.find.trials.rows import Columns, header_columns, is_prose, is_row, read_row
from carextract.grammar.lexicon import tokenise
from carextract.rules import KindRules

_RECORD = re.compile(r'\s*[{\[]?\s*"[^"]{1,40}"\s*:')
_PAIR = re.compile(r'"(?P<key>[^"]{1,40})"\s*:\s*"(?P<value>[^"]{0,300})"')
_CSV_CELL = re.compile(r'(?:"(?P<quoted>(?:[^"]|""){0,4000})"?|(?P<plain>[^,"]{0,400}))(?:,|$)')
_FEWEST_COMMAS = 6
_STATUS = re.compile(r"[A-Z]+(?:_[A-Z]+)*")
_CODED_PHASES = re.compile(r"(?:(?:EARLY_)?PHASE\d(?:\|PHASE\d)?|NA|N/A|)")
_FARTHEST_HEADER, _COLUMNS_NAMED = 80, 3


class Places:
    """The lines, tables and mentions of an article, to be asked about one mention at a time."""

    def __init__(self, article: Article, mentions: Sequence[Mention], rules: KindRules) -> None:
        self._paragraphs = article.paragraphs
        self._starts = [paragraph.start for paragraph in article.paragraphs]
        self._lexicon = rules.lexicon or article.paragraphs[0].lexicon
        self._lines: dict[int, Line] = {}
        self._mentions: dict[int, list[Mention]] = {}
        for mention in mentions:
            self._mentions.setdefault(self._index(mention.start), []).append(mention)
        self._cells = dict(self._aligned_rows(article))

    def details(self, mention: Mention) -> tuple[Detail, ...]:
        """The fields that the place of a mention gives, each once, in the order of the text.

        A line that names the same trial twice, as a link does, is read once.
        """
        index = self._index(mention.start)
        if any(other.id == mention.id for other in self._before(index, mention)):
            return ()
        fields: dict[str, Detail] = {}
        for detail in self._read(index, mention):
            fields.setdefault(detail.field, detail)
        return tuple(sorted(fields.values(), key=lambda detail: detail.start))

    def _read(self, index: int, mention: Mention) -> Iterator[Detail]:
        line, mentions = self._line(index), self._mentions[index]
        if len({other.id for other in mentions}) > 1:
            return iter(()) if index in self._cells else read_sentence(line, mention, mentions)
        if index in self._cells:
            return _under_header(line, *self._cells[index])
        if _RECORD.match(line.text):
            return _record(line)
        if mention.start == line.start and line.text.count(",") >= _FEWEST_COMMAS:
            return _export(line)
        if not is_prose(line.text):
            columns = self._header(index)
            if is_row(line, mentions, columns):
                return read_row(line, mentions, columns)
        return read_sentence(line, mention, mentions)

    def _before(self, index: int, mention: Mention) -> Iterator[Mention]:
        return (other for other in self._mentions[index] if other.start < mention.start)

    def _index(self, place: int) -> int:
        return bisect_right(self._starts, place) - 1

    def _line(self, index: int) -> Line:
        if index not in self._lines:
            paragraph = self._paragraphs[index]
            tokens = tokenise(self._lexicon, paragraph.text)
            self._lines[index] = Line(paragraph.text, paragraph.start, tuple(tokens))
        return self._lines[index]

    def _header(self, index: int) -> Columns | None:
        """The columns of the line that heads the lines before a row; None where there is none."""
        for at in range(index - 1, max(-1, index - _FARTHEST_HEADER), -1):
            if is_prose(self._paragraphs[at].text):
                return None
            columns = () if at in self._mentions else header_columns(self._line(at))
            if len({column for column in columns if column}) >= _COLUMNS_NAMED:
                return columns
        return None

    def _aligned_rows(self, article: Article) -> Iterator[tuple[int, tuple[Columns, Row]]]:
        """The rows of tables whose cells are set apart by more than a space, with their columns."""
        for table in article.tables:
            named = self._mentions.keys() & set(table.lines[1:])
            if named and _set_apart(article.text, table.header):
                columns = [self._column(cell.start, cell.end) for cell in table.header]
                for index, row in zip(table.lines[1:], table.rows, strict=True):
                    yield index, (columns, row)

    def _column(self, start: int, end: int) -> str | None:
        """The field that a cell of a header names."""
        line = self._line(self._index(start))
        tokens = tokens_within(line, start - line.start, end - line.start)
        names = [token for token in tokens if token.kind == "TRIAL_COLUMN"]
        return str(max(names, key=lambda name: name.end - name.start).value) if names else None


def _set_apart(text: str, header: Row) -> bool:
    return any(text[left.end : right.start] != " " for left, right in pairwise(header))


def _read(field: str, line: Line, start: int, end: int) -> Iterator[Detail]:
    detail = read_cell(field, line, start, end)
    if detail:
        yield detail


def _under_header(line: Line, columns: Columns, row: Row) -> Iterator[Detail]:
    for column, cell in zip(columns, row, strict=False):
        if column not in (None, "number"):
            start = cell.start - line.start
            yield from _read(column, line, start, start + len(cell.text))


def _record(line: Line) -> Iterator[Detail]:
    """A JSON record: the values of the keys that name a field."""
    for pair in _PAIR.finditer(line.text):
        key = tokens_within(line, *pair.span("key"))
        if len(key) == 1 and key[0].kind == "TRIAL_COLUMN" and key[0].value != "number":
            yield from _read(str(key[0].value), line, *pair.span("value"))


def _export(line: Line) -> Iterator[Detail]:
    """A line of the ClinicalTrials.gov export: number, title, status, phase, conditions,
    interventions, start, completion and more, the country among it."""
    cells = [
        match.span("quoted") if match["quoted"] is not None else match.span("plain")
        for match in _CSV_CELL.finditer(line.text)
    ]
    texts = [line.text[start:end] for start, end in cells]
    phase = next((n for n in range(3, min(8, len(texts))) if _is_phase_cell(texts, n)), None)
    if phase is None:
        return
    for field, (start, end) in zip(
        ("phase", "condition", "intervention", "start_date"), cells[phase:], strict=False
    ):
        yield from _read(field, line, start, end)
    for start, end in cells[phase + 4 : phase + 10]:
        if _names_countries(line, start, end):
            yield from _read("country", line, start, end)


def _names_countries(line: Line, start: int, end: int) -> bool:
    """Whether a cell holds the names of countries and nothing else."""
    tokens = tokens_within(line, start, end)
    named = sum(token.end - token.start for token in tokens if token.kind == "COUNTRY")
    return bool(named) and named >= sum(map(str.isalpha, line.text[start:end]))


def _is_phase_cell(texts: Sequence[str], at: int) -> bool:
    """Whether a cell of an export is the phase: the recruiting status stands before it."""
    return bool(_CODED_PHASES.fullmatch(texts[at]) and _STATUS.fullmatch(texts[at - 1]))
