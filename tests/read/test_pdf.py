"""PDFs as users have them: what comes out of each, and one clear line where nothing can."""

import json
import os
import random
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from conftest import PACKAGE_PARENT, ROOT, Run
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

import carextract
from carextract.errors import InputError
from carextract.read import PdfOptions, Recognition, Source, ocr, read
from carextract.read.pdf import pages as reading
from carextract.read.pdf import read_pdf
from carextract.read.pdf.glyphs import Glyphs
from carextract.read.pdf.layout import Segment
from carextract.read.pdf.segments import segments

PDFS = ROOT / "samples" / "pdf"
PAPERS = ROOT.parent / "shared" / "papers"


def source(name: str, *, password: str | None = None) -> Source:
    options = PdfOptions(password=password, recognition=Recognition.NEVER)
    return read(PDFS / f"{name}.pdf", pdf=options)


def drawn(*pages: str) -> bytes:
    """A PDF with one line of text a page."""
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    for text in pages:
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def read_bytes(data: bytes, *, pages: str | None = None) -> Source:
    options = PdfOptions(pages=pages, recognition=Recognition.NEVER)
    return read_pdf(data, name="a.pdf", label="a.pdf", options=options)


def test_powers_are_raised_and_citations_are_no_digits() -> None:
    text = source("two-columns").text
    assert "1.1×10⁶/kg[1]" in text
    assert "25 mg/m²" in text
    assert "106" not in text.replace("10⁶", "")


def test_a_sentence_goes_on_over_columns_and_pages() -> None:
    text = source("running-header").text
    assert "清除淋巴细胞，剂量分别为每天25 mg/m²" in text
    assert "也没有发生ICANS。" in text


def test_every_printed_character_has_its_page_and_box() -> None:
    found = source("running-header")
    assert found.places is not None
    for at, char in enumerate(found.text):
        if not char.isspace():
            (place,) = found.places.on_pages(at, at + 1)
            assert 1 <= place.page <= 3
            ((x0, top, x1, bottom),) = place.boxes
            assert 0 <= x0 < x1 <= 420
            assert 0 <= top < bottom <= 600


def test_evidence_over_a_page_break_is_a_quote_on_each_page() -> None:
    document = carextract.parse(PDFS / "running-header.pdf")
    for kind in ("doses", "sledai", "toxicities", "trials"):
        for record in getattr(document, kind):
            for quote in record.evidence:
                assert quote.page is not None
                assert quote.boxes


def test_what_is_cut_off_the_page_is_not_read() -> None:
    assert "NCT99999999" not in source("turned").text
    assert "NCT06189157" in source("turned").text


@pytest.mark.parametrize("name", ["turned", "running-header", "two-columns"])
def test_characters_stand_where_another_library_finds_them(name: str) -> None:
    document = carextract.parse(PDFS / f"{name}.pdf")
    quotes = [
        quote
        for kind in ("trials", "doses", "sledai", "toxicities")
        for record in getattr(document, kind)
        for quote in record.evidence
    ]
    assert quotes
    with pdfplumber.open(PDFS / f"{name}.pdf") as other:
        for quote in quotes:
            page = other.pages[quote.page - 1]
            dx, dy = page.cropbox[0], page.cropbox[1]
            under = "".join(
                char["text"]
                for x0, top, x1, bottom in quote.boxes
                for char in page.chars
                if x0 <= (char["x0"] + char["x1"]) / 2 - dx <= x1
                and top <= (char["top"] + char["bottom"]) / 2 - dy <= bottom
            )
            assert sorted(plain(under)) == sorted(plain(quote.text))


def plain(text: str) -> str:
    raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", " |\n")
    return text.translate(raised)


def test_password() -> None:
    with pytest.raises(InputError, match="needs a password; give it with --password") as failure:
        source("encrypted")
    assert failure.value.code == "needs-password"
    with pytest.raises(InputError, match="does not open with this password") as failure:
        source("encrypted", password="wrong")
    assert failure.value.code == "wrong-password"
    assert source("encrypted", password="lupus").text.strip()
    assert source("no-password").text.strip()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"Dear colleague", "not-a-pdf"),
        (drawn("a")[:600], "truncated"),
        (
            drawn("a").replace(b"/Root", b"/Rout").replace(b"xref", b"xxxx"),
            "broken-cross-reference",
        ),
    ],
)
def test_classes_of_failure(data: bytes, code: str) -> None:
    with pytest.raises(InputError, match=r"^a\.pdf: ") as failure:
        read_bytes(data)
    assert failure.value.code == code


def test_a_failure_does_not_depend_on_the_one_before() -> None:
    broken = drawn("a").replace(b"/Type /Catalog", b"/Type /Cabinet").replace(b"/Pages", b"/Pegas")
    codes = set()
    for _ in range(2):
        with pytest.raises(InputError) as failure:
            read_bytes(broken)
        codes.add(failure.value.code)
        with pytest.raises(InputError, match="needs a password"):
            source("encrypted")
    assert len(codes) == 1


@pytest.mark.parametrize(
    ("pages", "wanted"),
    [("2", "two"), ("2-3", "two three"), ("1,3-", "one three"), ("3-9", "three")],
)
def test_choice_of_pages(pages: str, wanted: str) -> None:
    data = drawn("one", "two", "three")
    assert read_bytes(data, pages=pages).text.split() == wanted.split()
    assert read_bytes(data, pages=pages).pages == 3


@pytest.mark.parametrize("pages", ["0", "4", "3-2", "x", "1,,2", "-2"])
def test_pages_that_are_not_there(pages: str) -> None:
    with pytest.raises(InputError, match="pages") as failure:
        read_bytes(drawn("one", "two", "three"), pages=pages)
    assert failure.value.code == "pages"


def test_pages_are_read_the_same_in_any_order() -> None:
    data = (PDFS / "running-header.pdf").read_bytes()
    numbers = [1, 2, 3] * 2
    random.Random(1).shuffle(numbers)
    texts = [(number, read_bytes(data, pages=str(number)).text) for number in numbers]
    assert len(set(texts)) == 3


@pytest.mark.parametrize("fault", [ValueError, RuntimeError])
def test_a_bad_page_costs_that_page(
    monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def fails_on_two(glyphs: Glyphs) -> list[Segment]:
        if "".join(glyphs.chars).startswith("two"):
            raise fault("no such line")
        return segments(glyphs)

    monkeypatch.setattr(reading, "segments", fails_on_two)
    found = read_bytes(drawn("one", "two", "three"))
    assert found.text.split() == ["one", "three"]
    (notice,) = found.notices
    assert (notice.code, notice.page) == ("bad-page", 2)
    assert "please report it" in notice.message


def test_a_page_over_a_bound_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_MOST_CHARACTERS", 10)
    found = read_bytes(drawn("short", "longer than any page"))
    assert found.text.split() == ["short"]
    assert [notice.code for notice in found.notices] == ["page-too-large"]
    monkeypatch.setattr(reading, "_LONGEST", -1.0)
    assert [notice.code for notice in read_bytes(drawn("short")).notices] == ["page-too-slow"]


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    found = read(PDFS / "scan.pdf")
    assert found.text == ""
    (notice,) = found.notices
    assert (notice.code, notice.page) == ("no-text", 1)
    assert notice.message.endswith("to read it: pip install 'carextract[ocr]'")
    with pytest.raises(InputError, match=r"pip install 'carextract\[ocr\]'") as failure:
        read(PDFS / "scan.pdf", pdf=PdfOptions(recognition=Recognition.ALWAYS))
    assert failure.value.code == "ocr-not-installed"


def test_page_left_out_is_said_and_strict_fails(call: Run) -> None:
    result = call("parse", PDFS / "half-garbled.pdf", "--ocr", "never")
    assert result.returncode == 0
    document = json.loads(result.stdout)
    assert not any(document[kind] for kind in ("trials", "doses", "sledai", "toxicities"))
    assert document["warnings"][0]["page"] == 1
    assert document["warnings"][0]["code"] == "half-garbled-text"
    assert b"half-garbled.pdf: page 1" in result.stderr
    strict = call("parse", PDFS / "half-garbled.pdf", "--ocr", "never", "--strict")
    assert strict.returncode == 1
    assert json.loads(strict.stdout) == document


def test_a_pdf_on_standard_input_and_under_another_name(run: Run, tmp_path: Path) -> None:
    data = (PDFS / "english.pdf").read_bytes()
    (tmp_path / "paper.txt").write_bytes(data)
    texts = {
        run("text", "-", stdin=data).stdout,
        run("text", "paper.txt").stdout,
        run("text", PDFS / "english.pdf").stdout,
    }
    assert len(texts) == 1
    assert b"CAR T cells" in texts.pop()


def test_text_of_one_page(call: Run) -> None:
    whole = call("text", PDFS / "running-header.pdf").stdout.decode()
    page = call("text", PDFS / "running-header.pdf", "--page", "3").stdout.decode()
    assert "12位患者无一失访" in page
    assert "12位患者无一失访" in whole
    assert "三年前" not in page


def test_layout_is_a_picture_of_the_page(call: Run, tmp_path: Path) -> None:
    result = call("text", PDFS / "grade-table.pdf", "--page", "1", "--layout", "-o", "page.png")
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
    piped = call("text", PDFS / "grade-table.pdf", "--page", "1", "--layout")
    assert piped.stdout == (tmp_path / "page.png").read_bytes()


def test_fonts_of_the_machine_change_nothing() -> None:
    """With whatever fonts this machine has, and with none: the same bytes."""
    command = [sys.executable, "-m", "carextract", "parse", "--ocr", "never"]
    command.append(str(PDFS / "two-columns.pdf"))
    bare = 'mount -t tmpfs none /usr/share/fonts && exec "$@"'
    hidden = ["unshare", "--mount", "sh", "-c", bare, "sh"]
    if not shutil.which("unshare") or subprocess.run([*hidden, "true"], check=False).returncode:
        pytest.skip("fonts can be hidden only by who may mount file systems")
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE_PARENT)}
    outputs = {
        subprocess.run([*prefix, *command], capture_output=True, check=True, env=environment).stdout
        for prefix in ([], hidden)
    }
    assert len(outputs) == 1


def test_chinese_without_an_embedded_font_is_read() -> None:
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas.setFont("STSong-Light", 12)
    canvas.drawString(72, 700, "患者输注后缓解")
    canvas.save()
    assert read_bytes(out.getvalue()).text == "患者输注后缓解\n"


HOSTILE = sorted(PAPERS.glob("nasty/*.pdf"))


@pytest.mark.slow
@pytest.mark.skipif(not HOSTILE, reason="the hostile PDFs are not here")
@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_hostile_file_ends_in_a_document_or_an_error(path: Path) -> None:
    ends = {
        "broken-cross-reference",
        "empty",
        "needs-password",
        "no-pages",
        "not-a-pdf",
        "truncated",
        "unsupported-encryption",
    }
    try:
        document = carextract.parse(path, ocr="never")
    except InputError as error:
        end = error.code
    else:
        end = "empty"
        assert document.source.pages
    assert end in ends
