"""What was scored, one by one, and how it came out."""

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one thing came out: `what` is "right", "missed", "wrong", and what else a part has.

    `part` is "gold" (studies that are there), "said" (studies of the output), "fields", "links",
    "cells" or "rows" (of a table of trials); `name` the field, kind or cell. `detail` is for a
    reader who looks for the error.
    """

    passage: str
    part: str
    name: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class StudiesReport:
    """Every verdict, in the order of the passages."""

    verdicts: tuple[Verdict, ...]

    def count(self, part: str, name: str | None = None) -> Counter[str]:
        """How often what came out in a part, of all or of one name."""
        return Counter(
            verdict.what
            for verdict in self.verdicts
            if verdict.part == part and name in (None, verdict.name)
        )
