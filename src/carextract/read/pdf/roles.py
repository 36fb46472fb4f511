"""What the paragraphs of a column are: text, captions, footnotes, words in a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from carextract.read.pdf.layout import Block, Role
from carextract.read.pdf.sentences import ends_sentence

_SMALL = 0.96  # small type, against that of the text
_TINY = 0.7
_BELOW_TABLE = 2.0  # em: how far below a table its notes may stand
_NEAR = 0.9  # em: how far below its caption a line of it may stand
_AWAY = 3.0  # em
_FEW_LINES = 3
_MOST_LINES = 8  # of footnotes that do not say what they are
_LABEL_FILL = 0.6  # words in a picture fill less of their column
_LABEL_LENGTH = 3  # or are single letters, one above the other

_CAPTION = re.compile(
    r"(?:附|续|附加)?[图表圖]\s?[A-Z]?[\dlIO]{1,2}(?:[-.－]\d{1,2})?"
    r"(?:$|[\s.．:：、（(]|[a-zA-Z]\b)"
    r"|(?:Suppl\w*\.? |Extended Data )?"
    r"(?:Fig(?:ure|s?\.)?|FIGURE|Tab(?:[l1I]e|\.)|TABLE|Scheme|Box)\s?[SA-Z]?[\dlIO]{1,2}[a-zA-Z]?(?:\s?[.:|│(（]|\s+[A-Z(（\u2e80-\u9fff]|$)"
)
_FIGURE = re.compile(r"(?:附|续|附加)?[图圖]|(?:Suppl\w*\.? |Extended Data )?(?:Fig|FIG|Scheme)")
_NOTE = re.compile(r"(?:注|Notes?|Abbreviations?)\s?[.:：]|[*†‡§#]\s?\S|[ᵃᵇᶜᵈ]")
_FOOTNOTE = re.compile(
    r"[*＊※△#†‡✉]?\s?(?:【?(?:基金项目|基金資助|基金|作者单位|作者簡介|作者简介|通[信讯訊]作者|第一作者"
    r"|收稿日期|修回日期|接受日期|本文数字出版日期|引[用文]格式|共同第一作者|责任作者)】?\s?[:：]"
    r"|(?:Correspond(?:ence|ing\s+authors?)|Author\s+affiliations?|Present address|Received"
    r"|E-?mail(?:\s+address(?:es)?)?|Tel)\b\s?(?:[:：.]|to\b))",
    re.I,
)
_MARKED = re.compile(r"[*＊※†‡§¶#△]\s?\S|[¹²³⁴⁵⁶⁷⁸⁹]\s?\S|[①-⑩]\S")


def with_captions(blocks: Sequence[Block], em: float) -> list[Block]:
    """The blocks of a page in reading order, those marked that are captions and notes of tables."""
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else None
        if block.role is Role.BODY and (
            _is_caption(block, em) or (before and _goes_with(before, block, em))
        ):
            block = replace(block, role=Role.CAPTION)
        found.append(block)
    return found


def without_labels(blocks: Sequence[Block], em: float) -> list[Block]:
    """The blocks of a page, those put aside that are words in a picture, above its caption."""
    labels: set[int] = set()
    for caption in blocks:
        if caption.role is Role.CAPTION and _FIGURE.match(caption.lines[0].text):
            labels.update(id(block) for block in _labels(caption, blocks, em))
    return [replace(block, role=Role.SIDE) if id(block) in labels else block for block in blocks]


def _labels(caption: Block, blocks: Sequence[Block], em: float) -> Iterator[Block]:
    """The words in the picture above a caption, up to the next text above it."""
    x0, x1 = (caption.column or caption.box)[0::2]
    above = [
        block
        for block in blocks
        if block is not caption
        and block.box.bottom < caption.box.top + _NEAR * em
        and block.box.x0 < x1
        and block.box.x1 > x0
    ]
    for block in sorted(above, key=lambda block: -block.box.bottom):
        if block.role is not Role.BODY or not _is_label(block, em):
            return
        yield block


def _is_label(block: Block, em: float) -> bool:
    """Whether a block in a column may be words in a picture."""
    lines = block.lines
    if sum(len(line.text) for line in lines) <= _LABEL_LENGTH * len(lines):
        return True
    largest = max(line.size for line in lines)
    if largest < _TINY * em or _is_amid(block, em):
        return True
    column = (block.column or block.box).width
    filled = sum(line.box.width for line in lines) / len(lines)
    return largest < _SMALL * em and filled < _LABEL_FILL * column


def _is_amid(block: Block, em: float) -> bool:
    """Whether a block stands away from both sides of its column, and ends as no sentence does."""
    column = block.column or block.box
    return (
        block.box.x0 > column.x0 + _AWAY * em
        and block.box.x1 < column.x1 - _AWAY * em
        and not ends_sentence(block.lines[-1].text)
    )


def starts_footnote(text: str) -> bool:
    """Whether a line says that it is a footnote: whose address, which grant, received when."""
    return _FOOTNOTE.match(text) is not None


def starts_caption(text: str) -> bool:
    """Whether a line may be the first of a caption: 表1, Fig. 2."""
    return _CAPTION.match(text) is not None


def _is_caption(block: Block, em: float) -> bool:
    """Whether a block begins as a caption, and not as a sentence about a table."""
    first = block.lines[0]
    match = _CAPTION.match(first.text)
    if match is None or first.size < _SMALL * em:
        return match is not None
    return len(block.lines) <= _FEW_LINES and not first.text[match.end() :].lstrip()[:1].islower()


def _goes_with(before: Block, block: Block, em: float) -> bool:
    """Whether a block is the rest of the caption above it, or the notes under a table."""
    first, gap = block.lines[0], _gap(before, block) / em
    if before.role is Role.TABLE and _NOTE.match(first.text):
        return -1 < gap < _BELOW_TABLE
    if first.size > _SMALL * em or not -1 < gap < _NEAR:
        return False
    if before.role is Role.TABLE:
        return True
    return before.role is Role.CAPTION and abs(before.lines[0].size - first.size) < 0.05 * em


def with_footnotes(blocks: Sequence[Block], em: float) -> list[Block]:
    """The blocks of a column, those at its foot marked that are footnotes."""
    first = len(blocks)
    for at in range(len(blocks) - 1, -1, -1):
        line = blocks[at].lines[0]
        if blocks[at].role is not Role.BODY or _is_caption(blocks[at], em):
            break
        if starts_footnote(line.text):
            first = at
        elif line.size > _SMALL * em:
            break
        elif _stands_apart(blocks, at, em) and (
            first < len(blocks) or _MARKED.match(line.text) or _is_small_print(blocks, at, em)
        ):
            first = at
    return [
        replace(block, role=Role.FOOTNOTE) if at >= first and block.role is Role.BODY else block
        for at, block in enumerate(blocks)
    ]


def _is_small_print(blocks: Sequence[Block], at: int, em: float) -> bool:
    """Whether the blocks from one on are a few lines in small type below a paragraph of text."""
    above = blocks[at - 1]
    lines = sum(len(block.lines) for block in blocks[at:])
    return (
        above.role is Role.BODY
        and len(above.lines) >= _FEW_LINES
        and above.lines[-1].size > _SMALL * em
        and lines <= _MOST_LINES
    )


def _stands_apart(blocks: Sequence[Block], at: int, em: float) -> bool:
    """Whether there is a gap above a block."""
    return at > 0 and _gap(blocks[at - 1], blocks[at]) > _NEAR * em


def _gap(above: Block, below: Block) -> float:
    return below.box.top - above.box.bottom
