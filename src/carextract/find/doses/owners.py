"""Whose amount it is: the drug or cell product that an amount belongs to, or the laboratory value.

The nearest name in the same sentence owns an amount: one before it first, since papers write
"rituximab 1000 mg", else one right behind it ("10 mg of prednisone"). A laboratory value that
stands nearer makes the amount a measurement.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from carextract.grammar.tokens import Token, View

_AGENTS = frozenset({"DRUG", "CELL_PRODUCT"})
_AMOUNTS = frozenset({"DOSE", "MEASURE", "UNIT"})
_GIVING = frozenset(
    {"DRUG", "CELL_PRODUCT", "DOSE_WORD", "GIVEN", "ROUTE", "FREQUENCY", "PER_TIME", "TIMED_DOSE"}
)
_CLAUSE = frozenset({"COMMA", "SEMICOLON", "STOP", "BAR"})
_BETWEEN = frozenset(
    {"PART_OF", "ROUTE", "APPROX", "OPEN", "PER_DOSE", "CELL_KIND", "AIMED", "BOUND_AFTER"}
)
_JOINTS = frozenset({"AND", "SLASH", "COMMA"})
_INTRODUCE = frozenset({"OPEN", "COLON", "EACH", "DOSE_WORD", "APPROX", "GIVEN", "ROUTE"})
# Units that also measure what nobody receives: they need a word of giving beside them.
_DOUBTFUL = ("g", "ug", "IU")
_FARTHEST_TOKENS = 40
# What stands beside an amount is given as well, not the thing that the amount is of.
_BESIDE = re.compile(r"[+＋]|\bwith\b|配合|合并|伴")
# What is eaten by the kilogram; albumin may be infused.
_EATEN = re.compile(r"(?<!白)蛋白|protein|salt|sodium|盐", re.I)
_LEADS_TO_EATEN = frozenset(
    {"OPEN", "COLON", "BOUND", "APPROX", "PART_OF", "PER_TIME", "DOSE_LIMIT"}
)


@dataclass(slots=True)
class Owners:
    """Reads owners along a paragraph; remembers who owned the amounts before."""

    seen: View
    text: str
    cells_named: Callable[[], bool]
    taken: set[int] = field(default_factory=set)
    last: dict[str, Token] = field(default_factory=dict)

    def agent(self, first: int, last: int, kind: str) -> str | None:
        """The agent of the amount at tokens [first, last), of kind "cell" or "drug"."""
        wanted = "CELL_PRODUCT" if kind == "cell" else "DRUG"
        index = self._of(last, wanted)
        if index is None:
            index = self._before(first, wanted)
        if index is None:
            index = self._after(last, wanted)
        if index is None:
            index = self._earlier(first, wanted)
        if index is None:
            return None
        self.taken.add(index)
        value: str = self.seen.tokens[index].value
        return value

    def paired(self, first: int, count: int) -> list[str] | None:
        """The drugs of ``fludarabine and cyclophosphamide (30 and 300 mg/m2)``, in order: as many
        as there are amounts, with nothing else between; None where that is not so."""
        names: list[str] = []
        for index in range(first - 1, max(-1, first - _FARTHEST_TOKENS), -1):
            token = self.seen.tokens[index]
            if token.kind == "DRUG":
                names.append(token.value)
            elif token.kind not in (_JOINTS if names else _INTRODUCE):
                break
        return names[::-1] if len(names) == count > 1 else None

    def ahead(self, first: int) -> str | None:
        """The drug named before an amount, in its sentence."""
        index = self._before(first, "DRUG")
        index = self._earlier(first, "DRUG") if index is None else index
        return None if index is None else str(self.seen.tokens[index].value)

    def _of(self, last: int, wanted: str) -> int | None:
        """The agent of "5 mg of oral prednisone", whatever was named before."""
        kinds = [token.kind for token in self.seen.tokens[last : last + 3]]
        if kinds[:1] != ["PART_OF"] or wanted not in kinds:
            return None
        at = kinds.index(wanted)
        return last + at if at == 1 or kinds[1] == "ROUTE" else None

    def _before(self, first: int, wanted: str) -> int | None:
        """The nearest agent since the amount before this one."""
        for index in range(first - 1, max(-1, first - _FARTHEST_TOKENS), -1):
            token = self.seen.tokens[index]
            if token.kind == "STOP" or token.kind in _AMOUNTS:
                return None
            if token.kind == wanted and index not in self.taken:
                return index
        return None

    def _after(self, last: int, wanted: str) -> int | None:
        """An agent right behind: "10 mg of prednisone", "300 mg anifrolumab"."""
        for index in range(last, min(last + 4, len(self.seen.tokens))):
            token = self.seen.tokens[index]
            if _BESIDE.search(self.text, self.seen.tokens[index - 1].end, token.start):
                return None
            if token.kind == wanted:
                return index
            if token.kind not in _BETWEEN:
                return None
        return None

    def _earlier(self, first: int, wanted: str) -> int | None:
        """The agent of the amounts before, in the same sentence."""
        for index in range(first - 1, max(-1, first - _FARTHEST_TOKENS), -1):
            token = self.seen.tokens[index]
            if token.kind == "STOP":
                return None
            if token.kind == wanted:
                return index
        return None

    def measured(self, first: int, last: int, unit: str) -> bool:
        """Whether the amount at tokens [first, last) is a laboratory value, or may be one."""
        if "/kg" in unit or "/m2" in unit:
            return unit.startswith("g/kg") and self._eaten(first, last)
        if self._after(last, "DRUG") is not None:
            return False
        if self._next_is(last, "LAB"):
            return True
        amount_between = crossed = timed = False
        for index in range(first - 1, max(-1, first - _FARTHEST_TOKENS), -1):
            kind = self.seen.tokens[index].kind
            if kind == "STOP":
                break
            if kind == "PER_TIME" and not crossed:
                timed = True  # 尿蛋白每日5.8 g: what is passed in a day has a time base too
                continue
            if kind in _GIVING or (timed and crossed):
                return False
            if kind == "LAB" and (not crossed or amount_between):
                return True
            amount_between = amount_between or kind in _AMOUNTS
            crossed = crossed or kind in _CLAUSE
        return unit in _DOUBTFUL and not timed and not self._given_after(last)

    def _eaten(self, first: int, last: int) -> bool:
        """Whether grams per kilogram are of a diet: protein 0.8 g/kg/d, 蛋白摄入<0.8 g/kg."""
        before = list(self.seen.tokens[max(0, first - 4) : first])
        while before and before[-1].kind in _LEADS_TO_EATEN:
            before.pop()
        beside = [*before[-1:], *self.seen.tokens[last : last + 2]]
        named = [t for t in beside if t.kind == "LAB"]
        return any(_EATEN.search(self.text[t.start : t.end]) for t in named)

    def _a_whole(self, first: int, last: int) -> bool:
        """Whether cells are the whole of which a part was given: 3×10^8 cells, of which …"""
        behind = [t.kind for t in self.seen.tokens[last : last + 2]]
        if "OF_WHICH" not in behind[: 1 + (behind[:1] == ["COMMA"])]:
            return False
        before = self.seen.tokens[max(0, first - _FARTHEST_TOKENS) : first]
        stops = [n for n, t in enumerate(before) if t.kind == "STOP"]
        sentence = before[stops[-1] + 1 :] if stops else before
        return all(t.kind not in ("GIVEN", "DOSE_WORD", "ROUTE") for t in sentence)

    def _next_is(self, last: int, kind: str) -> bool:
        tokens = self.seen.tokens[last : last + 2]
        return bool(tokens) and (
            tokens[0].kind == kind or (tokens[0].kind == "PART_OF" and tokens[-1].kind == kind)
        )

    def _given_after(self, last: int) -> bool:
        for token in self.seen.tokens[last : last + 6]:
            if token.kind in ("STOP", "BAR", "SEMICOLON") or token.kind in _AMOUNTS:
                return False
            if token.kind in ("DRUG", "ROUTE", "FREQUENCY", "GIVEN"):
                return True
        return False

    def not_infused(self, first: int, last: int, unit: str, *, sure: bool) -> bool:
        """Whether cells were collected, made, counted or put into a dish, not given.

        What is not ``sure`` to be cells (1亿个) counts only in a text that speaks of cells at all.
        Nothing in blood is counted per kilogram.
        """
        not_given = {"NOT_GIVEN"} if "/" in unit else {"NOT_GIVEN", "LAB", "PER_LAB"}
        if self._next_is(last, "LAB") or not (sure or self.cells_named()):
            return True
        if self._a_whole(first, last):
            return True
        for index in range(first - 1, max(-1, first - _FARTHEST_TOKENS), -1):
            kind = self.seen.tokens[index].kind
            if kind in ("GIVEN", "DOSE_WORD"):
                return False
            if kind in _CLAUSE:
                break
            dosed = index > 0 and self.seen.tokens[index - 1].kind in ("DOSE_WORD", "GIVEN")
            if kind in not_given and not dosed:
                return True
        for token in self.seen.tokens[last : last + _FARTHEST_TOKENS]:
            if (
                token.kind in _CLAUSE
                or token.kind in ("GIVEN", "DOSE_WORD")
                or token.kind in _AMOUNTS
            ):
                break
            if token.kind == "NOT_GIVEN":
                return True
        return False
