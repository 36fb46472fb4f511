"""Tables of trials: whether each cell is right, or said to be in doubt."""

import re
from collections.abc import Iterator, Sequence

from carextract.evaluate.gold_studies import CELLS, GoldRow
from carextract.evaluate.verdicts import Verdict
from carextract.evaluate.wording import diseases, folded, phase
from carextract.records import Document, Trial

# What a warning calls a cell, where that is not the name of the field.
_IN_WARNINGS = {"start_date": "date"}


def score_rows(passage: str, rows: Sequence[GoldRow], document: Document) -> Iterator[Verdict]:
    """A verdict for each cell of each row, and one for the row.

    A cell is "flagged" where it is not right, or gold has it in doubt itself, and a warning names
    the trial and the cell. A row is wrong if any of its cells is.
    """
    trials = {trial.id: trial for trial in document.trials}
    for row in rows:
        number = str(row.cells["id"])
        trial = trials.get(number)
        verdicts = [_cell(row, cell, trial, document) for cell in CELLS]
        for cell, what in zip(CELLS, verdicts, strict=True):
            said = getattr(trial, cell) if trial else None
            detail = f"{row.name} {number}: {said}; gold: {_shown(row, cell)}"
            yield Verdict(passage, "cells", cell, what, detail)
        yield Verdict(passage, "rows", "rows", _worst(verdicts), f"{row.name} {number}")


def _cell(row: GoldRow, cell: str, trial: Trial | None, document: Document) -> str:
    if trial is None:
        return "wrong"
    if cell not in row.doubtful and _is_right(row, cell, trial):
        return "right"
    return "flagged" if _is_flagged(cell, trial, document) else "wrong"


def _is_right(row: GoldRow, cell: str, trial: Trial) -> bool:
    gold, said = row.cells[cell], getattr(trial, cell)
    if not gold or said is None:
        return not gold and said is None
    if cell == "condition":
        return diseases(said) == diseases(gold)
    if cell == "phase":
        return phase(said) == phase(str(gold))
    return _plain(said) == _plain(str(gold))


def _is_flagged(cell: str, trial: Trial, document: Document) -> bool:
    word = _IN_WARNINGS.get(cell, cell)
    return any(
        trial.id in warning.message and word in f"{warning.code} {warning.message}"
        for warning in document.warnings
    )


def _worst(verdicts: Sequence[str]) -> str:
    return next(what for what in ("wrong", "flagged", "right") if what in verdicts)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", folded(text))


def _shown(row: GoldRow, cell: str) -> str:
    gold = row.cells[cell]
    return ", ".join(gold) if isinstance(gold, tuple) else str(gold)
