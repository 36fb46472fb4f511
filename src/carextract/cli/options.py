"""What several commands take from their user, and how they read it."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carextract.cli.terminal import complain
from carextract.errors import CarextractError

if TYPE_CHECKING:
    from carextract.read import Source


class Kind(StrEnum):
    """The kinds of facts, by their names in the document."""

    TRIALS = "trials"
    DOSES = "doses"
    SLEDAI = "sledai"
    TOXICITIES = "toxicities"


class Ocr(StrEnum):
    """When pages of a PDF are read by character recognition."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


Input = Annotated[
    str, typer.Argument(metavar="FILE|-", help="A text file or PDF, or - for standard input.")
]
Password = Annotated[
    str | None, typer.Option(metavar="TEXT", help="What opens the PDF, if it is locked.")
]
Recognise = Annotated[
    Ocr,
    typer.Option(
        "--ocr",
        help="Pages read by character recognition: those without text that can be believed, all,"
        " or none. Needs the extra: pip install 'carextract[ocr]'.",
    ),
]
Kinds = Annotated[
    list[Kind] | None,
    typer.Option("--kind", help="Only this kind of facts; may be given several times."),
]
Patterns = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="A folder of pattern files to add to the built-in ones."),
]


def read_input(file: str, *, password: str | None, pages: str | None, ocr: Ocr) -> "Source":
    """What was given to a command: a file, or standard input as `-`."""
    return read_input_bytes(file, password=password, pages=pages, ocr=ocr)[0]


def read_input_bytes(
    file: str, *, password: str | None, pages: str | None, ocr: Ocr
) -> "tuple[Source, bytes]":
    """What was given to a command, and the bytes that it was read from."""
    from carextract.read import PAGE_LIST, PdfOptions, Recognition, from_bytes

    if pages is not None and not PAGE_LIST.fullmatch(pages):
        raise typer.BadParameter(f"{pages!r} are no pages: give them as 3, 3-7 or 1,4-6")
    options = PdfOptions(
        password=password,
        pages=pages,
        recognition=Recognition(ocr.value),
        progress=_show_progress if sys.stderr.isatty() else None,
    )
    data = input_bytes(file)
    name = "stdin" if file == "-" else Path(file).name
    return from_bytes(data, name=name, label=label_of(file), pdf=options), data


def input_bytes(file: str) -> bytes:
    """The bytes of what was given to a command."""
    from carextract.read import read_bytes, stdin_bytes

    return stdin_bytes(sys.stdin.buffer) if file == "-" else read_bytes(Path(file))


def label_of(file: str) -> str:
    """What an error calls what was given to a command."""
    return "standard input" if file == "-" else file


def _show_progress(done: int, total: int) -> None:
    """One line of the terminal, written over as pages are recognised, and gone at the end."""
    line = f"recognising characters: page {done + 1} of {total}" if done < total else ""
    print(f"\r{line:<50}\r{line}", end="", file=sys.stderr, flush=True)  # noqa: T201


def check_not_input(output: Path | None, file: str) -> None:
    """Refuse to write over what is read."""
    if output is None or file == "-" or not (output.exists() and Path(file).exists()):
        return
    if output.samefile(file):
        raise CarextractError(f"{output}: is the input itself; give another place for the output")


def say_what_was_left_out(file: str, source: "Source") -> None:
    """Pages that could not be read are in the warnings of the document, and said here too."""
    for notice in source.notices:
        complain(f"{file}: {notice.message} [{notice.code}]")
