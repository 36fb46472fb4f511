"""Phrases: adjacent tokens that make one, joined in the order of the pattern files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from carextract.grammar.pattern import Pattern
from carextract.grammar.readers import PHRASE_READERS
from carextract.grammar.tokens import Token, View, adjacency


class Phrase(NamedTuple):
    """Adjacent tokens that make one: ``NUM COUNTER`` is a COUNT."""

    kind: str
    pattern: Pattern
    read: str


def joined(
    phrases: Iterable[Phrase], tokens: Iterable[Token], text: str, codes: Mapping[str, str]
) -> Sequence[Token]:
    """The tokens with a code, every phrase among them made into one token."""
    seen = adjacency(tokens, text, codes)
    present = set(seen.codes)
    for phrase in phrases:
        if not phrase.pattern.may_match(present):
            continue
        found = _matches(phrase, seen)
        if found:
            seen = _replaced(seen, found, codes[phrase.kind])
            present.add(codes[phrase.kind])
    return seen.tokens


def _matches(phrase: Phrase, seen: View) -> list[tuple[int, int, Token]]:
    """Where a phrase fits, as token indices [first, last), and what it makes of these tokens."""
    found: list[tuple[int, int, Token]] = []
    for piece in phrase.pattern.regex.finditer(seen.codes):
        if piece.end() == piece.start():
            continue
        match = phrase.pattern.captured(seen, piece)
        value = PHRASE_READERS[phrase.read](match.fields)
        if value is not None:
            start, end = seen.tokens[match.first].start, seen.tokens[match.last - 1].end
            found.append((match.first, match.last, Token(phrase.kind, start, end, value)))
    return found


def _replaced(seen: View, found: Sequence[tuple[int, int, Token]], code: str) -> View:
    """The view with tokens [first, last) replaced by one, place after place; the rest is moved,
    not made again. No gap stands inside a phrase, so that it has as many codes as tokens."""
    tokens: list[Token] = []
    codes: list[str] = []
    starts: list[int] = []
    index = place = moved = 0
    for first, last, token in found:
        at = seen.starts[first]
        tokens += (*seen.tokens[index:first], token)
        codes += (seen.codes[place:at], code)
        starts += [start - moved for start in seen.starts[index : first + 1]]
        index, place = last, at + last - first
        moved += last - first - 1
    tokens += seen.tokens[index:]
    codes.append(seen.codes[place:])
    starts += [start - moved for start in seen.starts[index:]]
    return View(tuple(tokens), "".join(codes), tuple(starts))
