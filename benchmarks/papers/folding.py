"""The same characters in one form, so that readers are compared by what they read."""

from __future__ import annotations

import re
import unicodedata

CJK = "[\u3400-\u9fff\uf900-\ufaff]"
_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_DECIMAL_POINT = "\U001001b0"  # Founder's private code
_FOUNDER = range(0xA3A1, 0xA3FF)  # Founder's codes of U+FF01 to U+FF5E
_PLAIN = {**dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-"), ord("∼"): "~"}
_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """Full-width signs, ligatures and dashes in their plain form; raised digits stay raised.

    >>> fold("０．０５ ﬁrst 10⁻⁶ 8–12")
    '0.05 first 10⁻⁶ 8-12'
    """
    return "".join(map(_folded, text)).translate(_PLAIN)


def squeezed(text: str) -> str:
    """Folded, without white space.

    >>> squeezed("25.52 ± 4.58")
    '25.52±4.58'
    """
    return _SPACE.sub("", fold(text))


def flat(text: str) -> str:
    """Folded and without white space, raised and lowered digits like all others.

    >>> flat("m²")
    'm2'
    """
    return unicodedata.normalize("NFKC", squeezed(text))


def _folded(sign: str) -> str:
    if sign in _RAISED or sign.isascii():
        return sign
    if sign == _DECIMAL_POINT:
        return "."
    if ord(sign) in _FOUNDER:
        sign = chr(ord(sign) - _FOUNDER.start + 0xFF01)
    return unicodedata.normalize("NFKC", sign)
