"""The same study, met in several papers, put together.

What joins two studies, strongest first: a trial number, the DOI or PMID of their reference, or
first author and year with a second agreement (patients, or a product that is more than `CAR-T`). A
trial number joins reports of different years and authors too: a trial is one study. Of a registry
that gives several numbers to one of two studies they need to have the same: several numbers are
often several trials, told of together.

The order of the input must change nothing, so links are never followed one by one. All links of a
level are drawn at once, and what they connect is joined only if nothing in it speaks against that;
otherwise none of these links counts. Doubt costs a merging, never a wrong one.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from carextract.synthesize import sameness
from carextract.synthesize.members import Member

_REGISTRY = re.compile("[A-Za-z]*")


@dataclass(frozen=True, slots=True)
class Profile:
    """What merging looks at in a study, in canonical form."""

    trials: frozenset[str]
    doi: str | None
    pmid: str | None
    author: sameness.Author | None
    year: int | None
    patients: int | None
    condition: str | None
    product: sameness.Product
    cell_source: str | None

    @property
    def identifiers(self) -> frozenset[str]:
        """Everything that names this study and no other."""
        publication = {mark for mark in (self.doi, self.pmid) if mark}
        return self.trials | publication


def profile(member: Member) -> Profile:
    """A study in the form in which it is compared."""
    study = member.study
    reference = study.reference
    named = sameness.product(study.product or "")
    aimed = sameness.product(study.target or "")
    return Profile(
        trials=frozenset(study.trial_ids) | {trial.id for trial in member.trials},
        doi=reference.doi.lower().rstrip(".") if reference and reference.doi else None,
        pmid=reference.pmid if reference else None,
        author=sameness.author(study.author) if study.author else None,
        year=study.year,
        patients=study.patients,
        condition=study.condition,
        product=sameness.Product(named.targets | aimed.targets, named.cells, named.names),
        cell_source=study.cell_source,
    )


def merge(members: Iterable[Member]) -> list[tuple[Member, ...]]:
    """The members of each study, in an order that does not depend on that of the input."""
    ordered = sorted(members, key=lambda member: (member.sha256, member.study.key))
    profiles = [profile(member) for member in ordered]
    clusters = list(range(len(ordered)))
    for level in _LEVELS:
        clusters = _joined(clusters, ordered, profiles, level)
    found: dict[int, list[Member]] = defaultdict(list)
    for cluster, member in zip(clusters, ordered, strict=True):
        found[cluster].append(member)
    return [tuple(study) for study in found.values()]


# The levels: the keys that a study has at each. Studies with a key in common are linked.


def _trial_set(one: Profile) -> Iterator[Hashable]:
    if one.trials:
        yield one.trials


def _trial(one: Profile) -> Iterator[Hashable]:
    yield from one.trials


def _publication(one: Profile) -> Iterator[Hashable]:
    yield from one.identifiers - one.trials


def _publication_of_trials(one: Profile) -> Iterator[Hashable]:
    # Before those that differ in trial numbers: one false number shall not keep the others apart.
    yield from ((mark, one.trials) for mark in _publication(one))


def _both_agreements(one: Profile) -> Iterator[Hashable]:
    if one.patients is not None and one.product.specific:
        yield from ((*name, one.patients, *_treatment(one)) for name in _author_and_year(one))


def _one_agreement(one: Profile) -> Iterator[Hashable]:
    # Both kinds at one level: neither is better proof, if the one points here and the other there.
    for name in _author_and_year(one):
        if one.patients is not None:
            yield (*name, one.patients)
        if one.product.specific:
            yield (*name, *_treatment(one))


def _author_and_year(one: Profile) -> Iterator[tuple[Hashable, ...]]:
    if one.author is not None and one.author.family and one.year is not None:
        yield (one.author.family, one.year)


def _treatment(one: Profile) -> tuple[Hashable, ...]:
    return (one.product.targets, one.product.names)


@dataclass(frozen=True, slots=True)
class _Level:
    keys: Callable[[Profile], Iterator[Hashable]]
    disagree: Callable[[Profile, Profile], bool]


def _trials_disagree(one: Profile, other: Profile) -> bool:
    """Two studies that a registry gave different numbers, and none in common."""
    registries = {_registry(number) for number in one.trials & other.trials}
    return any(
        _registry(first) == _registry(second) and _registry(first) not in registries
        for first, second in product(one.trials, other.trials)
    )


def _trials_differ(one: Profile, other: Profile) -> bool:
    """Two studies of which one has more numbers of a registry: it may be several trials pooled."""
    known = {_registry(number) for number in one.trials}
    also_known = {_registry(number) for number in other.trials}
    return any(_registry(number) in known & also_known for number in one.trials ^ other.trials)


def _registry(number: str) -> str:
    found = _REGISTRY.match(number)
    return found[0].casefold() if found else ""


def _anything_disagrees(one: Profile, other: Profile) -> bool:
    """What keeps apart two studies that no identifier joins; the patients are often miscounted."""
    return (
        _trials_disagree(one, other)
        or _differ(one.doi, other.doi)
        or _differ(one.pmid, other.pmid)
        or _differ(one.cell_source, other.cell_source)
        or not sameness.products_agree(one.product, other.product)
        or not (
            one.condition is None
            or other.condition is None
            or sameness.conditions_agree(one.condition, other.condition)
        )
        or not (
            one.author is None
            or other.author is None
            or sameness.initials_agree(one.author.initials, other.author.initials)
        )
    )


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


_LEVELS = (
    _Level(_trial_set, _trials_disagree),
    _Level(_trial, _trials_differ),
    _Level(_publication_of_trials, _trials_disagree),
    _Level(_publication, _trials_disagree),
    _Level(_both_agreements, _anything_disagrees),
    _Level(_one_agreement, _anything_disagrees),
)


def _joined(
    clusters: Sequence[int],
    members: Sequence[Member],
    profiles: Sequence[Profile],
    level: _Level,
) -> list[int]:
    """The clusters after the links of a level: for each member the first member of its cluster."""
    joined = _Partition(clusters)
    first_with: dict[Hashable, int] = {}
    for at, one in enumerate(profiles):
        for key in level.keys(one):
            joined.join(at, first_with.setdefault(key, at))
    connected: dict[int, list[int]] = defaultdict(list)
    for at in range(len(members)):
        connected[joined.root(at)].append(at)
    result = list(clusters)
    for group in connected.values():
        if not (
            _one_paper_tells_apart(group, clusters, members, profiles)
            or _some_disagree(group, clusters, profiles, level.disagree)
        ):
            for at in group:
                result[at] = group[0]
    return result


def _one_paper_tells_apart(
    group: Iterable[int],
    clusters: Sequence[int],
    members: Sequence[Member],
    profiles: Sequence[Profile],
) -> bool:
    """Whether a paper has two of these as two studies, and gives no identifier that both have."""
    of_paper: dict[str, list[int]] = defaultdict(list)
    for at in group:
        of_paper[members[at].sha256].append(at)
    return any(
        clusters[one] != clusters[other]
        and not profiles[one].identifiers & profiles[other].identifiers
        for together in of_paper.values()
        for one, other in combinations(together, 2)
    )


def _some_disagree(
    group: Iterable[int],
    clusters: Sequence[int],
    profiles: Sequence[Profile],
    disagree: Callable[[Profile, Profile], bool],
) -> bool:
    """Whether two that are not together yet cannot be the same study.

    Many papers say the same of a study, so what is compared is what they say, each once.
    """
    saying: dict[Profile, set[int]] = defaultdict(set)
    for at in group:
        saying[profiles[at]].add(clusters[at])
    return any(
        len(said | also_said) > 1 and disagree(one, other)
        for (one, said), (other, also_said) in combinations(saying.items(), 2)
    )


class _Partition:
    """Union-find; a set is named by its smallest member."""

    def __init__(self, clusters: Iterable[int]) -> None:
        self._parents = list(clusters)

    def root(self, at: int) -> int:
        while self._parents[at] != at:
            self._parents[at] = at = self._parents[self._parents[at]]
        return at

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self._parents[high] = low
