"""`carextract report`: the facts of many papers as a page to check them on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carextract.cli.options import Password, Patterns, check_not_input
from carextract.cli.progress import counted_papers
from carextract.cli.terminal import complain, counted

if TYPE_CHECKING:
    from carextract.report import Written

_MEGABYTE = 1_000_000


def report(
    facts: Annotated[
        Path, typer.Argument(metavar="FACTS.jsonl", help="What batch, or parse as JSON, wrote.")
    ],
    *,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="REPORT.html", help="Write here, whole or not at all."
        ),
    ],
    papers: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The folder with the papers: for the text around each quote, and for pictures of"
            " the pages. They are known by their bytes, whatever their names.",
        ),
    ] = None,
    picture_limit: Annotated[
        float,
        typer.Option(
            min=0, max=2000, metavar="MB", help="The most room that pictures of pages take."
        ),
    ] = 20,
    patterns: Patterns = None,
    password: Password = None,
) -> None:
    """The facts as one HTML page, to see each in its paper, accept it or reject it."""
    from carextract.facts_file import read_facts
    from carextract.report import Papers, write_report

    check_not_input(output, str(facts))
    at_hand = None
    if papers is not None:
        at_hand = Papers(papers, password, picture_bytes=int(picture_limit * _MEGABYTE))
    with counted_papers() as on_progress:
        written = write_report(
            output, read_facts(facts), papers=at_hand, patterns=patterns, on_progress=on_progress
        )
    _say_what_is_in_it(written, output, picture_limit=picture_limit, has_papers=papers is not None)


def _say_what_is_in_it(
    written: "Written", output: Path, *, picture_limit: float, has_papers: bool
) -> None:
    """What the report could not have, and the counts as the last line."""
    if written.repeated:
        complain(f"papers that came more than once, and are in it once: {written.repeated}")
    if written.not_found:
        complain(f"papers that are not in the folder; only their quotes are: {written.not_found}")
    if written.not_the_same:
        complain(
            "papers whose text is not read as it was then (a password, character recognition,"
            f" another version); only their quotes are in it: {written.not_the_same}"
        )
    if written.pictures < written.pages:
        complain(
            f"pictures of {written.pictures} of {written.pages} pages with quotes fit into"
            f" {picture_limit:g} MB: --picture-limit gives them more room"
        )
    said = [
        counted(written.papers + written.failed, "paper"),
        f"{written.failed} of which could not be read" if written.failed else "",
        counted(written.facts, "fact"),
        counted(written.pictures, "picture") + " of pages" if has_papers else "",
    ]
    megabytes = written.bytes / _MEGABYTE
    complain(f"{', '.join(filter(None, said))}: {output}, {megabytes:.1f} MB")
