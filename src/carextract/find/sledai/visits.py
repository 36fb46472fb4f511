"""When a score was taken: what the visit words around it say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from carextract.find.sledai.records import Date, Time
from carextract.grammar.tokens import Token
from carextract.values import decimal, english_numeral

_BEFORE = frozenset({"BASELINE", "EARLIER"})
_LATER = frozenset({"FOLLOWUP", "AFTER", "TIME", "TIMES"})
_NUMBER = re.compile(
    r"\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
)
_UNIT = re.compile(r"day|week|wk|mo|year|yr|[天日周月年]")
_UNIT_NAMES = {
    "天": "day",
    "日": "day",
    "周": "week",
    "wk": "week",
    "月": "month",
    "mo": "month",
    "年": "year",
    "yr": "year",
}

# Visits as heads of columns print them, where a sentence would need a word more.
_SHORT_BEFORE = (
    r"(?<![A-Za-z])(?:BL|B/L|baseline|screening|pre|before)(?![A-Za-z])|基[线期]|[治疗]?前"
)
_SHORT_AFTER = r"(?<![A-Za-z])(?:post|after|last|latest|LFU|EOS)(?![A-Za-z])|末次|[治疗]?后"
_SHORT_UNIT = (
    r"(?:(?P<{0}day>d(?:ays?)?|天|日)|(?P<{0}week>w(?:ee)?ks?|w|周)"
    r"|(?P<{0}month>m(?:on(?:ths?)?|os?)?|个?月)|(?P<{0}year>y(?:ea)?rs?|y|年))"
)
_SHORT_TIME = (
    rf"(?:{_SHORT_UNIT.format('b')}\.?\s?(?P<behind>\d{{1,3}})"
    rf"|(?P<ahead>\d{{1,3}})\s?{_SHORT_UNIT.format('a')}\.?)"
)
_SHORT_VISIT = re.compile(
    rf"(?:\b(?:at|by|FU|F/U|follow-?up)\b|随访|score|评分|治疗|输注|回输|[\s,，.:：/()（）\[\]-]"
    rf"|(?P<before>{_SHORT_BEFORE})|(?P<after>{_SHORT_AFTER})"
    rf"|(?P<time>(?<![A-Za-z\d]){_SHORT_TIME}(?![A-Za-z\d])))",
    re.I,
)

_DATE = re.compile(
    r"(?P<year>20\d\d|19\d\d)\s?[年.-]\s?(?P<month>1[0-2]|0?[1-9])(?:\s?[月.-](?:\s?(?P<day>\d{1,2})\s?日?)?|\b)"
    r"|(?:(?P<date>\d{1,2})\s)?\b(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\s"
    r"(?:\d{1,2},\s)?(?P<of>20\d\d|19\d\d)\b"
)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True, slots=True)
class Visit:
    """When scores were taken, for those that do not say it themselves."""

    later: bool
    time: Time | None


def visit_of(visits: Iterable[Token], text: str) -> Visit | None:
    """What visit words say; "12 weeks after baseline" is later, "3 months before" is not."""
    said = [token for token in visits if token.kind in _BEFORE | _LATER]
    kinds = {token.kind for token in said}
    if not said:
        return None
    times = times_of(said, text)
    start = bool(times) and all(time is not None and time[0] == 0 for time in times)
    early = start or bool(kinds & _BEFORE and "AFTER" not in kinds)
    return Visit(not early, None if early or not times else times[0])


def abbreviated_visit(head: str) -> Visit | None:
    """The visit that a head of a column names, if it says nothing else.

    >>> abbreviated_visit("后 Post (M6)")
    Visit(later=True, time=(6, 'month'))
    >>> abbreviated_visit("BL"), abbreviated_visit("Pre/post"), abbreviated_visit("M6 ratio")
    (Visit(later=False, time=None), None, None)
    """
    early = late = False
    time: Time | None = None
    at = 0
    while at < len(head):
        piece = _SHORT_VISIT.match(head, at)
        if piece is None or (piece["time"] and time is not None):
            return None
        early, late = early or bool(piece["before"]), late or bool(piece["after"])
        if piece["time"]:
            units = ("day", "week", "month", "year")
            unit = next(u for u in units if piece[f"b{u}"] or piece[f"a{u}"])
            time = (int(piece["behind"] or piece["ahead"]), unit)
        at = piece.end()
    start = time is not None and time[0] == 0
    if start:
        early, time = True, None
    if early == (late or time is not None):
        return None
    return Visit(not early, time)


def times_of(visits: Iterable[Token], text: str) -> list[Time | None]:
    """The time points of visit tokens, lists unfolded."""
    times: list[Time | None] = []
    for token in visits:
        if token.kind == "TIME":
            times.append((token.value[0], token.value[1]))
        elif token.kind == "TIMES":
            printed = text[token.start : token.end].lower()
            unit = _UNIT.search(printed)
            name = unit[0] if unit else ""
            times += [
                (number, _UNIT_NAMES.get(name, name))
                for n in _NUMBER.findall(printed)
                if (number := english_numeral(n) or decimal(n)) is not None
            ]
    return times


def last_date(text: str, start: int, end: int) -> tuple[int, Date] | None:
    """Where the calendar date that text[start:end] names last stands, and which it is.

    >>> last_date("In May 2022 it was 4, and on 3 June 2022 it was 2", 0, 40)
    (29, (2022, 6, 3))
    >>> last_date("2023年3月5日SLEDAI为18分", 0, 9)
    (0, (2023, 3, 5))
    """
    found = None
    for match in _DATE.finditer(text, start, end):
        name = match["name"]
        month = _MONTHS.index(name) + 1 if name else int(match["month"])
        year = int(match["of"] or match["year"])
        found = match.start(), (year, month, int(match["date"] or match["day"] or 0))
    return found


def single_visits(visits: Sequence[Token], text: str) -> Iterator[Visit | None]:
    """The visits that are named, a list of times unfolded."""
    for token in visits:
        if token.kind == "TIMES":
            yield from (Visit(True, time) for time in times_of([token], text))
        elif token.kind not in ("COMMA", "AND"):
            yield visit_of([token], text)


def visits_in_order(visits: Sequence[Token], text: str) -> Iterator[Visit]:
    """The visits that commas or "and" set apart, lists of times unfolded: at baseline and 1, 3 and
    6 months are four."""
    for group in _groups(visits):
        visit, times = visit_of(group, text), times_of(group, text)
        if visit is not None and visit.later and len(times) > 1:
            yield from (Visit(time is None or time[0] != 0, time) for time in times)
        elif visit is not None:
            yield visit


def one_each(visits: Iterable[Visit | None], count: int) -> list[Visit | None]:
    """As many visits as there are scores, or none; "after infusion, at months 1 and 3" are two."""
    named = list(visits)
    if len(named) != count:
        named = [v for v in named if v is not None and not (v.later and v.time is None)]
    return named if len(named) == count else []


def at_one_time(visits: Sequence[Visit]) -> bool:
    """Whether visits do not name two times, or one before treatment and one after it."""
    times = {visit.time for visit in visits if visit.time is not None}
    return len(times) < 2 and len({visit.later for visit in visits}) < 2


def _groups(visits: Sequence[Token]) -> Iterator[list[Token]]:
    group: list[Token] = []
    for token in visits:
        if token.kind in ("COMMA", "AND"):
            yield group
            group = []
        else:
            group.append(token)
    yield group
