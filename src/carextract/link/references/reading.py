"""All lists of a text to their entries: where they begin, how they are cut, what is believed."""

from __future__ import annotations

from collections.abc import Sequence

from carextract.link.references.lines import PLAIN
from carextract.link.references.lookup import Entry, References
from carextract.link.references.numbered import numbered, without_heading
from carextract.link.references.trust import are_references
from carextract.link.references.unnumbered import unnumbered

# How far a list may reach, and what is too short to be one.
_LONGEST_LIST = 400_000
_SHORTEST_LIST = 30


def read_lists(text: str, places: Sequence[tuple[int, int]]) -> References:
    """The lists under headings, each with the place where it begins and ends; else one without."""
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
