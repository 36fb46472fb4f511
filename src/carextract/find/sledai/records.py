"""What is recorded of a SLEDAI score: where it was read, both ends, and the fields of the fact."""

from __future__ import annotations

from dataclasses import dataclass, replace

from carextract.grammar.readers import Score
from carextract.tracked import Span
from carextract.values import Number

Time = tuple[Number, str]
Date = tuple[int, int, int]
_UNITS = frozenset({"day", "week", "month", "year"})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a reading comes from: rule, place, sentence, index and patient."""

    rule: str
    span: Span
    sentence: int
    instrument: str
    subject: str | None
    patients: int | None = None
    date: Date | None = None


@dataclass(slots=True)
class Record:
    """A fact in the making."""

    source: Source
    baseline: Score | None
    followup: Score | None
    change: Number | None
    time: Time | None
    spans: tuple[Span, ...]


def fields_of(record: Record) -> dict[str, object]:
    """The fields of the contract."""
    time = record.time if record.time and record.time[1] in _UNITS else None
    return {
        "instrument": record.source.instrument,
        "baseline": _score_field(record.baseline),
        "followup": _score_field(record.followup),
        "change": record.change,
        "patients": _patients(record),
        "time": {"value": time[0], "unit": time[1]} if time else None,
    }


def _patients(record: Record) -> int | None:
    """How many patients the score afterwards, else the one before, is said of.

    A mean, a median or a spread is never that of one patient, whoever was spoken of last.
    """
    scores = [score for score in (record.followup, record.baseline) if score is not None]
    counts = (score.patients for score in scores if score.patients is not None)
    patients = next(counts, record.source.patients)
    of_group = any(score.statistic or score.spread for score in scores)
    return None if of_group and patients == 1 else patients


def _score_field(score: Score | None) -> dict[str, object] | None:
    """A score as the contract has it: a single value, or the two ends of a range."""
    if score is None:
        return None
    single = score.low == score.high
    return {
        "value": score.low if single else None,
        "low": None if single else score.low,
        "high": None if single else score.high,
        "statistic": score.statistic,
        "spread": score.spread.strip(" ()（）[]［］,，;；") if score.spread else None,
    }


def with_statistic(score: Score, statistic: str | None) -> Score:
    """A score with the statistic that its sentence names, where it has none of its own."""
    return replace(score, statistic=statistic) if score.statistic is None else score
