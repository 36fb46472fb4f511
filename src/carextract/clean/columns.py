"""Two columns of prose read line by line across the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from carextract.clean.pattern import Pattern
from carextract.clean.shape import Line, is_certain_row, lines_of
from carextract.tracked import Piece, TrackedText

STEP = "columns"

_STOPPED = Pattern(r"[a-z\d)\]%][.!?]$")
_LOWER = Pattern(r"[a-z]{2,}[ ,]|a ")
_FEWEST_LINES = 6
_CONTRADICTIONS = 2
_FEWEST_LINKS = 3
_BROKEN_WORDS = frozenset(
    "患者 治疗 细胞 评分 狼疮 系统 红斑 免疫 抑制 输注 回输 剂量 激素 泼尼 尼松 随访 复发 缓解"
    " 综合 释放 因子 神经 毒性 清淋 环磷 氟达 达拉 拉滨 磷酰 酰胺 淋巴 临床 研究 结果 出现 发生"
    " 感染 蛋白 疾病 活动 基线 中位 时间 严重 不良 反应 疗效 安全 自体 靶点 靶向 抗体 嵌合 抗原"
    " 受体 肾炎 难治 复治 方案 显著 升高 降低 下降 停用 药物 单抗 补体 入组 例数 个月 公斤 体重"
    " 我们 目前 本例 首例 均为 未见 以上 其中 以及 可以 需要 进行"
    " 采用 表明 提示 显示 分别 平均".split()
)


def columns(text: TrackedText) -> TrackedText:
    """Put two columns of prose one below the other where their lines alternate.

    Certain only where reading straight on goes wrong at least twice (a full stop, then a small
    letter) and reading every other line never does; in Chinese, where three words or more are
    broken over every other line, and hardly one over neighbours. Everything else stays.

    >>> left, right = ["All well.", "One had", "a fever."], ["the cells were", "given on", "day 0."]
    >>> text = "\\n".join(line for pair in zip(left, right) for line in pair)
    >>> columns(TrackedText.of(text)).text.split("\\n\\n")
    ['All well.\\nOne had\\na fever.', 'the cells were\\ngiven on\\nday 0.']
    """
    if not _CONTRADICTION.search(text.text) and not _may_be_linked(text.text):
        return text
    changes: list[tuple[int, int, list[Piece]]] = []
    for block in _blocks(lines_of(text.text)):
        if _is_interleaved(block):
            changes.append((block[0].start, block[-1].end, _unravelled(block)))
    return text.rearrange(STEP, changes)


_CONTRADICTION = Pattern(r"[.!?][ \t]*\n\s*[a-z]")


def _blocks(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Stretches of lines with the same number of blank lines between them."""
    start = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or (i > start + 1 and lines[i].blanks != lines[start + 1].blanks):
            if i - start >= _FEWEST_LINES:
                yield lines[start:i]
            start = i


def _is_interleaved(block: Sequence[Line]) -> bool:
    """Whether every other line makes sense and straight reading does not."""
    if any(is_certain_row(line.text) for line in block):
        return False
    if _contradictions(block[::2]) + _contradictions(block[1::2]):
        return False
    return _contradictions(block) >= _CONTRADICTIONS or _is_linked([line.text for line in block])


def _may_be_linked(raw: str) -> bool:
    """Whether it is worth looking for words broken over every other line."""
    lines = [line.strip() for line in raw.split("\n") if line and not line.isspace()]
    return _links(lines, lines[2:]) >= _FEWEST_LINKS


def _is_linked(lines: Sequence[str]) -> bool:
    """Whether words are broken over every other line, and hardly one over neighbours."""
    links = _links(lines, lines[2:])
    return links >= _FEWEST_LINKS and links >= 4 * _links(lines, lines[1:])


def _links(lines: Sequence[str], later: Sequence[str]) -> int:
    """How many words of the list are broken between lines and the ones they may go on in."""
    return sum(
        line[-1] + after[0] in _BROKEN_WORDS for line, after in zip(lines, later, strict=False)
    )


def _contradictions(lines: Sequence[Line]) -> int:
    """How often a sentence is over and the next line begins with a small letter."""
    return sum(
        _STOPPED.search(line.text) is not None and _LOWER.match(after.text) is not None
        for line, after in pairwise(lines)
    )


def _unravelled(block: Sequence[Line]) -> list[Piece]:
    """The lines of the first column, a blank line, the lines of the second."""
    pieces: list[Piece] = []
    for column in (block[::2], block[1::2]):
        if pieces:
            pieces[-1] = "\n\n"
        for line in column:
            pieces += [(line.start, line.end), "\n"]
    return pieces[:-1]
