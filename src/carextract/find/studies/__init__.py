"""Finding where a text names a study: by author, centre or citation mark, or as its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from carextract.find.article import Article
from carextract.find.facts import Fact
from carextract.find.paragraphs import Paragraph
from carextract.find.statements import Statement, statements
from carextract.grammar.lexicon import shapes_view
from carextract.rules import KindRules
from carextract.tracked import Span

_CHINESE = re.compile("[\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[.。;；]")


def find_studies(article: Article, rules: KindRules) -> Iterator[Fact]:
    """The mentions of studies in an article, in order: what each says of who, when and which
    entries of the reference list. To which study a mention belongs is for linking to say."""
    if rules.lexicon is None:
        return
    for index in article.awake(rules):
        paragraph = article.paragraphs[index]
        # Names, marks and years are told by their form.
        seen = shapes_view(rules.lexicon, paragraph.text, rules.codes)
        for statement in statements(seen, rules):
            yield _mention(statement, paragraph)


def _mention(statement: Statement, paragraph: Paragraph) -> Fact:
    author = statement.one("author")
    year, centre, mark = (statement.one(name) for name in ("year", "centre", "cite"))
    family, given = author.value if author else (None, None)
    fields: dict[str, object] = {
        "author": family,
        "name": _name(paragraph, author.start, author.value[0]) if author else None,
        "given": given,
        "year": year.value if year else None,
        "citations": list(mark.value) if mark else [],
        "centre": centre.value if centre else None,
        "own": statement.one("own") is not None,
        "definite": statement.one("definite") is not None,
    }
    start = statement.start
    if author and year and _SENTENCE_END.search(paragraph.text, year.end, author.start):
        fields["year"], start = None, author.start  # it ends the sentence before
    span = Span(paragraph.start + start, paragraph.start + statement.end)
    return Fact("studies", statement.rule.id, (span,), fields)


def _name(paragraph: Paragraph, start: int, family: str) -> Span | None:
    """Where a Chinese name stands, which cleaning may have changed; it may have spaces in it."""
    if not _CHINESE.match(family):
        return None
    end = start
    for character in family:
        end = paragraph.text.index(character, end) + 1
    return Span(paragraph.start + start, paragraph.start + end)
