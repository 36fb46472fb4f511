"""Finding where a text names a study: by author, centre or citation mark, or as its own."""

from __future__ import annotations

from collections.abc import Iterator

from carextract.find.article import Article
from carextract.find.facts import Fact
from carextract.find.statements import Statement, statements
from carextract.rules import KindRules
from carextract.tracked import Span


def find_studies(article: Article, rules: KindRules) -> Iterator[Fact]:
    """The mentions of studies in an article, in order: what each says of who, when and which
    entries of the reference list. To which study a mention belongs is for linking to say."""
    for index in article.awake(rules):
        paragraph = article.paragraphs[index]
        for statement in statements(paragraph.view(rules), rules):
            yield _mention(statement, paragraph.start)


def _mention(statement: Statement, start: int) -> Fact:
    author = statement.one("author")
    year, centre = statement.one("year"), statement.one("centre")
    family, given = author.value if author else (None, None)
    fields = {
        "author": family,
        "given": given,
        "year": year.value if year else None,
        "citations": _citations(statement),
        "centre": centre.value if centre else None,
        "own": statement.one("own") is not None,
        "definite": statement.one("definite") is not None,
    }
    span = Span(start + statement.start, start + statement.end)
    return Fact("studies", statement.rule.id, (span,), fields)


def _citations(statement: Statement) -> list[int]:
    """The entries cited: by a mark, or by a number in round brackets behind an author."""
    mark, number = statement.one("cite"), statement.one("number")
    if mark is not None:
        return list(mark.value)
    if number is not None and isinstance(number.value, int):
        return [number.value]
    return []
