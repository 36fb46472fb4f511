"""Numbers and names cut at the end of a line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from carextract.clean.pattern import Pattern
from carextract.clean.shape import NUMBERED, REGISTRY_HEAD, UNREADABLE, Line

_TERMS = frozenset("SLEDAI SLEDAI-2K SLEDAI-2000 ICANS CRS BCMA CAR-T CAR-NK".split())
_NAME_END = Pattern(r"(?<![A-Za-z0-9-])[A-Z][A-Z0-9-]{0,9}$")
_NAME = Pattern(r"[A-Z0-9-]{1,9}(?![A-Za-z0-9-])")

# A number that may go on: not the one that a label bears (week 24), no year, no part of a code.
_HEAD = r"(?<![A-Za-z0-9.,/^-])(?!(?:19|20)\d\d\b)[1-9]\d{0,2}(?:,\d{1,2})?"
_FIGURE = Pattern(rf"{_HEAD}$")
_LABELLED = Pattern(rf"{NUMBERED}\d+[.-]?$")
_POINT = Pattern(rf"{_HEAD}\.$")
_HYPHEN = Pattern(rf"{_HEAD}-$")
_RANGE = Pattern(r"(?<![A-Za-z0-9/^-])(?<![0-9][.,])\d{1,4}(?:[.,]\d{1,3})?-$")
_RANGE_END = Pattern(r"\d{1,4}(?:\.\d+)?(?![\d-])")
_FIGURES = Pattern(r"\d{1,3}(?![\d-])")
_DECIMALS = Pattern(r"\d{1,2}(?![\d.,-])")
_ZEROS = Pattern(r"0{1,3}\s?(?:%|(?:k|m|μ|u)?g\b|m[lL]\b|I?U\b)")
_COUNTED = Pattern(r"\d+\s?(?:[例名位人]|(?:patients?|participants?|subjects?|cases|of)\b)")
_MEASURED = Pattern(
    r"\d{1,2}(?:\.\d+)?\s?(?:[×x]\s?10|±|%|(?:m|k|μ|u)?g\b|m[lL]\b|I?U\b|patients?\b"
    r"|(?:points?|to|at|after|by)\b)"
)
_LATIN_HEAD = Pattern(r"[a-z(] ?\d{1,2}\.?$")
# Two numbers never stand side by side behind a preposition.
_SCORED = Pattern(r"\b(?:from|to|was|than|scores?|SLEDAI(?:-2K)?) \d$")
_SCORED_TAIL = Pattern(
    r"\d(?:\.\d+)?(?: (?:to|at|after|before|in|on|by|points?)\b|\s?[,;)→]|\.(?!\d))"
)


def cuts_inside(lines: Sequence[Line], rows: Sequence[bool]) -> bool:
    """Whether the lines of a text were cut inside numbers and names, beyond doubt at one place."""
    return any(
        _is_cut_for_sure(line, after) and not (rows[i] or rows[i + 1])
        for i, (line, after) in enumerate(pairwise(lines))
    )


def _is_cut_for_sure(line: Line, after: Line) -> bool:
    """Whether a registry number, a name of the field or a number before its zeros is cut."""
    if is_cut_term(line, after):
        return "-" not in (line.text[-1], after.text[0])
    if after.text[0].isdigit() and REGISTRY_HEAD.search(line.tail):
        return line.tail.rstrip("-")[-1].isdigit()
    return _has_lost_zeros(line, after)


def is_cut_term(line: Line, after: Line) -> bool:
    """Whether both sides of a line end are one name: `SLE`, `DAI-2K`."""
    tail = _NAME.match(after.text)
    head = _NAME_END.search(line.tail) if tail else None
    return head is not None and tail is not None and head[0] + tail[0] in _TERMS


def _has_lost_zeros(line: Line, after: Line) -> bool:
    """Whether the next line begins with zeros that only end a number: `1`, `0 mg`."""
    if not _ZEROS.match(after.text) or _LABELLED.search(line.tail):
        return False
    return (_FIGURE.search(line.tail) or _HYPHEN.search(line.tail)) is not None


def joint_of_numbers(line: Line, after: Line, *, inside: bool) -> str | None:
    """What stands between the figures on both sides of a line end once they are joined.

    Nothing where they are one number, a hyphen where they are the bounds of a range, the mark of
    what cannot be read where they may be one number or two; None where they are no such figures.
    `inside` says that the lines of the text are cut inside numbers.
    """
    if not after.text[0].isdigit() or not line.text[-1].isascii() or after.blanks:
        return None
    if _has_lost_zeros(line, after):
        return ""
    if _RANGE.search(line.tail) and _RANGE_END.match(after.text):
        return UNREADABLE if inside else "-"
    labelled = _LABELLED.search(line.tail) is not None
    pointed = _POINT.search(line.tail) is not None
    if pointed and (labelled or _COUNTED.match(after.text) or not _DECIMALS.match(after.text)):
        return None
    if pointed or _FIGURE.search(line.tail):
        return _joint_of_halves(line, after, inside=inside, labelled=labelled)
    return None


def _joint_of_halves(line: Line, after: Line, *, inside: bool, labelled: bool) -> str | None:
    """What joins two figures that may be the halves of one number."""
    if inside and _FIGURES.match(after.text):
        return UNREADABLE if labelled else ""
    if _SCORED.search(line.tail) and _SCORED_TAIL.match(after.text):
        return ""
    beside = _LATIN_HEAD.search(line.tail) and _MEASURED.match(after.text)
    return UNREADABLE if beside and not labelled else None
