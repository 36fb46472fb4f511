"""Set any passage like a page of a paper: prose in columns, rows of cells as three-line tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from typesetting.cells import (
    CAPTION,
    LIST_ITEM,
    captioned_rows,
    columns_wide,
    marked_rows,
    spaced_rows,
)
from typesetting.faces import face
from typesetting.letters import Style, letters, width_of
from typesetting.paper import Paper
from typesetting.strips import THICK, Strip, hairline, lines_as_given, paragraph, stacked
from typesetting.tables import Table, natural_width, table_strips, table_top

Fonts = Literal["cid", "embedded"]
Columns = Literal[1, 2]

_SENTENCE_END = re.compile(r"(?:[。！？；!?;:：]|(?<!\d)\.)[”」』)）\]］*]*\s*$")
_RUNNING = re.compile(r"[，。；、]|\b(?:the|of|and|was|were|with|to|a|had)\b")
_PAGE_NUMBER = r"[·・─—-]\s*\d+\s*[·・─—-]"
_FURNITURE = re.compile(
    rf"{_PAGE_NUMBER}(?:.{{,40}}第\d+期)?|\S.{{,60}}(?:\s{_PAGE_NUMBER}|\s{{3,}}\d{{1,4}})"
)
# A text is hard-wrapped if so many of its lines are about as wide as the widest, and go on.
_WRAPPED_SHARE = 0.6
_ABOUT_FULL = 0.8
_WIDEST_WRAPPED = 130  # in Latin letters; what is wider is a paragraph a line
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
        rows, end = marked_rows(lines, at)
        if rows:
            caption = _taken_caption(prose) or _plain_caption(text)
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


def _even(rows: Sequence[Sequence[str]]) -> tuple[tuple[str | None, ...], ...]:
    width = max(map(len, rows))
    return tuple((*row, *[""] * (width - len(row))) for row in rows)


def _taken_caption(prose: list[str]) -> str:
    """The caption that the lines above a table end with, taken away from them."""
    while prose and not prose[-1].strip():
        prose.pop()
    return prose.pop().strip() if prose and CAPTION.match(prose[-1]) else ""


def _plain_caption(text: str) -> str:
    """The caption of a table that has none."""
    return "Table 1" if _is_latin(text) else "表1"


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
        item = LIST_ITEM.match(text) and group and _SENTENCE_END.search(group[-1])
        furniture = _FURNITURE.fullmatch(text)
        if group and (item or furniture):
            cut = not _SENTENCE_END.search(group[-1])
            yield Prose(tuple(group), begun, goes_on=cut)
            group, begun = [], cut
        if furniture:
            yield Furniture(text)
            continue
        group.append(text)
        if columns_wide(text) < _ABOUT_FULL * widest and _SENTENCE_END.search(text):
            yield Prose(tuple(group), begun)
            group, begun = [], False
    if group:
        yield Prose(tuple(group), begun)


def _with_spaced_tables(texts: Sequence[str]) -> Iterator[Part]:
    """A paragraph a line, but for tables whose cells are set apart by single spaces."""
    tables = spaced_rows(texts)
    caption, at = "", 0
    while at < len(texts):
        rows = tables.get(at) or (captioned_rows(texts[at:]) if caption else [])
        if rows:
            title = caption or _plain_caption(str(rows))
            yield Table(title, _continued(title), _even(rows))
            caption, at = "", at + len(rows)
            continue
        if caption:
            yield Prose((caption,))
        caption = texts[at] if CAPTION.match(texts[at]) else ""
        if not caption:
            yield Prose((texts[at],))
        at += 1
    if caption:
        yield Prose((caption,))


def _widest(texts: Sequence[str]) -> int:
    """The width of the lines, leaving aside the few that stick out."""
    widths = sorted(map(columns_wide, texts))
    return widths[len(widths) * 9 // 10]


def _is_wrapped(texts: Sequence[str]) -> bool:
    """Whether lines end where the column ended, not where a sentence did."""
    if len(texts) < 3 or _widest(texts) > _WIDEST_WRAPPED:
        return False
    full = [text for text in texts[:-1] if columns_wide(text) >= _ABOUT_FULL * _widest(texts)]
    going_on = [text for text in full if not _SENTENCE_END.search(text)]
    running = [text for text in texts if _RUNNING.search(text)]
    return len(going_on) >= _WRAPPED_SHARE * len(texts[:-1]) and 2 * len(running) > len(texts)
