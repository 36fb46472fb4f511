"""Set any passage like a page of a paper: prose in columns, rows of cells as three-line tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from typesetting.faces import face
from typesetting.letters import Style
from typesetting.paper import Paper
from typesetting.strips import THICK, Strip, hairline, lines_as_given, paragraph, stacked
from typesetting.tables import Table, natural_width, table_strips, table_top

Fonts = Literal["cid", "embedded"]
Columns = Literal[1, 2]

_CAPTION = re.compile(r"\W*(?:[续附]*表\s?[\d一二三四五]|(?:Suppl\S* )?(?:Table|Box)\s?S?\d)", re.I)
_BARRED = re.compile(r"\s*\|.*\|\s*$|.*\S \| \S")
_SEPARATOR = re.compile(r"[\s|:+-]+$")
_WIDE_GAP = re.compile(r"[ \u3000]{2,}|\t")
_SENTENCE_END = re.compile(r"[。！？；.!?;:：][”」』)）\]］*]*\s*$")
_RUNNING = re.compile(r"[，。；、]|\b(?:the|of|and|was|were|with|to|a|had)\b")
_LIST_ITEM = re.compile(r"\s*(?:[-*•#>]|\d{1,2}[.)、]|[（(]\d)")
# A text is hard-wrapped if so many of its lines are about as wide as the widest, and go on.
_WRAPPED_SHARE = 0.6
_ABOUT_FULL = 0.8
_WIDEST_WRAPPED = 130  # in Latin letters; what is wider is a paragraph a line
_TABLE_SIZE = 8.5


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph; of several lines if they are to stay as they are."""

    lines: tuple[str, ...]


Part = Prose | Table


def typeset(text: str, *, columns: Columns = 1, font: Fonts = "cid") -> bytes:
    """A passage as a PDF. No character is lost, and none changes place.

    Three things are not printed: white space at the ends of lines, the `^` of `10^6`, whose 6 is
    raised, and the bars of a table with its line of dashes.
    """
    style = Style(face(font), indent=1.0 if _is_latin(text) else 2.0)
    paper = Paper()
    waiting: list[Strip] = []
    for part in parts(text):
        if isinstance(part, Table):
            small = replace(style, size=_TABLE_SIZE, indent=0.0)
            if columns == 1 or natural_width(part, small) > paper.column_width(columns):
                paper.put(waiting, columns=columns)
                waiting = []
                paper.put_table(part, small)
            else:
                waiting.append(_table_in_column(part, small, paper.column_width(columns)))
        else:
            waiting += _prose(part, style, paper.column_width(columns))
    paper.put(waiting, columns=columns)
    return paper.finish()


def parts(text: str) -> list[Part]:
    """A passage as paragraphs and tables.

    >>> [type(part).__name__ for part in parts("Two arms.\\nArm | CRS\\nA | 3\\nB | 0")]
    ['Prose', 'Table']
    """
    lines = text.split("\n")
    made: list[Part] = []
    prose: list[str] = []
    at = 0
    while at < len(lines):
        rows, end = _table_rows(lines, at)
        if rows:
            caption = _taken_caption(prose) or ("Table 1" if _is_latin(text) else "表1")
            made += _paragraphs(prose)
            prose = []
            made.append(Table(caption, _continued(caption), _even(rows), _header_rows(rows)))
            at = end
        else:
            prose.append(lines[at])
            at += 1
    return made + list(_paragraphs(prose))


def _prose(part: Prose, style: Style, width: float) -> list[Strip]:
    if len(part.lines) > 1:
        return lines_as_given(part.lines, style, width)
    return paragraph(part.lines[0], style, width)


def _table_in_column(table: Table, style: Style, width: float) -> Strip:
    heads, body = table_strips(table, style, width)
    top = table_top(table.caption, heads, style, width)
    return stacked([*top, *body, hairline(width, THICK), Strip(style.size)])


def _is_latin(text: str) -> bool:
    return not re.search(r"[\u3400-\u9fff]", text)


def _columns_wide(text: str) -> int:
    """How many Latin letters wide a line is; a Chinese character is two."""
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text.strip())


def _table_rows(lines: Sequence[str], start: int) -> tuple[list[list[str]], int]:
    """The rows of the table that begins at a line, and where it ends; no rows where none does."""
    end = start
    while end < len(lines) and _BARRED.match(lines[end]):
        end += 1
    if end >= start + 2:
        inside = [line for line in lines[start:end] if not _SEPARATOR.fullmatch(line)]
        return [_bar_cells(line) for line in inside], end
    while end < len(lines) and _may_be_row(lines, end):
        end += 1
    return (_aligned_cells(lines[start:end]), end) if end >= start + 3 else ([], start)


def _bar_cells(line: str) -> list[str]:
    inside = line.strip()
    if inside.startswith("|") and inside.endswith("|"):
        inside = inside[1:-1]
    return [cell.strip() for cell in inside.split("|")]


def _may_be_row(lines: Sequence[str], at: int) -> bool:
    """Whether a line has cells set apart by wide gaps, or stands right between two that have."""
    if _WIDE_GAP.search(lines[at].strip()):
        return not _LIST_ITEM.match(lines[at]) and not re.search("[。]", lines[at])
    around = [*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2]]
    return len(around) == 2 and all(_WIDE_GAP.search(line.strip()) for line in around)


def _aligned_cells(lines: Sequence[str]) -> list[list[str]]:
    """Rows whose cells are where the heads of their columns are; each line is a row."""
    if any("\t" in line for line in lines):
        return [[cell.strip() for cell in line.split("\t")] for line in lines]
    placed = [_placed(line) for line in lines if line.strip()]
    lefts = [left for left, _ in placed[0]]
    if any(len(cells) > len(lefts) for cells in placed[1:]):
        lefts.insert(0, 0)  # the corner above the labels is blank
    rows = []
    for cells in placed:
        row = [""] * len(lefts)
        for left, cell in cells:
            column = min(range(len(lefts)), key=lambda at: abs(lefts[at] - left))
            row[column] = f"{row[column]} {cell}".strip()
        rows.append(row)
    return rows


def _placed(line: str) -> list[tuple[int, str]]:
    """The cells of a line with the place they begin at, in Latin letters."""
    cells, at = [], 0
    for gap in [*_WIDE_GAP.finditer(line), None]:
        end = gap.start() if gap else len(line)
        if line[at:end].strip():
            cells.append((_columns_wide("." + line[:at] + ".") - 2, line[at:end].strip()))
        at = gap.end() if gap else end
    return cells


def _even(rows: Sequence[Sequence[str]]) -> tuple[tuple[str | None, ...], ...]:
    width = max(map(len, rows))
    return tuple((*row, *[""] * (width - len(row))) for row in rows)


def _header_rows(rows: Sequence[Sequence[str]]) -> int:
    """One, and those below it that leave the corner above the labels blank as it does."""
    count = 1
    while count < len(rows) - 1 and not rows[0][0] and not rows[count][0]:
        count += 1
    return count


def _taken_caption(prose: list[str]) -> str:
    """The caption that the lines above a table end with, taken away from them."""
    while prose and not prose[-1].strip():
        prose.pop()
    return prose.pop().strip() if prose and _CAPTION.match(prose[-1]) else ""


def _continued(caption: str) -> str:
    if _is_latin(caption):
        return f"{caption} (continued)"
    return f"续{caption}"


def _paragraphs(lines: Sequence[str]) -> Iterator[Prose]:
    """The paragraphs of lines of prose: a line each, unless the text is hard-wrapped."""
    texts = [line.strip() for line in lines if line.strip()]
    if not _is_wrapped(texts):
        yield from (Prose((text,)) for text in texts)
        return
    widest = _widest(texts)
    group: list[str] = []
    for text in texts:
        if group and _LIST_ITEM.match(text) and _SENTENCE_END.search(group[-1]):
            yield Prose(tuple(group))
            group = []
        group.append(text)
        if _columns_wide(text) < _ABOUT_FULL * widest and _SENTENCE_END.search(text):
            yield Prose(tuple(group))
            group = []
    if group:
        yield Prose(tuple(group))


def _widest(texts: Sequence[str]) -> int:
    """The width of the lines, leaving aside the few that stick out."""
    widths = sorted(map(_columns_wide, texts))
    return widths[len(widths) * 9 // 10]


def _is_wrapped(texts: Sequence[str]) -> bool:
    """Whether lines end where the column ended, not where a sentence did."""
    if len(texts) < 3 or _widest(texts) > _WIDEST_WRAPPED:
        return False
    full = [text for text in texts[:-1] if _columns_wide(text) >= _ABOUT_FULL * _widest(texts)]
    going_on = [text for text in full if not _SENTENCE_END.search(text)]
    running = [text for text in texts if _RUNNING.search(text)]
    return len(going_on) >= _WRAPPED_SHARE * len(texts[:-1]) and 2 * len(running) > len(texts)
