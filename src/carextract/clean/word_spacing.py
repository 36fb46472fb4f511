"""Spaces inside Chinese words."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache
from typing import Protocol

from carextract.clean.shape import HAN_GAP, HAN_RUN
from carextract.tracked import TrackedText

STEP = "spacing"

_HEADS = frozenset('\n，。；：、（）()]"“”’;:,')
_LABELS = frozenset("注表图例答问男女")
_CELLS = frozenset("无有未是否男女注表图例答问岁") | _LABELS
_HABIT = 4
_WINDOW = 10
_COUNT_OF_TERM = 1000
_TERMS = (
    "细胞因子释放综合征 细胞因子释放综合症 神经毒性 嵌合抗原受体 系统性红斑狼疮 氟达拉滨 环磷酰胺 "
    "托珠单抗 甲泼尼龙 甲基强的松龙 泼尼松 羟氯喹 他克莫司 贝利尤单抗 利妥昔单抗 泰它西普 "
    "中位 狼疮性肾炎 狼疮肾炎 输注 回输 清淋 自体 异体 同种异体 靶向 淋巴细胞 浆细胞 药物缓解 "
    "无药缓解 免疫性 靶点"
)


class _Tokenizer(Protocol):
    def cut(self, sentence: str, *, HMM: bool) -> Iterator[str]: ...  # noqa: N803


def word_spacing(text: TrackedText) -> TrackedText:
    """Take spaces out of Chinese words; spaces between words, cells and heads stay.

    Without any lone character beside a space, a text is taken to be sound. A lone character behind
    punctuation is certain as it stands; for the other gaps, a word has to run over them when jieba
    reads what is around. Where many words are broken, lone characters join their neighbours too.
    Spaces beside Latin letters stay.

    >>> word_spacing(TrackedText.of("反应，异 常激活的细胞，从 而引起炎症")).text
    '反应，异常激活的细胞，从而引起炎症'
    >>> word_spacing(TrackedText.of("CAR类型 疾病 研究阶段 研究地点")).text
    'CAR类型 疾病 研究阶段 研究地点'
    """
    raw = text.text
    gaps = [match.start() for match in HAN_GAP.finditer(raw)]
    if not any(_is_lone(raw, gap - 1) or _is_lone(raw, gap + 1) for gap in gaps):
        return text
    closed = {gap for gap in gaps if _is_lone_head(raw, gap - 1) or _is_inside_a_word(raw, gap)}
    if len(closed) >= _HABIT:
        closed.update(gap for gap in gaps if _is_torn_off(raw, gap))
    return text.replace(STEP, [(gap, gap + 1, "") for gap in sorted(closed)])


def _is_lone(raw: str, place: int) -> bool:
    """Whether the characters on both sides of an ideograph are none."""
    return not _is_han(raw[place - 1 : place]) and not _is_han(raw[place + 1 : place + 2])


def _is_lone_head(raw: str, place: int) -> bool:
    """Whether an ideograph stands alone behind punctuation or at the start of a line."""
    before = raw[place - 1 : place] if place else "\n"
    return before in _HEADS and raw[place] not in _LABELS


def _is_torn_off(raw: str, gap: int) -> bool:
    """Whether just one side of a gap is a lone character, and not one that is an answer or cell."""
    left, right = _is_lone(raw, gap - 1), _is_lone(raw, gap + 1)
    return left != right and raw[gap - 1 if left else gap + 1] not in _CELLS


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _is_inside_a_word(raw: str, gap: int) -> bool:
    """Whether a word runs over a gap, read in the characters around it with the gap closed."""
    start = gap
    while start > 0 and start > gap - _WINDOW and _is_han(raw[start - 1]):
        start -= 1
    behind = HAN_RUN.match(raw, gap + 1, gap + 1 + _WINDOW)
    window = raw[start:gap] + (behind[0] if behind else "")
    at = 0
    for word in _tokenizer().cut(window, HMM=False):
        if at < gap - start < at + len(word):
            return True
        at += len(word)
    return False


@cache
def _tokenizer() -> _Tokenizer:
    """A tokenizer of our own, that knows the field's terms.

    Its dictionary is read here, since jieba would log that, and would leave a cache in the
    temporary folder that all users of a machine share.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba asks for resources in a deprecated way
        import jieba  # half a second: only for a text with gaps that structure cannot explain

    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for term in _TERMS.split():
        tokenizer.add_word(term, _COUNT_OF_TERM)
    own: _Tokenizer = tokenizer
    return own
