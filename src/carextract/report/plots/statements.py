"""The facts of all papers: whose each one is, and what a plot tells of its proof."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from carextract.decisions import fact_id
from carextract.records import Document, Dose, Evidence, Fact, Sledai, Study, Toxicity, Trial
from carextract.report.plots.plot import LANGUAGES, Row, in_both, words
from carextract.synthesize import Synthesis, SynthesizedStudy, is_own
from carextract.synthesize.sameness import fold
from carextract.synthesize.wording import Language, fact_text
from carextract.write.rows import cell

F = TypeVar("F", bound=Fact)

_LONGEST_QUOTE = 120
_LONGEST_NAME = 80
# What a study is called that is not told by its author, its centre or a trial number.
_OWN = "this paper"
_NAMELESS = ("reference ", "a study")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a statement is: a study of the synthesis, or a paper where no study is known."""

    key: str
    label: str
    year: int | None = None
    patients: int | None = None
    """The largest number of patients that any paper gives it."""
    is_study: bool = False
    among_studies: bool = False
    """Whether it is a paper that speaks of studies, of which this statement may be any."""

    @property
    def place(self) -> tuple[int, str, str]:
        """Studies by year and name, then papers by name."""
        year = 9998 if self.year is None else self.year
        return (year if self.is_study else 9999, fold(self.label), self.key)


@dataclass(frozen=True, slots=True)
class Statement(Generic[F]):
    """A fact, whose it is, and the paper that says so; a fact of several studies is one of each."""

    fact: F
    owner: Owner
    quote: Evidence
    """The quote that says it of its owner."""
    paper: str
    sha256: str
    own: bool
    """Whether the paper reports the study as its own."""

    @property
    def paper_key(self) -> str:
        """The key of the owner that its paper is, of what is of no study."""
        return paper_key(self.sha256)

    @property
    def place(self) -> tuple[bool, str, str, int, str]:
        """Of the same statements first that of the study's own paper, then by paper and place."""
        return (not self.own, self.paper, self.sha256, self.quote.start, self.fact.key)


@dataclass(frozen=True, slots=True)
class Statements:
    """The facts of all papers by their kind."""

    trials: tuple[Statement[Trial], ...]
    doses: tuple[Statement[Dose], ...]
    sledai: tuple[Statement[Sledai], ...]
    toxicities: tuple[Statement[Toxicity], ...]


def paper_key(sha256: str) -> str:
    """The key of a paper among owners."""
    return f"paper:{sha256}"


def statements(documents: Iterable[Document], synthesis: Synthesis) -> Statements:
    """The facts of documents, each of another paper."""
    owners = _owners(synthesis)
    trials: list[Statement[Trial]] = []
    doses: list[Statement[Dose]] = []
    sledai: list[Statement[Sledai]] = []
    toxicities: list[Statement[Toxicity]] = []
    for document in documents:
        trials += _said(document, document.trials, owners)
        doses += _said(document, document.doses, owners)
        sledai += _said(document, document.sledai, owners)
        toxicities += _said(document, document.toxicities, owners)
    return Statements(tuple(trials), tuple(doses), tuple(sledai), tuple(toxicities))


def _owners(synthesis: Synthesis) -> dict[tuple[str, str], Owner]:
    """The study of the synthesis for each study of a paper, by hash and key."""
    owners = {}
    for study in synthesis.studies:
        owner = Owner(
            key=study.key,
            label=_label(study),
            year=study.year[0].value if study.year else None,
            patients=max((said.value for said in study.patients), default=None),
            is_study=True,
        )
        owners.update(
            {(paper.sha256, key): owner for paper in study.papers for key in paper.studies}
        )
    return owners


def _label(study: SynthesizedStudy) -> str:
    """What a study is called; where that says something in its paper only, with the paper."""
    papers = [paper.name for paper in study.papers if paper.primary] or [study.papers[0].name]
    if study.label == _OWN:
        return name(papers[0])
    if study.label.startswith(_NAMELESS):
        return name(f"{study.label}, {papers[0]}")
    return name(study.label)


def _said(
    document: Document, facts: Iterable[F], owners: Mapping[tuple[str, str], Owner]
) -> Iterator[Statement[F]]:
    """Each fact as a statement of each study that it is tied to, or of its paper if of none."""
    sha256 = document.source.sha256
    paper = Owner(
        key=paper_key(sha256),
        label=name(document.source.name),
        among_studies=bool(document.studies),
    )
    studies_of = _studies_of(document, owners)
    for fact in facts:
        studies = studies_of.get(fact.key, {})
        for owner in studies or (paper,):
            yield Statement(
                fact=fact,
                owner=owner,
                quote=_quote(fact, owner, studies),
                paper=name(document.source.name),
                sha256=sha256,
                own=any(is_own(study) for study in studies.get(owner, ())),
            )


def _studies_of(
    document: Document, owners: Mapping[tuple[str, str], Owner]
) -> dict[str, dict[Owner, list[Study]]]:
    """For the key of a fact its studies: several of a paper may be one of the synthesis."""
    found: dict[str, dict[Owner, list[Study]]] = defaultdict(lambda: defaultdict(list))
    for study in document.studies:
        owner = owners[document.source.sha256, study.key]
        for link in study.facts:
            found[link.key][owner].append(study)
    return found


def _quote(fact: Fact, owner: Owner, studies: Mapping[Owner, Iterable[Study]]) -> Evidence:
    """The quote of a fact that is of this study, as far as can be told from where it stands.

    A study that has no quote of its own has one that stands with none of the others: a paragraph
    that only goes on with a study is not among the quotes of the study.
    """
    if len(studies) < 2:
        return fact.evidence[0]
    others = [study for other in studies if other != owner for study in studies[other]]
    inside = (quote for quote in fact.evidence if _stands_in(quote, studies[owner]))
    elsewhere = (quote for quote in fact.evidence if not _stands_in(quote, others))
    return next((quote for quotes in (inside, elsewhere) for quote in quotes), fact.evidence[0])


def _stands_in(quote: Evidence, studies: Iterable[Study]) -> bool:
    return any(
        span.start <= quote.start and quote.end <= span.end
        for study in studies
        for span in study.evidence
    )


def alike(
    said: Iterable[Statement[F]], by: Callable[[Statement[F]], Hashable]
) -> list[tuple[Statement[F], ...]]:
    """Statements put together that are the same by a key, the first of them in front."""
    groups: dict[Hashable, list[Statement[F]]] = defaultdict(list)
    for one in said:
        groups[by(one)].append(one)
    return [tuple(sorted(group, key=lambda one: one.place)) for group in groups.values()]


def papers(said: Sequence[Statement[F]]) -> int:
    """How many papers say it."""
    return len({one.sha256 for one in said})


def facts(said: Iterable[Statement[F]]) -> int:
    """How often it is said: what is said of several studies at once is said once."""
    return len({(one.sha256, one.fact.key) for one in said})


def proof(said: Sequence[Statement[F]]) -> Row:
    """What every row tells: the first fact that says so, its quote, and how many papers do."""
    first = said[0]
    quote = first.quote
    where = words(first.paper, first.paper)
    if quote.page is not None:
        where = words(f"{first.paper}, page {quote.page}", f"{first.paper}，第{quote.page}页")
    return {
        "fact": fact_id(first.sha256, first.fact),
        "study": first.owner.label,
        "paper": first.paper,
        "page": quote.page,
        "quote": shortened(quote.text, _LONGEST_QUOTE),
        "papers": papers(said),
        **in_both("said", {language: _value(first.fact, language) for language in LANGUAGES}),
        **in_both("where", where),
    }


def _value(fact: Fact, language: Language) -> str:
    return shortened(fact_text(fact, language), _LONGEST_QUOTE)


def name(text: str) -> str:
    """A name as a label shows it."""
    return shortened(text, _LONGEST_NAME)


def shortened(text: str, longest: int) -> str:
    """A text on one line; what is cut ends in an ellipsis.

    >>> shortened("two patients had\\ngrade 1 CRS", 22)
    'two patients had grad…'
    """
    whole = line(text)
    return whole if len(whole) <= longest else whole[: longest - 1].rstrip() + "…"


def line(text: str) -> str:
    r"""A text on one line, with nothing in it that is no text.

    >>> print(line("患者\udc80\n CRS"))
    患者\udc80 CRS
    """
    return " ".join(str(cell(text)).split())
