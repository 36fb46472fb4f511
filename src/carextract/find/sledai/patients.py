"""How many patients a score is said of, where the sentence names them beside it."""

from __future__ import annotations

import re

from carextract.find.paragraphs import Paragraph
from carextract.grammar.tokens import Token

_ENDS = frozenset({"STOP", "SEMICOLON"})
# Between patients and their score no other number of patients, event or share may stand.
_OTHERS = frozenset({"PERCENT", "GRADE", "COUNT"})
_NAMES = _ENDS | _OTHERS | {"COMMA"}
_EVENT = re.compile(r"CRS|ICANS|infect|syndrome|fever|感染|综合|发热|不良", re.I)
# Patients behind a score stand this close: "in nine patients", "(n=12)", （9例）.
_CLOSE = 16


def patients_of(paragraph: Paragraph, start: int, end: int, subject: str | None) -> int | None:
    """The number of patients of the scores in paragraph[start:end]: the one that stands right
    behind them, else the one that their sentence names last before them; one where the sentence is
    about a single patient. What an event or a share came between is not theirs.
    """
    if subject is not None and subject.isdigit():
        return 1
    behind = next((t for t in paragraph.tokens if t.start >= end and t.kind in _NAMES), None)
    if behind is not None and behind.kind == "COUNT" and behind.start - end <= _CLOSE:
        return _count(behind)
    named: Token | None = None
    begin = 0
    for token in reversed([t for t in paragraph.tokens if t.end <= start]):
        if token.kind in _ENDS:
            begin = token.end
            break
        if named is None and token.kind in _OTHERS:
            named = token
    if named is None or named.kind != "COUNT" or _EVENT.search(paragraph.text, begin, start):
        return None
    return _count(named)


def _count(token: Token) -> int | None:
    return token.value if isinstance(token.value, int) else None
