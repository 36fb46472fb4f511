"""Doses in the columns of tables: the head of the column says what is given and in which unit."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from carextract.find.article import Article
from carextract.find.paragraphs import Paragraph
from carextract.find.tables import Cell, Table
from carextract.grammar.amounts import Amount, Power, extremes
from carextract.grammar.tokens import Token
from carextract.rules import KindRules
from carextract.tracked import Span
from carextract.values import Number, scaled

_NUMBERS = frozenset({"NUM", "RANGE", "POWER"})
_FEWEST_CELLS, _MOST_CELLS = 10_000, 10**12
_OTHERWISE_READ = frozenset({"DOSE", "MEASURE", "PERCENT", "COUNT", "TIME"})
_TIMES = re.compile(r"[×xX*]\s?$")
_LONGEST_HEAD, _FARTHEST_ROW = 100, 40


@dataclass(frozen=True, slots=True)
class Column:
    """A column of doses: unit and agent as the head names them, and the power of ten it gives."""

    number: int
    unit: str
    agent: str | None
    factor: Number = 1


@dataclass(frozen=True, slots=True)
class ColumnDose:
    """A dose read from a cell, in offsets of the cleaned text."""

    span: Span
    low: Number
    high: Number
    unit: str
    agent: str | None
    text: str


def column_doses(article: Article, rules: KindRules) -> Iterator[ColumnDose]:
    """The doses that stand in cells as bare numbers, under a head that gives the unit."""
    for table in article.tables:
        blocks = {number: article.paragraphs[number] for number in table.lines}
        if not any(block.wakes(rules) for block in blocks.values()):
            continue
        tokens = [token for block in blocks.values() for token in _placed(block, rules)]
        for column in _columns(table, tokens, article.text):
            for row in table.rows:
                if column.number < len(row):
                    yield from _cell_doses(row[column.number], column, tokens, article.text)


def bare_powers(article: Article, rules: KindRules) -> Iterator[ColumnDose]:
    """A power of ten at the end of a line, under a line that names a column of doses last.

    This is the row of a table whose other cells could not be told apart.
    """
    head = None
    for number, block in enumerate(article.paragraphs):
        if head is not None and number - head <= _FARTHEST_ROW and block.wakes(rules):
            token = _ends_in_power(block, rules)
            if token is not None and _FEWEST_CELLS <= token.value.low <= _MOST_CELLS:
                span = Span(block.start + token.start, block.start + token.end)
                piece = block.text[token.start : token.end]
                yield ColumnDose(span, token.value.low, token.value.high, "cells", None, piece)
        elif len(block.text) <= _LONGEST_HEAD and block.wakes(rules):
            words = block.view(rules).tokens
            if (
                words
                and words[-1].kind == "DOSE_WORD"
                and words[-1].end == len(block.text.rstrip())
            ):
                head = number


def _ends_in_power(block: Paragraph, rules: KindRules) -> Token | None:
    """The bare power of ten that ends a line; a footnote mark may follow it."""
    tokens = block.view(rules).tokens
    if not tokens or tokens[-1].kind != "POWER" or any(t.kind == "STOP" for t in tokens):
        return None
    return tokens[-1] if not block.text[tokens[-1].end :].strip(" *†‡#") else None


def _placed(block: Paragraph, rules: KindRules) -> Iterator[Token]:
    """The tokens of a line, in offsets of the cleaned text."""
    for token in block.view(rules).tokens:
        yield Token(token.kind, token.start + block.start, token.end + block.start, token.value)


def _inside(cell: Cell, tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a cell; ``tokens`` are in order."""
    first = bisect_left(tokens, cell.start, key=lambda token: token.start)
    return list(
        takewhile(
            lambda token: token.end <= cell.end, (tokens[at] for at in range(first, len(tokens)))
        )
    )


def _columns(table: Table, tokens: Sequence[Token], text: str) -> Iterator[Column]:
    """The columns whose head says that they hold doses."""
    for number, head in enumerate(table.header):
        inside = _inside(head, tokens)
        kinds = {token.kind for token in inside}
        if "LAB" in kinds or not kinds & {"DRUG", "CELL_PRODUCT", "DOSE_WORD"}:
            continue
        agent = next((str(t.value) for t in inside if t.kind in ("DRUG", "CELL_PRODUCT")), None)
        unit = next((str(t.value) for t in inside if t.kind == "UNIT"), None)
        factor = next((t for t in inside if stands_for_a_factor(t, text)), None)
        if factor is not None:
            amount = factor.value
            unit = amount.unit if isinstance(amount, Amount) else "cells"
            yield Column(number, unit, agent, amount.low)
        elif unit and kinds & {"DRUG", "DOSE_WORD"}:
            yield Column(number, unit, agent)
        elif "DOSE_WORD" in kinds:
            per = next((f"/{t.value}" for t in inside if t.kind == "PER_BODY"), "")
            yield Column(number, f"cells{per}", agent)


def stands_for_a_factor(token: Token, text: str) -> bool:
    """Whether a power of ten is a unit and no amount: "×10^6/kg" without a number before it."""
    if not isinstance(token.value, (Power, Amount)):
        return False
    bare = token.value.factor == 1 and token.value.low >= _FEWEST_CELLS
    return bare and bool(_TIMES.search(text, max(0, token.start - 2), token.start))


def _cell_doses(
    cell: Cell, column: Column, tokens: Sequence[Token], text: str
) -> Iterator[ColumnDose]:
    """The numbers of a cell; the spread in brackets behind the first is none of its own."""
    inside = _inside(cell, tokens)
    if not inside or any(t.kind in _OTHERWISE_READ for t in inside):
        return
    for token in _told(inside):
        low, high, power = extremes(token)
        if power == 1:
            low, high = scaled(low, column.factor), scaled(high, column.factor)
        counted = power != 1 or column.factor != 1
        if column.unit.startswith("cells") and not (
            counted and _FEWEST_CELLS <= high <= _MOST_CELLS
        ):
            return
        if high > 0:
            span = Span(token.start, token.end)
            piece = text[token.start : token.end]
            yield ColumnDose(span, low, high, column.unit, column.agent, piece)


def _told(inside: Sequence[Token]) -> Iterator[Token]:
    """The first number of a cell, and those that an arrow leads to: 20 → 5."""
    for index, token in enumerate(inside):
        leads = index == 0 or inside[index - 1].kind in ("ARROW", "FELL_TO")
        if token.kind in _NUMBERS and leads:
            yield token
