"""Spaces inside Chinese words."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from math import log
from pathlib import Path

from carextract.clean.shape import HAN_GAP, HAN_RUN
from carextract.tracked import TrackedText

STEP = "spacing"

_ENTRY = re.compile(r"^(\S+) (\d+)", re.MULTILINE)
_LONGEST = 16
_COUNT_OF_TERM = 1000
_HEADS = frozenset('\n，。；：、（）()]"“”’;:,')
_LABELS = frozenset("注表图例答问男女")
_WINDOW = 10
_TERMS = (
    "细胞因子释放综合征 细胞因子释放综合症 神经毒性 嵌合抗原受体 系统性红斑狼疮 氟达拉滨 环磷酰胺 "
    "托珠单抗 甲泼尼龙 甲基强的松龙 泼尼松 羟氯喹 他克莫司 贝利尤单抗 利妥昔单抗 泰它西普 "
    "中位 狼疮性肾炎 狼疮肾炎 输注 回输 清淋 自体 同种异体 靶向 淋巴细胞 浆细胞 药物缓解 无药缓解"
)


def word_spacing(text: TrackedText) -> TrackedText:
    """Take spaces out of Chinese words; spaces between words, cells and heads stay.

    A lone character behind punctuation is certain without a dictionary; for the rest, a word of
    jieba's dictionary has to run over the gap. Without any lone character beside a space, a text
    is taken to be sound and no dictionary is loaded. Spaces beside Latin letters stay.

    >>> word_spacing(TrackedText.of("反应，异 常激活的细胞，从 而引起炎症")).text
    '反应，异常激活的细胞，从而引起炎症'
    >>> word_spacing(TrackedText.of("CAR类型 疾病 研究阶段 研究地点")).text
    'CAR类型 疾病 研究阶段 研究地点'
    """
    raw = text.text
    gaps = [match.start() for match in HAN_GAP.finditer(raw)]
    if not any(_is_lone(raw, gap - 1) or _is_lone(raw, gap + 1) for gap in gaps):
        return text
    closed = [gap for gap in gaps if _is_lone_head(raw, gap - 1) or _runs_over(raw, gap)]
    return text.replace(STEP, [(gap, gap + 1, "") for gap in closed])


def _is_lone(raw: str, place: int) -> bool:
    """Whether the characters on both sides of an ideograph are none."""
    return not _is_han(raw[place - 1 : place]) and not _is_han(raw[place + 1 : place + 2])


def _is_lone_head(raw: str, place: int) -> bool:
    """Whether an ideograph stands alone behind punctuation or at the start of a line."""
    before = raw[place - 1 : place] if place else "\n"
    return before in _HEADS and raw[place] not in _LABELS


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _runs_over(raw: str, gap: int) -> bool:
    """Whether a word of the dictionary runs over a gap, read with the gaps around it closed."""
    start = gap
    while start > 0 and start > gap - _WINDOW and _is_han(raw[start - 1]):
        start -= 1
    behind = HAN_RUN.match(raw, gap + 1, gap + 1 + _WINDOW)
    seam = gap - start
    at = 0
    for word in _words(raw[start:gap] + (behind[0] if behind else "")):
        if at < seam < at + len(word):
            return True
        at += len(word)
    return False


def _words(run: str) -> list[str]:
    """The likeliest words of a short run of ideographs, by the frequencies of the dictionary.

    >>> _words("异常激活的细胞")
    ['异常', '激活', '的', '细胞']
    """
    weights, floor = _dictionary()
    best: list[tuple[float, int]] = [(0.0, 0)] * (len(run) + 1)
    for start in range(len(run) - 1, -1, -1):
        best[start] = max(
            (weights.get(run[start:end], floor) + best[end][0], end)
            for end in range(start + 1, min(len(run), start + _LONGEST) + 1)
            if end == start + 1 or run[start:end] in weights
        )
    words: list[str] = []
    start = 0
    while start < len(run):
        words.append(run[start : best[start][1]])
        start = best[start][1]
    return words


@cache
def _dictionary() -> tuple[dict[str, float], float]:
    """The logarithm of each word's share in the dictionary of jieba, and of a word used once.

    Only its word list is read: the package itself takes three times as long to load, writes a
    cache that all users of a machine share, and logs while it does.
    """
    package = find_spec("jieba")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("jieba is not installed")
    rows = (Path(package.origin).parent / "dict.txt").read_text(encoding="utf-8")
    counts = {word: int(count) for word, count in _ENTRY.findall(rows)}
    total = log(sum(counts.values()))
    weights = {word: log(count or 1) - total for word, count in counts.items()}
    weights.update(dict.fromkeys(_TERMS.split(), log(_COUNT_OF_TERM) - total))
    return weights, -total
