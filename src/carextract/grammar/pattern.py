"""Token patterns: one line of a pattern file, compiled to a regular expression over token codes.

    GRADE EVENT (count:COUNT | OPEN count:COUNT CLOSE)?

An item is a token class or a set of classes. Between two items a short stretch of filler may stand;
``~ITEM`` allows a longer one before it, ``&ITEM`` none at all. ``field:ITEM`` and ``field:( ... )``
capture. Groups, ``|``, ``?``, ``{m,n}``, ``(?= ... )`` and ``(?! ... )`` are as in regular
expressions; ``*`` and ``+`` are refused, so that no pattern can run away.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Set
from functools import cache
from typing import NamedTuple

from carextract.grammar.tokens import MEDIUM, SHORT, Token, View

_PIECE = re.compile(
    r"\s*(?:(?P<open>(?:[a-z_]+:)?\((?:\?[=!:])?)|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<times>\?|\{\d+(?:,\d+)?\})"
    r"|(?P<field>[a-z_]+:)?(?P<reach>[~&])?(?P<name>[A-Z][A-Z0-9_]*))"
)


@cache
def compiled(expression: str) -> re.Pattern[str]:
    """A regular expression, compiled when first used: most texts need few of those in force."""
    return re.compile(expression)


class PatternSyntaxError(ValueError):
    """A token pattern that cannot be compiled; the message says where."""


class Match(NamedTuple):
    """Where a pattern matched: token indices [first, last) of the view, and the captured tokens."""

    first: int
    last: int
    fields: Mapping[str, tuple[Token, ...]]


class Pattern(NamedTuple):
    """A compiled token pattern."""

    source: str
    expression: str
    groups: Mapping[str, str]  # group name in the expression -> field
    names: frozenset[str]  # token classes and sets it mentions
    needed: tuple[str, ...]  # of the codes in each, one must be there for a match anywhere

    @property
    def regex(self) -> re.Pattern[str]:
        """The regular expression over the codes of tokens."""
        return compiled(self.expression)

    def may_match(self, present: Set[str]) -> bool:
        """Whether all that the pattern cannot do without is among some codes: most patterns fit
        nothing in a paragraph, and their expressions need not even be compiled."""
        for needed in self.needed:  # noqa: SIM110 - a plain loop takes half the time
            if present.isdisjoint(needed):
                return False
        return True

    def match(self, seen: View, index: int) -> Match | None:
        """The match that starts at token ``index``, or None."""
        found = self.regex.match(seen.codes, seen.starts[index])
        return self.captured(seen, found) if found and found.end() > found.start() else None

    def search(self, seen: View, index: int) -> Match | None:
        """The first match that starts at token ``index`` or later, or None."""
        at = seen.starts[index] if index < len(seen.starts) else len(seen.codes)
        if index and not self.may_match(set(seen.codes[at:])):
            return None
        while found := self.regex.search(seen.codes, at):
            if found.end() > found.start():
                return self.captured(seen, found)
            at = found.end() + 1
        return None

    def captured(self, seen: View, found: re.Match[str]) -> Match:
        """What the regular expression found, in tokens."""
        fields: dict[str, tuple[Token, ...]] = {}
        for group, field in self.groups.items():
            start, end = found.span(group)
            if start >= 0:
                first, last = bisect_left(seen.starts, start), bisect_left(seen.starts, end)
                fields[field] = fields.get(field, ()) + seen.tokens[first:last]
        first, last = (bisect_left(seen.starts, at) for at in found.span())
        return Match(first, last, fields)


def compile_pattern(
    source: str, codes: Mapping[str, str], sets: Mapping[str, tuple[str, ...]], *, adjacent: bool
) -> Pattern:
    """Compile a token pattern. ``codes`` gives each class its character, ``sets`` name several
    classes; with ``adjacent`` no filler at all may stand between items (phrases).

    Raises PatternSyntaxError for an unknown class or a construct that is not allowed.
    """
    parts: list[str] = []
    groups: dict[str, str] = {}
    names: set[str] = set()
    needed: list[str] = []  # of each item outside all brackets
    alternatives = False
    gaps = {None: "" if adjacent else SHORT, "~": SHORT + MEDIUM, "&": ""}

    def capture(field: str) -> str:
        group = f"g{len(groups)}"
        groups[group] = field.rstrip(":")
        return f"(?P<{group}>"

    at = last = 0
    outside = False  # whether the last item stands outside all brackets
    opened: list[int] = []
    while source[at:].strip():
        piece = _PIECE.match(source, at)
        if piece is None:
            raise PatternSyntaxError(f"cannot read {source[at:].strip()[:20]!r}")
        at = piece.end()
        if piece["open"]:
            field, _, rest = piece["open"].rpartition("(")
            opened.append(len(parts))
            parts.append(capture(field) if field else "(" + (rest or "?:"))
        elif piece["close"]:
            if not opened:
                raise PatternSyntaxError("a bracket is closed that was never opened")
            last = opened.pop()
            outside = False
            parts.append(")")
        elif piece["times"]:
            if outside and piece["times"].startswith(("?", "{0")):
                needed.pop()
            parts[last:] = [_repeated("".join(parts[last:]), piece["times"], groups)]
        elif piece["bar"]:
            alternatives |= not opened
            parts.append("|")
        else:
            name = piece["name"]
            members = sets.get(name, (name,))
            unknown = [member for member in members if member not in codes]
            if unknown:
                raise PatternSyntaxError(f"unknown token class {unknown[0]}")
            names.add(name)
            gap = gaps[piece["reach"]]
            atom = f"[{gap}]?" if gap else ""
            choice = "".join(codes[member] for member in members)
            atom += "[" + re.escape(choice) + "]"
            outside = not opened
            if outside:
                needed.append(choice)
            last = len(parts)
            parts.append((capture(piece["field"]) if piece["field"] else "(?:") + atom + ")")
    if opened:
        raise PatternSyntaxError("a bracket is not closed")
    needed = [] if alternatives else needed
    return Pattern(source, "".join(parts), groups, frozenset(names), tuple(needed))


def _repeated(body: str, times: str, groups: dict[str, str]) -> str:
    """A group so many times. A regular expression keeps only the last of a repeated capture, so
    one that captures is written out as often as it may stand, each time with groups of its own."""
    if times == "?" or "(?P<" not in body:
        return body + times
    least, _, most = times[1:-1].partition(",")
    required, optional = int(least), int(most or least) - int(least)
    copies = [body] + [_copied(body, groups) for _ in range(required + optional - 1)]
    return (
        "".join(copies[:required]) + "".join(f"(?:{c}" for c in copies[required:]) + ")?" * optional
    )


def _copied(body: str, groups: dict[str, str]) -> str:
    """A piece of an expression with new names for its groups."""

    def renamed(match: re.Match[str]) -> str:
        name = f"g{len(groups)}"
        groups[name] = groups[match[1]]
        return f"(?P<{name}>"

    return re.sub(r"\(\?P<(g\d+)>", renamed, body)
