"""Write the sample PDFs: `python samples/make_pdfs.py`. The same bytes come out on every run.

`encrypted.pdf` opens with the password `lupus`; `no-password.pdf` is encrypted too, but opens for
all. `truncated.pdf` is the first half of another file. Four samples embed the Chinese font named in
`typesetting/faces.py`; where it is missing they are left as they are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pypdfium2
from PIL import Image
from reportlab.lib.pagesizes import A4, B5, landscape
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import ttfonts
from reportlab.pdfgen.canvas import Canvas
from typesetting.articles import Article, article_lines, furniture
from typesetting.faces import has_embedded_fonts
from typesetting.paper import Paper
from typesetting.strips import Piece, Strip, Stroke, hairline, paragraph

HERE = Path(__file__).resolve().parent
PASSWORD = "lupus"

_B5_MARGINS = (45.0, 60.0, 45.0, 50.0)
_SCAN_DPI = 150
_SCAN_QUALITY = 45
_SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
# What is beyond the crop box is not on the page as it is shown.
_MEDIA_BOX = b"/MediaBox [ 0 0 595.2756 841.8898 ]"
_MOVED_MEDIA_BOX = b"/MediaBox [ -40 -30 555.28 811.9 ]"
_MOVED_BY = (-40, -30)
_CROP_BOX = (-10.0, 10.0, 525.0, 790.0)
_BELOW_THE_CROP = 812.0
_SMALL_PAGE = (400.0, 410.0)
_NOTES = {
    1: "* 通信作者，电子信箱见编辑部网页。收稿日期：2026-01-18；修回日期：2026-03-02。",
    2: "① 该中心后来又随访了同一批患者，结果将另文发表。",
}
_COURSE = ((0, 22), (1, 62), (3, 84), (6, 96))  # month, and points below the top of the figure


def two_columns() -> bytes:
    """A Chinese review: title and abstract over both columns, raised powers and citations."""
    heads = furniture("cid", "临床免疫与细胞治疗 2026年6月 第5卷 第3期", "· {page} ·")
    article = Article("cid", page_size=B5, margins=_B5_MARGINS, furniture=heads)
    article.set(article_lines("two-columns"))
    return article.finish()


def trial_table() -> bytes:
    """A table of trials that goes on over the page, with cells of two lines."""
    article = Article("cid", furniture=furniture("cid", "综述", "{page}"), page_size=(516, 470))
    article.set(article_lines("trial-table"))
    return article.finish()


def grade_table() -> bytes:
    """English tables with grades, visits, a unit and a power of ten in their headers."""
    article = Article("cid", latin=True, furniture=furniture("cid", "ORIGINAL ARTICLE", "{page}"))
    article.set(article_lines("grade-table"))
    return article.finish()


def running_header() -> bytes:
    """Small pages: running heads, page numbers and footnotes come between parts of sentences."""
    article = Article(
        "cid",
        columns=1,
        page_size=_SMALL_PAGE,
        margins=(48, 56, 48, 52),
        furniture=_with_footnotes,
        bottom=lambda number: 84 if number in _NOTES else 52,
    )
    article.text = replace(article.text, size=11.0, leading=1.75)
    article.set(article_lines("running-header"))
    return article.finish()


def _with_footnotes(paper: Paper, number: int) -> None:
    furniture("cid", "顾若川等：病房里的细胞治疗", "第5卷 第3期", "— {page} —")(paper, number)
    if number in _NOTES:
        small = Article("cid").small
        note = paragraph(_NOTES[number], replace(small, size=7.5), paper.measure)
        paper.draw([hairline(80, height=6.0), *note], 0, paper.height - 78)


def traditional() -> bytes:
    """Most of the Traditional sample text, in two columns with an embedded font."""
    title, *lines = (HERE / "zh-hant.txt").read_text(encoding="utf-8").strip().split("\n")
    article = Article("embedded")
    article.set([f"# {title}", "@ 讀書會記錄組"])
    for line in lines[: lines.index("【雙特異性抗體】")]:
        article.set([f"## {line}" if line.startswith("【") else line])
    return article.finish()


def english() -> bytes:
    """English in two columns, with broken words, raised citations and a figure in a column."""
    heads = furniture("cid", "Cell Therapy Notes 5 (2026)", "{page}")
    article = Article("cid", latin=True, page_size=B5, margins=_B5_MARGINS, furniture=heads)
    article.set(article_lines("english"), figure=list(_figure(article)))
    return article.finish()


def _figure(article: Article) -> Iterator[Strip]:
    """A frame with two axes, a falling line, labels, and the legend below."""
    latin, width = article.text.face.latin, article.column
    corners = ((0, 4), (width, 4), (width, 120), (0, 120), (0, 4))
    strokes = [Stroke(*one, *other, 0.7) for one, other in pairwise(corners)]
    strokes += [Stroke(34, 14, 34, 100, 0.7), Stroke(34, 100, width - 15, 100, 0.7)]
    course = [(40 + (width - 65) * month / 6, y) for month, y in _COURSE]
    strokes += [Stroke(*one, *other, 1.0) for one, other in pairwise(course)]
    labels = [(22.0, 24.0 + 24 * at, str(18 - 6 * at)) for at in range(4)]
    labels += [(x - 2, 109, str(month)) for (x, _), (month, _) in zip(course, _COURSE, strict=True)]
    labels += [(110, 40, "mean score"), (100, 117, "months")]
    pieces = [Piece(x, y, label, latin, 7, 0.0) for x, y, label in labels]
    yield Strip(124, tuple(pieces), tuple(strokes))
    legend = replace(article.small, size=8.0, above=0.2)
    yield from paragraph("Figure 1. Course of the score, drawn after one report.", legend, width)
    yield Strip(8)


def scan() -> bytes:
    """A page of the Simplified sample as a picture, without any text."""
    with pypdfium2.PdfDocument(_simplified_page()) as document:
        page = document[0]
        image = page.render(scale=_SCAN_DPI / 72, grayscale=True).to_pil().convert("L")
        page.close()
    jpeg = BytesIO()
    image.save(jpeg, "JPEG", quality=_SCAN_QUALITY, optimize=True)
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.drawImage(ImageReader(Image.open(jpeg)), 0, 0, *A4)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def half_garbled() -> bytes:
    """The same page; its text layer has signs for all that is not Chinese."""
    with _layer(lambda code: _sign(code) if 0x20 < code < 0x250 else code):
        return _simplified_page()


def garbled() -> bytes:
    """The same page; its text layer has signs for everything."""
    with _layer(lambda code: _sign(code) if code != 0x20 else code):
        return _simplified_page()


def _simplified_page() -> bytes:
    """The second section of the Simplified sample text, in two columns, with an embedded font."""
    article = Article("embedded", furniture=furniture("embedded", "综述", "{page}"))
    title, *lines = (HERE / "zh-hans-clean.txt").read_text(encoding="utf-8").split("\n")
    start, end = lines.index("二、自体CD19产品"), lines.index("三、其他设计")
    article.set([f"# {title}", "@ 编辑部", f"## {lines[start]}", *lines[start + 1 : end]])
    return article.finish()


def _sign(code: int) -> int:
    return ord(_SIGNS[code % len(_SIGNS)])


@contextmanager
def _layer(lie: Callable[[int], int]) -> Iterator[None]:
    """Embedded fonts tell a lie about what their characters mean."""
    honest = ttfonts.makeToUnicodeCMap
    ttfonts.makeToUnicodeCMap = lambda name, subset: honest(name, [*map(lie, subset)])
    try:
        yield
    finally:
        ttfonts.makeToUnicodeCMap = honest


def turned() -> bytes:
    """Three pages: shown turned by 90°; beginning below zero and cropped; with a table sideways."""
    article = Article("cid", latin=True, furniture=_turn, page_size=landscape(A4))
    lines = article_lines("turned")
    turned_lines, cropped, table = _split(lines, "---")
    article.set(turned_lines)
    article.flow()
    article.paper.new_page()
    for line in cropped:
        article.paper.put(paragraph(line, article.text, 400))
    proof = paragraph("Proof 2 of NCT99999999, not for print", article.text, 400)
    article.paper.draw(proof, 0, _BELOW_THE_CROP)
    article.paper.new_page()
    article.set(table)
    return _with_moved_box(article.finish(), page=1)


def _split(lines: list[str], mark: str) -> list[list[str]]:
    return [part.strip().split("\n") for part in "\n".join(lines).split(mark)]


def _turn(paper: Paper, number: int) -> None:
    """Turn the first page, crop the second, and write sideways on the third."""
    canvas = paper.canvas
    if number == 1:
        canvas.setPageRotation(90)
        _sideways(paper)
    elif number == 2:
        canvas.setPageRotation(0)
        canvas.setPageSize(A4)
        canvas.setCropBox(_CROP_BOX)
        canvas.translate(*_MOVED_BY)
        paper.resize(A4)
    else:
        canvas.setCropBox(None)
        furniture("cid", "Supplement", "{page}")(paper, number)
        paper.resize(landscape(A4))
        _sideways(paper)


def _sideways(paper: Paper) -> None:
    """From here on the page is written from bottom to top."""
    paper.canvas.translate(A4[0], 0)
    paper.canvas.rotate(90)


def _with_moved_box(data: bytes, *, page: int) -> bytes:
    """The file with another media box on one page; what follows it stays in its place."""
    at = -1
    for _ in range(page + 1):
        at = data.index(_MEDIA_BOX, at + 1)
    box = _MOVED_MEDIA_BOX.ljust(len(_MEDIA_BOX))
    return data[:at] + box + data[at + len(_MEDIA_BOX) :]


def encrypted() -> bytes:
    """A file that needs a password."""
    return _locked(PASSWORD)


def no_password() -> bytes:
    """A file that is encrypted, but opens without a password."""
    return _locked("")


def _locked(user: str) -> bytes:
    lock = StandardEncryption(user, ownerPassword="proof", strength=128)
    article = Article("cid", latin=True, columns=1, encrypt=lock)
    article.set(article_lines("encrypted"))
    return article.finish()


def truncated() -> bytes:
    """A file that breaks off in the middle."""
    data = two_columns()
    return data[: len(data) // 2]


MAKERS: dict[str, Callable[[], bytes]] = {
    "two-columns": two_columns,
    "trial-table": trial_table,
    "grade-table": grade_table,
    "running-header": running_header,
    "traditional": traditional,
    "english": english,
    "scan": scan,
    "half-garbled": half_garbled,
    "garbled": garbled,
    "turned": turned,
    "encrypted": encrypted,
    "no-password": no_password,
    "truncated": truncated,
}
NEED_FONT_FILE = frozenset({"traditional", "scan", "half-garbled", "garbled"})


def main() -> None:
    """Write every sample whose fonts are here."""
    for name, make in MAKERS.items():
        if name in NEED_FONT_FILE and not has_embedded_fonts():
            sys.stderr.write(f"{name}: left as it is; the font to embed is not on this machine\n")
        else:
            (HERE / "pdf" / f"{name}.pdf").write_bytes(make())


if __name__ == "__main__":
    main()
