"""Results of recognition, kept in the user's cache so that a page is recognised once.

Each page has a file of its own, named by the content of its document, its number and the version of
all that made the result. A file is written whole or not at all; one that is damaged is made again,
and a cache that cannot be written to is done without.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from carextract.read.ocr.recognition import Recognition, recognition
from carextract.read.pdf.layout import Box, Segment, Turn

_DECIMALS = 2  # of a point, and of a confidence: far below what recognition can tell
_SIDES = 4  # of a box
_ONLY_THE_USER = 0o700


def place(*, digest: str, number: int, version: str) -> Path:
    """The file for a page of the document with a digest."""
    from platformdirs import user_cache_path

    folder = user_cache_path("carextract") / "ocr" / digest[:2]
    return folder / f"{digest}-{number}-{version}.json"


def load(path: Path) -> Recognition | None:
    """What is kept in a file, or None."""
    try:
        return _decoded(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def keep(path: Path, result: Recognition) -> Recognition:
    """Write a result, if it can be written, and give it as it will be read from now on."""
    text = _encoded(result)
    with suppress(OSError):
        path.parent.mkdir(mode=_ONLY_THE_USER, parents=True, exist_ok=True)
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False
        ) as part:
            part.write(text)
        Path(part.name).replace(path)
    return _decoded(text)


def _encoded(result: Recognition) -> str:
    lines = [
        {
            "text": segment.text,
            "boxes": _rounded(segment.boxes),
            "box": _rounded(segment.box),
            "baseline": round(segment.baseline, _DECIMALS),
            "size": round(segment.size, _DECIMALS),
            "score": round(segment.score or 0.0, _DECIMALS),
        }
        for segment in result.segments
    ]
    return json.dumps({"turn": result.turn, "lines": lines}, ensure_ascii=False)


def _rounded(lengths: Sequence[float]) -> list[float]:
    return [round(length, _DECIMALS) for length in lengths]


def _decoded(text: str) -> Recognition:
    """What is in a file. Raises ValueError, TypeError or KeyError for a damaged one."""
    kept = json.loads(text)
    segments = [_segment(**line) for line in kept["lines"]]
    return recognition(segments, Turn(*kept["turn"]))


def _segment(
    text: str,
    boxes: list[float],
    box: list[float],
    baseline: float,
    size: float,
    score: float,
) -> Segment:
    if len(boxes) != _SIDES * len(text):
        raise ValueError("not a box for each character")
    return Segment(text, array("f", boxes), Box(*box), float(baseline), float(size), float(score))
