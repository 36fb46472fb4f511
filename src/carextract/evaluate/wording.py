"""The same thing in other words: names of people, diseases, products, phases and centres."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from carextract.clean.traditional import traditional
from carextract.tracked import TrackedText

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_CHINESE_TITLE = re.compile(r"(?:教授|博士|主任|院士|医生|医师|等)+.*$")
_BETWEEN_VALUES = re.compile(r"\s*(?:[;；,，、/&+]|\band\b|和|及)\s*")

_DISEASES = {
    "systemic lupus erythematosus": "SLE",
    "lupus nephritis": "LN",
    "systemic sclerosis": "SSc",
    "immune-mediated necrotizing myopathy": "IMNM",
    "immune-mediated necrotising myopathy": "IMNM",
    "idiopathic inflammatory myopathy": "IIM",
    "diffuse large b-cell lymphoma": "DLBCL",
    "neuromyelitis optica spectrum disorder": "NMOSD",
    "myasthenia gravis": "MG",
    "b-cell acute lymphoblastic leukaemia": "B-ALL",
    "b-cell acute lymphoblastic leukemia": "B-ALL",
}

# Said in the cell source, or saying nothing: not what tells one product from another.
_NOT_TELLING = frozenset(
    """allogeneic autologous universal shelf off the in vivo cell cells therapy dual target targeted
    targeting and anti compound""".split()
)
_PRODUCT_WORD = re.compile(r"pd-?l1|[a-zα-ω]+|\d+")
_CODE_NAME = re.compile(r"(?<![a-z0-9])[a-z]+\d+[a-z0-9]*(?![a-z0-9])")

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}

_NOT_DISTINCTIVE = frozenset(
    """hospital university first second third affiliated of the medical college children childrens s
    center centre institute school and national people peoples general department at in beijing
    shanghai""".split()
)
_CENTRE_WORDS = re.compile(
    "大学|医院|医学院|附属|第[一二三四五六]|儿童|中心|研究所|医科|德国|美国|我国|中国|北京|上海"
)


def folded(text: str) -> str:
    """Without accents, capitals and width: Müller and MULLER are one.

    >>> folded("Müller"), folded("ＣＤ１９")
    ('muller', 'cd19')
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c))


def same_family(one: str, other: str) -> bool:
    """Whether two printed names can be of one person.

    A given name or initial may be left out, but not differ; of a Chinese name the family name alone
    is enough, in either script. A capital that a gap cut off belongs to the name.

    >>> same_family("Wang X", "Xiaobing Wang"), same_family("Wang X", "Wang Q")
    (True, False)
    >>> same_family("G HILARDI", "Ghilardi"), same_family("金主任", "金京玉")
    (True, True)
    >>> same_family("徐滬濟", "徐沪济"), same_family("李强", "李静")
    (True, False)
    """
    if _CHINESE.search(one) and _CHINESE.search(other):
        short, long = sorted(map(_chinese_name, (one, other)), key=len)
        return short == long or (len(short) == 1 and long.startswith(short))
    return any(
        family == other_family and (initial is None or other_initial in (None, initial))
        for family, initial in _readings(one)
        for other_family, other_initial in _readings(other)
    )


def _chinese_name(name: str) -> str:
    return _CHINESE_TITLE.sub("", _simplified(re.sub(r"\s", "", name)))


def _readings(name: str) -> Iterator[tuple[str, str | None]]:
    """Family name and initial, whichever comes first; and all of it as one name."""
    words = re.findall(r"[^\W\d_]+", folded(re.sub(r"['’-]", "", name)))
    yield "".join(words), None
    if len(words) > 1:
        yield words[0], words[-1][0]
        yield words[-1], words[0][0]


def diseases(values: str | Iterable[str]) -> frozenset[str]:
    """Diseases by their short names, folded, from a list or from "IMNM; SSc".

    >>> sorted(diseases("SLE, lupus nephritis"))
    ['ln', 'sle']
    """
    parts = _BETWEEN_VALUES.split(values) if isinstance(values, str) else values
    return frozenset(folded(_DISEASES.get(part.lower(), part)) for part in parts if part)


def targets(values: str | Iterable[str]) -> frozenset[str]:
    """Antigens, folded, from a list or from "CD19/BCMA".

    >>> sorted(targets("CD19/BCMA")), sorted(targets(["PD-L1"]))
    (['bcma', 'cd19'], ['pdl1'])
    """
    parts = _BETWEEN_VALUES.split(values) if isinstance(values, str) else values
    return frozenset(re.sub(r"[\s-]", "", folded(part)) for part in parts if part)


def product_fits(said: str, gold: str, gold_targets: Iterable[str]) -> bool:
    """Whether all that tells a product is in the longer words of gold: targets and kind of cell.

    >>> product_fits("CD19/BCMA CAR-T", "CD19 + BCMA CAR-T (co-infusion)", [])
    True
    >>> product_fits("CD19 CAR-T", "TyU19", ["CD19"])
    True
    >>> product_fits("CD19 CAR-T", "CD19 CAR-NK", ["CD19"])
    False
    """
    words = _product_words(said)
    known = _product_words(gold).union(*map(_product_words, gold_targets))
    if "car" not in known and _CODE_NAME.search(folded(gold)):
        known |= {"car", "t"}  # the code name of a cell product says no more
    return words <= known


def _product_words(text: str) -> frozenset[str]:
    plain = re.sub(r"nk-?92", "nk", folded(text))
    return frozenset(
        word.replace("-", "") for word in _PRODUCT_WORD.findall(plain) if word not in _NOT_TELLING
    )


def phase(text: str) -> str:
    """A phase in Arabic numerals.

    >>> phase("I/II"), phase("Early I"), phase("1/2")
    ('1/2', 'early 1', '1/2')
    """
    return re.sub(r"[ivIV]+(?![a-z])", lambda m: _ROMAN.get(m[0].lower(), m[0]), text).lower()


def names_centre(text: str, institution: str) -> bool:
    """Whether a text has a distinctive part of the name of an institution, gaps aside.

    >>> names_centre("浙 江大学\\n第一附属医院报道了", "Zhejiang University (浙江大学第一附属医院)")
    True
    >>> names_centre("A group from Erlangen", "Erlangen University Hospital")
    True
    >>> names_centre("Peking University Hospital", "Erlangen University Hospital")
    False
    """
    dense = re.sub(r"\s", "", folded(_simplified(text)))
    return any(part in dense for part in _distinctive(_simplified(institution)))


def _simplified(text: str) -> str:
    return traditional(TrackedText.of(text)).text if _CHINESE.search(text) else text


def _distinctive(institution: str) -> Iterator[str]:
    for word in re.findall(r"[a-z]+", folded(institution)):
        if word not in _NOT_DISTINCTIVE and len(word) > 3:
            yield word
    for run in _CHINESE.findall(institution):
        yield from (part for part in _CENTRE_WORDS.split(run) if len(part) > 1)
