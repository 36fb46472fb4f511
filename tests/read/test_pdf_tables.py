"""Tables of pages that are drawn here, and of papers whose tables were read by eye."""

import json
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carextract
from carextract.read.pdf import fonts
from carextract.read.pdf.glyphs import glyphs
from carextract.read.pdf.layout import Block, Box, Grid, Role, Rule, Segment
from carextract.read.pdf.rules import rules
from carextract.read.pdf.segments import segments
from carextract.read.pdf.table_text import table_lines
from carextract.read.pdf.tables import tables
from carextract.read.pdf.tables.captions import captions

pdfium = pytest.importorskip("pypdfium2")
canvases = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab makes the pages")
metrics = pytest.importorskip("reportlab.pdfbase.pdfmetrics")
cid_fonts = pytest.importorskip("reportlab.pdfbase.cidfonts")

HERE = Path(__file__).resolve().parent
PAPERS = HERE.parents[2] / "shared" / "papers"
TRUTH = HERE.parent / "papers" / "tables.jsonl"

WIDTH, HEIGHT = 595.0, 842.0
SIZE = 9.0
LEADING = 12.0
LATIN, CHINESE = "Helvetica", "STSong-Light"
# A hand on a paragraph as it stands beside a table, in lines as wide as a column.
PROSE = (
    "The cells were given once, after three days of",
    "lymphodepletion, and all patients were seen in",
    "the clinic each month until the end of the study",
    "to have their disease activity assessed.",
)

Canvas = Any
Found = tuple[list[Block], list[Segment]]


class Sheet:
    """A page that is drawn from the top down, with the lines of its type and its rules."""

    def __init__(self) -> None:
        metrics.registerFont(cid_fonts.UnicodeCIDFont(CHINESE))
        self.buffer = BytesIO()
        self.canvas: Canvas = canvases.Canvas(self.buffer, pagesize=(WIDTH, HEIGHT))

    def type(self, x: float, y: float, text: str, *, size: float = SIZE) -> None:
        """Write with the baseline at a distance from the top; `10^6` has its power raised."""
        for part in re.split(r"(\^\d+)", text):
            raised = part.startswith("^")
            piece = part.removeprefix("^")
            font = LATIN if piece.isascii() else CHINESE
            own = 0.6 * size if raised else size
            self.canvas.setFont(font, own)
            self.canvas.drawString(x, HEIGHT - y + (0.35 * size if raised else 0), piece)
            x += self.canvas.stringWidth(piece, font, own)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a rule."""
        self.canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def level(self, y: float, x0: float = 60, x1: float = 540) -> None:
        """Draw a level rule."""
        self.line(x0, y, x1, y)

    def rows(self, y: float, rows: Sequence[Sequence[str]], xs: Sequence[float]) -> float:
        """Write rows of cells, an empty one left out; how far down they go."""
        for row in rows:
            y += LEADING
            for x, cell in zip(xs, row, strict=False):
                if cell:
                    self.type(x, y, cell)
        return y

    def three_line(
        self,
        y: float,
        head: Sequence[Sequence[str]],
        body: Sequence[Sequence[str]],
        xs: Sequence[float],
        *,
        x0: float = 60,
        x1: float = 540,
    ) -> float:
        """Draw a table with a rule above, below and under its header; how far down it goes."""
        self.level(y, x0, x1)
        y = self.rows(y, head, xs) + 4
        self.level(y, x0, x1)
        y = self.rows(y, body, xs) + 4
        self.level(y, x0, x1)
        return y

    def page(self) -> Any:
        """The page as pdfium has it."""
        self.canvas.showPage()
        self.canvas.save()
        fonts.install()
        return pdfium.PdfDocument(self.buffer.getvalue())[0]

    def found(self) -> Found:
        """Its tables, and what is in none."""
        page = self.page()
        (characters, *_) = glyphs(page, page.get_textpage())
        return tables(segments(characters), lambda: rules(page), WIDTH, HEIGHT)


def grids(found: Found) -> list[Grid]:
    return [block.grid for block in found[0] if block.grid is not None]


def written(grid: Grid) -> list[str]:
    return [line.text for line in table_lines(grid)]


def left_text(found: Found) -> list[str]:
    return [segment.text for segment in found[1]]


def test_three_lines() -> None:
    sheet = Sheet()
    sheet.type(60, 90, "Table 1. Doses and outcomes of the patients")
    sheet.three_line(
        96,
        [["Patient", "Dose, ×10^6 cells/kg", "SLEDAI-2K", "CRS grade"]],
        [["1", "1.0", "18", "1"], ["2", "", "16", "0"], ["3", "2.0", "9", "2"]],
        [70, 180, 330, 450],
    )
    found = sheet.found()
    (grid,) = grids(found)
    assert (grid.heads, found[1]) == (1, [])
    assert written(grid) == [
        "Patient | Dose, ×10⁶ cells/kg | SLEDAI-2K | CRS grade",
        "1 | 1.0 | 18 | 1",
        "2 | - | 16 | 0",
        "3 | 2.0 | 9 | 2",
    ]
    assert [block.role for block in found[0]] == [Role.CAPTION, Role.TABLE]


def test_chinese() -> None:
    sheet = Sheet()
    sheet.type(200, 90, "表1")
    sheet.type(230, 90, "患者的剂量与疗效")
    sheet.three_line(
        96,
        [["患者", "剂量", "治疗前评分", "不良反应"]],
        [["甲", "1.0", "18", "无"], ["乙", "2.0", "16", "发热"]],
        [70, 180, 330, 450],
    )
    found = sheet.found()
    assert written(grids(found)[0]) == [
        "患者 | 剂量 | 治疗前评分 | 不良反应",
        "甲 | 1.0 | 18 | 无",
        "乙 | 2.0 | 16 | 发热",
    ]
    assert [line.text for line in found[0][0].lines] == ["表1", "患者的剂量与疗效"]


def test_powers_of_ten_in_type_smaller_than_that_of_the_page() -> None:
    sheet = Sheet()
    for number, line in enumerate(PROSE * 5):
        sheet.type(60, 300 + LEADING * number, line, size=10)
    sheet.type(60, 90, "Table 1. Doses", size=8)
    sheet.level(96)
    for y, row in (
        (108, ("Patient", "Dose, cells/kg")),
        (124, ("1", "1.0×10^6")),
        (136, ("2", "2×10^8")),
    ):
        for x, cell in zip((70, 330), row, strict=True):
            sheet.type(x, y, cell, size=8)
    sheet.level(112)
    sheet.level(140)
    found = sheet.found()
    assert written(grids(found)[0]) == ["Patient | Dose, cells/kg", "1 | 1.0×10⁶", "2 | 2×10⁸"]


def test_heads_set_flush_over_one_long_rule() -> None:
    sheet = Sheet()
    xs = [70, 170, 240, 320, 400, 480]
    sheet.type(60, 90, "Table 2 Events in each arm")
    sheet.level(96)
    sheet.type(170, 108, "CRS")
    sheet.type(400, 108, "ICANS")
    sheet.level(112, 165)
    sheet.rows(112, [["Arm", "G1", "G2", "G3", "G1", "G2"]], xs)
    sheet.level(128)
    y = sheet.rows(128, [["A", "4", "2", "1", "0", "3"], ["B", "5", "1", "0", "1", "2"]], xs)
    sheet.level(y + 4)
    assert written(grids(sheet.found())[0])[0] == (
        "Arm | CRS G1 | CRS G2 | CRS G3 | ICANS G1 | ICANS G2"
    )


@pytest.mark.parametrize(
    ("above", "caption", "expected"),
    [
        ("", "Table 1. Doses by cohort", True),
        ("", "Tab1e 2 Doses by cohort", True),
        ("", "TabIe l Doses by cohort", True),
        ("", "表l各组剂量", True),
        ("What each cohort was given, and how it fared, is in", "Table 1. Both scores", False),
        ("What each cohort was given is told by arms below.", "Table 1. Both scores", True),
        ("各组所用的剂量以及治疗前后的评分和不良反应均见", "表1 两组评分", False),
    ],
)
def test_a_caption_is_no_line_of_a_sentence(above: str, caption: str, expected: bool) -> None:
    def line(text: str, y: float) -> Segment:
        width = SIZE * sum(1.0 if char >= "\u2e80" else 0.5 for char in text)
        box = Box(60, y - 0.85 * SIZE, 60 + width, y + 0.2 * SIZE)
        return Segment(text, array("f", [*box] * len(text)), box, y, SIZE)

    lines = [line(above, 100)] if above else []
    assert bool(captions([*lines, line(caption, 100 + LEADING)])) is expected


def test_captions_in_two_languages() -> None:
    sheet = Sheet()
    sheet.type(60, 78, "表1 患者的评分")
    sheet.type(60, 90, "Tab.1 Scores of the patients")
    sheet.three_line(96, [["Patient", "Score"]], [["1", "18"], ["2", "16"]], [70, 330])
    found = sheet.found()
    titles = [line.text for line in found[0][0].lines]
    assert titles == ["表1患者的评分", "Tab.1 Scores of the patients"]
    assert written(grids(found)[0]) == ["Patient | Score", "1 | 18", "2 | 16"]


def test_narrow_columns_are_told_apart_by_their_heads() -> None:
    sheet = Sheet()
    xs = [70, 150, 204, 252]
    sheet.type(60, 90, "Table 1. Events")
    sheet.three_line(
        96,
        [["Event", "Low", "High", "All"]],
        [
            ["CRS", "10 (50.0)", "12 (66.7)", "22 (57.9)"],
            ["ICANS", "11 (55.0)", "10 (55.6)", "21 (55.3)"],
        ],
        xs,
        x1=310,
    )
    assert written(grids(sheet.found())[0])[1:] == [
        "CRS | 10 (50.0) | 12 (66.7) | 22 (57.9)",
        "ICANS | 11 (55.0) | 10 (55.6) | 21 (55.3)",
    ]


def test_heads_over_several_columns() -> None:
    sheet = Sheet()
    sheet.type(60, 90, "Table 2 Scores before and after")
    sheet.level(96)
    sheet.type(230, 108, "SLEDAI-2K")
    sheet.level(112, 170, 320)
    sheet.type(430, 108, "CRS")
    sheet.level(112, 380, 540)
    sheet.rows(
        112, [["Group", "Baseline", "Month 6", "Grade 1", "Grade 2"]], [70, 180, 270, 390, 480]
    )
    sheet.level(128)
    y = sheet.rows(
        128, [["A", "18", "2", "4", "1"], ["B", "16", "3", "5", "0"]], [70, 180, 270, 390, 480]
    )
    sheet.level(y + 4)
    (grid,) = grids(sheet.found())
    assert (grid.heads, grid.spans) == (2, {(0, 1): 2, (0, 3): 2})
    assert written(grid) == [
        "Group | SLEDAI-2K Baseline | SLEDAI-2K Month 6 | CRS Grade 1 | CRS Grade 2",
        "A | 18 | 2 | 4 | 1",
        "B | 16 | 3 | 5 | 0",
    ]


def test_cells_of_several_lines() -> None:
    sheet = Sheet()
    sheet.type(60, 90, "Table 3. Patients")
    sheet.three_line(
        96,
        [["Patient", "History of treatment with drugs", "Score"]],
        [
            ["1", "Mycophenolate, belimumab and", "18"],
            ["", "cyclophosphamide for two years", ""],
            ["2", "Hydroxychloroquine, steroids and", "9"],
            ["", "rituximab", ""],
            ["3", "none", "12"],
        ],
        [70, 180, 450],
    )
    assert written(grids(sheet.found())[0])[1:] == [
        "1 | Mycophenolate, belimumab and cyclophosphamide for two years | 18",
        "2 | Hydroxychloroquine, steroids and rituximab | 9",
        "3 | none | 12",
    ]


def test_cells_in_the_middle_of_their_row() -> None:
    sheet = Sheet()
    sheet.type(60, 90, "Table 3. Patients")
    sheet.level(96)
    sheet.rows(96, [["Patient", "History of treatment", "Score"]], [70, 180, 450])
    sheet.level(112)
    for y, patient, history, score in (
        (124, "1", ("Mycophenolate and some", "cyclophosphamide"), "18"),
        (148, "2", ("Hydroxychloroquine and", "rituximab and steroids", "belimumab"), "9"),
    ):
        middle = y + LEADING * (len(history) - 1) / 2
        sheet.type(70, middle, patient)
        sheet.type(450, middle, score)
        for number, line in enumerate(history):
            sheet.type(180, y + LEADING * number, line)
    sheet.level(178)
    assert written(grids(sheet.found())[0])[1:] == [
        "1 | Mycophenolate and some cyclophosphamide | 18",
        "2 | Hydroxychloroquine and rituximab and steroids belimumab | 9",
    ]


def group_labels(*rows: list[str]) -> list[str]:
    """The first cells of the rows of a table of toxicity."""
    sheet = Sheet()
    sheet.type(60, 90, "Table 4. Toxicity")
    head = ["Event", "Grade", "Low dose", "High dose"]
    sheet.three_line(96, [head], list(rows), [70, 180, 330, 450])
    return [line.split(" | ")[0] for line in written(grids(sheet.found())[0])[1:]]


def test_labels_of_groups_are_said_again() -> None:
    labels = group_labels(
        ["CRS", "one", "3", "4"],
        ["", "two", "1", "2"],
        ["", "three", "0", "1"],
        ["ICANS", "one", "1", "0"],
        ["", "two", "0", "1"],
    )
    assert labels == ["CRS", "CRS", "CRS", "ICANS", "ICANS"]


def test_a_label_that_may_be_of_either_group_stays_where_it_is() -> None:
    labels = group_labels(
        ["CRS", "one", "3", "4"],
        ["", "two", "1", "2"],
        ["ICANS", "one", "1", "0"],
        ["", "two", "0", "1"],
    )
    assert labels == ["CRS", "-", "ICANS", "-"]


def ruled(sheet: Sheet, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Draw a grid."""
    for y in ys:
        sheet.level(y, xs[0], xs[-1])
    for x in xs:
        sheet.line(x, ys[0], x, ys[-1])


def test_ruled_grid_with_narrow_columns() -> None:
    sheet = Sheet()
    sheet.type(60, 90, "Table 5. Counts")
    xs, ys = [60, 160, 185, 210], [100, 116, 132, 148]
    ruled(sheet, xs, ys)
    for y, row in zip(
        ys, (("Event", "G1", "G2"), ("CRS", "1234", "567"), ("ICANS", "8901", "234")), strict=False
    ):
        for x, cell in zip(xs, row, strict=False):
            sheet.type(x + 3, y + 12, cell)
    assert written(grids(sheet.found())[0]) == [
        "Event | G1 | G2",
        "CRS | 1234 | 567",
        "ICANS | 8901 | 234",
    ]


def test_merged_cells_of_a_ruled_grid() -> None:
    sheet = Sheet()
    sheet.type(60, 90, "Table 6. Events")
    for y, x0 in ((100, 60), (116, 60), (132, 160), (148, 60)):
        sheet.level(y, x0, 360)
    for x in (60, 160, 260, 360):
        sheet.line(x, 100, x, 148)
    for y, row in (
        (112, ("Event", "Grade", "Patients")),
        (128, ("", "1", "7")),
        (144, ("", "2", "3")),
    ):
        for x, cell in zip((63, 163, 263), row, strict=True):
            sheet.type(x, y, cell)
    sheet.type(63, 136, "CRS")
    assert written(grids(sheet.found())[0]) == [
        "Event | Grade | Patients",
        "CRS | 1 | 7",
        "CRS | 2 | 3",
    ]


def test_two_tables_on_a_page_with_text_between() -> None:
    sheet = Sheet()
    sheet.type(60, 90, "Table 1. Scores")
    y = sheet.three_line(96, [["Patient", "Score"]], [["1", "18"], ["2", "16"]], [70, 330])
    for number, line in enumerate(PROSE):
        sheet.type(60, y + 30 + LEADING * number, line)
    sheet.type(60, 300, "Table 2. Doses")
    sheet.three_line(306, [["Patient", "Dose"]], [["1", "1.0"], ["2", "2.0"]], [70, 330])
    found = sheet.found()
    assert [written(grid)[0] for grid in grids(found)] == ["Patient | Score", "Patient | Dose"]
    assert left_text(found) == list(PROSE)


def test_a_table_in_one_column_of_the_page() -> None:
    sheet = Sheet()
    sheet.type(60, 90, "Table 1. Scores")
    sheet.three_line(
        96, [["Patient", "Score"]], [["1", "18"], ["2", "16"]], [70, 200], x0=60, x1=270
    )
    for number, line in enumerate(PROSE * 3):
        sheet.type(310, 90 + LEADING * number, line)
    found = sheet.found()
    assert written(grids(found)[0]) == ["Patient | Score", "1 | 18", "2 | 16"]
    assert left_text(found) == list(PROSE * 3)


def test_a_table_that_goes_on_without_caption_or_header() -> None:
    sheet = Sheet()
    sheet.type(60, 40, "Journal of Cells")
    sheet.level(60)
    sheet.rows(60, [["4", "1.5", "18"], ["5", "2.0", "16"], ["6", "2.5", "11"]], [70, 180, 330])
    sheet.level(102)
    sheet.type(60, 130, PROSE[0])
    found = sheet.found()
    (grid,) = grids(found)
    assert (grid.heads, written(grid)[0]) == (0, "4 | 1.5 | 18")
    assert left_text(found) == ["Journal of Cells", PROSE[0]]


@pytest.mark.parametrize(("caption", "heads"), [("Table 2. Scores", 1), ("Table 2. Continued", 0)])
def test_only_a_table_that_goes_on_may_have_no_header(caption: str, heads: int) -> None:
    sheet = Sheet()
    sheet.type(60, 90, caption)
    sheet.level(96)
    y = sheet.rows(96, [["4", "1.5", "18"], ["5", "2.0", "16"]], [70, 180, 330])
    sheet.level(y + 4)
    assert grids(sheet.found())[0].heads == heads


def test_a_caption_under_its_table() -> None:
    sheet = Sheet()
    y = sheet.three_line(96, [["Patient", "Score"]], [["1", "18"], ["2", "16"]], [70, 330])
    sheet.type(200, y + 14, "Table 1. Scores of the patients")
    found = sheet.found()
    assert written(grids(found)[0]) == ["Patient | Score", "1 | 18", "2 | 16"]
    assert found[0][0].lines[0].text == "Table 1. Scores of the patients"


def test_notes_are_not_rows() -> None:
    sheet = Sheet()
    sheet.type(60, 90, "Table 1. Scores")
    y = sheet.three_line(96, [["Patient", "Score"]], [["1", "18"], ["2", "16*"]], [70, 330])
    sheet.type(60, y + 12, "* Measured after six weeks.")
    sheet.level(y + 20)
    assert left_text(sheet.found()) == ["* Measured after six weeks."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Table 1 shows the scores of the patients",
        "Tables 1 and 2 list them",
        "表1所示为患者的评分",
        "表达水平 CD19",
    ],
)
def test_a_sentence_about_a_table_is_no_caption(sentence: str) -> None:
    def never() -> Sequence[Rule]:
        raise AssertionError("rules are asked for only where a table may be")

    sheet = Sheet()
    sheet.type(60, 90, sentence)
    page = sheet.page()
    pieces = segments(glyphs(page, page.get_textpage())[0])
    assert tables(pieces, never, WIDTH, HEIGHT) == ([], pieces)


def test_prose_between_rules_is_no_table() -> None:
    sheet = Sheet()
    sheet.type(60, 90, "Table 1. Scores, in the supplement")
    sheet.level(100, 60, 520)
    for number, line in enumerate(PROSE * 4):
        sheet.type(60, 120 + LEADING * number, line)
        sheet.type(310, 120 + LEADING * number, line)
    sheet.level(400, 60, 520)
    found = sheet.found()
    assert (found[0], len(found[1])) == ([], 1 + 8 * len(PROSE))


def test_rules_of_every_kind() -> None:
    sheet = Sheet()
    sheet.level(100, 60, 160)
    sheet.level(100, 160, 260)  # goes on where the one before ends
    sheet.canvas.rect(60, HEIGHT - 200.5, 200, 0.5, stroke=0, fill=1)
    sheet.canvas.rect(60, HEIGHT - 400, 200, 100, stroke=1, fill=0)
    sheet.canvas.rect(300, HEIGHT - 400, 200, 100, stroke=0, fill=1)  # a shade
    for number in range(40):
        sheet.level(500, 60 + 5 * number, 63 + 5 * number)
    sheet.canvas.beginForm("form")
    sheet.canvas.line(60, 100, 260, 100)
    sheet.canvas.endForm()
    sheet.canvas.doForm("form")
    found = rules(sheet.page())
    level = [rule.box for rule in found if rule.is_horizontal]
    assert [round(box.top) for box in level] == [100, 200, 300, 400, 500, 742]
    assert {(round(box.x0), round(box.x1)) for box in level} == {(60, 260), (60, 258)}
    upright = [rule.box for rule in found if not rule.is_horizontal]
    assert [(round(box.x0), round(box.top), round(box.bottom)) for box in upright] == [
        (60, 300, 400),
        (260, 300, 400),
    ]


@pytest.mark.parametrize(
    ("angle", "box"),
    [(90, (742, 60, 742, 260)), (180, (335, 742, 535, 742)), (270, (100, 335, 100, 535))],
)
def test_rules_of_a_turned_page(angle: int, box: tuple[int, ...]) -> None:
    sheet = Sheet()
    sheet.level(100, 60, 260)
    page = sheet.page()
    page.set_rotation(angle)
    (rule,) = rules(page)
    assert tuple(map(round, rule.box)) == box


def test_a_drawing_is_no_table_and_costs_little() -> None:
    sheet = Sheet()
    for number in range(300):
        sheet.type(60 + number % 6 * 80, 90 + number // 6 * 14, f"Table {number} Drawn", size=6)
    for number in range(3000):
        sheet.level(95 + number % 100 * 7, 60 + number // 100 * 16, 70 + number // 100 * 16)
    assert sheet.found()[0] == []


def places(pieces: Sequence[Segment]) -> Counter[tuple[str, float, float]]:
    """The characters of segments, with where they stand."""
    found: Counter[tuple[str, float, float]] = Counter()
    for piece in pieces:
        for number, char in enumerate(piece.text):
            box = piece.boxes[4 * number : 4 * number + 4]
            if box[3]:
                found[char, round(box[0], 2), round(box[1], 2)] += 1
    return found


def of_grid(grid: Grid) -> Iterator[Segment]:
    for row in grid.rows:
        yield from (cell.content for cell in row if cell is not None)


words = st.text("abcdefgh", min_size=1, max_size=8)
figures = st.from_regex(r"[1-9]\d?(\.\d)?", fullmatch=True, alphabet="0123456789.")
tabulars = st.integers(2, 5).flatmap(
    lambda width: st.tuples(
        st.lists(words.map(str.title), min_size=width, max_size=width),
        st.lists(
            st.tuples(
                words.map(str.title), st.lists(figures, min_size=width - 1, max_size=width - 1)
            ),
            min_size=1,
            max_size=8,
        ),
    )
)


@settings(max_examples=40, deadline=None)
@given(tabulars)
def test_any_table_of_words_and_figures(
    tabular: tuple[list[str], list[tuple[str, list[str]]]],
) -> None:
    head, body = tabular
    rows = [[label, *values] for label, values in body]
    sheet = Sheet()
    sheet.type(60, 90, "Table 1. Anything")
    sheet.three_line(96, [head], rows, [70 + 95 * number for number in range(len(head))])
    found = sheet.found()
    assert written(grids(found)[0]) == [" | ".join(row) for row in [head, *rows]]
    assert found[1] == []


lines = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 60), words, st.sampled_from((6.0, 9.0))),
    max_size=40,
)
drawings = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 60), st.integers(2, 60), st.booleans()),
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(lines, drawings)
def test_nothing_is_lost_or_doubled(
    lines: list[tuple[int, int, str, float]], drawings: list[tuple[int, int, int, bool]]
) -> None:
    sheet = Sheet()
    sheet.type(60, 100, "Table 1. Anything at all")
    sheet.level(106)
    for x, y, text, size in lines:
        sheet.canvas.setFont(LATIN, size)
        sheet.canvas.drawString(60 + 9 * x, HEIGHT - 115 - 9 * y, text)
    for x, y, length, level in drawings:
        x0, y0 = 60 + 9 * x, 115 + 9 * y
        sheet.line(x0, y0, x0 + 9 * length * level, y0 + 9 * length * (not level))
    sheet.level(700)
    page = sheet.page()
    pieces = segments(glyphs(page, page.get_textpage())[0])
    blocks, left = tables(pieces, lambda: rules(page), WIDTH, HEIGHT)
    assert places([*left, *(line for block in blocks for line in block.lines)]) == places(pieces)
    for block in blocks:
        if block.grid is not None:
            assert places(list(of_grid(block.grid))).keys() == places(block.lines).keys()
            assert len({len(row) for row in block.grid.rows}) == 1
            assert len(written(block.grid)) <= len(block.grid.rows)


def test_boxes_of_the_text_of_a_table() -> None:
    sheet = Sheet()
    sheet.type(60, 90, "Table 1. Scores")
    sheet.three_line(96, [["Patient", "Score"]], [["1", "18"], ["2", ""], ["3", "4"]], [70, 330])
    for line in table_lines(grids(sheet.found())[0]):
        assert len(line.boxes) == 4 * len(line.text)
        for number, char in enumerate(line.text):
            printed = any(line.boxes[4 * number : 4 * number + 4])
            assert printed == (char not in " |-")


DOSES = [
    ["Patient", "Dose, ×10^6 cells/kg", "Baseline", "Month 6", "CRS grade"],
    ["1", "1.0", "18", "2", "1"],
    ["2", "1.5", "16", "0", "0"],
]


def test_the_rules_read_the_text_of_a_table() -> None:
    sheet = Sheet()
    sheet.type(60, 90, "Table 1. Patients treated with CAR-T cells")
    sheet.level(96)
    sheet.type(320, 108, "SLEDAI-2K")
    sheet.level(112, 290, 440)
    sheet.rows(112, DOSES[:1], [70, 150, 300, 380, 470])
    sheet.level(128)
    y = sheet.rows(128, DOSES[1:], [70, 150, 300, 380, 470])
    sheet.level(y + 4)
    found = sheet.found()
    text = "\n".join(["Table 1. Patients", "", *written(grids(found)[0]), ""])
    document = carextract.parse_text(text)
    assert [(dose.low, dose.unit) for dose in document.doses] == [
        (1_000_000, "cells/kg"),
        (1_500_000, "cells/kg"),
    ]
    scores = [(s.baseline, s.followup) for s in document.sledai]
    assert [(b.value, f.value) for b, f in scores if b and f] == [(18, 2), (16, 0)]
    grades = [(t.grade.low if t.grade else None, t.absent) for t in document.toxicities]
    assert grades == [(1, False), (None, True)]


def test_trials_in_a_chinese_table() -> None:
    sheet = Sheet()
    sheet.type(200, 90, "表2")
    sheet.type(230, 90, "注册的临床试验")
    sheet.three_line(
        96,
        [["注册号", "分期", "疾病", "国家"]],
        [
            ["NCT06106906", "I期", "系统性红斑狼疮", "中国"],
            ["NCT05798117", "I/II期", "狼疮肾炎", "德国"],
        ],
        [70, 180, 260, 450],
    )
    document = carextract.parse_text("\n".join(written(grids(sheet.found())[0])))
    assert [(t.id, t.phase, t.country) for t in document.trials] == [
        ("NCT06106906", "1", "China"),
        ("NCT05798117", "1/2", "Germany"),
    ]


def plain(text: str) -> str:
    """A cell without what pdfium and an eye may see differently: widths, spaces and dashes."""
    text = unicodedata.normalize("NFKC", text).replace("\U001001b0", ".").replace("ꎬ", ",")
    return re.sub(r"[\s–—−-]", "", text)


def share(box: Box, other: Sequence[float]) -> float:
    """How much of two boxes together is in both."""
    width = min(box.x1, other[2]) - max(box.x0, other[0])
    height = min(box.bottom, other[3]) - max(box.top, other[1])
    both = max(width, 0) * max(height, 0)
    return both / (box.width * box.height + (other[2] - other[0]) * (other[3] - other[1]) - both)


@cache
def on_page(path: Path, number: int) -> list[tuple[Box, Grid]]:
    fonts.install()
    page = pdfium.PdfDocument(path)[number - 1]
    found = []
    for characters in glyphs(page, page.get_textpage()):
        turn = characters.turn

        def drawn(turn: Any = turn) -> list[Rule]:
            return [Rule(turn.upright(rule.box)) for rule in rules(page)]

        blocks, _ = tables(segments(characters), drawn, turn.width, turn.height)
        found += [(turn.shown(b.box), b.grid) for b in blocks if b.grid is not None]
    return found


@pytest.mark.skipif(not (PAPERS.is_dir() and TRUTH.exists()), reason="the papers are not here")
def test_tables_of_papers() -> None:
    asked = [json.loads(line) for line in TRUTH.read_text(encoding="utf-8").splitlines()]
    asked = [truth for truth in asked if not truth.get("garbled")]
    found = right = rows = 0
    for truth in asked:
        on = on_page(PAPERS / truth["file"], truth["page"])
        grid = next((grid for box, grid in on if share(box, truth["box"]) >= 0.5), None)
        if grid is None:
            continue
        found += 1
        read = [[plain(cell.text) if cell else "" for cell in row] for row in grid.rows]
        for row in truth.get("cells", ()):
            rows += 1
            right += any(
                all(
                    cell in ("*", "?") or plain(cell) == own
                    for cell, own in zip(row, have, strict=False)
                )
                for have in read
            )
    assert found >= 0.95 * len(asked)
    assert right >= 0.9 * rows
