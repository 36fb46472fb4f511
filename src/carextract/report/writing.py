"""The facts of many papers to a page."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import carextract
from carextract.clean.traditional import simplified_characters
from carextract.read import Source
from carextract.records import Document, Failure
from carextract.report.collection import Collection, collect
from carextract.report.contents import (
    conflicts_data,
    disputed_facts,
    facts_data,
    papers_data,
    studies_data,
)
from carextract.report.details import details_data
from carextract.report.numbering import ByQuote, Listed, links, numbered
from carextract.report.originals import find_originals, read_original
from carextract.report.page import compressed, packed, page_parts, words
from carextract.report.pictures import Picture, pictures, places
from carextract.report.plots import plots, vega_script
from carextract.rules import load_rules
from carextract.synthesize import synthesize
from carextract.write import output_file
from carextract.write.extras import library

_LIBRARIES = ("altair", "jinja2", "vl_convert")


@dataclass(frozen=True, slots=True)
class Papers:
    """Where the papers themselves are, and how much room there is for pictures of their pages."""

    folder: Path
    password: str | None = None
    picture_bytes: int = 0


@dataclass(slots=True)
class Written:
    """What a report has in it, and what it could not have."""

    papers: int = 0
    failed: int = 0
    repeated: int = 0
    facts: int = 0
    sources: int = 0
    not_found: int = 0
    not_the_same: int = 0
    pages: int = 0
    pictures: int = 0
    bytes: int = 0


def write_report(
    path: Path,
    entries: Iterable[Document | Failure],
    *,
    papers: Papers | None = None,
    patterns: Path | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Written:
    """Write the page of some documents, whole or not at all; it needs no network and no other file.

    With `papers` it shows the text around each quote, each repair, and pictures of pages. The rules
    are described by those in `patterns` and the built-in ones. `on_progress` is told how many
    papers are done, of how many. Raises CarextractError when the page cannot be written.
    """
    for name in _LIBRARIES:
        library(name, needed_for=path, extra="report")
    collection = collect(entries)
    written = Written(
        papers=len(collection.documents),
        failed=len(collection.failures),
        repeated=collection.repeated,
    )
    with output_file(path) as file:
        for part in _page(collection, papers, patterns, written, on_progress):
            data = part.encode()
            written.bytes += len(data)
            file.write(data)
    return written


def _page(
    collection: Collection,
    papers: Papers | None,
    patterns: Path | None,
    written: Written,
    on_progress: Callable[[int, int], None],
) -> Iterator[str]:
    script = vega_script()
    pieces = _pieces(collection, papers, patterns, written, on_progress)
    yield from page_parts(
        chain([("words", packed(words())), ("vega", compressed(script))], pieces),
        generator=f"carextract {carextract.__version__}",
        plot_script=script,
    )


def _pieces(
    collection: Collection,
    papers: Papers | None,
    patterns: Path | None,
    written: Written,
    on_progress: Callable[[int, int], None],
) -> Iterator[tuple[str, bytes]]:
    """The data of the page, by their ids: what is shown of opened facts, pictures, the index."""
    documents = collection.documents
    numbers = {document.source.sha256: at for at, document in enumerate(documents)}
    facts = numbered(documents)
    synthesis = synthesize(documents)
    tied = links(documents, facts, synthesis)
    written.facts = len(facts)
    originals = find_originals(papers.folder, numbers) if papers else {}
    written.not_found = len(documents) - len(originals) if papers else 0
    of_paper = defaultdict(list)
    for listed in facts:
        of_paper[listed.paper].append(listed)
    for at, document in enumerate(documents):
        source = _source(document, originals, papers, written) if of_paper[at] else None
        yield f"paper-{at}", packed(details_data(of_paper[at], source, tied))
        on_progress(at + 1, len(documents))
    sizes = {}
    for picture in _pictures(documents, originals, papers, written):
        place = f"{numbers[picture.sha256]}-{picture.page}"
        sizes[place] = picture.size
        yield f"picture-{place}", picture.webp
    by_quote = ByQuote(documents, facts)
    disputed = disputed_facts(synthesis, by_quote)
    yield (
        "report",
        packed(
            {
                "papers": papers_data(documents, collection.failures),
                "facts": facts_data(documents, facts, tied, disputed),
                "studies": studies_data(synthesis, tied, numbers),
                "conflicts": conflicts_data(synthesis, by_quote, numbers),
                "plots": [asdict(plot) for plot in plots(documents, synthesis)],
                "rules": _descriptions(documents, facts, patterns),
                "pictures": sizes,
                "scripts": "".join(map("".join, simplified_characters().items())),
            }
        ),
    )


def _source(
    document: Document, originals: Mapping[str, Path], papers: Papers | None, written: Written
) -> Source | None:
    """The text of a paper, if it is at hand and is still read in the same way."""
    path = originals.get(document.source.sha256)
    if path is None or papers is None:
        return None
    source = read_original(path, document, password=papers.password)
    if source is None:
        written.not_the_same += 1
    else:
        written.sources += 1
    return source


def _pictures(
    documents: Sequence[Document],
    originals: Mapping[str, Path],
    papers: Papers | None,
    written: Written,
) -> Iterator[Picture]:
    if papers is None:
        return
    wanted = [place for place in places(documents) if place.sha256 in originals]
    written.pages = len(wanted)
    for picture in pictures(wanted, originals, most=papers.picture_bytes, password=papers.password):
        written.pictures += 1
        yield picture


def _descriptions(
    documents: Sequence[Document], facts: Iterable[Listed], patterns: Path | None
) -> dict[str, str]:
    """What the rules of facts read, for facts that were read by the rules in force."""
    rules = load_rules(patterns)
    about = {rule.id: rule.about for rule in rules.entries}
    used = {listed.fact.rule for listed in facts if documents[listed.paper].rules == rules.digest}
    return {rule: about[rule] for rule in sorted(used & about.keys())}
