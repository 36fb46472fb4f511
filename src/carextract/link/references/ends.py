"""Where an entry ends: before page furniture, and before what follows the list."""

from __future__ import annotations

import re

from carextract.link.references.authors import authors_of
from carextract.link.references.lines import CJK, line_end, one_line
from carextract.link.references.years import YEAR

AFTER_THE_LIST = re.compile(
    r"\s{0,4}(?:\(?(?:收稿|修回|接受日期|本文编辑|责任编辑|编辑)|作者简介|作者单位|通信作者|通讯作者|基金项目|附录"
    r"|利益冲突|致谢|摘要|关键词|[图表] ?\d|#{1,4} |\|"
    r"|(?:Conflicts? of|Competing|Copyright|Publisher|Submit your|Abstract|ABSTRACT|Key ?words"
    r"|Appendix|Acknowledg|Author contrib|Supplementa|Figure \d|Fig\. \d|Table \d|Disclaimer"
    r"|Received)\b|©)"
)
"""How a line begins that stands after a list, or is page furniture in it."""
GOES_ON = re.compile(
    r"\s{0,4}(?:(?i:doi\b|pmid|pmcid|epub|available|https?:)|\[|[a-z]{2}"
    r"|\d{2,9}(?=[(:;,.-]))"
)
"""How a line begins that goes on with an entry."""
FINISHED = re.compile(r"(?:[.\])\d]|/\S{4,60})\s{0,4}$")
"""How an entry ends that may be complete."""


def end_of(region: str, start: int, stop: int, *, last: bool) -> int:
    """Where an entry ends: before page furniture, and before what follows the list."""
    end = line_end(region, start, stop)
    while end < stop:
        line = region[end + 1 : line_end(region, end + 1, stop)]
        body = region[start:end]
        if line.strip():
            done = FINISHED.search(body[-80:]) and (last or YEAR.search(body))
            if AFTER_THE_LIST.match(line) or (done and not _goes_on(body, line)):
                break
        end += 1 + len(line)
    return start + len(region[start:end].rstrip())


def _goes_on(body: str, line: str) -> bool:
    """Whether a line belongs to an entry that could end before it: its DOI, or its translation."""
    if GOES_ON.match(line):
        return len(line) < 300
    translated = (CJK.match(body.lstrip()) is None) != (CJK.match(line.lstrip()) is None)
    return translated and YEAR.search(line) is not None and bool(authors_of(one_line(line))[0])
