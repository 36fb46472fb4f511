"""Paragraphs: the lines of a cleaned text, with their tokens made when first asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from carextract.grammar.lexicon import Lexicon, private_view, tokenise
from carextract.grammar.tokens import Token, View, view
from carextract.rules import KindRules

# A paragraph longer than this is cut at the end of a sentence, so that cost stays linear.
_LONGEST = 4000
_SENTENCE_END = re.compile(r"[。！？；]|[.!?;](?=\s)")


@dataclass(slots=True)
class Paragraph:
    """One line of the cleaned text: ``start`` is where it begins there."""

    text: str
    start: int
    lexicon: Lexicon
    lowered: str = ""
    _tokens: Sequence[Token] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.lowered = self.text.lower()

    @property
    def tokens(self) -> Sequence[Token]:
        """The typed tokens, made when first asked for; offsets count in the paragraph."""
        if self._tokens is None:
            self._tokens = tokenise(self.lexicon, self.text)
        return self._tokens

    def wakes(self, rules: KindRules) -> bool:
        """Whether the paragraph holds one of the pieces without which a kind finds nothing."""
        if rules.wake is not None and rules.wake.search(self.lowered):
            return True
        return any(trigger in self.lowered for trigger in rules.triggers)

    def view(self, rules: KindRules) -> View:
        """The tokens that a kind looks at, its private words among them."""
        if rules.lexicon is not None:
            return private_view(rules.lexicon, self.tokens, self.text, rules.codes)
        return view(self.tokens, self.text, rules.codes)


def paragraphs(text: str, lexicon: Lexicon) -> Iterator[Paragraph]:
    """The lines of a cleaned text, empty ones left out, very long ones cut between sentences."""
    start = 0
    for line in text.split("\n"):
        for first, last in _pieces(line):
            if line[first:last].strip():
                yield Paragraph(line[first:last], start + first, lexicon)
        start += len(line) + 1


def _pieces(line: str) -> Iterator[tuple[int, int]]:
    first = 0
    while len(line) - first > _LONGEST:
        ends = [m.end() for m in _SENTENCE_END.finditer(line, first, first + _LONGEST)]
        last = ends[-1] if ends else first + _LONGEST
        yield first, last
        first = last
    yield first, len(line)
