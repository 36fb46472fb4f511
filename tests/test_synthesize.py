"""One table out of many papers: what is merged, what is not, and where every cell comes from."""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carextract.records import (
    Document,
    Dose,
    FailedSource,
    Failure,
    Reason,
    Record,
    Sledai,
    SourceInfo,
    Study,
    Toxicity,
)
from carextract.synthesize import (
    Synthesis,
    SynthesizedStudy,
    is_own,
    synthesize,
    tables,
    write_studies_csv,
    write_studies_excel,
    write_studies_json_lines,
)
from carextract.synthesize.cells import in_order
from carextract.synthesize.members import members
from carextract.synthesize.merging import profile
from carextract.synthesize.models import DoseValue, SledaiValue, ToxicityValue, Value

Fields = dict[str, Any]
KINDS: dict[str, type[Record]] = {"doses": Dose, "sledai": Sledai, "toxicities": Toxicity}
TEXTS: dict[str, str] = {}
"""The texts of all papers made here, by their hash."""


def paper(name: str, *studies: Fields) -> Document:
    """A paper with these studies; each study and each fact has a sentence of its own.

    A study is given by its fields, `doi` and `pmid` of its reference, `own`, and its facts by kind.
    """
    text = f"{name}\n"
    records: dict[str, list[Record]] = {kind: [] for kind in ("trials", "studies", *KINDS)}

    def proof(what: str) -> list[Fields]:
        nonlocal text
        start = len(text)
        text += f"关于{what}。\n"
        return [{"text": text[start:-1], "start": start, "end": len(text) - 1, "page": 2}]

    for number, study in enumerate(studies, start=1):
        fields = dict(study)
        links = []
        for kind, record in KINDS.items():
            for fact in fields.pop(kind, ()):
                key = f"{record.__name__.lower()}-{len(records[kind]) + 1}"
                shared = {"key": key, "rule": "a.b", "evidence": proof(f"{kind} {fact}")}
                more = {"repairs": (), "study": f"study-{number}"}
                if record is Dose:
                    more["text"] = "1"
                records[kind].append(record.model_validate({**fact, **shared, **more}))
                links.append({"key": key, "how": "citation"})
        own = fields.pop("own", False)
        reference = {"doi": fields.pop("doi", None), "pmid": fields.pop("pmid", None)}
        author, year = fields.get("author"), fields.get("year")
        records["studies"].append(
            Study.model_validate(
                {
                    "key": f"study-{number}",
                    "label": f"{author or '?'} {year or '?'}",
                    "reference": None if own else {"text": "…", **reference},
                    "facts": links,
                    "rule": "study.own" if own else "study.cited",
                    "evidence": proof(f"研究{number} {sorted(study)}"),
                    "repairs": (),
                    **fields,
                }
            )
        )
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    TEXTS[sha256] = text
    source = SourceInfo(
        name=name,
        sha256=sha256,
        media_type="text/plain",
        pages=None,
        characters=len(text),
        languages=("zh-Hans",),
        encoding="utf-8",
    )
    return Document.model_validate({"generator": "g", "rules": "r", "source": source, **records})


MOUGIAKAKOS: Fields = {"author": "MOUGIAKAKOS", "year": 2021, "citation": 8}
CASE: Fields = {"patients": 1, "condition": "SLE", "product": "CD19 CAR-T"}
WANG: Fields = {"author": "WANG", "year": 2024}
TRIAL: Fields = {"trial_ids": ("NCT05859997",)}
FAILED = Failure(
    source=FailedSource(name="damaged.pdf", sha256=None),
    error=Reason(code="truncated", message="ends before its end"),
)


def table(*papers: Document) -> tuple[SynthesizedStudy, ...]:
    return synthesize(papers).studies


def of_two(first: Fields, second: Fields) -> tuple[SynthesizedStudy, ...]:
    return table(paper("a.txt", first), paper("b.txt", second))


def values(cell: Iterable[Value[Any]]) -> list[Any]:
    return [value.value for value in cell]


# What is the same study

SAME = {
    "trial number": (TRIAL, {**TRIAL, **WANG}),
    "trial number, of another author and year": ({**TRIAL, **MOUGIAKAKOS}, {**TRIAL, **WANG}),
    "DOI in capitals": ({"doi": "10.1000/ABC"}, {"doi": "10.1000/abc"}),
    "PMID": ({"pmid": "12345678"}, {"pmid": "12345678", **WANG}),
    "author, year, patients": ({**WANG, "patients": 5}, {**WANG, "patients": 5}),
    "author, year, product": (
        {**WANG, "product": "CD19 CAR-T", "patients": 5},
        {**WANG, "product": "anti-CD19 CAR T cells"},
    ),
    "author, year, product by its target": (
        {**WANG, "product": "CAR-T", "target": "CD19"},
        {**WANG, "product": "靶向CD19的CAR-T"},
    ),
    "another spelling": (
        {"author": "Müller F", "year": 2024, "patients": 15},
        {"author": "MUELLER", "year": 2024, "patients": 15},
    ),
    "less said of the product": (
        {**WANG, "patients": 5, "product": "CD19/BCMA CAR-T"},
        {**WANG, "patients": 5, "product": "CAR-T"},
    ),
    "less said of the disease": (
        {**WANG, "patients": 5, "condition": "LN"},
        {**WANG, "patients": 5, "condition": "系统性红斑狼疮"},
    ),
    "registries that do not exclude each other": (
        {**WANG, "patients": 5, "trial_ids": ("NCT05859997",)},
        {**WANG, "patients": 5, "trial_ids": ("ChiCTR2400080000",)},
    ),
}
DIFFERENT = {
    "author and year alone": (WANG, WANG),
    "author and year, and a product that is none": (
        {**WANG, "product": "CAR-T"},
        {**WANG, "product": "CAR-T细胞疗法"},
    ),
    "another year": ({**WANG, "patients": 5}, {**WANG, "year": 2025, "patients": 5}),
    "no year": ({"author": "WANG", "patients": 5}, {"author": "WANG", "patients": 5}),
    "no author": ({"year": 2024, **CASE}, {"year": 2024, **CASE}),
    "another first name": (
        {**CASE, "author": "Wang X", "year": 2025},
        {**CASE, "author": "Wang Q", "year": 2025},
    ),
    "another trial number": (
        {**WANG, **CASE, "trial_ids": ("NCT05859997",)},
        {**WANG, **CASE, "trial_ids": ("NCT06106906",)},
    ),
    "another trial number under one DOI": (
        {"doi": "10.1000/a", "trial_ids": ("NCT05859997",)},
        {"doi": "10.1000/a", "trial_ids": ("NCT06106906",)},
    ),
    "another DOI": ({**WANG, **CASE, "doi": "10.1/a"}, {**WANG, **CASE, "doi": "10.1/b"}),
    "another target": (
        {**WANG, "patients": 1, "product": "CD19 CAR-T"},
        {**WANG, "patients": 1, "product": "BCMA CAR-T"},
    ),
    "another kind of cells": (
        {**WANG, "patients": 5, "product": "CD19 CAR-T"},
        {**WANG, "patients": 5, "product": "CD19 CAR-NK"},
    ),
    "another disease": (
        {**WANG, **CASE, "condition": "SLE"},
        {**WANG, **CASE, "condition": "SSc"},
    ),
    "cells from elsewhere": (
        {**WANG, **CASE, "cell_source": "autologous"},
        {**WANG, **CASE, "cell_source": "allogeneic"},
    ),
}


@pytest.mark.parametrize("what", SAME)
def test_one_study(what: str) -> None:
    (study,) = of_two(*SAME[what])
    assert [one.name for one in study.papers] == ["a.txt", "b.txt"]


@pytest.mark.parametrize("what", DIFFERENT)
def test_two_studies(what: str) -> None:
    assert len(of_two(*DIFFERENT[what])) == 2


def test_what_one_paper_tells_apart_is_not_joined_through_another() -> None:
    first = paper("a.txt", {**WANG, "patients": 5}, {**WANG, "product": "CD19 CAR-T"})
    both = paper("b.txt", {**WANG, "patients": 5, "product": "CD19 CAR-T"})
    assert len(table(first, both)) == 3
    twice = paper("c.txt", {**WANG, **CASE}, {**WANG, **CASE})
    assert len(table(twice, both)) == 3


def test_two_agreements_outweigh_one() -> None:
    first = paper("a.txt", {**WANG, **CASE}, {**WANG, "product": "CD19 CAR-T"})
    joined, alone = table(first, paper("b.txt", {**WANG, **CASE}))
    assert {len(joined.papers), len(alone.papers)} == {1, 2}


def test_a_paper_that_tells_two_studies_apart_may_give_both_the_same_trial_number() -> None:
    (study,) = table(paper("a.txt", {**TRIAL, **WANG}, {**TRIAL, **MOUGIAKAKOS}))
    assert study.papers[0].studies == ("study-1", "study-2")
    assert study.conflicts == 0  # one paper does not disagree with itself


def test_numbers_that_one_paper_puts_side_by_side_do_not_join_what_others_keep_apart() -> None:
    one: Fields = {"trial_ids": ("NCT00000001",)}
    other: Fields = {"trial_ids": ("NCT00000002",)}
    pooled: Fields = {"trial_ids": ("NCT00000001", "NCT00000002")}
    papers = [paper(f"{n}.txt", study) for n, study in enumerate((one, one, other, pooled))]
    assert [len(study.papers) for study in table(*papers)] == [2, 1, 1]
    assert [len(study.papers) for study in table(*papers[:2], papers[3])] == [2, 1]
    assert len({study.key for study in table(*papers)}) == 3


def test_one_false_trial_number_does_not_keep_apart_what_has_the_same_doi() -> None:
    plain: Fields = {"doi": "10.1/a"}
    papers = [paper(f"{n}.txt", {**plain, "citation": n + 1}) for n in range(3)]
    false = [
        paper("x.txt", {**plain, "trial_ids": ("NCT00000001",)}),
        paper("y.txt", {**plain, "trial_ids": ("NCT00000002",)}),
    ]
    assert sorted(len(study.papers) for study in table(*papers, *false)) == [1, 1, 3]


def test_a_number_of_another_registry_joins_what_shares_the_first() -> None:
    american: Fields = {"trial_ids": ("NCT00000001",)}
    chinese: Fields = {"trial_ids": ("ChiCTR2400080000",)}
    both: Fields = {"trial_ids": ("NCT00000001", "ChiCTR2400080000")}
    assert len(of_two(american, chinese)) == 2
    papers = [paper(f"{n}.txt", study) for n, study in enumerate((american, chinese, both))]
    assert len(table(*papers)) == 1


def test_a_shared_number_among_several_joins_with_a_second_agreement() -> None:
    more: Fields = {"trial_ids": ("NCT00000001", "NCT00000002")}
    less: Fields = {"trial_ids": ("NCT00000001",)}
    assert len(of_two(more, less)) == 2
    assert len(of_two({**more, **WANG, **CASE}, {**less, **WANG, **CASE})) == 1


# What a row says


def test_a_row_says_how_many_papers_say_what() -> None:
    studies = table(
        paper("a.txt", {**MOUGIAKAKOS, **CASE}),
        paper("b.txt", {**MOUGIAKAKOS, **CASE, "condition": "Systemic Lupus Erythematosus"}),
        paper("c.txt", {**MOUGIAKAKOS, **CASE, "condition": "SLE"}),
    )
    (study,) = studies
    (condition,) = study.condition
    assert (condition.value, condition.papers, len(condition.evidence)) == ("SLE", 3, 3)
    assert (study.label, values(study.year), study.conflicts) == ("MOUGIAKAKOS 2021", [2021], 0)


def test_where_papers_disagree_both_values_stand_with_their_quotes() -> None:
    (study,) = table(
        paper("a.txt", {**TRIAL, "patients": 5}),
        paper("b.txt", {**TRIAL, "patients": 8}),
        paper("c.txt", {**TRIAL, "patients": 8}),
    )
    assert [(value.value, value.papers) for value in study.patients] == [(8, 2), (5, 1)]
    assert [quote.paper for quote in study.patients[0].evidence] == ["b.txt", "c.txt"]
    assert (study.conflicts, study.conflicting) == (1, ("patients",))


def test_what_a_paper_says_of_its_own_trial_comes_first() -> None:
    own = paper("own.txt", {**TRIAL, "patients": 5, "own": True, "condition": "lupus nephritis"})
    reviews = [paper(f"{n}.txt", {**TRIAL, **WANG, "patients": 8}) for n in range(3)]
    (study,) = table(*reviews, own)
    assert is_own(own.studies[0])
    assert study.primary
    assert [(v.value, v.papers, v.primary) for v in study.patients] == [(5, 1, True), (8, 3, False)]
    assert [one.primary for one in study.papers] == [False, False, False, True]
    assert study.label == "WANG 2024"  # of its own it has no author


def test_keys_do_not_depend_on_other_studies() -> None:
    keys = {study.key for study in of_two({**TRIAL, "doi": "10.1/a"}, {"pmid": "1"})}
    assert keys == {"NCT05859997", "pmid:1"}
    (alone,) = table(paper("a.txt", WANG))
    assert alone.key.startswith("study:")
    assert alone in table(paper("a.txt", WANG), paper("b.txt", TRIAL))


def test_the_order_of_values_rows_and_quotes() -> None:
    rows = table(
        *(paper(f"{n}.txt", {**TRIAL, "patients": n}) for n in (10, 9)),
        paper("b.txt", {"author": "Zhao", "year": 2021}),
        paper("c.txt", {"author": "ÁBEL", "year": 2021}),
    )
    assert [row.label for row in rows] == ["ÁBEL 2021", "Zhao 2021", "? ?"]
    assert values(rows[2].patients) == [9, 10]
    (value,) = rows[2].trial_ids
    assert [quote.paper for quote in value.evidence] == ["10.txt", "9.txt"]
    assert in_order([*value.evidence[::-1], *value.evidence]) == value.evidence


def test_a_value_is_written_as_most_papers_write_it() -> None:
    for times, written in ((3, "sle"), (1, "SLE")):
        papers = [paper(f"{n}.txt", {**TRIAL, "condition": "sle"}) for n in range(times)]
        (study,) = table(*papers, paper("x.txt", {**TRIAL, "condition": "SLE"}))
        assert values(study.condition) == [written]


def cells(low: float, **more: Any) -> Fields:
    return {"agent_kind": "cell", "low": low, "high": low, "unit": "cells/kg", **more}


def drug(agent: str | None, low: float) -> Fields:
    return {"agent_kind": "drug", "agent": agent, "low": low, "high": low, "unit": "mg/day"}


def scores(before: float, after: float | None = None, **more: Any) -> Fields:
    followup = None if after is None else {"value": after}
    return {"instrument": "SLEDAI", "baseline": {"value": before}, "followup": followup, **more}


MONTHS = {"time": {"value": 6, "unit": "month"}}
GRADE_1 = {"event": "CRS", "grade": {"low": 1, "high": 1}}
NO_CRS = {"event": "CRS", "absent": True}
# Kind, what one paper says, what the other says, and what they disagree on.
FACTS: list[tuple[str, list[Fields], list[Fields], list[str]]] = [
    ("doses", [cells(1e6)], [cells(1e6)], []),
    ("doses", [cells(1e6)], [cells(2e6)], ["doses: cells, cells/kg"]),
    ("doses", [cells(1e6), cells(2e6)], [cells(2e6)], []),  # two dose levels
    ("doses", [cells(1e6), cells(2e6)], [cells(3e6), cells(4e6)], []),
    ("doses", [cells(1e6)], [{**cells(5e5), "high": 2e6}], []),  # a range that holds it
    ("doses", [cells(1e6)], [{**cells(1e8), "unit": "cells"}], []),
    ("doses", [cells(1e6, agent="CD19 CAR-T")], [cells(2e6, agent="BCMA CAR-T")], []),
    ("doses", [cells(1e6, agent="CD19 CAR-T")], [cells(2e6)], ["doses: cells, cells/kg"]),
    ("doses", [drug("Prednisone", 5)], [drug("prednisone", 10)], ["doses: prednisone, mg/day"]),
    ("doses", [drug("prednisone", 5)], [drug("fludarabine", 10)], []),
    ("doses", [drug(None, 5)], [drug(None, 10)], []),
    ("sledai", [scores(16)], [scores(14)], ["sledai: SLEDAI before"]),
    ("sledai", [scores(16)], [scores(14), scores(16)], []),  # of several patients
    ("sledai", [scores(16, 0)], [scores(16, 2)], []),  # when is not told
    ("sledai", [scores(16, 0, **MONTHS)], [scores(16, 2, **MONTHS)],
     ["sledai: SLEDAI after 6 months"]),
    ("sledai", [scores(16, patients=1)], [scores(14, patients=8)], []),
    ("sledai", [scores(16)], [{**scores(14), "instrument": "SLEDAI-2K"}], []),
    ("sledai", [scores(16)], [{"instrument": "SLEDAI", "baseline": {"low": 8, "high": 20}}], []),
    ("sledai", [{**scores(16), "change": -8, **MONTHS}], [{**scores(16), "change": -6, **MONTHS}],
     ["sledai: SLEDAI change after 6 months"]),
    ("toxicities", [{**GRADE_1, "count": 3, "total": 7}], [{**GRADE_1, "count": 3}], []),
    ("toxicities", [{**GRADE_1, "count": 3, "total": 7}], [{**GRADE_1, "count": 4, "total": 7}],
     ["toxicities: CRS grade 1"]),
    ("toxicities", [{**GRADE_1, "count": 3, "total": 7}], [{**GRADE_1, "count": 4, "total": 8}],
     ["toxicities: CRS grade 1"]),
    ("toxicities", [{**GRADE_1, "percent": {"low": 40, "high": 40}}],
     [{**GRADE_1, "percent": {"low": 50, "high": 50}}], ["toxicities: CRS grade 1"]),
    ("toxicities", [{**GRADE_1, "count": 3}], [{"event": "CRS", "count": 5}], []),
    ("toxicities", [{**GRADE_1, "count": 3}], [{**GRADE_1, "event": "ICANS", "count": 4}], []),
    ("toxicities", [NO_CRS], [NO_CRS], []),
    ("toxicities", [NO_CRS], [{"event": "CRS", "count": 0, "total": 5}], []),
    ("toxicities", [NO_CRS], [{**GRADE_1, "count": 3}], ["toxicities: CRS"]),
    ("toxicities", [NO_CRS, GRADE_1], [{**GRADE_1, "count": 3}], []),  # of several groups
    ("toxicities", [{**NO_CRS, "severity": "severe"}], [GRADE_1], []),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "said", "also_said", "conflicting"), FACTS)
def test_papers_disagree_on_facts_only_where_they_speak_of_the_same(
    kind: str, said: list[Fields], also_said: list[Fields], conflicting: list[str]
) -> None:
    for one, other in ((said, also_said), (also_said, said)):
        (study,) = of_two({**TRIAL, kind: one}, {**TRIAL, kind: other})
        assert list(study.conflicting) == conflicting
        distinct = {json.dumps(fact, sort_keys=True).casefold() for fact in (*said, *also_said)}
        assert len(getattr(study, kind)) == len(distinct)


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("product", "CD19 CAR-T", "CAR-T"),
        ("target", "CD19/BCMA", "CD19"),
        ("target", "CD19/BCMA", "BCMA-CD19"),
        ("condition", "refractory SLE", "SLE"),
        ("condition", "自身免疫性疾病", "SSc"),
        ("author", "Wang X", "WANG"),
    ],
)
def test_what_is_less_exact_is_no_conflict(field: str, one: str, other: str) -> None:
    (study,) = of_two({**TRIAL, field: one}, {**TRIAL, field: other})
    assert study.conflicts == 0


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("year", 2021, 2022),
        ("product", "KYV-101", "CABA-201"),
        ("target", "CD19", "BCMA"),
        ("condition", "SLE", "SSc"),
        ("cell_source", "autologous", "allogeneic"),
        ("author", "Wang X", "Wang Q"),
    ],
)
def test_what_cannot_both_be_true_is_a_conflict(field: str, one: object, other: object) -> None:
    (study,) = of_two({**TRIAL, field: one}, {**TRIAL, field: other})
    assert study.conflicting == (field,)


@pytest.mark.parametrize(
    ("value", "record"),
    [(DoseValue, Dose), (SledaiValue, Sledai), (ToxicityValue, Toxicity)],
)
def test_values_have_the_fields_of_their_records(value: type[Record], record: type[Record]) -> None:
    elsewhere = {"key", "rule", "evidence", "repairs", "study", "text"}
    assert set(value.model_fields) == set(record.model_fields) - elsewhere


# Properties

AUTHORS = ("WANG", "Wang X", "Wang Q", "Müller", "MUELLER")
PRODUCTS = ("CD19 CAR-T", "CAR-T", "BCMA CAR-T", "CD19/BCMA CAR-T")


def maybe(*choices: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from((None, *choices))


STUDIES = st.fixed_dictionaries(
    {
        "author": maybe(*AUTHORS),
        "year": maybe(2024, 2025),
        "patients": maybe(1, 5),
        "product": maybe(*PRODUCTS),
        "condition": maybe("SLE", "SSc"),
        "trial_ids": st.lists(
            st.sampled_from(("NCT00000001", "NCT00000002", "ChiCTR1")), max_size=2, unique=True
        ),
        "doi": maybe("10.1/a", "10.1/b"),
        "own": st.sampled_from((False, False, False, True)),
        "doses": st.lists(st.builds(cells, st.sampled_from((1e6, 2e6))), max_size=2),
        "toxicities": st.lists(st.sampled_from((NO_CRS, GRADE_1)), max_size=1),
    }
)


@st.composite
def libraries(draw: st.DrawFn) -> list[Document]:
    """Some papers of a few studies each, that are often the same."""
    held = draw(st.lists(st.lists(STUDIES, max_size=3), max_size=6))
    return [paper(f"{number}.txt", *studies) for number, studies in enumerate(held)]


def quotes(study: SynthesizedStudy) -> Iterator[tuple[str, int, int, str]]:
    """All quotes of a row: of the papers, and of every cell."""
    parts = [part for name in type(study).model_fields for part in as_parts(getattr(study, name))]
    for part in parts:
        for quote in part.evidence:
            yield (quote.sha256, quote.start, quote.end, quote.text)


def as_parts(field: object) -> list[Any]:
    return [part for part in field if hasattr(part, "evidence")] if isinstance(field, tuple) else []


thorough = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@thorough
@given(libraries(), st.randoms(use_true_random=False))
def test_the_order_of_papers_and_their_repetition_change_nothing(
    papers: list[Document], random: Any
) -> None:
    expected = synthesize(papers)
    shuffled = [*papers, *random.sample(papers, len(papers) // 2)]
    random.shuffle(shuffled)
    assert synthesize(shuffled) == expected


@thorough
@given(libraries())
def test_no_evidence_is_lost_or_invented(papers: list[Document]) -> None:
    given_quotes = {
        (document.source.sha256, quote.start, quote.end, quote.text)
        for document in papers
        for kind in ("studies", *KINDS)
        for record in getattr(document, kind)
        for quote in record.evidence
    }
    assert {quote for study in table(*papers) for quote in quotes(study)} == given_quotes


@thorough
@given(libraries())
def test_every_cell_is_followed_to_characters_of_a_paper(papers: list[Document]) -> None:
    for study in table(*papers):
        names = {one.sha256: one.name for one in study.papers}
        for name in type(study).model_fields:
            for part in as_parts(getattr(study, name)):
                assert part.evidence
                for quote in part.evidence:
                    assert TEXTS[quote.sha256][quote.start : quote.end] == quote.text
                    assert names[quote.sha256] == quote.paper
                if isinstance(part, Value):
                    assert part.papers == len({quote.sha256 for quote in part.evidence})


@thorough
@given(libraries())
def test_every_study_is_in_one_row_and_rows_join_nothing_that_is_told_apart(
    papers: list[Document],
) -> None:
    known = {
        (member.sha256, member.study.key): member
        for document in papers
        for member in members(document)
    }
    studies = table(*papers)
    placed = [
        [(one.sha256, key) for one in study.papers for key in one.studies] for study in studies
    ]
    assert sorted(place for row in placed for place in row) == sorted(known)
    assert len({study.key for study in studies}) == len(studies)
    for row in placed:
        for first, second in combinations(row, 2):
            one, other = profile(known[first]), profile(known[second])
            if first[0] == second[0]:
                assert one.identifiers & other.identifiers
            numbers = [{n for n in each.trials if n.startswith("NCT")} for each in (one, other)]
            assert not all(numbers) or numbers[0] & numbers[1]


# Papers read twice


def test_of_two_readings_of_a_paper_the_fuller_counts() -> None:
    full = paper("a.txt", {**TRIAL, "doses": [cells(1e6)]})
    poor = full.model_copy(update={"doses": ()})
    orders: list[list[Document | Failure]] = [[full, poor, FAILED], [poor, FAILED, full]]
    for papers in orders:
        synthesis = synthesize(papers)
        assert values(synthesis.studies[0].doses)
        assert (synthesis.papers, synthesis.failed) == (1, 1)
        assert synthesis.read_differently == ("a.txt",)


def test_a_paper_under_two_names_is_one() -> None:
    one = paper("b.txt", TRIAL)
    other = one.model_copy(update={"source": one.source.model_copy(update={"name": "a.txt"})})
    for papers in ([one, other], [other, one]):
        (study,) = synthesize(papers).studies
        assert [each.name for each in study.papers] == ["a.txt"]
        assert synthesize(papers).read_differently == ()


# The files


FULL: Fields = {
    **TRIAL, **MOUGIAKAKOS, **CASE, "doi": "10.1/a", "target": "CD19",
    "cell_source": "autologous", "doses": [cells(1.1e6, agent="CD19 CAR-T")],
    "sledai": [scores(16, 0, **MONTHS)], "toxicities": [{**GRADE_1, "count": 1, "total": 1}],
}  # fmt: skip
LIBRARY = (
    paper("综述.pdf", FULL),
    paper("review.pdf", {**FULL, "patients": 5}, {**WANG, "label": "=WANG 2024"}),
)


def test_csv_has_numbers_quotes_and_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "studies.csv"
    write_studies_csv(path, table(*LIBRARY))
    with path.open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert list(first) == [column.name for column in tables.COLUMNS]
    assert (first["key"], first["year"], first["year_papers"]) == ("NCT05859997", "2021", "2")
    assert (first["patients"], first["patients_others"]) == ("1", "5 [1 paper]")
    assert first["doses"] == "1.1×10⁶ cells/kg CD19 CAR-T [2 papers]"
    assert first["sledai"] == "SLEDAI 16 → 0 after 6 months [2 papers]"
    assert first["toxicities"] == "CRS grade 1: 1/1 [2 papers]"
    assert (first["conflicts"], first["conflicting"]) == ("1", "patients")
    assert "“关于研究1" in first["patients_quotes"]
    assert "(综述.pdf, page 2, " in first["patients_quotes"]
    assert second["label"] == "'=WANG 2024"


def test_excel_has_the_studies_and_a_row_for_each_quote(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    studies = table(*LIBRARY)
    for name in ("a.xlsx", "b.xlsx"):
        write_studies_excel(tmp_path / name, studies)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["studies", "evidence"]
    header, first, second = book["studies"].iter_rows(values_only=True)
    row = dict(zip(header, first, strict=True))
    assert (row["year"], row["patients"], row["primary"]) == (2021, 1, False)
    assert "patients: 1 [1 paper] | 5 [1 paper]" in row["support"]
    assert not any(name.endswith(("_papers", "_others", "_quotes")) for name in header)
    assert second[1] == "=WANG 2024"
    assert all(cell.data_type != "f" for line in book["studies"] for cell in line)
    header, *body = book["evidence"].iter_rows(values_only=True)
    proofs = [dict(zip(header, line, strict=True)) for line in body]
    told = [(proof["value"], proof["paper"]) for proof in proofs if proof["field"] == "patients"]
    assert told == [(1, "综述.pdf"), (5, "review.pdf")]
    count = sum(len(v.evidence) for s in studies for n in (*tables._FIELDS, *tables._FACTS)
                for v in getattr(s, n))  # fmt: skip
    assert len(proofs) == count


def test_every_field_of_a_row_is_in_the_table() -> None:
    in_other_words = {"dois", "pmids", "papers"}
    names = {column.name for column in tables.COLUMNS}
    assert set(SynthesizedStudy.model_fields) - in_other_words <= names
    assert in_other_words <= names
    for study in table(*LIBRARY):
        assert set(tables._row(study)) <= names


def test_json_lines_are_read_back_as_they_were(tmp_path: Path) -> None:
    studies = table(*LIBRARY)
    write_studies_json_lines(tmp_path / "studies.jsonl", studies)
    lines = (tmp_path / "studies.jsonl").read_text(encoding="utf-8").splitlines()
    assert tuple(map(SynthesizedStudy.model_validate_json, lines)) == studies


# The command


def save(path: Path, *entries: Document | Failure) -> Path:
    path.write_text("".join(f"{entry.model_dump_json()}\n" for entry in entries), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "form", [".jsonl", *(pytest.param(form, marks=pytest.mark.slow) for form in (".csv", ".xlsx"))]
)
def test_the_command_takes_several_files_in_any_order(run: Run, tmp_path: Path, form: str) -> None:
    if form == ".xlsx":
        pytest.importorskip("xlsxwriter")
    one = save(tmp_path / "a.jsonl", LIBRARY[0], FAILED)
    other = save(tmp_path / "b.jsonl", LIBRARY[1], LIBRARY[0])
    first = run("synthesize", one, other, "-o", f"1{form}", PYTHONHASHSEED="1")
    second = run("synthesize", other, one, "-o", f"2{form}", PYTHONHASHSEED="2")
    assert (first.returncode, second.returncode) == (0, 0)
    assert (tmp_path / f"1{form}").read_bytes() == (tmp_path / f"2{form}").read_bytes()
    failed, counts = first.stderr.decode().splitlines()
    assert failed == "carextract: papers that could not be read, and so say nothing: 1"
    assert counts == (f"carextract: 2 studies in 2 papers, 1 in more than one, 1 conflict: 1{form}")


@pytest.mark.parametrize(
    ("content", "output", "said"),
    [
        ("{}\n", "a.csv", "line 1: is no document of carextract"),
        ("", "a.txt", "the name says which form it has: .jsonl, .csv or .xlsx"),
        ("", "facts.jsonl", "is the input itself"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    call: Run, tmp_path: Path, content: str, output: str, said: str
) -> None:
    (tmp_path / "facts.jsonl").write_text(content)
    result = call("synthesize", "facts.jsonl", "-o", output)
    assert result.returncode in (1, 2)
    assert said in " ".join(result.stderr.decode().replace("│", " ").split())
    assert (tmp_path / "facts.jsonl").read_text() == content
    assert [path.name for path in tmp_path.iterdir()] == ["facts.jsonl"]


def test_facts_without_studies_make_an_empty_table(call: Run, tmp_path: Path) -> None:
    save(tmp_path / "facts.jsonl", paper("a.txt"))
    result = call("synthesize", "facts.jsonl", "-o", "a.csv")
    assert b"0 studies in 1 paper, 0 in more than one, 0 conflicts" in result.stderr
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").count("\n") == 1


def test_a_synthesis_is_a_plain_value() -> None:
    assert synthesize([]) == Synthesis((), 0, 0, ())
