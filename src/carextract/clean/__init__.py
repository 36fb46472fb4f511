"""Undo the damage that scanning, page layout and web pages do to a text.

Each step is a function from `TrackedText` to `TrackedText`, named in the repairs of every fact
read from what it changed. A step that finds nothing to do answers with the text it was given.
"""

from __future__ import annotations

from collections.abc import Callable

from carextract.clean.characters import characters
from carextract.clean.cnki import cnki
from carextract.clean.columns import columns
from carextract.clean.html import html
from carextract.clean.latex import latex
from carextract.clean.letter_spacing import letter_spacing
from carextract.clean.linebreaks import linebreaks
from carextract.clean.mojibake import mojibake
from carextract.clean.ocr_numbers import ocr_numbers
from carextract.clean.page_furniture import page_furniture
from carextract.clean.pinyin import pinyin
from carextract.clean.table_cells import table_cells
from carextract.clean.traditional import traditional
from carextract.clean.width import width
from carextract.clean.word_spacing import word_spacing
from carextract.tracked import TrackedText

STEPS: tuple[Callable[[TrackedText], TrackedText], ...] = (
    mojibake,
    cnki,
    html,
    width,
    characters,
    latex,
    pinyin,
    letter_spacing,
    table_cells,
    page_furniture,
    columns,
    linebreaks,
    traditional,
    word_spacing,
    ocr_numbers,
)


def clean(source: str) -> TrackedText:
    """Undo every kind of damage we know, and keep for each character its place in the source.

    >>> clean("剂量为1.1 x 106个\\n\\n细胞/kg").text
    '剂量为1.1 × 10^6个细胞/kg'
    """
    text = TrackedText.of(source)
    for step in STEPS:
        text = step(text)
    return text
