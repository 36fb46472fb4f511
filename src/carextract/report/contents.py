"""What the page shows of all papers, as plain data: it is in the page as JSON.

Papers, facts and studies are known by their numbers, from 0. What is shown in words is a text, or
an object with a text for each language.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from carextract.decisions import fact_id
from carextract.records import (
    FACT_KINDS,
    Document,
    Dose,
    Failure,
    Sledai,
    Toxicity,
    Trial,
)
from carextract.report.numbering import ByQuote, Links, Listed
from carextract.report.originals import recognised
from carextract.synthesize import FIELDS, Synthesis, disputed_values
from carextract.synthesize.models import Quote, Value
from carextract.synthesize.wording import (
    Language,
    dose_text,
    fact_text,
    sledai_text,
    toxicity_text,
)

Data = dict[str, Any]

_QUOTE = 300  # characters of a quote in a list
# Repairs that change how characters are written and not what they say: no reason for a second look.
_CONVERSIONS = frozenset(("characters", "traditional", "width"))
_MOST_QUOTES = 6  # of one value that papers disagree on
_SHOWN_FIELDS = ("trial_ids", *FIELDS)
_WORDED: Mapping[str, Callable[[Any, Language], str]] = {
    "doses": lambda value, _: dose_text(value),
    "sledai": sledai_text,
    "toxicities": toxicity_text,
}


def papers_data(documents: Sequence[Document], failures: Sequence[Failure]) -> list[Data]:
    """The papers, and after them those that could not be read."""
    read = [
        {
            "name": document.source.name,
            "sha256": document.source.sha256,
            "pages": document.source.pages,
            "characters": document.source.characters,
            "languages": document.source.languages,
            "counts": {kind: len(getattr(document, kind)) for kind in FACT_KINDS},
            "studies": len(document.studies),
            "warnings": [notice.model_dump(mode="json") for notice in document.warnings],
        }
        for document in documents
    ]
    return read + [
        {"name": failure.source.name, "error": failure.error.model_dump(mode="json")}
        for failure in failures
    ]


def facts_data(
    documents: Sequence[Document], facts: Sequence[Listed], links: Links, disputed: set[int]
) -> list[Data]:
    """The facts as a list shows them, and what they are sorted and filtered by."""
    ranks = {listed.number: rank for rank, listed in enumerate(sorted(facts, key=_order))}
    return [
        {
            "id": fact_id(documents[listed.paper].source.sha256, listed.fact),
            "paper": listed.paper,
            "kind": listed.kind,
            "key": listed.fact.key,
            "value": _in_languages(partial(fact_text, listed.fact)),
            "quote": _cut(listed.fact.evidence[0].text),
            "page": listed.fact.evidence[0].page,
            "studies": sorted(links.get(listed.number, ())),
            "flags": _flags(listed, disputed),
            "rank": ranks[listed.number],
            "trial": listed.fact.id if isinstance(listed.fact, Trial) else None,
        }
        for listed in facts
    ]


def _order(listed: Listed) -> tuple[Any, ...]:
    """By kind, and in a kind by what is compared first: the unit, the event, then numbers."""
    fact = listed.fact
    place = FACT_KINDS.index(listed.kind)
    match fact:
        case Trial():
            value: tuple[Any, ...] = (fact.id,)
        case Dose():
            value = (fact.unit, _number(fact.low, fact.high), _number(fact.high, fact.low))
        case Sledai():
            before, after = (
                _number(score.value, score.low) if score else _number(None)
                for score in (fact.baseline, fact.followup)
            )
            value = (fact.instrument, before, after)
        case Toxicity():
            grade = fact.grade
            low = _number(grade.low, grade.high) if grade else _number(None)
            value = (fact.event, low, _number(fact.count))
    return (place, *value, listed.number)


def _number(*numbers: int | float | None) -> float:
    """The first number that there is; none is less than any."""
    return next((number for number in numbers if number is not None), float("-inf"))


def _flags(listed: Listed, disputed: set[int]) -> list[str]:
    """What a reader should look at twice."""
    fact = listed.fact
    found = {
        "repaired": bool(set(fact.repairs) - _CONVERSIONS - {"ocr"}),
        "recognised": recognised(fact),
        "disputed": listed.number in disputed,
    }
    return [flag for flag, is_so in found.items() if is_so]


def studies_data(synthesis: Synthesis, links: Links, papers: Mapping[str, int]) -> list[Data]:
    """The studies, with what all papers say of each; `papers` has the numbers by their hashes."""
    facts: dict[int, list[int]] = {}
    for fact in sorted(links):
        for study in links[fact]:
            facts.setdefault(study, []).append(fact)
    return [
        {
            "label": study.label,
            "primary": study.primary,
            "papers": sorted({papers[paper.sha256] for paper in study.papers}),
            "fields": {name: _values(getattr(study, name)) for name in _SHOWN_FIELDS},
            "dois": study.dois,
            "pmids": study.pmids,
            "facts": facts.get(number, []),
            "conflicts": study.conflicts,
        }
        for number, study in enumerate(synthesis.studies)
    ]


def _values(values: Iterable[Value[Any]]) -> list[Data]:
    return [{"text": str(each.value), "papers": each.papers} for each in values]


def conflicts_data(
    synthesis: Synthesis, by_quote: ByQuote, papers: Mapping[str, int]
) -> list[Data]:
    """Where papers disagree on a study: the topic, and each value with the quotes that say so."""
    return [
        {
            "study": number,
            "topic": topic,
            "sides": [
                _side(value, _WORDED.get(_kind(topic)), _proofs(topic, value, by_quote), papers)
                for value in disputed_values(study, topic)
            ],
        }
        for number, study in enumerate(synthesis.studies)
        for topic in study.conflicting
    ]


def disputed_facts(synthesis: Synthesis, by_quote: ByQuote) -> set[int]:
    """The numbers of the facts that papers disagree on."""
    return {
        fact
        for study in synthesis.studies
        for topic in study.conflicting
        for value in disputed_values(study, topic)
        for _, fact in _proofs(topic, value, by_quote)
        if fact is not None
    }


def _kind(topic: str) -> str:
    """What a disagreement is about: a kind of facts, or a field of the study."""
    return topic.partition(": ")[0]


def _proofs(topic: str, value: Value[Any], by_quote: ByQuote) -> Iterator[tuple[Quote, int | None]]:
    """The quotes of a value, each with the number of its fact, if it is one."""
    kind = _kind(topic)
    worded = _WORDED.get(kind)
    text = worded(value.value, "en") if worded else ""
    for quote in value.evidence:
        yield quote, by_quote.number(quote, kind, text) if worded else None


def _side(
    value: Value[Any],
    worded: Callable[[Any, Language], str] | None,
    proofs: Iterable[tuple[Quote, int | None]],
    papers: Mapping[str, int],
) -> Data:
    return {
        "value": _in_languages(partial(worded, value.value)) if worded else str(value.value),
        "papers": value.papers,
        "primary": value.primary,
        "quotes": [
            {
                "paper": papers[quote.sha256],
                "page": quote.page,
                "text": _cut(quote.text),
                "fact": fact,
            }
            for quote, fact in islice(proofs, _MOST_QUOTES)
        ],
        "left_out": max(len(value.evidence) - _MOST_QUOTES, 0),
    }


def _cut(text: str) -> str:
    """A quote for a list; what is cut ends in an ellipsis."""
    return text if len(text) <= _QUOTE else text[:_QUOTE] + "…"


def _in_languages(worded: Callable[[Language], str]) -> str | Data:
    """A text, or, where they differ, a text for each language."""
    english, chinese = worded("en"), worded("zh")
    return english if english == chinese else {"en": english, "zh": chinese}
