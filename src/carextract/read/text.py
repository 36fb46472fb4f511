"""The bytes of a text file to its text."""

import hashlib

from carextract.errors import InputError
from carextract.read.encodings import decode
from carextract.read.source import Source

# What binary files begin with, and what to do about each.
_BINARY = (
    (b"\x89PNG", "an image: run character recognition on it first"),
    (b"\xff\xd8\xff", "an image: run character recognition on it first"),
    (b"GIF8", "an image: run character recognition on it first"),
    (b"II*\x00", "an image: run character recognition on it first"),
    (b"MM\x00*", "an image: run character recognition on it first"),
    (b"PK\x03\x04", "a zip or office file: save it as plain text or PDF"),
    (b"\xd0\xcf\x11\xe0", "an office file: save it as plain text or PDF"),
    (b"{\\rtf", "a rich text file: save it as plain text or PDF"),
    (b"\x1f\x8b", "a gzip file: unpack it first"),
)


def read_text(data: bytes, *, name: str, label: str) -> Source:
    """The text of a file in whatever encoding it has. Raises InputError for what is not text.

    `label` is what an error calls the file.
    """
    if not data.strip():
        raise InputError(f"{label}: is empty; there is nothing to read", code="empty")
    for magic, what in _BINARY:
        if data.startswith(magic):
            raise InputError(f"{label}: is {what}", code="not-text")
    decoded = decode(data)
    if decoded is None:
        raise InputError(
            f"{label}: is not text in a known encoding; save it as UTF-8", code="unknown-encoding"
        )
    if not decoded.text.strip():
        raise InputError(f"{label}: is empty; there is nothing to read", code="empty")
    return Source(
        name=name,
        text=decoded.text,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type="text/plain",
        encoding=decoded.encoding,
        undecodable=decoded.undecodable,
    )
