"""A synthesis as files: JSON lines, CSV and Excel."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from carextract.synthesize.models import Quote, SynthesizedStudy, Value
from carextract.synthesize.wording import dose_text, sledai_text, toxicity_text
from carextract.write.comma_separated import write_csv_rows
from carextract.write.excel import Sheet, excel_file
from carextract.write.output import output_file
from carextract.write.rows import Column, Form, Row, cell

_BETWEEN = " | "
# The cells of a study, and how a value of them is written.
_FIELDS: dict[str, Form] = {
    "author": Form.TEXT,
    "year": Form.WHOLE,
    "trial_ids": Form.TEXT,
    "patients": Form.WHOLE,
    "condition": Form.TEXT,
    "product": Form.TEXT,
    "target": Form.TEXT,
    "cell_source": Form.TEXT,
}
_FACTS: dict[str, Callable[[Any], str]] = {
    "doses": dose_text,
    "sledai": sledai_text,
    "toxicities": toxicity_text,
}
_PAPERS = "_papers"
_OTHERS = "_others"
_QUOTES = "_quotes"


def _columns() -> Iterator[Column]:
    yield Column("key", Form.TEXT)
    yield Column("label", Form.TEXT)
    yield Column("primary", Form.FLAG)
    yield Column("papers", Form.WHOLE)
    yield Column("conflicts", Form.WHOLE)
    yield Column("conflicting", Form.TEXT)
    for name, form in _FIELDS.items():
        yield Column(name, form)
        yield Column(f"{name}{_PAPERS}", Form.WHOLE)
        yield Column(f"{name}{_OTHERS}", Form.TEXT)
        yield Column(f"{name}{_QUOTES}", Form.TEXT)
    for name in _FACTS:
        yield Column(name, Form.TEXT)
        yield Column(f"{name}{_QUOTES}", Form.TEXT)
    yield Column("support", Form.TEXT)
    yield Column("dois", Form.TEXT)
    yield Column("pmids", Form.TEXT)
    yield Column("paper_names", Form.TEXT)


COLUMNS = tuple(_columns())
"""The columns of a study: of each field its leading value, so that numbers are numbers, how many
papers say that, the other values with theirs, and the quotes of all; `support` has all of a study's
fields with these numbers in one text."""

# In a sheet that is to be seen at a glance; the other columns are rows of the sheet of evidence.
_AT_A_GLANCE = tuple(
    column for column in COLUMNS if not column.name.endswith((_PAPERS, _OTHERS, _QUOTES))
)

_EVIDENCE = (
    Column("study", Form.TEXT),
    Column("label", Form.TEXT),
    Column("field", Form.TEXT),
    Column("value", Form.TEXT),
    Column("papers", Form.WHOLE),
    Column("primary", Form.FLAG),
    Column("paper", Form.TEXT),
    Column("page", Form.WHOLE),
    Column("quote", Form.TEXT),
    Column("quote_start", Form.WHOLE),
    Column("quote_end", Form.WHOLE),
    Column("sha256", Form.TEXT),
)


def write_studies_json_lines(path: Path, studies: Iterable[SynthesizedStudy]) -> None:
    """Write one study a line. Raises CarextractError when the file cannot be written."""
    with output_file(path) as file:
        for study in studies:
            file.write(f"{study.model_dump_json()}\n".encode())


def write_studies_csv(path: Path, studies: Iterable[SynthesizedStudy]) -> None:
    """Write one study a row. Raises CarextractError when the file cannot be written."""
    write_csv_rows(path, map(_row, studies), COLUMNS)


def write_studies_excel(path: Path, studies: Iterable[SynthesizedStudy]) -> None:
    """Write a sheet of studies, and one with a row for each quote of each value.

    Raises CarextractError when a sheet would have more rows than Excel takes, when the file cannot
    be written, or XlsxWriter is not installed.
    """
    advice = "write .csv or .jsonl"
    with excel_file(path) as workbook:
        table = Sheet(workbook, "studies", _AT_A_GLANCE, frozen=2, path=path, advice=advice)
        proof = Sheet(workbook, "evidence", _EVIDENCE, frozen=2, path=path, advice=advice)
        for study in studies:
            table.add(_row(study), "doubtful" if study.conflicts else "plain")
            for row in _evidence_rows(study):
                proof.add(row)
        table.finish()
        proof.finish()


def _row(study: SynthesizedStudy) -> Row:
    row: dict[str, object] = {
        "key": study.key,
        "label": study.label,
        "primary": study.primary,
        "papers": len(study.papers),
        "conflicts": study.conflicts,
        "conflicting": "; ".join(study.conflicting) or None,
        "dois": " ".join(study.dois) or None,
        "pmids": " ".join(study.pmids) or None,
        "paper_names": _BETWEEN.join(paper.name for paper in study.papers),
    }
    support = []
    for name in _FIELDS:
        values = getattr(study, name)
        if values:
            support.append(f"{name}: {_BETWEEN.join(map(_counted, values))}")
            row[name] = values[0].value
            row[f"{name}{_PAPERS}"] = values[0].papers
            row[f"{name}{_OTHERS}"] = _BETWEEN.join(map(_counted, values[1:])) or None
            row[f"{name}{_QUOTES}"] = _quoted(values, str)
    # These do not compete: a trial may be in several registries.
    row["trial_ids"] = " ".join(value.value for value in study.trial_ids) or None
    for name, text in _FACTS.items():
        values = getattr(study, name)
        row[name] = _BETWEEN.join(_counted(value, text) for value in values) or None
        row[f"{name}{_QUOTES}"] = _quoted(values, text) or None
    row["support"] = "; ".join(support) or None
    return {name: cell(value) for name, value in row.items()}


def _counted(value: Value[Any], text: Callable[[Any], str] = str) -> str:
    """A value with the number of papers that say so."""
    papers = f"{value.papers} paper{'' if value.papers == 1 else 's'}"
    return f"{text(value.value)} [{papers}{', primary' if value.primary else ''}]"


def _quoted(values: Iterable[Value[Any]], text: Callable[[Any], str]) -> str:
    return _BETWEEN.join(
        f"{text(value.value)}: {'; '.join(map(_quote, value.evidence))}" for value in values
    )


def _quote(quote: Quote) -> str:
    page = f", page {quote.page}" if quote.page else ""
    return f"“{quote.text}” ({quote.paper}{page}, {quote.start}-{quote.end})"


def _evidence_rows(study: SynthesizedStudy) -> Iterator[Row]:
    for name in (*_FIELDS, *_FACTS):
        text = _FACTS.get(name, str)
        for value in getattr(study, name):
            for quote in value.evidence:
                row: dict[str, object] = {
                    "study": study.key,
                    "label": study.label,
                    "field": name,
                    "value": text(value.value) if name in _FACTS else value.value,
                    "papers": value.papers,
                    "primary": value.primary,
                    "paper": quote.paper,
                    "page": quote.page,
                    "quote": quote.text,
                    "quote_start": quote.start,
                    "quote_end": quote.end,
                    "sha256": quote.sha256,
                }
                yield {key: cell(content) for key, content in row.items()}
