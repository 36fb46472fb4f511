"""Paragraphs: which of them are awake, and which sentences of them are read."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from carextract.find.article import read_article
from carextract.find.paragraphs import Paragraph
from carextract.rules import KINDS, Rules, load_rules

MILLIGRAMS = re.compile("mg")


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


def cut(rules: Rules, text: str) -> tuple[list[str], list[str]]:
    signed, others = Paragraph(text, 10, rules.lexicon).stretches(MILLIGRAMS)
    assert all(text[p.start - 10 :].startswith(p.text) for p in [*signed, *others])
    return [piece.text for piece in signed], [piece.text for piece in others]


@pytest.mark.parametrize(
    ("text", "signed", "others"),
    [
        ("甲。乙2 mg。丙3 mg。丁。", ["乙2 mg。丙3 mg。"], ["甲。", "丁。"]),
        ("Given once. It was 2 mg vs. 3. No one", [" It was 2 mg vs. 3. No one"], ["Given once."]),
        (
            "It was given. The dose was 2 MG daily.",
            [" The dose was 2 MG daily."],
            ["It was given."],
        ),
        ("共2 mg", ["共2 mg"], []),
        ("没有", [], ["没有"]),
    ],
)
def test_sentences_with_a_sign_are_read(
    rules: Rules, text: str, signed: list[str], others: list[str]
) -> None:
    assert cut(rules, text) == (signed, others)


def test_a_paragraph_that_was_read_is_not_cut(rules: Rules) -> None:
    paragraph = Paragraph("甲。乙2 mg。", 0, rules.lexicon)
    assert paragraph.tokens
    assert paragraph.stretches(MILLIGRAMS) == ([paragraph], [])


@pytest.mark.parametrize("odd", ["", "İ"])
def test_the_whole_text_wakes_what_its_paragraphs_wake(rules: Rules, odd: str) -> None:
    """A letter that grows in small letters makes every paragraph be looked at by itself."""
    text = (
        f"{odd}NCT05859997\n\n泼尼松10 mg/d。\n\n无。\nSLEDAI 16 to 4.\nCRS grade 1\n5\nmg\n剂量"
        "\nLi et al. [5]"
    )
    article = read_article(text, rules.lexicon)
    for kind in KINDS:
        alone = [i for i, p in enumerate(article.paragraphs) if p.wakes(rules.kinds[kind])]
        assert list(article.awake(rules.kinds[kind])) == alone
        assert alone


def test_nothing_is_loaded_for_kinds_that_sleep() -> None:
    code = (
        "import sys, carextract\n"
        "carextract.parse_text('泼尼松减至每日10毫克。')\n"
        "print(*(name for name in sys.modules if name.startswith('carextract.find.')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = {name.split(".")[2] for name in run.stdout.split()}
    assert "doses" in loaded
    assert not loaded & {"sledai", "toxicities", "trials"}
