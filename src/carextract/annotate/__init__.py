"""Annotate: the PDF of a paper with a highlight and a note on every quote.

`marks` says what is to be marked, `frames` where that is in the coordinates of the file,
`highlights` how it looks, and `increment` writes it behind the bytes of the paper, which stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from carextract.annotate.colours import COLOURS
from carextract.annotate.marks import Mark, marks
from carextract.errors import InputError
from carextract.records import FACT_KINDS, Document
from carextract.rules import Rules
from carextract.write.extras import library

__all__ = ["COLOURS", "Annotated", "Mark", "annotate"]


class Annotated(NamedTuple):
    """A PDF with highlights: its bytes, what is marked in it, and whether a lock was taken off."""

    data: bytes
    marks: tuple[Mark, ...]
    unlocked: bool


def annotate(
    data: bytes,
    document: Document,
    rules: Rules,
    *,
    label: str,
    password: str | None = None,
    kinds: Collection[str] = FACT_KINDS,
) -> Annotated:
    """The PDF that a document was read from, with a highlight on each quote of facts of some kinds.

    What is in the file stays as it is, byte for byte; the highlights are added behind it. Only an
    encrypted file is written anew, without its lock: encryption draws random numbers, and the same
    paper would give other bytes. A paper in which nothing is to be marked comes back as it is.
    Highlights of an earlier run are replaced.

    Raises InputError, in which `label` is what the file is called, for what is no PDF, is not the
    one that the document was read from, or is too damaged to add anything; CarextractError where
    pypdf is not installed.
    """
    library("pypdf", needed_for=Path(label), extra="report")
    from carextract.annotate.writing import written

    if document.source.pages is None:
        raise InputError(
            f"{label}: is a text and has no pages to mark; give the PDF", code="not-a-pdf"
        )
    if hashlib.sha256(data).hexdigest() != document.source.sha256:
        raise InputError(
            f"{label}: is not the file that the facts were read from; give that one",
            code="other-file",
        )
    found = tuple(marks(document, rules, kinds=kinds))
    if not found:
        return Annotated(data, found, unlocked=False)
    added, unlocked = written(data, found, label=label, password=password)
    return Annotated(added, found, unlocked)
