"""What a line looks like: how wide it is, whether it is a table row, a heading, a list item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from carextract.clean.pattern import Pattern

PARAGRAPH = "\u2029"  # the true end of a paragraph, where markup said so; not for people to see
UNREADABLE = "■"  # stands for a number that cannot be read
# What OCR programs, decoders and fonts show for a character that they do not know.
UNREADABLE_MARKS = f"{UNREADABLE}□▢▣▇█▉▊▋▮▯◻◼\ufffd"
# Words that name a number instead of counting with it, so that another number may follow.
NUMBERED = (
    r"(?i:\b(?:weeks?|days?|months?|years?|grades?|phase|cohort|group|level|patients?|cases?|tables?"
    r"|figs?|figure|part|no|ref|version|stage|class|age|aged)\.?\s?|(?:[表图第]|(?<!入)组)\s?)"
)
# An ideograph: a letter of a script far from ours. A class of all 27,000 would take a millisecond
# to compile in every expression that holds it.
HAN = r"[^\W\x00-\u03ff\u2070-\u218b\u2460-\u2793]"
HAN_RUN = Pattern(f"{HAN}+")
HAN_GAP = Pattern(f" (?<={HAN} )(?={HAN})")  # one space between two ideographs

_STOP = Pattern(r"""[。！？!?…][”’」』）)"']*$|[.;；][”’」』）)"']*$|\]o$""")
_ITEM = Pattern(
    r"(?:[•●▪■◆◦‣·○►▶※]\s*|[-–—*+]\s+)\S|#{1,6}\s|[①-⑳❶-❿]"
    r"|(?:\d{1,2}[、．]|\d{1,2}[.)]\s)\s*[^\d\s]"
    rf"|\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}\.?\s+(?={HAN})(?![例分年月日个周天岁级期名次倍项组万亿])"
    r"|[一二三四五六七八九十]{1,2}、|第[一二三四五六七八九十]{1,3}[章节部]"
)
_HEADING = Pattern(
    r"\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+(?![×xX*]\s?1)"
    rf"(?!(?:m?g|kg|[μu]g|mL|ml|IU|cells|days?|weeks?|months?|years?|patients?|h)\b)"
    rf"(?=[A-Z]|{HAN})(?![例分年月日个周天岁级期名次倍项组万亿])"
    rf"|\d{{1,2}}\.(?=[A-Z]|{HAN})|[(（](?:\d{{1,2}}|[ivx]{{1,4}}|[a-h]|[一二三四五六七八九十]{{1,2}})[)）]"
)
_TABLE = r"(?:续?表|附表|Tab(?:le|\.)|TAB(?:LE|\.))\s?S?[\dl]"
_TABLE_CAPTION = Pattern(_TABLE)
_CAPTION = Pattern(rf"{_TABLE}|(?:图|Fig(?:ure|\.)|FIG(?:URE|\.))\s?S?\d")
_LABEL = Pattern(
    r"(?:\[|【|〔)?(?:Abstract|Background|Objectives?|Methods?|Results?|Conclusions?|Findings"
    r"|Keywords|Key words|Introduction|Discussion|References|摘\s?要|目的|方法|结果|结论|关键词"
    r"|背景|参考文献|注)(?:\]|】|〕)?\s*[:：.\n\]】]"
)
_RECORD = Pattern(
    r"""["{}\[\]]*"[^"]{1,60}"\s*:|[{}\[\]]{1,3},?$|<[!/?A-Za-z]|```|---+$|\+[-+]+$"""
)
_KEY = Pattern(r"-?\s*[a-z_][\w-]{0,30}:(?:\s|$)")
_SENTENCE_SIGN = Pattern(rf"[，。；！？]|[a-z]{{2}}[.;,] |[)\]][.;] [A-Z]|,(?<={HAN},)(?={HAN})")
_RUN_ON = Pattern(rf"[a-z],\S|[,;](?={HAN})|[,;](?<={HAN}.)|;[A-Z]")
_PUNCTUATED = Pattern(rf"[，。；、]|[a-z][,;.] |[,;:](?<={HAN}.)(?=[^\s,;:])")
_FUNCTION_WORD = Pattern(
    r"\b(?:the|of|and|in|with|was|were|is|are|to|for|by|at|on|from|that|had|has|have|be|as|an?)\b",
    re.IGNORECASE,
)
_FUNCTION_HAN = Pattern("[的了在和与及为是对将从被其于并或而所]")
_NUMBER = r"(?:N ?C ?T ?[0-9OolI]|ChiCTR)[0-9OolI ]{5,11}"
_REGISTRY_ROW = Pattern(rf"^{_NUMBER}(?= \S)|\s{_NUMBER}$")
# A registry number that may go on.
REGISTRY_HEAD = Pattern(
    r"(?:N ?C ?T ?\d{0,7}|ChiCTR-?(?:[A-Z0]{2,4}-?)?\d{0,9}|jRCTs?\d{0,9}|ACTRN\d{0,13}"
    r"|ISRCTN\d{0,7}|EU CT 20\d\d(?:-\d{0,6}(?:-\d\d?){0,2})?"
    r"|EudraCT(?: no\.?| number)? ?[\d-]{0,13}|DRKS\d{0,7}|UMIN\d{0,8}|KCT\d{0,6}|CTR\d{0,7})-?$"
)
_BEFORE_A_NUMBER = Pattern(f"{NUMBERED}$")
_LONGEST_LABEL = 12
_GAP = Pattern(r"(?<=\S)(?: {2,}|\t+)(?=\S)")
_BRACKETED = Pattern(r"[(（][^()（）]{0,80}[)）]")
_COMMAS = Pattern(r"(?<=[^,\s]),(?=[^,\s])")


_LONGEST_ROW = 300
_TAIL = 90
_WORDS_OF_PROSE = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A line with something on it: its offsets without outer white space, and what it looks like.

    `blanks` counts the empty lines before it; `chinese` and `punctuated` say that it holds an
    ideograph, and a sign from inside a sentence.
    """

    start: int
    end: int
    text: str
    indent: int
    blanks: int
    width: float
    chinese: bool
    punctuated: bool

    @property
    def tail(self) -> str:
        """The end of the line: enough of it to see whether it goes on."""
        return self.text[-_TAIL:]


def lines_of(raw: str) -> list[Line]:
    """The lines of a text that hold something, with the number of blank lines before each.

    >>> [(line.text, line.indent, line.blanks) for line in lines_of("a\\n\\n  b c \\n")]
    [('a', 0, 0), ('b c', 2, 1)]
    """
    found: list[Line] = []
    at = blanks = 0
    for line in raw.split("\n"):
        bare = line.strip()
        if bare:
            indent = line.index(bare)
            start = at + indent
            end = start + len(bare)
            chinese = not bare.isascii() and HAN_RUN.search(bare) is not None
            punctuated = _PUNCTUATED.search(bare) is not None
            before = blanks if found else 0
            width = width_of(bare)
            found.append(Line(start, end, bare, indent, before, width, chinese, punctuated))
            blanks = 0
        else:
            blanks += 1
        at += len(line) + 1
    return found


def width_of(line: str) -> float:
    """Columns a line takes: an ideograph takes two.

    >>> width_of("CD19细胞")
    8.0
    """
    return (len(line.encode("utf-8", "surrogatepass")) + len(line)) / 2


def ends_sentence(line: str) -> bool:
    """Whether a line ends with a full stop, question mark or semicolon.

    >>> ends_sentence("均缓解。"), ends_sentence("CRS (grade 1).)"), ends_sentence("SLE患者")
    (True, True, False)
    """
    return _STOP.search(line[-8:]) is not None


def starts_item(line: str) -> bool:
    """Whether a line begins as only a list item, a caption, a label or a record does.

    >>> [starts_item(line) for line in ("2. Dose", "- oral", "2.2 临床研究", "注：SLE")]
    [True, True, True, True]
    >>> [starts_item(line) for line in ("2.5 mg daily", "12例患者", "1.0 x 106个", "6), G2")]
    [False, False, False, False]
    """
    return any(pattern.match(line) for pattern in (_ITEM, _CAPTION, _LABEL, _RECORD))


def may_be_heading(line: str) -> bool:
    """Whether a line begins with a number that could count headings or items, or be a value.

    >>> may_be_heading("1 CAR-T细胞的机制"), may_be_heading("(ii) Oral"), may_be_heading("4 例接受")
    (True, True, False)
    """
    return _HEADING.match(line) is not None


def is_record(line: str) -> bool:
    """Whether a line is JSON, YAML, HTML or a rule between rows.

    >>> is_record('"dose": 5,'), is_record("title: 'CAR T'"), is_record("Dose: 5")
    (True, True, False)
    """
    return _RECORD.match(line) is not None or _KEY.match(line) is not None


def is_labelled(raw: str, start: int) -> bool:
    """Whether a figure at a place is the number that a word before it names: week 24, 表1.

    >>> is_labelled("by week 24", 8), is_labelled("in 24", 3)
    (True, False)
    """
    return _BEFORE_A_NUMBER.search(raw, max(0, start - _LONGEST_LABEL), start) is not None


def is_certain_row(line: str) -> bool:
    """Whether a line has cells that nothing but a table has: bars, tabs, wide gaps, bare commas.

    >>> is_certain_row("SLE | 1 | NCT06106906"), is_certain_row("He, 2025    1 × 10^5    22 → 4")
    (True, True)
    >>> is_certain_row("the   cells were   infused in   the patients of")
    False
    """
    if "。" not in line and _REGISTRY_ROW.search(line) and len(line.split()) >= 4:
        return _FUNCTION_WORD.search(line) is None
    if line.count("|") >= 2 or line.count("\t") >= 2 or " | " in line:
        return True
    if "  " in line and len(_GAP.findall(line)) >= 2:
        return len(_FUNCTION_WORD.findall(line)) < 3
    if line.count(",") < 3 or _SENTENCE_SIGN.search(line):
        return False
    cells = _BRACKETED.sub("", line).split(",")
    if len(cells) < 4 or len(_COMMAS.findall(line)) < 3:
        return False
    return 2 * sum(len(cell.split()) >= _WORDS_OF_PROSE for cell in cells) < len(cells)


def may_be_row(line: str) -> bool:
    """Whether a line could be a table row: several short cells, nothing of a sentence.

    >>> may_be_row("CD19 CAR-T SLE i 中国 2024-06-19"), may_be_row("CAR类型 疾病 研究阶段 研究地点")
    (True, True)
    >>> may_be_row("年龄/岁 27(22,35) 31(25,40)"), may_be_row("SLE患者接受 CD19 CAR-T 细胞治疗后，")
    (True, False)
    """
    if len(line) > _LONGEST_ROW or _RUN_ON.search(line):
        return False
    cells = line.split()
    if not 3 <= len(cells) <= 40 or _SENTENCE_SIGN.search(line) or line[-1] in ",，、；;：-":
        return False
    if _FUNCTION_WORD.search(line) or _FUNCTION_HAN.search(line):
        return False
    figures = sum(any(c.isdigit() for c in cell) for cell in cells)
    if len(cells) == 3:
        return figures >= 2
    return HAN_RUN.search(line) is not None or figures >= 2


def rows_of(lines: Sequence[Line]) -> list[bool]:
    """Which lines are table rows: certain ones, likely pairs, and what stands below a caption."""
    certain = [is_certain_row(line.text) for line in lines]
    likely = [sure or may_be_row(line.text) for sure, line in zip(certain, lines, strict=True)]
    rows: list[bool] = []
    below_caption = False
    for i, line in enumerate(lines):
        beside = any(likely[max(0, i - 1) : i] + likely[i + 1 : i + 2])
        below_caption = below_caption and _has_cells(line.text)
        rows.append(certain[i] or (likely[i] and beside) or below_caption)
        below_caption = below_caption or _TABLE_CAPTION.match(line.text) is not None
    return rows


def _has_cells(line: str) -> bool:
    """Whether a line below a caption can still belong to the table."""
    if ends_sentence(line) or len(line.split()) < 3 or _LABEL.match(line):
        return False
    return len(_FUNCTION_WORD.findall(line)) < 3 and len(_FUNCTION_HAN.findall(line)) < 4
