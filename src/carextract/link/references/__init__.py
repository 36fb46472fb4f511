"""The reference list of a paper, as the papers it names: number, authors, year, journal, DOI, PMID.

Where a list begins is told by its heading, or, without one, by a run of numbered entries near the
end. A list whose entries cannot be told apart with confidence gives none, and a field that could
be read in two ways is None.
"""

from __future__ import annotations

from carextract.link.references.entries import Entry
from carextract.link.references.headings import headings
from carextract.link.references.lines import PLAIN
from carextract.link.references.lookup import References
from carextract.link.references.numbered import numbered, without_heading
from carextract.link.references.trust import are_references
from carextract.link.references.unnumbered import unnumbered

__all__ = ["Entry", "References", "read_references"]

# How far a list may reach, and what is too short to be one.
_LONGEST_LIST = 400_000
_SHORTEST_LIST = 30


def read_references(text: str) -> References:
    """The reference lists of a cleaned text; no entries where there is none that can be trusted.

    >>> references = read_references(
    ...     "References\\n"
    ...     "1. Feng J, Huo D, et al. Co-infusion in lupus. Nat Med. 2025. PMID: 40993243\\n"
    ...     "2. Müller F, Taubmann J, et al. CD19 CAR T. N Engl J Med. 2024;390:687-700.\\n"
    ... )
    >>> references.numbered(1).pmid, references.by("Mueller", 2024).journal
    ('40993243', 'N Engl J Med')
    """
    places = list(headings(text))
    lists: list[tuple[int, list[Entry]]] = []
    for i, (start, end) in enumerate(places):
        following = places[i + 1][0] if i + 1 < len(places) else len(text)
        if following - end < _SHORTEST_LIST:
            continue
        entries = _read_list(text, end, min(following, end + _LONGEST_LIST))
        if entries:
            lists.append((start, entries))
    if not lists:
        entries = without_heading(text)
        lists = [(entries[0].span.start, entries)] if entries else []
    if not lists:
        return References()
    return References(tuple(entry for _, entries in lists for entry in entries), lists[0][0])


def _read_list(text: str, start: int, stop: int) -> list[Entry]:
    """The entries after a heading, numbered or not; none where they cannot be told apart."""
    region = text[start:stop].translate(PLAIN)
    entries = numbered(region, start)
    if entries and are_references(entries, region, start, share=0.6):
        return entries
    return unnumbered(region, start)
