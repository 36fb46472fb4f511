"""Pattern files to rules: the TOML of patterns/ read, checked and compiled.

A file whose name starts with ``_`` is shared (words, shapes, phrases, sets); every other file holds
the rules of one kind of fact. Every error names the file, the rule and what is wrong.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from carextract.errors import PatternError
from carextract.grammar.lexicon import Lexicon, Shape
from carextract.grammar.pattern import Pattern, PatternSyntaxError, compile_pattern, compiled
from carextract.grammar.phrases import Phrase
from carextract.grammar.readers import PHRASE_READERS, SHAPE_READERS
from carextract.grammar.words import Openings, Term

KINDS = ("trials", "doses", "sledai", "toxicities", "studies")

_FIRST_CODE = 0x10

# An example, from its heading to the next heading.
_EXAMPLE = re.compile(r"^\[\[rule\.example\]\].*?(?=^\[|\Z)", re.M | re.S)
_TABLE = re.compile(r"^\[", re.M)
_HAS_WORDS = re.compile(r"^\[\[(?:term|shape|phrase)\]\]", re.M)

# A class or set in a token pattern.
_CLASS = re.compile(r"[A-Z][A-Z0-9_]*")
# A named group of a regular expression.
_GROUP = re.compile(r"\(\?P<(\w+)>")

_SHARED_KEYS = {"about", "term", "shape", "phrase", "sets", "cue"}
_KIND_KEYS = _SHARED_KEYS | {
    *("kind", "private", "gives_way", "triggers", "wake", "vocabulary", "masks"),
    *("captures", "rule"),
}
_WORDS = ("term", "shape", "phrase")
_ENTRY_KEYS = {
    "term": {"class", "words", "value", "cased"},
    "shape": {"class", "regex", "read", "needs"},
    "phrase": {"class", "tokens", "read"},
    "cue": {"name", "class", "side", "reach", "kinds"},
    "rule": {"id", "about", "tokens", "regex", "not_after", "set", "example"},
    "example": {"text", "found", "why"},
}
_REQUIRED_KEYS = {
    "term": ("class", "words"),
    "shape": ("class", "regex", "read"),
    "phrase": ("class", "tokens", "read"),
    "cue": ("name", "class", "side", "reach", "kinds"),
}


class Example(NamedTuple):
    """A text and the complete list of what the whole kind finds in it."""

    text: str
    found: tuple[Mapping[str, Any], ...]
    why: str


class Rule(NamedTuple):
    """One readable entry: what it reads, how, and the examples that prove it."""

    id: str
    kind: str
    about: str
    file: str
    pattern: Pattern | None
    expression: str | None
    not_after: frozenset[str]
    set: Mapping[str, Any]
    examples: tuple[Example, ...]

    @property
    def regex(self) -> re.Pattern[str] | None:
        """The regular expression of a rule that reads characters, not tokens."""
        return None if self.expression is None else compiled(self.expression)


class Cue(NamedTuple):
    """Words that change what a statement means: a threshold, a plan, a definition.

    ``side`` is "before", "after" or "around" the statement, ``reach`` how far it is felt: "clause",
    "sentence" or "paragraph".
    """

    name: str
    kind: str
    side: str
    reach: str
    kinds: frozenset[str]


class _Reading(NamedTuple):
    """What the files of a kind say beside its triggers."""

    codes: dict[str, str]
    rules: tuple[Rule, ...]
    cues: tuple[Cue, ...]
    lexicon: Lexicon | None


@dataclass(frozen=True)
class KindRules:
    """The rules of one kind. Its ``triggers`` and its ``wake`` are pieces of text without one of
    which a paragraph holds nothing for them; all else is read when a text has woken the kind."""

    kind: str
    triggers: tuple[str, ...]
    wake: re.Pattern[str] | None
    _read: Callable[[], _Reading]

    @cached_property
    def _reading(self) -> _Reading:
        return self._read()

    def prepare(self) -> None:
        """Read all that the files say. The words of every kind that a text wakes have to be known
        before the text is searched for any."""
        self._reading  # noqa: B018

    @property
    def codes(self) -> dict[str, str]:
        """The token classes that the rules look at."""
        return self._reading.codes

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, in the order of files."""
        return self._reading.rules

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The cues that the kind heeds."""
        return self._reading.cues

    @property
    def lexicon(self) -> Lexicon | None:
        """The words, shapes and phrases that this kind alone sees (those of its files that say
        ``private = true``)."""
        return self._reading.lexicon


class Rules(NamedTuple):
    """Everything the pattern files say. ``digest`` is the SHA-256 of the files in force."""

    digest: str
    lexicon: Lexicon
    kinds: Mapping[str, KindRules]

    @property
    def entries(self) -> tuple[Rule, ...]:
        """All rules, in the order of kinds and files."""
        return tuple(rule for kind in self.kinds.values() for rule in kind.rules)


# The sets that a file may name, and the classes in each.
_Sets = Mapping[str, tuple[str, ...]]


@dataclass
class _File:
    """One pattern file as it stands. ``trusted``: our own, which tests check, so that it need not
    be read, nor its expressions compiled, before a text calls for them."""

    name: str
    text: str
    trusted: bool
    checked: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @cached_property
    def head(self) -> dict[str, Any]:
        """What the file says before its first table."""
        if not self.trusted:
            return self.data
        table = _TABLE.search(self.text)
        return self._parsed(self.text[: table.start()] if table else self.text)

    @cached_property
    def data(self) -> dict[str, Any]:
        """All that the file says."""
        return self._parsed(self.text)

    def _parsed(self, text: str) -> dict[str, Any]:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PatternError(f"{self.name}: not readable as TOML: {error}") from error

    @property
    def kind(self) -> str | None:
        """The kind of fact the file is about; None for a shared file."""
        return self.head.get("kind")

    @property
    def private(self) -> bool:
        """Whether its words, shapes and phrases are seen by its own kind alone."""
        return self.head.get("private") is True

    @property
    def shares_words(self) -> bool:
        """Whether the file has words, shapes or phrases for all kinds."""
        return not self.private and (self.kind is None or _HAS_WORDS.search(self.text) is not None)

    def wrong(self, where: str, what: str) -> PatternError:
        place = f"{self.name}: {where}" if where else self.name
        return PatternError(f"{place}: {what}")

    def entries(self, key: str) -> list[dict[str, Any]]:
        """The [[key]] tables, their keys checked."""
        if key not in self.checked:
            self.checked[key] = list(self._checked_entries(key))
        return self.checked[key]

    def words(self) -> Iterator[dict[str, Any]]:
        """The tables of words, shapes and phrases."""
        return (entry for key in _WORDS for entry in self.entries(key))

    def _checked_entries(self, key: str) -> Iterator[dict[str, Any]]:
        found = self.data.get(key, [])
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            raise self.wrong("", f"{key} must be written as [[{key}]]")
        for number, entry in enumerate(found, 1):
            unknown = entry.keys() - _ENTRY_KEYS[key]
            missing = [name for name in _REQUIRED_KEYS.get(key, ()) if name not in entry]
            if unknown or missing:
                where = str(entry.get("id") or f"{key} {number} ({entry.get('class', '?')})")
                wrong = f"unknown key {min(unknown)!r}" if unknown else f"{missing[0]} is missing"
                raise self.wrong(where, wrong)
            yield entry


def builtin_patterns_dir() -> Path:
    """Where the pattern files are: beside the package once installed, at the top of a checkout."""
    package = Path(__file__).resolve().parent
    for candidate in (package / "patterns", package.parent.parent / "patterns"):
        if candidate.is_dir():
            return candidate
    raise PatternError("the pattern files are missing from this installation: install it again")


@lru_cache(maxsize=8)
def load_rules(extra: Path | None = None, *, examples: bool = False) -> Rules:
    """The rules in force: the built-in files, with those of ``extra`` added. A file of the same
    name replaces the built-in one; a rule with the id of a built-in one replaces that rule.

    The examples of the rules are read only where they are asked for: they are most of the text of
    the files, and no document needs them. Raises PatternError with file, rule id and what is wrong.
    """
    if extra is not None and not extra.is_dir():
        raise PatternError(f"{extra}: not a folder of pattern files")
    own = builtin_patterns_dir()
    paths = {path.name: path for path in sorted(own.glob("*.toml"))}
    if extra is not None:
        paths |= {path.name: path for path in sorted(extra.glob("*.toml"))}
    digest = hashlib.sha256()
    files = []
    for name, path in sorted(paths.items()):
        raw = path.read_bytes()
        digest.update(name.encode() + b"\0" + raw + b"\0")
        trusted = path.parent == own and not examples
        files.append(_read_file(name, raw, examples=examples, trusted=trusted))
    rules = _compile(files, digest.hexdigest())
    if extra is not None or examples:
        _check(files, rules)
    return rules


def _read_file(name: str, raw: bytes, *, examples: bool = True, trusted: bool = False) -> _File:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PatternError(f"{name}: not readable as TOML: {error}") from error
    file = _File(name, text if examples else _EXAMPLE.sub("", text), trusted)
    shared = name.startswith("_")
    unknown = set(file.head) - (_SHARED_KEYS if shared else _KIND_KEYS)
    if unknown:
        raise file.wrong("", f"unknown key {sorted(unknown)[0]!r}")
    if not shared and file.kind not in KINDS:
        raise file.wrong("", f"kind must be one of {', '.join(KINDS)}")
    return file


def _compile(files: list[_File], digest: str) -> Rules:
    lexicon = _lexicon([file for file in files if file.shares_words], _sets(files, None))
    return Rules(digest, lexicon, {kind: _kind(kind, files, lexicon) for kind in KINDS})


def _check(files: list[_File], rules: Rules) -> None:
    """Read everything now, so that what is wrong is said at once."""
    for kind in rules.kinds.values():
        kind.prepare()
    _check_used(files)


def _sets(files: list[_File], kind: str | None) -> dict[str, tuple[str, ...]]:
    """The sets that files of a kind may name: the shared ones and the kind's own."""
    sets: dict[str, tuple[str, ...]] = {}
    for file in files:
        if file.kind not in (None, kind):
            continue
        for name, members in file.data.get("sets", {}).items():
            if name in sets:
                raise file.wrong(name, "a set of this name exists already")
            sets[name] = tuple(members)
    return {name: _flat(name, sets) for name in sets}


def _flat(name: str, sets: Mapping[str, tuple[str, ...]], depth: int = 0) -> tuple[str, ...]:
    """A set with the sets inside it unfolded."""
    if name not in sets or depth > 5:
        return (name,)
    return tuple(m for member in sets[name] for m in _flat(member, sets, depth + 1))


def _lexicon(files: list[_File], sets: _Sets) -> Lexicon:
    """What all kinds see."""
    return _words_of(files, _coded(files, {}), sets, Openings())


def _coded(files: Iterable[_File], known: Mapping[str, str]) -> dict[str, str]:
    """A code for each class of some files, beside those that have one already.

    Low codes: expressions over characters beyond U+00FF take many times as long to compile.
    """
    classes = {str(entry.get("class")) for file in files for entry in file.words()}
    first = _FIRST_CODE + len(known)
    fresh = sorted(classes - known.keys())
    return {**known, **{name: chr(first + number) for number, name in enumerate(fresh)}}


def _words_of(
    files: list[_File], codes: dict[str, str], sets: _Sets, openings: Openings
) -> Lexicon:
    """The words, shapes and phrases of some files as one lexicon."""
    shapes = tuple(_shape(file, entry) for file in files for entry in file.entries("shape"))
    phrases = tuple(
        Phrase(
            entry["class"],
            _pattern(
                file,
                entry["class"],
                entry["tokens"],
                codes,
                sets,
                adjacent=True,
            ),
            _reader(file, entry, PHRASE_READERS),
        )
        for file in files
        for entry in file.entries("phrase")
    )
    lexicon = Lexicon(shapes, phrases, codes, openings)
    lexicon.add(_terms(files))
    return lexicon


def _terms(files: list[_File]) -> Iterator[Term]:
    """Every word once: two classes for one word would leave one of them without it, unseen."""
    owner: dict[str, tuple[str, _File]] = {}
    for file in files:
        for entry in file.entries("term"):
            kind, value, cased = entry["class"], entry.get("value"), entry.get("cased") is True
            for word in _term_words(file, entry):
                if word in owner:
                    other, where = owner[word]
                    raise file.wrong(kind, f"{word!r} is a word of {other} in {where.name} already")
                owner[word] = (kind, file)
                yield Term(kind, word, value, cased)


def _term_words(file: _File, entry: Mapping[str, Any]) -> list[str]:
    """The words of a term: a list, or one text with a bar between them, which is read faster."""
    words = entry["words"]
    if isinstance(words, str):
        words = [word.strip() for word in words.split("|")]
    if not isinstance(words, list) or not all(isinstance(w, str) and w for w in words):
        raise file.wrong(str(entry.get("class")), "words must be a list of words")
    return words


def _reader(file: _File, entry: Mapping[str, Any], readers: Mapping[str, Any]) -> str:
    name = str(entry.get("read"))
    if name not in readers:
        raise file.wrong(str(entry.get("class")), f"read must be one of {', '.join(readers)}")
    return name


def _shape(file: _File, entry: Mapping[str, Any]) -> Shape:
    return Shape(
        entry["class"],
        _expression(file, entry["class"], entry["regex"]),
        _reader(file, entry, SHAPE_READERS),
        tuple(entry.get("needs", ())),
    )


def _expression(file: _File, where: str, source: str) -> str:
    """A regular expression as it stands, known to compile."""
    if not file.trusted:
        try:
            compiled(source)
        except re.error as error:
            raise file.wrong(where, f"regex: {error}") from error
    return source


def _pattern(
    file: _File,
    where: str,
    source: str,
    codes: Mapping[str, str],
    sets: Mapping[str, tuple[str, ...]],
    *,
    adjacent: bool,
) -> Pattern:
    try:
        return compile_pattern(source, codes, sets, adjacent=adjacent)
    except PatternSyntaxError as error:
        raise file.wrong(where, f"tokens: {error}") from error


def _kind(kind: str, files: list[_File], lexicon: Lexicon) -> KindRules:
    """The rules of a kind, its triggers read now and the rest when it is asked for."""
    of_kind = [file for file in files if file.kind == kind]
    triggers = tuple(word.lower() for file in of_kind for word in file.head.get("triggers", ()))
    wakes = [
        compiled(_expression(file, "wake", file.head["wake"]))
        for file in of_kind
        if "wake" in file.head
    ]
    wake = wakes[0] if wakes else None
    return KindRules(kind, triggers, wake, partial(_reading, kind, files, lexicon))


def _reading(kind: str, files: list[_File], lexicon: Lexicon) -> _Reading:
    """All that the files say to a kind."""
    of_kind = [file for file in files if file.kind == kind]
    private = [file for file in of_kind if file.private]
    sets = _sets(files, kind)
    known = _coded(private, lexicon.codes)
    captures = {name for file in of_kind for name in file.data.get("captures", ())}
    codes: dict[str, str] = {}
    for file in of_kind:
        for name in file.data.get("vocabulary", ()):
            for member in sets.get(name, (name,)):
                if member not in known:
                    raise file.wrong("vocabulary", f"unknown token class {member}")
                codes[member] = known[member]
    rules: dict[str, Rule] = {}
    for file in of_kind:
        for entry in file.entries("rule"):
            rule = _rule(file, entry, kind, codes, sets, captures)
            rules[rule.id] = rule
    heard = (file for file in files if file.kind in (None, kind))
    cues = (_cue(file, entry, known) for file in heard for entry in file.entries("cue"))
    heeded = tuple(cue for cue in cues if kind in cue.kinds)
    own = _private_lexicon(private, codes, known, lexicon.openings, sets) if private else None
    return _Reading(codes, tuple(rules.values()), heeded, own)


def _private_lexicon(
    files: list[_File],
    codes: dict[str, str],
    known: dict[str, str],
    openings: Openings,
    sets: _Sets,
) -> Lexicon:
    """What a kind alone sees. Its phrases join private classes, the vocabulary, and what they
    name."""
    own = _words_of(files, known, sets, openings)
    own.gives_way = any(file.data.get("gives_way") is True for file in files)
    named = {entry["class"] for file in files for entry in file.words()}
    for phrase in own.phrases:
        named |= {m for name in phrase.pattern.names for m in sets.get(name, (name,))}
    own.codes = codes | {name: known[name] for name in named}
    return own


def _cue(file: _File, entry: Mapping[str, Any], codes: Mapping[str, str]) -> Cue:
    name = str(entry.get("name", "cue"))
    if entry.get("class") not in codes:
        raise file.wrong(name, f"unknown token class {entry.get('class')}")
    if entry.get("side") not in ("before", "after", "around"):
        raise file.wrong(name, "side must be before, after or around")
    if entry.get("reach") not in ("clause", "sentence", "paragraph"):
        raise file.wrong(name, "reach must be clause, sentence or paragraph")
    kinds = frozenset(entry.get("kinds", ()))
    if not kinds or kinds - set(KINDS):
        raise file.wrong(name, f"kinds must be of {', '.join(KINDS)}")
    return Cue(name, entry["class"], entry["side"], entry["reach"], kinds)


def _rule(
    file: _File,
    entry: Mapping[str, Any],
    kind: str,
    codes: Mapping[str, str],
    sets: Mapping[str, tuple[str, ...]],
    captures: set[str],
) -> Rule:
    name = str(entry.get("id", ""))
    if not re.fullmatch(r"[a-z]+\.[a-z0-9-]+", name):
        raise file.wrong(name or "rule", "id must look like dose.per-kilogram")
    if not entry.get("about"):
        raise file.wrong(name, "about is missing: say in a line what the rule reads")
    if ("tokens" in entry) == ("regex" in entry):
        raise file.wrong(name, "give either tokens or regex")
    pattern = expression = None
    if "tokens" in entry:
        pattern = _pattern(file, name, entry["tokens"], codes, sets, adjacent=False)
        fields = set(pattern.groups.values())
    else:
        expression = _expression(file, name, entry["regex"])
        fields = set(_GROUP.findall(expression))
    for unknown in sorted((fields | set(entry.get("set", {}))) - captures):
        raise file.wrong(name, f"{unknown!r} is not a field of {kind}")
    not_after = frozenset(m for n in entry.get("not_after", ()) for m in sets.get(n, (n,)))
    examples = tuple(_example(file, name, example) for example in entry.get("example", ()))
    return Rule(
        name,
        kind,
        entry["about"],
        file.name,
        pattern,
        expression,
        not_after,
        entry.get("set", {}),
        examples,
    )


def _example(file: _File, rule: str, entry: Mapping[str, Any]) -> Example:
    unknown = set(entry) - _ENTRY_KEYS["example"]
    if unknown:
        raise file.wrong(rule, f"example: unknown key {sorted(unknown)[0]!r}")
    if "text" not in entry or "found" not in entry:
        raise file.wrong(rule, "an example has text and found")
    if not entry["found"] and not entry.get("why"):
        raise file.wrong(rule, "an example that finds nothing says why")
    return Example(entry["text"], tuple(entry["found"]), entry.get("why", ""))


def _check_used(files: list[_File]) -> None:
    """Every class of words, shapes and phrases is looked at by some phrase, cue or kind of fact, or
    is called a mask: its words are there to keep others from being seen in them."""
    used: set[str] = set()
    sets = {kind: _sets(files, kind) for kind in (None, *KINDS)}
    for file in files:
        named = {*file.data.get("vocabulary", ()), *file.data.get("masks", ())}
        named.update(entry["class"] for entry in file.entries("cue"))
        for entry in file.entries("phrase"):
            named.update(_CLASS.findall(entry["tokens"]))
        used |= named
        used.update(member for name in named for member in sets[file.kind].get(name, ()))
    for file in files:
        for key in _WORDS:
            for entry in file.entries(key):
                if entry["class"] not in used:
                    raise file.wrong(entry["class"], f"no rule looks at this class of {key}s")
