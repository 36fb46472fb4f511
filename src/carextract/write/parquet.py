"""Documents as Parquet, for data frames and databases."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from carextract.records import Document, Failure
from carextract.write.extras import library
from carextract.write.output import output_file
from carextract.write.rows import Cell, Column, Contents, Form, columns, rows_of_all

_ROW_GROUP = 50_000
_TYPES = {
    Form.TEXT: "string",
    Form.NUMBER: "float64",
    Form.WHOLE: "int64",
    Form.FLAG: "bool_",
}


def write_parquet(path: Path, entries: Iterable[Document | Failure], *, contents: Contents) -> None:
    """Write the facts of many papers to a file whose columns have the same types for any facts.

    No more than a row group is kept at a time. Papers that could not be read have no row. Raises
    CarextractError when the file cannot be written, or pyarrow is not installed.
    """
    arrow = library("pyarrow", needed_for=path)
    parquet = library("pyarrow.parquet", needed_for=path)
    table = columns(contents)
    schema = arrow.schema(
        [(column.name, getattr(arrow, _TYPES[column.form])()) for column in table]
    )
    facts = rows_of_all(entries, contents)
    with output_file(path) as file, parquet.ParquetWriter(file, schema) as writer:
        while group := list(islice(facts, _ROW_GROUP)):
            cells = {
                column.name: [_cell(column, row.get(column.name)) for row in group]
                for column in table
            }
            writer.write_table(arrow.table(cells, schema=schema))


def _cell(column: Column, value: Cell) -> Cell:
    # Numbers are whole where they can be; a column of them is not.
    return float(value) if column.form is Form.NUMBER and value is not None else value
