"""What is read of toxicities on the way to facts: items, and the group of patients spoken of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from carextract.find.toxicities.reading import Claim
from carextract.grammar.tokens import Token
from carextract.tracked import Span

BARE_SHARE = re.compile(r"[\d\s./]+")  # 8/10 may be a score as well


@dataclass(frozen=True, slots=True)
class Item:
    """A claim with its event, where it was read and by which rule; ``sentence`` counts them."""

    claim: Claim
    rule: str
    start: int
    end: int
    spans: tuple[Span, ...]
    sentence: int
    summary: bool = False  # "mostly grade 1": gives way to a breakdown that follows

    def moved(self, spans: tuple[Span, ...]) -> Item:
        """The item with its evidence in offsets of the article."""
        return replace(self, spans=spans)

    def fields(self) -> dict[str, object]:
        """The fields of the record."""
        claim = self.claim
        return {
            "event": claim.event,
            "grade": _bounds(claim.grade),
            "severity": claim.severity,
            "count": claim.count,
            "total": claim.total,
            "percent": _bounds(claim.percent),
            "absent": claim.absent,
        }


def _bounds(value: tuple[object, object] | None) -> dict[str, object] | None:
    return None if value is None else {"low": value[0], "high": value[1]}


@dataclass(slots=True)
class Group:
    """Who is spoken of: how many, or one patient."""

    size: int | None = None
    one: bool = False
    pronouns: int = 0

    def see(self, token: Token, text: str) -> None:
        """Learn from a token that no statement took."""
        if token.kind == "SINGLE":
            self.one = True
        elif token.kind == "PRONOUN":
            self.pronouns += token.value
            self.one = self.one or (self.size is None and self.pronouns > 1)
        elif token.kind == "AMOUNT" and not BARE_SHARE.fullmatch(text):
            count, total, percent = token.value
            self.resize(total if total is not None else count if percent is None else None)

    def resize(self, size: int | None) -> None:
        """A group of this size is spoken of from here on."""
        if isinstance(size, int) and size > 1:
            self.size, self.one = size, False
