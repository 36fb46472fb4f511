"""Words: where those of any lexicon may begin in a text, and which of a lexicon stand there.

A paragraph is searched once for the openings of all words in force, those of every kind of fact;
each lexicon then looks at the places where a word of its own may begin. So the cost of reading a
text hardly grows with the number of words or of kinds, and nothing is compiled for a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from carextract.grammar.tokens import Token

_LATIN_WORD = re.compile(r"[a-z]+")
# A word may follow a number without a space (10mg, 24h), not the digits of a code (CD19a, IL2d).
_IN_CODE = re.compile(r"(?<=[a-z]\d)|(?<=[a-z]\d\d)")
_UPPER = re.compile(r"[A-Z]+")
_SEPARATORS = "-\t\n\r"


class Term(NamedTuple):
    """A word of a class. ``cased`` words are found only as they are written."""

    kind: str
    word: str
    value: Any
    cased: bool


class _Word(NamedTuple):
    """A term made ready to be looked for in a text whose separators are all spaces; one that ends
    in a Latin letter or a digit is ``whole``."""

    kind: str
    value: Any
    text: str
    whole: bool
    cased: bool


class Openings:
    """How the words of all lexicons in force begin: with a Latin word, otherwise with two
    characters, or with the only one where there is but one."""

    def __init__(self) -> None:
        self.all: set[str] = set()

    def add(self, openings: Iterable[str]) -> None:
        """Take up the openings of more words; a text that is searched later is searched for them
        too."""
        self.all.update(openings)
        self.__dict__.pop("pairs", None)
        self.__dict__.pop("singles", None)

    @cached_property
    def pairs(self) -> re.Pattern[str]:
        """Finds the first of two characters that may open a word."""
        pairs = [opening for opening in self.all if len(opening) == 2 and not _is_latin(opening)]
        return re.compile(f"{_any(o[0] for o in pairs)}(?={_any(o[1] for o in pairs)})")

    @cached_property
    def singles(self) -> re.Pattern[str]:
        """Finds a character that opens a word alone."""
        return re.compile(_any(o for o in self.all if len(o) == 1 and not _is_latin(o)))


def _is_latin(opening: str) -> bool:
    return "a" <= opening[0] <= "z"


def _any(characters: Iterable[str]) -> str:
    """A character class; one that matches nothing where there are no characters."""
    escaped = re.escape("".join(sorted(set(characters))))
    return f"[{escaped}]" if escaped else "(?!)"


def opening_of(word: str) -> str:
    """What a place in a text must begin with for a word to stand there.

    >>> opening_of("Grade"), opening_of("mg/kg"), opening_of("输注"), opening_of("第")
    ('grade', 'mg', '输注', '第')
    """
    first, second = word[0], word[1:2]
    if first.isascii() and first.isalpha():
        letters = _LATIN_WORD.match(lower(word))
        return letters[0] if letters else first
    if second in " -":
        return first
    return first + (second.lower() if second.isascii() else second)


def lower(text: str) -> str:
    """Small letters for A to Z alone: other letters may change in length, or be signs (Ⅱ).

    >>> lower("CD19 Ⅱ İ")
    'cd19 Ⅱ İ'
    """
    return text.lower() if text.isascii() else _UPPER.sub(lambda run: run[0].lower(), text)


def _spaced(text: str) -> str:
    """Spaces and hyphens of a word are interchangeable, as print has them."""
    for separator in _SEPARATORS:
        text = text.replace(separator, " ")
    return text


class Scan:
    """A paragraph as it is searched for words and shapes; made once for all kinds of fact.

    ``places`` are those where a Latin word or two characters open a word, ``singles`` those where
    one character does; ``spaced`` and ``plain`` are the text and its small letters with every
    separator a space.
    """

    __slots__ = ("lowered", "places", "plain", "singles", "spaced", "text")

    def __init__(self, text: str, openings: Openings) -> None:
        self.text = text
        self.lowered = lowered = lower(text)
        self.spaced = _spaced(text)
        self.plain = _spaced(lowered)
        known = openings.all
        self.places = [
            (found.start(), found[0])
            for found in _LATIN_WORD.finditer(lowered)
            if found[0] in known and not _IN_CODE.match(lowered, found.start())
        ]
        for found in openings.pairs.finditer(lowered):
            at = found.start()
            pair = lowered[at : at + 2]
            if pair in known:
                self.places.append((at, pair))
        self.singles = [(m.start(), m[0]) for m in openings.singles.finditer(lowered)]


@dataclass(slots=True)
class Words:
    """The words of one lexicon by how they begin, longest first. They are made ready when a text
    first holds what they begin with: most texts need few of them."""

    _terms: dict[str, list[Term]] = field(default_factory=dict)
    _ready: dict[str, list[_Word]] = field(default_factory=dict)

    def add(self, terms: Iterable[Term], openings: Openings) -> None:
        """Take up terms, and note how they begin."""
        for term in terms:
            self._terms.setdefault(opening_of(term.word), []).append(term)
        openings.add(self._terms)

    def terms(self) -> Iterator[Term]:
        """All terms, those with the same opening together."""
        for terms in self._terms.values():
            yield from terms

    def _beginning(self, opening: str) -> list[_Word]:
        """The words with an opening; none where this lexicon has none."""
        terms = sorted(self._terms.get(opening, ()), key=lambda term: -len(term.word))
        self._ready[opening] = words = [_word(term) for term in terms]
        return words

    def find(self, scan: Scan) -> list[Token]:
        """The longest word at each place; two characters that open a word go before one."""
        cased, plain = scan.spaced, scan.plain
        ready = self._ready
        tokens: list[Token] = []
        taken: set[int] = set()
        for at, opening in (*scan.places, *scan.singles):
            words = ready.get(opening)
            if words is None:
                words = self._beginning(opening)
            for kind, value, text, whole, as_written in words:
                line = cased if as_written else plain
                if not line.startswith(text, at):
                    continue
                end = at + len(text)
                if whole and (after := line[end : end + 1]).isalnum() and after.isascii():
                    continue
                if at not in taken:
                    taken.add(at)
                    tokens.append(Token(kind, at, end, value))
                break
        return tokens


def _word(term: Term) -> _Word:
    text = _spaced(term.word if term.cased else lower(term.word))
    whole = text[-1].isascii() and text[-1].isalnum()
    return _Word(term.kind, term.value, text, whole, term.cased)
