"""Facts in few words, for tests that say by value which facts they mean."""

from collections.abc import Mapping

from carextract.records import Document, Dose, Score, Sledai, Toxicity

Fact = Dose | Sledai | Toxicity


def facts(found: Document) -> Mapping[str, Fact]:
    """The facts of a document by their keys, without its trials: those are names of studies."""
    every: tuple[Fact, ...] = (*found.doses, *found.sledai, *found.toxicities)
    return {fact.key: fact for fact in every}


def worded(fact: Fact) -> str:
    """A fact by its values: `dose 1 g`, `SLEDAI 16 -> 0`, `CRS grade 1, 3 patients`."""
    if isinstance(fact, Dose):
        return f"dose {_plain(fact.high)} {fact.unit}"
    if isinstance(fact, Sledai):
        return f"{fact.instrument} {_score(fact.baseline)} -> {_score(fact.followup)}"
    grade = f" grade {fact.grade.low}" if fact.grade else ""
    if fact.absent:
        return f"{fact.event}{grade} absent"
    count = f", {fact.count} patients" if fact.count is not None else ""
    percent = f", {_plain(fact.percent.low)} %" if fact.percent else ""
    return f"{fact.event}{grade}{count}{percent}"


def _score(score: Score | None) -> str:
    return _plain(score.value if score else None)


def _plain(value: float | None) -> str:
    if value is None:
        return "?"
    return f"{value:.0f}" if value == int(value) else str(value)
