"""Finding: a cleaned text and the rules in force to facts, each with where it stands."""

from __future__ import annotations

from carextract.find.article import Article, read_article
from carextract.find.doses import find_doses
from carextract.find.facts import Fact, Findings, Remark
from carextract.find.sledai import find_sledai
from carextract.find.toxicities import find_toxicities
from carextract.find.trials import find_trials
from carextract.rules import Rules
from carextract.tracked import TrackedText

# Doses come last: they read single sentences of what the others did not read as a whole.
_FINDERS = {
    "trials": find_trials,
    "sledai": find_sledai,
    "toxicities": find_toxicities,
    "doses": find_doses,
}


def find(cleaned: TrackedText, rules: Rules) -> Findings:
    """Every fact of the four kinds in a cleaned text, and what a reader should know of it."""
    return find_in(read_article(cleaned.text, rules.lexicon), rules)


def find_in(article: Article, rules: Rules) -> Findings:
    """The facts of an article that is cut into paragraphs and tables already."""
    facts: list[Fact] = []
    remarks: list[Remark] = []
    for kind, finder in _FINDERS.items():
        for item in finder(article, rules.kinds[kind]):
            if isinstance(item, Fact):
                facts.append(item)
            else:
                remarks.append(item)
    return Findings(tuple(facts), tuple(remarks))
