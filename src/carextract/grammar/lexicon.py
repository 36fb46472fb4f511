"""The lexicon: words and shapes to typed tokens, the same classes for every language.

Words are found by their first letters, never by one large expression: the cost of reading a text
does not grow with the number of words, and nothing is compiled that the text does not call for.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from carextract.grammar.pattern import Pattern
from carextract.grammar.readers import PHRASE_READERS, SHAPE_READERS
from carextract.grammar.tokens import Token, View, view, view_of

# A word may follow a number without a space (10mg, 24h), not the digits of a code (CD19a, IL2d).
_LATIN_WORD = re.compile(r"(?<![a-z])(?<![a-z]\d)(?<![a-z]\d\d)[a-z]+")
_SEPARATORS = dict.fromkeys(map(ord, "-\t\n\r"), " ")
_ASCII_LOWER = {ord(c): ord(c) + 32 for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a class. ``cased`` words are found only as they are written."""

    kind: str
    word: str
    value: Any
    cased: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A class of tokens with a form of their own, such as a number with a power of ten."""

    kind: str
    regex: re.Pattern[str]
    read: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Adjacent tokens that make one: ``NUM COUNTER`` is a COUNT."""

    kind: str
    pattern: Pattern
    read: str


@dataclass(slots=True)
class Lexicon:
    """All words, shapes and phrases in force.

    ``starts`` holds the words by how they begin, longest first: by the first Latin word, by the
    first two characters otherwise, by the only one where there is but one.
    """

    shapes: tuple[Shape, ...]
    phrases: tuple[Phrase, ...]
    codes: dict[str, str]
    starts: dict[str, list[_Word]] = field(default_factory=dict)
    first: re.Pattern[str] = _LATIN_WORD
    gives_way: bool = False  # private words yield to longer shared ones

    def add(self, terms: Iterable[Term]) -> None:
        """Index the terms, so that the longest word wins."""
        for term in sorted(terms, key=lambda t: -len(t.word)):
            word = _word(term)
            self.starts.setdefault(word.start, []).append(word)
        others = {start[0] for start in self.starts if not _LATIN_WORD.match(start)}
        if others:
            self.first = re.compile(f"{_LATIN_WORD.pattern}|[{re.escape(''.join(others))}]")


@dataclass(frozen=True, slots=True)
class _Word:
    """A term made ready to be looked for in a text whose separators are all spaces."""

    term: Term
    start: str
    text: str
    whole: bool

    def end_in(self, text: str, at: int) -> int:
        """Where the word ends that begins at ``at``; -1 where it is another word."""
        if not text.startswith(self.text, at):
            return -1
        end = at + len(self.text)
        after = text[end : end + 1]
        return -1 if self.whole and after.isascii() and after.isalnum() else end


def _word(term: Term) -> _Word:
    """Spaces and hyphens of a word are interchangeable, as print has them; one that ends in a
    Latin letter or a digit is whole."""
    lowered = term.word.translate(_ASCII_LOWER)
    latin = _LATIN_WORD.match(lowered)
    start = latin[0] if latin else lowered[:1] if lowered[1:2] in " -" else lowered[:2]
    text = term.word if term.cased else lowered
    whole = text[-1].isascii() and text[-1].isalnum()
    return _Word(term, start, text.translate(_SEPARATORS), whole)


def _words(lexicon: Lexicon, text: str) -> Iterator[Token]:
    lowered = text.translate(_ASCII_LOWER)
    spaced = {False: lowered.translate(_SEPARATORS), True: text.translate(_SEPARATORS)}
    starts = lexicon.starts
    for found in lexicon.first.finditer(lowered):
        at = found.start()
        words = starts.get(found[0], ())
        if not _LATIN_WORD.match(found[0]):
            words = [*starts.get(lowered[at : at + 2], ()), *words]
        for word in words:
            end = word.end_in(spaced[word.term.cased], at)
            if end > 0:
                yield Token(word.term.kind, at, end, word.term.value)
                break


def _shapes(lexicon: Lexicon, text: str) -> Iterator[Token]:
    for shape in lexicon.shapes:
        for found in shape.regex.finditer(text):
            value = SHAPE_READERS[shape.read](found.groupdict())
            if value is not None:
                yield Token(shape.kind, found.start(), found.end(), value)


def _longest(tokens: Iterable[Token]) -> list[Token]:
    """Tokens that do not overlap: from left to right, the longest; the first named on a tie."""
    kept: list[Token] = []
    end = 0
    for token in sorted(tokens, key=lambda t: (t.start, t.start - t.end)):
        if token.start >= end:
            kept.append(token)
            end = token.end
    return kept


def _join(phrase: Phrase, seen: View, codes: dict[str, str]) -> View:
    """The view with every place where the phrase fits made into one token."""
    tokens: list[Token] = []
    gaps: list[str] = []
    index = 0
    for found in phrase.pattern.regex.finditer(seen.codes):
        first = seen.index_at.get(found.start())
        match = None if first is None or first < index else phrase.pattern.match(seen, first)
        if match is None:
            continue
        value = PHRASE_READERS[phrase.read](match.fields)
        if value is None:
            continue
        tokens += seen.tokens[index : match.first]
        gaps += seen.gaps[index : match.first + 1]
        start, end = seen.tokens[match.first].start, seen.tokens[match.last - 1].end
        tokens.append(Token(phrase.kind, start, end, value))
        index = match.last
    if not index:
        return seen
    return view_of([*tokens, *seen.tokens[index:]], [*gaps, *seen.gaps[index:]], codes)


def _pieces(lexicon: Lexicon, text: str) -> list[Token]:
    return _longest([*_words(lexicon, text), *_shapes(lexicon, text)])


def _joined(lexicon: Lexicon, seen: View) -> View:
    for phrase in lexicon.phrases:
        seen = _join(phrase, seen, lexicon.codes)
    return seen


def tokenise(lexicon: Lexicon, text: str) -> Sequence[Token]:
    """The typed tokens of a paragraph, in order, not overlapping.

    A word or shape takes the longest piece that starts where it does; phrases then join tokens in
    the order in which the pattern files give them. What nothing recognises is filler.
    """
    seen = view(_pieces(lexicon, text), text, lexicon.codes)
    return _joined(lexicon, seen).tokens


def private_view(
    lexicon: Lexicon, shared: Sequence[Token], text: str, codes: dict[str, str]
) -> View:
    """The tokens of a paragraph as one kind of fact sees them, with a lexicon of its own.

    A private word or shape takes the place of every shared token that it touches; private phrases
    then join what they name, and of all this the kind looks at the classes in ``codes``. A private
    word that is only a part of a longer shared token at which the kind looks is not seen: the 低至
    of 降低至. Where the lexicon gives way, that holds for every shared token: 剂量 of 每日剂量.
    """
    watched = shared if lexicon.gives_way else [token for token in shared if token.kind in codes]
    own = _pieces(lexicon, text)
    own = _not_inside(own, [token for token in watched if not _entered(token, own)])
    starts = [token.start for token in own]
    tokens = own + [token for token in shared if not _touched(token, own, starts)]
    tokens.sort(key=lambda token: token.start)
    seen = _joined(lexicon, view(tokens, text, lexicon.codes))
    return view(seen.tokens, text, codes)


def _not_inside(own: Sequence[Token], shared: Sequence[Token]) -> list[Token]:
    """The private tokens that no shared one begins before, or is longer from the same place on;
    both are in order."""
    starts = [token.start for token in shared]
    kept = []
    for token in own:
        at = bisect_right(starts, token.start) - 1
        around = shared[at] if at >= 0 else token
        earlier = around.start < token.start < around.end
        longer = around.start == token.start and around.end > token.end
        if not (earlier or longer):
            kept.append(token)
    return kept


def _entered(token: Token, own: Sequence[Token]) -> bool:
    """Whether a private token that begins earlier reaches into ``token``, which then is gone."""
    before = bisect_left(own, token.start, key=lambda t: t.start) - 1
    return before >= 0 and own[before].end > token.start


def _touched(token: Token, own: Sequence[Token], starts: Sequence[int]) -> bool:
    """Whether one of the private tokens, which are in order, shares a character with ``token``."""
    before = bisect_left(starts, token.end) - 1
    return before >= 0 and own[before].end > token.start
