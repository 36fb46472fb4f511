"""Set any passage like a page of a paper: prose in columns, rows of cells as three-line tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise
from typing import Literal, cast

from carextract.find.paragraphs import Paragraph
from carextract.find.tables import read_tables
from typesetting.faces import face
from typesetting.letters import Style, letters, width_of
from typesetting.paper import Paper
from typesetting.strips import THICK, Strip, hairline, lines_as_given, paragraph, stacked
from typesetting.tables import Table, natural_width, table_strips, table_top

Fonts = Literal["cid", "embedded"]
Columns = Literal[1, 2]

_CAPTION = re.compile(
    r"\W*(?:[续附]*表\s?[\dl一二三四五]|(?:Suppl\S* )?(?:Tab[l1I]e|Box)\s?S?\d)", re.I
)
_BARRED = re.compile(r"\s*\|.*\|\s*$|.*\S \| \S|.*｜.*｜")
_SEPARATOR = re.compile(r"[\s|:+-]+$")
_WIDE_GAP = re.compile(r"[ \u3000]{2,}|\t")
_SENTENCE_END = re.compile(r"(?:[。！？；!?;:：]|(?<!\d)\.)[”」』)）\]］*]*\s*$")
_RUNNING = re.compile(r"[，。；、]|\b(?:the|of|and|was|were|with|to|a|had)\b")
_PAGE_NUMBER = r"[·・─—-]\s*\d+\s*[·・─—-]"
_FURNITURE = re.compile(
    rf"{_PAGE_NUMBER}(?:.{{,40}}第\d+期)?|\S.{{,60}}(?:\s{_PAGE_NUMBER}|\s{{3,}}\d{{1,4}})"
)
_LIST_ITEM = re.compile(r"\s*(?:[-*•#>]|\d{1,2}[.)、]|[（(]\d)")
# A text is hard-wrapped if so many of its lines are about as wide as the widest, and go on.
_WRAPPED_SHARE = 0.6
_ABOUT_FULL = 0.8
_WIDEST_WRAPPED = 130  # in Latin letters; what is wider is a paragraph a line
_FEWEST_ROWS = 4  # of a table whose cells single spaces set apart, with its header
_JOINED = "\u00a0"
_LONGEST_LABEL = 3  # spaces in the label of a row
# Spaces inside a cell: "9 (75)", "1 或 3"; in a head also "Any grade", "Grade 1", "SLEDAI 治疗前".
_JOINS_CELLS = re.compile(r" +(?=[(（或])|(?<=或) +")
_JOINS_HEADS = re.compile(r" +(?=[(（a-z])|(?<=Grade) +|(?<=SLEDAI) +|(?<=CRS) +(?=级)")
_DATUM = re.compile(r"\d{4}|\d[.×]\d|→ ?\d")
_ABOVE_SINGLE_LINES = 0.5  # as lists have it
_TABLE_SIZE = 8.5
_HEAD_SIZE, _HEAD_TOP = 8.0, 30.0


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph; of several lines if they are to stay as they are.

    It may go on on the next page, or be `begun` on the page before.
    """

    lines: tuple[str, ...]
    begun: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """A line and where it begins, which is all that the reader of tables wants to know."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Furniture:
    """A running head between two lines of text: a page ends here, and the next has it on top."""

    text: str


Part = Prose | Table | Furniture


def typeset(text: str, *, columns: Columns = 1, font: Fonts = "cid") -> bytes:
    """A passage as a PDF. No character is lost, and none changes place.

    Three things are not printed: white space at the ends of lines, the `^` of `10^6`, whose 6 is
    raised, and the bars of a table with its line of dashes.
    """
    style = Style(face(font), indent=1.0 if _is_latin(text) else 2.0)
    paper = Paper()
    waiting: list[Strip] = []
    made = parts(text)
    given = _for_given_lines(made, style, paper.column_width(columns))
    for part in made:
        if isinstance(part, Table):
            small = replace(style, size=_TABLE_SIZE, indent=0.0)
            if columns == 1 or natural_width(part, small) > paper.column_width(columns):
                paper.put(waiting, columns=columns)
                waiting = []
                paper.put_table(part, small)
            else:
                waiting.append(_table_in_column(part, small, paper.column_width(columns)))
        elif isinstance(part, Furniture):
            paper.put(waiting, columns=columns)
            waiting = []
            paper.new_page()
            head = replace(style, size=_HEAD_SIZE, indent=0.0)
            paper.draw(paragraph(part.text, head, paper.measure), 0, _HEAD_TOP)
        else:
            waiting += _prose(part, style, paper.column_width(columns), given)
    paper.put(waiting, columns=columns)
    return paper.finish()


def parts(text: str) -> list[Part]:
    """A passage as paragraphs and tables.

    >>> [type(part).__name__ for part in parts("Two arms.\\nArm | CRS\\nA | 3\\nB | 0")]
    ['Prose', 'Table']
    """
    # No printer parts a power from its base.
    lines = re.sub(r"(?<=10)\s*\n\s*(?=\^)", "", text).split("\n")
    made: list[Part] = []
    prose: list[str] = []
    at = 0
    while at < len(lines):
        rows, end = _table_rows(lines, at)
        if rows:
            caption = _taken_caption(prose) or ("Table 1" if _is_latin(text) else "表1")
            made += _paragraphs(prose)
            prose = []
            made.append(Table(caption, _continued(caption), _even(rows)))
            at = end
        else:
            prose.append(lines[at])
            at += 1
    return made + list(_paragraphs(prose))


def _prose(part: Prose, style: Style, width: float, given: tuple[Style, float]) -> list[Strip]:
    """A paragraph. `given` are style and width for lines that stay as they are."""
    if len(part.lines) > 1:
        style, width = given
        first = replace(style, indent=0.0) if part.begun else style
        return lines_as_given(part.lines, first, width, goes_on=part.goes_on)
    strips = paragraph(part.lines[0], style, width)
    if len(strips) > 1:
        return strips
    return paragraph(part.lines[0], replace(style, above=_ABOVE_SINGLE_LINES), width)


def _for_given_lines(made: Sequence[Part], style: Style, width: float) -> tuple[Style, float]:
    """Style and width for all lines that stay as they are: as wide as the widest, if that fits."""
    lines = [
        line
        for part in made
        if isinstance(part, Prose) and len(part.lines) > 1
        for line in part.lines
    ]
    indent = style.indent * style.size
    widest = max((width_of(letters(line, style)) + indent for line in lines), default=width)
    if widest <= width:
        return style, widest
    return replace(style, size=style.size * width / widest), width


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
    return [cell.strip() for cell in re.split("[|｜]", inside)]


def _may_be_row(lines: Sequence[str], at: int) -> bool:
    """Whether a line has cells set apart by wide gaps, or stands right between two that have."""
    if _WIDE_GAP.search(lines[at].strip()):
        return not _LIST_ITEM.match(lines[at]) and not re.search("[。]", lines[at])
    around = [*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2]]
    return len(around) == 2 and all(_WIDE_GAP.search(line.strip()) for line in around)


def _aligned_cells(lines: Sequence[str]) -> list[list[str]]:
    """Rows whose cells stand below the heads of their columns, with the lines of each cell."""
    if any("\t" in line for line in lines):
        return [[cell.strip() for cell in line.split("\t")] for line in lines]
    placed = [_placed(line) for line in lines]
    lefts = [left for left, _ in placed[0]]
    if any(len(cells) > len(lefts) for cells in placed[1:]):
        lefts.insert(0, 0)  # the corner above the labels is blank
    grid = [_in_columns(cells, lefts) for cells in placed]
    blank_lines_between = not all(map(any, grid))
    rows = [grid[0]]
    for before, row in pairwise(grid):
        if blank_lines_between:
            begins = before is grid[0] or not any(before)
        else:
            begins = not _continues(row, rows[-1])
        if begins:
            rows.append(row)
        else:
            rows[-1] = [f"{up}\n{cell}".strip() for up, cell in zip(rows[-1], row, strict=True)]
    return [row for row in rows if any(row)]


def _continues(row: Sequence[str], above: Sequence[str]) -> bool:
    """Whether a line holds only second lines of the cells above it."""
    if not row[0]:
        return True
    label_goes_on = not any(above[1:]) and row[0][0].islower()
    return label_goes_on or (not row[-1] and all(above))


def _in_columns(cells: Sequence[tuple[int, str]], lefts: Sequence[int]) -> list[str]:
    if len(cells) == len(lefts):
        return [cell for _, cell in cells]
    row = [""] * len(lefts)
    for left, cell in cells:
        column = min(range(len(lefts)), key=lambda at: abs(lefts[at] - left))
        row[column] = f"{row[column]} {cell}".strip()
    return row


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


def _taken_caption(prose: list[str]) -> str:
    """The caption that the lines above a table end with, taken away from them."""
    while prose and not prose[-1].strip():
        prose.pop()
    return prose.pop().strip() if prose and _CAPTION.match(prose[-1]) else ""


def _continued(caption: str) -> str:
    if _is_latin(caption):
        return f"{caption} (continued)"
    return f"续{caption}"


def _paragraphs(lines: Sequence[str]) -> Iterator[Part]:
    """The paragraphs of lines of prose: a line each, unless the text is hard-wrapped."""
    texts = [line.strip() for line in lines if line.strip()]
    if not _is_wrapped(texts):
        yield from _with_spaced_tables(texts)
    elif _is_double_spaced(lines):
        yield from _wrapped(texts, _widest(texts))
    else:
        closed_up = re.sub(rf"\n\s*({_FURNITURE.pattern})\s*\n\s*", r"\n\1\n", "\n".join(lines))
        for between, group in groupby(closed_up.split("\n"), key=lambda line: not line.strip()):
            if not between:
                yield from _wrapped([line.strip() for line in group], _widest(texts))


def _is_double_spaced(lines: Sequence[str]) -> bool:
    """Whether there is a blank line after nearly every line."""
    blank = sum(not line.strip() for line in lines)
    return blank > len(lines) / 3


def _wrapped(texts: Sequence[str], widest: int) -> Iterator[Part]:
    """The paragraphs of a hard-wrapped text: a sentence that leaves its line short ends one."""
    group: list[str] = []
    begun = False
    for text in texts:
        item = _LIST_ITEM.match(text) and group and _SENTENCE_END.search(group[-1])
        furniture = _FURNITURE.fullmatch(text)
        if group and (item or furniture):
            cut = not _SENTENCE_END.search(group[-1])
            yield Prose(tuple(group), begun, goes_on=cut)
            group, begun = [], cut
        if furniture:
            yield Furniture(text)
            continue
        group.append(text)
        if _columns_wide(text) < _ABOUT_FULL * widest and _SENTENCE_END.search(text):
            yield Prose(tuple(group), begun)
            group, begun = [], False
    if group:
        yield Prose(tuple(group), begun)


def _with_spaced_tables(texts: Sequence[str]) -> Iterator[Part]:
    """A paragraph a line, but for tables whose cells are set apart by single spaces.

    Which words make a cell is what the reader of such tables in texts says; a captioned table that
    it cannot read, for damage that is yet to be cleaned, is cut into as many cells as it has heads.
    """
    starts = accumulate((len(text) + 1 for text in texts), initial=0)
    lines = [_Line(text, start) for text, start in zip(texts, starts, strict=False)]
    tables: dict[int, list[list[str]]] = {}
    for table in read_tables(cast("list[Paragraph]", lines)):
        rows = [[cell.text for cell in row] for row in (table.header, *table.rows)]
        if len(rows) >= _FEWEST_ROWS and not any(_DATUM.search(head) for head in rows[0]):
            tables[table.lines[0]] = rows
    caption, at = "", 0
    while at < len(texts):
        rows = tables.get(at) or (_captioned_rows(texts[at:]) if caption else [])
        if rows:
            title = caption or ("Table 1" if _is_latin(str(rows)) else "表1")
            yield Table(title, _continued(title), _even(rows))
            caption, at = "", at + len(rows)
            continue
        if caption:
            yield Prose((caption,))
        caption = texts[at] if _CAPTION.match(texts[at]) else ""
        if not caption:
            yield Prose((texts[at],))
        at += 1
    if caption:
        yield Prose((caption,))


def _captioned_rows(texts: Sequence[str]) -> list[list[str]]:
    """The rows below a caption; pieces too many for the heads belong to the label of their row."""
    heads = _pieces(texts[0], _JOINS_HEADS)
    rows = [heads]
    for text in texts[1:]:
        pieces = _pieces(text, _JOINS_CELLS)
        surplus = len(pieces) - len(heads)
        if not 0 <= surplus <= _LONGEST_LABEL or re.search("[。；;:：]", text):
            break
        rows.append([" ".join(pieces[: surplus + 1]), *pieces[surplus + 1 :]])
    return rows if len(heads) > 2 and len(rows) >= _FEWEST_ROWS else []


def _pieces(text: str, joins: re.Pattern[str]) -> list[str]:
    return [piece.replace(_JOINED, " ") for piece in joins.sub(_JOINED, text).split(" ") if piece]


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
