"""From a statement to what it claims: events, grades and numbers put together, nothing carried."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from carextract.find.statements import Statement
from carextract.grammar.tokens import Token
from carextract.values import Number

Bounds = tuple[Number | None, Number | None]
Amount = tuple[Number | None, Number | None, Any]

_CJK = re.compile(r"[\u4e00-\u9fff]")
_ENDS = re.compile(r"\s*(?:[,，;；。)）\]］]|\.(?!\d)|and\b|$)")
_SEPARATES = re.compile(r"\s*[;；)）\]]")
_COMMA = re.compile(r"[,，]")
_HIGHEST = re.compile(r"max|highest|最高|最重", re.I)
_COUNTING = frozenset({"IN", "TOTAL"})  # between a grade and the patients who had it
_NOTHING: Amount = (None, None, None)
_MOST_PATIENTS = 1900  # a bare number from here on is a year


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a statement says. ``event`` is empty where it names another event and None
    where it names none, so that it speaks of the event before it."""

    event: str | None
    grade: Bounds | None = None
    severity: str | None = None
    count: int | None = None
    total: int | None = None
    percent: Bounds | None = None
    absent: bool = False

    @property
    def numbered(self) -> bool:
        """Whether it says how many."""
        return self.count is not None or self.percent is not None

    @property
    def graded(self) -> bool:
        """Whether it says how severe."""
        return self.grade is not None or self.severity is not None

    def worse_than(self, other: Claim) -> bool:
        """Whether its grade lies above that of another claim."""
        low, high = (self.grade or _NOTHING)[0], (other.grade or _NOTHING)[1]
        return low is not None and high is not None and low > high

    def settled(self) -> Claim:
        """The highest grade that one patient had is the grade that the patient had."""
        return self.at_highest() if self.count == 1 else self

    def at_highest(self) -> Claim:
        """The claim with the upper bound of its grade as the grade."""
        if self.absent or not self.grade or self.grade[0] is not None:
            return self
        return replace(self, grade=(self.grade[1], self.grade[1]))


def read_claims(
    statement: Statement, text: str, *, neurotoxicity_is_icans: bool
) -> tuple[Claim, ...]:
    """What a statement of the paragraph ``text`` claims, its events named and its lists taken
    apart."""
    events: list[str | None] = [
        event_name(token, neurotoxicity_is_icans) for token in statement.all("event")
    ]
    if statement.one("none"):
        return _absent(statement, text, events)
    if statement.one("exception"):
        return _all_but(statement, text, events[0] if events else None)
    modifiers = statement.all("mod")
    amounts = _amounts(statement, text)
    if statement.one("series") or _is_short_series(modifiers, amounts, statement):
        return _paired_grades(events, modifiers, _series(statement, amounts))
    if statement.rule.id.endswith("grades-of-each"):
        return _tallied(events[0] if events else None, modifiers, amounts)
    if statement.rule.id.endswith("grades-amounts"):
        shared = len(amounts) == 1 and statement.one("each") is not None
        return _paired_grades(events, modifiers, amounts * len(modifiers) if shared else amounts)
    if statement.rule.id.endswith(".course"):
        return _both_grades(events[0] if events else None, statement, amounts)
    if statement.rule.id.endswith("events-grades"):
        return _graded_events(events, modifiers)
    if len(amounts) > 0 and len(events) > 1 and statement.rule.id.endswith("events-amounts"):
        return _paired_events(events, modifiers, _modifiers_of_each(statement), amounts)
    if len(amounts) > 1:
        if not (statement.one("each") or _are_alike(amounts)):
            before = statement.rule.id.endswith("amount-event")
            amounts = amounts[-1:] if before else amounts[:1]
        return tuple(_claim(events[0], modifiers, amount) for amount in amounts)
    zero = statement.one("zero")
    if zero is not None and zero.kind == "AMOUNT":
        return _none_of_several(events, amount_of(zero, text))
    if zero is not None and zero.value != 0:
        return ()
    amount = (0, None, None) if zero else amounts[0] if amounts else _NOTHING
    if len(events) < 2:
        claim = _claim(events[0] if events else None, modifiers, amount)
        return (claim.at_highest() if _counts_by_highest(statement, text) else claim,)
    if statement.one("each") and amount[0] == len(events):
        amount = (1, None, None)  # two had CRS and ICANS, respectively
    own = _modifiers_of_each(statement)
    return tuple(_claim(e, m, amount) for e, m in zip(events, own, strict=True))


def event_name(token: Token, neurotoxicity_is_icans: bool) -> str:
    """CRS or ICANS; empty for any other event."""
    if token.kind in ("EVENT", "ALIAS"):
        return str(token.value)
    return "ICANS" if token.kind == "NEURO" and neurotoxicity_is_icans else ""


def _claim(event: str | None, modifiers: Sequence[Token], amount: Amount) -> Claim:
    count, total, percent = amount
    claim = Claim(event, None, None, _whole(count), _whole(total), percent)
    for modifier in modifiers:
        claim = _with(claim, modifier)
    nobody = claim.count == 0 or (claim.percent == (0, 0))
    if nobody or claim.grade == (0, 0):
        grade = None if claim.grade == (0, 0) else claim.grade
        return replace(claim, grade=grade, absent=True, count=None, percent=None)
    return claim


def _with(claim: Claim, modifier: Token) -> Claim:
    """The claim with one more grade or severity; the first of each counts."""
    if modifier.kind == "GRADE" and claim.grade is None:
        return replace(claim, grade=modifier.value)
    if modifier.kind == "NUM" and claim.grade is None:
        return replace(claim, grade=(modifier.value, modifier.value))
    if modifier.kind == "SEVERITY" and claim.severity is None:
        return replace(claim, severity=modifier.value)
    if modifier.kind == "GRADE_AND_SEVERITY" and not claim.graded:
        return replace(claim, grade=modifier.value[0], severity=modifier.value[1])
    return claim


def _whole(number: Number | None) -> int | None:
    return number if isinstance(number, int) else None


def _amounts(statement: Statement, text: str) -> list[Amount]:
    amounts = [amount_of(token, text) for token in statement.all("amount")]
    if statement.one("loose") and not _stands_beside(statement.all("amount")[0], text):
        return []
    percent, total = statement.one("percent"), statement.one("total")
    if amounts and percent is not None:
        amounts[0] = (amounts[0][0], amounts[0][1], (percent.value, percent.value))
    if amounts and total is not None:
        amounts[0] = (amounts[0][0], total.value, amounts[0][2])
    share = statement.one("share")
    return [_with_share(amounts[0], share)] if amounts and share else amounts


def _with_share(amount: Amount, share: Token) -> Amount:
    """Nine had CRS (75%), or (9/12, 75%): what stands behind the event goes with the number."""
    count, total, percent = share.value
    fits = count in (None, amount[0]) and amount[2] is None
    return (amount[0], amount[1] or total, percent) if fits else amount


def _stands_beside(amount: Token, text: str) -> bool:
    """Whether an amount after a comma is of what stands before it: ``grade 2, n=1`` and ``G1, five
    of six`` are, ``grade 2, 12.5%;`` is, ``1级，3例感染`` is not."""
    total, percent = amount.value[1:] if amount.kind == "AMOUNT" else (None, None)
    ends = (_ENDS if percent is not None else _SEPARATES).match(text, amount.end)
    return bool(total) or ends is not None or text[amount.start] in "nN"


def amount_of(token: Token, text: str) -> Amount:
    """How many a token says: an amount, patients known by their numbers, once or twice, or a bare
    number, which no Chinese word may follow (二次)."""
    if token.kind == "AMOUNT":
        count, total, percent = token.value
        return (count, total, percent)
    if token.kind in ("PATIENT", "TIMES"):
        return (token.value, None, None)
    counts = isinstance(token.value, int) and token.value < _MOST_PATIENTS
    if token.kind == "NUM" and counts and not _CJK.match(text, token.end):
        return (token.value, None, None)
    return _NOTHING


def _counts_by_highest(statement: Statement, text: str) -> bool:
    """Whether patients are counted by the highest grade that each had: 最高1级5例, maximum grade 1
    in five; not 最高2级，共5例, where some of the five had less, nor ≤2级5例."""
    modifier, amount = statement.one("mod"), statement.one("amount")
    if modifier is None or amount is None or not _HIGHEST.match(text, modifier.start):
        return False
    tokens = statement.view.tokens[statement.match.first : statement.match.last]
    between = [token for token in tokens if modifier.end <= token.start < amount.start]
    return modifier.end <= amount.start and all(token.kind in _COUNTING for token in between)


def _are_alike(amounts: Sequence[Amount]) -> bool:
    """Whether amounts are those of several groups (13/13, 11/12 and 3/4; 46% with A, 82% with B):
    printed in the same form, and more than a bare number each."""
    forms = {tuple(part is None for part in amount) for amount in amounts}
    return len(forms) == 1 and forms.isdisjoint({(False, True, True)})


def _is_short_series(
    modifiers: Sequence[Token], amounts: Sequence[Amount], statement: Statement
) -> bool:
    """``1级/2级 1/4`` is one and four patients, not one of four."""
    slashed = statement.rule.id.endswith("grade-series")
    paired = len(amounts) == 2 or (len(amounts) == 1 and amounts[0][1] is not None)
    return slashed and len(modifiers) == 2 and paired


def _series(statement: Statement, amounts: Sequence[Amount]) -> list[Amount]:
    series = statement.one("series")
    if series:
        numbers = series.value
    else:  # 1/4, or 9/0, which is not nine of none
        numbers = amounts[0][:2] if len(amounts) == 1 else [amount[0] for amount in amounts]
    return [(number, None, None) for number in numbers]


def _paired_grades(
    events: Sequence[str | None], modifiers: Sequence[Token], amounts: Sequence[Amount]
) -> tuple[Claim, ...]:
    if len(modifiers) != len(amounts):
        return ()
    event = events[0] if events else None
    return tuple(_claim(event, [m], a) for m, a in zip(modifiers, amounts, strict=True))


def _tallied(
    event: str | None, modifiers: Sequence[Token], amounts: Sequence[Amount]
) -> tuple[Claim, ...]:
    """A grade for each patient: equal ones are counted together."""
    if amounts and amounts[0][0] != len(modifiers):
        return ()
    claims = [_claim(event, [modifier], _NOTHING) for modifier in modifiers]
    return tuple(replace(claim, count=claims.count(claim)) for claim in dict.fromkeys(claims))


def _paired_events(
    events: Sequence[str | None],
    modifiers: Sequence[Token],
    own: Sequence[Sequence[Token]],
    amounts: Sequence[Amount],
) -> tuple[Claim, ...]:
    if len(amounts) == 1:
        amounts = [*amounts] * len(events)
    if len(amounts) != len(events):
        return ()
    if len(modifiers) == 1:
        own = [modifiers] * len(events)
    return tuple(_claim(e, m, a) for e, m, a in zip(events, own, amounts, strict=True))


def _none_of_several(events: Sequence[str | None], amount: Amount) -> tuple[Claim, ...]:
    """ICANS, GvHD and dose-limiting toxicity: 0/15. Of 3/15 each event would not have its own."""
    claims = tuple(_claim(event, [], amount) for event in events)
    return claims if all(claim.absent for claim in claims) else ()


def _both_grades(
    event: str | None, statement: Statement, amounts: Sequence[Amount]
) -> tuple[Claim, ...]:
    """The grades of a course. Two numbers are those who had the milder and, of these, the worse; a
    grade that is milder than the one before it was not had anew."""
    first, last = (amounts[0], amounts[-1]) if amounts else (_NOTHING, _NOTHING)
    course = statement.one("copula")
    if course is not None and course.kind == "COURSE":
        before, after = _claim(event, [], first), _claim(event, [], last)
        low, high = course.value
        return (replace(before, grade=(low, low)), replace(after, grade=(high, high)))
    milder, worse = statement.all("mod")
    before, after = _claim(event, [milder], first), _claim(event, [worse], last)
    return (before, after) if after.worse_than(before) else (before,)


def _graded_events(events: Sequence[str | None], modifiers: Sequence[Token]) -> tuple[Claim, ...]:
    """One grade for all events, or a grade for each."""
    if len(modifiers) == 1:
        modifiers = [*modifiers] * len(events)
    if len(modifiers) != len(events):
        return ()
    return tuple(_claim(e, [m], _NOTHING) for e, m in zip(events, modifiers, strict=True))


def _modifiers_of_each(statement: Statement) -> list[list[Token]]:
    """For each event the grades and severities that stand before it and after the event before;
    those after the last are of the last."""
    events, modifiers = statement.all("event"), statement.all("mod")
    starts = [statement.start, *(event.end for event in events[:-1])]
    own = [
        [m for m in modifiers if start <= m.start < event.start]
        for start, event in zip(starts, events, strict=True)
    ]
    own[-1] += [m for m in modifiers if m.start >= events[-1].end]
    return own


def _all_but(statement: Statement, text: str, event: str | None) -> tuple[Claim, ...]:
    excepted = statement.one("except_amount")
    exception, rest = statement.one("exception"), statement.one("mod")
    if excepted is None or exception is None or rest is None:
        return ()
    return (
        _claim(event, [exception], amount_of(excepted, text)),
        _claim(event, [rest], _NOTHING),
    )


def _absent(statement: Statement, text: str, events: Sequence[str | None]) -> tuple[Claim, ...]:
    """One negation, several events: a grade before the first, or after the last, is of them all;
    one that stands before a later event is of that and those after it. The grade of another event
    ends with its clause ("5 had grade 3 neutropenia, CRS did not occur")."""
    none = statement.one("none")
    if none is not None and none.kind == "NON_SEVERE":
        return (Claim(events[0] if events else None, severity="severe", absent=True),)
    tokens, modifiers = statement.all("event"), statement.all("mod")
    if not tokens:
        return (replace(_graded(None, modifiers), absent=True),)
    own, after = _modifiers_of_each(statement), statement.all("post")
    trailing = [m for m in modifiers if m.start > tokens[-1].start]
    own[-1] = [m for m in own[-1] if m not in trailing]
    current: list[Token] = trailing
    claims: list[Claim] = []
    before = statement.start
    for index, (event, token) in enumerate(zip(events, tokens, strict=True)):
        if claims and not claims[-1].event and _COMMA.search(text, before, token.start):
            current = own[index]
        current = [*own[index], *trailing] if own[index] else current
        ends = tokens[index + 1].start if index + 1 < len(tokens) else token.end
        its_own = [m for m in after if token.end <= m.start < ends]
        claims.append(replace(_graded(event, its_own or current), absent=True))
        before = token.end
    return tuple(claims)


def _graded(event: str | None, modifiers: Sequence[Token]) -> Claim:
    claim = Claim(event)
    for modifier in modifiers:
        claim = _with(claim, modifier)
    return claim
