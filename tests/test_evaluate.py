"""Evaluation: what counts as the same fact, and which lines of a gold file are refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from carextract import evaluate as module
from carextract.errors import InputError
from carextract.evaluate import Tally, evaluate, read_passages
from carextract.evaluate.facts import KEYS
from carextract.records import FACT_KINDS

PASSAGE = {"id": "a-1", "text": "Grade 1 CRS.", "gold": {}}


def gold_file(path: Path, *passages: object) -> Path:
    file = path / "gold.jsonl"
    file.write_text("\n".join(json.dumps(p) for p in passages), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("kind", "gold", "record"),
    [
        ("doses", {"low": 1.1e6, "high": 1100000, "unit": "g"}, {"low": 1100000, "high": 1.1e6}),
        ("doses", {"low": 7.5, "high": None, "unit": "g"}, {"low": 7.5, "high": None}),
        ("sledai", {"baseline": 16, "followup": 0}, {"baseline": 16, "followup": 0, "change": -16}),
        ("sledai", {"baseline": None, "change": -10}, {"change": -10}),
        ("sledai", {"followup": "0-2"}, {"followup": {"value": None, "low": 0, "high": 2}}),
        ("sledai", {"followup": 4}, {"followup": {"value": 4, "low": None, "high": None}}),
        ("toxicities", {"grade": ">=3"}, {"grade": {"low": 3, "high": None}}),
        ("toxicities", {"grade": "<=2"}, {"grade": {"low": None, "high": 2}}),
        ("toxicities", {"grade": "1-2"}, {"grade": {"low": 1, "high": 2}}),
        ("toxicities", {"grade": "1"}, {"grade": {"low": 1, "high": 1}}),
        ("toxicities", {"grade": None}, {"grade": {"low": None, "high": None}}),
        ("toxicities", {"percent": 33}, {"percent": {"low": 33, "high": 33}}),
        ("toxicities", {"percent": "30-100"}, {"percent": {"low": 30, "high": 100}}),
        ("toxicities", {"absent": True, "count": 0}, {"absent": True, "percent": 0}),
    ],
)
def test_gold_and_record_are_the_same_fact(
    kind: str, gold: dict[str, Any], record: dict[str, Any]
) -> None:
    common = {"doses": {"unit": "g"}, "toxicities": {"event": "CRS"}}.get(kind, {})
    key = KEYS[kind]
    assert key(common | gold) == key(common | record)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("doses", {"low": 1, "high": 1, "unit": "g"}, {"low": 1, "high": 1, "unit": "mg"}),
        ("doses", {"low": 1, "high": 1, "unit": "g"}, {"low": 1, "high": None, "unit": "g"}),
        ("sledai", {"baseline": 16}, {"followup": 16}),
        ("sledai", {"baseline": 16}, {"baseline": 16, "change": -10}),
        ("toxicities", {"event": "CRS"}, {"event": "ICANS"}),
        ("toxicities", {"event": "CRS"}, {"event": "CRS", "absent": True}),
        ("toxicities", {"event": "CRS"}, {"event": "CRS", "count": 0}),
        ("toxicities", {"event": "CRS", "grade": "3"}, {"event": "CRS", "grade": ">=3"}),
    ],
)
def test_these_are_not(kind: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    assert KEYS[kind](one) != KEYS[kind](other)


def test_shares() -> None:
    tally = Tally(right=3, missed=1, wrong=2)
    assert (tally.precision, tally.recall) == (0.6, 0.75)
    assert tally.f1 == pytest.approx(2 / 3)
    assert tally + tally == Tally(6, 2, 4)
    assert (Tally().precision, Tally().recall, Tally().f1) == (None, None, None)


def test_tally_and_differences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"trials": frozenset({("A",), ("B",), ("D",)})}
    monkeypatch.setattr(module, "parse_text", lambda text, patterns: text)
    monkeypatch.setattr(
        module, "document_keys", lambda text: dict.fromkeys(FACT_KINDS, frozenset()) | said
    )
    gold = {"trials": [{"id": "A"}, {"id": "C"}]}
    optional = {"trials": [{"id": "D"}, {"id": "E"}]}
    report = evaluate(gold_file(tmp_path, PASSAGE | {"gold": gold, "optional": optional}))
    assert report.tallies["trials"] == Tally(right=1, missed=1, wrong=1)
    assert report.tallies["doses"] == Tally()
    assert [(d.passage, d.what, d.fact) for d in report.differences] == [
        ("a-1", "missed", "id=C"),
        ("a-1", "wrong", "id=B"),
    ]


@pytest.mark.parametrize(
    ("passage", "what"),
    [
        ([1], "is not a JSON object"),
        ({"text": "x", "gold": {}}, "`id` is missing or empty"),
        ({"id": "a", "text": "", "gold": {}}, "`text` is missing or empty"),
        ({"id": "a", "text": "x"}, "`gold` is missing"),
        (PASSAGE | {"gold": {"weather": []}}, "`gold` has an unknown kind 'weather'"),
        (PASSAGE | {"gold": {"doses": {}}}, "`doses` is not a list of objects"),
        (PASSAGE | {"gold": {"trials": [{}]}}, "trials: 'id' is missing"),
        (PASSAGE | {"gold": {"trials": [{"id": ["A"]}]}}, "trials: ['A'] is not a string"),
        (PASSAGE | {"gold": {"doses": [{"low": "1", "unit": "g"}]}}, "doses: '1' is not a number"),
        (PASSAGE | {"gold": {"sledai": [{"baseline": "low"}]}}, "sledai: 'low' is neither"),
        (
            PASSAGE | {"gold": {"toxicities": [{"event": "CRS", "grade": "7"}]}},
            "toxicities: '7' is not a grade",
        ),
    ],
)
def test_line_that_cannot_be_used(tmp_path: Path, passage: object, what: str) -> None:
    file = gold_file(tmp_path, PASSAGE, passage)
    with pytest.raises(InputError) as caught:
        read_passages(file)
    assert str(caught.value).startswith(f"{file}: line 2: {what}")


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    with pytest.raises(InputError, match="No such file"):
        read_passages(file)
    file.write_text("\n\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds no passages"):
        read_passages(file)
    file.write_text('{"id": \n', encoding="utf-8")
    with pytest.raises(InputError, match="line 1: is not JSON"):
        read_passages(file)
    file.write_bytes(b'{"id": "\xff"}')
    with pytest.raises(InputError, match="is not UTF-8 at byte 8"):
        read_passages(file)
