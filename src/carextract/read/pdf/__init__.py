"""Read a PDF: characters with their places, columns and tables by geometry, doubtful pages named.

pdfium gives the characters (`glyphs`), which become pieces of lines (`segments`), tables (`tables`)
and blocks in reading order (`order`); the blocks of all pages become one text (`flow`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from pypdfium2 import PdfDocument

from carextract.errors import InputError
from carextract.read import ocr
from carextract.read.pdf.flow import flow
from carextract.read.pdf.layout import Page
from carextract.read.pdf.opening import chosen, opened
from carextract.read.pdf.pages import UnreadPage, read_page
from carextract.read.source import PdfOptions, ReadNotice, Recognition, Source


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
    notices: list[ReadNotice] = []
    with opened(data, label=label, password=options.password) as document:
        count = len(document)
        numbers = chosen(options.pages, count=count, label=label)
        text, places = flow(_pages(document, numbers, digest, options, notices))
    return Source(
        name=name,
        text=text,
        sha256=digest,
        media_type="application/pdf",
        encoding=None,
        pages=count,
        places=places,
        notices=tuple(notices),
    )


def _pages(
    document: PdfDocument,
    numbers: Sequence[int],
    digest: str,
    options: PdfOptions,
    notices: list[ReadNotice],
) -> Iterator[Page]:
    """The pages one by one; none is kept when the next is read."""
    recognised = False
    for done, number in enumerate(numbers):

        def tell(done: int = done) -> None:
            nonlocal recognised
            recognised = True
            if options.progress:
                options.progress(done, len(numbers))

        try:
            yield read_page(
                document,
                number,
                digest=digest,
                recognition=options.recognition,
                on_recognition=tell,
            )
        except UnreadPage as left_out:
            notices.append(_notice(left_out, number, options))
    if recognised and options.progress:
        options.progress(len(numbers), len(numbers))


def _notice(left_out: UnreadPage, number: int, options: PdfOptions) -> ReadNotice:
    advice = ""
    if left_out.legible and not ocr.available():
        advice = f"; to read it: {ocr.INSTALL}"
    elif left_out.legible and options.recognition is Recognition.NEVER:
        advice = "; to read it, leave --ocr at auto"
    message = f"page {number} {left_out.reason}; it is left out{advice}"
    return ReadNotice(left_out.code, message, number)
