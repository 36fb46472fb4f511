"""Papers with their facts marked: read back with pdfium, every highlight lies over its quote.

The samples are turned, cropped and moved first, since that is where boxes go astray.
"""

import logging
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from ctypes import c_ushort
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from conftest import ROOT, Run
from PIL import Image, ImageChops, ImageDraw
from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.annotations import Highlight, Link
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    RectangleObject,
    StreamObject,
    TextStringObject,
)
from test_same_facts import bare

from carextract.annotate import COLOURS, Annotated, annotate
from carextract.annotate.increment import Increment
from carextract.annotate.marks import marks
from carextract.errors import CarextractError, InputError
from carextract.pipeline import parse_source
from carextract.read import PdfOptions, Recognition, Source, from_bytes
from carextract.read.pdf.fonts import install
from carextract.records import FACT_KINDS, Document, Dose, Evidence
from carextract.rules import load_rules

PDFS = ROOT / "samples" / "pdf"
PAPERS = ROOT.parent / "shared" / "papers"
WITH_FACTS = (
    *("english", "grade-table", "running-header", "traditional", "trial-table", "turned"),
    "two-columns",
)
LOCKED = {"encrypted": "lupus", "no-password": None}
_SCALE = 2  # pixels a point


@dataclass(frozen=True, slots=True)
class Seen:
    """A highlight as pdfium sees it: its corners in the coordinates of the file, and its note."""

    name: str
    boxes: tuple[tuple[float, ...], ...]
    note: str


def source_of(data: bytes, *, password: str | None = None) -> Source:
    options = PdfOptions(password=password, recognition=Recognition.NEVER)
    return from_bytes(data, name="a.pdf", label="a.pdf", pdf=options)


def facts_of(data: bytes, *, password: str | None = None) -> Document:
    return parse_source(source_of(data, password=password))


def marked(data: bytes, *, password: str | None = None) -> Annotated:
    document = facts_of(data, password=password)
    return annotate(data, document, load_rules(), label="a.pdf", password=password)


def sample(name: str) -> bytes:
    return (PDFS / f"{name}.pdf").read_bytes()


def evidence_of(document: Document) -> dict[str, Evidence]:
    """The quotes by the names of their highlights."""
    return {
        f"carextract-{fact.key}-{number}": evidence
        for kind in FACT_KINDS
        for fact in getattr(document, kind)
        for number, evidence in enumerate(fact.evidence, 1)
    }


def seen_on(page: pypdfium2.PdfPage) -> Iterator[Seen]:
    """The highlights of a page."""
    for at in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, at)
        if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_HIGHLIGHT:
            quads = []
            for number in range(pdfium.FPDFAnnot_CountAttachmentPoints(annotation)):
                quad = pdfium.FS_QUADPOINTSF()
                assert pdfium.FPDFAnnot_GetAttachmentPoints(annotation, number, quad)
                quads.append(tuple(getattr(quad, name) for name, _ in quad._fields_))
            yield Seen(text_of(annotation, b"NM"), tuple(quads), text_of(annotation, b"Contents"))
        pdfium.FPDFPage_CloseAnnot(annotation)


def text_of(annotation: object, key: bytes) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    text = (c_ushort * (size // 2))()
    pdfium.FPDFAnnot_GetStringValue(annotation, key, text, size)
    return bytes(text).decode("utf-16-le").rstrip("\0")


def under(page: pypdfium2.PdfPage, seen: Seen) -> str:
    """The characters whose middle is in one of the boxes of a highlight, by pdfium's own boxes."""
    found = []
    with closing(page.get_textpage()) as text:
        for at in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(at)
            x, y = (left + right) / 2, (bottom + top) / 2
            if left < right and any(
                min(box[0::2]) <= x <= max(box[0::2]) and min(box[1::2]) <= y <= max(box[1::2])
                for box in seen.boxes
            ):
                found.append(chr(pdfium.FPDFText_GetUnicode(text, at)))
    return "".join(found)


def printed(text: str) -> Counter[str]:
    """The characters of a text; what ends a line is a hyphen, whatever pdfium has there."""
    return Counter(bare(re.sub("[\x02\ufffe\xad\u2010\u2011]", "-", text)))


def assert_highlights_lie_over_their_quotes(data: bytes, *, at_least: int) -> None:
    """Annotate a paper and read it back: the words below every highlight are those of its quote."""
    quotes = evidence_of(facts_of(data))
    done = marked(data)
    assert len(done.marks) >= at_least
    left = {mark.name: mark for mark in done.marks}
    install()
    with pypdfium2.PdfDocument(done.data) as pdf:
        for number, page in enumerate(pdf, 1):
            for seen in seen_on(page):
                mark, quote = left.pop(seen.name), quotes[seen.name]
                assert (mark.page, quote.page, seen.note) == (number, number, mark.note)
                assert len(seen.boxes) == len(mark.boxes)
                assert printed(under(page, seen)) == printed(quote.text), seen
    assert not left


def rewritten(data: bytes, change: Callable[[PageObject], None]) -> bytes:
    """A PDF with each page changed."""
    writer = PdfWriter(clone_from=BytesIO(data))
    for page in writer.pages:
        change(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def as_it_is(page: PageObject) -> None:
    pass


def cropped(page: PageObject) -> None:
    """Shown without its edges: the corner of what is shown is not that of the page."""
    left, bottom, right, top = map(float, page.cropbox)
    page.cropbox = RectangleObject((left + 23.5, bottom + 31, right - 17, top - 9.25))


def moved(page: PageObject) -> None:
    """The same page in coordinates that begin below zero."""
    page.add_transformation(Transformation().translate(-340.5, -271.25))
    for name, box in {"/MediaBox": page.mediabox, "/CropBox": page.cropbox}.items():
        left, bottom, right, top = map(float, box)
        by = (left - 340.5, bottom - 271.25, right - 340.5, top - 271.25)
        page[NameObject(name)] = RectangleObject(by)


def moved_and_cropped(page: PageObject) -> None:
    moved(page)
    cropped(page)


def cropped_too_wide(page: PageObject) -> None:
    """A crop box that reaches beyond the page, as some programs write it: less of it is shown."""
    left, bottom, right, top = map(float, page.mediabox)
    page[NameObject("/CropBox")] = RectangleObject((left - 50, bottom + 20, right + 70, top + 90))


def in_large_units(page: PageObject) -> None:
    page[NameObject("/UserUnit")] = FloatObject(2)


BOXES = (as_it_is, cropped, moved, moved_and_cropped, cropped_too_wide, in_large_units)


@pytest.mark.parametrize("name", WITH_FACTS)
def test_highlights_lie_over_their_quotes(name: str) -> None:
    assert_highlights_lie_over_their_quotes(sample(name), at_least=12)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("boxes", BOXES, ids=lambda change: change.__name__)
@pytest.mark.parametrize(
    "name",
    [
        "turned",
        *(pytest.param(name, marks=pytest.mark.slow) for name in WITH_FACTS if name != "turned"),
    ],
)
def test_on_turned_and_cropped_pages_too(
    name: str, boxes: Callable[[PageObject], None], rotation: int
) -> None:
    def change(page: PageObject) -> None:
        boxes(page)
        page.rotate(rotation)

    assert_highlights_lie_over_their_quotes(rewritten(sample(name), change), at_least=10)


def test_what_a_page_inherits_counts() -> None:
    writer = PdfWriter(clone_from=BytesIO(sample("two-columns")))
    parent = writer.root_object["/Pages"]
    assert isinstance(parent, DictionaryObject)
    (page,) = writer.pages
    box = [*map(float, page.mediabox)]
    parent[NameObject("/MediaBox")] = RectangleObject(box)
    parent[NameObject("/CropBox")] = RectangleObject((box[0] + 20, box[1] + 30, *box[2:]))
    parent[NameObject("/Rotate")] = NumberObject(270)
    for name in ("/MediaBox", "/CropBox", "/Rotate"):
        page.pop(NameObject(name), None)
    out = BytesIO()
    writer.write(out)
    assert_highlights_lie_over_their_quotes(out.getvalue(), at_least=12)
    written = PdfReader(BytesIO(marked(out.getvalue()).data))
    reference = written.pages[0].indirect_reference
    assert reference is not None
    stands = written.get_object(reference)
    assert isinstance(stands, DictionaryObject)
    assert not {"/MediaBox", "/CropBox", "/Rotate"} & set(stands)


def pictures(data: bytes) -> Iterator[tuple[Image.Image, Image.Image]]:
    """Each page without and with its annotations, in shades of grey."""
    with pypdfium2.PdfDocument(data) as pdf:
        for page in pdf:
            with_none, with_all = (
                page.render(scale=_SCALE, draw_annots=drawn).to_pil().convert("L")
                for drawn in (False, True)
            )
            yield with_none, with_all


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("name", ["turned", "grade-table"])
def test_what_is_seen_changes_in_the_boxes_and_nowhere_else(name: str, rotation: int) -> None:
    def change(page: PageObject) -> None:
        cropped(page)
        page.rotate(rotation)

    done = marked(rewritten(sample(name), change))
    for number, (before, after) in enumerate(pictures(done.data), 1):
        assert before.size == after.size
        changed = ImageChops.difference(before, after).point(lambda shade: 255 * (shade > 8))
        elsewhere = ImageDraw.Draw(rest := changed.copy())
        for mark in done.marks:
            if mark.page != number:
                continue
            shades = Counter[int]()
            for box in mark.boxes:
                x0, top, x1, bottom = (round(side * _SCALE) for side in box)
                within = changed.crop((x0 + 1, top + 1, x1 - 1, bottom - 1))
                shades.update(within.tobytes())
                elsewhere.rectangle((x0 - 1, top - 1, x1 + 1, bottom + 1), fill=0)
            # All but the letters, which stay black.
            assert shades[255] > shades.total() / 3, mark
        assert rest.getbbox() is None


@pytest.mark.parametrize("name", WITH_FACTS)
def test_text_stays_readable_below_many_highlights(name: str) -> None:
    """However many lie over each other, paper below them is never darker than their colours."""
    install()
    done = marked(sample(name))
    for before, after in pictures(done.data):
        paper = before.point(lambda shade: 255 * (shade > 250))
        shades = after.histogram(paper)
        assert not any(shades[:140])


def test_colours_are_those_of_the_kinds() -> None:
    done = marked(sample("two-columns"))
    tints = {}
    for annotation in annotations(done.data):
        colour = annotation["/C"]
        assert isinstance(colour, ArrayObject)
        tints[str(annotation["/Subj"])] = tuple(map(float, colour))
    assert set(tints) == set(FACT_KINDS)
    assert len(set(tints.values())) == len(FACT_KINDS)
    for kind, tint in tints.items():
        strong = [part / 255 for part in COLOURS[kind][1:]]
        assert tint == pytest.approx([(1 + part) / 2 for part in strong], abs=0.002)


def annotations(data: bytes) -> list[DictionaryObject]:
    """Every annotation of a file, in the order that they lie over each other."""
    found = []
    for page in PdfReader(BytesIO(data)).pages:
        there = page.get("/Annots", ArrayObject()).get_object()
        assert isinstance(there, ArrayObject)
        found += [entry.get_object() for entry in there]
    return found


def test_a_note_says_what_why_and_whose() -> None:
    notes = {mark.name: mark.note for mark in marked(sample("two-columns")).marks}
    assert notes["carextract-dose-2-1"].splitlines() == [
        "Dose: 1.1×10⁶ cells/kg CAR-T",
        "Key: dose-2",
        "Rule: dose.amount (what it reads, with examples: an amount with its unit, with or without"
        " a limit: 25 mg/m2/day, ≤10 mg/d, 1×10^6 CAR-T cells/kg, 10毫克以下)",
        "Repairs: characters",
        "Study: MOUGIAKAKOS 2021 [1], citation",
    ]
    assert notes["carextract-trial-5-1"].startswith("Trial: NCT06010472\n")
    assert notes["carextract-trial-5-1"].endswith("\nRepairs: none\nStudy: not known")
    assert notes["carextract-dose-1-2"].endswith("\nQuote: 2 of 2")


def test_a_note_holds_whatever_a_document_does() -> None:
    data = sample("two-columns")
    document = facts_of(data)
    study = document.studies[0].model_copy(update={"label": "欧阳\n娜\udc80娜 𠀋 (2024)"})
    document = document.model_copy(update={"studies": (study, *document.studies[1:])})
    done = annotate(data, document, load_rules(), label="a.pdf")
    with pypdfium2.PdfDocument(done.data) as pdf:
        notes = [seen.note for seen in seen_on(pdf[0])]
    assert any("\nStudy: 欧阳 娜\\udc80娜 𠀋 (2024) [1], citation" in note for note in notes)


def test_a_rule_that_is_not_known_has_no_words() -> None:
    document = facts_of(sample("two-columns"))
    (first, *_) = document.trials
    odd = document.model_copy(update={"trials": (first.model_copy(update={"rule": "x.y"}),)})
    (mark,) = marks(odd, load_rules(), kinds=["trials"])
    assert "\nRule: x.y\n" in mark.note


def test_a_quote_of_several_facts_is_one_highlight_with_all_of_them() -> None:
    done = marked(sample("grade-table"))
    shared = [mark for mark in done.marks if len(mark.facts) > 1]
    assert shared
    for mark in shared:
        assert [f"\nKey: {key}\n" in mark.note for key in mark.facts] == [True] * len(mark.facts)
    places = [(mark.page, mark.boxes) for mark in done.marks]
    assert len(places) == len(set(places))
    proved = {key for mark in done.marks for key in mark.facts}
    document = facts_of(sample("grade-table"))
    assert proved == {fact.key for kind in FACT_KINDS for fact in getattr(document, kind)}


def test_a_small_highlight_lies_over_a_large_one() -> None:
    def area(annotation: DictionaryObject) -> float:
        quads = annotation["/QuadPoints"]
        assert isinstance(quads, ArrayObject)
        sides = [*map(float, quads)]
        return sum(
            (sides[at + 2] - sides[at]) * (sides[at + 1] - sides[at + 5])
            for at in range(0, len(sides), 8)
        )

    areas = [area(annotation) for annotation in annotations(marked(sample("english")).data)]
    assert areas == pytest.approx(sorted(areas, reverse=True), rel=1e-3)


def test_every_highlight_has_a_name_of_its_own_and_is_printed() -> None:
    found = annotations(marked(sample("running-header")).data)
    assert len({str(annotation["/NM"]) for annotation in found}) == len(found) > 12
    assert {str(annotation["/F"]) for annotation in found} == {"4"}
    assert {str(annotation["/T"]) for annotation in found} == {"carextract"}


@pytest.mark.parametrize("name", WITH_FACTS)
def test_the_paper_stays_as_it_was(name: str) -> None:
    data = sample(name)
    done = marked(data)
    assert done.data.startswith(data)
    assert not done.unlocked
    one, other = (PdfReader(BytesIO(each)) for each in (data, done.data))
    assert len(one.pages) == len(other.pages)
    for before, after in zip(one.pages, other.pages, strict=True):
        assert without_annotations(before) == without_annotations(after)
    # A program that looks no further than the newest trailer finds title and authors there.
    assert {"/Info", "/ID", "/Root"} & set(one.trailer) <= {
        name for name in ("/Info", "/ID", "/Root") if name.encode() in done.data[len(data) :]
    }
    assert other.metadata == one.metadata


def without_annotations(page: PageObject) -> bytes:
    """A page as it stands in a file, with the numbers of its contents and resources."""
    out = BytesIO()
    DictionaryObject({key: page.raw_get(key) for key in page if key != "/Annots"}).write_to_stream(
        out
    )
    return out.getvalue()


@pytest.mark.parametrize(("name", "password"), [("encrypted", "lupus"), ("english", "")])
def test_the_same_paper_gives_the_same_bytes(
    run: Run, tmp_path: Path, name: str, password: str
) -> None:
    options = ("--password", password, "-o", "a.pdf")
    run("annotate", PDFS / f"{name}.pdf", *options, PYTHONHASHSEED="4711")
    assert (tmp_path / "a.pdf").read_bytes() == marked(sample(name), password=password).data


@pytest.mark.parametrize("indirect", [False, True])
def test_annotations_that_are_there_stay(indirect: bool) -> None:
    writer = PdfWriter(clone_from=BytesIO(sample("two-columns")))
    writer.add_annotation(0, Link(rect=(10, 20, 30, 40), url="https://example.org/论文"))
    quads = ArrayObject(map(FloatObject, (50, 60, 70, 60, 50, 50, 70, 50)))
    own = Highlight(rect=(50, 50, 70, 60), quad_points=quads)
    own[NameObject("/Contents")] = TextStringObject("mine: 剂量?")
    writer.add_annotation(0, own)
    page = writer.pages[0]
    if indirect:
        page[NameObject("/Annots")] = writer._add_object(page["/Annots"])
    out = BytesIO()
    writer.write(out)
    link, mine, *ours = annotations(marked(out.getvalue()).data)
    assert (str(link["/Subtype"]), str(mine["/Contents"])) == ("/Link", "mine: 剂量?")
    assert len(ours) == len(marked(sample("two-columns")).marks)


def test_annotated_again_it_has_its_highlights_once() -> None:
    once = marked(sample("english"))
    twice = marked(once.data)
    names = [str(annotation["/NM"]) for annotation in annotations(twice.data)]
    assert sorted(names) == sorted(mark.name for mark in once.marks)


@pytest.mark.parametrize(("name", "password"), LOCKED.items())
def test_a_locked_paper_is_written_without_its_lock(name: str, password: str | None) -> None:
    data = sample(name)
    done = marked(data, password=password)
    assert done.unlocked
    assert_highlights_lie_over_their_quotes(done.data, at_least=3)
    before, after = PdfReader(BytesIO(data)), PdfReader(BytesIO(done.data))
    before.decrypt(password or "")
    assert not after.is_encrypted
    assert [*map(contents, before.pages)] == [*map(contents, after.pages)]


def test_a_password_that_is_not_needed_does_no_harm() -> None:
    assert marked(sample("english"), password="lupus").data == marked(sample("english")).data


@pytest.mark.parametrize("name", ["garbled", "scan"])
def test_a_paper_without_facts_comes_back_as_it_is(name: str) -> None:
    assert marked(sample(name)) == Annotated(sample(name), (), unlocked=False)


def contents(page: PageObject) -> bytes:
    """What is drawn on a page, as it is in the file."""
    found = page["/Contents"].get_object()
    assert isinstance(found, StreamObject)
    return found.get_data()


def with_a_stream_of_contents(data: bytes) -> bytes:
    """A PDF whose newest table of contents is a stream."""
    writer = PdfWriter(BytesIO(data), incremental=True)
    writer.pages[0][NameObject("/Marked")] = NumberObject(1)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def without_room_at_its_end(data: bytes) -> bytes:
    return data.rstrip()


def behind_something_else(data: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\n\r\n" + data


def with_false_places(data: bytes) -> bytes:
    """A table of contents that is not where the file says."""
    return re.sub(rb"startxref\s+\d+", b"startxref\n123", data)


def with_its_page_twice(data: bytes) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(data))
    parent = writer.root_object["/Pages"]
    assert isinstance(parent, DictionaryObject)
    kids = parent["/Kids"]
    assert isinstance(kids, ArrayObject)
    kids.append(kids[0])
    parent[NameObject("/Count")] = NumberObject(len(kids))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


ODD = (
    with_a_stream_of_contents,
    without_room_at_its_end,
    behind_something_else,
    with_false_places,
)


@pytest.mark.parametrize("damage", ODD, ids=lambda damage: damage.__name__)
def test_odd_files_are_added_to(damage: Callable[[bytes], bytes]) -> None:
    data = damage(sample("english"))
    assert marked(data).data.startswith(data)
    assert_highlights_lie_over_their_quotes(data, at_least=12)


def test_a_page_that_is_there_twice_has_the_highlights_of_both() -> None:
    done = marked(with_its_page_twice(sample("english")))
    assert {mark.page for mark in done.marks} == {1, 2}
    with pypdfium2.PdfDocument(done.data) as pdf:
        names = [{seen.name for seen in seen_on(page)} for page in pdf]
    assert names[0] == names[1] == {mark.name for mark in done.marks}


def test_what_is_added_in_a_stream_is_read_by_others() -> None:
    done = marked(with_a_stream_of_contents(sample("english")))
    assert done.data.rpartition(b"startxref")[0].rstrip().endswith(b"endobj")
    assert len(annotations(done.data)) == len(done.marks)


def test_facts_of_another_file_are_refused() -> None:
    with pytest.raises(InputError, match="is not the file that the facts were read from"):
        annotate(sample("english"), facts_of(sample("turned")), load_rules(), label="a.pdf")


def test_what_pdfium_reads_and_pypdf_does_not_is_one_line(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = sample("english").replace(b"startxref", b"startxxxx")
    (tmp_path / "a.pdf").write_bytes(broken)
    result = run("annotate", "a.pdf", "-o", "b.pdf")
    assert (result.returncode, result.stdout) == (1, b"")
    (line,) = result.stderr.decode().splitlines()
    assert line.startswith("carextract: a.pdf: can be read, but is too damaged to add anything")
    assert not (tmp_path / "b.pdf").exists()
    level = logging.getLogger("pypdf").level
    with pytest.raises(InputError):
        marked(broken)
    assert not caplog.records
    assert logging.getLogger("pypdf").level == level


def test_what_does_not_read_back_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sample("english")
    for wrong in (data, sample("turned"), b"no PDF"):
        monkeypatch.setattr(Increment, "written", lambda _, wrong=wrong: wrong)
        with pytest.raises(InputError, match="too damaged"):
            marked(data)


def test_a_missing_library_is_one_line_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    document = facts_of(sample("english"))
    monkeypatch.setitem(__import__("sys").modules, "pypdf", None)
    with pytest.raises(CarextractError, match=r"needs pypdf.*pip install 'carextract\[report\]'"):
        annotate(sample("english"), document, load_rules(), label="a.pdf")


def test_the_command_says_what_it_marked(call: Run, tmp_path: Path) -> None:
    result = call("annotate", PDFS / "two-columns.pdf", "-o", "a.pdf")
    assert (result.returncode, result.stdout) == (0, b"")
    assert result.stderr.decode() == (
        "carextract: a.pdf: 32 highlights on 1 page: 5 trials (blue), 8 doses (green),"
        " 4 scores (orange), 12 toxicities (purple)\n"
    )
    assert (tmp_path / "a.pdf").read_bytes() == marked(sample("two-columns")).data
    piped = call("annotate", "-", "-o", "b.pdf", stdin=sample("two-columns"))
    assert (piped.returncode, piped.stdout) == (0, b"")
    assert (tmp_path / "b.pdf").read_bytes() == (tmp_path / "a.pdf").read_bytes()


def test_the_command_marks_the_kinds_that_it_is_given(call: Run, tmp_path: Path) -> None:
    options = ("--kind", "sledai", "--kind", "trials")
    result = call("annotate", PDFS / "turned.pdf", "-o", "a.pdf", *options)
    assert result.stderr.decode() == (
        "carextract: a.pdf: 11 highlights on 3 pages: 2 trials (blue), 6 scores (orange)\n"
    )
    assert len(annotations((tmp_path / "a.pdf").read_bytes())) == 11


SAID = [
    ("garbled.pdf", [], ["page 1 has a garbled text layer", "a.pdf: no facts to mark"]),
    ("no-password.pdf", [], ["is encrypted; a.pdf is not", "a.pdf: 4 highlights"]),
    ("encrypted.pdf", ["--password", "lupus"], ["is encrypted; a.pdf is not", "4 highlights"]),
]


@pytest.mark.parametrize(("name", "options", "said"), SAID)
def test_the_command_says_what_else_there_is_to_know(
    call: Run, tmp_path: Path, name: str, options: list[str], said: list[str]
) -> None:
    result = call("annotate", PDFS / name, "-o", "a.pdf", "--ocr", "never", *options)
    assert (result.returncode, result.stdout) == (0, b"")
    lines = result.stderr.decode().splitlines()
    assert len(lines) == len(said)
    assert all(part in line for part, line in zip(said, lines, strict=True))
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as pdf:
        assert len(pdf) == 1


REFUSED = [
    (["a.txt", "-o", "b.pdf"], b"", "a.txt: is a text and has no pages to mark"),
    (["-", "-o", "b.pdf"], b"One patient had grade 1 CRS.", "standard input: is a text"),
    (["-", "-o", "b.pdf"], b"", "standard input: is empty"),
    (["missing.pdf", "-o", "b.pdf"], b"", "missing.pdf: no such file"),
    (["letter.pdf", "-o", "b.pdf"], b"", "letter.pdf: is not a PDF"),
    (["paper.pdf", "-o", "paper.pdf"], b"", "paper.pdf: is the input itself"),
    (["paper.pdf", "-o", "no/where.pdf"], b"", "no/where.pdf: cannot be written"),
    (["locked.pdf", "-o", "b.pdf"], b"", "locked.pdf: needs a password"),
    (["locked.pdf", "-o", "b.pdf", "--password", "x"], b"", "does not open with this password"),
    (["cut.pdf", "-o", "b.pdf"], b"", "cut.pdf: ends before its end"),
    (["paper.pdf", "-o", "b.pdf", "--patterns", "nowhere"], b"", "nowhere: "),
    ([".", "-o", "b.pdf"], b"", ".: is a folder"),
]


@pytest.mark.parametrize(("arguments", "stdin", "said"), REFUSED)
def test_what_cannot_be_annotated_is_said_in_one_line(
    call: Run, tmp_path: Path, arguments: list[str], stdin: bytes, said: str
) -> None:
    (tmp_path / "a.txt").write_text("One patient had grade 1 CRS.", encoding="utf-8")
    (tmp_path / "letter.pdf").write_text("Dear colleague", encoding="utf-8")
    for name, given in (("paper", "english"), ("locked", "encrypted"), ("cut", "truncated")):
        (tmp_path / f"{name}.pdf").write_bytes(sample(given))
    there = {path: path.read_bytes() for path in tmp_path.iterdir()}
    result = call("annotate", *arguments, stdin=stdin)
    assert (result.returncode, result.stdout) == (1, b"")
    (line,) = result.stderr.decode().splitlines()
    assert said in line
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == there


@pytest.mark.parametrize(
    "arguments", [["paper.pdf"], ["-o", "b.pdf"], ["a", "-o", "b", "--kind", "x"]]
)
def test_wrong_usage(call: Run, arguments: list[str]) -> None:
    result = call("annotate", *arguments)
    assert (result.returncode, result.stdout) == (2, b"")
    assert b"Traceback" not in result.stderr


def made_up(source: Source, *, quotes: int) -> Document:
    """A document of doses, read from anywhere in a text: most papers have no facts."""
    assert source.places is not None
    draw = random.Random(source.sha256)
    doses = []
    for number in range(quotes if source.text.strip() else 0):
        start = draw.randrange(len(source.text))
        end = min(start + draw.randrange(1, 40), len(source.text))
        dose = Dose.model_construct(
            key=f"dose-{number}",
            unit="mg",
            text="",
            rule="a.b",
            repairs=(),
            study=None,
            evidence=tuple(
                Evidence(
                    text=source.text[place.start : place.end],
                    start=place.start,
                    end=place.end,
                    page=place.page,
                    boxes=place.boxes,
                )
                for place in source.places.on_pages(start, end)
            ),
        )
        doses.append(dose)
    return parse_source(source).model_copy(
        update={"doses": tuple(doses), "trials": (), "sledai": (), "toxicities": (), "studies": ()}
    )


def read_back(data: bytes, document: Document) -> Sequence[bool]:
    """For every highlight of a paper whether the words below it are those of its quote."""
    quotes = evidence_of(document)
    with pypdfium2.PdfDocument(data) as pdf:
        return [
            printed(under(page, seen)) == printed(quotes[seen.name].text)
            for page in pdf
            for seen in seen_on(page)
            if seen.name in quotes
        ]


@pytest.mark.slow
@pytest.mark.skipif(not PAPERS.exists(), reason="the papers are not in this tree")
def test_papers_of_all_kinds_are_annotated_or_refused_in_a_line() -> None:
    """Hostile ones too. Where words differ, the paper has text over text, or ligatures cut."""
    install()
    right: list[bool] = []
    for path in sorted(PAPERS.rglob("*.pdf")):
        data = path.read_bytes()
        try:
            document = made_up(source_of(data), quotes=40)
            done = annotate(data, document, load_rules(), label=path.name)
        except InputError:
            continue
        assert done.unlocked or done.data.startswith(data)
        found = read_back(done.data, document)
        assert len(found) >= len(done.marks), path
        right += found
    assert len(right) > 1_500
    assert sum(right) > 0.9 * len(right)
