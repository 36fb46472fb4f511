"""`carextract parse`: the facts of a paper."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carextract.cli.options import (
    Input,
    Ocr,
    Password,
    Patterns,
    Recognise,
    check_not_input,
    read_input,
    say_what_was_left_out,
)
from carextract.cli.terminal import fail, put

if TYPE_CHECKING:
    from carextract.records import Document


class Format(StrEnum):
    """How the facts are written."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def parse(
    file: Input,
    *,
    output_format: Annotated[
        Format, typer.Option("--format", help="One document, or one fact a line.")
    ] = Format.JSON,
    compact: Annotated[
        bool, typer.Option("--compact", help="The document on one line, as batch writes it.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PATH", help="Write here, whole or not at all."),
    ] = None,
    patterns: Patterns = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 when the document has warnings.")
    ] = False,
    password: Password = None,
    pages: Annotated[
        str | None, typer.Option(metavar="LIST", help="Only these pages of a PDF: 3-7, 1,4-6.")
    ] = None,
    ocr: Recognise = Ocr.AUTO,
) -> None:
    """The facts of a paper, each with its proof, as JSON."""
    from carextract.pipeline import parse_source
    from carextract.write import write_output

    if compact and output_format is not Format.JSON:
        raise typer.BadParameter("--compact is a form of --format json")
    check_not_input(output, file)
    source = read_input(file, password=password, pages=pages, ocr=ocr)
    document = parse_source(source, patterns=patterns)
    data = _formatted(document, output_format, compact=compact)
    if output is None:
        put(data)
    else:
        write_output(output, data.encode("utf-8"))
    if strict and document.warnings:
        fail("\n".join(f"{file}: {notice.message}" for notice in document.warnings))
    say_what_was_left_out(file, source)


def _formatted(document: "Document", output_format: Format, *, compact: bool) -> str:
    if output_format is Format.JSON:
        return document.model_dump_json(indent=None if compact else 2) + "\n"
    from carextract.write import to_csv, to_jsonl

    return to_jsonl(document) if output_format is Format.JSONL else to_csv(document)
