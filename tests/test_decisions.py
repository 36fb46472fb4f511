"""Decisions: the name of a fact, and both files that the report page exports, read back."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carextract
from carextract.decisions import Decision, fact_id, read_decisions
from carextract.errors import InputError
from carextract.facts_file import read_facts
from carextract.records import FACT_KINDS, Document, Dose, Evidence, Trial, escape_surrogates
from carextract.spreadsheets import guarded

# The name of a fact

SHA256 = "ab" * 32
DOSE = Dose(
    key="dose-1",
    agent="CD19 CAR-T",
    agent_kind="cell",
    low=1_000_000,
    high=1_000_000,
    unit="cells/kg",
    text="1×10⁶/kg",
    rule="dose.amount",
    evidence=(Evidence(text="1×10⁶/kg", start=7, end=15, page=3),),
    repairs=(),
    study=None,
)
QUOTE = DOSE.evidence[0]

Change = dict[str, Any]
# Values and places are the same: another rule read them, something was found before them.
SAME: list[Change] = [
    {"key": "dose-7"},
    {"rule": "dose.other"},
    {"study": "study-2"},
    {"repairs": ("ocr-numbers",)},
    {"evidence": (QUOTE.model_copy(update={"page": 4, "ocr_score": 0.9}),)},
    {"evidence": (QUOTE.model_copy(update={"boxes": ((1.0, 2.0, 3.0, 4.0),)}),)},
]
OTHER: list[Change] = [
    {"agent": None},
    {"agent_kind": "drug"},
    {"low": None},
    {"high": 2_000_000},
    {"unit": "cells"},
    {"text": "1×10⁶／kg"},
    {"evidence": (QUOTE.model_copy(update={"start": 6}),)},
    {"evidence": (QUOTE.model_copy(update={"end": 16}),)},
    {"evidence": (QUOTE, QUOTE.model_copy(update={"start": 30, "end": 38}))},
]


def test_the_name_of_a_fact_is_the_same_in_every_version() -> None:
    assert fact_id(SHA256, DOSE) == "dose:dd93efadc8778424"


@pytest.mark.parametrize("change", SAME)
def test_a_fact_keeps_its_name(change: Change) -> None:
    assert fact_id(SHA256, DOSE.model_copy(update=change)) == fact_id(SHA256, DOSE)


def test_each_other_fact_has_another_name() -> None:
    others = [DOSE.model_copy(update=change) for change in OTHER]
    names = {fact_id("cd" * 32, DOSE), *(fact_id(SHA256, fact) for fact in (DOSE, *others))}
    assert len(names) == 2 + len(OTHER)


def test_a_fact_is_named_after_its_kind() -> None:
    trial = Trial(
        key="trial-1",
        id="NCT05938725",
        registry="ClinicalTrials.gov",
        printed={"country": "中\udc80"},
        rule="trial.number",
        evidence=(QUOTE,),
        repairs=(),
        study=None,
    )
    assert re.fullmatch("trial:[0-9a-f]{16}", fact_id(SHA256, trial))


def test_facts_of_two_runs_and_of_a_file_have_the_same_names(tmp_path: Path) -> None:
    text = "患者输注 1.1 x 106个细胞/kg 后，12例中7例（58.3%）发生1级CRS，未发生ICANS。"
    path = tmp_path / "facts.jsonl"
    path.write_text(carextract.parse_text(text).model_dump_json(), encoding="utf-8")
    (read,) = read_facts(path)
    assert isinstance(read, Document)
    names = [
        [fact_id(doc.source.sha256, fact) for kind in FACT_KINDS for fact in getattr(doc, kind)]
        for doc in (carextract.parse_text(text), read)
    ]
    assert names[0] == names[1]
    assert len(set(names[0])) == 3


# The two forms, as the page writes them

Entry = dict[str, Any]
FIRST, SECOND, THIRD = "dose:3f2a9c01d4e5b678", "sledai:00112233445566aa", "trial:ffeeddccbbaa9988"
ALONE = re.compile("[\ud800-\udfff]")


def exported(fact: str, decision: str | None = "accepted", note: str = "") -> Entry:
    return {
        "fact": fact,
        "decision": decision,
        "note": note,
        "decided": "2026-11-22T10:00:00Z",
        "paper": "狼疮综述.pdf",
        "sha256": SHA256,
        "kind": "doses",
        "key": "dose-1",
        "page": None,
        "value": "1/2",
        "quote": '患者输注"1×10⁶/kg"，\n无CRS',
    }


def as_json(entries: Iterable[Entry]) -> bytes:
    """As a browser writes it: everything as it is, only lone surrogates as escapes."""
    whole = {"format": "carextract decisions", "version": 1, "decisions": list(entries)}
    return escape_surrogates(json.dumps(whole, ensure_ascii=False)).encode()


def as_csv(entries: Iterable[Entry]) -> bytes:
    """As a browser writes it, which has no bytes for a lone surrogate but those of U+FFFD."""
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, exported(FIRST), lineterminator="\r\n")
    writer.writeheader()
    for entry in entries:
        writer.writerow({name: guarded(value or "") for name, value in entry.items()})
    return ALONE.sub("\ufffd", joined(table.getvalue())).encode("utf-8-sig")


def joined(text: str) -> str:
    """Two surrogates that are a pair are one character, to a browser and to JSON."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


EXPORTERS = {"json": as_json, "csv": as_csv}
Exporter = Callable[[Iterable[Entry]], bytes]


def read(tmp_path: Path, data: bytes) -> list[Decision]:
    path = tmp_path / "decisions"
    path.write_bytes(data)
    decisions = read_decisions(path)
    assert all(name == decision.fact for name, decision in decisions.items())
    return list(decisions.values())


@pytest.mark.parametrize("export", EXPORTERS.values(), ids=EXPORTERS)
def test_what_was_exported_is_read(tmp_path: Path, export: Exporter) -> None:
    entries = [
        exported(FIRST, "accepted"),
        exported(SECOND, "rejected", "not a dose"),
        exported(THIRD, None, "剂量待核对"),
        exported("toxicity:0123456789abcdef", None, ""),
    ]
    time = "2026-11-22T10:00:00Z"
    assert read(tmp_path, export(entries)) == [
        Decision(FIRST, "accepted", "", time),
        Decision(SECOND, "rejected", "not a dose", time),
        Decision(THIRD, None, "剂量待核对", time),
    ]
    assert read(tmp_path, export([])) == []


@pytest.mark.parametrize("export", EXPORTERS.values(), ids=EXPORTERS)
def test_the_same_said_twice_is_said_once(tmp_path: Path, export: Exporter) -> None:
    later = {**exported(FIRST, note="see p. 3"), "decided": "2026-11-23T10:00:00Z"}
    said_nothing = exported(FIRST, None)
    (decision,) = read(tmp_path, export([exported(FIRST, note="see p. 3"), later, said_nothing]))
    assert decision.decided == "2026-11-22T10:00:00Z"


MARKS = "=+-@＝'\"\r\n\t ,;1/2.{[]\x00\x1a\x7f\ufeff\u202e\u2066\u2028\ufffe\ud83d\ude00\ud800病"
WHOLE = [
    "=1+1",
    "'=1+1",
    "1/2",
    "'1/2",
    "''1/2",
    "8-20",
    "'",
    '"',
    "\r\n",
    "a\rb",
    " ",
    "NULL",
    ";",
]
NOTES = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.text(st.sampled_from(MARKS), max_size=40),
    st.sampled_from(WHOLE),
)
WRITTEN = st.lists(st.tuples(NOTES, st.sampled_from(["accepted", "rejected"])), max_size=5)


def named(written: Iterable[tuple[str, str]]) -> list[Entry]:
    return [
        exported(f"dose:{number:016x}", decision, note)
        for number, (note, decision) in enumerate(written)
    ]


def in_csv(note: str) -> str:
    """A note as CSV gives it back: an apostrophe before a formula is taken for the guard."""
    note = ALONE.sub("\ufffd", joined(note))
    behind = note.removeprefix("'")
    return behind if guarded(behind) != behind else note


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WRITTEN)
def test_any_note_comes_back(tmp_path: Path, written: list[tuple[str, str]]) -> None:
    entries = named(written)
    from_json = [(d.note, d.decision) for d in read(tmp_path, as_json(entries))]
    assert from_json == [(joined(note), decision) for note, decision in written]
    from_csv = [(d.note, d.decision) for d in read(tmp_path, as_csv(entries))]
    assert from_csv == [(in_csv(note), decision) for note, decision in written]


PIECES = [
    "fact",
    "decision",
    "note",
    FIRST,
    SECOND,
    "accepted",
    "rejected",
    *",;\t\r\n\"'[{}]\x00病",
]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=100)
    | st.lists(st.sampled_from(PIECES)).map("".join).map(str.encode)
    | st.lists(st.sampled_from(PIECES)).map("".join).map(lambda text: text.encode("gb18030"))
)
def test_any_file_is_read_or_refused(tmp_path: Path, data: bytes) -> None:
    refused: InputError | None = None
    try:
        read(tmp_path, data)
    except InputError as error:
        refused = error
    assert refused is None or refused.code == "not-decisions"
    assert str(refused).isprintable()


# What becomes of the CSV in a spreadsheet

CHINESE = [
    exported(FIRST, "accepted", "同意，见第3页"),
    exported(SECOND, "rejected", "剂量单位有误"),
    exported(THIRD, None, "待核对"),
]
EXPECTED = [(e["fact"], e["decision"], e["note"]) for e in CHINESE]


def saved(
    encoding: str = "utf-8",
    *,
    separator: str = ",",
    line_end: str = "\r\n",
    columns: Iterable[str] = tuple(CHINESE[0]),
    blank: str = "",
) -> bytes:
    """The decisions in Chinese as a spreadsheet saves them."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, delimiter=separator, lineterminator=line_end)
    table.write(blank)
    writer.writerow(columns)
    for entry in CHINESE:
        writer.writerow([entry.get(name, "mine") or "" for name in columns])
        table.write(blank)
    return table.getvalue().encode(encoding, "replace")


SAVED = {
    "without a mark": saved(),
    "with a mark": saved("utf-8-sig"),
    "as in China": saved("gb18030"),
    "by an old Excel in China": saved("gbk"),
    "as Unicode text": saved("utf-16", separator="\t"),
    "as in Germany": saved("utf-8-sig", separator=";"),
    "as in China, with semicolons": saved("gb18030", separator=";"),
    "with tabs": saved(separator="\t"),
    "with line ends of Unix": saved(line_end="\n"),
    "with line ends of an old Macintosh": saved(line_end="\r"),
    "with blank lines": saved(blank="\r\n"),
    "with rows of blank cells": saved(blank=";; ;\r\n", separator=";"),
    "in another order": saved(columns=["note", "quote", "decision", "page", "fact"]),
    "with columns of their own": saved(columns=["", "who, when", *CHINESE[0], "", "opinion"]),
    "without what is not needed": saved(columns=["fact", "decision", "note"]),
    "in capitals": saved(columns=["note", "decision", "fact"])
    .replace(b"note,decision,fact", b" Note,DECISION,Fact ")
    .replace(b"accepted", b"Accepted")
    .replace(b"rejected", b" REJECTED "),
}


@pytest.mark.parametrize("data", SAVED.values(), ids=SAVED)
def test_what_a_spreadsheet_saved_is_read(tmp_path: Path, data: bytes) -> None:
    assert [(d.fact, d.decision, d.note) for d in read(tmp_path, data)] == EXPECTED


def test_a_column_that_is_missing_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, b"fact,decision\n" + f"{FIRST},accepted\n".encode()) == [
        Decision(FIRST, "accepted", "", None)
    ]
    assert read(tmp_path, b"note,fact\n" + f"why?,{FIRST}\n".encode()) == [
        Decision(FIRST, None, "why?", None)
    ]
    assert read(tmp_path, b"fact,note,decision\n" + f"{FIRST},why?\n".encode()) == [
        Decision(FIRST, None, "why?", None)
    ]
    data = json.dumps(
        {
            "format": "carextract decisions",
            "version": 1,
            "decisions": [{"fact": FIRST, "note": "?"}],
        }
    )
    assert read(tmp_path, data.encode("utf-8-sig")) == [Decision(FIRST, None, "?", None)]


def test_a_time_that_a_spreadsheet_wrote_anew_is_none(tmp_path: Path) -> None:
    table = f"fact,decision,decided\n{FIRST},accepted,22.11.26 10:00\n"
    assert read(tmp_path, table.encode()) == [Decision(FIRST, "accepted", "", None)]


# What is refused


def whole(*decisions: object, **changed: object) -> bytes:
    data = {"format": "carextract decisions", "version": 1, "decisions": decisions, **changed}
    return json.dumps(data).encode()


def table(*lines: str) -> bytes:
    return "\r\n".join(["fact,decision,note", *lines, ""]).encode()


TAKES = "it takes what the report page exported, as JSON or CSV"
HERE = {"fact": FIRST, "decision": "accepted"}
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", f"line 1: is no header .*; {TAKES}"),
    "a workbook": (b"PK\x03\x04\x14\x00\x08\x08\x08\x00\xff\xfe\xff", "save it as CSV UTF-8"),
    "broken characters": (table(f"{FIRST},,x").replace(b"x", b"\xff\xfe"), "is not text"),
    "a text": (b"The patients had\nlupus.", f"line 1: is no header .*; {TAKES}"),
    "a table of facts": (b"paper,page,kind,key\na,1,doses,dose-1", "line 1: is no header with"),
    "a header further down": (b"\n\nfacts,note\n", "line 3: is no header with `fact`"),
    "only facts": (f"fact,page\n{FIRST},1".encode(), "and `decision` or `note`"),
    "two notes": (f"fact,note,Note\n{FIRST},a,b".encode(), "line 1: has `note` twice; leave one"),
    "a key": (
        table("", "dose-1,accepted,"),
        "line 3: 'dose-1' is not how a fact is named",
    ),
    "no fact": (table(",accepted,"), "line 2: '' is not how a fact is named"),
    "another word": (table(f"{FIRST},maybe,"), "line 2: 'maybe' is no decision; .* or empty"),
    "many words": (table(f"{FIRST},{'long ' * 99},"), f"line 2: '{'long ' * 8}' is no decision"),
    "a note without quotes": (
        table(f"{FIRST},,a,b"),
        "line 2: has more cells than the header",
    ),
    "an open quote": (
        table(f'{SECOND},,"a\r\nb"', f'{FIRST},,"a', f"{THIRD},,"),
        "line 4: its quotes do not match, or a text is too long; check the quotes",
    ),
    "two minds": (
        table(f'{FIRST},accepted,"a\r\nb"', f"{SECOND},,x", "", f"{FIRST},rejected,"),
        f"line 2 and line 6 do not say the same of {FIRST}; leave one",
    ),
    "two notes on one fact": (table(f"{FIRST},,a", f"{FIRST},,b"), "line 2 and line 3 do not say"),
    "a document": (b'{"source": {"name": "a.pdf"}}', f"`format` is not '.*'; {TAKES}"),
    "documents": (b'{"source": {}}\n{"source": {}}\n', f"line 2: is not JSON .*; {TAKES}"),
    "a list": (b"[]", f"`format` is not 'carextract decisions'; {TAKES}"),
    "half a file": (whole(HERE)[:-4], f"line 1: is not JSON .*; {TAKES}"),
    "depth": (b"[" * 100_000, f"is not JSON of this program; {TAKES}"),
    "a later version": (whole(HERE, version=2), "`version` is not 1, .*; export it"),
    "no list": (whole(decisions={}), "its `decisions` are no list; export it again"),
    "a decision in words": (whole(HERE, "yes"), "entry 2: is to be an object with `fact`, and"),
    "an entry without a fact": (whole({"decision": "accepted"}), "entry 1: is to be an object"),
    "an entry that says nothing": (whole({"fact": FIRST}), "entry 1: is to be an object"),
    "a number for a note": (whole({"fact": FIRST, "note": 3}), "entry 1: `note` is to be a text"),
    "another word in JSON": (
        whole(HERE, {"fact": SECOND, "decision": "yes\u202e\n"}),
        r"entry 2: 'yes\\u202e' is no decision",
    ),
    "two minds in JSON": (
        whole(HERE, {"fact": SECOND, "note": "a"}, {"fact": FIRST, "decision": "rejected"}),
        f"entry 1 and entry 3 do not say the same of {FIRST}; leave one",
    ),
}


@pytest.mark.parametrize(("data", "said"), REFUSED.values(), ids=REFUSED)
def test_anything_else_is_one_line(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        read(tmp_path, data)
    message = str(refused.value)
    assert message.startswith(f"{tmp_path / 'decisions'}: ")
    assert message.isprintable()
    assert refused.value.code == "not-decisions"


def test_a_file_that_cannot_be_had_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file; check the name") as refused:
        read_decisions(tmp_path / "nowhere.json")
    assert refused.value.code == "not-found"
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read_decisions(tmp_path)
