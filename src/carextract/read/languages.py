"""Which languages a text is written in, by its scripts and its most common words."""

import re
from collections import Counter
from collections.abc import Container, Mapping
from typing import TypeVar

_SLICE = 8_000
_SLICES = 12
_HAN = range(0x3400, 0xA000)
_KANA = range(0x3041, 0x30FF)
_WORD = re.compile("(?<![A-Za-z])[a-z]{3,}(?![A-Za-z])")
_ENGLISH = frozenset("the and with was were for that are from after had this which not".split())
# Characters that only one of the two scripts writes, and that any text of some length holds.
_ONLY_HANS = frozenset(
    "这为来个们说国时会对过发无么经学进种将还当与见从长间应开点现产体机动实疗细组剂严临试验级结输肾统红疮"
    "评数据显较达续转标关题认论证设计处别两缓药状调亚损伤诱导转谢综缩总维环护减织"
)
_ONLY_HANT = (
    frozenset(
        "這為來個們說國時後會對過發無麼經學進種將還當與見從長間應開點現產體機動實療細組劑嚴臨試驗級結輸腎統紅瘡"
        "評數據顯較達續轉標準關題認論證設計處別兩緩藥狀調亞損傷誘導謝綜縮總維環護減織"
    )
    - _ONLY_HANS
)
_HAN_PER_WORD = 1.7
_SHARE = 0.1
_SCRIPT_SHARE = 0.15
_ENGLISH_SHARE = 0.04
_FEW_WORDS = 30
_Thing = TypeVar("_Thing", int, str)


def languages(text: str) -> tuple[str, ...]:
    """BCP 47 tags of the languages with a fair share of the text, the largest first.

    Terms that are Latin in every language (CAR-T, mg) do not make a text English: only words of
    three small letters or more count. A long text is judged by slices from all over it.

    >>> languages("患者输注后评分显著下降。")
    ('zh-Hans',)
    >>> languages("病人輸注後未發生 ICANS。")
    ('zh-Hant',)
    >>> languages("The sum of all scores, or 和, was lower after the infusion in every patient.")
    ('en',)
    """
    sample = _sample(text)
    counts = Counter(sample)
    codes = {ord(character): count for character, count in counts.items()}
    han, kana, words = _total(codes, _HAN), _total(codes, _KANA), len(_WORD.findall(sample))
    weights: dict[str, float] = {}
    if kana * 5 > han:
        weights["ja"] = (han + kana) / _HAN_PER_WORD
    elif han:
        weights |= _chinese(counts, han / _HAN_PER_WORD)
    if _is_english(sample, words, han=han):
        weights["en"] = float(words)
    total = sum(weights.values())
    kept = [(-weight, tag) for tag, weight in weights.items() if weight > _SHARE * total]
    return tuple(tag for _, tag in sorted(kept))


def _sample(text: str) -> str:
    if len(text) <= _SLICE * _SLICES:
        return text
    step = len(text) // _SLICES
    return "".join(text[at : at + _SLICE] for at in range(0, step * _SLICES, step))


def _total(counts: Mapping[_Thing, int], wanted: Container[_Thing]) -> int:
    """How often the wanted things were counted."""
    return sum(count for thing, count in counts.items() if thing in wanted)


def _chinese(counts: Mapping[str, int], weight: float) -> dict[str, float]:
    """The weight of the Chinese, shared out by the characters that only one script writes."""
    hans, hant = _total(counts, _ONLY_HANS), _total(counts, _ONLY_HANT)
    if not hans and not hant:
        return {"zh-Hans": weight}
    shares = {"zh-Hans": hans / (hans + hant), "zh-Hant": hant / (hans + hant)}
    return {tag: weight * share for tag, share in shares.items() if share >= _SCRIPT_SHARE}


def _is_english(sample: str, words: int, *, han: int) -> bool:
    """Whether the words are English: in a text all in Latin letters, some are its commonest ones.

    A short text may have none of those; between Chinese characters no other language is usual.
    """
    if words < _FEW_WORDS or han > words:
        return words > 0
    common = sum(word in _ENGLISH for word in _WORD.findall(sample))
    return common >= _ENGLISH_SHARE * words
