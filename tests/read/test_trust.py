"""Text layers that lie, and honest ones that look as if they did."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from carextract.read.pdf import fonts
from carextract.read.pdf.trust import Distrust, Reason, distrust

pdfium = pytest.importorskip("pypdfium2")
canvases = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab makes the pages")

HERE = Path(__file__).resolve().parent
PAPERS = HERE.parents[2] / "shared" / "papers"
TRUTH = HERE.parent / "papers" / "trust.jsonl"

WIDTH, HEIGHT = 400.0, 600.0
INVISIBLE = 3
CHINESE = "STSong-Light"
SENTENCE = "本组患者治疗后病情明显缓解未见严重不良反应"
PROSE = (
    "All patients in the study were treated with one infusion of the cells and seen again in the "
    "clinic after three and six months for the assessment of disease activity."
)

Canvas = Any
Draw = Callable[[Canvas], None]


def text_of(textpage: Any) -> str:
    """The page's characters as pdfium counts them."""
    return "".join(
        chr(pdfium.raw.FPDFText_GetUnicode(textpage.raw, index))
        for index in range(textpage.count_chars())
    )


def judged(document: Any, index: int) -> Reason | None:
    page = document[index]
    textpage = page.get_textpage()
    found = distrust(page, textpage, text_of(textpage))
    textpage.close()
    page.close()
    return found.reason if found else None


def judge(*drawings: Draw) -> Reason | None:
    """What is thought of a page with some drawings, one over the other."""
    fonts.install()
    buffer = BytesIO()
    canvas = canvases.Canvas(buffer, pagesize=(WIDTH, HEIGHT))
    for draw in drawings:
        draw(canvas)
    canvas.showPage()
    canvas.save()
    document = pdfium.PdfDocument(buffer.getvalue())
    try:
        return judged(document, 0)
    finally:
        document.close()


def picture(*, cover: float = 1.0, opacity: int = 255) -> Draw:
    """A grey picture in the middle of the page, over a share of its width and height."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    image = ImageReader(Image.new("RGBA", (40, 60), (200, 200, 200, opacity)))

    def draw(canvas: Canvas) -> None:
        x, y = WIDTH * (1 - cover) / 2, HEIGHT * (1 - cover) / 2
        canvas.drawImage(image, x, y, WIDTH * cover, HEIGHT * cover, mask="auto")

    return draw


def lines(text: str, *, top: float = 500, font: str = "Helvetica", mode: int = 0) -> Draw:
    """Text of some lines, from a height on downwards."""

    def draw(canvas: Canvas) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont

        if font == CHINESE:
            pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
        block = canvas.beginText(30, top)
        block.setFont(font, 9)
        block.setTextRenderMode(mode)
        step = 30 if font == CHINESE else 60
        for start in range(0, len(text), step):
            block.textLine(text[start : start + step])
        canvas.drawText(block)

    return draw


def curves(canvas: Canvas) -> None:
    """As many curves as a page of text drawn as outlines has."""
    for number in range(300):
        x, y = 50 + 15 * (number % 20), 100 + 25 * (number // 20)
        canvas.bezier(x, y, x + 5, y + 9, x + 7, y + 3, x + 9, y)


def scan_in_a_form(canvas: Canvas) -> None:
    """A picture that fills the page, drawn in a form ten times as large."""
    canvas.beginForm("scan", 0, 0, 10 * WIDTH, 10 * HEIGHT)
    canvas.saveState()
    canvas.scale(10, 10)
    picture()(canvas)
    canvas.restoreState()
    canvas.endForm()
    canvas.scale(0.1, 0.1)
    canvas.doForm("scan")


COUNTING = lines('!"#$%&#\'()*!+,#-./0$12%!"#3456#789:;!<=>?$', top=200, font="Helvetica-Oblique")
"""What `SLE 18` looks like in a font whose codes only count."""


def moved_down(canvas: Canvas) -> None:
    """Glyph numbers of a common kind of font, taken for characters: 18 is two controls."""
    codes = bytes(ord(letter) - 29 for letter in "SLEDAI scores fell from 18 to 4. " * 5)
    canvas.setFont("Courier", 4)
    font = canvas._doc.getInternalFontName("Courier")
    canvas._code.append(f"BT {font} 4 Tf 30 200 Td <{codes.hex()}> Tj ET")


CASES: dict[str, tuple[tuple[Draw, ...], Reason | None]] = {
    "blank": ((), None),
    "only a page number": ((lines("17", top=30),), None),
    "prose": ((lines(PROSE * 3),), None),
    "Chinese": ((lines(SENTENCE * 9, font=CHINESE),), None),
    "a scan": ((picture(),), Reason.NO_TEXT),
    "a scan with wide margins": ((picture(cover=0.9),), Reason.NO_TEXT),
    "a scan in a form": ((scan_in_a_form,), Reason.NO_TEXT),
    "a scan with a stamp": (
        (picture(), lines("Downloaded from the library of the journal, all rights kept", top=20)),
        Reason.NO_TEXT,
    ),
    "a scan with a watermark": ((picture(), lines("PROOF COPY", top=300)), Reason.NO_TEXT),
    "outlines": ((curves,), Reason.NO_TEXT),
    "a figure with its caption": (
        (picture(cover=0.8), lines("Figure 3. Activity of the disease before and after", top=90)),
        None,
    ),
    "a page number and a small picture": ((picture(cover=0.2), lines("17", top=30)), None),
    "text before a background": ((picture(), lines(PROSE * 3)), None),
    "text behind a watermark": ((lines(PROSE * 3), picture(opacity=40)), None),
    "text behind a picture": ((lines(PROSE * 3), picture()), Reason.HIDDEN_OCR),
    "text not drawn": ((picture(), lines(PROSE * 3, mode=INVISIBLE)), Reason.HIDDEN_OCR),
    "text not drawn and no picture": ((lines(PROSE, mode=INVISIBLE),), Reason.HIDDEN_OCR),
    "only codes that count": ((COUNTING,), Reason.GARBLED),
    "Chinese and codes that count": (
        (lines(SENTENCE * 9, font=CHINESE), COUNTING),
        Reason.HALF_GARBLED,
    ),
    "codes that were moved": ((moved_down,), Reason.GARBLED),
    "Chinese and codes that were moved": (
        (lines(SENTENCE * 9, font=CHINESE), moved_down),
        Reason.HALF_GARBLED,
    ),
    "prose and codes that were moved": ((lines(PROSE * 5), moved_down), Reason.HALF_GARBLED),
    "a program": (
        (lines('for (i = 0; !done && i < 9; i++) { print("#%d", a[i] ^ b); }' * 9),), None),
    "all signs": ((lines("".join(map(chr, range(0x21, 0x7F)))),), None),
    "a table of numbers": ((lines("12.4 (3.1)* <0.001 | 8 of 9 & 7# >=3 " * 20),), None),
    "Chinese and a table of numbers": (
        (
            lines(SENTENCE * 9, font=CHINESE),
            lines("P<0.05 n=12 x=3* t=2.1 P<0.01; " * 12, top=300),
        ),
        None,
    ),
    "Chinese and exclamations": (
        (lines(SENTENCE * 9, font=CHINESE), lines('Why! "Because" it is #1! 5$ & more', top=99)),
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("drawings", "expected"), CASES.values(), ids=CASES)
def test_pages(drawings: tuple[Draw, ...], expected: Reason | None) -> None:
    assert judge(*drawings) == expected


def test_a_reason_has_a_code_and_a_line() -> None:
    for reason in Reason:
        found = Distrust(reason)
        assert found.code == reason
        assert found.message == found.message.strip(" .\n")
        assert "\n" not in found.message


@pytest.mark.skipif(not PAPERS.is_dir(), reason="the papers are not part of the project")
def test_papers_seen_by_eye() -> None:
    """No liar is missed and no honest page accused: the truth is from the pages' pictures."""
    fonts.install()
    wrong = []
    known = [json.loads(line) for line in TRUTH.read_text(encoding="utf-8").splitlines()]
    for name in sorted({entry["file"] for entry in known}):
        document = pdfium.PdfDocument(PAPERS / name)
        for entry in known:
            if entry["file"] == name and judged(document, entry["page"] - 1) != entry["reason"]:
                wrong.append(entry)
        document.close()
    assert not wrong
