"""What a person decided about facts, and how a fact is known again."""

import hashlib
import json

from carextract.records import Fact

# What may change while the fact stays the same: its number, and what was made of it.
_NOT_ITS_OWN = {"key", "rule", "repairs", "study"}


def fact_id(sha256: str, fact: Fact) -> str:
    """A name for a fact that is the same in every run: 'dose:' and 16 hexadecimal digits.

    `sha256` is that of the bytes of the paper. A fact has the same name while its values and the
    places of its quotes are the same, whatever other facts are found beside it.
    """
    values = fact.model_dump(mode="json", exclude=_NOT_ITS_OWN | {"evidence"})
    places = [(quote.start, quote.end) for quote in fact.evidence]
    content = json.dumps([sha256, values, places], sort_keys=True)
    kind = fact.key.partition("-")[0]
    return f"{kind}:{hashlib.sha256(content.encode()).hexdigest()[:16]}"
