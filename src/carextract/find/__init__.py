"""Finding: a cleaned text and the rules in force to facts, each with where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from carextract.find.article import Article, read_article
from carextract.find.facts import Fact, Findings, Remark
from carextract.rules import KindRules, Rules

__all__ = ["Article", "find", "read_article"]

# Doses come last: they read single sentences of what the others did not read as a whole.
_ORDER = ("studies", "trials", "sledai", "toxicities", "doses")

_Finder = Callable[[Article, KindRules], Iterator[Fact | Remark]]


def find(article: Article, rules: Rules) -> Findings:
    """Every fact in an article, mentions of studies among them, and what to know of it.

    Nothing is loaded for a kind that no paragraph wakes.
    """
    facts: list[Fact] = []
    remarks: list[Remark] = []
    awake = [rules.kinds[name] for name in _ORDER if article.awake(rules.kinds[name])]
    for kind in awake:
        kind.prepare()
    for kind in awake:
        for item in _finder(kind.kind)(article, kind):
            if isinstance(item, Fact):
                facts.append(item)
            else:
                remarks.append(item)
        article.forget(kind)
    return Findings(tuple(facts), tuple(remarks))


def _finder(kind: str) -> _Finder:
    """The function that finds a kind of fact."""
    module = import_module(f"carextract.find.{kind}")
    finder: _Finder = getattr(module, f"find_{kind}")
    return finder
