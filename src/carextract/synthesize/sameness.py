"""When two papers mean the same by what they write differently.

Each field has a canonical form, in which the same thing is equal however it is written, and a test
whether two values can both be true of one study: what is less exact (`CAR-T` beside `CD19 CAR-T`)
contradicts nothing.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters that do not come apart into a letter and an accent.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "a", "œ": "o"})
_DIGRAPH = re.compile("([aou])e")
_NOT_A_WORD = re.compile(r"[\W_]+")
_AFTER_A_NAME = re.compile(r"\bet\.?\s*al\b\.?|等(?:人)?$|\band (?:colleagues|others)\b", re.I)
_INITIALS = re.compile(r"(?:[A-Z]\.?-?){1,3}")
_CHINESE = re.compile("[\u3400-\u9fff]")


@lru_cache(maxsize=10_000)
def fold(text: str) -> str:
    """A text without what writers vary: case, accents, widths, and more than one space.

    >>> fold("  Krönke，Ｇ "), fold("STRAẞE")
    ('kronke,g', 'strasse')
    """
    apart = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_LETTERS)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.split())


@dataclass(frozen=True, slots=True)
class Author:
    """A first author: the family name folded, and initials where they are printed."""

    family: str
    initials: str


@lru_cache(maxsize=10_000)
def author(printed: str) -> Author:
    """A first author in canonical form; Müller, MULLER and Mueller are the same name.

    >>> author("Mueller F."), author("MÜLLER"), author("徐沪济等")
    (Author(family='muller', initials='f'), Author(family='muller', initials=''), \
Author(family='徐沪济', initials=''))
    """
    name = _AFTER_A_NAME.sub("", unicodedata.normalize("NFKC", printed)).replace(",", " ")
    words = name.split()
    if _CHINESE.search(name):
        return Author("".join(words).casefold(), "")
    initials: list[str] = []
    while len(words) > 1 and _INITIALS.fullmatch(words[-1]):
        initials.insert(0, words.pop())
    while not initials and len(words) > 1 and len(words[0].rstrip(".")) == 1:
        initials.append(words.pop(0))
    family = _NOT_A_WORD.sub(" ", fold(" ".join(words))).strip()
    return Author(_DIGRAPH.sub(r"\1", family), _NOT_A_WORD.sub("", fold("".join(initials))))


_HAN = re.compile("[\u3400-\u9fff]")


def authors_agree(one: str, other: str) -> bool:
    """Whether two printed names can be those of the same person; one in Chinese and one in Latin
    letters always can.

    >>> authors_agree("Xu", "徐沪济"), authors_agree("Xu", "Wang")
    (True, False)
    """
    if bool(_HAN.search(one)) != bool(_HAN.search(other)):
        return True
    first, second = author(one), author(other)
    return first.family == second.family and initials_agree(first.initials, second.initials)


def initials_agree(one: str, other: str) -> bool:
    """Whether initials can be those of one person: `x` may be short for `xb`, `q` may not."""
    return one.startswith(other) or other.startswith(one)


# Diseases by the names that papers use, longest first; a part of another disease names that too.
_DISEASES = {
    "lupus nephritis|狼疮性?肾炎|狼瘡性?腎炎|ln": ("LN", "SLE"),
    "(?:systemic )?lupus erythematosus|(?:系统性|全身性)?红斑性?狼疮"
    "|(?:系統性|全身性)?紅斑性?狼瘡|c?sle|lupus|狼疮|狼瘡": ("SLE",),
    "(?:diffuse cutaneous )?systemic sclerosis|系统性硬化症?|系統性硬化症?|(?:dc)?ssc": ("SSc",),
    "immune-mediated necroti[sz]ing myopathy|免疫介导(?:性|的)?坏死性?肌病|imnm": ("IMNM", "IIM"),
    "idiopathic inflammatory myopath(?:y|ies)|炎性肌病|myositis|肌炎|iim": ("IIM",),
    "myasthenia gravis|重症肌无力|重症肌無力|g?mg": ("MG",),
    "rheumatoid arthritis|类风湿(?:性)?关节炎|類風濕(?:性)?關節炎|ra": ("RA",),
    "multiple sclerosis|多发性硬化症?|多發性硬化症?|ms": ("MS",),
    "neuromyelitis optica(?: spectrum disorders?)?|视神经脊髓炎(?:谱系疾病)?|nmosd": ("NMOSD",),
    "sj[o]gren(?:'?s)?(?: syndrome| disease)?|干燥综合征|乾燥症候群|sjd": ("SjD",),
    "(?:anca[- ]associated )?vasculitis|血管炎|aav": ("AAV",),
    "(?:systemic )?auto-?immune (?:rheumatic )?diseases?|自身免疫(?:性)?(?:疾病|病)"
    "|自體免疫(?:性)?疾病|aids?": (),
}
_DISEASE = [
    (re.compile(rf"(?<![a-z])(?:{names})(?![a-z])"), frozenset(codes))
    for names, codes in _DISEASES.items()
]


@lru_cache(maxsize=10_000)
def condition(printed: str) -> tuple[frozenset[str], frozenset[str]]:
    """The diseases that a text names, and its other words.

    >>> sorted(condition("Systemic lupus erythematosus")[0]), sorted(condition("难治性 SLE")[1])
    (['SLE'], ['难治性'])
    """
    rest = fold(printed)
    codes: set[str] = set()
    for pattern, named in _DISEASE:
        rest, times = pattern.subn(" ", rest)
        if times:
            codes |= named
    return frozenset(codes), frozenset(_NOT_A_WORD.sub(" ", rest).split())


def conditions_agree(one: str, other: str) -> bool:
    """Whether two texts can name the patients of one study: one may name more than the other."""
    (codes, words), (other_codes, other_words) = condition(one), condition(other)
    if codes and other_codes:
        return _nested(codes, other_codes)
    return _nested(codes | words, other_codes | other_words)


_TARGET = re.compile(
    r"cd[ -]?(\d+[a-z]?(?![a-z0-9])|\d+(?=car))|(bcma|tnfrsf17|baff-?r|taci|pd-?l?1)"
)
_SAME_TARGET = {"tnfrsf17": "bcma", "cd269": "bcma"}
_CELLS = {
    "car-t": "(?:chimeric antigen receptor|嵌合抗原受体|嵌合抗原受體|car)[ -]?t(?![a-z])",
    "car-treg": "car[ -]?tregs?",
    "car-nk": "(?:嵌合抗原受体|car)[ -]?nk",
    "car-m": "car[ -]?m(?![a-z])",
    "caar-t": "caar[ -]?t(?![a-z])",
    "msc": "mesenchymal (?:stem|stromal)|间充质干|間充質幹|(?:uc-?)?mscs?(?![a-z])",
    "engager": "t[ -]?cell engagers?|bite(?![a-z])|双特异性抗体|雙特異性抗體",
}
_CELL = [(re.compile(f"(?<![a-z]){names}"), kind) for kind, names in _CELLS.items()]
_SAYS_NO_MORE = re.compile(
    r"(?<![a-z])(?:anti|targeted|targeting|directed|specific|dual|bispecific|compound|autologous"
    r"|allogeneic|universal|cells?|therap(?:y|ies)|treatment|products?|infusions?|and|the|of|with"
    r"|in vivo|combined|tandem|co)(?![a-z])"
    r"|靶向|双靶点?|雙靶點?|抗|自体|自體|异体|異體|异基因|通用型?|体内|體內|细胞|細胞|疗法|療法"
    r"|治疗|治療|联合|聯合|和|及"
)


@dataclass(frozen=True, slots=True)
class Product:
    """A cell product: what it is directed against, what it is, and what else it is called."""

    targets: frozenset[str]
    cells: frozenset[str]
    names: frozenset[str]

    @property
    def specific(self) -> bool:
        """Whether it tells one product from others, as `CAR-T` does not."""
        return bool(self.targets or self.names)


@lru_cache(maxsize=10_000)
def product(printed: str) -> Product:
    """A product in canonical form.

    >>> product("anti-CD19 CAR T cells") == product("靶向CD19的CAR-T细胞")
    True
    >>> product("CAR-T").specific, sorted(product("KYV-101").names)
    (False, ['kyv-101'])
    """
    rest = fold(printed)
    targets: set[str] = set()
    for found in _TARGET.finditer(rest):
        name = f"cd{found[1]}" if found[1] else found[2].replace("-", "")
        targets.add(_SAME_TARGET.get(name, name))
    rest = _TARGET.sub(" ", rest)
    cells = set()
    for pattern, kind in _CELL:
        rest, times = pattern.subn(" ", rest)
        if times:
            cells.add(kind)
    names = {word.strip("-") for word in re.split(r"[^\w-]+", _SAYS_NO_MORE.sub(" ", rest))}
    return Product(frozenset(targets), frozenset(cells), frozenset(names - {"", "的"}))


def products_agree(one: Product, other: Product) -> bool:
    """Whether two products can be the same one, of which one paper says more than the other."""
    return (
        _nested(one.targets, other.targets)
        and _nested(one.cells, other.cells)
        and _nested(one.names, other.names)
    )


def _nested(one: frozenset[str], other: frozenset[str]) -> bool:
    return one <= other or other <= one
