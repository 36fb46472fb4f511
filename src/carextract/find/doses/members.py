"""Lists of amounts: which numbers share a power of ten or a unit, and which two make one range.

What reaches this module is a run of tokens that a rule of doses captured: numbers, amounts, limits
and the joints between them. ``25, 50 and 100 × 10^6 cells``, ``<10/≥10 mg/day`` and ``from 60 to
10 mg/day`` all become members with a low, a high and a unit each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from carextract.grammar.amounts import Amount, extremes
from carextract.grammar.tokens import Token
from carextract.values import Number, scaled

_NUMBERS = frozenset({"NUM", "RANGE", "POWER", "DOSE"})
_LIMITS = frozenset({"BOUND", "DOSE_LIMIT"})
_STRONG = frozenset({"AND", "OR", "THEN", "COUNT"})
_CHANGES = frozenset({"FELL_TO", "ROSE_TO", "DOSE_TO", "ARROW"})
# A number behind one of these is a repeat (× 4) or below zero (day −3), never a member of a list.
_BEFORE_A_COUNT = re.compile(r"(?<![*])[×xX*+−-]\s?$")
_TIMES = ("/day", "/week", "/month")
# Members of one list are amounts of one kind: they do not lie further apart than this.
_FARTHEST = 2000


@dataclass(frozen=True, slots=True)
class Member:
    """One amount of a list; ``joints`` are the classes of what stands between it and the last."""

    low: Number | None
    high: Number | None
    unit: str | None
    factor: Number
    agent: str | None
    start: int
    end: int
    sure: bool = True
    limit: str | None = None
    joints: tuple[str, ...] = ()
    enumerated: bool = False


def read_members(tokens: Sequence[Token], text: str) -> list[Member]:
    """The members of a captured run, with what was printed at each and nothing shared yet.

    A spread (``± 4.2``, ``(10-30)``) behind a number is passed over.
    """
    members: list[Member] = []
    limit: Token | None = None
    joints: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.kind in _LIMITS:
            limit = token
        elif token.kind == "PLUSMINUS":
            index += 1
        elif token.kind == "OPEN" and members:
            index = _closed(tokens, index)
        elif token.kind in _NUMBERS:
            members.append(_member(token, limit, joints, text))
            limit, joints = None, []
        else:
            joints.append(token)
        index += 1
    return members


def _closed(tokens: Sequence[Token], index: int) -> int:
    """Where the bracket that opens at ``index`` is closed."""
    for at in range(index, len(tokens)):
        if tokens[at].kind == "CLOSE":
            return at
    return len(tokens)


def _member(token: Token, limit: Token | None, joints: Sequence[Token], text: str) -> Member:
    value = token.value
    named = isinstance(value, Amount)
    low, high, factor = extremes(token)
    repeat = (
        not named
        and factor == 1
        and _BEFORE_A_COUNT.search(text, max(0, token.start - 3), token.start)
    )
    return Member(
        low=None if repeat else low,
        high=None if repeat else high,
        unit=value.unit if named else None,
        factor=factor,
        agent=value.agent if named else None,
        sure=value.sure if named else True,
        start=limit.start if limit else token.start,
        end=token.end,
        limit=limit.value if limit else None,
        joints=tuple(t.kind for t in joints),
        enumerated=any(text[t.start : t.end] == "、" for t in joints),
    )


def share_unit(members: list[Member], unit: str | None = None) -> list[Member]:
    """The members with the unit of the one that has it; those that cannot share it left out.

    ``unit`` serves where none of them has one of its own: a unit that stood in front, or in a head.
    """
    anchors = [number for number, member in enumerate(members) if member.unit]
    if not anchors:
        return [replace(member, unit=unit) for member in members] if unit else []
    shared: list[Member] = []
    listed: int | None = None  # the anchor of the list that has begun
    for number, member in enumerate(members):
        if member.unit:
            shared.append(member)
            continue
        after = next((a for a in anchors if a > number), None)
        if after is not None:
            powers = member.factor != 1 and members[after].factor != 1
            if listed == after or powers or _one_list(members[number : after + 1]):
                listed = after
                shared.append(_with_unit(member, members[after]))
        elif member.factor != 1 or "DOWN_FROM" in member.joints:
            shared.append(replace(member, unit=members[anchors[-1]].unit))
    return _share_time([member for member in shared if _alike(member, members[anchors[0]])])


def _with_unit(member: Member, anchor: Member) -> Member:
    """0.5 of ``0.5、1.0×10^6/kg`` takes both power and unit, 1×10^5 the unit alone."""
    member = replace(member, unit=anchor.unit)
    low, high, factor = member.low, member.high, anchor.factor
    if low is None or high is None or member.factor != 1 or factor == 1 or high >= factor:
        return member
    return replace(member, low=scaled(low, factor), high=scaled(high, factor), factor=factor)


def _one_list(run: Sequence[Member]) -> bool:
    """Whether numbers without a unit belong with the amount that closes the run.

    ``1, 2 and 4 mg`` do, ``5 or 10 mg`` do, ``0.5、1 mg`` do; in ``month 1 and 15, 1000 mg`` and
    ``in 2023, 10 mg`` they do not: nothing but a comma joins the amount to them.
    """
    last = set(run[-1].joints)
    if last & (_STRONG | _CHANGES | {"SLASH", "TO"}) or run[-1].enumerated:
        return True
    middle = [set(member.joints) for member in run[1:-1]]
    return len(run) > 2 and all(joints <= {"COMMA"} for joints in middle)


def _alike(member: Member, anchor: Member) -> bool:
    """Whether two sizes may stand in one list; a number that was no amount has no size left."""
    size, other = member.high, anchor.high
    if not size or not other or member.unit != anchor.unit:
        return bool(size)
    return size / other <= _FARTHEST and other / size <= _FARTHEST


def _share_time(members: list[Member]) -> list[Member]:
    """60 mg→40 mg→20 mg/d: the time base at the end serves all of the same unit before it.

    Not over "then": in ``0.3 mg/kg and then 1.5 mg/kg weekly`` the second alone is weekly.
    """
    last = members[-1].unit if members else None
    base = next((last[: -len(t)] for t in _TIMES if last and last.endswith(t)), None)
    if base is None or any("THEN" in member.joints and not member.limit for member in members):
        return members
    return [replace(m, unit=last) if m.unit == base else m for m in members]


def resolve(members: list[Member], *, whole: bool = False, changes: bool = False) -> list[Member]:
    """Limits applied, and what two members say together made into one range.

    ``≥7.5 … ≤40`` is a window and ``5 to 10`` a range where it rises; what falls, or stands beside
    a word of change, is two amounts. ``whole``: "between" makes a range of two joined by "and".
    """
    out: list[Member] = []
    for member in members:
        before = out[-1] if out else None
        if before and (
            _window(before, member) or _range(before, member, whole=whole, changes=changes)
        ):
            agent = member.agent or before.agent
            out[-1] = replace(before, high=member.high, end=member.end, agent=agent)
        else:
            out.append(_limited(member))
    return out


def _window(low: Member, high: Member) -> bool:
    return (
        low.high is None
        and low.low is not None
        and high.limit in ("<=", "<")
        and low.unit == high.unit
        and high.high is not None
        and low.low < high.high
        and not set(high.joints) & {"OR", "SLASH"}
    )


def _range(low: Member, high: Member, *, whole: bool, changes: bool) -> bool:
    joined = "TO" in high.joints or (whole and "AND" in high.joints)
    single = low.low == low.high and high.low == high.high and not low.limit and not high.limit
    if not joined or changes or not single or low.unit != high.unit:
        return False
    return low.low is not None and high.low is not None and low.low < high.low


def _limited(member: Member) -> Member:
    """A limit opens one side; a range after a limit stays the range (≤5–10 mg)."""
    if member.limit is None or member.low != member.high:
        return member
    if member.limit in (">=", ">"):
        return replace(member, high=None)
    return replace(member, low=None)
