"""From a statement to the course: what the captured scores of each rule say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from carextract.find.sledai.course import Course
from carextract.find.sledai.reach import Listed
from carextract.find.sledai.records import Source, Time, with_statistic
from carextract.find.sledai.visits import (
    Visit,
    at_one_time,
    one_each,
    single_visits,
    times_of,
    visit_of,
    visits_in_order,
)
from carextract.find.statements import Statement
from carextract.grammar.readers import Score
from carextract.grammar.tokens import Token

_RISES = frozenset({"ROSE", "ROSE_TO", "FLARED"})
_ALL = re.compile(r"(?:[均都皆]|全部|\b(?:both|all))(?:\shad|\shave)?\s?$", re.I)
_JUST_BEFORE = 12
_ONE_PATIENT = re.compile(r"(?:一|1|[单單])\s?[名例位]|\bone\b(?! (?:month|week|year))", re.I)
_REST = re.compile(r"\b(?:others?|rest|remain\w+)\b|其余", re.I)
_OF_TIME = re.compile(r"\bof\b|follow|duration|time|随访|觀察|观察|时间|時間", re.I)
_FALL = re.compile(r"falls?|drops?|declines?|decreases?|reductions?|improvements?", re.I)


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement with all that is known about it; ``times`` are those named before it that are its
    own, should it have none in it; of values for several measures only the one at the place of
    the index is read (``listed``)."""

    statement: Statement
    source: Source
    text: str
    visit: Visit | None
    later: bool = False
    times: Sequence[Time | None] = ()
    listed: Listed | None = None

    def scores(self, field: str) -> list[Score]:
        """The scores captured as ``field``, with the statistic that the sentence names.

        Of several scores, as many as there are patients are those of each: no statistic is.
        """
        statistic = _statistic(self.statement, self.text)
        tokens = [token for token in self.statement.all(field) if token.kind == "VALS"]
        return [
            score if _of_each(token.value, self.source) else with_statistic(score, statistic)
            for token in tokens
            for score in _own(token.value, self.listed)
        ]

    @property
    def tokens(self) -> Sequence[Token]:
        """The tokens of the statement."""
        return self.statement.view.tokens[self.statement.match.first : self.statement.match.last]


def _of_each(scores: Sequence[Score], source: Source) -> bool:
    return len(scores) > 1 and len(scores) == source.patients


def _own(scores: Sequence[Score], listed: Listed | None) -> Sequence[Score]:
    return scores if listed is None else scores[listed.position : listed.position + 1]


def take(reading: Reading, course: Course) -> None:
    """Put a reading to the course of the score."""
    statement = reading.statement
    if statement.one("change"):
        _take_change(reading, course)
    elif statement.one("zero"):
        zero = [Score(0, 0, None, None, False)] * max(1, len(reading.scores("before")))
        _take_later(zero, reading, course)
    elif any(s.low < 0 for t in reading.tokens if t.kind == "VALS" for s in t.value):
        _take_negative(reading, course)
    elif statement.one("chain"):
        _take_chain(reading, course)
    elif statement.one("before"):
        _take_pair(reading, course)
    elif statement.one("after"):
        visit = visit_of(statement.all("when"), reading.text)
        if visit is not None and not visit.later:
            course.baseline(reading.scores("after"), reading.source)
            return
        _take_later(reading.scores("after"), reading, course)
    elif statement.one("series"):
        _take_series(reading, course)
    elif statement.one("high"):
        _take_second_range(reading, course)
    elif statement.rule.set.get("both"):
        scores = reading.scores("values")
        if len(scores) == 2:
            course.pairs(scores[:1], scores[1:], reading.source, ())
    elif statement.rule.set.get("early"):
        _take_early(reading, course)
    elif statement.one("values"):
        _take_values(reading, course)


def _take_change(reading: Reading, course: Course) -> None:
    """A change in points, with what it ends at or sets out from; or scores that a word of change
    only introduces."""
    kinds = {token.kind for token in reading.tokens}
    visits = reading.statement.all("when")
    changes, before, after = (reading.scores(name) for name in ("change", "before", "after"))
    if "FELL" in kinds and _versus(reading.statement.one("change"), reading.text):
        _take_versus(changes, reading, course)
    elif "CHANGE" in kinds and changes[0].low >= 0 and any(t.kind == "BASELINE" for t in visits):
        _take_scores(changes, visits, reading, course)
    elif _says_change(kinds, changes, reading):
        _report(changes, before[0] if before else None, kinds, reading, course)
        if after:
            course.ends_at(after[0])
    elif after:
        course.pairs(changes, after, reading.source, ())


def _says_change(kinds: set[str], changes: Sequence[Score], reading: Reading) -> bool:
    """Whether a number is how much the score changed: said so, or printed with points."""
    said = bool(kinds & {"BY", "FALL", "CHANGE", "LOWER"})
    return said or any(score.pointed for score in changes) or _fall_named(reading)


def _report(
    changes: Sequence[Score],
    before: Score | None,
    kinds: set[str],
    reading: Reading,
    course: Course,
) -> None:
    """Changes to the course; a fall is negative whether or not a sign is printed. "And by 14
    points" goes on with a fall, which is what is reported."""
    falls = not kinds & {"CHANGE", "ROSE"}
    for score in changes:
        if score.low == score.high:
            change = -abs(score.low) if falls else score.low
            course.change(change, before, reading.source)


def _fall_named(reading: Reading) -> bool:
    """Whether a statement begins with the fall as a thing: the fall in SLEDAI was 8."""
    first, second = reading.tokens[0], reading.tokens[1]
    noun = _FALL.fullmatch(reading.text, first.start, first.end) is not None
    return noun and second.kind == "SCORE"


def _take_later(scores: Sequence[Score], reading: Reading, course: Course) -> None:
    """Scores afterwards, with those before where the statement has them."""
    times = _times(reading.statement.all("when"), reading, len(scores))
    before = reading.scores("before")
    if before:
        course.pairs(before, scores, reading.source, times)
    else:
        rise = any(token.kind in _RISES for token in reading.tokens)
        if len(scores) == 1 and _said_of_all(reading):
            scores = [replace(scores[0], every=True)]
        course.followup(scores, reading.source, times, rise=rise)


def _said_of_all(reading: Reading) -> bool:
    """Whether a fall is that of all: 均降至2分, both fell to 2."""
    falls = (token.start for token in reading.tokens if token.kind in ("FELL", "FELL_TO"))
    begin = next(falls, 0)
    return _ALL.search(reading.text, max(0, begin - _JUST_BEFORE), begin) is not None


def _times(visits: Sequence[Token], reading: Reading, count: int) -> Sequence[Time | None]:
    """The times that a statement names itself, or else those before it: one for all its scores, or
    one for each."""
    times = times_of(visits, reading.text)
    if times or visits:
        return times
    if len(reading.times) == 1:
        return [*reading.times] * count
    return reading.times if len(reading.times) == count else ()


def _take_early(reading: Reading, course: Course) -> None:
    """What a score is set against: its baseline; but where changes are compared, another change,
    and where the two stand side by side after a fall, the lower one is the later."""
    scores = reading.scores("values")
    kinds = {token.kind for token in reading.tokens}
    last = course.last_in(reading.source.sentence)
    if "VS" in kinds and "BASELINE" not in kinds and last and last.change and not last.followup:
        for score in scores:
            course.change(-abs(score.low), None, reading.source)
    elif "FELL" in kinds and _versus(reading.statement.one("values"), reading.text):
        _take_versus(scores, reading, course)
    else:
        course.set_against(scores, reading.source)


def _versus(token: Token | None, text: str) -> bool:
    """Whether two scores are set side by side: 16.1 vs 4.2."""
    return token is not None and len(token.value) == 2 and "vs" in text[token.start : token.end]


def _take_versus(scores: Sequence[Score], reading: Reading, course: Course) -> None:
    later, earlier = sorted(scores, key=lambda score: score.high)
    course.pairs([earlier], [later], reading.source, _times((), reading, 1))


def _take_values(reading: Reading, course: Course) -> None:
    """Scores at visits or alone; those of the next group, and what so many other patients have (1例
    为2分), go on with what the sentence has said."""
    statement, scores = reading.statement, reading.scores("values")
    shared = bool(statement.rule.set.get("cell")) and all(score.patients for score in scores)
    if (statement.rule.set.get("group") or shared) and _take_group(scores, reading, course):
        return
    if not shared or scores[0].statistic:
        _take_scores(scores, statement.all("visit"), reading, course)


def _take_group(scores: Sequence[Score], reading: Reading, course: Course) -> bool:
    """The next group of a comparison has what the group before it had in the same sentence: both
    ends, scores afterwards or a change. False where there was none, or it has a visit itself.

    Scores go by their place: 14、8、3 in one, 15、10、7 in the other. Where they are not as many as
    in the group before, it cannot be told which is which, and they are left out; so is one score
    that would be set against the baseline of that other group.
    """
    last = course.last_in(reading.source.sentence)
    if last is None or reading.statement.one("visit"):
        return False
    times = [record.time for record in course.siblings(last)]
    alone = len(scores) == len(times) == 1 and not course.began_in(reading.source)
    if last.change is not None and last.followup is None:
        for score in scores:
            course.change(-abs(score.low), None, reading.source)
    elif last.followup is None:
        return False
    elif alone or scores[0].patients or _of_the_rest(reading):
        course.followup(scores, reading.source, [last.time] * len(scores), rise=False)
    elif last.baseline is None and len(scores) == len(times):
        course.followup(scores, reading.source, times, rise=False)
    elif last.baseline is not None and len(scores) == len(times) + 1:
        course.pairs(scores[:1], scores[1:], reading.source, times)
    return True


def _of_the_rest(reading: Reading) -> bool:
    """Whether scores are of those who are excepted from what was said, or of all the others."""
    first = reading.tokens[0]
    return first.kind == "EXCEPT" or _REST.search(reading.text, first.start, first.end) is not None


def _take_negative(reading: Reading, course: Course) -> None:
    """A negative number alone goes on with the changes that its sentence reports: −5.8 in one
    group and −9.1 in the other."""
    last = course.last_in(reading.source.sentence)
    if last is not None and last.change is not None:
        for score in reading.scores("values"):
            course.change(score.low, None, reading.source)


def _take_second_range(reading: Reading, course: Course) -> None:
    """From 8 to 20 at entry and from 0 to 4 at month 6; the second is a range if the first is."""
    statement = reading.statement
    first, low, high = (reading.scores(name) for name in ("values", "low", "high"))
    _take_scores(first, statement.all("visit"), reading, course)
    if first[0].low < first[0].high:
        _take_scores([replace(high[0], low=low[0].low)], statement.all("when"), reading, course)
    else:
        times = times_of(statement.all("when"), reading.text)
        course.pairs(low, high, reading.source, times)


def _take_series(reading: Reading, course: Course) -> None:
    """18/6/0 under as many visits: each score at its own."""
    token = reading.statement.all("series")[0]
    visits = single_visits(reading.statement.all("visit"), reading.text)
    if each := one_each(visits, len(token.value)):
        for score, visit in zip(token.value, each, strict=True):
            _take_visit([score], visit, reading, course)


def _take_chain(reading: Reading, course: Course) -> None:
    """20 → 8 → 2, or pairs that share their joints: 18 to 6 and 16 to 4."""
    lists = [token.value for token in reading.statement.all("chain")]
    sizes = [len(scores) for scores in lists]
    if all(size == 1 for size in sizes):
        for scores in lists[1:]:
            course.pairs(lists[0], scores, reading.source, ())
    elif sizes[0] == sizes[-1] == 1 and all(size == 2 for size in sizes[1:-1]):
        flat = [score for scores in lists for score in scores]
        for before, after in zip(flat[::2], flat[1::2], strict=True):
            course.pairs([before], [after], reading.source, ())


def _take_pair(reading: Reading, course: Course) -> None:
    """Before and after; two numbers that rise after a bare "to" or "from a baseline of" are the
    ends of a range."""
    statement = reading.statement
    before, after = reading.scores("before"), reading.scores("after")
    kinds = {token.kind for token in reading.tokens}
    if len(before) == len(after) == 1 and "TO" in kinds and not kinds & {"FROM", "FELL", "ROSE"}:
        low, high = before[0], after[0]
        if low.high < high.low:
            whole = replace(high, low=low.low)
            _take_scores([whole], statement.all("when"), reading, course)
            return
    if _ranges_from_baseline(reading) and before[0].high < after[0].low:
        course.set_against([replace(after[0], low=before[0].low)], reading.source)
        return
    begin = statement.all("after")[0].start
    visits = statement.all("when")
    own = [token for token in visits if token.start > begin] or visits
    times = _times(own, reading, max(len(before), len(after)))
    course.pairs(before, after, reading.source, times)


def _ranges_from_baseline(reading: Reading) -> bool:
    """From a baseline of 8 to 16: a range, where nothing is said to have risen."""
    statement = reading.statement
    kinds = [token.kind for token in reading.tokens]
    first = statement.match.first
    risen = first > 0 and statement.view.tokens[first - 1].kind in _RISES
    return kinds[:2] == ["FROM", "BASELINE"] and "TO" in kinds and not risen


def _take_scores(
    scores: Sequence[Score], visits: Sequence[Token], reading: Reading, course: Course
) -> None:
    """Scores at visits, in order; without a visit of their own they take that of the reading.

    Several scores that are not of one visit, nor one for each, are left out.
    """
    named = list(visits_in_order(visits, reading.text))
    if len(scores) > 1 and (each := one_each(named, len(scores))):
        for score, visit in zip(scores, each, strict=True):
            _take_visit([score], visit, reading, course)
    elif len(scores) == 1 or at_one_time(named):
        _take_visit(scores, visit_of(visits, reading.text) or reading.visit, reading, course)


def _take_visit(
    scores: Sequence[Score], visit: Visit | None, reading: Reading, course: Course
) -> None:
    if visit is None:
        course.lone(scores, reading.source, later=reading.later)
    elif visit.later:
        course.followup(scores, reading.source, [visit.time] * len(scores), rise=False)
    else:
        course.baseline(scores, reading.source)


def _statistic(statement: Statement, text: str) -> str | None:
    """The statistic that the sentence names before or in a statement.

    That of a time is none of the scores: after a median of nine months, 中位随访12个月. Neither is
    that of a group where one patient is named after it: 平均降至3分，其中最重的一例由29分降至5分.
    """
    tokens = statement.view.tokens
    for index in range(statement.match.last - 1, -1, -1):
        token = tokens[index]
        if token.kind == "STOP":
            return None
        if token.kind == "STATISTIC" and not _of_time(tokens[index : index + 4], text):
            one = _ONE_PATIENT.search(text, token.end, tokens[statement.match.first].start)
            return None if one else str(token.value)
    return None


def _of_time(tokens: Sequence[Token], text: str) -> bool:
    """Whether a statistic, the first of some tokens, is that of a time behind it."""
    place = next((at for at, token in enumerate(tokens) if token.kind == "TIME"), None)
    if place is None or any(token.kind in ("SCORE", "VALS") for token in tokens[:place]):
        return False
    between = text[tokens[0].end : tokens[place].start]
    behind = tokens[place + 1].kind if len(tokens) > place + 1 else None
    return _OF_TIME.search(between) is not None or behind in ("COMMA", "SCORE")
