"""The year in which a paper was published, among all the numbers of its entry."""

from __future__ import annotations

import re

YEAR = re.compile(r"(?<![\d.:/\-–—])(?:19[0-9]{2}|20[0-3][0-9])(?![\d/]|[-–—]\d)")
_NO_YEAR = re.compile(
    r"10\.\d{4,9} ?/\S{1,200}|https?:\S{1,200}|PMID[: ]{0,3}\d{1,9}|(?:PMC|NCT)\d{1,9}"
    r"|\[[12]\d{3}-\d\d?-\d\d?\]|Epub (?:19|20)\d\d|\d{1,9} ?[-–—] ?\d{1,9}|: ?e?\d{1,9}",
    re.IGNORECASE,
)
MONTH = r"(?: (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?(?: \d{1,2})?)?"
_YEAR_IN_PLACE = re.compile(
    # 2021;385 | 2021, 385 | 28, 2124 (2022). | 2025 Oct 10. doi
    rf"\b((?:19|20)\d\d)[a-z]?{MONTH} ?(?:[;,:] ?(?:\(|[Se]\d|Suppl|\d)|\(\d)"
    r"|\(((?:19|20)\d\d)\)(?=[.;]? ?$|[.;]? ?(?:doi|http|PMID)| \d)"
    rf"|[,.] ?((?:19|20)\d\d){MONTH}\. ?(?:doi|Epub|Online|$)",
    re.IGNORECASE,
)
_YEAR_AFTER_AUTHORS = re.compile(
    r"[ .,]{0,3}\(((?:19|20)\d\d)[a-z]?(?:,[^)]{0,20})?\)|,? ((?:19|20)\d\d)[a-z]?\. "
)
_NO_LINK = re.compile(
    r"10\.\d{4,9} ?/\S{1,200}|https?:\S{1,200}|Epub (?:19|20)\d\d|\[[12]\d{3}-\d\d?-\d\d?\]",
    re.IGNORECASE,
)


def year(line: str, rest: str) -> int | None:
    """The year of publication: after the authors, beside the volume, or the only one there is."""
    after = _YEAR_AFTER_AUTHORS.match(rest)
    if after:
        return int(after[1] or after[2])
    bare = _NO_YEAR.sub("#", line)
    places = _YEAR_IN_PLACE.finditer(_NO_LINK.sub(" ", line))
    printed = [year for found in places for year in found.groups() if year]
    placed = {int(year) for year in printed if YEAR.fullmatch(year)}
    years = placed if len(placed) == 1 else {int(found[0]) for found in YEAR.finditer(bare)}
    return years.pop() if len(years) == 1 else None
