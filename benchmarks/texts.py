"""Texts like those of the papers: sentences of ours, figures from a seeded generator.

One paragraph in eight reports results, half of its sentences with facts; the others are background.
That is a fact in some 300 characters, twice as dense as a review is as a whole. No two paragraphs
are alike, so that nothing is read from a cache that a real paper would not fill.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

LANGUAGES = ("zh-Hans", "zh-Hant", "en")

_PLAIN = {
    "zh-Hans": (
        "系统性红斑狼疮是一种累及多个器官的慢性自身免疫病，病程中活动与缓解交替，部分患者对"
        "{drug}反应不佳。",
        "B细胞在自身抗体的产生、抗原呈递和细胞因子分泌中居于中心位置，这也是清除B细胞的依据。",
        "与单克隆抗体相比，细胞治疗可到达淋巴组织深部，第{a}天外周血中已检测不到目标细胞。",
        "随访{a}个月时肾功能稳定，24小时尿蛋白由{b}.{c} g降至0.{d} g，补体C3恢复正常。",
        "该组患者中位年龄{age}岁，病程{b}年，既往用过{c}种免疫抑制剂，就诊时贫血、乏力已有{a}个月。",
        "制备过程包括单采、激活、转导和扩增，放行前检查无菌性与活率，全程约{b}周。",
        "费用、可及性以及长期安全性仍是推广的主要障碍，多数中心只在研究中开展这一治疗[{a}]。",
        "浆细胞不表达CD19，因此有人主张同时清除两类细胞，但由此带来的低丙种球蛋白血症不容忽视[{a}]。",
        "干扰素通路的激活与皮肤、关节受累密切相关，{b}0%以上的患者外周血中可见相应的基因表达特征。",
        "研究者认为，免疫重建之后新生的B细胞以幼稚表型为主，这或许可以解释停药{a}个月后仍未复发。",
        "现有证据多来自单臂、小样本的观察，缺少与标准治疗的直接比较，结论仍需谨慎看待[{a},{age}]。",
    ),
    "zh-Hant": (
        "全身性紅斑狼瘡是一種侵犯多個器官的慢性自體免疫疾病，活動期與緩解期交替，部分病人對"
        "{drug}反應不佳。",
        "B細胞在自體抗體的產生、抗原呈現與細胞激素分泌中居於樞紐位置，這也是清除B細胞的理由。",
        "與單株抗體相比，細胞治療可到達淋巴組織深處，第{a}天周邊血液中已測不到目標細胞。",
        "追蹤{a}個月時腎功能穩定，24小時尿蛋白由{b}.{c} g降至0.{d} g，補體C3恢復正常。",
        "該組病人年齡中位數{age}歲，病程{b}年，先前用過{c}種免疫抑制劑，就診時貧血、倦怠已有{a}個月。",
        "製備過程包括單採、活化、轉導與擴增，放行前檢查無菌性與存活率，全程約{b}週。",
        "費用、可近性以及長期安全性仍是推廣的主要障礙，多數中心只在研究中進行這項治療[{a}]。",
        "漿細胞不表現CD19，因此有人主張同時清除兩類細胞，但隨之而來的低丙種球蛋白血症不容忽視[{a}]。",
        "干擾素路徑的活化與皮膚、關節侵犯密切相關，{b}0%以上的病人周邊血液中可見相應的基因表現特徵。",
        "研究者認為，免疫重建之後新生的B細胞以未成熟表型為主，或許可以解釋停藥{a}個月後仍未復發。",
        "現有證據多來自單臂、小樣本的觀察，缺少與標準治療的直接比較，結論仍需謹慎看待[{a},{age}]。",
    ),
    "en": (
        "Systemic lupus erythematosus is a chronic autoimmune disease of many organs, and "
        "some patients do not respond to {drug}.",
        "B cells stand at the centre of antibody production, antigen presentation and the "
        "release of cytokines, which is the reason to remove them.",
        "Unlike antibodies, engineered cells reach deep into lymphoid tissue; by day {a} no "
        "target cell was left in the blood.",
        "Kidney function was stable over {a} months: proteinuria fell from {b}.{c} to 0.{d} "
        "g/24 h and complement C3 returned to normal.",
        "The median age was {age} years, the disease had lasted {b} years, and {c} "
        "immunosuppressants had been tried; fatigue had been felt for {a} months.",
        "Manufacture takes apheresis, activation, transduction and expansion, about {b} "
        "weeks in all, with tests of sterility and viability before release.",
        "Cost, access and long-term safety remain the main obstacles, and most centres offer "
        "the treatment in studies only [{a}].",
        "Plasma cells carry no CD19, so some argue for removing both kinds of cell, at the price "
        "of low immunoglobulins that may last for years [{a}].",
        "Interferon signalling goes with disease of skin and joints, and more than {b}0% of "
        "patients show its signature in the blood.",
        "The authors hold that B cells which return after the immune reset are mostly naive, "
        "which may explain why no flare was seen {a} months after all drugs were stopped.",
        "The evidence is mostly from small single-arm series without comparison to standard "
        "care, and should be read with caution [{a},{age}].",
    ),
}

_FACTS = {
    "zh-Hans": (
        "一项Ⅰ期临床试验（NCT0{n7}）纳入{a}例难治性患者，经氟达拉滨{b}0 mg/(m2·d)清淋后回输"
        "{c}.{d}×10^6个/kg。",
        "治疗{b}个月后SLEDAI-2K评分由{s}分降至{c}分，泼尼松由{b}0 mg/d减至{c}.5 mg/d。",
        "{a}例中{b}例发生1级CRS，{c}例2级，未出现3级及以上CRS或ICANS。",
        "注册号ChiCTR23000{n5}；全部患者SLEDAI均下降，平均{s}分降到{c}.{d}分。",
    ),
    "zh-Hant": (
        "一項第一期臨床試驗（NCT0{n7}）收案{a}位難治病人，以氟達拉濱{b}0 mg/m2/day清除淋巴球"
        "後輸注每公斤{c}.{d}×10^6顆細胞。",
        "治療{b}個月後SLEDAI-2K評分由{s}分降至{c}分，類固醇由每日{b}0毫克減至{c}.5毫克。",
        "{a}位中{b}位發生第1級細胞激素釋放症候群，{c}位第2級，未出現第3級以上CRS或ICANS。",
        "試驗登錄號NCT0{n7}；全部病人SLEDAI均下降，平均{s}分降到{c}.{d}分。",
    ),
    "en": (
        "A phase 1 trial (NCT0{n7}) treated {a} patients with {c}.{d} × 10^6 CAR-T cells/kg "
        "after fludarabine {b}0 mg/m2/day.",
        "At {b} months SLEDAI-2K had fallen from {s} to {c}, and prednisone from {b}0 to {c}"
        ".5 mg/day.",
        "Grade 1 CRS occurred in {b} of {a} patients and grade 2 in {c}; no grade 3 or "
        "higher CRS and no ICANS were seen.",
        "Registered as ChiCTR23000{n5}; the mean SLEDAI dropped from {s} to {c}.{d} points.",
    ),
}

_DRUGS = {
    "zh-Hans": ("霉酚酸酯", "环磷酰胺", "贝利尤单抗", "他克莫司"),
    "zh-Hant": ("黴酚酸酯", "環磷醯胺", "貝利木單抗", "他克莫司"),
    "en": ("mycophenolate", "cyclophosphamide", "belimumab", "tacrolimus"),
}


def text_of(language: str, size: int) -> str:
    """About `size` characters of a language, the same ones every time."""
    return _filled(_paragraphs(language), size, len)


def mixed_text(octets: int) -> str:
    """Paragraphs of all languages in turn, about `octets` bytes of UTF-8."""
    return _filled(_in_turn(), octets, lambda text: len(text.encode()))


def _filled(paragraphs: Iterator[str], size: int, measure: Callable[[str], int]) -> str:
    parts: list[str] = []
    left = size
    while left > 0:
        parts.append(next(paragraphs))
        left -= measure(parts[-1]) + 2
    return "\n\n".join(parts)


def _in_turn() -> Iterator[str]:
    sources = [_paragraphs(language) for language in LANGUAGES]
    while True:
        for source in sources:
            yield next(source)


def _paragraphs(language: str) -> Iterator[str]:
    """Paragraphs without end, of three to six sentences each."""
    dice = random.Random(f"carextract {language}")
    joint = " " if language == "en" else ""
    while True:
        dense = dice.random() < 1 / 8
        sentences = [_sentence(language, dice, dense=dense) for _ in range(dice.randint(3, 6))]
        yield joint.join(sentences)


def _sentence(language: str, dice: random.Random, *, dense: bool) -> str:
    template = dice.choice((_FACTS if dense and dice.random() < 0.5 else _PLAIN)[language])
    return template.format(
        a=dice.randint(10, 40),
        b=dice.randint(2, 9),
        c=dice.randint(1, 6),
        d=dice.randint(1, 9),
        s=dice.randint(8, 26),
        age=dice.randint(18, 66),
        n5=dice.randint(10000, 99999),
        n7=dice.randint(1000000, 7999999),
        drug=dice.choice(_DRUGS[language]),
    )
