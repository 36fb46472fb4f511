"""What a plot is made of, and the words that all plots share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

from carextract.synthesize.wording import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)

Row = dict[str, Any]
Words = dict[Language, str]
"""A text in all languages."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot as a page embeds it."""

    name: str
    """'sledai', 'doses', 'toxicities' or 'trials'."""
    rows: tuple[Row, ...]
    """What is drawn. Each row names its `fact`, `study`, `paper` and `quote`."""
    specs: dict[Language, dict[str, Any]]
    """The Vega-Lite specification, whose data is named `rows`; empty if nothing is drawn."""
    remarks: dict[Language, tuple[str, ...]]
    """Why nothing is drawn, or what is left out."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The rows that are drawn, and what a reader must know of the others."""

    rows: tuple[Row, ...]
    remarks: tuple[Words, ...]


def words(en: str, zh: str) -> Words:
    """A text in both languages."""
    return {"en": en, "zh": zh}


def in_both(field: str, text: Words) -> Row:
    """The fields of a row that hold a text in each language.

    >>> in_both("label", words("none", "无"))
    {'label_en': 'none', 'label_zh': '无'}
    """
    return {f"{field}_{language}": text[language] for language in LANGUAGES}


def left_out(number: int, en: str, zh: str) -> list[Words]:
    """How many things are not drawn; nothing where there are none.

    >>> left_out(3, "Trials without a date", "没有日期的试验")
    [{'en': 'Trials without a date: 3.', 'zh': '没有日期的试验：3。'}]
    """
    return [words(f"{en}: {number}.", f"{zh}：{number}。")] if number else []


def picked(rows: Iterable[Row], remarks: Iterable[Words], *, least: int, too_few: Words) -> Picked:
    """Rows to draw; where there are fewer than `least`, none, and why."""
    rows, remarks = tuple(rows), tuple(remarks)
    return Picked(rows, remarks) if len(rows) >= least else Picked((), (too_few, *remarks))
