"""The studies of a paper as a table for the eye."""

import io
import re
import shutil
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from carextract.synthesize import Member

_PIPE_WIDTH = 160
_WIDE = 140  # from here on each thing has a column of its own
_MOST_LINES = 6
_LONGEST_WORD = 16  # a trial number; longer words may be broken
_GAP = 2  # between columns
_EDGES = 2  # of the table, on both sides together

_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_PIECE = re.compile(rf"[（【「『]*(?:[{_CJK}]|[^\s{_CJK}]+)[，。、；：！？）】」』…]*\s*|\s+")


class _Column(NamedTuple):
    title: str
    lines: tuple[str, ...]
    number: bool = False


def study_table(paper: str, members: "Sequence[Member]", *, on_terminal: bool) -> str:
    """The studies of a paper, as wide as the terminal; for anything else plain, and 160 wide.

    The environment variable COLUMNS sets another width.
    """
    title = _one_line(paper)
    if not members:
        return f"{title}: no studies\n"
    width = shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns
    columns = _wide if width >= _WIDE else _narrow
    rows = [columns(member) for member in members]
    # What no study has takes no room, unless it is the study itself.
    shown = [at for at, _ in enumerate(rows[0]) if at == 0 or any(row[at].lines for row in rows)]
    rows = [tuple(row[at] for at in shown) for row in rows]
    count = f"{len(members)} {'study' if len(members) == 1 else 'studies'}"
    heading = "\n".join(_wrapped(f"{title}: {count}", width))
    return f"{heading}\n{_drawn(rows, width, on_terminal=on_terminal)}"


def _drawn(rows: Sequence[tuple[_Column, ...]], width: int, *, on_terminal: bool) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    room = width - _EDGES - _GAP * (len(rows[0]) - 1)
    widths = _widths([[row[at] for row in rows] for at in range(len(rows[0]))], room)
    table = Table(box=box.HORIZONTALS, show_lines=True, padding=(0, 1, 0, 0), pad_edge=False)
    for column, wide in zip(rows[0], widths, strict=True):
        table.add_column(
            Text("\n".join(_wrapped(column.title, wide)), style="bold"),
            justify="right" if column.number else "left",
            width=wide,
            no_wrap=True,
        )
    for row in rows:
        cells = [
            [part for line in _cut(column.lines) for part in _wrapped(line, wide)]
            for column, wide in zip(row, widths, strict=True)
        ]
        table.add_row(*(Text("\n".join(lines)) for lines in cells))
    written = io.StringIO()
    console = Console(
        file=written,
        width=width,
        force_terminal=on_terminal,
        color_system="standard" if on_terminal else None,
        legacy_windows=False,
    )
    console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in written.getvalue().splitlines())


def _widths(columns: Iterable[Sequence[_Column]], room: int) -> list[int]:
    """The widths of columns: what they need, or else the widest give way, down to their words."""
    from rich.cells import cell_len

    widths = []
    least = []
    for cells in columns:
        lines = [cells[0].title, *(line for cell in cells for line in _cut(cell.lines))]
        widths.append(max(map(cell_len, lines)))
        words = [cell_len(word) for line in lines for word in _pieces(line)]
        least.append(max(word for word in (*words, 1) if word <= _LONGEST_WORD))
    while sum(widths) > room:
        # Those that can give way without breaking a word first, of these the widest.
        at = max(range(len(widths)), key=lambda at: (widths[at] > least[at], widths[at]))
        if widths[at] == 1:
            break
        widths[at] -= 1
    return widths


def _pieces(line: str) -> list[str]:
    """What a line is broken between: words, and Chinese characters with the points after them."""
    return _PIECE.findall(line)


def _wrapped(line: str, width: int) -> list[str]:
    """A line as several that are not wider; a word is only broken if it is wider by itself."""
    from rich.cells import cell_len, chop_cells

    lines = [""]
    for piece in _pieces(line):
        if cell_len(lines[-1] + piece.rstrip()) <= width:
            lines[-1] += piece
        else:
            lines += chop_cells(piece, width) if cell_len(piece.rstrip()) > width else [piece]
    return [each.rstrip() for each in lines if each.strip()] or [""]


def _wide(member: "Member") -> tuple[_Column, ...]:
    study = member.study
    return (
        _Column("study", _lines([study.label, "(its own)" if member.own else None])),
        _Column("year", _lines([study.year]), number=True),
        _Column("ref.", _lines([study.citation]), number=True),
        _Column("trial", _lines(study.trial_ids)),
        _Column("n", _lines([study.patients]), number=True),
        _Column("condition", _lines([study.condition])),
        _Column("product", _lines(_product(member))),
        *_facts(member),
    )


def _narrow(member: "Member") -> tuple[_Column, ...]:
    study = member.study
    label = study.label + (f" [{study.citation}]" if study.citation else "")
    patients = f"n={study.patients}" if study.patients is not None else None
    return (
        _Column("study", _lines([label, "(its own)" if member.own else None, *study.trial_ids])),
        _Column("patients, product", _lines([patients, study.condition, *_product(member)])),
        *_facts(member),
    )


def _facts(member: "Member") -> tuple[_Column, ...]:
    from carextract.synthesize import worded

    facts = worded(member)
    return (
        _Column("doses", _lines(facts["doses"])),
        _Column("SLEDAI", _lines(text.removeprefix("SLEDAI ") for text in facts["sledai"])),
        _Column("CRS, ICANS", _lines(facts["toxicities"])),
        _Column("facts", _lines([len(member.study.facts)]), number=True),
    )


def _product(member: "Member") -> Iterable[str | None]:
    """The product, its target unless the name says it, and where the cells come from."""
    study = member.study
    said = study.product or ""
    target = study.target if study.target and study.target not in said else None
    return (study.product, target, study.cell_source)


def _lines(values: Iterable[str | int | None]) -> tuple[str, ...]:
    return tuple(_one_line(str(value)) for value in values if value is not None)


def _cut(lines: tuple[str, ...]) -> Iterable[str]:
    if len(lines) <= _MOST_LINES:
        return lines
    return (*lines[: _MOST_LINES - 1], f"… {len(lines) - _MOST_LINES + 1} more")


def _one_line(text: str) -> str:
    """A text of a paper without what would break a line of the table."""
    from carextract.write.rows import cell

    return " ".join(str(cell(text)).split())
