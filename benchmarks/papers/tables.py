"""Tables: which of those listed by eye a reading shows, and whether their rows are whole.

A table is *found* where its page has a run of lines with bars, in the order of the tables on the
page, with its number of columns, or one more or less, and its number of body rows, or one or a
fifth of them more or less. A row, out of the two or three set down for most tables, is *whole*
where a line of the page says its cells and nothing else; a reader that sets bars has to have put
them right. A header is right where one line with bars has all its heads, one over several columns
said for each. `?` is a cell that may say anything, `*` one that says something.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from benchmarks.papers.folding import flat
from benchmarks.papers.readers import Reading

_BAR = " | "
_ANY = {"?": ".*?", "*": ".+?", "": "-?", "-": "-?"}
_COLUMNS_OFF = 1
_ROWS_OFF = 0.2


def tables_found(reading: Reading, truth: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """How many of the tables with a caption are found, and out of how many."""
    found = total = 0
    for (file, number), tables in groupby(truth, key=lambda table: (table["file"], table["page"])):
        runs = list(_runs(reading.page(file, number)))
        for table in tables:
            if "garbled" in table or not table["caption"]:
                continue
            total += 1
            place = next((i for i, run in enumerate(runs) if _fits(run, table)), None)
            if place is not None:
                found += 1
                del runs[: place + 1]
    return found, total


def rows_whole(reading: Reading, truth: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """How many of the rows set down are whole, and out of how many."""
    whole = total = 0
    for table in truth:
        if "garbled" in table:
            continue
        lines = reading.page(table["file"], table["page"]).splitlines()
        for cells in table.get("cells", ()):
            whole += any(says(line, cells) for line in lines)
            total += 1
    return whole, total


def heads_right(reading: Reading, truth: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """How many of the headers set down are read as one line, and out of how many."""
    right = total = 0
    for table in truth:
        if "garbled" in table or "head" not in table:
            continue
        lines = reading.page(table["file"], table["page"]).splitlines()
        right += any(_is_header(line.split(_BAR), table) for line in lines)
        total += 1
    return right, total


def says(line: str, cells: Sequence[str]) -> bool:
    """Whether a line of text is a row of a table.

    >>> says("Camphor 1146 1.30 -", ["Camphor", "1146", "1.30", ""])
    True
    >>> says("Camphor 1146 | 1.30 | -", ["Camphor", "1146", "1.30", ""])
    False
    """
    patterns = [_pattern(cell) for cell in cells]
    if _BAR not in line:
        return re.fullmatch("".join(patterns), flat(line)) is not None
    own = line.split(_BAR)
    return len(own) == len(cells) and all(
        re.fullmatch(pattern, flat(cell)) for pattern, cell in zip(patterns, own, strict=True)
    )


def _pattern(cell: str) -> str:
    cell = flat(cell)
    return _ANY.get(cell) or re.escape(cell)


def _is_header(cells: Sequence[str], table: dict[str, Any]) -> bool:
    """Whether each cell ends as its head does, and heads over several columns stand in each."""
    if len(cells) != table["columns"]:
        return False
    own = [flat(cell) for cell in cells]
    return all(
        cell.endswith(flat(head)) if head else cell in ("", "-")
        for cell, head in zip(own, table["head"], strict=True)
        if head != "*"
    ) and all(
        flat(head) in cell for head, start, end in table.get("spans", ()) for cell in own[start:end]
    )


def _runs(text: str) -> Iterator[list[str]]:
    """Lines with bars that follow each other."""
    lines = (line for line in text.splitlines() if line.strip())
    for barred, run in groupby(lines, key=lambda line: _BAR in line):
        if barred:
            yield list(run)


def _fits(run: Sequence[str], table: dict[str, Any]) -> bool:
    counts = Counter(line.count(_BAR) + 1 for line in run)
    columns = counts.most_common(1)[0][0]
    rows_off = abs(len(run) - bool(table["heads"]) - int(table["rows"]))
    columns_off = abs(columns - int(table["columns"]))
    return columns_off <= _COLUMNS_OFF and rows_off <= max(1, _ROWS_OFF * table["rows"])
