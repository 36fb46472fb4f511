"""What a command says: data to standard output, everything else to standard error."""

import os
import sys
from typing import NoReturn


def put(data: str) -> None:
    """Write to standard output in UTF-8, whatever the locale; a text comes out as it was read."""
    put_bytes(data.encode("utf-8", "surrogatepass"))


def put_bytes(data: bytes) -> None:
    """Write to standard output what is no text, or is encoded already."""
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        stdout_is_gone()


def stdout_is_gone() -> NoReturn:
    """The reader of the output went away, as `head` does: end as other programs do, quietly."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(128 + 13)


def one_line(message: str) -> str:
    """A message without its line ends, which would look like several."""
    return " ".join(message.split())


def fail(message: str) -> NoReturn:
    """Say what went wrong, and end with exit code 1."""
    for line in message.splitlines():
        complain(line)
    sys.exit(1)


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number of things: '1 study', '2 papers'; `many` is for what takes more than an s."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def complain(line: str) -> None:
    """A line to standard error."""
    print(f"carextract: {line}", file=sys.stderr)  # noqa: T201


def visible(text: str) -> str:
    r"""A text on one line, with every character to be seen: what does not print is escaped.

    >>> print(visible("细胞\n\u00ad/kg"))
    细胞\n\xad/kg
    """
    return "".join(
        c if c.isprintable() and c != "\\" else c.encode("unicode_escape").decode() for c in text
    )
