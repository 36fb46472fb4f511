"""Bytes to text, in the encoding they were written in.

A byte order mark decides; then UTF-8, which hardly any other text is by accident; then the pattern
of NULs that UTF-16 leaves. What is left is an older encoding, and the text itself must show which:
read in the wrong one it is made of characters that hardly occur.
"""

import codecs
import re
from dataclasses import dataclass
from functools import cache

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
)
# Signs that Chinese and English papers print, and the letters of pinyin and of Western names.
_SIGNS = frozenset(
    "　，。、；：？！（）［］《》“”‘’「」『』【】〔〕—–…·％～"
    "〜－＋＝／｜＜＞×÷±≥≤≧≦≈∼−→←↑↓℃°′″※●○■□◆▲★"
    "αβγδεκλμπσχωΔΩⅠⅡⅢⅣⅤ①②③④⑤⑥⑦⑧⑨⑩⁰¹²³⁴⁵⁶⁷⁸⁹½ﬁﬂ®™©§€£µ\u00a0\u2009\u2010\u2011"
    "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜâãäåæçêëîïñôõöøœßûüÉÖÜÄÅØ"
)
# Rows (first bytes) of the frequent characters: both standards set them apart from the rare ones.
_FREQUENT_ROWS = {"gb2312": range(0xB0, 0xD8), "big5": range(0xA4, 0xC7)}
# Where two encodings both give frequent characters, the very most frequent ones tell them apart.
_MOST_FREQUENT = _SIGNS | frozenset(
    "的一是不了在人有我他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会后能对者其"
    "所行过用发然作方成多日都三小同经法起与好进种将分此前面又定主从公两长等部间由性应合因点现"
    "理产新及体明或此比但外被相化量高机动实力正重本内使患病疗治细胞抗免疫系统红斑狼疮组期例评剂血炎"
    "症研究临床试验效均未结果肾蛋白输注這為來個們說國時後會對過發經進種將與從長間應點現產體機動"
    "實療組劑臨試驗結腎統紅瘡評輸兩給藥"
)
_CHINESE_CODECS = ("gb18030", "big5", "utf-16-le", "utf-16-be")
_VARIANTS = {"big5": ("big5", "cp950", "big5hkscs")}
_FREQUENT_SHARE = 0.8
_WESTERN_SHARE = 0.9
_WESTERN_BYTES = 0.05
_SAMPLE = 200_000
_UNDECODABLE_SHARE = 0.001
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_CONTROL_SHARE = 0.1
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_NOT_ASCII_BYTES = re.compile(b"[^\x00-\x7f]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was in, and how many places could not be decoded."""

    text: str
    encoding: str
    undecodable: int = 0


def decode(data: bytes) -> Decoded | None:
    """The text that the bytes stand for, without its byte order mark; None if they are no text.

    NULs and encoded lone surrogates are left in the text: they are damage, and cleaning deals with
    it. A few bytes that make no character become U+FFFD and are counted.

    >>> decode("剂量1×10⁶/kg".encode("utf-8-sig"))
    Decoded(text='剂量1×10⁶/kg', encoding='utf-8-sig', undecodable=0)
    >>> decode("患者的系统性红斑狼疮评分".encode("gb18030")).encoding
    'gb18030'
    >>> decode("患者接受細胞治療後的評分".encode("big5")).encoding
    'big5'
    >>> decode(bytes(range(128, 256))) is None
    True
    """
    decoded = _by_mark(data) or _by_nuls(data) or _as_utf8(data) or _by_characters(data)
    if decoded is None or _mostly_control(decoded.text):
        return None
    return decoded


def _by_mark(data: bytes) -> Decoded | None:
    for mark, codec, encoding in _MARKS:
        if data.startswith(mark):
            return _in(data[len(mark) :], codec, encoding=encoding)
    return None


def _by_nuls(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: every ASCII character leaves a NUL, all on the same side."""
    nuls = data.count(0)
    if not nuls:
        return None
    even = data[::2].count(0)
    codec = "utf-16-be" if even * 2 > nuls else "utf-16-le"
    on_one_side = max(even, nuls - even)
    # A text in UTF-8 may hold a few stray NULs, on both sides: UTF-16 has next to none on one.
    if on_one_side < 0.02 * len(data) or on_one_side < 0.95 * nuls:
        return None
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    return None if _mostly_control(text) or not _plausible(text) else Decoded(text, codec)


def _plausible(text: str) -> bool:
    """Whether most of a text is made of ASCII and frequent Chinese characters."""
    sample = text[:_SAMPLE]
    others = _NOT_ASCII.findall(sample)
    return len(others) * 2 < len(sample) or _share(others, _frequent()) >= _FREQUENT_SHARE


def _as_utf8(data: bytes) -> Decoded | None:
    """UTF-8, with encoded lone surrogates and the odd broken byte let through."""
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        # The sample first: a large file in another encoding is told apart at its beginning.
        return _utf8_with_faults(data[:_SAMPLE]) and _utf8_with_faults(data)


def _utf8_with_faults(data: bytes) -> Decoded | None:
    """The text as UTF-8, where far more of what is not ASCII is good than is broken."""
    decoded = _in(data, "utf-8")
    if decoded and decoded.undecodable * 20 < len(_NOT_ASCII.findall(decoded.text)):
        return decoded
    return None


def _in(data: bytes, codec: str, *, encoding: str | None = None) -> Decoded | None:
    """The text in one encoding; None where too much of it makes no character."""
    try:
        text, faults = data.decode(codec, "surrogatepass"), 0
    except UnicodeDecodeError:
        text = data.decode(codec, "replace")
        faults = text.count("\ufffd")
        if faults > max(1, len(data) * _UNDECODABLE_SHARE):
            return None
    return Decoded(_pairs_joined(text), encoding or codec, faults)


def _pairs_joined(text: str) -> str:
    """Two surrogates that are a pair become the character they stand for; lone ones stay."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _by_characters(data: bytes) -> Decoded | None:
    """GB18030, Big5, UTF-16 of Chinese alone, or Western: whichever reads as real text."""
    sample = data[:_SAMPLE]
    scores: dict[str, tuple[float, float]] = {}
    for codec in _CHINESE_CODECS:
        others = _NOT_ASCII.findall(sample.decode(codec, "replace"))
        # Rounded, so that a near tie is left to the most frequent characters.
        scores[codec] = (round(_share(others, _frequent()), 1), _share(others, _MOST_FREQUENT))
    best = max(scores, key=scores.__getitem__)
    if scores[best][0] >= _FREQUENT_SHARE:
        return _in(data, _variant(data, best))
    return _in(data, "cp1252") if _western(sample) else None


@cache
def _frequent() -> frozenset[str]:
    """Signs, and the frequent characters of Simplified and Traditional writing."""
    return _SIGNS.union(
        character
        for codec, rows in _FREQUENT_ROWS.items()
        for first in rows
        for second in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
        for character in bytes((first, second)).decode(codec, "ignore")
        if character > "\x7f"
    )


def _share(characters: list[str], known: frozenset[str]) -> float:
    """How many of some characters are known ones."""
    return sum(map(known.__contains__, characters)) / len(characters) if characters else 0.0


def _variant(data: bytes, codec: str) -> str:
    """The extension of Big5 that has all of the characters; another codec stays as it is."""
    for variant in _VARIANTS.get(codec, ()):
        try:
            data.decode(variant)
        except UnicodeDecodeError:
            continue
        return variant
    return codec


def _western(sample: bytes) -> bool:
    """Whether what is not ASCII is rare, stands alone and is what Western text is made of."""
    runs = _NOT_ASCII_BYTES.findall(sample)
    text = sample.decode("cp1252", "replace")
    others = _NOT_ASCII.findall(text)
    known = sum(character in _SIGNS for character in others)
    return sum(map(len, runs)) <= _WESTERN_BYTES * len(
        sample
    ) + 1 and known >= _WESTERN_SHARE * len(others)


def _mostly_control(text: str) -> bool:
    """Whether a text is full of what no text has: it was a binary file."""
    sample = text[:_SAMPLE]
    return len(_CONTROL.findall(sample)) > _CONTROL_SHARE * len(sample)
