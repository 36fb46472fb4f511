"""How far the name of an index is felt: which numbers of a paragraph can be SLEDAI scores at all.

A name opens the reach, another measure closes it, "the score" or a new patient opens it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from carextract.grammar.tokens import Token

_GENERIC = "SLEDAI"
# "the score" this close behind another measure is that measure's.
_NEAR = 24
# Names in a list stand this close: SLEDAI, CLASI and PGA.
_BESIDE = 8
_JOINTS = frozenset({"COMMA", "AND"})
_NAMES = frozenset({"SCORE", "OTHER"})
_ONES = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Listed:
    """The index is one of several measures: at ``position`` among ``size``; ``last``: no other
    measure came after it."""

    position: int
    size: int
    last: bool


@dataclass(frozen=True, slots=True)
class Place:
    """What is in force at a token.

    ``instrument`` is None where a number cannot be a score; ``named`` says that the sentence names
    the index or the patient itself; ``defined`` and ``target`` that a rule or a treatment target is
    spoken of; ``later`` that the sentence has spoken of a time or of after treatment; ``opening``
    is the visit with which it begins; ``listed`` tells which of how many names in a list the index
    was, whose values come in that order; ``follows`` that the sentence before named the index.
    """

    instrument: str | None
    named: bool
    closed: bool
    sentence: int
    subject: str | None
    defined: bool
    target: bool
    later: bool
    opening: Token | None
    listed: Listed | None
    follows: bool


@dataclass(slots=True)
class Reach:
    """The state of the walk over an article; ``instrument`` outlives a paragraph."""

    instrument: str | None = None
    sentence: int = 0
    subject: str | None = None
    open: bool = False
    named: bool = False
    closed: bool = False
    defined: bool = False
    target: bool = False
    later: bool = False
    opening: Token | None = None
    fresh: bool = True
    listed: Listed | None = None
    follows: bool = False

    def places(self, tokens: Sequence[Token]) -> list[Place]:
        """What is in force at each token of a paragraph."""
        self._begin_paragraph()
        places: list[Place] = []
        lists = dict(_lists(tokens))
        for index, token in enumerate(tokens):
            self._step(token, tokens[index - 1] if index else None)
            if index in lists:
                self._open()
                self.listed = lists[index]
            places.append(
                Place(
                    self.instrument if self.open else None,
                    self.named,
                    self.closed,
                    self.sentence,
                    self.subject,
                    self.defined,
                    self.target,
                    self.later,
                    self.opening,
                    self.listed,
                    self.follows,
                )
            )
        ruled = {p.sentence for p, t in zip(places, tokens, strict=True) if t.kind == "DEFINES"}
        return [replace(p, defined=True) if p.sentence in ruled else p for p in places]

    def _begin_paragraph(self) -> None:
        self.open = self.named = False
        self.subject = None
        self._begin_sentence()

    def _begin_sentence(self) -> None:
        self.sentence += 1
        self.follows = self.named
        self.named = self.closed = self.defined = self.target = self.later = False
        self.opening = self.listed = None
        self.fresh = True

    def _step(self, token: Token, before: Token | None) -> None:
        if token.kind in _NAMES:
            self.listed = None
        match token.kind:
            case "STOP":
                self._begin_sentence()
                return
            case "SCORE":
                if self.instrument is None or token.value != _GENERIC:
                    self.instrument = token.value
                self._open()
            case "AGAIN":
                if not _belongs_to_other(token, before):
                    self._open()
            case "OTHER":
                self.open, self.closed = False, True
            case "SUBJECT":
                self.subject = _subject(str(token.value))
                if not self.closed:
                    self._open()
            case "PRONOUN":
                self.named |= self.open
            case "DEFINES":
                self.defined = True
            case "TARGET":
                self.target = True
            case "TIME" | "TIMES" | "FOLLOWUP" | "AFTER" | "FELL" | "BASELINE":
                self.later |= token.kind != "BASELINE"
                if self.fresh and token.kind not in ("AFTER", "FELL"):
                    self.opening = token
        self.fresh = False

    def _open(self) -> None:
        self.open, self.named, self.closed = True, True, False


def _lists(tokens: Sequence[Token]) -> Iterator[tuple[int, Listed]]:
    """Where lists of measures end that name the index once."""
    names: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind not in _NAMES | _JOINTS or (names and _apart(tokens[index - 1], token)):
            names = []
        if token.kind not in _NAMES:
            continue
        if names and index - 1 in names:
            names.pop()  # two words for one measure: 激素用量
        names.append(index)
        kinds = [tokens[name].kind for name in names]
        if len(names) > 1 and kinds.count("SCORE") == 1:
            place = kinds.index("SCORE")
            yield index, Listed(place, len(names), place == len(names) - 1)


def _apart(before: Token, token: Token) -> bool:
    return token.start - before.end > _BESIDE


def _belongs_to_other(token: Token, before: Token | None) -> bool:
    return before is not None and before.kind == "OTHER" and token.start - before.end <= _NEAR


def _subject(printed: str) -> str | None:
    """A patient as a number where there is one: 第一例 and patient 1 are the same. Several patients
    are nobody in particular.

    >>> _subject("一"), _subject("2"), _subject("another"), _subject("1 to 5")
    ('1', '2', 'another', None)
    """
    if len(printed) == 1 and printed in _ONES:
        return str(_ONES.index(printed) + 1)
    return printed if printed.isdigit() or not printed[0].isdigit() else None
