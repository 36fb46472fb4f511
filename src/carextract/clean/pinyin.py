"""Readings in brackets after a character."""

from __future__ import annotations

from carextract.clean.pattern import Pattern
from carextract.clean.substitute import substitute
from carextract.tracked import TrackedText

STEP = "pinyin"

_INITIAL = "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_VOWELS = f"[aeiouü{_TONES}]"
_SYLLABLE = Pattern(
    rf"[（(](?<=[\u3400-\u9fff].)"
    rf"(?=[a-zü]{{0,4}}[{_TONES}])({_INITIAL}{_VOWELS}{{1,3}}(?:ng?|r)?)[)）]"
)
_NEUTRAL = Pattern(
    r"[（(](?<=[\u3400-\u9fff].)"
    r"(?:de|le|zi|me|men|ma|ba|ne|zhe|guo|tou|di|shang|li)[)）]"
)
_HABIT = 3
_STRONG_HABIT = 10


def pinyin(text: TrackedText) -> TrackedText:
    """Take out readings such as `醫(yī)院` that a web page prints after single characters.

    Only where the document has three or more: a character, a bracket, one syllable with its tone
    mark, a bracket. Readings without a tone (`子(zi)`) only where there are many others.

    >>> pinyin(TrackedText.of("醫(yī)院風(fēng)濕免疫科開(kāi)科(IgG)")).text
    '醫院風濕免疫科開科(IgG)'
    >>> pinyin(TrackedText.of("杜邦(né)和李(lǐ)")).text
    '杜邦(né)和李(lǐ)'
    """
    readings = sum(1 for _ in _SYLLABLE.finditer(text.text))
    if readings < _HABIT:
        return text
    text = substitute(text, STEP, _SYLLABLE, "")
    return substitute(text, STEP, _NEUTRAL, "") if readings >= _STRONG_HABIT else text
