"""The studies of our samples are those that a careful reader wrote down before the program ran.

``samples/expected/studies/NAME.json`` holds them, written by hand: ``named`` is where the text
names the study, facts stand there by their values (``CRS grade 1, 3 patients``), ``of_none`` are
facts that belong to no single study. Where the program says something else, ``known_missing`` of
the study has what it says and why; the truth stays as it is, and the day the program learns better
the test fails until the note is gone.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fact_words import facts, worded

import carextract
from carextract.records import Document, Study
from carextract.synthesize import is_own

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
TRUTH = sorted((SAMPLES / "expected" / "studies").glob("*.json"))
ABOUT = ("named", "known_missing")
LISTS = ("condition", "target")


@cache
def document(name: str) -> Document:
    return carextract.parse(SAMPLES / f"{name}.txt")


@cache
def truth(name: str) -> dict[str, Any]:
    path = SAMPLES / "expected" / "studies" / f"{name}.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


@cache
def text(name: str) -> str:
    return (SAMPLES / f"{name}.txt").read_text(encoding="utf-8")


def as_set(names: str | None) -> list[str] | None:
    """Several diseases or antigens, whose order does not matter."""
    return sorted(names.replace("/", ";").replace(" ", "").split(";")) if names else None


def said(study: Study, found: Document) -> dict[str, Any]:
    """What the program says of a study, in the form of the truth."""
    by_key = facts(found)
    linked = {worded(by_key[link.key]) for link in study.facts if link.key in by_key}
    return {
        "author": study.author,
        "year": study.year,
        "citation": study.citation,
        "own": is_own(study),
        "doi": study.reference and study.reference.doi,
        "pmid": study.reference and study.reference.pmid,
        "trial_ids": list(study.trial_ids),
        "patients": study.patients,
        "condition": study.condition,
        "product": study.product,
        "target": study.target,
        "cell_source": study.cell_source,
        "facts": sorted(linked),
    }


def named_at(name: str, wanted: Mapping[str, Any]) -> list[Study]:
    """The studies whose evidence covers the place where the text names one; of names that are
    joined, and share their evidence, the one with the author."""
    start = text(name).index(wanted["named"])
    end = start + len(wanted["named"])
    there = [
        study
        for study in document(name).studies
        if any(proof.start < end and start < proof.end for proof in study.evidence)
    ]
    return [s for s in there if s.author == wanted["author"]] if len(there) > 1 else there


def differences(wanted: Mapping[str, Any], study: Study, found: Document) -> Iterator[str]:
    """The fields of a study in which the program differs from the truth."""
    given = said(study, found)
    for field in given:
        value = wanted[field]
        if field in LISTS:
            same = as_set(value) == as_set(given[field])
        else:
            same = (sorted(value) if field == "facts" else value) == given[field]
        if not same:
            yield field


STUDIES = [
    pytest.param(path.stem, wanted, id=f"{path.stem}: {wanted['named']}")
    for path in TRUTH
    for wanted in truth(path.stem)["studies"]
]
LOOSE = [
    pytest.param(path.stem, loose, id=f"{path.stem}: {loose['quote']}")
    for path in TRUTH
    for loose in truth(path.stem)["of_none"]
]


@pytest.mark.parametrize(("name", "wanted"), STUDIES)
def test_a_study_is_what_a_careful_reader_wrote(name: str, wanted: dict[str, Any]) -> None:
    missing = wanted["known_missing"]
    studies = named_at(name, wanted)
    if "study" in missing:
        assert not studies
        return
    assert len(studies) == 1, [study.label for study in studies]
    study = studies[0]
    given = said(study, document(name))
    differing = list(differences(wanted, study, document(name)))
    assert {field: given[field] for field in differing} == {
        field: known["found"] for field, known in missing.items()
    }


@pytest.mark.parametrize("path", TRUTH, ids=lambda path: path.stem)
def test_there_is_no_study_that_a_careful_reader_did_not_see(path: Path) -> None:
    expected = truth(path.stem)
    seen = {study.key for wanted in expected["studies"] for study in named_at(path.stem, wanted)}
    unseen = [study.label for study in document(path.stem).studies if study.key not in seen]
    assert unseen == [known["label"] for known in expected.get("known_extra", [])]


@pytest.mark.parametrize(("name", "loose"), LOOSE)
def test_what_is_of_no_single_study_is_tied_to_none(name: str, loose: dict[str, Any]) -> None:
    found = document(name)
    start = text(name).index(loose["quote"])
    end = start + len(loose["quote"])
    there = {
        key: fact
        for key, fact in facts(found).items()
        if any(start <= proof.start < end for proof in fact.evidence)
    }
    assert sorted(map(worded, there.values())) == sorted(loose["facts"])
    assert not [fact.key for fact in there.values() if fact.study]
    linked = {link.key for study in found.studies for link in study.facts}
    assert not linked & set(there)


@pytest.mark.parametrize("path", TRUTH, ids=lambda path: path.stem)
def test_just_the_facts_with_two_possible_owners_are_warned_of(path: Path) -> None:
    wanted = [
        text(path.stem).count("\n", 0, text(path.stem).index(loose["quote"])) + 1
        for loose in truth(path.stem)["of_none"]
        if loose["warned"]
    ]
    warned = [n.message for n in document(path.stem).warnings if n.code == "study-doubtful"]
    assert [message.split(":")[0] for message in warned] == [f"line {line}" for line in wanted]


def test_two_reviews_disagree_on_one_study() -> None:
    in_chinese, in_english = (
        next(s for s in document(name).studies if s.author in ("MACKENSEN", "Mackensen"))
        for name in ("studies-zh-hans", "studies-en")
    )
    assert in_chinese.reference
    assert in_english.reference
    assert in_chinese.reference.doi == in_english.reference.doi
    counts = [
        {worded(facts(document(name))[link.key]) for link in study.facts}
        for name, study in (("studies-zh-hans", in_chinese), ("studies-en", in_english))
    ]
    assert counts[0] ^ counts[1] == {"CRS grade 1, 3 patients", "CRS grade 1, 2 patients"}
