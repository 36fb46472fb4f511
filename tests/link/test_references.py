"""Reference lists in the styles, languages and damages that papers have, and what is none."""

import textwrap
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carextract.clean import clean
from carextract.link.references import Entry, References, read_references

# What every style says of the same papers: first author, initials, year, journal, DOI.
Facts = tuple[str, str | None, int, str | None, str | None]
NEJM_2021 = "10.1056/NEJMc2107725"
NAT_MED = "10.1038/s41591-022-02017-5"
NEJM_2024 = "10.1056/NEJMoa2308917"
CELL = "10.1016/j.cell.2024.06.027"

GBT = (
    "[1] MOUGIAKAKOS D, KRÖNKE G, VÖLKL S, et al. CD19-targeted CAR T cells in refractory systemic"
    f" lupus erythematosus[J]. N Engl J Med, 2021, 385(6): 567-569. DOI: {NEJM_2021}.",
    "[2] MACKENSEN A, MÜLLER F, MOUGIAKAKOS D, et al. Anti-CD19 CAR T cell therapy for refractory"
    f" systemic lupus erythematosus[J]. Nat Med, 2022, 28(10): 2124-2132. DOI: {NAT_MED}.",
    "[3] MÜLLER F, TAUBMANN J, BUCCI L, et al. CD19 CAR T-cell therapy in autoimmune disease[J]. "
    f"N Engl J Med, 2024, 390(8): 687-700. DOI: {NEJM_2024}.",
    "[4] WANG X, WU X, TAN B, et al. Allogeneic CD19-targeted CAR-T therapy[J]. Cell, 2024,"
    f" 187(18): 4890-4904. DOI: {CELL}.",
    "[5] 沈明, 周岚, 何青, 等. 嵌合抗原受体T细胞治疗狼疮肾炎的初步观察[J]. 中华风湿病学杂志,"
    " 2024, 28(3): 201-206.",
)
VANCOUVER = (
    "1. Mougiakakos D, Krönke G, Völkl S, et al. CD19-targeted CAR T cells in refractory systemic"
    f" lupus erythematosus. N Engl J Med. 2021;385:567-9. doi:{NEJM_2021}.",
    "2. Mackensen A, Müller F, Mougiakakos D, et al. Anti-CD19 CAR T cell therapy for refractory"
    f" systemic lupus erythematosus. Nat Med. 2022;28:2124–32. doi:{NAT_MED}.",
    "3. Müller F, Taubmann J, Bucci L, et al. CD19 CAR T-cell therapy in autoimmune disease. N Engl"
    f" J Med. 2024;390(8):687–700. doi:{NEJM_2024}.",
    "4. Wang X, Wu X, Tan B, et al. Allogeneic CD19-targeted CAR-T therapy in patients. Cell."
    f" 2024;187:4890–904. doi:{CELL}.",
    "5. 沈明，周岚，何青，等。嵌合抗原受体T细胞治疗狼疮肾炎的初步观察。中华风湿病学杂志"
    " 2024；28（3）：201-206。",
)
APA = (
    "沈明，周岚，何青 (2024).嵌合抗原受体T细胞治疗狼疮肾炎的初步观察."
    "中华风湿病学杂志，28(3)，201-206.",
    "Mougiakakos, D., Krönke, G., & Schett, G. (2021). CD19-targeted CAR T cells in refractory"
    " systemic lupus erythematosus. New England Journal of Medicine, 385(6), 567–569."
    f" https://doi.org/{NEJM_2021}",
    "Mackensen, A., Müller, F., Mougiakakos, D., ... Schett, G. (2022). Anti-CD19 CAR T cell"
    f" therapy for refractory lupus. Nature Medicine, 28(10), 2124–2132. https://doi.org/{NAT_MED}",
    "Müller, F., Taubmann, J., & Schett, G. (2024). CD19 CAR T-cell therapy in autoimmune disease."
    f" New England Journal of Medicine, 390(8), 687–700. https://doi.org/{NEJM_2024}",
    "Wang, X., Wu, X., & Xu, H. (2024). Allogeneic CD19-targeted CAR-T therapy in patients. Cell,"
    f" 187(18), 4890–4904. https://doi.org/{CELL}",
)
NATURE = (
    "1. Mougiakakos, D. et al. CD19-targeted CAR T cells in refractory systemic lupus"
    f" erythematosus. N. Engl. J. Med. 385, 567–569 (2021). https://doi.org/{NEJM_2021}",
    "2. Mackensen, A. et al. Anti-CD19 CAR T cell therapy for refractory systemic lupus"
    f" erythematosus. Nat. Med. 28, 2124–2132 (2022). https://doi.org/{NAT_MED}",
    "3. Müller, F. et al. CD19 CAR T-cell therapy in autoimmune disease. N. Engl. J. Med. 390,"
    f" 687–700 (2024). https://doi.org/{NEJM_2024}",
    "4. Wang, X. et al. Allogeneic CD19-targeted CAR-T therapy in patients. Cell 187, 4890–4904"
    f" (2024). https://doi.org/{CELL}",
    "5. 沈明, 周岚, 何青, 等. 嵌合抗原受体T细胞治疗狼疮肾炎的初步观察. 中华风湿病学杂志 28(3),"
    " 201-206 (2024).",
)
MDPI = (
    "1. Mougiakakos, D.; Krönke, G.; Völkl, S.; et al. CD19-targeted CAR T cells in refractory"
    f" lupus. N. Engl. J. Med. 2021, 385, 567–569. [CrossRef] https://doi.org/{NEJM_2021}",
    "2. Mackensen, A.; Müller, F.; Mougiakakos, D. Anti-CD19 CAR T cell therapy for refractory"
    f" lupus. Nat. Med. 2022, 28, 2124–2132. [CrossRef] https://doi.org/{NAT_MED}",
    "3. Müller, F.; Taubmann, J.; Bucci, L. CD19 CAR T-cell therapy in autoimmune disease. N. Engl."
    f" J. Med. 2024, 390, 687–700. [PubMed] https://doi.org/{NEJM_2024}",
    "4. Wang, X.; Wu, X.; Tan, B. Allogeneic CD19-targeted CAR-T therapy in patients. Cell 2024,"
    f" 187, 4890–4904. https://doi.org/{CELL}",
    "5. 沈明, 周岚, 何青. 嵌合抗原受体T细胞治疗狼疮肾炎的初步观察."
    " 中华风湿病学杂志 2024, 28(3), 201-206.",
)
LAST: Facts = ("沈明", None, 2024, "中华风湿病学杂志", None)


def facts(nejm: str, nat_med: str, *, capitals: bool = False) -> list[Facts]:
    names = ["Mougiakakos", "Mackensen", "Müller", "Wang"]
    first, second, third, fourth = [name.upper() for name in names] if capitals else names
    return [
        (first, "D", 2021, nejm, NEJM_2021),
        (second, "A", 2022, nat_med, NAT_MED),
        (third, "F", 2024, nejm, NEJM_2024),
        (fourth, "X", 2024, "Cell", CELL),
        LAST,
    ]


STYLES = {
    "gbt": ("参考文献", GBT, facts("N Engl J Med", "Nat Med", capitals=True)),
    "vancouver": ("References", VANCOUVER, facts("N Engl J Med", "Nat Med")),
    "apa": (
        "References",
        APA,
        [LAST, *facts("New England Journal of Medicine", "Nature Medicine")[:-1]],
    ),
    "nature": ("REFERENCES", NATURE, facts("N. Engl. J. Med.", "Nat. Med.")),
    "mdpi": ("References", MDPI, facts("N. Engl. J. Med.", "Nat. Med.")),
}


def wrapped(entry: str) -> str:
    return "\n".join(textwrap.wrap(entry, 72, break_long_words=False, break_on_hyphens=False))


LAYOUTS: dict[str, Callable[[tuple[str, ...]], str]] = {
    "a line each": "\n".join,
    "a paragraph each": "\n\n".join,
    "hard-wrapped": lambda entries: "\n".join(map(wrapped, entries)),
    "hard-wrapped with blank lines": lambda entries: "\n\n".join(
        wrapped(entry).replace("\n", "\n\n") for entry in entries
    ),
    "a page head inside": lambda entries: "\n\n".join(
        [*entries[:2], "·437·", "周岚, 等: 细胞治疗综述 第5期", "412 应用 8卷", *entries[2:]]
    ),
    "windows line ends": lambda entries: "\r\n".join(entries),
}


def read(heading: str, body: str) -> References:
    return read_references(f"正文最后一段[1-5]。\n\n{heading}\n\n{body}\n")


def fact(entry: Entry) -> Facts | None:
    if not entry.authors or entry.year is None:
        return None
    return entry.authors[0], entry.initials, entry.year, entry.journal, entry.doi


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("style", STYLES)
def test_a_list_is_read_in_every_style_and_layout(style: str, layout: str) -> None:
    heading, entries, expected = STYLES[style]
    found = read(heading, LAYOUTS[layout](entries))
    assert [fact(entry) for entry in found.entries] == expected
    numbers = [None] * 5 if style == "apa" else [1, 2, 3, 4, 5]
    assert [entry.number for entry in found.entries] == numbers


@pytest.mark.parametrize("style", STYLES)
def test_a_list_is_read_after_cleaning(style: str) -> None:
    heading, entries, expected = STYLES[style]
    text = clean(f"结语。\n\n{heading}\n\n" + "\n\n".join(entries) + "\n").text
    assert [fact(entry) for entry in read_references(text).entries] == expected


HEADINGS = """
参考文献
参考文献：
【参考文献】
[参考文献]
参 考 文 献
参考文献(References)
6.参考文献
六、参考文献
第六章参考文献
主要参考文献
参考资料:
文献
References
REFERENCES
References:
7 References
## References
**References**
References and notes
Literature Cited
Bibliography
"""


@pytest.mark.parametrize("heading", HEADINGS.split("\n")[1:-1])
def test_a_heading_begins_the_list(heading: str) -> None:
    text = f"结语。\n\n{heading}\n" + "\n".join(GBT[:2])
    found = read_references(text)
    assert [entry.number for entry in found.entries] == [1, 2]
    assert found.start == text.index(heading)


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("[3]", 3),
        ("［3］", 3),
        ("【3】", 3),
        ("[ 3 ]", 3),
        ("[1()]", 10),
        ("［I2］", 12),
        ("[l1]", 11),
        ("[1O]", 10),
    ],
)
def test_a_damaged_number_is_read(label: str, number: int) -> None:
    before = (f"[{n}] SMITH J, LEE K. Lupus[J]. Blood, 2019, 1: {n}." for n in range(1, number))
    damaged = f"{label} MÜLLER F, BUCCI L. CAR T cells[J]. Nat Med, 2024, 30: 7-9."
    found = read("参考文献", "\n".join([*before, damaged]))
    entry = found.numbered(number)
    assert entry is not None
    assert fact(entry) == ("MÜLLER", "F", 2024, "Nat Med", None)


@pytest.mark.parametrize("label", ["[{}]", "{}.", "({})", "（{}）", "{}、", "{}．", "{}) ", "{} "])
def test_numbers_are_printed_in_many_ways(label: str) -> None:
    body = "\n".join(
        f"{label.format(n)} Feng J, Huo D. Two targets in lupus. Nat Med. 2025;31:{n}00-9."
        for n in range(1, 13)
    )
    found = read("References", body)
    assert [entry.number for entry in found.entries] == list(range(1, 13))
    assert {fact(entry) for entry in found.entries} == {("Feng", "J", 2025, "Nat Med", None)}


# One entry, and what is read of it: authors, initials, year, journal, DOI, PMID.
ENTRIES: dict[str, tuple[str, tuple[object, ...]]] = {
    "web, ahead of print": (
        "Feng J, Huo D, Hong R. Co-infusion in lupus. Nat Med. 2025 Sep 24. doi:"
        " 10.1038/s41591-025-03937-8. Epub ahead of print. PMID: 40993243.",
        (("Feng", "Huo", "Hong"), "J", 2025, "Nat Med", "10.1038/s41591-025-03937-8", "40993243"),
    ),
    "epub in another year": (
        "Wang Q, Xiao ZX. In vivo therapy. N Engl J Med. 2025 Oct 16;393(15):1542-1544. Epub 2024.",
        (("Wang", "Xiao"), "Q", 2025, "N Engl J Med", None, None),
    ),
    "spaced initials, full-width signs": (
        "NEWMAN C B，BLAHA M J，et al．Lipids[J]．J Clin Endocrinol Metab，2020，105（12）：674．",
        (("NEWMAN", "BLAHA"), "CB", 2020, "J Clin Endocrinol Metab", None, None),
    ),
    "pinyin names": (
        "WANG Xiaoming, LI Na, et al. CAR-T in lupus[J]. Chin J Rheumatol, 2023, 27(2): 77-80.",
        (("WANG", "LI"), "X", 2023, "Chin J Rheumatol", None, None),
    ),
    "initials first": (
        "J. Feng, D. Huo, and H. Huang, Two targets in lupus, IEEE Trans Med 2025;22:4-37.",
        (("Feng", "Huo", "Huang"), "J", 2025, None, None, None),
    ),
    "particles": (
        "van der Meer JW, De Vita S. Fever in lupus. Lancet. 2019;1:22-30.",
        (("van der Meer", "De Vita"), "JW", 2019, "Lancet", None, None),
    ),
    "spaces lost by a PDF": (
        "FrancaMC，BergSLV，etal．CARTcellsinlupus[J]．JVoice，2015，79（6）：912-920．",
        (("Franca", "Berg"), "MC", 2015, "JVoice", None, None),
    ),
    "given names first, with a middle initial": (
        "Alessandra D. Fisher, Giovanni Castellini, et al (2014). Therapy [J]. Blood, 1(3): 7-9.",
        (("Fisher",), "A", 2014, "Blood", None, None),
    ),
    "given names first, without": (
        "Jennifer Couturier, Sheri Findlay, et al (2015). Two adolescents [J]. Blood, 48 (1): 1–5.",
        ((), None, 2015, "Blood", None, None),
    ),
    "an organisation": (
        "American College of Rheumatology. Criteria for lupus. Lupus. 2019;28:1-4.",
        ((), None, 2019, "Lupus", None, None),
    ),
    "an organisation in Chinese": (
        "国家风湿病数据中心专家组. 狼疮诊疗规范[J]. 中华内科杂志, 2021, 60(9): 784-790.",
        ((), None, 2021, "中华内科杂志", None, None),
    ),
    "a book": (
        "VAPNIK V. Statistical learning[M]. New York: Wiley, 1998: 18-32.",
        (("VAPNIK",), "V", 1998, None, None, None),
    ),
    "a bilingual entry": (
        "张毅，魏春，等．狼疮的细胞治疗[J]．中华内科杂志，2009，17（3）：283-284．\n"
        "Zhang Y, Wei C, et al. Cell therapy in lupus[J]. Chin J Intern Med, 2009, 17(3): 283-284.",
        (("张毅", "魏春"), None, 2009, "中华内科杂志", None, None),
    ),
    "a year in the title": (
        "FANOURIAKIS A, BERTSIAS G. 2019 update of the recommendations for lupus[J]."
        " Ann Rheum Dis, 2020, 79(6): 713-723.",
        (("FANOURIAKIS", "BERTSIAS"), "A", 2020, "Ann Rheum Dis", None, None),
    ),
    "a volume that is named": (
        "Wang, X., & Li, N. Allogeneic therapy in lupus. Cell, vol. 187, 2024, pp. 4890-904.",
        (("Wang", "Li"), "X", 2024, None, None, None),
    ),
    "pages that look like a year": (
        "ZHANG X L, LI F. Lupus in 224 patients[J]. Chin Med J, 2015, 128(15): 2023-2029.",
        (("ZHANG", "LI"), "XL", 2015, "Chin Med J", None, None),
    ),
    "two years, none beside a volume": (
        "SMITH J. The lupus report of 2018, revised in 2020.",
        (("SMITH",), "J", None, None, None, None),
    ),
    "a DOI with spaces, certain": (
        "KEECH A, SIMES R. Lupus[J]. Blood, 2018, 1: 2-3. DOI: 10.1016 /j. jacc.2018. 02.045.",
        (("KEECH", "SIMES"), "A", 2018, "Blood", "10.1016/j.jacc.2018.02.045", None),
    ),
    "a DOI with spaces, uncertain": (
        "MURPHY M J, SHENG X. Lupus[J]. Blood, 2013, 1: 2-3. DOI: 10.1001/2013. jamainternmed.477.",
        (("MURPHY", "SHENG"), "MJ", 2013, "Blood", None, None),
    ),
    "a DOI with brackets": (
        "Lis L, Murphy G. Fever in lupus. Lancet. 2014;4:1-8. (doi:10.1016/S0140-6736(14)60128-8).",
        (("Lis", "Murphy"), "L", 2014, "Lancet", "10.1016/S0140-6736(14)60128-8", None),
    ),
    "two DOIs": (
        "Lis L. Fever in lupus. Blood. 2014;3:1-8. doi:10.1182/blood-1 doi:10.1182/blood-2",
        (("Lis",), "L", 2014, "Blood", None, None),
    ),
    "a PMID cut in two": (
        "Lis L, Bai M. Lupus again. Blood. 2014;3:1-8. PMID: 409932 43",
        (("Lis", "Bai"), "L", 2014, "Blood", None, None),
    ),
}


@pytest.mark.parametrize("case", ENTRIES)
def test_an_entry_is_read(case: str) -> None:
    entry, expected = ENTRIES[case]
    body = f"[1] {entry}\n[2] LEE K, BAI M. Lupus[J]. Blood, 2011, 1: 2-3.\n[3]{GBT[0][3:]}\n"
    found = read("参考文献", body).numbered(1)
    assert found is not None
    values = (found.authors, found.initials, found.year, found.journal, found.doi, found.pmid)
    assert values == expected


NO_LISTS = {
    "sections": "1. Introduction\n2. Methods\n3. Results in 2020\n4. Discussion\n5. Notes",
    "patients": "\n".join(f"[{n}] patients had CRS of grade {n} in 2023." for n in range(1, 9)),
    "steps": "\n".join(f"{n}. 患者于2023年{n}月输注CAR-T细胞。" for n in range(1, 9)),
    "a heading in a table of contents": "References..... 17\nAppendix ..... 19\n1. One\n2. Two",
    "a heading over prose": "文献\n\n检索到2024年发表的16篇文献。\n\n1. 方法\n2. 结果",
    "four entries without a heading": "\n".join(VANCOUVER[:4]),
    "citations in sentences": "患者缓解[1]. 另一项研究[2]. 结果相同[3]. 随访[4]. 结论[5]. 讨论[6].",
    "nothing": "",
    "a heading at the end": "结语。\n参考文献",
    "two entries without numbers": "References\n" + "\n".join(APA[:2]),
}


@pytest.mark.parametrize("case", NO_LISTS)
def test_what_is_no_reference_list_gives_no_entries(case: str) -> None:
    assert read_references(NO_LISTS[case]) == References((), None)


def test_a_list_without_a_heading_is_read_where_all_numbers_are_there() -> None:
    body = "结语。\n" + "\n".join(VANCOUVER)
    found = read_references(body)
    assert [entry.number for entry in found.entries] == [1, 2, 3, 4, 5]
    assert found.start == body.index("1. Mougia")


def test_what_follows_the_list_is_not_in_its_last_entry() -> None:
    after = "(收稿日期:2024-03-20)\n\n·经验介绍·皮瓣的临床应用\n\n王波 2006\n\n1 临床资料"
    text = "参考文献\n" + "\n".join(GBT) + "\n\n" + after
    last = read_references(text).entries[-1]
    assert text[last.span.start : last.span.end] == GBT[-1]


def test_a_missing_number_costs_the_entry_before_it_only_what_is_not_sure() -> None:
    body = "\n".join([GBT[0], "GBT[2] MACKENSEN A. CAR T cells.", GBT[2], GBT[3]])
    found = read("参考文献", body)
    assert [entry.number for entry in found.entries] == [1, 3, 4]
    assert fact(found.entries[0]) == ("MOUGIAKAKOS", "D", 2021, "N Engl J Med", NEJM_2021)


def test_the_head_of_a_page_inside_an_entry_gives_it_no_fields() -> None:
    entry = "[1] PATEL JB, ALDER J. Performance standards; twenty-fourth informational"
    head = "Avetisyan et al. BMC Complementary Medicine (2017) 17:60 Page 7 of 8"
    found = read("References", "\n".join([entry, "", head, "", *GBT[1:]])).entries[0]
    assert (found.authors, found.year, found.journal) == (("PATEL", "ALDER"), None, None)


def test_two_entries_printed_in_one_line_are_two() -> None:
    found = read("参考文献", f"{GBT[0]} {GBT[1]}\n{GBT[2]}")
    assert [entry.number for entry in found.entries] == [1, 2, 3]
    assert found.entries[1].year == 2022


def test_a_number_that_two_lists_have_means_neither() -> None:
    other = "[1] SMITH J, LEE K. Lupus[J]. Blood, 2019, 1: 2-3."
    text = "参考文献\n" + "\n".join(GBT) + f"\n第二篇\n正文。\n参考文献\n{other}\n{GBT[1]}\n"
    found = read_references(text)
    assert found.numbered(1) is None
    assert found.numbered(2) == found.entries[1]  # the same paper in both
    assert found.numbered(5) == found.entries[4]
    assert found.numbered(99) is None


ASKED = {
    "as printed": (("MÜLLER", 2024, None), 3),
    "without its accent": (("Muller", 2024, None), 3),
    "spelt out": (("Mueller", 2024, None), 3),
    "without a year": (("Mackensen", None, None), 2),
    "another year": (("Mackensen", 2021, None), None),
    "two of the same name and year": (("Wang", 2024, None), None),
    "told apart by the initial": (("Wang", 2024, "W"), 6),
    "told apart by more initials": (("Wang", 2024, "XH"), 4),
    "an initial that nobody has": (("Wang", 2024, "Q"), None),
    "not the first author": (("Taubmann", 2024, None), None),
    "in Chinese": (("沈明", 2024, None), 5),
    "no name": (("", 2024, None), None),
}


@pytest.mark.parametrize("case", ASKED)
def test_an_entry_is_found_by_author_and_year(case: str) -> None:
    question, number = ASKED[case]
    more = (
        "[6] WANG W, HE S, ZHANG W, et al. Two targets[J]. Ann Rheum Dis, 2024, 83(10): 1304-1314."
    )
    entry = read("参考文献", "\n".join([*GBT, more])).by(*question)
    assert (entry and entry.number) == number


def test_an_entry_of_unknown_year_keeps_its_author_from_being_sure() -> None:
    body = "[1] SMITH J. Lupus, 2018 and 2020.\n[2] SMITH J, LEE K. Lupus[J]. Blood, 2018, 1: 2-3."
    found = read("参考文献", body)
    assert found.by("Smith", 2018) is None
    assert found.by("Smith", 2019) is None


PIECES = st.sampled_from(
    [
        *(
            *GBT,
            *VANCOUVER,
            *APA,
            "\n",
            "\n\n",
            " ",
            "参考文献\n",
            "References\n",
            "[1]",
            "2. ",
            "[",
        ),
        *(
            "(3)",
            "et al",
            "等",
            "2024",
            "10.1016/j.",
            "PMID: 1",
            "Müller, F.",
            "\ud800",
            "\x00",
            "表 1",
        ),
    ]
)


@given(st.lists(PIECES | st.text(max_size=20), max_size=30).map("".join))
@settings(deadline=None)
def test_spans_are_ordered_disjoint_and_inside_the_text_whatever_it_is(text: str) -> None:
    found = read_references(text)
    at = 0
    for entry in found.entries:
        assert at <= entry.span.start < entry.span.end <= len(text)
        assert entry.year is None or 1900 <= entry.year <= 2039
        at = entry.span.end
    assert (found.start is None) == (not found.entries)
    if found.start is not None:
        assert found.start <= found.entries[0].span.start


@pytest.mark.parametrize(
    "unit",
    [
        "患者输注后12例中7例发生1级CRS，未发生ICANS。\n",
        "[1] ",
        pytest.param("1. A\n", marks=pytest.mark.slow),
        "文献",
        "References\n1. A\n",
        "Müller F, ",
        "(((((",
        "10.1016/",
        "A-",
        "\n",
        " ",
    ],
)
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    def seconds(size: int) -> float:
        text = "参考文献\n1. A\n" + unit * (size // len(unit))
        began = time.perf_counter()
        read_references(text)
        return time.perf_counter() - began

    seconds(1000)
    assert seconds(800_000) < 30 * seconds(80_000) + 0.5
