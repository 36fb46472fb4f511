"""Where papers are read: processes of this machine, or a Dask cluster that is already there.

An engine is an executor of `concurrent.futures`. Each of its threads, here or on a cluster, reads a
paper in a process of its own (`isolation`), so a paper that hangs or kills its process costs itself
and nothing else, and takes down no worker of a cluster.
"""

import logging
import os
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from carextract.batch.isolation import Isolation
from carextract.batch.reading import Failed, Read, Settings, rules_in_force
from carextract.errors import CarextractError

_START = 10  # seconds for a scheduler to listen: it may have been started just before
_WAIT = 30  # seconds for it to answer, and to have a worker
_PORT = 8786  # where a scheduler listens unless it is told otherwise
_INSTALL = "pip install 'carextract[dask]'"


class ReadPapers(Protocol):
    """A function that an executor can run, wherever it runs it."""

    def __call__(self, paths: Sequence[str], settings: Settings, /) -> list[Read | Failed]:
        """See `Isolation.read`."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What runs `read`, and how many calls of it at a time."""

    executor: Executor
    read: ReadPapers
    slots: int


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def local_engine(workers: int) -> Iterator[Engine]:
    """Processes of this machine, `workers` of them."""
    isolation = Isolation()
    executor = ThreadPoolExecutor(workers)
    try:
        yield Engine(executor, isolation.read, workers)
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        isolation.close()
        executor.shutdown()


@contextmanager
def dask_engine(address: str, settings: Settings) -> Iterator[Engine]:
    """The workers of a Dask cluster, by the address of its scheduler.

    They need the same version of carextract, and see the papers under the same absolute paths.
    Raises CarextractError where there is no such cluster, or it would read papers differently.
    """
    try:
        from distributed import Client
    except ImportError:
        raise CarextractError(f"--engine dask is not installed: {_INSTALL}") from None
    for name in ("distributed", "distributed.client", "distributed.core", "distributed.comm"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said by an error
    _check_answers(address)
    with Client(address, timeout=_WAIT, set_as_default=False) as client:
        try:
            client.wait_for_workers(1, timeout=_WAIT)
        except TimeoutError:
            raise CarextractError(
                f"{address}: the cluster has no workers; start some with `dask worker {address}`"
            ) from None
        executor = client.get_executor(pure=False)
        _check_same_program(executor, address, settings)
        slots = sum(client.nthreads().values())
        yield Engine(executor, partial(read_on_cluster, str(Path.cwd())), slots)


_ISOLATION = Isolation()


def read_on_cluster(folder: str, paths: Sequence[str], settings: Settings) -> list[Read | Failed]:
    """`Isolation.read` on a worker of a cluster, of paths in a folder of the machine that asks."""
    return _ISOLATION.read([str(Path(folder, path)) for path in paths], settings)


def _check_answers(address: str) -> None:
    """Raise CarextractError where nothing listens: a client would wait for long to say so."""
    try:
        where = urlsplit(address if "://" in address else f"tcp://{address}")
        _connection(where.hostname, where.port or _PORT).close()
    except (OSError, ValueError, TypeError) as error:
        raise CarextractError(
            f"{address}: no Dask scheduler answers there ({type(error).__name__}); start one with"
            " `dask scheduler`, or check the address: tcp://HOST:8786"
        ) from None


def _connection(host: str | None, port: int) -> socket.socket:
    until = time.monotonic() + _START
    while True:
        try:
            return socket.create_connection((host, port), timeout=_WAIT)
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _check_same_program(executor: Executor, address: str, settings: Settings) -> None:
    try:
        there = executor.submit(partial(rules_in_force, settings.patterns)).result()
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise CarextractError(
            f"{address}: carextract does not run on the cluster: {what}"
        ) from None
    if there != rules_in_force(settings.patterns):
        raise CarextractError(
            f"{address}: the cluster has another version of carextract, or other pattern files;"
            " install the same on all machines"
        )
