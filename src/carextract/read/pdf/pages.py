"""One page: its characters, whether they are to be believed, and the blocks that they make."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import chain

from pypdfium2 import PdfDocument, PdfiumError, PdfPage, PdfTextPage

from carextract.read import ocr
from carextract.read.pdf.glyphs import Glyphs, glyphs
from carextract.read.pdf.layout import Block, Page, Role, Rule, Segment, Turn
from carextract.read.pdf.order import arrange
from carextract.read.pdf.rules import rules
from carextract.read.pdf.segments import segments
from carextract.read.pdf.tables import tables
from carextract.read.pdf.trust import distrust
from carextract.read.source import Recognition

_MOST_CHARACTERS = 100_000  # a newspaper page has 30,000
_LONGEST = 4.0  # seconds of computing; a page of a paper takes 0.01


class UnreadPage(Exception):  # noqa: N818 - not an error: the rest of the paper is read
    """A page that is left out: the code and what is wrong with it, for the list of warnings.

    The reason goes on after "page 3", as in "page 3 is damaged in the file".
    `legible` says that a person could read it, and so perhaps character recognition.
    """

    def __init__(self, code: str, reason: str, *, legible: bool = False) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.legible = legible


def read_page(
    document: PdfDocument,
    number: int,
    *,
    digest: str,
    recognition: Recognition,
    on_recognition: Callable[[], None] | None = None,
) -> Page:
    """A page of a document, counted from 1: by its text layer, or by character recognition.

    `digest` is the SHA-256 of the file; `on_recognition` is called before recognition, which takes
    seconds, begins. Raises UnreadPage.
    """
    if recognition is not Recognition.ALWAYS:
        try:
            return _by_text_layer(document, number)
        except UnreadPage as doubt:
            if not (doubt.legible and recognition is Recognition.AUTO and ocr.available()):
                raise
    if on_recognition:
        on_recognition()
    return _by_recognition(document, number, digest)


def _by_text_layer(document: PdfDocument, number: int) -> Page:
    began = time.process_time()
    with _page(document, number) as page, closing(page.get_textpage()) as text_page:
        _within_bounds(text_page.count_chars(), began)
        return _arranged(page, text_page, number, began)


def _by_recognition(document: PdfDocument, number: int, digest: str) -> Page:
    with _page(document, number) as page:
        try:
            found = ocr.recognise_page(page, digest=digest, number=number)
        except ocr.NotDrawableError as error:
            raise UnreadPage("not-drawable", str(error)) from None
        width, height = page.get_size()
        return Page(number, width, height, _blocks_of(page, found.segments, found.turn))


@contextmanager
def _page(document: PdfDocument, number: int) -> Iterator[PdfPage]:
    try:
        with closing(document[number - 1]) as page:
            yield page
    except PdfiumError:
        raise UnreadPage("bad-page", "is damaged in the file") from None
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        # A fault of ours. It costs this page, and is said, but never the paper.
        fault = f"cannot be read: {type(error).__name__}: {error}; please report it"
        raise UnreadPage("bad-page", fault) from error


def _blocks_of(page: PdfPage, pieces: Sequence[Segment], turn: Turn) -> tuple[Block, ...]:
    """The blocks that the pieces of lines of a page make, in reading order."""

    def drawn() -> list[Rule]:
        return [Rule(turn.upright(rule.box)) for rule in rules(page)]

    found, left = tables(pieces, drawn, turn.width, turn.height)
    blocks = arrange(left, turn.height, tables=found)
    return tuple(replace(block, turn=turn) for block in blocks) if turn.degrees else blocks


def _arranged(page: PdfPage, text_page: PdfTextPage, number: int, began: float) -> Page:
    sets = glyphs(page, text_page)
    doubt = distrust(page, text_page, "".join(chain.from_iterable(found.chars for found in sets)))
    if doubt is not None:
        raise UnreadPage(doubt.code, doubt.message, legible=True)
    _within_bounds(0, began)
    width, height = page.get_size()
    blocks = tuple(_blocks(page, sets))
    _within_bounds(0, began)
    return Page(number, width, height, blocks)


def _blocks(page: PdfPage, sets: Sequence[Glyphs]) -> Iterator[Block]:
    """The blocks of the text that stands the way most of the page does, then those of the rest."""
    for position, characters in enumerate(sets):
        for block in _blocks_of(page, segments(characters), characters.turn):
            aside = position and block.role is Role.BODY
            yield replace(block, role=Role.SIDE) if aside else block


def _within_bounds(characters: int, began: float) -> None:
    if characters > _MOST_CHARACTERS:
        reason = f"has {characters:,} characters, more than any printed page"
        raise UnreadPage("page-too-large", reason)
    if time.process_time() - began > _LONGEST:
        raise UnreadPage("page-too-slow", f"takes more than {_LONGEST:.0f} seconds to read")
