"""Spaces inside Latin words and around signs, and spaces lost between words and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from carextract.clean.pattern import Pattern
from carextract.clean.shape import UNREADABLE, is_labelled
from carextract.clean.substitute import substitute
from carextract.tracked import TrackedText

STEP = "spacing"

_FEWEST = 3
_SHARE = 4000  # at least one place in so many characters

# --- spaces around signs ----------------------------------------------------------------------
_SPACED_SIGN = Pattern(
    r" (?:(?=[.,;:)%\]](?: |$))(?<=[A-Za-z0-9)\]%] )|(?<=[(\[] )(?=\S)|(?<=[0-9] )\. (?=[0-9]))",
    re.MULTILINE,
)
_CLOSED = Pattern(
    r" (?:(?=[.,;:)%\]](?: |$))(?<=[A-Za-z0-9)\]%] )"  # before a sign
    r"|(?<=[(\[] )(?=\S)"  # behind a bracket
    r"|(?<=[0-9] )(?=\. [0-9])|(?<=[0-9] \. )(?=[0-9])"  # around a point
    r"|(?<=[A-Za-z0-9%] )(?=/ ?[A-Za-z0-9])|(?<=[A-Za-z0-9%] / )(?=[A-Za-z0-9])"
    r"|(?<=[A-Za-z0-9%]/ )(?=[A-Za-z0-9])"
    r"|(?<=[A-Z0-9] )(?=- ?[A-Za-z0-9])|(?<=[A-Za-z] )(?=- ?[A-Za-z])"  # around a hyphen
    r"|(?<=[A-Za-z0-9] - )(?=[A-Za-z0-9])|(?<=[A-Za-z0-9]- )(?=[A-Za-z0-9]))",
    re.MULTILINE,
)
_MINUS = Pattern(r" (?<=[a-z] - )(?<!m - )(?=[0-9])")

# --- spaces inside words ----------------------------------------------------------------------
_FRAGMENT = Pattern(
    r" (?:ed|ing|ings|tion|tions|ation|ations|ment|ments|mide|ity|ly|ness|ved|ted|ped|sed|ded"
    r"|ciated|rome|drome|kine|mab|sone|lone|bine|amide|phamide|phosphamide|limus|cept|emia|itis"
    r"|rence|lety|tor|ster|tained|ducts|ond|ceived|creased|geted|gress|pression)"
    r"(?![A-Za-z])"
)
_WORDS = frozenset(
    "cyclophosphamide fludarabine prednisone prednisolone methylprednisolone dexamethasone"
    " tocilizumab anakinra siltuximab hydroxychloroquine mycophenolate mofetil tacrolimus"
    " cyclosporine methotrexate azathioprine voclosporin rituximab belimumab anifrolumab"
    " obinutuzumab telitacicept teclistamab blinatumomab bendamustine voriconazole acyclovir"
    " autoleucel immunoglobulin lymphodepletion lymphodepleting leukapheresis conditioning"
    " cytokine release syndrome syndromes neurotoxicity neurotoxicities immune effector associated"
    " cell cells patient patients grade grades graded infusion infusions infused received receive"
    " receiving decreased decrease increased observed observe developed develop treated treatment"
    " dropped declined reduced reported occurred occurrence experienced achieved recovered"
    " resolved administered given registered score scores mean median baseline month months week"
    " weeks day days year years dose doses dosed dosage kilogram total trial trials number study"
    " therapy antigen receptor chimeric autologous allogeneic targeted target targeting remission"
    " erythematosus systemic lupus disease activity index nephritis refractory severe mild moderate"
    " absent adverse event events follow cohort level levels between after before without none"
    " protein serum complement creatinine woman women female male neuropsychiatric generation"
    " second third first another other".split()
)
_COMMON = frozenset(
    "a an the in on to of for and or at be he she we is as it no so do if by my me us up was were"
    " has had have not one two six ten all any set she her his off out but can may day get got our"
    " own per see who how its are did due end age few low new old man men".split()
)
_MOST_PIECES = 6
_LETTERS = Pattern("[A-Za-z]+")

# --- spaces inside numbers --------------------------------------------------------------------
_SPACED_FIGURES = Pattern(
    r"(?<![ |0-9×xX*] )(?<! m )(?<![A-Za-z0-9.,/^×-])(?!10 [4-9]\b)"
    r"[0-9]{1,3}(?: [0-9]{1,3}){1,2}(?![0-9]| [ 0-9|])"
)
_THOUSANDS = Pattern("[0-9]{1,3}(?: [0-9]{3})+")

# --- lost spaces ------------------------------------------------------------------------------
_GLUE = Pattern("[0-9](?:of|to|from|mg/)[0-9mkd]")
_GLUED = Pattern(
    r"(?<=[0-9])(?=(?:of|to|from|in|and|at|had|patients?|cells|months?|weeks?|days|points?)"
    r"(?![A-Za-z]))"
    r"|(?<=[a-z0-9])(?=CRS|ICANS|SLEDAI|CAR-T)"
    r"|(?<![A-Za-z])(?:from|to|of|in|at|and|grade|Grade|month|week|day|score)(?=[0-9])"
    r"|(?:CRS|ICANS|SLEDAI|CAR-T|2K)(?=(?:was|were|of|in|and|or|had|fell|scores?|cells?|occurred"
    r"|with|from|grade)(?![A-Za-z]))"
    r"|[a-z]{3}(?=[0-9]{1,4}(?:\.[0-9])? ?(?:mg|g|μg)/)"
    r"|[a-z]{2}(?:from|to|of)(?=[0-9]+(?:to|of)[0-9])"
)


def latin_spacing(text: TrackedText) -> TrackedText:
    """Close up words with spaces inside and signs with spaces around, and open up what is glued.

    Only in a text with three or more such places, and words only into words of a list, of which
    one piece at least is no word itself. Sound text stays, and so does a spaced dash or a minus.

    >>> latin_spacing(TrackedText.of("Cyclo phos phamide 3 mg / kg ( day - 3 ) , treat ed .")).text
    'Cyclophosphamide 3 mg/kg (day -3), treated.'
    >>> latin_spacing(TrackedText.of("A change - for the better - was seen in 3 / 6 (50 %).")).text
    'A change - for the better - was seen in 3 / 6 (50 %).'
    """
    habit = max(_FEWEST, len(text.text) // _SHARE)
    signs = _count(_SPACED_SIGN, text.text)
    fragments = _count(_FRAGMENT, text.text)
    gapped = signs or fragments or _SPACED_FIGURES.search(text.text)
    gaps = list(_gaps_in_words(text.text)) if gapped else []
    if signs + max(fragments, len(gaps)) >= habit:
        if len(gaps) >= _FEWEST:
            text = substitute(text, STEP, _SPACED_FIGURES, _one_number)
        if signs >= habit:
            text = substitute(text, STEP, _MINUS, "")
            text = substitute(text, STEP, _CLOSED, "")
        if gaps:
            text = text.replace(STEP, [(gap, gap + 1, "") for gap in _gaps_in_words(text.text)])
    if _GLUE.search(text.text) and _count(_GLUED, text.text) >= habit:
        text = text.replace(STEP, [(end, end, " ") for end in _seams(text.text)])
    return text


def _count(pattern: Pattern, raw: str) -> int:
    return sum(1 for _ in pattern.finditer(raw))


def _one_number(match: re.Match[str]) -> str | None:
    """Single figures as one number; a mark where they may be several numbers."""
    figures = match[0].split()
    if _THOUSANDS.fullmatch(match[0]):
        return None
    labelled = is_labelled(match.string, match.start())
    if labelled or any(len(figure) > 1 for figure in figures):
        return UNREADABLE.join(figures)
    return "".join(figures)


def _seams(raw: str) -> list[int]:
    """Places where a space was lost."""
    return sorted({match.end() for match in _GLUED.finditer(raw)})


def _gaps_in_words(raw: str) -> Iterator[int]:
    """Single spaces between pieces that together are a word of the list, the longest first."""
    pieces = [match.span() for match in _LETTERS.finditer(raw)]
    i = 0
    while i < len(pieces):
        size = _size_of_word(raw, pieces, i)
        yield from (end for _, end in pieces[i : i + size - 1])
        i += size


def _size_of_word(raw: str, pieces: list[tuple[int, int]], i: int) -> int:
    """How many pieces, from one on, make a word; 1 when they make none."""
    found = 1
    word = raw[slice(*pieces[i])]
    odd = word.lower() not in _COMMON and word.lower() not in _WORDS
    for j in range(i + 1, min(len(pieces), i + _MOST_PIECES)):
        start, end = pieces[j]
        if start != pieces[j - 1][1] + 1 or raw[start - 1] != " ":
            break
        piece = raw[start:end]
        odd = odd or (piece not in _COMMON and piece not in _WORDS)
        word += piece
        if odd and word.lower() in _WORDS and word[1:].islower():
            found = j - i + 1
    return found
