"""Lines printed with a space behind every character."""

from __future__ import annotations

import re

from carextract.clean.pattern import Pattern
from carextract.clean.shape import HAN, HAN_GAP
from carextract.tracked import TrackedText

STEP = "spacing"

_SIGNS = "，。；：、！？（）“”‘’《》【】…—～%/+-"
_LETTERED = Pattern(r" (?:\S ){3}")
_GAP = Pattern(r"(?<=\S) (?=\S)")
_WIDE = Pattern(r"(?<=\S) {2,}(?=\S)")
_HAN_OR_SIGN = Pattern(f"{HAN}|[，。；：、！？（）“”‘’《》【】…]")
_SPELT = Pattern(r"(?<!\S)(?:\d ){1,4}\. \d(?: \d)*(?: × 1 0(?: \^)? \d(?: \d)?)?(?!\S)")
_WORD = Pattern(r"[A-Za-z0-9.%/^+-]*[A-Za-z0-9]")
_WORD_END = Pattern(r"[A-Za-z0-9][A-Za-z0-9.%/^+-]*$")
_NUMBER = Pattern(r"[0-9.]+")
_PIECE = Pattern(r"[a-z]{3,}")
_LONGEST_WORD = 20
_ACRONYM_END = Pattern("[A-Z] [A-Z] [0-9]")


def letter_spacing(text: TrackedText) -> TrackedText:
    """Close up lines that are letter-spaced throughout, and chains of spaced characters in others.

    Two or more spaces are a boundary (a table cell, a word in a spaced English line) and stay, and
    so do rows of single figures or letters.

    >>> letter_spacing(TrackedText.of("持 续 改 善 ， C R S 1 级 1 4 例 。")).text
    '持续改善，CRS 1级14例。'
    >>> letter_spacing(TrackedText.of("1 2 3 4 5 6\\nCAR类型 疾病 研究阶段")).text
    '1 2 3 4 5 6\\nCAR类型 疾病 研究阶段'
    """
    raw = text.text
    changes: list[tuple[int, int, str]] = []
    done = -1
    for match in _candidates(raw):
        if match.start() < done:
            continue
        start = raw.rfind("\n", 0, match.start()) + 1
        end = raw.find("\n", match.start())
        end = len(raw) if end < 0 else end
        done = end
        changes.extend((place, place + 1, "") for place in _gaps_to_close(raw, start, end))
    return text.replace(STEP, changes)


def _candidates(raw: str) -> list[re.Match[str]]:
    found = list(_LETTERED.finditer(raw))
    found += HAN_GAP.finditer(raw)
    return sorted(found, key=lambda match: match.start())


def _gaps_to_close(raw: str, start: int, end: int) -> list[int]:
    """Places of the single spaces of a line that are not between words."""
    line = raw[start:end]
    tokens = line.split()
    single = sum(len(token) == 1 for token in tokens)
    han = sum(_HAN_OR_SIGN.match(token) is not None for token in tokens)
    gaps = [match.start() for match in _GAP.finditer(line)]
    spaced = len(tokens) >= 6 and single >= 0.85 * len(tokens)
    if spaced and (han >= 0.3 * len(tokens) or _is_spaced_latin(line, tokens)):
        return [
            start + gap
            for gap in gaps
            if not _ACRONYM_END.match(line, max(0, gap - 3)) and not _parts_words(line, gap)
        ]
    spelt = [
        gap.start() for run in _SPELT.finditer(line) for gap in _GAP.finditer(line, *run.span())
    ]
    return [start + gap for gap in sorted({*_chained(line, gaps), *spelt})]


def _parts_words(line: str, gap: int) -> bool:
    """Whether a gap parts two Latin words, or one and a number: they are closed up already.

    Longer small letters on both sides may be pieces of one word, and figures of one number.

    >>> _parts_words("0.2 g bid 患 者", 5), _parts_words("C4 0.05 患 者", 2)
    (True, True)
    >>> _parts_words("C R S 1 4 例", 1), _parts_words("pred nisone 患 者", 4)
    (False, False)
    """
    left = _WORD_END.search(line, max(0, gap - _LONGEST_WORD), gap)
    right = _WORD.match(line, gap + 1)
    if left is None or right is None or len(left[0]) == len(right[0]) == 1:
        return False
    return not any(
        piece.fullmatch(left[0]) and piece.fullmatch(right[0]) for piece in (_NUMBER, _PIECE)
    )


def _is_spaced_latin(line: str, tokens: list[str]) -> bool:
    """Whether a line of single Latin letters spells words: mostly letters, or gaps between words.

    >>> _is_spaced_latin("C R S  w a s  m i l d", "C R S w a s m i l d".split())
    True
    """
    letters = sum(token.isalpha() for token in tokens)
    return letters >= 0.5 * len(tokens) and (len(_WIDE.findall(line)) >= 1 or letters >= 8)


def _chained(line: str, gaps: list[int]) -> list[int]:
    """Gaps between ideographs in chains of three or more tokens, one of two of them single.

    >>> _chained("至5分。回 输 后8例 出 现", [5, 7, 11, 13])
    [5, 7, 11, 13]
    >>> _chained("异 常激活 疾病", [1, 5])
    []
    """
    chains: list[list[int]] = [[]]
    for gap in gaps:
        between_han = _HAN_OR_SIGN.match(line, gap - 1) and _HAN_OR_SIGN.match(line, gap + 1)
        lone = _is_lone(line, gap - 1) or _is_lone(line, gap + 1)
        if not (between_han and lone):
            chains.append([])
            continue
        if chains[-1] and " " in line[chains[-1][-1] + 1 : gap]:
            chains.append([])
        chains[-1].append(gap)
    return [gap for chain in chains if len(chain) >= 3 for gap in chain]


def _is_lone(line: str, place: int) -> bool:
    """Whether a character stands alone between white space, punctuation or the ends of the line."""
    before = line[place - 1 : place] if place else ""
    behind = line[place + 1 : place + 2]
    return (not before or before == " " or before in _SIGNS) and (
        not behind or behind == " " or behind in _SIGNS
    )
