"""Pages of all kinds of journals, made of lines in their places, in reading order."""

from __future__ import annotations

import random
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carextract.read.pdf.layout import Block, Box, Role, Segment, around
from carextract.read.pdf.order import arrange, continues

WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT = 50.0, 545.0
SIZE = 10.0
LEADING = 1.4


def line(text: str, x: float, y: float, *, size: float = SIZE, width: float = 0.0) -> Segment:
    """A piece of a line whose characters share its width; ideographs are as wide as high."""
    width = width or size * sum(1.0 if char >= "\u2e80" else 0.5 for char in text)
    step = width / len(text)
    boxes = array("f")
    for i in range(len(text)):
        boxes.extend((x + i * step, y - 0.85 * size, x + (i + 1) * step, y + 0.2 * size))
    return Segment(text, boxes, Box(x, y - 0.85 * size, x + width, y + 0.2 * size), y, size)


def prose(
    name: str,
    x: float,
    top: float,
    count: int,
    width: float,
    *,
    size: float = SIZE,
    indent: float = 0.0,
    ragged: bool = False,
) -> list[Segment]:
    """Lines of running text, `a0 …`, `a1 …`: full, or of changing widths."""
    found = []
    for i in range(count):
        start = x + (indent * size if i == 0 else 0)
        end = x + width - (size * (i * 7 % 5) if ragged else 0)
        text = f"{name}{i}".ljust(round((end - start) / size), "~" if ragged else "文")
        y = top + size + i * LEADING * size
        found.append(line(text, start, y, size=size, width=end - start))
    return found


def names(name: str, count: int, first: int = 0) -> list[str]:
    return [f"{name}{i}" for i in range(first, first + count)]


def read(blocks: Iterable[Block], *roles: Role) -> list[str]:
    """The names of lines in reading order, of all roles in the flow or of some."""
    wanted = roles or (Role.BODY, Role.CAPTION, Role.TABLE)
    return [
        piece.text.split()[0].rstrip("文~") for b in blocks if b.role in wanted for piece in b.lines
    ]


def page(
    *parts: Sequence[Segment], tables: Sequence[Block] = (), shuffled: bool = True
) -> tuple[Block, ...]:
    pieces = [piece for part in parts for piece in part]
    if shuffled:
        random.Random(7).shuffle(pieces)
    return arrange(pieces, HEIGHT, tables=tables)


def table(x: float, top: float, width: float, height: float) -> Block:
    cell = line("cell", x, top + SIZE)
    return Block(Role.TABLE, (cell,), Box(x, top, x + width, top + height))


COLUMN = 237.0  # two of them, 21 points apart
SECOND = RIGHT - COLUMN


def test_two_columns_under_a_title_and_an_abstract() -> None:
    blocks = page(
        [line("title", 200, 90, size=18)],
        prose("s", LEFT, 120, 5, RIGHT - LEFT, size=9),
        prose("a", LEFT, 220, 30, COLUMN),
        prose("b", SECOND, 220, 30, COLUMN),
    )
    assert read(blocks) == ["title", *names("s", 5), *names("a", 30), *names("b", 30)]


def test_last_line_of_an_abstract_is_not_part_of_the_left_column() -> None:
    blocks = page(
        prose("s", LEFT, 100, 4, RIGHT - LEFT),
        [line("s4文文文。", LEFT, 100 + SIZE + 4 * LEADING * SIZE)],
        prose("a", LEFT, 190, 20, COLUMN),
        prose("b", SECOND, 190, 20, COLUMN),
    )
    assert [read([block]) for block in blocks] == [
        [*names("s", 4), "s4文文文。"],
        names("a", 20),
        names("b", 20),
    ]


@pytest.mark.parametrize("gutter", [9.0, 12.0, 20.0, 40.0])
def test_three_columns(gutter: float) -> None:
    width = (RIGHT - LEFT - 2 * gutter) / 3
    blocks = page(
        [line("headline", 150, 90, size=20)],
        *(prose(name, LEFT + i * (width + gutter), 120, 40, width) for i, name in enumerate("abc")),
    )
    assert read(blocks) == ["headline", *names("a", 40), *names("b", 40), *names("c", 40)]


def test_a_headline_over_two_of_three_columns() -> None:
    width, gutter = 151.0, 21.0
    second, third = LEFT + width + gutter, LEFT + 2 * (width + gutter)
    blocks = page(
        [line("headline of a story that takes two columns", LEFT + 20, 100, size=13)],
        prose("a", LEFT, 120, 40, width),
        prose("b", second, 120, 40, width),
        prose("c", third, 80, 44, width),
    )
    assert read(blocks) == ["headline", *names("a", 40), *names("b", 40), *names("c", 44)]


@pytest.mark.parametrize("ragged", [False, True])
def test_columns_of_different_widths_that_begin_at_different_heights(ragged: bool) -> None:
    blocks = page(
        prose("a", LEFT, 100, 40, 290, ragged=ragged),
        prose("b", 365, 300, 20, 180, ragged=ragged),
    )
    assert read(blocks) == [*names("a", 40), *names("b", 20)]


@pytest.mark.parametrize("x", [LEFT, 440.0])
def test_notes_beside_the_text_come_behind_it(x: float) -> None:
    text = 180.0 if x == LEFT else LEFT
    notes = [
        line(note, x, 400 + 9.7 * i, size=7)
        for i, note in enumerate(
            ("Citation: Name, A.", "Journal 2021, 11.", "Received: 1 May", "Accepted: 2 June")
        )
    ]
    blocks = page(
        [line("The title of the paper in the width of the page", LEFT, 100, size=20)],
        prose("a", text, 150, 45, 365 if x == LEFT else 370),
        notes,
    )
    assert read(blocks) == ["The", *names("a", 45)]
    assert len(read(blocks, Role.SIDE, Role.FOOTNOTE)) == 4


def test_a_short_note_in_the_margin_is_not_part_of_the_line_beside_it() -> None:
    text = prose("a", 180, 100, 30, 365)
    note = [line("See Online", LEFT, text[9].baseline + 1, size=8)]
    blocks = page(text, note)
    assert read(blocks) == names("a", 30)
    assert read(blocks, Role.SIDE) == ["See"]


def test_a_watermark_is_no_text_and_closes_no_gutter() -> None:
    mark = [line("UNCORRECTED PROOF", 120, 450, size=40)]
    blocks = page(prose("a", LEFT, 100, 45, COLUMN), mark, prose("b", SECOND, 100, 45, COLUMN))
    assert read(blocks) == [*names("a", 45), *names("b", 45)]


def test_notes_in_the_margin_of_two_columns() -> None:
    width, first, second = 190.0, 150.0, 355.0
    notes = [line(f"note {n} of a few", LEFT, 300 + 9 * n, size=7) for n in range(6)]
    blocks = page(prose("a", first, 100, 45, width), notes, prose("b", second, 100, 45, width))
    assert read(blocks) == [*names("a", 45), *names("b", 45)]
    assert len(read(blocks, Role.SIDE)) == 6


def test_references_in_columns_of_their_own_below_the_text() -> None:
    references = [
        line(f"Name A. Title of entry {n} in the list", x, 440 + 10 * n, size=8, width=COLUMN)
        for x in (LEFT, SECOND)
        for n in range(20)
    ]
    blocks = page(
        prose("a", LEFT, 100, 20, COLUMN),
        prose("b", SECOND, 100, 20, COLUMN),
        [line("REFERENCES", LEFT, 425, size=12)],
        references,
    )
    assert read(blocks)[:41] == [*names("a", 20), *names("b", 20), "REFERENCES"]


def test_names_over_the_right_column_come_before_both() -> None:
    blocks = page(
        [line("題目 A title", LEFT + 10, 90, size=19, width=400)],
        [line("作者 醫師", SECOND + 140, 120), line("某某醫院", SECOND + 130, 133, size=9)],
        prose("a", LEFT, 150, 30, COLUMN),
        prose("b", SECOND, 150, 30, COLUMN),
    )
    assert read(blocks)[3:] == [*names("a", 30), *names("b", 30)]


def test_names_set_apart_over_both_columns_are_one_line() -> None:
    blocks = page(
        [line("题目", LEFT, 80, size=15)],
        [line("张三 李四 王五 赵六", LEFT + 130 * i, 105, width=110) for i in range(3)],
        prose("a", LEFT, 130, 30, COLUMN),
        prose("b", SECOND, 130, 30, COLUMN),
    )
    assert read(blocks)[-60:] == [*names("a", 30), *names("b", 30)]


def test_bands_about_a_table_as_wide_as_the_page() -> None:
    blocks = page(
        prose("a", LEFT, 100, 12, COLUMN),
        prose("b", SECOND, 100, 12, COLUMN),
        prose("c", LEFT, 600, 2, COLUMN),
        prose("d", SECOND, 600, 2, COLUMN),
        tables=[table(LEFT, 300, RIGHT - LEFT, 250)],
    )
    expected = [*names("a", 12), *names("b", 12), "cell", *names("c", 2), *names("d", 2)]
    assert read(blocks) == expected


def test_a_table_in_one_column() -> None:
    blocks = page(
        prose("a", LEFT, 100, 10, COLUMN),
        prose("b", LEFT, 500, 10, COLUMN),
        prose("c", SECOND, 100, 38, COLUMN),
        tables=[table(LEFT, 260, COLUMN, 220)],
    )
    assert read(blocks) == [*names("a", 10), "cell", *names("b", 10), *names("c", 38)]


def test_an_english_abstract_between_the_title_and_the_columns() -> None:
    blocks = page(
        [line("题目", 260, 90, size=18), line("张三 李四 王五", 255, 115)],
        [line("【摘要】文文文", LEFT, 140, size=9)],
        prose("s", LEFT, 150, 4, RIGHT - LEFT, size=9),
        [line("Title in English that is centred on the page", 140, 230, size=13)],
        prose("e", LEFT, 245, 8, RIGHT - LEFT, size=9),
        prose("a", LEFT, 380, 25, COLUMN, indent=2),
        prose("b", SECOND, 380, 25, COLUMN),
    )
    assert read(blocks)[-58:] == [*names("e", 8), *names("a", 25), *names("b", 25)]


def test_a_box_with_a_comment_in_one_column() -> None:
    blocks = page(
        [line("专家点评：", LEFT + 10, 110)],
        prose("x", LEFT + 10, 115, 10, COLUMN - 20, indent=2),
        prose("a", LEFT, 280, 25, COLUMN, indent=2),
        prose("b", SECOND, 100, 37, COLUMN),
    )
    assert read(blocks) == ["专家点评：", *names("x", 10), *names("a", 25), *names("b", 37)]


def test_words_in_a_picture_tear_no_paragraph() -> None:
    upper = prose("a", LEFT, 100, 10, COLUMN)
    lower = prose("c", LEFT, 500, 10, COLUMN)
    labels = [line(str(n), LEFT + 20, 420 - 30 * n, size=6) for n in range(5)]
    labels += [line(f"{n} d", LEFT + 50 + 40 * n, 440, size=6) for n in range(4)]
    caption = [line("图1 治疗前后的变化", LEFT + 60, 470, size=9)]
    blocks = page(upper, lower, labels, caption, prose("b", SECOND, 100, 38, COLUMN))
    assert read(blocks, Role.BODY) == [*names("a", 10), *names("c", 10), *names("b", 38)]
    assert read(blocks, Role.CAPTION) == ["图1"]
    body = [block for block in blocks if block.role is Role.BODY]
    assert continues(body[0], body[1])


def test_a_stretched_line_is_one_line() -> None:
    words = [line(word, LEFT + 60 * i, 124, width=30) for i, word in enumerate(("had", "grade"))]
    words += [line("1 CRS after the infusion", LEFT + 120, 124, width=COLUMN - 120)]
    blocks = page(
        prose("a", LEFT, 100, 1, COLUMN),
        words,
        prose("c", LEFT, 128, 20, COLUMN),
        prose("b", SECOND, 100, 22, COLUMN),
    )
    assert blocks[0].lines[1].text == "had grade 1 CRS after the infusion"
    assert read(blocks) == ["a0", "had", *names("c", 20), *names("b", 22)]


def test_numbers_of_a_list_stay_with_their_entries() -> None:
    numbers = [line(f"[{n}]", LEFT, 110 + 42 * n, size=8) for n in range(1, 9)]
    entries = [
        piece
        for n in range(1, 9)
        for piece in prose(f"r{n}-", LEFT + 25, 102 + 42 * n, 3, 460, size=8)
    ]
    blocks = page(numbers, entries)
    assert [len(block.lines) for block in blocks] == [3] * 8
    assert all(block.lines[0].text.startswith("[") for block in blocks)


@pytest.mark.parametrize(
    ("header", "footer"),
    [
        ("中华某某杂志2020年5月第22卷第3期", "·635·"),
        ("Journal of Examples 2021, 11, 928", "3 of 16"),
        ("Name et al.", "https://doi.org/10.1000/example"),
        ("第 5 期", "- 12 -"),
        ("某某等：一种治疗的研究", "12"),
    ],
)
def test_headers_and_footers_are_no_text(header: str, footer: str) -> None:
    blocks = page(
        [line(header, 200, 55, size=8)],
        prose("a", LEFT, 90, 50, COLUMN),
        prose("b", SECOND, 90, 50, COLUMN),
        [line(footer, 280, 815, size=8)],
    )
    assert read(blocks) == [*names("a", 50), *names("b", 50)]
    found = [block.lines[0].text for block in blocks if block.role is Role.FURNITURE]
    assert found == [header, footer]


@pytest.mark.parametrize(
    "first", ["3 讨论", "Table 2. Patients and their grades", "References", "缓解。"]
)
def test_what_is_at_the_top_without_a_header_is_text(first: str) -> None:
    blocks = page([line(first, LEFT, 95)], prose("a", LEFT, 115, 45, RIGHT - LEFT))
    assert read(blocks)[0] == first.split()[0]


def test_footnotes_come_behind_the_text() -> None:
    notes = [
        line("作者单位：100000北京，某某医院", LEFT, 760, size=8),
        line("通信作者：张三，Email：a@example.org", LEFT, 772, size=8),
    ]
    blocks = page(
        prose("a", LEFT, 90, 45, COLUMN, indent=2), notes, prose("b", SECOND, 90, 48, COLUMN)
    )
    assert read(blocks) == [*names("a", 45), *names("b", 48)]
    assert len(read(blocks, Role.FOOTNOTE)) == 2
    body = [block for block in blocks if block.role is Role.BODY]
    assert continues(*body)


def test_numbers_of_lines_are_no_text() -> None:
    text = prose("a", 100, 90, 30, 445)
    numbers = [line(str(i + 1), 60, piece.baseline, size=8) for i, piece in enumerate(text)]
    blocks = page(text, numbers)
    assert read(blocks) == names("a", 30)
    assert all(piece.text.startswith("a") for piece in blocks[0].lines)


def test_paragraphs_of_chinese_text() -> None:
    first = prose("a", LEFT, 100, 4, COLUMN, indent=2)
    last = [line("a4结束。", LEFT, 100 + SIZE + 4 * LEADING * SIZE)]
    second = prose("b", LEFT, 170, 6, COLUMN, indent=2)
    heading = [line("2 结果", LEFT, 280)]
    third = prose("c", LEFT, 290, 6, COLUMN, indent=2)
    blocks = page(first, last, second, heading, third)
    assert [len(block.lines) for block in blocks] == [5, 6, 1, 6]


def test_paragraphs_of_ragged_text_are_told_by_gaps() -> None:
    blocks = page(
        prose("a", LEFT, 100, 6, 400, ragged=True), prose("b", LEFT, 196, 6, 400, ragged=True)
    )
    assert [len(block.lines) for block in blocks] == [6, 6]


@pytest.mark.parametrize(
    ("last", "first", "expected"),
    [
        ("剂量为1.0×", "10⁶个细胞/kg", True),
        ("评分由12.", "4分降至2分", True),
        ("所有患者均缓解。", "其中1例复发", False),
        ("the patients had grade", "1 CRS and no ICANS", True),
        ("were treated by Name et al.", "and had no CRS", True),
        ("All of them went into remission.", "Two had CRS", False),
        ("12 patients were treated [3,4].", "Two had CRS", False),
    ],
)
def test_a_paragraph_goes_on_unless_its_sentence_ends(
    last: str, first: str, expected: bool
) -> None:
    left = [*prose("a", LEFT, 100, 5, COLUMN), line(last, LEFT, 180, width=COLUMN)]
    right = [line(first, SECOND, 110, width=COLUMN), *prose("b", SECOND, 114, 5, COLUMN)]
    blocks = page(left, right)
    assert len(blocks) == 2
    assert continues(*blocks) == expected


def test_an_indented_line_or_a_heading_goes_on_from_nothing() -> None:
    left = prose("a", LEFT, 100, 6, COLUMN)
    for start in (prose("b", SECOND, 100, 6, COLUMN, indent=2), [line("3 讨论", SECOND, 110)]):
        blocks = page(left, start, prose("c", SECOND, 184, 6, COLUMN))
        assert not continues(blocks[0], blocks[1])


def test_an_index_among_other_characters_tears_no_line() -> None:
    text = prose("a", LEFT, 100, 6, COLUMN)
    stray = line("4", LEFT + 90, text[2].baseline + 2.5, size=7)
    blocks = page(text, [stray])
    assert len(blocks) == 1
    assert " 4 " in blocks[0].lines[2].text


def test_nothing_on_the_page() -> None:
    assert arrange([], HEIGHT) == ()


@pytest.mark.parametrize(
    ("texts", "counts"),
    [
        (("A mean score of 12.1 in whom release syn-", "drome was seen in four."), [2]),
        (("The patient, whose score had", "fallen from 16 to 0, had a flare."), [2]),
        (("Four dose groups: 25, 50, 75", "and 100 million cells."), [2]),
        (("A stable dose of not more than 40", "mg/day of prednisone."), [2]),
        (("Registered as NCT0612", "3456."), [2]),
        (("研究共纳入了狼疮患者18例，总发生率为88%，以1级为", "主（14例），2级2例。"), [2]),
        (("第24周SLEDAI评分较基线下降12分和9分，差异无统计学", "意义，两组用量均降低。"), [2]),
        (("Age: 31 years", "Sex: female", "Score: 12"), [1, 1, 1]),
        (("受试者为活动性狼疮肾炎成年患者共12例", "注册号：NCT06123456", "组别：试验组"), [1] * 3),
        (("All of them went into remission.", "Two had a flare."), [1, 1]),
        (("- stable dose of steroids", "- SLE for half a year", "- no infection"), [1] * 3),
        (("-体温正常，面部红斑减轻", "-泼尼松减至10mg/d", "-未见异常"), [1] * 3),
    ],
)
def test_ragged_lines_go_on_within_a_sentence(texts: Sequence[str], counts: list[int]) -> None:
    rows = [line(text, LEFT, 100 + LEADING * SIZE * at) for at, text in enumerate(texts)]
    blocks = page(rows, prose("z", LEFT, 300, 4, 400))
    assert [len(block.lines) for block in blocks[:-1]] == counts


def test_single_lines_that_stand_apart_are_paragraphs_beside_one_of_two_lines() -> None:
    heights = (100.0, 119.5, 134.0, 153.5, 173.0)
    shifts = (10, 10, 0, 10, 10)
    widths = (200, 230, 60, 180, 190)
    rows = [
        line(f"a{at}".ljust(10, "文"), LEFT + shift, y, width=width)
        for at, (shift, y, width) in enumerate(zip(shifts, heights, widths, strict=True))
    ]
    assert [len(block.lines) for block in page(rows)] == [1, 2, 1, 1]


def test_the_last_line_of_a_passage_may_be_all_of_the_right_column() -> None:
    head = prose("t", LEFT, 60, 4, RIGHT - LEFT)
    left = prose("a", LEFT, 150, 2, COLUMN)
    rest = [line("b0文文。", SECOND, 150 + SIZE)]
    assert read(page(head, left, rest)) == [*names("t", 4), "a0", "a1", "b0文文。"]


def test_a_table_of_two_columns_is_read_a_row_at_a_time() -> None:
    left = [line(f"a{at}", LEFT, 100 + 20 * at, width=COLUMN - 50 * (at % 3)) for at in range(6)]
    right = [line(f"b{at}", SECOND, 100 + 20 * at, width=60 + 10 * at) for at in range(6)]
    blocks = page(left, right)
    assert next(piece.text for block in blocks for piece in block.lines).split() == ["a0", "b0"]


def test_lists_in_columns_of_one_width_that_share_no_rows_are_columns() -> None:
    left = [line(f"a{at}", LEFT, 100 + 20 * at, width=60 + 40 * (at % 5)) for at in range(7)]
    right = [line(f"b{at}", SECOND, 100 + 17 * at, width=60 + 40 * (at % 5)) for at in range(7)]
    edge = [line("a7", LEFT, 240, width=COLUMN), line("b7", SECOND, 219, width=COLUMN)]
    assert read(page(left, right, edge)) == [*names("a", 8), *names("b", 8)]


def test_rows_of_a_table_that_has_no_caption_stay_rows() -> None:
    rows = [
        line(text, x, 100 + 14 * at)
        for at, row in enumerate((("Arm", "n", "Score"), ("Low", "3", "14"), ("High", "4", "18")))
        for text, x in zip(row, (60, 160, 300), strict=True)
    ]
    blocks = page(rows, prose("z", LEFT, 200, 4, 400))
    assert [block.lines[0].text for block in blocks[:3]] == [
        "Arm  n  Score",
        "Low  3  14",
        "High  4  18",
    ]


def test_captions_of_tables_side_by_side_stand_over_their_own() -> None:
    def caption(text: str, x: float) -> Block:
        title = line(text, x, 100)
        return Block(Role.CAPTION, (title,), title.box)

    pairs = [caption("表1", LEFT), table(LEFT, 110, 200, 90), caption("表2", SECOND)]
    second = table(SECOND, 110, 200, 60)
    blocks = (
        arrange([], HEIGHT, tables=[*pairs, second]),
        page(prose("z", LEFT, 300, 4, 400), tables=[*pairs, second]),
    )
    for found in blocks:
        texts = [block.lines[0].text for block in found if block.role is not Role.BODY]
        assert texts == ["表1", "cell", "表2", "cell"] or texts == ["表2", "cell", "表1", "cell"]


def test_a_page_of_nothing_but_a_table() -> None:
    found = table(LEFT, 100, 400, 300)
    assert arrange([], HEIGHT, tables=[found]) == (found,)


@st.composite
def scattered(draw: st.DrawFn) -> list[Segment]:
    """Pieces of lines anywhere, in any size, on and over each other."""
    texts = ("a", "12", "word", "图1", "表2 某某", "[3] entry.", "文" * 12, "Vol. 3", "·35·", "10⁶")
    grid = draw(st.sampled_from((1.0, 7.0, 40.0)))
    count = draw(st.integers(1, 40))
    return [
        line(
            draw(st.sampled_from(texts)),
            grid * draw(st.integers(0, int(WIDTH / grid))),
            grid * draw(st.integers(0, int(HEIGHT / grid))),
            size=draw(st.sampled_from((3.0, 8.0, 10.0, 24.0))),
        )
        for _ in range(count)
    ]


@settings(deadline=None, max_examples=150)
@given(scattered(), st.integers(0, 100))
def test_every_character_is_in_one_block_whatever_the_order_of_the_file(
    pieces: list[Segment], seed: int
) -> None:
    tables = [table(100, 300, 250, 100)]
    blocks = arrange(pieces, HEIGHT, tables=tables)
    assert Counter(_characters(blocks)) == Counter([*_characters_of(pieces), *"cell"])
    for block in blocks:
        if block.role is not Role.TABLE:
            assert block.box == around(piece.box for piece in block.lines)
    random.Random(seed).shuffle(pieces)
    assert arrange(pieces, HEIGHT, tables=tables) == blocks


def _characters(blocks: Iterable[Block]) -> Iterator[str]:
    return _characters_of([piece for block in blocks for piece in block.lines])


def _characters_of(pieces: Iterable[Segment]) -> Iterator[str]:
    return (char for piece in pieces for char in piece.text if char != " ")
