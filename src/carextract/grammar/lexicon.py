"""The lexicon: words and shapes to typed tokens, the same classes for every language.

Words are found by their first letters, never by one large expression: the cost of reading a text
does not grow with the number of words, and nothing is compiled that the text does not call for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from carextract.grammar.pattern import Pattern
from carextract.grammar.readers import PHRASE_READERS, SHAPE_READERS
from carextract.grammar.tokens import Token, View, view

# A word may follow a number without a space (10mg, 24h), but not the digits of a code (CD19a, IL2d).
_LATIN_WORD = re.compile(r"(?<![a-z])(?<![a-z]\d)(?<![a-z]\d\d)[a-z]+")
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
    """All words, shapes and phrases in force."""

    shapes: tuple[Shape, ...]
    phrases: tuple[Phrase, ...]
    codes: dict[str, str]
    latin: dict[str, list[Term]] = field(default_factory=dict)
    other: dict[str, list[Term]] = field(default_factory=dict)
    other_start: re.Pattern[str] = re.compile(r"(?!)")

    def add(self, terms: Iterable[Term]) -> None:
        """Index the terms, longest first, so that the longest word wins."""
        for term in sorted(terms, key=lambda t: -len(t.word)):
            word = term.word.translate(_ASCII_LOWER)
            first = _LATIN_WORD.match(word)
            if first:
                self.latin.setdefault(first[0], []).append(term)
            else:
                self.other.setdefault(word[0], []).append(term)
        if self.other:
            self.other_start = re.compile("[" + re.escape("".join(self.other)) + "]")


@lru_cache(maxsize=None)
def _term_regex(word: str) -> re.Pattern[str]:
    """A word as printed: its spaces and hyphens interchangeable, whole where it ends in Latin."""
    body = "".join(r"[\s-]{1,2}" if part in " -" else re.escape(part) for part in word)
    end = r"(?![A-Za-z0-9])" if word[-1].isascii() and word[-1].isalnum() else ""
    return re.compile(body + end)


def _words(lexicon: Lexicon, text: str, lowered: str) -> Iterator[Token]:
    starts = [(m.start(), lexicon.latin.get(m[0])) for m in _LATIN_WORD.finditer(lowered)]
    starts += [(m.start(), lexicon.other.get(m[0])) for m in lexicon.other_start.finditer(lowered)]
    for at, terms in starts:
        for term in terms or ():
            where = text if term.cased else lowered
            word = term.word if term.cased else term.word.translate(_ASCII_LOWER)
            if len(word) == 1 and not word.isalnum():
                yield Token(term.kind, at, at + 1, term.value)
                break
            found = _term_regex(word).match(where, at)
            if found:
                yield Token(term.kind, at, found.end(), term.value)
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


def _join(phrase: Phrase, seen: View) -> list[Token] | None:
    """The tokens with every place where the phrase fits made into one; None where it fits none."""
    tokens = seen.tokens
    joined: list[Token] = []
    index = 0
    for found in phrase.pattern.regex.finditer(seen.codes):
        first = seen.index_at.get(found.start())
        match = None if first is None or first < index else phrase.pattern.match(seen, first)
        if match is None:
            continue
        value = PHRASE_READERS[phrase.read](match.fields)
        if value is None:
            continue
        joined += tokens[index : match.first]
        start, end = tokens[match.first].start, tokens[match.last - 1].end
        joined.append(Token(phrase.kind, start, end, value))
        index = match.last
    return [*joined, *tokens[index:]] if index else None


def _pieces(lexicon: Lexicon, text: str) -> list[Token]:
    lowered = text.translate(_ASCII_LOWER)
    return _longest([*_words(lexicon, text, lowered), *_shapes(lexicon, text)])


def _joined(lexicon: Lexicon, seen: View, text: str, codes: dict[str, str]) -> View:
    for phrase in lexicon.phrases:
        joined = _join(phrase, seen)
        if joined is not None:
            seen = view(joined, text, codes)
    return seen


def tokenise(lexicon: Lexicon, text: str) -> Sequence[Token]:
    """The typed tokens of a paragraph, in order, not overlapping.

    A word or shape takes the longest piece that starts where it does; phrases then join tokens in
    the order in which the pattern files give them. What nothing recognises is filler.
    """
    seen = view(_pieces(lexicon, text), text, lexicon.codes)
    return _joined(lexicon, seen, text, lexicon.codes).tokens


def private_view(
    lexicon: Lexicon, shared: Sequence[Token], text: str, codes: dict[str, str]
) -> View:
    """The tokens of a paragraph as one kind of fact sees them, with a lexicon of its own.

    A private word or shape takes the place of every shared token that it touches; private phrases
    then join what they name, and of all this the kind looks at the classes in ``codes``.
    """
    own = _pieces(lexicon, text)
    starts = [token.start for token in own]
    tokens = own + [token for token in shared if not _touched(token, own, starts)]
    tokens.sort(key=lambda token: token.start)
    seen = _joined(lexicon, view(tokens, text, lexicon.codes), text, lexicon.codes)
    return view(seen.tokens, text, codes)


def _touched(token: Token, own: Sequence[Token], starts: Sequence[int]) -> bool:
    """Whether one of the private tokens, which are in order, shares a character with ``token``."""
    before = bisect_left(starts, token.end) - 1
    return before >= 0 and own[before].end > token.start
