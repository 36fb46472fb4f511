"""A file of facts, one document a line, as `carextract batch` writes it, read back."""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from carextract.errors import InputError
from carextract.records import Document, Failure


def read_facts(path: Path) -> Iterator[Document | Failure]:
    """The documents of a file in their order, each paper that could not be read as a `Failure`.

    What `carextract parse` writes is read too: one document, over several lines or one. Raises
    InputError, with the number of the line, for anything else.
    """
    try:
        with path.open("rb") as file:
            yield from facts_in(file, label=str(path))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the name", code="not-found") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None


def facts_in(stream: BinaryIO, *, label: str) -> Iterator[Document | Failure]:
    """The documents that come through a stream, as of a file; `label` is what errors call it."""
    first = stream.readline()
    if first.strip() == b"{":
        yield _entry(first + stream.read(), label, 1)
        return
    for number, line in enumerate(chain([first], stream), start=1):
        if line.strip():
            yield _entry(line, label, number)


def _entry(line: bytes, label: str, number: int) -> Document | Failure:
    try:
        # The parser of pydantic refuses the escape of a lone surrogate; that of Python reads it.
        data = json.loads(line)
        model = Failure if isinstance(data, dict) and "error" in data else Document
        return model.model_validate(data)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{label}: line {number}: {_fault(error)}; it takes what carextract batch or parse"
            " wrote as JSON",
            code="not-facts",
        ) from None


def _fault(error: Exception) -> str:
    """What is wrong with a line, in a few words."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"is no document of carextract ({'.'.join(map(str, first['loc']))}: {first['msg']})"
    return "is not JSON"
