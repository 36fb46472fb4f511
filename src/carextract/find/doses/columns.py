"""Doses in the columns of tables: the head of the column says what is given and in which unit."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from carextract.find.article import Article
from carextract.find.doses.mentions import Dose
from carextract.find.paragraphs import Paragraph
from carextract.find.tables import Cell, Table
from carextract.grammar.amounts import Amount, Power, extremes, join_unit
from carextract.grammar.tokens import Token
from carextract.rules import KindRules
from carextract.tracked import Span
from carextract.values import Number, scaled

_NUMBERS = frozenset({"NUM", "RANGE", "POWER"})
_FEWEST_CELLS, _MOST_CELLS = 10_000, 10**12
_OTHERWISE_READ = frozenset({"DOSE", "MEASURE", "PERCENT", "COUNT", "TIME"})
_LEADS = frozenset({"ARROW", "FELL_TO", "SLASH"})
_AGENTS = frozenset({"DRUG", "CELL_PRODUCT"})
_CELLS = frozenset({"CELL_PRODUCT", "CELLS", "CELL_COUNTER"})
_DOSED = frozenset({"DRUG", "CELL_PRODUCT", "DOSE_WORD", "TIMED_DOSE", "REGIMEN"})
_MEASURED = frozenset({"LAB", "PER_LAB", "LAB_UNIT", "NOT_GIVEN", "MEASURE", "PERCENT"})
_TIMES = re.compile(r"[×xX*]\s?$")
# 23女: cells of several columns that were run together, of which the first is not the dose.
_RUN_ON = re.compile(r"(?![个万亿])[\u4e00-\u9fff]")
# A column of these tells of the row, or compares its values; it holds none.
_NO_VALUES = re.compile(
    r"\W*(?:[PpNn]\b|[PpTtZzFU]\s?值|p.?value|统计量?|χ|x2|差值|差异|变化|例数|difference|change|Δ)",
    re.I,
)
_RULE = "dose.unit-in-head"
_HEAD_WORD = re.compile(r"剂量|用量|dos(?:e|age)|细胞数|[输回]输")
# A head that counts cells counts those given, unless it says where else they were counted.
_COUNTS_CELLS = re.compile(
    r"细胞(?:总?数量?|总?量)|\bcells?,? ?[(（]?(?:numbers?|counts?|total|n|no\.?)\b"
    r"|\b(?:numbers?|no\.|total)(?: of)? [\w+ -]{0,20}\bcells\b",
    re.I,
)
_COUNTED_ELSEWHERE = re.compile(
    r"峰|最[高大]|扩增|采|制备|外周|血|peak|max|expan|collect|harvest|apheresis|manufactur|blood|circul",
    re.I,
)
_IS_DOSE = re.compile(r"(?:\bdos(?:e|age)|剂量|用量)\W*$", re.I)
_CLOSE = 4  # tokens from a word for dose to its unit
_LONGEST_HEAD, _LONGEST_ROW, _FARTHEST_ROW = 100, 200, 40


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a column or a row says of its cells: unit and agent, and the power of ten
    that it gives, with where that power stands; ``row`` for the head of a row."""

    unit: str
    agent: str | None
    factor: Number = 1
    power: Token | None = None
    row: Span | None = None


@dataclass(frozen=True, slots=True)
class TableDoses:
    """The doses that cells hold, the starts of the powers that are units in a head, and the rows
    that are read by their own head."""

    doses: tuple[Dose, ...]
    factors: frozenset[int]
    rows: tuple[Span, ...]

    def supersede(self, dose: Dose) -> bool:
        """Whether a dose that was read from the text of a row is better read as a table: it is a
        unit, or stands in a row whose cells are told apart here."""
        if dose.span.start in self.factors:
            return True
        at = bisect_right(self.rows, dose.span.start, key=lambda row: row.start) - 1
        return dose.rule == _RULE and at >= 0 and dose.span.end <= self.rows[at].end


def table_doses(article: Article, rules: KindRules) -> TableDoses:
    """The doses that stand in cells as bare numbers, under or behind a head that gives the unit."""
    doses: list[Dose] = []
    factors: set[int] = set()
    rows: list[Span] = []
    awake = frozenset(article.awake(rules))
    for table in article.tables:
        first = table.lines[0] - bool(table.caption)
        if awake.isdisjoint((first, *table.lines)):
            continue
        blocks = [article.paragraphs[number] for number in table.lines]
        tokens = [token for block in blocks for token in _placed(block, rules)]
        unit = _unit_in(article.paragraphs[first], rules) if table.caption else None
        for head, cells in _series(table, tokens, unit):
            if head.power is not None:
                factors.add(head.power.start)
            if head.row is not None:
                rows.append(head.row)
            for cell in cells:
                doses += _cell_doses(cell, head, tokens, article.text)
    return TableDoses((*doses, *_bare_powers(article, rules)), frozenset(factors), tuple(rows))


def _series(
    table: Table, tokens: Sequence[Token], unit: Head | None
) -> Iterator[tuple[Head, Sequence[Cell]]]:
    """The columns and rows whose head says that they hold doses, with their other cells; ``unit``
    is what the caption says of doses of cells."""
    kept = [n for n, head in enumerate(table.header) if not _NO_VALUES.match(head.text)]
    for number in kept:
        inside = _inside(table.header[number], tokens)
        head = _head(inside, table.header[number].text)
        if unit is not None and _is_dose_of_cells(table.header[number], inside):
            head = unit
        if head is not None:
            yield head, [row[number] for row in table.rows if number < len(row)]
    for row in table.rows:
        head = _head(_inside(row[0], tokens), row[0].text) if row else None
        if head is not None:
            whole = Span(row[0].start, row[-1].end)
            yield replace(head, row=whole), [row[n] for n in kept if 0 < n < len(row)]


def _head(inside: Sequence[Token], said: str) -> Head | None:
    """What a head says; None where it does not speak of doses."""
    kinds = {token.kind for token in inside}
    if kinds & _MEASURED or not kinds & (_DOSED | _CELLS):
        return None
    agent = next((str(t.value) for t in inside if t.kind in _AGENTS), None)
    power = next((t for t in inside if _is_bare(t)), None)
    if power is not None:
        amount = power.value
        unit = amount.unit if isinstance(amount, Amount) else _cell_unit(inside)
        return Head(unit, agent, amount.low, power)
    unit = next((str(t.value) for t in inside if t.kind == "UNIT"), "")
    if unit and kinds & _DOSED:
        noun = next((str(t.value) for t in inside if t.kind in ("TIMED_DOSE", "PER_TIME")), None)
        return Head(join_unit(*_split(unit, noun)), agent)
    counts_cells = "CELL_PRODUCT" in kinds and _counts_cells(said)
    if "DOSE" in kinds or not (kinds & {"DOSE_WORD", "TIMED_DOSE", "PER_BODY"} or counts_cells):
        return None
    return Head(_cell_unit(inside), agent) if "DRUG" not in kinds else None


def _counts_cells(head: str) -> bool:
    """Whether a head says that cells given are counted below it: No. of CAR T cells."""
    return bool(_COUNTS_CELLS.search(head)) and not _COUNTED_ELSEWHERE.search(head)


def _unit_in(caption: Paragraph, rules: KindRules) -> Head | None:
    """What a caption says of doses of cells: (unit of CAR T cell dose: ×10^6/kg)."""
    here = caption.view(rules).tokens
    tokens = list(_placed(caption, rules))
    for index, token in enumerate(here):
        if token.kind == "DOSE_WORD":
            behind = takewhile(lambda at: here[at].kind != "STOP", range(index + 1, len(here)))
            power = next((at for at in behind if stands_for_a_factor(here[at], caption.text)), None)
            if power is not None and power - index <= _CLOSE:
                return _head(tokens[max(0, index - 1) : power + 2], caption.text)
    return None


def _is_dose_of_cells(cell: Cell, inside: Sequence[Token]) -> bool:
    """Whether a head is that of a column of doses, and names neither a drug nor a unit."""
    kinds = {token.kind for token in inside}
    other = kinds & (_MEASURED | _NUMBERS | {"DRUG", "UNIT", "DOSE"})
    return _IS_DOSE.search(cell.text) is not None and not other


def _split(unit: str, time: str | None) -> tuple[str, list[str | None]]:
    base, *parts = unit.split("/")
    return base, [*parts, time]


def _cell_unit(inside: Sequence[Token]) -> str:
    """cells, cells/kg: by what a head says they are counted on."""
    return join_unit("cells", [str(t.value) for t in inside if t.kind == "PER_BODY"])


def _bare_powers(article: Article, rules: KindRules) -> Iterator[Dose]:
    """The one power of ten of a line, under a line that names a column of doses.

    This is the row of a table whose other cells could not be told apart: the column stands last,
    or its head gives the unit (``剂量/(个·kg-1)``).
    """
    head: tuple[int, str] | None = None
    for number in article.awake(rules):
        block = article.paragraphs[number]
        if len(block.text) > _LONGEST_ROW:
            continue
        if head is None and not _HEAD_WORD.search(block.lowered):
            continue
        tokens = block.view(rules).tokens
        if head is not None and number - head[0] <= _FARTHEST_ROW:
            token = _lone_power(tokens, block, last=not head[1])
            if token is not None and _FEWEST_CELLS <= token.value.low <= _MOST_CELLS:
                span = Span(block.start + token.start, block.start + token.end)
                piece = block.text[token.start : token.end]
                unit = head[1] or "cells"
                yield Dose(_RULE, span, token.value.low, token.value.high, unit, None, piece)
                continue
        unit_in_head = _names_column(tokens, block)
        if unit_in_head is not None:
            head = (number, unit_in_head)


def _names_column(tokens: Sequence[Token], block: Paragraph) -> str | None:
    """The unit that a line gives to a column of doses, "" where its last word is one for dose."""
    if any(token.kind == "STOP" for token in tokens):
        return None
    for index, token in enumerate(tokens):
        if token.kind == "DOSE_WORD":
            behind = tokens[index + 1 : index + 5]
            kinds = [t.kind for t in behind]
            counted = next((n for n, kind in enumerate(kinds) if kind in _CELLS), None)
            beside = counted is not None and set(kinds[:counted]) <= {"OPEN", "SLASH", "COMMA"}
            if counted is not None and beside and "PER_BODY" in kinds[counted + 1 : counted + 2]:
                return _cell_unit(behind[counted:])
    short = len(block.text) <= _LONGEST_HEAD
    named = bool(tokens) and tokens[-1].kind == "DOSE_WORD"
    return "" if short and named and tokens[-1].end == len(block.text.rstrip()) else None


def _lone_power(tokens: Sequence[Token], block: Paragraph, *, last: bool) -> Token | None:
    """The bare power of ten of a line; with ``last`` it ends it, but for a footnote mark."""
    powers = [token for token in tokens if token.kind == "POWER"]
    if not powers or any(token.kind in ("STOP", "DOSE") for token in tokens):
        return None
    if last:
        ends = tokens[-1] is powers[-1] and not block.text[powers[-1].end :].strip(" *†‡#")
        return powers[-1] if ends else None
    return powers[0] if len(powers) == 1 else None


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


def _is_bare(token: Token) -> bool:
    """Whether a token is a power of ten without a coefficient: 10^6/kg."""
    if not isinstance(token.value, (Power, Amount)):
        return False
    return token.value.factor == 1 and token.value.low >= _FEWEST_CELLS


def stands_for_a_factor(token: Token, text: str) -> bool:
    """Whether a power of ten is a unit and no amount: "×10^6/kg" without a number before it."""
    return _is_bare(token) and bool(_TIMES.search(text, max(0, token.start - 2), token.start))


def _cell_doses(cell: Cell, head: Head, tokens: Sequence[Token], text: str) -> Iterator[Dose]:
    """The numbers of a cell; the spread in brackets behind the first is none of its own."""
    inside = _inside(cell, tokens)
    if not inside or any(t.kind in _OTHERWISE_READ for t in inside):
        return
    agent = head.agent
    for token, drug in _told(inside):
        low, high, power = extremes(token)
        if power == 1:
            low, high = scaled(low, head.factor), scaled(high, head.factor)
        counted = power != 1 or head.factor != 1
        likely = counted and _FEWEST_CELLS <= high <= _MOST_CELLS
        if head.unit.startswith("cells") and (not likely or _RUN_ON.match(text, token.end)):
            return
        if high > 0:
            span = Span(token.start, token.end)
            piece = text[token.start : token.end]
            yield Dose(_RULE, span, low, high, head.unit, drug or agent, piece)


def _told(inside: Sequence[Token]) -> Iterator[tuple[Token, str | None]]:
    """The first number of a cell, those that an arrow or a stroke leads to (20 → 5, 20/5), and
    those that a drug of their own stands before (Flu 25, Cy 250), with that drug."""
    for index, token in enumerate(inside):
        before = inside[index - 1] if index else None
        drug = str(before.value) if before is not None and before.kind == "DRUG" else None
        leads = before is None or before.kind in _LEADS or drug is not None
        if token.kind in _NUMBERS and leads:
            yield token, drug
