"""SLEDAI scores: sentences and tables of our own, and what is to be found in each."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from carextract.find.article import read_article
from carextract.find.facts import Fact
from carextract.find.sledai import find_sledai
from carextract.rules import Rules, load_rules

CASES = tomllib.loads(Path(__file__).with_name("sledai_cases.toml").read_text(encoding="utf-8"))[
    "case"
]


@cache
def _rules() -> Rules:
    return load_rules()


def _facts(text: str) -> list[Fact]:
    rules = _rules()
    article = read_article(text, rules.lexicon)
    return [f for f in find_sledai(article, rules.kinds["sledai"]) if isinstance(f, Fact)]


def _score(value: object) -> object:
    if not isinstance(value, dict):
        return ""
    return value["value"] if value["value"] is not None else f"{value['low']}-{value['high']}"


def _key(fact: Fact) -> tuple[object, ...]:
    baseline, followup = _score(fact.fields["baseline"]), _score(fact.fields["followup"])
    # Where both ends are known a change adds nothing.
    change = "" if "" not in (baseline, followup) else fact.fields["change"]
    return (baseline, followup, "" if change is None else change)


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:40] for case in CASES])
def test_scores(case: dict[str, object]) -> None:
    """Each case gives exactly its scores."""
    found = sorted((_key(fact) for fact in _facts(str(case["text"]))), key=str)
    wanted = case["found"]
    assert isinstance(wanted, list)
    assert found == sorted((tuple(entry) for entry in wanted), key=str)


def test_evidence_and_fields() -> None:
    """The deciding span stands first in the evidence, and no field of the contract is missing."""
    text = "Baseline SLEDAI-2K was 18 (range 10-24). At month 6 the SLEDAI-2K was 2."
    (fact,) = _facts(text)
    assert text[fact.spans[0].start : fact.spans[0].end].endswith("SLEDAI-2K was 2")
    assert fact.fields == {
        "instrument": "SLEDAI-2K",
        "baseline": {
            "value": 18,
            "low": None,
            "high": None,
            "statistic": None,
            "spread": "range 10-24",
        },
        "followup": {"value": 2, "low": None, "high": None, "statistic": None, "spread": None},
        "change": None,
        "patients": None,
        "time": {"value": 6, "unit": "month"},
    }


@pytest.mark.parametrize(
    ("text", "patients", "time"),
    [
        ("4名患者的SLEDAI-2K均由18分降至2分。", 4, None),
        ("In nine patients the SLEDAI fell from 16 to 2 by week 24.", 9, (24, "week")),
        ("At month 3 (n = 14) the mean SLEDAI was 4.1.", 14, (3, "month")),
        ("CRS发生于3例患者，SLEDAI由16分降至2分。", None, None),
        ("患者2的SLEDAI在第8周为6分。", 1, (8, "week")),
        ("基线SLEDAI 22分，治疗1个月后降为12分。", None, (1, "month")),
        ("At month 6 the SLEDAI was 0 in eight patients.", 8, (6, "month")),
    ],
)
def test_patients_and_time(text: str, patients: int | None, time: tuple[int, str] | None) -> None:
    """How many patients a score is said of, and when it was taken."""
    (fact,) = _facts(text)
    assert fact.fields["patients"] == patients
    wanted = {"value": time[0], "unit": time[1]} if time else None
    assert fact.fields["time"] == wanted


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("基线SLEDAI 20分，第2、8周分别降至9分和3分。", [(2, "week"), (8, "week")]),
        ("基线SLEDAI 20分，第2周和第8周分别降至9分和3分。", [(2, "week"), (8, "week")]),
        ("基线SLEDAI 20分，移植后2、6个月为9、3分。", [(2, "month"), (6, "month")]),
        (
            "Her SLEDAI was 20; after two and eight weeks it was 9 and 3.",
            [(2, "week"), (8, "week")],
        ),
        ("Her SLEDAI was 20; it was 9 and 3 at 2 and 6 mo.", [(2, "month"), (6, "month")]),
        ("SLEDAI（基线15分）在第4周和第9周分别为8分和2分。", [(4, "week"), (9, "week")]),
        ("两例基线SLEDAI为20、18分，第8周分别降至9分和3分。", [(8, "week"), (8, "week")]),
        ("回输后1/3/6周SLEDAI为9/3/0分。", [(1, "week"), (3, "week"), (6, "week")]),
    ],
)
def test_each_score_has_its_time(text: str, times: list[tuple[int, str]]) -> None:
    """A list of times with one unit is a time for each score."""
    found = [fact.fields["time"] for fact in _facts(text)]
    assert found == [{"value": value, "unit": unit} for value, unit in times]


@pytest.mark.parametrize(
    ("text", "spreads"),
    [
        ("半年时该组SLEDAI-2K均为0分[3]。", [None, None]),
        ("SLEDAI由16分【8】降至0分[3-5]。", [None, None]),
        ("SLEDAI fell from 12 [4] to 2 points [5].", [None, None]),
        ("中位SLEDAI由12［8，16］分降至2［0，4］分。", ["8，16", "0，4"]),
        ("The mean SLEDAI fell from 12.1 (3) to 2.0 (1.2).", ["3", "1.2"]),
        ("The SLEDAI of 8 [SD 3] fell to 2 [IQR 1-3].", ["SD 3", "IQR 1-3"]),
    ],
)
def test_a_citation_is_no_spread(text: str, spreads: list[str | None]) -> None:
    """A number in square brackets beside a score names a reference."""
    (fact,) = _facts(text)
    scores = [fact.fields[end] for end in ("baseline", "followup")]
    assert [score["spread"] if isinstance(score, dict) else None for score in scores] == spreads


@pytest.mark.parametrize(
    ("text", "patients"),
    [
        ("首例患者SLEDAI由18分降至2分。随后7例的SLEDAI中位数由14分（8～20分）降至1分。", [1, None]),
        (
            "The first patient's SLEDAI fell from 18 to 2. In the next seven the median SLEDAI was"
            " 14 (range 8-20) before and 1 (range 0-4) after treatment.",
            [1, None],
        ),
        ("1名患者的SLEDAI-2K由16分降至4分。", [1]),
    ],
)
def test_a_median_is_never_that_of_one_patient(text: str, patients: list[int | None]) -> None:
    """Whoever the sentence before spoke of."""
    assert [fact.fields["patients"] for fact in _facts(text)] == patients


@pytest.mark.parametrize(
    ("text", "statistics"),
    [
        ("中位随访12个月，SLEDAI由14分降到2分。", [None]),
        ("随访中位时间6个月，SLEDAI评分从15分下降到3分。", [None]),
        ("At a median follow-up of 8 months, her SLEDAI fell from 18 to 2.", [None]),
        ("After a median of nine months SLEDAI had fallen from 14 to 2.", [None]),
        ("中位随访8.5个月，5例患者SLEDAI中位数由12分降至1分。", ["median"]),
        ("SLEDAI中位数3个月时为4分。", ["median"]),
        ("The median SLEDAI at 3 months was 4.", ["median"]),
        ("The median SLEDAI-2K fell from 12 to 2 at one year.", ["median"]),
        ("The mean SLEDAI fell from 14 to 3; in one patient it went from 20 to 6.", ["mean", None]),
        ("SLEDAI平均由17分降至3分，其中最重的1例由29分降至5分。", ["mean", None]),
        ("1例患者死亡，其余患者SLEDAI中位数由12分降至1分。", ["median"]),
        (
            "6例SLEDAI平均12.7分；另3例SLEDAI分别由14、11、19分降到2、0、4分。",
            ["mean"] + [None] * 3,
        ),
    ],
)
def test_a_statistic_is_that_of_the_scores_it_is_said_of(
    text: str, statistics: list[str | None]
) -> None:
    """Not one of a time, nor one of a group where a patient of it is named, or each patient is."""
    scores = [fact.fields["followup"] or fact.fields["baseline"] for fact in _facts(text)]
    assert [
        score["statistic"] if isinstance(score, dict) else None for score in scores
    ] == statistics
