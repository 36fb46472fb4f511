"""UTF-8 that was read as Windows-1252."""

from __future__ import annotations

import re

from carextract.clean.pattern import Pattern
from carextract.clean.substitute import substitute
from carextract.tracked import TrackedText

STEP = "mojibake"

# Windows-1252 shows its bytes 80 to 9F as these; five of them have no character and may be lost.
_SHOWN = {bytes((code,)).decode("cp1252", "replace"): code for code in range(0x80, 0xC0)}
_SHOWN = {character: code for character, code in _SHOWN.items() if character != "\ufffd"}
_SHOWN |= {chr(code): code for code in range(0x80, 0xC0)}
_TAIL = re.escape("".join(_SHOWN))
_RUN = Pattern(
    f"(?:[\u00c2-\u00df][{_TAIL}]|[\u00e0-\u00ef][{_TAIL}]{{2}}|[\u00f0-\u00f4][{_TAIL}]{{3}}"
    "|â€(?= |[.,;:)]|$))+"
)
_LOST_QUOTE = "â€"  # a closing quotation mark whose last byte Windows-1252 cannot show
_SIGNS = Pattern("[\u0080-\u00bf×÷\u0370-\u03ff\u2000-\u2bff\u3000-\u9fff\uff00-\uffef]")
_HABIT = 2


def misread_utf8(text: TrackedText) -> TrackedText:
    """Read again, as UTF-8, signs and Chinese that were read as Windows-1252.

    Only sequences that are UTF-8 to the byte and stand for a sign, a Greek letter or Chinese, and
    only where a text has two of them or one of three bytes: no one writes `â€“`, but an `Â°` may
    be meant. Accented letters stay: `Ã©` alone is no reason to look.

    >>> misread_utf8(TrackedText.of("5â€“10 Ã— 10^6, 16 Â± 4, â‰¥3 â†’ 0")).text
    '5–10 × 10^6, 16 ± 4, ≥3 → 0'
    >>> misread_utf8(TrackedText.of("Île-de-France, Ångström, 5 Â")).text
    'Île-de-France, Ångström, 5 Â'
    """
    runs = [match[0] for match in _RUN.finditer(text.text) if _reading(match)]
    if len(runs) >= _HABIT or any(len(run) >= 3 for run in runs):
        return substitute(text, STEP, _RUN, _reading)
    return text


def _reading(match: re.Match[str]) -> str | None:
    """What a run of misread characters was; None when it was no UTF-8, or no sign."""
    run, quote = match[0], ""
    if run.endswith(_LOST_QUOTE):
        run, quote = run.removesuffix(_LOST_QUOTE), "”"
    try:
        read = bytes(_SHOWN.get(character, ord(character)) for character in run).decode()
    except (UnicodeDecodeError, ValueError):
        return None
    return read + quote if all(map(_SIGNS.match, read)) else None
