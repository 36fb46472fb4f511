"""Papers read in a process of their own, which may hang, run out of memory or die.

Each thread that calls `Isolation.read` has one such process and a pipe to it that no other uses. So
a process that is killed at any moment, even while it writes, can hurt nothing but its own paper.
"""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any

from carextract.batch.reading import OUT_OF_MEMORY, Failed, Read, Settings, digest_of, read_paper

_NAME = "carextract-paper"  # of the processes, by which `close` knows them
_IDLE = 60.0  # seconds without a paper after which a process ends by itself
_START = 60.0  # seconds that a process may take to start, on the busiest machine
_END = 5.0  # seconds that the system may take to say how a process ended
_TRIES = 2  # a process may be killed for what another one did, as when memory runs out

_GIGABYTE = 1 << 30
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


class EndedError(Exception):
    """A process that is no more; the message goes on after the name of its paper."""


class Isolation:
    """Reads papers, each within its bounds; safe to be called from several threads at once."""

    def __init__(self) -> None:
        self._of_thread = threading.local()
        self._closed = False

    def read(self, paths: Sequence[str], settings: Settings) -> list[Read | Failed]:
        """What becomes of papers, in their order: of each its document, or why there is none.

        A paper whose process died is tried once more, in a new one. The others go on from there.
        """
        outcomes: list[Read | Failed] = []
        tries = 0
        while len(outcomes) < len(paths):
            before = len(outcomes)
            try:
                for outcome in self._worker(settings).read(paths[before:]):
                    outcomes.append(outcome)
                    tries = 0
            except TimeoutError:
                message = f"takes longer than {settings.seconds:g} s; give it more with --timeout"
                outcomes.append(Failed("timed-out", message))
                tries = 0
            except EndedError as ended:
                tries += 1
                if tries == _TRIES:
                    outcomes.append(Failed("worker-died", str(ended)))
                    tries = 0
        return [_with_digest(*pair) for pair in zip(paths, outcomes, strict=True)]

    def close(self) -> None:
        """Kill the processes. Papers that are being read fail at once."""
        self._closed = True
        for process in multiprocessing.active_children():
            if process.name == _NAME:
                process.kill()

    def _worker(self, settings: Settings) -> "_Worker":
        """The process of this thread; a new one if it has none, or has lost it."""
        if self._closed:
            raise RuntimeError("the run has ended")
        worker: _Worker | None = getattr(self._of_thread, "worker", None)
        if worker is None or not worker.alive or worker.settings != settings:
            if worker is not None:
                worker.kill()
            worker = self._of_thread.worker = _Worker(settings)
            if self._closed:  # since it was asked above: `close` may not have seen the new process
                worker.kill()
        return worker


class _Worker:
    """A process that reads one paper after the other, and the pipe to it."""

    def __init__(self, settings: Settings) -> None:
        if multiprocessing.current_process().daemon:
            # A cluster runs its workers as daemons, and a daemon may have no children.
            multiprocessing.current_process().daemon = False
        context = multiprocessing.get_context("spawn")
        self.settings = settings
        self._pipe, other = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(other, settings), name=_NAME, daemon=True
        )
        with _keys_held():
            self._process.start()
        other.close()
        self._ready = False

    @property
    def alive(self) -> bool:
        """Whether it can take a paper; one that was idle for long has ended."""
        return self._process.is_alive()

    def read(self, paths: Sequence[str]) -> Iterator[Read | Failed]:
        """The outcomes of papers, one by one. Raises TimeoutError for one that takes too long, and
        EndedError where the process died; it is gone then, and where memory ran out."""
        try:
            self._wait_for_start()
            self._pipe.send(paths)
            for _ in paths:
                outcome: Read | Failed = self._receive(self.settings.seconds)
                yield outcome
                if isinstance(outcome, Failed) and outcome.code == OUT_OF_MEMORY:
                    self.kill()
                    return
        except TimeoutError:
            self.kill()
            raise
        except (EOFError, OSError):
            self._process.join(_END)
            self.kill()
            raise EndedError(_how_it_ended(self._process.exitcode)) from None

    def _wait_for_start(self) -> None:
        if self._ready:
            return
        try:
            self._ready = self._receive(_START)
        except TimeoutError:
            self.kill()
            raise EndedError(f"its process does not start within {_START:g} s") from None

    def _receive(self, seconds: float) -> Any:
        if not self._pipe.poll(seconds):
            raise TimeoutError
        return self._pipe.recv()

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.join(_END)
        self._pipe.close()


def _with_digest(path: str, outcome: Read | Failed) -> Read | Failed:
    """A failure with the hash of its file, which no document has told."""
    return outcome._replace(sha256=digest_of(path)) if isinstance(outcome, Failed) else outcome


def _how_it_ended(code: int | None) -> str:
    if code is None or code >= 0:
        return f"its process ended, {_TRIES} times (exit code {code})"
    name = signal.Signals(-code).name
    return f"its process was killed, {_TRIES} times ({name}); perhaps for want of memory"


@contextlib.contextmanager
def _keys_held() -> Iterator[None]:
    """Start a process here, and no key interrupts it before it can say that none is to; where the
    system cannot hold signals back, one does."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # starting it with the process would let keys through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, settings: Settings) -> None:
    """What runs in the process: papers come in, lines go out, until nothing has come for long."""
    _end_with_parent()
    _limit_memory(settings.gigabytes)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a key pressed is for the parent to answer
    import carextract.pipeline  # noqa: F401 - so that the time of a paper is its own
    from carextract.rules import load_rules

    load_rules(settings.patterns)
    pipe.send(True)
    with contextlib.suppress(EOFError, OSError):
        while pipe.poll(_IDLE):
            for path in pipe.recv():
                pipe.send(read_paper(path, settings))


def _end_with_parent() -> None:
    """End when the parent does, however it ends: Linux sees to it; elsewhere a thread waits."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def wait() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=wait, daemon=True).start()


def _limit_memory(gigabytes: float) -> None:
    """What the process may take; where the system has no such bound, there is none."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        most = int(gigabytes * _GIGABYTE)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
