"""No rule runs away: each is held against a plain scan of as much text, in the same run.

The bound stands for 0.2 s on 100,000 hostile characters on the machine where it was set; there a
plain scan of as many characters takes a twentieth of that.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import pytest

from carextract.grammar.lexicon import Shape
from carextract.grammar.pattern import Pattern
from carextract.grammar.phrases import Phrase
from carextract.grammar.tokens import LONG, MEDIUM, SHORT
from carextract.rules import Rule, load_rules

RULES = load_rules()
LEXICONS = [RULES.lexicon, *(kind.lexicon for kind in RULES.kinds.values() if kind.lexicon)]
SHAPES = [shape for lexicon in LEXICONS for shape in lexicon.shapes]
PHRASES = [phrase for lexicon in LEXICONS for phrase in lexicon.phrases]
TOKEN_RULES = [rule for rule in RULES.entries if rule.pattern]
REGEX_RULES = [rule for rule in RULES.entries if rule.regex]

SIZE = 10_000
CHARACTERS_PER_TOKEN = 5
BOUND = 30.0
PLAIN = re.compile(r"\w|\W")
_CLASS = re.compile(r"\[((?:\\.|[^\]\\])*)\]", re.S)
_ESCAPED = re.compile(r"\\(.)", re.S)
# What numbers, names and dates are made of, over and over, with nothing that ends them well.
PIECES = (
    *("1", "1.", "1,", "1 ", "0 ", "1-", "1/", "10^", "1×10", "10 ", "1 to ", "1%"),
    *("一", "二十", "年", "月1", "第", "期", "级", "(", "（", "～", "±", " ", "\t", "\n"),
    *("I", "I/", "CD19/", "CAR-", "T ", "a", "aa ", "A-", "mg/", "anti-CD19 ", "grade 1 "),
    *("NCT", "NCT ", "NCT 0 ", "N C T", "ChiCTR-", "ChiCTR-ABC-", "UMIN ", "ACTRN1 "),
    *("EudraCT 20", "2020-00", "NCT01234567/", "NCT01234567、0", "clinicaltrials.gov "),
    *("SLEDAI-", "CRS ", "p=0.", "95% CI 1-"),
)


def cpu(function: Callable[[], object]) -> float:
    """The least of three runs: what the work takes when nothing disturbs it."""
    times = []
    for _ in range(3):
        began = time.process_time()
        function()
        times.append(time.process_time() - began)
    return min(times)


def plain_scan() -> float:
    text = "ab1 " * (SIZE // 4)
    return cpu(lambda: sum(1 for _ in PLAIN.finditer(text)))


def hostile_texts() -> Iterator[str]:
    """Each piece repeated, and all of them shuffled together, SIZE characters each."""
    dice = random.Random("hostile text")
    for piece in PIECES:
        yield (piece * (SIZE // len(piece) + 1))[:SIZE]
    for _ in range(3):
        yield "".join(dice.choices(PIECES, k=SIZE))[:SIZE]


def hostile_codes(pattern: Pattern) -> Iterator[str]:
    """Runs of each class that a pattern knows, and shuffles of them, with gaps and without."""
    dice = random.Random(pattern.source)
    classes = "".join(_CLASS.findall(pattern.expression))
    known = sorted(set(_ESCAPED.sub(r"\1", classes)) - {SHORT, MEDIUM, LONG})
    tokens = SIZE // CHARACTERS_PER_TOKEN
    for code in known:
        yield code * tokens
    for gap in ("", SHORT, MEDIUM):
        yield gap.join(dice.choices(known, k=tokens))


def dearest(run: Callable[[str], object], inputs: Iterable[str]) -> tuple[float, str]:
    """What the dearest of some inputs costs, in plain scans of as much text, and how it begins;
    the first that is too dear is the answer."""
    unit = plain_scan()
    worst = (0.0, "")
    for text in inputs:
        worst = max(worst, (cpu(partial(run, text)) / unit, text[:20]))
        if worst[0] > BOUND:
            break
    return worst


def every_start(regex: re.Pattern[str]) -> Callable[[str], object]:
    """A rule is tried at every token, and at every trigger."""
    return lambda text: [regex.match(text, start) for start in range(len(text))]


def every_match(regex: re.Pattern[str]) -> Callable[[str], object]:
    return lambda text: sum(1 for _ in regex.finditer(text))


@pytest.mark.parametrize("rule", TOKEN_RULES, ids=lambda rule: rule.id)
def test_token_rule(rule: Rule) -> None:
    assert rule.pattern
    cost, at = dearest(every_start(rule.pattern.regex), hostile_codes(rule.pattern))
    assert cost <= BOUND, f"{cost:.1f} plain scans on {at!r}..."


@pytest.mark.parametrize("rule", REGEX_RULES, ids=lambda rule: rule.id)
def test_regex_rule(rule: Rule) -> None:
    assert rule.regex
    cost, at = dearest(every_start(rule.regex), hostile_texts())
    assert cost <= BOUND, f"{cost:.1f} plain scans on {at!r}..."


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.kind)
def test_shape(shape: Shape) -> None:
    cost, at = dearest(every_match(shape.regex), hostile_texts())
    assert cost <= BOUND, f"{cost:.1f} plain scans on {at!r}..."


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.kind)
def test_phrase(phrase: Phrase) -> None:
    cost, at = dearest(every_match(phrase.pattern.regex), hostile_codes(phrase.pattern))
    assert cost <= BOUND, f"{cost:.1f} plain scans on {at!r}..."


def test_what_runs_away_is_caught() -> None:
    quadratic = re.compile(r"\d+x")
    assert dearest(every_match(quadratic), hostile_texts())[0] > BOUND
