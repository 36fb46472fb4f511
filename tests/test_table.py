"""`carextract table`: facts of many papers in CSV, Excel and Parquet, as their readers see them."""

import csv
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from conftest import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carextract.cli.options import Kind
from carextract.decisions import Decision, Decisions, Word, fact_id
from carextract.errors import CarextractError
from carextract.facts_file import read_facts
from carextract.records import (
    Document,
    Evidence,
    FailedSource,
    Failure,
    Notice,
    Reason,
    Record,
    SourceInfo,
)
from carextract.write import excel, parquet, rows, write_csv, write_excel, write_parquet
from carextract.write.rows import EVERYTHING, KINDS, Contents, Form, columns

Entry = Document | Failure
FORMS = (".csv", ".xlsx", ".parquet")
WRITERS: dict[str, Callable[..., None]] = {
    ".csv": write_csv,
    ".xlsx": write_excel,
    ".parquet": write_parquet,
}
LIBRARIES = {".csv": "csv", ".xlsx": "xlsxwriter", ".parquet": "pyarrow"}


def shared(key: str, *quotes: str, page: int | None = 3) -> dict[str, Any]:
    evidence = tuple(
        Evidence(text=quote, start=7, end=7 + len(quote), page=page, ocr_score=0.9 - number / 10)
        for number, quote in enumerate(quotes)
    )
    return {"key": key, "rule": "r.x", "evidence": evidence, "repairs": ("a", "b"), "study": None}


def paper(name: str = "狼疮综述.pdf", **kinds: Any) -> Document:
    source = SourceInfo(
        name=name,
        sha256="ab" * 32,
        media_type="application/pdf",
        pages=12,
        characters=5000,
        languages=("zh-Hans", "en"),
        encoding=None,
    )
    facts = {kind: [KINDS[kind].model_validate(fact) for fact in kinds[kind]] for kind in kinds}
    notice = Notice(code="left-out", message="a statement left out")
    return Document.model_validate(
        {
            "generator": "carextract 0",
            "rules": "0",
            "source": source,
            "warnings": (notice,),
            **facts,
        }
    )


TRIAL = {
    **shared("trial-1", "I/II期，中国，NCT05938725", "NCT05938725"),
    "id": "NCT05938725",
    "registry": "ClinicalTrials.gov",
    "phase": "1/2",
    "country": "China",
    "start_date": "2024-06-19",
    "printed": {"phase": "I/II", "country": "中国"},
}
CELLS = {
    **shared("dose-1", "1.1×10⁸个细胞"),
    "agent": "CD19 CAR-T",
    "agent_kind": "cell",
    "low": 110_000_000,
    "high": 110_000_000,
    "unit": "cells",
    "text": "1.1×10⁸个细胞",
}
TABLETS = {
    **shared("dose-2", "≤7.5 mg\r\n每日", page=None),
    "agent": "prednisone",
    "agent_kind": "drug",
    "high": 7.5,
    "unit": "mg/day",
    "text": "≤7.5 mg\r\n每日",
}
SLEDAI = {
    **shared("sledai-1", "=SLEDAI 下降10分"),
    "instrument": "SLEDAI-2K",
    "baseline": {"value": 14, "statistic": "mean", "spread": "-3.1"},
    "change": -10,
    "patients": 8,
    "time": {"value": 6, "unit": "month"},
}
CRS = {
    **shared("toxicity-1", "@1级CRS 3/7（42.9%）"),
    "event": "CRS",
    "grade": {"low": 1, "high": 1},
    "count": 3,
    "total": 7,
    "percent": {"low": 42.9, "high": 42.9},
}
FULL = paper(trials=[TRIAL], doses=[CELLS, TABLETS], sledai=[SLEDAI], toxicities=[CRS])
FAILED = Failure(
    source=FailedSource(name="damaged.pdf", sha256=None),
    error=Reason(code="truncated", message="ends before its end; get it again"),
)


def write(
    path: Path,
    *entries: Entry,
    kinds: Iterable[str] = KINDS,
    decisions: Decisions | None = None,
) -> Path:
    pytest.importorskip(LIBRARIES[path.suffix])
    contents = Contents(tuple(kinds), decisions)
    WRITERS[path.suffix](path, iter(entries), contents=contents)
    return path


def save(folder: Path, *entries: Entry) -> Path:
    path = folder / "facts.jsonl"
    path.write_text("".join(f"{entry.model_dump_json()}\n" for entry in entries), encoding="utf-8")
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_excel(path: Path) -> Any:
    return pytest.importorskip("openpyxl").load_workbook(path)


def sheet_rows(sheet: Any) -> list[dict[str, Any]]:
    header, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in body]


def read_parquet(path: Path) -> Any:
    return pytest.importorskip("pyarrow.parquet").read_table(path)


# The columns


def fields(record: type[Record]) -> Iterator[tuple[str, ...]]:
    """The paths to all values in a record."""
    for name, field in record.model_fields.items():
        parts = [part for part in rows._types(field.annotation) if isinstance(part, type)]
        inner = [part for part in parts if issubclass(part, Record)]
        yield from (
            ((name, *path) for part in inner for path in fields(part)) if inner else [(name,)]
        )


# Where a field is that every fact, or a fact of that kind, has in a column of another name.
ELSEWHERE = {"key", "rule", "evidence", "repairs", "study"}
IN_PRINTED = {("trials", "printed"), ("doses", "text")}


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_record_has_its_column(kind: str) -> None:
    expected = {
        path
        for path in fields(KINDS[kind])
        if path[0] not in ELSEWHERE and (kind, path[0]) not in IN_PRINTED
    }
    assert {column.path for column in rows.value_columns(kind)} == expected


def test_every_part_of_the_evidence_is_in_a_column_or_left_out_knowingly() -> None:
    in_a_column = {"text", "start", "end", "page", "ocr_score"}
    assert set(Evidence.model_fields) == in_a_column | {"boxes"}


def test_rows_have_the_columns_of_their_kind() -> None:
    for kind in KINDS:
        for row in rows.rows(FULL, Contents((kind,))):
            assert list(row) == [column.name for column in columns(Contents((kind,)))]


def test_a_field_that_no_cell_can_hold_is_an_error() -> None:
    class Odd(Record):
        parts: tuple[str, ...] = ()

    with pytest.raises(TypeError, match=r"Odd\.parts: no cell can hold it"):
        rows._columns_of(Odd, "parts", "parts")
    with pytest.raises(TypeError, match="tuple: no cell can hold it"):
        rows.cell(())


def test_columns_in_their_order() -> None:
    assert " ".join(column.name for column in columns()) == (
        "paper page kind key"
        " trial_id registry intervention condition phase country start_date"
        " agent agent_kind dose_low dose_high dose_unit"
        " instrument baseline_value baseline_low baseline_high baseline_statistic baseline_spread"
        " followup_value followup_low followup_high followup_statistic followup_spread"
        " change patients time_value time_unit"
        " event grade_low grade_high severity count total percent_low percent_high absent"
        " printed quote quotes study repairs rule quote_start quote_end ocr_score sha256"
    )


def test_names_of_columns_need_no_quotes_in_sql() -> None:
    names = [column.name for column in columns()]
    assert all(name.isidentifier() and name.islower() for name in names)
    statement = f"create table facts ({', '.join(f'{name} text' for name in names)})"
    sqlite3.connect(":memory:").execute(statement)
    pytest.importorskip("duckdb").connect().execute(statement)


def test_kinds_of_the_command_are_those_of_the_document() -> None:
    assert [kind.value for kind in Kind] == list(KINDS)


def test_what_is_in_a_row() -> None:
    trial, cells, tablets, sledai, crs = rows.rows(FULL)
    assert (trial["paper"], trial["page"], trial["kind"]) == ("狼疮综述.pdf", 3, "trials")
    assert trial["printed"] == "phase: I/II; country: 中国"
    assert (trial["quote"], trial["quotes"]) == ("I/II期，中国，NCT05938725 … NCT05938725", 2)
    assert (trial["quote_start"], trial["quote_end"], trial["ocr_score"]) == (7, 27, 0.8)
    assert (cells["dose_low"], cells["dose_unit"]) == (110_000_000, "cells")
    assert (tablets["dose_low"], tablets["printed"]) == (None, "≤7.5 mg\n每日")
    assert (sledai["baseline_value"], sledai["followup_value"], sledai["change"]) == (14, None, -10)
    assert (crs["percent_low"], crs["absent"], crs["repairs"]) == (42.9, False, "a b")


@pytest.mark.parametrize(
    ("value", "held"),
    [
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("\x00\x1f\x7f\ufffe", "␀␟␡\ufffd"),
        ("\udc80", "\\udc80"),
        (2**63, float(2**63)),
        (10**400, None),
        (True, True),
    ],
)
def test_cells_hold_what_every_form_can_write(value: object, held: object) -> None:
    assert rows.cell(value) == held


# CSV


def test_csv_is_what_a_spreadsheet_expects(tmp_path: Path) -> None:
    data = write(tmp_path / "facts.csv", FULL, FAILED).read_bytes()
    assert data.startswith(b"\xef\xbb\xbfpaper,page,")
    assert data.count(b"\r\n") == 1 + 5


def test_csv_holds_every_fact(tmp_path: Path) -> None:
    got = read_csv(write(tmp_path / "facts.csv", FULL, paper("b.pdf", doses=[CELLS])))
    assert [row["key"] for row in got] == [
        "trial-1", "dose-1", "dose-2", "sledai-1", "toxicity-1", "dose-1",
    ]  # fmt: skip
    assert (got[1]["dose_low"], got[2]["dose_high"]) == ("110000000", "7.5")
    assert (got[3]["change"], got[4]["absent"]) == ("-10", "false")
    assert got[2]["quote"] == "≤7.5 mg\n每日"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-10分", "'-10分"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("\t=1+1", "'\t=1+1"),
        ("\r=1+1", "'\n=1+1"),
        ("8-20", "'8-20"),
        ("1/2", "'1/2"),
        ("8-20分", "8-20分"),
        ("10", "10"),
        ('say "no", twice', 'say "no", twice'),
    ],
)
def test_csv_text_is_left_alone_by_spreadsheets(tmp_path: Path, text: str, written: str) -> None:
    entry = paper(sledai=[{**SLEDAI, "baseline": {"spread": text}}])
    (row,) = read_csv(write(tmp_path / "facts.csv", entry))
    assert row["baseline_spread"] == written


def test_csv_in_a_data_frame(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(write(tmp_path / "facts.csv", FULL))
    assert list(frame.columns) == [column.name for column in columns()]
    assert frame["dose_low"].dtype == "float64"
    assert frame["dose_low"].max() == 1.1e8
    assert frame["change"].min() == -10
    assert list(frame["paper"]) == ["狼疮综述.pdf"] * 5


# Excel


def test_excel_has_an_overview_and_a_sheet_a_kind(tmp_path: Path) -> None:
    book = read_excel(write(tmp_path / "facts.xlsx", FULL, FAILED))
    assert book.sheetnames == ["overview", *KINDS]
    for kind in KINDS:
        header = [cell.value for cell in book[kind][1]]
        assert header == [column.name for column in columns(Contents((kind,)))]


def test_excel_overview_counts_and_names_what_failed(tmp_path: Path) -> None:
    book = read_excel(write(tmp_path / "facts.xlsx", FULL, FAILED))
    total, read, failed = sheet_rows(book["overview"])
    assert (total["paper"], total["doses"], total["error"]) == ("2 papers in all", 2, "1 failed")
    assert (read["pages"], read["languages"]) == (12, "zh-Hans en")
    assert [read[kind] for kind in KINDS] == [1, 2, 1, 1]
    assert (read["warnings"], read["error"]) == (1, None)
    assert (failed["paper"], failed["error"]) == ("damaged.pdf", "truncated")
    assert failed["message"] == "ends before its end; get it again"
    assert failed["trials"] is None


def test_excel_cells_are_real_numbers_texts_and_flags(tmp_path: Path) -> None:
    book = read_excel(write(tmp_path / "facts.xlsx", FULL))
    forms = {"n": (Form.NUMBER, Form.WHOLE), "s": (Form.TEXT,), "b": (Form.FLAG,)}
    for kind in KINDS:
        for row in book[kind].iter_rows(min_row=2):
            for column, cell in zip(columns(Contents((kind,))), row, strict=True):
                assert cell.value is None or column.form in forms[cell.data_type], column.name
    cells, tablets = sheet_rows(book["doses"])
    assert (cells["dose_low"], tablets["dose_high"]) == (110_000_000, 7.5)
    assert tablets["quote"] == "≤7.5 mg 每日"
    assert sheet_rows(book["sledai"])[0]["change"] == -10
    assert sheet_rows(book["toxicities"])[0]["absent"] is False


def test_excel_shows_large_doses_as_powers_and_keeps_the_sign(tmp_path: Path) -> None:
    book = read_excel(write(tmp_path / "facts.xlsx", FULL))
    column = [column.name for column in columns(Contents(("doses",)))].index("dose_high")
    assert [row[column].number_format for row in book["doses"].iter_rows(min_row=2)] == [
        "0.0##E+0",
        "General",
    ]
    column = [column.name for column in columns(Contents(("sledai",)))].index("change")
    assert book["sledai"][2][column].number_format == "General"


def test_excel_opens_readable(tmp_path: Path) -> None:
    book = read_excel(write(tmp_path / "facts.xlsx", FULL, FAILED))
    assert (book["overview"].freeze_panes, book["doses"].freeze_panes) == ("B3", "C2")
    assert book["overview"].auto_filter.ref == "A2:K4"
    assert book["doses"].auto_filter.ref == "A1:S3"
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert all(
            8 <= sheet.column_dimensions[x[0].column_letter].width < 100 for x in sheet.columns
        )
    # Chinese characters are two letters wide, the button of the filter three.
    assert int(book["doses"].column_dimensions["A"].width) == len("狼疮综述.pdf") + 4 + 1
    assert int(book["doses"].column_dimensions["H"].width) == len("dose_high") + 3 + 1


def test_excel_gives_a_long_quote_four_lines_at_most(tmp_path: Path) -> None:
    quotes = ["短", "两" * 50, "长" * 5000]
    doses = [{**CELLS, **shared(f"dose-{n}", quote)} for n, quote in enumerate(quotes)]
    sheet = read_excel(write(tmp_path / "facts.xlsx", paper(doses=doses)))["doses"]
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [None, 30, 60]


@pytest.mark.parametrize("character", ["x", "细", "𠮷"])
def test_excel_says_what_it_cuts(tmp_path: Path, character: str) -> None:
    units = len(character.encode("utf-16-le")) // 2
    fits = character * (32_767 // units)
    doses = [{**CELLS, **shared(f"dose-{n}", text)} for n, text in enumerate((fits, fits + "yy"))]
    whole, cut = sheet_rows(read_excel(write(tmp_path / "a.xlsx", paper(doses=doses)))["doses"])
    assert whole["quote"] == fits
    assert cut["quote"].endswith(f"{character}… [cut]")
    assert 32_766 <= len(cut["quote"].encode("utf-16-le")) // 2 <= 32_767


def test_excel_cuts_what_looks_like_markup_too(tmp_path: Path) -> None:
    quote = f"<r>{'x' * 32_760}</r>"
    sheet = read_excel(
        write(tmp_path / "a.xlsx", paper(doses=[{**CELLS, **shared("dose-1", quote)}]))
    )["doses"]
    assert sheet_rows(sheet)[0]["quote"] == f"{quote[:32_760]}… [cut]"


def test_excel_refuses_more_rows_than_a_sheet_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "_ROWS", 3)
    with pytest.raises(CarextractError, match=r"a\.xlsx: sheet doses .* rows .* --kind"):
        write(tmp_path / "a.xlsx", paper(doses=[CELLS, TABLETS, CELLS]))
    assert list(tmp_path.iterdir()) == []
    write(tmp_path / "a.xlsx", FULL, kinds=["sledai"])


MARKS = "=+-@{}'\"<&>/r\t\r\n\x00\x01\x0b\x7f\ufffe\ud800_x01Aa病 ,;:"
WHOLE = [
    "=1+1",
    "{=A1}",
    "_x0041_",
    "http://a.b",
    "mailto:a@b",
    "<r>x</r>",
    "<r></r>",
    "1e5",
    "TRUE",
]
NASTY = st.one_of(
    st.text(st.characters(), min_size=1, max_size=40),
    st.text(st.sampled_from(MARKS), min_size=1, max_size=40),
    st.sampled_from(WHOLE),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(NASTY, min_size=1, max_size=5))
def test_no_text_breaks_a_form_or_runs_as_a_formula(tmp_path: Path, texts: list[str]) -> None:
    entry = paper(
        name=texts[0],
        doses=[{**CELLS, **shared(f"dose-{n}", text)} for n, text in enumerate(texts)],
    )
    expected = [rows.cell(text) for text in texts]
    assert read_parquet(write(tmp_path / "a.parquet", entry))["quote"].to_pylist() == expected
    in_csv = [row["quote"] for row in read_csv(write(tmp_path / "a.csv", entry))]
    assert [text.removeprefix("'") for text in in_csv] == [
        str(text).removeprefix("'") for text in expected
    ]
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r")) for text in in_csv)
    book = read_excel(write(tmp_path / "a.xlsx", entry))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    assert len(sheet_rows(book["doses"])) == len(texts)
    for shown, text in zip(sheet_rows(book["doses"]), expected, strict=True):
        if "_x" not in str(text):  # openpyxl does not undo the escape of what looks like one
            assert shown["quote"] == excel._shown(text)


def test_excel_says_nothing_of_when_it_was_written(tmp_path: Path) -> None:
    with ZipFile(write(tmp_path / "a.xlsx", FULL)) as book:
        assert b"2000-01-01" in book.read("docProps/core.xml")


# Parquet


def test_parquet_has_types_and_values(tmp_path: Path) -> None:
    table = read_parquet(write(tmp_path / "a.parquet", FULL, FAILED))
    types = {Form.TEXT: "string", Form.NUMBER: "double", Form.WHOLE: "int64", Form.FLAG: "bool"}
    assert {field.name: str(field.type) for field in table.schema} == {
        column.name: types[column.form] for column in columns()
    }
    assert table["dose_low"].to_pylist() == [None, 1.1e8, None, None, None]
    assert table["absent"].to_pylist() == [None] * 4 + [False]
    assert table["phase"].to_pylist()[0] == "1/2"


def test_parquet_in_a_database(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = write(tmp_path / "a.parquet", FULL)
    found = duckdb.sql(f"select paper, change, quote from '{path}' where kind = 'sledai'")
    assert found.fetchall() == [("狼疮综述.pdf", -10.0, "=SLEDAI 下降10分")]


def test_parquet_is_written_in_groups_of_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_ROW_GROUP", 2)
    path = write(tmp_path / "a.parquet", FULL)
    file = pytest.importorskip("pyarrow.parquet").ParquetFile(path)
    assert (file.metadata.num_row_groups, file.metadata.num_rows) == (3, 5)


# Decisions


def decided(*decisions: tuple[int, Word | None, str], document: Document = FULL) -> Decisions:
    """Decisions on facts of a document: which of its facts, the decision, a note."""
    facts = [fact for kind in KINDS for fact in getattr(document, kind)]
    names = [fact_id(document.source.sha256, fact) for fact in facts]
    made = (Decision(names[number], word, note, None) for number, word, note in decisions)
    return {decision.fact: decision for decision in made}


SOME = decided((0, "accepted", ""), (2, "rejected", "=每周，不是\n每日"), (4, None, "1/2"))
JOINED = [
    ("accepted", None),
    (None, None),
    ("rejected", "=每周，不是\n每日"),
    (None, None),
    (None, "1/2"),
]


def told(table: Iterable[dict[str, Any]]) -> list[tuple[Any, Any]]:
    return [(row["decision"], row["note"]) for row in table]


def test_decisions_stand_between_what_is_checked_and_where_it_came_from() -> None:
    names = [column.name for column in columns(Contents(decisions={}))]
    plain = [column.name for column in columns()]
    assert [name for name in names if name not in plain] == ["decision", "note"]
    assert names[names.index("study") :][:4] == ["study", "decision", "note", "repairs"]
    for row in rows.rows(FULL, Contents(decisions=SOME)):
        assert [name for name in names if name in row] == list(row)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_the_decisions_and_all_rows(tmp_path: Path, form: str) -> None:
    path = write(tmp_path / f"a{form}", FULL, FAILED, decisions=SOME)
    if form == ".csv":
        guarded = [(word or "", f"'{note}" if note else "") for word, note in JOINED]
        assert told(read_csv(path)) == guarded
    elif form == ".parquet":
        assert told(read_parquet(path).to_pylist()) == JOINED
    else:
        book = read_excel(path)
        shown = [(word, note and note.replace("\n", " ")) for word, note in JOINED]
        assert [pair for kind in KINDS for pair in told(sheet_rows(book[kind]))] == shown


def test_decisions_are_on_the_facts_of_one_paper(tmp_path: Path) -> None:
    source = FULL.source.model_copy(update={"sha256": "cd" * 32})
    namesake = FULL.model_copy(update={"source": source})
    contents = Contents(("trials",), SOME)
    assert told(rows.rows_of_all([namesake, FULL], contents)) == [(None, None), JOINED[0]]


def test_excel_shows_decisions_readable(tmp_path: Path) -> None:
    decisions = decided((1, "accepted", "长" * 200), (2, "rejected", "=1+1"))
    sheet = read_excel(write(tmp_path / "a.xlsx", FULL, decisions=decisions))["doses"]
    letters = {cell.value: cell.column_letter for cell in sheet[1]}
    widths = [int(sheet.column_dimensions[letters[name]].width) for name in ("decision", "note")]
    assert widths == [len("decision") + 3 + 1, 48 + 1]
    assert sheet.row_dimensions[2].height == 60
    assert (sheet[f"{letters['note']}3"].value, sheet[f"{letters['note']}3"].data_type) == (
        "=1+1",
        "s",
    )


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(NASTY)
def test_no_note_breaks_a_form_or_runs_as_a_formula(tmp_path: Path, note: str) -> None:
    decisions = decided((1, None, note))
    arguments: dict[str, Any] = {"kinds": ["doses"], "decisions": decisions}
    table = read_parquet(write(tmp_path / "a.parquet", FULL, **arguments))
    assert table["note"].to_pylist() == [rows.cell(note), None]
    (first, _) = read_csv(write(tmp_path / "a.csv", FULL, **arguments))
    assert first["note"].removeprefix("'") == str(rows.cell(note)).removeprefix("'")
    assert not first["note"].startswith(("=", "+", "-", "@", "\t", "\r"))
    book = read_excel(write(tmp_path / "a.xlsx", FULL, **arguments))
    assert all(cell.data_type != "f" for row in book["doses"].iter_rows() for cell in row)


# All forms


@pytest.mark.parametrize("form", FORMS)
def test_same_facts_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    first, second = (write(tmp_path / f"{name}{form}", FULL, FAILED) for name in "ab")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_no_facts_give_a_header(tmp_path: Path, form: str) -> None:
    path = write(tmp_path / f"a{form}")
    if form == ".csv":
        assert read_csv(path) == []
        assert path.read_text("utf-8-sig").startswith("paper,page,kind,key,")
    elif form == ".parquet":
        assert read_parquet(path).num_rows == 0
    else:
        book = read_excel(path)
        assert sheet_rows(book["overview"])[0]["paper"] == "0 papers in all"
        assert [sheet_rows(book[kind]) for kind in KINDS] == [[]] * 4


@pytest.mark.parametrize("form", FORMS)
def test_one_kind_has_its_columns_only(tmp_path: Path, form: str) -> None:
    path = write(tmp_path / f"a{form}", FULL, kinds=["doses"])
    names = [column.name for column in columns(Contents(("doses",)))]
    if form == ".csv":
        assert [list(row) for row in read_csv(path)] == [names] * 2
    elif form == ".parquet":
        assert read_parquet(path).column_names == names
    else:
        book = read_excel(path)
        assert book.sheetnames == ["overview", "doses"]
        assert "trials" not in sheet_rows(book["overview"])[0]


@pytest.mark.parametrize("form", [".xlsx", ".parquet"])
def test_a_missing_library_is_one_line_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setitem(sys.modules, LIBRARIES[form], None)
    with pytest.raises(CarextractError, match=r"not installed: pip install 'carextract\[tables\]'"):
        WRITERS[form](tmp_path / f"a{form}", iter([FULL]), contents=EVERYTHING)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("form", FORMS)
def test_a_full_disc_is_one_line(call: Run, tmp_path: Path, form: str) -> None:
    pytest.importorskip(LIBRARIES[form])
    (tmp_path / f"a{form}").symlink_to("/dev/full")
    result = call("table", save(tmp_path, FULL), "-o", f"a{form}")
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.decode() == (
        f"carextract: a{form}: cannot be written: No space left on device\n"
    )


# The command


@pytest.mark.parametrize("form", FORMS)
def test_the_command_writes_the_form_that_the_name_says(
    call: Run, tmp_path: Path, form: str
) -> None:
    pytest.importorskip(LIBRARIES[form])
    result = call("table", save(tmp_path, FULL), "-o", f"a{form.upper()}", "--kind", "doses")
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    expected = write(tmp_path / f"b{form}", FULL, kinds=["doses"])
    assert (tmp_path / f"a{form.upper()}").read_bytes() == expected.read_bytes()


def test_kinds_come_in_the_order_of_the_document(run: Run, tmp_path: Path) -> None:
    facts = save(tmp_path, FULL)
    run("table", facts, "-o", "a.csv", "--kind", "doses", "--kind", "trials")
    kinds = [row["kind"] for row in read_csv(tmp_path / "a.csv")]
    assert kinds == ["trials", "doses", "doses"]


def test_papers_that_failed_are_said_where_the_form_has_no_place(call: Run, tmp_path: Path) -> None:
    facts = save(tmp_path, FULL, FAILED, FAILED)
    result = call("table", facts, "-o", "a.csv")
    assert result.returncode == 0
    (line,) = result.stderr.decode().splitlines()
    assert "papers that could not be read, and so have no rows: 2" in line
    pytest.importorskip("xlsxwriter")
    assert call("table", facts, "-o", "a.xlsx").stderr == b""


def test_what_parse_writes_is_taken(call: Run, tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_text("Two of six patients had grade 1 CRS.", encoding="utf-8")
    call("parse", "paper.txt", "-o", "facts.json")
    assert call("table", "facts.json", "-o", "a.csv").returncode == 0
    assert [row["event"] for row in read_csv(tmp_path / "a.csv")] == ["CRS"]


@pytest.mark.skipif(not Path("/dev/stdin").exists(), reason="no such name for standard input")
def test_facts_may_come_through_a_pipe(run: Run, tmp_path: Path) -> None:
    facts = save(tmp_path, FULL).read_bytes()
    assert run("table", "/dev/stdin", "-o", "a.csv", stdin=facts).stderr == b""
    assert len(read_csv(tmp_path / "a.csv")) == 5


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("line", ["{", "[]", '{"source": {}}', "\x00"])
def test_a_line_that_is_no_document_is_named_and_nothing_written(
    call: Run, tmp_path: Path, form: str, line: str
) -> None:
    pytest.importorskip(LIBRARIES[form])
    facts = save(tmp_path, FULL)
    facts.write_text(f"{facts.read_text('utf-8')}{line}\n", encoding="utf-8")
    result = call("table", facts, "-o", f"a{form}")
    assert (result.returncode, result.stdout) == (1, b"")
    (message,) = result.stderr.decode().splitlines()
    assert "facts.jsonl: line 2: " in message
    assert list(tmp_path.iterdir()) == [facts]


WRONG_USAGE = [
    (["facts.jsonl"], 2, "--output"),
    (["facts.jsonl", "-o", "facts.xls"], 2, ".csv, .xlsx or .parquet"),
    (["facts.jsonl", "-o", "facts"], 2, ".csv, .xlsx or .parquet"),
    (["facts.jsonl", "-o", "a.csv", "--kind", "weather"], 2, "weather"),
    (["nowhere.jsonl", "-o", "a.csv"], 1, "nowhere.jsonl: no such file"),
    (["facts.csv", "-o", "facts.csv"], 1, "is the input itself"),
    (["facts.jsonl", "-o", "no/where.csv"], 1, "cannot be written"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), WRONG_USAGE)
def test_wrong_usage_is_explained(
    call: Run, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    facts = save(tmp_path, FULL)
    shutil.copy(facts, tmp_path / "facts.csv")
    result = call("table", *arguments)
    assert (result.returncode, result.stdout) == (code, b"")
    assert said in result.stderr.decode()
    assert (tmp_path / "facts.csv").read_bytes() == facts.read_bytes()


# The command, with decisions


def export(path: Path, decisions: Iterable[Decision]) -> None:
    entries = [{"fact": d.fact, "decision": d.decision, "note": d.note} for d in decisions]
    whole = {"format": "carextract decisions", "version": 1, "decisions": entries}
    path.write_text(json.dumps(whole), encoding="utf-8")


NOWHERE = {
    name: Decision(name, "rejected", "", None)
    for name in ("dose:0123456789abcdef", "trial:0123456789abcdef", "trial:00112233445566aa")
}
SAID = [
    (SOME, [], "1 accepted, 1 rejected, 1 with a note only"),
    ({}, [], "0 accepted, 0 rejected, 0 with a note only"),
    (
        {**SOME, **NOWHERE},
        [],
        "1 accepted, 1 rejected, 1 with a note only; 3 are about facts that are not in facts.jsonl",
    ),
    (
        {**SOME, **NOWHERE},
        ["--kind", "doses"],
        "0 accepted, 1 rejected, 0 with a note only; 4 about other kinds of facts;"
        " 1 is about a fact that is not in facts.jsonl",
    ),
    (
        SOME,
        ["--kind", "toxicities", "--kind", "trials"],
        "1 accepted, 0 rejected, 1 with a note only; 1 about other kinds of facts",
    ),
]


@pytest.mark.parametrize(("decisions", "options", "said"), SAID)
def test_what_became_of_the_decisions_is_said(
    call: Run, tmp_path: Path, decisions: Decisions, options: list[str], said: str
) -> None:
    save(tmp_path, FULL)
    export(tmp_path / "decisions.json", decisions.values())
    arguments = ["facts.jsonl", "-o", "a.csv", "--decisions", "decisions.json", *options]
    result = call("table", *arguments)
    assert (result.returncode, result.stdout) == (0, b"")
    assert result.stderr.decode() == f"carextract: decisions: {said}\n"
    kinds = [kind for kind in KINDS if not options or kind in options]
    expected = write(tmp_path / "b.csv", FULL, kinds=kinds, decisions=decisions)
    assert (tmp_path / "a.csv").read_bytes() == expected.read_bytes()


def test_facts_and_decisions_meet_in_every_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_text("Two of six patients had grade 1 CRS.", encoding="utf-8")
    for seed in ("1", "2"):
        assert run("parse", "paper.txt", "-o", f"{seed}.json", PYTHONHASHSEED=seed).stderr == b""
    (document,) = read_facts(tmp_path / "1.json")
    assert isinstance(document, Document)
    export(tmp_path / "d.json", decided((0, "accepted", ""), document=document).values())
    result = run("table", "2.json", "-o", "a.csv", "--decisions", "d.json", PYTHONHASHSEED="3")
    assert result.stderr == b"carextract: decisions: 1 accepted, 0 rejected, 0 with a note only\n"


def test_decisions_that_are_none_are_one_line_and_nothing_written(
    call: Run, tmp_path: Path
) -> None:
    facts = save(tmp_path, FULL)
    result = call("table", facts, "-o", "a.csv", "--decisions", "facts.jsonl")
    assert (result.returncode, result.stdout) == (1, b"")
    (message,) = result.stderr.decode().splitlines()
    assert message.startswith("carextract: facts.jsonl: its `format` is not 'carextract decisions'")
    assert message.endswith(" [not-decisions]")
    assert list(tmp_path.iterdir()) == [facts]


def test_decisions_are_not_written_over(call: Run, tmp_path: Path) -> None:
    facts = save(tmp_path, FULL)
    (tmp_path / "a.csv").write_text("fact,decision\n", encoding="utf-8")
    result = call("table", facts, "-o", "a.csv", "--decisions", "a.csv")
    assert result.returncode == 1
    assert b"is the input itself" in result.stderr
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "fact,decision\n"


# LibreOffice, as a spreadsheet that is not ours


UTF_8 = "44,34,76"  # fields at commas, quotes of text; a person is asked, and shown the same
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """LibreOffice without a window: a file to another form, in a folder of its own."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    profile = tmp_path_factory.mktemp("profile").as_uri()

    def convert(path: Path, form: str, *options: str) -> Path:
        folder = path.parent / "converted"
        command = [office, f"-env:UserInstallation={profile}", "--headless", *options]
        command += ["--convert-to", form, "--outdir", str(folder), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return folder

    return convert


HARMFUL = paper(doses=[{**CELLS, **shared("dose-3", "=1+1 \x00\x01 _x0041_ <r>")}], trials=[TRIAL])


def test_libreoffice_reads_csv_as_it_is_meant(tmp_path: Path, convert: Callable[..., Path]) -> None:
    path = write(tmp_path / "a.csv", FULL, HARMFUL)
    folder = convert(path, "xlsx", f"--infilter=Text - txt - csv (StarCalc):{UTF_8}")
    (sheet,) = read_excel(folder / "a.xlsx")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    seen = sheet_rows(sheet)
    assert [row["dose_high"] for row in seen if row["kind"] == "doses"] == [1.1e8, 7.5, 1.1e8]
    assert [row["change"] for row in seen if row["kind"] == "sledai"] == [-10]
    assert [row["phase"] for row in seen if row["kind"] == "trials"] == ["'1/2"] * 2
    assert {row["paper"] for row in seen} == {"狼疮综述.pdf"}
    assert seen[-1]["quote"].removeprefix("'") == "=1+1 ␀␁ _x0041_ <r>"


@pytest.mark.slow
def test_libreoffice_reads_excel_as_it_is_meant(
    tmp_path: Path, convert: Callable[..., Path]
) -> None:
    folder = convert(write(tmp_path / "a.xlsx", FULL, HARMFUL), EVERY_SHEET)
    seen = read_csv(folder / "a-doses.csv")
    assert [float(row["dose_high"]) for row in seen] == [1.1e8, 7.5, 1.1e8]
    assert [row["paper"] for row in seen] == ["狼疮综述.pdf"] * 3
    assert seen[0]["printed"] == "1.1×10⁸个细胞"
    assert seen[2]["quote"] == "=1+1 ␀␁ _x0041_ <r>"
    assert [row["change"] for row in read_csv(folder / "a-sledai.csv")] == ["-10"]
    assert [row["phase"] for row in read_csv(folder / "a-trials.csv")] == ["1/2"] * 2


def test_facts_are_streamed(tmp_path: Path) -> None:
    # What was written of the first papers is in the file before the last ones are asked for.
    written: list[int] = []

    def entries() -> Iterator[Document]:
        for _ in range(300):
            yield FULL
            written.append(sum(path.stat().st_size for path in tmp_path.iterdir()))

    write_csv(tmp_path / "a.csv", entries(), contents=EVERYTHING)
    assert written[0] == 0 < written[150] < written[-1]
