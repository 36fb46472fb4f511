"""How fast and how large reading PDFs is, beside the usual tools on the same files.

Papers come from a folder that is given; without one, from our own samples.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import cycle
from pathlib import Path

import pdfplumber
from pypdfium2 import PdfDocument

import carextract
from benchmarks.measures import Result
from carextract.errors import CarextractError

SAMPLES = Path(__file__).parent.parent / "samples" / "pdf"
_BOOK = 350  # pages
_LENGTHS = (10, 100, 1000)  # pages


def against_readers(papers: Sequence[Path], rounds: int) -> Iterator[Result]:
    """Whole parse beside pdftotext, which only reads, and beside pdfplumber's extract_text()."""
    readable = [path for path in papers if _pages(path)]
    _parse(readable[:1])
    ours, theirs, plumbers = [], [], []
    for number in range(rounds):
        ours.append(_cpu(_parse, readable))
        theirs.append(_children_cpu(_pdftotext, readable))
        if number < 1 + rounds // 3:  # it takes long, and its time varies little
            plumbers.append(_cpu(_pdfplumber, readable))
    pages = sum(map(_pages, readable))
    own, pdftotext, plumber = map(statistics.median, (ours, theirs, plumbers))
    detail = f"{own / pages * 1e3:.1f} / {pdftotext / pages * 1e3:.1f} ms a page, {pages} pages"
    yield Result("parse / pdftotext", own / pdftotext, 3.0, detail)
    detail = f"{own / pages * 1e3:.1f} / {plumber / pages * 1e3:.1f} ms a page"
    yield Result("parse / pdfplumber extract_text()", own / plumber, 1 / 6, detail)


def book(papers: Sequence[Path]) -> Iterator[Result]:
    """Peak memory of a file of 350 pages, against its bound."""
    with tempfile.TemporaryDirectory() as folder:
        (path,) = _books(papers, Path(folder), pages=_BOOK, length=_BOOK)
        peak = _peak_memory(path)
    yield Result(f"memory for {_BOOK} pages / 120 MB", peak / 120, 1.0, f"{peak:.0f} MB")


def growth(papers: Sequence[Path]) -> Iterator[Result]:
    """Cost a page as a file grows: the same thousand pages in files of different length."""
    each = {}
    for length in _LENGTHS:
        with tempfile.TemporaryDirectory() as folder:
            books = list(_books(papers, Path(folder), pages=_LENGTHS[-1], length=length))
            each[length] = min(_cpu(_parse, books) for _ in range(2)) / _LENGTHS[-1] * 1e3
    detail = ", ".join(f"{length} pages {cost:.1f} ms a page" for length, cost in each.items())
    yield Result("cost a page", max(each.values()) / min(each.values()), 1.2, detail)


def _parse(paths: Iterable[Path]) -> None:
    for path in paths:
        carextract.parse(path, ocr="never")


def _pdfplumber(paths: Sequence[Path]) -> None:
    for path in paths:
        try:
            with pdfplumber.open(path) as document:
                for page in document.pages:
                    page.extract_text()
                    page.close()
        except Exception:  # it fails in many ways, and a failure costs it nothing here
            continue


def _pdftotext(paths: Sequence[Path]) -> None:
    for path in paths:
        subprocess.run(
            ["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=False
        )


def _pages(path: Path) -> int:
    """How many pages a file has; 0 for one that cannot be read."""
    try:
        return carextract.parse(path, pages="1", ocr="never").source.pages or 0
    except CarextractError:
        return 0


def _books(papers: Iterable[Path], folder: Path, *, pages: int, length: int) -> Iterator[Path]:
    """Files of a length, so many that all have a number of pages: papers bound together, in turn.

    A paper is taken over whole where there is room, so that its pages share fonts as in real books.
    """
    sources = [PdfDocument(path) for path in papers if _pages(path)]
    turn = cycle(sources)
    for number in range(pages // length):
        with closing(PdfDocument.new()) as book:
            while room := length - len(book):
                source = next(turn)
                book.import_pages(source, list(range(min(room, len(source)))))
            path = folder / f"{number}.pdf"
            book.save(path)
        yield path
    for source in sources:
        source.close()


def _peak_memory(path: Path) -> float:
    """The most that a process takes to parse a file, in MB."""
    code = (
        "import carextract, resource, sys; carextract.parse(sys.argv[1], ocr='never');"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, check=True, text=True
    )
    return int(done.stdout) / 1024


def _cpu(function: Callable[[Sequence[Path]], None], paths: Sequence[Path]) -> float:
    began = time.process_time()
    function(paths)
    return time.process_time() - began


def _children_cpu(function: Callable[[Sequence[Path]], None], paths: Sequence[Path]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    function(paths)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
