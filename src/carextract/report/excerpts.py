"""What stands around a quote, cut where the quotes of facts begin and end."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from carextract.records import Evidence

_AROUND = 260  # characters before and after a quote
_MOST = 12  # excerpts of one fact: a trial number may stand on every page
_LONGEST = 2_000  # characters of a quote that are shown
_OTHERS = 20  # quotes of other facts on both sides of where a quote begins: tables have hundreds


class Segment(NamedTuple):
    """A piece of text, and the facts whose quotes it is part of."""

    text: str
    facts: tuple[int, ...]


class Excerpt(NamedTuple):
    """A stretch of the source text. `cut` says whether there is more before it and after it."""

    page: int | None
    start: int
    cut: tuple[bool, bool]
    segments: tuple[Segment, ...]


class Mark(NamedTuple):
    """A quote in the source text, and the fact that it proves."""

    start: int
    end: int
    fact: int


class Excerpts:
    """Cuts excerpts out of one source text, or out of the quotes alone where there is no text.

    `marks` are those of all facts of the paper, by which the excerpts are cut.
    """

    def __init__(self, text: str | None, marks: Iterable[Mark]) -> None:
        self._text = text
        self._marks = sorted(marks)
        self._starts = [mark.start for mark in self._marks]

    def of(self, fact: int, evidence: Sequence[Evidence]) -> tuple[list[Excerpt], int]:
        """The excerpts for a fact, the deciding quote's first, and how many quotes have none.

        Its own quotes are all marked. Of other facts the nearest are, where they are shown whole.
        """
        own = [Mark(quote.start, quote.end, fact) for quote in evidence]
        found: list[Excerpt] = []
        windows: list[tuple[int, int]] = []
        for number, quote in enumerate(evidence):
            if any(start <= quote.start and quote.end <= end for start, end in windows):
                continue
            if len(windows) == _MOST:
                return found, len(evidence) - number
            windows.append(self._window(quote, evidence))
            found.append(self._excerpt(quote, own, *windows[-1]))
        return found, 0

    def _window(self, quote: Evidence, evidence: Sequence[Evidence]) -> tuple[int, int]:
        """From where to where text is shown: not from or to the middle of a word, or of a quote."""
        start, end = quote.start, _end(quote)
        if self._text is None:
            return start, end
        first = max(start - _AROUND, 0)
        while first < start and _inside_word(self._text, first):
            first += 1
        last = min(end + _AROUND, len(self._text))
        while last > end and _inside_word(self._text, last):
            last -= 1
        cut = [each for each in evidence if each.start < first < _end(each)]
        beyond = [each for each in evidence if each.start < last < _end(each)]
        return (
            min((each.start for each in cut), default=first),
            max((_end(each) for each in beyond), default=last),
        )

    def _excerpt(self, quote: Evidence, own: Sequence[Mark], start: int, end: int) -> Excerpt:
        text, offset = (quote.text, quote.start) if self._text is None else (self._text, 0)
        shown = (
            Mark(max(mark.start, start), min(mark.end, end), mark.fact)
            for mark in own
            if mark.start < end and mark.end > start
        )
        others = self._others(own[0].fact, quote.start, start, end)
        segments = tuple(
            Segment(text[one - offset : other - offset], facts)
            for one, other, facts in _pieces(start, end, chain(shown, others))
        )
        more = (start > 0, self._text is None or end < len(self._text))
        return Excerpt(quote.page, start, more, segments)

    def _others(self, fact: int, place: int, start: int, end: int) -> Iterator[Mark]:
        """The quotes of other facts that are whole in a window, of those that begin by a place."""
        at = bisect_left(self._starts, place)
        for mark in self._marks[max(at - _OTHERS, 0) : at + _OTHERS]:
            if mark.fact != fact and start <= mark.start and mark.end <= end:
                yield mark


def _end(quote: Evidence) -> int:
    """Up to where a quote is shown."""
    return min(quote.end, quote.start + _LONGEST)


def _inside_word(text: str, place: int) -> bool:
    """Whether a place has letters or digits of one word on both sides."""
    around = text[max(place - 1, 0) : place + 1]
    return len(around) == 2 and around.isascii() and around.isalnum()


def _pieces(
    start: int, end: int, marks: Iterable[Mark]
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """A window cut where marks in it begin and end, each piece with the facts that it is of."""
    changes: dict[int, Counter[int]] = defaultdict(Counter)
    for mark in marks:
        changes[mark.start][mark.fact] += 1
        changes[mark.end][mark.fact] -= 1
    facts: Counter[int] = Counter()
    for one, other in pairwise(sorted({start, end, *changes})):
        facts.update(changes[one])
        yield one, other, tuple(sorted(fact for fact, times in facts.items() if times))
