"""Read: a file, or standard input, to its text."""

import hashlib
from pathlib import Path
from typing import BinaryIO

from carextract.errors import InputError
from carextract.read.encodings import decode
from carextract.read.languages import languages
from carextract.read.source import Source

__all__ = ["Source", "from_string", "languages", "read", "read_stdin"]

_EXTENSIONS = (".txt", ".text", ".md")
# What binary files begin with, and what to do about each.
_BINARY = (
    (b"%PDF-", "a PDF, which this version does not read: convert it first, with pdftotext"),
    (b"\x89PNG", "an image: run character recognition on it first"),
    (b"\xff\xd8\xff", "an image: run character recognition on it first"),
    (b"GIF8", "an image: run character recognition on it first"),
    (b"II*\x00", "an image: run character recognition on it first"),
    (b"MM\x00*", "an image: run character recognition on it first"),
    (b"PK\x03\x04", "a zip or office file: save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "an office file: save it as plain text"),
    (b"{\\rtf", "a rich text file: save it as plain text"),
    (b"\x1f\x8b", "a gzip file: unpack it first"),
)
_PDF_HEADER_WITHIN = 1024


def read(path: Path) -> Source:
    """The text of a file. Raises InputError for what is not a text file that can be read.

    A pipe, such as a shell's `<(pdftotext paper.pdf -)`, has no extension to go by and needs none.
    """
    try:
        if path.is_dir():
            raise InputError(f"{path}: is a folder; give the files in it one by one")
        if path.is_file():
            _check_extension(path)
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the name") from None
    except PermissionError:
        raise InputError(f"{path}: may not be read; check its permissions") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"{path}: cannot be read: {reason or error}") from None
    return _source(data, name=path.name, label=str(path))


def read_stdin(stream: BinaryIO) -> Source:
    """The text of standard input, whatever it was called before."""
    try:
        data = stream.read()
    except OSError as error:
        raise InputError(f"standard input: cannot be read: {error.strerror}") from None
    return _source(data, name="stdin", label="standard input")


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
    if extension in _EXTENSIONS:
        return
    if extension == ".pdf":
        raise InputError(f"{path}: is {_BINARY[0][1]}")
    raise InputError(
        f"{path}: unknown extension {extension!r}; known are {', '.join(_EXTENSIONS)}:"
        " rename the file, or give its text on standard input as -"
    )


def _source(data: bytes, *, name: str, label: str) -> Source:
    if not data.strip():
        raise InputError(f"{label}: is empty; there is nothing to read")
    for magic, what in _BINARY:
        if data.startswith(magic):
            raise InputError(f"{label}: is {what}")
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN] and b"%%EOF" in data[-_PDF_HEADER_WITHIN:]:
        raise InputError(f"{label}: is {_BINARY[0][1]}")
    decoded = decode(data)
    if decoded is None:
        raise InputError(f"{label}: is not text in a known encoding; save it as UTF-8")
    if not decoded.text.strip():
        raise InputError(f"{label}: is empty; there is nothing to read")
    return Source(
        name=name,
        text=decoded.text,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type="text/plain",
        encoding=decoded.encoding,
        undecodable=decoded.undecodable,
    )
