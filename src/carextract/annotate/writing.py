"""Marks written into a PDF, and looked at there before anyone else does."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from ctypes import c_ushort
from io import BytesIO
from itertools import groupby
from operator import attrgetter

import pypdfium2.raw as pdfium
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PdfReadError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from carextract.annotate.frames import Frame, frames
from carextract.annotate.highlights import drawing, highlight, is_ours
from carextract.annotate.increment import Increment
from carextract.annotate.marks import Mark
from carextract.errors import InputError
from carextract.read.pdf.opening import opened

_TOO_DAMAGED = (
    "can be read, but is too damaged to add anything; print it to a new PDF and annotate that"
)
_NAME = b"NM"


def written(
    data: bytes, marks: Sequence[Mark], *, label: str, password: str | None
) -> tuple[bytes, bool]:
    """A PDF with marks on its pages, and whether a lock was taken off it for that.

    Raises InputError where the file is too damaged.

    pdfium, which read the paper, has to find in what was written the same pages, and every mark on
    its own: files that are damaged can look different to pypdf, which writes.
    """
    with opened(data, label=label, password=password) as document:
        count = len(document)
        framed = frames(document, {mark.page for mark in marks})
    try:
        with _quiet():
            reader = _reader(data, password)
            plain = _unlocked(reader) if reader.is_encrypted else data
            added = _added(plain, marks, framed)
    except Exception as error:
        # On damaged files pypdf lets any kind of error escape.
        raise InputError(f"{label}: {_TOO_DAMAGED}", code="not-to-be-added-to") from error
    if not _is_as_meant(added, marks, count, framed):
        raise InputError(f"{label}: {_TOO_DAMAGED}", code="not-to-be-added-to")
    return added, plain is not data


@contextmanager
def _quiet() -> Iterator[None]:
    """pypdf says on standard error what it thinks of a file."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def _reader(data: bytes, password: str | None) -> PdfReader:
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted:
        reader.decrypt(password or "")
    return reader


def _unlocked(reader: PdfReader) -> bytes:
    """A file written anew without its encryption; what is in its streams stays as it is."""
    out = BytesIO()
    writer = PdfWriter(clone_from=reader)
    writer.write(out)
    return out.getvalue()


def _added(data: bytes, marks: Sequence[Mark], framed: dict[int, Frame]) -> bytes:
    reader = PdfReader(BytesIO(data))
    increment = Increment(data, reader)
    annotations: dict[IndirectObject, list[PdfObject]] = {}
    for number, on_page in groupby(marks, key=attrgetter("page")):
        page = reader.pages[number - 1].indirect_reference
        if page is None:
            raise PdfReadError(f"page {number} is no object of its own")
        # Two pages of a paper may be the same object.
        there = annotations.setdefault(page, _annotations(reader, page))
        for mark in on_page:
            corners = [framed[number].corners(box) for box in mark.boxes]
            drawn = increment.add(drawing(mark, corners))
            there.append(increment.add(highlight(mark, corners, page=page, drawing=drawn)))
    for page, there in annotations.items():
        # As it stands in the file, without what it inherits.
        entries = _dictionary(reader.get_object(page))
        entries[NameObject("/Annots")] = ArrayObject(there)
        increment.replace(page, entries)
    return increment.written()


def _annotations(reader: PdfReader, page: IndirectObject) -> list[PdfObject]:
    """What is on a page already, but for the highlights of an earlier run."""
    there = _dictionary(reader.get_object(page)).get("/Annots")
    there = there and there.get_object()
    if not isinstance(there, ArrayObject):
        return []
    return [entry for entry in there if not is_ours(entry.get_object())]


def _dictionary(page: PdfObject | None) -> DictionaryObject:
    if not isinstance(page, DictionaryObject):
        raise PdfReadError("a page is no dictionary")
    return DictionaryObject(page)


def _is_as_meant(data: bytes, marks: Sequence[Mark], count: int, framed: dict[int, Frame]) -> bool:
    """Whether a file has as many pages as before, and the marked ones have their marks."""
    try:
        with closing(PdfDocument(data)) as document:
            if len(document) != count or frames(document, framed) != framed:
                return False
            return all(
                {mark.name for mark in on_page} <= _names(document, number)
                for number, on_page in groupby(marks, key=attrgetter("page"))
            )
    except PdfiumError:
        return False


def _names(document: PdfDocument, number: int) -> set[str]:
    """The names of the highlights of a page, counted from 1."""
    with closing(document[number - 1]) as page:
        return {_name(page, at) for at in range(pdfium.FPDFPage_GetAnnotCount(page))}


def _name(page: PdfPage, at: int) -> str:
    annotation = pdfium.FPDFPage_GetAnnot(page, at)
    try:
        size = pdfium.FPDFAnnot_GetStringValue(annotation, _NAME, None, 0)
        text = (c_ushort * (size // 2))()
        pdfium.FPDFAnnot_GetStringValue(annotation, _NAME, text, size)
        return bytes(text).decode("utf-16-le", "replace").rstrip("\0")
    finally:
        pdfium.FPDFPage_CloseAnnot(annotation)
