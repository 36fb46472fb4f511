"""A cleaned text as it is searched: paragraphs in order, and the tables among them."""

from __future__ import annotations

from dataclasses import dataclass

from carextract.find.paragraphs import Paragraph, paragraphs
from carextract.find.tables import Table, read_tables
from carextract.grammar.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned text as it is searched: its paragraphs in order, and the tables among them."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...]


def read_article(text: str, lexicon: Lexicon) -> Article:
    """A cleaned text cut into paragraphs and tables."""
    blocks = tuple(paragraphs(text, lexicon))
    return Article(text, blocks, read_tables(blocks))
