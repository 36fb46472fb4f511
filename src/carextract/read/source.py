"""What reading returns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from carextract.read.places import Places


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """Something the user should know of what was read: a page that was left out, and why."""

    code: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A text as it was read, and what it was read from.

    `text` is what all offsets count in: without a byte order mark, with its line ends as they
    stood. `undecodable` counts the places where bytes made no character (U+FFFD stands there).
    `pages` and `places` are those of a PDF: how many pages it has, and where on them each character
    stands; a text file has none.
    """

    name: str
    text: str
    sha256: str
    media_type: str
    encoding: str | None
    pages: int | None = None
    undecodable: int = 0
    places: Places | None = None
    notices: tuple[ReadNotice, ...] = ()


PAGE_LIST = re.compile(r"\d{1,6}(-(\d{1,6})?)?(,\d{1,6}(-(\d{1,6})?)?)*")
"""Pages as a user names them: `3`, `3-7`, `1,4-6,9-`."""

RECOGNISABLE = frozenset(("no-text", "hidden-ocr", "garbled-text", "half-garbled-text"))
"""Codes of the notices on pages that are left out, and could be read by character recognition."""


class Recognition(StrEnum):
    """When the pages of a PDF are read by character recognition (OCR)."""

    AUTO = "auto"  # where a page has no text that can be believed, if the extra is installed
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class PdfOptions:
    """How to read a PDF; a text file has no use for them.

    `pages` is a `PAGE_LIST`; None for all. `progress` is told how many pages are done, out of how
    many, while pages are recognised.
    """

    password: str | None = None
    pages: str | None = None
    recognition: Recognition = Recognition.AUTO
    progress: Callable[[int, int], None] | None = None
