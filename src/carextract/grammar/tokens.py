"""Tokens: what the lexicon makes of a text, and views of them for one kind of fact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SHORT, MEDIUM, LONG = "\x01", "\x02", "\x03"
# Filler between two tokens, counted in Chinese characters or 1.5 a Latin word.
_SHORT_LIMIT, _MEDIUM_LIMIT = 9.0, 26.0
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[^\W_\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A typed piece of text: its class, its place in the cleaned text and what it means there."""

    kind: str
    start: int
    end: int
    value: Any


@dataclass(frozen=True, slots=True)
class View:
    """The tokens that one kind of fact looks at, as one code a token.

    ``codes`` holds a character a token, with a gap character before it where filler stands between
    it and the token before; ``starts[i]`` is where token ``i`` stands in ``codes`` and ``index_at``
    leads back.
    """

    tokens: tuple[Token, ...]
    codes: str
    starts: tuple[int, ...]
    index_at: dict[int, int]
    gaps: tuple[str, ...]


def filler_weight(text: str) -> float:
    """How much unrecognised text stands between two tokens.

    >>> filler_weight("患者在"), filler_weight(" was seen in "), filler_weight("  ")
    (3.0, 4.5, 0.0)
    """
    return len(_CHINESE.findall(text)) + 1.5 * len(_LATIN.findall(text))


def gap_code(weight: float) -> str:
    """The gap character for an amount of filler; empty where nothing stands between.

    >>> gap_code(0), gap_code(3) == SHORT, gap_code(20) == MEDIUM, gap_code(99) == LONG
    ('', True, True, True)
    """
    if weight <= 0:
        return ""
    if weight <= _SHORT_LIMIT:
        return SHORT
    return MEDIUM if weight <= _MEDIUM_LIMIT else LONG


def view(tokens: Sequence[Token], text: str, codes: dict[str, str]) -> View:
    """The tokens whose class has a code, with the gaps that the others leave."""
    kept = [token for token in tokens if token.kind in codes]
    gaps = []
    end = kept[0].start if kept else 0
    for token in kept:
        start = token.start
        if start <= end or text[end:start].isspace():
            # No phrase reaches over a tab, which parts the cells of a table.
            gaps.append(SHORT if "\t" in text[end:start] else "")
        else:
            gaps.append(gap_code(filler_weight(text[end:start])))
        end = token.end
    return view_of(kept, gaps, codes)


def view_of(tokens: Sequence[Token], gaps: Sequence[str], codes: dict[str, str]) -> View:
    """A view of tokens with the gap before each known."""
    parts: list[str] = []
    starts: list[int] = []
    index_at: dict[int, int] = {}
    at = 0
    for index, (token, gap) in enumerate(zip(tokens, gaps, strict=True)):
        if gap:
            parts.append(gap)
            at += 1
        index_at[at] = index
        starts.append(at)
        parts.append(codes[token.kind])
        at += 1
    return View(tuple(tokens), "".join(parts), tuple(starts), index_at, tuple(gaps))
