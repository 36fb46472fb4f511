"""The command line, as a user runs it."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PACKAGE_PARENT, Run

import carextract
from carextract.cli.terminal import visible
from carextract.cli.text import _edit_lines
from carextract.tracked import TrackedText

TEXT = "Two of six patients had grade 1 CRS; none had ICANS.\r\nTrial NCT05938725.\r\n"
KINDS = ("trials", "doses", "sledai", "toxicities")


def test_parse_writes_one_json_document(run: Run, tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_bytes(TEXT.encode())
    result = run("parse", "paper.txt")
    assert (result.returncode, result.stderr) == (0, b"")
    document = json.loads(result.stdout)
    assert document["source"]["name"] == "paper.txt"
    assert document["source"]["encoding"] == "utf-8"
    assert [trial["id"] for trial in document["trials"]] == ["NCT05938725"]
    for record in (record for kind in KINDS for record in document[kind]):
        for quote in record["evidence"]:
            assert TEXT[quote["start"] : quote["end"]] == quote["text"]


def test_standard_input_and_python_agree(run: Run) -> None:
    by_command = json.loads(run("parse", "-", stdin=TEXT.encode()).stdout)
    by_call = json.loads(carextract.parse_text(TEXT, name="stdin").model_dump_json())
    assert by_command["source"].pop("encoding") == "utf-8"
    assert by_call["source"].pop("encoding") is None
    assert by_command == by_call


def test_encodings_make_no_difference(call: Run, tmp_path: Path) -> None:
    text = "接受CAR-T治疗的患者中，2例发生1级CRS，注册号NCT05938725。\r\n"
    facts = []
    for codec in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        (tmp_path / "paper.txt").write_bytes(text.encode(codec))
        document = json.loads(call("parse", "paper.txt").stdout)
        facts.append([document[kind] for kind in KINDS])
    assert facts[0][0]
    assert all(other == facts[0] for other in facts)


def test_other_formats(call: Run) -> None:
    lines = (
        call("parse", "-", "--format", "jsonl", stdin=TEXT.encode()).stdout.decode().splitlines()
    )
    rows = csv.DictReader(
        io.StringIO(call("parse", "-", "--format", "csv", stdin=TEXT.encode()).stdout.decode())
    )
    assert [json.loads(line)["key"] for line in lines] == [row["key"] for row in rows]
    assert "trial-1" in lines[0]


def test_output_goes_to_its_file(call: Run, tmp_path: Path) -> None:
    result = call("parse", "-", "--output", "facts.json", stdin=TEXT.encode())
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert json.loads((tmp_path / "facts.json").read_bytes())["trials"]


def test_output_never_replaces_the_input(call: Run, tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_bytes(TEXT.encode())
    result = call("parse", "paper.txt", "--output", "paper.txt")
    assert result.returncode == 1
    assert b"is the input itself" in result.stderr
    assert (tmp_path / "paper.txt").read_bytes() == TEXT.encode()


def test_failed_parse_leaves_no_output(call: Run, tmp_path: Path) -> None:
    result = call("parse", "nowhere.txt", "--output", "facts.json")
    assert result.returncode == 1
    assert not (tmp_path / "facts.json").exists()


def test_strict_fails_on_warnings_but_writes(call: Run, tmp_path: Path) -> None:
    broken = ("患者输注后未发生CRS。" * 40).encode() + b"\xe7\xbb"
    (tmp_path / "paper.txt").write_bytes(broken)
    assert call("parse", "paper.txt").returncode == 0
    result = call("parse", "paper.txt", "--strict")
    assert result.returncode == 1
    assert json.loads(result.stdout)["warnings"][0]["code"] == "undecodable-bytes"
    assert b"carextract: paper.txt: 1 place could not be decoded as utf-8" in result.stderr


def test_text_is_exactly_what_the_offsets_count_in(call: Run, tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert call("text", "paper.txt").stdout == TEXT.encode()
    (tmp_path / "paper.txt").write_bytes(TEXT.encode("utf-16"))
    assert call("text", "paper.txt").stdout == TEXT.encode()


def test_text_with_a_lone_surrogate_comes_out_as_it_went_in(run: Run) -> None:
    data = b"grade 1 CRS \xed\xb2\x80 in two patients"
    assert run("text", "-", stdin=data).stdout == data
    document = json.loads(run("parse", "-", stdin=data).stdout)
    assert document["source"]["characters"] == len(data) - 2


def test_text_cleaned_and_edits(call: Run) -> None:
    data = "剂量为１×10^6/kg。\n第二行".encode()
    assert (
        call("text", "-", "--cleaned", stdin=data).stdout.decode().startswith("剂量为1×10^6/kg。")
    )
    assert call("text", "-", "--edits", stdin=data).stdout.decode() == 'width\t1:4\t"１" → "1"\n'


def test_edits_are_shown_with_line_column_and_escapes() -> None:
    tracked = TrackedText.of("one\ntwo\u00adthree\n").replace("characters", [(7, 8, "")])
    tracked = tracked.replace("linebreaks", [(3, 4, " ")])
    assert _edit_lines(tracked) == [
        'linebreaks\t1:4\t"\\n" → " "\n',
        'characters\t2:4\t"\\xad" → ""\n',
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("\\n", "\\\\n"), ("\ud800", "\\ud800"), ("\u200b\u3000", "\\u200b\\u3000"), ("病 a", "病 a")],
)
def test_what_cannot_be_seen_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_schema_is_json(call: Run) -> None:
    schema = json.loads(call("schema").stdout)
    assert schema["title"] == "Document"
    assert schema["$schema"].endswith("2020-12/schema")


def test_version(run: Run) -> None:
    assert run("--version").stdout.decode() == f"carextract {carextract.__version__}\n"


def test_patterns_check_runs_every_example(call: Run) -> None:
    result = call("patterns", "check")
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode().rstrip().endswith("every one finds what it says")


def test_patterns_list_and_show(call: Run) -> None:
    listed = call("patterns", "list").stdout.decode().splitlines()
    first = listed[0].split()[0]
    shown = call("patterns", "show", first).stdout.decode()
    assert shown.startswith(f"{first}\n")
    assert "finds" in shown


def test_patterns_show_helps_with_a_misspelt_id(call: Run) -> None:
    known = call("patterns", "list").stdout.decode().split()[0]
    result = call("patterns", "show", known + "x")
    assert (result.returncode, result.stdout) == (1, b"")
    assert f"did you mean {known}" in result.stderr.decode()


def test_patterns_new_prints_a_rule_to_fill_in(call: Run) -> None:
    import tomllib

    rule = tomllib.loads(call("patterns", "new", "dose.per-litre").stdout.decode())["rule"][0]
    assert rule["id"] == "dose.per-litre"
    assert [bool(example["found"]) for example in rule["example"]] == [True, True, False]
    assert call("patterns", "new", "weather.rain").returncode == 2


def test_evaluate_prints_a_table(call: Run, tmp_path: Path) -> None:
    gold = {"trials": [{"id": "NCT05938725"}, {"id": "NCT00000001"}]}
    passage = {"id": "a-1", "text": TEXT, "gold": gold}
    (tmp_path / "gold.jsonl").write_text(json.dumps(passage), encoding="utf-8")
    table = call("evaluate", "gold.jsonl").stdout.decode().splitlines()
    assert table[1].split() == ["trials", "1", "1", "0", "1.000", "0.500", "0.667"]
    assert [line.split()[0] for line in table[1:]] == [*KINDS, "all"]
    with_errors = call("evaluate", "gold.jsonl", "--errors").stdout.decode()
    assert "a-1  missed  trials  id=NCT00000001" in with_errors


def start(*arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "carextract", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(PACKAGE_PARENT)},
    )


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_reader_that_goes_away_is_no_error() -> None:
    with start("schema") as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 128 + signal.SIGPIPE


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_interrupt_is_quiet() -> None:
    import time

    with start("parse", "-") as process:
        assert process.stdin
        assert process.stderr
        # It waits for its input once it holds the other end of this pipe.
        process.stdin.write(b"text")
        process.stdin.flush()
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 130


def test_fault_of_the_program_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from carextract import cli

    def broken(**_: object) -> None:
        raise ZeroDivisionError("of\nall things")

    monkeypatch.setattr(cli, "app", broken)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 1
    expected = "internal error, please report it: ZeroDivisionError: of all things"
    assert capsys.readouterr() == ("", f"carextract: {expected}\n")


@pytest.mark.slow
def test_large_file(run: Run, tmp_path: Path) -> None:
    plain = "随访期间患者一般情况良好，实验室指标平稳，免疫抑制剂逐步减停，未再住院治疗。\n" * 40
    fact = "患者输注1×10^6/kg CAR-T细胞后，2例发生1级CRS，未发生ICANS，继续门诊随访。\n"
    page = plain + fact
    text = page * (20_000_000 // len(page.encode()))
    (tmp_path / "large.txt").write_bytes(text.encode())
    result = run("parse", "large.txt", "--output", "facts.json")
    assert (result.returncode, result.stderr) == (0, b"")
    document = json.loads((tmp_path / "facts.json").read_bytes())
    assert document["source"]["characters"] == len(text)
    assert [record["event"] for record in document["toxicities"]] == ["CRS", "ICANS"]
