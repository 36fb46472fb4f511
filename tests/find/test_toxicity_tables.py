"""CRS and ICANS in tables: heads of every kind that papers print, and those that are no counts."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from test_toxicities import in_short

import carextract
from carextract.clean import clean
from carextract.find.article import read_article
from carextract.find.facts import Fact
from carextract.find.toxicities import find_toxicities
from carextract.rules import load_rules

CASES = tomllib.loads(Path(__file__).with_name("toxicity_tables_cases.toml").read_text("utf-8"))


def with_total(fields: Any) -> str:
    """A record as the cases write it: ``CRS g1 n7 p58 /12``."""
    total = fields["total"]
    return in_short(fields) + (f" /{total}" if total is not None else "")


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["text"][:60])
def test_a_careful_reader_agrees(case: dict[str, Any]) -> None:
    rules = load_rules()
    article = read_article(clean(case["text"], layout_known=True).text, rules.lexicon)
    facts = find_toxicities(article, rules.kinds["toxicities"])
    found = [with_total(fact.fields) for fact in facts if isinstance(fact, Fact)]
    assert sorted(found) == sorted(case["found"])


def test_the_evidence_is_the_cell_its_heads_and_the_size_of_the_arm() -> None:
    text = "Event | CAR T (n = 20) Grade 1 | CAR T (n = 20) Grade 2\nCRS | 11 (55) | 3 (15)\n"
    first, second = carextract.parse_text(text).toxicities
    assert [span.text for span in first.evidence] == ["11 (55)", "Grade 1", "CRS", "(n = 20)"]
    assert first.evidence[1].start < second.evidence[1].start
    assert all(text[span.start : span.end] == span.text for span in second.evidence)


def test_a_nought_that_was_read_as_a_letter_is_a_repair() -> None:
    text = "Event | Grade 1 | Grade 2\nCRS | 3 | O\nICANS | 1 | 1\n"
    repaired = [record for record in carextract.parse_text(text).toxicities if record.repairs]
    assert [(record.absent, record.repairs) for record in repaired] == [(True, ("ocr-numbers",))]
