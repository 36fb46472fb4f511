"""The report as a command: what is in the page, and what it says of what could not be."""

import base64
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import PACKAGE_PARENT, ROOT, Run

import carextract
from benchmarks.many_papers import write_many_papers
from carextract.clean.steps import STEPS
from carextract.decisions import fact_id
from carextract.errors import CarextractError, InputError
from carextract.facts_file import read_facts
from carextract.records import Document, FailedSource, Failure, Grade, Reason
from carextract.report import Papers, Written, write_report, writing
from carextract.report.page import words
from carextract.report.pictures import places
from carextract.synthesize import disputed_values, synthesize

pytest.importorskip("altair", reason="needs the extra: report")

SAMPLES = ROOT / "samples"
TEXTS = ("studies-en.txt", "studies-zh-hans.txt", "zh-hans-ocr.txt")
PDFS = ("two-columns.pdf", "turned.pdf", "truncated.pdf")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with papers, `facts.jsonl` read from them, and the report of both, made once."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "papers").mkdir()
    for name in (*TEXTS, *PDFS):
        shutil.copy(SAMPLES / ("pdf" if name.endswith(".pdf") else "") / name, folder / "papers")
    (folder / "facts.jsonl").write_text(
        "".join(map(line_of, sorted((folder / "papers").iterdir())))
    )
    report(folder, folder / "report.html", papers=folder / "papers")
    return folder


@pytest.fixture
def no_plots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without plots, which take most of the time and are not the point."""
    monkeypatch.setattr(writing, "plots", lambda documents, synthesis: ())


def line_of(paper: Path) -> str:
    """The line that a batch writes for a paper."""
    try:
        return f"{carextract.parse(paper, ocr='never').model_dump_json()}\n"
    except InputError as error:
        source = FailedSource(name=paper.name, sha256=None)
        reason = Reason(code=error.code, message=str(error).partition(": ")[2])
        return f"{Failure(source=source, error=reason).model_dump_json()}\n"


def report(
    folder: Path, page: Path, *, papers: Path | None = None, limit: int = 10_000_000
) -> Written:
    """Make a page of the facts in a folder."""
    at_hand = Papers(papers, picture_bytes=limit) if papers else None
    return write_report(page, read_facts(folder / "facts.jsonl"), papers=at_hand)


def pieces(page: Path) -> dict[str, Any]:
    """What is kept in a page, by the ids of its pieces; pictures as their bytes."""
    found = re.findall(
        r'<script type="application/octet-stream" id="([^"]+)">([^<]*)</script>',
        page.read_text(encoding="utf-8"),
    )
    read: dict[str, Any] = {}
    for name, data in found:
        raw = base64.b64decode(data)
        if name.startswith("picture-"):
            read[name] = raw
        elif name != "vega":
            read[name] = json.loads(gzip.decompress(raw))
    return read


def documents(facts: Path) -> list[Document]:
    return [entry for entry in read_facts(facts) if isinstance(entry, Document)]


def test_every_fact_of_every_paper_is_in_the_page(made: Path) -> None:
    report = pieces(made / "report.html")["report"]
    expected = [
        (number, record.key, fact_id(document.source.sha256, record))
        for number, document in enumerate(documents(made / "facts.jsonl"))
        for kind in ("trials", "doses", "sledai", "toxicities")
        for record in getattr(document, kind)
    ]
    assert [(fact["paper"], fact["key"], fact["id"]) for fact in report["facts"]] == expected
    assert [paper["name"] for paper in report["papers"]][-1] == "truncated.pdf"
    assert report["papers"][-1]["error"]["code"] == "truncated"


def test_the_same_input_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    report(made, tmp_path / "again.html", papers=made / "papers")
    assert (tmp_path / "again.html").read_bytes() == (made / "report.html").read_bytes()


@pytest.mark.slow
def test_the_same_bytes_under_another_hash_seed(run: Run, made: Path, tmp_path: Path) -> None:
    again = ("-o", "again.html", "--papers", made / "papers", "--picture-limit", "10")
    run("report", made / "facts.jsonl", *again, PYTHONHASHSEED="4711")
    assert (tmp_path / "again.html").read_bytes() == (made / "report.html").read_bytes()


def test_the_page_names_no_place_of_this_machine(made: Path) -> None:
    held = {
        name: data for name, data in pieces(made / "report.html").items() if "picture" not in name
    }
    assert str(made) not in json.dumps(held)
    assert str(made) not in (made / "report.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("no_plots")
def test_papers_are_found_by_their_bytes_whatever_their_names(made: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "deep"
    moved.mkdir(parents=True)
    shutil.copy(made / "papers" / "two-columns.pdf", moved / "renamed.pdf")
    shutil.copy(made / "papers" / "studies-en.txt", moved / "zh-hans-ocr.txt")
    written = report(made, tmp_path / "r.html", papers=tmp_path / "elsewhere")
    assert (written.sources, written.not_found) == (2, 3)
    held = pieces(tmp_path / "r.html")
    place = {paper["name"]: at for at, paper in enumerate(held["report"]["papers"])}
    assert f"picture-{place['two-columns.pdf']}-1" in held
    assert held[f"paper-{place['two-columns.pdf']}"]["source"] is True
    assert held[f"paper-{place['zh-hans-ocr.txt']}"]["source"] is False


@pytest.mark.usefixtures("no_plots")
def test_a_paper_that_is_read_otherwise_now_is_shown_by_its_quotes(
    made: Path, tmp_path: Path
) -> None:
    lines = (made / "facts.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    (changed,) = (entry for entry in entries if entry["source"]["name"] == "studies-en.txt")
    changed["doses"][0]["evidence"][0]["text"] = "another text"
    (tmp_path / "facts.jsonl").write_text("\n".join(map(json.dumps, entries)), encoding="utf-8")
    written = report(tmp_path, tmp_path / "r.html", papers=made / "papers")
    assert (written.sources, written.not_the_same) == (4, 1)


def pictures(page: Path) -> dict[str, bytes]:
    return {name: data for name, data in pieces(page).items() if name.startswith("picture-")}


@pytest.mark.usefixtures("no_plots")
def test_pictures_keep_within_their_limit(made: Path, tmp_path: Path) -> None:
    full = pictures(made / "report.html")
    limit = sum(map(len, full.values())) * 3 // 4
    written = report(made, tmp_path / "some.html", papers=made / "papers", limit=limit)
    some = pictures(tmp_path / "some.html")
    assert 0 < len(some) < len(full)
    assert sum(map(len, some.values())) <= limit
    assert (written.pictures, written.pages) == (len(some), len(full))


def test_each_paper_has_its_fullest_page_before_any_has_a_second(made: Path) -> None:
    wanted = places(documents(made / "facts.jsonl"))
    first: dict[str, int] = {}
    for place in wanted:
        first.setdefault(place.sha256, place.facts)
        assert place.facts <= first[place.sha256]
    assert len({place.sha256 for place in wanted[: len(first)]}) == len(first)


def test_repairs_are_told_one_by_one(made: Path) -> None:
    held = pieces(made / "report.html")
    names = [paper["name"] for paper in held["report"]["papers"]]
    of_ocr = held[f"paper-{names.index('zh-hans-ocr.txt')}"]["facts"].values()
    edits = [edit for fact in of_ocr for edit in fact["edits"]]
    assert ("ocr-numbers", "x", "×") in {
        (edit["step"], edit["before"], edit["after"]) for edit in edits
    }
    for fact in of_ocr:
        assert {edit["step"] for edit in fact["edits"]} <= set(fact["repairs"])


def test_nothing_of_a_paper_is_markup(tmp_path: Path) -> None:
    name = "</script><img src=x onerror=alert(1)>.txt"
    hostile = "</script><script>alert(1)</script> One patient had grade 1 CRS. <!-- \u202e"
    (tmp_path / "papers").mkdir()
    paper = tmp_path / "papers" / name.replace("/", "")
    paper.write_text(hostile, encoding="utf-8")
    (tmp_path / "facts.jsonl").write_text(line_of(paper), encoding="utf-8")
    assert report(tmp_path, tmp_path / "r.html", papers=tmp_path / "papers").facts == 1
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "alert" not in page.replace('role="alert"', "")
    assert pieces(tmp_path / "r.html")["report"]["papers"][0]["name"].startswith("<script>")


@pytest.mark.usefixtures("no_plots")
def test_what_the_page_could_not_have_is_said(call: Run, made: Path, tmp_path: Path) -> None:
    (tmp_path / "facts.jsonl").write_bytes((made / "facts.jsonl").read_bytes() * 2)
    (tmp_path / "papers").mkdir()
    shutil.copy(made / "papers" / "two-columns.pdf", tmp_path / "papers")
    result = call(
        *("report", "facts.jsonl", "-o", "r.html", "--papers", "papers"),
        *("--picture-limit", "0.001"),
    )
    said = result.stderr.decode().splitlines()
    assert result.returncode == 0
    assert [line.removeprefix("carextract: ") for line in said[:3]] == [
        "papers that came more than once, and are in it once: 5",
        "papers that are not in the folder; only their quotes are: 4",
        "pictures of 0 of 1 pages with quotes fit into 0.001 MB: --picture-limit gives them more"
        " room",
    ]
    assert re.fullmatch(
        r"carextract: 7 papers, 2 of which could not be read, \d+ facts,"
        r" 0 pictures of pages: r\.html, \d\.\d MB",
        said[3],
    )
    assert len(pieces(tmp_path / "r.html")["report"]["papers"]) == 5 + 2


def test_no_papers_make_a_page_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "facts.jsonl").touch()
    result = run("report", "facts.jsonl", "-o", "report.html")
    assert result.returncode == 0
    assert b"0 papers, 0 facts: report.html" in result.stderr
    assert pieces(tmp_path / "report.html")["report"]["facts"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing.jsonl", "-o", "r.html"], 1, "no such file"),
        (["facts.jsonl", "-o", "facts.jsonl"], 1, "is the input itself"),
        (["facts.jsonl", "-o", "no/where/r.html"], 1, "cannot be written"),
        (["facts.jsonl", "-o", "r.html", "--papers", "none"], 1, "is no folder"),
        (["facts.jsonl", "-o", "r.html", "--patterns", "none"], 1, "not a folder of pattern files"),
        (["broken.jsonl", "-o", "r.html"], 1, "line 1: is not JSON"),
        (["facts.jsonl"], 2, "--output"),
        (["facts.jsonl", "-o", "r.html", "--picture-limit", "-1"], 2, "--picture-limit"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    call: Run, tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    (tmp_path / "facts.jsonl").touch()
    (tmp_path / "broken.jsonl").write_text("no JSON\n", encoding="utf-8")
    result = call("report", *arguments)
    assert result.returncode == code
    assert message in result.stderr.decode()
    assert code == 2 or result.stderr.count(b"\n") == 1
    assert not (tmp_path / "r.html").exists()


def test_both_languages_say_everything_that_the_page_asks_for() -> None:
    said = words()
    assert all(set(texts) == {"en", "zh"} and all(texts.values()) for texts in said.values())
    places_in = re.compile(r"\{(\w+)\}")
    for key, texts in said.items():
        assert set(places_in.findall(texts["en"])) == set(places_in.findall(texts["zh"])), key
    folder = ROOT / "src/carextract/report/page"
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.j*")))
    asked = set(re.findall(r'word(?:Or)?\("([^"$]+)"', source))
    asked |= set(re.findall(r'data-(?:word|label|hint)="([\w-]+)"', source))
    assert asked <= said.keys()


def test_every_repair_has_its_words() -> None:
    names = {step.load().__module__ for step in STEPS}
    modules = [__import__(name, fromlist=["STEP"]) for name in sorted(names)]
    steps = {module.STEP for module in modules} | {"ocr", "linebreaks"}
    assert {f"step-{step}" for step in steps} <= words().keys()


def test_everything_wrong_with_a_paper_is_said_in_both_languages(tmp_path: Path, call: Run) -> None:
    ended = call(
        "batch", str(ROOT / "samples"), "-o", str(tmp_path / "facts.jsonl"), "--ocr", "never"
    )
    assert ended.returncode == 1  # some samples are damaged, others have pages that are left out
    entries = list(read_facts(tmp_path / "facts.jsonl"))
    codes = {
        warning.code
        for entry in entries
        if isinstance(entry, Document)
        for warning in entry.warnings
    }
    codes |= {entry.error.code for entry in entries if isinstance(entry, Failure)}
    assert len(codes) > 5
    assert {f"code-{code}" for code in codes} <= words().keys()


def test_disputed_values_are_those_that_stand_against_each_other(made: Path) -> None:
    studies = synthesize(documents(made / "facts.jsonl")).studies
    study = next(study for study in studies if study.label == "MACKENSEN 2022")
    assert study.conflicting == ("toxicities: CRS grade 1",)
    disputed = disputed_values(study, study.conflicting[0])
    assert sorted(each.value.count for each in disputed) == [2, 3]
    assert {each.value.grade for each in disputed} == {Grade(low=1, high=1)}


@pytest.mark.parametrize("name", ["altair", "jinja2", "vl_convert"])
def test_a_missing_library_is_said_before_anything_is_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(CarextractError, match=rf"{name}.*pip install 'carextract\[report\]'"):
        write_report(tmp_path / "r.html", [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(("asked", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_ended_while_it_writes_it_leaves_nothing(tmp_path: Path, asked: int, code: int) -> None:
    write_many_papers(tmp_path / "facts.jsonl", 200)
    with subprocess.Popen(
        [sys.executable, "-m", "carextract", "report", "facts.jsonl", "-o", "report.html"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PACKAGE_PARENT)},
        stderr=subprocess.DEVNULL,
    ) as process:
        while not any(tmp_path.glob(".report.html.*")):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(asked)
        assert process.wait() == code
    assert [path.name for path in tmp_path.iterdir()] == ["facts.jsonl"]
