"""Finding SLEDAI scores: what the rules read in paragraphs and tables, put to its course."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from carextract.find.article import Article
from carextract.find.facts import Fact, Remark
from carextract.find.paragraphs import Paragraph
from carextract.find.sledai.course import Course
from carextract.find.sledai.patients import patients_of
from carextract.find.sledai.reach import Listed, Place, Reach
from carextract.find.sledai.readings import Reading, take
from carextract.find.sledai.records import Date, Source, Time
from carextract.find.sledai.tables import read_table
from carextract.find.sledai.visits import Visit, last_date, times_of, visit_of
from carextract.find.statements import Statement, statements
from carextract.find.tables import is_row_of_figures
from carextract.grammar.tokens import Token
from carextract.rules import KindRules
from carextract.tracked import Span

# A line of at most so many characters that names a visit heads what follows.
_HEADING = 40
# A paragraph of at most so many characters is a line of a list or of a time line.
_LINE = 80
# A name this close behind a pair names it: "fell from 16 to 0 on the SLEDAI".
_CLOSE = 12
# What a measure listed behind the index comes to: 14分、3.2 g; 15 and 20 mg.
_WITH_UNIT = re.compile(
    r"\s?(?:[、,，和及与]|and\s)\s?\d{1,4}(?:\.\d{1,4})?\s?[%a-zμ\u4e00-\u9fff]", re.I
)
# A calendar date is felt over so many characters of its sentence.
_DATE_REACH = 200
_PERSON = re.compile(
    r"\b(?:s?he|they|both|one|all|patients?|the (?:older|elder|younger|first|second|former|latter|"
    r"(?:sister|brother|twin|boy|girl|wom[ae]n|m[ae]n|child)\w*))\b|患者|病人|[姐妹兄弟她他]|[前后两二]者|[两二]人",
    re.I,
)
_ENDS = frozenset({"STOP", "COMMA", "SEMICOLON", "TIME", "TIMES", "FOLLOWUP", "AFTER", "BASELINE"})
_LEADS_ON = frozenset({"COMMA", "FOLLOWUP", "AFTER", "TIME", "STATISTIC"})
_TIMES = frozenset({"TIME", "TIMES"})
_ENDS_TIMES = frozenset({"STOP", "VALS", "ZEROED"})
_JOINTS = frozenset({"COMMA", "AND"})
_PAIRED = frozenset({"VALS", "FROM", "TO", "ARROW", "AND", "COMMA", "SUBJECT", "TIME", "FELL"})


def find_sledai(article: Article, rules: KindRules) -> Iterator[Fact | Remark]:
    """The SLEDAI scores of an article."""
    awake = frozenset(article.awake(rules))
    if not awake:
        return
    course = Course()
    tabled: set[int] = set()
    for number, table in enumerate(article.tables):
        if not awake.isdisjoint(_lines(table.lines)):
            tabled |= read_table(article, table, number, rules, course)
    reader = _Reader(rules, course)
    for index, paragraph in enumerate(article.paragraphs):
        if index in tabled or is_row_of_figures(paragraph.text):
            continue
        if index in awake:
            reader.read(paragraph)
        elif len(paragraph.text) <= _HEADING:
            reader.read_heading(paragraph)
    yield from course.facts()


def _lines(lines: tuple[int, ...]) -> tuple[int, ...]:
    """The lines of a table with the one above it, which may be its caption."""
    return (max(0, lines[0] - 1), *lines)


class _Reader:
    """Walks through the paragraphs."""

    def __init__(self, rules: KindRules, course: Course) -> None:
        self.rules = rules
        self.course = course
        self._reach = Reach()
        self._heading: Visit | None = None
        self._going_on = 0

    def read_heading(self, paragraph: Paragraph) -> None:
        """A short line such as 第4周 says when the scores under it were taken."""
        visit = visit_of(paragraph.view(self.rules).tokens, paragraph.text)
        self._heading = visit or self._heading

    def read(self, paragraph: Paragraph) -> None:
        """The statements of a paragraph that is about the index."""
        seen = paragraph.view(self.rules)
        places = self._reach.places(seen.tokens)
        retreated = [t.start for t in seen.tokens if t.kind == "AGAIN_TREATED"]
        studies = [i for i, token in enumerate(seen.tokens) if token.kind == "STUDY"]
        for statement in statements(seen, self.rules):
            while retreated and retreated[0] < statement.start:
                retreated.pop(0)
                self.course.course_again()
            reading = self._reading(statement, paragraph, places)
            if reading is None:
                continue
            while studies and studies[0] < statement.match.first:
                if places[studies.pop(0)].sentence == reading.source.sentence:
                    self.course.another_study()
            take(reading, self.course)
        self.course.end_paragraph(line=len(paragraph.text) <= _LINE)

    def _reading(
        self, statement: Statement, paragraph: Paragraph, places: list[Place]
    ) -> Reading | None:
        """A statement with what is in force on its first score; None where it is no SLEDAI."""
        first = _first_score(statement)
        if first is None:
            return None
        place = places[first]
        listed, told_apart = place.listed, _told_apart(statement, place.listed, paragraph.text)
        date = _date_of(statement, first, paragraph.text)
        stated = (
            _stated(statement)
            or _placed(statement, listed, told_apart)
            or _dated_anew(statement, date)
        )
        if statement.rule.set.get("cell") and not stated:
            return None
        instrument = place.instrument
        if instrument is None and not place.closed:
            instrument = _named_inside(statement) or _named_after(statement)
        if instrument is None or place.defined:
            return None
        if _goes_on(statement, place, paragraph.text):
            self._going_on = place.sentence
        told = place.named or place.sentence == self._going_on or _pointed(statement)
        if place.instrument and not told:
            return None
        if listed and not told_apart and not listed.last:
            return None
        if not told_apart or any(len(token.value) == 1 for token in _values(statement)):
            listed = None
        if place.target and statement.one("values") and not _dated(statement):
            return None
        span = Span(paragraph.start + statement.start, paragraph.start + statement.end)
        begin = statement.view.tokens[first].start
        patients = patients_of(paragraph, begin, statement.end, place.subject)
        source = Source(
            statement.rule.id,
            span,
            place.sentence,
            instrument,
            place.subject,
            patients,
            date[1] if date else None,
        )
        opening = [place.opening] if place.opening is not None else []
        visit = visit_of(opening, paragraph.text) or self._heading
        times = _times_before(statement, places, paragraph.text)
        return Reading(statement, source, paragraph.text, visit, place.later, times, listed)


def _values(statement: Statement) -> list[Token]:
    """The lists of scores of a statement."""
    tokens = statement.view.tokens[statement.match.first : statement.match.last]
    return [token for token in tokens if token.kind == "VALS"]


def _placed(statement: Statement, listed: Listed | None, told_apart: bool) -> bool:
    """Whether a score alone is the index's by its place in a list: each measure has its value, or
    the index came last and its points tell: 年龄、SLEDAI评分分别为32岁、14分."""
    return listed is not None and (told_apart or (listed.last and _pointed(statement)))


def _date_of(statement: Statement, first: int, text: str) -> tuple[int, Date] | None:
    """The calendar date that the sentence names last before the first score of a statement."""
    start = statement.view.tokens[first].start
    begin = _end_of_last(statement, first, frozenset({"STOP"}))
    return last_date(text, max(begin, start - _DATE_REACH), start)


def _end_of_last(statement: Statement, first: int, kinds: frozenset[str]) -> int:
    """Where the last token of these kinds before token ``first`` ends, as far as a date reaches."""
    tokens = statement.view.tokens
    for index in range(first - 1, max(-1, first - 1 - _DATE_REACH), -1):
        if tokens[index].kind in kinds:
            return tokens[index].end
    return 0


def _dated_anew(statement: Statement, date: tuple[int, Date] | None) -> bool:
    """Whether a score alone stands with points, or behind "it", and a date that is its own."""
    first = statement.match.first
    before = statement.view.tokens[first - 1] if first else None
    if date is None or before is None:
        return False
    spoken = before.kind == "PRONOUN" or _pointed(statement)
    return spoken and _end_of_last(statement, first, frozenset({"VALS", "STOP"})) <= date[0]


def _told_apart(statement: Statement, listed: Listed | None, text: str) -> bool:
    """Whether each list of values has one for every measure named; those that stand with a unit
    behind the score, as in 14分、3.2 g, are none of its tokens."""
    if listed is None:
        return False
    first = listed.position == 0
    return all(
        len(token.value) == listed.size
        or (first and len(token.value) == 1 and _WITH_UNIT.match(text, token.end))
        for token in _values(statement)
    )


def _goes_on(statement: Statement, place: Place, text: str) -> bool:
    """Whether a fall right after the sentence that names the index, of somebody and at a visit
    that its own sentence begins with, is that of the index: "By week 12 one of them had
    improved to 5"."""
    kinds = {token.kind for token in statement.view.tokens[statement.match.first :][:2]}
    if not place.follows or place.opening is None or not kinds & {"FELL", "FELL_TO"}:
        return False
    return _PERSON.search(text, place.opening.end, statement.start) is not None


def _first_score(statement: Statement) -> int | None:
    """The index of the first score of a statement."""
    for index in range(statement.match.first, statement.match.last):
        if statement.view.tokens[index].kind in ("VALS", "ZEROED", "SERIES"):
            return index
    return None


def _times_before(statement: Statement, places: list[Place], text: str) -> list[Time | None]:
    """The times named last before a statement, in its sentence and after the score before it; or
    the one that the sentence begins with."""
    tokens = statement.view.tokens
    first = statement.match.first
    named: list[Token] = []
    for index in range(first - 1, -1, -1):
        token = tokens[index]
        if token.kind in _TIMES:
            named.insert(0, token)
        elif token.kind in _ENDS_TIMES or (named and token.kind not in _JOINTS):
            break
    if named:
        return times_of(named, text)
    opening = places[first].opening
    times = times_of([opening], text) if opening is not None else []
    return times if len(times) == 1 else []


def _pointed(statement: Statement) -> bool:
    """Whether a score of the statement stands with its points, as in 4分."""
    tokens = statement.view.tokens[statement.match.first : statement.match.last]
    return any(score.pointed for token in tokens if token.kind == "VALS" for score in token.value)


def _stated(statement: Statement) -> bool:
    """Whether a score alone says itself what it is: "the median was 16", a further change, or what
    so many patients have."""
    scores = [score for token in statement.all("values") for score in token.value]
    return all(score.statistic or score.low < 0 or score.patients for score in scores)


def _dated(statement: Statement) -> bool:
    """Whether scores stand with a visit or with their points."""
    return bool(statement.all("visit")) or _pointed(statement)


def _named_inside(statement: Statement) -> str | None:
    """The index that a statement names behind its score: scored 1 on the SLEDAI-2K."""
    tokens = statement.view.tokens[statement.match.first : statement.match.last]
    return next((str(token.value) for token in tokens if token.kind == "SCORE"), None)


def _named_after(statement: Statement) -> str | None:
    """The index that a sentence names right behind its pairs or changes, as in "one from 14 to 2
    and one from 20 to 6 on the SLEDAI"; one that has scores of its own behind it does not count."""
    tokens = statement.view.tokens
    if statement.rule.set.get("early"):
        return _named_next(tokens[statement.match.last :])
    if statement.one("values"):
        return None
    for index in range(statement.match.last, len(tokens)):
        token = tokens[index]
        if token.kind == "SCORE":
            close = token.start - tokens[index - 1].end <= _CLOSE
            ends = index + 1 == len(tokens) or tokens[index + 1].kind in _ENDS
            return str(token.value) if close and ends else None
        if token.kind not in _PAIRED:
            return None
    return None


def _named_next(tokens: Sequence[Token]) -> str | None:
    """The index with which a sentence goes on that begins with what is compared with: "Compared
    with baseline (14.5), the SLEDAI was lower"."""
    for token in tokens:
        if token.kind == "SCORE":
            return str(token.value)
        if token.kind not in _LEADS_ON:
            return None
    return None
