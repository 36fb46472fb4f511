"""Where papers disagree on a study.

Two papers disagree on a thing when nothing that one says of it can be true beside what the other
says. One that says less contradicts nothing, and neither do statements on different things: of
several dose levels, of groups of patients, of other times.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from itertools import product as pairs
from operator import eq
from typing import Any, NamedTuple

from carextract.records import Score
from carextract.synthesize import sameness
from carextract.synthesize.cells import Said
from carextract.synthesize.models import (
    DoseValue,
    SledaiValue,
    SynthesizedStudy,
    ToxicityValue,
    Value,
)
from carextract.synthesize.wording import time_text, toxicity_name

Agree = Callable[[Any, Any], bool]


def _products_agree(one: str, other: str) -> bool:
    return sameness.products_agree(sameness.product(one), sameness.product(other))


FIELDS: dict[str, Agree] = {
    "author": sameness.authors_agree,
    "year": eq,
    "patients": eq,
    "condition": sameness.conditions_agree,
    "product": _products_agree,
    "target": _products_agree,
    "cell_source": eq,
}
"""For each field of a study whether two values of it can be true together."""


class Point(NamedTuple):
    """What a statement says of a topic: a range, of what, and which part of the topic it is."""

    what: tuple[Any, Any]
    context: Any = None
    part: str = ""


def field_conflict(name: str, statements: Iterable[Said]) -> bool:
    """Whether two papers disagree on a field of a study."""
    of_paper: dict[str, set[Any]] = defaultdict(set)
    for statement in statements:
        of_paper[statement.sha256].add(statement.value)
    agree = FIELDS[name]
    return any(
        not any(agree(one, other) for one, other in pairs(said, also_said))
        for said, also_said in _different(of_paper.values())
    )


def dose_conflicts(statements: Iterable[Said]) -> tuple[str, ...]:
    """Doses of one agent in one unit, where each of two papers gives exactly one."""
    return _named("doses", _disputed(statements, _dose_points, _doses_agree))


def sledai_conflicts(statements: Iterable[Said]) -> tuple[str, ...]:
    """Scores of one instrument at one time, where each of two papers gives exactly one."""
    return _named("sledai", _disputed(statements, _sledai_points, _scores_agree))


def toxicity_conflicts(statements: Iterable[Said]) -> tuple[str, ...]:
    """Figures of one event and grade, and events that one paper denies and another reports."""
    statements = list(statements)
    figures = _disputed(statements, _toxicity_points, _figures_agree)
    return _named("toxicities", chain(figures, _denied(statements)))


def _named(kind: str, topics: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{kind}: {topic}" for topic in sorted(set(topics)))


def _disputed(
    statements: Iterable[Said],
    points: Callable[[Any], Iterator[tuple[str, Point]]],
    agree: Callable[[Point, Point], bool],
) -> Iterator[str]:
    """The topics on which two papers each say one thing, and not the same."""
    topics: dict[tuple[str, str], dict[str, set[Point]]] = defaultdict(lambda: defaultdict(set))
    for statement in statements:
        for topic, point in points(statement.value):
            topics[topic, point.part][statement.sha256].add(point)
    for (topic, _), of_paper in topics.items():
        single = [said for said in of_paper.values() if len({point.what for point in said}) == 1]
        if any(
            not any(agree(one, other) for one, other in pairs(said, also_said))
            for said, also_said in _different(single)
        ):
            yield topic


def _different(sets: Iterable[set[Any]]) -> Iterator[tuple[frozenset[Any], frozenset[Any]]]:
    """All pairs of different sets: papers that say the same are many, and compared once."""
    distinct = list(dict.fromkeys(map(frozenset, sets)))
    for at, one in enumerate(distinct):
        for other in distinct[at + 1 :]:
            yield one, other


def _dose_points(dose: DoseValue) -> Iterator[tuple[str, Point]]:
    if dose.agent_kind == "cell":
        product = sameness.product(dose.agent or "")
        yield f"cells, {dose.unit}", Point((dose.low, dose.high), product)
    elif dose.agent:
        yield f"{sameness.fold(dose.agent)}, {dose.unit}", Point((dose.low, dose.high))


def _doses_agree(one: Point, other: Point) -> bool:
    if one.context and not sameness.products_agree(one.context, other.context):
        return True  # two products of one treatment are two doses
    return _within(one.what, other.what) or _within(other.what, one.what)


def _within(one: Any, other: Any) -> bool:
    """Whether a range lies in another; no bound is no limit."""
    (low, high), (least, most) = one, other
    return (least is None or (low is not None and low >= least)) and (
        most is None or (high is not None and high <= most)
    )


def _sledai_points(scores: SledaiValue) -> Iterator[tuple[str, Point]]:
    name, time = scores.instrument, scores.time
    if scores.baseline is not None:
        yield f"{name} before", _score(scores.baseline, scores.patients)
    if time is None:
        return  # scores at times that are not told are not known to be of the same time
    when = time_text(time)
    if scores.followup is not None:
        yield f"{name} {when}", _score(scores.followup, scores.patients)
    if scores.change is not None:
        change = scores.change
        yield f"{name} change {when}", Point((change, change), (None, scores.patients))


def _score(score: Score, patients: int | None) -> Point:
    if score.value is not None:
        return Point((score.value, score.value), (score.statistic, patients))
    return Point((score.low, score.high), (score.statistic, patients))


def _scores_agree(one: Point, other: Point) -> bool:
    """Whether scores can stand together: of other groups, or by other statistics, any can."""
    contexts: Any = (one.context, other.context)
    of_others = any(None not in pair and pair[0] != pair[1] for pair in zip(*contexts, strict=True))
    return of_others or _within(one.what, other.what) or _within(other.what, one.what)


def _toxicity_points(toxicity: ToxicityValue) -> Iterator[tuple[str, Point]]:
    """Its figures one by one: a paper may give the count here and the percentage there."""
    if not _occurred(toxicity):
        return
    percent = toxicity.percent
    figures = {
        "count": (toxicity.count, toxicity.count),
        "total": (toxicity.total, toxicity.total),
        "percent": (percent.low, percent.high) if percent else (None, None),
    }
    for part, what in figures.items():
        if what != (None, None):
            yield toxicity_name(toxicity), Point(what, part=part)


def _figures_agree(one: Point, other: Point) -> bool:
    return _within(one.what, other.what) or _within(other.what, one.what)


def _occurred(toxicity: ToxicityValue) -> bool:
    return not toxicity.absent and toxicity.count != 0


def _denied(statements: Iterable[Said]) -> Iterator[str]:
    """What one paper says did not occur, and another that it did; each of them not both."""
    denying: dict[str, set[str]] = defaultdict(set)
    telling: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        toxicity: ToxicityValue = statement.value
        if _occurred(toxicity):
            # Whoever reports it with a grade reports it.
            telling[toxicity.event].add(statement.sha256)
            telling[toxicity_name(toxicity)].add(statement.sha256)
        else:
            denying[toxicity_name(toxicity)].add(statement.sha256)
    for event, papers in denying.items():
        if papers - telling[event] and telling[event] - papers:
            yield event


def disputed_values(study: SynthesizedStudy, topic: str) -> tuple[Value[Any], ...]:
    """The values of a study that stand beside each other on one of the topics it is disputed on.

    `topic` is one of `study.conflicting`.
    """
    kind, _, name = topic.partition(": ")
    if not name:
        values: tuple[Value[Any], ...] = getattr(study, topic)
        return values
    values = getattr(study, kind)
    if kind == "toxicities":
        denied = any(
            not _occurred(each.value) and toxicity_name(each.value) == name for each in values
        )
        return tuple(each for each in values if _speaks_of(each.value, name, denied=denied))
    points: Any = _dose_points if kind == "doses" else _sledai_points
    return tuple(each for each in values if name in {topic for topic, _ in points(each.value)})


def _speaks_of(toxicity: ToxicityValue, name: str, *, denied: bool) -> bool:
    """Whether a statement bears on an event: of a denied one every grade tells that it occurred."""
    told = denied and toxicity.event == name and _occurred(toxicity)
    return told or toxicity_name(toxicity) == name
