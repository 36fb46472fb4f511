"""Tokens: what the lexicon makes of a text, and views of them for one kind of fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

SHORT, MEDIUM, LONG = "\x01", "\x02", "\x03"
# Filler between two tokens, counted in Chinese characters or 1.5 a Latin word.
_SHORT_LIMIT, _MEDIUM_LIMIT = 9.0, 26.0
# So many characters are short filler at most: one-letter words between Chinese characters.
_ALWAYS_SHORT = 7
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[^\W_\u3400-\u9fff]+")
# What either of them counts; the hexagrams are the only signs, not letters, of the Chinese range.
_COUNTED = re.compile(r"[^\W_\u4dc0-\u4dff]|[\u4dc0-\u4dff]")


class Token(NamedTuple):
    """A typed piece of text: its class, its place in the cleaned text and what it means there.

    A tuple: tens of thousands are made for a paper, and no other frozen value is made as fast.
    """

    kind: str
    start: int
    end: int
    value: Any


class View(NamedTuple):
    """The tokens that one kind of fact looks at, as one code a token.

    ``codes`` holds a character a token, with a gap character before it where filler stands between
    it and the token before; ``starts[i]`` is where token ``i`` stands in ``codes``.
    """

    tokens: tuple[Token, ...]
    codes: str
    starts: tuple[int, ...]


def filler_weight(text: str) -> float:
    """How much unrecognised text stands between two tokens.

    >>> filler_weight("患者在"), filler_weight(" was seen in "), filler_weight("  ")
    (3.0, 4.5, 0.0)
    """
    return len(_CHINESE.findall(text)) + 1.5 * len(_LATIN.findall(text))


def parts(filler: str) -> bool:
    r"""Whether some filler parts the tokens around it, so that no phrase joins them.

    A tab does, since it parts the cells of a table; other white space and signs do not.

    >>> parts("患者在"), parts(" ("), parts(" \t")
    (True, False, True)
    """
    if filler.isalnum() or _COUNTED.search(filler):
        return True
    return "\t" in filler and filler.isspace()


def gap_code(filler: str) -> str:
    r"""The gap character for some filler; empty where nothing that counts stands between.

    >>> gap_code(" ("), gap_code("患者在") == SHORT, gap_code("患者在" * 6) == MEDIUM
    ('', True, True)
    >>> gap_code("患者在" * 9) == LONG, gap_code(" \t") == SHORT
    (True, True)
    """
    if not parts(filler):
        return ""
    weight = 0.0 if len(filler) <= _ALWAYS_SHORT else filler_weight(filler)
    if weight <= _SHORT_LIMIT:
        return SHORT
    return MEDIUM if weight <= _MEDIUM_LIMIT else LONG


def _any_gap(filler: str) -> str:
    return SHORT if parts(filler) else ""


def adjacency(tokens: Iterable[Token], text: str, codes: Mapping[str, str]) -> View:
    """The view for phrases, which ask only whether anything stands between two tokens."""
    return view(tokens, text, codes, gap_between=_any_gap)


def view(
    tokens: Iterable[Token],
    text: str,
    codes: Mapping[str, str],
    *,
    gap_between: Callable[[str], str] = gap_code,
) -> View:
    """The tokens whose class has a code, with the gaps that the others leave."""
    kept: list[Token] = []
    pieces: list[str] = []
    starts: list[int] = []
    at = 0
    end = len(text)  # before the first token there is no gap
    for token in tokens:
        code = codes.get(token.kind)
        if code is None:
            continue
        if token.start > end:
            gap = gap_between(text[end : token.start])
            if gap:
                pieces.append(gap)
                at += 1
        kept.append(token)
        starts.append(at)
        pieces.append(code)
        at += 1
        end = token.end
    return View(tuple(kept), "".join(pieces), tuple(starts))
