"""How far a batch has come: shown on a terminal, and there alone."""

import os
import re
import threading
from pathlib import Path

import pytest
from real_runs import Ended, batch, linux_only, make_papers

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals")
pytestmark = linux_only

_CONTROL = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")


def on_a_terminal(folder: Path, *arguments: str | Path) -> tuple[Ended, str]:
    """A run whose standard error is a terminal, and what stood there without control sequences."""
    ours, theirs = pty.openpty()
    said: list[bytes] = []

    def listen() -> None:
        try:
            while data := os.read(ours, 4_096):
                said.append(data)
        except OSError:
            pass  # what reading gives when nobody has the other end any more

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        ended = batch(
            folder,
            *arguments,
            stderr=theirs,
            env={"TERM": "xterm", "COLUMNS": "100"},
        )
    finally:
        os.close(theirs)
        listener.join()
        os.close(ours)
    return ended, _CONTROL.sub(b"", b"".join(said)).decode()


def test_a_terminal_shows_counts_facts_and_the_summary(tmp_path: Path) -> None:
    make_papers(tmp_path / "papers", 5)
    ended, said = on_a_terminal(tmp_path, "papers", "nowhere.txt", "-o", "facts.jsonl")
    assert (ended.code, ended.stdout) == (1, b"")
    assert "6/6 papers" in said
    assert "1 failed" in said
    last = said.split("\n")[-2].strip()
    assert last.startswith("carextract: 5 done, 0 reused, 1 failed; ")
    facts = re.search(r"; (\d+) facts in", last)
    assert facts is not None
    assert f"{facts[1]} facts" in said[: said.index("carextract: ")]
    assert "nowhere.txt: no such file" in said.split("\n")[-3]


@pytest.mark.slow
def test_reused_papers_are_counted_on_the_way(tmp_path: Path) -> None:
    make_papers(tmp_path / "papers", 4)
    assert batch(tmp_path, "papers", "-o", "facts.jsonl").code == 0
    _, said = on_a_terminal(tmp_path, "papers", "-o", "facts.jsonl")
    assert "4/4 papers" in said
    assert "0 done, 4 reused, 0 failed" in said


def test_a_pipe_gets_the_summary_alone(tmp_path: Path) -> None:
    make_papers(tmp_path / "papers", 3)
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl")
    assert (ended.code, ended.stdout, len(ended.lines)) == (0, b"", 1)
    assert re.fullmatch(
        r"carextract: 3 done, 0 reused, 0 failed; \d+ facts in facts.jsonl\n", ended.stderr
    )


def test_quiet_says_nothing_when_all_went_well(tmp_path: Path) -> None:
    make_papers(tmp_path / "papers", 3)
    (tmp_path / "papers" / "notes.docx").touch()
    arguments = ("papers", "-o", "facts.jsonl", "--quiet")
    assert on_a_terminal(tmp_path, *arguments)[1] == ""
    ended = batch(tmp_path, *arguments)
    assert (ended.code, ended.stdout, ended.stderr) == (0, b"", "")


@pytest.mark.slow
def test_quiet_still_says_what_failed(tmp_path: Path) -> None:
    make_papers(tmp_path / "papers", 2)
    ended, said = on_a_terminal(tmp_path, "papers", "nowhere.txt", "-o", "facts.jsonl", "--quiet")
    assert ended.code == 1
    assert [line.split(":")[0] for line in said.splitlines()] == ["carextract", "carextract"]
    assert "[not-found]" in said.splitlines()[0]


@pytest.mark.parametrize("arguments", [["-o", "nowhere/facts.jsonl"], ["-o", "papers"]])
def test_a_run_that_cannot_begin_leaves_one_line_on_the_terminal(
    tmp_path: Path, arguments: list[str]
) -> None:
    make_papers(tmp_path / "papers", 1)
    ended, said = on_a_terminal(tmp_path, "papers", *arguments)
    assert ended.code == 1
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("carextract: ")
