"""A text gives the same facts as a PDF: typeset like a paper, read back, and measured alike.

Each passage is set in one column and in two, with fonts that are not embedded and with such as are.
Every box of the evidence is looked under with a second library.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest
from typesetting.faces import STAND_INS, has_embedded_fonts
from typesetting.letters import LOWERED, RAISED
from typesetting.passages import Columns, Fonts, typeset

import carextract
from carextract.evaluate import Keys, Passage, Tally, document_keys, read_passages
from carextract.pipeline import parse_source
from carextract.read import PdfOptions, Recognition, Source, from_string, read
from carextract.read.pdf.fonts import install
from carextract.records import FACT_KINDS, Document

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT.parent / "shared" / "gold"
F1_MAY_DIFFER = 0.01

COLLECTIONS = {
    # Those of `*-4` have lines cut inside words and numbers at random, as no page is typeset.
    "passages": sorted((ROOT / "tests" / "passages").glob("[!s]*-[!4].jsonl")),
    "samples": sorted((ROOT / "samples").glob("*.txt")),
    "gold": sorted(GOLD.glob("dev-*.jsonl")),
}
# Damage that only a text file can have, and no printed page carries.
NOT_PRINTABLE = {
    "enr-065": "two columns woven into each other line by line",
    "zh-048": "formulas in the source code of a converter; in print it looks like false text",
    "zh-049": "formulas in the source code of a converter; in print it looks like false text",
}
# Whether a digit is raised, and what is a ligature, is not told apart under a box.
_SAME = str.maketrans({**RAISED, **LOWERED, "ﬁ": "fi", "ﬂ": "fl", "\u00ad": "-", "^": ""})


@dataclass(frozen=True, slots=True)
class Readings:
    """A passage, its text as a document, and its PDF as a source and a document."""

    passage: Passage
    of_text: Document
    pdf: Path
    source: Source
    of_pdf: Document


def passages(collection: str) -> Iterator[Passage]:
    """The passages of a collection; what is found in the text of a sample counts as right there."""
    for path in COLLECTIONS[collection]:
        if path.suffix == ".jsonl":
            yield from read_passages(path)
        else:
            text = read(path).text
            keys = document_keys(carextract.parse_text(text))
            yield Passage(path.stem, text, keys, dict.fromkeys(FACT_KINDS, frozenset()))


def readings(collection: str, columns: Columns, font: Fonts, folder: Path) -> Iterator[Readings]:
    """Every passage of a collection, read as a text and as a PDF."""
    for passage in passages(collection):
        if passage.id in NOT_PRINTABLE:
            continue
        pdf = folder / f"{passage.id}.pdf"
        pdf.write_bytes(typeset(passage.text, columns=columns, font=font))
        source = read(pdf, pdf=PdfOptions(recognition=Recognition.NEVER))
        of_text = parse_source(from_string(passage.text, name=passage.id))
        yield Readings(passage, of_text, pdf, source, parse_source(source))


def tally(passage: Passage, found: Keys, kind: str) -> Tally:
    """How a document fares against what a careful reader found."""
    wanted = passage.gold[kind]
    got = found[kind] - (passage.optional[kind] - wanted)
    return Tally(len(wanted & got), len(wanted - got), len(got - wanted))


def spans(document: Document) -> Iterator[dict[str, Any]]:
    """The evidence of all records."""
    data = json.loads(document.model_dump_json())
    for kind in FACT_KINDS:
        for record in data[kind]:
            yield from record["evidence"]


def bare(text: str) -> str:
    """A text without white space and bars between cells, raised and lowered digits on the line."""
    return re.sub(r"[\s|]", "", text.translate(_SAME))


def under(page: pdfplumber.page.Page, boxes: Sequence[Sequence[float]]) -> str:
    """The characters of a page whose middle is in one of the boxes, a box after the other."""
    found = []
    for x0, top, x1, bottom in boxes:
        inside = [
            char
            for char in page.chars
            if x0 <= (char["x0"] + char["x1"]) / 2 <= x1
            and top <= (char["top"] + char["bottom"]) / 2 <= bottom
        ]
        found += sorted(inside, key=lambda char: (char["x0"] + char["x1"]) / 2)
    return "".join(char["text"] for char in found)


def misplaced(reading: Readings) -> Iterator[str]:
    """The evidence whose boxes do not cover just its characters."""
    evidence = list(spans(reading.of_pdf))
    if not evidence:
        return
    with pdfplumber.open(reading.pdf) as pdf:
        for span in evidence:
            there = under(pdf.pages[span["page"] - 1], span["boxes"])
            if bare(there) != bare(span["text"]):
                yield f"{reading.passage.id}: {span['text']!r} covers {there!r}"


def printed(text: str) -> Counter[str]:
    """What has to be on the page of a text: of bars, dashes and colons some are ruled lines."""
    kin = "".join(STAND_INS.get(char, char) for char in re.sub("</?su[bp]>", "", text))
    return Counter(char for char in bare(kin) if char not in "-−:|｜\x02\ufffe")


@pytest.mark.parametrize("columns", [1, 2])
def test_typesetting_loses_no_character(columns: Columns) -> None:
    install()
    for passage in read_passages(ROOT / "tests" / "passages" / "zh-3.jsonl"):
        with pypdfium2.PdfDocument(typeset(passage.text, columns=columns)) as pdf:
            on_pages = "".join(page.get_textpage().get_text_bounded() for page in pdf)
        assert not printed(passage.text) - printed(on_pages), passage.id


@pytest.mark.slow
@pytest.mark.parametrize("font", ["cid", "embedded"])
@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_pdf_gives_the_facts_of_its_text(
    collection: str, columns: Columns, font: Fonts, tmp_path: Path
) -> None:
    if not COLLECTIONS[collection]:
        pytest.skip("the gold passages are not in this tree")
    if font == "embedded" and not has_embedded_fonts():
        pytest.skip("the font to embed is not on this machine")
    of_text = {kind: Tally() for kind in FACT_KINDS}
    of_pdf = {kind: Tally() for kind in FACT_KINDS}
    faults: list[tuple[str, dict[str, Any]]] = []
    wrong_boxes: list[str] = []
    for reading in readings(collection, columns, font, tmp_path):
        for document, tallies in ((reading.of_text, of_text), (reading.of_pdf, of_pdf)):
            found = document_keys(document)
            for kind in FACT_KINDS:
                tallies[kind] += tally(reading.passage, found, kind)
        text = reading.source.text
        faults += [
            (reading.passage.id, span)
            for span in spans(reading.of_pdf)
            if text[span["start"] : span["end"]] != span["text"]
        ]
        wrong_boxes += misplaced(reading)
        reading.pdf.unlink()
    assert not faults
    assert not wrong_boxes
    for kind in FACT_KINDS:
        assert (of_pdf[kind].f1 or 0.0) >= (of_text[kind].f1 or 0.0) - F1_MAY_DIFFER, kind
