"""Characters to pieces of lines: what is raised stays raised, and nothing is lost."""

from array import array
from collections.abc import Callable
from contextlib import closing
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdfium2 import PdfDocument
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from carextract.read.pdf import fonts
from carextract.read.pdf.glyphs import Glyphs, glyphs
from carextract.read.pdf.layout import Segment, Turn
from carextract.read.pdf.segments import segments

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
Draw = Callable[[Canvas], None]


def read(draw: Draw) -> list[Segment]:
    """The segments of a page on which something was drawn."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(400, 300), invariant=1)
    canvas.setFont("Times-Roman", 10)
    draw(canvas)
    canvas.save()
    fonts.install()
    with (
        closing(PdfDocument(out.getvalue())) as document,
        closing(document[0]) as page,
        closing(page.get_textpage()) as text_page,
    ):
        return [piece for found in glyphs(page, text_page) for piece in segments(found)]


def texts(draw: Draw) -> list[str]:
    return [piece.text for piece in read(draw)]


def line(*parts: tuple[str, float, float], font: str = "Times-Roman") -> Draw:
    """Parts of a line one after the other: text, size, and how far above the baseline."""

    def draw(canvas: Canvas) -> None:
        x = 50.0
        for text, size, rise in parts:
            canvas.setFont(font, size)
            canvas.drawString(x, 200 + rise, text)
            x += pdfmetrics.stringWidth(text, font, size)

    return draw


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ([("1.0 × 10", 10, 0), ("6", 6, 4), (" cells/kg", 10, 0)], "1.0 × 10⁶ cells/kg"),
        ([("1 × 10", 10, 0), ("-6", 6, 4), (" M", 10, 0)], "1 × 10⁻⁶ M"),
        ([("25 mg/m", 10, 0), ("2", 5.8, 3.3), ("/day", 10, 0)], "25 mg/m²/day"),
        ([("remission", 10, 0), ("12,13", 6, 4), (" after", 10, 0)], "remission¹²,¹³ after"),
        ([("score of 4", 10, 0), ("[7]", 6, 4), (".", 10, 0)], "score of 4[7]."),
        ([("CO", 10, 0), ("2", 6, -2), (" and C3", 10, 0)], "CO₂ and C3"),
        ([("the 4", 10, 0), ("th", 6, 4), (" day", 10, 0)], "the 4ᵗʰ day"),
        ([("4.5", 8, 0), ("a", 5, 3)], "4.5ᵃ"),
        ([("A Title of 10", 18, 0), ("6", 11, 7), (" cells", 18, 0)], "A Title of 10⁶ cells"),
        ([("plain 106 cells", 10, 0)], "plain 106 cells"),
        ([("lower", 10, 0), (" line", 9.4, 0)], "lower line"),
    ],
)
def test_one_line(parts: list[tuple[str, float, float]], wanted: str) -> None:
    assert texts(line(*parts)) == [wanted]


def test_exponents_that_come_last_in_the_file_are_put_in_their_place() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 200, "1.0 × 10  cells/kg and 2.0 × 10  more")
        width = pdfmetrics.stringWidth
        canvas.setFont("Times-Roman", 6)
        for before in ("1.0 × 10", "1.0 × 10  cells/kg and 2.0 × 10"):
            canvas.drawString(50 + width(before, "Times-Roman", 10), 204, "6")

    assert texts(draw) == ["1.0 × 10⁶ cells/kg and 2.0 × 10⁶ more"]


def test_small_type_under_a_heading_is_not_raised() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 20)
        canvas.drawString(50, 200, "Heading")
        canvas.setFont("Times-Roman", 9)
        canvas.drawString(50, 180, "6 patients")

    assert texts(draw) == ["Heading", "6 patients"]


def test_no_space_between_ideographs_and_none_lost_between_words() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 10)
        x = 50.0
        for char in "患者输注后":
            canvas.drawString(x, 200, char)
            x += 12.5
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(50, 150, "grade 1 CRS")

    assert texts(draw) == ["患者输注后", "grade 1 CRS"]


def test_a_line_that_is_spaced_out_is_closed_up() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 10)
        canvas.drawString(50, 200, "持 续 改 善 ， 共 1 7 分 ， C A R - T 细 胞 后 缓 解")

    assert texts(draw) == ["持续改善，共17分，CAR-T细胞后缓解"]


def test_columns_are_pieces_of_their_own() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 200, "left")
        canvas.drawString(120, 200, "right")

    assert texts(draw) == ["left", "right"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_text_is_read_upright_and_placed_where_it_stands(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(200, 150)
        canvas.rotate(turn)
        canvas.drawString(0, 0, "dose 1.0 × 10")
        width = pdfmetrics.stringWidth("dose 1.0 × 10", "Times-Roman", 10)
        canvas.setFont("Times-Roman", 6)
        canvas.drawString(width, 4, "6")

    (piece,) = read(draw)
    assert piece.text == "dose 1.0 × 10⁶"


def test_every_character_has_a_box_of_its_own() -> None:
    (piece,) = read(line(("mean 2.7", 10, 0), ("a", 6, 4)))
    assert len(piece.boxes) == 4 * len(piece.text)
    lefts = [left for left in piece.boxes[0::4] if left]
    assert lefts == sorted(lefts)
    assert piece.box.width == pytest.approx(
        pdfmetrics.stringWidth("mean 2.7", "Times-Roman", 10)
        + pdfmetrics.stringWidth("a", "Times-Roman", 6),
        abs=0.5,
    )


places = st.tuples(
    st.sampled_from("ab1中。[- \n"),
    st.floats(0, 300, width=32),
    st.floats(0.5, 20, width=32),
    st.floats(0, 300, width=32),
    st.sampled_from((0.0, 6.0, 10.0, 10.5, 24.0)),
)


@given(st.lists(places, max_size=40))
def test_no_character_is_lost_or_doubled(
    found: list[tuple[str, float, float, float, float]],
) -> None:
    chars = [char for char, *_ in found]
    lefts = [left for _, left, *_ in found]
    rights = [left + width for _, left, width, *_ in found]
    made = segments(
        Glyphs(
            Turn(0, 400, 400),
            chars,
            lefts,
            rights,
            baselines=[line for *_, line, _ in found],
            sizes=[size for *_, size in found],
        )
    )
    plain = str.maketrans("¹ᵃᵇ⁻₁₋", "1ab-1-", " ")
    kept = sorted("".join(piece.text for piece in made).translate(plain))
    assert kept == sorted(char for char, *_, size in found if size and not char.isspace())
    for piece in made:
        assert isinstance(piece.boxes, array)
        assert len(piece.boxes) == 4 * len(piece.text)
