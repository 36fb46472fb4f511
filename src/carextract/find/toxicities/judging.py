"""What a claim lacks, and whether it is one: counts that the group gives, the context it is in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from carextract.find.paragraphs import Paragraph
from carextract.find.statements import Statement, contexts
from carextract.find.toxicities.items import Group, Item
from carextract.find.toxicities.reading import Claim
from carextract.find.toxicities.subjects import Subject
from carextract.rules import KindRules

_CJK = re.compile(r"[\u4e00-\u9fff]")
_NEVER = frozenset({"hypothetical", "planned", "definition"})
_NEVER_ALONE = _NEVER | {"possibility", "advice"}


def counted(statement: Statement, claim: Claim, group: Group, subject: Subject) -> Claim:
    """The count that others give: the whole group, the one patient, those the sentence is about."""
    if claim.absent or claim.numbered:
        return claim.settled()
    everyone = statement.one("all")
    if everyone is not None:
        all_events = statement.rule.id.endswith(".graded")  # CRS均为1级: of all who had it
        everybody = None if all_events else subject.all_of(statement) or group.size
        return replace(claim, count=everyone.value or everybody)
    if statement.one("some") or statement.one("most"):
        return claim
    one = 1 if group.one else None
    return replace(claim, count=subject.count_for(statement) or one).settled()


def above(statement: Statement, claim: Claim, read: Sequence[Item]) -> Claim:
    """No higher-grade CRS, after grades 1 and 2: none of grade 3 or more."""
    if not any(token.kind == "HIGHER_GRADE" for token in statement.all("mod")):
        return claim
    highest = [
        item.claim.grade[1]
        for item in read
        if item.claim.event == claim.event and item.claim.grade and item.claim.grade[1]
    ]
    return replace(claim, grade=(int(max(highest)) + 1, None)) if highest else claim


def in_column(statement: Statement, claim: Claim, bare: str) -> Claim:
    """What a bare number in a cell is: a grade or a percentage where its heads say so."""
    alone = statement.rule.id.endswith(".cell") and not statement.one("total")
    number = statement.one("amount")
    if not alone or number is None or statement.one("percent") or claim.absent:
        return claim
    if bare == "percent" and number.kind != "AMOUNT":  # which says itself what it is
        value = number.value if number.kind == "RANGE" else (number.value, number.value)
        return replace(claim, count=None, percent=value)
    if bare == "grade" and not claim.graded and claim.count in range(1, 6):
        return replace(claim, grade=(claim.count, claim.count), count=None)
    return claim


def fits_cell(statement: Statement, claim: Claim) -> bool:
    """Whether a number of a cell can be what its heads say: a decimal that is no percentage is a
    score or a dose that has come under the wrong head."""
    number = statement.one("amount")
    if not statement.rule.id.endswith(".cell") or number is None or number.kind != "NUM":
        return True
    return isinstance(number.value, int) or claim.percent is not None


def is_reported(
    statement: Statement, claim: Claim, block: Paragraph, rules: KindRules, *, of_one: bool
) -> bool:
    """Whether a claim says that something did, or did not, happen. Cues are looked for before the
    event: those between a number and its event (首例如出现4级CRS) count too."""
    event = statement.one("event")
    start = statement.start if event is None else event.start
    names = contexts(block, start, max(statement.end, start), rules)
    for verb in (statement.one("occur"), statement.one("copula")):
        if verb is not None and verb.start > start:  # CRS will be reported, will be graded as
            names |= contexts(block, verb.start, verb.end, rules)
    if claim.percent and claim.percent[0] != claim.percent[1] and "changed" in names:
        return False
    printed = statement.one("amount") or statement.one("series")
    if claim.absent or (claim.numbered and printed):
        return not names & _NEVER
    if statement.one("some") or statement.one("most"):
        return not names & _NEVER
    if names & _NEVER_ALONE:
        return False
    if of_one or claim.numbered:
        return True
    if statement.one("occur") and claim.graded:
        return True
    if any(statement.one(field) for field in ("all", "copula", "only", "minimal", "each")):
        return True
    said = block.text[statement.start : statement.end]
    return statement.one("occur") is not None and not _CJK.search(said)
