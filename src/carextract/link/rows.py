"""Rows of tables that name a study: what stands in such a row belongs to it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from carextract.find.article import Article
from carextract.find.tables import Row
from carextract.link.mentions import Mention
from carextract.link.stretches import ROW, Stretch
from carextract.tracked import Span

_PATIENTS = re.compile(
    r"^\s*(?:例数|人数|病人数|患者数|患者|病例数|样本量|[nN]"
    r"|(?:[Nn]o\. of |[Nn]umber of )?(?:[Pp]atients|[Pp]articipants|[Cc]ases))"
    r"\s*(?:[(（].{0,12}[)）])?\s*$"
)
_NUMBER = re.compile(r"\s*(?:n\s?=\s?)?(\d{1,4})\s*(?:例|名|patients?)?\s*$")


def row_stretches(article: Article, mentions: Sequence[Mention]) -> Iterator[Stretch]:
    """A stretch for each row with exactly one mention; a row with several says nothing of whose its
    cells are. `mentions` are in order."""
    for table in article.tables:
        for row in table.rows:
            cells = [cell for cell in row if cell.text]
            if not cells:
                continue
            span = Span(cells[0].start, cells[-1].end)
            first = bisect_left(mentions, span.start, key=_start)
            inside = mentions[first : bisect_left(mentions, span.end, lo=first, key=_start)]
            if len(inside) == 1 and (inside[0].named or len(inside[0].citations) == 1):
                yield Stretch(span, (inside[0],), ROW, _patients(table.header, row))


def _start(mention: Mention) -> int:
    return mention.span.start


def _patients(header: Row, row: Row) -> int | None:
    """The number in the column of patients, if there is one such column and a number in it."""
    found = [cell for head, cell in zip(header, row, strict=False) if _PATIENTS.search(head.text)]
    if len(found) == 1 and (number := _NUMBER.match(found[0].text)):
        return int(number[1])
    return None
