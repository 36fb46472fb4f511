"""Traditional script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Protocol

from carextract.clean.pattern import Pattern
from carextract.clean.shape import HAN_RUN
from carextract.tracked import TrackedText

STEP = "traditional"

# Characters that the phrases of the dictionary convert in more than one way.
CONTEXTUAL = "么乾俱吒噁彷徵於昇沈濛牴畫瞭薹藉衹覆鉅鍊鍾麼麽"
_CONTEXTUAL = Pattern(f"[{CONTEXTUAL}]")
_REACH = 8
_KANA = Pattern("[\u3041-\u30ff]")


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _converter() -> _Converter:
    from opencc import OpenCC  # the dictionaries are large: loaded for Traditional text only

    converter: _Converter = OpenCC("t2s")
    return converter


def traditional(text: TrackedText) -> TrackedText:
    """Convert Traditional characters to Simplified ones, each in its place.

    The converter is asked once for each character, and for the phrase around the few that depend
    on one. Lines with Japanese kana stay. Terms of Taiwan and Hong Kong are not translated.

    >>> traditional(TrackedText.of("細胞激素釋放症候群，SLEDAI 歸零")).text
    '细胞激素释放症候群，SLEDAI 归零'
    >>> traditional(TrackedText.of("疗效显著；漢字と仮名")).text
    '疗效显著；漢字と仮名'
    """
    raw = text.text
    plain = {c: _alone(c) for c in set(raw) if HAN_RUN.match(c)}
    table = {ord(c): new for c, new in plain.items() if len(new) == 1 and c not in CONTEXTUAL}
    parts: list[str] = []
    done = 0
    for start, end in _lines_with_kana(raw):
        parts += _simplified(raw[done:start], table), raw[start:end]
        done = end
    parts.append(_simplified(raw[done:], table))
    return text.rewrite(STEP, "".join(parts))


@cache
def _alone(character: str) -> str:
    """What a character becomes without neighbours."""
    return _converter().convert(character)


def simplified_characters() -> dict[str, str]:
    """For each Traditional character the Simplified one, whatever its neighbours: for a search.

    >>> simplified_characters()["體"]
    '体'
    """
    traditional = [chr(code) for code in range(0x4E00, 0xA000)]
    simplified = _converter().convert("\n".join(traditional)).split("\n")
    pairs = zip(traditional, simplified, strict=True)
    return {one: other for one, other in pairs if one != other and len(other) == 1}


def _simplified(raw: str, table: dict[int, str]) -> str:
    """Whole lines in Simplified characters: most by a table, a few by their neighbours."""
    return _CONTEXTUAL.sub(_by_phrase, raw).translate(table)


def _by_phrase(match: re.Match[str]) -> str:
    """The simplified form of a character that depends on its neighbours in the line."""
    raw, place = match.string, match.start()
    start = max(raw.rfind("\n", 0, place) + 1, place - _REACH)
    phrase = raw[start : place + _REACH]
    plain = _converter().convert(phrase)
    return plain[place - start] if len(plain) == len(phrase) else match[0]


def _lines_with_kana(raw: str) -> Iterator[tuple[int, int]]:
    """Start and end of the lines that hold Japanese kana."""
    done = 0
    for match in _KANA.finditer(raw):
        if match.start() >= done:
            start = raw.rfind("\n", 0, match.start()) + 1
            end = raw.find("\n", match.start())
            done = len(raw) if end < 0 else end
            yield start, done
