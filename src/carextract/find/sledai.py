"""Finding SLEDAI scores: what the rules read in each paragraph, put to the course of the score."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from carextract.find.article import Article
from carextract.find.facts import Fact, Remark
from carextract.find.paragraphs import Paragraph
from carextract.find.sledai_course import Course, Source, Time, with_statistic
from carextract.find.sledai_reach import Place, Reach
from carextract.find.statements import Statement, statements
from carextract.grammar.readers import Score
from carextract.grammar.tokens import Token
from carextract.rules import KindRules
from carextract.tracked import Span

_BEFORE = frozenset({"BASELINE", "EARLIER"})
_LATER = frozenset({"FOLLOWUP", "AFTER", "TIME", "TIMES"})
_FALLS = frozenset({"FELL", "FALL"})
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_UNIT = re.compile(r"(day|week|month|year|天|日|周|月|年)")
_UNIT_NAMES = {"天": "day", "日": "day", "周": "week", "月": "month", "年": "year"}
# A line of at most so many characters that names a visit heads what follows.
_HEADING = 40
# A name this close behind a pair names it: "fell from 16 to 0 on the SLEDAI".
_CLOSE = 12


def find_sledai(article: Article, rules: KindRules) -> Iterator[Fact | Remark]:
    """The SLEDAI scores of an article."""
    if not any(paragraph.wakes(rules) for paragraph in article.paragraphs):
        return
    reader = _Reader(rules)
    for paragraph in article.paragraphs:
        if paragraph.wakes(rules):
            reader.read(paragraph)
        elif len(paragraph.text) <= _HEADING:
            reader.read_heading(paragraph)
    yield from reader.course.facts()


class _Reader:
    """Walks through the paragraphs; what it has read is in ``course``."""

    def __init__(self, rules: KindRules) -> None:
        self.rules = rules
        self.course = Course()
        self._reach = Reach()
        self._heading: str | None = None
        self._heading_time: Time | None = None

    def read_heading(self, paragraph: Paragraph) -> None:
        """A short line such as 第4周 says when the scores under it were taken."""
        visits = [t for t in paragraph.view(self.rules).tokens if t.kind in _BEFORE | _LATER]
        if visits:
            self._heading = _role(visits)
            self._heading_time = next(iter(_times(visits, paragraph.text)), None)

    def read(self, paragraph: Paragraph) -> None:
        """The statements of a paragraph that is about the index."""
        seen = paragraph.view(self.rules)
        places = self._reach.places(seen.tokens)
        retreated = [t.start for t in seen.tokens if t.kind == "AGAIN_TREATED"]
        for statement in statements(seen, self.rules):
            while retreated and retreated[0] < statement.start:
                retreated.pop(0)
                self.course.course_again()
            self._take(statement, paragraph, places)
        self.course.end_paragraph()

    def _take(self, statement: Statement, paragraph: Paragraph, places: list[Place]) -> None:
        first = _first_score(statement)
        if first is None:
            return
        place = places[first]
        instrument = place.instrument
        if instrument is None and not place.closed:
            instrument = _named_after(statement)
        if instrument is None or place.defined:
            return
        span = Span(paragraph.start + statement.start, paragraph.start + statement.end)
        source = Source(statement.rule.id, span, place.sentence, instrument, place.subject)
        if not (place.named or instrument != place.instrument or _pointed(statement)):
            return
        text = paragraph.text
        statistic = _statistic(statement)

        def scores(field: str) -> list[Score]:
            return [
                with_statistic(score, statistic)
                for token in statement.all(field)
                if token.kind == "VALS"
                for score in token.value
            ]

        if statement.one("change"):
            self._take_change(statement, scores("change"), scores("before"), source)
        elif any(score.low < 0 for field in ("before", "after", "values") for score in scores(field)):
            return
        elif statement.one("chain"):
            self._take_chain([t.value for t in statement.all("chain")], source)
        elif statement.one("before"):
            self._take_pair(statement, scores("before"), scores("after"), source, text)
        elif statement.one("after"):
            times = _times([t for t in statement.all("when") if t.kind in _LATER], text)
            rise = any(t.kind in ("ROSE", "ROSE_TO") for t in _tokens(statement))
            self.course.followup(scores("after"), source, times, rise=rise)
        elif statement.one("zero"):
            self.course.followup([Score(0, 0, None, None, False)], source, (), rise=False)
        elif statement.one("high"):
            low, high = scores("low")[-1], scores("high")[0]
            self._take_values([replace(low, high=high.high)], [], source, place, text)
        elif statement.one("values"):
            visits = statement.all("visit")
            self._take_values(scores("values"), visits, source, place, text)

    def _take_change(
        self,
        statement: Statement,
        changes: Sequence[Score],
        before: Sequence[Score],
        source: Source,
    ) -> None:
        """A change in points; a fall is negative whether or not a sign is printed."""
        kinds = {token.kind for token in _tokens(statement)}
        sure = kinds & {"BY", "FALL", "CHANGE"} or any(score.pointed for score in changes)
        if not sure:
            return
        for score in changes:
            if score.low != score.high:
                continue
            falls = bool(kinds & _FALLS) and "CHANGE" not in kinds
            change = -abs(score.low) if falls else score.low
            self.course.change(change, before[0] if before else None, source)

    def _take_chain(self, lists: Sequence[tuple[Score, ...]], source: Source) -> None:
        """20 → 8 → 2, or two pairs that share a number list: 18 to 6 and 16 to 4."""
        sizes = [len(scores) for scores in lists]
        if sizes[0] == sizes[-1] == 1 and all(size == 2 for size in sizes[1:-1]):
            flat = [score for scores in lists for score in scores]
            for before, after in zip(flat[::2], flat[1::2], strict=True):
                self.course.pairs([before], [after], source, ())
        elif all(size == 1 for size in sizes):
            for scores in lists[1:]:
                self.course.pairs(lists[0], scores, source, ())

    def _take_pair(
        self,
        statement: Statement,
        before: list[Score],
        after: list[Score],
        source: Source,
        text: str,
    ) -> None:
        """Before and after; two numbers that rise after a bare "to" are the ends of a range."""
        kinds = [token.kind for token in _tokens(statement)]
        if "FROM" not in kinds and "TO" in kinds and len(before) == len(after) == 1:
            low, high = before[0], after[0]
            if low.high < high.low and not {"FELL", "ROSE"} & set(kinds):
                place_visits = statement.all("when")
                self._take_values(
                    [replace(high, low=low.low)], place_visits, source, None, text
                )
                return
        later = statement.all("after")[0].start
        when = [t for t in statement.all("when") if t.kind in _LATER and t.start > later]
        early = [t for t in statement.all("when") if t.kind in _LATER and t.start < later]
        times = _times(when or early, text)
        self.course.pairs(before, after, source, times)

    def _take_values(
        self,
        scores: Sequence[Score],
        visits: Sequence[Token],
        source: Source,
        place: Place | None,
        text: str,
    ) -> None:
        """Scores at visits, in order; scores without a visit take that of the sentence or line."""
        units = _units(visits)
        if len(units) > 1 and len(scores) == sum(map(len, units)):
            flat = [unit for group in units for unit in group]
            for score, unit in zip(scores, flat, strict=True):
                self._take_visit([score], [unit], source, text)
            return
        if visits:
            self._take_visit(scores, [t for t in visits if t.kind in _BEFORE | _LATER], source, text)
            return
        if place is not None and place.target and not any(score.pointed for score in scores):
            return
        opening = place.opening if place is not None else None
        if opening is not None:
            self._take_visit(scores, [opening], source, text)
        elif self._heading == "followup":
            self.course.followup(scores, source, [self._heading_time] * len(scores), rise=False)
        else:
            self.course.baseline(scores, source)

    def _take_visit(
        self, scores: Sequence[Score], visits: Sequence[Token], source: Source, text: str
    ) -> None:
        if _role(visits) == "baseline":
            self.course.baseline(scores, source)
            return
        times = _times([t for t in visits if t.kind in _LATER], text)
        if len(times) == 1:
            times *= len(scores)
        self.course.followup(scores, source, times, rise=False)


def _tokens(statement: Statement) -> Sequence[Token]:
    return statement.view.tokens[statement.match.first : statement.match.last]


def _first_score(statement: Statement) -> int | None:
    """The index of the first score of a statement."""
    for index in range(statement.match.first, statement.match.last):
        if statement.view.tokens[index].kind in ("VALS", "ZEROED"):
            return index
    return None


def _pointed(statement: Statement) -> bool:
    """Whether a score of the statement stands with its points, as in 4分."""
    return any(s.pointed for t in _tokens(statement) if t.kind == "VALS" for s in t.value)


def _named_after(statement: Statement) -> str | None:
    """The index that the words right behind a statement name."""
    tokens, last = statement.view.tokens, statement.match.last
    if last < len(tokens) and tokens[last].kind == "SCORE":
        if tokens[last].start - statement.end <= _CLOSE:
            return str(tokens[last].value)
    return None


def _statistic(statement: Statement) -> str | None:
    """The statistic that the sentence names before or in a statement."""
    for index in range(statement.match.last - 1, -1, -1):
        token = statement.view.tokens[index]
        if token.kind == "STOP":
            return None
        if token.kind == "STATISTIC":
            return str(token.value)
    return None


def _role(visits: Sequence[Token]) -> str:
    """Whether visit words speak of before or after; "12 weeks after baseline" is after."""
    kinds = {token.kind for token in visits}
    return "baseline" if kinds & _BEFORE and "AFTER" not in kinds else "followup"


def _units(visits: Sequence[Token]) -> list[list[Token]]:
    """Visits joined by commas or "and", one list each; 12 and 24 weeks are two."""
    groups: list[list[Token]] = [[]]
    for token in visits:
        if token.kind in ("COMMA", "AND"):
            groups.append([])
        else:
            groups[-1].append(token)
    return [[group[0]] * max(1, _count(group)) for group in groups if group]


def _count(group: Sequence[Token]) -> int:
    return sum(len(_NUMBER.findall(str(t.value))) for t in group if t.kind == "TIMES")


def _times(visits: Sequence[Token], text: str) -> list[Time | None]:
    """The time points of visit tokens, lists unfolded."""
    times: list[Time | None] = []
    for token in visits:
        if token.kind == "TIME" and isinstance(token.value, tuple):
            times.append(token.value)
        elif token.kind == "TIMES":
            printed = text[token.start : token.end]
            unit = _UNIT.search(printed.lower())
            name = unit[0] if unit else ""
            times += [
                (int(n) if n.isdigit() else float(n), _UNIT_NAMES.get(name, name))
                for n in _NUMBER.findall(printed)
            ]
    return times
