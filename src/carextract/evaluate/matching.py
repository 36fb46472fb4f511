"""Which study of the output is which study of gold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from carextract.evaluate.gold_studies import GoldFact, GoldStudy
from carextract.evaluate.wording import names_centre, same_family
from carextract.records import Study

# What two studies are the same by, the surest first. Lower ones only order those that agree.
_BY_CITATION = 64
_BY_TRIAL = 48
_BY_AUTHOR_AND_YEAR = 40
_BY_AUTHOR = 32
_BY_CENTRE = 24
_BY_ONE_OF_CITATIONS = 16
_BY_PLACE = 8
_SAME_PLACE = 4
_SAME_PATIENTS = 2
_OTHER_CITATION = -12


@dataclass(frozen=True, slots=True)
class Matching:
    """For each study of gold, by its number, the number of the study of the output; and the studies
    of the output that no study of gold accounts for."""

    found: Mapping[int, int]
    extra: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of gold that are one study, and the studies of the output that they were found as."""

    entries: tuple[GoldStudy, ...]
    said: tuple[int, ...]

    @property
    def name(self) -> str:
        """What it is called in a report."""
        return self.entries[0].name

    @property
    def pooled(self) -> bool:
        """Whether it is several studies together, to none of which its facts belong."""
        return self.entries[0].pooled

    @property
    def facts(self) -> tuple[GoldFact, ...]:
        """The facts of all its entries, each once."""
        return tuple(dict.fromkeys(fact for entry in self.entries for fact in entry.facts))


def match(gold: Sequence[GoldStudy], said: Sequence[Study]) -> Matching:
    """Match one to one, the best agreement first.

    Entries of gold that can be one study (see `same_entry`) may share a study of the output. A
    sentence that cites several studies at once may be told as several of the output.
    """
    pairs = [
        (-agreement(one, other), g, s)
        for g, one in enumerate(gold)
        for s, other in enumerate(said)
        if agreement(one, other) > 0
    ]
    found: dict[int, int] = {}
    for _, g, s in sorted(pairs):
        if g not in found and s not in found.values():
            found[g] = s
    found |= dict(_shared(gold, said, found))
    extra = (s for s in range(len(said)) if s not in found.values())
    return Matching(found, tuple(s for s in extra if not _one_of_many(gold, found, said[s])))


def _shared(
    gold: Sequence[GoldStudy], said: Sequence[Study], found: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    for g, one in enumerate(gold):
        if g in found:
            continue
        for twin, s in found.items():
            if same_entry(one, gold[twin]) and agreement(one, said[s]) > 0:
                yield g, s
                break


def _one_of_many(gold: Sequence[GoldStudy], found: Mapping[int, int], study: Study) -> bool:
    return any(
        len(gold[g].citations) > 1
        and gold[g].author is None
        and study.citation in gold[g].citations
        for g in found
    )


def groups_of(gold: Sequence[GoldStudy], matching: Matching) -> list[Group]:
    """The studies of gold, entries that can be one study together."""
    together: list[list[int]] = []
    for number, study in enumerate(gold):
        for numbers in together:
            if same_entry(gold[numbers[0]], study):
                numbers.append(number)
                break
        else:
            together.append([number])
    return [
        Group(
            entries=tuple(gold[n] for n in numbers),
            said=tuple(sorted({matching.found[n] for n in numbers if n in matching.found})),
        )
        for numbers in together
    ]


def same_entry(one: GoldStudy, other: GoldStudy) -> bool:
    """Whether two entries of gold can be the same study: the same single citation, and no names or
    years that differ."""
    if len(one.citations) != 1 or one.citations != other.citations or one.pooled or other.pooled:
        return False
    if one.author and other.author and not same_family(one.author, other.author):
        return False
    return None in (one.year, other.year) or one.year == other.year


def agreement(gold: GoldStudy, said: Study) -> int:
    """How well two studies agree on which one it is; 0 or less where nothing says that they are
    the same."""
    by = _identity(gold, said)
    if not by:
        return 0
    if _cites_another(gold, said):
        by += _OTHER_CITATION
    by += _SAME_PLACE * _stands_there(gold, said)
    return by + _SAME_PATIENTS * _same_patients(gold, said)


def _identity(gold: GoldStudy, said: Study) -> int:
    """The sum of what the studies are the same by."""
    by = 0
    if said.citation is not None and said.citation in gold.citations:
        if len(gold.citations) == 1:
            by += _BY_CITATION
        elif gold.author is None:
            by += _BY_ONE_OF_CITATIONS
    if set(gold.trial_ids) & set(said.trial_ids):
        by += _BY_TRIAL
    by += _by_author(gold, said)
    if gold.institution and _same_patients(gold, said) and _names_centre(gold, said):
        by += _BY_CENTRE
    return by or _by_place(gold, said)


def _by_author(gold: GoldStudy, said: Study) -> int:
    if not gold.author or not said.author or not same_family(gold.author, said.author):
        return 0
    if gold.year is None or said.year is None:
        return 0 if _cites_another(gold, said) else _BY_AUTHOR
    return _BY_AUTHOR_AND_YEAR if gold.year == said.year else 0


def _by_place(gold: GoldStudy, said: Study) -> int:
    """A study that gold has no name for, or the paper's own, is told by where it stands."""
    centre_and_patients = gold.institution and gold.patients is not None
    named = gold.author or gold.citations or gold.trial_ids or centre_and_patients
    if (named and not gold.own) or said.author or said.citation is not None:
        return 0
    return _BY_PLACE * _stands_there(gold, said)


def _cites_another(gold: GoldStudy, said: Study) -> bool:
    return bool(gold.citations) and said.citation not in (None, *gold.citations)


def _stands_there(gold: GoldStudy, said: Study) -> bool:
    place = gold.place
    return place is not None and any(place.overlaps(e.start, e.end) for e in said.evidence)


def _same_patients(gold: GoldStudy, said: Study) -> bool:
    return gold.patients is not None and gold.patients == said.patients


def _names_centre(gold: GoldStudy, said: Study) -> bool:
    text = " ".join([said.label, *(quote.text for quote in said.evidence)])
    return names_centre(text, gold.institution or "")
