"""CRS and ICANS: how many patients had which grade, for each study a bar.

Patients are put side by side in a bar only where none of them can be in it twice. What papers say
of groups, dose levels or times overlaps or differs; such a study is left out whole, and counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from carextract.records import Toxicity
from carextract.report.plots.plot import Picked, Row, Words, in_both, left_out, words
from carextract.report.plots.statements import Owner, Statement, alike, papers, proof
from carextract.synthesize.models import ToxicityValue
from carextract.synthesize.wording import toxicity_text

T = TypeVar("T")
Toxicities = Sequence[Statement[Toxicity]]
Grades = tuple[int, int]
"""The lowest and the highest grade that is meant."""

EVENTS = ("CRS", "ICANS")
MOST_STUDIES = 25
_LEAST = 2
_ANY: Grades = (1, 5)
_WITHOUT: Grades = (0, 0)
_MOST_PATIENTS = 100_000
_TOO_FEW = words(
    "Not drawn: fewer than two bars of patients with CRS or ICANS are beyond doubt.",
    "未绘图：可以确定的CRS或ICANS患者数不足两条。",
)


class _UnclearError(Exception):
    """Statements of which no bar can be made without the risk of counting a patient twice."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The patients of a study with one of the events."""

    owner: Owner
    event: str
    grades: Mapping[Grades, Toxicities]
    """Who can stand side by side."""
    whole: Toxicities
    """Who had it, of whatever grade."""
    none: Toxicities
    """What says that it did not occur, where nothing says that it did."""
    total: int | None
    """How many patients were observed, where that is said."""

    @property
    def patients(self) -> int:
        """How many patients are known of at least, with the event or without it."""
        counts = [_count_of(said) for said in self.grades.values()]
        observed = _known(self.total, self.owner.patients)
        return max(sum(counts), _count_of(self.whole), *observed)

    @property
    def papers(self) -> int:
        """How many papers say what it shows."""
        shown = (*self.grades.values(), self.whole, self.none)
        return papers([one for said in shown for one in said])

    @property
    def place(self) -> tuple[Any, ...]:
        """Studies by year and name, then papers."""
        return self.owner.place


def toxicities(said: Iterable[Statement[Toxicity]]) -> Picked:
    """One row for each grade, or range of grades, of each study, with its place in the bar."""
    told = alike(said, lambda one: (one.owner.key, one.fact.event))
    tied = [group for group in told if not group[0].owner.among_studies]
    bars: dict[str, list[Bar]] = {event: [] for event in EVENTS}
    unclear: Counter[str] = Counter()
    for group in tied:
        event = group[0].fact.event
        try:
            bars[event] += _bar(group)
        except _UnclearError:
            unclear[event] += 1
    shown = {
        event: sorted(sorted(found, key=_importance)[:MOST_STUDIES], key=lambda bar: bar.place)
        for event, found in bars.items()
    }
    drawn = [(at, bar) for event in EVENTS for at, bar in enumerate(shown[event])]
    remarks = [
        *(remark for event in EVENTS for remark in _cut(event, shown[event], bars[event])),
        *(remark for event in EVENTS for remark in _doubt(event, unclear[event])),
        *_not_drawn(tied, [group for group in told if group[0].owner.among_studies]),
    ]
    if len(drawn) < _LEAST:
        return Picked((), (_TOO_FEW, *remarks))
    return Picked(tuple(row for at, bar in drawn for row in _rows(at, bar)), tuple(remarks))


def _importance(bar: Bar) -> tuple[Any, ...]:
    return (-bar.patients, -bar.papers, bar.place)


# What a bar is made of


def _bar(said: Toxicities) -> list[Bar]:
    """The bar of a study; none where no number is given. Raises _UnclearError."""
    owner = said[0].owner
    total = _only(one.fact.total for one in said if one.fact.total is not None)
    counts = _counts(said)
    whole = counts.pop(_ANY, ())
    occurred = {grades: those for grades, those in counts.items() if _count_of(those)}
    denied = {grades: those for grades, those in counts.items() if not _count_of(those)}
    _require(not any(_within(grades, no) for grades in occurred for no in denied))
    apart = _apart({grades: _count_of(those) for grades, those in occurred.items()})
    sums = sum(_count_of(occurred[grades]) for grades in apart)
    _require(not whole or sums <= _count_of(whole))
    _require(max(sums, _count_of(whole)) <= min(_known(total, owner.patients, _MOST_PATIENTS)))
    _require(bool(whole or total or owner.patients) or not _may_be_one(occurred, apart))
    occurs = sums or _count_of(whole)
    none = () if occurs else whole or _widest(denied)
    if not occurs and not none:
        return []
    return [
        Bar(
            owner=owner,
            event=said[0].fact.event,
            grades={grades: occurred[grades] for grades in apart},
            whole=whole if occurs else (),
            none=none,
            total=total,
        )
    ]


def _counts(said: Toxicities) -> dict[Grades, Toxicities]:
    """What gives a number, by its grades. Raises _UnclearError where numbers of a grade differ."""
    numbered = [one for one in said if _why_not(one.fact) is None]
    groups = alike(numbered, lambda one: _grades(one.fact))
    for group in groups:
        _only(_count(one.fact) for one in group)
    return {_grades(group[0].fact): group for group in groups}


def _why_not(fact: Toxicity) -> str | None:
    """Why a statement is not in a bar; None where it can be."""
    if fact.severity is not None and fact.grade is None:
        return "severity"
    if _count(fact) is None:
        return "number"
    return "without" if _grades(fact) == _WITHOUT else None


def _count(fact: Toxicity) -> int | None:
    return 0 if fact.absent else fact.count


def _count_of(said: Toxicities) -> int:
    """The patients of statements that say the same."""
    return (_count(said[0].fact) or 0) if said else 0


def _grades(fact: Toxicity) -> Grades:
    """The grades that are meant: no grade, and grade 1 or higher, is any."""
    if fact.grade is None:
        return _ANY
    low = 0 if fact.grade.low is None else fact.grade.low
    high = 5 if fact.grade.high is None else fact.grade.high
    return _ANY if low <= _ANY[0] and high == _ANY[1] else (min(low, high), max(low, high))


def _apart(counts: Mapping[Grades, int]) -> list[Grades]:
    """Grades that can stand side by side: no two of them have a grade in common.

    A range is left out where the grades in it add up to it, since they say it already; where they
    do not, no one knows who is counted twice. Raises _UnclearError then.

    >>> _apart({(1, 2): 8, (1, 1): 5, (2, 2): 3, (3, 5): 1})
    [(1, 1), (2, 2), (3, 5)]
    """
    kept: list[Grades] = []
    for grades in sorted(counts, key=lambda grades: (grades[1] - grades[0], grades)):
        shared = [one for one in kept if one[0] <= grades[1] and grades[0] <= one[1]]
        if not shared:
            kept.append(grades)
            continue
        _require(all(_within(one, grades) for one in shared))
        _require(sum(counts[one] for one in shared) == counts[grades])
    return sorted(kept)


def _may_be_one(occurred: Mapping[Grades, Toxicities], apart: Sequence[Grades]) -> bool:
    """Whether single patients of several grades may be one, who went from grade to grade."""
    return len(apart) > 1 and all(_count_of(occurred[grades]) == 1 for grades in apart)


def _within(one: Grades, other: Grades) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]


def _widest(denied: Mapping[Grades, Toxicities]) -> Toxicities:
    """Of what did not occur that which says most."""
    return denied[min(denied, key=lambda grades: (grades[0] - grades[1], grades))] if denied else ()


def _only(values: Iterable[T]) -> T | None:
    """The one value that all have, None where there is none. Raises _UnclearError."""
    different = set(values)
    _require(len(different) <= 1)
    return different.pop() if different else None


def _known(*numbers: int | None) -> Iterator[int]:
    return (number for number in numbers if number is not None)


def _require(clear: bool) -> None:
    if not clear:
        raise _UnclearError


# What is drawn of it


def _rows(at: int, bar: Bar) -> list[Row]:
    """The pieces of a bar from the left, then the mark of all who had it, or of none."""
    rows = []
    end = 0
    for grades, said in bar.grades.items():
        start, end = end, end + _count_of(said)
        rows.append(_row(at, bar, said, kind="grade", grades=grades, start=start, end=end))
    if bar.whole:
        patients = _count_of(bar.whole)
        kind, start = ("whole", patients) if bar.grades else ("any", 0)
        rows.append(_row(at, bar, bar.whole, kind=kind, grades=_ANY, start=start, end=patients))
    if bar.none:
        rows.append(_row(at, bar, bar.none, kind="none", grades=_ANY, start=0, end=0))
    elif bar.total is not None:
        rows[-1]["beside"] = f"n={bar.total}"
    return rows


def _row(
    at: int, bar: Bar, said: Toxicities, *, kind: str, grades: Grades, start: int, end: int
) -> Row:
    fact = said[0].fact
    note = words(toxicity_text(fact, "en"), toxicity_text(fact, "zh"))
    return {
        **proof(said),
        "event": bar.event,
        # The number at the end keeps apart bars that read the same.
        "row": f"{bar.owner.label}\n{bar.event}.{at}",
        "kind": kind,
        "grade": _grades_text(grades) if kind == "grade" else "any",
        "lowest": grades[0],
        "highest": grades[1],
        "start": start,
        "end": end,
        "beside": None,
        **in_both("note", note),
    }


def _grades_text(grades: Grades) -> str:
    """Grades as the legend has them: '1', '1-2', '≤2', '≥3'."""
    low, high = grades
    if low == high:
        return str(low)
    if high == _ANY[1]:
        return f"≥{low}"
    return f"{low}-{high}" if low else f"≤{high}"


# What is said of the others


def _cut(event: str, shown: Sequence[Bar], found: Sequence[Bar]) -> list[Words]:
    if len(shown) == len(found):
        return []
    return [
        words(
            f"{event}: {len(shown)} of {len(found)} studies or papers are shown, chosen by the"
            " number of patients as far as it is known, then by the number of papers that say so,"
            " then by year and name.",
            f"{event}：共{len(found)}项研究或论文，仅显示{len(shown)}项：先按已知的患者数，"
            "再按如此陈述的论文数，最后按年份和名称选取。",
        )
    ]


def _doubt(event: str, studies: int) -> list[Words]:
    return left_out(
        studies,
        f"{event}: studies or papers left out, as their numbers overlap or differ (by group, dose"
        " level, time or paper), so that patients would be counted twice",
        f"{event}：因数据重叠或不一致（不同组别、剂量水平、时间或论文）、可能重复计数而未绘出的研究或论文",
    )


def _not_drawn(tied: Iterable[Toxicities], untied: Iterable[Toxicities]) -> list[Words]:
    """How many statements are in no bar, and why."""
    reasons: Counter[str | None] = Counter(
        _why_not(group[0].fact) for said in tied for group in _distinct(said)
    )
    of_none = sum(len(_distinct(said)) for said in untied)
    return [
        *left_out(
            of_none,
            "Statements left out, as their papers tell of studies and do not say of which this is",
            "因论文涉及多项研究且未说明属于哪一项而未绘出的陈述",
        ),
        *left_out(
            reasons["number"],
            "Statements without a number of patients, not drawn",
            "未给出患者数而未绘出的陈述",
        ),
        *left_out(
            reasons["severity"],
            "Statements with a severity in words in place of a grade, not drawn",
            "以文字描述严重程度而无分级、未绘出的陈述",
        ),
        *left_out(
            reasons["without"],
            "Statements of grade 0, that is of patients without it, not drawn",
            "0级（即未发生）而未绘出的陈述",
        ),
    ]


def _distinct(said: Toxicities) -> Sequence[Toxicities]:
    fields = tuple(ToxicityValue.model_fields)
    return alike(said, lambda one: tuple(getattr(one.fact, field) for field in fields))
