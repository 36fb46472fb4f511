"""Lines broken where no sentence, row or item ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from carextract.clean.cut_numbers import cuts_inside, is_cut_term, joint_of_numbers
from carextract.clean.pattern import Pattern
from carextract.clean.shape import (
    HAN,
    HAN_RUN,
    PARAGRAPH,
    REGISTRY_HEAD,
    Line,
    ends_sentence,
    is_record,
    lines_of,
    may_be_heading,
    rows_of,
    starts_item,
)
from carextract.clean.substitute import substitute
from carextract.tracked import TrackedText

STEP = "linebreaks"

_WINDOW = 5
_WIDEST = 130
_NARROWEST = 12
_LONG = 60
_HALF = 30
_SHARE_OF_WIDTH = 0.85
_SHARE_LIKE_IT = 0.15
_INDENT = 6  # columns: two characters that begin a Chinese paragraph, and one of slack
_FIRST_WORD = Pattern(r"[!-~]+")
_OPEN = Pattern(r"[（(\[［][^（()）\[\]［］]{0,80}$")
_CLOSE = Pattern(r"^[^（()）\[\]［］]{0,80}[）)\]］]")
_GOES_ON_AFTER = Pattern(
    r"[，、,（(\[［+±×～~=<>≤≥/—–和与及由至在从将被对为或]$|(?<!目)的$"
    r"|\b(?:the|of|and|or|from|to|in|with|was|were|at|by|for|an?|than|had|is|are|on|per|grade)$"
)
_GOES_ON_WITH = Pattern(
    rf"{HAN}[，。、；]|"
    r"\([^()]{2,40}\)[.,;]|[，。、；：！？）)\]］%,;/]|的(?!确)|中的|[降升减增][至到为]|了(?![解却])|们"
)
_FIGURE = Pattern(r"\d\s?个?$")
_UNIT = Pattern(r"(?:/\s?(?:kg|m2|d)|mg\b|个?细胞|[例分岁周天名][^别布类组：:]|个月)")
_COUNTED = Pattern(
    r"(?:points?|patients?|participants?|cells|weeks?|months?|days?|years?|hours?|mg|g|ml|mL)\b"
    r"(?! ?[:：|])"
)
_COUNT = Pattern(r"[a-z,;:～~(] [-+]?\d{1,4}(?:\.\d+)?$")
_LATIN_END = Pattern(r"(?:[\s,;]|[^\x00-\xff])[a-z]{3,}$")
_LATIN_GOES_ON = Pattern(r"[a-z]{3,}(?:[ ,;]|\.(?=\S))")
_POWER_HEAD = Pattern(r"[×x*]\s?10$")
_POWER_TAIL = Pattern(r"\^-?\d")
_GRADED = Pattern(r"[a-z;,(] grades? (?:[1-5]|I{1,3}|IV)$")
_TAIL_OF_GRADE = 12
_FLOWS = Pattern("[a-z0-9]")
_COMMA = Pattern(rf"[，。；]|,(?<={HAN},)")
_LOWER = Pattern(r"[a-z]")
_HYPHEN = Pattern(r"(?P<head>[A-Za-z]+)-$")
_LABELLED = Pattern(rf"{HAN}{{2,8}}[：:]")
_FIELD = Pattern(rf"{HAN}{{2,10}}[ ：:]")  # the name of a field of a record
_COLON = (":", "：")
# One or two digits before a word that is counted are no end of a registry number.
_REGISTRY_TAIL = Pattern(
    r"(?!\d\d? ?(?:[例名位人个岁]|patients?|participants?|subjects?|cases?|people|adults?|of\b))"
    r"(?:[A-Z]{3}-)?\d"
)
_CUT_NUMBER = Pattern(r"\d\.$")
_CUT_FIGURE_HEAD = Pattern(f"(?:(?![表图第组])(?:{HAN})|[（，、×～≥≤])\\d{{1,3}}$")
_CUT_SCORE = Pattern(r"\d{1,2}(?:\.\d+)?\s?(?:[例分岁%]|m?g/)")
_CUT_FIGURE_TAIL = Pattern(f"\\d{{1,3}}(?:\\.\\d+)?\\s?(?:{HAN}|[%/×^]|m?g\\b|m[Ll]\\b)")
_SCORE = Pattern(r"SLEDAI(?:-2K|-2000)?$")
_CUT_DECIMAL = Pattern(f"(?:(?![表图第]){HAN}|[±～(（])\\d{{1,3}}\\.$")
_DECIMALS = Pattern(f"\\d{{1,2}}\\s?(?:{HAN}|[%±×℃]|m?g)")
_CUT_LETTER = Pattern(r"(?:^|\W)[a-z]\.$")
_CUT_WORD = Pattern(r"(?:^|\W)(?:[a-z]|no|vs|al|approx|resp)\.$")
_NEEDS_NUMBER = Pattern(r"[a-z] (?:weeks?|months?|days?|grade|from|to|of|than|was)$")
_CUT_ADDRESS = Pattern(r"[A-Za-z]\.$")
_DOMAIN = Pattern(r"(?:gov|com|org|net|cn)\b")
_MARKED_END = Pattern(f"[\n{PARAGRAPH}]+")
_COMPOUND_HEADS = frozenset(
    "dose anti non long short high low follow well drug cell open single double multi first second"
    " third two three four half self life late early onset steroid treatment disease therapy risk"
    " event week month day year placebo evidence patient target immune graft antigen complement"
    " quality health near".split()
)
_SUFFIX = Pattern(
    r"(?:s|ed|er|ers|ered|ened|est|ing|ings|ly|y|al|ral|ary|ity|ism|ness|ment|ple|ular|itudinal"
    r"|bod(?:y|ies)|gens?|genic|biotics?)(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What the lines around a place look like, as far as it tells a paragraph from a list."""

    usual: float
    alike: int
    known: int
    blanks: int
    punctuated: float
    lowered: float


def linebreaks(text: TrackedText) -> TrackedText:
    """Join lines that were broken for want of room, so that a line break is a true boundary.

    Judged by the width of a line against its neighbours, by how it ends and how the next begins.
    Chinese is joined without a space, English with one; a hyphen goes unless a digit or capital
    follows or the word is a compound. Table rows, list items, headings and records stay apart.

    >>> linebreaks(TrackedText.of("Lymphodeple-\\ntion, then SLEDAI-\\n2K at week 12.")).text
    'Lymphodepletion, then SLEDAI-2K at week 12.'
    >>> linebreaks(TrackedText.of("Dose\\n1. Fludarabine\\n2. Cyclophosphamide")).text
    'Dose\\n1. Fludarabine\\n2. Cyclophosphamide'
    """
    raw = text.text
    if "\n" not in raw:
        return text
    lines = lines_of(raw)
    rows = rows_of(lines)
    cut_at_stops = _is_cut_at_stops(lines)
    labelled = 2 * sum(_LABELLED.match(line.text) is not None for line in lines) >= len(lines)
    inside = cuts_inside(lines, rows)
    ends = [
        i
        for i, (line, after) in enumerate(pairwise(lines))
        if not (rows[i] or rows[i + 1] or is_record(after.text))
        and PARAGRAPH not in raw[line.end : after.start]
        and not (labelled and _LABELLED.match(after.text) and not _GOES_ON_AFTER.search(line.tail))
    ]
    of_numbers = {i: joint_of_numbers(lines[i], lines[i + 1], inside=inside) for i in ends}
    joined = {
        i
        for i in ends
        if of_numbers[i] is not None or _belong_together(lines, i, cut_at_stops=cut_at_stops)
    }
    joined.update(_ends_among_joined(lines, ends, joined))
    text = text.replace(STEP, [_joint(raw, lines, i, of_numbers[i]) for i in sorted(joined)])
    return substitute(text, STEP, _MARKED_END, _plain_end) if PARAGRAPH in raw else text


def _ends_among_joined(
    lines: Sequence[Line], ends: Sequence[int], joined: set[int]
) -> Iterator[int]:
    """Line ends inside a sentence of prose that was cut at all widths.

    Of the lines around that end no sentence, most go on in the next one by the signs that they
    bear. A short line without punctuation that goes on with nothing before it may be a heading.
    """
    opened = {i for i in ends if not ends_sentence(lines[i].text)}
    for i in sorted(opened):
        line, after = lines[i], lines[i + 1]
        if i in joined or not _may_go_on(line, after):
            continue
        if not line.punctuated and i - 1 not in joined:
            continue
        near = opened.intersection(range(i - _WINDOW, i + _WINDOW + 1)) - {i}
        sure = len(joined.intersection(near))
        prose = [lines[j].punctuated for j in near]
        if sure >= 2 and 5 * sure >= 2 * len(near) and 2 * prose.count(True) >= len(prose):
            yield i


def _may_go_on(line: Line, after: Line) -> bool:
    """Whether the next line may be the rest of a sentence of Chinese."""
    if starts_item(after.text) or may_be_heading(after.text) or after.blanks:
        return False
    if line.width > _WIDEST or line.text[-1] in _COLON or _FIELD.match(after.text):
        return False
    return line.chinese and after.chinese and not after.text[:2].istitle()


def _plain_end(match: re.Match[str]) -> str | None:
    """One line end for a marked end of a paragraph and the line ends around it."""
    return "\n" if PARAGRAPH in match[0] else None


def _belong_together(lines: Sequence[Line], i: int, *, cut_at_stops: bool) -> bool:
    """Whether a line goes on in the next one."""
    line, after = lines[i], lines[i + 1]
    if _is_cut_inside_a_token(line, after):
        return True
    if starts_item(after.text):
        return False
    ends = ends_sentence(line.text)
    if cut_at_stops:
        return _is_cut_at_stop(line, after) or (not ends and _goes_on(line, after))
    if not ends and line.width > _WIDEST:
        return _is_prose(after) and _flows(after)
    if ends and not (line.width <= _WIDEST and after.indent <= line.indent and _is_prose(after)):
        return False
    around = _surroundings(lines[max(0, i - _WINDOW) : i + _WINDOW + 1])
    if may_be_heading(after.text) and (ends or not _is_full(line, after, around)):
        return False
    if not ends and _goes_on(line, after):
        return True
    if after.blanks > around.blanks or after.width > _WIDEST:
        return False
    return any(_breaks_for_room(line, after, view, ends=ends) for view in _views(lines, i, around))


def _breaks_for_room(line: Line, after: Line, around: _Surroundings, *, ends: bool) -> bool:
    """Whether a line without a sign that it goes on was broken because it was full."""
    if ends:
        return around.alike >= 4 and _is_full(line, after, around)
    if line.text[-1] in _COLON:
        return _is_prose(line) and _is_full(line, after, around)
    if line.chinese or HAN_RUN.match(after.text):
        return _runs_on_in_chinese(line, after, around)
    if _LOWER.match(after.text) and line.width >= _HALF:
        return True
    return around.lowered >= 0.4 and _is_full(line, after, around)


def _runs_on_in_chinese(line: Line, after: Line, around: _Surroundings) -> bool:
    """Whether a line that ends without a sign breaks for want of room.

    A line that begins a paragraph is shorter by its indent; one with a comma in it is no heading.
    """
    if around.usual < _NARROWEST or around.punctuated < 0.25:
        return False
    if around.known < 3 and not line.punctuated:
        return False
    if _is_full(line, after, around):
        return True
    if around.alike < 3 or line.width > _WIDEST or after.width < around.usual - 2:
        return False
    if _COMMA.search(line.text) and line.width >= 0.6 * around.usual:
        return True
    return line.width >= around.usual - _INDENT


def _flows(line: Line) -> bool:
    return bool(_FLOWS.match(line.text) or HAN_RUN.match(line.text))


def _goes_on(line: Line, after: Line) -> bool:
    """Whether the signs at the break say that the sentence is not over, however short the line."""
    if _HYPHEN.search(line.tail) and re.match(r"[A-Za-z0-9]", after.text):
        return True
    if _OPEN.search(line.tail) and _CLOSE.match(after.text):
        return True
    if _FIGURE.search(line.tail) and _UNIT.match(after.text):
        return True
    if line.width < _NARROWEST:
        return False
    if after.text[0].islower() and _goes_on_in_latin(line, after):
        return True
    if _CUT_FIGURE_HEAD.search(line.tail) and _CUT_SCORE.match(after.text):
        return True
    if _GOES_ON_WITH.match(after.text):
        return True
    capital = after.blanks > 0 and after.text[:2].istitle()
    return not capital and _GOES_ON_AFTER.search(line.tail) is not None


def _goes_on_in_latin(line: Line, after: Line) -> bool:
    """Whether a small word follows on a small word, a grade, or the number it is counted by."""
    if _GRADED.search(line.text, len(line.text) - _TAIL_OF_GRADE):
        return after.width >= _HALF
    if not line.punctuated:
        return False
    if _COUNTED.match(after.text) and _COUNT.search(line.tail):
        return True
    return _LATIN_GOES_ON.match(after.text) is not None and _LATIN_END.search(line.tail) is not None


def _is_prose(line: Line) -> bool:
    """Whether a line is long, or has the punctuation of a sentence in it."""
    return line.width >= _LONG or line.punctuated


def _views(lines: Sequence[Line], i: int, around: _Surroundings) -> Iterator[_Surroundings]:
    """The lines on both sides of a place, then one side alone: columns of two widths may meet."""
    yield around
    if _WINDOW <= i < len(lines) - _WINDOW:
        yield _surroundings(lines[i - _WINDOW : i + 1])
        yield _surroundings(lines[i : i + _WINDOW + 1])


def _surroundings(near: Sequence[Line]) -> _Surroundings:
    # Lists, not generators: this is asked for every line of a text, up to three times.
    widths = sorted([line.width for line in near if line.width <= _WIDEST])
    usual = widths[min(len(widths) - 1, int(len(widths) * 0.7))] if widths else 0
    slack = _SHARE_LIKE_IT * usual
    blanks = sorted([line.blanks for line in near[1:]])
    latin = [line for line in near if not line.chinese]
    return _Surroundings(
        usual=usual,
        alike=len([width for width in widths if abs(width - usual) <= slack]),
        known=len(widths),
        blanks=blanks[len(blanks) // 2] if blanks else 0,
        punctuated=[line.punctuated for line in near].count(True) / len(near),
        lowered=len([line for line in latin if _FLOWS.match(line.text)]) / max(1, len(latin)),
    )


def _is_full(line: Line, after: Line, around: _Surroundings) -> bool:
    """Whether a line is as wide as the lines around it, so that it broke for want of room."""
    if line.width > _WIDEST or around.known < 2 or around.usual < _NARROWEST:
        return False
    if around.alike < min(3, around.known - 1) or around.alike < around.known * 0.4:
        return False
    word = _FIRST_WORD.match(after.text)
    room = line.width + (len(word[0]) + 1 if word else 2)
    return line.width >= _SHARE_OF_WIDTH * around.usual or room > around.usual


def _is_cut_at_stops(lines: Sequence[Line]) -> bool:
    """Whether the source breaks the text behind every full stop, and nowhere else.

    Such lines begin with the space that stood behind the stop.
    """
    led = sum(line.indent == 1 for line in lines)
    stopped = sum(line.text.endswith(".") for line in lines)
    return led >= 2 and led >= 0.3 * len(lines) and stopped >= 0.6 * len(lines)


def _is_cut_at_stop(line: Line, after: Line) -> bool:
    """Whether a break fell on the point of a number or of an abbreviation."""
    if after.indent == 0 and _CUT_NUMBER.search(line.tail):
        return after.text[0].isdigit()
    if after.indent == 0 and _CUT_LETTER.search(line.tail):
        return _LOWER.match(after.text) is not None
    return _CUT_WORD.search(line.tail) is not None and re.match(r"[a-z\d]", after.text) is not None


def _is_cut_inside_a_token(line: Line, after: Line) -> bool:
    """Whether a registry number or an address is broken, or a number stands apart from its noun."""
    if line.width >= _HALF and _NEEDS_NUMBER.search(line.tail) and after.text[0].isdigit():
        return True
    if _POWER_HEAD.search(line.tail) and _POWER_TAIL.match(after.text):
        return True
    if REGISTRY_HEAD.search(line.tail) and _REGISTRY_TAIL.match(after.text):
        return True
    if _CUT_DECIMAL.search(line.tail) and _DECIMALS.match(after.text):
        return True
    if is_cut_term(line, after):
        return True
    return _CUT_ADDRESS.search(line.tail) is not None and _DOMAIN.match(after.text) is not None


def _joint(raw: str, lines: Sequence[Line], i: int, between: str | None) -> tuple[int, int, str]:
    """The change that joins two lines: what stands between them, and perhaps a hyphen. `between`
    is what joins their figures, if they are the parts of a number."""
    line, after = lines[i], lines[i + 1]
    if between is not None:
        return line.end - (line.text[-1] == "-"), after.start, between
    hyphen = _HYPHEN.search(line.tail)
    if hyphen and _LOWER.match(after.text):
        return line.end - (not is_compound(hyphen["head"], after.text)), after.start, ""
    spaced = _needs_space(line, after)
    in_a_word = line.text[-1].isalnum() and after.text[0].isalnum()
    if (
        spaced
        and in_a_word
        and not _SCORE.search(line.tail)
        and " " not in raw[line.end : after.start]
    ):
        spaced = not _is_cut_at_column(lines, i)
    return line.end, after.start, " " if spaced else ""


def is_compound(head: str, tail: str) -> bool:
    """Whether a hyphen at a line end belongs to the word.

    >>> is_compound("long", "term survival"), is_compound("low", "ered"), is_compound("CAR", "t")
    (True, False, True)
    """
    return head.isupper() or (head.lower() in _COMPOUND_HEADS and not _SUFFIX.match(tail))


def _needs_space(line: Line, after: Line) -> bool:
    """Whether two joined lines are two words: neither side Chinese, and no token broken."""
    last, first = line.text[-1], after.text[0]
    if _NEEDS_NUMBER.search(line.tail):
        return True
    if last == "-" or _is_cut_inside_a_token(line, after):
        return line.text.endswith("no.")
    if last == "." and (first.isdigit() or _CUT_LETTER.search(line.tail)):
        return after.indent > 0
    if _CUT_FIGURE_HEAD.search(line.tail) and _CUT_FIGURE_TAIL.match(after.text):
        return False
    wide = ord(last) >= 0x2E80 or ord(first) >= 0x2E80
    return not wide and first not in ",.;:)%]/" and last not in "([/±～~"


def _is_cut_at_column(lines: Sequence[Line], i: int) -> bool:
    """Whether Chinese lines end at one column, whatever word or number stands there."""
    near = [
        line for line in lines[max(0, i - _WINDOW) : i + _WINDOW] if not ends_sentence(line.text)
    ]
    edge = sum(abs(line.width - lines[i].width) <= 1 for line in near)
    return lines[i].chinese and edge >= 3 and edge >= 0.6 * len(near)
