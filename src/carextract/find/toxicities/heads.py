"""Heads of tables: which event, grade and arm a column or a row is of, and whether it is of counts.

A head of a PDF says everything at once: ``CAR T cells (n = 20) Grade 1, n (%)``. Only the pieces
that are understood are read on; a head that speaks of another matter, as a day or a drug, is known
for one, so that its figures are not taken for patients.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from carextract.find.paragraphs import Paragraph
from carextract.find.tables import Cell
from carextract.find.toxicities.arms import Arm
from carextract.find.toxicities.composing import MODIFIERS, Composer
from carextract.grammar.lexicon import Lexicon
from carextract.grammar.tokens import Token, filler_weight

_SIZE = re.compile(
    r"[(（\[]?\s?\b[nN]\s?[=＝:：]\s?(?P<n>\d{1,4})\s?[)）\]]?"
    r"|[(（]\s?(?P<m>\d{1,4})\s?(?:patients|participants|subjects|[例人名])\s?[)）]"
)
_PERCENT_SIGN = re.compile(r"[%％]")
_PERCENT_COLUMN = re.compile(
    r"[,，;；]?\s?(?:[(（]?[%％][)）]?|百分比|(?:发生)?率 ?[(（][%％][)）]|percent(?:age)?)$", re.I
)
_COUNT_UNIT = re.compile(r"[,，;；]?\s?(?:[(（]?(?:n|no\.?|例数?|人数)[)）]?)$", re.I)
_COUNTED = re.compile(
    r"\bn\b|例|人|(?:\bno\b\.?|\bnumbers?|\bpatients|\bcases)\s?[,，/]?\s?[(（]\s?[%％]", re.I
)
_PERCENT_FIRST = re.compile(r"[%％]\s?[(（/]\s?(?:n|no|例|人)", re.I)
_GRADE_HEAD = re.compile(
    r"(?!.*(?:max|high|worst|peak|any|all|最))"
    r"(?:.{0,24}\bgrades?(?: ?[(（][^()（）]{1,24}[)）])?"
    r"|.{0,12}(?:分级|级别|等级)(?:[(（]级[)）])?)",
    re.I,
)
# ≥3 at the end of a head is a grade; a bare 3 behind the size of an arm may be one.
_BARE_BOUND = re.compile(r"(?:^|(?<=\s))(?:[≥≤]|>=|<=)\s?[1-5]$")
_BARE_FIGURE = re.compile(r"\s[1-5]$")
_GRADE_WORD = re.compile(r"\bgrades?$|(?:分级|级别|等级)$", re.I)
_DIGIT = re.compile(r"\d")
_ANY_GRADE = re.compile(r"any|all|total|overall|任何|全部|所有|合计|总计|总", re.I)
_BARE_GRADE = re.compile(r"[≥≤><]?\s?(?:[0-5]|I{1,3}|IV|V|[Ⅰ-Ⅴ])(?:\s?[-–~/+]\s?(?:[0-5]|[Ⅰ-Ⅴ])?)?")
# What figures may be of beside patients: days, doses, levels, those who were treated, statistics.
_OTHER_MATTER = re.compile(
    r"\b(?:days?|time|onset|duration|hours?|median|mean|range|age|score|(?<!dose )levels?|ratio"
    r"|differences?|p[- ]?values?|treated with|requir(?:ed|ing)|resolved|resolution|recovered"
    r"|episodes?|deaths?|(?-i:IQR|SD|SE|CI|OR|HR|RR|P(?![- ]?\d)|IL-?6|CRP|ICU)|ferritin)\b"
    r"|[天日]数|[(（/][天日d](?![a-z])|第\s?\d+\s?[天日]|时间|持续|中位|均[值数]|年龄|P\s?值|差异|比值|缓解"
    r"|恢复|治愈|死亡|铁蛋白|例次|次数|评分",
    re.I,
)
_EDGE = " |"  # of the cell: some grades are known by what follows them
_GOES_ON = re.compile(r"\s?[-–—/~+,，]\s?\d")
_GIVEN = frozenset({"REMEDY", "OTHER_EVENT"})
_SEVERITIES = frozenset({"SEVERITY"})
_EVENTS = frozenset({"EVENT", "ALIAS", "NEURO"})
_DENIALS = frozenset({"NO", "NONE"})
_UNIT = re.compile(r"\b(?:n|no|patients|of|grades?)\b|[%％]|例数?|人数|级别|分级", re.I)
_ARM_WORDS = frozenset({"ARM", "NUM", "OPEN", "CLOSE", "COMMA", "COLON"})
_PLAIN = re.compile(
    r"(?:[\W\d]|\b(?:max(?:imum|imal)?|highest|worst|peak|any|all|total|overall|gr(?:ades?)?|n|no|of"
    r"|patients|ASTCT|CTCAE|v)\b|最[高大重]|级别|分级|等级|级|任[何一]|全部|所有|总|例数?|人数|发生)*",
    re.I,
)
_TIMING = re.compile(  # (day of onset), (d 3), （第3天）
    r"[(（](?:(?:day|time|onset|d\b|D\d)[^()（）|]{0,20}|第\s?\d+\s?[天日]"
    r"|(?:发生|出现|起始|起病)(?:时间|日)[^()（）|]{0,6})[)）]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Head:
    """A head of a column, or the label of a row, and what is understood of it.

    ``said`` is its text, with blanks where it says what is not read on. ``named``: it names the
    event. ``grade`` is the piece that says how severe, and ``graded`` says that it is a grade and
    not any. ``arm`` is the arm that it names, if it says how many patients that has.
    ``by_event``: it stands over those with, or without, the event, of whom the rows say other
    things (CRS (n = 8), No CRS). ``other_matter``: figures below it are none of patients.
    ``plain``: it says nothing but event, grade and unit, and the size of its arm.
    """

    cell: Cell
    said: Cell
    named: bool
    grade: Cell | None
    graded: bool
    arm: Arm | None
    by_event: bool
    other_matter: bool
    plain: bool

    @property
    def unit_text(self) -> str:
        """The text without the size of the arm, whose n is not that of a unit."""
        return _SIZE.sub(" ", self.cell.text)

    @property
    def says_percent(self) -> bool | None:
        """Whether a bare figure below it is a percentage, and None where it does not say."""
        text = self.unit_text
        return not _COUNTED.search(text) if _PERCENT_SIGN.search(text) else None

    @property
    def percent_stands_first(self) -> bool:
        """Whether its cells are percentages with counts in brackets."""
        return _PERCENT_FIRST.search(self.unit_text) is not None

    @property
    def gives_grades(self) -> bool:
        """Whether it stands above a column of grades: Grade, CTCAE grade, 级别."""
        return _GRADE_HEAD.fullmatch(self.cell.text.strip()) is not None

    @property
    def lists_grades(self) -> bool:
        """Whether it names an event and says that grades of it stand below: CRS grade."""
        return self.named and not self.grade and bool(_GRADE_WORD.search(self.cell.text.strip()))

    @property
    def is_a_name(self) -> bool:
        """Whether it is the name of the event, and nothing is said of it."""
        return self.named and not _DIGIT.search(self.cell.text)

    def is_percent_of(self, before: Head) -> bool:
        """Whether a column holds the percentages of the counts in the column before it: %, or
        ``Arm A, %`` behind ``Arm A, n``."""
        text = self.cell.text.strip()
        unit = _PERCENT_COLUMN.search(text)
        if unit is None:
            return False
        rest = text[: unit.start()].strip()
        counts = before.cell.text.strip()
        return not rest or rest == _COUNT_UNIT.sub("", counts).strip() != counts


def read_head(cell: Cell, composer: Composer, lexicon: Lexicon) -> Head:
    """What is understood of a head."""
    size = _SIZE.search(cell.text)
    text = without_timing(cell.text)
    if size is not None:
        text = _blanked(text, *size.span())
    block = Paragraph(text + _EDGE, 0, lexicon)
    tokens = [token for token in composer.tokens(block) if token.end <= len(text)]
    named = composer.names_event(block)
    grades = [token for token in tokens if token.kind in MODIFIERS]
    bound = _BARE_BOUND.search(_without_unit(text)) if not grades else None
    grade = _slice(cell, *bound.span()) if bound else _piece(cell, text, grades)
    unclear = grade is None and bool(grades or (size and _BARE_FIGURE.search(text, size.end())))
    names_arm = _names_arm(text, tokens)
    denied = any(token.kind in _DENIALS for token in tokens)
    given = size is None and any(token.kind in _GIVEN for token in tokens)
    measured = any(token.kind == "MARKER" for token in tokens)
    return Head(
        cell=cell,
        said=Cell(_without_arm(text, tokens) if size else text, cell.start),
        named=named,
        grade=grade,
        graded=grade is not None and all(_is_a_grade(token) for token in grades),
        arm=_arm(cell, size) if size and (names_arm or not text.strip()) else None,
        by_event=named and (denied or (size is not None and not names_arm)),
        other_matter=given or measured or unclear or _OTHER_MATTER.search(text) is not None,
        plain=_PLAIN.fullmatch(_without_event(text, tokens)) is not None,
    )


def _arm(cell: Cell, size: re.Match[str]) -> Arm:
    return Arm(int(size["n"] or size["m"]), _slice(cell, *size.span()))


def _is_a_grade(token: Token) -> bool:
    """Whether a grade says that the event was there, and how severe."""
    return token.kind != "ANY_GRADE" and token.value != (0, 0)


def _names_arm(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a head says more than an event, a grade and a unit."""
    return filler_weight(_UNIT.sub("", _without_event(text, tokens))) > 0


def _without_event(text: str, tokens: Sequence[Token]) -> str:
    """A head with blanks for the event and its grade."""
    for token in tokens:
        if token.kind in _EVENTS or token.kind in MODIFIERS:
            text = _blanked(text, token.start, token.end)
    return text


def _blanked(text: str, first: int, last: int) -> str:
    """A text with blanks in a place, so that the rest stays where it is."""
    return text[:first] + " " * (last - first) + text[last:]


def _without_arm(text: str, tokens: Sequence[Token]) -> str:
    """``CRS Arm A Grade 1`` without what stands between the event and the grade right behind."""
    for event, grade in pairwise(token for token in tokens if token.kind not in _ARM_WORDS):
        if event.kind in _EVENTS and grade.kind in MODIFIERS:
            return _blanked(text, event.end, grade.start)
    return text


def grade_in(cell: Cell) -> list[tuple[str, Cell | None]]:
    """What a cell of a column of grades says, in words that name a grade: ``2`` is grade 2."""
    text = cell.text.strip()
    if _ANY_GRADE.fullmatch(text):
        return [("any grade", None)]
    if is_bare_grade(cell):
        return [("grade ", None), (cell.text, cell)]
    return [(cell.text, cell)]


def is_bare_grade(cell: Cell) -> bool:
    """Whether a cell is a figure that a head has to call a grade: 2, ≥3, II."""
    return _BARE_GRADE.fullmatch(cell.text.strip()) is not None


def without_timing(text: str) -> str:
    """A head or a cell without when it began, which is blanked so that the rest stays in place."""
    return _TIMING.sub(lambda found: " " * len(found[0]), text)


def _piece(cell: Cell, text: str, grades: Sequence[Token]) -> Cell | None:
    """The piece of a head that says how severe; None where there is none or it is not plain.

    Severity words may be of the disease of an arm (mild lupus), unless they end the head.
    """
    if not grades:
        return None
    first, last = grades[0].start, grades[-1].end
    between = "".join(text[left.end : right.start] for left, right in pairwise(grades))
    if filler_weight(between) > 0 or _GOES_ON.match(text, last):
        return None
    words = {token.kind for token in grades} <= _SEVERITIES
    if words and filler_weight(_without_unit(text[last:])) > 0:
        return None
    return _slice(cell, first, last)


def _without_unit(text: str) -> str:
    """The end of a head without n, (%) and the like."""
    return _COUNT_UNIT.sub("", _PERCENT_COLUMN.sub("", text.rstrip())).rstrip()


def _slice(cell: Cell, first: int, last: int) -> Cell:
    return Cell(cell.text[first:last], cell.start + first)
