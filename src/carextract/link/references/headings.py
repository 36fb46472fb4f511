"""Where the lists of a text begin, by their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEADING_WORDS = (
    *("文献", "文 献", "参考资料", "eferences", "EFERENCES", "E F E R E N C E", "ibliography"),
    *("BIBLIOGRAPHY", "iterature", "LITERATURE", "orks cited", "Works Cited"),
)
_HEADING = re.compile(
    r"[ \t#*]{0,6}(?:第?[0-9一二三四五六七八九十]{1,3}(?:[章节.、]|(?= )){0,2}\s?)?[\[【〔]?[ \t]?"
    r"(?:(?:主要|本文)?(?:参 ?考 ?文 ?献|参考资料|引用文献|文 {0,4}献)(?: ?[(/]? ?References?\)?)?"
    r"|(?:Selected |Key )?(?i:references?(?: and notes| cited| list)?|r e f e r e n c e s"
    r"|bibliography|literature cited|works cited|literature)(?: ?[(/]? ?参考文献\)?)?)"
    r"[ \t]?[\]】〕]?[ \t*]{0,4}[:：]?[ \t*]{0,4}(?=[\r\n]|$|[\[［(【]?1[\]］).．、】])"
)


def headings(text: str) -> Iterator[tuple[int, int]]:
    """Where headings of reference lists begin and end. Words are looked for first: it is cheap."""
    found = set()
    for word in _HEADING_WORDS:
        at = text.find(word)
        while at >= 0:
            line = text.rfind("\n", max(0, at - 40), at) + 1
            if line or at <= 40:
                heading = _HEADING.match(text, line, at + 120)
                if heading and heading.end() > at:
                    found.add((line, heading.end()))
            at = text.find(word, at + len(word))
    yield from sorted(found)
