"""Time bases that stand apart from their amounts: one "daily" that several doses share.

"Fludarabine 30 mg/m2 and cyclophosphamide 300 mg/m2, each once daily", "the daily prednisone dose
came down from 17.5 mg to 7.5 mg", ``钙600 mg+维生素D 400 IU/d`` and a table whose dose and
frequency are two cells of one row. An amount with a frequency of its own (q12h, 隔日) keeps it out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from carextract.find.doses.mentions import Dose, kind_of
from carextract.find.paragraphs import Paragraph
from carextract.grammar.amounts import join_unit
from carextract.grammar.tokens import Token, View

_TIMES = frozenset({"PER_TIME", "PER_TIME_AFTER"})
_AGENTS = frozenset({"DRUG", "CELL_PRODUCT"})
_BETWEEN_EQUALS = frozenset({"DRUG", "PART_OF", "AND", "COMMA", "ROUTE", "OPEN", "CLOSE"})
_BETWEEN_EACH = frozenset({"COMMA", "OPEN", "CLOSE", "ROUTE", "GIVEN", "DOSE_WORD", "DRUG", "AND"})
_ENDS = frozenset({"STOP", "SEMICOLON"})
# "/d" belongs to the one amount it is printed on, "daily" to all that it follows.
_PRINTED_ON = re.compile(
    r"(?:/\s?(?:d|day|w|wk|week|month|mo|[天日周月])|[·.]\s?[d天日]|-1)\)?\s*$"
)
_RANGE_OF = re.compile(
    r"\s?[(（\[](?:range|IQR|interquartile range|范围|四分位数?间?距)[\s:：,，]*(?:from|of|为)?\s*"
)
_PILLS = re.compile(
    r"(?:一天|每天|每日|一日)[^，。；,;]{0,8}?"
    r"[\d一二两三四五六七八九十]{1,3}\s?[颗片粒锭][^，。；]{0,5}?[，（(、]?"
    r"(?:共|约|合|即|等于|相当于|也就是|总共|合计)?\s?$"
)
_LIST_SIGNS = frozenset("、和及与")
_ENDS_IN_BASE = re.compile(r"(?:g|克|IU|单位)$")
_OTHER_AMOUNTS = frozenset({"STOP", "DOSE", "MEASURE", "UNIT", "FREQUENCY", "PER_DOSE"})
_FARTHEST = 6
_FARTHEST_GIVING = 15
_LONGEST_NAME = 30


def share_times(doses: Sequence[Dose], seen: View, paragraph: Paragraph) -> list[Dose]:
    """The doses of a paragraph, those without a time base given the one that they share."""
    if not doses:
        return []
    line = _Line(seen.tokens, paragraph)
    for share in (
        _from_pills,
        _from_noun,
        _from_giving,
        _from_each,
        _from_behind_limit,
        _from_given,
        _from_next,
        _from_before,
        _from_row,
    ):
        doses = share(list(doses), line)
    return list(doses)


class _Line:
    """The tokens of a paragraph, and where a dose stands among them."""

    def __init__(self, tokens: Sequence[Token], paragraph: Paragraph) -> None:
        self.tokens = tokens
        self.paragraph = paragraph
        self._starts = [token.start for token in tokens]

    def first(self, dose: Dose) -> int:
        """The token at which a dose begins."""
        return bisect_left(self._starts, dose.span.start - self.paragraph.start)

    def last(self, dose: Dose) -> int:
        """The token behind a dose."""
        return bisect_left(self._starts, dose.span.end - self.paragraph.start)

    def between(self, one: Dose, other: Dose) -> Sequence[Token]:
        """The tokens that part two doses; none where the two share a unit."""
        return self.tokens[self.last(one) : self.first(other)]

    def text_between(self, one: Dose, other: Dose) -> str:
        """The characters that part two doses."""
        start = self.paragraph.start
        return self.paragraph.text[one.span.end - start : other.span.start - start]

    def untimed(self, dose: Dose) -> bool:
        """Whether a dose of a drug has no time base, and no frequency of its own beside it."""
        if kind_of(dose.unit) == "cell" or _time_of(dose):
            return False
        index = self.last(dose)
        return all(token.kind != "FREQUENCY" for token in self.tokens[index : index + 2])


def _time_of(dose: Dose) -> str | None:
    time = dose.unit.rpartition("/")[2]
    return time if time in ("day", "week", "month") else None


def _timed(dose: Dose, time: str) -> Dose:
    base, *parts = dose.unit.split("/")
    return replace(dose, unit=join_unit(base, [*parts, time]))


def _from_pills(doses: list[Dose], line: _Line) -> list[Dose]:
    """``类固醇从一天8颗（40毫克）降到一天1颗（5毫克）``: what the day's tablets come to."""
    out = []
    for dose in doses:
        start = dose.span.start - line.paragraph.start
        before = line.paragraph.text[max(0, start - _LONGEST_NAME) : start]
        pills = "/" not in dose.unit and _PILLS.search(before) and line.untimed(dose)
        out.append(_timed(dose, "day") if pills else dose)
    return out


def _from_noun(doses: list[Dose], line: _Line) -> list[Dose]:
    """``激素日剂量由22.5 mg降至5 mg``: a day's dose, until the sentence or another drug begins."""
    out = []
    for dose in doses:
        time = _noun_before(dose, line) if line.untimed(dose) and "/" not in dose.unit else None
        out.append(_timed(dose, time) if time else dose)
    return out


def _noun_before(dose: Dose, line: _Line) -> str | None:
    """The time base of the noun that governs a dose; "daily prednisone dose" is one too."""
    dosed = False
    limited = any(t.kind == "DOSE_LIMIT" for t in line.tokens[line.first(dose) :][:1])
    # What changes in such a sentence is the day's dose, whichever drug each group was given.
    agents = {dose.agent} if dose.agent and dose.rule != "dose.from-to" else set()
    for index in range(line.first(dose) - 1, max(-1, line.first(dose) - 30), -1):
        token = line.tokens[index]
        if token.kind in _ENDS or (limited and token.kind == "DOSE"):
            return None
        limited = limited or token.kind == "DOSE_LIMIT"
        if token.kind == "TIMED_DOSE" or (token.kind == "PER_TIME" and dosed):
            ahead = line.tokens[index + 1 : index + 4]
            known = {t.value for t in line.tokens[max(0, index - 2) : index] if t.kind in _AGENTS}
            known |= {t.value for t in ahead if t.kind in _AGENTS}
            time: str = token.value
            return time if not agents or not known or agents & known else None
        dosed = token.kind == "DOSE_WORD" or (dosed and token.kind in ("DRUG", "ROUTE"))
    return None


def _from_giving(doses: list[Dose], line: _Line) -> list[Dose]:
    """``每周1次皮下注射泰它西普，剂量160 mg``: how often it was given, then how much."""
    out = []
    for dose in doses:
        time = _giving_before(line, line.first(dose)) if line.untimed(dose) else None
        out.append(_timed(dose, time) if time else dose)
    return out


def _giving_before(line: _Line, first: int) -> str | None:
    """The time base beside a word of giving, with no other amount and at most one drug since."""
    drugs = 0
    for index in range(first - 1, max(-1, first - _FARTHEST_GIVING), -1):
        token = line.tokens[index]
        drugs += token.kind == "DRUG"
        if token.kind in _OTHER_AMOUNTS or drugs > 1:
            return None
        beside = {t.kind for t in line.tokens[max(index - 1, 0) : index + 2]}
        if token.kind == "PER_TIME_AFTER" and beside & {"GIVEN", "ROUTE"}:
            time: str = token.value
            return time
    return None


def _from_each(doses: list[Dose], line: _Line) -> list[Dose]:
    """ "… 30 mg/m2 and … 300 mg/m2, each once daily": said of all amounts of the sentence."""
    out = list(doses)
    for number, dose in enumerate(doses):
        time = _each_behind(line, line.last(dose))
        if time is None:
            continue
        for earlier in range(number, -1, -1):
            if not line.untimed(out[earlier]):
                break
            if earlier < number and any(
                token.kind in _ENDS for token in line.between(doses[earlier], doses[earlier + 1])
            ):
                break
            out[earlier] = _timed(out[earlier], time)
    return out


def _each_behind(line: _Line, index: int) -> str | None:
    """The time base of ``each once daily`` that begins at a token."""
    each = False
    for token in line.tokens[index : index + _FARTHEST]:
        if each and token.kind in _TIMES:
            time: str = token.value
            return time
        if token.kind == "EACH":
            each = True
        elif token.kind not in _BETWEEN_EACH:
            return None
    return None


def _from_given(doses: list[Dose], line: _Line) -> list[Dose]:
    """ "A 30 mg/m2 and B 300 mg/m2 will be administered once daily": said of all in the row."""
    out = list(doses)
    time = None
    for number in range(len(doses) - 1, -1, -1):
        joined = number + 1 < len(doses) and _coordinated(
            line.between(doses[number], doses[number + 1])
        )
        time = _given_behind(line, line.last(doses[number])) or (time if joined else None)
        if time and line.untimed(out[number]):
            out[number] = _timed(out[number], time)
    return out


def _given_behind(line: _Line, index: int) -> str | None:
    """The time base of "was given once daily", or "(30 mg) daily", that begins at a token."""
    closed = given = False
    for token in line.tokens[index : index + _FARTHEST]:
        if token.kind in _TIMES:
            time: str = token.value
            return time if closed or (given and time == "day") else None
        closed, given = closed or token.kind == "CLOSE", given or token.kind == "GIVEN"
        if token.kind not in ("GIVEN", "ROUTE", "CLOSE"):
            return None
    return None


def _from_behind_limit(doses: list[Dose], line: _Line) -> list[Dose]:
    """ "1 mg/kg (max 60 mg) daily", ``1 mg/kg（不超过60 mg）/d``: of amount and limit."""
    out = list(doses)
    for number in range(1, len(doses)):
        dose, limit = out[number - 1], out[number]
        apart = [token.kind for token in line.between(dose, limit)]
        behind = [token for token in line.tokens[line.last(limit) :][:3] if token.kind != "ROUTE"]
        if (
            apart[:1] != ["OPEN"]
            or limit.low is not None
            or [t.kind for t in behind[:1]] != ["CLOSE"]
        ):
            continue
        time = str(behind[1].value) if behind[1:] and behind[1].kind in _TIMES else None
        if time and line.untimed(dose) and line.untimed(limit):
            out[number - 1 : number + 1] = _timed(dose, time), _timed(limit, time)
    return out


def _from_next(doses: list[Dose], line: _Line) -> list[Dose]:
    """ "10 mg of A and 400 mg of B daily", ``钙600 mg+维生素D 400 IU/d``: the base of the last."""
    out = list(doses)
    for number in range(len(out) - 2, -1, -1):
        dose, after = out[number], out[number + 1]
        time = _time_of(after)
        if time is None or not line.untimed(dose):
            continue
        apart = line.text_between(dose, after)
        if "+" in apart or "＋" in apart:
            kinds = {token.kind for token in line.between(dose, after)}
            joined = len(apart) < _LONGEST_NAME and kinds <= _BETWEEN_EQUALS
        else:
            joined = (
                _timed(dose, time).unit == after.unit
                and not _PRINTED_ON.search(after.text)
                and (
                    _coordinated(line.between(dose, after))
                    or ("，" in after.text and _listed(apart, line, dose, after))
                )
            )
        if joined:
            out[number] = _timed(dose, time)
    return out


def _from_before(doses: list[Dose], line: _Line) -> list[Dose]:
    """``每天服用泼尼松40 mg、羟氯喹400 mg``: the base that stands in front of the first; and
    "20 mg/day (range 5 to 60 mg)": the range is of the same kind."""
    out = list(doses)
    for number in range(1, len(out)):
        before, dose = out[number - 1], out[number]
        time = _time_of(before)
        if time is None or not line.untimed(dose) or line.last(before) > line.first(dose):
            continue
        apart = line.text_between(before, dose)
        shared = _in_front(before) and not _behind_name(before, line)
        if _RANGE_OF.fullmatch(apart) or (shared and _listed(apart, line, before, dose)):
            out[number] = _timed(dose, time)
    return out


def _listed(apart: str, line: _Line, before: Dose, dose: Dose) -> bool:
    """Whether two doses are members of one list of drugs."""
    kinds = {token.kind for token in line.between(before, dose)}
    return apart.strip()[:1] in _LIST_SIGNS and kinds <= {"COMMA", "AND", "DRUG"}


def _in_front(dose: Dose) -> bool:
    """Whether the time base of a dose was printed before it, not behind its unit."""
    return _ENDS_IN_BASE.search(dose.text) is not None


def _behind_name(dose: Dose, line: _Line) -> bool:
    """Whether the time base in front of a dose stands behind its drug, and so is that one's alone:
    ``吗替麦考酚酯每日2 g及贝利尤单抗400 mg``."""
    return [t.kind for t in line.tokens[: line.first(dose)][-2:]] == ["DRUG", "PER_TIME"]


def _coordinated(between: Sequence[Token]) -> bool:
    kinds = [token.kind for token in between]
    return "AND" in kinds and "DRUG" in kinds and set(kinds) <= _BETWEEN_EQUALS - {"COMMA"}


def _from_row(doses: list[Dose], line: _Line) -> list[Dose]:
    """``| prednisone | 30 mg | qd |``: the frequency has a cell of its own."""
    bars = [index for index, token in enumerate(line.tokens) if token.kind == "BAR"]
    times = [
        str(line.tokens[bar + 1].value)
        for bar in bars
        if bar + 1 < len(line.tokens)
        and line.tokens[bar + 1].kind in _TIMES
        and _opens_cell(line, bar)
    ]
    if len(times) != 1:
        return doses
    return [_timed(dose, times[0]) if line.untimed(dose) else dose for dose in doses]


def _opens_cell(line: _Line, bar: int) -> bool:
    """Whether the token behind a bar begins its cell and no dose follows it there."""
    between = line.paragraph.text[line.tokens[bar].end : line.tokens[bar + 1].start]
    ahead = line.tokens[bar + 2 : bar + 3]
    return not between.strip() and not any(token.kind in ("DOSE", "NUM") for token in ahead)
