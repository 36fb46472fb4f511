"""Token patterns over small token lists."""

from __future__ import annotations

import pytest

from carextract.grammar.pattern import PatternSyntaxError, compile_pattern
from carextract.grammar.tokens import Token, view

CODES = {"A": "\ue001", "B": "\ue002", "C": "\ue003"}
SETS = {"AB": ("A", "B")}


def tokens(text: str) -> list[Token]:
    """Capital letters as tokens of that class; all else is filler."""
    return [Token(c, i, i + 1, c) for i, c in enumerate(text) if c in CODES]


@pytest.mark.parametrize(
    ("source", "text", "matched"),
    [
        ("A B", "AB", "AB"),
        ("A B", "A 患者在 B", "A 患者在 B"),
        ("A B", "A 一二三四五六七八九十 B", None),
        ("A ~B", "A 一二三四五六七八九十 B", "A 一二三四五六七八九十 B"),
        ("A &B", "A 在 B", None),
        ("A &B", "A  B", "A  B"),
        ("A (B | C)?", "AC", "AC"),
        ("A (B | C)?", "AA", "A"),
        ("AB C", "BC", "BC"),
        ("A{2,3}", "AAAA", "AAA"),
        ("A (?!B)", "AB", None),
        ("A (?=B)", "AB", "A"),
    ],
)
def test_what_a_pattern_matches(source: str, text: str, matched: str | None) -> None:
    seen = view(tokens(text), text, CODES)
    match = compile_pattern(source, CODES, SETS, adjacent=False).match(seen, 0)
    if matched is None:
        assert match is None
    else:
        assert match is not None
        assert text[seen.tokens[match.first].start : seen.tokens[match.last - 1].end] == matched


def test_a_field_holds_every_token_it_captured() -> None:
    text = "ABCB"
    seen = view(tokens(text), text, CODES)
    match = compile_pattern("x:A y:(B C) x:B", CODES, SETS, adjacent=False).match(seen, 0)
    assert match is not None
    assert [t.value for t in match.fields["x"]] == ["A", "B"]
    assert [t.value for t in match.fields["y"]] == ["B", "C"]


@pytest.mark.parametrize("source", ["A*", "A+", "D", "(A", "A)", "a", "A {1,}"])
def test_what_is_refused(source: str) -> None:
    with pytest.raises(PatternSyntaxError):
        compile_pattern(source, CODES, SETS, adjacent=False)


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        ("A B", ["A", "B"]),
        ("A B?", ["A"]),
        ("A B{0,2} C{1,2}", ["A", "C"]),
        ("AB (C)?", ["AB"]),
        ("(A | B) C", ["C"]),
        ("A (?!B)", ["A"]),
        ("A | B C", []),
        ("A (B C)? x:C", ["A", "C"]),
    ],
)
def test_what_a_pattern_cannot_do_without(source: str, needed: list[str]) -> None:
    pattern = compile_pattern(source, CODES, SETS, adjacent=False)
    wanted = ["".join(CODES[name] for name in SETS.get(item, (item,))) for item in needed]
    assert list(pattern.needed) == wanted
