"""The facts of all papers, numbered in their order, and the studies that they belong to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carextract.records import Document, Fact, facts_of
from carextract.synthesize import Synthesis
from carextract.synthesize.models import Quote
from carextract.synthesize.wording import fact_text


@dataclass(frozen=True, slots=True)
class Listed:
    """A fact, with its number in the report, and that of its paper."""

    number: int
    paper: int
    kind: str
    fact: Fact


def numbered(documents: Sequence[Document]) -> list[Listed]:
    """All facts, paper by paper and kind by kind; a fact is at the place of its number."""
    found: list[Listed] = []
    for paper, document in enumerate(documents):
        for kind, fact in facts_of(document):
            found.append(Listed(len(found), paper, kind, fact))
    return found


Links = Mapping[int, Mapping[int, str]]
"""For the number of a fact the numbers of its studies, with how it is known to be theirs."""


def links(documents: Sequence[Document], facts: Sequence[Listed], synthesis: Synthesis) -> Links:
    """The studies of each fact; they are numbered in the order of the synthesis."""
    places = {
        (paper.sha256, key): number
        for number, study in enumerate(synthesis.studies)
        for paper in study.papers
        for key in paper.studies
    }
    numbers = {(listed.paper, listed.fact.key): listed.number for listed in facts}
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for paper, document in enumerate(documents):
        for study in document.studies:
            place = places[document.source.sha256, study.key]
            for link in study.facts:
                if (number := numbers.get((paper, link.key))) is not None:
                    found[number][place] = link.how
    return found


class ByQuote:
    """Finds the fact that a quote of a synthesis was read as."""

    def __init__(self, documents: Sequence[Document], facts: Sequence[Listed]) -> None:
        self._facts: dict[tuple[str, int, int], list[Listed]] = defaultdict(list)
        for listed in facts:
            sha256 = documents[listed.paper].source.sha256
            for quote in listed.fact.evidence:
                self._facts[sha256, quote.start, quote.end].append(listed)

    def number(self, quote: Quote, kind: str, text: str) -> int | None:
        """The number of the fact of a kind with this quote; of several the one in these words."""
        place = (quote.sha256, quote.start, quote.end)
        same = [listed for listed in self._facts.get(place, ()) if listed.kind == kind]
        worded = (listed for listed in same if fact_text(listed.fact) == text)
        for listed in (*worded, *same):
            return listed.number
        return None
