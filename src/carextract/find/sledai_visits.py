"""When a score was taken: what the visit words around it say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from carextract.find.sledai_course import Time
from carextract.grammar.tokens import Token

_BEFORE = frozenset({"BASELINE", "EARLIER"})
_LATER = frozenset({"FOLLOWUP", "AFTER", "TIME", "TIMES"})
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_UNIT = re.compile(r"day|week|month|year|[天日周月年]")
_UNIT_NAMES = {"天": "day", "日": "day", "周": "week", "月": "month", "年": "year"}


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
                (float(n) if "." in n else int(n), _UNIT_NAMES.get(name, name))
                for n in _NUMBER.findall(printed)
            ]
    return times
