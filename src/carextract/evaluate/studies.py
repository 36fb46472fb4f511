"""Studies: which were found, what is said of them, and which facts are tied to them.

A study counts as found when author and year, the citation, a trial number, or centre and patients
agree. Fields and linked facts are scored one by one. A fact tied to a study that gold gives to
another, or to none, is a wrong link; one that gold does not have at all is told apart, since the
reading is at fault and not the link.
"""

from collections.abc import Iterator
from pathlib import Path

from carextract.evaluate.fields import score_fields
from carextract.evaluate.gold_studies import StudyPassage, read_study_passages
from carextract.evaluate.links import score_links
from carextract.evaluate.matching import Matching, groups_of, match
from carextract.evaluate.trial_tables import score_rows
from carextract.evaluate.verdicts import StudiesReport, Verdict
from carextract.pipeline import parse_text
from carextract.records import Document


def evaluate_studies(path: Path, *, patterns: Path | None = None) -> StudiesReport:
    """Run the extractor on every passage of a JSONL file, and compare the studies.

    Raises InputError with file, line number and what is wrong for a line that cannot be used.
    """
    return StudiesReport(
        tuple(
            verdict
            for passage in read_study_passages(path)
            for verdict in score(passage, parse_text(passage.text, patterns=patterns))
        )
    )


def score(passage: StudyPassage, document: Document) -> Iterator[Verdict]:
    """Every verdict on what was read from a passage."""
    matching = match(passage.studies, document.studies)
    groups = groups_of(passage.studies, matching)
    yield from _found(passage, document, matching)
    for group in groups:
        for number in group.said:
            yield from score_fields(passage.id, group, document.studies[number])
    yield from score_links(passage, document, groups)
    yield from score_rows(passage.id, passage.rows, document)


def _found(passage: StudyPassage, document: Document, matching: Matching) -> Iterator[Verdict]:
    for number, study in enumerate(passage.studies):
        what = "right" if number in matching.found else "missed"
        yield Verdict(passage.id, "gold", "study", what, study.name)
    for number, said in enumerate(document.studies):
        what = "extra" if number in matching.extra else "right"
        quote = " ".join(said.evidence[0].text.split())
        yield Verdict(passage.id, "said", "study", what, f"{said.label}: {quote}")
