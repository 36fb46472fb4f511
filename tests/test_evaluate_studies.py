"""Evaluation of studies: what counts as the same study, a right field, and a right link."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

from carextract.errors import InputError
from carextract.evaluate import studies as module
from carextract.evaluate.gold_studies import read_study_passages
from carextract.evaluate.studies import evaluate_studies, score
from carextract.evaluate.verdicts import StudiesReport
from carextract.records import Document

TEXT = (
    "Ito et al. [3] gave cells to five patients at Lund Hospital. We treated two, and one had CRS. "
    "Over all studies three patients had CRS of grade 2."
)
ITO, WE, POOLED = "Ito et al. [3]", "We treated two", "three patients had CRS of grade 2"
CRS_1 = {"event": "CRS", "grade": "1", "count": 1, "absent": False}
DOSE = {"low": 1000000, "high": 1000000, "unit": "cells/kg"}


def proof(quote: str = ITO) -> dict[str, Any]:
    start = TEXT.index(quote)
    quoted = {"text": quote, "start": start, "end": start + len(quote)}
    return {"rule": "a.rule", "evidence": [quoted], "repairs": []}


def study(number: int = 1, quote: str = ITO, **fields: Any) -> dict[str, Any]:
    facts = [{"key": key, "how": "citation"} for key in fields.pop("facts", [])]
    label = {"key": f"study-{number}", "label": f"study {number}"}
    return label | proof(quote) | {"facts": facts} | fields


def dose(number: int, low: float = 1000000, quote: str = ITO) -> dict[str, Any]:
    amount = {"low": low, "high": low, "unit": "cells/kg", "text": quote, "study": None}
    return {"key": f"dose-{number}"} | amount | proof(quote)


def toxicity(number: int, quote: str = WE, **fields: Any) -> dict[str, Any]:
    return {"key": f"toxicity-{number}", "event": "CRS", "study": None} | proof(quote) | fields


def document(**records: Any) -> Document:
    source = {
        "name": "text",
        "sha256": "",
        "media_type": "text/plain",
        "pages": None,
        "characters": len(TEXT),
        "languages": (),
        "encoding": None,
    }
    return Document.model_validate({"generator": "", "rules": "", "source": source} | records)


def gold_file(folder: Path, *passages: object) -> Path:
    file = folder / "gold.jsonl"
    file.write_text("\n".join(map(json.dumps, passages)), encoding="utf-8")
    return file


def scored(folder: Path, passage: dict[str, Any], said: Document) -> StudiesReport:
    whole = {"id": "a-1", "text": TEXT, "studies": []} | passage
    (read,) = read_study_passages(gold_file(folder, whole))
    return StudiesReport(tuple(score(read, said)))


def found(folder: Path, gold: list[dict[str, Any]], said: list[dict[str, Any]]) -> tuple[int, int]:
    """How many studies of gold were found, and how many of the output are extra."""
    report = scored(folder, {"studies": gold}, document(studies=said))
    return report.count("gold")["right"], report.count("said")["extra"]


# ---------------------------------------------------------------- the same study


@pytest.mark.parametrize(
    ("gold", "said"),
    [
        ({"citation": [3]}, {"citation": 3}),
        ({"citation": [3], "author": "Ito"}, {"citation": 3, "author": "Chan"}),
        ({"author": "ITO", "year": 2021}, {"author": "Itō", "year": 2021}),
        ({"author": "Ito", "year": 2021}, {"author": "Ito"}),
        ({"author": "Ito"}, {"author": "Ito K"}),
        ({"author": "Ito K"}, {"author": "Keiko Ito"}),
        ({"author": "Ito", "year": 2021, "citation": [3]}, {"author": "Ito", "year": 2021}),
        ({"author": "金京玉"}, {"author": "金主任"}),
        ({"trial_ids": ["NCT01234567"]}, {"trial_ids": ["NCT01234567", "NCT07654321"]}),
        ({"institution": "Lund University Hospital", "n": 5}, {"label": "Lund", "patients": 5}),
        ({"citation": [3, 4]}, {"citation": 4}),
        ({"own": True, "evidence": {"quote": WE}}, {"quote": WE}),
        ({"evidence": {"quote": WE}}, {"quote": WE}),
    ],
)
def test_a_study_is_found(tmp_path: Path, gold: dict[str, Any], said: dict[str, Any]) -> None:
    assert found(tmp_path, [gold], [study(**said)]) == (1, 0)


@pytest.mark.parametrize(
    ("gold", "said"),
    [
        ({"citation": [3]}, {"citation": 4}),
        ({"citation": [3]}, {}),
        ({"author": "Ito", "year": 2021}, {"author": "Ito", "year": 2022}),
        ({"author": "Ito", "citation": [3]}, {"author": "Ito", "citation": 4}),
        ({"author": "Ito K"}, {"author": "Ito H"}),
        ({"author": "Ito", "citation": [3, 4]}, {"citation": 4}),
        ({"institution": "Lund Hospital", "n": 5}, {"label": "Lund", "patients": 2}),
        ({"institution": "Oslo University Hospital", "n": 5}, {"patients": 5}),
        ({"own": True, "evidence": {"quote": WE}}, {"quote": WE, "author": "Ito"}),
        ({"own": True, "evidence": {"quote": WE}}, {"quote": ITO}),
        ({"citation": [3], "evidence": {"quote": WE}}, {"quote": WE}),
    ],
)
def test_another_study_is_not(tmp_path: Path, gold: dict[str, Any], said: dict[str, Any]) -> None:
    assert found(tmp_path, [gold], [study(**said)]) == (0, 1)


def test_studies_are_matched_one_to_one_the_best_agreement_first(tmp_path: Path) -> None:
    gold: list[dict[str, Any]] = [{"author": "Ito"}, {"author": "Ito", "citation": [3]}]
    assert found(tmp_path, gold, [study(author="Ito", citation=3)]) == (1, 0)
    said = [study(1, author="Ito", citation=3), study(2, author="Ito")]
    report = scored(tmp_path, {"studies": gold}, document(studies=said))
    assert report.count("gold")["right"] == 2
    assert report.count("fields", "citation") == {"right": 1}


def test_two_entries_with_one_citation_may_be_one_study(tmp_path: Path) -> None:
    one, other = {"citation": [3], "n": 5, "doses": [DOSE]}, {"citation": [3], "doses": [DOSE]}
    passage = {"studies": [one, other]}
    said = document(studies=[study(citation=3, patients=5, facts=["dose-1"])], doses=[dose(1)])
    report = scored(tmp_path, passage, said)
    assert report.count("gold") == {"right": 2}
    assert report.count("said") == {"right": 1}
    assert report.count("fields", "patients") == {"right": 1}
    assert report.count("links") == {"right": 1}


def test_a_sentence_that_cites_several_studies_may_be_told_as_several(tmp_path: Path) -> None:
    said = [study(1, citation=3), study(2, citation=4), study(3, citation=6)]
    assert found(tmp_path, [{"citation": [3, 4, 5]}], said) == (1, 1)


# ---------------------------------------------------------------- fields


@pytest.mark.parametrize(
    ("gold", "said", "name", "what"),
    [
        ({"author": "G HILARDI"}, {"author": "GHILARDI"}, "author", "right"),
        ({"author": "GHILARDI"}, {"author": "LARDI"}, "author", "wrong"),
        ({"author": "Ito"}, {}, "author", "missed"),
        ({}, {"author": "Ito"}, "author", "beyond"),
        ({"year": 2021}, {"year": 2022}, "year", "wrong"),
        ({"n": 5}, {"patients": 5}, "patients", "right"),
        ({"n": 5}, {"patients": 3}, "patients", "wrong"),
        ({"n": None}, {"patients": 3}, "patients", "beyond"),
        ({"n": None, "n_planned": 12}, {"patients": 12}, "patients", "wrong"),
        ({"disease": ["IMNM", "SSc"]}, {"condition": "IMNM; SSc"}, "condition", "right"),
        ({"disease": ["SLE", "LN"]}, {"condition": "lupus nephritis"}, "condition", "right"),
        ({"disease": ["LN"]}, {"condition": "SLE; LN"}, "condition", "wrong"),
        ({"disease": []}, {"condition": "SLE"}, "condition", "beyond"),
        (
            {"product": "CD19 + BCMA CAR-T (mixed)"},
            {"product": "CD19/BCMA CAR-T"},
            "product",
            "right",
        ),
        ({"product": "universal CD19 CAR-T"}, {"product": "CD19 CAR-T"}, "product", "right"),
        ({"product": "CAR-T", "target": ["CD19"]}, {"product": "CD19 CAR-T"}, "product", "right"),
        ({"product": "TyU19", "target": ["CD19"]}, {"product": "CD19 CAR-T"}, "product", "right"),
        ({"product": "PD-L1 CAR-NK92"}, {"product": "PD-L1 CAR-NK"}, "product", "right"),
        ({"product": "CD19 CAR-T"}, {"product": "CD19/BCMA CAR-T"}, "product", "wrong"),
        ({"product": "CD19 CAR-Treg"}, {"product": "CD19 CAR-T"}, "product", "wrong"),
        (
            {"product": "rituximab", "target": ["CD20"]},
            {"product": "CD20 CAR-T"},
            "product",
            "wrong",
        ),
        ({"target": ["CD19", "BCMA"]}, {"target": "CD19/BCMA"}, "target", "right"),
        ({"target": ["CD19", "BCMA"]}, {"target": "CD19"}, "target", "right"),
        ({"target": ["CD19"]}, {"target": "CD19/BCMA"}, "target", "wrong"),
        ({"source": "allogeneic"}, {"cell_source": "autologous"}, "cell_source", "wrong"),
        ({"trial_ids": ["NCT1"]}, {"trial_ids": ["NCT1", "NCT2"]}, "trial_ids", "wrong"),
    ],
)
def test_a_field_is(
    tmp_path: Path, gold: dict[str, Any], said: dict[str, Any], name: str, what: str
) -> None:
    cited = document(studies=[study(citation=3, **said)])
    report = scored(tmp_path, {"studies": [{"citation": [3]} | gold]}, cited)
    assert report.count("fields", name) == {what: 1}
    assert report.count("fields", "citation") == {"right": 1}


def test_fields_that_neither_gives_are_not_scored(tmp_path: Path) -> None:
    report = scored(
        tmp_path, {"studies": [{"citation": [3]}]}, document(studies=[study(citation=3)])
    )
    assert report.count("fields") == {"right": 1}


def test_of_a_study_that_was_not_found_no_field_is_scored(tmp_path: Path) -> None:
    report = scored(tmp_path, {"studies": [{"author": "Ito", "n": 5}]}, document())
    assert report.count("fields") == {}


# ---------------------------------------------------------------- links


TWO = [{"citation": [3], "doses": [DOSE]}, {"citation": [4], "toxicities": [CRS_1]}]


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        ([["dose-1"], ["toxicity-1"]], {"right": 2}),
        ([["dose-1"], []], {"right": 1, "missed": 1}),
        ([[], ["dose-1"]], {"wrong": 1, "missed": 2}),
        ([["dose-1", "toxicity-1"], []], {"right": 1, "wrong": 1, "missed": 1}),
        ([["dose-1"], ["dose-1", "toxicity-1"]], {"right": 2, "wrong": 1}),
        ([["dose-1"], ["toxicity-1", "dose-2"]], {"right": 2, "beyond": 1}),
    ],
)
def test_links_are_scored_one_by_one(
    tmp_path: Path, facts: list[list[str]], counts: dict[str, int]
) -> None:
    said = document(
        studies=[study(1, citation=3, facts=facts[0]), study(2, citation=4, facts=facts[1])],
        doses=[dose(1), dose(2, low=7)],
        toxicities=[toxicity(1, grade={"low": 1, "high": 1}, count=1)],
    )
    assert scored(tmp_path, {"studies": TWO}, said).count("links") == counts


@pytest.mark.parametrize(
    "passage",
    [
        {"unlinked": [{"kind": "toxicities", "quote": POOLED, "why": "pooled"}]},
        {"gold": {"toxicities": [{"event": "CRS", "grade": "2", "count": 3}]}},
        {"optional": {"toxicities": [{"event": "CRS", "grade": "2", "count": 3}]}},
        {
            "studies": [
                {"citation": [3]},
                {"citation": [3, 4], "design": "pooled", "crs": [{"grade": "2", "count": 3}]},
            ]
        },
    ],
)
def test_a_fact_of_no_study_is_a_wrong_link_to_any(tmp_path: Path, passage: dict[str, Any]) -> None:
    said = document(
        studies=[study(citation=3, facts=["toxicity-1"])],
        toxicities=[toxicity(1, POOLED, grade={"low": 2, "high": 2}, count=3)],
    )
    report = scored(tmp_path, {"studies": [{"citation": [3]}]} | passage, said)
    assert report.count("links") == {"wrong": 1}
    assert "of no study" in next(v.detail for v in report.verdicts if v.what == "wrong")


def test_a_pooled_statement_owns_no_fact_even_where_it_is_matched(tmp_path: Path) -> None:
    pooled = {"citation": [3, 4], "design": "pooled", "n": 9, "dose": DOSE}
    said = document(studies=[study(citation=3, patients=5, facts=["dose-1"])], doses=[dose(1)])
    report = scored(tmp_path, {"studies": [pooled]}, said)
    assert report.count("gold") == {"right": 1}
    assert report.count("fields") == {}
    assert report.count("links") == {"wrong": 1}


def test_a_fact_tied_to_an_extra_study_is_a_wrong_link(tmp_path: Path) -> None:
    said = document(studies=[study(citation=9, facts=["dose-1"])], doses=[dose(1)])
    report = scored(tmp_path, {"studies": TWO}, said)
    assert report.count("links", "doses") == {"wrong": 1, "missed": 1}


@pytest.mark.parametrize(
    ("quote", "counts"), [(POOLED, {"wrong": 1}), (ITO, {})], ids=["of none", "a field elsewhere"]
)
def test_trial_numbers_count_as_links_only_where_they_are_of_no_study(
    tmp_path: Path, quote: str, counts: dict[str, int]
) -> None:
    number = {"id": "NCT01234567", "registry": "ClinicalTrials.gov", "study": None}
    said = document(
        studies=[study(citation=3, facts=["trial-1"])],
        trials=[{"key": "trial-1"} | number | proof(quote)],
    )
    unlinked = [{"kind": "trials", "quote": POOLED, "why": "a list"}]
    report = scored(tmp_path, {"studies": [{"citation": [3]}], "unlinked": unlinked}, said)
    assert report.count("links") == counts


@pytest.mark.parametrize(
    ("gold", "record", "what"),
    [
        (
            {"crs": [{"grade": "1", "count": 7}]},
            {"grade": {"low": 1, "high": 1}, "count": 7},
            "right",
        ),
        ({"crs": [{"absent": True}]}, {"absent": True, "severity": "severe"}, "right"),
        ({"crs": [{"absent": True, "severity": "severe"}]}, {"absent": True}, "missed"),
        ({"crs": [{"absent": True}]}, {}, "missed"),
        ({"icans": [{"absent": True}]}, {"absent": True}, "missed"),
        ({"icans": [{"absent": True}]}, {"event": "ICANS", "absent": True, "count": 0}, "right"),
        ({"toxicities": [CRS_1]}, {"grade": {"low": 1, "high": 1}, "count": 2}, "missed"),
        ({"toxicities": [CRS_1 | {"grade": None}]}, {"count": 1}, "right"),
        (
            {"toxicities": [CRS_1 | {"grade": None}]},
            {"grade": {"low": 2, "high": 2}, "count": 1},
            "missed",
        ),
    ],
)
def test_of_a_toxicity_what_gold_states_is_compared(
    tmp_path: Path, gold: dict[str, Any], record: dict[str, Any], what: str
) -> None:
    said = document(
        studies=[study(citation=3, facts=["toxicity-1"])], toxicities=[toxicity(1, **record)]
    )
    report = scored(tmp_path, {"studies": [{"citation": [3]} | gold]}, said)
    assert [v.what for v in report.verdicts if v.part == "links"][-1] == what


def test_a_fact_is_of_the_study_that_states_it_most_fully(tmp_path: Path) -> None:
    none = {"event": "CRS", "absent": True}
    no_severe: dict[str, Any] = {"absent": True, "severity": "severe"}
    gold = [
        {"citation": [3], "toxicities": [none]},
        {"citation": [4], "toxicities": [none | no_severe]},
    ]
    said = document(
        studies=[study(1, citation=3, facts=["toxicity-1"])], toxicities=[toxicity(1, **no_severe)]
    )
    assert scored(tmp_path, {"studies": gold}, said).count("links") == {"wrong": 1, "missed": 2}


# ---------------------------------------------------------------- tables of trials


ROW = {
    "row": 1,
    "car_type": "CD19 CAR-T",
    "disease": ["SLE", "LN"],
    "phase": "Early I",
    "location": "China",
    "start": "2025-02-10",
    "nct": "NCT01234567",
}
TRIAL = {
    "key": "trial-1",
    "id": "NCT01234567",
    "registry": "ClinicalTrials.gov",
    "intervention": "CD19 CAR-T",
    "condition": "SLE, lupus nephritis",
    "phase": "early 1",
    "country": "China",
    "start_date": "2025-02-10",
    "study": None,
}
PHASE_DOUBTFUL = {"code": "phase-doubtful", "message": "line 1: NCT01234567: phase printed as 'm'"}
MUST_BE_FLAGGED = {"flags": ["phase: by shape; accept III flagged or null flagged"]}


@pytest.mark.parametrize(
    ("row", "trial", "warnings", "cell", "what"),
    [
        ({}, {}, [], None, "right"),
        ({"phase": "I/II"}, {"phase": "1/2"}, [], None, "right"),
        ({"phase": None}, {"phase": None}, [], None, "right"),
        ({"phase": None}, {}, [], "phase", "wrong"),
        ({}, {"phase": None}, [], "phase", "wrong"),
        ({}, {"phase": None}, [PHASE_DOUBTFUL], "phase", "flagged"),
        ({}, {"phase": "3"}, [PHASE_DOUBTFUL], "phase", "flagged"),
        ({"phase": "III"} | MUST_BE_FLAGGED, {"phase": "3"}, [], "phase", "wrong"),
        ({"phase": "III"} | MUST_BE_FLAGGED, {"phase": "3"}, [PHASE_DOUBTFUL], "phase", "flagged"),
        ({}, {"country": "Germany"}, [PHASE_DOUBTFUL], "country", "wrong"),
        ({}, {"condition": "SLE"}, [], "condition", "wrong"),
        ({}, {"intervention": "CD19 CAR-NK"}, [], "intervention", "wrong"),
        ({}, {"start_date": "2025-02"}, [], "start_date", "wrong"),
        ({}, {"id": "NCT01234568"}, [], "id", "wrong"),
    ],
)
def test_a_row_of_a_table_is(
    tmp_path: Path,
    row: dict[str, Any],
    trial: dict[str, Any],
    warnings: list[dict[str, Any]],
    cell: str | None,
    what: str,
) -> None:
    said = document(trials=[TRIAL | proof() | trial], warnings=warnings)
    report = scored(tmp_path, {"trial_table": [ROW | row]}, said)
    assert report.count("rows") == {what: 1}
    if cell is not None:
        assert report.count("cells", cell) == {what: 1}


def test_two_rows_may_share_a_trial(tmp_path: Path) -> None:
    report = scored(tmp_path, {"trial_table": [ROW, ROW]}, document(trials=[TRIAL | proof()]))
    assert report.count("rows") == {"right": 2}
    assert report.count("cells") == {"right": 12}


# ---------------------------------------------------------------- the gold file


def test_the_text_may_stand_in_a_file_that_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "a.txt").write_text("beside", encoding="utf-8")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "b.txt").write_text("in the folder of sources", encoding="utf-8")
    items: list[dict[str, Any]] = [
        {"id": "a", "text": "", "source": name, "studies": []} for name in ("a.txt", "b.txt")
    ]
    read = read_study_passages(gold_file(folder, *items))
    assert [passage.text for passage in read] == ["beside", "in the folder of sources"]


def test_a_quote_stands_where_gold_says(tmp_path: Path) -> None:
    quote = {"quote": "CRS", "start": TEXT.rindex("CRS")}
    studies = [{"evidence": quote}, {"evidence": {"quote": "CRS"}}]
    (passage,) = read_study_passages(
        gold_file(tmp_path, {"id": "a", "text": TEXT, "studies": studies})
    )
    places = [one.place for one in passage.studies]
    assert [place and place.start for place in places] == [TEXT.rindex("CRS"), TEXT.index("CRS")]


@pytest.mark.parametrize(
    ("passage", "what"),
    [
        ([1], "is not a JSON object"),
        ({"text": "x", "studies": []}, "`id` is missing or empty"),
        ({"id": "a", "text": "x"}, "`studies` is missing"),
        ({"id": "a", "text": "x", "studies": {}}, "`studies` is not a list of objects"),
        ({"id": "a", "studies": []}, "`text` is empty, and `source` names no file"),
        ({"id": "a", "source": "b.txt", "studies": []}, "`text` is empty, and b.txt is not beside"),
        ({"id": "a", "text": "x", "studies": [{"n": "five"}]}, "`n` is 'five', which is no whole"),
        ({"id": "a", "text": "x", "studies": [{"citation": ["3"]}]}, "`citation` is not a list of"),
        ({"id": "a", "text": "x", "studies": [{"doses": [{}]}]}, "doses: 'unit' is missing"),
        (
            {"id": "a", "text": "x", "studies": [{"evidence": {"quote": "y"}}]},
            "the quote 'y' is not in the text",
        ),
        (
            {"id": "a", "text": "x", "studies": [], "unlinked": [{"kind": "weather"}]},
            "`unlinked` has an unknown kind 'weather'",
        ),
        (
            {"id": "a", "text": "x", "studies": [], "trial_table": [{}]},
            "`trial_table`: row 1 has no",
        ),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, passage: object, what: str) -> None:
    file = gold_file(tmp_path, {"id": "a", "text": "x", "studies": []}, passage)
    with pytest.raises(InputError) as caught:
        read_study_passages(file)
    assert str(caught.value).startswith(f"{file}: line 2: {what}")


# ---------------------------------------------------------------- the command


def test_every_passage_is_read_and_scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        module, "parse_text", lambda text, patterns: document(studies=[study(citation=len(text))])
    )
    passages = [
        {"id": text, "text": text, "studies": [{"citation": [2]}]} for text in ("ab", "abc")
    ]
    report = evaluate_studies(gold_file(tmp_path, *passages))
    assert report.count("gold") == {"right": 1, "missed": 1}
    assert {v.passage for v in report.verdicts if v.what in ("missed", "extra")} == {"abc"}


def test_the_command_prints_shares_and_errors(call: Run, tmp_path: Path) -> None:
    passage = {
        "id": "a-1",
        "text": "Nothing is told here of NCT01234567.",
        "studies": [{"author": "Ito", "year": 2021, "doses": [DOSE]}],
        "trial_table": [{"nct": "NCT01234567"}],
    }
    result = call("evaluate", gold_file(tmp_path, passage), "--studies", "--errors")
    assert (result.returncode, result.stderr) == (0, b"")
    lines = result.stdout.decode().splitlines()
    assert lines[:2] == [
        "a-1  missed   study  Ito 2021",
        "a-1  missed   doses  Ito 2021: low=1e+06 high=1e+06 unit=cells/kg",
    ]
    starts = [line.split()[:3] for line in lines if line]
    for start in (["studies", "0", "1"], ["doses", "0", "1"], ["whole", "rows", "1"]):
        assert start in starts


def test_a_gold_file_that_cannot_be_used_ends_in_one_line(call: Run, tmp_path: Path) -> None:
    result = call("evaluate", gold_file(tmp_path, {"id": "a", "text": "x"}), "--studies")
    assert result.returncode == 1
    assert result.stdout == b""
    assert result.stderr.decode().count("\n") == 1
