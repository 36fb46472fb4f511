"""What a captured piece of text means: the readers that pattern files name with ``read = "..."``.

A shape reader takes the groups of a regular expression, a phrase reader the tokens of each field.
Each returns the value of the new token, or None where the piece is not what it looked like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from carextract.grammar.amounts import AMOUNT_READERS, Power, power
from carextract.grammar.tokens import Token
from carextract.values import (
    Number,
    chinese_numeral,
    decimal,
    english_numeral,
    iso_date,
    roman_numeral,
    trial_phase,
)

Groups = Mapping[str, str | None]
Fields = Mapping[str, tuple[Token, ...]]

_HIGHEST_SCORE = 105

# A number in square brackets, and two of them; a spread stands in round ones, or has its name.
_CITATION = re.compile(r"\s?[\[［【]\s?\d{1,3}\s?[\]］】]")
_CITATIONS = re.compile(r"\s?[\[［【]\s?(\d{1,3})\s?[-–—,，~～]\s?(\d{1,3})\s?[\]］】]")


@dataclass(frozen=True, slots=True)
class Score:
    """A score as printed: low equals high for a single one; ``pointed``: points (分) stand by,
    ``every``: it is said of all, as in "both were 0"; ``patients``: how many have it."""

    low: Number
    high: Number
    statistic: str | None
    spread: str | None
    pointed: bool
    every: bool = False
    patients: int | None = None


def _decimal(groups: Groups) -> Number | None:
    return decimal(groups["n"] or "")


def _power(groups: Groups) -> Power:
    return power(groups["n"], groups["e"] or "0")


def _millions(groups: Groups) -> Power:
    """100M: the letter stands for six zeros."""
    return power(groups["n"], "6")


def _power_written_out(groups: Groups) -> Power:
    """5×100,000: the factor is printed with all its zeros."""
    zeros = (groups["e"] or "").count("0")
    return power(groups["n"], str(zeros))


def _chinese(groups: Groups) -> int | None:
    return chinese_numeral(groups["n"] or "")


def _text(groups: Groups) -> str | None:
    return groups["n"]


def _grade_text(groups: Groups) -> tuple[int | None, int | None] | None:
    """A grade 0 to 5 printed in one piece, as (low, high). A group that begins with ``n`` or ``m``
    is a numeral, one that begins with ``ge``, ``gt``, ``le`` or ``lt`` a bound, wherever it stands.
    """
    numerals = [text for name, text in groups.items() if text and name[0] in "nm"]
    values = [_small_number(text) for text in numerals]
    bound = next((name[:2] for name, text in groups.items() if text and name[0] in "gl"), "")
    low, high = values[0], values[-1]
    if low is None or high is None or not 0 <= low <= high <= 5:
        return None
    bounded: dict[str, tuple[int | None, int | None]] = {
        "ge": (low, None),
        "gt": (low + 1, None),
        "le": (None, high),
        "lt": (None, high - 1),
    }
    return bounded.get(bound, (low, high))


def _patients(groups: Groups) -> int:
    """How many patients are named by their numbers: patients 2 and 3; "the first" is one."""
    text = groups["n"] or ""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if len(numbers) == 2 and re.search(r"\d\s?(?:[-–~～至]|to\s)", text):
        return max(numbers[1] - numbers[0] + 1, 1)
    return max(len(numbers), 1)


def _share(groups: Groups) -> int | None:
    """How many patients a score is said of: in eight patients, 3例."""
    text = groups["n"] or ""
    number = english_numeral(text)
    return _small_number(text) if number is None else number


def _small_number(text: str) -> int | None:
    return int(text) if text.isdigit() else roman_numeral(text) or chinese_numeral(text)


def _trial_phase(groups: Groups) -> str | None:
    return trial_phase(groups["n"] or "")


def _date(groups: Groups) -> str | None:
    return iso_date(groups["n"] or "")


_VISIT_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"} | {
    "天": "day",
    "日": "day",
    "周": "week",
    "年": "year",
}


# G HILARDI and 徐沪 济: spaces that recognition put into a name.
_SPACED_NAME = re.compile(r"(?<=^[A-Z])\s(?=[A-Z]{2})|(?<=[\u3400-\u9fff])\s")


def _author(groups: Groups) -> tuple[str, str | None]:
    """A family name as printed, and what stands of the given names: ("Wang", "X")."""
    given = (groups.get("given") or "").strip(" ,")
    name = groups["n"] or ""
    family = name.removesuffix(groups.get("given") or "") if given else name
    return (_SPACED_NAME.sub("", family.strip(" ,")), given or None)


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_MOST_CITED = 40


def _citation(groups: Groups) -> tuple[int, ...] | None:
    """The numbers in a citation mark, each once, ranges unfolded: [10,13-14] as 10, 13, 14."""
    numbers: dict[int, None] = {}
    for piece in re.split(r"[,，、;；]", (groups["n"] or "").translate(_RAISED)):
        ends = [int(end) for end in re.findall(r"\d+", piece)]
        if not ends or not 0 < ends[0] <= ends[-1] < ends[0] + _MOST_CITED:
            return None
        numbers |= dict.fromkeys(range(ends[0], ends[-1] + 1))
    return tuple(numbers)


def _year(groups: Groups) -> int | str:
    """A year, or that it is the same as before."""
    return "same" if groups.get("same") else int(groups["n"] or 0)


def _visit_code(groups: Groups) -> tuple[Number, str] | None:
    """D28, Wk2, +11月 as (value, unit)."""
    value, unit = decimal(groups["n"] or ""), groups["unit"] or ""
    return None if value is None else (value, _VISIT_UNITS.get(unit[0].lower(), "month"))


def _spread(groups: Groups) -> str | None:
    """A spread as printed; two numbers that fall, as in "(16 to 4)", are none. A citation stands in
    the same place and is no score either: it is read as an empty one."""
    if _CITATION.fullmatch(groups["n"] or ""):
        return ""
    low, high = (decimal(groups.get(name) or "") for name in ("low", "high"))
    return None if low is not None and high is not None and low > high else groups["n"]


def _rising(groups: Groups) -> tuple[Number, Number] | None:
    """Two numbers that rise, as the ends of a range."""
    low, high = decimal(groups["low"] or ""), decimal(groups["high"] or "")
    return (low, high) if low is not None and high is not None and low < high else None


def _numbers(fields: Fields) -> list[tuple[Any, Any]]:
    """The numbers and ranges captured as ``n``, as (low, high); other tokens there are joints."""
    values = [token.value for token in fields["n"]]
    return [
        v if isinstance(v, tuple) else (v, v) for v in values if isinstance(v, (int, float, tuple))
    ]


def _number(fields: Fields) -> Any:
    return fields["n"][0].value


def _sum(fields: Fields) -> Number | None:
    """Twenty-one: tens and ones."""
    tens, ones = (fields[name][0].value for name in ("tens", "ones"))
    return tens + ones if tens >= 20 and tens % 10 == 0 and 0 < ones < 10 else None


def _range(fields: Fields) -> tuple[Number, Number] | None:
    """Two numbers with a dash; one that falls is no range."""
    low, high = fields["low"][0].value, fields["high"][0].value
    return (low, high) if low <= high else None


def _point_or_range(fields: Fields) -> tuple[Number | None, Number | None] | None:
    """A number or a range, with a bound before or after it, as (low, high); None is no bound.

    The value of a bound token is ">=", ">", "<=" or "<"; several numbers give their extremes.
    """
    values = _numbers(fields)
    low, high = min(v[0] for v in values), max(v[1] for v in values)
    for bound in fields.get("bound", ()):
        if bound.value in (">=", ">"):
            return (low, None)
        return (None, high)
    return (low, high)


def _grade(fields: Fields) -> tuple[int | None, int | None] | None:
    """An ASTCT grade 0 to 5 as (low, high): ``>2`` is (3, None), ``<3`` is (None, 2)."""
    values = _numbers(fields)
    low, high = min(v[0] for v in values), max(v[1] for v in values)
    if not all(isinstance(v, int) and 0 <= v <= 5 for v in (low, high)):
        return None
    bound = fields["bound"][0].value if "bound" in fields else None
    if bound in (">=", ">"):
        return (low + (bound == ">"), None)
    if bound in ("<=", "<"):
        return (None, high - (bound == "<"))
    return (low, high)


def _last(fields: Fields) -> Any:
    """The value of the last token captured as ``n``."""
    return fields["n"][-1].value


def _present(fields: Fields) -> bool:
    """Words that mean something by being there; nothing is to be read from them."""
    return bool(fields["n"])


def _score(fields: Fields) -> Score | None:
    """A score from 0 to the 105 of SLEDAI, with the words and spread beside it."""
    low, high = _numbers(fields)[0]
    if not all(abs(value) <= _HIGHEST_SCORE for value in (low, high)):
        return None
    stat, spread = (fields[n][0].value if n in fields else None for n in ("stat", "spread"))
    if spread and (cited := _CITATIONS.fullmatch(spread)):
        # "0分[3-5]": a range of citations, unless the score lies in it.
        spread = spread if int(cited[1]) <= low <= high <= int(cited[2]) else ""
    share = fields["share"][0].value if "share" in fields else None
    return Score(low, high, stat, spread, "points" in fields, "every" in fields, share)


def _scores(fields: Fields) -> tuple[Score, ...]:
    """The scores of a list; what stands between them says nothing."""
    return tuple(token.value for token in fields["n"] if isinstance(token.value, Score))


def _score_series(groups: Groups) -> tuple[Score, ...]:
    """18/6/0: scores between slashes, one a visit."""
    numbers = [decimal(printed) for printed in re.split(r"\s?/\s?", groups["n"] or "")]
    return tuple(Score(n, n, None, None, False) for n in numbers if n is not None)


def _pair(fields: Fields) -> tuple[Any, Any]:
    """A grade and the word for it that stands beside it."""
    return (fields["grade"][0].value, fields["severity"][0].value)


def _series(fields: Fields) -> tuple[Number, ...]:
    """Numbers between slashes, each with a meaning that the head of the series gives."""
    return tuple(token.value for token in fields["n"])


def _amount(fields: Fields) -> tuple[Number | None, Number | None, Any] | None:
    """How many of how many, and the percentage, as (count, total, percent); each but one may be
    missing. A count above its total, or a percentage that does not fit both, is no amount."""
    count, total, percent = (
        fields[name][0].value if name in fields else None for name in ("n", "total", "percent")
    )
    if total is not None:
        if count is None or not 0 <= count <= total or not total:
            return None
        if percent is not None and abs(100 * count / total - percent[0]) > 1.5:
            return None
    return (count, total, percent)


def _time(fields: Fields) -> tuple[Number, str]:
    """A time point: (value, unit)."""
    return (_numbers(fields)[-1][1], fields["unit"][0].value)


def _time_behind_unit(fields: Fields) -> tuple[Number, str] | None:
    """Month 6; a number that touches the unit before it, as in 1月11分, is not of that unit."""
    return _time(fields) if fields["unit"][-1].end < fields["n"][0].start else None


SHAPE_READERS: Mapping[str, Callable[[Groups], Any]] = {
    "decimal": _decimal,
    "power": _power,
    "millions": _millions,
    "power-written-out": _power_written_out,
    "chinese": _chinese,
    "text": _text,
    "visit-code": _visit_code,
    "spread": _spread,
    "rising": _rising,
    "share": _share,
    "score-series": _score_series,
    "grade": _grade_text,
    "patients": _patients,
    "trial-phase": _trial_phase,
    "date": _date,
    "author": _author,
    "citation": _citation,
    "year": _year,
}
PHRASE_READERS: Mapping[str, Callable[[Fields], Any]] = {
    "number": _number,
    "sum": _sum,
    "range": _range,
    "point-or-range": _point_or_range,
    "grade": _grade,
    "time": _time,
    "time-behind-unit": _time_behind_unit,
    "amount": _amount,
    "pair": _pair,
    "series": _series,
    "last": _last,
    "present": _present,
    "score": _score,
    "scores": _scores,
    **AMOUNT_READERS,
}
