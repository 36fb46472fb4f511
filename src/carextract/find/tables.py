"""Tables in plain text: rows and cells under the header that says what they mean.

Three ways of printing one are read: cells between bars, cells set apart by two spaces or a tab, and
cells set apart by a single space, as OCR and copying leave them. In the last, what stands together
is told from what stands apart by the form of each piece: ``9 (75)``, ``1 × 10^6``, ``22 → 4`` and
``grade 1 in both`` are one cell each. A line that does not fit its header is left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from carextract.find.paragraphs import Paragraph

_BAR = re.compile(r"\|")
_WIDE = re.compile(r"\s{2,}|\t")
_RULE_LINE = re.compile(r"[\s|:+\-=—]+$")
_SENTENCE = re.compile(r"[。！？；]|(?<!\b[Nn]o)[.!?]\s+[A-Z]|[a-z]{3,}\.$")
# In cells set apart by wide spaces a semicolon stands between entries.
_PROSE = re.compile(r"[。！？]|(?<!\b[Nn]o)[.!?]\s+[A-Z]|[a-z]{3,}\.$")
_PIECE = re.compile(r"\S+")
_CAPTION = re.compile(
    r"\s*(?:[*#>]*\s*)?(?:续?附?表\s?[一二三四五六七八九十]|(?:续?附?表|Box\b"
    r"|(?:Suppl(?:ementary|\.)? |Extended Data )?Tab(?:le|\.))\s*[SA-Z]?\d)",
    re.I,
)
_CJK = re.compile(r"[\u3400-\u9fff]")

# A piece that begins like this belongs to the cell before it, one after these words or signs too.
_JOINS_BEFORE = re.compile(
    r"(?:[(（](?![^)）]+[)）][×xX*])|[±→×~～/%,;:)）⟶]|->|[-–—]\d|(?:mg|g|kg|ml|μg|µg|ug|iu|cells?|"
    r"days?|weeks?|months?|years?|patients?|例|分|名|d|wk|mo)\b|[或和及与至]$|[a-z])",
)
_JOINS_AFTER = re.compile(
    r"(?:[,;:/(（×±→~～≥≤<>=+⟶或和及与至]|->|"
    r"\b(?:then|for|of|to|and|or|in|at|by|with|per|from|vs))$"
)
_NUMBERED = re.compile(r"\b(?:grades?|week|month|day|phase|stage|class)$", re.I)
_LIST_ITEM = re.compile(r"\s*(?:[-*•#>]|\d{1,2}[.)、]|\([ivx\d]{1,4}\))\s")
_DATUM = re.compile(
    r"[(（]?\d|[≥≤<>~～+±–—-]|grade|none|n/?[adr]\b|not |yes|no\b|无|有|未|G\d", re.I
)
_FIGURE = re.compile(r"(?![(（]?(?:19|20)\d\d[)）]?$)[(（]?\d[\d.,%％/()（）±\s]*$")
# Behind the number of a row stands a name of its own, which may begin small: 4 teclistamab.
_NAME = re.compile(r"[a-z]{5,}")
# A figure of which a part could not be read tells nothing.
_ILLEGIBLE = re.compile(r"[■□█\ufffd]\s?[\d.]|[\d.]\s?[■□█\ufffd]")
_LONGEST_CELL = 60
_LONGEST_JOINED_HEAD = 150
_SAID_AGAIN = 16  # characters that two heads begin with, if one over both is said again
# Figures behind such a head are heads of columns.
_NAMES_NUMBERS = re.compile(
    r"(?:(?:CTCAE|ASTCT) )?grades?|(?:严重程度)?(?:分级|级别)"
    r"|(?:patient|pt|case|subject)\b(?: (?:no\.?|id|number|#))?\W*"
    r"|(?:患者|病例|病人|个案)(?:编号|序号)?\W*",
    re.I,
)
_COLUMN_WORD = re.compile(r"[A-Za-z]{4,}|\d\s?(?:mos?|wks?|days?|yrs?|[dwmy])\b|/kg\b")
_ROW_OF_FIGURES = re.compile(
    r"(?:\|\s*\d{1,3}(?:\.\d+)?\s?%?(?:\s?±\s?[\d.]+)?(?:\s?[(（\[][\d.,;%～~\s–—-]+[)）\]])?"
    r"\s*(?=\||$)){2}"
)
# A header that begins this far in has nothing above the labels.
_INDENT = 4
_STARTS_ROW_CELL = re.compile(
    r"(?:grades?|none|not|no|nr|nd|na|n/a|yes|all)\b|g\d|(?:i{1,3}|iv|m|i/[ni]{1,3})$", re.I
)
# A measure and its visit or unit are one column: "SLEDAI 治疗前", "CRS 级别（例）".
_MEASURE = re.compile(r"(?:SLEDAI(?:-2K)?|CRS|ICANS|PGA|评分)$")
_QUALIFIES = re.compile(
    r"(?:治疗|输注|回输|给药|用药)[前后]|基[线期]|末次|最[终后高]|级别|分级|评分|中位|均[值数]|变化"
    r"|第?\d+\s?(?:个?月|周|天|日|年|d|w)"
)
_GROUP_SIZE = re.compile(r"[(（]\s?n\s?[=＝]\s?\d", re.I)
# Two heads that each begin with a visit are two columns: "治疗前SLEDAI 治疗后SLEDAI".
_DATED = re.compile(r"(?:治疗|输注|回输|给药|用药)[前后]|基[线期]|末次")
_OPENS = re.compile(r"[(（/]")
_MARKDOWN = re.compile(r"^[\s*_`]+|[\s*_`]+$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as printed; ``start`` counts in the cleaned text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the cell ends in the cleaned text."""
        return self.start + len(self.text)


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it; each row has a cell for each column, empty where none is.

    ``lines`` are the indices of the paragraphs that the header and the rows were read from.
    """

    caption: str
    header: Row
    rows: tuple[Row, ...]
    lines: tuple[int, ...]


def read_tables(blocks: Sequence[Paragraph], *, layout_known: bool) -> tuple[Table, ...]:
    """The tables among the paragraphs of a text.

    Where the layout is known the cells of a table are set apart by bars or wide spaces, and words
    apart by a single space are words.
    """
    tables = []
    index = 0
    while index < len(blocks):
        table = _table_at(blocks, index, layout_known=layout_known)
        if table is None:
            index += 1
        else:
            tables.append(table)
            index = table.lines[-1] + 1
    return tuple(tables)


def is_row_of_figures(text: str) -> bool:
    """Whether a line has figures between bars: below no heads, nothing tells what each counts, or
    when it was taken."""
    return "|" in text and _ROW_OF_FIGURES.search(text) is not None


def _table_at(blocks: Sequence[Paragraph], index: int, *, layout_known: bool) -> Table | None:
    """The table whose header is the paragraph at ``index``."""
    split = _splitter(blocks[index].text)
    if split is None or (layout_known and split is _single):
        return None
    if _CAPTION.match(blocks[index].text):
        return None
    header = split(blocks[index], True)
    if len(header) < 2 or not _names_columns(header, barred=split is _bars):
        return None
    if split is _bars:
        return _barred(blocks, index, header)
    if split is _wide and not layout_known:
        header = _headed_closely(blocks, index, header)
    rows: list[Row] = []
    lines = [index]
    for at in range(index + 1, len(blocks)):
        text = blocks[at].text
        if _RULE_LINE.match(text):
            continue
        prose = _PROSE if split is _wide else _SENTENCE
        if _CAPTION.match(text) or prose.search(text):
            break
        cells = split(blocks[at], False)
        if len(cells) == 1 and split is _wide and not layout_known:
            cells = _closely_set(blocks[at], len(header))
        row = _fitted(blocks[at], cells, len(header))
        if row is None or (split is _single and not _holds_data(row)):
            break
        rows.append(row)
        lines.append(at)
    if not rows or (split is _single and len(header) < 3):
        return None
    return _table(blocks, header, rows, lines)


def _headed_closely(blocks: Sequence[Paragraph], index: int, header: Row) -> Row:
    """The header of a table with wide gaps, which may have none itself, or not between all heads:
    it has as many cells as the row below it, if so it can."""
    if index + 1 == len(blocks):
        return header
    below = _wide(blocks[index + 1], False)
    close = _single(blocks[index], True)
    return close if len(below) > len(header) and len(below) == len(close) else header


def _closely_set(line: Paragraph, width: int) -> Row:
    """The cells of a row without wide gaps, under a header with some, if they are as many."""
    cells = _single(line, False)
    return cells if len(cells) == width and _holds_data(cells) else ()


def _barred(blocks: Sequence[Paragraph], index: int, header: Row) -> Table | None:
    """The table whose cells stand between bars, below a header."""
    lines = []
    for at in range(index + 1, len(blocks)):
        if _RULE_LINE.match(blocks[at].text):
            continue
        if len(_bars(blocks[at], False)) < 2:
            break
        lines.append(at)
    if not lines:
        return None
    framed = _is_framed(blocks[index].text) or all(_is_framed(blocks[at].text) for at in lines)
    rows = [_between_bars(blocks[at], framed=framed) for at in lines]
    return _table(blocks, header, [*_filled_up(rows, header)], [index, *lines])


def _table(
    blocks: Sequence[Paragraph], header: Row, rows: Sequence[Row], lines: Sequence[int]
) -> Table:
    """A table with its caption, if the line above it is one."""
    above = blocks[lines[0] - 1].text if lines[0] else ""
    legible = (
        tuple(Cell("", c.start) if _ILLEGIBLE.search(c.text) else c for c in r) for r in rows
    )
    return Table(above if _CAPTION.match(above) else "", header, tuple(legible), tuple(lines))


def _filled_up(rows: Sequence[Row], header: Row) -> Iterator[Row]:
    """Rows with as many cells as the header; what does not tell its column is left blank.

    A cell may be left out at the end of a row. But where rows one below the other lack cells, at
    their ends or altogether, they are pieces of broken ones. In a row with cells too many, below a
    head over several columns that is printed once, words tell what they are, and figures do not.
    """
    width, heads = len(header), _filled(header)
    sizes = [_filled(row) for row in rows]
    short = [size > 1 and len(row) < heads for size, row in zip(sizes, rows, strict=True)]
    lacking = [
        lacks or (len(row) <= width and not (row[0].text and row[-1].text))
        for lacks, row in zip(short, rows, strict=True)
    ]
    for number, row in enumerate(rows):
        beside = [at for at in (number - 1, number + 1) if 0 <= at < len(rows) and lacking[at]]
        if lacking[number] and beside and (short[number] or any(short[at] for at in beside)):
            row = (Cell("", row[0].start),)
        elif sizes[number] > width:
            row = tuple(Cell("", c.start) if _DATUM.match(c.text) else c for c in row)
        yield (*row[:width], *(Cell("", row[-1].end) for _ in range(width - len(row))))


def _filled(row: Row) -> int:
    """How many cells a row has up to the last with something in it."""
    return max((number for number, cell in enumerate(row, 1) if cell.text), default=0)


def _splitter(text: str) -> Callable[[Paragraph, bool], Row] | None:
    """How the cells of a line are set apart, or None where it is no line of a table."""
    if text.count("|") >= 2 or " | " in text:
        return _bars
    if len(text) > 300:
        return None
    pieces = len(text.split())
    blank_corner = text[:1].isspace() and len(text) - len(text.lstrip()) >= _INDENT
    if pieces + blank_corner < 3 or _SENTENCE.search(text) or _LIST_ITEM.match(text):
        return None
    if len(_WIDE.split(text.strip())) + blank_corner >= 3:
        return _wide
    return _single if pieces >= 3 else None


def _names_columns(header: Row, *, barred: bool) -> bool:
    """A header names things: most of its cells begin with a letter or a bound, not a number, and
    none is long. Between bars a head may begin with a dose or a month, and be long where it says
    again what stands over several columns; grades and patients may be figures (Grade | 1 | 2)."""
    filled = [cell.text for cell in header if cell.text]
    named = [
        text
        for text in filled
        if not text[0].isdigit()
        or _CJK.search(text)
        or _GROUP_SIZE.search(text)
        or (barred and _COLUMN_WORD.search(text))
    ]
    shared = Counter(text[:_SAID_AGAIN] for text in filled) if barred else Counter()
    short = all(
        len(text) <= _LONGEST_CELL
        or (shared[text[:_SAID_AGAIN]] > 1 and len(text) <= _LONGEST_JOINED_HEAD)
        for text in filled
    )
    numbered = barred and _NAMES_NUMBERS.fullmatch(header[0].text) is not None
    return short and len(filled) >= 2 and (len(named) * 2 > len(filled) or numbered)


def _holds_data(row: Row) -> bool:
    """Beside its label a row holds mostly figures, grades and the like, none of them long."""
    cells = [cell.text for cell in row[1:]]
    figures = [text for text in cells if _DATUM.match(text)]
    return len(figures) * 2 >= len(cells) and all(len(text) <= _LONGEST_CELL for text in cells)


def _fitted(line: Paragraph, row: Row, width: int) -> Row | None:
    """A row with as many cells as the header: pieces too many belong to its label, unless they are
    figures, which may be those of a cell that was cut."""
    if len(row) < width:
        return None
    surplus = len(row) - width
    if surplus > 4 or any(map(_is_figure, row[1 : surplus + 1])):
        return None
    label = _slice(line, row[0].start, row[surplus].end)
    return (label, *row[surplus + 1 :])


def _is_figure(cell: Cell) -> bool:
    """Whether a piece is a figure and no year of publication."""
    return _FIGURE.match(cell.text) is not None


def _slice(line: Paragraph, start: int, end: int) -> Cell:
    return Cell(line.text[start - line.start : end - line.start], start)


def _bars(line: Paragraph, heads: bool) -> Row:
    return _between_bars(line, framed=_is_framed(line.text))


def _is_framed(text: str) -> bool:
    """Whether a line has a bar before its first cell and one behind its last."""
    bare = text.strip()
    return len(bare) > 1 and bare.startswith("|") and bare.endswith("|")


def _between_bars(line: Paragraph, *, framed: bool) -> Row:
    """The cells of a line; where the header has no bars at its ends, those of a row are empty
    cells."""
    text = line.text
    first, last = 0, len(text)
    if framed and _is_framed(text):
        first, last = text.index("|") + 1, text.rindex("|")
    bounds = [first, *(m.start() for m in _BAR.finditer(text, first, last)), last]
    cells = []
    for number, (left, right) in enumerate(pairwise(bounds)):
        cells.append(_cell(line, left + (number > 0), right))
    return tuple(cells)


def _cell(line: Paragraph, left: int, right: int) -> Cell:
    """A cell without the white space and markdown emphasis around it."""
    piece = line.text[left:right]
    head = _MARKDOWN.match(piece)
    left += head.end() if head else 0
    return Cell(_MARKDOWN.sub("", line.text[left:right]), line.start + left)


def _wide(line: Paragraph, heads: bool) -> Row:
    text = line.text
    cells, left = [], len(text) - len(text.lstrip())
    if heads and left >= _INDENT:
        cells.append(Cell("", line.start))  # the corner above the labels is left blank
    for gap in _WIDE.finditer(text, left):
        cells.append(_cell(line, left, gap.start()))
        left = gap.end()
    if text[left:].strip():
        cells.append(_cell(line, left, len(text)))
    return tuple(cells)


def _single(line: Paragraph, heads: bool) -> Row:
    joins = _joins_header if heads else _joins_row
    cells: list[Cell] = []
    for piece in _PIECE.finditer(line.text):
        start, end = line.start + piece.start(), line.start + piece.end()
        numbered = len(cells) == 1 and cells[0].text.isdigit() and _NAME.match(piece[0])
        if cells and not numbered and joins(cells[-1].text, piece[0]):
            cells[-1] = _slice(line, cells[-1].start, end)
        else:
            cells.append(Cell(piece[0], start))
    return tuple(cells)


def _open(text: str) -> bool:
    """Whether a bracket is still open."""
    return sum(map(text.count, "(（[")) > sum(map(text.count, ")）]"))


def _joins_header(before: str, piece: str) -> bool:
    """Whether a piece of a header goes on with the column before it."""
    if _open(before) or _JOINS_AFTER.search(before):
        return True
    if _DATED.match(before) and _DATED.match(piece):
        return False
    if _CJK.search(piece):
        return bool(_OPENS.match(piece) or (_MEASURE.search(before) and _QUALIFIES.match(piece)))
    return bool(_JOINS_BEFORE.match(piece)) or piece[0].isdigit() or piece[0] in "≥≤<>"


def _joins_row(before: str, piece: str) -> bool:
    """Whether a piece of a row goes on with the cell before it."""
    if _open(before) or _JOINS_AFTER.search(before):
        return True
    if _NUMBERED.search(before) and not piece[0].isalpha():
        return True
    return bool(_JOINS_BEFORE.match(piece)) and not _STARTS_ROW_CELL.match(piece)
