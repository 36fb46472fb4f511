"""Cleaning as a whole: it never fails, every place is true, sound text stays as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

import carextract
from carextract.clean import clean
from carextract.clean.characters import _RADICALS, _SINGLE, characters
from carextract.clean.steps import STEPS
from carextract.clean.traditional import CONTEXTUAL
from carextract.tracked import Span, TrackedText

ALPHABET = st.characters(codec=None)
DAMAGE = st.sampled_from(
    [
        *("\n", "\n\n", "\r\n", "\f", " ", "  ", "\t", "\u3000", "。", "，", ".", "$", "|"),
        *("1 0 6", "×", "x106", "lO", "CD 19", "N CT0", "ChiCTR-", "SLEDAI-", "SLE", "分", "]o"),
        *("- 3 -", "\\mathrm{", "}", "^{6}", "&lt;", "<td>", "</td>", "<sup>", "&#", "[1()]"),
        *("?。ㄌ", "犛犔犈", "(yī)", "細胞", "持 续 改 善", "■", "1-\n3", "from 1 2", "SLE\nDAI"),
    ]
)
MESSY = st.lists(st.one_of(DAMAGE, st.text(ALPHABET, max_size=4)), max_size=30).map("".join)

SOUND = [
    "我们回顾了该院收治的12例难治性狼疮患者，SLEDAI-2K由16分降至2分（P<0.01），均为1级CRS。",
    "一、方法\n给予氟达拉滨25 mg/m2×3 d，随后输注1×10^6/kg的CAR-T细胞。\n二、结果\n无ICANS。",
    "Six patients received 1 × 10^6 CAR-T cells per kg; CRS was grade 1 in four.\n\nNo ICANS.",
    "Patient  Age  SLEDAI\nP1       24   18 → 0\nP2       31   12 → 4",
    "| Trial | Phase |\n| --- | --- |\n| NCT05930314 | 1/2 |",
]


@given(st.one_of(MESSY, st.text(ALPHABET)))
def test_any_text_is_cleaned_and_every_place_is_true(source: str) -> None:
    text = clean(source)
    assert text.source == source
    for edit in text.edits:
        assert edit.before == source[edit.start : edit.end]
    for i in range(len(text.text)):
        for span in text.source_spans(i, i + 1):
            assert 0 <= span.start < span.end <= len(source)
        if not text.repairs(i, i + 1):
            (span,) = text.source_spans(i, i + 1)
            assert source[span.start : span.end] == text.text[i]


@pytest.mark.parametrize("source", SOUND)
def test_sound_text_stays(source: str) -> None:
    assert clean(source).text == source
    assert clean(source).edits == ()


@given(MESSY)
def test_names_of_repairs_are_the_steps(source: str) -> None:
    text = clean(source)
    assert set(text.repairs(0, len(text.text))) <= {edit.step for edit in text.edits}


def test_a_quote_leads_back_through_all_damage() -> None:
    source = (
        "剂量为ｌ.0 x lO6个\n\n细胞/kg，ＳＬＥＤＡＩ由１８分降\n\n"
        "· 12 ·\n\n至2分，其中三例停用了\n\n全部药物。"
    )
    text = clean(source)
    assert "剂量为1.0 × 10^6个细胞/kg" in text.text
    at = text.text.index("1.0")
    (dose,) = text.source_spans(at, at + len("1.0 × 10^6个细胞/kg"))
    assert source[dose.start : dose.end] == "ｌ.0 x lO6个\n\n细胞/kg"
    assert text.repairs(at, at + 3) == ("ocr-numbers", "width")
    at = text.text.index("SLEDAI由18分降至2分")
    spans = text.source_spans(at, at + len("SLEDAI由18分降至2分"))
    assert [source[span.start : span.end].strip() for span in spans] == [
        "ＳＬＥＤＡＩ由１８分降",
        "至2分",
    ]


KNOWN = [
    "剂量\n每公斤一百万个细胞，\n随访半年",
    "Patient  Age  SLEDAI\nP1       24   18 → 0\n         (n = 3)",
    "表1 | SLEDAI | CRS\n1 | 16 | -\n2 | - | 1",
]


@pytest.mark.parametrize("source", KNOWN)
def test_a_known_layout_is_not_guessed_at(source: str) -> None:
    assert clean(source, layout_known=True).edits == ()


def test_words_broken_at_line_ends_are_joined_in_a_known_layout() -> None:
    source = (
        "Lympho-\ndepletion with anti-\nCD19 CAR-\nT cells (NCT0610-\n6906) for 3-\n5 days\nNext"
    )
    text = clean(source, layout_known=True)
    assert text.text == (
        "Lymphodepletion with anti-CD19 CAR-T cells (NCT0610-6906) for 3-5 days\nNext"
    )
    assert text.repairs(0, len("Lymphodepletion")) == ("linebreaks",)


def test_a_number_cut_at_a_line_end_is_joined_in_a_known_layout() -> None:
    for head, tail in (
        ("EU CT 2022-50", "2634-15-00"),
        ("EudraCT 2019-0012", "34-56"),
        ("NCT061", "06906"),
        ("ChiCTR-OPN-160", "09847"),
        ("ISRCTN1234", "5678"),
    ):
        text = clean(f"Registered as {head}\n{tail} (lupus)", layout_known=True)
        assert text.text == f"Registered as {head}{tail} (lupus)"
        at = text.text.index(head)
        assert text.repairs(at, at + len(head + tail)) == ("linebreaks",)
        assert text.source_spans(at, at + len(head + tail)) == (
            Span(at, at + len(head + tail) + 1),
        )


@pytest.mark.parametrize(
    "source",
    [
        "Enrolment ended in 2021\n12 patients were treated, the oldest aged 64\n3 of them twice",
        "NCT06106906\n12 patients and EudraCT 2019-001234-56\n8 patients",
    ],
)
def test_any_other_line_end_between_figures_is_a_space_in_a_known_layout(source: str) -> None:
    text = clean(source, layout_known=True)
    assert text.text == source.replace("\n", " ")
    assert text.edits == ()
    assert text.source_spans(0, len(source)) == (Span(0, len(source)),)


def test_rows_and_paragraphs_that_begin_with_a_figure_stay_apart_in_a_known_layout() -> None:
    for source in ("Table 2\n2021 | 3\n2022 | 4\n", "seen in 2021\n\n12 patients"):
        assert clean(source, layout_known=True).text == source


def test_importing_cleaning_loads_no_dictionary() -> None:
    code = "import sys, carextract.clean as c; c.clean('SLE 患者，均缓解。'); print(*sys.modules)"
    environment = os.environ | {"PYTHONPATH": str(Path(carextract.__file__).parents[1])}
    loaded = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True
    ).stdout.split()
    assert not {"jieba", "opencc", "pydantic"} & set(loaded)


def test_jieba_leaves_no_trace(tmp_path: Path) -> None:
    """A text with gaps inside words is read by jieba: silently, and with no cache on the disk."""
    code = (
        "import sys, carextract.clean as c\n"
        "text = c.clean('异 常激活的细胞，随访中 位时间').text\n"
        "assert text == '异常激活的细胞，随访中位时间', text\n"
        "assert 'jieba' in sys.modules"
    )
    environment = os.environ | {
        "PYTHONPATH": str(Path(carextract.__file__).parents[1]),
        "TMPDIR": str(tmp_path),
    }
    result = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", code],
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )
    assert result.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("source", ["One patient had CRS.", "患者接受CD19 CAR-T细胞后缓解。"])
def test_steps_without_signs_are_not_loaded(source: str) -> None:
    code = (
        f"import sys, carextract.clean as c; c.clean({source!r})\n"
        "print(*(name for name in sys.modules if name.startswith('carextract.clean.')))"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(carextract.__file__).parents[1])}
    loaded = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True
    ).stdout.split()
    assert {name.removeprefix("carextract.clean.") for name in loaded} <= {
        *("steps", "pattern", "shape", "substitute", "line_ends"),
        *("ocr_numbers", "characters"),
    }


@pytest.mark.parametrize("character", [*_SINGLE, *_RADICALS, "\r", "\u3000"])
def test_every_odd_character_is_a_sign(character: str) -> None:
    (step,) = (step for step in STEPS if step.name == "characters")
    assert step.may_help(character, frozenset(character))
    assert characters(TrackedText.of(character)).text != character


def test_contextual_characters_are_all_that_phrases_decide() -> None:
    """The converter's phrases say more than its characters for the ones we list, and no others."""
    package = find_spec("opencc")
    assert package is not None
    assert package.origin is not None
    converter = OpenCC("t2s")
    rows = (Path(package.origin).parent / "dictionary" / "TSPhrases.txt").read_text("utf-8")
    for phrase in (row.split("\t")[0] for row in rows.splitlines()):
        if not set(phrase) & set(CONTEXTUAL):
            assert converter.convert(phrase) == "".join(map(converter.convert, phrase))


@contextmanager
def counted_calls() -> Iterator[list[int]]:
    """Count the calls of Python and C functions made meanwhile: steps, not seconds."""
    count = [0]

    def count_call(frame: object, event: str, argument: object) -> None:
        count[0] += event in ("call", "c_call")

    sys.setprofile(count_call)
    try:
        yield count
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize(
    "unit", [*SOUND, "异 常激\n\n活的细\n\n胞，其 中1例 x106个\n\n", "系統性紅斑狼瘡。\n"]
)
def test_work_grows_with_the_text(unit: str) -> None:
    clean(unit * 3)  # dictionaries are loaded once
    small, large = unit * 40, unit * 400
    with counted_calls() as few:
        clean(small)
    with counted_calls() as many:
        clean(large)
    assert many[0] <= 13 * few[0] + 1000


HOSTILE = [
    " ",
    "\n",
    "1",
    "l",
    "(",
    "<",
    "<p ",
    "<!--",
    "<script>",
    "&",
    "$",
    "$1 ",
    "\\(",
    "[1",
    "犛",
]
HOSTILE += [
    "?。ㄌ",
    "a ",
    "中 ",
    "\u3000",
    "x10",
    "N ",
    "。",
    ".\n",
    "- 1 -\n",
    "a-\n",
    "  a  b\n   c\n",
    "的",
]


@pytest.fixture(scope="module")
def plain_seconds() -> float:
    """What a million harmless characters take, in the same run."""
    clean(SOUND[0])
    return seconds((SOUND[0] + "\n") * (1_000_000 // len(SOUND[0])))


def seconds(source: str) -> float:
    start = process_time()
    clean(source)
    return process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE)
def test_no_text_takes_more_than_its_share(unit: str, plain_seconds: float) -> None:
    """100,000 hostile characters against three times what ten times as many harmless ones take."""
    clean(unit * 100)  # dictionaries are loaded once
    assert seconds(unit * (100_000 // len(unit))) <= 3 * plain_seconds
