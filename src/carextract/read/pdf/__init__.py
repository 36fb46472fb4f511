"""Read a PDF: characters with their places, columns and tables by geometry, doubtful pages named.

pdfium gives the characters (`glyphs`), which become pieces of lines (`segments`), tables (`tables`)
and blocks in reading order (`order`); the blocks of all pages become one text (`flow`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from pypdfium2 import PdfDocument

from carextract.read.pdf.flow import flow
from carextract.read.pdf.layout import Page
from carextract.read.pdf.opening import chosen, opened
from carextract.read.pdf.pages import UnreadPage, read_page
from carextract.read.source import PdfOptions, ReadNotice, Source


def read_pdf(data: bytes, *, name: str, label: str, options: PdfOptions) -> Source:
    """The text of a PDF, with the page and box of each character.

    A page that cannot be read, or whose text layer is not to be believed, is left out, with a
    notice. Raises InputError for a file that cannot be opened; `label` is what it calls the file.
    """
    notices: list[ReadNotice] = []
    with opened(data, label=label, password=options.password) as document:
        count = len(document)
        numbers = chosen(options.pages, count=count, label=label)
        text, places = flow(_pages(document, numbers, notices))
    return Source(
        name=name,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type="application/pdf",
        encoding=None,
        pages=count,
        places=places,
        notices=tuple(notices),
    )


def _pages(
    document: PdfDocument, numbers: Sequence[int], notices: list[ReadNotice]
) -> Iterator[Page]:
    """The pages one by one; none is kept when the next is read."""
    for number in numbers:
        try:
            yield read_page(document, number)
        except UnreadPage as left_out:
            message = f"page {number} {left_out.reason}; it is left out"
            notices.append(ReadNotice(left_out.code, message, number))
