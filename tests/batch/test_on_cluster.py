"""Batch on a Dask cluster: the same bytes as here, and no more lost when parts of it die."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from real_runs import (
    Ended,
    Running,
    as_parsed,
    assert_no_orphan,
    batch,
    endless_paper,
    entries,
    kept,
    killed_at_last,
    linux_only,
    make_papers,
    start,
    start_python,
    wait_until,
)

pytest.importorskip("distributed")
pytestmark = [linux_only, pytest.mark.slow]

CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=":0",
        scheduler_port=int(sys.argv[1]),
    ) as cluster:
        print(cluster.scheduler_address, *(each.pid for each in cluster.workers.values()))
        sys.stdout.flush()
        sys.stdin.read()
"""


@dataclass(frozen=True)
class Cluster:
    """A cluster of two workers with a thread each; its scheduler is the process that started it."""

    running: Running
    address: str
    workers: tuple[int, ...]

    @property
    def arguments(self) -> tuple[str, ...]:
        """The options that send papers there."""
        return ("-o", "facts.jsonl", "--engine", "dask", "--scheduler", self.address)


@contextmanager
def started(port: int = 0) -> Iterator[Cluster]:
    """A cluster, with no process of it left afterwards; port 0 is any that is free."""
    with killed_at_last(
        start_python("-c", CLUSTER, str(port), stderr=subprocess.DEVNULL)
    ) as running:
        assert running.process.stdout is not None
        address, *workers = running.process.stdout.readline().decode().split()
        yield Cluster(running, address, tuple(map(int, workers)))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster that no test does lasting harm to."""
    with started() as cluster:
        yield cluster


def parent_of(pid: int) -> int:
    """The process that started a process."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_the_bytes_are_those_of_this_machine(cluster: Cluster, tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 40)
    ended = batch(tmp_path, "papers", *cluster.arguments)
    assert (ended.code, ended.stdout, len(ended.lines)) == (0, b"", 1)
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*papers)
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl")
    assert ended.lines[-1].startswith("carextract: 0 done, 40 reused, 0 failed")


def test_a_worker_of_the_cluster_killed_during_the_run_changes_nothing(
    cluster: Cluster, tmp_path: Path
) -> None:
    papers = make_papers(tmp_path / "papers", 40, longer=6)
    held = tmp_path / "held" / papers[7].name
    held.parent.mkdir()
    named = [*papers[:7], held, *papers[8:]]
    with (
        endless_paper(held) as being_read,
        killed_at_last(start(tmp_path, *named, *cluster.arguments)) as running,
    ):
        handle = being_read()
        reader = wait_until(lambda: cluster.running.reader_of(held), "it is being read")
        os.kill(parent_of(reader), signal.SIGKILL)
        wait_until(lambda: cluster.running.reader_of(held) not in (None, reader), "it is again")
        os.write(handle, papers[7].read_bytes())
        os.close(handle)
        ended = running.end()
    assert (ended.code, len(ended.lines)) == (0, 1), ended.stderr
    assert ended.lines[-1].startswith("carextract: 40 done, 0 reused, 0 failed; ")
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*papers)


def test_bad_papers_cost_themselves_alone(cluster: Cluster, tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 6)
    (tmp_path / "eater.txt").symlink_to("/dev/zero")
    bounds = ("--timeout", "3", "--memory", "0.3")
    with endless_paper(tmp_path / "endless.txt"):
        ended = batch(
            tmp_path, "endless.txt", "eater.txt", "no.txt", "papers", *cluster.arguments, *bounds
        )
    assert ended.code == 1
    assert ended.lines[-1].startswith("carextract: 6 done, 0 reused, 3 failed; ")
    found = entries(tmp_path / "facts.jsonl")
    codes = [entry["error"]["code"] for entry in found[:3]]
    assert codes == ["timed-out", "out-of-memory", "not-found"]
    assert (tmp_path / "facts.jsonl").read_bytes().endswith(as_parsed(*papers))
    assert len(ended.lines) == 4


def test_the_parent_killed_leaves_nothing_behind_on_the_cluster(
    cluster: Cluster, tmp_path: Path
) -> None:
    papers = make_papers(tmp_path / "papers", 30)
    with (
        endless_paper(tmp_path / "endless.txt") as being_read,
        killed_at_last(
            start(tmp_path, "endless.txt", "papers", *cluster.arguments, "--timeout", "5")
        ) as running,
    ):
        being_read()
        wait_until(lambda: len(kept(tmp_path / "facts.jsonl")) == 30, "the others are kept")
        running.kill()
        assert_no_orphan(running)
        gone = "the endless paper is given up"
        wait_until(lambda: not cluster.running.reader_of(tmp_path / "endless.txt"), gone)
    ended = batch(tmp_path, "papers", *cluster.arguments)
    assert ended.lines[-1].startswith("carextract: 0 done, 30 reused, 0 failed")
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*papers)


def end_without_scheduler(folder: Path) -> Ended:
    """How a run ends whose scheduler is killed when all papers but an endless one are done."""
    with (
        started() as cluster,
        endless_paper(folder / "endless.txt") as being_read,
        killed_at_last(start(folder, "endless.txt", "papers", *cluster.arguments)) as running,
    ):
        being_read()
        wait_until(lambda: len(kept(folder / "facts.jsonl")) == 20, "the others are kept")
        cluster.running.kill()
        ended = running.end()
        assert_no_orphan(running)
        return ended


def test_a_scheduler_killed_during_the_run_ends_it_and_this_machine_goes_on(
    tmp_path: Path,
) -> None:
    papers = make_papers(tmp_path / "papers", 20)
    ended = end_without_scheduler(tmp_path)
    assert (ended.code, ended.stdout) == (1, b"")
    assert ended.lines[-1].startswith("carextract: papers can be read no longer: ")
    assert "run the same command again" in ended.lines[-1]
    ended = batch(tmp_path, "papers", "-o", "facts.jsonl")
    assert ended.lines[-1].startswith("carextract: 0 done, 20 reused, 0 failed")
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*papers)


def test_a_scheduler_killed_during_the_run_is_said_in_one_line(tmp_path: Path) -> None:
    make_papers(tmp_path / "papers", 20)
    assert_said_in_one_line(end_without_scheduler(tmp_path), "papers can be read no longer: ")


def test_a_scheduler_that_is_only_just_starting_is_waited_for(tmp_path: Path) -> None:
    papers = make_papers(tmp_path / "papers", 3)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    to_cluster = ("--engine", "dask", "--scheduler", f"tcp://127.0.0.1:{port}")
    with killed_at_last(start(tmp_path, "papers", "-o", "facts.jsonl", *to_cluster)) as running:
        time.sleep(2)  # longer than batch takes to ask for the scheduler
        with started(port):
            assert running.end().code == 0
    assert (tmp_path / "facts.jsonl").read_bytes() == as_parsed(*papers)


@pytest.mark.parametrize(
    "address",
    [
        "tcp://127.0.0.1:1",
        "nowhere",
    ],
)
def test_an_address_without_a_scheduler_is_said_in_one_line(tmp_path: Path, address: str) -> None:
    make_papers(tmp_path / "papers", 1)
    ended = batch(
        tmp_path, "papers", "-o", "facts.jsonl", "--engine", "dask", "--scheduler", address
    )
    assert_said_in_one_line(ended, f"{address}: no Dask scheduler answers there")
    assert [path.name for path in tmp_path.iterdir()] == ["papers"]


def assert_said_in_one_line(ended: Ended, what: str) -> None:
    """A run that failed, and said so without the words of others."""
    assert (ended.code, ended.stdout) == (1, b"")
    assert len(ended.lines) == 1, ended.stderr
    assert ended.lines[0].startswith("carextract: ")
    assert what in ended.lines[0]
