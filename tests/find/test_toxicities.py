"""CRS and ICANS: sentences of our own in both languages, read as a careful reader reads them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from carextract.clean import clean
from carextract.find.article import read_article
from carextract.find.facts import Fact
from carextract.find.toxicities import find_toxicities
from carextract.rules import load_rules

CASES = tomllib.loads(Path(__file__).with_name("toxicities_cases.toml").read_text("utf-8"))["case"]


def _number(value: Any) -> str:
    return f"{value:g}"


def _grade(bounds: Any) -> str:
    low, high = bounds["low"], bounds["high"]
    if high is None:
        return f">={low}"
    if low is None:
        return f"<={high}"
    return str(low) if low == high else f"{low}-{high}"


def _percent(bounds: Any) -> str:
    low, high = _number(bounds["low"]), _number(bounds["high"])
    return low if low == high else f"{low}-{high}"


def in_short(fields: Any) -> str:
    """A record as the cases write it: ``CRS g1 mild n7 p58``."""
    words = [fields["event"]]
    if fields["grade"]:
        words.append("g" + _grade(fields["grade"]))
    if fields["severity"]:
        words.append(fields["severity"])
    if fields["count"] is not None:
        words.append(f"n{fields['count']}")
    if fields["percent"]:
        words.append("p" + _percent(fields["percent"]))
    return " ".join([*words, *(["absent"] if fields["absent"] else [])])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_a_careful_reader_agrees(case: dict[str, Any]) -> None:
    rules = load_rules()
    article = read_article(clean(case["text"]).text, rules.lexicon)
    facts = find_toxicities(article, rules.kinds["toxicities"])
    found = [in_short(fact.fields) for fact in facts if isinstance(fact, Fact)]
    assert sorted(found) == sorted(case["found"])
