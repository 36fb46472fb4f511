"""A PDF opened, or one line that says why it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError

from carextract.errors import InputError
from carextract.read.pdf import fonts
from carextract.read.source import PAGE_LIST

_HEADER_WITHIN = 1024
_END_WITHIN = 2048
_CUT_OFF = "ends before its end; get it again from where it came from"
_BROKEN = "is damaged: its table of contents (cross-reference) leads nowhere; get it again"
_NOT_A_PDF = "is not a PDF, whatever its name says; look at what it is"
_NEEDS = "needs a password; give it with --password"
_WRONG = "does not open with this password; check it"
_CIPHER = "is encrypted in a way that is not supported; save it without encryption"


@contextmanager
def opened(data: bytes, *, label: str, password: str | None) -> Iterator[PdfDocument]:
    """The document in some bytes. Raises InputError with the class of failure as its code."""
    fonts.install()
    _forget_earlier_errors()
    try:
        document = PdfDocument(data, password=password)
    except PdfiumError as error:
        raise _failure(error, data, label=label, password=password) from None
    try:
        if not len(document):
            raise InputError(f"{label}: has no pages that can be read", code="no-pages")
        yield document
    finally:
        document.close()


def chosen(pages: str | None, *, count: int, label: str) -> list[int]:
    """The numbers of pages that were asked for by a PAGE_LIST, from 1, in order and each once.

    >>> chosen("2-3,6-", count=7, label="a.pdf")
    [2, 3, 6, 7]
    """
    if pages is None:
        return list(range(1, count + 1))
    if not PAGE_LIST.fullmatch(pages):
        raise InputError(f"{label}: pages {pages!r}: give them as 3, 3-7 or 1,4-6", code="pages")
    numbers: set[int] = set()
    for part in pages.split(","):
        first, dash, end = part.partition("-")
        last = int(end or count) if dash else int(first)
        if not 1 <= int(first) <= min(last, count):
            raise InputError(f"{label}: pages {part}: it has pages 1 to {count}", code="pages")
        numbers.update(range(int(first), min(last, count) + 1))
    return sorted(numbers)


def _forget_earlier_errors() -> None:
    """Have pdfium's last error be that of a broken file.

    It is kept until the next one. A file that fails without an error of its own would be said to
    fail as whatever file before it did.
    """
    pdfium.FPDF_LoadMemDocument(b"x", 1, None)


def _failure(error: PdfiumError, data: bytes, *, label: str, password: str | None) -> InputError:
    """Which class of failure it is, by what pdfium says and by both ends of the file."""
    if error.err_code == pdfium.FPDF_ERR_PASSWORD:
        if password is None:
            return InputError(f"{label}: {_NEEDS}", code="needs-password")
        return InputError(f"{label}: {_WRONG}", code="wrong-password")
    if error.err_code == pdfium.FPDF_ERR_SECURITY:
        return InputError(f"{label}: {_CIPHER}", code="unsupported-encryption")
    if b"%PDF-" not in data[:_HEADER_WITHIN]:
        return InputError(f"{label}: {_NOT_A_PDF}", code="not-a-pdf")
    if b"%%EOF" not in data[-_END_WITHIN:]:
        return InputError(f"{label}: {_CUT_OFF}", code="truncated")
    return InputError(f"{label}: {_BROKEN}", code="broken-cross-reference")
