"""Plots: what is drawn of which statements, what is left out and counted, and that it is drawn."""

import hashlib
import json
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carextract.decisions import fact_id
from carextract.records import (
    Document,
    Dose,
    Fact,
    Record,
    Sledai,
    SourceInfo,
    Study,
    Toxicity,
    Trial,
)
from carextract.report.plots import Plot, plots, vega_script
from carextract.report.plots.plot import LANGUAGES, Picked
from carextract.report.plots.plots import pick
from carextract.report.plots.sledai import MOST_ROWS
from carextract.report.plots.toxicities import MOST_STUDIES
from carextract.report.plots.trials import MOST_TRIALS
from carextract.synthesize import synthesize

Fields = dict[str, Any]
Told = tuple[str, Fields]
"""A fact by its kind and its fields.

`of` is the number of its study in the paper, from 1, or the numbers of several; `quotes` are its
quotes with the places where they stand.
"""

KINDS: dict[str, type[Record]] = {
    "trials": Trial,
    "doses": Dose,
    "sledai": Sledai,
    "toxicities": Toxicity,
}
DEFAULTS: dict[str, Fields] = {
    "trials": {"registry": "ClinicalTrials.gov"},
    "doses": {"unit": "cells/kg", "agent_kind": "cell", "text": "1"},
    "sledai": {"instrument": "SLEDAI"},
    "toxicities": {"event": "CRS"},
}
MOST_IN_ALL = 2000


def evidence(text: str, start: int, end: int | None = None) -> Fields:
    return {"text": text, "start": start, "end": start + 5 if end is None else end}


def paper(name: str, *told: Told, studies: Iterable[Fields] = (), quote: str = "关于") -> Document:
    """A paper that says these facts, each in a place of its own, and of these studies."""
    records: dict[str, list[Record]] = defaultdict(list)
    links: dict[int, list[Fields]] = defaultdict(list)
    for at, (kind, given_fields) in enumerate(told):
        fields = dict(given_fields)
        of = fields.pop("of", ())
        of = of if isinstance(of, tuple) else (of,)
        key = f"{KINDS[kind].__name__.lower()}-{at + 1}"
        for number in of:
            links[number].append({"key": key, "how": "citation"})
        quotes = fields.pop("quotes", {10 * at: quote})
        proof = [evidence(text, start) for start, text in quotes.items()]
        shared = {"key": key, "rule": "a.b", "evidence": proof, "repairs": ()}
        study = f"study-{of[0]}" if len(of) == 1 else None
        records[kind].append(
            KINDS[kind].model_validate({**DEFAULTS[kind], **fields, **shared, "study": study})
        )
    records["studies"] = [
        Study.model_validate(
            {
                "key": f"study-{number}",
                "label": f"{fields.get('author', '?')} {fields.get('year', '?')}",
                "rule": "study.cited",
                "evidence": [evidence("…", 0, 1)],
                "repairs": (),
                "facts": links[number],
                **fields,
            }
        )
        for number, fields in enumerate(studies, start=1)
    ]
    source = SourceInfo(
        name=name,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        media_type="text/plain",
        pages=None,
        characters=1000,
        languages=("zh-Hans",),
        encoding="utf-8",
    )
    return Document.model_validate({"generator": "g", "rules": "r", "source": source, **records})


def drawn(*papers: Document) -> dict[str, Picked]:
    """What is drawn, without the specifications: altair takes two seconds for them."""
    return pick(papers, synthesize(papers))


def drawings(*papers: Document) -> tuple[Plot, ...]:
    pytest.importorskip("altair")
    return plots(papers, synthesize(papers))


def said(picked: Picked) -> str:
    """The remarks in English."""
    return " ".join(remark["en"] for remark in picked.remarks)


WANG: Fields = {"author": "WANG", "year": 2024, "trial_ids": ("NCT05859997",)}
FENG: Fields = {"author": "FENG", "year": 2025, "trial_ids": ("NCT06106906",)}
LI: Fields = {"author": "LI", "year": 2023, "trial_ids": ("NCT00000001",)}


# Facts of several studies

TWO_PLACES = {100: "first", 200: "second"}
# The quotes of a fact of two studies, where the paper speaks of each, and the quote of each.
QUOTES: dict[str, tuple[dict[int, str], tuple[int, int], tuple[int, int], tuple[str, str]]] = {
    "each in its study": (TWO_PLACES, (90, 110), (190, 210), ("first", "second")),
    "the other way round": (TWO_PLACES, (190, 210), (90, 110), ("second", "first")),
    "one where nothing names a study": (TWO_PLACES, (90, 110), (300, 310), ("first", "second")),
    "not told apart": (TWO_PLACES, (0, 9), (300, 310), ("first", "first")),
    "one quote for both": ({100: "first"}, (90, 110), (90, 110), ("first", "first")),
}


@pytest.mark.parametrize("what", QUOTES)
def test_a_fact_of_several_studies_is_said_of_each_with_its_own_quote(what: str) -> None:
    quotes, *places, expected = QUOTES[what]
    of_wang, of_feng = ({"evidence": [evidence("…", *place)]} for place in places)
    shared: Fields = {"of": (1, 2), "quotes": quotes}
    other: Fields = {"of": 3}
    plots = drawn(
        paper(
            "a.txt",
            *(scores(10, 2, **shared), scores(20, 2, **other)),
            *(any_crs(None, absent=True, **shared), crs(1, 1, 7, **other)),
            *(dose(1e6, **shared), dose(2e6, **other)),
            *(trial(1, "2024", **shared), trial(2, "2024", **other)),
            studies=[{**WANG, **of_wang}, {**FENG, **of_feng}, LI],
        )
    )
    for name in ("sledai", "toxicities"):
        rows = {row["study"]: row for row in plots[name].rows}
        assert len(rows) == len(plots[name].rows) == 3
        assert (rows["WANG 2024"]["quote"], rows["FENG 2025"]["quote"]) == expected
    assert "do not say of which this is" not in said(plots["toxicities"])
    # What is drawn once however many say it is drawn once, and a number of two studies is itself.
    assert [row["papers"] for row in plots["doses"].rows] == [1, 1]
    assert [row["study"] for row in plots["trials"].rows] == ["NCT00000001", "LI 2023"]


def test_a_fact_of_two_studies_that_are_one_is_in_its_bar_once() -> None:
    studies = [WANG, {**WANG, "label": "Wang", "citation": 4}, FENG]
    told = (crs(1, 1, 5, of=(1, 2)), crs(2, 2, 3, of=1), crs(1, 1, 5, of=3))
    rows = drawn(paper("a.txt", *told, studies=studies))["toxicities"].rows
    pieces = [(row["study"], row["start"], row["end"]) for row in rows]
    assert pieces == [("WANG 2024", 0, 5), ("WANG 2024", 5, 8), ("FENG 2025", 0, 5)]


# SLEDAI


def scores(before: Any, after: Any, **more: Any) -> Told:
    """Scores by their values, or by the fields of a score."""
    both = [
        value if value is None or isinstance(value, dict) else {"value": value}
        for value in (before, after)
    ]
    return ("sledai", {"baseline": both[0], "followup": both[1], **more})


HALF_A_YEAR = {"value": 6, "unit": "month"}
YEAR = {"value": 1, "unit": "year"}
MEAN = {"value": 10, "statistic": "mean"}
# What is said of one study by papers, and the labels, scores and numbers of papers of its rows.
SLEDAI: dict[str, tuple[list[list[Told]], list[tuple[str, float, float, int]]]] = {
    "one statement in two papers": (
        [[scores(10, 2, patients=8)], [scores(10, 2, patients=8)]],
        [("n=8, SLEDAI", 10, 2, 2)],
    ),
    "a mean says so": ([[scores(MEAN, 2)]], [("mean, SLEDAI", 10, 2, 1)]),
    "one that says less": (
        [[scores(10, 2, patients=8, time=HALF_A_YEAR)], [scores(10, 2)]],
        [("n=8, after 6 months, SLEDAI", 10, 2, 1)],
    ),
    "two that say a part each": (
        [[scores(10, 2, patients=8)], [scores(10, 2, time=HALF_A_YEAR)]],
        [("n=8, SLEDAI", 10, 2, 1)],
    ),
    "two times": (
        [[scores(10, 2, time=HALF_A_YEAR), scores(10, 2, time=YEAR)], [scores(10, 2)]],
        [("after 6 months, SLEDAI", 10, 2, 1), ("after 1 year, SLEDAI", 10, 2, 1)],
    ),
    "plain SLEDAI may be any version of it": (
        [[scores(10, 2, instrument="SLEDAI-2K")], [scores(10, 2)]],
        [("SLEDAI-2K", 10, 2, 1)],
    ),
    "two versions": (
        [[scores(10, 2, instrument="SLEDAI-2K")], [scores(10, 2, instrument="SELENA-SLEDAI")]],
        [("SELENA-SLEDAI", 10, 2, 1), ("SLEDAI-2K", 10, 2, 1)],
    ),
    "papers disagree": (
        [[scores(10, 2)], [scores(10, 4)]],
        [("SLEDAI", 10, 2, 1), ("SLEDAI", 10, 4, 1)],
    ),
    "scores that are none": ([[scores(10, -1), scores(10, 10**400)]], []),
}


@pytest.mark.parametrize("what", SLEDAI)
def test_scores_of_a_study_are_a_row_each(what: str) -> None:
    sides, expected = SLEDAI[what]
    papers = [
        paper(f"{at}.txt", *((kind, {**fields, "of": 1}) for kind, fields in told), studies=[WANG])
        for at, told in enumerate(sides)
    ]
    other = paper("z.txt", scores(20, 1), scores(21, 1))
    rows = [row for row in drawn(*papers, other)["sledai"].rows if row["study"] == "WANG 2024"]
    assert [
        (row["row_en"].split("\n")[1], row["before"], row["after"], row["papers"]) for row in rows
    ] == expected


def test_a_score_of_no_study_is_that_of_its_paper_unless_a_study_says_it() -> None:
    one = paper("a.txt", scores(10, 2, of=1, patients=3), scores(10, 2), studies=[WANG])
    other = paper("b.txt", scores(10, 2))
    assert [row["study"] for row in drawn(one, other)["sledai"].rows] == ["WANG 2024", "b.txt"]


def test_scores_that_are_not_drawn_are_counted() -> None:
    plot = drawn(
        paper(
            "a.txt",
            *(scores(10, 2), scores(11, 2), scores(12, None), scores(None, 3)),
            *(scores({"low": 8, "high": 20}, 2), scores(200, 2)),
        )
    )["sledai"]
    assert len(plot.rows) == 2
    assert [remark["en"] for remark in plot.remarks] == [
        "Statements with only a score before, a score after or a change, not drawn: 2.",
        "Statements with a range in place of a score, not drawn: 1.",
        "Statements with a score that is not between 0 and 105, not drawn: 1.",
    ]


def test_rows_of_most_patients_are_shown_by_year_and_name() -> None:
    many = [scores(at % 100, 1, patients=at, time=HALF_A_YEAR) for at in range(1, 61)]
    plot = drawn(
        paper("a.txt", *many, scores(9, 1, of=1, patients=99), studies=[FENG]),
        paper("b.txt", scores(9, 1, of=1, patients=98), studies=[WANG]),
    )["sledai"]
    assert [row["study"] for row in plot.rows[:3]] == ["WANG 2024", "FENG 2025", "a.txt"]
    assert len(plot.rows) == MOST_ROWS
    assert said(plot).startswith("40 of 62 rows are shown, chosen by the number of patients where")
    assert min(row["before"] for row in plot.rows[2:]) == 23


def test_rows_of_unknown_patients_are_chosen_by_papers_then_by_place() -> None:
    many = [scores(at, 1, time=HALF_A_YEAR, of=1) for at in range(1, 61)]
    told = [paper("a.txt", *many, scores(99, 1, patients=1, of=1), studies=[FENG])]
    told += [paper("b.txt", many[50], studies=[FENG])]
    rows = drawn(*told)["sledai"].rows
    assert [row["before"] for row in rows] == [99, *range(1, 39), 51]


# Doses


def dose(low: Any, high: Any = "low", **more: Any) -> Told:
    return ("doses", {"low": low, "high": low if high == "low" else high, **more})


def drug(agent: str | None, low: Any, high: Any = "low", unit: str = "mg/day") -> Told:
    return dose(low, high, agent=agent, agent_kind="drug", unit=unit)


# What papers say, and what is drawn: unit, agent, form, bounds, papers.
DOSES: dict[str, tuple[list[list[Told]], list[tuple[str, str, str, Any, Any, int]]]] = {
    "one amount in two papers": (
        [[dose(1e6, agent="CD19 CAR-T")], [dose(1e6, agent="CD19 CAR-T"), dose(2e6)]],
        [
            ("cells/kg", "CD19 CAR-T", "amount", 1e6, 1e6, 2),
            ("cells/kg", "not named", "amount", 2e6, 2e6, 1),
        ],
    ),
    "bounds and ranges": (
        [[drug("prednisone", 5, 10), drug("prednisone", None, 7.5), drug("prednisone", 20, None)]],
        [
            ("mg/day", "prednisone", "most", 7.5, 7.5, 1),
            ("mg/day", "prednisone", "range", 5, 10, 1),
            ("mg/day", "prednisone", "least", 20, 20, 1),
        ],
    ),
    "one name in any case": (
        [[drug("Prednisone", 5)], [drug("prednisone", 5)], [drug("prednisone", 10)]],
        [
            ("mg/day", "prednisone", "amount", 5, 5, 2),
            ("mg/day", "prednisone", "amount", 10, 10, 1),
        ],
    ),
    "units are never on one axis": (
        [[dose(1e6), dose(1e8, unit="cells"), drug("x", 1, unit="mg"), drug("x", 1, unit="g")]],
        [
            ("cells", "not named", "amount", 1e8, 1e8, 1),
            ("cells/kg", "not named", "amount", 1e6, 1e6, 1),
            ("g", "x", "amount", 1, 1, 1),
            ("mg", "x", "amount", 1, 1, 1),
        ],
    ),
    "what no logarithm has": (
        [[dose(0), dose(-1), dose(0, 5), dose(None, None), dose(10**400), dose(1), dose(2)]],
        [
            ("cells/kg", "not named", "amount", 1, 1, 1),
            ("cells/kg", "not named", "amount", 2, 2, 1),
        ],
    ),
}


@pytest.mark.parametrize("what", DOSES)
def test_a_dose_is_drawn_once_however_many_papers_give_it(what: str) -> None:
    sides, expected = DOSES[what]
    plot = drawn(*(paper(f"{at}.txt", *told) for at, told in enumerate(sides)))["doses"]
    assert [
        (
            row["unit"],
            row["row_en"].split("\n")[0],
            *(row[name] for name in ("form", "low", "high", "papers")),
        )
        for row in plot.rows
    ] == expected
    off = "logarithmic axis: 5." if what == "what no logarithm has" else ""
    assert said(plot).endswith(off)


def test_cells_and_drugs_in_one_unit_are_lines_of_their_own() -> None:
    told = (dose(1, agent="x", unit="mg"), drug("x", 1, unit="mg"))
    rows = drawn(paper("a.txt", *told))["doses"].rows
    assert {(row["row_zh"], row["look"]) for row in rows} == {
        ("x\n0.0", "cell amount"),
        ("x\n0.1", "drug amount"),
    }


def test_the_doses_that_most_papers_give_are_shown() -> None:
    rare = [drug(f"drug {n}", n + 1, unit=f"u{u}") for n in range(30) for u in range(30)]
    levels = [drug("prednisone", n + 1) for n in range(100)]
    plot = drawn(paper("a.txt", *rare, *levels), paper("b.txt", drug("prednisone", 50)))["doses"]
    assert len(plot.rows) == 15 + 5 * 8
    assert [row["low"] for row in plot.rows[:15]] == [*range(1, 15), 50]
    assert "55 of 1000 doses are shown: at most 6 units, 8 products" in said(plot)
    assert said(plot).endswith("those given most often, then by name and amount.")


def test_amounts_that_one_paper_gives_more_often_are_shown_first() -> None:
    levels = [drug("prednisone", n + 1) for n in range(100)]
    plot = drawn(paper("a.txt", *levels, drug("prednisone", 90)))["doses"]
    assert [row["low"] for row in plot.rows] == [*range(1, 15), 90]


# CRS and ICANS


def crs(low: Any, high: Any, count: int | None, **more: Any) -> Told:
    grade = None if (low, high) == (None, None) else {"low": low, "high": high}
    return ("toxicities", {"grade": grade, "count": count, **more})


def any_crs(count: int | None, **more: Any) -> Told:
    return crs(None, None, count, **more)


NONE = any_crs(None, absent=True)
NO_HIGH = crs(3, None, None, absent=True)
# What one paper says of a study, what another says, and the pieces of its bar: kind, grade, from
# and to; None where it is left out as unclear.
BARS: dict[str, tuple[list[Told], list[Told], list[tuple[str, str, int, int]] | None]] = {
    "grades": (
        [crs(1, 1, 5), crs(2, 2, 3)],
        [],
        [("grade", "1", 0, 5), ("grade", "2", 5, 8)],
    ),
    "the same in two papers": ([crs(1, 1, 5)], [crs(1, 1, 5)], [("grade", "1", 0, 5)]),
    "a range that its grades add up to": (
        [crs(1, 1, 5), crs(2, 2, 3)],
        [crs(1, 2, 8)],
        [("grade", "1", 0, 5), ("grade", "2", 5, 8)],
    ),
    "a range that they do not add up to": ([crs(1, 1, 5)], [crs(1, 2, 8)], None),
    "ranges in ranges": (
        [crs(1, 4, 9), crs(1, 2, 8), crs(1, 1, 5), crs(2, 2, 3), crs(3, 4, 1)],
        [],
        [("grade", "1", 0, 5), ("grade", "2", 5, 8), ("grade", "3-4", 8, 9)],
    ),
    "ranges that overlap": ([crs(1, 2, 4), crs(2, 3, 4)], [], None),
    "at least and more": ([crs(2, None, 4), crs(3, None, 1)], [], None),
    "ranges side by side": (
        [crs(None, 2, 8), crs(3, None, 2)],
        [],
        [("grade", "≤2", 0, 8), ("grade", "≥3", 8, 10)],
    ),
    "two counts of a grade": ([crs(1, 1, 5), crs(1, 1, 2)], [], None),
    "two papers, two counts": ([crs(1, 1, 5)], [crs(1, 1, 6)], None),
    "of two groups": ([crs(1, 1, 5, total=6), crs(2, 2, 3, total=5)], [], None),
    "more than were observed": ([crs(1, 1, 5, total=6), crs(2, 2, 3)], [], None),
    "more than the study has": ([crs(1, 1, 20), crs(2, 2, 5)], [], None),
    "any grade": ([any_crs(8, total=12)], [], [("any", "any", 0, 8)]),
    "grade 1 or more is any": ([any_crs(8)], [crs(1, None, 8)], [("any", "any", 0, 8)]),
    "any grade, beside the grades": (
        [any_crs(8), crs(1, 1, 5)],
        [],
        [("grade", "1", 0, 5), ("whole", "any", 8, 8)],
    ),
    "fewer of any grade than of grades": ([any_crs(4), crs(1, 1, 5)], [], None),
    "of any grade, twice": ([any_crs(4), any_crs(5)], [], None),
    "none": ([NONE], [any_crs(0)], [("none", "any", 0, 0)]),
    "none of grade 3": ([NO_HIGH], [], [("none", "any", 0, 0)]),
    "none of grade 3, some of grade 1": ([NO_HIGH, crs(1, 1, 5)], [], [("grade", "1", 0, 5)]),
    "none of grade 3, some of grade 4": ([NO_HIGH, crs(4, 4, 1)], [], None),
    "none of grade 3, and some up to 4": ([NO_HIGH, crs(1, 4, 8)], [], [("grade", "1-4", 0, 8)]),
    "none in one paper, some in another": ([NONE], [crs(1, 1, 5)], None),
    "no number": ([crs(1, 1, None), any_crs(None, percent={"low": 5, "high": 5})], [], []),
    "words for a grade": ([any_crs(5, severity="mild"), crs(1, 1, 4)], [], [("grade", "1", 0, 4)]),
    "grade 0": ([crs(0, 0, 9), crs(1, 1, 4)], [], [("grade", "1", 0, 4)]),
    "no end of patients": ([crs(1, 1, 10**400)], [], None),
}
FILLER = paper(
    "z.txt",
    crs(1, 1, 7, of=1),
    crs(1, 1, 1, event="ICANS", of=1),
    studies=[LI],
)


@pytest.mark.parametrize("what", BARS)
@pytest.mark.parametrize("event", ["CRS", "ICANS"])
def test_no_patient_is_in_a_bar_twice(what: str, event: str) -> None:
    first, second, expected = BARS[what]
    for sides in ((first, second), (second, first)):
        papers = [
            paper(
                f"{at}.txt",
                *((kind, {**fields, "event": event, "of": 1}) for kind, fields in told),
                studies=[{**WANG, "patients": 24}],
            )
            for at, told in enumerate(sides)
            if told
        ]
        plot = drawn(*papers, FILLER)["toxicities"]
        rows = [row for row in plot.rows if row["study"] == "WANG 2024"]
        names = ("kind", "grade", "start", "end")
        assert [tuple(row[name] for name in names) for row in rows] == (expected or [])
        assert all(row["event"] == event for row in rows)
        assert (f"{event}: studies or papers left out, as their numbers overlap" in said(plot)) == (
            expected is None
        )


def test_single_patients_of_two_grades_may_be_one_unless_there_are_two() -> None:
    told = (crs(1, 1, 1, of=1), crs(3, 3, 1, of=1))
    for patients, pieces in ((None, 0), (1, 0), (2, 2)):
        study = {**WANG, "patients": patients}
        rows = drawn(paper("a.txt", *told, studies=[study]), FILLER)["toxicities"].rows
        assert sum(row["study"] == "WANG 2024" for row in rows) == pieces


def test_what_of_several_studies_is_told_of_none_is_no_bar() -> None:
    told = (crs(1, 1, 5), crs(2, 2, 3))
    among = drawn(paper("a.txt", *told, studies=[WANG, FENG]), FILLER)["toxicities"]
    alone = drawn(paper("a.txt", *told), FILLER)["toxicities"]
    assert {row["study"] for row in among.rows} == {"LI 2023"}
    assert "do not say of which this is: 2." in said(among)
    assert {row["study"] for row in alone.rows} == {"LI 2023", "a.txt"}


def test_absence_is_said_with_the_patients_observed() -> None:
    told = any_crs(None, absent=True, total=12, of=1)
    plot = drawn(paper("a.txt", told, studies=[WANG]), FILLER)["toxicities"]
    (row,) = [row for row in plot.rows if row["kind"] == "none"]
    assert (row["note_en"], row["note_zh"]) == ("no CRS in 12", "无CRS（12例中）")


def test_toxicities_that_are_not_drawn_are_counted() -> None:
    told = [
        crs(1, 1, None, of=1),
        any_crs(4, severity="mild", of=1),
        crs(0, 0, 3, of=1),
    ]
    plot = drawn(paper("a.txt", *told, studies=[WANG]), FILLER)["toxicities"]
    assert [remark["en"] for remark in plot.remarks] == [
        "Statements without a number of patients, not drawn: 1.",
        "Statements with a severity in words in place of a grade, not drawn: 1.",
        "Statements of grade 0, that is of patients without it, not drawn: 1.",
    ]


def test_studies_with_most_patients_are_shown() -> None:
    studies = [{"author": f"A{n:02}", "year": 2024, "citation": n + 1} for n in range(40)]
    told = [crs(1, 1, n + 1, of=n + 1) for n in range(40)]
    plot = drawn(paper("a.txt", *told, studies=studies))["toxicities"]
    assert [row["study"] for row in plot.rows] == [f"A{n} 2024" for n in range(15, 40)]
    assert f"CRS: {MOST_STUDIES} of 40 studies or papers are shown" in said(plot)


def test_studies_are_chosen_by_all_patients_known_then_by_papers_then_by_year() -> None:
    studies: list[Fields] = [
        {"author": f"A{n:02}", "year": 2024, "citation": n + 1} for n in range(40)
    ]
    studies[38]["patients"] = 20
    studies[39]["trial_ids"] = ("NCT00000039",)
    told = [any_crs(None, absent=True, of=n + 1) for n in range(40)]
    plot = drawn(
        paper("a.txt", *told, studies=studies),
        paper("b.txt", any_crs(None, absent=True, of=1), studies=[studies[39]]),
    )["toxicities"]
    assert [row["study"] for row in plot.rows] == [f"A{n:02} 2024" for n in (*range(23), 38, 39)]


GRADES = st.sampled_from([None, *((low, high) for low in range(6) for high in range(low, 6))])
STATEMENTS = st.lists(
    st.tuples(GRADES, st.integers(0, 9), st.sampled_from([None, None, None, 9, 12])), max_size=6
)


def of_grade(grade: tuple[int, int] | None, count: int, total: int | None) -> Told:
    low, high = grade or (None, None)
    return crs(low, high, count, total=total, of=1)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STATEMENTS, STATEMENTS)
def test_a_bar_never_holds_more_patients_than_some_paper_states(
    first: list[Any], second: list[Any]
) -> None:
    papers = [
        paper(
            f"{at}.txt",
            *(of_grade(grade, count, total) for grade, count, total in told),
            studies=[WANG],
        )
        for at, told in enumerate((first, second))
    ]
    told = [*first, *second]
    rows = [r for r in drawn(*papers, FILLER)["toxicities"].rows if r["study"] == "WANG 2024"]
    pieces = [row for row in rows if row["kind"] == "grade"]
    end = max((row["end"] for row in pieces), default=0)
    if rows:
        assert all(end <= total for _, _, total in told if total is not None)
        assert all(end <= count for grade, count, _ in told if grade is None)
    for row in pieces:
        grade = (row["lowest"], row["highest"])
        assert {count for its, count, _ in told if its == grade} == {row["end"] - row["start"]}
    ends = [bound for row in pieces for bound in (row["lowest"], row["highest"] + 0.5)]
    assert ends == sorted(ends)
    assert [row["start"] for row in pieces] == [0, *(row["end"] for row in pieces)][: len(pieces)]


# Trials


def trial(number: int, start: str | None, **more: Any) -> Told:
    return ("trials", {"id": f"NCT{number:08}", "start_date": start, **more})


# Dates as papers give them, and the bins of the trials.
DATES: dict[str, tuple[list[list[Told]], list[tuple[int, str]]]] = {
    "quarters": (
        [[trial(1, "2024-03-31"), trial(2, "2024-04"), trial(3, "2024-12-01")]],
        [(1, "2024 Q1"), (2, "2024 Q2"), (3, "2024 Q4")],
    ),
    "years, if one date is a year": (
        [[trial(1, "2024-03-31"), trial(2, "2025")]],
        [(1, "2024"), (2, "2025")],
    ),
    "years, if they are many": (
        [[trial(1, "2019-03-31"), trial(2, "2025-01")]],
        [(1, "2019"), (2, "2025")],
    ),
    "a trial in several papers": (
        [[trial(1, "2024-03-31")], [trial(1, "2024")], [trial(1, None), trial(2, "2024-07")]],
        [(1, "2024 Q1"), (2, "2024 Q3")],
    ),
    "papers disagree": (
        [[trial(1, "2024-03-31")], [trial(1, "2024-04")], [trial(2, "2024"), trial(3, "2024")]],
        [(2, "2024"), (3, "2024")],
    ),
    "dates that are none": (
        [[trial(1, "2024-13"), trial(2, "0001-01"), trial(3, "soon"), trial(4, "2024"),
          trial(5, "2024")]],
        [(4, "2024"), (5, "2024")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", DATES)
def test_a_trial_is_one_unit_in_the_bin_of_its_start(what: str) -> None:
    sides, expected = DATES[what]
    plot = drawn(*(paper(f"{at}.txt", *told) for at, told in enumerate(sides)))["trials"]
    assert [(int(row["trial"][3:]), row["bin"]) for row in plot.rows] == expected
    assert all(row["end"] - row["start"] == 1 for row in plot.rows)
    assert ("disagree on their start: 1." in said(plot)) == (what == "papers disagree")
    assert ("without a start date, not drawn: 3." in said(plot)) == (what == "dates that are none")


def test_a_trial_tells_its_most_exact_date_and_its_study() -> None:
    one = paper("a.txt", trial(1, "2024", of=1), studies=[WANG])
    other = paper("b.txt", trial(1, "2024-05-01"), trial(2, "2024-06-01", of=1), studies=[FENG])
    first, second = drawn(one, other)["trials"].rows
    assert (first["date"], first["paper"], first["papers"]) == ("2024-05-01", "b.txt", 2)
    assert (first["study"], second["study"]) == ("NCT00000001", "FENG 2025")


def test_phases_are_in_order_and_what_papers_disagree_on_says_so() -> None:
    phases = ("4", "1", None, "early 1", "1/2", "x")
    told = [trial(at, "2024", phase=phase) for at, phase in enumerate(phases)]
    plot = drawn(paper("a.txt", *told), paper("b.txt", trial(1, "2024", phase="2")))["trials"]
    stacked = [row["phase"] for row in plot.rows]
    assert stacked == ["early 1", "1/2", "4", "other", "differs", "unknown"]
    assert [row["start"] for row in plot.rows] == list(range(6))


def test_only_whole_bins_are_drawn_newest_first() -> None:
    many = [trial(at, f"{2000 + at // 300}") for at in range(1200)]
    plot = drawn(paper("a.txt", *many))["trials"]
    assert len(plot.rows) == 600
    assert said(plot).startswith("600 of 1200 trials are shown: those that began in 2002 or later.")
    crowd = drawn(paper("a.txt", *(trial(at, "2024") for at in range(MOST_TRIALS + 1))))["trials"]
    assert crowd.rows == ()
    assert said(crowd) == "Not drawn: more than 800 trials begin in the last of the years."


# All of them

SOME = (
    paper(
        "评论.txt",
        *(scores(10, 2, of=1), scores(MEAN, 2.5, of=2), trial(1, "2024-01"), trial(2, "2025-02")),
        *(dose(1e6), drug("prednisone", 5, 10), drug(None, None, 7.5), any_crs(8, of=1)),
        *(crs(1, 2, 5, of=1, total=24), crs(3, None, 1, of=1), crs(1, 1, 1, event="ICANS", of=2)),
        any_crs(None, absent=True, of=2),
        studies=[WANG, FENG],
    ),
)


# What is left where nothing is drawn, though papers do say something of the kind.
TOO_LITTLE: dict[str, tuple[list[Told], str]] = {
    "sledai": (
        [scores(10, 2), scores({"low": 8, "high": 20}, 2)],
        "fewer than two different statements give a score before and a score after treatment that"
        " can be drawn.",
    ),
    "doses": ([dose(0), dose(5)], "papers give fewer than two different doses that can be drawn."),
    "trials": (
        [trial(1, "2024"), trial(1, "2025"), trial(2, "2024")],
        "papers give a start date that they agree on of fewer than two trials.",
    ),
}


@pytest.mark.parametrize("name", TOO_LITTLE)
def test_why_nothing_is_drawn_is_true(name: str) -> None:
    told, why = TOO_LITTLE[name]
    assert drawn(paper("a.txt", *told))[name].remarks[0]["en"] == f"Not drawn: {why}"


def test_little_data_is_said_and_not_drawn() -> None:
    few = paper("a.txt", scores(10, 2), dose(1e6), crs(1, 1, 5), trial(1, "2024"))
    for papers in ((), (few,)):
        for plot in plots(papers, synthesize(papers)):
            assert (plot.rows, plot.specs) == ((), {})
            assert plot.remarks["en"][0].startswith("Not drawn: ")
            assert plot.remarks["zh"][0].startswith("未绘图：")


def test_every_row_names_its_fact_study_paper_and_quote() -> None:
    (document,) = SOME
    every: tuple[Fact, ...] = (
        *document.trials,
        *document.doses,
        *document.sledai,
        *document.toxicities,
    )
    ids = {fact_id(document.source.sha256, fact) for fact in every}
    for plot in drawn(*SOME).values():
        assert len(plot.rows) >= 2
        for row in plot.rows:
            assert row["fact"] in ids
            assert row["study"]
            assert (row["paper"], row["quote"]) == ("评论.txt", "关于")
            assert row["said_en"]
            assert row["said_zh"]


def pictures(plot: Plot) -> Iterable[str]:
    """A plot in each language, as SVG."""
    import vl_convert

    for language in LANGUAGES:
        spec = plot.specs[language]
        assert spec["data"] == {"name": "rows"}
        assert "datasets" not in spec
        assert "values" not in spec["data"]
        yield vl_convert.vegalite_to_svg(
            {**spec, "width": 500, "datasets": {"rows": list(plot.rows)}}
        )


def test_every_plot_can_be_drawn_in_both_languages(capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("vl_convert")
    words = {
        "sledai": ("before treatment", "治疗前"),
        "doses": ("Dose (cells/kg)", "剂量（cells/kg）"),
        "toxicities": ("no CRS", "无CRS"),
        "trials": ("Start, by quarter", "开始时间（按季度）"),
    }
    for plot in drawings(*SOME):
        for picture, word in zip(pictures(plot), words[plot.name], strict=True):
            assert word in picture
            assert "NaN" not in picture
            assert "undefined" not in picture
    assert capfd.readouterr().err == ""


HOSTILE = '<img src=x onerror="alert(1)"> </script> \udc80 \x00 \u202e {{x}} ' + "很长" * 200


def test_hostile_text_is_text() -> None:
    name = f"a{HOSTILE}".replace("\udc80", "")
    hostile = paper(
        name,
        *(scores(10, 2), scores(11, 2), dose(1, agent=HOSTILE), dose(2, agent=HOSTILE)),
        *(crs(1, 1, 5, of=1), crs(1, 1, 5, of=1, event="ICANS")),
        *(trial(1, "2024", condition=HOSTILE), trial(2, "2024")),
        studies=[{**WANG, "label": HOSTILE}],
        quote=HOSTILE,
    )
    for plot in drawings(hostile):
        text = json.dumps([plot.rows, plot.specs, plot.remarks], ensure_ascii=True)
        assert json.loads(text)[0] == list(plot.rows)
        json.dumps([plot.rows, plot.specs], ensure_ascii=False).encode()
        for row in plot.rows:
            assert row["quote"].startswith('<img src=x onerror="alert(1)">')
            assert len(row["quote"]) <= 120
            assert row["quote"].endswith("…")
        assert all("<img" not in picture for picture in pictures(plot))


def test_rows_are_few_whatever_the_input() -> None:
    draw = random.Random(1)
    papers = [
        paper(
            f"{at}.txt",
            *(scores(draw.randrange(50), 1, patients=draw.randrange(9)) for _ in range(5)),
            *(drug(f"d{draw.randrange(50)}", draw.randrange(1, 99)) for _ in range(20)),
            *(dose(draw.randrange(1, 10**6), unit=f"u{draw.randrange(9)}") for _ in range(20)),
            *(crs(grade, grade, 2, of=1) for grade in range(1, 6)),
            *(crs(grade, grade, 2, of=1, event="ICANS") for grade in range(1, 6)),
            *(trial(draw.randrange(5000), f"20{draw.randrange(10, 25)}") for _ in range(20)),
            studies=[{"author": f"A{at}", "year": 2024}],
        )
        for at in range(100)
    ]
    found = drawn(*papers)
    assert sum(len(plot.rows) for plot in found.values()) <= MOST_IN_ALL
    assert found == drawn(*papers[::-1])


SAME_BYTES = """
import json, sys
from carextract.records import Document
from carextract.report.plots import plots
from carextract.synthesize import synthesize
papers = [Document.model_validate_json(sys.stdin.read())]
found = plots(papers, synthesize(papers))
print(json.dumps([[p.name, p.rows, p.specs, p.remarks] for p in found]))
"""


@pytest.mark.slow
def test_the_same_bytes_under_every_hash_seed() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SAME_BYTES],
            input=SOME[0].model_dump_json().encode(),
            capture_output=True,
            check=True,
            env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "4711")
    }
    assert len(outputs) == 1


def test_a_picture_reads_out_no_names_of_fields() -> None:
    pytest.importorskip("vl_convert")
    for plot in drawings(*SOME):
        assert all("aria-label" not in picture for picture in pictures(plot))


def test_nothing_reaches_out_of_the_page() -> None:
    for plot in drawings(*SOME):
        text = json.dumps(plot.specs)
        assert '"url"' not in text
        assert "href" not in text
        assert "http" not in text.replace("https://vega.github.io/schema/", "")


def test_the_script_defines_vega_embed_and_claims_no_other_name() -> None:
    pytest.importorskip("vl_convert")
    script = vega_script()
    assert "window.vegaEmbed=" in script
    assert script.startswith("(() => {")
    assert "</script" not in script.lower()
