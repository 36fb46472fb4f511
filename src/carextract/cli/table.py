"""`carextract table`: the facts of many papers as CSV, Excel or Parquet."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carextract.cli.options import Kind, Kinds, check_not_input
from carextract.cli.terminal import complain

if TYPE_CHECKING:
    from carextract.decisions import Decisions
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
    decisions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="What the report page exported, as JSON or CSV: adds the columns `decision` and"
            " `note`.",
        ),
    ] = None,
) -> None:
    """The facts of many papers as a table, one fact a row."""
    from carextract.decisions import read_decisions
    from carextract.facts_file import read_facts
    from carextract.write import Contents, write_csv, write_excel, write_parquet

    writers = {".csv": write_csv, ".xlsx": write_excel, ".parquet": write_parquet}
    form = output.suffix.lower()
    if form not in writers:
        raise typer.BadParameter(
            f"{output}: the name says which form it has: .csv, .xlsx or .parquet",
            param_hint="--output",
        )
    check_not_input(output, str(facts))
    if decisions is not None:
        check_not_input(output, str(decisions))
    decided = None if decisions is None else read_decisions(decisions)
    kinds = tuple(known.value for known in Kind if known in (kind or Kind))
    failures: list[str] = []
    met: set[str] = set()
    entries = _noting(read_facts(facts), failures)
    if decided is not None:
        entries = _meeting(entries, decided, kinds, met)
    writers[form](output, entries, contents=Contents(kinds, decided))
    if failures and form != ".xlsx":
        complain(
            f"{facts}: papers that could not be read, and so have no rows: {len(failures)};"
            " the overview of the Excel form (.xlsx) names them"
        )
    if decided is not None:
        complain(f"decisions: {_became_of(decided, met, kinds, facts)}")


def _noting(
    entries: "Iterable[Document | Failure]", failures: list[str]
) -> "Iterator[Document | Failure]":
    """The entries as they come; the codes of those that failed are noted."""
    from carextract.records import Failure

    for entry in entries:
        if isinstance(entry, Failure):
            failures.append(entry.error.code)
        yield entry


def _meeting(
    entries: "Iterable[Document | Failure]",
    decisions: "Decisions",
    kinds: tuple[str, ...],
    met: set[str],
) -> "Iterator[Document | Failure]":
    """The entries as they come; which of the decisions are about facts of theirs is noted."""
    from carextract.decisions import fact_id
    from carextract.records import Document

    for entry in entries:
        if isinstance(entry, Document):
            facts = (fact for kind in kinds for fact in getattr(entry, kind))
            met.update(decisions.keys() & {fact_id(entry.source.sha256, fact) for fact in facts})
        yield entry


def _became_of(decisions: "Decisions", met: set[str], kinds: tuple[str, ...], facts: Path) -> str:
    """How many decisions are in the table, of which sort, and why the others are not."""
    from carextract.write.rows import KINDS

    joined = Counter(decisions[fact].decision for fact in met)
    said = (
        f"{joined['accepted']} accepted, {joined['rejected']} rejected,"
        f" {joined[None]} with a note only"
    )
    # A fact is named after its kind, as its key is.
    passed_over = {record.__name__.lower() for kind, record in KINDS.items() if kind not in kinds}
    unmet = Counter(fact.partition(":")[0] in passed_over for fact in decisions.keys() - met)
    if unmet[True]:
        said += f"; {unmet[True]} about other kinds of facts"
    if unmet[False]:
        verb, noun = ("is", "a fact") if unmet[False] == 1 else ("are", "facts")
        said += f"; {unmet[False]} {verb} about {noun} that {verb} not in {facts}"
    return said
