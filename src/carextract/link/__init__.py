"""Link: the studies that a text speaks of, and which fact belongs to which.

Mentions (an author, a centre, a citation mark, a trial number, the paper itself) own stretches of
text; mentions of the same study are put together; a fact belongs to the study in whose stretch it
stands. A fact that could be of two studies is of none, and is said.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from carextract.find.article import Article
from carextract.find.facts import Findings, Remark
from carextract.link.mentions import Mention, mentions_in
from carextract.link.references import read_references
from carextract.link.rows import row_stretches
from carextract.link.scope import read_scope
from carextract.link.stretches import Stretch, stretches
from carextract.link.studies import (
    Draft,
    Drafts,
    Owners,
    Study,
    finished,
    give_facts,
    join_references,
)
from carextract.rules import Rules

__all__ = ["Links", "Study", "link"]

# A sign that patients are counted, or animals given something.
_COUNTS = re.compile(
    r"[\d一二两三四五六七八九十]\s?[例名]|小鼠|大鼠|\b(?:mice|mouse)\b"
    r"|\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r" (?:[\w-]+ ){0,3}(?:patient|case|child|adult|women|men|participant)"
)


@dataclass(frozen=True, slots=True)
class Links:
    """The studies of a text, and what a reader should know of facts that are tied to none."""

    studies: tuple[Study, ...] = ()
    remarks: tuple[Remark, ...] = ()


def link(article: Article, findings: Findings, rules: Rules) -> Links:
    """The studies of an article, and the facts that belong to each."""
    references = read_references(article.text)
    mentions = mentions_in(article, findings, references)
    if not mentions:
        return Links()
    drafts = Drafts()
    owned: list[tuple[Stretch, Draft | None]] = []
    definite = []
    for index, stretch in _stretches(article, mentions, findings, rules):
        if stretch.mentions[0].definite:
            definite.append((index, stretch))
        else:
            meant = [drafts.of(mention) for mention in stretch.mentions]
            owned.append((stretch, meant[0] if len(meant) == 1 else None))
            for draft in meant:
                if draft is not None:
                    _read(article, index, stretch, draft, rules)
    only = drafts.only()
    if only is not None:
        for index, stretch in definite:
            owned.append((stretch, only))
            _read(article, index, stretch, only, rules)
    remarks = (
        *give_facts(findings.facts, Owners(owned)),
        *join_references(drafts.all, references),
    )
    return Links(tuple(finished(drafts.all, findings.facts)), remarks)


def _read(article: Article, index: int, stretch: Stretch, draft: Draft, rules: Rules) -> None:
    """Let a study learn what a stretch says of it."""
    draft.stretches.append(stretch)
    scope = read_scope(article.paragraphs[index], stretch, rules.kinds["studies"])
    draft.scope = draft.scope.filled_by(scope)


def _stretches(
    article: Article, mentions: Sequence[Mention], findings: Findings, rules: Rules
) -> Iterator[tuple[int, Stretch]]:
    """The stretches of an article in the order of the text, each with the number of its paragraph;
    a table has a stretch a row. A paragraph that only cites, and tells nothing, has none."""
    starts = [paragraph.start for paragraph in article.paragraphs]

    def paragraph_of(place: int) -> int:
        return bisect_right(starts, place) - 1

    rows = {line for table in article.tables for line in table.lines}
    telling = {
        paragraph_of(span.start)
        for fact in findings.facts
        if fact.kind != "studies"
        for span in fact.spans
    }
    found = [(paragraph_of(row.span.start), row) for row in row_stretches(article, mentions)]
    for index, group in groupby(mentions, key=lambda mention: paragraph_of(mention.span.start)):
        paragraph, inside = article.paragraphs[index], tuple(group)
        named = any(mention.named or mention.definite for mention in inside)
        if index in rows or not (named or index in telling or _COUNTS.search(paragraph.text)):
            continue
        kind = rules.kinds["studies"]
        found += ((index, stretch) for stretch in stretches(paragraph, inside, kind))
    yield from sorted(found, key=lambda item: item[1].span.start)
