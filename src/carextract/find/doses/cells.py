"""What a text says of cells: whether it speaks of them at all, and the products that it names.

Only amounts of cells ask for it. So what the sentences without any amount say is read when such an
amount has been found, and of most texts never.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

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
        self._text = article.text
        self._read: list[Paragraph] = []
        self._unread: list[Paragraph] = []
        self._named: bool | None = None

    def walk(self, read: Iterable[Paragraph], unread: Iterable[Paragraph]) -> None:
        """Take note of pieces of text: those that are read for amounts, and the others."""
        self._read += read
        self._unread += unread
        self._named = self._named or None

    def named(self) -> bool:
        """Whether the text so far speaks of cells, by its words or as the unit of an amount."""
        if self._named is None:
            pieces = (*self._read, *self._unread)
            self._named = _SPEAKS_OF_CELLS.search(self._text) is not None or any(
                _names_cells(token) for piece in pieces for token in piece.view(self._rules).tokens
            )
        return self._named

    def products(self) -> list[Product]:
        """The cell products that the text names, in order."""
        named = [piece for piece in self._unread if self._may_name_product(piece)]
        products = [
            product
            for piece in (*self._read, *named)
            for product in _products(piece.view(self._rules).tokens, piece.start)
        ]
        return sorted(products, key=lambda product: product.start)

    def _may_name_product(self, piece: Paragraph) -> bool:
        words = piece.lexicon.of_class(_PRODUCT)
        return bool(words.words.find(words.scan(piece.text)))


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
