"""The rows of a synthesis, as the contract has them: one study each."""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from carextract.records import (
    Count,
    Grade,
    Number,
    Ordinal,
    Percent,
    Record,
    Score,
    Text,
    TimePoint,
)

T = TypeVar("T")


class Quote(Record):
    """A quote from a paper; `source_text[start:end] == text` always."""

    paper: Text = Field(description="File name of the paper, without folders.")
    sha256: str = Field(description="SHA-256 of the bytes of the paper, in hexadecimal.")
    page: Ordinal | None = Field(description="Page, counted from 1; null for text files.")
    start: Count = Field(description="Offset of the first character, in code points.")
    end: Count = Field(description="Offset after the last character, in code points.")
    text: Text = Field(description="The quote as it stands in the source.")


class DoseValue(Record):
    """An amount; the fields are those of a dose in a document."""

    agent: Text | None = Field(description="What is given, or null.")
    agent_kind: Literal["cell", "drug"] | None = Field(description="A cell product or a drug.")
    low: Number | None = Field(description="Lower bound in `unit`; null = no bound.")
    high: Number | None = Field(description="Upper bound in `unit`; null = no bound.")
    unit: str = Field(description="Base units joined by '/'.")


class SledaiValue(Record):
    """Total SLEDAI scores; the fields are those of scores in a document."""

    instrument: str = Field(description="'SLEDAI', 'SLEDAI-2K', ...")
    baseline: Score | None = Field(description="Score before treatment.")
    followup: Score | None = Field(description="Score after treatment, at `time`.")
    change: Number | None = Field(description="Change in points; negative = fell.")
    patients: Count | None = Field(description="How many patients it describes.")
    time: TimePoint | None = Field(description="When `followup` was scored.")


class ToxicityValue(Record):
    """That CRS or ICANS did, or did not, occur; the fields are those in a document."""

    event: Literal["CRS", "ICANS"] = Field(description="Which of the two.")
    grade: Grade | None = Field(description="Null where no grade is given.")
    severity: Literal["mild", "mild-moderate", "moderate", "severe"] | None = Field(
        description="Severity where it is given in words."
    )
    count: Count | None = Field(description="Patients with it.")
    total: Count | None = Field(description="Patients observed.")
    percent: Percent | None = Field(description="Only where it is printed.")
    absent: bool = Field(description="True where it is said not to have occurred.")


class Value(Record, Generic[T]):
    """A value of a cell, and who says so."""

    value: T = Field(description="The value.")
    papers: Ordinal = Field(description="How many papers say so.")
    primary: bool = Field(description="True where the paper that reports the study says so.")
    evidence: Annotated[
        tuple[Quote, ...], Field(min_length=1, description="The quotes that say so.")
    ]


class Paper(Record):
    """A paper that speaks of the study."""

    name: Text = Field(description="File name without folders.")
    sha256: str = Field(description="SHA-256 of its bytes, in hexadecimal.")
    primary: bool = Field(description="True where the study is the paper's own.")
    studies: tuple[str, ...] = Field(description="Keys of the study in its document: 'study-3'.")
    evidence: Annotated[
        tuple[Quote, ...], Field(min_length=1, description="Where it speaks of the study.")
    ]


class SynthesizedStudy(Record):
    """A study, with what all papers say of it.

    A cell is a list of values: those of the paper that reports the study first, then by the number
    of papers that say so.
    """

    key: str = Field(
        description="Its first trial number, else 'doi:...' or 'pmid:...' of its reference, else"
        " 'study:' and a hash; unique in the synthesis."
    )
    label: Text = Field(description="Author and year: 'MOUGIAKAKOS 2021'.")
    primary: bool = Field(description="True where one of the papers reports it as its own.")
    papers: tuple[Paper, ...] = Field(description="The papers that speak of it.")
    author: tuple[Value[Text], ...] = Field(description="First author.")
    year: tuple[Value[int], ...] = Field(description="Year.")
    trial_ids: tuple[Value[str], ...] = Field(description="Registry numbers, canonical.")
    dois: tuple[str, ...] = Field(description="DOIs of its entries in reference lists.")
    pmids: tuple[str, ...] = Field(description="PubMed numbers in reference lists.")
    patients: tuple[Value[int], ...] = Field(description="Number of patients.")
    condition: tuple[Value[Text], ...] = Field(description="Disease.")
    product: tuple[Value[Text], ...] = Field(description="Cell product.")
    target: tuple[Value[Text], ...] = Field(description="Antigen.")
    cell_source: tuple[Value[str], ...] = Field(description="Where the cells come from.")
    doses: tuple[Value[DoseValue], ...] = Field(description="What was given.")
    sledai: tuple[Value[SledaiValue], ...] = Field(description="SLEDAI before and after.")
    toxicities: tuple[Value[ToxicityValue], ...] = Field(description="CRS and ICANS.")
    conflicts: Count = Field(description="On how many things papers disagree.")
    conflicting: tuple[str, ...] = Field(
        description="What they disagree on: 'patients', 'toxicities: CRS grade 1'."
    )
