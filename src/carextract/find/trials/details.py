"""What a cell of a row, or the sentence around a number, says of a trial."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from carextract.find.trials.numbers import Mention
from carextract.grammar.tokens import Token
from carextract.values import iso_date, trial_phase

# Roman numerals as OCR leaves them: Ⅰ -> l, Ⅱ -> n or ll, Ⅲ -> m; by their shape alone.
_MISREAD_ROMAN = {"l": "I", "ll": "II", "n": "II", "m": "III", "lll": "III"}
_BRACKETED = re.compile(r"\s*[(（\[][^)）\]]*[)）\]]?\s*")
_NOTHING = re.compile(
    r"(?:n/?[ar]|nd|none|not (?:applicable|reported|available)|不适用|未知|无|[-–—/.\s]*)", re.I
)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
# IM 19 CAR-T is one name; yST is what OCR makes of γδT.
_SPLIT_NAME = re.compile(r"(?<=\b[A-Z]{2}) (?=\d{1,3}\b)")
_GAMMA_DELTA = re.compile(r"(?<=CAR-)[yγ][S5δ6](?=T\b)")
_STOP = re.compile(r"[。！？；;]|[!?](?=\s)|(?<!\bal)(?<!\bvs)(?<!\b[Nn]o)(?<![A-Z])\.(?=\s|$)")
_COMMA = re.compile(rf"[，,]|{_STOP.pattern}")
_REACH = 150
_LONGEST_CELL = 300


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as the trials see it; ``start`` is where it begins in the cleaned text."""

    text: str
    start: int
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """One field of a trial: its value, and where in the cleaned text it is printed."""

    field: str
    value: str
    start: int
    end: int
    doubtful: bool = False


# ---------------------------------------------------------------- cells


def read_cell(field: str, line: Line, start: int, end: int) -> Detail | None:
    """What the cell line[start:end] says under a column of that field; None for nothing."""
    text = line.text[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    if not text or len(text) > _LONGEST_CELL or _NOTHING.fullmatch(text):
        return None
    value = _READERS[field](text, tokens_within(line, start, start + len(text)))
    if value is None:
        return None
    at = line.start + start
    doubtful = field == "phase" and trial_phase(_plain_phase(text)) is None
    return Detail(field, value, at, at + len(text), doubtful)


def tokens_within(line: Line, start: int, end: int) -> list[Token]:
    """The tokens of a line that stand in [start, end) of it."""
    return [token for token in line.tokens if start <= token.start and token.end <= end]


def _phase(text: str, tokens: Sequence[Token]) -> str | None:
    printed = [token.value for token in tokens if token.kind == "TRIAL_PHASE"]
    return trial_phase(_plain_phase(text)) or misread_phase(text) or _single(printed)


def _plain_phase(text: str) -> str:
    """A phase without what stands in brackets behind it."""
    return _BRACKETED.sub("", text)


def misread_phase(text: str) -> str | None:
    """A phase whose roman numerals were misread.

    >>> misread_phase("i /n"), misread_phase("m"), misread_phase("l"), misread_phase("nl")
    ('1/2', '3', '1', None)
    """
    parts = [part.strip() for part in text.removesuffix("期").split("/")]
    if len(parts) > 2 or not any(part in _MISREAD_ROMAN for part in parts):
        return None
    return trial_phase("/".join(_MISREAD_ROMAN.get(part, part) for part in parts))


def _country(text: str, tokens: Sequence[Token]) -> str | None:
    countries = dict.fromkeys(str(token.value) for token in tokens if token.kind == "COUNTRY")
    return ", ".join(countries) or None


def _date(text: str, tokens: Sequence[Token]) -> str | None:
    printed = [token.value for token in tokens if token.kind == "DATE"]
    return iso_date(_BRACKETED.sub("", text)) or _single(printed)


def _condition(text: str, tokens: Sequence[Token]) -> str | None:
    known = dict.fromkeys(str(token.value) for token in tokens if token.kind == "CONDITION")
    return ", ".join(known) or _name(text, tokens)


def _name(text: str, tokens: Sequence[Token]) -> str | None:
    """A name as it stands, without a link behind it or the spaces that OCR put into it."""
    text = _LINK.sub(r"\1", text)
    named = any(character.isalpha() for character in text)
    return _GAMMA_DELTA.sub("γδ", _SPLIT_NAME.sub("", text)) if named else None


def _single(values: Iterable[object]) -> str | None:
    """The only value there is."""
    distinct = dict.fromkeys(map(str, values))
    return next(iter(distinct)) if len(distinct) == 1 else None


_READERS: dict[str, Callable[[str, Sequence[Token]], str | None]] = {
    "intervention": _name,
    "condition": _condition,
    "phase": _phase,
    "country": _country,
    "start_date": _date,
}


# ---------------------------------------------------------------- sentences


def read_sentence(line: Line, mention: Mention, mentions: Sequence[Mention]) -> Iterator[Detail]:
    """What the sentence of a number says of the trial, if it names no other.

    Where it names others, only the clause that holds this number alone is read.
    """
    if mention.listed:
        return
    start, end = _scope(line, mention, mentions)
    near = [token for token in tokens_within(line, start, end) if token.start < token.end]
    if not any(token.kind in ("TRIAL_PHASE", "STUDY") for token in near):
        return
    for field, kind in (
        ("phase", "TRIAL_PHASE"),
        ("condition", "CONDITION"),
        ("intervention", "PRODUCT"),
    ):
        yield from _agreed(field, [token for token in near if token.kind == kind], line)
    yield from _run_in(near, line)


def _scope(line: Line, mention: Mention, mentions: Sequence[Mention]) -> tuple[int, int]:
    """The sentence of a mention, or its clause where the sentence names other trials."""
    at, done = mention.start - line.start, mention.end - line.start
    start, end = _between(line.text, at, _STOP)
    start, end = max(start, at - _REACH), min(end, at + _REACH)
    others = [
        (other.start - line.start, other.end - line.start)
        for other in mentions
        if other.id != mention.id
    ]
    if any(start <= first and last <= end for first, last in others):
        first, last = _between(line.text, at, _COMMA)
        start = max([start, first, *(last for _, last in others if last <= at)])
        # A number in brackets stands behind what it is the number of.
        bracketed = line.text[:at].rstrip().endswith(("(", "（"))
        end = done if bracketed else min([end, last, *(first for first, _ in others if first > at)])
    return start, end


def _between(text: str, at: int, sign: re.Pattern[str]) -> tuple[int, int]:
    """The stretch around a place up to the next signs of a form, those in its brackets left out."""
    start, end = 0, len(text)
    for match in sign.finditer(text, max(0, at - _REACH), at + _REACH):
        if not _in_brackets(text, match.start(), at):
            if match.end() > at:
                return start, match.start()
            start = match.end()
    return start, end


def _in_brackets(text: str, place: int, at: int) -> bool:
    """Whether two places stand in the same brackets, so that no sign between them parts them."""
    low, high = sorted((place, at))
    opened = max(text.rfind(sign, 0, low) for sign in "(（")
    closed = [text.find(sign, opened) for sign in ")）"]
    return opened >= 0 and not any(opened < end < high for end in closed)


_RUN_IN = re.compile(r"(?:\b(?:in|across|throughout)\s(?:the\s)?|在|于|由)$", re.I)
_RUN_AFTER = re.compile(r"(?:境内|多中心|单中心)?(?:开展|进行|启动|实施|发起|注册)")
_LISTED = re.compile(r"\s?(?:[,，、]|,?\sand|和|及|与)\s?(?:the\s)?")
_RIGHT_BEFORE = re.compile(
    r"[\s-]{0,2}(?:multi-?cent(?:re|er)|single-?cent(?:re|er)|open-label|[A-Z][\w-]{2,12})?"
    r"[\s-]{0,2}(?:的|多中心|单中心)?"
)


def _says_where(token: Token, near: Sequence[Token], text: str) -> bool:
    """Whether a country is where the study is run: `in Germany`, `在中国`, `a US phase 1 study`."""
    if token.kind not in ("COUNTRY", "NATIONAL"):
        return False
    following = next((other for other in near if other.start >= token.end), None)
    of_study = following is not None and following.kind in ("TRIAL_PHASE", "STUDY")
    if following and of_study and _RIGHT_BEFORE.fullmatch(text[token.end : following.start]):
        return True
    if token.kind == "NATIONAL":
        return False
    return bool(_RUN_IN.search(text[: token.start]) or _RUN_AFTER.match(text, token.end))


def _agreed(field: str, tokens: Sequence[Token], line: Line) -> Iterator[Detail]:
    """The one value that the tokens agree on."""
    value = _single(token.value for token in tokens)
    if value is not None:
        start, end = tokens[0].start, tokens[0].end
        yield Detail(field, value, line.start + start, line.start + end)


def _run_in(near: Sequence[Token], line: Line) -> Iterator[Detail]:
    """The country, or the list of countries, where the study is run."""
    lists: list[list[Token]] = []
    for token in near:
        listed = any(token in tokens for tokens in lists)
        if not listed and _says_where(token, near, line.text):
            lists.append(_list_from(token, near, line.text))
    value = _single(", ".join(dict.fromkeys(str(t.value) for t in tokens)) for tokens in lists)
    if value is not None:
        start, end = lists[0][0].start, lists[0][-1].end
        yield Detail("country", value, line.start + start, line.start + end)


def _list_from(token: Token, near: Sequence[Token], text: str) -> list[Token]:
    """A country and those that follow it in a list."""
    countries = [token]
    for other in near:
        if other.kind == "COUNTRY" and other.start >= countries[-1].end:
            if not _LISTED.fullmatch(text[countries[-1].end : other.start]):
                break
            countries.append(other)
    return countries
