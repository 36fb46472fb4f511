"""Read: a file, or standard input, to its text."""

import hashlib
from pathlib import Path
from typing import BinaryIO

from carextract.errors import InputError
from carextract.read.languages import languages
from carextract.read.source import (
    PAGE_LIST,
    RECOGNISABLE,
    PdfOptions,
    ReadNotice,
    Recognition,
    Source,
)
from carextract.read.text import read_text

__all__ = [
    "EXTENSIONS",
    "PAGE_LIST",
    "RECOGNISABLE",
    "PdfOptions",
    "ReadNotice",
    "Recognition",
    "Source",
    "from_bytes",
    "from_string",
    "languages",
    "read",
    "read_bytes",
    "read_stdin",
    "stdin_bytes",
]

EXTENSIONS = (".txt", ".text", ".md", ".pdf")
"""What the names of files that can be read end with."""

_PDF_HEADER = b"%PDF-"
# A PDF may have something before its header, and is still opened by everything that opens PDFs.
_PDF_HEADER_WITHIN = 1024


def read(path: Path, *, pdf: PdfOptions | None = None) -> Source:
    """The text of a file. Raises InputError for what can be read neither as text nor as PDF.

    A pipe, such as a shell's `<(unzip -p papers.zip a.txt)`, has no extension to go by and needs
    none.
    """
    return from_bytes(read_bytes(path), name=path.name, label=str(path), pdf=pdf)


def read_bytes(path: Path) -> bytes:
    """What is in a file. Raises InputError, in one line, where it cannot be had."""
    try:
        if path.is_dir():
            raise InputError(
                f"{path}: is a folder; give the files in it one by one", code="is-a-folder"
            )
        if path.is_file():
            _check_extension(path)
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the name", code="not-found") from None
    except PermissionError:
        raise InputError(
            f"{path}: may not be read; check its permissions", code="no-permission"
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"{path}: cannot be read: {reason or error}") from None


def read_stdin(stream: BinaryIO, *, pdf: PdfOptions | None = None) -> Source:
    """The text of standard input, whatever it was called before."""
    return from_bytes(stdin_bytes(stream), name="stdin", label="standard input", pdf=pdf)


def stdin_bytes(stream: BinaryIO) -> bytes:
    """What comes on standard input. Raises InputError where nothing can be had from it."""
    try:
        return stream.read()
    except OSError as error:
        raise InputError(f"standard input: cannot be read: {error.strerror}") from None


def from_bytes(data: bytes, *, name: str, label: str, pdf: PdfOptions | None = None) -> Source:
    """The text of what is in a file of this name; `label` is what errors call it."""
    named_pdf = Path(name).suffix.lower() == ".pdf"
    if not (named_pdf and data.strip()) and not _is_pdf(data):
        return read_text(data, name=name, label=label)
    from carextract.read.pdf import read_pdf  # pdfium takes 50 ms to load

    return read_pdf(data, name=name, label=label, options=pdf or PdfOptions())


def from_string(text: str, *, name: str) -> Source:
    """A source that was a string from the start: no encoding, the hash of its UTF-8 bytes."""
    return Source(
        name=name,
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        media_type="text/plain",
        encoding=None,
    )


def _check_extension(path: Path) -> None:
    extension = path.suffix.lower()
    if extension not in EXTENSIONS:
        raise InputError(
            f"{path}: unknown extension {extension!r}; known are {', '.join(EXTENSIONS)}:"
            " rename the file, or give it on standard input as -",
            code="unknown-extension",
        )


def _is_pdf(data: bytes) -> bool:
    """Whether bytes without a name are a PDF: by the header, which may come late, and the end."""
    if data.startswith(_PDF_HEADER):
        return True
    return _PDF_HEADER in data[:_PDF_HEADER_WITHIN] and b"%%EOF" in data[-_PDF_HEADER_WITHIN:]
