"""What a text says of cells: whether it speaks of them at all, and the products that it names.

Only amounts of cells ask for it. So what the sentences without any amount say is read when such an
amount has been found, and of most texts never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from carextract.find.article import Article
from carextract.find.doses.mentions import Product, kind_of
from carextract.find.paragraphs import Paragraph
from carextract.grammar.tokens import Token
from carextract.rules import KindRules

_SPEAKS_OF_CELLS = re.compile(
    r"car[ -]?(?:t|nk)(?![a-z])|细胞[治疗]|干细胞|cell (?:therap|product)", re.I
)
_PRODUCT = "CELL_PRODUCT"
_CELL_WORDS = frozenset({_PRODUCT, "CELLS"})


class Cells:
    """What the paragraphs that were walked through so far say of cells."""

    def __init__(self, article: Article, rules: KindRules) -> None:
        self._rules = rules
        self._named = _SPEAKS_OF_CELLS.search(article.text) is not None
        self._products: list[Product] = []
        self._unread: list[Paragraph] = []
        self._unheard: list[Paragraph] = []

    def walk(self, read: Sequence[Paragraph], unread: Sequence[Paragraph]) -> None:
        """Take note of pieces of text: those that are read for amounts, and the others."""
        for piece in read:
            tokens = piece.view(self._rules).tokens
            self._named = self._named or any(map(_names_cells, tokens))
            self._products += _products(tokens, piece.start)
        self._unread += unread
        self._unheard += unread

    def named(self) -> bool:
        """Whether the text so far speaks of cells, by its words or as the unit of an amount."""
        while self._unheard and not self._named:
            tokens = self._unheard.pop().view(self._rules).tokens
            self._named = any(map(_names_cells, tokens))
        return self._named

    def products(self) -> list[Product]:
        """The cell products that the text names, in order."""
        for piece in self._unread:
            words = piece.lexicon.of_class(_PRODUCT)
            if words.words.find(words.scan(piece.text)):
                self._products += _products(piece.view(self._rules).tokens, piece.start)
        self._unread.clear()
        return sorted(self._products, key=lambda product: product.start)


def _products(tokens: Sequence[Token], start: int) -> Iterator[Product]:
    """The cell products that a piece of text names, alone or inside an amount."""
    for token in tokens:
        if token.kind == _PRODUCT:
            yield Product(start + token.start, str(token.value))
        elif token.kind == "DOSE" and kind_of(token.value.unit) == "cell" and token.value.agent:
            yield Product(start + token.start, token.value.agent)


def _names_cells(token: Token) -> bool:
    """Whether a token says that the text is about cells, alone or as the unit of an amount."""
    if token.kind == "DOSE":
        return bool(kind_of(token.value.unit) == "cell" and token.value.sure)
    return token.kind in _CELL_WORDS
