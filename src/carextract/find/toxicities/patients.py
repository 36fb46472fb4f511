"""Whether the rows of a table, or its columns, are a patient each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from carextract.find.tables import Cell, Row, Table
from carextract.find.toxicities.arms import names_sizes

_ONE = r"(?:patient|pt|case|subject|participant|患者|病例|受试者|病人|个案|病患|患儿)"
_NUMBERING = r"(?:no|id|upn|number|code|#|编号|序号|代号|代码|例号|号)"
_EDGE = r"[\s./:：、()（）*†‡]*"
_TRAIT = r"(?:sex|gender|age|性别|年龄)"
_WITH_TRAITS = rf"(?:[(（,，/]?\s?{_TRAIT}[\s,，/、]*{_TRAIT}?[)）]?)?"
_COLUMN_OF_ONE = re.compile(rf"(?:{_ONE}{_EDGE}(?:{_NUMBERING}{_EDGE})?)+{_WITH_TRAITS}|upn", re.I)
_COLUMN_OF_NUMBERS = re.compile(rf"(?:{_NUMBERING}{_EDGE})+", re.I)
_COLUMN_OF_MANY = re.compile(rf"(?:patients|pts|cases|subjects|participants){_EDGE}", re.I)
_LAST_PATIENT_COLUMN = 2

_SEX = r"(?:female|male|[FM男女])性?"
_AGE = r"\d{1,2}\s?(?:岁|y(?:ears?|rs?)?)?"
_TRAITS = (  # (F/24), , 31 岁, 男
    rf"\s?[(（/,，]\s?(?:{_SEX}(?:\s?[/,，、]?\s?{_AGE})?|{_AGE}\s?[/,，、]?\s?{_SEX})\s?[)）]?"
)
_NUMBERED = (  # no N, which may be a number of patients
    r"(?:[A-Z]{0,5}[-_ ]?\d{1,4}[a-z]?|\d{3}-\d{3}|[A-MO-Z]|[IVX]{1,4}"
    r"|[甲乙丙丁戊己庚辛一二三四五六七八九十])"
)
_LABEL = re.compile(
    rf"(?:(?:{_ONE}|p|第|例|no|#)\.?\s?)?(?:no\.?\s?|#)?{_NUMBERED}"
    rf"(?:号|例)?(?:{_ONE})?(?:{_TRAITS})?",
    re.I,
)
_NAMED_LABEL = re.compile(
    rf"{_ONE}\.?\s?(?:no\.?\s?|#)?(?:\d{{1,3}}|[A-H甲乙丙丁戊一二三四五])(?:{_TRAITS})?|p(?:t\.?)?\s?\d{{1,2}}",
    re.I,
)
_ALL = re.compile(r"\b(?:all|total|overall|sum)\b|合计|总计|总数|共计|全部", re.I)
_MIDDLE = re.compile(r"\b(?:median|mean|average|range|IQR)\b|中位|平均|均值|范围", re.I)
_WHOLE = re.compile(r"\d{1,4}")
_STUDY_COLUMN = re.compile(
    r".*\b(?:stud(?:y|ies)|trials?|authors?|ref(?:s|erences?)?|publications?|year|nct)\b.*"
    r"|.*(?:研究|试验|作者|文献|年份|团队|来源).*",
    re.I,
)
_TRAIT_COLUMN = re.compile(r".*\b(?:age|sex|gender)\b.*|.*(?:年龄|性别).*", re.I)


def names_patients(cell: Cell) -> bool:
    """Whether a head stands over, or before, the numbers of patients: Pt, 病人 Patient, No."""
    text = cell.text.strip()
    return _is_of_one(cell) or _COLUMN_OF_NUMBERS.fullmatch(text) is not None


def is_patient(cell: Cell) -> bool:
    """Whether a label below such a head is that of one patient: 3, B-07, 甲, P1 (F/24)."""
    return _LABEL.fullmatch(cell.text.strip()) is not None


def is_of_all(label: Cell) -> bool:
    """Whether a label among those of patients is that of all of them: Total, 合计."""
    return _ALL.search(label.text) is not None


def is_middle(label: Cell) -> bool:
    """Whether a label among those of patients is that of their middle: Median (range), 中位数."""
    return _MIDDLE.search(label.text) is not None


def is_named_patient(cell: Cell) -> bool:
    """Whether a label says by itself that it is that of one patient: Patient 3, 患者甲, P1."""
    return _NAMED_LABEL.fullmatch(cell.text.strip()) is not None


def patient_column(table: Table) -> int | None:
    """The column whose labels are of a patient each, if there is one.

    Where a column says of how many patients a row is, rows are studies or arms; so they are where
    rows are only numbered and a column names their study, unless another gives age or sex. Numbers
    below *Patients* are labels only if they count on from row to row.
    """
    column = _headed_column(table)
    if column is None or not any(is_patient(row[column]) for row in table.rows):
        return None
    return column


def _headed_column(table: Table) -> int | None:
    header = table.header
    if any(names_sizes(cell) and not _is_of_one(cell) for cell in header[1:]):
        return None
    for index, cell in enumerate(header[: _LAST_PATIENT_COLUMN + 1]):
        text = cell.text.strip()
        if _is_of_one(cell):
            return index
        if index == 0 and _COLUMN_OF_NUMBERS.fullmatch(text):
            return index if _are_of_patients(header) else None
        if index == 0 and _COLUMN_OF_MANY.fullmatch(text):
            return index if _count_on(table.rows) else None
    return None


def patient_columns(header: Row) -> frozenset[int]:
    """The columns that are of a patient each: Patient | 1 | 2, or 指标 | 患者1 | 患者2."""
    of_one = is_patient if _is_of_one(header[0]) else is_named_patient
    found = [index for index, cell in enumerate(header) if index and of_one(cell)]
    return frozenset(found) if len(found) > 1 else frozenset()


def _is_of_one(head: Cell) -> bool:
    """Whether a head speaks of one patient."""
    return _COLUMN_OF_ONE.fullmatch(head.text.strip()) is not None


def _are_of_patients(header: Sequence[Cell]) -> bool:
    """Whether rows that are numbered are patients rather than studies."""
    if any(_TRAIT_COLUMN.fullmatch(cell.text) for cell in header):
        return True
    return not any(_STUDY_COLUMN.fullmatch(cell.text) for cell in header)


def _count_on(rows: Sequence[Row]) -> bool:
    """Whether bare numbers in the first column are 1, 2, 3."""
    numbers = [int(row[0].text) for row in rows if _WHOLE.fullmatch(row[0].text)]
    return not numbers or (
        numbers[0] == 1 and all(after == before + 1 for before, after in pairwise(numbers))
    )
