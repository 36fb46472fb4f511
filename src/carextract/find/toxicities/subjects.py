"""Whom a sentence is about: "one patient, in the second series, had grade 3 CRS".

A count or a patient that stands too far before the event for a rule to read both is kept here until
a later clause says what happened to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from carextract.find.statements import Statement
from carextract.find.toxicities.items import BARE_SHARE
from carextract.grammar.tokens import Token

_OF_ALL = frozenset({"PART_OF", "IN", "AMONG"})


@dataclass(slots=True)
class Subject:
    """How many the sentence is about; ``known`` by a number or an ordinal, as patient 2 is."""

    count: int | None = None
    known: bool = False
    commas: int = 0

    def pass_by(self, tokens: Sequence[Token], index: int, text: str) -> None:
        """Learn from a token that no statement took."""
        token = tokens[index]
        before = tokens[index - 1] if index else token
        after = tokens[index + 1] if index + 1 < len(tokens) else token
        if token.kind == "STOP" or (token.kind == "SEMICOLON" and not self.known):
            self._set(None)
        elif token.kind == "COMMA":
            self.commas += 1
        elif token.kind == "PATIENT":
            self._set(token.value, known=True)
        elif token.kind == "REST":
            two_others = before.kind == "NUM" and before.end + 1 >= token.start
            self._set(before.value if two_others else None)
        elif token.kind == "AMOUNT" and before.kind == "OPEN":
            return  # how many the group (8 patients) has
        elif token.kind == "AMOUNT" and token.value[0] is not None:
            total = before.kind in _OF_ALL or after.kind == "AMONG" or BARE_SHARE.fullmatch(text)
            self._set(None if total else token.value[0])

    def follow(self, statement: Statement) -> None:
        """Learn from a statement: those it counts before its event are spoken of from here on."""
        event, amount = statement.one("event"), statement.one("amount")
        if event is None or amount is None:
            return
        if amount.start > event.start or amount.kind == "NUM":
            self._set(None)
        elif amount.kind == "PATIENT":
            self._set(amount.value, known=True)
        else:
            self._set(amount.value[0])

    def count_for(self, statement: Statement) -> int | None:
        """How many a statement without a number is about: one patient wherever in the sentence,
        several only where nothing but an aside between two commas stands between."""
        graded = statement.one("mod") is not None
        named = self.known and (graded or not self.commas)  # in the second patient, ..., grade 3
        if self.count is None or not (
            named or _is_done_by_it(statement) or self._goes_on(statement)
        ):
            return None
        return self.count if self.count == 1 or self.commas in (0, 2) else None

    def all_of(self, statement: Statement) -> int | None:
        """Six of seven had fever, all classified as grade 1 CRS: all the six."""
        first = statement.match.first
        tokens = statement.view.tokens
        behind = first > 0 and tokens[first].kind == "ALL" and tokens[first - 1].kind == "COMMA"
        return self.count if behind and self.commas == 1 else None

    def _goes_on(self, statement: Statement) -> bool:
        """One patient had grade 1 CRS, for which ..., and grade 1 ICANS."""
        first = statement.match.first
        joined = first > 0 and statement.view.tokens[first - 1].kind == "AND"
        return joined and self.count == 1 and statement.one("mod") is not None

    def _set(self, count: object, *, known: bool = False) -> None:
        whole = isinstance(count, int) and count > 0
        self.count = count if isinstance(count, int) and whole else None
        self.known, self.commas = known, 0


def _is_done_by_it(statement: Statement) -> bool:
    """Whether the verb stands before the event, so that who had it stands before the verb."""
    occur, event = statement.one("occur"), statement.one("event")
    return occur is not None and event is not None and occur.start < event.start
