"""Text of a CSV that a spreadsheet would not leave alone, guarded and unguarded."""

import re

_FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
# Phase '1/2' and spread '8-20' would become days of the current year.
_LOOKS_LIKE_A_DATE = re.compile(r"\d{1,2}[-/.]\d{1,4}([-/.]\d{1,4})?")
_GUARD = "'"


def guarded(text: str) -> str:
    """Text with an apostrophe before it where a spreadsheet would run it or make it a date.

    The apostrophe is seen, and a wrong value would not be.

    >>> guarded("-10 points"), guarded("1/2"), guarded("10 points")
    ("'-10 points", "'1/2", '10 points')
    """
    return f"{_GUARD}{text}" if _at_risk(text) else text


def unguarded(text: str) -> str:
    """Text as it was before it was guarded; an apostrophe with nothing to guard stays.

    A text that had an apostrophe before a formula of its own accord loses it: in CSV the two look
    the same.

    >>> unguarded("'-10 points"), unguarded("'1/2"), unguarded("'tis so")
    ('-10 points', '1/2', "'tis so")
    """
    text_behind = text.removeprefix(_GUARD)
    return text_behind if _at_risk(text_behind) else text


def _at_risk(text: str) -> bool:
    return text.startswith(_FORMULA) or _LOOKS_LIKE_A_DATE.fullmatch(text) is not None
