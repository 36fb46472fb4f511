"""Facts to the records of a document: keys, quotes from the source, what was repaired."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from pydantic import ValidationError

import carextract
from carextract.find.facts import Fact, Findings, Remark
from carextract.read import Source, languages
from carextract.records import Document, Dose, Evidence, Notice, Sledai, SourceInfo, Toxicity, Trial
from carextract.rules import Rules
from carextract.tracked import Span, TrackedText

_Fact = TypeVar("_Fact", Trial, Dose, Sledai, Toxicity)


def document(source: Source, cleaned: TrackedText, findings: Findings, rules: Rules) -> Document:
    """The document that says what was found in a source, and proves it.

    Records are numbered in the order of the characters that decided them. Offsets of the cleaned
    text become offsets of the source here, and nowhere else.
    """
    of_kind: dict[str, list[Fact]] = {}
    for fact in findings.facts:
        of_kind.setdefault(fact.kind, []).append(fact)
    notices = [
        *(Notice(code=n.code, message=n.message, page=n.page) for n in source.notices),
        *_undecodable(source),
        *_notices(findings.remarks, cleaned, source),
    ]
    return Document(
        generator=f"carextract {carextract.__version__}",
        rules=rules.digest,
        source=SourceInfo(
            name=source.name,
            sha256=source.sha256,
            media_type=source.media_type,
            pages=source.pages,
            characters=len(source.text),
            languages=languages(source.text),
            encoding=source.encoding,
        ),
        trials=tuple(_records(Trial, of_kind.get("trials", []), cleaned, source, notices)),
        doses=tuple(_records(Dose, of_kind.get("doses", []), cleaned, source, notices)),
        sledai=tuple(_records(Sledai, of_kind.get("sledai", []), cleaned, source, notices)),
        toxicities=tuple(
            _records(Toxicity, of_kind.get("toxicities", []), cleaned, source, notices)
        ),
        warnings=tuple(notices),
    )


def _records(
    record: type[_Fact],
    facts: Iterable[Fact],
    cleaned: TrackedText,
    source: Source,
    notices: list[Notice],
) -> Iterator[_Fact]:
    """The facts of a kind as records. One that breaks the contract is left out, with a notice."""
    placed = [(_evidence(fact, cleaned, source), fact) for fact in facts]
    # The sort is stable: facts read from the same characters stay in the order of the finder.
    placed.sort(key=lambda item: item[0][0].start)
    number = 1
    for evidence, fact in placed:
        try:
            yield record.model_validate(
                {
                    **_fields(fact, cleaned),
                    "key": f"{record.__name__.lower()}-{number}",
                    "rule": fact.rule,
                    "evidence": evidence,
                    "repairs": _repairs(fact.spans, cleaned, source),
                    "study": None,
                }
            )
        except ValidationError as error:
            notices.append(_left_out(fact, error))
        else:
            number += 1


def _left_out(fact: Fact, error: ValidationError) -> Notice:
    """What a rule gave that no record may hold, such as a grade 6: a fault in its pattern file."""
    first = error.errors()[0]
    field = ".".join(map(str, first["loc"]))
    message = f"a record of rule {fact.rule} was left out: {field}: {first['msg']}"
    return Notice(code="invalid-record", message=message, page=None)


def _fields(fact: Fact, cleaned: TrackedText) -> dict[str, object]:
    """The fields of a fact, with what is printed taken from the source: a finder saw cleaned text.

    The printed forms of a trial come as spans; a dose is printed where its deciding span stands.
    """
    fields = dict(fact.fields)
    printed = fields.get("printed")
    if isinstance(printed, Mapping):
        fields["printed"] = {name: _printed(span, cleaned) for name, span in printed.items()}
    if "text" in fields:
        fields["text"] = _printed(fact.spans[0], cleaned)
    return fields


def _printed(span: Span, cleaned: TrackedText) -> str:
    places = cleaned.source_spans(span.start, span.end)
    return " ".join(cleaned.source[place.start : place.end] for place in places)


def _evidence(fact: Fact, cleaned: TrackedText, source: Source) -> tuple[Evidence, ...]:
    """The quotes of a fact, in its own order, each once; one over a page break becomes two."""
    spans = dict.fromkeys(
        span for found in fact.spans for span in cleaned.source_spans(found.start, found.end)
    )
    return tuple(quote for span in spans for quote in _quotes(span, source))


def _quotes(span: Span, source: Source) -> Iterator[Evidence]:
    """The characters of a span, page by page where there are pages."""
    places = source.places.on_pages(span.start, span.end) if source.places else ()
    quoted = False
    for place in places:
        quoted = True
        yield Evidence(
            text=source.text[place.start : place.end],
            start=place.start,
            end=place.end,
            page=place.page,
            boxes=place.boxes,
            ocr_score=place.score,
        )
    if not quoted:
        yield Evidence(text=source.text[span.start : span.end], start=span.start, end=span.end)


def _repairs(spans: Iterable[Span], cleaned: TrackedText, source: Source) -> tuple[str, ...]:
    """What the characters of any of the spans went through to be read, sorted by name."""
    names: set[str] = set()
    for span in spans:
        names.update(cleaned.repairs(span.start, span.end))
        if source.places and any(
            source.places.recognised(place.start, place.end)
            for place in cleaned.source_spans(span.start, span.end)
        ):
            names.add("ocr")
    return tuple(sorted(names))


def _notices(remarks: Sequence[Remark], cleaned: TrackedText, source: Source) -> Iterator[Notice]:
    """The remarks of the finders, each with the line or the page that it is about."""
    line_ends = [m.start() for m in re.finditer("\n", cleaned.source)] if remarks else []
    for remark in remarks:
        spans = remark.span and cleaned.source_spans(remark.span.start, remark.span.end)
        place = where = None
        if spans and source.places:
            place = next(source.places.on_pages(spans[0].start, spans[0].end), None)
            where = place and f"page {place.page}: "
        elif spans:
            where = f"line {bisect_left(line_ends, spans[0].start) + 1}: "
        page = place.page if place else None
        yield Notice(code=remark.code, message=(where or "") + remark.message, page=page)


def _undecodable(source: Source) -> Iterator[Notice]:
    if source.undecodable:
        places = "1 place" if source.undecodable == 1 else f"{source.undecodable} places"
        message = f"{places} could not be decoded as {source.encoding}; U+FFFD stands there"
        yield Notice(code="undecodable-bytes", message=message, page=None)
