"""Rows of tables that name a study: what stands in such a row belongs to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carextract.find.article import Article
from carextract.link.mentions import Mention
from carextract.link.stretches import ROW, Stretch
from carextract.tracked import Span


def row_stretches(article: Article, mentions: Sequence[Mention]) -> Iterator[Stretch]:
    """A stretch for each row with exactly one mention; a row with several says nothing of whose its
    cells are."""
    for table in article.tables:
        for row in table.rows:
            cells = [cell for cell in row if cell.text]
            if not cells:
                continue
            span = Span(cells[0].start, cells[-1].end)
            inside = [m for m in mentions if span.start <= m.span.start < span.end]
            if len(inside) == 1 and (inside[0].named or len(inside[0].citations) == 1):
                yield Stretch(span, (inside[0],), ROW)
