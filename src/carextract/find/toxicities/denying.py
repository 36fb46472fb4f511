"""Whether what is denied is the event.

"其余5例未发生" denies the event that was spoken of, "其余5例未见蛋白尿" and "CRS患者未出现低血压"
something else. What is denied stands beside the negation, and no list could hold all that it may
be; little is what may stand there while the event is meant.
"""

from __future__ import annotations

import re

from carextract.find.statements import Statement

_CJK = r"\u4e00-\u9fff"
_PEOPLE = "患者|病人|受试者|参与者|患儿|病例|者"
_PEOPLE_EN = r"(?:patients?|participants?|subjects?|women|men|children|cases?|ones?)"
# Between those who had none and the negation: 剩下那位则没有, 两人完全没有, SSc患者未发生
_WHO = re.compile(
    rf"(?:[^，,；;]{{0,12}}(?:{_PEOPLE}))?"
    r"(?:那|此|[位名例人]|的|中|事件|则|也|均|皆|都|却|仍|始终|一直|完全|表示|至今|目前|尚|并|同样|级别"
    r"|期间|随访|观察|\s)*"
    rf"|\s*(?:(?:of|the|these|those|other|{_PEOPLE_EN}|events?|who|which|then|also|still|again|has"
    r"|have|had|so|far|it|was|were)\s+)*"
    r"(?:(?:with|from|in|on|at|given|treated|receiving|who)\s[^,;]{1,40})?",
    re.I,
)
# Behind a negation: 未见|异常, did not have |fever; but 未发生者, did not develop it so far
_OBJECT = re.compile(
    rf"(?!者|的|过|病例|事件|该|此|上述|这|其中|且|并|但|而|也|又|仅|只|共)[{_CJK}]"
    r"|\s(?!(?:of\s(?:it|them|these|those|this)|in|and|or|at|with|for|to|on|but|only|during|after"
    r"|within|before|through|throughout|over|by|until|despite|while|whereas|when|as|it|them|so"
    rf"|again|yet|either|events?|any(?=[,;.])|any\sof|{_PEOPLE_EN})\b)[a-z]{{2,}}",
    re.I,
)
# Before a negation with nobody before it: but it |was not seen in five
_OF_THE_EVENT = re.compile(
    r"(?:[\W\d]|but|and|it|they|this|which|that|was|were|also|的|该|此|也|则)*", re.I
)
_WITHOUT = re.compile(r"without|free of|free from|lack of|absence of|不伴", re.I)
_WITH = re.compile(r"\b(?:with|had|having)\s$", re.I)
_NOT_NAMED = re.compile(
    r"\s*(?:(?:any|further|clinical|evidence|signs?|cases?|of|new|having|subsequent|late)\s*)*",
    re.I,
)
_SUCH_PEOPLE = re.compile(rf"[{_CJK}\w-]{{2,40}}(?:的(?:{_PEOPLE})|(?<!患)者)中?$")


def denies_another(statement: Statement, text: str) -> bool:
    """Whether a negation, in the paragraph ``text``, is of something else than the event."""
    none, event = statement.one("none"), statement.one("event")
    if none is None:
        return False
    tokens = statement.view.tokens[statement.match.first : statement.match.last]
    at = tokens.index(none)
    before = text[tokens[at - 1].end : none.start] if at else ""
    if event is None:
        return not (_WHO.fullmatch(before) and (at or _has_no_subject(statement, text))) or (
            _has_object(statement, text)
        )
    if none.start > event.start:  # CRS患者未出现低血压
        return bool(before.strip()) and _has_object(statement, text)
    behind = text[none.end : tokens[at + 1].start]
    if _SUCH_PEOPLE.match(behind.strip()):  # 无肾炎的患者CRS 3例
        return True
    lacking = _WITHOUT.match(text, none.start) or _WITH.search(text[: none.start])
    return bool(lacking) and not _NOT_NAMED.fullmatch(behind)  # those without nephritis had CRS


def _has_no_subject(statement: Statement, text: str) -> bool:
    """Whether nothing stands before a negation that begins a statement, or the event itself: not
    seen in five, but not "antibodies were not seen in five"."""
    first, none = statement.match.first, statement.one("none")
    says_whose = none is not None and none.kind == "ARM_NONE"
    if says_whose or statement.rule.id.endswith("no-such-grade") or not first:
        return True
    head = text[statement.view.tokens[first - 1].end : statement.start]
    return _OF_THE_EVENT.fullmatch(head) is not None


def _has_object(statement: Statement, text: str) -> bool:
    """Whether a negation that ends a statement goes on with what it denies."""
    none = statement.one("none")
    ends = none is not None and none.end == statement.end and none.kind != "ZERO"
    return ends and _OBJECT.match(text, statement.end) is not None
