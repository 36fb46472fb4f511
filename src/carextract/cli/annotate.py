"""`carextract annotate`: the PDF of a paper with its facts marked on the pages."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carextract.cli.options import (
    Kind,
    Kinds,
    Ocr,
    Password,
    Patterns,
    Recognise,
    check_not_input,
    label_of,
    read_input_bytes,
    say_what_was_left_out,
)
from carextract.cli.terminal import complain, counted

if TYPE_CHECKING:
    from carextract.annotate import Mark
    from carextract.records import Document

_NAMES = {
    "trials": ("trial", "trials"),
    "doses": ("dose", "doses"),
    "sledai": ("score", "scores"),
    "toxicities": ("toxicity", "toxicities"),
}


def annotate(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A PDF, or - for one on standard input.")
    ],
    *,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="PATH", help="Write here, whole or not at all."),
    ],
    kind: Kinds = None,
    patterns: Patterns = None,
    password: Password = None,
    ocr: Recognise = Ocr.AUTO,
) -> None:
    """The PDF with highlights on the quotes, each with a note on its fact.

    Needs the extra: pip install 'carextract[report]'.
    """
    from carextract.annotate import annotate as annotated
    from carextract.pipeline import parse_source
    from carextract.rules import load_rules
    from carextract.write import write_output
    from carextract.write.extras import library

    check_not_input(output, file)
    library("pypdf", needed_for=output, extra="report")  # before the paper is read, not after
    source, data = read_input_bytes(file, password=password, pages=None, ocr=ocr)
    document = parse_source(source, patterns=patterns)
    done = annotated(
        data,
        document,
        load_rules(patterns),
        label=label_of(file),
        password=password,
        kinds=[known.value for known in kind or Kind],
    )
    write_output(output, done.data)
    say_what_was_left_out(file, source)
    if done.unlocked:
        complain(f"{label_of(file)}: is encrypted; {output} is not, and opens for everyone")
    complain(f"{output}: {_summary(done.marks, document)}")


def _summary(marks: "Sequence[Mark]", document: "Document") -> str:
    """What is marked, and in which colours."""
    from carextract.annotate import COLOURS

    if not marks:
        return "no facts to mark; it is a copy of the paper"
    pages = len({mark.page for mark in marks})
    keys = {key for mark in marks for key in mark.facts}
    counts = []
    for kind, names in _NAMES.items():
        number = sum(fact.key in keys for fact in getattr(document, kind))
        if number:
            counts.append(f"{counted(number, *names)} ({COLOURS[kind].name})")
    highlights = counted(len(marks), "highlight")
    return f"{highlights} on {counted(pages, 'page')}: {', '.join(counts)}"
