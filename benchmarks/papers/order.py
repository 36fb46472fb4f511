"""Reading order and superscripts: short anchors, set down by eye, that a right reading shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.papers.folding import flat, squeezed
from benchmarks.papers.readers import Reading


def in_order(text: str, anchors: Sequence[str]) -> bool:
    """Whether all anchors stand in the text, one after the other; white space is nothing.

    >>> in_order("end of a line\\nstart of the next", ["endofa", "linestart"])
    True
    """
    text, at = flat(text), 0
    for anchor in anchors:
        found = text.find(flat(anchor), at)
        if found < 0:
            return False
        at = found + 1
    return True


def pages_in_order(reading: Reading, truth: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """How many pages are in order, and out of how many.

    A page with a doubtful text layer is not counted for a reader that leaves it out.
    """
    right = total = 0
    for page in truth:
        text = reading.page(page["file"], page["page"])
        if "doubtful" in page and not text.strip():
            continue
        right += in_order(text, page["anchors"])
        total += 1
    return right, total


def superscripts_right(reading: Reading, truth: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """How many of the superscripts are read as such (or in brackets, for citations so printed)."""
    right = total = 0
    for one in truth:
        text = squeezed(reading.page(one["file"], one["page"]))
        right += any(squeezed(wanted) in text for wanted in one["right"])
        total += 1
    return right, total
