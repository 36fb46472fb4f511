"""The loop: papers out to an engine, a bounded number at a time, and their lines to the journal."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from stat import S_ISREG

from carextract.batch.engines import Engine
from carextract.batch.journal import Journal, Making, open_journal
from carextract.batch.reading import Failed, Read, Settings, rules_in_force
from carextract.errors import CarextractError
from carextract.records import FailedSource, Failure, Reason

_WAITING = 3  # groups for each that is being read, so that none who reads has to wait
_GROUP = 16  # papers
_GROUP_BYTES = 16_000


@dataclass(slots=True)
class Tally:
    """How far a run has come."""

    papers: int
    done: int = 0
    reused: int = 0
    failed: dict[int, Failed] = field(default_factory=dict)  # by number of the paper
    facts: int = 0
    stopped: bool = False


def run_batch(
    papers: Sequence[Path],
    output: Path,
    *,
    engine: Engine,
    settings: Settings,
    resume: bool = True,
    fail_fast: bool = False,
    on_progress: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Write the documents of papers to a file, one a line in their order.

    A paper that cannot be read has a line too: a `Failure`. What an earlier run did is reused if
    `resume`. With `fail_fast` the first failure stops the run: the output is not written, and the
    next run goes on. Raises CarextractError where the output cannot be written, or the engine ends.
    """
    makers = rules_in_force(settings.patterns)
    making = Making(makers, settings.ocr)
    tally = Tally(len(papers))
    on_progress(tally)
    with open_journal(output, papers=len(papers), making=making, resume=resume) as journal:
        wanted = _not_known(papers, journal, tally, on_progress)
        for number, outcome in _outcomes(papers, wanted, engine, settings):
            if isinstance(outcome, Failed):
                tally.failed[number] = outcome
                journal.add(number, _failure_line(papers[number], outcome))
            else:
                _check_makers(outcome, makers)
                tally.done += 1
                tally.facts += outcome.facts
                journal.add(number, outcome.line)
            on_progress(tally)
            if fail_fast and tally.failed:
                tally.stopped = True
                return tally
        journal.finish()
    return tally


def _not_known(
    papers: Sequence[Path],
    journal: Journal,
    tally: Tally,
    on_progress: Callable[[Tally], None],
) -> Iterator[int]:
    """The numbers of the papers that have to be read."""
    for number, path in enumerate(papers):
        place = journal.known(path)
        if place is None:
            yield number
        else:
            journal.reuse(number, place)
            tally.reused += 1
            tally.facts += place.facts
            on_progress(tally)


def _outcomes(
    papers: Sequence[Path], wanted: Iterator[int], engine: Engine, settings: Settings
) -> Iterator[tuple[int, Read | Failed]]:
    """What becomes of papers, as it comes; never more than a few groups are with the engine."""
    ended: SimpleQueue[Future[list[Read | Failed]]] = SimpleQueue()
    waiting: dict[Future[list[Read | Failed]], list[int]] = {}
    groups = _groups(papers, wanted)

    def submit(numbers: list[int]) -> None:
        paths = [str(papers[number]) for number in numbers]
        future = engine.executor.submit(engine.read, paths, settings)
        waiting[future] = numbers
        future.add_done_callback(ended.put)

    for group in islice(groups, engine.slots * (1 + _WAITING)):
        submit(group)
    while waiting:
        future = ended.get()
        yield from zip(waiting.pop(future), _result(future), strict=True)
        for group in islice(groups, 1):
            submit(group)


def _groups(papers: Sequence[Path], wanted: Iterator[int]) -> Iterator[list[int]]:
    """Papers that go to a process together: one, or some that are small, since handing over takes
    as long as reading a paragraph."""
    group: list[int] = []
    size = 0
    for number in wanted:
        octets = _size(papers[number])
        if group and (size + octets > _GROUP_BYTES or len(group) == _GROUP):
            yield group
            group, size = [], 0
        group.append(number)
        size += octets
    if group:
        yield group


def _size(path: Path) -> int:
    """Bytes of a file; of what is no file, or not there, so many that it is read alone."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return _GROUP_BYTES
    return status.st_size if S_ISREG(status.st_mode) else _GROUP_BYTES


def _result(future: "Future[list[Read | Failed]]") -> list[Read | Failed]:
    try:
        return future.result()
    except (Exception, CancelledError) as error:
        what = " ".join(f"{type(error).__name__} {error}".split())
        raise CarextractError(
            f"papers can be read no longer: {what}; what is done is kept: run the same command"
            " again to go on"
        ) from error


def _check_makers(read: Read, makers: str) -> None:
    if read.made_by != makers:
        raise CarextractError(
            "the program or its pattern files changed during the run; run the same command again"
        )


def _failure_line(path: Path, failed: Failed) -> bytes:
    failure = Failure(
        source=FailedSource(name=path.name, sha256=failed.sha256),
        error=Reason(code=failed.code, message=failed.message),
    )
    return failure.model_dump_json().encode("utf-8")
