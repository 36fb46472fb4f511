"""What cleaning changed inside the quotes of a fact, one by one."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from carextract.clean import clean
from carextract.read import Source
from carextract.records import Fact
from carextract.tracked import Edit

_MOST = 30  # of one fact
_LONGEST = 80  # characters of what was there, and of what stands there now
_AROUND = 8  # characters on both sides


class Repair(NamedTuple):
    """A change by a cleaning step, with what stands on both sides of it in the source text."""

    step: str
    left: str
    before: str
    after: str
    right: str


class Repairs:
    """The changes in a source text; there are none to tell where there is no text."""

    def __init__(self, source: Source | None, facts: Iterable[Fact]) -> None:
        self._text = source.text if source else ""
        self._edits: Sequence[Edit] = ()
        if source and any(fact.repairs for fact in facts):
            edits = clean(source.text, layout_known=source.pages is not None).edits
            self._edits = sorted(edits, key=lambda edit: (edit.start, edit.end, edit.step))

    def of(self, fact: Fact) -> list[Repair]:
        """The changes inside the quotes of a fact, in the order of the text."""
        return [self._repair(edit) for edit in islice(self._inside(fact), _MOST)]

    def _inside(self, fact: Fact) -> Iterator[Edit]:
        for quote in fact.evidence:
            first = bisect_left(self._edits, quote.start, key=lambda edit: edit.start)
            for edit in islice(self._edits, first, None):
                if edit.start >= quote.end:
                    break
                if edit.end <= quote.end and edit.step in fact.repairs:
                    yield edit

    def _repair(self, edit: Edit) -> Repair:
        return Repair(
            edit.step,
            self._text[max(edit.start - _AROUND, 0) : edit.start],
            edit.before[:_LONGEST],
            edit.after[:_LONGEST],
            self._text[edit.end : edit.end + _AROUND],
        )
