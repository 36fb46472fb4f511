"""`carextract batch`: a folder of papers to one file of facts."""

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carextract.cli.options import Ocr, Password, Patterns, Recognise, check_not_input
from carextract.cli.progress import shown_progress
from carextract.cli.terminal import complain, fail, visible
from carextract.errors import InputError

if TYPE_CHECKING:
    from carextract.batch import Engine, Papers, Settings, Tally


class EngineName(StrEnum):
    """Where papers are read."""

    LOCAL = "local"
    DASK = "dask"


def batch(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Files and folders; - for a list of them on standard input, one a line.",
        ),
    ],
    *,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="FACTS.jsonl", help="One document a line, in input order."
        ),
    ],
    glob: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN",
            help="Which files of folders: '*.pdf' (default: all PDFs and text files).",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes that read (default: one for each core)."),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(min=0.1, max=1e6, metavar="SECONDS", help="The longest a paper may take."),
    ] = 120,
    memory: Annotated[
        float,
        typer.Option(min=0.25, max=1e6, metavar="GB", help="The most memory a paper may take."),
    ] = 4,
    engine: Annotated[
        EngineName, typer.Option(help="This machine, or a Dask cluster.")
    ] = EngineName.LOCAL,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Where the cluster is: tcp://10.0.0.1:8786."),
    ] = None,
    patterns: Patterns = None,
    password: Password = None,
    ocr: Recognise = Ocr.AUTO,
    resume: Annotated[
        bool,
        typer.Option("--resume/--no-resume", help="Reuse what an earlier run has read."),
    ] = True,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="Stop at the first paper that cannot be read.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Say nothing but what went wrong.")
    ] = False,
) -> None:
    """The facts of many papers, as one document a line; what was read before is not read again."""
    from carextract.batch import Settings, find_papers, run_batch

    _check_engine(engine, workers=workers, scheduler=scheduler)
    names = _names(paths)
    for name in names:
        check_not_input(output, name)
    papers = find_papers(names, glob=glob, output=output)
    _check_papers(papers, paths)
    settings = Settings(
        patterns=patterns and patterns.absolute(),
        password=password,
        ocr=ocr.value,
        seconds=timeout,
        gigabytes=memory,
    )
    try:
        with (
            _engine(scheduler, workers, settings) as reader,
            shown_progress(quiet=quiet) as on_progress,
        ):
            tally = run_batch(
                papers.paths,
                output,
                engine=reader,
                settings=settings,
                resume=resume,
                fail_fast=fail_fast,
                on_progress=on_progress,
            )
    except KeyboardInterrupt:
        complain("stopped; what is done is kept: run the same command again to go on")
        sys.exit(130)
    _say_how_it_ended(tally, papers, output, quiet=quiet)


def _check_engine(engine: EngineName, *, workers: int | None, scheduler: str | None) -> None:
    if engine is EngineName.DASK and scheduler is None:
        raise typer.BadParameter("--engine dask needs the address of its --scheduler")
    if engine is EngineName.DASK and workers is not None:
        raise typer.BadParameter("--workers are those of this machine; a cluster has its own")
    if engine is EngineName.LOCAL and scheduler is not None:
        raise typer.BadParameter("--scheduler is that of a cluster: add --engine dask")


def _names(paths: Sequence[str]) -> list[str]:
    """The paths given, with the list on standard input in the place of `-`."""
    from carextract.batch import names_in
    from carextract.read import stdin_bytes

    names: list[str] = []
    for path in paths:
        names += names_in(stdin_bytes(sys.stdin.buffer)) if path == "-" else [path]
    return names


def _check_papers(papers: "Papers", paths: Sequence[str]) -> None:
    if not papers.paths:
        others = sum(papers.passed_over.values())
        beside = f", only {others} other files" if others else ""
        raise InputError(
            f"{' '.join(paths)}: no papers there{beside}; give PDFs or text files", code="no-papers"
        )


def _engine(
    scheduler: str | None, workers: int | None, settings: "Settings"
) -> AbstractContextManager["Engine"]:
    from carextract.batch import cores, dask_engine, local_engine

    if scheduler is not None:
        return dask_engine(scheduler, settings)
    return local_engine(workers or cores())


def _say_how_it_ended(tally: "Tally", papers: "Papers", output: Path, *, quiet: bool) -> None:
    """What was passed over, each paper that failed and why, and the counts as the last line."""
    if papers.passed_over and not quiet:
        kinds = ", ".join(f"{count} {kind}" for kind, count in papers.passed_over.most_common())
        complain(f"passed over in the folders: {kinds}")
    for number, failed in sorted(tally.failed.items()):
        complain(f"{visible(str(papers.paths[number]))}: {failed.message} [{failed.code}]")
    counts = f"{tally.done} done, {tally.reused} reused, {len(tally.failed)} failed"
    if tally.stopped:
        fail(f"{counts}; stopped at the first failure: run the same command again to go on")
    if tally.failed:
        fail(f"{counts}; {tally.facts} facts in {output}")
    if not quiet:
        complain(f"{counts}; {tally.facts} facts in {output}")
