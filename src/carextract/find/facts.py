"""What finding returns: plain frozen values, their offsets counting in the cleaned text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carextract.tracked import Span


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact, or a mention of a study.

    `kind` is "trials", "doses", "sledai", "toxicities" or "studies", `rule` the rule that read it,
    `spans` where it was read (the deciding one first), `fields` what its record says.
    """

    kind: str
    rule: str
    spans: tuple[Span, ...]
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a reader should know that is not a fact, such as a registry number cut short."""

    code: str
    message: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Findings:
    """All that one text gave."""

    facts: tuple[Fact, ...]
    remarks: tuple[Remark, ...]
