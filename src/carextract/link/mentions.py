"""Mentions of studies, as finding gives them, with offsets of the cleaned text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from carextract.find.article import Article
from carextract.find.facts import Fact, Findings
from carextract.link.references import References
from carextract.tracked import Span


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a text names a study, and what is said there of which one it is."""

    rule: str
    span: Span
    author: str | None = None
    name: Span | None = None  # where a Chinese author stands
    given: str | None = None
    year: int | None = None
    citations: tuple[int, ...] = ()
    centre: str | None = None
    own: bool = False
    definite: bool = False  # "the study team": the one study that the text is about
    trial_id: str | None = None
    another: bool = False  # by the same authors, but another study

    @property
    def named(self) -> bool:
        """Whether it says who: a bare citation mark does not."""
        return bool(self.author or self.centre or self.own)


def mentions_in(article: Article, findings: Findings, references: References) -> list[Mention]:
    """The mentions of an article in order, trial numbers among them, outside its references."""
    found: list[Mention] = []
    for fact in findings.facts:
        if fact.kind == "studies" and not _cited_there(references, fact.spans[0].start):
            found.append(_mention(fact, found, article))
        elif fact.kind == "trials":
            trial = str(fact.fields["id"])
            found += (Mention(fact.rule, span, trial_id=trial) for span in fact.spans)
    return sorted(found, key=lambda mention: mention.span.start)


def _cited_there(references: References, place: int) -> bool:
    """Whether a character stands in an entry of the list of references."""
    index = bisect_right(references.entries, place, key=lambda entry: entry.span.start) - 1
    return index >= 0 and place < references.entries[index].span.end


def _mention(fact: Fact, earlier: Sequence[Mention], article: Article) -> Mention:
    fields: dict[str, Any] = dict(fact.fields)
    year = fields["year"]
    if year == "same":
        before = earlier[-1] if earlier else None
        near = (
            before is not None and "\n" not in article.text[before.span.end : fact.spans[0].start]
        )
        year = before.year if before is not None and near else None
    return Mention(
        rule=fact.rule,
        span=fact.spans[0],
        author=fields["author"],
        name=fields["name"],
        given=fields["given"],
        year=year,
        citations=tuple(fields["citations"]),
        centre=fields["centre"],
        own=fields["own"],
        definite=fields["definite"],
    )
