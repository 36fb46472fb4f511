"""What is shown around a quote: whole text, cut exactly where quotes begin and end."""

import time
from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carextract.records import Evidence
from carextract.report.excerpts import Excerpt, Excerpts, Mark

TEXTS = st.text(alphabet="ab1 。例\n\U0001f9ec\u202e\udc80", min_size=1, max_size=900)


def quote(text: str, start: int, end: int) -> Evidence:
    return Evidence(text=text[start:end], start=start, end=end)


def marked(excerpt: Excerpt, fact: int) -> str:
    return "".join(segment.text for segment in excerpt.segments if fact in segment.facts)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    """A text and quotes in it, which may overlap, of up to six facts."""
    text = draw(TEXTS)
    places = st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True)
    spans = draw(st.lists(places.map(sorted), min_size=1, max_size=8))
    return text, [Mark(start, end, number % 6) for number, (start, end) in enumerate(spans)]


def evidence_of(text: str, marks: Iterable[Mark]) -> dict[int, list[Evidence]]:
    """The quotes of each fact."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    for mark in marks:
        found[mark.fact].append(quote(text, mark.start, mark.end))
    return found


def window(excerpt: Excerpt) -> range:
    """The places in the source text that an excerpt shows."""
    size = sum(len(segment.text) for segment in excerpt.segments)
    return range(excerpt.start, excerpt.start + size)


@given(marked_texts())
def test_own_marks_are_exactly_the_quotes(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    excerpts = Excerpts(text, marks)
    for fact, evidence in evidence_of(text, marks).items():
        found, left_out = excerpts.of(fact, evidence)
        assert left_out == 0
        own = {at for each in evidence for at in range(each.start, each.end)}
        for excerpt in found:
            shown = window(excerpt)
            assert text[shown.start : shown.stop] == "".join(s.text for s in excerpt.segments)
            assert marked(excerpt, fact) == "".join(text[at] for at in shown if at in own)
        for each in evidence:
            windows = [window(excerpt) for excerpt in found]
            assert any(w.start <= each.start and each.end <= w.stop for w in windows)


@given(marked_texts())
def test_of_other_facts_the_quotes_that_are_whole_are_marked(
    case: tuple[str, list[Mark]],
) -> None:
    text, marks = case
    excerpts = Excerpts(text, marks)
    for fact, evidence in evidence_of(text, marks).items():
        for excerpt in excerpts.of(fact, evidence)[0]:
            shown = window(excerpt)
            for other in {mark.fact for mark in marks} - {fact}:
                whole = {
                    at
                    for mark in marks
                    if mark.fact == other and shown.start <= mark.start and mark.end <= shown.stop
                    for at in range(mark.start, mark.end)
                }
                assert marked(excerpt, other) == "".join(text[at] for at in sorted(whole))


@given(marked_texts())
def test_without_the_text_the_quote_alone_is_shown(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    excerpts = Excerpts(None, marks)
    for mark in marks:
        (excerpt,), _ = excerpts.of(mark.fact, [quote(text, mark.start, mark.end)])
        assert marked(excerpt, mark.fact) == text[mark.start : mark.end]
        assert "".join(segment.text for segment in excerpt.segments) == marked(excerpt, mark.fact)


def test_a_quote_of_another_fact_that_is_cut_is_not_marked() -> None:
    text = "1级CRS" + "，" * 256 + "0.5×10⁸个细胞"
    at = text.index("0.5")
    marks = [Mark(0, 5, 0), Mark(at, at + 7, 1)]
    excerpts = Excerpts(text, marks)
    (excerpt,), _ = excerpts.of(0, [quote(text, 0, 5)])
    assert excerpt.segments[-1].text.endswith("，0.5×")
    assert (marked(excerpt, 0), marked(excerpt, 1)) == ("1级CRS", "")
    (excerpt,), _ = excerpts.of(1, [quote(text, at, at + 7)])
    assert marked(excerpt, 1) == "0.5×10⁸"


@pytest.mark.parametrize("size", [10, 300, 2_500])
def test_thousands_of_overlapping_quotes_are_cut_in_little_time_and_room(size: int) -> None:
    text = "狼疮" * 5_000
    marks = [Mark(at, at + size, at) for at in range(2_500)]
    excerpts = Excerpts(text, marks)
    began = time.process_time()
    for mark in marks:
        (excerpt,), _ = excerpts.of(mark.fact, [quote(text, mark.start, mark.end)])
        assert min(size, 2_000) <= len(marked(excerpt, mark.fact)) <= size
        assert len(excerpt.segments) < 100
        assert all(len(segment.facts) < 50 for segment in excerpt.segments)
    assert time.process_time() - began < 5


def test_an_excerpt_begins_and_ends_between_words() -> None:
    text = "pneumonitis " * 60
    at = text.index("pneumonitis", 300)
    (excerpt,), _ = Excerpts(text, [Mark(at, at + 11, 0)]).of(0, [quote(text, at, at + 11)])
    words = "".join(segment.text for segment in excerpt.segments).split()
    assert set(words) == {"pneumonitis"}
    assert excerpt.cut == (True, True)


@pytest.mark.parametrize(("count", "shown", "left_out"), [(1, 1, 0), (12, 12, 0), (30, 12, 18)])
def test_of_a_number_on_every_page_some_are_shown(count: int, shown: int, left_out: int) -> None:
    text = ("NCT05765006" + " " * 2_000) * count
    spans = [quote(text, at * 2_011, at * 2_011 + 11) for at in range(count)]
    found, missing = Excerpts(text, [Mark(s.start, s.end, 0) for s in spans]).of(0, spans)
    assert (len(found), missing) == (shown, left_out)


def test_quotes_side_by_side_share_an_excerpt() -> None:
    text = "从18分降至4分，随后为2分。"
    spans = [quote(text, 1, 3), quote(text, 6, 7), quote(text, 12, 13)]
    (excerpt,), _ = Excerpts(text, [Mark(s.start, s.end, 0) for s in spans]).of(0, spans)
    assert marked(excerpt, 0) == "1842"


def test_one_line_of_a_megabyte_is_cut() -> None:
    text = "狼疮" * 500_000
    (excerpt,), _ = Excerpts(text, [Mark(7, 9, 0)]).of(0, [quote(text, 7, 9)])
    assert sum(len(segment.text) for segment in excerpt.segments) < 1_000
    assert excerpt.cut == (False, True)


def test_no_other_quote_of_the_fact_is_cut_at_the_end_of_an_excerpt() -> None:
    text = "未发生ICANS" + "，" * 255 + "未发生ICANS" + "，" * 255 + "未发生ICANS"
    spans = [quote(text, at, at + 8) for at in (0, 263, 526)]
    marks = [Mark(span.start, span.end, 0) for span in spans]
    found, _ = Excerpts(text, marks).of(0, [spans[1], spans[0], spans[2]])
    assert [marked(excerpt, 0) for excerpt in found] == ["未发生ICANS" * 3]
