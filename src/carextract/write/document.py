"""Facts to the records of a document: keys, quotes from the source, what was repaired."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from pydantic import ValidationError

import carextract
from carextract.find.facts import Fact, Findings, Remark
from carextract.link import Links
from carextract.link import Study as Linked
from carextract.read import Source, languages
from carextract.records import (
    Document,
    Dose,
    Evidence,
    Link,
    Notice,
    Reference,
    Sledai,
    SourceInfo,
    Study,
    Toxicity,
    Trial,
)
from carextract.rules import Rules
from carextract.tracked import Span, TrackedText

_Fact = TypeVar("_Fact", Trial, Dose, Sledai, Toxicity)


def document(
    source: Source, cleaned: TrackedText, findings: Findings, links: Links, rules: Rules
) -> Document:
    """The document that says what was found in a source, and proves it.

    Records are numbered in the order of the characters that decided them. Offsets of the cleaned
    text become offsets of the source here, and nowhere else.
    """
    notices = [
        *(Notice(code=n.code, message=n.message, page=n.page) for n in source.notices),
        *_undecodable(source),
        *_notices((*findings.remarks, *links.remarks), cleaned, source),
    ]
    made = _Records(findings, links, cleaned, source, notices)
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
        trials=made.of(Trial, "trials"),
        doses=made.of(Dose, "doses"),
        sledai=made.of(Sledai, "sledai"),
        toxicities=made.of(Toxicity, "toxicities"),
        studies=made.studies(),
        warnings=tuple(notices),
    )


class _Records:
    """Makes the records of a document. Keys are given in the order of the first evidence."""

    def __init__(
        self,
        findings: Findings,
        links: Links,
        cleaned: TrackedText,
        source: Source,
        notices: list[Notice],
    ) -> None:
        self._facts = findings.facts
        self._cleaned = cleaned
        self._source = source
        self._notices = notices
        placed = [(self._evidence(study.spans), study) for study in links.studies]
        self._studies = sorted(placed, key=lambda item: item[0][0].start)
        self._keys: dict[int, str] = {}
        self._owners: dict[int, list[str]] = {}
        for number, (_, study) in enumerate(self._studies, 1):
            for fact, _ in study.facts:
                self._owners.setdefault(fact, []).append(f"study-{number}")

    def of(self, record: type[_Fact], kind: str) -> tuple[_Fact, ...]:
        """The facts of a kind. One that breaks the contract is left out, with a notice."""
        placed = [
            (self._evidence(fact.spans), index, fact)
            for index, fact in enumerate(self._facts)
            if fact.kind == kind
        ]
        # The sort is stable: facts read from the same characters stay in the order of the finder.
        placed.sort(key=lambda item: item[0][0].start)
        made: list[_Fact] = []
        for evidence, index, fact in placed:
            owners = self._owners.get(index, [])
            key = f"{record.__name__.lower()}-{len(made) + 1}"
            try:
                made.append(
                    record.model_validate(
                        {
                            **_fields(fact, self._cleaned),
                            "key": key,
                            "rule": fact.rule,
                            "evidence": evidence,
                            "repairs": self._repairs(fact.spans),
                            "study": owners[0] if len(owners) == 1 else None,
                        }
                    )
                )
            except ValidationError as error:
                self._notices.append(_left_out(fact, error))
            else:
                self._keys[index] = key
        return tuple(made)

    def studies(self) -> tuple[Study, ...]:
        """The studies, with the keys of their facts: to be asked for after those."""
        return tuple(
            Study.model_validate(
                {
                    "key": f"study-{number}",
                    "label": _label(study, author),
                    "author": author,
                    "year": study.year,
                    "citation": study.citation,
                    "reference": self._reference(study),
                    "trial_ids": study.trial_ids,
                    "patients": study.scope.patients,
                    "condition": study.scope.condition,
                    "product": study.scope.product,
                    "target": study.scope.target,
                    "cell_source": study.scope.cell_source,
                    "facts": self._links(study),
                    "rule": study.rule,
                    "evidence": evidence,
                    "repairs": self._repairs(study.spans),
                }
            )
            for number, (evidence, study) in enumerate(self._studies, 1)
            for author in (self._author(study),)
        )

    def _author(self, study: Linked) -> str | None:
        """The author as printed: cleaning writes Chinese names in simplified characters."""
        if study.name is None:
            return study.author
        return "".join(_printed(study.name, self._cleaned).split())

    def _links(self, study: Linked) -> tuple[Link, ...]:
        return tuple(
            Link.model_validate({"key": self._keys[fact], "how": how})
            for fact, how in study.facts
            if fact in self._keys
        )

    def _reference(self, study: Linked) -> Reference | None:
        if study.entry is None:
            return None
        text = _printed(study.entry.span, self._cleaned)
        return Reference(text=text, doi=study.entry.doi, pmid=study.entry.pmid)

    def _evidence(self, spans: Sequence[Span]) -> tuple[Evidence, ...]:
        return _evidence(spans, self._cleaned, self._source)

    def _repairs(self, spans: Iterable[Span]) -> tuple[str, ...]:
        return _repairs(spans, self._cleaned, self._source)


def _label(study: Linked, author: str | None) -> str:
    """What a study is called: by its author, else its centre, else its number in the references."""
    if study.own:
        return "this paper"
    cited = None if study.citation is None else f"reference {study.citation}"
    name = author or study.centre or cited or ", ".join(study.trial_ids) or "a study"
    return f"{name} {study.year}" if study.year else name


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


def _evidence(found: Iterable[Span], cleaned: TrackedText, source: Source) -> tuple[Evidence, ...]:
    """The quotes of spans, in their own order, each once; one over a page break becomes two."""
    spans = dict.fromkeys(
        span for place in found for span in cleaned.source_spans(place.start, place.end)
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
