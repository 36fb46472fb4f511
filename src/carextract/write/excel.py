"""Documents as an Excel workbook: an overview of the papers, then a sheet for each kind of fact."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from types import ModuleType
from typing import Any
from unicodedata import east_asian_width

from carextract.errors import CarextractError
from carextract.records import Document, Failure
from carextract.write.extras import library
from carextract.write.output import output_file
from carextract.write.rows import Cell, Column, Contents, Form, cell, columns, rows

# What a sheet and a cell of Excel hold; it counts UTF-16 units.
_ROWS = 1_048_576
_CHARACTERS = 32_767
_CUT = "… [cut]"

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_A4 = 9
_LINE_HEIGHT = 15  # points
_MOST_LINES = 4
_NARROWEST = 7
_WIDEST = 32
_WIDEST_OF = {"printed": 44, "quote": 64, "note": 48, "support": 64, "message": 96, "sha256": 12}
_FILTER_BUTTON = 3

# A number keeps clear of the button of the filter above it, and of the text on its right.
_RIGHT: dict[str, Any] = {"align": "right", "indent": 2}
_LOOKS: dict[str, dict[str, Any]] = {
    "number": {"valign": "top", **_RIGHT},
    "power": {"num_format": "0.0##E+0", "valign": "top", **_RIGHT},
    # Excel shows the words whatever the format is, LibreOffice would show 1 and 0.
    "flag": {"num_format": '"TRUE";;"FALSE"', "align": "left", "valign": "top"},
    "text": {"text_wrap": True, "valign": "top"},
    # As much of it as the cell is wide.
    "hash": {"align": "fill", "valign": "top"},
}
_EMPHASIS: dict[str, dict[str, Any]] = {
    "plain": {},
    "failed": {"bg_color": "#F8D7DA", "font_color": "#842029"},
    "doubtful": {"bg_color": "#FFF3CD"},
    "total": {"bold": True, "bg_color": "#DDEBF7", "bottom": 1},
}
_HEADER = {"bold": True, "bg_color": "#1F4E78", "font_color": "#FFFFFF"}
_LARGE = 100_000  # from here on a number is shown as powers of ten: a cell dose, not a drug dose
_LINE_BREAK = re.compile(r"\s*\n\s*")


def write_excel(path: Path, entries: Iterable[Document | Failure], *, contents: Contents) -> None:
    """Write the facts of many papers, and an overview of all papers, failed ones included.

    Raises CarextractError when a sheet would have more rows than Excel takes, when the file cannot
    be written, or XlsxWriter is not installed. A text that is too long for a cell is cut, and says
    so.
    """
    with excel_file(path) as workbook:
        _fill(workbook, entries, contents, path=path)


@contextmanager
def excel_file(path: Path) -> Iterator[Any]:
    """A workbook to be filled, row by row, with `Sheet`; it is written whole or not at all.

    Raises CarextractError when the file cannot be written, or XlsxWriter is not installed.
    """
    xlsxwriter = library("xlsxwriter", needed_for=path)
    with output_file(path) as file, TemporaryFile() as whole:
        workbook = xlsxwriter.Workbook(whole, _OPTIONS)
        workbook.use_zip64()
        # Of itself it would say when it was written: the same facts shall give the same bytes.
        workbook.set_properties({"created": datetime(2000, 1, 1)})
        try:
            yield workbook
        finally:
            _close(workbook, xlsxwriter)  # a broken off one too: it holds temporary files
        whole.seek(0)
        copyfileobj(whole, file)


def _close(workbook: Any, xlsxwriter: ModuleType) -> None:
    try:
        workbook.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        # It wraps what the file said; whoever holds the file knows what to make of that.
        raise OSError(*error.args[0].args) from None


def _fill(
    workbook: Any, entries: Iterable[Document | Failure], contents: Contents, *, path: Path
) -> None:
    kinds = contents.kinds
    advice = "write .csv or .parquet, or fewer kinds with --kind"
    sheet = partial(Sheet, workbook, path=path, advice=advice)
    overview = sheet("overview", _overview_columns(kinds), frozen=1, totals=True)
    of_kind = {kind: sheet(kind, columns(contents.only(kind)), frozen=2) for kind in kinds}
    papers: list[dict[str, Cell]] = []
    for entry in entries:
        papers.append(_overview_row(entry, kinds))
        if isinstance(entry, Document):
            for row in rows(entry, contents):
                of_kind[str(row["kind"])].add(row)
    overview.add(_totals(papers, kinds), "total")
    for paper in papers:
        overview.add(paper, "plain" if paper["error"] is None else "failed")
    for filled in (overview, *of_kind.values()):
        filled.finish()


def _overview_columns(kinds: Iterable[str]) -> tuple[Column, ...]:
    return (
        Column("paper", Form.TEXT),
        Column("pages", Form.WHOLE),
        Column("languages", Form.TEXT),
        *(Column(kind, Form.WHOLE) for kind in kinds),
        Column("warnings", Form.WHOLE),
        Column("error", Form.TEXT),
        Column("message", Form.TEXT),
        Column("sha256", Form.TEXT),
    )


def _overview_row(entry: Document | Failure, kinds: Iterable[str]) -> dict[str, Cell]:
    row: dict[str, object] = {
        "paper": entry.source.name,
        "sha256": entry.source.sha256,
        "error": None,
    }
    if isinstance(entry, Failure):
        row |= {"error": entry.error.code, "message": entry.error.message}
    else:
        row |= {kind: len(getattr(entry, kind)) for kind in kinds}
        row |= {
            "pages": entry.source.pages,
            "languages": " ".join(entry.source.languages),
            "warnings": len(entry.warnings),
        }
    return {name: cell(value) for name, value in row.items()}


def _totals(papers: list[dict[str, Cell]], kinds: Iterable[str]) -> dict[str, Cell]:
    sums: Counter[str] = Counter()
    for paper in papers:
        sums.update({name: n for name, n in paper.items() if isinstance(n, int)})
    failed = sum(paper["error"] is not None for paper in papers)
    counted = {name: sums[name] for name in ("pages", *kinds, "warnings")}
    papers_in_all = f"{len(papers)} paper{'' if len(papers) == 1 else 's'} in all"
    return {"paper": papers_in_all, **counted, "error": f"{failed} failed" if failed else None}


class Sheet:
    """A sheet that is filled row by row, and measures how wide its columns have to be.

    With `totals` its first row is theirs: it stays in sight with the header, and the filter begins
    below it. `advice` is what to do when there are more rows than it takes.
    """

    def __init__(
        self,
        workbook: Any,
        name: str,
        columns: tuple[Column, ...],
        *,
        frozen: int,
        path: Path,
        advice: str,
        totals: bool = False,
    ) -> None:
        self._name = name
        self._advice = advice
        self._columns = columns
        self._path = path
        self._sheet = workbook.add_worksheet(name)
        self._formats = _formats(workbook)
        self._header_rows = 2 if totals else 1
        self._widths = [max(_NARROWEST, len(column.name) + _FILTER_BUTTON) for column in columns]
        self._row = 1
        self._sheet.freeze_panes(self._header_rows, frozen)
        for index, column in enumerate(columns):
            style = self._formats["header", _look(column)]
            self._sheet.write_string(0, index, column.name, style)

    def add(self, row: Mapping[str, Cell], emphasis: str = "plain") -> None:
        """Write a row. Raises CarextractError where there is no room for it."""
        if self._row >= _ROWS:
            raise CarextractError(
                f"{self._path}: sheet {self._name} would have more than the {_ROWS:,} rows that"
                f" Excel takes; {self._advice}"
            )
        cells = [(column, _shown(row.get(column.name))) for column in self._columns]
        lines = max(_lines(column, value) for column, value in cells)
        if lines > 1:
            self._sheet.set_row(self._row, _LINE_HEIGHT * min(lines, _MOST_LINES))
        for index, (column, value) in enumerate(cells):
            self._write(index, value, self._formats[emphasis, _look(column, value)])
            self._widths[index] = max(self._widths[index], _width(value))
        self._row += 1

    def _write(self, index: int, value: Cell, style: Any) -> None:
        if value is None:
            self._sheet.write_blank(self._row, index, None, style)
        elif isinstance(value, str):
            self._sheet.write_string(self._row, index, value, style)
        elif isinstance(value, bool):
            self._sheet.write_boolean(self._row, index, value, style)
        else:
            self._sheet.write_number(self._row, index, value, style)

    def finish(self) -> None:
        """Set what depends on all rows: the filter, the widths, and how it is printed."""
        last = len(self._columns) - 1
        self._sheet.autofilter(
            self._header_rows - 1, 0, max(self._row, self._header_rows) - 1, last
        )
        for index, (column, width) in enumerate(zip(self._columns, self._widths, strict=True)):
            self._sheet.set_column(index, index, min(width, _widest(column)) + 1)
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0, self._header_rows - 1)
        self._sheet.set_footer("&L&A&RPage &P of &N")


def _formats(workbook: Any) -> dict[tuple[str, str], Any]:
    formats = {
        (emphasis, look): workbook.add_format({**style, **more})
        for emphasis, more in _EMPHASIS.items()
        for look, style in _LOOKS.items()
    }
    for look in _LOOKS:
        aligned = _RIGHT if look == "number" else {}
        formats["header", look] = workbook.add_format({**_HEADER, **aligned})
    return formats


def _look(column: Column, value: Cell = None) -> str:
    if column.name == "sha256":
        return "hash"
    if column.form is Form.NUMBER and isinstance(value, int | float) and abs(value) >= _LARGE:
        # One format with a condition would do for both, but it loses the sign of a negative number.
        return "power"
    return "number" if column.form in (Form.NUMBER, Form.WHOLE) else column.form.value


def _widest(column: Column) -> int:
    """The width that a column is given at most: longer texts go on in the next line."""
    return max(_WIDEST_OF.get(column.name, _WIDEST), len(column.name) + _FILTER_BUTTON)


def _shown(value: Cell) -> Cell:
    """A value as a sheet shows it: on one line, as long as a cell can be."""
    if not isinstance(value, str):
        return value
    text = _LINE_BREAK.sub(" ", value) if "\n" in value else value
    if text.startswith("<r>") and text.endswith("</r>"):
        text += " "  # XlsxWriter would take it for markup, and write it as it is
    return _fitting(text)


def _fitting(text: str) -> str:
    """A text as far as a cell holds it; what is cut says so."""
    if len(text) <= _CHARACTERS // 2 or _units(text) <= _CHARACTERS:
        return text
    room = _CHARACTERS - _units(_CUT)
    kept = text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore")
    return kept + _CUT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _lines(column: Column, value: Cell) -> int:
    """How many lines a cell takes in its column, more or less: that depends on the font."""
    if _look(column) != "text":
        return 1
    return math.ceil(_width(value) / _widest(column)) or 1


def _width(value: Cell) -> int:
    """How wide a value is, in letters; a Chinese character is as wide as two."""
    if not isinstance(value, str):
        return 0 if value is None else min(len(str(value)), 8) + _RIGHT["indent"]
    start = value[:1000]  # more than any cell shows
    if start.isascii():
        return len(start)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in start)
