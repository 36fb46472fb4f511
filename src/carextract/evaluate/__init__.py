"""Evaluate: precision and recall on passages with what a careful reader found in them.

A fact is right when all that makes it that fact agrees: the number of a trial; bounds and unit of a
dose; both scores, or the change, of SLEDAI; event, grade, severity, count, percentage and absence
of a toxicity. Facts are compared as sets, a passage at a time. Studies, and which fact belongs to
which of them, are scored by `evaluate.studies`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from carextract.evaluate.facts import Keys, document_keys, in_words
from carextract.evaluate.passages import Passage, read_passages
from carextract.pipeline import parse_text
from carextract.records import FACT_KINDS

__all__ = [
    "Difference",
    "Keys",
    "Passage",
    "Report",
    "Tally",
    "document_keys",
    "evaluate",
    "read_passages",
]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many facts were found, missed and made up."""

    right: int = 0
    missed: int = 0
    wrong: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.right + other.right, self.missed + other.missed, self.wrong + other.wrong)

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right; None where nothing was found."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        """The share of what is there that was found; None where nothing is there."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of the two; None where there is neither anything to find nor found."""
        return _share(2 * self.right, 2 * self.right + self.missed + self.wrong)


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that was missed, or that is not there."""

    passage: str
    kind: str
    what: str
    fact: str


@dataclass(frozen=True, slots=True)
class Report:
    """The tally of each kind, and every difference."""

    tallies: Mapping[str, Tally]
    differences: tuple[Difference, ...]


def evaluate(path: Path, *, patterns: Path | None = None) -> Report:
    """Run the extractor on every passage of a JSONL file, and compare.

    Raises InputError with file, line number and what is wrong for a line that cannot be used.
    """
    tallies = {kind: Tally() for kind in FACT_KINDS}
    differences: list[Difference] = []
    for passage in read_passages(path):
        found = document_keys(parse_text(passage.text, patterns=patterns))
        for kind in FACT_KINDS:
            wanted = passage.gold[kind]
            got = found[kind] - (passage.optional[kind] - wanted)
            missed, wrong = wanted - got, got - wanted
            tallies[kind] += Tally(len(wanted & got), len(missed), len(wrong))
            for what, keys in (("missed", missed), ("wrong", wrong)):
                facts = sorted(in_words(kind, key) for key in keys)
                differences += (Difference(passage.id, kind, what, fact) for fact in facts)
    return Report(tallies, tuple(differences))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
