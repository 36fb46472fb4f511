"""The verbs in order: read, clean, find, write."""

from pathlib import Path

from carextract.clean import clean
from carextract.find import find
from carextract.read import Source, from_string
from carextract.read import read as read_file
from carextract.records import Document
from carextract.rules import load_rules
from carextract.write.document import document


def parse(path: str | Path, *, patterns: Path | None = None) -> Document:
    """The facts of a file. `patterns` is a folder of pattern files to add to the built-in ones.

    Raises CarextractError, in one line, for a file that cannot be read or a pattern that is wrong.
    """
    return parse_source(read_file(Path(path)), patterns=patterns)


def parse_text(text: str, *, name: str = "text", patterns: Path | None = None) -> Document:
    """The facts of a string; the offsets of the evidence count its code points."""
    return parse_source(from_string(text, name=name), patterns=patterns)


def parse_source(source: Source, *, patterns: Path | None = None) -> Document:
    """The facts of a text that was read already."""
    rules = load_rules(patterns)
    cleaned = clean(source.text)
    return document(source, cleaned, find(cleaned, rules), rules)
