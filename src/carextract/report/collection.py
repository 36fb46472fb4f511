"""The papers that a report is about, each once."""

from collections.abc import Iterable
from dataclasses import dataclass

from carextract.records import Document, Failure, facts_of


@dataclass(frozen=True, slots=True)
class Collection:
    """The documents in their order, the papers that could not be read, and how many came again."""

    documents: tuple[Document, ...]
    failures: tuple[Failure, ...]
    repeated: int


def collect(entries: Iterable[Document | Failure]) -> Collection:
    """Each paper once, by the hash of its bytes. Of several readings the fullest counts."""
    documents: dict[str, Document] = {}
    failures: list[Failure] = []
    repeated = 0
    for entry in entries:
        if isinstance(entry, Failure):
            failures.append(entry)
            continue
        known = documents.setdefault(entry.source.sha256, entry)
        if known is not entry:
            repeated += 1
            documents[entry.source.sha256] = max(known, entry, key=_fullness)
    return Collection(tuple(documents.values()), tuple(failures), repeated)


def _fullness(document: Document) -> int:
    return sum(1 for _ in facts_of(document))
