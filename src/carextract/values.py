"""Text to values: numbers as they are printed, Chinese and English numerals, powers of ten.

Nothing here searches a text: every function takes the few characters that a token captured.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

Number = int | float

_CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}
_ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve".split()
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5}


def tidy(value: Decimal) -> Number:
    """An int where the value is whole, a float where it is not.

    >>> tidy(Decimal("1100000.0")), tidy(Decimal("0.5"))
    (1100000, 0.5)
    """
    return int(value) if value == value.to_integral_value() else float(value)


def decimal(text: str) -> Number | None:
    """A printed decimal, thousands commas and spaces allowed; None where it is not a number.

    >>> decimal("1,000"), decimal("12.50"), decimal("1 134"), decimal("-3.5"), decimal("1000,000")
    (1000, 12.5, 1134, -3.5, 1000000)
    >>> decimal("1.2.3") is None
    True
    """
    try:
        return tidy(Decimal(re.sub(r"[,\s]", "", text)))
    except InvalidOperation:
        return None


def scientific(mantissa: str | None, exponent: str) -> Number:
    """A power of ten with its coefficient, exact.

    >>> scientific("1.1", "6"), scientific(None, "6"), scientific("0.75", "9")
    (1100000, 1000000, 750000000)
    """
    coefficient = Decimal(re.sub(r"[,\s]", "", mantissa)) if mantissa else Decimal(1)
    return tidy(coefficient.scaleb(int(exponent)))


def scaled(value: Number, factor: Number) -> Number:
    """A number times its scale word (万, million), without binary rounding.

    >>> scaled(1.2, 10000), scaled(360, 1_000_000)
    (12000, 360000000)
    """
    return tidy(Decimal(str(value)) * Decimal(factor))


def chinese_numeral(text: str) -> int | None:
    """A Chinese numeral up to 9999; None for what is not one, such as the approximate 两三.

    >>> [chinese_numeral(t) for t in ("两", "十二", "三十", "二十五", "一百零三")]
    [2, 12, 30, 25, 103]
    >>> chinese_numeral("两三") is None
    True
    """
    total, digit = 0, -1
    for character in text:
        if character in _CHINESE_UNITS:
            total += _CHINESE_UNITS[character] * (1 if digit < 0 else digit)
            digit = -1
        elif character in _CHINESE_DIGITS:
            if digit > 0:
                return None
            digit = _CHINESE_DIGITS[character]
        else:
            return None
    return total + max(digit, 0) if text else None


def english_numeral(text: str) -> int | None:
    """A small number written as an English word.

    >>> english_numeral("three"), english_numeral("Twelve"), english_numeral("few")
    (3, 12, None)
    """
    word = text.lower()
    return _ENGLISH.index(word) if word in _ENGLISH else None


def roman_numeral(text: str) -> int | None:
    """A roman numeral from one to five, the only ones that grades and phases use.

    >>> roman_numeral("III"), roman_numeral("Ⅱ"), roman_numeral("x")
    (3, 2, None)
    """
    return _ROMAN.get(text) or _ROMAN.get(text.lower())


_PHASE_WORDS = re.compile(r"phases?|early|first|临床|[早期第\s_.()（）]", re.I)
_PHASE_JOINT = re.compile(r"[/|,、&+\-–—~～和与至]|and|to", re.I)
_PHASE_STEP = re.compile(r"([0-4]|iv|i{1,3}|[Ⅰ-Ⅳⅰ-ⅳ一二三四])[abc]?", re.I)
_PHASES = frozenset({"1", "1/2", "2", "2/3", "3", "3/4", "4"})


def trial_phase(text: str) -> str | None:
    """The phase of a trial in Arabic numerals, 1b as 1; None for what is no phase.

    >>> [trial_phase(t) for t in ("Phase Ib/IIa", "Ⅰ/Ⅱ期", "EARLY_PHASE1", "临床一期")]
    ['1/2', '1/2', 'early 1', '1']
    >>> [trial_phase(t) for t in ("NA", "1/3", "2024")]
    [None, None, None]
    """
    early = "early" in text.lower() or "早" in text
    steps = [_PHASE_STEP.fullmatch(part) for part in _PHASE_JOINT.split(_PHASE_WORDS.sub("", text))]
    numbers = [_phase_number(step[1]) if step else None for step in steps]
    if numbers == [0] or (early and numbers == [1]):
        return "early 1"
    phase = "/".join(dict.fromkeys(map(str, numbers)))
    return phase if phase in _PHASES and not early else None


def _phase_number(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text)
    return roman_numeral(text.upper()) or chinese_numeral(text)


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_YEAR_FIRST = re.compile(
    r"(20[0-4]\d)(?: ?[-/.年] ?(\d{1,2}) ?(?:[-/.月] ?(\d{1,2}) ?日?|月)?|年|-?(\d\d)-?(\d\d))?"
)
_MONTH_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)? )?(?P<month>[a-z]{3})[a-z]*\.?"
    r"(?: (?P<late_day>\d{1,2})(?:st|nd|rd|th)?)?,? (?P<year>20[0-4]\d)",
    re.I,
)


def iso_date(text: str) -> str | None:
    """A date as ISO 8601, as exact as it is printed; None for what is no date of this century.

    >>> [iso_date(t) for t in ("2024-06-19", "2024年6月", "June 19, 2024", "202501-03", "2023")]
    ['2024-06-19', '2024-06', '2024-06-19', '2025-01-03', '2023']
    >>> [iso_date(t) for t in ("2024-13", "2024-02-31", "1/2")]
    [None, None, None]
    """
    text = " ".join(text.split())
    if match := _YEAR_FIRST.fullmatch(text):
        parts = [match[1], match[2] or match[4], match[3] or match[5]]
    elif match := _MONTH_NAMED.fullmatch(text):
        month = _MONTHS.find(match["month"].lower()) // 4 + 1
        parts = [match["year"], str(month), match["day"] or match["late_day"]]
    else:
        return None
    numbers = [int(part) for part in parts if part]
    try:
        date(*[*numbers, 1, 1][:3])
    except ValueError:
        return None
    return "-".join(f"{number:02d}" for number in numbers)
