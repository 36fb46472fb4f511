"""Pictures of the pages that quotes stand on, as many as fit."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from carextract.records import Document, facts_of

_SCALE = 1.5  # pixels a point: 108 dots an inch
_QUALITY = 50  # of WebP, 0 to 100


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a paper. `facts` counts those with a quote on it."""

    sha256: str
    page: int
    facts: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a WebP picture; `size` is its width and height in points."""

    sha256: str
    page: int
    size: tuple[float, float]
    webp: bytes


def places(documents: Iterable[Document]) -> list[Place]:
    """The pages with quotes: of each paper the one with most facts, then of each the second."""
    ranked: list[tuple[int, Place]] = []
    for document in documents:
        pages = Counter(
            page
            for _, fact in facts_of(document)
            for page in {quote.page for quote in fact.evidence if quote.page and quote.boxes}
        )
        ordered = sorted(pages.items(), key=lambda item: (-item[1], item[0]))
        sha256 = document.source.sha256
        ranked += [(rank, Place(sha256, *item)) for rank, item in enumerate(ordered)]
    return [place for _, place in sorted(ranked, key=lambda item: item[0])]


def pictures(
    wanted: Iterable[Place],
    originals: Mapping[str, Path],
    *,
    most: int,
    password: str | None,
) -> Iterator[Picture]:
    """The pictures of pages, in their order, until the next would make them more than `most` bytes.

    A page that cannot be drawn, or whose paper is not there, has none.
    """
    room = most
    for place in wanted:
        path = originals.get(place.sha256)
        picture = path and _picture(path, place, password)
        if not picture:
            continue
        room -= len(picture.webp)
        if room < 0:
            return
        yield picture


def _picture(path: Path, place: Place, password: str | None) -> Picture | None:
    from pypdfium2 import PdfiumError

    from carextract.read.pdf.picture import page_picture

    try:
        image, scale = page_picture(path.read_bytes(), place.page, scale=_SCALE, password=password)
    except (PdfiumError, OSError):
        return None
    out = BytesIO()
    image.convert("RGB").save(out, "WEBP", quality=_QUALITY)
    size = (round(image.width / scale, 2), round(image.height / scale, 2))
    return Picture(place.sha256, place.page, size, out.getvalue())
