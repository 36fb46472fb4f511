"""Which facts belong to which study: the cases of link_cases.toml, and what holds of any text."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fact_words import facts, worded
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import carextract
from carextract.clean import clean
from carextract.records import Document, Study
from carextract.synthesize import is_own

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "link_cases.toml").read_text(encoding="utf-8")
)["case"]
HOW = {
    "stated in the sentence": "stated",
    "citation": "citation",
    "table row": "row",
    "trial number": "number",
    "paragraph": "paragraph",
}


def named(study: Study) -> str:
    """A study by its label, and its citation where that is not its label already."""
    unsaid = study.citation is not None and not study.label.startswith("reference ")
    return f"{study.label} [{study.citation}]" if unsaid else study.label


def linked(found: Document) -> dict[str, list[str]]:
    """The facts of each study, with how each is tied to it."""
    by_key = facts(found)
    return {
        named(study): sorted(
            f"{HOW[link.how]}: {worded(by_key[link.key])}"
            for link in study.facts
            if link.key in by_key
        )
        for study in found.studies
    }


def loose(found: Document) -> list[str]:
    """The facts that no study lists."""
    tied = {link.key for study in found.studies for link in study.facts}
    return sorted(worded(fact) for key, fact in facts(found).items() if key not in tied)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=case["about"],
            marks=pytest.mark.xfail(strict=True, reason=case["differs"])
            if "differs" in case
            else (),
        )
        for case in CASES
    ],
)
def test_a_careful_reader_agrees(case: dict[str, Any]) -> None:
    found = carextract.parse_text(case["text"])
    assert linked(found) == {name: sorted(tied) for name, tied in case["studies"].items()}
    assert loose(found) == sorted(case.get("none", []))
    codes = [notice.code for notice in found.warnings]
    assert codes.count("study-doubtful") == case.get("warned", 0)
    assert [code for code in codes if code != "study-doubtful"] == case.get("codes", [])
    if "patients" in case:
        counted = {named(s): s.patients for s in found.studies if s.patients is not None}
        assert counted == case["patients"]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, whom it names (author, citation, trial number, centre, "own"), and whether it
    speaks of "the study team"."""

    text: str
    names: tuple[str, ...] = ()
    definite: bool = False


SENTENCES = (
    Said(
        "2021年，MOUGIAKAKOS等［8］对1例SLE患者输注1.1×10^6/kg的CAR-T细胞。", ("MOUGIAKAKOS", "8")
    ),
    Said("同年，ZHANG等［9］报道了5例患者，1级CRS 3例。", ("ZHANG", "9")),
    Said("徐沪济教授团队治疗了4例患者，SLEDAI由20分降至4分。", ("徐沪济",)),
    Said("该团队随后给6例患者输注2×10^6/kg的CAR-T细胞［17］。", ("17",)),
    Said("浙江大学第一附属医院报道了4例SLE患者，未发生ICANS。", ("浙江大学第一附属医院",)),
    Said("与ZHANG等［9］不同，LIU等［3］报道2级CRS 2例。", ("ZHANG", "9", "LIU", "3")),
    Said("MÜLLER等［12］和WANG等［11］的患者中，1级CRS 7例。", ("MÜLLER", "12", "WANG", "11")),
    Said("在一项试验（NCT05030779）中，15例患者的1级CRS占86.7%。", ("NCT05030779",)),
    Said("另有3例患者接受3×10^6/kg的CAR-T细胞［13］。", ("13",)),
    Said("本研究纳入12例患者，SLEDAI由14分降至3分。", ("own",)),
    Said("其中2例出现1级CRS。"),
    Said("随访期间SLEDAI由18分降至2分。"),
    Said("研究团队还发现，1级CRS 6例。", definite=True),
    Said("结果：1级CRS 5例。", definite=True),
    Said("文献中的患者共发生1级CRS 21例［10U3-14U7］。"),
    Said("迄今CRS一般为1级。"),
    Said("NCT06347718计划纳入24例患者，剂量为4×10^6/kg。", ("NCT06347718",)),
    Said("Mackensen等（2）收治5名病人，第1級CRS 3名。", ("Mackensen", "2")),
    Said("陳志遠教授團隊治療2名病人，SLEDAI由12分降為3分。", ("陳志遠",)),
    Said("研究團隊也提到，第1級CRS 1名。", definite=True),
    Said("其中1名發生第2級CRS。"),
    Said("In 2022, Mackensen et al. (2) gave 5 patients 1 × 10^6 cells/kg. ", ("Mackensen", "2")),
    Said("The SLEDAI of 15 patients fell from 12 to 1 (Müller et al., 2024). ", ("Müller",)),
    Said(
        "Researchers at the University of Erlangen saw grade 1 CRS in 4 patients. ", ("Erlangen",)
    ),
    Said("Unlike Feng et al. [4], Li et al. [3] reported grade 1 CRS. ", ("Feng", "4", "Li", "3")),
    Said("Smith et al. [5] and Li et al. [3] saw 2 cases of CRS. ", ("Smith", "5", "Li", "3")),
    Said("The same group later treated 4 patients at 5 × 10^6 cells/kg [17]. ", ("17",)),
    Said("In these patients the SLEDAI fell from 16 to 0. "),
    Said("Grade 1 CRS occurred in 8 patients. "),
    Said("Grade 1 CRS occurred in 21 patients [10,13-14,17]. "),
    Said("Guidelines recommend prednisone at no more than 5 mg/day [2]. ", ("2",)),
    Said("In a phase 1 trial (NCT05859997), grade 2 CRS occurred in 1 patient. ", ("NCT05859997",)),
    Said("We enrolled 9 patients and gave 7 × 10^6 cells/kg. ", ("own",)),
    Said("The study team said that ICANS did not occur. ", definite=True),
    Said("Two girls did well after 3 months, with a SLEDAI of 2.¹¹ ", ("11",)),
)
REFERENCES = (
    "参考文献\n"
    "［1］MOUGIAKAKOS D, KRÖNKE G, et al. CAR T cells[J]. N Engl J Med, 2021, 385(6): 567-569.\n"
    "［2］MACKENSEN A, MÜLLER F, et al. CAR T cells[J]. Nat Med, 2022, 28(10): 2124-2132.\n"
    "［3］LIU P, ZHOU L, et al. CAR T cells[J]. Lupus Reports, 2023, 3(1): 1-9.\n"
    "［4］MÜLLER F, TAUBMANN J, et al. CAR T cells[J]. N Engl J Med, 2024, 390(8): 687-700.\n"
)
ENGLISH = tuple(said for said in SENTENCES if said.text.endswith(" "))
CHINESE = tuple(said for said in SENTENCES if not said.text.endswith(" "))
Block = list[Said]


def blocks_of(sentences: Sequence[Said]) -> st.SearchStrategy[list[Block]]:
    """Paragraphs of some sentences in any order."""
    paragraph = st.lists(st.sampled_from(sentences), min_size=1, max_size=5)
    return st.lists(paragraph, min_size=1, max_size=4)


# A Chinese paragraph behind an English one may be taken for the rest of it: see link_cases.toml.
one_language = blocks_of(CHINESE) | blocks_of(ENGLISH)


def composed(paragraphs: list[Block], *, with_list: bool) -> str:
    """A text of paragraphs, and a list of references behind them."""
    bodies = ["".join(said.text for said in block).rstrip() for block in paragraphs]
    return "\n\n".join([*bodies, REFERENCES] if with_list else bodies)


@given(paragraphs=blocks_of(SENTENCES), with_list=st.booleans())
@settings(max_examples=60, deadline=None)
def test_links_and_facts_name_each_other(paragraphs: list[Block], with_list: bool) -> None:
    text = composed(paragraphs, with_list=with_list)
    found = carextract.parse_text(text)
    all_facts = {**{trial.key: trial for trial in found.trials}, **facts(found)}
    tied: dict[str, list[str]] = {}
    for study in found.studies:
        for link in study.facts:
            tied.setdefault(link.key, []).append(study.key)
    assert set(tied) <= set(all_facts)
    for key, fact in all_facts.items():
        owners = tied.get(key, [])
        assert fact.study == (owners[0] if len(owners) == 1 else None)
    for record in (*all_facts.values(), *found.studies):
        assert all(text[proof.start : proof.end] == proof.text for proof in record.evidence)
    assert found == carextract.parse_text(text)


@given(paragraphs=one_language, with_list=st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_fact_is_tied_over_a_paragraph_break(paragraphs: list[Block], with_list: bool) -> None:
    text = composed(paragraphs, with_list=with_list)
    # Where cleaning takes two paragraphs for one, there is no break to reach over.
    lines = {line.strip() for line in clean(text).text.split("\n")}
    assume(all("".join(said.text for said in block).strip() in lines for block in paragraphs))
    found = carextract.parse_text(text)
    by_key = facts(found)
    ends = [len(composed(paragraphs[:count], with_list=False)) for count in range(1, 5)]
    for study in found.studies:
        for key in (link.key for link in study.facts if link.key in by_key):
            standing = {bisect_left(ends, proof.start + 1) for proof in by_key[key].evidence}
            there = [said for index in standing for said in paragraphs[index]]
            spoken_of = any(said.definite or names_it(said, study) for said in there)
            assert spoken_of, (study.label, worded(by_key[key]))


def names_it(said: Said, study: Study) -> bool:
    """Whether a sentence says something by which a study may be known."""
    known = {*study.trial_ids, *(str(study.citation),) * (study.citation is not None)}
    if is_own(study):
        known.add("own")
    words = {name.casefold() for name in said.names}
    label = study.label.casefold()
    return bool(words & {name.casefold() for name in known}) or any(
        word in label for word in words if not word.isdigit()
    )
