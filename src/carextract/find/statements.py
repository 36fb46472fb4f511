"""Token rules to statements: which rule reads which tokens of a paragraph, and in what context."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from carextract.find.paragraphs import Paragraph
from carextract.grammar.pattern import Match
from carextract.grammar.tokens import Token, View
from carextract.rules import Cue, KindRules, Rule

_CLAUSE_ENDS = frozenset({"COMMA", "SEMICOLON", "STOP"})


@dataclass(frozen=True, slots=True)
class Statement:
    """A rule that matched: token indices [first, last) of the view, and what it captured."""

    rule: Rule
    match: Match
    view: View

    @property
    def start(self) -> int:
        """Where the statement begins in its paragraph."""
        return self.view.tokens[self.match.first].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.view.tokens[self.match.last - 1].end

    def all(self, field: str) -> tuple[Token, ...]:
        """The tokens captured as ``field``; empty where the rule captured none."""
        return self.match.fields.get(field, ())

    def one(self, field: str) -> Token | None:
        """The first token captured as ``field``."""
        tokens = self.all(field)
        return tokens[0] if tokens else None


def statements(seen: View, rules: KindRules) -> Iterator[Statement]:
    """The statements of a paragraph from left to right, not overlapping.

    At each token the rule that reads most tokens wins; of equals, the one that stands first.
    """
    present = frozenset(seen.codes)
    upcoming = {
        i: match
        for i, rule in enumerate(rules.rules)
        if rule.pattern and rule.pattern.may_match(present) and (match := _next(rule, seen, 0))
    }
    while upcoming:
        number, match = min(upcoming.items(), key=lambda hit: (hit[1].first, -hit[1].last))
        yield Statement(rules.rules[number], match, seen)
        for other, later in list(upcoming.items()):
            if later.first < match.last:
                following = _next(rules.rules[other], seen, match.last)
                if following is None:
                    del upcoming[other]
                else:
                    upcoming[other] = following


def _next(rule: Rule, seen: View, index: int) -> Match | None:
    """Where a rule next matches, at token ``index`` or later."""
    while match := rule.pattern.search(seen, index) if rule.pattern else None:
        if match.first == 0 or seen.tokens[match.first - 1].kind not in rule.not_after:
            return match
        index = match.first + 1
    return None


def contexts(paragraph: Paragraph, start: int, end: int, rules: KindRules) -> frozenset[str]:
    """The names of the cues in force on paragraph[start:end]."""
    if not rules.cues:
        return frozenset()
    tokens = paragraph.tokens
    left = bisect_right(tokens, start, key=lambda token: token.end)
    right = bisect_left(tokens, end, key=lambda token: token.start)
    before = (tokens[index] for index in range(left - 1, -1, -1))
    after = (tokens[index] for index in range(right, len(tokens)))
    return frozenset((*_felt(before, "before", rules.cues), *_felt(after, "after", rules.cues)))


def _felt(tokens: Iterable[Token], side: str, cues: Sequence[Cue]) -> Iterator[str]:
    """The cues among the tokens on one side, nearest first, up to the end of what each reaches."""
    listened: dict[str, list[Cue]] = {}
    for cue in cues:
        if cue.side in (side, "around"):
            listened.setdefault(cue.kind, []).append(cue)
    anywhere = any(cue.reach == "paragraph" for cue in cues)
    in_reach = {"clause", "sentence", "paragraph"}
    for token in tokens:
        if token.kind in _CLAUSE_ENDS:
            in_reach.discard("clause")
        if token.kind == "STOP":
            in_reach.discard("sentence")
            if not anywhere:
                return
        for cue in listened.get(token.kind, ()):
            if cue.reach in in_reach:
                yield cue.name
