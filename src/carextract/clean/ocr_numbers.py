"""Numbers misread by an OCR program."""

from __future__ import annotations

import re

from carextract.clean.characters import raised_powers
from carextract.clean.pattern import Pattern
from carextract.clean.substitute import substitute
from carextract.tracked import TrackedText

STEP = "ocr-numbers"

_DIGITS = str.maketrans("lIOo", "1100")

# A look-behind stands behind the first literal of a pattern, not before it: the search for a
# literal is many times faster than the search for a place where a look-behind holds.

# --- registry numbers -------------------------------------------------------------------------
_NCT = Pattern(r"N(?<![A-Za-z0-9]N) ?C ?T ?(?P<digits>[0-9OolI](?: ?[0-9OolI]){7})(?![0-9A-Za-z])")
_CHICTR = Pattern(
    r"Ch(?<![A-Za-z]Ch) ?i ?C ?T ?R ?(?P<kind>-? ?[A-Z0]{3,4} ?-)? ?"
    r"(?P<digits>[0-9OlI](?: ?[0-9OlI]){7}(?(kind)|(?: ?[0-9OlI]){0,2}))(?![0-9A-Za-z])"
)
# One or two digits behind a space, when all before them stand together, may count something.
_COUNT_BEHIND = Pattern(r"\S{5,} (?:\d|\d\d)$")
_COUNTS = Pattern(
    r"\s?(?:[例名位人个岁]|(?:patients?|participants?|subjects?|cases?|people|adults?|children"
    r"|women|men|persons?|sites?|centres?|centers?|arms?|cohorts?|infusions?|of)\b)"
)
_PROSE = Pattern(r" [a-z]")

# --- powers of ten ----------------------------------------------------------------------------
_NOT_A_POWER = (
    r"(?!\s?(?:mg|g\b|[μu]g|m[lL]\b|[cm]m\b|IU|kDa|天|d\b|days?\b|weeks?\b|次|周|年|岁|%))"
)
_COUNTED = (
    r"(?=\s?(?:/|个|[（(]?CAR|cells?\b|细胞|per\b|kg|·|T cells?|NK|CD[0-9]|MSC|viable|autologous"
    r"|allogeneic|total|(?:anti|transduced|modified)\b|U\b|IU\b|单位))"
)
_POWER = Pattern(
    rf"""[xX×*✕⨯╳]\s?(?P<ten>[1lI][0Oo])
         (?:(?P<caret>\^)(?P<exact>-?\d{{1,2}})(?!\d)
           |\((?P<bracketed>1[0-2]|[3-9])\)
           |(?P<near>1[0-2]|[3-9])(?![0-9A-Za-z]|[.,]\d){_NOT_A_POWER}
           |(?P<glued>1[0-2]|[3-9])(?=(?:CAR|cells?|T|NK|U|IU)\b)
           |\s(?P<far>1[0-2]|[3-9])(?![0-9A-Za-z]|[.,]\d){_COUNTED})""",
    re.VERBOSE,
)
_COEFFICIENT = Pattern(r"(?<![A-Za-z0-9.])[0-9lIO]+(?:\.[0-9lIO]+)?(?=[)）]?\s?$)")
# The unit of a column or a table: a power that multiplies what stands elsewhere.
_UNIT_POWER = Pattern(
    r"[xX](?:(?<=[(（][xX])|(?<=[:：,，][xX])|(?<=[:：,] [xX]))\s?10\^?(?P<power>[4-9])"
    r"(?=\s?(?:/\s?(?:kg|L)|个|cells?\b|CAR))"
)
_LOOSE_POWER = Pattern(
    r"10 (?<![0-9A-Za-z.,]10 )(?P<power>[5-9])"
    r"(?=\s?(?:/\s?kg|/\s?L|个细胞|个/kg|cells?\b"
    r"|(?:[A-Z0-9/-]{2,12} ){1,2}cells?\s?(?:/\s?kg|per\b)))"
)
_SPACED_CARET = Pattern(r"10(?:\s?[∧ˆ]\s?|\s\^\s?|\^\s|\*\*)(?=-?\d{1,2}(?!\d))")
_MISREAD_TEN = Pattern(r"1[Oo](?<![A-Za-z0-9]1[Oo])(?=\^?[3-9](?![0-9A-Za-z]))")

# --- single letters read for digits -----------------------------------------------------------
_SUSPECT = Pattern(r"[0-9][Ol]|[Ol]\.?[0-9]|[Ol](?<![A-Za-zμ].)(?![A-Za-z])")
_DECIMAL = Pattern(r"[lO](?<![A-Za-z0-9.].)(?=\.[\dO]*\d)")
_MIXED = Pattern(
    r"(?<![A-Za-z0-9.\-/_])(?:l+\d+|\d+O+\d+|\d+O{1,2}|\d+l+\d+|lO{1,2}|\d+\.\d*[Ol]\d*|Ol\d+)"
    r"(?![A-Za-z0-9_])"
)
_COUNTED_L = Pattern(
    r"l(?<![A-Za-z0-9.μ]l)(?=\s?(?:级|例|期|名|个月|分|周|天|岁|次|m?g/(?:d|kg|m2|日))|\s?[～~–-]\s?\d\s?级|\s?%)"
)
_LABEL_L = Pattern(
    r"\sl(?![A-Za-z0-9])"
    r"(?<=[Gg]rade..|tient..|.[Cc]ase..|ohort..|. [Dd]ay..|month..|.[Ww]eek..|[Pp]hase..|level..)"
)
_COUNTED_O = Pattern(r"O(?<![A-Za-z0-9.-]O)(?=\s?(?:[例级名分]|%))")
_ZERO_SCORE = Pattern(r"O(?<=[至到为天月周]O)(?=分|[，。；、,.;)）]|$)")
_ZEROS = Pattern(r"[lI](?<![A-Za-z0-9.][lI])(?=,[0-9O]{3}\b)|O{3}(?<=[0-9lI],OOO)(?![A-Za-z0-9])")
_TENTHS = Pattern(
    r"[l\d]\.O(?:(?<=\d\.O)|(?<=[^A-Za-z0-9.]l\.O))(?=\s?(?:m?g|kg|m[lL]|分|%)(?![A-Za-z]))"
)
_ELEVEN = Pattern(r"ll(?<![A-Za-z0-9]ll)(?=\s?(?:[例名岁天周分级]|个月|of \d))")
_GRADE_COUNT = Pattern(r"l(?<=级l)(?=[，；、。;\s]|$)")
_THOUSAND = Pattern(r"l(?<![A-Za-z0-9]l)(?= [05]00\s?m?g\b)")
_TEN = Pattern(r"[lI]O(?<![A-Za-z0-9]..)(?=\s?(?:mg|%|例|分|天|周|岁))")
_MISREAD_DATE = Pattern(r"20\d\d-[01lO][0-9lO]-[0-3lO][0-9lO](?![0-9A-Za-z])")
_SLASHED = Pattern(
    r"(?<![A-Za-z0-9/])(?=[0-9/]*[Ol])(?=[Ol/]*[0-9])[0-9Ol]{1,4}(?:/[0-9Ol]{1,4})+(?![A-Za-z0-9/])"
)
_RANGE_END = Pattern(r"l(?<=[0-9][～~–-]l)(?![A-Za-z0-9])|l(?<=[表图]l)(?![A-Za-z0-9])")
_CERTAIN = (
    _DECIMAL, _MIXED, _COUNTED_L, _LABEL_L, _COUNTED_O, _ZERO_SCORE, _TEN, _MISREAD_DATE, _SLASHED,
    _RANGE_END, _ZEROS, _TENTHS, _ELEVEN, _GRADE_COUNT, _THOUSAND,
)  # fmt: skip
_WEAK_L = Pattern(r"(?<![A-Za-z0-9.\-/])\d+l(?![A-Za-z0-9])(?!\s(?:of|saline|oxygen|fluid))")
_WEAK_O = Pattern(
    r"O(?<=(?:\band|\bwas|\bhad) O)(?= (?:after|at|by|one|two|three|four|six|twelve|points?|\d))"
    r"|O(?<=\bto O)(?= (?:after|at|by|in|on|points?)\b|[.,;])"
)

_LONE_L = Pattern(r" l(?<=[a-z:, ] l)(?=[;,.)]| [a-z(])")
_CAPITAL_I = Pattern(
    r"I(?:(?<=\bwas I)|(?<=\bfrom I)|(?<=\bto I)|(?<=\bof I))(?=[0-9](?![0-9A-Za-z]))"
)
_LAST_CELL = Pattern(r" [Ol](?<=[^A-Za-z] .)(?=\n|$|  )")
_INNER_CELL = Pattern(r" O(?<=[0-9] O)(?= [0-9G])")
_CELL_WITH_SHARE = Pattern(
    r"(?:ll(?<=[ \t|]ll)|[lO](?<=[ \t|].))(?<!group .)(?= ?[(（][0-9lO]{1,3}(?:\.[0-9lO]+)?%?[)）])"
)
_SHARE = Pattern(r"[(（][lO](?<=[0-9] ..)(?=[)）])")
_GRADE = Pattern(r"G[lI](?<![A-Za-z0-9]..)(?=[/,;) ]|$)")
_WEAK = (
    _WEAK_L,
    _WEAK_O,
    _LONE_L,
    _CAPITAL_I,
    _LAST_CELL,
    _GRADE,
    _CELL_WITH_SHARE,
    _SHARE,
    _INNER_CELL,
)

# --- other ------------------------------------------------------------------------------------
_UNIT_IU = Pattern(r"lU(?:(?<=[0-9] lU)|(?<=[0-9]lU))(?=/m?[lL]|/kg| )")
_SECOND_GRADE = Pattern(r"n(?<![A-Za-z0-9第]n)(?=级)")
_PLUS_MINUS = Pattern(r"[士土](?:(?<=[0-9].)|(?<=[0-9] .))(?=\s?[0-9])")
_SPLIT_FIGURE = Pattern(
    r" (?<=[由从降升至到共]\d )(?=\d(?:\.\d+)?\s?[分例岁])| (?<=\d )(?=\.\d+\s?[×x]\s?1[0O])"
)
_SPLIT_TEN = Pattern(r" (?:(?<=[×x]1 )|(?<=[×x] 1 ))(?=0 ?\^? ?[4-9]\s?(?:/|个|细胞|cells?|CAR))")
_PER_AREA = Pattern(r"/m(?:[ ](?<=g/m )|\^)(?=2(?![\d.]))")
_CITATION = Pattern(r"\[\s?(?P<body>[0-9UlIO_,，、'’‘`()（）\-–—~～ ]{2,30})\s?\]")
_CITED = Pattern(r"\d{1,3}(?:[,-]\d{1,3})*")
_STOP_AS_O = Pattern(r"o(?<=[\])）]o)(?=\s|$|[^\x00-\xff])")
_EUDRACT_MISREAD = Pattern(
    r"2[0O](?<![A-Za-z0-9-]..)[0-2lIO][0-9lIO]-[0-9lIO]{6}-[0-9lIO]{2}(?:-[0O]{2})?(?![0-9A-Za-z-])"
)
_EUDRACT = Pattern(r"20(?<!\d20)[0-2]\d ?- ?\d{6} ?- ?\d\d(?!\d)")
_DATE = Pattern(r"20(?<![\dA-Za-z-]20)[0-3]\d(?=(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d))")


def ocr_numbers(text: TrackedText) -> TrackedText:
    """Put right digits, powers and registry numbers that only one reading can explain.

    Letters read for digits (`l.0`, `3OO mg`), powers that lost their superscript (`x 106`),
    registry numbers with spaces or letters inside, 士 for ±, citations in brackets, dates without a
    hyphen. `×100`, `5×100,000`, `O2`, Roman grades and whatever could be read in
    two ways stay.

    >>> ocr_numbers(TrackedText.of("l.0 xlO6个细胞/kg，CRS l级6例，N CT06106906，9士2")).text
    '1.0 ×10^6个细胞/kg，CRS 1级6例，NCT06106906，9±2'
    >>> ocr_numbers(TrackedText.of("5×100,000 cells, 3×100 mg, SpO2 98%, I级, 2 × 105 mg")).text
    '5×100,000 cells, 3×100 mg, SpO2 98%, I级, 2 × 105 mg'
    """
    before = text.text
    text = substitute(text, STEP, _SPLIT_FIGURE, "")
    text = substitute(text, STEP, _NCT, _nct)
    text = substitute(text, STEP, _CHICTR, _chictr)
    text = _powers(text)
    text = _letters(text, before)
    text = substitute(text, STEP, _PLUS_MINUS, "±")
    text = substitute(text, STEP, _UNIT_IU, "IU")
    if "I级" in text.text:
        text = substitute(text, STEP, _SECOND_GRADE, "II")
    text = substitute(text, STEP, _PER_AREA, lambda match: match[0][:-1])
    text = substitute(text, STEP, _CITATION, _citation)
    text = substitute(text, STEP, _STOP_AS_O, "。")
    text = substitute(text, STEP, _EUDRACT_MISREAD, _digits)
    text = substitute(text, STEP, _EUDRACT, lambda match: match[0].replace(" ", ""))
    return substitute(text, STEP, _DATE, lambda match: match[0] + "-")


def _nct(match: re.Match[str]) -> str | None:
    digits = match["digits"].replace(" ", "")
    if sum(character.isdigit() for character in digits) < 5 or _ends_in_a_count(match):
        return None
    return "NCT" + digits.translate(_DIGITS)


def _ends_in_a_count(match: re.Match[str]) -> bool:
    """Whether the last digits may be a count of their own: `NCT0775626 3 patients`."""
    if not _COUNT_BEHIND.search(match["digits"]):
        return False
    if _COUNTS.match(match.string, match.end()):
        return True
    return match["digits"][-2] == " " and _PROSE.match(match.string, match.end()) is not None


def _chictr(match: re.Match[str]) -> str | None:
    if _ends_in_a_count(match):
        return None
    kind = (match["kind"] or "").replace(" ", "").replace("0", "O")
    return "ChiCTR" + kind + match["digits"].replace(" ", "").translate(_DIGITS)


def _powers(text: TrackedText) -> TrackedText:
    """Powers of ten behind a multiplication sign, or before a unit of cells."""
    text = substitute(text, STEP, _SPLIT_TEN, "")
    text = substitute(text, STEP, _SPACED_CARET, "10^")
    text = substitute(text, STEP, _MISREAD_TEN, "10")
    text = raised_powers(text, STEP)
    changes: list[tuple[int, int, str]] = []
    for match in _POWER.finditer(text.text):
        changes.extend(_power(match, behind=changes[-1][1] if changes else 0))
    text = text.replace(STEP, changes)
    text = substitute(text, STEP, _UNIT_POWER, lambda match: "×10^" + match["power"])
    return substitute(text, STEP, _LOOSE_POWER, lambda match: "10^" + match["power"])


def _power(match: re.Match[str], *, behind: int) -> list[tuple[int, int, str]]:
    """Digits for letters, `×` for the letter x, and the caret that was lost.

    The letter x, and an asterisk, count only behind a number, which is no part of a power itself:
    it stands behind what was changed last.
    """
    start = max(behind, match.start() - 12)
    coefficient = _COEFFICIENT.search(match.string, start, match.start())
    if coefficient is None and match[0][0] in "xX*":
        return []
    found: list[tuple[int, int, str]] = []
    if coefficient:
        found.append((*coefficient.span(), coefficient[0].translate(_DIGITS)))
    found.append((match.start(), match.start() + 1, "×"))
    found.append((*match.span("ten"), "10"))
    if match["bracketed"]:  # as bibliographic databases print an exponent
        found.append((match.end("ten"), match.end(), "^" + match["bracketed"]))
    elif not match["caret"]:
        found.append((match.end("ten"), match.end("ten") + (match["far"] is not None), "^"))
    return found


def _letters(text: TrackedText, before: str) -> TrackedText:
    """Letters that stand where only a digit can.

    Weak places (`4l`, a lone `O`) only count in a text that had certain ones, here or in its terms.
    """
    if not _SUSPECT.search(text.text):
        return text
    for pattern in _CERTAIN:
        text = substitute(text, STEP, pattern, _digits)
    misread = _letters_for_digits(text.text) < _letters_for_digits(before)
    if misread or "ocr-terms" in text.repairs(0, len(text.text)):
        for pattern in _WEAK:
            text = substitute(text, STEP, pattern, _digits)
    return text


def _letters_for_digits(raw: str) -> int:
    return raw.count("l") + raw.count("O") + raw.count("I")


def _digits(match: re.Match[str]) -> str:
    return match[0].translate(_DIGITS)


def _citation(match: re.Match[str]) -> str | None:
    """Numbers of cited papers, whatever was read for the signs between them.

    A comma and the 1 behind it are often read together as U.
    """
    body = match["body"].replace("()", "0").replace("（）", "0").replace(" ", "")
    body = re.sub(r"(?<=\d)U(?=\d)", ",1", body).translate(_DIGITS)
    body = re.sub(r"[_–—~～]", "-", re.sub("[，、'’‘`]", ",", body))
    if body == match["body"] or not _CITED.fullmatch(body):
        return None
    return f"[{body}]"
