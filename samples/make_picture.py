"""Write `report.png`, the picture of a report in the README: `python samples/make_picture.py`.

The report is made of our samples, and shown by a real browser: it takes the extras `report` and
`browser`, chromium, and a Chinese font.
"""

from __future__ import annotations

import shutil
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

import carextract
from carextract.decisions import fact_id
from carextract.records import Document
from carextract.report import Papers, write_report

HERE = Path(__file__).resolve().parent
PICTURE = HERE / "report.png"
PAPERS = ("studies-en.txt", "studies-zh-hans.txt", "zh-hant.txt", "zh-hans-ocr.txt")
PDFS = ("two-columns.pdf", "trial-table.pdf", "english.pdf")
OPENED = ("two-columns.pdf", "1.1×10⁶/kg")
_WIDTH, _HEIGHT = 1366, 800
_COLOURS = 256  # a picture of a page needs no more


def main() -> None:
    """Make the report, take its picture, keep it small."""
    with tempfile.TemporaryDirectory() as folder:
        papers = Path(folder) / "papers"
        papers.mkdir()
        for name in (*PAPERS, *PDFS):
            shutil.copy(HERE / ("pdf" if name.endswith(".pdf") else "") / name, papers)
        documents = [carextract.parse(path, ocr="never") for path in sorted(papers.iterdir())]
        report = Path(folder) / "report.html"
        write_report(report, documents, papers=Papers(papers, picture_bytes=10_000_000))
        picture = _shown(report, _opened(documents))
    colours = (
        Image.open(BytesIO(picture)).convert("RGB").quantize(_COLOURS, Image.Quantize.MAXCOVERAGE)
    )
    colours.save(PICTURE, optimize=True)


def _opened(documents: list[Document]) -> str:
    """The name of the fact that is opened in the picture."""
    paper, quote = OPENED
    (document,) = (each for each in documents if each.source.name == paper)
    return next(
        fact_id(document.source.sha256, dose)
        for dose in document.doses
        if any(quote in span.text for span in dose.evidence)
    )


def _shown(report: Path, fact: str) -> bytes:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(
            locale="en-GB", viewport={"width": _WIDTH, "height": _HEIGHT}, device_scale_factor=1.5
        )
        page.goto(f"{report.as_uri()}#fact={fact}")
        page.wait_for_selector("#fact .box")
        page.keyboard.press("a")
        page.wait_for_timeout(500)
        taken: bytes = page.screenshot()
        browser.close()
    return taken


if __name__ == "__main__":
    main()
