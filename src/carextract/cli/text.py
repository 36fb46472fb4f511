"""`carextract text`: what was read, and what cleaning made of it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carextract.cli.options import (
    Input,
    Ocr,
    Password,
    Recognise,
    check_not_input,
    input_bytes,
    label_of,
    read_input,
    say_what_was_left_out,
)
from carextract.cli.terminal import put_bytes, visible

if TYPE_CHECKING:
    from carextract.read import Source
    from carextract.tracked import TrackedText


def text(
    file: Input,
    *,
    cleaned: Annotated[
        bool, typer.Option("--cleaned", help="What cleaning made of it, instead.")
    ] = False,
    edits: Annotated[
        bool, typer.Option("--edits", help="What cleaning changed, and where, instead.")
    ] = False,
    layout: Annotated[
        bool,
        typer.Option(
            "--layout",
            help="A picture (PNG) of a page of a PDF with what was read on it, instead: lines,"
            " columns, tables, and numbers in reading order.",
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PATH", help="Write here, whole or not at all."),
    ] = None,
    password: Password = None,
    pages: Annotated[
        str | None,
        typer.Option("--page", "--pages", metavar="LIST", help="Only these pages: 3, 3-7, 1,4-6."),
    ] = None,
    ocr: Recognise = Ocr.AUTO,
) -> None:
    """What was read: the text that all offsets count in."""
    from carextract.write import write_output

    if cleaned + edits + layout > 1:
        raise typer.BadParameter("choose one of --cleaned, --edits and --layout")
    check_not_input(output, file)
    if layout:
        data = _drawn(file, password=password, page=pages, output=output)
    else:
        source = read_input(file, password=password, pages=pages, ocr=ocr)
        data = _text_of(source, cleaned=cleaned, edits=edits).encode("utf-8", "surrogatepass")
        say_what_was_left_out(file, source)
    if output is None:
        put_bytes(data)
    else:
        write_output(output, data)


def _text_of(source: "Source", *, cleaned: bool, edits: bool) -> str:
    if not cleaned and not edits:
        return source.text
    from carextract.clean import clean

    tracked = clean(source.text, layout_known=source.pages is not None)
    return tracked.text if cleaned else "".join(_edit_lines(tracked))


def _drawn(file: str, *, password: str | None, page: str | None, output: Path | None) -> bytes:
    """The picture of a page; not for a terminal, which would show its bytes."""
    if page is None or not page.isdigit():
        raise typer.BadParameter("--layout draws one page: give its number with --page")
    if output is None and sys.stdout.isatty():
        raise typer.BadParameter("--layout writes a picture: give a place for it with --output")
    from carextract.read.pdf.drawing import draw_page

    return draw_page(input_bytes(file), int(page), label=label_of(file), password=password)


def _edit_lines(tracked: "TrackedText") -> list[str]:
    """A line an edit, in the order of the source: step, line:column, before and after."""
    import re
    from bisect import bisect_left

    ends = [-1, *(found.start() for found in re.finditer("\n", tracked.source))]
    lines = []
    for edit in sorted(tracked.edits, key=lambda edit: edit.start):
        line = bisect_left(ends, edit.start)
        column = edit.start - ends[line - 1]
        change = f'"{visible(edit.before)}" → "{visible(edit.after)}"'
        lines.append(f"{edit.step}\t{line}:{column}\t{change}\n")
    return lines
