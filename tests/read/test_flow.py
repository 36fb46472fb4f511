"""Blocks of pages to one text: sentences whole, rows under their head, a place a character."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carextract.read.pdf.flow import flow
from carextract.read.pdf.layout import Block, Box, Cell, Grid, Page, Role, Segment, Turn
from carextract.read.places import Places

COLUMN = Box(50, 50, 250, 750)


def segment(text: str, top: float = 100, *, x0: float = 50, x1: float = 250) -> Segment:
    """A line of text from x0 to x1, every character as wide as the next."""
    width = (x1 - x0) / max(len(text), 1)
    boxes = array("f")
    for at in range(len(text)):
        boxes.extend((x0 + at * width, top, x0 + (at + 1) * width, top + 10))
    return Segment(text, boxes, Box(x0, top, x1, top + 10), top + 8, 10)


def block(role: Role, *texts: str, grid: Grid | None = None, top: float = 100) -> Block:
    lines = tuple(segment(text, top + 12 * at) for at, text in enumerate(texts))
    return Block(role, lines, lines[0].box, grid=grid, column=COLUMN)


def table(*rows: tuple[str | None, ...], heads: int) -> Block:
    cells = tuple(
        tuple(
            Cell(segment(text, 20 * at, x0=60.0 * n, x1=60.0 * n + 50), COLUMN) if text else None
            for n, text in enumerate(row)
        )
        for at, row in enumerate(rows)
    )
    return block(Role.TABLE, "cells", grid=Grid(cells, heads))


def page(number: int, *blocks: Block) -> Page:
    return Page(number, 600, 800, blocks)


BODY, ASIDE = Role.BODY, Role.FURNITURE


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (("grade", "1 CRS"), "grade 1 CRS"),
        (("immuno-", "therapy"), "immuno-\ntherapy"),
        (("剂量为", "1例"), "剂量为1例"),
        (("剂量为1.", "5分"), "剂量为1.5分"),
        (("SLEDAI", "评分"), "SLEDAI评分"),
        (("25 mg/", "kg"), "25 mg/kg"),
        (("10–", "20"), "10–20"),
        (("(n =", "5)"), "(n = 5)"),
        (("共1", "2例"), "共12例"),
        (("in 2021", "12 patients"), "in 2021\n12 patients"),
    ],
)
def test_lines_of_a_paragraph(lines: tuple[str, str], wanted: str) -> None:
    text, _ = flow([page(1, block(BODY, *lines))])
    assert text == wanted + "\n"


def test_a_sentence_goes_on_over_a_page_and_what_interrupts_it_comes_behind() -> None:
    last = block(BODY, "the score of these patients", top=700)
    first = page(1, last, block(ASIDE, "Journal 5"))
    second = page(2, block(BODY, "fell to zero. None relapsed."), block(ASIDE, "Journal 6"))
    text, places = flow([first, second])
    paragraphs = text.rstrip("\n").split("\n\n")
    assert paragraphs == [
        "the score of these patients fell to zero. None relapsed.",
        "Journal 5",
        "Journal 6",
    ]
    pages = [place.page for place in places.on_pages(0, len(text))]
    assert pages == [1, 2, 1, 2]


def test_a_table_that_goes_on_without_a_head_comes_under_the_head_from_before() -> None:
    head = table(("Patient", "SLEDAI before"), ("1", "22"), heads=1)
    rest = table(("2", "14"), heads=0)
    text, places = flow([page(1, head), page(2, rest)])
    first, second = text.rstrip("\n").split("\n\n")
    assert first == "Patient | SLEDAI before\n1 | 22"
    assert second == "Patient | SLEDAI before\n2 | 14"
    pages = {place.page for place in places.on_pages(len(first) + 2, len(text))}
    assert pages == {1, 2}


def test_turned_text_has_its_boxes_on_the_page_as_shown() -> None:
    turn = Turn(90, width=800, height=600)
    turned = Block(Role.SIDE, (segment("x", 0, x0=0, x1=10),), COLUMN, turn=turn)
    _, places = flow([page(1, turned)])
    ((place),) = places.on_pages(0, 1)
    assert place.boxes == ((0.0, 790.0, 10.0, 800.0),)


def test_no_pages_make_an_empty_text() -> None:
    text, places = flow([])
    assert text == ""
    assert list(places.on_pages(0, 0)) == []


texts = st.text(st.sampled_from("ab-–(1.中例 "), min_size=1, max_size=12).filter(str.strip)
roles = st.sampled_from((BODY, BODY, Role.CAPTION, ASIDE))


@given(st.lists(st.lists(st.tuples(roles, st.lists(texts, min_size=1, max_size=3)), max_size=4)))
def test_every_character_comes_once_and_on_its_page(
    found: list[list[tuple[Role, list[str]]]],
) -> None:
    pages = [
        page(number, *(block(role, *lines) for role, lines in blocks))
        for number, blocks in enumerate(found, 1)
    ]
    text, places = flow(pages)
    for number, blocks in enumerate(found, 1):
        printed = "".join(line for _, lines in blocks for line in lines)
        own = [char for at, char in enumerate(text) if places.page(at) == number]
        assert sorted(own) == sorted(printed)


def test_a_quote_has_a_box_for_each_line_and_each_cell() -> None:
    boxes = array("f")
    for x0, top in ((0, 0), (5, 0), (0, 12), (5, 12), (200, 12)):
        boxes.extend((x0, top, x0 + 5, top + 10))
    places = Places(array("H", [1] * 5), boxes, bytes([255, 255, 97, 99, 255]))
    (place,) = places.on_pages(0, 5)
    assert place.boxes == ((0, 0, 10, 10), (0, 12, 10, 22), (200, 12, 205, 22))
    assert place.score == 0.97
    assert places.recognised(0, 5)
    assert not places.recognised(0, 2)
