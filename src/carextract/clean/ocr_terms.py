"""Terms of the field misread by an OCR program: wrong letters, lost or added spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from carextract.clean.pattern import Pattern
from carextract.clean.substitute import substitute
from carextract.tracked import TrackedText

STEP = "ocr-terms"

_DIGITS = str.maketrans("lIOo", "1100")

# A look-behind stands behind the first literal of a pattern, not before it: the search for a
# literal is many times faster than the search for a place where a look-behind holds.
_CD = Pattern(
    r"C(?<![A-Za-z]C)(?:D(?P<number> [1-9][0-9]{0,2}| ?[lI][0-9]{1,2}| ?[1-9][lIO])"
    r"| D(?P<apart>[1-9lI][0-9O]{0,2}))(?![A-Za-z0-9.])"
    r"(?! ?(?:patients?|participants?|subjects?|cases?|%|例|名|of\b))"
)
_ANTIGENS = frozenset(
    "3 4 5 7 8 10 14 16 19 20 22 25 27 28 30 33 34 38 40 44 45 56 69 70 79 80 86 117 123 133 137"
    " 138 171 276".split()
)
_CAR = Pattern(r"C(?<![A-Za-z]C)(?: A ?R|A R)(?=[- ]{0,3}(?:T|NK|M|Treg)(?![a-z])|-[^\x00-\xff])")
_CAR_T = Pattern(r"CAR(?<![A-Za-z]CAR)(?: - ?|- )(?=(?:T|NK|M|Treg)(?![A-Za-z]))")
_BCMA = Pattern(r"B(?<![A-Za-z]B)(?: ?C ?MA| ?CM ?A)(?![A-Za-z])")
_SLEDAI = Pattern(
    r"[S5][ -]?L(?<![A-Za-z0-9][S5]L)(?<![A-Za-z0-9][S5][ -]L)"
    r"[ -]?E[ -]?D[ -]?A[ -]?[I1l](?![A-Za-z])"
)
_SLEDAI_2K = Pattern(r"SLEDAI(?: ?- ?2 K| - ?2K|- 2K| 2 K)(?![A-Za-z0-9])")
_SLEDAI_VALUE = Pattern(r"l(?<=SLEDAI-2Kl)(?=[0-9](?:\.[0-9])?(?![0-9A-Za-z]))")
_ICANS = Pattern(r"(?<![A-Za-z0-9])[Il1|][ -]?C[ -]?A[ -]?N[ -]?[S5](?![A-Za-z0-9])")
_CRS = Pattern(
    r"C(?<![A-Za-z]C)(?: R ?S|R S|R5(?=[和及或、均级]|多?为|发生| ?[1-4l][级～~-]))(?![A-Za-z])"
)
_ENTERED = Pattern(
    r"纳(?<!吸纳)(?<!容纳)人(?=\d|组|标准|患者|研究|的|了)"
    r"|人组(?<![一二三四五六七八九十两数几多每单个0-9名]人组)(?=时|前|后|患者|标准|条件|的|了|为|者|\d|[，。、；])"
    r"|人选(?<![一候个]人选)(?=标准|条件|时|患者|研究|者[须需应为])"
)

# Words in which `rn` was read for m, and 1 or I for l.
_WORDS = frozenset(
    "from woman women median mean month months mild moderate syndrome syndromes symptom symptoms"
    " treatment mycophenolate mofetil tacrolimus belimumab rituximab obinutuzumab anifrolumab"
    " tocilizumab remission methylprednisolone cyclophosphamide lymphodepletion complement immune"
    " autoimmune maximum minimum kilogram kilograms million mesenchymal time times some same"
    " problem number administered medication member members haematological haemoglobin hemoglobin"
    " cell cells table baseline platelet platelets level levels total trial trials clinical"
    " fludarabine leflunomide prednisolone release follow allogeneic autologous lupus"
    " lymphocyte lymphocytes systemic erythematosus relapse relapsed all female male mg ml old left"
    " low lower".split()
)
_MISREAD = Pattern(
    r"rn|1(?<=[A-Za-z]1)(?=[a-z])|I(?:(?<=[a-z]I)(?=[a-z])|(?=eft|ow|upus|evel|ymph))"
    r"|A(?=II (?:grades?|patients?|events?|cases|participants|others?)\b)"
)
_WORD = Pattern("[A-Za-z1]+")
# A capital inside a word is no letter of it, but in names: McIntyre.
_CAPITAL_INSIDE = Pattern("I(?<=[a-z]I)(?<!McI)(?<!MacI)(?=[a-z])")
_LONGEST_WORD = 20

_REPAIRS: tuple[tuple[tuple[str, ...], Pattern, str], ...] = (
    (("C A", "A R"), _CAR, "CAR"),
    (("CAR -", "CAR- "), _CAR_T, "CAR-"),
    (("B C", "C M", "M A"), _BCMA, "BCMA"),
    (
        ("S L", "L E", "E D", "D A", "A I", "A l", "DAl", "DA1", "5LE", "E-D", "L-E", "A-I"),
        _SLEDAI,
        "SLEDAI",
    ),
    (("2 K", "- 2K", " -2K"), _SLEDAI_2K, "SLEDAI-2K"),
    (("2Kl",), _SLEDAI_VALUE, " 1"),
    (("lCAN", "1CAN", "|CAN", "CAN5", "N S", "A N", "C A", "I C", "A-N", "N-S"), _ICANS, "ICANS"),
    (("C R", "R S", "CR5"), _CRS, "CRS"),
)


def ocr_terms(text: TrackedText) -> TrackedText:
    """Put right the names of scores, events, antigens and products, and a few everyday words.

    `CD 19`, `C AR-T`, `SLEDAl`, `lCANS`, `C RS`; `frorn`, `ce1ls`, `ceIls`; 纳人 for 纳入.
    Only terms from a list: `CR5例` (five complete responses), `modern` and every other word stay.

    >>> ocr_terms(TrackedText.of("C AR-T for CDl9, SLEDA1-2 K, lCANS, frorn ce1ls")).text
    'CAR-T for CD19, SLEDAI-2K, ICANS, from cells'
    >>> ocr_terms(TrackedText.of("CD 19 patients, CR5例, a modern ward, h1n1")).text
    'CD 19 patients, CR5例, a modern ward, h1n1'
    """
    text = substitute(text, STEP, _CD, _antigen)
    for traces, pattern, term in _REPAIRS:
        if any(trace in text.text for trace in traces):
            text = substitute(text, STEP, pattern, term)
    if "人" in text.text:
        text = substitute(text, STEP, _ENTERED, lambda match: match[0].replace("人", "入"))
    words = list(_words(text.text))
    capitals = any("I" in text.text[start + 1 : end] for start, end, _ in words)
    text = text.replace(STEP, words)
    return substitute(text, STEP, _CAPITAL_INSIDE, "l") if capitals else text


def _antigen(match: re.Match[str]) -> str | None:
    number = (match["number"] or match["apart"]).strip().translate(_DIGITS)
    return "CD" + number if number in _ANTIGENS else None


def _words(raw: str) -> Iterator[tuple[int, int, str]]:
    """Words that, read with m for `rn` and l for 1 and I, are in the list."""
    done = 0
    for match in _MISREAD.finditer(raw):
        if match.start() < done:
            continue
        start = match.start()
        first = max(done, start - _LONGEST_WORD)
        while start > first and _WORD.match(raw, start - 1, start):
            start -= 1
        word = _WORD.match(raw, start, start + 2 * _LONGEST_WORD)
        if word:
            done = word.end()
            read = word[0].replace("rn", "m").replace("1", "l").replace("I", "l")
            if read.lower() in _WORDS and word[0].lower() not in _WORDS:
                yield start, done, read
