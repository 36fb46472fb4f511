"""What is said of the studies that were found, field by field."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from carextract.evaluate.gold_studies import GoldStudy
from carextract.evaluate.matching import Group
from carextract.evaluate.verdicts import Verdict
from carextract.evaluate.wording import diseases, product_fits, same_family, targets
from carextract.records import Study


@dataclass(frozen=True, slots=True)
class _Field:
    """What gold has for a field of a study, and when what is said of it is right."""

    gold: Callable[[GoldStudy], object]
    fits: Callable[[GoldStudy, Study], bool]


def _author_fits(gold: GoldStudy, said: Study) -> bool:
    return same_family(gold.author or "", said.author or "")


def _product_fits(gold: GoldStudy, said: Study) -> bool:
    return product_fits(said.product or "", gold.product or "", gold.target)


_FIELDS: Mapping[str, _Field] = {
    "author": _Field(lambda g: g.author, _author_fits),
    "year": _Field(lambda g: g.year, lambda g, s: g.year == s.year),
    "citation": _Field(lambda g: g.citations, lambda g, s: s.citation in g.citations),
    "patients": _Field(lambda g: g.patients, lambda g, s: g.patients == s.patients),
    "condition": _Field(
        lambda g: g.condition, lambda g, s: diseases(s.condition or "") <= diseases(g.condition)
    ),
    "product": _Field(lambda g: g.product, _product_fits),
    "target": _Field(lambda g: g.target, lambda g, s: targets(s.target or "") <= targets(g.target)),
    "cell_source": _Field(lambda g: g.cell_source, lambda g, s: g.cell_source == s.cell_source),
    "trial_ids": _Field(lambda g: g.trial_ids, lambda g, s: set(s.trial_ids) <= set(g.trial_ids)),
}
FIELDS = tuple(_FIELDS)


def score_fields(passage: str, group: Group, said: Study) -> Iterator[Verdict]:
    """A verdict for each field that the output or gold gives: "right", "wrong", "missed", or
    "beyond" where gold says nothing."""
    if group.pooled:
        return
    for name, field in _FIELDS.items():
        value = getattr(said, name)
        values = [field.gold(entry) for entry in group.entries]
        known = [e for e, v in zip(group.entries, values, strict=True) if v not in (None, ())]
        if value in (None, ()):
            if not known or (name == "citation" and len(known[0].citations) > 1):
                continue  # a record holds one citation
            what = "missed"
        elif known:
            what = "right" if any(field.fits(entry, said) for entry in known) else "wrong"
        else:
            planned = name == "patients" and value in [entry.planned for entry in group.entries]
            what = "wrong" if planned else "beyond"
        gold = " or ".join(dict.fromkeys(_shown(field.gold(entry)) for entry in known))
        detail = f"{group.name}: {_shown(value)}; gold: {gold or 'nothing'}"
        yield Verdict(passage, "fields", name, what, detail)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "nothing" if value is None else str(value)
