"""A mark as an annotation of a PDF: a highlight with its note, and how it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from carextract.annotate.colours import COLOURS, Colour
from carextract.annotate.frames import Corners
from carextract.annotate.marks import Mark

AUTHOR = "carextract"
# As pale and as thin as the ink of a highlighter: text in black stays black.
_TINT = 0.5
_OPACITY = 0.7
_PRINTED = 4  # the flag of an annotation that is printed with its page


def highlight(
    mark: Mark, corners: Sequence[Corners], *, page: IndirectObject, drawing: IndirectObject
) -> DictionaryObject:
    """The annotation of a mark whose boxes have these corners."""
    colour = COLOURS[mark.kind]
    return _dictionary(
        Type=NameObject("/Annot"),
        Subtype=NameObject("/Highlight"),
        Rect=_numbers(_around(corners)),
        QuadPoints=_numbers(side for box in corners for side in box),
        Contents=_text(mark.note),
        T=_text(AUTHOR),
        Subj=_text(mark.kind),
        NM=_text(mark.name),
        C=_numbers(_shares(colour)),
        CA=FloatObject(_OPACITY),
        F=NumberObject(_PRINTED),
        P=page,
        AP=_dictionary(N=drawing),
    )


def drawing(mark: Mark, corners: Sequence[Corners]) -> StreamObject:
    """How a highlight looks: its boxes in one stroke of a colour that darkens what is below it.

    Viewers draw highlights without that too, each in its own way. They multiply colours, so that
    where many lie over each other, as on the head of a table, the text can no longer be read;
    here many are never darker than the colour itself.
    """
    steps = ["/Tint gs", "{:g} {:g} {:g} rg".format(*_shares(COLOURS[mark.kind]))]
    for x_1, y_1, x_2, y_2, x_3, y_3, x_4, y_4 in corners:
        steps.append(f"{x_1} {y_1} m {x_2} {y_2} l {x_4} {y_4} l {x_3} {y_3} l h")
    tint = _dictionary(
        Type=NameObject("/ExtGState"), BM=NameObject("/Darken"), ca=FloatObject(_OPACITY)
    )
    form = DecodedStreamObject()
    form.update(
        _dictionary(
            Type=NameObject("/XObject"),
            Subtype=NameObject("/Form"),
            BBox=_numbers(_around(corners)),
            Resources=_dictionary(ExtGState=_dictionary(Tint=tint)),
        )
    )
    form.set_data("\n".join([*steps, "f"]).encode("ascii"))
    return form


def is_ours(annotation: PdfObject | None) -> bool:
    """Whether an annotation is one that an earlier run made."""
    if not isinstance(annotation, DictionaryObject):
        return False
    return annotation.get("/T") == AUTHOR and str(annotation.get("/NM")).startswith(f"{AUTHOR}-")


def _around(corners: Sequence[Corners]) -> tuple[float, float, float, float]:
    xs = [x for box in corners for x in box[0::2]]
    ys = [y for box in corners for y in box[1::2]]
    return min(xs), min(ys), max(xs), max(ys)


def _shares(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = (round(1 - _TINT * (1 - part / 255), 3) for part in colour[1:])
    return red, green, blue


def _dictionary(**entries: PdfObject) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in entries.items()})


def _numbers(values: Iterable[float]) -> ArrayObject:
    return ArrayObject(FloatObject(value) for value in values)


def _text(text: str) -> TextStringObject:
    return TextStringObject(text)
