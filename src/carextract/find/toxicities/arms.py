"""How many patients the arms of a table have, and whether a figure can be of so many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from carextract.find.tables import Cell
from carextract.find.toxicities.reading import Claim

_SIZE_LABEL = re.compile(
    r"(?:total )?(?:(?:no\.?|number) of )?(?:evaluable |treated |infused )?"
    r"(?:patients?|participants|subjects|cases)(?:,? ?[(（]?n[)）]?)?|n"
    r"|总?例数|总?人数|患者数|样本量|病例数",
    re.I,
)
_SIZE = re.compile(r"[(（]?(?:n\s?[=＝]\s?)?(?P<n>\d{1,4})\s?[例人名]?[)）]?", re.I)
_NAMED_SIZE = re.compile(r"[(（]?n\s?[=＝]\s?\d{1,4}[)）]?", re.I)
_ROUNDING = 1.0  # per cent
_MOST_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Arm:
    """How many patients an arm has, and where that stands."""

    patients: int
    cell: Cell


def arm_of(cell: Cell) -> Arm | None:
    """The size of an arm that a cell says: 20, n = 20, （20例）."""
    size = _SIZE.fullmatch(cell.text.strip())
    return Arm(int(size["n"]), cell) if size and int(size["n"]) else None


def names_sizes(cell: Cell) -> bool:
    """Whether a head stands over, or before, the sizes of arms: N, No. of patients, 例数."""
    return _SIZE_LABEL.fullmatch(cell.text.strip()) is not None


def sizes_in(row: Sequence[Cell]) -> dict[int, Arm] | None:
    """The size of the arm of each column, if a row says nothing else: ``No. of patients | 20 | 18``
    or, under the heads of the arms, ``n = 20 | n = 18``."""
    cells = [(index, cell) for index, cell in enumerate(row[1:], 1) if not is_empty(cell)]
    said = [_NAMED_SIZE.fullmatch(cell.text.strip()) for _, cell in cells]
    if not cells or not (names_sizes(row[0]) or (is_empty(row[0]) and all(said))):
        return None
    arms = {index: arm for index, cell in cells if (arm := arm_of(cell))}
    return arms if len(arms) == len(cells) else None


def is_empty(cell: Cell) -> bool:
    """Whether nothing stands in a cell, or a dash."""
    return cell.text.strip() in ("", "-", "–", "—")


def possible(claim: Claim) -> bool:
    """Whether a percentage can be one."""
    return claim.percent is None or max(part or 0 for part in claim.percent) <= _MOST_PERCENT


def in_arm(claim: Claim, arm: Arm) -> Claim | None:
    """A claim with the size of its arm as its total.

    A percentage that was taken of fewer patients, as those who could be assessed, leaves the total
    open. None where count and percentage cannot be of patients of this arm: then the cell, or its
    head, was not understood.
    """
    if claim.total is not None:
        return claim
    if claim.count is None:
        return replace(claim, total=arm.patients)
    if claim.count > arm.patients:
        return None
    percent = claim.percent[0] if claim.percent else None
    if not percent or abs(100 * claim.count / arm.patients - percent) <= _ROUNDING:
        return replace(claim, total=arm.patients)
    of_fewer = claim.count * 100 / (percent + _ROUNDING) <= arm.patients
    return claim if of_fewer else None
