"""What the text of a study says of it: patients, disease, product, target, source of the cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from carextract.find.paragraphs import Paragraph
from carextract.grammar.tokens import Token
from carextract.link.stretches import GOING_ON, ROW, Stretch
from carextract.rules import KindRules

# Groups of patients, whose sum is not printed: 3例肌炎和4例硬皮病患者; 8 patients with
# SLE, 3 with myositis.
_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十]|one|two|three|four|five|six|seven|eight)"
_MORE_GROUPS = re.compile(
    rf"[^.;。；，]{{0,40}}?(?:[、和与及]\s?{_NUMBER}\s?[例名](?![^，。；]{{0,6}}(?:出现|发生|达到))"
    rf"|(?:, | and ){_NUMBER} with\b)"
)
# Patients to whom something happened are some of those of the study.
_SOME_OF_THEM = re.compile(
    r"\s?(?:[0-5一二三四]级|CRS|ICANS|grade|Grade)"
    r"|\s?(?:患者)?[^，,。；;]{0,12}?(?:出现|发生|达到|复发|死亡|获得|实现|停用)"
    r"|\s?(?:had|developed|experienced|achieved|relapsed|died|reached|required)\b"
)
_FIRST_OF_THEM = re.compile(
    r"(?:第|前|首批|首|最先|最先入组的|最初的?|\b[Ff]irst)\s?$"
    r"|(?:CRS|ICANS|[0-5一二三四]级|grades? [0-5])[^.。,，;；]{0,12}$"
)
_ENROLLED = frozenset({"ENROLLED", "ALL_OF_THEM"})
_BEFORE = 24  # characters
_OPENING = 6  # characters
_IN_BRACKETS = re.compile(r"\s?[(（]\s?")
_ANTIGENS = re.compile(r"^(?P<target>[A-Z][\w/-]*?\d?\w*(?:/[A-Z][\w-]+)*)\sCAR")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is said of a study; None where it is not, or not of one thing only."""

    year: int | None = None
    patients: int | None = None
    condition: str | None = None
    product: str | None = None
    target: str | None = None
    cell_source: str | None = None
    counted: bool = False  # patients are counted, even if how many there are is not told
    tested: bool = False  # a product, patients or animals are named
    treated: bool = False  # patients are counted, or animals given a product

    def filled_by(self, other: Scope) -> Scope:
        """This, and from `other` what this leaves open."""
        return Scope(
            year=self.year or other.year,
            patients=self.patients if self.counted else other.patients,
            counted=self.counted or other.counted,
            condition=self.condition or other.condition,
            product=_more_exact(self.product, other.product),
            target=self.target or other.target,
            cell_source=self.cell_source or other.cell_source,
            tested=self.tested or other.tested,
            treated=self.treated or other.treated,
        )


def _more_exact(one: str | None, other: str | None) -> str | None:
    """The product named first, or the same one named more exactly: CD19 CAR-T after CAR-T."""
    if one and other and other.endswith(f" {one}"):
        return other
    return one or other


def read_scope(paragraph: Paragraph, stretch: Stretch, rules: KindRules) -> Scope:
    """What a stretch of a paragraph says of its study.

    In one that only goes on with it a number of patients may be of some of them: it counts where
    the text says that they were enrolled. Several studies that share a stretch share no patients.
    """
    span, goes_on = stretch.span, stretch.how == GOING_ON
    tokens = [
        token
        for token in paragraph.view(rules).tokens
        if span.start <= paragraph.start + token.start < span.end
    ]
    product = _product(tokens, paragraph.text)
    patients, counted = _patients_of(stretch, tokens, paragraph.text)
    return Scope(
        year=None if goes_on else _year(tokens, span.start - paragraph.start),
        patients=patients,
        counted=counted,
        condition=_only("DISEASE", tokens),
        product=product,
        target=_target(product) or _only("TARGET", tokens, between="/"),
        cell_source=_one("CELL_SOURCE", tokens),
        tested=any(token.kind in ("COUNT", "CELL_PRODUCT", "ANIMAL") for token in tokens),
        treated=_treated(tokens),
    )


def _year(tokens: Sequence[Token], start: int) -> int | None:
    """The year with which a sentence begins: 2022年，5例SLE患者; In 2022, five patients."""
    for token in tokens:
        if token.kind in ("YEAR", "YEAR_IN") and token.start - start <= _OPENING:
            return token.value if isinstance(token.value, int) else None
    return None


def _treated(tokens: Iterable[Token]) -> bool:
    kinds = {token.kind for token in tokens}
    return "COUNT" in kinds or {"ANIMAL", "CELL_PRODUCT"} <= kinds


def _patients_of(stretch: Stretch, tokens: Sequence[Token], text: str) -> tuple[int | None, bool]:
    """How many patients a stretch says that its study has, and whether it counts them at all."""
    if stretch.how == ROW:
        return stretch.patients, stretch.patients is not None
    counts = [index for index, token in enumerate(tokens) if token.kind == "COUNT"]
    counts = [index for index in counts if not _are_some(tokens[index], text)]
    if not counts:
        return None, False
    enrolled = any(token.kind in _ENROLLED for token in tokens[: counts[0]])
    if stretch.how == GOING_ON and not enrolled:
        return None, False
    first = tokens[counts[0]]
    planned = any(token.kind == "PLANNED" for token in tokens)
    if planned or len(stretch.mentions) > 1 or _MORE_GROUPS.match(text, first.end):
        return None, True
    return (first.value if isinstance(first.value, int) else None), True


def _are_some(count: Token, text: str) -> bool:
    """Whether a number of patients is of some of a study's: to whom something happened, or the
    first."""
    before = text[max(0, count.start - _BEFORE) : count.start]
    printed = text[count.start].isdigit()
    return bool((printed and _SOME_OF_THEM.match(text, count.end)) or _FIRST_OF_THEM.search(before))


def _only(kind: str, tokens: Iterable[Token], *, between: str = "; ") -> str | None:
    """The values of a class in the order of the text, each once."""
    return between.join(dict.fromkeys(t.value for t in tokens if t.kind == kind)) or None


def _one(kind: str, tokens: Iterable[Token]) -> str | None:
    """The value of a class, where the text has only one."""
    values = {token.value for token in tokens if token.kind == kind}
    return str(values.pop()) if len(values) == 1 else None


def _product(tokens: Sequence[Token], text: str) -> str | None:
    """The product named most exactly: CD19 CAR-T rather than CAR-T. None where two are named; in
    brackets stands another name of the one before: CD19 CAR-T (TyU19)."""
    named = [token for token in tokens if token.kind == "CELL_PRODUCT"]
    named = [
        token
        for before, token in zip([None, *named], named, strict=False)
        if before is None or not _IN_BRACKETS.fullmatch(text[before.end : token.start])
    ]
    names = list(dict.fromkeys(token.value for token in named))
    exact = [name for name in names if not any(o.endswith(f" {name}") for o in names)]
    return exact[0] if len(exact) == 1 else None


def _target(product: str | None) -> str | None:
    """The antigens before CAR in the name of a product."""
    found = _ANTIGENS.match(product) if product else None
    return found["target"] if found else None
