"""Undo the damage that scanning, page layout and web pages do to a text.

Each step is a function from `TrackedText` to `TrackedText`, named in the repairs of every fact
read from what it changed. A step that finds nothing to do answers with the text it was given.
"""

from __future__ import annotations

from carextract.clean.line_ends import line_ends
from carextract.clean.steps import STEPS
from carextract.tracked import TrackedText


def clean(source: str, *, layout_known: bool = False) -> TrackedText:
    """Undo every kind of damage we know, and keep for each character its place in the source.

    Where the layout is known, lines are paragraphs and rows already, and only words and numbers
    broken at the end of a printed line are joined.

    >>> clean("剂量为1.1 x 106个\\n\\n细胞/kg").text
    '剂量为1.1 × 10^6个细胞/kg'
    >>> clean("剂量\\n1.1 × 10⁶ anti-\\nCD19 CAR-T", layout_known=True).text
    '剂量\\n1.1 × 10^6 anti-CD19 CAR-T'
    """
    layout = "known" if layout_known else "guessed"
    text = line_ends(source) if layout_known else TrackedText.of(source)
    alphabet = frozenset(text.text)
    for step in STEPS:
        if step.layout in ("either", layout) and step.may_help(text.text, alphabet):
            before = text.text
            text = step.load()(text)
            if text.text is not before:
                alphabet = frozenset(text.text)
    return text
