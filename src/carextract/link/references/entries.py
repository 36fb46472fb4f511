"""An entry of a reference list: the fields that are read from its text."""

from __future__ import annotations

import re

from carextract.link.references.authors import authors_of
from carextract.link.references.identifiers import doi, pmid
from carextract.link.references.journals import journal
from carextract.link.references.lines import one_line
from carextract.link.references.lookup import Entry
from carextract.link.references.years import year
from carextract.tracked import Span

LONGEST_ENTRY = 3000
"""How many characters an entry may have."""
# The head of a page between two lines of an entry: Feng et al. Blood (2025) 1:60 Page 7 of 8.
_PAGE_HEAD = re.compile(
    r"(?m)\n[ \t]{0,4}(?:[^\W\d_][^\n\d,]{1,40} et al[^\n]{0,80}(?:\((?:19|20)\d\d\)|Page \d)"
    r"[^\n]{0,80}|[^\n]{0,120}\bPage \d{1,4} of \d{1,4})$"
)


def entry(number: int | None, span: Span, text: str) -> Entry:
    """An entry with what its text says, which may be less than its span where that is not sure."""
    line = one_line(_PAGE_HEAD.sub(" ", text))
    authors, initials, rest = authors_of(line)
    return Entry(
        number,
        span,
        authors,
        initials,
        year(line, line[rest:]),
        journal(line[rest:]),
        doi(line),
        pmid(line),
    )
