"""`carextract studies`: the studies of a paper in the terminal, as CSV and as JSON."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run
from rich.cells import cell_len
from test_synthesize import FAILED, FULL, GRADE_1, MONTHS, cells, drug, paper, save, scores

from carextract.cli.study_table import study_table
from carextract.records import Study
from carextract.synthesize import LISTED, members, worded

LONG = {
    "label": "附属第一医院血液科与风湿免疫科联合研究团队 2025",
    "year": 2025,
    "citation": 112,
    "patients": 4,
    "condition": "难治性系统性红斑狼疮合并狼疮性肾炎及免疫性血小板减少症",
    "product": "经基因编辑的通用型异体CD19靶向嵌合抗原受体T细胞（TyU19）",
    "cell_source": "allogeneic",
    "trial_ids": ("NCT05859997", "ChiCTR2400080001"),
    "doses": [cells(1e6), *(drug(f"drug {number}", number) for number in range(1, 9))],
    "sledai": [scores(14, 2, **MONTHS, patients=4), scores(14.5)],
    "toxicities": [{**GRADE_1, "count": 3, "total": 4, "percent": {"low": 75, "high": 75}}],
}
OWN = {"label": "[own] study", "own": True, "trial_ids": ("NCT06106906",), "patients": 12}
REVIEW = paper(
    "嵌合抗原受体T细胞治疗系统性红斑狼疮的研究进展与展望：一篇很长的题目.pdf", LONG, FULL, OWN
)


def shown(monkeypatch: pytest.MonkeyPatch, width: int, *, on_terminal: bool = False) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    text = study_table(REVIEW.source.name, list(members(REVIEW)), on_terminal=on_terminal)
    return text.splitlines()


@pytest.mark.parametrize("width", [80, 100, 120, 160, 250])
def test_the_table_is_as_wide_as_the_terminal_and_no_trial_number_is_broken(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    lines = shown(monkeypatch, width)
    assert max(map(cell_len, lines)) <= width
    whole = "\n".join(lines)
    for text in (
        "NCT05859997",
        "ChiCTR2400080001",
        "NCT06106906",
        "(its own)",
        "[own]",
        "… 4 more",
    ):
        assert text in whole
    # All of a long text is there, on however many lines, and a full stop begins none of them.
    assert set("难治性系统性红斑狼疮合并狼疮性肾炎及免疫性血小板减少症") <= set(whole)
    assert not any(line.strip().startswith("）") for line in lines)
    rules = [line for line in lines if "───" in line]
    assert len(rules) == 2 + 3
    assert len({cell_len(line) for line in rules}) == 1


@pytest.mark.parametrize("width", [1, 10, 30])
def test_a_terminal_that_is_too_narrow_is_no_error(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    assert shown(monkeypatch, width)


def test_on_a_wide_terminal_each_thing_has_its_column(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, 160)[2].split() == (
        "study year ref. trial n condition product doses SLEDAI CRS, ICANS facts".split()
    )


def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[1m" in "\n".join(shown(monkeypatch, 100, on_terminal=True))
    assert "\x1b" not in "\n".join(shown(monkeypatch, 100))


def test_what_would_break_a_line_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = paper("a\nb.txt", {"label": "LI\r\n\x1b[31m \udc80 [bold]x[/] 2024"})
    monkeypatch.setenv("COLUMNS", "100")
    text = study_table(odd.source.name, list(members(odd)), on_terminal=False)
    assert text.startswith("a b.txt: 1 study\n")
    assert "LI ␛[31m \\udc80 [bold]x[/] 2024" in text


def test_facts_in_words() -> None:
    (study,) = members(paper("a.txt", FULL))
    assert worded(study) == {
        "doses": ("1.1×10⁶ cells/kg CD19 CAR-T",),
        "sledai": ("SLEDAI 16 → 0 after 6 months",),
        "toxicities": ("CRS grade 1: 1/1",),
    }


WORDS: list[tuple[str, dict[str, Any], str]] = [
    ("doses", {**cells(1e6), "low": None}, "≤10⁶ cells/kg"),
    ("doses", {**cells(1e6), "high": 12_500_000}, "10⁶-1.25×10⁷ cells/kg"),
    ("doses", {**drug("prednisone", 5), "high": None}, "≥5 mg/day prednisone"),
    ("sledai", scores(14.5), "SLEDAI 14.5 before"),
    ("sledai", {"instrument": "SLEDAI-2K", "followup": {"value": 2}}, "SLEDAI-2K ? → 2"),
    ("sledai", {"instrument": "SLEDAI", "change": -8, **MONTHS},
     "SLEDAI change -8 after 6 months"),
    ("sledai", {**scores(9, 0), "patients": 8, "time": {"value": 1, "unit": "year"}},
     "SLEDAI 9 → 0 after 1 year (n=8)"),
    ("sledai", {"instrument": "SLEDAI", "baseline": {"value": 13, "statistic": "mean",
     "spread": "±5.1"}}, "SLEDAI mean 13 ±5.1 before"),
    ("sledai", {"instrument": "SLEDAI", "baseline": {"value": 13, "low": 8, "high": 20}},
     "SLEDAI 13 [8-20] before"),
    ("sledai", {"instrument": "SLEDAI", "baseline": {"low": 8}}, "SLEDAI ≥8 before"),
    ("toxicities", {"event": "CRS"}, "CRS"),
    ("toxicities", {"event": "ICANS", "absent": True, "total": 5}, "no ICANS in 5"),
    ("toxicities", {"event": "CRS", "absent": True, "severity": "severe"}, "no severe CRS"),
    ("toxicities", {"event": "CRS", "grade": {"low": 3, "high": None}, "absent": True},
     "no CRS grade ≥3"),
    ("toxicities", {"event": "CRS", "percent": {"low": 40, "high": 60}}, "CRS: 40-60%"),
    ("toxicities", {**GRADE_1, "total": 12}, "CRS grade 1: ?/12"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fact", "words"), WORDS)
def test_a_fact_in_words(kind: str, fact: dict[str, Any], words: str) -> None:
    (study,) = members(paper("a.txt", {kind: [fact]}))
    assert worded(study)[kind] == (words,)


def test_every_field_of_a_study_has_its_column() -> None:
    in_parts = {"evidence": {"page", "quote", "quote_start", "quote_end"}, "reference": {"doi"}}
    names = {column.name for column in LISTED}
    assert set(Study.model_fields) - {"evidence"} <= names
    assert set().union(*in_parts.values()) <= names


def test_the_command_shows_the_studies_of_each_paper(call: Run, tmp_path: Path) -> None:
    save(tmp_path / "facts.jsonl", REVIEW, paper("none.txt"), FAILED)
    result = call("studies", "facts.jsonl", COLUMNS="100")
    out = result.stdout.decode()
    assert result.returncode == 0
    assert "题目.pdf: 3 studies\n" in out
    assert out.endswith("\n\nnone.txt: no studies\n")
    assert result.stderr.decode() == (
        "carextract: facts.jsonl: papers that could not be read, and so have no studies: 1\n"
    )


def test_csv(run: Run, tmp_path: Path) -> None:
    save(tmp_path / "facts.jsonl", REVIEW)
    result = run("studies", "facts.jsonl", "--format", "csv", "-o", "a.csv")
    assert (result.returncode, result.stdout) == (0, b"")
    long, full, own = csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8")))
    assert list(long) == [column.name for column in LISTED]
    assert (long["trial_ids"], long["facts"]) == ("NCT05859997 ChiCTR2400080001", "12")
    assert (full["doi"], full["sledai"]) == ("10.1/a", "SLEDAI 16 → 0 after 6 months")
    assert (own["own"], own["doi"], own["reference"]) == ("true", "", "")


def test_json_has_the_facts_with_their_proof(call: Run, tmp_path: Path) -> None:
    save(tmp_path / "facts.jsonl", REVIEW)
    long, full, own = json.loads(call("studies", "facts.jsonl", "--format", "json").stdout)
    assert (long["paper"], long["key"]) == (REVIEW.source.name, "study-1")
    assert (len(long["doses"]), len(full["toxicities"]), own["sledai"]) == (9, 1, [])
    assert full["doses"][0]["evidence"] == [
        quote.model_dump(mode="json") for quote in REVIEW.doses[-1].evidence
    ]


def test_a_paper_is_read_as_parse_reads_it(call: Run, tmp_path: Path) -> None:
    sample = ROOT / "samples/zh-hans-clean.txt"
    parsed = json.loads(call("parse", sample).stdout)
    (tmp_path / "document").write_bytes(call("parse", sample).stdout)
    for given in (sample, "document"):  # facts are known by how they begin, too
        result = call("studies", given, "--format", "json")
        assert result.returncode == 0
        shown = json.loads(result.stdout)
        assert [study["key"] for study in shown] == [study["key"] for study in parsed["studies"]]


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (["missing.pdf"], b"", "missing.pdf: no such file"),
        (["missing.jsonl"], b"", "missing.jsonl: no such file"),
        (["-"], b'{"schema_version": "1"}', "stdin: line 1: is no document of carextract"),
        (["facts.jsonl", "-o", "facts.jsonl"], b"", "is the input itself"),
        (["."], b"", "is a folder"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(
    call: Run, tmp_path: Path, arguments: list[str], stdin: bytes, said: str
) -> None:
    save(tmp_path / "facts.jsonl", REVIEW)
    result = call("studies", *arguments, stdin=stdin)
    assert (result.returncode, result.stdout) == (1, b"")
    (line,) = result.stderr.decode().splitlines()
    assert said in line
