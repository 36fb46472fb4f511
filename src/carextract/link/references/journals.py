"""The journal of an entry, where it is certain that the title has ended."""

from __future__ import annotations

import re

from carextract.link.references.lines import CJK
from carextract.link.references.years import MONTH

_MARKED = re.compile(
    r"\[J(?:/OL)? ?\] ?[.,:]? ?(\S.{1,100}?) ?(?:[,.;] ?|(?<=[^\d]) ?)\(?"
    r"(?=(?:19|20)\d\d\b|\d{1,4} ?[(:,])"
)
_NO_JOURNAL = re.compile(
    r"\[(?:M|D|C|N|S|R|P|G|EB)(?:/OL)? ?\]|\b(?:In:|[Ee]ditors?\b|[Ee]ds?\.\)|Press\b|Publish"
    r"|Proceedings of|Thesis|Dissertation|Conference|[Aa]rXiv|(?:bio|med)[Rr]xiv)|出版社|学位论文"
)
_PRINTED_AT = re.compile(
    rf"[,.]? ?\(?\b(?:19|20)\d\d\)?(?:{MONTH} ?[;,:] ?(?:\d|\(|S|e)| \d{{1,4}}[,:(]"
    rf"|{MONTH}\. ?(?:doi|DOI|PMID))"
    r"|[, ] ?\d{1,4} ?(?:\(\d[^()]{0,15}\))?[,:] ?e?\d{1,7}(?:[-–.,]| ?\()|,\(\d{1,3}\),\d"
)
_ABBREVIATIONS = frozenset(
    "N Engl J Med Ann Rheum Dis Nat Clin Immunol Arthritis Rheumatol Rheumatism Lancet Blood "
    "Cell Front Rev Int Am Acad Sci Proc Natl Oncol Haematol Hematol Transplant Bone Marrow Mol "
    "Ther Adv Cancer Res Discov Commun Chem Biol Exp Eur Br Intern Kidney Neurol Nephrol "
    "Autoimmun Autoimmunity Opin Curr Semin Best Pract JAMA Nature Science Rheumatology Lupus "
    "RMD Open BMJ Cytotherapy Leukemia Immunity Chin Invest Primers Rep Pharmacol Endocrinol "
    "Metab Cardiol Heart Assoc Soc Gastroenterol Pediatr Dermatol Biomed Microbiol Insight JCI "
    "Genet Signal Transduct Target Methods Stem Cells Drug Drugs Trials Case".split()
)
_CHINESE_JOURNAL = re.compile("(?!.{0,20}的)[\u3400-\u9fff()A-Z·]{2,24}")
# What ends the names of many journals and is never one by itself.
_NOT_ALONE = frozenset(
    "Acta Biol Chem Commun J Lett Mater Med Phys Rep Res Rev Sci Soc Ther".split()
)


def journal(rest: str) -> str | None:
    """The journal, between the title and the year or volume, where the title's end is certain.

    >>> journal("CD19 CAR T cells in lupus. N Engl J Med. 2021;385:567-9.")
    'N Engl J Med'
    >>> journal("Systemic lupus. J. Unknown. Abbrev. 2011, 365, 2110")
    """
    marked = _MARKED.search(rest)
    if marked:
        return _as_journal(marked[1])
    if _NO_JOURNAL.search(rest):
        return None
    # A number in the title, or the year after the authors, is not where the paper is printed.
    for place in _PRINTED_AT.finditer(rest):
        before = rest[max(0, place.start() - 300) : place.start()].rstrip(" ,(.")
        if before:
            return _journal_before(before, dotted=rest[len(before) :][:1] == ".")
    return None


def _journal_before(before: str, *, dotted: bool) -> str | None:
    """The journal that ends a piece of text, after the last end of a sentence in it."""
    parts = re.split(r'(?<=[.?!])"? ?(?=[^\s.])', before)
    name, title = parts[-1].strip(), " ".join(parts[:-1]).rstrip()
    if CJK.search(name):
        return name if _CHINESE_JOURNAL.fullmatch(name) else None
    if not title:
        return _as_journal(name) if all(w in _ABBREVIATIONS for w in name.split()) else None
    last = re.split(r"[ .]", title.rstrip('."'))[-1]
    known = [word in _ABBREVIATIONS for word in name.split()]
    if ":" in name:
        return None
    if (
        title.endswith(("?", "!"))
        or CJK.search(last)
        or (last[:1].islower() and len(last) > 1)
        or len(last) > 11
    ):
        return _as_journal(name)
    if last in _ABBREVIATIONS and len(parts) > 2:
        return _dotted_journal(before)
    return _as_journal(name) if all(known) and len(known) > 1 else None


def _dotted_journal(before: str) -> str | None:
    """N. Engl. J. Med., where all its words are known and what is before them ends a title."""
    words = before.split(" ")
    first = len(words)
    while first and words[first - 1].rstrip(".") in _ABBREVIATIONS:
        first -= 1
    title = words[first - 1] if first else ""
    certain = title.endswith((".", "?", "!")) and (title[:1].islower() or len(title) > 11)
    name = _as_journal(" ".join(words[first:])) if certain else None
    return name and f"{name}."


def _as_journal(name: str) -> str | None:
    """A name that may be that of a journal, without the point at its end."""
    name = name.strip(" ,.;:\"'")
    if (
        not 1 < len(name) <= 100
        or len(name.split()) > 14
        or name in _NOT_ALONE
        or re.search(r"[\[\]?!=/]|et al|\bvol\b|\d{3}", name)
    ):
        return None
    return name if name[0].isupper() or CJK.match(name) or name[0] == "(" else None
