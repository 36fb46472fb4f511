"""Entries, and which of them is meant, by a number, or by an author and a year."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from carextract.tracked import Span

_SPELT_OUT = re.compile("[aou]e")
_SPECIAL = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "a", "œ": "o", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a reference list; what it does not say with certainty is None or empty."""

    number: int | None
    span: Span  # in the cleaned text, the whole entry
    authors: tuple[str, ...]  # family names as printed, Chinese names in full, first author first
    initials: str | None  # of the first author, to tell Wang X from Wang Q
    year: int | None
    journal: str | None
    doi: str | None
    pmid: str | None


@dataclass(frozen=True, slots=True)
class References:
    """The entries of all reference lists of a text, in order; `start` is where the first begins.

    A text of several papers has several lists. Their numbers then mean more than one entry each,
    and are answered with None.
    """

    entries: tuple[Entry, ...] = ()
    start: int | None = None

    def numbered(self, number: int) -> Entry | None:
        """The entry with a number; None where none or two different ones have it."""
        return _only_one([entry for entry in self.entries if entry.number == number])

    def by(self, author: str, year: int | None, initials: str | None = None) -> Entry | None:
        """The entry of a first author and a year; None where none or two could be meant.

        Capitals and accents do not matter: MULLER, Müller and Mueller are the same name. Without
        a year, the only entry of the author is meant.
        """
        name = _folded(author)
        meant = [
            entry
            for entry in self.entries
            if entry.authors
            and _folded(entry.authors[0]) == name
            and (year is None or entry.year in (year, None))
            and _may_be(initials, entry.initials)
        ]
        found = _only_one(meant) if name else None
        return found if found and year in (None, found.year) else None


def _folded(name: str) -> str:
    """A name in the letters that all its spellings share.

    >>> {_folded(name) for name in ("MULLER", "Müller", "Mueller")}
    {'muller'}
    """
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_SPECIAL))
    letters = "".join(letter for letter in plain if letter.isalnum())
    return _SPELT_OUT.sub(lambda found: found[0][0], letters)


def _may_be(asked: str | None, printed: str | None) -> bool:
    """Whether initials may be those of the same person, one of them given with fewer letters."""
    if not asked or not printed:
        return True
    one = "".join(letter for letter in asked.upper() if letter.isalpha())
    return one.startswith(printed.upper()) or printed.upper().startswith(one)


def _only_one(entries: Sequence[Entry]) -> Entry | None:
    """The first of some entries, if all of them name the same paper."""
    if not entries:
        return None
    first = entries[0]
    same = all(entry is first or _same_paper(first, entry) for entry in entries)
    return first if same else None


def _same_paper(one: Entry, other: Entry) -> bool:
    if one.doi and other.doi:
        return one.doi.lower() == other.doi.lower()
    if one.pmid and other.pmid:
        return one.pmid == other.pmid
    return False
