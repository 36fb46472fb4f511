"""Formulas that an OCR program wrote in LaTeX."""

from __future__ import annotations

import re

from carextract.clean.pattern import Pattern
from carextract.tracked import TrackedText

STEP = "latex"

_SYMBOLS = {
    "times": "×", "pm": "±", "mp": "∓", "leq": "≤", "leqslant": "≤", "le": "≤", "geq": "≥",
    "geqslant": "≥", "ge": "≥", "sim": "～", "mu": "μ", "textmu": "μ", "alpha": "α", "beta": "β",
    "gamma": "γ", "kappa": "κ", "delta": "δ", "Delta": "Δ", "lambda": "λ", "zeta": "ζ",
    "rightarrow": "→", "to": "→", "longrightarrow": "→", "approx": "≈", "cdot": "·", "ne": "≠",
    "neq": "≠", "lt": "<", "gt": ">", "circ": "°", "prime": "′", "bullet": "•", "downarrow": "↓",
    "uparrow": "↑", "quad": " ", "qquad": " ", "percent": "%", "ll": "≪", "gg": "≫", "ast": "*",
    "ldots": "…", "div": "÷", "star": "*", "chi": "χ", "omega": "ω", "epsilon": "ε",
}  # fmt: skip
_DRESS = frozenset(
    "mathrm mathbf mathit mathsf mathtt mathcal mathord mathbin mathrel mathop text textrm textbf"
    " textit rm bf it sf tt scriptstyle scriptscriptstyle displaystyle textstyle boldsymbol"
    " operatorname left right big Big bigl bigr dot bar hat tilde overline underline vert"
    " bm cal nonumber limits".split()
)
_FORMULA = Pattern(r"\$(?P<body>[^$\n\u3000-\u303f\u4e00-\u9fff，。；：！？]{1,400}?)\\?\$")
_ROUND = Pattern(r"\\\((?P<body>[^\n\u4e00-\u9fff，。；]{1,400}?)\\\)")
_TOKEN = Pattern(
    r"\\(?:left|right)\s*\.|\\(?P<word>[A-Za-z]+)|\\(?P<sign>[^A-Za-z])|\^\s*\{(?P<raised>[^{}]{0,60})\}"
    r"|(?P<brace>[{}])|(?P<up>\^)|(?P<down>_)|(?P<tie>~)|(?P<space>\s+)"
)
_PROSE = Pattern(r"[A-Za-z]{3,}\s+[A-Za-z]{3,}")
_WORDS = Pattern(r"\\[A-Za-z]+|\\(?:text|textrm|mathrm)\s*\{[^{}]*\}")
_MARKED = Pattern(r"[\\^_{}]|\d \d")
_PLAIN = Pattern(r"\s*(?:[A-Za-z]{0,3}\s?[<>=≤≥]\s?)?\d[\d\s.,<>=+\-±×%()/]*")
_BARE = Pattern(
    r"\\(?P<word>times|pm|leqslant|geqslant|leq|geq|le|ge|sim|mu|rightarrow)(?![A-Za-z])"
)
_ESCAPED = Pattern(r"\\(?=[~^%*_<>#+|&$-])")
_BRACED_POWER = Pattern(r"(?<=[0-9])\s?\^\s?\{\s?(?P<power>[-+−]?\s?\d(?:\s?\d)?)\s?\}")


def latex(text: TrackedText) -> TrackedText:
    r"""Write LaTeX formulas as plain text: spaces inside them carry no meaning.

    A `$` is a delimiter only when what stands between two of them looks like a formula; amounts of
    money and unpaired signs stay, and no formula runs over a Chinese character or a line end.
    A formula with a command of unknown meaning stays too.

    >>> latex(TrackedText.of(r"$1 . 1 \times 1 0 ^ { 6 }$ 个，$2 0 ~ \mathrm { m g / d }$")).text
    '1.1×10^6 个，20 mg/d'
    >>> latex(TrackedText.of(r"6\~9分，10\^6，costs $5 or $6")).text
    '6～9分，10^6，costs $5 or $6'
    """
    if "\\" not in text.text and "$" not in text.text and "{" not in text.text:
        return text
    changes: list[tuple[int, int, str]] = []
    done = 0
    for match in _formulas(text.text):
        outside = (done, match.start())
        changes.extend(_loose(text.text, *outside))
        changes.extend(_plain(match))
        done = match.end()
    changes.extend(_loose(text.text, done, len(text.text)))
    return text.replace(STEP, changes)


def _formulas(raw: str) -> list[re.Match[str]]:
    """The formulas of a text, in order; a `$` that opens none is passed over."""
    found: list[re.Match[str]] = []
    at = raw.find("$")
    while at >= 0:
        match = _FORMULA.match(raw, at)
        if match and _is_formula(match["body"], raw[match.end() : match.end() + 1]):
            found.append(match)
            at = match.end() - 1
        at = raw.find("$", at + 1)
    if r"\(" in raw:
        found += (match for match in _ROUND.finditer(raw) if _is_formula(match["body"], ""))
        found.sort(key=lambda match: match.start())
    apart: list[re.Match[str]] = []
    for match in found:
        if not apart or match.start() >= apart[-1].end():
            apart.append(match)
    return apart


def _is_formula(body: str, behind: str) -> bool:
    r"""Whether a stretch of text can be a formula whose commands are all known.

    A bare number counts unless a digit stands behind the second sign: then both are dollars.

    >>> _is_formula(r"5 \mathrm { m g }", " "), _is_formula("n=12", ","), _is_formula("5, ", "6")
    (True, True, False)
    """
    if not _MARKED.search(body) and (behind.isdigit() or not _PLAIN.fullmatch(body)):
        return False
    if _PROSE.search(_WORDS.sub("", body)):
        return False
    words = re.findall(r"\\([A-Za-z]+)", body)
    return all(word in _SYMBOLS or word in _DRESS for word in words)


def _plain(match: re.Match[str]) -> list[tuple[int, int, str]]:
    """The changes that make plain text of one formula, delimiters included."""
    raw = match.string
    start, end = match.span("body")
    changes = [(match.start(), start, "")]
    for token in _TOKEN.finditer(raw, start, end):
        changes.extend(_token(raw, token, start))
    changes.append((end, match.end(), ""))
    return changes


def _token(raw: str, token: re.Match[str], start: int) -> list[tuple[int, int, str]]:
    """What one LaTeX token becomes: a symbol, a space, a power, or nothing."""
    if token["word"]:
        return [(token.start(), token.end(), _SYMBOLS.get(token["word"], ""))]
    if token["raised"] is not None:
        return _raised(raw, token, start)
    if token["sign"]:
        sign = token["sign"]
        kept = sign if sign in "%$&#_{}~^<> " else ""
        return [(token.start(), token.end(), "～" if kept == "~" else kept)]
    if token["up"]:
        behind = raw[token.end() : token.end() + 3].lstrip()
        power = _ends_with_digit(raw, token.start(), start) and behind[:1].isdigit()
        return [] if power else [(token.start(), token.end(), "")]
    if token["tie"]:
        return [(token.start(), token.end(), " ")]
    return [(token.start(), token.end(), "")]


def _raised(raw: str, token: re.Match[str], start: int) -> list[tuple[int, int, str]]:
    """A superscript in braces: a power behind a digit, else the characters themselves."""
    inner = re.sub(r"\\[A-Za-z]+|[\s{}]", "", token["raised"])
    power = re.fullmatch(r"[-+−]?\d{1,2}", inner)
    is_power = power and _ends_with_digit(raw, token.start(), start)
    return [(token.start(), token.end(), "^" + inner if is_power else inner)]


def _ends_with_digit(raw: str, end: int, start: int) -> bool:
    return raw[start:end].rstrip(" {}")[-1:].isdigit()


def _loose(raw: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Symbols, braced powers and escaped signs outside formulas."""
    found = [
        (match.start(), match.end(), _SYMBOLS[match["word"]])
        for match in _BARE.finditer(raw, start, end)
    ]
    found += [
        (match.start(), match.end(), "^" + match["power"].replace(" ", ""))
        for match in _BRACED_POWER.finditer(raw, start, end)
    ]
    for match in _ESCAPED.finditer(raw, start, end):
        tilde = raw[match.end() : match.end() + 1] == "~"
        found.append((match.start(), match.end() + tilde, "～" if tilde else ""))
    return sorted(found)
