"""Facts in a few words, as a table shows them, in English or Chinese."""

from decimal import Decimal
from typing import Literal

from carextract.records import Dose, Fact, Score, Sledai, TimePoint, Toxicity, Trial
from carextract.synthesize.models import DoseValue, SledaiValue, ToxicityValue

Language = Literal["en", "zh"]

_CHINESE = {
    "before": "治疗前",
    "change": "变化",
    "day": "天",
    "mean": "平均",
    "median": "中位数",
    "mild": "轻度",
    "mild-moderate": "轻至中度",
    "moderate": "中度",
    "month": "个月",
    "severe": "重度",
    "week": "周",
    "year": "年",
}
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LARGE = 100_000  # from here on a number is read as powers of ten: a cell dose, not a drug dose


def number_text(number: int | float) -> str:
    """A number as a paper prints it, with all its digits.

    >>> number_text(1_100_000), number_text(7.5), number_text(1_000_000), number_text(-10)
    ('1.1×10⁶', '7.5', '10⁶', '-10')
    """
    if abs(number) < _LARGE:
        return str(number)
    _, digits, _ = exact = Decimal(str(number)).normalize().as_tuple()
    power = exact.exponent + len(digits) - 1 if isinstance(exact.exponent, int) else 0
    lead = "".join(map(str, digits[:1])) + ("." if digits[1:] else "")
    factor = ("-" if number < 0 else "") + lead + "".join(map(str, digits[1:]))
    raised = f"10{str(power).translate(_RAISED)}"
    return raised if factor == "1" else f"{factor}×{raised}"


def range_text(low: int | float | None, high: int | float | None) -> str:
    """A range of numbers; null is no bound.

    >>> range_text(1, 1), range_text(1, 2), range_text(None, 7.5), range_text(3, None)
    ('1', '1-2', '≤7.5', '≥3')
    """
    if low is None or high is None:
        if high is not None:
            return f"≤{number_text(high)}"
        return f"≥{number_text(low)}" if low is not None else "?"
    return number_text(low) if low == high else f"{number_text(low)}-{number_text(high)}"


def trial_text(trial: Trial, language: Language = "en") -> str:
    """A trial: 'NCT06106906, phase 1/2, CD19 CAR-T, SLE, China, from 2024-06'."""
    chinese = language == "zh"
    words = [trial.id]
    if trial.phase is not None:
        phase = trial.phase.replace("early ", "早期") if chinese else trial.phase
        words.append(f"{phase}期" if chinese else f"phase {phase}")
    words += [word for word in (trial.intervention, trial.condition, trial.country) if word]
    if trial.start_date is not None:
        words.append(f"{trial.start_date}起" if chinese else f"from {trial.start_date}")
    return ("，" if chinese else ", ").join(words)


def dose_text(dose: Dose | DoseValue) -> str:
    """A dose, in any language: '1.1×10⁶ cells/kg CD19 CAR-T'."""
    words = (range_text(dose.low, dose.high), dose.unit, dose.agent)
    return " ".join(word for word in words if word)


def sledai_text(scores: Sledai | SledaiValue, language: Language = "en") -> str:
    """Scores before and after: 'SLEDAI-2K 14 → 2 after 6 months (n=8)'."""
    words = [scores.instrument]
    if scores.followup is not None:
        words += [_score(scores.baseline, language), "→", _score(scores.followup, language)]
    elif scores.baseline is not None:
        words += [_score(scores.baseline, language), _word("before", language)]
    if scores.change is not None:
        words.append(f"{_word('change', language)} {number_text(scores.change)}")
    if scores.time is not None:
        words.append(time_text(scores.time, language))
    if scores.patients is not None:
        words.append(f"(n={scores.patients})")
    return " ".join(words)


def time_text(time: TimePoint, language: Language = "en") -> str:
    """A time after the infusion: 'after 6 months', '6个月后'."""
    if language == "zh":
        return f"{number_text(time.value)}{_CHINESE[time.unit]}后"
    return f"after {number_text(time.value)} {time.unit}{'' if time.value == 1 else 's'}"


def _score(score: Score | None, language: Language) -> str:
    if score is None:
        return "?"
    value = number_text(score.value) if score.value is not None else ""
    if not value or (score.low, score.high) != (None, None):
        limits = range_text(score.low, score.high)
        value = f"{value} [{limits}]" if value else limits
    statistic = score.statistic and _word(score.statistic, language)
    return " ".join(word for word in (statistic, value, score.spread) if word)


def toxicity_text(toxicity: Toxicity | ToxicityValue, language: Language = "en") -> str:
    """What occurred, or did not: 'CRS grade 1: 7/12 (58.3%)', 'no ICANS', '无ICANS'."""
    name = toxicity_name(toxicity, language)
    if toxicity.absent:
        return _denied(name, toxicity.total, language)
    figures = []
    if toxicity.count is not None:
        figures.append(str(toxicity.count))
    if toxicity.total is not None:
        figures[:] = [f"{figures[0] if figures else '?'}/{toxicity.total}"]
    if toxicity.percent is not None:
        percent = f"{range_text(toxicity.percent.low, toxicity.percent.high)}%"
        figures.append(f"({percent})" if figures else percent)
    return f"{name}{'：' if language == 'zh' else ': '}{' '.join(figures)}" if figures else name


def _denied(name: str, total: int | None, language: Language) -> str:
    if language == "zh":
        return f"无{name}" + (f"（{total}例中）" if total is not None else "")
    return f"no {name}" + (f" in {total}" if total is not None else "")


def toxicity_name(toxicity: Toxicity | ToxicityValue, language: Language = "en") -> str:
    """The event with its grade or severity: 'CRS grade 1-2', 'severe ICANS', '1-2级CRS'."""
    severity = toxicity.severity and _word(toxicity.severity, language)
    limits = toxicity.grade and range_text(toxicity.grade.low, toxicity.grade.high)
    if language == "zh":
        return f"{severity or ''}{f'{limits}级' if limits else ''}{toxicity.event}"
    words = (severity, toxicity.event, f"grade {limits}" if limits else None)
    return " ".join(word for word in words if word)


def _word(word: str, language: Language) -> str:
    return _CHINESE[word] if language == "zh" else word


def fact_text(fact: Fact, language: Language = "en") -> str:
    """A fact of whatever kind in a few words."""
    match fact:
        case Trial():
            return trial_text(fact, language)
        case Dose():
            return dose_text(fact)
        case Sledai():
            return sledai_text(fact, language)
        case Toxicity():
            return toxicity_text(fact, language)
