"""Readers of PDFs: from a path to the text of each page."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pdfplumber
from pypdfium2 import PdfDocument, PdfiumError

from carextract.errors import CarextractError
from carextract.read import read
from carextract.read.source import PdfOptions, Recognition, Source

Reader = Callable[[Path], list[str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of the papers: the pages of each, and the CPU seconds that it took."""

    name: str
    pages: Mapping[str, list[str]]
    seconds: float

    def page(self, file: str, number: int) -> str:
        """The text of a page; nothing for a page that the reader did not give."""
        pages = self.pages.get(file, [])
        return pages[number - 1] if number <= len(pages) else ""


def reading(name: str, reader: Reader, papers: Path, files: Iterable[str]) -> Reading:
    """All files read by one reader; one that it cannot open has no pages."""
    before = _cpu()
    pages = {file: reader(papers / file) for file in files}
    return Reading(name, pages, _cpu() - before)


def carextract_pages(path: Path) -> list[str]:
    """Ours, without character recognition: the source text, cut where the page changes."""
    try:
        source = read(path, pdf=PdfOptions(recognition=Recognition.NEVER))
    except CarextractError:
        return []
    return _by_page(source)


def pdfplumber_pages(path: Path) -> list[str]:
    """pdfplumber's `extract_text()`."""
    try:
        with pdfplumber.open(path) as document:
            return [page.extract_text() for page in document.pages]
    except Exception:  # it fails in many ways; a file that it cannot read has no pages
        return []


def pdftotext_pages(path: Path) -> list[str]:
    """poppler's pdftotext as it comes."""
    command = ["pdftotext", str(path), "-"]
    text = subprocess.run(command, capture_output=True, check=False).stdout.decode()
    return text.split("\f")[:-1]


def pdfium_pages(path: Path) -> list[str]:
    """pypdfium2's `get_text_range()`, with our font of boxes, which is there for the whole process.

    Without it the Chinese whose font is not in the file would be missing.
    """
    try:
        with PdfDocument(path) as document:
            return [page.get_textpage().get_text_range() for page in document]
    except PdfiumError:
        return []


READERS: Mapping[str, Reader] = {
    "pypdfium2": pdfium_pages,
    "pdftotext": pdftotext_pages,
    "pdfplumber": pdfplumber_pages,
    "carextract": carextract_pages,
}


def _by_page(source: Source) -> list[str]:
    """What reading put in, such as the end of a line, belongs to the page before it."""
    assert source.places is not None
    pages = [""] * (source.pages or 0)
    start, number = 0, 1
    for place in source.places.on_pages(0, len(source.text)):
        pages[number - 1] += source.text[start : place.start]
        start, number = place.start, place.page
    pages[number - 1] += source.text[start:]
    return pages


def _cpu() -> float:
    """CPU seconds of this process and of those that it has run."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
