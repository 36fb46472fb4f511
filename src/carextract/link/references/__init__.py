"""The reference list of a paper, as the papers it names: number, authors, year, journal, DOI, PMID.

Where a list begins is told by its heading, or, without one, by a run of numbered entries near the
end. A list whose entries cannot be told apart with confidence gives none, and a field that could
be read in two ways is None.
"""

from __future__ import annotations

from carextract.link.references.headings import headings
from carextract.link.references.lookup import Entry, References

__all__ = ["Entry", "References", "read_references"]

_FEWEST_ENTRIES = 5  # of a list without a heading


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
    if not places and text.count("\n") + 1 < _FEWEST_ENTRIES:
        return References()
    from carextract.link.references.reading import read_lists  # it takes 25 ms to load

    return read_lists(text, places)
