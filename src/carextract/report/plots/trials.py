"""Trials by their start: a unit for each registry number."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from carextract.records import Trial
from carextract.report.plots.plot import Picked, Row, Words, left_out, picked, words
from carextract.report.plots.statements import Statement, alike, name, proof

Mentions = Sequence[Statement[Trial]]

MOST_TRIALS = 800
PHASES = ("early 1", "1", "1/2", "2", "2/3", "3", "4")
OTHER_PHASES = ("other", "differs", "unknown")
_PLACES = {phase: at for at, phase in enumerate((*PHASES, *OTHER_PHASES))}
_MOST_QUARTERS = 16
_DATE = re.compile(r"(?P<year>(?:199|20\d)\d)(?:-(?P<month>0[1-9]|1[0-2])(?:-\d\d)?)?")
_TOO_FEW = words(
    "Not drawn: papers give a start date that they agree on of fewer than two trials.",
    "未绘图：开始日期明确且一致的试验不足两项。",
)
_TOO_MANY = words(
    f"Not drawn: more than {MOST_TRIALS} trials begin in the last of the years.",
    f"未绘图：最近一年开始的试验超过{MOST_TRIALS}项。",
)


@dataclass(frozen=True, slots=True)
class Started:
    """A trial, when it began as exactly as any paper says, and who says so."""

    mentions: Mentions
    date: str

    @property
    def year(self) -> int:
        """The year of its start."""
        return int(self.date[:4])

    @property
    def quarter(self) -> int | None:
        """The quarter of its start, counted from the year 0; None where no month is given."""
        return self.year * 4 + (int(self.date[5:7]) - 1) // 3 if len(self.date) > 4 else None

    @property
    def id(self) -> str:
        """Its registry number."""
        return self.mentions[0].fact.id


def trials(said: Iterable[Statement[Trial]]) -> Picked:
    """One row for each trial with a start date, in the quarter or the year of it.

    Quarters only where every date has a month, and where they are not too many.
    """
    of_number = alike(said, lambda one: one.fact.id)
    dated = [mentions for mentions in of_number if _dates(mentions)]
    started = [
        Started(mentions, date)
        for mentions in dated
        if (date := _agreed(_dates(mentions))) is not None
    ]
    bins = _bins(started)
    shown = _newest(bins)
    rows = [row for key in sorted(shown) for row in _rows(key, shown[key])]
    remarks = [
        *_cut(len(rows), len(started), min(shown, default="")),
        *left_out(
            len(dated) - len(started),
            "Trials left out, as papers disagree on their start",
            "因论文所述开始日期不一致而未绘出的试验",
        ),
        *left_out(
            len(of_number) - len(dated),
            "Trials without a start date, not drawn",
            "未给出开始日期而未绘出的试验",
        ),
    ]
    if started and not rows:
        return Picked((), (_TOO_MANY, *remarks))
    return picked(rows, remarks, least=2, too_few=_TOO_FEW)


def _dates(mentions: Mentions) -> set[str]:
    dates = {one.fact.start_date for one in mentions if one.fact.start_date is not None}
    return {date for date in dates if _DATE.fullmatch(date)}


def _agreed(dates: Iterable[str]) -> str | None:
    """The most exact of dates that are all of the same day, month or year; None where they differ.

    >>> _agreed(["2024", "2024-06-19"]), _agreed(["2024-06", "2024-07"])
    ('2024-06-19', None)
    """
    exact = max(dates, key=lambda date: (len(date), date))
    return exact if all(exact.startswith(date) for date in dates) else None


def _bins(started: Sequence[Started]) -> dict[str, list[Started]]:
    quarters = [trial.quarter for trial in started if trial.quarter is not None]
    by_quarter = len(quarters) == len(started) > 0 and (
        max(quarters) - min(quarters) < _MOST_QUARTERS
    )
    bins: dict[str, list[Started]] = defaultdict(list)
    for trial in started:
        quarter = trial.quarter if by_quarter else None
        bins[str(trial.year) if quarter is None else quarter_text(quarter)].append(trial)
    return bins


def quarter_text(quarter: int) -> str:
    """A quarter, counted from the year 0.

    >>> quarter_text(2024 * 4)
    '2024 Q1'
    """
    return f"{quarter // 4} Q{quarter % 4 + 1}"


def _newest(bins: dict[str, list[Started]]) -> dict[str, list[Started]]:
    """The newest bins as far as there is room; half a bin would be a wrong number."""
    newest_first = sorted(bins, reverse=True)
    sums = accumulate(len(bins[key]) for key in newest_first)
    fitting = takewhile(lambda pair: pair[1] <= MOST_TRIALS, zip(newest_first, sums, strict=True))
    return {key: bins[key] for key, _ in fitting}


def _rows(key: str, started: Iterable[Started]) -> list[Row]:
    """The trials of a bin, one upon the other by phase."""
    ordered = sorted(started, key=lambda trial: (_PLACES[phase(trial.mentions)], trial.id))
    return [_row(key, trial, at) for at, trial in enumerate(ordered)]


def _row(key: str, trial: Started, at: int) -> Row:
    exact = [one for one in trial.mentions if one.fact.start_date == trial.date]
    agreeing = [one for one in trial.mentions if one.fact.start_date is not None]
    row = proof([exact[0], *agreeing])
    return {
        **row,
        "study": row["study"] if _is_of_one_study(exact) else name(trial.id),
        "trial": name(trial.id),
        "date": trial.date,
        "bin": key,
        "phase": phase(trial.mentions),
        "start": at,
        "end": at + 1,
    }


def _is_of_one_study(mentions: Mentions) -> bool:
    """Whether the fact in front is tied to one study: a trial is not two."""
    first = mentions[0]
    return first.owner.is_study and not any(
        one.fact is first.fact and one.owner != first.owner for one in mentions
    )


def phase(mentions: Mentions) -> str:
    """The phase of a trial; 'unknown' where none is given, 'differs' where papers disagree."""
    phases = {one.fact.phase for one in mentions if one.fact.phase is not None}
    if len(phases) != 1:
        return "differs" if phases else "unknown"
    (only,) = phases
    return only if only in PHASES else "other"


def _cut(shown: int, dated: int, first: str) -> list[Words]:
    if shown in (0, dated):
        return []
    return [
        words(
            f"{shown} of {dated} trials are shown: those that began in {first} or later.",
            f"共{dated}项试验，仅显示{first}及以后开始的{shown}项。",
        )
    ]
