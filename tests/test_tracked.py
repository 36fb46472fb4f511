"""Positions: what a text remembers of where it came from, whatever was done to it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from carextract.tracked import Piece, Span, TrackedText

TEXTS = st.text(st.characters(codec=None), max_size=40)
NEW = st.text("ab^ \n", max_size=3)


@st.composite
def replaced(draw: st.DrawFn) -> TrackedText:
    """A text after up to four steps of random replacements."""
    text = TrackedText.of(draw(TEXTS))
    for number in range(draw(st.integers(0, 4))):
        text = text.replace(f"step-{number}", draw(changes(len(text.text))))
    return text


@st.composite
def changes(draw: st.DrawFn, length: int) -> list[tuple[int, int, str]]:
    places = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    pairs = list(zip(places[::2], places[1::2], strict=False))
    return [(start, end, draw(NEW)) for start, end in pairs]


@given(replaced())
def test_spans_lie_in_the_source_in_order(text: TrackedText) -> None:
    spans = [text.source_spans(i, i + 1) for i in range(len(text.text))]
    for one in spans:
        for span in one:
            assert 0 <= span.start < span.end <= len(text.source)
    firsts = [one[0] for one in spans if one]
    assert firsts == sorted(firsts, key=lambda span: (span.start, span.end))


@given(replaced(), st.data())
def test_a_range_covers_the_characters_in_it(text: TrackedText, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text.text)))
    end = data.draw(st.integers(start, len(text.text)))
    spans = text.source_spans(start, end)
    if start == end:
        assert spans == ()
    elif not text.repairs(start, end):
        (span,) = spans
        assert text.source[span.start : span.end] == text.text[start:end]


@given(replaced())
def test_an_untouched_character_points_at_itself(text: TrackedText) -> None:
    for i, character in enumerate(text.text):
        if not text.repairs(i, i + 1):
            (span,) = text.source_spans(i, i + 1)
            assert text.source[span.start : span.end] == character


@given(replaced())
def test_edits_quote_the_source(text: TrackedText) -> None:
    for edit in text.edits:
        assert edit.before == text.source[edit.start : edit.end]


@given(TEXTS, st.data())
def test_two_steps_are_one_when_they_do_not_meet(source: str, data: st.DataObject) -> None:
    """Composition: changes made in one step or in two lead back to the same places."""
    both = [change for change in data.draw(changes(len(source))) if change[0] < change[1]]
    half = len(both) // 2
    assume(half == 0 or both[half - 1][1] < both[half][0])  # an insertion is known by what it meets
    at_once = TrackedText.of(source).replace("step", both)
    in_two = TrackedText.of(source).replace("step", both[half:]).replace("step", both[:half])
    assert at_once.text == in_two.text
    for i in range(len(at_once.text)):
        assert at_once.source_spans(i, i + 1) == in_two.source_spans(i, i + 1)


@given(replaced(), st.data())
def test_a_rewriting_is_as_many_single_changes(text: TrackedText, data: st.DataObject) -> None:
    new = "".join(data.draw(st.sampled_from([c, "x"])) for c in text.text)
    rewritten = text.rewrite("all", new).replace("later", [(0, min(1, len(new)), "")])
    places = [(i, i + 1, c) for i, c in enumerate(new) if c != text.text[i]]
    one_by_one = text.replace("all", places).replace("later", [(0, min(1, len(new)), "")])
    assert rewritten.text == one_by_one.text
    for i in range(len(rewritten.text)):
        assert rewritten.source_spans(i, i + 1) == one_by_one.source_spans(i, i + 1)
        assert rewritten.repairs(i, i + 1) == one_by_one.repairs(i, i + 1)
    for edit in rewritten.edits:
        assert edit.before == text.source[edit.start : edit.end]


def test_a_rewriting_keeps_the_length() -> None:
    with pytest.raises(ValueError, match="1 characters for 3"):
        TrackedText.of("abc").rewrite("step", "a")


def test_edits_of_a_rewriting_are_runs() -> None:
    text = TrackedText.of("系統性紅斑狼瘡，療效").rewrite("traditional", "系统性红斑狼疮，疗效")
    assert [(edit.before, edit.after) for edit in text.edits] == [
        ("統", "统"),
        ("紅", "红"),
        ("瘡", "疮"),
        ("療", "疗"),
    ]


@given(TEXTS, st.data())
def test_moved_characters_keep_their_places(source: str, data: st.DataObject) -> None:
    middle = data.draw(st.integers(0, len(source)))
    pieces: list[Piece] = [(middle, len(source)), "\n", (0, middle)]
    text = TrackedText.of(source).rearrange("columns", [(0, len(source), pieces)])
    assert text.text == source[middle:] + "\n" + source[:middle]
    for i in range(len(source)):
        here = i - middle if i >= middle else i + len(source) - middle + 1
        assert text.source_spans(here, here + 1) == (Span(i, i + 1),)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_same_length_stays_one_to_one(size: int) -> None:
    text = TrackedText.of("x" * size).replace("width", [(0, size, "y" * size)])
    assert [text.source_spans(i, i + 1) for i in range(size)] == [
        (Span(i, i + 1),) for i in range(size)
    ]


def test_another_length_stands_for_the_whole_piece() -> None:
    text = TrackedText.of("a &times; b").replace("html", [(2, 9, "×")])
    assert text.source_spans(2, 3) == (Span(2, 9),)
    assert text.source_spans(0, 5) == (Span(0, 11),)


def test_an_insertion_is_covered_by_its_neighbours() -> None:
    text = TrackedText.of("106").replace("ocr-numbers", [(2, 2, "^")])
    assert text.text == "10^6"
    assert text.source_spans(0, 4) == (Span(0, 3),)
    assert text.source_spans(2, 3) == (Span(1, 3),)
    assert text.source_spans(2, 4) == (Span(2, 3),)


def test_removed_characters_are_at_no_edge() -> None:
    text = TrackedText.of("--ab--cd--").replace("noise", [(0, 2, ""), (4, 6, ""), (8, 10, "")])
    assert text.text == "abcd"
    assert text.source_spans(0, 4) == (Span(2, 8),)
    assert text.source_spans(0, 2) == (Span(2, 4),)
    assert text.repairs(0, 2) == ()
    assert text.repairs(0, 4) == ("noise",)


def test_only_what_is_foreign_splits_a_span() -> None:
    source = "from 16\n\n- 9 -\n\nto 0"
    text = TrackedText.of(source).replace("page-furniture", [(9, 16, "")], foreign=True)
    text = text.replace("linebreaks", [(7, 9, " ")])
    assert text.text == "from 16 to 0"
    spans = text.source_spans(0, len(text.text))
    assert [source[span.start : span.end] for span in spans] == ["from 16\n\n", "to 0"]
    assert text.source_spans(0, 7) == (Span(0, 7),)
    assert text.repairs(0, len(text.text)) == ("linebreaks", "page-furniture")


def test_a_moved_quote_is_several_spans() -> None:
    source = "1 × 10^5 or  G1\n3 × 10^5     G2"
    pieces: list[Piece] = [(0, 11), " ", (16, 24), "  ", (13, 15), " ", (29, 31)]
    text = TrackedText.of(source).rearrange("table-cells", [(0, len(source), pieces)])
    spans = text.source_spans(0, 20)
    assert [source[span.start : span.end] for span in spans] == ["1 × 10^5 or", "3 × 10^5"]
    assert text.repairs(0, 5) == ("table-cells",)


def test_changes_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="out of order"):
        TrackedText.of("abc").replace("step", [(1, 2, ""), (0, 1, "")])
    with pytest.raises(ValueError, match="out of range"):
        TrackedText.of("abc").rearrange("step", [(1, 9, [])])


def test_nothing_changed_is_the_same_text() -> None:
    text = TrackedText.of("abc")
    assert text.replace("step", [(0, 1, "a"), (2, 2, "")]) is text
    assert text.rearrange("step", []) is text
