"""`carextract table`: the facts of many papers as CSV, Excel or Parquet."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carextract.cli.options import Kind, Kinds, check_not_input
from carextract.cli.terminal import complain

if TYPE_CHECKING:
    from carextract.records import Document, Failure


def table(
    facts: Annotated[
        Path, typer.Argument(metavar="FACTS.jsonl", help="What batch, or parse as JSON, wrote.")
    ],
    *,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="Write here, whole or not at all: .csv, .xlsx or .parquet. The last two need the"
            " extra: pip install 'carextract[tables]'.",
        ),
    ],
    kind: Kinds = None,
) -> None:
    """The facts of many papers as a table, one fact a row."""
    from carextract.facts_file import read_facts
    from carextract.write import write_csv, write_excel, write_parquet

    writers = {".csv": write_csv, ".xlsx": write_excel, ".parquet": write_parquet}
    form = output.suffix.lower()
    if form not in writers:
        raise typer.BadParameter(
            f"{output}: the name says which form it has: .csv, .xlsx or .parquet",
            param_hint="--output",
        )
    check_not_input(output, str(facts))
    failures: list[str] = []
    kinds = [known.value for known in Kind if known in (kind or Kind)]
    writers[form](output, _noting(read_facts(facts), failures), kinds=kinds)
    if failures and form != ".xlsx":
        complain(
            f"{facts}: papers that could not be read, and so have no rows: {len(failures)};"
            " the overview of the Excel form (.xlsx) names them"
        )


def _noting(
    entries: "Iterable[Document | Failure]", failures: list[str]
) -> "Iterator[Document | Failure]":
    """The entries as they come; the codes of those that failed are noted."""
    from carextract.records import Failure

    for entry in entries:
        if isinstance(entry, Failure):
            failures.append(entry.error.code)
        yield entry
