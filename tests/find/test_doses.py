"""Doses: the cases of doses_cases.toml, what a record holds, and the cost of hostile text."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import carextract

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "doses_cases.toml").read_text(encoding="utf-8")
)["case"]

Row = tuple[object, ...]


def read(text: str) -> list[Row]:
    """The doses of a text as rows: low, high, unit, agent; "" for no bound and no agent."""
    doses = carextract.parse_text(text).doses
    return [tuple("" if v is None else v for v in (d.low, d.high, d.unit, d.agent)) for d in doses]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"].strip()[:40])
def test_a_careful_reader_agrees(case: dict[str, Any]) -> None:
    found = read(case["text"])
    wanted = [tuple(row) for row in case["doses"]]
    assert len(found) == len(wanted), found
    for row in wanted:
        assert any(dose[: len(row)] == row for dose in found), (row, found)


def test_a_dose_said_twice_is_one_record_with_two_quotes() -> None:
    text = "予泼尼松10 mg/d。随访期间泼尼松10 mg/d维持。"
    (dose,) = carextract.parse_text(text).doses
    assert [evidence.text for evidence in dose.evidence] == ["10 mg/d", "10 mg/d"]


def test_the_evidence_of_a_shared_unit_reaches_to_the_unit() -> None:
    first, second = carextract.parse_text("CAR-T细胞0.5、1.0×10^6/kg两组。").doses
    assert first.evidence[0].text == "0.5、1.0×10^6/kg"
    assert second.evidence[0].text == "1.0×10^6/kg"


def test_the_kind_of_agent_follows_the_unit() -> None:
    kinds = [
        d.agent_kind for d in carextract.parse_text("1×10^6 CAR-T cells/kg; MMF 1 g bid").doses
    ]
    assert kinds == ["cell", "drug"]


def test_a_limit_said_again_without_its_time_base_is_the_same_limit() -> None:
    assert read("Prednisone ≤7.5 mg/day. | Prednisone | ≤7.5 mg |") == [
        ("", 7.5, "mg/day", "prednisone")
    ]


@pytest.mark.parametrize(
    "piece", ["1, ", "≥1×", "10 mg/", "每日每公斤", "1×10^6、", "mg/d 1(1,2) "]
)
def test_hostile_text_ends(piece: str) -> None:
    carextract.parse_text((piece * (20_000 // len(piece))) + " mg")
