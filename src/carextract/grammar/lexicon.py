"""The lexicon: words and shapes to typed tokens, the same classes for every language."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from carextract.grammar.pattern import compiled
from carextract.grammar.phrases import Phrase, joined
from carextract.grammar.readers import SHAPE_READERS
from carextract.grammar.tokens import Token, View, view
from carextract.grammar.words import Openings, Scan, Term, Words, lower

_START = itemgetter(1)


class Shape(NamedTuple):
    """A class of tokens with a form of their own, such as a number with a power of ten. A text that
    has none of the pieces in ``needs``, in small letters, is not searched for it."""

    kind: str
    expression: str
    read: str
    needs: tuple[str, ...] = ()

    @property
    def regex(self) -> re.Pattern[str]:
        """The regular expression of the form."""
        return compiled(self.expression)


@dataclass(slots=True)
class Lexicon:
    """All words, shapes and phrases in force. ``openings`` are shared with the lexicons that look
    at the same texts; a lexicon that ``gives_way`` yields to longer tokens of the shared one."""

    shapes: tuple[Shape, ...]
    phrases: tuple[Phrase, ...]
    codes: dict[str, str]
    openings: Openings
    words: Words = field(default_factory=Words)
    gives_way: bool = False
    _classes: dict[str, Lexicon] = field(default_factory=dict, repr=False)

    def of_class(self, kind: str) -> Lexicon:
        """The words of one class alone, to see whether a text may hold any of them."""
        if kind not in self._classes:
            part = Lexicon((), (), self.codes, Openings())
            part.add(term for term in self.words.terms() if term.kind == kind)
            self._classes[kind] = part
        return self._classes[kind]

    def add(self, terms: Iterable[Term]) -> None:
        """Take up words."""
        self.words.add(terms, self.openings)

    def scan(self, text: str) -> Scan:
        """A text made ready for this lexicon and those that share its openings."""
        return Scan(text, self.openings)


def _shapes(lexicon: Lexicon, text: str, lowered: str) -> Iterator[Token]:
    for kind, expression, read, needs in lexicon.shapes:
        if needs and not _holds_any(lowered, needs):
            continue
        for found in compiled(expression).finditer(text):
            value = SHAPE_READERS[read](found.groupdict())
            if value is not None:
                yield Token(kind, found.start(), found.end(), value)


def _holds_any(lowered: str, pieces: tuple[str, ...]) -> bool:
    for piece in pieces:  # noqa: SIM110 - a plain loop takes half the time
        if piece in lowered:
            return True
    return False


def _pieces(lexicon: Lexicon, scan: Scan) -> list[Token]:
    """Words and shapes that do not overlap: from left to right, the longest; a word on a tie."""
    found = lexicon.words.find(scan)
    found += _shapes(lexicon, scan.text, scan.lowered)
    return _apart(found)


def _apart(found: list[Token]) -> list[Token]:
    """The tokens that do not overlap: from left to right, the longest; of equals the first."""
    found.sort(key=lambda token: (token.start, -token.end))
    kept: list[Token] = []
    end = 0
    for token in found:
        if token.start >= end:
            kept.append(token)
            end = token.end
    return kept


def tokenise(lexicon: Lexicon, text: str, scan: Scan | None = None) -> Sequence[Token]:
    """The typed tokens of a paragraph, in order, not overlapping.

    A word or shape takes the longest piece that starts where it does; phrases then join tokens in
    the order in which the pattern files give them. What nothing recognises is filler.
    """
    pieces = _pieces(lexicon, scan or lexicon.scan(text))
    return joined(lexicon.phrases, pieces, text, lexicon.codes)


def shapes_view(lexicon: Lexicon, text: str, codes: dict[str, str]) -> View:
    """The shapes of a lexicon in a text, without its words: for what is found by its form alone, at
    a fraction of the cost of all tokens."""
    return view(_apart(list(_shapes(lexicon, text, lower(text)))), text, codes)


def private_view(
    lexicon: Lexicon, shared: Sequence[Token], scan: Scan, codes: dict[str, str]
) -> View:
    """The tokens of a paragraph as one kind of fact sees them, with a lexicon of its own.

    A private word or shape takes the place of every shared token that it touches; private phrases
    then join what they name, and of all this the kind looks at the classes in ``codes``. A private
    word that is only a part of a longer shared token at which the kind looks is not seen: the 低至
    of 降低至. Where the lexicon gives way, that holds for every shared token: 剂量 of 每日剂量.
    """
    watched = shared if lexicon.gives_way else [token for token in shared if token.kind in codes]
    own = _pieces(lexicon, scan)
    own = _not_inside(own, _standing(watched, own))
    tokens = own + _untouched(shared, own)
    tokens.sort(key=_START)
    return view(joined(lexicon.phrases, tokens, scan.text, lexicon.codes), scan.text, codes)


def _not_inside(own: Sequence[Token], shared: Sequence[Token]) -> list[Token]:
    """The private tokens that no shared one begins before, or is longer from the same place on;
    both are in order."""
    starts = list(map(_START, shared))
    kept = []
    for token in own:
        at = bisect_right(starts, token.start) - 1
        around = shared[at] if at >= 0 else token
        earlier = around.start < token.start < around.end
        longer = around.start == token.start and around.end > token.end
        if not (earlier or longer):
            kept.append(token)
    return kept


def _standing(shared: Sequence[Token], own: Sequence[Token]) -> list[Token]:
    """The shared tokens into which no private one reaches that begins before; both in order."""
    kept = []
    index = 0
    for token in shared:
        while index < len(own) and own[index].start < token.start:
            index += 1
        if not index or own[index - 1].end <= token.start:
            kept.append(token)
    return kept


def _untouched(shared: Sequence[Token], own: Sequence[Token]) -> list[Token]:
    """The shared tokens that have no character in common with a private one; both are in order."""
    kept = []
    index = 0
    for token in shared:
        while index < len(own) and own[index].end <= token.start:
            index += 1
        if index == len(own) or own[index].start >= token.end:
            kept.append(token)
    return kept
