"""SLEDAI before and after: the scores of a patient or of a group, a row each."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from carextract.records import Sledai, TimePoint
from carextract.report.plots.plot import (
    LANGUAGES,
    Picked,
    Row,
    Words,
    in_both,
    left_out,
    picked,
    words,
)
from carextract.report.plots.statements import Statement, alike, name, papers, proof
from carextract.synthesize.models import SledaiValue
from carextract.synthesize.wording import Language, time_text

Scores = Sequence[Statement[Sledai]]

MOST_ROWS = 40
_HIGHEST = 105  # the sum of all items of the score
_TOO_FEW = words(
    "Not drawn: fewer than two different statements give a score before and a score after treatment"
    " that can be drawn.",
    "未绘图：同时给出治疗前后评分且可绘出的不同陈述不足两条。",
)
_NOT_DRAWN = {
    "partial": words(
        "Statements with only a score before, a score after or a change, not drawn",
        "仅有治疗前或治疗后评分、或仅有变化值而未绘出的陈述",
    ),
    "range": words(
        "Statements with a range in place of a score, not drawn", "以范围代替评分而未绘出的陈述"
    ),
    "beyond": words(
        f"Statements with a score that is not between 0 and {_HIGHEST}, not drawn",
        f"评分不在0至{_HIGHEST}之间而未绘出的陈述",
    ),
}
_STATISTICS = {"mean": words("mean", "平均"), "median": words("median", "中位数")}
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


class Detail(NamedTuple):
    """Whose scores they are, and when; without it a mean would be taken for a patient."""

    instrument: str | None
    """None for plain SLEDAI: papers often call each of its versions that."""
    statistics: tuple[str, ...] | None
    patients: int | None
    time: TimePoint | None

    def less(self) -> Iterator["Detail"]:
        """All that says less of the same; the first is all that it says."""
        parts = ((part, None) if part is not None else (None,) for part in self)
        return (Detail._make(some) for some in product(*parts))


def sledai(said: Iterable[Statement[Sledai]]) -> Picked:
    """One row for each statement with a score before and a score after.

    What several papers say of a study is one row; what says less of the same scores is none.
    """
    distinct = alike(said, _value)
    reasons = Counter(_why_not(group[0].fact) for group in distinct)
    drawable = [one for group in distinct for one in group if _why_not(one.fact) is None]
    told = _without_repetition(alike(drawable, _shown))
    shown = sorted(told, key=_importance)[:MOST_ROWS]
    rows = (_row(at, group) for at, group in enumerate(sorted(shown, key=_place)))
    remarks = [
        remark
        for reason, why in _NOT_DRAWN.items()
        for remark in left_out(reasons[reason], why["en"], why["zh"])
    ]
    return picked(rows, [*_cut(len(shown), len(told)), *remarks], least=2, too_few=_TOO_FEW)


def _value(one: Statement[Sledai]) -> Hashable:
    return (one.owner.key, *(getattr(one.fact, field) for field in SledaiValue.model_fields))


def _why_not(fact: Sledai) -> str | None:
    """Why scores cannot be drawn; None where they can."""
    if fact.baseline is None or fact.followup is None:
        return "partial"
    values = (fact.baseline.value, fact.followup.value)
    if None in values:
        return "range"
    return (
        None if all(0 <= value <= _HIGHEST for value in values if value is not None) else "beyond"
    )


def _scores(fact: Sledai) -> tuple[Any, Any]:
    return (fact.baseline and fact.baseline.value, fact.followup and fact.followup.value)


def _detail(fact: Sledai) -> Detail:
    scores = (fact.baseline, fact.followup)
    statistics = dict.fromkeys(one.statistic for one in scores if one and one.statistic)
    return Detail(
        instrument=None if fact.instrument == "SLEDAI" else fact.instrument,
        statistics=tuple(statistics) or None,
        patients=fact.patients,
        time=fact.time,
    )


def _shown(one: Statement[Sledai]) -> Hashable:
    return (one.owner.key, _scores(one.fact), _detail(one.fact))


def _without_repetition(told: Iterable[Scores]) -> list[Scores]:
    """Without statements of which another one says all, and more.

    What a paper says of no study is a repetition too where it says the same of one.
    """
    told = list(told)
    repeated: set[Hashable] = set()
    for group in told:
        owner, scores = group[0].owner, _scores(group[0].fact)
        itself, *less = _detail(group[0].fact).less()
        repeated.update((owner.key, scores, detail) for detail in less)
        if owner.is_study:
            of_papers = {one.paper_key for one in group}
            repeated.update(product(of_papers, [scores], [itself, *less]))
    return _fullest(group for group in told if _shown(group[0]) not in repeated)


def _fullest(told: Iterable[Scores]) -> list[Scores]:
    """One for the same scores of a study, the fullest, where nothing tells them apart.

    Where something does, such as two times, each may be of its own, and all stay.
    """
    same: dict[Hashable, list[Scores]] = defaultdict(list)
    for group in told:
        same[group[0].owner.key, _scores(group[0].fact)].append(group)
    return [one for groups in same.values() for one in _one_or_all(groups)]


def _one_or_all(groups: Sequence[Scores]) -> Sequence[Scores]:
    details = [_detail(group[0].fact) for group in groups]
    if any(
        len({part for part in parts if part is not None}) > 1
        for parts in zip(*details, strict=True)
    ):
        return groups
    return [min(groups, key=lambda group: (_detail(group[0].fact).count(None), _place(group)))]


def _importance(group: Scores) -> tuple[Any, ...]:
    patients = group[0].fact.patients
    return (patients is None, -(patients or 0), -papers(group), *_place(group))


def _place(group: Scores) -> tuple[Any, ...]:
    """Studies by year and name; within one by instrument, time and score."""
    first = group[0]
    time = first.fact.time
    days = time.value * _DAYS[time.unit] if time else 0
    return (first.owner.place, first.fact.instrument, days, _scores(first.fact), first.place)


def _row(at: int, group: Scores) -> Row:
    first = group[0]
    before, after = _scores(first.fact)
    detail = {language: _detail_text(first.fact, language) for language in LANGUAGES}
    # The number at the end keeps apart rows that read the same.
    label = {language: f"{first.owner.label}\n{detail[language]}\n{at}" for language in LANGUAGES}
    return {**proof(group), "before": before, "after": after, **in_both("row", label)}


def _detail_text(fact: Sledai, language: Language) -> str:
    """Whose scores they are: 'median, n=8, after 6 months, SLEDAI-2K'.

    First what tells a group from a patient: a narrow page cuts the end.
    """
    detail = _detail(fact)
    parts = [_STATISTICS[each][language] for each in detail.statistics or ()]
    if detail.patients is not None:
        parts.append(f"n={detail.patients}")
    if detail.time is not None:
        parts.append(time_text(detail.time, language))
    parts.append(name(fact.instrument))
    return ("，" if language == "zh" else ", ").join(parts)


def _cut(shown: int, told: int) -> list[Words]:
    if shown == told:
        return []
    return [
        words(
            f"{shown} of {told} rows are shown, chosen by the number of patients where it is given,"
            " then by the number of papers that say so, then by year and name of the study.",
            f"共{told}行，仅显示{shown}行：先按患者数（有说明者优先），再按如此陈述的论文数，"
            "最后按研究的年份和名称选取。",
        )
    ]
