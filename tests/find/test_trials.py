"""Trials: the cases of trials_cases.toml, the rows of tables, and what may never be a trial."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import carextract
from carextract.find.trials.details import misread_phase
from carextract.values import iso_date, trial_phase

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "trials_cases.toml").read_text(encoding="utf-8")
)["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"].strip()[:40])
def test_case(case: dict[str, Any]) -> None:
    document = carextract.parse_text(case["text"])
    wanted = {trial["id"]: trial for trial in case["found"]}
    assert {trial.id for trial in document.trials} == set(wanted)
    for trial in document.trials:
        quotes = [evidence.text for evidence in trial.evidence]
        expected = dict(wanted[trial.id])
        assert any(expected.pop("quote", "") in quote for quote in quotes)
        assert {name: getattr(trial, name) or "" for name in expected} == expected
    codes = [notice.code for notice in document.warnings]
    assert sorted(codes) == sorted(case.get("remarks", []))


def test_a_number_named_twice_is_one_trial_with_two_quotes() -> None:
    row = "CD19 CAR-T SLE I 中国 2024-06-19 NCT06106999"
    document = carextract.parse_text(f"结果见NCT06106999。\n\n{row}\n")
    (trial,) = document.trials
    assert [evidence.text for evidence in trial.evidence] == [row, "NCT06106999"]
    assert trial.phase == "1"


def test_printed_forms_are_those_of_the_source() -> None:
    text = (
        "产品类型 疾病 试验分期 研究国家 启动时间 试验注册号\n"
        "IM 19 CAR-yST SLE.LN i /n 马来西亚 202501-03 N CT06106998\n"
    )
    (trial,) = carextract.parse_text(text).trials
    assert trial.printed == {
        "intervention": "IM 19 CAR-yST",
        "condition": "SLE.LN",
        "phase": "i /n",
        "country": "马来西亚",
        "start_date": "202501-03",
    }
    assert (trial.intervention, trial.start_date) == ("IM19 CAR-γδT", "2025-01-03")
    assert all(printed in trial.evidence[0].text for printed in trial.printed.values())


@pytest.mark.parametrize(
    ("printed", "phase"),
    [("i", "1"), ("II/III", "2/3"), ("Ⅰb期", "1"), ("0期", "early 1"), ("第三期", "3")],
)
def test_phases(printed: str, phase: str) -> None:
    assert trial_phase(printed) == phase


@pytest.mark.parametrize(
    "printed", ["", "探索性", "期", "5", "1/3", "early 2", "I/I/II/III", "2024"]
)
def test_what_is_no_phase(printed: str) -> None:
    assert trial_phase(printed) is None


@pytest.mark.parametrize(("printed", "phase"), [("n", "2"), ("l/ll", "1/2"), ("l/n期", "1/2")])
def test_phases_misread(printed: str, phase: str) -> None:
    assert misread_phase(printed) == phase


@pytest.mark.parametrize("printed", ["mm", "n/m/l", "", "nl/i", "24"])
def test_what_no_misreading_explains(printed: str) -> None:
    assert misread_phase(printed) is None


@pytest.mark.parametrize(
    "printed", ["2024-00", "2024-13-01", "1999-01-01", "31 June 2024", "Foo 2024"]
)
def test_what_is_no_date(printed: str) -> None:
    assert iso_date(printed) is None
