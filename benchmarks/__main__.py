"""Print every ratio beside its target: `python -m benchmarks [text|pdf|batch|report|papers]`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measures import Result, against_opencc, growth, start_up, tripled_rules


def main() -> None:
    """Measure, print, and say at the end which targets are missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=("text", "pdf", "batch", "report", "papers"),
        default="text",
        help="speed on texts, on PDFs, of many papers, of a report in a browser, or how well"
        " PDFs are read beside others",
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each pair (default 5)")
    parser.add_argument("--quick", action="store_true", help="leave out the longest files")
    parser.add_argument(
        "--papers", type=Path, help="folder of PDFs (default: our own samples; for papers: needed)"
    )
    options = parser.parse_args()
    if options.what == "papers":
        from benchmarks.papers import compare

        if options.papers is None:
            parser.error("papers: give the folder that tests/papers speaks of with --papers")
        for line in compare(options.papers):
            print(line)
        return
    measured = {"text": _text, "pdf": _pdf, "batch": _batch, "report": _report}[options.what]
    print(f"{'':48} {'ratio':>6} {'target':>7}   measured")
    missed = 0
    for result in measured(options.rounds, quick=options.quick, papers=options.papers):
        sign = " " if result.met else "!"
        print(f"{result.name:48} {result.ratio:6.2f} {result.target:6.2f} {sign}  {result.detail}")
        missed += not result.met
    print("every target met" if not missed else f"{missed} missed, marked !")


def _text(rounds: int, *, quick: bool, papers: Path | None) -> Iterator[Result]:
    del papers  # only PDFs are read from a folder
    yield from start_up(rounds)
    yield from against_opencc(rounds)
    yield from tripled_rules(rounds)
    yield from growth(rounds, ("10 kB", "1 MB") if quick else ("10 kB", "1 MB", "20 MB"))


def _pdf(rounds: int, *, quick: bool, papers: Path | None) -> Iterator[Result]:
    from benchmarks import pdf

    samples = sorted(pdf.SAMPLES.glob("*.pdf"))
    yield from pdf.against_readers(sorted(papers.rglob("*.pdf")) if papers else samples, rounds)
    yield from pdf.book(samples)
    if not quick:
        yield from pdf.growth(samples)


def _batch(rounds: int, *, quick: bool, papers: Path | None) -> Iterator[Result]:
    from benchmarks import batch

    del papers  # what is measured is the way of the papers, not what is in them
    yield from batch.overhead(rounds)
    yield from batch.second_worker(rounds)
    if not quick:
        yield from batch.memory()


def _report(rounds: int, *, quick: bool, papers: Path | None) -> Iterator[Result]:
    from benchmarks import report

    del papers  # the papers are made, so that there are enough of them
    yield from report.in_a_browser(rounds, papers=100 if quick else 1_000)


if __name__ == "__main__":
    main()
