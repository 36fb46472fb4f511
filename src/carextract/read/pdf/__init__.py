"""Read a PDF: characters with their places, columns and tables by geometry, doubtful pages named.

pdfium gives the characters (`glyphs`), which become pieces of lines (`segments`), tables (`tables`)
and blocks in reading order (`order`); the blocks of all pages become one text (`flow`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial

from pypdfium2 import PdfDocument

from carextract.errors import InputError
from carextract.read import ocr
from carextract.read.pdf.flow import flow
from carextract.read.pdf.layout import Page
from carextract.read.pdf.opening import chosen, opened
from carextract.read.pdf.pages import UnreadPage, read_page
from carextract.read.source import PdfOptions, ReadNotice, Recognition, Source

_OPEN_AT_ONCE = 50
"""Pages after which the file is opened anew: pdfium keeps the fonts of all pages that it showed."""


def read_pdf(data: bytes, *, name: str, label: str, options: PdfOptions) -> Source:
    """The text of a PDF, with the page and box of each character.

    A page that cannot be read, or whose text layer is not to be believed, is left out, with a
    notice. Raises InputError for a file that cannot be opened; `label` is what it calls the file.
    """
    digest = hashlib.sha256(data).hexdigest()
    if options.recognition is Recognition.ALWAYS and not ocr.available():
        raise InputError(
            f"{label}: character recognition is not installed: {ocr.INSTALL}",
            code="ocr-not-installed",
        )
    with opened(data, label=label, password=options.password) as document:
        count = len(document)
        numbers = chosen(options.pages, count=count, label=label)
    reader = _Reader(data, digest, label, options)
    text, places = flow(reader.pages(numbers))
    return Source(
        name=name,
        text=text,
        sha256=digest,
        media_type="application/pdf",
        encoding=None,
        pages=count,
        places=places,
        notices=tuple(reader.notices),
    )


class _Reader:
    """Reads page after page; none is kept when the next is read."""

    def __init__(self, data: bytes, digest: str, label: str, options: PdfOptions) -> None:
        self.notices: list[ReadNotice] = []
        self._data = data
        self._digest = digest
        self._label = label
        self._options = options

    def pages(self, numbers: Sequence[int]) -> Iterator[Page]:
        """The pages that can be read; for each of the others there is a notice."""
        for start in range(0, len(numbers), _OPEN_AT_ONCE):
            password = self._options.password
            with opened(self._data, label=self._label, password=password) as document:
                for done in range(start, min(start + _OPEN_AT_ONCE, len(numbers))):
                    yield from self._page(document, numbers[done], done, len(numbers))

    def _page(self, document: PdfDocument, number: int, done: int, total: int) -> Iterator[Page]:
        tell = self._options.progress
        try:
            yield read_page(
                document,
                number,
                digest=self._digest,
                recognition=self._options.recognition,
                on_recognition=partial(tell, done, total) if tell else None,
            )
        except UnreadPage as left_out:
            self.notices.append(_notice(left_out, number, self._options))
        if tell and done + 1 == total:
            tell(total, total)


def _notice(left_out: UnreadPage, number: int, options: PdfOptions) -> ReadNotice:
    advice = ""
    if left_out.legible and options.recognition is Recognition.NEVER:
        advice = "; to read it, leave --ocr at auto"
    elif left_out.legible and not ocr.available():
        advice = f"; to read it: {ocr.INSTALL}"
    message = f"page {number} {left_out.reason}; it is left out{advice}"
    return ReadNotice(left_out.code, message, number)
