"""Text read one byte out of step after a byte was lost."""

from __future__ import annotations

from carextract.clean.pattern import Pattern
from carextract.tracked import TrackedText

STEP = "mojibake"

# What a shifted reading of Chinese turns up and a Chinese sentence hardly ever holds.
_JUNK = Pattern(
    "[\u02c9-\u02d9\u2013\u2015\u2025\u2035\u2105\u2109\u2196-\u2199\u2215-\u22bf\u2500-\u25ff\u3021-\u3029\u3105-\u3129\u3220-\u33d5]"
)
_LOST = Pattern("[?？](?P<run>[^\x00-\xa3][^\n?？]{0,39})")
_SENTENCE_SIGNS = "（）、，。；：“”《》"


def mojibake(text: TrackedText) -> TrackedText:
    """Read again, in step, what follows a character that lost its first GBK byte.

    The lost character itself stays `?`: nothing says which it was. Only where the shifted text
    holds signs that no sentence has, and the reading in step begins with Chinese punctuation or is
    made of everyday characters alone.

    >>> mojibake(TrackedText.of("难治性自身免疫?。⊿LE、SSc）患者")).text
    '难治性自身免疫?（SLE、SSc）患者'
    >>> mojibake(TrackedText.of("疗效如何?。患者均缓解")).text
    '疗效如何?。患者均缓解'
    """
    if "?" not in text.text and "？" not in text.text:
        return text
    changes: list[tuple[int, int, str]] = []
    for match in _LOST.finditer(text.text):
        found = _in_step(match["run"])
        if found and _is_certain(*found):
            shifted, read = found
            start = match.start("run")
            changes.append((start, start + len(shifted), read))
    return text.replace(STEP, changes)


def _in_step(run: str) -> tuple[str, str] | None:
    """The shifted characters at the start of a run, and how they read one byte later.

    The two readings meet again behind the first ASCII byte.

    >>> _in_step("停╫ff")
    ('停╫', '（o')
    """
    raw = bytearray()
    ends: set[int] = set()
    for character in run:
        try:
            raw += character.encode("gbk")
        except UnicodeEncodeError:
            break
        ends.add(len(raw))
    at = 1  # the first byte belongs to the lost character
    while at < len(raw) and at not in ends:
        at += 2 if raw[at] >= 0x81 else 1
    if at not in ends:
        return None
    try:
        return bytes(raw[:at]).decode("gbk"), bytes(raw[1:at]).decode("gbk")
    except UnicodeDecodeError:
        return None


def _is_certain(shifted: str, read: str) -> bool:
    """Whether the shifted text cannot be meant, and the reading in step can."""
    if not _JUNK.search(shifted) or _JUNK.search(read):
        return False
    return read[0] in _SENTENCE_SIGNS or all(map(_is_everyday, read))


def _is_everyday(character: str) -> bool:
    """Whether a character is printable ASCII, Chinese punctuation or a common ideograph."""
    if character.isascii():
        return character.isprintable()
    try:
        return character in _SENTENCE_SIGNS or 0xB0 <= character.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False
