"""Stretches: which characters of a paragraph speak of which study, and how that is known.

A sentence that names one study speaks of it. Where it names several, each has the text up to the
next; what stands before the first belongs to none, and names that are joined share what follows. A
sentence after that goes on with the same study only where it says so: "these patients", 该研究. A
mark that cites several entries ends it. Nothing reaches over the end of a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
_GOING_ON = frozenset({"GOES_ON", "COUNT", "ENROLLED", "THE_STUDY"})
_OPENING = 14  # characters at the beginning of a sentence in which it says that it goes on
_BESIDE = 3  # characters between a word of contrast and the name that is set aside


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some text and the mentions that it may belong to: of one study, or of several in doubt."""

    span: Span
    mentions: tuple[Mention, ...]
    how: str


def stretches(
    paragraph: Paragraph, mentions: Sequence[Mention], rules: KindRules
) -> Iterator[Stretch]:
    """The stretches of a paragraph; `mentions` are those in it, in order."""
    tokens = paragraph.view(rules).tokens
    current: Mention | None = None
    for sentence in sentences(paragraph.text, paragraph.start):
        inside = [m for m in mentions if sentence.start <= m.span.start < sentence.end]
        words = [
            token
            for token in tokens
            if sentence.start <= paragraph.start + token.start < sentence.end
        ]
        named = [m for m in inside if m.named and not _set_aside(m, words, paragraph.start)]
        cited = _cited(inside)
        if named:
            found = list(_of_names(sentence, named, inside, paragraph))
            yield from found
            current = found[-1].mentions[0] if len(found[-1].mentions) == 1 else None
        elif any(m.own for m in inside):
            current = next(m for m in inside if m.own)
            yield Stretch(sentence, (current,), STATED)
        elif len(cited) > 1:
            current = None
        elif cited:
            mark = next(m for m in inside if m.citations)
            goes_on = current is not None and current.citations in ((), mark.citations)
            if goes_on and current is not None and _goes_on(words, sentence, paragraph.start):
                current = replace(current, citations=mark.citations)
                yield Stretch(sentence, (current,), CITED)
            else:
                current = mark
                yield Stretch(sentence, (mark,), CITED)
        elif _trials(inside):
            numbers = _trials(inside)
            if len({m.trial_id for m in numbers}) == 1:
                if current is None or not _goes_on(words, sentence, paragraph.start):
                    current = numbers[0]
                    yield Stretch(sentence, (current,), TRIAL)
                else:
                    yield Stretch(sentence, (current,), GOING_ON)
            else:
                current = None
        elif current is not None and _goes_on(words, sentence, paragraph.start):
            yield Stretch(sentence, (current,), GOING_ON)
        elif any(m.definite for m in inside):
            current = next(m for m in inside if m.definite)
            yield Stretch(sentence, (current,), GOING_ON)


def _of_names(
    sentence: Span, named: Sequence[Mention], inside: Sequence[Mention], paragraph: Paragraph
) -> Iterator[Stretch]:
    groups: list[list[Mention]] = []
    for mention in named:
        if groups and _joined(groups[-1][-1], mention, paragraph):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    for number, group in enumerate(groups):
        first = group[0].span.start if number or len(groups) > 1 else sentence.start
        last = groups[number + 1][0].span.start if number + 1 < len(groups) else sentence.end
        span = Span(first, last)
        marks = [m for m in inside if not m.named and first <= m.span.start < last]
        yield Stretch(span, _with_mark(group, marks), STATED)


def _with_mark(group: Sequence[Mention], marks: Sequence[Mention]) -> tuple[Mention, ...]:
    """A name without a citation has the only one that stands in its stretch."""
    if len(group) == 1 and not group[0].citations and len(cited := _cited(marks)) == 1:
        return (replace(group[0], citations=tuple(cited)),)
    return tuple(group)


def _cited(mentions: Sequence[Mention]) -> set[int]:
    return {number for mention in mentions for number in mention.citations}


def _trials(mentions: Sequence[Mention]) -> list[Mention]:
    return [mention for mention in mentions if mention.trial_id]


def _joined(first: Mention, second: Mention, paragraph: Paragraph) -> bool:
    between = paragraph.text[first.span.end - paragraph.start : second.span.start - paragraph.start]
    return _JOINS.fullmatch(between) is not None


def _set_aside(mention: Mention, words: Sequence[Token], start: int) -> bool:
    """Whether a name is only what something else is compared with."""
    at = mention.span.start - start
    return any(
        token.kind == "CONTRAST" and token.end <= at and at - token.end <= _BESIDE
        for token in words
    )


def _goes_on(words: Sequence[Token], sentence: Span, start: int) -> bool:
    """Whether a sentence says at its beginning that it speaks of the same patients, and not of what
    holds in general."""
    if any(token.kind == "IN_GENERAL" for token in words):
        return False
    return any(
        token.kind in _GOING_ON and start + token.start - sentence.start <= _OPENING
        for token in words
    )
