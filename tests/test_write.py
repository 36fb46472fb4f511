"""Writing: facts to records with their proof, records to lines and rows, output to its file."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from carextract.errors import CarextractError
from carextract.find.facts import Fact, Findings, Remark
from carextract.link import Links
from carextract.read import Source, from_string
from carextract.records import Document
from carextract.rules import Rules
from carextract.tracked import Span, TrackedText
from carextract.write import document, to_csv, to_jsonl, write_output

TEXT = "=SLEDAI fell by 10 points.\nGrade １ CRS in 3 of 7."
RULES = cast("Rules", SimpleNamespace(digest="0" * 64))


def at(quote: str) -> Span:
    start = TEXT.index(quote)
    return Span(start, start + len(quote))


def fact(kind: str, *spans: Span, **fields: object) -> Fact:
    return Fact(kind, f"{kind}.rule", spans, cast("Mapping[str, object]", fields))


CHANGE = fact(
    "sledai",
    at("=SLEDAI fell by 10"),
    instrument="SLEDAI",
    change=-10,
    baseline={"value": 14.0, "low": None, "high": None, "statistic": "mean", "spread": "-3.1"},
)
CRS = fact(
    "toxicities",
    at("Grade １ CRS in 3"),
    at("3 of 7"),
    event="CRS",
    grade={"low": 1, "high": 1},
    count=3,
    total=7,
)


def made(*facts: Fact, remarks: tuple[Remark, ...] = (), source: Source | None = None) -> Document:
    source = source or from_string(TEXT, name="paper.txt")
    place = source.text.index("１")
    cleaned = TrackedText.of(source.text).replace("width", [(place, place + 1, "1")])
    return document(source, cleaned, Findings(facts, remarks), Links(), RULES)


def test_records_are_numbered_by_their_first_evidence() -> None:
    second = fact("toxicities", at("CRS in 3"), event="CRS", count=3)
    got = made(second, CRS, CHANGE).toxicities
    assert [(r.key, r.count, r.total) for r in got] == [
        ("toxicity-1", 3, 7),
        ("toxicity-2", 3, None),
    ]


def test_evidence_quotes_the_source_and_repairs_are_named() -> None:
    (record,) = made(CRS).toxicities
    assert [quote.text for quote in record.evidence] == ["Grade １ CRS in 3", "3 of 7"]
    assert all(TEXT[q.start : q.end] == q.text for q in record.evidence)
    assert record.repairs == ("width",)
    assert made(CHANGE).sledai[0].repairs == ()


def test_the_same_quote_is_given_once() -> None:
    twice = fact("toxicities", at("CRS in 3"), at("CRS in 3"), event="CRS")
    assert len(made(twice).toxicities[0].evidence) == 1


def test_remarks_become_warnings_with_their_line() -> None:
    remark = Remark("left-out", "a grade without an event", at("Grade １"))
    everywhere = Remark("left-out", "no table could be read", None)
    notices = made(remarks=(remark, everywhere)).warnings
    assert [(n.code, n.message, n.page) for n in notices] == [
        ("left-out", "line 2: a grade without an event", None),
        ("left-out", "no table could be read", None),
    ]


def test_record_that_breaks_the_contract_is_left_out_and_named() -> None:
    broken = fact("toxicities", at("Grade １"), event="CRS", grade={"low": 6, "high": 6})
    doc = made(broken, CRS)
    assert [record.key for record in doc.toxicities] == ["toxicity-1"]
    (notice,) = doc.warnings
    assert notice.code == "invalid-record"
    assert notice.message.startswith("a record of rule toxicities.rule was left out: grade.low: ")


def test_undecodable_bytes_are_a_warning() -> None:
    source = Source("paper.txt", TEXT, "0" * 64, "text/plain", "gb18030", undecodable=2)
    (notice,) = made(source=source).warnings
    assert notice.code == "undecodable-bytes"
    assert notice.message == "2 places could not be decoded as gb18030; U+FFFD stands there"


def test_source_is_described() -> None:
    source = made().source
    assert (source.name, source.characters, source.encoding) == ("paper.txt", len(TEXT), None)
    assert source.languages == ("en",)


def test_json_lines_begin_with_the_type() -> None:
    lines = [json.loads(line) for line in to_jsonl(made(CHANGE, CRS)).splitlines()]
    assert [list(line)[:3] for line in lines] == [["type", "source", "key"]] * 2
    assert [(line["type"], line["source"], line["key"]) for line in lines] == [
        ("sledai", "paper.txt", "sledai-1"),
        ("toxicity", "paper.txt", "toxicity-1"),
    ]


def rows(doc: Document) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(doc), newline="")))


def test_csv_has_one_row_a_fact_and_one_column_a_part() -> None:
    change, crs = rows(made(CHANGE, CRS))
    assert (change["kind"], change["change"], change["baseline_value"]) == ("sledai", "-10", "14")
    assert (crs["event"], crs["grade_low"], crs["count"], crs["absent"]) == (
        "CRS",
        "1",
        "3",
        "false",
    )
    assert crs["quote"] == "Grade １ CRS in 3 … 3 of 7"
    assert (crs["printed"], crs["quotes"], crs["repairs"]) == ("Grade １ CRS in 3", "2", "width")
    assert change["grade_low"] == ""


def test_csv_text_cannot_run_as_a_formula() -> None:
    (change,) = rows(made(CHANGE))
    assert change["quote"] == "'=SLEDAI fell by 10"
    assert change["baseline_spread"] == "'-3.1"


def test_csv_header_is_the_same_for_every_document() -> None:
    assert to_csv(made()).splitlines() == to_csv(made(CHANGE)).splitlines()[:1]


@pytest.mark.parametrize("write", [to_csv, to_jsonl])
def test_lone_surrogates_are_written_as_escapes(write: Any) -> None:
    text = "CRS \udc80 1"
    source = from_string(text, name="a\udc80.txt")
    crs = Fact("toxicities", "r", (Span(0, len(text)),), {"event": "CRS"})
    doc = document(source, TrackedText.of(text), Findings((crs,), ()), Links(), RULES)
    assert "CRS \\udc80 1" in write(doc)
    write(doc).encode("utf-8")


def test_output_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    write_output(path, b"old")
    path.chmod(0o640)
    write_output(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_old_output_stays_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes(b"old")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CarextractError, match=r"facts\.json: cannot be written: No space left"):
        write_output(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["missing/facts.json", "."])
def test_output_that_has_no_place(tmp_path: Path, name: str) -> None:
    with pytest.raises(CarextractError, match="cannot be written"):
        write_output(tmp_path / name, b"new")


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_bytes(b"old")
    (tmp_path / "link.json").symlink_to("real.json")
    write_output(tmp_path / "link.json", b"new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_bytes() == b"new"
