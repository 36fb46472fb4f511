"""Stretches to studies: mentions of the same one put together, and the facts that are theirs."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

from carextract.find.facts import Fact, Remark
from carextract.link.mentions import Mention
from carextract.link.references import Entry, References
from carextract.link.scope import Scope
from carextract.link.stretches import GOING_ON, Stretch
from carextract.tracked import Span

_CHINESE = re.compile("[\u3400-\u9fff]")
# Kinds whose records gather every place that says the same: each place may be of another study.
_GATHERED = ("doses", "trials", "toxicities")


@dataclass(frozen=True, slots=True)
class Study:
    """A study that a text speaks of; offsets count in the cleaned text.

    `facts` are the numbers of its facts in the findings, each with how the link is known.
    """

    rule: str
    spans: tuple[Span, ...]
    author: str | None
    name: Span | None  # where the author stands, if the print may be another than what was read
    given: str | None
    year: int | None
    citation: int | None
    centre: str | None
    own: bool
    trial_ids: tuple[str, ...]
    scope: Scope
    facts: tuple[tuple[int, str], ...]
    entry: Entry | None


@dataclass(slots=True, eq=False)
class Draft:
    """A study as it comes together."""

    first: Mention
    entry: Entry | None = None
    author: str | None = None
    name: Span | None = None
    given: str | None = None
    year: int | None = None
    citation: int | None = None
    centre: str | None = None
    trial_ids: list[str] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    scope: Scope = field(default_factory=Scope)
    facts: dict[int, str] = field(default_factory=dict)

    def take(self, mention: Mention) -> None:
        """Learn what another mention says of who it is."""
        if mention.author and len(mention.author) > len(self.author or ""):
            self.author, self.name = mention.author, mention.name
        self.given = self.given or mention.given
        self.year = self.year or mention.year
        self.centre = self.centre or mention.centre
        if self.citation is None and len(mention.citations) == 1:
            self.citation = mention.citations[0]
        if mention.trial_id and mention.trial_id not in self.trial_ids:
            self.trial_ids.append(mention.trial_id)


class Drafts:
    """The studies met so far, and which of them a mention is of."""

    def __init__(self) -> None:
        self.all: list[Draft] = []
        self._by: dict[Hashable, list[Draft]] = {}  # those that a mention may be of

    def only(self) -> Draft | None:
        """The study that the text is about, if it is about one: its own, or the only one named."""
        own = [draft for draft in self.all if draft.first.own]
        if own:
            return own[0]
        about = [draft for draft in self.all if draft.author or draft.centre]
        return about[0] if len(about) == 1 else None

    def of(self, mention: Mention) -> Draft | None:
        """The study of a mention, a new one if it was not met before; None where two could be."""
        near = {id(draft): draft for key in _keys(mention) for draft in self._by.get(key, ())}
        fitting = [draft for draft in near.values() if _same(draft, mention)]
        if len(fitting) > 1:
            return None
        if not fitting:
            fitting.append(Draft(mention))
            self.all += fitting
        draft = fitting[0]
        draft.take(mention)
        for key in _keys(mention):
            known = self._by.setdefault(key, [])
            if draft not in known:
                known.append(draft)
        return draft


def _keys(mention: Mention) -> Iterator[Hashable]:
    """What a mention has in common with others of its study: each alone does not prove it."""
    if mention.own:
        yield "own"
    if len(mention.citations) == 1:
        yield mention.citations[0]
    if mention.author:
        yield _folded(mention.author)
        if _CHINESE.match(mention.author):
            yield ("family", mention.author[0])
    if mention.centre:
        yield ("centre", mention.centre)
    if mention.trial_id:
        yield ("trial", mention.trial_id)


def _same(draft: Draft, mention: Mention) -> bool:
    """Whether a mention is of a study: by what it has of its own, in that order."""
    if mention.own or draft.first.own:
        return mention.own and draft.first.own
    if mention.another and mention.citations != (draft.citation,):
        return False
    cited = mention.citations[0] if len(mention.citations) == 1 else None
    if cited is not None and draft.citation is not None:
        return cited == draft.citation
    if mention.year and draft.year and mention.year != draft.year:
        return False
    if mention.author and draft.author:
        return _same_author(draft, mention)
    if mention.centre and draft.centre:
        return mention.centre == draft.centre
    return mention.trial_id is not None and mention.trial_id in draft.trial_ids


def _same_author(draft: Draft, mention: Mention) -> bool:
    if draft.given and mention.given and draft.given[0] != mention.given[0]:
        return False
    return _one_family(draft.author or "", mention.author or "")


def _one_family(one: str, other: str) -> bool:
    """Whether two names are of one author, as far as they go: 徐教授 may be 徐沪济."""
    one, other = _folded(one), _folded(other)
    return one == other or (min(len(one), len(other)) == 1 and one[:1] == other[:1])


def _are_two(one: str, other: str) -> bool:
    """Whether two names cannot be of one author. What 徐沪济 is in Latin letters is not known."""
    alike = bool(_CHINESE.match(one)) == bool(_CHINESE.match(other))
    return alike and not _one_family(one, other)


def _folded(name: str) -> str:
    """A family name without accents and capitals: Müller and MULLER are one."""
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(c for c in plain if not unicodedata.combining(c))


class Owners:
    """Which study each place of a text belongs to."""

    def __init__(self, owned: Sequence[tuple[Stretch, Draft | None]]) -> None:
        self._owned = sorted(owned, key=lambda item: item[0].span.start)
        self._starts = [stretch.span.start for stretch, _ in self._owned]

    def at(self, place: int) -> tuple[Stretch, Draft | None] | None:
        """The stretch in which a character stands, and its study; None as study where in doubt."""
        index = bisect_right(self._starts, place) - 1
        if index < 0 or place >= self._owned[index][0].span.end:
            return None
        return self._owned[index]


def give_facts(facts: Sequence[Fact], owners: Owners) -> Iterator[Remark]:
    """Give each fact to its study. A fact that could be of two is given to none, and said."""
    numbers = sorted(
        (span.start, str(fact.fields["id"]))
        for fact in facts
        if fact.kind == "trials"
        for span in fact.spans
    )
    for number, fact in enumerate(facts):
        if fact.kind == "studies":
            continue
        found = [owner for span in fact.spans if (owner := owners.at(span.start))]
        studies = {id(draft) for _, draft in found}
        several = len(studies) > 1 and fact.kind not in _GATHERED
        if several or any(draft is None for _, draft in found):
            yield _in_doubt(fact)
        else:
            for stretch, draft in found:
                # Several numbers stand for several trials, of which the study is one at most.
                of_many = fact.kind == "trials" and _lists(stretch, numbers)
                if draft is not None and not of_many:
                    draft.facts.setdefault(number, stretch.how)


def _lists(stretch: Stretch, numbers: Sequence[tuple[int, str]]) -> bool:
    """Whether several trial numbers, given with their places in order, stand in a stretch."""
    first = bisect_left(numbers, (stretch.span.start, ""))
    last = bisect_left(numbers, (stretch.span.end, ""))
    return len({trial for _, trial in numbers[first:last]}) > 1


def _in_doubt(fact: Fact) -> Remark:
    message = "a fact could belong to more than one study; it is tied to none"
    return Remark("study-doubtful", message, fact.spans[0])


def _told(draft: Draft, facts: Sequence[Fact]) -> bool:
    """Whether a text tells something of a study, and does not only cite it."""
    if any(facts[number].kind != "trials" for number in draft.facts):
        return True
    named = draft.author or draft.centre or draft.first.own
    return draft.scope.tested if named else draft.scope.treated


def join_references(drafts: Sequence[Draft], references: References) -> Iterator[Remark]:
    """Give each study its entry in the list of references, by its number, else by author and year.

    An entry of another author is not that of the study: the numbers may be those of another list.
    """
    for draft in drafts:
        if not draft.first.own:  # the years of a paper's own work are those of its patients
            draft.year = draft.year or draft.scope.year
        entry = None
        if draft.citation is not None:
            entry = references.numbered(draft.citation)
        elif draft.author:
            initials = draft.given[0] if draft.given else None
            entry = references.by(draft.author, draft.year, initials)
        if entry is None:
            continue
        first = entry.authors[0] if entry.authors else None
        if draft.author and first and _are_two(draft.author, first):
            message = f"entry {entry.number} of the references is by {first}, not {draft.author}"
            yield Remark("reference-mismatch", message, draft.first.span)
            continue
        draft.entry = entry
        draft.author = draft.author or first
        draft.given = draft.given or entry.initials
        draft.year = draft.year or entry.year
        if draft.citation is None:
            draft.citation = entry.number


def finished(drafts: Sequence[Draft], facts: Sequence[Fact]) -> Iterator[Study]:
    """The studies that something was found of: patients, a product, animals or a fact."""
    for draft in drafts:
        if not _told(draft, facts):
            continue
        ids = dict.fromkeys(
            [
                *draft.trial_ids,
                *(str(facts[n].fields["id"]) for n in draft.facts if facts[n].kind == "trials"),
            ]
        )
        yield Study(
            rule=draft.first.rule,
            spans=tuple(dict.fromkeys(s.span for s in draft.stretches if s.how != GOING_ON)),
            author=draft.author,
            name=draft.name,
            given=draft.given,
            year=draft.year,
            citation=draft.citation,
            centre=draft.centre,
            own=draft.first.own,
            trial_ids=tuple(ids),
            scope=draft.scope,
            facts=tuple(draft.facts.items()),
            entry=draft.entry,
        )
