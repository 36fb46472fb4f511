"""Batch with real processes that hang, eat memory and are killed: nothing is lost by it."""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest
from conftest import ROOT, Run
from real_runs import (
    ENGLISH,
    LONG,
    Ended,
    as_parsed,
    assert_no_orphan,
    batch,
    endless_paper,
    entries,
    kept,
    killed_at_last,
    linux_only,
    make_papers,
    reader_of,
    start,
    wait_until,
)

import carextract
from carextract.batch import Settings
from carextract.batch.isolation import Isolation
from carextract.batch.reading import Failed

resource = pytest.importorskip("resource", reason="there are no bounds on files")
pytestmark = linux_only

MORE_RULES = """about = "Names of drugs that nobody else uses."
[[term]]
class = "DRUG"
value = "oddumab"
words = "oddumab | 奇单抗"
"""
PDFS = ("english.pdf", "two-columns.pdf", "scan.pdf")


def test_each_line_is_the_very_json_that_parse_gives(run: Run, tmp_path: Path) -> None:
    (tmp_path / "papers" / "deeper").mkdir(parents=True)
    for name in PDFS:
        shutil.copy(ROOT / "samples" / "pdf" / name, tmp_path / "papers" / "deeper")
    papers = make_papers(tmp_path / "papers", 2)
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl", "--ocr", "never")
    assert (ended.code, ended.stdout, len(ended.lines)) == (0, b"", 1)
    paths = [*(tmp_path / "papers" / "deeper" / name for name in sorted(PDFS)), *papers]
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*paths)
    by_command = [run("parse", path, "--compact", "--ocr", "never").stdout for path in paths[-2:]]
    assert (tmp_path / "facts.jsonl").read_bytes().endswith(b"".join(by_command))


@pytest.mark.parametrize(
    "workers", [2, *(pytest.param(count, marks=pytest.mark.slow) for count in (1, 8))]
)
def test_the_bytes_are_the_same_with_any_number_of_workers(tmp_path: Path, workers: int) -> None:
    papers = make_papers(tmp_path / "papers", 12)
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl", *workers_of(workers))
    assert ended.code == 0
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*papers)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2, 8])
def test_the_bytes_of_many_papers_are_the_same_too(tmp_path: Path, workers: int) -> None:
    papers = make_papers(tmp_path / "papers", 300, longer=8)
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl", *workers_of(workers))
    assert ended.code == 0
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*papers)


def test_a_paper_that_never_ends_costs_itself_alone(tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 4)
    with endless_paper(tmp_path / "endless.txt"):
        ended = batch(
            tmp_path, papers[0], "endless.txt", *papers[1:], "-o", "facts.jsonl", "--timeout", "1"
        )
    assert_only_failure(tmp_path, ended, papers, at=1, name="endless.txt", code="timed-out")
    assert "--timeout" in ended.lines[-2]


def test_a_paper_that_eats_memory_costs_itself_alone(tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 4)
    (tmp_path / "eater.txt").symlink_to("/dev/zero")
    ended = batch(
        tmp_path, "eater.txt", *papers, "-o", "facts.jsonl", "--memory", "0.3", "--timeout", "60"
    )
    assert_only_failure(tmp_path, ended, papers, at=0, name="eater.txt", code="out-of-memory")
    assert "--memory" in ended.lines[-2]


@pytest.mark.parametrize(
    "how", [signal.SIGKILL, pytest.param(signal.SIGSEGV, marks=pytest.mark.slow)]
)
def test_a_paper_whose_process_dies_twice_costs_itself_alone(
    tmp_path: Path, how: signal.Signals
) -> None:
    papers = make_papers(tmp_path / "papers", 4)
    deadly = tmp_path / "deadly.txt"
    with (
        endless_paper(deadly) as being_read,
        killed_at_last(start(tmp_path, *papers, deadly, "-o", "facts.jsonl")) as running,
    ):
        for _ in range(2):
            being_read()
            os.kill(wait_until(lambda: running.reader_of(deadly), "it is being read"), how)
            wait_until(lambda: not running.reader_of(deadly), "the process is gone")
        ended = running.end()
    assert_only_failure(tmp_path, ended, papers, at=4, name=str(deadly), code="worker-died")
    assert how.name in ended.lines[-2]


@pytest.mark.slow
def test_papers_of_a_group_whose_processes_die_one_after_the_other_fail_one_by_one(
    tmp_path: Path,
) -> None:
    deadly = [tmp_path / "one.txt", tmp_path / "two.txt"]
    papers = make_papers(tmp_path / "papers", 1)
    isolation = Isolation()

    def reader(fifo: Path) -> int | None:
        return reader_of(fifo, [child.pid or 0 for child in active_children()])

    def changed(fifo: Path, before: int) -> bool:
        return reader(fifo) != before

    with ThreadPoolExecutor(1) as executor, ExitStack() as fifos:
        being_read = [fifos.enter_context(endless_paper(fifo)) for fifo in deadly]
        group = [str(path) for path in (*deadly, *papers)]
        reading = executor.submit(isolation.read, group, Settings(seconds=2))
        try:
            for fifo, wait in zip(deadly, being_read, strict=True):
                for _ in range(2):
                    wait()
                    first = wait_until(partial(reader, fifo), "it is being read")
                    os.kill(first, signal.SIGKILL)
                    wait_until(partial(changed, fifo, first), "it is gone")
            outcomes = reading.result(LONG)
        finally:
            isolation.close()
    assert [type(outcome).__name__ for outcome in outcomes] == ["Failed", "Failed", "Read"]
    codes = [outcome.code for outcome in outcomes if isinstance(outcome, Failed)]
    assert codes == ["worker-died", "worker-died"]


def test_a_process_killed_once_in_the_middle_of_a_paper_changes_nothing(tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 5)
    again = tmp_path / "again" / papers[2].name
    again.parent.mkdir()
    named = [*papers[:2], again, *papers[3:]]
    with (
        endless_paper(again) as being_read,
        killed_at_last(start(tmp_path, *named, "-o", "facts.jsonl")) as running,
    ):
        handle = being_read()
        first = wait_until(lambda: running.reader_of(again), "it is being read")
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: running.reader_of(again) not in (None, first), "it is read again")
        os.write(handle, papers[2].read_bytes())
        os.close(handle)
        ended = running.end()
    assert (ended.code, len(ended.lines)) == (0, 1)
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*papers)


def test_each_failure_is_named_with_its_reason_before_the_counts(tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 2)
    (tmp_path / "empty.txt").touch()
    (tmp_path / "paper.docx").write_bytes(b"PK")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    shutil.copy(ROOT / "samples" / "pdf" / "encrypted.pdf", tmp_path)
    bad = {
        "empty.txt": "empty",
        "paper.docx": "unknown-extension",
        "no\nwhere.txt": "not-found",
        "loop.txt": "unreadable",
        "encrypted.pdf": "needs-password",
    }
    ended = batch(tmp_path, papers[0], *bad, papers[1], "-o", "facts.jsonl", "--quiet")
    assert ended.code == 1
    assert ended.lines[-1].startswith("carextract: 2 done, 0 reused, 5 failed; ")
    assert [line.rsplit(" ", 1)[1] for line in ended.lines[:-1]] == [
        f"[{code}]" for code in bad.values()
    ]
    for name, line in zip(bad, ended.lines, strict=False):
        assert line.startswith(f"carextract: {name}: ".replace("\n", "\\n"))
    found = entries(tmp_path / "facts.jsonl")
    assert [entry["source"]["name"] for entry in found] == [papers[0].name, *bad, papers[1].name]
    assert [entry["error"]["code"] for entry in found[1:-1]] == list(bad.values())
    for entry in found[1:-1]:
        assert set(entry) == {"source", "error"}
        assert set(entry["error"]) == {"code", "message"}
    assert found[1]["source"]["sha256"] is not None
    assert found[3]["source"]["sha256"] is None


@pytest.mark.slow
def test_options_of_parse_are_those_of_batch(tmp_path: Path) -> None:
    locked = shutil.copy(ROOT / "samples" / "pdf" / "encrypted.pdf", tmp_path)
    scan = shutil.copy(ROOT / "samples" / "pdf" / "scan.pdf", tmp_path)
    arguments = (locked, scan, "-o", "facts.jsonl", "--ocr", "never", "--password", "lupus")
    assert batch(tmp_path, *arguments).code == 0
    opened = carextract.parse(locked, password="lupus").model_dump_json()
    assert (tmp_path / "facts.jsonl").read_text(encoding="utf-8").startswith(opened)


@pytest.mark.slow
def test_rules_that_changed_are_applied_to_all_papers(tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 3)
    rules = tmp_path / "rules"
    rules.mkdir()
    arguments = ("papers", "-o", "facts.jsonl", "--patterns", "rules")
    assert batch(tmp_path, *arguments).lines[-1].startswith("carextract: 3 done, 0 reused")
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*papers)
    (rules / "_more.toml").write_text(MORE_RULES, encoding="utf-8")
    assert batch(tmp_path, *arguments).lines[-1].startswith("carextract: 3 done, 0 reused")
    expected = [carextract.parse(path, patterns=rules).model_dump_json() for path in papers]
    assert (tmp_path / "facts.jsonl").read_text(encoding="utf-8").splitlines() == expected


@pytest.mark.slow
def test_the_parent_killed_in_the_middle_leaves_no_process_and_loses_nothing(
    tmp_path: Path,
) -> None:
    papers = make_papers(tmp_path / "papers", 6)
    endless = tmp_path / "papers" / "paper-000.txt"
    names = [endless, *papers]
    with endless_paper(endless) as being_read:
        with killed_at_last(start(tmp_path, *names, "-o", "facts.jsonl")) as running:
            being_read()
            wait_until(lambda: len(kept(tmp_path / "facts.jsonl")) == 6, "the others are kept")
            assert running.others()
            running.kill()
            assert_no_orphan(running)
        assert not (tmp_path / "facts.jsonl").exists()
    endless.unlink()
    endless.write_text(ENGLISH.format(number=0, total=9, few=3, before=12), encoding="utf-8")
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl")
    assert ended.lines[-1].startswith("carextract: 1 done, 6 reused, 0 failed")
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(endless, *papers)
    assert_nothing_else_left(tmp_path)


@pytest.mark.parametrize(
    ("kills", "papers"), [(1, 8), pytest.param(20, 60, marks=pytest.mark.slow)]
)
def test_the_parent_killed_at_random_moments_loses_nothing(
    tmp_path: Path, kills: int, papers: int
) -> None:
    paths = make_papers(tmp_path / "papers", papers, longer=4)
    facts = tmp_path / "facts.jsonl"
    arguments = ("papers", "-o", facts.name, "--workers", "2")
    began = time.monotonic()
    assert batch(tmp_path, *arguments).code == 0
    duration = time.monotonic() - began
    undisturbed = facts.read_bytes()
    assert undisturbed == as_parsed(*paths)
    facts.unlink()
    chance = random.Random(f"{kills} of {papers}")
    killed = 0
    while killed < kills:
        before = kept(facts)
        running = start(tmp_path, *arguments)
        with killed_at_last(running):
            try:
                running.process.wait(chance.uniform(0.1, 1.0) * duration)
            except subprocess.TimeoutExpired:
                killed += 1
                running.kill()
                assert_no_orphan(running)
        if facts.exists():
            assert facts.read_bytes() == undisturbed
            if not kept(facts):
                facts.unlink()
        else:
            assert kept(facts) >= before
    before = kept(facts)
    ended = batch(tmp_path, *arguments)
    counts = f"carextract: {papers - len(before)} done, {len(before)} reused, 0 failed; "
    assert (ended.code, len(ended.lines)) == (0, 1)
    assert ended.lines[0].startswith(counts)
    assert facts.read_bytes() == undisturbed
    assert_nothing_else_left(tmp_path)


@pytest.mark.slow
def test_a_key_pressed_stops_the_run_in_one_line_and_the_next_goes_on(tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 4)
    with (
        endless_paper(tmp_path / "endless.txt") as being_read,
        killed_at_last(
            start(tmp_path, "endless.txt", "papers", "-o", "facts.jsonl", start_new_session=True)
        ) as running,
    ):
        being_read()
        wait_until(lambda: len(kept(tmp_path / "facts.jsonl")) == 4, "the others are kept")
        os.killpg(running.process.pid, signal.SIGINT)
        ended = running.end()
        assert_no_orphan(running)
    assert (ended.code, len(ended.lines)) == (130, 1)
    assert "run the same command again" in ended.lines[0]
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl")
    assert ended.lines[-1].startswith("carextract: 0 done, 4 reused, 0 failed")
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*papers)


@pytest.mark.slow
def test_a_key_pressed_while_processes_start_is_answered_in_one_line(tmp_path: Path) -> None:
    make_papers(tmp_path / "papers", 30, longer=4)
    chance = random.Random(2)
    for _ in range(20):
        running = start(tmp_path, "papers", "-o", "facts.jsonl", start_new_session=True)
        with killed_at_last(running):
            wait_until(running.readers, "a process starts")
            time.sleep(chance.uniform(0, 0.3))
            os.killpg(running.process.pid, signal.SIGINT)
            ended = running.end()
            assert_no_orphan(running)
        assert len(ended.lines) == 1, ended.stderr
        assert ended.code in (0, 130)


@pytest.mark.parametrize(
    ("room", "longer"),
    [
        pytest.param(10, 1, marks=[pytest.mark.slow]),
        pytest.param(5_000, 1),
        pytest.param(12_000, 8, marks=[pytest.mark.slow]),
        pytest.param(40_000, 40, marks=pytest.mark.slow),
    ],
)
def test_a_full_disk_is_said_in_one_line_and_the_next_run_goes_on(
    tmp_path: Path, room: int, longer: int
) -> None:
    papers = make_papers(tmp_path / "papers", 8, longer=longer)
    expected = as_parsed(*papers)
    assert len(expected) > room
    one = workers_of(1)  # so that the lines come in the same order each time
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl", *one, preexec_fn=leave_room(room))
    before = kept(tmp_path / "facts.jsonl")
    said = ended.lines
    assert not (tmp_path / "facts.jsonl").exists()
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl")
    counts = f"carextract: {8 - len(before)} done, {len(before)} reused, 0 failed; "
    assert ended.lines[-1].startswith(counts)
    assert (tmp_path / "facts.jsonl").read_bytes() == expected
    assert_nothing_else_left(tmp_path)
    assert len(said) == 1
    assert said[0].startswith("carextract: facts.jsonl: cannot be written: ")
    # Before the first line there is nothing to go on with.
    advice = "run the same command again" if before else "free space"
    assert advice in said[0]


@pytest.mark.slow
def test_a_disk_that_fills_at_the_very_end_leaves_the_earlier_output(tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 8)
    assert batch(tmp_path, *papers[:7], "-o", "facts.jsonl").code == 0
    earlier = (tmp_path / "facts.jsonl").read_bytes()
    room = leave_room(len(earlier))  # enough for the journal of one paper
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl", preexec_fn=room)
    assert (ended.code, len(ended.lines)) == (1, 1)
    assert ended.lines[0].startswith("carextract: facts.jsonl: cannot be written: ")
    assert (tmp_path / "facts.jsonl").read_bytes() == earlier
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl")
    assert ended.lines[-1].startswith("carextract: 0 done, 8 reused, 0 failed; ")
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*papers)
    assert_nothing_else_left(tmp_path)


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param(bytes(4_096), marks=pytest.mark.slow),
        b'{"schema_version":"1","generator":"carex',
    ],
)
def test_what_a_power_cut_leaves_is_dropped(tmp_path: Path, tail: bytes) -> None:
    papers = make_papers(tmp_path / "papers", 3)
    assert batch(tmp_path, "papers", "-o", "facts.jsonl").code == 0
    whole = (tmp_path / "facts.jsonl").read_bytes()
    for torn in ("facts.jsonl.partial", "facts.jsonl"):
        with (tmp_path / torn).open("ab") as file:
            file.write(tail)
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl")
    assert ended.lines[-1].startswith("carextract: 0 done, 3 reused, 0 failed")
    assert (tmp_path / "facts.jsonl").read_bytes() == whole == as_parsed(*papers)


@pytest.mark.slow
def test_two_runs_do_not_write_the_same_output(tmp_path: Path) -> None:
    make_papers(tmp_path / "papers", 2)
    with (
        endless_paper(tmp_path / "endless.txt") as being_read,
        killed_at_last(start(tmp_path, "endless.txt", "papers", "-o", "facts.jsonl")) as running,
    ):
        being_read()
        ended = batch(tmp_path, "papers", "-o", "facts.jsonl")
        assert (ended.code, len(ended.lines)) == (1, 1)
        assert "facts.jsonl: another run is writing it" in ended.lines[0]
        running.kill()
        assert_no_orphan(running)
    assert batch(tmp_path, "papers", "-o", "facts.jsonl").code == 0


def test_fail_fast_stops_at_the_first_failure_and_keeps_what_is_done(tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 3)
    arguments: tuple[str | Path, ...] = (
        *papers,
        "nowhere.txt",
        "-o",
        "facts.jsonl",
        "--workers",
        "1",
    )
    ended = batch(tmp_path, *arguments, "--fail-fast")
    assert ended.code == 1
    assert ended.lines[0].startswith("carextract: nowhere.txt: no such file")
    assert ended.lines[-1].startswith("carextract: 3 done, 0 reused, 1 failed; stopped")
    assert not (tmp_path / "facts.jsonl").exists()
    ended = batch(tmp_path, *arguments)
    assert ended.lines[-1].startswith("carextract: 0 done, 3 reused, 1 failed; ")
    assert (tmp_path / "facts.jsonl").read_bytes().startswith(as_parsed(*papers))


@pytest.mark.slow
def test_without_resume_everything_is_read_again(tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 2)
    assert batch(tmp_path, "papers", "-o", "facts.jsonl").code == 0
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl", "--no-resume")
    assert ended.lines[-1].startswith("carextract: 2 done, 0 reused, 0 failed")
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*papers)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["paper.txt", "-o", "nowhere/facts.jsonl"], "nowhere/facts.jsonl: cannot be written: "),
        (["paper.txt", "-o", "folder"], "folder: is no file"),
        (["paper.txt", "-o", "paper.txt"], "paper.txt: is the input itself"),
        (["folder", "-o", "facts.jsonl"], "folder: no papers there"),
        (["paper.txt", "-o", "facts.jsonl", "--patterns", "nowhere"], "nowhere: not a folder"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    call: Run, tmp_path: Path, arguments: list[str], what: str
) -> None:
    (tmp_path / "paper.txt").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    ended = call("batch", *arguments)
    lines = ended.stderr.decode().splitlines()
    assert (ended.returncode, ended.stdout, len(lines)) == (1, b"", 1)
    assert lines[0].startswith("carextract: ")
    assert what in lines[0]
    assert (tmp_path / "paper.txt").read_text(encoding="utf-8") == ENGLISH


@pytest.mark.parametrize(
    "arguments",
    [
        ["--engine", "dask"],
        ["--engine", "dask", "--scheduler", "tcp://127.0.0.1:1", "--workers", "2"],
        ["--scheduler", "tcp://127.0.0.1:1"],
        ["--workers", "0"],
        ["--timeout", "0"],
        ["--memory", "0.1"],
        ["--engine", "clouds"],
    ],
)
def test_wrong_usage_ends_with_code_2(call: Run, tmp_path: Path, arguments: list[str]) -> None:
    ended = call("batch", "paper.txt", "-o", "facts.jsonl", *arguments)
    assert ended.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "bound",
    [
        *(pytest.param(["--timeout", time], marks=pytest.mark.slow) for time in ("inf", "1e10")),
        ["--memory", "1e11"],
    ],
)
def test_a_bound_may_be_as_large_as_one_likes(tmp_path: Path, bound: list[str]) -> None:
    papers = make_papers(tmp_path / "papers", 1)
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl", *bound)
    assert "Traceback" not in ended.stderr
    assert ended.code in (0, 2)
    if ended.code == 0:
        assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*papers)


def workers_of(count: int) -> list[str]:
    """The option that asks for so many workers."""
    return ["--workers", str(count)]


def leave_room(octets: int) -> Callable[[], None]:
    """What makes files that grow beyond a size fail as they do on a full disk."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (octets, octets))


def assert_only_failure(
    folder: Path, ended: Ended, papers: list[Path], *, at: int, name: str, code: str
) -> None:
    """All papers are as parsed, in order, but for a failed one at a place among them."""
    lines = (folder / "facts.jsonl").read_bytes().splitlines(keepends=True)
    failure = json.loads(lines.pop(at))
    assert b"".join(lines) == as_parsed(*papers)
    assert failure["source"] == {"name": Path(name).name, "sha256": None}
    assert failure["error"]["code"] == code
    assert ended.code == 1
    assert ended.lines == [
        f"carextract: {name}: {failure['error']['message']} [{code}]",
        ended.lines[-1],
    ]
    assert ended.lines[-1].startswith(f"carextract: {len(papers)} done, 0 reused, 1 failed; ")
    assert_nothing_else_left(folder)


def assert_nothing_else_left(folder: Path) -> None:
    """A run that came to its end leaves the output, and nothing that it needed on the way."""
    assert [path.name for path in folder.glob("facts.jsonl*")] == ["facts.jsonl"]
    assert not list(folder.glob(".facts*"))
