"""HTML that was left in the text: entities, tags, table cells."""

from __future__ import annotations

import html as entities
import re

from carextract.clean.pattern import Pattern
from carextract.clean.shape import PARAGRAPH
from carextract.clean.substitute import substitute
from carextract.tracked import TrackedText

STEP = "html"

_BLOCK = (
    "p|hr|div|li|ul|ol|dl|dt|dd|tr|table|thead|tbody|tfoot|caption|colgroup|h[1-6]|html|head"
    "|body|title|section|article|header|footer|main|blockquote|pre|figure|figcaption|sec|list"
    "|list-item|abstract|table-wrap"
)
_INLINE = (
    "a|b|i|u|s|em|strong|span|font|small|big|mark|code|img|col|center|label|tt|sc|italic|bold"
    "|underline|xref|ext-link|sub|abbr|cite|wbr|nobr|input|meta|link|o:p"
)
_ATTRIBUTES = r"(?:\s[^<>\n]{0,300})?\s?/?>"
_TAG = Pattern(
    rf"""
      <!--(?:[^-<]|-(?!->)|<(?!!--))*+-->
    | <(?P<skip>script|style)\b[^<>]{{0,300}}>(?:[^<]|<(?!/?(?:script|style)\b))*+</(?P=skip)\s?>
    | <sup{_ATTRIBUTES}(?P<sup>[^<>\n]{{1,20}})</sup\s?>
    | (?P<cell></t[dh]\s?>\s{{0,40}}<t[dh]{_ATTRIBUTES})
    | </?(?:(?P<block>{_BLOCK})|(?P<line>br)|(?P<inline>{_INLINE}|t[dh]|sup)){_ATTRIBUTES}
    | &(?:amp;)?sup(?P<power>[0-9]);
    | (?P<entity>&(?:amp;)*(?:\#[0-9]{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,24}});)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HINT = Pattern(r"[<&](?=[/!#A-Za-z])")
_NUMBERS = Pattern(r"\d{1,3}(?:\s?[,，–-]\s?\d{1,3})*")
_EXPONENT = Pattern(r"[-−–]?\d{1,2}")


def html(text: TrackedText) -> TrackedText:
    """Replace entities by their characters, and tags of a known name by what they stood for.

    A block tag is the end of a paragraph, a cell boundary ` | `, an inline tag nothing. A
    superscript keeps its meaning: a power, a unit or a citation. Comparisons such as `p<0.05` are
    no tags and stay.

    >>> html(TrackedText.of("<li>1&times;10<sup>6</sup> cells/kg, p<0.05</li>")).text.split()
    ['1×10^6', 'cells/kg,', 'p<0.05']
    >>> html(TrackedText.of("<td>SLE</td><td>2&#xb7;5 mg</td>")).text
    'SLE | 2·5 mg'
    """
    if not _HINT.search(text.text):
        return text
    return substitute(text, STEP, _TAG, _meaning)


def _meaning(match: re.Match[str]) -> str | None:
    """What a tag or entity stands for; None when it is neither."""
    if match["entity"]:
        return _character(match["entity"])
    if match["cell"]:
        return " | "
    if match["block"]:
        return f"\n{PARAGRAPH}\n"
    if match["line"]:
        return "\n"
    if match["sup"]:
        return _raised(match["sup"], match.string[max(0, match.start() - 3) : match.start()])
    if match["power"]:
        return _raised(match["power"], match.string[max(0, match.start() - 3) : match.start()])
    return ""


def _character(entity: str) -> str | None:
    """The character of an entity, however often its ampersand was escaped; None when unknown.

    >>> _character("&amp;lt;"), _character("&copycat;"), _character("&#0;")
    ('<', None, None)
    """
    bare = "&" + entity.rsplit("&", 1)[-1].removeprefix("amp;")
    while bare.startswith("&amp;") and bare != "&amp;":
        bare = "&" + bare.removeprefix("&amp;")
    found = entities.unescape(bare)
    known = ";" not in found or bare == "&semi;"
    return found if known and found != "\ufffd" else None


def _raised(raised: str, before: str) -> str:
    """Write a superscript on the line, by what stands before it.

    >>> _raised("6", "×10"), _raised("2", "g/m"), _raised("-1", "kg"), _raised("12", "nts")
    ('^6', '2', '-1', '[12]')
    """
    bare = raised.strip()
    if before.endswith("10") and _EXPONENT.fullmatch(bare):
        return "^" + bare
    unit = re.search(r"(?:^|[^A-Za-z])[cmkµμ]?[gmdhLl]$|min$", before)
    if unit and _EXPONENT.fullmatch(bare) and (bare in ("2", "3") or not bare[0].isdigit()):
        return bare
    return f"[{bare}]" if _NUMBERS.fullmatch(bare) else bare
