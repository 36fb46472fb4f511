"""What reading returns."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A text as it was read, and what it was read from.

    `text` is what all offsets count in: without a byte order mark, with its line ends as they
    stood. `undecodable` counts the places where bytes made no character (U+FFFD stands there).
    """

    name: str
    text: str
    sha256: str
    media_type: str
    encoding: str | None
    pages: int | None = None
    undecodable: int = 0
