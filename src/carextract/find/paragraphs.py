"""Paragraphs: the lines of a cleaned text, with their tokens made when first asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from carextract.grammar.lexicon import Lexicon, private_view, tokenise
from carextract.grammar.tokens import Token, View, view
from carextract.grammar.words import Scan
from carextract.rules import KindRules

# A paragraph longer than this is cut at the end of a sentence, so that cost stays linear.
_LONGEST = 4000
_SENTENCE_END = re.compile(r"[。！？；]|[.!?;](?=\s)")
# Where a sentence ends beyond doubt, so that no rule reads on.
_CERTAIN_STOP = re.compile(r"。|\.(?<=[a-z]{3}\.)(?=\s[A-Z][a-z]*\s)")


@dataclass(slots=True)
class Paragraph:
    """One line of the cleaned text: ``start`` is where it begins there.

    What is read of it is read when it is first asked for, and once: several kinds of fact look at
    a paragraph, and some look at it more than once.
    """

    text: str
    start: int
    lexicon: Lexicon
    _scan: Scan | None = field(default=None, repr=False)
    _tokens: Sequence[Token] | None = field(default=None, repr=False)
    _views: dict[str, View] = field(default_factory=dict, repr=False)

    @property
    def end(self) -> int:
        """Where the line ends in the cleaned text."""
        return self.start + len(self.text)

    @property
    def lowered(self) -> str:
        """The text in small letters."""
        return self.text.lower()

    @property
    def scan(self) -> Scan:
        """Where words may begin in the text."""
        if self._scan is None:
            self._scan = self.lexicon.scan(self.text)
        return self._scan

    @property
    def tokens(self) -> Sequence[Token]:
        """The typed tokens; offsets count in the paragraph."""
        if self._tokens is None:
            self._tokens = tokenise(self.lexicon, self.text, self.scan)
        return self._tokens

    def wakes(self, rules: KindRules) -> bool:
        """Whether the paragraph holds one of the pieces without which a kind finds nothing."""
        lowered = self.lowered
        if rules.wake is not None and rules.wake.search(lowered):
            return True
        return any(trigger in lowered for trigger in rules.triggers)

    def view(self, rules: KindRules) -> View:
        """The tokens that a kind looks at, its private words among them."""
        seen = self._views.get(rules.kind)
        if seen is None:
            if rules.lexicon is None:
                seen = view(self.tokens, self.text, rules.codes)
            else:
                seen = private_view(rules.lexicon, self.tokens, self.scan, rules.codes)
            self._views[rules.kind] = seen
        return seen

    def forget(self, rules: KindRules) -> None:
        """Let go of what a kind saw of the text; the tokens stay for the kinds that come after."""
        self._views.pop(rules.kind, None)
        self._scan = None

    def stretches(self, sign: re.Pattern[str]) -> tuple[list[Paragraph], list[Paragraph]]:
        """The sentences with a sign in them, neighbours together, and each of the others, as
        paragraphs of their own. A paragraph that was read already is not cut.
        """
        lowered = self.lowered
        if self._tokens is not None or len(lowered) != len(self.text):
            return [self], []
        ends = [found.end() for found in _CERTAIN_STOP.finditer(self.text)]
        signed: list[tuple[int, int]] = []
        others: list[Paragraph] = []
        for first, last in pairwise((0, *ends, len(self.text))):
            if not sign.search(lowered, first, last):
                if first < last:
                    others.append(self._piece(first, last))
            elif signed and signed[-1][1] == first:
                signed[-1] = (signed[-1][0], last)
            else:
                signed.append((first, last))
        if not others:
            return [self], []
        return [self._piece(first, last) for first, last in signed], others

    def _piece(self, first: int, last: int) -> Paragraph:
        return Paragraph(self.text[first:last], self.start + first, self.lexicon)


def paragraphs(text: str, lexicon: Lexicon) -> Iterator[Paragraph]:
    """The lines of a cleaned text, empty ones left out, very long ones cut between sentences."""
    start = 0
    for line in text.split("\n"):
        if len(line) > _LONGEST:
            for first, last in _pieces(line):
                if not line[first:last].isspace():
                    yield Paragraph(line[first:last], start + first, lexicon)
        elif line and not line.isspace():
            yield Paragraph(line, start, lexicon)
        start += len(line) + 1


def _pieces(line: str) -> Iterator[tuple[int, int]]:
    first = 0
    while len(line) - first > _LONGEST:
        ends = [m.end() for m in _SENTENCE_END.finditer(line, first, first + _LONGEST)]
        last = ends[-1] if ends else first + _LONGEST
        yield first, last
        first = last
    yield first, len(line)
