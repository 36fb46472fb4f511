"""The DOI and the PMID of an entry, where they are whole."""

from __future__ import annotations

import re

_DOI = re.compile(r"\b(10\.\d{4,9}) ?/ ?([-._;()/:A-Za-z0-9<>]{2,100})")
_CERTAIN_DOI = re.compile(
    r"10\.(?:1056/(?:NEJM|nejm)[a-z]{1,4}\d{6,7}|1038/s\d{5}-\d{3}-\d{4,5}-[0-9a-z]"
    r"|1016/[Ss]\d{4}-\d{4}\(\d\d\)\d{5}-[\dX]|1016/j\.[a-z]{2,15}\.\d{4}\.\d\d\.\d{3}"
    r"|3389/f[a-z]{3,5}\.\d{4}\.\d{5,7}|1136/[a-z]{3,15}-\d{4}-\d{6})(?![\w.-]?\d)"
)
_MORE_OF_IT = re.compile(r" ?(?:[a-z0-9(][\w.()\-]{0,40}\d|[,，]\d)")
_PMID = re.compile(r"(?i:PMID|pubmed\.ncbi\.nlm\.nih\.gov/)[: ]{0,3}(\d{1,9})(?! ?\d)")


def doi(line: str) -> str | None:
    """The DOI, without what ends the sentence; None where two stand there or part may be missing.

    >>> doi("doi: 10.1056/NEJMc2107725."), doi("10.1016/j. jacc.2018.02.045.")
    ('10.1056/NEJMc2107725', '10.1016/j.jacc.2018.02.045')
    >>> doi("10.1001/2013. jama.477")
    """
    found = set()
    for match in _DOI.finditer(line):
        compact = line[match.start() : match.end() + 40].replace(" ", "")
        certain = _CERTAIN_DOI.match(compact)
        if certain:
            found.add(certain[0])
            continue
        doi = f"{match[1]}/{match[2]}".rstrip(".,;:-/")
        while doi.endswith(")") and doi.count(")") > doi.count("("):
            doi = doi[:-1].rstrip(".,;:")
        cut = match[2].endswith(("-", "/", "(", "_")) or _MORE_OF_IT.match(line, match.end())
        if cut or not re.search(r"\d", doi[len(match[1]) :]) or doi.count("(") != doi.count(")"):
            return None
        found.add(doi)
    return found.pop() if len({doi.lower() for doi in found}) == 1 else None


def pmid(line: str) -> str | None:
    """The PMID; None where two stand there, or it is so short that part of it may be missing."""
    found = {match[1] for match in _PMID.finditer(line)}
    return found.pop() if len(found) == 1 and all(6 <= len(pmid) <= 8 for pmid in found) else None
