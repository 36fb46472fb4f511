"""The records of the output, as the contract has them.

The order of the fields is the order in the JSON. Every field is always written: a value that the
text does not give is `null`, never left out. Importing this module imports pydantic, so only the
code that makes or reads a document does it.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    InstanceOf,
    WithJsonSchema,
)
from pydantic_core import PydanticSerializationError

FACT_KINDS = ("trials", "doses", "sledai", "toxicities")
"""The kinds of facts, as a document lists them."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def _whole_numbers_as_int(number: int | float) -> int | float:
    """3.0 becomes 3, so that a number looks the same however it was computed; 0.5 stays."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def escape_surrogates(text: str) -> str:
    r"""Each lone surrogate as its JSON escape, since UTF-8 has no bytes for it; the rest stays.

    >>> print(escape_surrogates("患者\udc80"))
    患者\udc80
    """
    return _LONE_SURROGATE.sub(lambda lone: f"\\u{ord(lone[0]):04x}", text)


Text = InstanceOf[str]
"""A string of the source; unlike a plain `str` field it may hold a lone surrogate."""

Number = Annotated[
    Annotated[int, Field(strict=True)] | Annotated[float, Field(strict=True, allow_inf_nan=False)],
    AfterValidator(_whole_numbers_as_int),
    WithJsonSchema({"type": "number"}),
]
Points = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(strict=True, ge=0)]
Ordinal = Annotated[int, Field(strict=True, ge=1)]


class Record(BaseModel):
    """What all parts of a document share: frozen, and no field that the contract does not name."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_serialization_defaults_required=True,
        defer_build=True,  # most texts need few of the models, and start-up is a promise
    )

    def model_dump_json(self, *, indent: int | None = None, **options: Any) -> str:
        r"""The record as JSON; a lone surrogate is written as its escape, `\udc80`.

        UTF-8 has no bytes for a lone surrogate, but JSON has the escape, and `json.loads` gives the
        same string back: a quote from a damaged file still equals its slice of the source.

        >>> print(Notice(code="x", message="a\udc80", page=None).model_dump_json())
        {"code":"x","message":"a\udc80","page":null}
        """
        try:
            return super().model_dump_json(indent=indent, **options)
        except PydanticSerializationError:
            import json  # hardly ever needed, and start-up is a promise

            separators = (",", ":") if indent is None else (",", ": ")
            data = self.model_dump(mode="json", **options)
            text = json.dumps(data, ensure_ascii=False, indent=indent, separators=separators)
            return escape_surrogates(text)


class Evidence(Record):
    """A quote from the source; `source_text[start:end] == text` always."""

    text: Text = Field(description="The quote as it stands in the source, damage included.")
    start: Count = Field(
        description="Offset of the first character in the source text, in code points."
    )
    end: Count = Field(description="Offset after the last character, in code points.")
    page: Ordinal | None = Field(
        default=None, description="Page, counted from 1; null for text files."
    )
    boxes: tuple[tuple[Points, Points, Points, Points], ...] | None = Field(
        default=None,
        description="[x0, top, x1, bottom] in PDF points from the top left of the page, one box a"
        " line of the quote; null for text files.",
    )
    ocr_score: float | None = Field(
        default=None,
        description="How sure character recognition was of the least sure line of the quote, 0 to"
        " 1; null for text that is in the file.",
    )


# What every record ends with: the rule that read it, the proof, what was undone, where it belongs.
Key = Annotated[
    str, Field(description="Unique in the document, counted by first evidence: 'dose-1'.")
]
RuleId = Annotated[str, Field(description="Stable id of the rule that read the record.")]
Proof = Annotated[
    tuple[Evidence, ...],
    Field(min_length=1, description="One or more quotes, the deciding one first."),
]
Repairs = Annotated[
    tuple[str, ...],
    Field(description="Names of the cleaning steps that touched the evidence, sorted."),
]
StudyKey = Annotated[
    str | None, Field(description="Key of the study that the record belongs to, or null.")
]


class Trial(Record):
    """A trial registry number; one record a number, each mention an evidence span."""

    key: Key
    id: str = Field(description="The number in its canonical form: 'NCT06106906'.")
    registry: Literal[
        "ClinicalTrials.gov",
        "ChiCTR",
        "jRCT",
        "EudraCT",
        "CTIS",
        "ISRCTN",
        "ANZCTR",
        "CDE",
        "CRIS",
        "DRKS",
        "UMIN",
    ] = Field(description="The registry that gives such numbers.")
    intervention: Text | None = Field(
        default=None, description="Product under study, as the table row or sentence names it."
    )
    condition: Text | None = Field(default=None, description="Disease under study.")
    phase: str | None = Field(
        default=None, description="'1', '1/2', 'early 1', '2', ...: Arabic numerals."
    )
    country: Text | None = Field(default=None, description="Country of the trial.")
    start_date: str | None = Field(
        default=None, description="ISO 8601, as exact as printed: '2024-06-19', '2025-01'."
    )
    printed: dict[str, Text] = Field(
        default_factory=dict,
        description="For each normalised field its printed form: {'phase': 'i /n'}.",
    )
    rule: RuleId
    evidence: Proof
    repairs: Repairs
    study: StudyKey


class Dose(Record):
    """An amount given, or planned to be given, as treatment."""

    key: Key
    agent: Text | None = Field(
        default=None, description="What is given, normalised by the lexicon, or null."
    )
    agent_kind: Literal["cell", "drug"] | None = Field(
        default=None, description="A cell product or a drug; null where the text leaves it open."
    )
    low: Number | None = Field(default=None, description="Lower bound in `unit`; null = no bound.")
    high: Number | None = Field(
        default=None, description="Upper bound in `unit`; equal to `low` for a plain amount."
    )
    unit: str = Field(
        description="Base units joined by '/', time bases day, week, month: 'cells/kg', 'cells',"
        " 'cells/m2', 'mg/kg/day', 'g/m2', 'IU'."
    )
    text: Text = Field(description="The amount as printed.")
    rule: RuleId
    evidence: Proof
    repairs: Repairs
    study: StudyKey


class Score(Record):
    """A score: one value, or a range that stands alone."""

    value: Number | None = Field(
        default=None, description="A single score, or the mean or median of a group."
    )
    low: Number | None = Field(default=None, description="Lower end of a range standing alone.")
    high: Number | None = Field(default=None, description="Upper end of a range standing alone.")
    statistic: Literal["mean", "median"] | None = Field(
        default=None, description="What `value` is, where the text says so."
    )
    spread: Text | None = Field(
        default=None, description="Spread as printed beside the value: '±5.1', '8-20'."
    )


class TimePoint(Record):
    """A time after the infusion, or whatever the text counts from."""

    value: Number = Field(description="How many units.")
    unit: Literal["day", "week", "month", "year"] = Field(description="Unit of `value`.")


class Sledai(Record):
    """Total SLEDAI scores of a patient or a group, before and after."""

    key: Key
    instrument: str = Field(description="'SLEDAI', 'SLEDAI-2K', 'SELENA-SLEDAI', ...")
    baseline: Score | None = Field(default=None, description="Score before treatment.")
    followup: Score | None = Field(default=None, description="Score after treatment, at `time`.")
    change: Number | None = Field(
        default=None, description="Change in points as printed; negative = fell."
    )
    patients: Count | None = Field(default=None, description="How many patients it describes.")
    time: TimePoint | None = Field(default=None, description="When `followup` was scored.")
    rule: RuleId
    evidence: Proof
    repairs: Repairs
    study: StudyKey


class Grade(Record):
    """ASTCT grades; '>=3' is low 3, high null."""

    low: Annotated[int, Field(strict=True, ge=0, le=5)] | None = Field(
        default=None, description="Lowest grade; null = no bound."
    )
    high: Annotated[int, Field(strict=True, ge=0, le=5)] | None = Field(
        default=None, description="Highest grade; null = no bound."
    )


class Percent(Record):
    """A printed percentage, 0 to 100; low equals high for a single one."""

    low: Number | None = Field(default=None, description="Lower end, in percent.")
    high: Number | None = Field(default=None, description="Upper end, in percent.")


class Toxicity(Record):
    """A statement that CRS or ICANS did, or did not, occur."""

    key: Key
    event: Literal["CRS", "ICANS"] = Field(description="Which of the two.")
    grade: Grade | None = Field(default=None, description="Null where no grade is given.")
    severity: Literal["mild", "mild-moderate", "moderate", "severe"] | None = Field(
        default=None, description="Severity where the text gives it in words."
    )
    count: Count | None = Field(default=None, description="Patients with it.")
    total: Count | None = Field(default=None, description="Patients observed.")
    percent: Percent | None = Field(default=None, description="Only where it is printed.")
    absent: bool = Field(default=False, description="True where the text says it did not occur.")
    rule: RuleId
    evidence: Proof
    repairs: Repairs
    study: StudyKey


Fact = Trial | Dose | Sledai | Toxicity


class Reference(Record):
    """An entry of the reference list."""

    text: Text = Field(description="The entry as printed.")
    doi: str | None = Field(default=None, description="DOI, without a resolver's address.")
    pmid: str | None = Field(default=None, description="PubMed number.")


class Link(Record):
    """A fact that belongs to a study, and how that is known."""

    key: str = Field(description="Key of the fact: 'dose-1'.")
    how: Literal["stated in the sentence", "citation", "table row", "trial number", "paragraph"] = (
        Field(description="What ties the fact to the study.")
    )


class Study(Record):
    """A study that facts of the document belong to."""

    key: Key
    label: Text = Field(description="Author and year: 'MOUGIAKAKOS 2021'.")
    author: Text | None = Field(default=None, description="First author as printed.")
    year: Annotated[int, Field(strict=True)] | None = Field(default=None, description="Year.")
    citation: Ordinal | None = Field(default=None, description="Number in the reference list.")
    reference: Reference | None = Field(default=None, description="Its reference list entry.")
    trial_ids: tuple[str, ...] = Field(default=(), description="Registry numbers, canonical.")
    patients: Count | None = Field(default=None, description="Number of patients.")
    condition: Text | None = Field(default=None, description="Disease.")
    product: Text | None = Field(default=None, description="Cell product.")
    target: Text | None = Field(default=None, description="Antigen: 'CD19', 'CD19/BCMA'.")
    cell_source: Literal["autologous", "allogeneic", "in vivo"] | None = Field(
        default=None, description="Where the cells come from."
    )
    facts: tuple[Link, ...] = Field(default=(), description="The facts of the study.")
    rule: RuleId
    evidence: Proof
    repairs: Repairs


class Notice(Record):
    """Something the reader of the facts should know, such as a statement left out as unsure."""

    code: str = Field(description="Stable name of the kind of warning.")
    message: Text = Field(description="One line in plain words.")
    page: Ordinal | None = Field(
        default=None, description="Page, counted from 1; null for text files."
    )


class SourceInfo(Record):
    """What was read."""

    name: Text = Field(description="File name without folders; 'stdin' or 'text' otherwise.")
    sha256: str = Field(description="SHA-256 of the bytes read, in hexadecimal.")
    media_type: str = Field(description="'text/plain'.")
    pages: Ordinal | None = Field(description="Number of pages; null for text files.")
    characters: Count = Field(
        description="Length of the source text, in code points: what the offsets count in."
    )
    languages: tuple[str, ...] = Field(
        description="BCP 47 tags, largest share first: 'zh-Hans', 'zh-Hant', 'en'."
    )
    encoding: str | None = Field(
        description="Encoding that the bytes were read in: 'utf-8', 'gb18030', 'big5', 'utf-16-le';"
        " null where the text came as a string."
    )


class Document(Record):
    """Everything read from one source."""

    schema_version: Literal["1"] = Field(default="1", description="Version of this contract.")
    generator: str = Field(description="Program and version: 'carextract 0.1.0'.")
    rules: str = Field(description="SHA-256 of the pattern files in force, in hexadecimal.")
    source: SourceInfo
    trials: tuple[Trial, ...] = ()
    doses: tuple[Dose, ...] = ()
    sledai: tuple[Sledai, ...] = ()
    toxicities: tuple[Toxicity, ...] = ()
    studies: tuple[Study, ...] = ()
    warnings: tuple[Notice, ...] = ()


def facts_of(document: Document) -> Iterator[tuple[str, Fact]]:
    """All facts of a document, each with its kind, in the order of the document."""
    for kind in FACT_KINDS:
        for fact in getattr(document, kind):
            yield kind, fact


class FailedSource(Record):
    """A paper that could not be read."""

    name: Text = Field(description="File name without folders.")
    sha256: str | None = Field(
        description="SHA-256 of the bytes of the file, in hexadecimal; null where it has none."
    )


class Reason(Record):
    """Why a paper could not be read."""

    code: str = Field(description="Stable name of the kind of failure: 'truncated', 'timed-out'.")
    message: Text = Field(description="One line in plain words: what is wrong, what to do.")


class Failure(Record):
    """What stands in the place of the document of a paper that could not be read."""

    source: FailedSource
    error: Reason
