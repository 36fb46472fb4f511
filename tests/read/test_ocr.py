"""Recognition of scans, on pictures of pages that are drawn here."""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from carextract.read import ocr
from carextract.read.pdf import fonts
from carextract.read.pdf.layout import NO_BOX, Box

for needed in ("rapidocr", "onnxruntime", "platformdirs"):
    pytest.importorskip(needed, reason="the extra ocr is not installed")
pdfium = pytest.importorskip("pypdfium2")
canvases = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab makes the pages")

from carextract.read.ocr import cache, engine, picture  # noqa: E402

WIDTH, HEIGHT = 330, 150
DIGEST = "5c" * 32

LINES = (
    ("Patients were given 1.0×10", "6", " cells/kg after 25 mg/m", "2", " on day -3"),
    ("(NCT06106906). The SLEDAI-2K score fell from 16 to 4", "12", " at week 24;"),
    ("grade 1 CRS was seen in 5 of 8 patients (62.5%), ICANS in none.",),
)
"""Lines whose second piece and fourth piece are raised."""

READ = (
    "Patients were given 1.0×10⁶ cells/kg after 25 mg/m² on day -3",
    "(NCT06106906). The SLEDAI-2K score fell from 16 to 4¹² at week 24;",
    "grade 1 CRS was seen in 5 of 8 patients (62.5%), ICANS in none.",
)

Canvas = Any
Page = Any


def draw_lines(canvas: Canvas) -> None:
    for number, pieces in enumerate(LINES):
        text = canvas.beginText(20, 120 - 18 * number)
        for place, piece in enumerate(pieces):
            raised = place % 2
            text.setFont("Times-Roman", 6.5 if raised else 10)
            text.setRise(4 if raised else 0)
            text.textOut(piece)
        canvas.drawText(text)


def draw_chinese(canvas: Canvas) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas.setFont("STSong-Light", 14)
    for number in range(4):
        canvas.drawString(20, 120 - 24 * number, "本组患者治疗后病情明显缓解")


def made(draw: Callable[[Canvas], None], size: tuple[float, float] = (WIDTH, HEIGHT)) -> bytes:
    buffer = BytesIO()
    canvas = canvases.Canvas(buffer, pagesize=size)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def scanned(data: bytes, *, turned: int = 0) -> bytes:
    """The first page of a document as a picture on a page, the picture turned anticlockwise."""
    from reportlab.lib.utils import ImageReader

    document = pdfium.PdfDocument(data)
    image = document[0].render(scale=200 / 72).to_pil().rotate(turned, expand=True)
    document.close()
    size = (WIDTH, HEIGHT) if turned % 180 == 0 else (HEIGHT, WIDTH)
    return made(lambda canvas: canvas.drawImage(ImageReader(image), 0, 0, *size), size)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda _: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def scan() -> Iterator[Page]:
    fonts.install()
    document = pdfium.PdfDocument(scanned(made(draw_lines)))
    yield document[0]
    document.close()


@pytest.fixture
def never_again(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def forbid() -> None:
        def refuse(_: object) -> None:
            raise AssertionError("the engine was asked again")

        monkeypatch.setattr(engine, "recognise", refuse)

    return forbid


def recognise(page: Page) -> ocr.Recognition:
    return ocr.recognise_page(page, digest=DIGEST, number=1)


@pytest.fixture(scope="module")
def recognised(scan: Page, tmp_path_factory: pytest.TempPathFactory) -> ocr.Recognition:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setattr("platformdirs.user_cache_path", lambda _: folder)
        return recognise(scan)


def test_numbers_are_read_and_raised_digits_stay_raised(recognised: ocr.Recognition) -> None:
    text = " ".join(segment.text for segment in recognised.segments)
    assert text.replace(" ", "") == "".join(READ).replace(" ", "")
    assert recognised.score > 0.95
    assert all(0.75 < (segment.score or 0) <= 1 for segment in recognised.segments)


def test_places_are_those_of_the_page(recognised: ocr.Recognition) -> None:
    assert recognised.turn.degrees == 0
    for number, baseline in enumerate((30, 48, 66)):
        segment = recognised.segments[number]
        assert segment.baseline == pytest.approx(baseline, abs=1)
        assert segment.size == pytest.approx(10, abs=1.5)
        assert segment.box.x0 == pytest.approx(20, abs=2)


def test_every_character_has_its_box(recognised: ocr.Recognition) -> None:
    for segment in recognised.segments:
        boxes = [Box(*segment.boxes[at : at + 4]) for at in range(0, len(segment.boxes), 4)]
        assert len(boxes) == len(segment.text)
        for char, box in zip(segment.text, boxes, strict=True):
            assert (box == NO_BOX) == char.isspace()
        lefts = [box.x0 for box in boxes if box != NO_BOX]
        assert lefts == sorted(lefts)


def test_a_raised_digit_is_above_the_line(recognised: ocr.Recognition) -> None:
    first = recognised.segments[0]
    at = first.text.index("⁶")
    box = Box(*first.boxes[4 * at : 4 * at + 4])
    assert box.bottom < first.baseline - 2
    assert box.height < 0.7 * first.size


def test_a_page_is_recognised_once(scan: Page, never_again: Callable[[], None]) -> None:
    first = recognise(scan)
    never_again()
    assert recognise(scan) == first


def test_a_damaged_result_is_made_again(
    recognised: ocr.Recognition, own_cache: Path, monkeypatch: pytest.MonkeyPatch, scan: Page
) -> None:
    place = cache.place(digest=DIGEST, number=1, version=engine.version())
    assert cache.keep(place, recognised) == recognised
    whole = place.read_text(encoding="utf-8")
    entry = json.loads(whole)
    entry["lines"][0]["text"] += "!"
    for damaged in ("", "[]", "null", whole[:99], json.dumps(entry), '{"turn": [0], "lines": []}'):
        place.write_text(damaged, encoding="utf-8")
        assert cache.load(place) is None
    monkeypatch.setattr(engine, "recognise", lambda _: (0, []))
    assert recognise(scan).segments == []
    assert cache.load(place) is not None
    assert [path.suffix for path in own_cache.rglob("*") if path.is_file()] == [".json"]


def test_a_cache_that_cannot_be_written_is_done_without(
    own_cache: Path, recognised: ocr.Recognition
) -> None:
    own_cache.write_text("in the way")
    place = cache.place(digest=DIGEST, number=1, version=engine.version())
    assert cache.keep(place, recognised) == recognised
    assert cache.load(place) is None


def test_a_page_on_its_side_is_turned() -> None:
    document = pdfium.PdfDocument(scanned(made(draw_lines), turned=90))
    found = recognise(document[0])
    document.close()
    assert found.turn == (90, WIDTH, HEIGHT)
    assert found.segments[1].text.replace(" ", "") == READ[1].replace(" ", "")
    assert found.segments[1].baseline == pytest.approx(48, abs=1)


def test_an_empty_page_says_nothing() -> None:
    document = pdfium.PdfDocument(made(lambda _: None))
    found = recognise(document[0])
    document.close()
    assert (found.segments, found.score) == ([], 0.0)


def test_a_page_that_needs_a_font_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.install()
    document = pdfium.PdfDocument(made(draw_chinese))
    monkeypatch.setattr(picture, "machine_has_chinese", lambda: False)
    with pytest.raises(ocr.NotDrawableError, match="needs a Chinese font"):
        recognise(document[0])
    document.close()


def test_a_page_is_drawn_with_a_font_of_the_machine() -> None:
    fonts.install()
    if not picture.machine_has_chinese():
        pytest.skip("this machine has no Chinese font")
    document = pdfium.PdfDocument(made(draw_chinese))
    found = recognise(document[0])
    document.close()
    assert {segment.text for segment in found.segments} == {"本组患者治疗后病情明显缓解"}


def test_a_fault_of_the_engine_costs_the_page(monkeypatch: pytest.MonkeyPatch, scan: Page) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("no room\nin memory")

    monkeypatch.setattr(engine, "_engine", lambda: fail)
    with pytest.raises(ocr.NotDrawableError, match=r"^cannot be recognised .*: no room$"):
        recognise(scan)


def test_large_pages_are_drawn_smaller() -> None:
    document = pdfium.PdfDocument(made(lambda _: None, (4000, 3000)))
    drawn = picture.of_page(document[0], number=1)
    document.close()
    assert max(drawn.shape) <= 2401


def test_availability_is_found_without_loading(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ocr.available()
    monkeypatch.setattr(ocr, "find_spec", lambda name: None if name == "rapidocr" else object())
    assert not ocr.available()
