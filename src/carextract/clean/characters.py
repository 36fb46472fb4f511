"""Characters that stand for others, and characters that stand for nothing."""

from __future__ import annotations

import re
import unicodedata

from carextract.clean.pattern import Pattern
from carextract.clean.substitute import substitute
from carextract.tracked import TrackedText

STEP = "characters"

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_SPACES = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
)
_NOTHING = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068"
    "\u2069\ufe0e\ufe0f\ufeff"
)
_CONTROLS = "".join(map(chr, (*range(9), *range(0x0E, 0x20), 0x7F, *range(0x80, 0x85))))
_CONTROLS += "".join(map(chr, range(0x86, 0xA0)))
_SINGLE = {
    **_LIGATURES,
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_NOTHING + _CONTROLS, ""),
    **dict.fromkeys("\u000b\u0085\u2028", "\n"),
    **dict.fromkeys("\u2010\u2011\u2212\ufe63", "-"),
    **dict.fromkeys("〜∼˜", "～"),
    **dict.fromkeys("⩾≧", "≥"),
    **dict.fromkeys("⩽≦", "≤"),
    **dict.fromkeys("⁄∕", "/"),
    "\u00b5": "μ",
    "﹤": "<",
    "﹥": ">",
}
_RADICALS = dict(
    zip(
        "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻩⻬⻮⻰⻳",
        "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼黄齐齿龙龟",
        strict=True,
    )
)

_CHARACTERS = Pattern("[" + re.escape("".join(_SINGLE)) + "]+")
_GLYPHS = Pattern("[\u2e80-\u2fd5\uf900-\ufaff]")
_BROKEN_BY_SOFT_HYPHEN = Pattern("\u00ad[ \t\r]*\n[ \t\r\n]*(?=[A-Za-z])")
_RETURN = Pattern(r"\r\n?")
_WIDE_GAP = Pattern("(?<=[^\\s\u3000])\u3000(?=[^\\s\u3000])|\u3000+")
_DOTS = "·‧∙⋅"
_MIDDLE_DOT = Pattern(rf"[{_DOTS}](?<=[0-9].)(?=[0-9])(?P<power>(?=10[\^⁰¹²³⁴-⁹]))?")
_POWER = Pattern(
    r"10(?<![0-9.]10)\s?(?P<raised>⁻?[⁰¹²³⁴-⁹]{1,2})(?:⁻(?P<highest>[⁰¹²³⁴-⁹]{1,2}))?"
    r"(?![⁰¹²³⁴-⁹])"
)
_PER = Pattern(r"⁻[¹²³](?<=[A-Za-zμ]..)")
_RAISED_LETTERS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
_LETTERS = str.maketrans(_RAISED_LETTERS, "abcdefghijklmnoprstuvwxyz")
_ORDINAL = Pattern("(?:ˢᵗ|ⁿᵈ|ʳᵈ|ᵗʰ)(?<=[0-9]..)")
_RAISED_LETTER = f"[{_RAISED_LETTERS}]"
# What stands behind 10, or behind a caret, may belong to its power.
_BEHIND_NUMBER = r"(?<=[0-9].)(?<!10.)(?<!\^[0-9].)(?<!\^[0-9]{2}.)"
_MARK = Pattern(
    rf"[⁰¹²³⁴-⁹]{_BEHIND_NUMBER}[⁰¹²³⁴-⁹]{{0,2}}(?:[⁻,，、–-][⁰¹²³⁴-⁹]{{1,3}}){{0,9}}"
    r"(?![⁰¹²³⁴-⁹⁺⁻A-Za-z])"
    rf"|{_RAISED_LETTER}(?<=[0-9].)(?:[,，、]{_RAISED_LETTER}){{0,9}}(?!{_RAISED_LETTER}|[A-Za-z])"
)
_SUBSCRIPT = Pattern("[₀-₉](?<=[A-Za-z].)[₀-₉]*")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def characters(text: TrackedText) -> TrackedText:
    """Write every character in its plain form and drop the ones that show nothing.

    Ligatures, odd spaces, hyphens, minus and comparison signs, decimal points in the middle of the
    line, raised exponents, line ends, zero-width and control characters. Raised marks behind a
    number go: they cite a paper or a footnote. Form feeds stay for the search for page furniture;
    `m²` and Chinese punctuation stay as they are. Never NFKC, which would make 106 of 10⁶.

    >>> characters(TrackedText.of("0·75\\u2009×\\u200910⁶ kg⁻¹, ﬁve lympho\\u00ad\\ncytes")).text
    '0.75 × 10^6 kg-1, five lymphocytes'
    >>> characters(TrackedText.of("m², 30\\u201340 %, 甲·乙")).text
    'm², 30–40 %, 甲·乙'
    >>> characters(TrackedText.of("from 16¹² to 4.5ᵃ, IC₅₀, the 4ᵗʰ")).text
    'from 16 to 4.5, IC50, the 4th'
    """
    raw = text.text
    if raw.isascii() and raw.isprintable():
        return text
    if "\u00ad" in raw:
        text = substitute(text, STEP, _BROKEN_BY_SOFT_HYPHEN, "")
    if "\r" in raw:
        text = substitute(text, STEP, _RETURN, "\n")
    if "\u3000" in raw:
        text = substitute(text, STEP, _WIDE_GAP, _gap)
    if any(dot in raw for dot in _DOTS):
        text = substitute(text, STEP, _MIDDLE_DOT, _point)
    text = raised_powers(text, STEP)
    if "⁻" in raw:
        text = substitute(text, STEP, _PER, lambda match: match[0].translate(_SUPERSCRIPTS))
    text = _raised_and_lowered(text)
    text = substitute(text, STEP, _GLYPHS, _ideograph)
    return substitute(
        text, STEP, _CHARACTERS, lambda match: "".join(_SINGLE[character] for character in match[0])
    )


def raised_powers(text: TrackedText, step: str) -> TrackedText:
    """Write raised exponents of ten behind a caret.

    >>> raised_powers(TrackedText.of("5 × 10⁸, 10⁵⁻⁶, 4², 110⁵"), "characters").text
    '5 × 10^8, 10^5-10^6, 4², 110⁵'
    """
    return substitute(text, step, _POWER, _power)


def _power(match: re.Match[str]) -> str | None:
    """A power of ten, or two of them where the exponents are a range; one that falls is none."""
    lowest = match["raised"].translate(_SUPERSCRIPTS)
    if match["highest"] is None:
        return "10^" + lowest
    highest = match["highest"].translate(_SUPERSCRIPTS)
    return f"10^{lowest}-10^{highest}" if int(lowest) < int(highest) else None


def _raised_and_lowered(text: TrackedText) -> TrackedText:
    """Raised marks and endings of numbers, and lowered digits of names."""
    text = substitute(text, STEP, _ORDINAL, lambda match: match[0].translate(_LETTERS))
    text = substitute(text, STEP, _MARK, "")
    return substitute(text, STEP, _SUBSCRIPT, lambda match: match[0].translate(_SUBSCRIPTS))


def _point(match: re.Match[str]) -> str:
    """A dot between digits: a multiplication sign before a power of ten, else a decimal point."""
    return "." if match["power"] is None else "×"


def _gap(match: re.Match[str]) -> str:
    """A lone ideographic space inside a line is as wide as two: the gap between two cells."""
    at_line_start = match.start() == 0 or match.string[match.start() - 1] == "\n"
    return " " * len(match[0]) if at_line_start or len(match[0]) > 1 else "  "


def _ideograph(match: re.Match[str]) -> str | None:
    """The ordinary ideograph of a radical or a compatibility character.

    PDF fonts print them in each other's place; within these blocks the mapping is one to one.
    """
    character = match.group()
    plain = _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else None
