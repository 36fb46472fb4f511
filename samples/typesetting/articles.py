"""Set the articles in `samples/articles` as a journal would.

What a line of an article is, its first characters say: `# ` the title, `@ ` the authors, `> ` and
`>> ` a paragraph over all columns, `## ` a heading, `= ` an entry of the references. A table begins
with `table: ` and its caption, then `continued: ` and what stands over it on a second page; `! `
and `| ` begin a row of the header and any other, with bars between cells, `//` between the lines of
one and `<` where the cell before goes on; `note: ` ends it. All else is a paragraph. A word may be
broken at `¬`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from typesetting.faces import face
from typesetting.letters import SOFT_HYPHEN, Style, letters, width_of
from typesetting.paper import Paper
from typesetting.strips import Strip, hairline, paragraph
from typesetting.tables import Table

ARTICLES = Path(__file__).resolve().parent.parent / "articles"
_FIRST_PAGE = 418


@dataclass(slots=True)
class _TableLines:
    """The lines of a table, as far as they have been read."""

    caption: str
    continued: str = ""
    heads: int = 0
    rows: list[tuple[str | None, ...]] = field(default_factory=list)


class Article:
    """A paper in the making, with the kinds of paragraph that a journal has."""

    def __init__(self, font: str, *, latin: bool = False, columns: int = 2, **options: Any) -> None:
        """`latin` texts are indented by one letter, Chinese ones by two; `options` go to Paper."""
        self.columns = columns
        self.text = Style(face(font), size=9.5, indent=1.0 if latin else 2.0)
        self.bold = Style(face(font, bold=True), size=10.5, above=0.5, align="left")
        self.small = replace(self.text, size=8.5, indent=0.0)
        self.paper = Paper(**options)
        self._waiting: list[Strip] = []

    @property
    def column(self) -> float:
        """The width of a column."""
        return self.paper.column_width(self.columns)

    def set(self, lines: Sequence[str], *, figure: Sequence[Strip] = ()) -> None:
        """Set lines of an article; a line that says `(figure)` is where the figure goes."""
        table: _TableLines | None = None
        for line in filter(None, lines):
            sign, _, rest = line.replace("¬", SOFT_HYPHEN).partition(" ")
            if sign == "table:":
                table = _TableLines(rest)
            elif sign == "note:" and table:
                self._table(table, rest)
                table = None
            elif table:
                _add(table, sign, rest)
            elif line == "(figure)":
                self._waiting += figure
            else:
                self._line(sign, rest, line.replace("¬", SOFT_HYPHEN))

    def flow(self) -> None:
        """Pour what waits into the columns."""
        self.paper.put(self._waiting, columns=self.columns)
        self._waiting = []

    def finish(self) -> bytes:
        """The PDF."""
        self.flow()
        return self.paper.finish()

    def _line(self, sign: str, rest: str, line: str) -> None:
        across = {
            "#": replace(self.bold, size=15.0, align="centre", leading=1.6),
            "@": replace(self.small, align="centre", leading=2.2),
            ">": replace(self.small, above=0.6),
            ">>": self.small,
        }
        if sign in across:
            self.flow()
            self.paper.put(paragraph(rest, across[sign], self.paper.measure))
        elif sign == "##":
            self._waiting += paragraph(rest, self.bold, self.column)
        elif sign == "=":
            self._waiting += paragraph(rest, replace(self.small, size=7.5), self.column)
        else:
            self._waiting += paragraph(line, self.text, self.column)

    def _table(self, lines: _TableLines, note: str) -> None:
        self.flow()
        table = Table(lines.caption, lines.continued, tuple(lines.rows), lines.heads, note)
        self.paper.put_table(table, self.small)


def article_lines(name: str) -> list[str]:
    """The lines of an article."""
    return (ARTICLES / f"{name}.txt").read_text(encoding="utf-8").split("\n")


def furniture(font: str, left: str, right: str, foot: str = "") -> Callable[[Paper, int], None]:
    """What stands at the head and foot of each page; `{page}` is its number."""
    style = Style(face(font), size=8.0)

    def draw(paper: Paper, number: int) -> None:
        page = number + _FIRST_PAGE - 1
        ending = right.format(page=page)
        edge = paper.measure - width_of(letters(ending, style))
        paper.draw(paragraph(left, style, paper.measure), 0, 30)
        paper.draw(paragraph(ending, style, paper.measure), edge, 30)
        paper.draw([hairline(paper.measure)], 0, 43)
        below = paragraph(foot.format(page=page), replace(style, align="centre"), paper.measure)
        paper.draw(below, 0, paper.height - 34)

    return draw


def _add(table: _TableLines, sign: str, rest: str) -> None:
    if sign == "continued:":
        table.continued = rest
    else:
        table.heads += sign == "!"
        table.rows.append(tuple(_cells(rest)))


def _cells(row: str) -> Iterator[str | None]:
    for cell in row.split("|"):
        yield None if cell.strip() == "<" else cell.strip().replace(" // ", "\n")
