"""Sentences: where one ends, in Chinese and English, and not at "et al." or an initial."""

from __future__ import annotations

import re

from carextract.tracked import Span

_END = re.compile(
    r"[。！？](?:\[[\d,–-]+\]|[⁰¹²³⁴-⁹,⁻–]+)?|(?<!\bal)(?<!\b[A-Z])(?<!\bvs)(?<!\bcf)(?<!\b[Nn]o)(?<!\bDr)(?<!\bFig)(?<!\bi\.e)(?<!\be\.g)"
    r"[.!?](?:[”\"’)]|\[[\d,–-]+\]|[⁰¹²³⁴-⁹,⁻–]+|\d{1,3}(?:[,–-]\d{1,3})*(?=\s[A-Z]))?(?=\s|$)"
)


def sentences(text: str, start: int = 0) -> list[Span]:
    """The sentences of a text, one after the other without gaps, as spans counted from `start`.

    >>> [(s.start, s.end) for s in sentences("Li et al. treated two. Both did well.")]
    [(0, 22), (22, 37)]
    """
    ends = [found.end() for found in _END.finditer(text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return [
        Span(start + first, start + last)
        for first, last in zip([0, *ends], ends, strict=False)
        if text[first:last].strip()
    ]
