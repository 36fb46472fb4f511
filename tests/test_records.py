"""The records: what the contract says, no more and no less."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from carextract.records import (
    Document,
    Dose,
    Evidence,
    Grade,
    Notice,
    Score,
    Sledai,
    SourceInfo,
    Study,
    Toxicity,
    Trial,
)

QUOTE = Evidence(text="1×10^6/kg", start=4, end=13, page=None, boxes=None)
PROOF: dict[str, Any] = {"rule": "dose.x", "evidence": (QUOTE,), "repairs": (), "study": None}


def dose(**fields: Any) -> Dose:
    return Dose.model_validate(
        {"key": "dose-1", "unit": "cells/kg", "text": "1×10^6/kg", **PROOF, **fields}
    )


def document(**fields: Any) -> Document:
    source = SourceInfo(
        name="paper.txt",
        sha256="0" * 64,
        media_type="text/plain",
        pages=None,
        characters=20,
        languages=("en",),
        encoding="utf-8",
    )
    return Document(generator="carextract 0", rules="0" * 64, source=source, **fields)


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        (
            Document,
            "schema_version generator rules source trials doses sledai toxicities studies warnings",
        ),
        (SourceInfo, "name sha256 media_type pages characters languages encoding"),
        (Evidence, "text start end page boxes ocr_score"),
        (
            Trial,
            "key id registry intervention condition phase country start_date printed"
            " rule evidence repairs study",
        ),
        (Dose, "key agent agent_kind low high unit text rule evidence repairs study"),
        (
            Sledai,
            "key instrument baseline followup change patients time rule evidence repairs study",
        ),
        (Score, "value low high statistic spread"),
        (
            Toxicity,
            "key event grade severity count total percent absent rule evidence repairs study",
        ),
        (Notice, "code message page"),
        (
            Study,
            "key label author year citation reference trial_ids patients condition product target"
            " cell_source facts rule evidence repairs",
        ),
    ],
)
def test_fields_and_their_order(record: type[Document], fields: str) -> None:
    assert " ".join(record.model_fields) == fields


@pytest.mark.parametrize(
    "fields",
    [
        {"colour": "red"},
        {"evidence": ()},
        {"low": "1e6"},
        {"low": float("nan")},
        {"low": True},
        {"agent_kind": "virus"},
        {"unit": None},
    ],
)
def test_what_is_not_in_the_contract_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        dose(**fields)


def test_records_are_frozen() -> None:
    with pytest.raises(ValidationError):
        dose().low = 2


@pytest.mark.parametrize(("low", "written"), [(1e6, "1000000"), (1100000, "1100000"), (0.5, "0.5")])
def test_numbers_look_the_same_however_they_were_computed(low: float, written: str) -> None:
    assert f'"low":{written},' in dose(low=low).model_dump_json()


def test_grades_are_the_five_of_astct_and_zero() -> None:
    assert Grade(low=3, high=None).high is None
    with pytest.raises(ValidationError):
        Grade(low=6, high=6)


@pytest.mark.parametrize("indent", [None, 2])
def test_json_with_a_lone_surrogate_is_valid_and_gives_the_quote_back(indent: int | None) -> None:
    source = "dose\udc80 1×10^6/kg"
    quote = Evidence(text=source, start=0, end=len(source), page=None, boxes=None)
    damaged = document(doses=(dose(evidence=(quote,), text=source),))
    written = damaged.model_dump_json(indent=indent)
    written.encode("utf-8")
    assert json.loads(written)["doses"][0]["evidence"][0]["text"] == source
    # Apart from the one character, it is what pydantic writes.
    sound = written.replace("\\udc80", "?")
    whole = Document.model_validate(json.loads(sound))
    assert whole.model_dump_json(indent=indent) == sound


def test_document_comes_back_from_its_json() -> None:
    written = document(doses=(dose(low=1, high=1),))
    assert Document.model_validate_json(written.model_dump_json()) == written


def test_schema_requires_every_field_that_is_always_written() -> None:
    schema = Document.model_json_schema(mode="serialization")
    for name, definition in {"Document": schema, **schema["$defs"]}.items():
        assert definition["required"] == list(definition["properties"]), name
        assert definition["additionalProperties"] is False, name


def test_schema_explains_every_field_of_a_fact() -> None:
    definitions = Document.model_json_schema(mode="serialization")["$defs"]
    for name in ("Trial", "Dose", "Sledai", "Toxicity", "Evidence", "Score", "Grade", "Percent"):
        for field, body in definitions[name]["properties"].items():
            assert body.get("description"), f"{name}.{field}"
