"""The text of a list made plain: one form of each sign, an entry in one line."""

from __future__ import annotations

import re

PLAIN = str.maketrans(
    "，．：（）；［］【】〔〕／＆\u3000\xa0。｡、“”’‐‑", ',.:();[][][]/&  ..,""\'--'
)
"""Full-width and typographic signs to plain ones, each to one character: places stay."""
CJK = re.compile("[\u3400-\u9fff]")
_SPACE = re.compile(r"\s+")
# What some journals print for the hyphen at the end of a line.
_SOFT_HYPHEN = re.compile(
    r"(?<=[^\W\d])[⁃￣]\s?(?=[^\W\d_A-Z]|(?<=[A-Z][⁃￣]\s)[A-Z]|(?<=[A-Z][⁃￣])[A-Z])"
)


def one_line(text: str) -> str:
    """A piece of text without its line ends, and without the hyphens that stood before them."""
    return _SPACE.sub(" ", _SOFT_HYPHEN.sub("", text)).strip()


def line_end(region: str, start: int, stop: int) -> int:
    """Where the line that a place stands in ends; `stop`, if that comes first."""
    at = region.find("\n", start, stop)
    return stop if at < 0 else at
