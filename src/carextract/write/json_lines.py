"""A document as JSON lines: one fact a line."""

import json
from collections.abc import Iterator
from typing import Any

from carextract.records import Document, escape_surrogates

_TYPES = {"trials": "trial", "doses": "dose", "sledai": "sledai", "toxicities": "toxicity"}


def to_jsonl(document: Document) -> str:
    """One fact a line: its type and source first, then the record as in the document."""
    return "".join(
        escape_surrogates(json.dumps(fact, ensure_ascii=False, separators=(",", ":"))) + "\n"
        for fact in _facts(document)
    )


def _facts(document: Document) -> Iterator[dict[str, Any]]:
    for kind, name in _TYPES.items():
        for record in getattr(document, kind):
            source = {"type": name, "source": document.source.name}
            yield source | record.model_dump(mode="json")
