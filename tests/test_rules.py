"""Pattern files: what is refused, and in what words; what is replaced and added."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from carextract.errors import PatternError
from carextract.find.check import check_examples
from carextract.grammar.words import lower
from carextract.rules import load_rules

RULE = """
kind = "toxicities"
vocabulary = ["EVENT"]
captures = ["event"]
[[rule]]
id = "toxicity.mine"
about = "a rule of my own"
tokens = "event:EVENT"
"""

BAD = {
    "not-toml": ("kind = ", "not readable as TOML"),
    "unknown-top-key": ('kind = "doses"\nflavour = 1', "unknown key 'flavour'"),
    "unknown-kind": ('kind = "weights"', "kind must be one of"),
    "unknown-rule-key": (RULE + "speed = 3", "toxicity.mine: unknown key 'speed'"),
    "no-about": (RULE.replace('about = "a rule of my own"', ""), "toxicity.mine: about is missing"),
    "bad-id": (RULE.replace("toxicity.mine", "Mine"), "Mine: id must look like"),
    "both-forms": (RULE + "regex = 'x'", "toxicity.mine: give either tokens or regex"),
    "unknown-class": (RULE.replace("event:EVENT", "event:EVNT"), "unknown token class EVNT"),
    "unknown-field": (RULE.replace("event:EVENT", "evnt:EVENT"), "'evnt' is not a field"),
    "unbounded": (
        RULE.replace("event:EVENT", "event:EVENT*"),
        "toxicity.mine: tokens: cannot read",
    ),
    "bracket-open": (RULE.replace("event:EVENT", "(event:EVENT"), "a bracket is not closed"),
    "bracket-shut": (RULE.replace("event:EVENT", "event:EVENT)"), "a bracket is closed"),
    "bad-regex": (RULE.replace('tokens = "event:EVENT"', "regex = '('"), "toxicity.mine: regex:"),
    "words-no-list": ('kind = "doses"\n[[term]]\nclass = "X"\nwords = 3', "X: words must be"),
    "word-twice": ('kind = "doses"\n[[term]]\nclass = "X"\nwords = ["≥"]', "is a word of BOUND"),
    "unused-class": (
        'kind = "doses"\n[[term]]\nclass = "X"\nwords = "never a word"',
        "X: no rule looks at this class of terms",
    ),
    "unknown-reader": (
        'kind = "doses"\n[[shape]]\nclass = "X"\nregex = "x"\nread = "magic"',
        "X: read must be one of",
    ),
    "bad-cue": (
        'kind = "doses"\n[[cue]]\nname = "plan"\nclass = "BOUND"\nside = "left"\n'
        'reach = "clause"\nkinds = ["doses"]',
        "plan: side must be",
    ),
    "example-without-why": (
        RULE + '[[rule.example]]\ntext = "x"\nfound = []',
        "toxicity.mine: an example that finds nothing says why",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_pattern_file_is_named_with_rule_and_reason(name: str, tmp_path: Path) -> None:
    text, message = BAD[name]
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PatternError) as error:
        load_rules(tmp_path, examples=True)
    assert str(error.value).startswith("mine.toml")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_folder_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match="not a folder of pattern files"):
        load_rules(tmp_path / "nowhere")


def test_a_rule_of_ones_own_is_added_and_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(RULE, encoding="utf-8")
    rules = load_rules(tmp_path)
    assert "toxicity.mine" in {rule.id for rule in rules.entries}
    assert rules.digest != load_rules().digest


def test_every_example_finds_exactly_what_it_says() -> None:
    assert [str(problem) for problem in check_examples(load_rules(examples=True))] == []


def test_examples_are_not_read_where_they_are_not_wanted() -> None:
    assert not any(rule.examples for rule in load_rules().entries)
    assert all(rule.examples for rule in load_rules(examples=True).entries)
    assert [rule.id for rule in load_rules().entries] == [
        rule.id for rule in load_rules(examples=True).entries
    ]


def test_no_shape_is_in_a_text_without_what_it_needs() -> None:
    rules = load_rules(examples=True)
    texts = [example.text for rule in rules.entries for example in rule.examples]
    texts += [path.read_text("utf-8", "replace") for path in (ROOT / "samples").glob("*.txt")]
    lexicons = [rules.lexicon, *(kind.lexicon for kind in rules.kinds.values() if kind.lexicon)]
    for shape in (shape for lexicon in lexicons for shape in lexicon.shapes if shape.needs):
        for text in texts:
            if not any(piece in lower(text) for piece in shape.needs):
                assert not shape.regex.search(text), (shape.kind, shape.needs, text)
