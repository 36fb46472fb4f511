"""Finding trials: every registry number once, with what rows and sentences say of the trial."""

from __future__ import annotations

from collections.abc import Iterator

from carextract.find.article import Article
from carextract.find.facts import Fact, Remark
from carextract.find.trials.details import Detail
from carextract.find.trials.numbers import Mention, read_numbers
from carextract.find.trials.places import Places
from carextract.rules import KindRules
from carextract.tracked import Span

FIELDS = ("intervention", "condition", "phase", "country", "start_date")
_LONGEST_QUOTE = 300


def find_trials(article: Article, rules: KindRules) -> Iterator[Fact | Remark]:
    """The trials of an article, one fact a number; the mention that says most comes first."""
    mentions: list[Mention] = []
    for item in read_numbers(article, rules):
        if isinstance(item, Mention):
            mentions.append(item)
        else:
            yield item
    if not mentions:
        return
    places = Places(article, mentions, rules)
    told: dict[str, list[tuple[Mention, tuple[Detail, ...]]]] = {}
    for mention in mentions:
        told.setdefault(mention.id, []).append((mention, places.details(mention)))
    for mentioned in told.values():
        mentioned.sort(key=lambda item: -len(item[1]))
        yield _fact(mentioned)
        for mention, details in mentioned:
            yield from _doubts(article.text, mention, details)


def _fact(mentioned: list[tuple[Mention, tuple[Detail, ...]]]) -> Fact:
    """The record of one number: the first mention decides, later ones fill what it leaves open.

    Printed forms are spans: what is printed, only the source can show.
    """
    deciding = mentioned[0][0]
    filled: dict[str, Detail] = {}
    for _, details in mentioned:
        for detail in details:
            filled.setdefault(detail.field, detail)
    fields: dict[str, object] = {"id": deciding.id, "registry": deciding.rule.set["registry"]}
    fields |= {name: filled[name].value if name in filled else None for name in FIELDS}
    fields["printed"] = {
        name: Span(filled[name].start, filled[name].end) for name in FIELDS if name in filled
    }
    spans = dict.fromkeys(span for item in mentioned for span in _quotes(*item))
    return Fact("trials", deciding.rule.id, tuple(spans), fields)


def _quotes(mention: Mention, details: tuple[Detail, ...]) -> Iterator[Span]:
    """One quote with all that a mention says of the trial; pieces where that would be too long."""
    start = min([mention.start, *(detail.start for detail in details)])
    end = max([mention.end, *(detail.end for detail in details)])
    if end - start <= _LONGEST_QUOTE:
        yield Span(start, end)
        return
    yield Span(mention.start, mention.end)
    for detail in details:
        yield Span(detail.start, detail.end)


def _doubts(text: str, mention: Mention, details: tuple[Detail, ...]) -> Iterator[Remark]:
    for detail in details:
        if detail.doubtful:
            printed = text[detail.start : detail.end]
            message = f"{mention.id}: phase printed as {printed!r}, read as {detail.value}"
            yield Remark("phase-doubtful", message, Span(detail.start, detail.end))
