"""The items read so far, which what follows may still complete ("9例发生CRS，均为1级")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from carextract.find.statements import Statement
from carextract.find.toxicities.items import Item
from carextract.find.toxicities.reading import Claim
from carextract.grammar.tokens import filler_weight
from carextract.tracked import Span

_NOUGHT = re.compile(r"(?<![\d.])0(?!\d)")
_PAUSE = re.compile(r"[,，:：;；、(（—]")


@dataclass(slots=True)
class Ledger:
    """The items of one paragraph, whose ``text`` begins at ``start`` in the article; ``sentence``
    is the number of the sentence that is being read."""

    text: str
    start: int
    sentence: int = 0
    items: list[Item] = field(default_factory=list)

    @property
    def last(self) -> Item | None:
        """The item read last."""
        return self.items[-1] if self.items else None

    def keep(self, statement: Statement, claim: Claim, *, summary: bool = False) -> None:
        """A claim as an item of its own; a breakdown takes the place of the summary before it."""
        if claim.numbered and claim.graded and statement.one("event") is None:
            said = statement.start
            self.items = [i for i in self.items if not self._is_summary_of(i, claim, said)]
        span = self._span(statement)
        self.items.append(
            Item(
                claim,
                statement.rule.id,
                statement.start,
                statement.end,
                (span,),
                self.sentence,
                summary,
            )
        )

    def grade(self, statement: Statement, claim: Claim) -> bool:
        """Give a grade to the items before it that lack one: to the last, or with "all" to each."""
        done, everyone = False, statement.one("all") is not None
        for index in range(len(self.items) - 1, -1, -1):
            item = self.items[index]
            near = item.sentence == self.sentence or (
                everyone and item.sentence == self.sentence - 1
            )
            if item.claim.graded or item.claim.absent or not near:
                break
            if done and (not everyone or item.sentence != self.items[index + 1].sentence):
                break
            graded = replace(item.claim, grade=claim.grade, severity=claim.severity).settled()
            spans = (*item.spans, self._span(statement))
            self.items[index] = replace(item, claim=graded, spans=spans)
            done = True
        return done

    def milder(self, claim: Claim) -> Claim | None:
        """The claim that one of a worse grade goes on from: the last on its event, in this sentence
        or the one before."""
        for item in reversed(self.items):
            if item.sentence < self.sentence - 1:
                break
            if item.claim.event == claim.event:
                return item.claim if claim.worse_than(item.claim) else None
        return None

    def share(self, statement: Statement, claim: Claim) -> bool:
        """9例发生CRS，发生率75%; 其中1级8例，占80%: the percentage of the count just before it."""
        last = self.last
        if last is None or claim.count is not None or claim.percent is None:
            return False
        counted = last.claim.count is not None and last.claim.percent is None
        apart = filler_weight(self.text[last.end : statement.start]) > 0
        if not counted or apart or last.sentence != self.sentence:
            return False
        shared = replace(last.claim, percent=claim.percent)
        spans = (*last.spans, self._span(statement))
        self.items[-1] = replace(last, claim=shared, spans=spans, end=statement.end)
        return True

    def events_numbered_like(self, claim: Claim) -> tuple[str, ...]:
        """The event of the last item of the sentence that has a number without a grade, if that
        number is in the same form; what is absent has no number in other groups, unless it was
        nought (0/3 at DL1, 1/6 at DL2)."""
        for item in reversed(self.items):
            before = item.claim
            if item.sentence != self.sentence:
                break
            numbered = before.numbered or self._is_nought(item)
            if numbered and before.event and not before.graded:
                alike = (before.percent is None, before.total is None) == (
                    claim.percent is None,
                    claim.total is None,
                )
                return (before.event,) if alike else ()
        return ()

    def _is_nought(self, item: Item) -> bool:
        """Whether an item is absent because it was counted in nobody."""
        return item.claim.absent and bool(_NOUGHT.search(self.text, item.start, item.end))

    def counts_as_many(self, claims: Sequence[Claim]) -> bool:
        """Whether the items of the sentence are of one event and the last counts as many patients
        as grades are named."""
        bare = [i for i in self.items if i.sentence == self.sentence and not i.claim.graded]
        if not bare or len({item.claim.event for item in bare}) > 1:
            return False
        return bare[-1].claim.count == sum(claim.count or 0 for claim in claims)

    def _is_summary_of(self, item: Item, claim: Claim, said: int) -> bool:
        """Whether an item only announces the breakdown that is said at ``said``: mostly grade 1;
        the rest had CRS | of grade 1 (n=6)."""
        of_claim = item.sentence == self.sentence and item.claim.event == claim.event
        before = item.claim
        bare = not (before.numbered or before.graded or before.absent)
        runs_on = bare and not _PAUSE.search(self.text, item.end, said)
        return of_claim and (item.summary or runs_on)

    def _span(self, statement: Statement) -> Span:
        return Span(self.start + statement.start, self.start + statement.end)
