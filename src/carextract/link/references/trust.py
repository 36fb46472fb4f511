"""Whether what a list was split into is to be believed: entries that are references."""

from __future__ import annotations

import re
from collections.abc import Sequence

from carextract.link.references.lines import one_line
from carextract.link.references.lookup import Entry
from carextract.link.references.years import MONTH, YEAR

_KIND = re.compile(r"\[(?:J|M|D|C|N|S|R|P|G|DB|EB|CP|Z|A|J/OL|EB/OL|M/OL|N/OL|C/OL|DB/OL|R/OL) ?\]")
# Where in print: 2021;385:567 | 2021, 385(6): 567 | 28, 2124-2132 | (2008) 42: 278 | 390(8), 687
LOCATOR = re.compile(
    rf"(?:,|;|\.|\b)? ?\(?\b(?:19|20)\d\d[a-z]?\)?{MONTH} ?[;,:.]? ?"
    r"(?:\d{1,4}|\()[^.]{0,20}?[:,] ?[A-Za-z]{0,6}\d"
    r"|[, ] ?(?:\d{1,4} ?(?:\([^()]{1,20}\))?|\(\d{1,3}\)) ?[,:] ?"
    r"[A-Za-z]{0,4}\d{1,7}(?:[-–]| ?\(|[.,]|$)"
)


def is_reference(entry: Entry, region: str, offset: int, *, beyond_doubt: bool = False) -> bool:
    """Whether an entry has what only references have: a year, and an author or a place in print."""
    text = region[entry.span.start - offset : entry.span.end - offset]
    printed = entry.doi or entry.pmid or _KIND.search(text)
    if printed:
        return True
    place = YEAR.search(text) and LOCATOR.search(one_line(text))
    return bool(
        place and entry.authors if beyond_doubt else place or (entry.authors and entry.year)
    )


def are_references(
    entries: Sequence[Entry], region: str, offset: int, *, share: float, beyond_doubt: bool = False
) -> bool:
    """Whether at least a share of some entries are references; no entries are not."""
    sure = sum(is_reference(entry, region, offset, beyond_doubt=beyond_doubt) for entry in entries)
    return bool(entries) and sure >= share * len(entries)
