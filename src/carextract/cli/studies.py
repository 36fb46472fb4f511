"""`carextract studies`: the studies of a paper, or of each of many, as a table."""

import re
import sys
from collections.abc import Iterator
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carextract.cli.options import (
    Ocr,
    Password,
    Patterns,
    Recognise,
    check_not_input,
    read_input,
    say_what_was_left_out,
)
from carextract.cli.terminal import complain, put

if TYPE_CHECKING:
    from carextract.records import Document, Failure
    from carextract.synthesize import Member

    _Paper = tuple[str, list[Member]]

_FACTS_BEGIN = re.compile(r'\s*\{\s*"')
_SNIFFED = 64


class Format(StrEnum):
    """How the studies are shown."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def studies(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|FACTS.jsonl",
            help="A paper, - for one on standard input, or what batch, or parse as JSON, wrote.",
        ),
    ],
    *,
    output_format: Annotated[
        Format, typer.Option("--format", help="A table to look at, or one for programs.")
    ] = Format.TABLE,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PATH", help="Write here, whole or not at all."),
    ] = None,
    patterns: Patterns = None,
    password: Password = None,
    ocr: Recognise = Ocr.AUTO,
) -> None:
    """The studies that a paper speaks of, with their facts."""
    from carextract.write import write_output

    check_not_input(output, file)
    entries = _entries(file, patterns=patterns, password=password, ocr=ocr)
    papers = list(_papers(entries, file))
    on_terminal = output is None and sys.stdout.isatty()
    data = _formatted(papers, output_format, on_terminal=on_terminal)
    if output is None:
        put(data)
    else:
        write_output(output, data.encode("utf-8"))


def _entries(
    file: str, *, patterns: Path | None, password: str | None, ocr: Ocr
) -> "Iterator[Document | Failure]":
    """What a file of facts holds, or the document of a paper."""
    if _holds_facts(file):
        from carextract.facts_file import read_facts

        yield from read_facts(Path(file))
        return
    from carextract.pipeline import parse_source

    source = read_input(file, password=password, pages=None, ocr=ocr)
    if _FACTS_BEGIN.match(source.text):
        # What comes through a pipe is known only now.
        from carextract.facts_file import facts_in

        data = source.text.encode("utf-8", "surrogatepass")
        yield from facts_in(BytesIO(data), label=source.name)
        return
    yield parse_source(source, patterns=patterns)
    say_what_was_left_out(file, source)


def _holds_facts(file: str) -> bool:
    """Whether a file holds documents rather than a paper, by its name or how it begins."""
    path = Path(file)
    if path.suffix.lower() in {".json", ".jsonl"}:
        return True
    if file == "-" or not path.is_file():
        return False
    try:
        with path.open("rb") as opened:
            return bool(_FACTS_BEGIN.match(opened.read(_SNIFFED).decode("latin-1")))
    except OSError:
        return False  # whoever reads it says what is wrong


def _papers(entries: "Iterator[Document | Failure]", file: str) -> "Iterator[_Paper]":
    """The studies paper by paper; papers that could not be read are said to be missing."""
    from carextract.records import Failure
    from carextract.synthesize import members

    failed = 0
    for entry in entries:
        if isinstance(entry, Failure):
            failed += 1
        else:
            yield entry.source.name, list(members(entry))
    if failed:
        complain(f"{file}: papers that could not be read, and so have no studies: {failed}")


def _formatted(papers: "list[_Paper]", output_format: Format, *, on_terminal: bool) -> str:
    if output_format is Format.TABLE:
        from carextract.cli.study_table import study_table

        return "\n".join(
            study_table(name, members, on_terminal=on_terminal) for name, members in papers
        )
    found = [member for _, members in papers for member in members]
    if output_format is Format.CSV:
        from carextract.synthesize import LISTED, listed
        from carextract.write.comma_separated import csv_of

        return csv_of(map(listed, found), LISTED)
    import json

    from carextract.records import escape_surrogates
    from carextract.synthesize import with_facts

    whole = json.dumps([with_facts(member) for member in found], ensure_ascii=False, indent=2)
    return escape_surrogates(whole) + "\n"
