"""The verbs in order: read, clean, find, link, write."""

from pathlib import Path

from carextract.clean import clean
from carextract.find import find, read_article
from carextract.link import link
from carextract.read import PdfOptions, Recognition, Source, from_string
from carextract.read import read as read_file
from carextract.records import Document
from carextract.rules import load_rules
from carextract.write.document import document


def parse(
    path: str | Path,
    *,
    patterns: Path | None = None,
    password: str | None = None,
    pages: str | None = None,
    ocr: str = "auto",
) -> Document:
    """The facts of a file, text or PDF.

    `patterns` is a folder of pattern files to add to the built-in ones. For a PDF, `password` opens
    it if it needs one, `pages` chooses pages (`"3-7"`, `"1,4-6"`), and `ocr` says when pages are
    read by character recognition: "auto" (where a page has no text that can be believed, if the
    extra is installed), "always" or "never".

    Raises CarextractError, in one line, for a file that cannot be read or a pattern that is wrong.
    """
    options = PdfOptions(password=password, pages=pages, recognition=Recognition(ocr))
    return parse_source(read_file(Path(path), pdf=options), patterns=patterns)


def parse_text(text: str, *, name: str = "text", patterns: Path | None = None) -> Document:
    """The facts of a string; the offsets of the evidence count its code points."""
    return parse_source(from_string(text, name=name), patterns=patterns)


def parse_source(source: Source, *, patterns: Path | None = None) -> Document:
    """The facts of a text that was read already."""
    rules = load_rules(patterns)
    layout_known = source.pages is not None
    cleaned = clean(source.text, layout_known=layout_known)
    article = read_article(cleaned.text, rules.lexicon, layout_known=layout_known)
    found = find(article, rules)
    return document(source, cleaned, found, link(article, found, rules), rules)
