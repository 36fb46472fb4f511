"""The papers themselves, found again in a folder by the hash of their bytes, and read again."""

from collections.abc import Container, Iterable
from pathlib import Path

from carextract.batch import find_papers
from carextract.batch.reading import digest_of
from carextract.errors import CarextractError, InputError
from carextract.read import PdfOptions, Recognition, Source, read
from carextract.records import Document, Evidence, Fact, facts_of


def find_originals(folder: Path, wanted: Container[str]) -> dict[str, Path]:
    """Where the papers with these hashes are in a folder, at any depth, whatever their names.

    Raises InputError for what is no folder, or cannot be listed.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: is no folder; give the one that the papers are in")
    found: dict[str, Path] = {}
    for path in find_papers([str(folder)]).paths:
        sha256 = digest_of(path)
        if sha256 is not None and sha256 in wanted:
            found.setdefault(sha256, path)
    return found


def read_original(path: Path, document: Document, *, password: str | None) -> Source | None:
    """The text that the offsets of a document count in; None if it cannot be had again.

    A password, a newer version: whatever the reason, a text in which a single quote does not stand
    in its place is not the one. Characters are recognised only if a quote was, or if the text is
    not as long without: a page that was recognised and holds no fact is missing from it.
    """
    facts = [fact for _, fact in facts_of(document)]
    quotes = [quote for fact in facts for quote in fact.evidence]
    if not any(map(recognised, facts)):
        source = _read(path, password, Recognition.NEVER)
        if source and len(source.text) == document.source.characters and _in_place(quotes, source):
            return source
    source = _read(path, password, Recognition.AUTO)
    return source if source and _in_place(quotes, source) else None


def recognised(fact: Fact) -> bool:
    """Whether a fact was read, in part at least, from a picture of its page."""
    return "ocr" in fact.repairs or any(quote.ocr_score is not None for quote in fact.evidence)


def _read(path: Path, password: str | None, recognition: Recognition) -> Source | None:
    try:
        return read(path, pdf=PdfOptions(password=password, recognition=recognition))
    except CarextractError:
        return None


def _in_place(quotes: Iterable[Evidence], source: Source) -> bool:
    return all(source.text[quote.start : quote.end] == quote.text for quote in quotes)
