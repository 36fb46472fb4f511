"""Running the examples of the rules: what a pattern file claims is what the whole kind finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from carextract.find import find
from carextract.find.article import read_article
from carextract.find.facts import Fact
from carextract.rules import Example, Rule, Rules

_HITS, _NEAR_MISSES = 2, 1


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an example, by file and rule."""

    file: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.rule}: {self.message}"


def check_examples(rules: Rules) -> list[Problem]:
    """Every example that does not find exactly what it says, and every rule with too few."""
    return [
        Problem(rule.file, rule.id, message)
        for rule in rules.entries
        for message in (*_too_few(rule), *_wrong(rule, rules))
    ]


def _too_few(rule: Rule) -> Iterator[str]:
    hits = sum(bool(example.found) for example in rule.examples)
    if hits < _HITS:
        yield f"{hits} examples that find something, {_HITS} wanted"
    if len(rule.examples) - hits < _NEAR_MISSES:
        yield "no example of a near miss (found = [] and why)"


def _wrong(rule: Rule, rules: Rules) -> Iterator[str]:
    read_by_this_rule = False
    for example in rule.examples:
        facts = examples_facts(example, rules, rule.kind)
        read_by_this_rule |= any(fact.rule == rule.id for fact in facts)
        yield from _difference(example, facts)
    if rule.examples and not read_by_this_rule:
        yield "no example is read by this rule: others take them all"


def examples_facts(example: Example, rules: Rules, kind: str) -> list[Fact]:
    """What the whole kind finds in the text of an example, which is taken as clean."""
    article = read_article(example.text, rules.lexicon)
    return [fact for fact in find(article, rules).facts if fact.kind == kind]


def _difference(example: Example, facts: list[Fact]) -> Iterator[str]:
    left = list(facts)
    for wanted in example.found:
        hit = next((fact for fact in left if _agrees(wanted, fact, example.text)), None)
        if hit is None:
            yield f"{example.text!r}: not found: {dict(wanted)}"
        else:
            left.remove(hit)
    for fact in left:
        quote = " … ".join(example.text[span.start : span.end] for span in fact.spans)
        yield f"{example.text!r}: found too much: {quote!r} {_short(fact)} by {fact.rule}"


def _agrees(wanted: Mapping[str, Any], fact: Fact, text: str) -> bool:
    """Whether a fact has what an example names: a quote inside its evidence, and fields."""
    for name, value in wanted.items():
        if name == "quote":
            if not any(value in text[span.start : span.end] for span in fact.spans):
                return False
        elif _plain(fact.fields.get(name)) != value:
            return False
    return True


def _plain(value: object) -> object:
    """A field as examples write it: a grade or percent as [low, high], a lone score as a number."""
    if isinstance(value, Mapping):
        if "statistic" in value:
            point = value.get("value")
            return point if point is not None else [value.get("low"), value.get("high")]
        if set(value) == {"low", "high"}:
            return ["" if value[end] is None else value[end] for end in ("low", "high")]
    return value


def _short(fact: Fact) -> dict[str, object]:
    return {name: _plain(value) for name, value in fact.fields.items() if value is not None}
