"""Gold files: JSON objects, one a line, each checked before any is used."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from carextract.errors import InputError
from carextract.evaluate.facts import KEYS, Key, Keys
from carextract.records import FACT_KINDS

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and the facts that are in it. `optional` facts are neither missed nor wrong."""

    id: str
    text: str
    gold: Keys
    optional: Keys


class FaultError(Exception):
    """What is wrong with a passage; the file and line are known to the caller."""


def read_passages(path: Path) -> list[Passage]:
    """The passages of a JSONL file, every line checked before any is used."""
    return read_items(path, _passage)


def read_items(path: Path, read: Callable[[object], _Item]) -> list[_Item]:
    """What `read` makes of the object on each line of a JSONL file.

    `read` raises FaultError for an object that it cannot use. Raises InputError with file, line
    number and what is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{path}: cannot be read: {reason}; check the name") from None
    items = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                items.append(read(json.loads(line)))
            except json.JSONDecodeError as error:
                raise InputError(f"{path}: line {number}: is not JSON: {error.msg}") from None
            except FaultError as error:
                raise InputError(f"{path}: line {number}: {error}") from None
    if not items:
        raise InputError(f"{path}: holds no passages; one JSON object a line is wanted")
    return items


def _passage(item: object) -> Passage:
    if not isinstance(item, dict):
        raise FaultError("is not a JSON object")
    for name in ("id", "text"):
        if not isinstance(item.get(name), str) or not item[name]:
            raise FaultError(f"`{name}` is missing or empty")
    if not isinstance(item.get("gold"), dict):
        raise FaultError("`gold` is missing: an object with the kinds " + ", ".join(FACT_KINDS))
    return Passage(
        id=item["id"],
        text=item["text"],
        gold=gold_keys(item["gold"], "gold"),
        optional=gold_keys(item.get("optional", {}), "optional"),
    )


def gold_keys(gold: object, name: str) -> Keys:
    """The facts of an object with a list for each kind; FaultError for anything else."""
    if not isinstance(gold, dict):
        raise FaultError(f"`{name}` is not an object")
    unknown = sorted(set(gold) - set(FACT_KINDS))
    if unknown:
        raise FaultError(f"`{name}` has an unknown kind {unknown[0]!r}")
    return {
        kind: frozenset(gold_key(kind, item) for item in objects(gold, kind)) for kind in FACT_KINDS
    }


def objects(item: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The objects of the list `name` of an item; none where it is left out."""
    items = item.get(name, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise FaultError(f"`{name}` is not a list of objects")
    yield from items


def gold_key(kind: str, item: Mapping[str, Any]) -> Key:
    """What is compared of an annotated fact; FaultError says what is wrong with it."""
    try:
        return KEYS[kind](item)
    except KeyError as error:
        raise FaultError(f"{kind}: {error} is missing in {_shown(item)}") from None
    except (TypeError, ValueError) as error:
        raise FaultError(f"{kind}: {error} in {_shown(item)}") from None


def _shown(item: object) -> str:
    return json.dumps(item, ensure_ascii=False)
