"""A cleaned text as it is searched: paragraphs in order, and the tables among them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from carextract.find.paragraphs import Paragraph, paragraphs
from carextract.find.tables import Table, read_tables
from carextract.grammar.lexicon import Lexicon
from carextract.rules import KindRules


@dataclass(frozen=True)
class Article:
    """A cleaned text as it is searched: its paragraphs in order, and the tables among them."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...]
    _awake: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)

    def awake(self, rules: KindRules) -> tuple[int, ...]:
        """Which paragraphs hold one of the pieces without which a kind finds nothing, in order."""
        known = self._awake.get(rules.kind)
        if known is None:
            candidates = sorted(set(self._candidates(rules)))
            known = tuple(index for index in candidates if self.paragraphs[index].wakes(rules))
            self._awake[rules.kind] = known
        return known

    def forget(self, rules: KindRules) -> None:
        """Let go of what a kind saw of the paragraphs: no other looks at it."""
        self.__dict__.pop("_lowered", None)
        for paragraph in self.paragraphs:
            paragraph.forget(rules)

    @cached_property
    def _starts(self) -> list[int]:
        return [paragraph.start for paragraph in self.paragraphs]

    @cached_property
    def _lowered(self) -> str:
        return self.text.lower()

    def _candidates(self, rules: KindRules) -> Iterator[int]:
        """The paragraphs in which a piece stands that the whole text was searched for: most texts
        hold none, and one search is many times cheaper than one for each paragraph."""
        if len(self._lowered) != len(self.text):
            yield from range(len(self.paragraphs))
            return
        if not self.paragraphs:
            return
        for trigger in rules.triggers:
            at = self._lowered.find(trigger)
            while at >= 0:
                index = self._index(at)
                yield index
                at = self._lowered.find(trigger, max(at + 1, self.paragraphs[index].end))
        if rules.wake is None:
            return
        found = rules.wake.search(self._lowered)
        while found:
            index = self._index(found.start())
            yield index
            yield self._index(found.end())
            after = max(found.start() + 1, self.paragraphs[index].end)
            found = rules.wake.search(self._lowered, after)

    def _index(self, place: int) -> int:
        return max(0, bisect_right(self._starts, place) - 1)


def read_article(text: str, lexicon: Lexicon, *, layout_known: bool = False) -> Article:
    """A cleaned text cut into paragraphs and tables; `layout_known` as in cleaning."""
    blocks = tuple(paragraphs(text, lexicon))
    return Article(text, blocks, read_tables(blocks, layout_known=layout_known))
