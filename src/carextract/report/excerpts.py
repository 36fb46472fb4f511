"""What stands around a quote, cut where the quotes of facts begin and end."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from carextract.records import Evidence

_AROUND = 260  # characters before and after a quote
_MOST = 12  # excerpts of one fact: a trial number may stand on every page
_LONGEST = 2_000  # characters of a quote that are shown


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
        self._longest = max((mark.end - mark.start for mark in self._marks), default=0)

    def of(self, evidence: Sequence[Evidence]) -> tuple[list[Excerpt], int]:
        """The excerpts for a fact, the deciding quote's first, and how many quotes have none."""
        found: list[Excerpt] = []
        windows: list[tuple[int, int]] = []
        for number, quote in enumerate(evidence):
            if any(start <= quote.start and quote.end <= end for start, end in windows):
                continue
            if len(windows) == _MOST:
                return found, len(evidence) - number
            windows.append(self._window(quote, evidence))
            found.append(self._excerpt(quote, *windows[-1]))
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

    def _excerpt(self, quote: Evidence, start: int, end: int) -> Excerpt:
        text, offset = (quote.text, quote.start) if self._text is None else (self._text, 0)
        near = self._marks[
            bisect_left(self._starts, start - self._longest) : bisect_left(self._starts, end)
        ]
        marks = [mark for mark in near if mark.end > start]
        cuts = {start, end}
        for mark in marks:
            cuts |= {max(mark.start, start), min(mark.end, end)}
        segments = tuple(
            Segment(text[one - offset : other - offset], _facts_at(one, marks))
            for one, other in pairwise(sorted(cuts))
        )
        more = (start > 0, self._text is None or end < len(self._text))
        return Excerpt(quote.page, start, more, segments)


def _end(quote: Evidence) -> int:
    """Up to where a quote is shown."""
    return min(quote.end, quote.start + _LONGEST)


def _inside_word(text: str, place: int) -> bool:
    """Whether a place has letters or digits of one word on both sides."""
    around = text[max(place - 1, 0) : place + 1]
    return len(around) == 2 and around.isascii() and around.isalnum()


def _facts_at(place: int, marks: Iterable[Mark]) -> tuple[int, ...]:
    return tuple(sorted({mark.fact for mark in marks if mark.start <= place < mark.end}))
