"""Documents as CSV, that programs read and spreadsheets open without harm."""

import codecs
import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from carextract.records import Document, Failure
from carextract.spreadsheets import guarded
from carextract.write.output import output_file
from carextract.write.rows import Cell, Column, Contents, Row, columns, rows, rows_of_all


def to_csv(document: Document) -> str:
    """The facts of a document, a row each, under a header that is the same for every document."""
    return csv_of(rows(document), columns())


def csv_of(facts: Iterable[Row], columns: Iterable[Column]) -> str:
    """Rows of these columns, under a header, as standard output takes them."""
    table = io.StringIO()
    _write(table, facts, columns, line_end="\n")
    return table.getvalue()


def write_csv(path: Path, entries: Iterable[Document | Failure], *, contents: Contents) -> None:
    """Write the facts of many papers to a file, as a spreadsheet expects it.

    It begins with the mark by which Excel knows UTF-8, and its rows end as those of Excel do. The
    entries are read as they are written: nothing is kept. Papers that could not be read have no
    row. Raises CarextractError when the file cannot be written.
    """
    write_csv_rows(path, rows_of_all(entries, contents), columns(contents))


def write_csv_rows(path: Path, facts: Iterable[Row], columns: Iterable[Column]) -> None:
    """Write rows of these columns to a file, in the same form."""
    with output_file(path) as file:
        table = codecs.getwriter("utf-8-sig")(file)
        _write(table, facts, columns, line_end="\r\n")


def _write(
    table: "TextIO | codecs.StreamWriter",
    facts: Iterable[Row],
    columns: Iterable[Column],
    *,
    line_end: str,
) -> None:
    names = [column.name for column in columns]
    writer = csv.writer(table, lineterminator=line_end)
    writer.writerow(names)
    for row in facts:
        writer.writerow([_cell(row.get(name)) for name in names])


def _cell(value: Cell) -> str | int | float:
    """A value as it may stand in CSV: numbers as they are, text that a spreadsheet leaves alone.

    >>> _cell(-10), _cell("-10 points"), _cell("1/2"), _cell(True), _cell(None)
    (-10, "'-10 points", "'1/2", 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return guarded(value) if isinstance(value, str) else value
