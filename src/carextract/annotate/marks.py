"""What is to be marked on the pages of a paper: each quote once, with a note on its facts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from carextract.read.places import Box
from carextract.records import (
    FACT_KINDS,
    Document,
    Evidence,
    Fact,
    escape_surrogates,
    facts_of,
)
from carextract.rules import Rules
from carextract.synthesize.wording import fact_text

_NAMES = {"trials": "Trial", "doses": "Dose", "sledai": "Score", "toxicities": "Toxicity"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A quote on a page: its boxes, and what the note on it says, a line for each thing.

    `name` is like no other in the document. `facts` are the keys of the facts that the quote
    proves; `kind` is that of the first of them.
    """

    name: str
    page: int
    boxes: tuple[Box, ...]
    kind: str
    facts: tuple[str, ...]
    note: str


class _Quote(NamedTuple):
    """A quote of a fact: which one of how many."""

    kind: str
    fact: Fact
    evidence: Evidence
    number: int


def marks(document: Document, rules: Rules, *, kinds: Collection[str] = FACT_KINDS) -> list[Mark]:
    """The quotes of the facts of some kinds, page by page; on a page the larger ones first.

    A quote that proves several facts is one mark, whose note tells of all of them: of highlights
    that cover each other only the uppermost can be opened. So a small quote stands above a large
    one that it is a part of.
    """
    together: dict[tuple[int, tuple[Box, ...]], list[_Quote]] = {}
    for quote in _quotes(document, kinds):
        if quote.evidence.page and quote.evidence.boxes:
            place = (quote.evidence.page, quote.evidence.boxes)
            together.setdefault(place, []).append(quote)
    notes = _Notes(document, rules, kinds)
    found = [_mark(quotes, notes) for quotes in together.values()]
    return sorted(found, key=lambda mark: (mark.page, -sum(map(_area, mark.boxes))))


def _quotes(document: Document, kinds: Collection[str]) -> Iterator[_Quote]:
    for kind, fact in facts_of(document):
        for number, evidence in enumerate(fact.evidence if kind in kinds else (), 1):
            yield _Quote(kind, fact, evidence, number)


def _mark(quotes: list[_Quote], notes: _Notes) -> Mark:
    first = quotes[0]
    assert first.evidence.page is not None
    return Mark(
        name=f"carextract-{first.fact.key}-{first.number}",
        page=first.evidence.page,
        boxes=first.evidence.boxes or (),
        kind=first.kind,
        facts=tuple(quote.fact.key for quote in quotes),
        note="\n\n".join(map(notes.of, quotes)),
    )


def _area(box: Box) -> float:
    x0, top, x1, bottom = box
    return (x1 - x0) * (bottom - top)


class _Notes:
    """Says of a quote what it proves, and how that is known."""

    def __init__(self, document: Document, rules: Rules, kinds: Collection[str]) -> None:
        self._abouts: Mapping[str, str] = {
            rule.id: rule.about
            for kind in FACT_KINDS
            if kind in kinds and getattr(document, kind)
            for rule in rules.kinds[kind].rules
        }
        self._studies: dict[str, list[str]] = {}
        for study in document.studies:
            cited = "" if study.citation is None else f" [{study.citation}]"
            for link in study.facts:
                said = f"{study.label}{cited}, {link.how}"
                self._studies.setdefault(link.key, []).append(said)

    def of(self, quote: _Quote) -> str:
        """The note on a quote, for one of the facts that it proves."""
        fact, evidence = quote.fact, quote.evidence
        about = self._abouts.get(fact.rule)
        lines = [
            f"{_NAMES[quote.kind]}: {fact_text(fact)}",
            f"Key: {fact.key}",
            f"Rule: {fact.rule}" + (f" (what it reads, with examples: {about})" if about else ""),
            f"Repairs: {', '.join(fact.repairs) or 'none'}",
            *(f"Study: {study}" for study in self._studies.get(fact.key, ["not known"])),
        ]
        if len(fact.evidence) > 1:
            lines.append(f"Quote: {quote.number} of {len(fact.evidence)}")
        if evidence.ocr_score is not None:
            lines.append(f"Recognised from a picture, with a score of {evidence.ocr_score}")
        return escape_surrogates("\n".join(" ".join(line.split()) for line in lines))
