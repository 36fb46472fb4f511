"""`carextract synthesize`: the studies that many papers speak of, a row each."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carextract.cli.options import check_not_input
from carextract.cli.terminal import complain, counted, visible

if TYPE_CHECKING:
    from carextract.synthesize import Synthesis


def synthesize(
    facts: Annotated[
        list[Path],
        typer.Argument(metavar="FACTS.jsonl...", help="What batch, or parse as JSON, wrote."),
    ],
    *,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="Write here, whole or not at all: .jsonl, .csv or .xlsx. The last needs the"
            " extra: pip install 'carextract[tables]'.",
        ),
    ],
) -> None:
    """The studies of many papers, each once, with what every paper says of it and where."""
    from itertools import chain

    from carextract.facts_file import read_facts
    from carextract.synthesize import synthesize as merged
    from carextract.synthesize import (
        write_studies_csv,
        write_studies_excel,
        write_studies_json_lines,
    )

    writers = {
        ".jsonl": write_studies_json_lines,
        ".csv": write_studies_csv,
        ".xlsx": write_studies_excel,
    }
    form = output.suffix.lower()
    if form not in writers:
        raise typer.BadParameter(
            f"{output}: the name says which form it has: .jsonl, .csv or .xlsx",
            param_hint="--output",
        )
    for path in facts:
        check_not_input(output, str(path))
    synthesis = merged(chain.from_iterable(map(read_facts, facts)))
    writers[form](output, synthesis.studies)
    _say_what_was_found(synthesis, output)


def _say_what_was_found(synthesis: "Synthesis", output: Path) -> None:
    """What a reader has to know of the papers, and the counts as the last line."""
    if synthesis.failed:
        complain(f"papers that could not be read, and so say nothing: {synthesis.failed}")
    for name in synthesis.read_differently:
        complain(
            f"{visible(name)}: was given several times, with different facts; the fullest counts"
        )
    studies = synthesis.studies
    shared = sum(len(study.papers) > 1 for study in studies)
    conflicts = sum(study.conflicts for study in studies)
    complain(
        f"{counted(len(studies), 'study', 'studies')} in"
        f" {counted(synthesis.papers, 'paper')}, {shared} in more than one,"
        f" {counted(conflicts, 'conflict')}: {output}"
    )
