"""Token rules to statements: which rule reads which tokens of a paragraph, and in what context."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from carextract.find.paragraphs import Paragraph
from carextract.grammar.pattern import Match
from carextract.grammar.tokens import Token, View
from carextract.rules import KindRules, Rule

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
    upcoming = {i: match for i, rule in enumerate(rules.rules) if (match := _next(rule, seen, 0))}
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
    wanted = {cue.kind for cue in rules.cues}
    before = [t for t in paragraph.tokens if t.end <= start]
    after = [t for t in paragraph.tokens if t.start >= end]
    sides = {"before": list(reversed(before)), "after": after}
    names: set[str] = set()
    if not wanted:
        return frozenset()
    for cue in rules.cues:
        for side in ("before", "after") if cue.side == "around" else (cue.side,):
            if any(t.kind == cue.kind for t in _within(sides[side], cue.reach)):
                names.add(cue.name)
    return frozenset(names)


def _within(tokens: list[Token], reach: str) -> Iterator[Token]:
    """The tokens up to the end of the clause, sentence or paragraph, nearest first."""
    for token in tokens:
        if reach != "paragraph" and token.kind == "STOP":
            return
        if reach == "clause" and token.kind in _CLAUSE_ENDS:
            return
        yield token
