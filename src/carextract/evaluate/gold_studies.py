"""Gold for studies: what a careful reader linked, a passage a line.

Two shapes are read. In one a study has one `dose` and one `sledai` object, and lists of `crs` and
`icans`; in the other lists of `doses`, `sledai` and `toxicities`, with the event in the item. The
text is in `text`, or in the file that `source` names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from carextract.evaluate.facts import NAMES, Key, Keys
from carextract.evaluate.passages import FaultError, gold_key, gold_keys, objects, read_items
from carextract.records import FACT_KINDS

_Value = TypeVar("_Value")

CELLS = ("intervention", "condition", "phase", "country", "start_date", "id")

# What a toxicity is told by even where gold leaves it out.
_ALWAYS_STATED = ("event", "absent")
_SOURCES_BESIDE = "seeds"


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the text of a passage."""

    start: int
    end: int

    def holds(self, start: int) -> bool:
        """Whether a character stands in it."""
        return self.start <= start < self.end

    def overlaps(self, start: int, end: int) -> bool:
        """Whether another stretch shares a character with it."""
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class GoldFact:
    """A fact of a study. Of a toxicity only what gold states is compared: `stated`, by position."""

    kind: str
    key: Key
    stated: tuple[bool, ...]

    def is_said_by(self, key: Key) -> bool:
        """Whether the compared parts of a record are those of the fact."""
        parts = zip(self.key, key, self.stated, strict=True)
        return all(own == other for own, other, stated in parts if stated)


@dataclass(frozen=True, slots=True)
class GoldStudy:
    """A study as gold has it; None or nothing where the passage does not say.

    `pooled` is a statement of several studies together: its facts belong to none of them.
    """

    name: str
    author: str | None
    year: int | None
    citations: tuple[int, ...]
    trial_ids: tuple[str, ...]
    patients: int | None
    planned: int | None
    condition: tuple[str, ...]
    product: str | None
    target: tuple[str, ...]
    cell_source: str | None
    institution: str | None
    own: bool
    pooled: bool
    place: Place | None
    facts: tuple[GoldFact, ...]


@dataclass(frozen=True, slots=True)
class GoldRow:
    """A row of a table of trials: its cells by the fields of a trial record.

    `doubtful` cells are right only where a warning says that they are in doubt.
    """

    name: str
    cells: Mapping[str, str | tuple[str, ...] | None]
    doubtful: frozenset[str]


@dataclass(frozen=True, slots=True)
class StudyPassage:
    """A text, its studies, the facts that it states at all, and places of facts of no study."""

    id: str
    text: str
    studies: tuple[GoldStudy, ...]
    facts: Keys
    unlinked: tuple[tuple[str, Place], ...]
    rows: tuple[GoldRow, ...]


def read_study_passages(path: Path) -> list[StudyPassage]:
    """The passages of a JSONL file, every line checked before any is used.

    Raises InputError with file, line number and what is wrong for a line that cannot be used.
    """
    return read_items(path, lambda item: _passage(item, folder=path.parent))


def _passage(item: object, *, folder: Path) -> StudyPassage:
    if not isinstance(item, dict):
        raise FaultError("is not a JSON object")
    name = _take(item, "id", str)
    if not name:
        raise FaultError("`id` is missing or empty")
    if "studies" not in item:
        raise FaultError("`studies` is missing: a list of what --studies compares with")
    text = _take(item, "text", str) or _text_beside(item, folder)
    unlinked = ((_kind(one), _place(one, text)) for one in objects(item, "unlinked"))
    return StudyPassage(
        id=name,
        text=text,
        studies=tuple(
            _study(study, number, text) for number, study in enumerate(objects(item, "studies"), 1)
        ),
        facts=_all_facts(item),
        unlinked=tuple((kind, place) for kind, place in unlinked if place),
        rows=tuple(_row(row, number) for number, row in enumerate(objects(item, "trial_table"), 1)),
    )


def _all_facts(item: Mapping[str, Any]) -> Keys:
    """The facts that a passage has, of whatever study or none."""
    certain, optional = (gold_keys(item.get(name, {}), name) for name in ("gold", "optional"))
    return {kind: certain[kind] | optional[kind] for kind in FACT_KINDS}


def _text_beside(item: Mapping[str, Any], folder: Path) -> str:
    """The text of the file that `source` names: beside the gold file, or in the folder `seeds`
    beside its folder."""
    source = _take(item, "source", str)
    if not source:
        raise FaultError("`text` is empty, and `source` names no file that holds it")
    for place in (folder / source, folder.parent / _SOURCES_BESIDE / source):
        try:
            return place.read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
        except UnicodeDecodeError:
            raise FaultError(f"{place} is not UTF-8; save it as UTF-8") from None
        except OSError as error:
            raise FaultError(f"{place} cannot be read: {error.strerror or error}") from None
    raise FaultError(f"`text` is empty, and {source} is not beside the file; put it there")


def _study(item: Mapping[str, Any], number: int, text: str) -> GoldStudy:
    author = _take(item, "author", str)
    year = _take(item, "year", int)
    citations = tuple(_list(item, "citation", int))
    trial_ids = tuple(_list(item, "trial_ids", str))
    institution = _take(item, "institution", str)
    own = bool(item.get("own"))
    told_by = [author, year, *(f"[{citation}]" for citation in citations)]
    in_words = " ".join(str(part) for part in told_by if part)
    otherwise = ("this paper" if own else None, *trial_ids, institution, f"study {number}")
    return GoldStudy(
        name=_take(item, "key", str) or in_words or next(filter(None, otherwise)),
        author=author,
        year=year,
        citations=citations,
        trial_ids=trial_ids,
        patients=_take(item, "n", int),
        planned=_take(item, "n_planned", int),
        condition=tuple(_list(item, "disease", str)),
        product=_take(item, "product", str),
        target=tuple(_list(item, "target", str)),
        cell_source=_take(item, "source", str),
        institution=institution,
        own=own,
        pooled=(_take(item, "design", str) or "").startswith("pooled"),
        place=_place(_take(item, "evidence", dict) or {}, text),
        facts=tuple(_facts(item)),
    )


def _facts(item: Mapping[str, Any]) -> Iterator[GoldFact]:
    for kind, name in (("doses", "dose"), ("doses", "doses"), ("sledai", "sledai")):
        for fact in _one_or_many(item, name):
            key = gold_key(kind, fact)
            yield GoldFact(kind, key, (True,) * len(key))
    for name, known in (
        ("crs", {"event": "CRS"}),
        ("icans", {"event": "ICANS"}),
        ("toxicities", {}),
    ):
        for fact in _one_or_many(item, name):
            stated = tuple(part in fact or part in _ALWAYS_STATED for part in NAMES["toxicities"])
            yield GoldFact("toxicities", gold_key("toxicities", known | fact), stated)


def _one_or_many(item: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = item.get(name)
    if value is None:
        return []
    return [value] if isinstance(value, dict) else list(objects(item, name))


def _kind(item: Mapping[str, Any]) -> str:
    kind = _take(item, "kind", str)
    if kind not in FACT_KINDS:
        raise FaultError(f"`unlinked` has an unknown kind {kind!r}")
    return kind


def _place(item: Mapping[str, Any], text: str) -> Place | None:
    """Where a quote stands in the text: where gold says, or at its first occurrence."""
    quote = _take(item, "quote", str)
    if not quote:
        return None
    start = _take(item, "start", int)
    if start is None or text[start : start + len(quote)] != quote:
        start = text.find(quote)
    if start < 0:
        raise FaultError(f"the quote {quote!r} is not in the text")
    return Place(start, start + len(quote))


def _row(item: Mapping[str, Any], number: int) -> GoldRow:
    cells: dict[str, str | tuple[str, ...] | None] = {
        "intervention": _take(item, "car_type", str),
        "condition": tuple(_list(item, "disease", str)),
        "phase": _take(item, "phase", str),
        "country": _take(item, "location", str),
        "start_date": _take(item, "start", str),
        "id": _take(item, "nct", str),
    }
    if not cells["id"]:
        raise FaultError(f"`trial_table`: row {number} has no `nct`")
    flags = _list(item, "flags", str)
    doubtful = {flag.partition(":")[0] for flag in flags if "flagged" in flag}
    return GoldRow(f"row {item.get('row', number)}", cells, frozenset(doubtful))


def _take(item: Mapping[str, Any], name: str, kind: type[_Value]) -> _Value | None:
    value = item.get(name)
    if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
        raise FaultError(f"`{name}` is {value!r}, which is no {_KIND_NAMES[kind]}")
    return value


def _list(item: Mapping[str, Any], name: str, kind: type[_Value]) -> list[_Value]:
    values = item.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, kind) for value in values):
        raise FaultError(f"`{name}` is not a list of {_KIND_NAMES[kind]}s")
    return values


_KIND_NAMES: Mapping[type, str] = {str: "string", int: "whole number", dict: "object"}
