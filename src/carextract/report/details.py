"""What the page shows of a fact that is opened, as plain data: a piece for each paper."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from carextract.read import Source
from carextract.records import Document
from carextract.report.excerpts import Excerpts, Mark
from carextract.report.numbering import Links, Listed
from carextract.report.originals import edits_of
from carextract.tracked import Edit

Data = dict[str, Any]

_MOST_EDITS = 30  # of one fact
_LONGEST_EDIT = 80  # characters of what an edit changed that are shown
_AROUND_EDIT = 8  # characters before and after it


def details_data(
    document: Document, facts: Sequence[Listed], source: Source | None, links: Links
) -> Data:
    """For each fact of a paper, by its number: fields, quotes, what stands around them, repairs.

    Without the source there are quotes alone, and repairs by their names.
    """
    marks = [
        Mark(quote.start, quote.end, listed.number)
        for listed in facts
        for quote in listed.fact.evidence
    ]
    excerpts = Excerpts(source.text if source else None, marks)
    repaired = any(listed.fact.repairs for listed in facts)
    edits = edits_of(source) if source and repaired else ()
    text = source.text if source else ""
    return {
        "source": source is not None,
        "facts": {
            listed.number: _fact(listed, excerpts, links.get(listed.number, {}))
            | {"edits": [_edit(edit, text) for edit in islice(_edits_in(listed, edits), _MOST_EDITS)]}
            for listed in facts
        },
    }


def _fact(listed: Listed, excerpts: Excerpts, studies: Mapping[int, str]) -> Data:
    fact = listed.fact
    found, left_out = excerpts.of(fact.evidence)
    own = {"key", "rule", "evidence", "repairs", "study"}
    return {
        "fields": dict(_fields("", fact.model_dump(mode="json", exclude=own))),
        "rule": fact.rule,
        "repairs": fact.repairs,
        "studies": [[study, how] for study, how in sorted(studies.items())],
        "quotes": [
            {
                "page": quote.page,
                "boxes": quote.boxes,
                "start": quote.start,
                "end": quote.end,
                "ocr_score": quote.ocr_score,
            }
            for quote in fact.evidence
        ],
        "excerpts": [
            {"page": each.page, "cut": each.cut, "segments": each.segments} for each in found
        ],
        "left_out": left_out,
    }


def _fields(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The values of a record that has any, by the names of its fields: `followup.value`."""
    if isinstance(value, Mapping):
        for inner, part in value.items():
            yield from _fields(f"{name}.{inner}" if name else inner, part)
    elif value is not None:
        yield name, value


def _edits_in(listed: Listed, edits: Sequence[Edit]) -> Iterator[Edit]:
    """The repairs inside the quotes of a fact; `edits` are in the order of the text."""
    for quote in listed.fact.evidence:
        first = bisect_left(edits, quote.start, key=lambda edit: edit.start)
        for edit in islice(edits, first, None):
            if edit.start >= quote.end:
                break
            if edit.end <= quote.end and edit.step in listed.fact.repairs:
                yield edit


def _edit(edit: Edit, text: str) -> Data:
    """A change, with what stands on both sides of it in the source text."""
    return {
        "step": edit.step,
        "left": text[max(edit.start - _AROUND_EDIT, 0) : edit.start],
        "before": edit.before[:_LONGEST_EDIT],
        "after": edit.after[:_LONGEST_EDIT],
        "right": text[edit.end : edit.end + _AROUND_EDIT],
    }
