"""Runs of `carextract batch` as real processes: started, watched in /proc, killed."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import PACKAGE_PARENT

import carextract

LINUX = sys.platform == "linux"
linux_only = pytest.mark.skipif(not LINUX, reason="processes are looked up in /proc")

LONG = 120.0  # seconds; no run takes so long unless it hangs

CHINESE = """{number}号报告：系统性红斑狼疮患者接受CD19 CAR-T细胞治疗。
{total}例患者按1.{number}×10^6个细胞/kg输注，其中{few}例发生1级CRS，未发生ICANS。
第3个月时SLEDAI-2K中位数由{before}分降至2分，注册号NCT0593{number:04d}。
"""
ENGLISH = """Report {number}: CD19 cells for lupus that had not answered to other treatment.
Of {total} patients, {few} had grade 1 CRS and none had ICANS after 1.{number} x 10^6 cells/kg.
Median SLEDAI fell from {before} to 2 within three months (NCT0618{number:04d}).
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended."""

    code: int
    stdout: bytes
    stderr: str

    @property
    def lines(self) -> list[str]:
        """What it said on standard error."""
        return self.stderr.splitlines()


@dataclass(frozen=True, slots=True)
class Running:
    """A run that goes on; all its processes are known by a mark in their environment."""

    process: "subprocess.Popen[bytes]"
    mark: str = field(repr=False)

    def end(self, stdin: bytes | None = None) -> Ended:
        """Wait for the end. Fails where that does not come."""
        stdout, stderr = self.process.communicate(stdin, timeout=LONG)
        return Ended(self.process.returncode, stdout, (stderr or b"").decode())

    def kill(self) -> None:
        """Kill the parent alone, with no chance to clear up."""
        self.process.kill()
        self.process.wait(LONG)

    def others(self) -> list[int]:
        """The processes of the run that are alive, but for the parent."""
        own = str(self.process.pid)
        return [int(pid) for pid in _marked(self.mark) if pid != own]

    def readers(self) -> list[int]:
        """The processes that read papers."""
        return [pid for pid in self.others() if b"spawn_main" in _bytes_of(pid, "cmdline")]

    def reader_of(self, fifo: Path) -> int | None:
        """The process that has a FIFO open, and so is in the middle of that paper."""
        return reader_of(fifo, self.readers())


def reader_of(fifo: Path, processes: Iterable[int]) -> int | None:
    """Which of some processes has a FIFO open."""
    for pid in processes:
        with contextlib.suppress(OSError):
            if any(handle.samefile(fifo) for handle in Path(f"/proc/{pid}/fd").iterdir()):
                return pid
    return None


def start(folder: Path, *arguments: str | Path, **options: Any) -> Running:
    """Start `carextract batch ARGUMENT...` in a folder, on the package under test.

    The options are those of Popen, but that `env` adds to the variables.
    """
    return start_python(
        "-W", "error", "-m", "carextract", "batch", *arguments, cwd=folder, **options
    )


def start_python(*arguments: str | Path, **options: Any) -> Running:
    """Start Python with arguments, on the package under test; see `start`."""
    mark = uuid.uuid4().hex
    added = options.pop("env", {})
    process = subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        **{
            "stdin": subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "env": {**_environment(mark), **added},
            **options,
        },
    )
    return Running(process, mark)


def batch(folder: Path, *arguments: str | Path, stdin: bytes = b"", **options: Any) -> Ended:
    """Run `carextract batch ARGUMENT...` in a folder to its end."""
    running = start(folder, *arguments, **options)
    try:
        return running.end(stdin)
    except subprocess.TimeoutExpired:
        running.kill()
        raise


@contextlib.contextmanager
def endless_paper(path: Path) -> Iterator[Callable[[], int]]:
    """A FIFO that never ends. What it gives waits until the FIFO is being read, and returns the
    handle by which it can be written; closing that ends the paper."""
    os.mkfifo(path)
    handles: list[int] = []

    def opened() -> bool:
        with contextlib.suppress(OSError):  # as long as nobody reads
            handles.append(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        return bool(handles)

    def being_read() -> int:
        wait_until(opened, f"{path.name} is being read")
        return handles[0]

    try:
        yield being_read
    finally:
        for handle in handles:
            with contextlib.suppress(OSError):
                os.close(handle)


def wait_until(true: Callable[[], Any], what: str, *, seconds: float = LONG) -> Any:
    """Wait for what comes true, and return it."""
    until = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < until, f"not within {seconds:g} s: {what}"
        time.sleep(0.01)
    return value


def assert_no_orphan(running: Running) -> None:
    """No process of a run is alive five seconds after its parent is gone."""
    wait_until(lambda: not running.others(), "the processes of the run are gone", seconds=5)


@contextlib.contextmanager
def killed_at_last(running: Running) -> Iterator[Running]:
    """A run that does not outlive its test."""
    try:
        yield running
    finally:
        for pid in (running.process.pid, *running.others()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        running.process.communicate()


def make_papers(folder: Path, count: int, *, longer: int = 1) -> list[Path]:
    """Small papers in Chinese and English, by turns, no two the same."""
    folder.mkdir(parents=True, exist_ok=True)
    papers = []
    for number in range(1, count + 1):
        words = CHINESE if number % 2 else ENGLISH
        numbers = {"number": number, "total": number + 5, "few": 1 + number % 4, "before": 18}
        path = folder / f"paper-{number:03}.txt"
        path.write_text(words.format(**numbers) * longer, encoding="utf-8")
        papers.append(path)
    return papers


def as_parsed(*papers: Path) -> bytes:
    """The lines that papers have to have: the very JSON that `parse` gives of each."""
    lines = [carextract.parse(path, ocr="never").model_dump_json() for path in papers]
    return "".join(f"{line}\n" for line in lines).encode()


def entries(output: Path) -> list[dict[str, Any]]:
    """The lines of an output, read."""
    return [json.loads(line) for line in output.read_bytes().splitlines()]


def kept(output: Path) -> set[str]:
    """The names of the documents in a journal whose lines are whole."""
    journal = output.with_name(output.name + ".partial")
    if not journal.exists():
        return set()
    lines = map(json.loads, journal.read_bytes().split(b"\n")[1:-1])
    return {entry["source"]["name"] for entry in lines if "error" not in entry}


def _marked(mark: str) -> Iterator[str]:
    wanted = f"CAREXTRACT_TEST_RUN={mark}".encode()
    for name in (path.name for path in Path("/proc").iterdir()):
        if name.isdigit() and wanted in _bytes_of(int(name), "environ"):
            yield name


def _bytes_of(pid: int, name: str) -> bytes:
    """A file of a process in /proc; nothing for a process that is no more, or a zombie."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def _environment(mark: str) -> dict[str, str]:
    """The variables of a run: the package under test, and the mark."""
    return {**os.environ, "PYTHONPATH": str(PACKAGE_PARENT), "CAREXTRACT_TEST_RUN": mark}
