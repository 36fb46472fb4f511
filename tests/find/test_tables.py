"""Tables in plain text: which lines are rows, and where their cells end."""

from __future__ import annotations

import pytest

from carextract.find.article import read_article
from carextract.rules import load_rules

TABLES = {
    "bars": (
        "| Event | Grade 1 | Grade 2 |\n|---|---|---|\n"
        "| **CRS** | 4 (50) | 1 (12) |\n| ICANS | | 0 |",
        [["Event", "Grade 1", "Grade 2"], ["CRS", "4 (50)", "1 (12)"], ["ICANS", "", "0"]],
    ),
    "empty cells at both ends of a row": (
        "Case | SLEDAI | |\n | before | after |\n1 | 17 | 3 |",
        [["Case", "SLEDAI", "", ""], ["", "before", "after", ""], ["1", "17", "3", ""]],
    ),
    "bars at both ends of the rows alone": (
        "Event | Grade 1\n| CRS | 3 |\n| ICANS | 1 |",
        [["Event", "Grade 1"], ["CRS", "3"], ["ICANS", "1"]],
    ),
    "patients side by side": (
        "Patient: | 1 | 2\nCRS grade | 1 | 0",
        [["Patient:", "1", "2"], ["CRS grade", "1", "0"]],
    ),
    "two spaces": (
        "Author      Dose              SLEDAI-2K\nLi, 2025    1 × 10^6 /kg      20 → 2",
        [["Author", "Dose", "SLEDAI-2K"], ["Li, 2025", "1 × 10^6 /kg", "20 → 2"]],
    ),
    "single spaces": (
        "Patient Age/sex SLEDAI-2K baseline SLEDAI-2K month 6 CRS\n"
        "1 30/F 16 2 grade 1\n2 22/M 9 0 none",
        [
            ["Patient", "Age/sex", "SLEDAI-2K baseline", "SLEDAI-2K month 6", "CRS"],
            ["1", "30/F", "16", "2", "grade 1"],
            ["2", "22/M", "9", "0", "none"],
        ],
    ),
    "a label of several words": (
        "Event Any grade Grade 1\nCytokine release syndrome 5 (50) 5 (50)",
        [["Event", "Any grade", "Grade 1"], ["Cytokine release syndrome", "5 (50)", "5 (50)"]],
    ),
    "a corner left blank above groups of some size": (
        "          2 × 10^6 (n = 3)  4 × 10^6 (n = 5)\nCRS       2 (67)            1 (20)",
        [["", "2 × 10^6 (n = 3)", "4 × 10^6 (n = 5)"], ["CRS", "2 (67)", "1 (20)"]],
    ),
    "an abbreviation in the header": (
        "Registry no.     Product    n\nNCT05930314      A-1        12",
        [["Registry no.", "Product", "n"], ["NCT05930314", "A-1", "12"]],
    ),
    "a range times a power": (
        "Author Target Dose CRS\nLin CD19 (0.5～1)×10^6 none\nWu BCMA 3×10^6 grade 1",
        [
            ["Author", "Target", "Dose", "CRS"],
            ["Lin", "CD19", "(0.5～1)×10^6", "none"],
            ["Wu", "BCMA", "3×10^6", "grade 1"],
        ],
    ),
    "a header set closer than its rows": (
        "病例 性别 SLEDAI(前) SLEDAI(后) CRS  剂量(×10^6/kg)\n 1    女   17   3   无   1.0",
        [
            ["病例", "性别", "SLEDAI(前)", "SLEDAI(后)", "CRS", "剂量(×10^6/kg)"],
            ["1", "女", "17", "3", "无", "1.0"],
        ],
    ),
    "rows set closer than their header": (
        "Patient   CRS grade   SLEDAI before   SLEDAI after\n1 2 17 3\n2 0 14 0",
        [
            ["Patient", "CRS grade", "SLEDAI before", "SLEDAI after"],
            ["1", "2", "17", "3"],
            ["2", "0", "14", "0"],
        ],
    ),
    "Chinese": (
        "项目 对照组(n=8) 治疗组(n=9)\n24 h尿蛋白/g 2.0(1.1,3.0) 0.6(0.2,1.0)",
        [
            ["项目", "对照组(n=8)", "治疗组(n=9)"],
            ["24 h尿蛋白/g", "2.0(1.1,3.0)", "0.6(0.2,1.0)"],
        ],
    ),
}

LEFT_BLANK = {
    "pieces of broken rows": (
        "Case | CRS | SLEDAI before | SLEDAI after\n1 | 2 | 16\n4 | 0\n2 | 0 | 12 | 8",
        [["", "", "", ""], ["", "", "", ""], ["2", "0", "12", "8"]],
    ),
    "a piece that begins with a bar": (
        "Case | CRS | ICANS | Score\nB-01 | 2\n| 0 | 17 | 6\nB-02 | 1 | 0 | 9",
        [["", "", "", ""], ["", "", "", ""], ["B-02", "1", "0", "9"]],
    ),
    "figures below a head that is printed once for two columns": (
        "Event | Arm A | Arm B\nCRS | 3 | 25 | 4 | 33",
        [["CRS", "", ""]],
    ),
    "a cell left out at the end of one row": (
        "Event | Grade 1 | Grade 2\nCRS | 3\nICANS | 1 | 0",
        [["CRS", "3", ""], ["ICANS", "1", "0"]],
    ),
}

HEADERS = [
    "Event | 1 × 10^6 cells/kg grade 1 | 1 × 10^6 cells/kg grade 2",
    "Patient | SLEDAI-2K | 3 months | 6 months | 12 months",
    "Event | Anti-CD19 CAR T cells, 1 × 10^6 per kg, after lymphodepletion (n = 20) grade 1"
    " | Anti-CD19 CAR T cells, 1 × 10^6 per kg, after lymphodepletion (n = 20) grade 2",
]

NO_HEADERS = [
    "NCT05930314 | 12 | 3",
    "A product | one that was approved first of all, for adults with a disease that came back | b",
]

PROSE = [
    "Event   n (%)   Grade 1   Grade 2\nCRS   3 (25)   1   2   (8)",
    "The cells were well tolerated.\nNo grade 3 event was seen in 12 patients.",
    "- Skin: 35%\n- Kidneys: 22%\n- Joints: 19%",
    "患者共12例，均完成随访。\n其中8例缓解。",
]


@pytest.mark.parametrize("name", TABLES)
def test_cells_of_a_table(name: str) -> None:
    text, cells = TABLES[name]
    (table,) = read_article(text, load_rules().lexicon).tables
    rows = [table.header, *table.rows]
    assert [[cell.text for cell in row] for row in rows] == cells
    assert all(text[cell.start : cell.end] == cell.text for row in rows for cell in row)


@pytest.mark.parametrize("name", LEFT_BLANK)
def test_what_does_not_tell_its_column_is_left_blank(name: str) -> None:
    text, cells = LEFT_BLANK[name]
    (table,) = read_article(text, load_rules().lexicon).tables
    assert [[cell.text for cell in row] for row in table.rows] == cells


@pytest.mark.parametrize("text", PROSE)
def test_prose_is_no_table(text: str) -> None:
    assert read_article(text, load_rules().lexicon).tables == ()


@pytest.mark.parametrize("header", HEADERS)
def test_heads_between_bars_may_begin_with_a_figure_or_be_long(header: str) -> None:
    row = " | ".join(["CRS", *"123456"][: header.count("|") + 1])
    (table,) = read_article(f"{header}\n{row}", load_rules().lexicon).tables
    assert [cell.text for cell in table.header] == header.split(" | ")


@pytest.mark.parametrize("line", NO_HEADERS)
def test_figures_and_sentences_between_bars_are_no_header(line: str) -> None:
    assert read_article(f"{line}\nCRS | 1 | 2", load_rules().lexicon).tables == ()


def test_words_are_no_cells_where_the_layout_is_known() -> None:
    text = "Patient Before After\n1 22 4\n2 18 6"
    lexicon = load_rules().lexicon
    assert len(read_article(text, lexicon).tables) == 1
    assert read_article(text, lexicon, layout_known=True).tables == ()
