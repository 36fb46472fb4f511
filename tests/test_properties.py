"""What holds for any text: no crash, every quote at its place, nothing that breaks the contract."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carextract
from carextract.records import Document

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
TEXTS = [
    path.read_bytes().decode("utf-8")
    for path in sorted(SAMPLES.glob("*.txt"))
    if path.stem.rpartition("-")[2] not in ("gb18030", "big5")
]
# The pieces that facts are made of, thrown together without sense.
PIECES = [
    *("CRS", "ICANS", "细胞因子释放综合征", "1级", "grade 2", "≥3", "7例", "of 12 patients"),
    *("n=9", "86.7%", "均", "无", "no", "未发生", "all", "SLEDAI-2K", "SLEDAI评分", "从16分"),
    *("降至0", "from 18", "to 4", "→", "±", "(10-18)", "第12周", "at month 6", "，", "。", ". "),
    *("1.1 x 106", "×10^6", "个细胞", "/kg", "cells/kg", "mg/m2", "qd", "每日", "10-15", "100万"),
    *("up to", "氟达拉滨", "prednisone", "CD19 CAR-T", "NCT0", "12345678", "ChiCTR", "\n", "\n\n"),
    *(" | ", "  ", "、", "和", "respectively", "分别", "[8]", "[8,8]", "［3-5］", "Müller等"),
    *("这些患者", "These patients", "■", "1.\n", "-\n"),
]
# What stands in tables: heads, labels of rows and values under them, in any order.
CELLS = [
    *("CRS", "CRS (%)", "CRS grade", "CRS, n (%)", "ICANS发生率（%）", "Grade 1", "≥3级", "Arm A"),
    *("Arm B (n = 12)", "No. of patients", "Patient", "患者", "n", "%", "SLEDAI-2K baseline"),
    *("Month 3", "剂量（×10^6/kg）", "CAR-T细胞数（个）", "Trial", "NCT05012345", "MÜLLER［8］"),
    *("总体", "P-01", "0", "1", "2 (11%)", "2/18", "11.1%", "(5)", "–", "无", "2级", "16", "16±4"),
    *("4 (0-8)", "1.0", "■"),
]


def check(text: str) -> Document:
    """Parse a text and hold every record to the contract."""
    document = carextract.parse_text(text)
    for records in (document.trials, document.doses, document.sledai, document.toxicities):
        keys = [record.key for record in records]
        assert len(keys) == len(set(keys))
        for record in records:
            assert record.evidence
            for span in record.evidence:
                assert 0 <= span.start < span.end <= len(text)
                assert text[span.start : span.end] == span.text
    assert "invalid-record" not in {notice.code for notice in document.warnings}
    return document


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_any_text(text: str) -> None:
    check(text)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), min_size=2, max_size=40))
def test_pieces_without_sense(pieces: list[str]) -> None:
    check("".join(pieces))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(CELLS), min_size=2, max_size=5), min_size=2, max_size=6),
    st.sampled_from((" | ", "\t", "    ")),
)
def test_tables_without_sense(rows: list[list[str]], between: str) -> None:
    check("\n".join(between.join(row) for row in rows))


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A passage of a sample with characters dropped, doubled, replaced or moved apart."""
    text = draw(st.sampled_from(TEXTS))
    start = draw(st.integers(0, max(0, len(text) - 400)))
    characters = list(text[start : start + 400])
    for _ in range(draw(st.integers(1, 15))):
        if not characters:
            break
        at = draw(st.integers(0, len(characters) - 1))
        old = characters[at]
        new = ["", old * 2, f" {old}", "\n", "\n\n", "l", "O", "？", "）", "\0"]
        characters[at] = draw(st.sampled_from(new))
    return "".join(characters)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged())
def test_samples_with_damage(text: str) -> None:
    check(text)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(TEXTS), st.text(max_size=30))
def test_the_same_text_gives_the_same_bytes(text: str, ending: str) -> None:
    piece = text[:300] + ending
    assert check(piece).model_dump_json() == check(piece).model_dump_json()
