"""A list without numbers to its entries, which begin with their authors."""

from __future__ import annotations

from carextract.link.references.authors import authors_of
from carextract.link.references.ends import AFTER_THE_LIST, FINISHED, GOES_ON
from carextract.link.references.entries import LONGEST_ENTRY, entry
from carextract.link.references.lines import line_end, one_line
from carextract.link.references.lookup import Entry
from carextract.link.references.trust import LOCATOR, are_references, is_reference
from carextract.link.references.years import YEAR
from carextract.tracked import Span

_FEWEST_WITHOUT_NUMBERS = 3
_STRANGERS = 6  # lines in a row that belong to no entry, after which the list has ended


def unnumbered(region: str, offset: int) -> list[Entry]:
    """Entries that begin with their authors, a line or several each; the last ones may end it."""
    spans: list[tuple[int, int]] = []
    strangers = 0
    at = 0
    while at < len(region) and strangers < _STRANGERS:
        end = line_end(region, at, len(region))
        line = region[at:end]
        body = region[spans[-1][0] : spans[-1][1]] if spans else ""
        finished = not spans or (FINISHED.search(body[-80:]) and YEAR.search(body))
        if not line.strip():
            pass
        elif AFTER_THE_LIST.match(line):
            break
        elif finished and _begins_with_authors(line):
            spans.append((at, end))
            strangers = 0
        elif (spans and len(body) + len(line) < LONGEST_ENTRY) and (
            not finished or GOES_ON.match(line) or not LOCATOR.search(body)
        ):
            spans[-1] = (spans[-1][0], end)
        else:
            strangers += 1
        at = end + 1
    entries = []
    for start, end in spans:
        start += len(region[start:end]) - len(region[start:end].lstrip())
        end = start + len(region[start:end].rstrip())
        entries.append(entry(None, Span(offset + start, offset + end), region[start:end]))
    while entries and not is_reference(entries[-1], region, offset):
        entries.pop()
    sure = len(entries) >= _FEWEST_WITHOUT_NUMBERS
    return entries if sure and are_references(entries, region, offset, share=0.8) else []


def _begins_with_authors(line: str) -> bool:
    """Whether a line begins an entry; the head of a page does not: 周岚, 等: 综述."""
    plain = one_line(line[:1000])
    authors, _, end = authors_of(plain)
    is_head = plain[end:].lstrip(" .").startswith("/") or (
        plain[:end].rstrip().endswith(":") and not YEAR.search(plain)
    )
    return bool(authors) and not is_head
