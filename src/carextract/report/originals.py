"""The papers themselves, found again in a folder by the hash of their bytes, and read again."""

from collections.abc import Container
from pathlib import Path

from carextract.batch import find_papers
from carextract.batch.reading import digest_of
from carextract.errors import CarextractError, InputError
from carextract.read import PdfOptions, Source, read
from carextract.records import FACT_KINDS, Document


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

    A page that was recognised then and cannot be now, a password, a newer version: whatever the
    reason, a text in which a single quote does not stand in its place is not the one.
    """
    try:
        source = read(path, pdf=PdfOptions(password=password))
    except CarextractError:
        return None
    quotes = (
        quote for kind in FACT_KINDS for fact in getattr(document, kind) for quote in fact.evidence
    )
    if any(source.text[quote.start : quote.end] != quote.text for quote in quotes):
        return None
    return source
