"""Stretches: which characters of a paragraph speak of which study, and how that is known.

A sentence that names one study speaks of it. Where it names several, each has its clauses, and
names that are joined share what follows. A sentence after that goes on with the same study only
where it says so: "these patients", 该研究. A mark that cites several entries ends it. Nothing
reaches over the end of a paragraph. Where nobody was named yet, a mark on "all patients" is also
that of the sentences right before it which speak of "all patients".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from carextract.find.paragraphs import Paragraph
from carextract.grammar.tokens import Token
from carextract.link.mentions import Mention
from carextract.link.sentences import sentences
from carextract.rules import KindRules
from carextract.tracked import Span

STATED = "stated in the sentence"
CITED = "citation"
ROW = "table row"
TRIAL = "trial number"
GOING_ON = "paragraph"

# Between two names that share what follows; anything else says something of the first alone.
_JOINS = re.compile(r"[\s,，、;；和与及以并&()（）\[\]\d–-]*(?:and)?[\s,，、&()（）\[\]\d–-]*")
_LATER = frozenset({"LATER"})
_COUNTED = frozenset({"COUNT"})
_GUIDANCE = frozenset({"GUIDANCE"})
_OF_OTHERS = frozenset({"IN_GENERAL", "GUIDANCE", "PLANNED"})  # of many, or of what is to come
_TURNS = frozenset({"YEAR", "YEAR_IN", "ANOTHER"})
_SAME_TEAM = frozenset({"SAME_TEAM"})
_ALL = frozenset({"ALL_OF_THEM"})
_GOING_ON = frozenset({"GOES_ON", "COUNT", "ENROLLED", "ALL_OF_THEM", "THE_STUDY"})
_CLAUSE_END = re.compile(r"[;；，]|,\s")
_OPENING = 14  # characters at the beginning of a sentence in which it says that it goes on
_BESIDE = 3  # characters between a word of contrast and the name that is set aside


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some text and the mentions that it may belong to: of one study, or of several in doubt."""

    span: Span
    mentions: tuple[Mention, ...]
    how: str
    patients: int | None = None  # in a row: what the column of patients says


def stretches(
    paragraph: Paragraph, mentions: Sequence[Mention], rules: KindRules
) -> Iterator[Stretch]:
    """The stretches of a paragraph; `mentions` are those in it, in order."""
    tokens = paragraph.view(rules).tokens
    current: Mention | None = None
    waiting: list[Span] = []  # sentences on all patients of a study that is not named yet
    for span in sentences(paragraph.text, paragraph.start):
        sentence = _Sentence(
            span,
            tuple(m for m in mentions if span.start <= m.span.start < span.end),
            tuple(t for t in tokens if span.start <= paragraph.start + t.start < span.end),
            paragraph,
        )
        found = list(_of_sentence(sentence, current))
        if len(found) == 1 and found[0].how == CITED and sentence.has(_ALL):
            yield from (replace(found[0], span=before) for before in waiting)
        unnamed = not sentence.mentions and (waiting or current is None)
        waiting = [*waiting, span] if unnamed and sentence.on_all else []
        yield from found
        if found:
            single = len(found) == 1 and len(found[0].mentions) == 1
            current = found[0].mentions[0] if single else None
        elif sentence.cited or sentence.trials:
            current = None


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with the mentions and the tokens in it."""

    span: Span
    mentions: tuple[Mention, ...]
    tokens: tuple[Token, ...]
    paragraph: Paragraph

    @property
    def names(self) -> list[Mention]:
        """The mentions that say who, but those that something else is compared with."""
        named = [m for m in self.mentions if m.named and not self._set_aside(m)]
        own = next((m for m in named if m.own), None)
        return [m for m in named if not m.own or m is own]

    @property
    def cited(self) -> set[int]:
        """The entries that are cited."""
        return {number for mention in self.mentions for number in mention.citations}

    @property
    def trials(self) -> set[str]:
        """The trial numbers."""
        return {mention.trial_id for mention in self.mentions if mention.trial_id}

    def has(self, kinds: Collection[str]) -> bool:
        """Whether there is a token of some classes."""
        return any(token.kind in kinds for token in self.tokens)

    def begins_with(self, kinds: Collection[str]) -> bool:
        """Whether a token of some classes stands at the beginning."""
        last = self.span.start - self.paragraph.start + _OPENING
        return any(token.kind in kinds and token.start <= last for token in self.tokens)

    def goes_on(self, current: Mention) -> bool:
        """Whether it speaks of the same patients: it says so at its beginning, or counts some of
        them. A paper goes on with its own study until it names another."""
        if self.has(_OF_OTHERS) or self.begins_with(_TURNS):
            return False
        counted = self.has(_COUNTED)
        return current.own or current.definite or counted or self.begins_with(_GOING_ON)

    @property
    def on_all(self) -> bool:
        """Whether it begins with all patients of a study, which it does not name."""
        return self.begins_with(_ALL) and not self.has(_OF_OTHERS)

    def of_a_trial(self, current: Mention) -> bool:
        """Whether its subject is a trial, named by its number, and not the patients of before."""
        return bool(self.trials) and not current.own and not self.begins_with(_GOING_ON)

    def _set_aside(self, mention: Mention) -> bool:
        at = mention.span.start - self.paragraph.start
        return any(
            token.kind == "CONTRAST" and token.end <= at and at - token.end <= _BESIDE
            for token in self.tokens
        )


def _of_sentence(sentence: _Sentence, current: Mention | None) -> Iterator[Stretch]:
    """The stretches of a sentence; `current` is of the study that the one before speaks of."""
    if sentence.names:
        yield from _of_names(sentence)
    elif current is not None and sentence.begins_with(_SAME_TEAM):
        yield from _of_same_team(sentence, current)
    elif len(sentence.cited) > 1 or (sentence.cited and sentence.has(_GUIDANCE)):
        return
    elif sentence.cited:
        mark = next(mention for mention in sentence.mentions if mention.citations)
        if current and current.citations in ((), mark.citations) and sentence.goes_on(current):
            mark = replace(current, citations=mark.citations)
        yield Stretch(sentence.span, (mark,), CITED)
    elif current is not None and sentence.goes_on(current) and not sentence.of_a_trial(current):
        yield Stretch(sentence.span, (current,), GOING_ON)
    elif len(sentence.trials) == 1:
        number = next(mention for mention in sentence.mentions if mention.trial_id)
        yield Stretch(sentence.span, (number,), TRIAL)
    else:
        definite = [mention for mention in sentence.mentions if mention.definite]
        if definite and not sentence.trials:
            yield Stretch(sentence.span, (definite[0],), GOING_ON)


def _of_same_team(sentence: _Sentence, current: Mention) -> Iterator[Stretch]:
    """What the same people did: another study, if it has a citation of its own."""
    if len(sentence.cited) == 1:
        cited = tuple(sentence.cited)
        if cited == current.citations:
            yield Stretch(sentence.span, (current,), CITED)
        else:
            other = replace(current, citations=cited, year=None, trial_id=None, another=True)
            yield Stretch(sentence.span, (other,), CITED)
    elif not sentence.cited and not sentence.has(_LATER):
        yield Stretch(sentence.span, (current,), GOING_ON)


def _of_names(sentence: _Sentence) -> Iterator[Stretch]:
    groups: list[list[Mention]] = []
    for mention in sentence.names:
        if groups and _joined(groups[-1][-1], mention, sentence.paragraph):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    starts, end = [sentence.span.start], _another_begins(sentence)
    for before, group in pairwise(groups):
        starts.append(_clause_start(before[-1].span.end, group[0].span.start, sentence.paragraph))
    for group, (first, last) in zip(groups, pairwise([*starts, end]), strict=True):
        marks = [m for m in sentence.mentions if not m.named and first <= m.span.start < last]
        yield Stretch(Span(first, last), _with_mark(group, marks), STATED)


def _another_begins(sentence: _Sentence) -> int:
    """Where a sentence turns to what the same people did later, or its end."""
    last = sentence.names[-1].span.end - sentence.paragraph.start
    behind = [token for token in sentence.tokens if token.start >= last]
    for token, following in pairwise(behind):
        if token.kind == "SAME_TEAM" and following.kind == "LATER":
            return sentence.paragraph.start + token.start
    return sentence.span.end


def _clause_start(first: int, last: int, paragraph: Paragraph) -> int:
    """Where the clause begins that a name at `last` stands in, not before `first`."""
    text = paragraph.text[first - paragraph.start : last - paragraph.start]
    ends = [found.end() for found in _CLAUSE_END.finditer(text)]
    return first + ends[-1] if ends else last


def _with_mark(group: Sequence[Mention], marks: Sequence[Mention]) -> tuple[Mention, ...]:
    """A name without a citation has the only one that stands in its stretch."""
    cited = {number for mark in marks for number in mark.citations}
    if len(group) == 1 and not group[0].citations and not group[0].own and len(cited) == 1:
        return (replace(group[0], citations=tuple(cited)),)
    return tuple(group)


def _joined(first: Mention, second: Mention, paragraph: Paragraph) -> bool:
    between = paragraph.text[first.span.end - paragraph.start : second.span.start - paragraph.start]
    return _JOINS.fullmatch(between) is not None
