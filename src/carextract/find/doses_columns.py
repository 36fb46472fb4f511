"""Doses in the columns of tables: the head of the column says what is given and in which unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from carextract.find.article import Article
from carextract.find.paragraphs import Paragraph
from carextract.find.tables import Cell, Table
from carextract.grammar.amounts import Power, extremes
from carextract.grammar.tokens import Token
from carextract.rules import KindRules
from carextract.tracked import Span
from carextract.values import Number

_NUMBERS = frozenset({"NUM", "RANGE", "POWER"})
_FEWEST_CELLS, _MOST_CELLS = 10_000, 10**12
_LONGEST_HEAD, _FARTHEST_ROW = 100, 40


@dataclass(frozen=True, slots=True)
class Column:
    """A column of doses: its unit, and its agent where the head names one."""

    number: int
    unit: str
    agent: str | None


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
        for column in _columns(table, tokens):
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
        elif len(block.text) <= _LONGEST_HEAD:
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
    return [token for token in tokens if cell.start <= token.start and token.end <= cell.end]


def _columns(table: Table, tokens: Sequence[Token]) -> Iterator[Column]:
    for number, head in enumerate(table.header):
        inside = _inside(head, tokens)
        kinds = {token.kind for token in inside}
        agent = next((str(t.value) for t in inside if t.kind in ("DRUG", "CELL_PRODUCT")), None)
        unit = next((str(t.value) for t in inside if t.kind == "UNIT"), None)
        if "LAB" in kinds:
            continue
        if unit and kinds & {"DRUG", "DOSE_WORD"}:
            yield Column(number, unit, agent)
        elif "DOSE_WORD" in kinds:
            per = next((f"/{t.value}" for t in inside if t.kind == "PER_BODY"), "")
            yield Column(number, f"cells{per}", agent)


def _cell_doses(
    cell: Cell, column: Column, tokens: Sequence[Token], text: str
) -> Iterator[ColumnDose]:
    """The numbers of a cell; the spread in brackets behind the first is none of its own."""
    inside = _inside(cell, tokens)
    if not inside or any(t.kind in ("DOSE", "MEASURE", "PERCENT", "COUNT", "TIME") for t in inside):
        return
    token = inside[0]
    if token.kind not in _NUMBERS:
        return
    low, high, _ = extremes(token)
    counted = isinstance(token.value, Power) and _FEWEST_CELLS <= high <= _MOST_CELLS
    if column.unit.startswith("cells") and not counted:
        return
    if high > 0:
        piece = text[token.start : token.end]
        yield ColumnDose(Span(token.start, token.end), low, high, column.unit, column.agent, piece)
