"""What a batch costs beside the work itself: time a paper, the second worker, memory."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measures import Result
from carextract.batch import Settings, Tally, local_engine, run_batch
from carextract.batch.reading import read_paper

_SAMPLES = Path(__file__).parent.parent / "samples"
_SETTINGS = Settings(ocr="never")
_SMALL = 2_000
_MANY = 100_000
_STEP = 10_000
_COPIES = 6


def overhead(rounds: int) -> Iterator[Result]:
    """Milliseconds a paper that a batch with one worker takes beside reading it in a loop."""
    with _small_papers(_SMALL) as (papers, output):
        pairs = [(_batch(papers, output, workers=1), _loop(papers)) for _ in range(rounds)]
    batch, loop = (1000 / _SMALL * statistics.median(side) for side in zip(*pairs, strict=True))
    extra = 1000 / _SMALL * statistics.median(ours - alone for ours, alone in pairs)
    detail = f"{batch:.2f} ms in a batch, {loop:.2f} ms in a loop"
    yield Result("overhead a paper, in ms", extra, 0.25, detail)


def second_worker(rounds: int) -> Iterator[Result]:
    """The same papers with two workers and with one."""
    samples = sorted([*_SAMPLES.glob("*.txt"), *(_SAMPLES / "pdf").glob("*.pdf")])
    with tempfile.TemporaryDirectory() as folder:
        papers = [
            Path(shutil.copy(sample, Path(folder) / f"{copy}-{sample.name}"))
            for copy in range(_COPIES)
            for sample in samples
        ]
        output = Path(folder) / "facts.jsonl"
        pairs = [
            (_batch(papers, output, workers=2), _batch(papers, output, workers=1))
            for _ in range(rounds)
        ]
    two, one = (len(papers) / statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    detail = f"{two:.1f} papers a second / {one:.1f}"
    yield Result("time with 2 workers / with 1", ratio, 0.6, detail)


def memory() -> Iterator[Result]:
    """What the parent holds at the end of many papers, beside what it held at the beginning."""
    curve: list[float] = []

    def look(tally: Tally) -> None:
        if tally.done % _STEP == 0:
            curve.append(_megabytes())

    with _small_papers(_MANY) as (papers, output), local_engine(2) as engine:
        began = time.perf_counter()
        run_batch(papers, output, engine=engine, settings=_SETTINGS, resume=False, on_progress=look)
        rate = _MANY / (time.perf_counter() - began)
    shown = " ".join(f"{value:.1f}" for value in curve)
    detail = f"{rate:.0f} papers a second; MB after each {_STEP:,}: {shown}"
    yield Result(f"memory after {_MANY:,} papers / {_STEP:,}", curve[-1] / curve[0], 1.05, detail)


@contextmanager
def _small_papers(count: int) -> Iterator[tuple[Sequence[Path], Path]]:
    """Papers of one line each, and a place for the output."""
    with tempfile.TemporaryDirectory() as folder:
        papers = []
        for number in range(count):
            path = Path(folder) / f"{number // 1000:03}" / f"{number:06}.txt"
            path.parent.mkdir(exist_ok=True)
            path.write_text(
                f"Of {number % 50 + 5} patients two had grade 1 CRS and none had ICANS"
                f" (NCT{number + 5_900_000:08}).\n",
                encoding="utf-8",
            )
            papers.append(path)
        yield papers, Path(folder) / "facts.jsonl"


def _batch(papers: Sequence[Path], output: Path, *, workers: int) -> float:
    """Seconds for all papers, not counting the start of the workers."""
    with local_engine(workers) as engine:
        # Two papers for each, so that none has to start later.
        for started in [
            engine.executor.submit(engine.read, [str(papers[0])], _SETTINGS)
            for _ in range(2 * workers)
        ]:
            started.result()
        began = time.perf_counter()
        run_batch(papers, output, engine=engine, settings=_SETTINGS, resume=False)
        return time.perf_counter() - began


def _loop(papers: Sequence[Path]) -> float:
    read_paper(str(papers[0]), _SETTINGS)
    began = time.perf_counter()
    for path in papers:
        read_paper(str(path), _SETTINGS)
    return time.perf_counter() - began


def _megabytes() -> float:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6
