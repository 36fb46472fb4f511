"""A list to its entries by their numbers, under a heading or without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from carextract.link.references.ends import end_of
from carextract.link.references.entries import LONGEST_ENTRY, entry
from carextract.link.references.lines import PLAIN, line_end
from carextract.link.references.lookup import Entry
from carextract.link.references.trust import are_references, is_reference
from carextract.link.references.years import YEAR
from carextract.tracked import Span

_NEAR_THE_END = 200_000  # where a list without a heading may lie
_BEFORE_THE_FIRST = 400  # characters of page furniture between the heading and the first entry
_LARGEST_JUMP = 30
_LOOK_BACK = 40
_FEWEST_WITHOUT_HEADING = 5

_BRACKETS = re.compile(r"\[ ?((?:[0-9OoIl|]|\(\)){1,4}) ?\]\s{0,4}(?=\S)")
_STYLES = (
    _BRACKETS,
    re.compile(r"()\(([0-9]{1,3})\)\s{0,4}(?=[^\W\d_]|\")"),
    re.compile(r"()([0-9]{1,3})[.,)]\s{0,4}(?=[^\W\d_]|\")"),
    re.compile(r"()([0-9]{1,3})\s{1,4}(?=[^\W\d_a-z]{1,2}[^\W\d_])"),
)
_END_OF_ENTRY = re.compile(r"[.)\]/\d]\s{0,3}$|\n\s{0,3}$")
"""What stands before a number that begins an entry."""
_DIGITS = str.maketrans("OoIl|", "00111")


@dataclass(frozen=True, slots=True)
class _Label:
    """A number that may begin an entry: where it is, where what it numbers begins."""

    number: int
    start: int
    end: int
    in_line: bool


def numbered(region: str, offset: int) -> list[Entry]:
    """The entries of the style of numbers that makes the longest row, its first near the top."""
    best: list[_Label] = []
    for style in _STYLES:
        chain = _chain(_labels(region, style))
        if len(chain) > len(best) and _begins_the_list(chain, region):
            best = chain
    return _entries_of(best, region, offset)


def without_heading(text: str) -> list[Entry]:
    """A run of numbered entries near the end, every number there and nearly all beyond doubt."""
    start = max(0, len(text) - _NEAR_THE_END)
    region = text[start:].translate(PLAIN)
    for style in _STYLES[:3]:
        chain = _chain(_labels(region, style, reach=len(region)))
        if len(chain) < _FEWEST_WITHOUT_HEADING or chain[-1].number - chain[0].number >= len(chain):
            continue
        entries = _entries_of(chain, region, start)
        if are_references(entries, region, start, share=0.8, beyond_doubt=True):
            return entries
    return []


def _begins_the_list(chain: Sequence[_Label], region: str) -> bool:
    """Whether no entry stands before the first number: that would be a figure in an entry."""
    before = region[: chain[0].start]
    if len(before) > _BEFORE_THE_FIRST:
        return False
    return chain[0].number == 1 or (len(chain) > 1 and not YEAR.search(before))


def _entries_of(chain: Sequence[_Label], region: str, offset: int) -> list[Entry]:
    """Entries from their numbers; what follows the list and is no reference is left out."""
    entries = []
    for i, label in enumerate(chain):
        last = i + 1 == len(chain)
        stop = len(region) if last else chain[i + 1].start
        end = end_of(region, label.end, min(stop, label.end + LONGEST_ENTRY), last=last)
        # Where a number is missing, its entry may stand in this one: only the first line is sure.
        whole = last or chain[i + 1].number == label.number + 1
        sure = end if whole else line_end(region, label.end, end)
        span = Span(offset + label.start, offset + end)
        entries.append(entry(label.number, span, region[label.end : sure]))
    while entries and not is_reference(entries[-1], region, offset):
        entries.pop()
    return entries


def _labels(region: str, style: re.Pattern[str], *, reach: int = LONGEST_ENTRY) -> Iterator[_Label]:
    """The numbers of a style that may begin an entry, as far as one follows the other."""
    for found in style.finditer(region):
        if found.start() > reach:
            return
        line = region.rfind("\n", max(0, found.start() - 8), found.start()) + 1
        at_line_start = (line or found.start() < 8) and not region[line : found.start()].strip()
        before = region[max(0, found.start() - 4) : found.start()]
        if not at_line_start and not _END_OF_ENTRY.search(before):
            continue
        digits = found[found.lastindex or 0].replace("()", "0").translate(_DIGITS)
        if 0 < len(digits) <= 3 and int(digits) > 0:
            reach = max(reach, found.end() + LONGEST_ENTRY)
            yield _Label(int(digits), found.start(), found.end(), not at_line_start)


def _chain(labels: Iterator[_Label]) -> list[_Label]:
    """The best rising row of numbers: steps of one count most, larger ones only at line starts."""
    all_labels = list(labels)
    score: list[float] = []
    before: list[int] = []
    for i, label in enumerate(all_labels):
        first = 0.0 if label.in_line and label.number > 1 else 1.0 if label.number == 1 else 0.2
        best, link = first, -1
        for j in range(max(0, i - _LOOK_BACK), i):
            step = label.number - all_labels[j].number
            near = label.start - all_labels[j].end <= LONGEST_ENTRY
            if not near or not 0 < step <= (1 if label.in_line else _LARGEST_JUMP):
                continue
            gain = (0.9 if label.in_line else 1.0) if step == 1 else 0.4
            if score[j] + gain > best:
                best, link = score[j] + gain, j
        score.append(best)
        before.append(link)
    at = max(range(len(score)), key=score.__getitem__, default=-1)
    chain = []
    while at >= 0:
        chain.append(all_labels[at])
        at = before[at]
    return chain[::-1]
