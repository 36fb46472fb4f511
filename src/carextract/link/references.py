"""The reference list of a paper, as the papers it names: number, authors, year, journal, DOI, PMID.

Where a list begins is told by its heading, or, without one, by a run of numbered entries near the
end. A list whose entries cannot be told apart with confidence gives none, and a field that could
be read in two ways is None.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from carextract.tracked import Span

# How far a list may reach, an entry may be long, and a list without a heading lie from the end.
_LONGEST_LIST = 400_000
_LONGEST_ENTRY = 3000
_SHORTEST_LIST = 30
_NEAR_THE_END = 200_000
_BEFORE_THE_FIRST = 400  # characters of page furniture between the heading and the first entry
_LARGEST_JUMP = 30
_LOOK_BACK = 40
_FEWEST_WITHOUT_HEADING = 5
_FEWEST_WITHOUT_NUMBERS = 3
_STRANGERS = 6  # lines in a row that belong to no entry, after which the list has ended


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a reference list; what it does not say with certainty is None or empty."""

    number: int | None
    span: Span  # in the cleaned text, the whole entry
    authors: tuple[str, ...]  # family names as printed, Chinese names in full, first author first
    initials: str | None  # of the first author, to tell Wang X from Wang Q
    year: int | None
    journal: str | None
    doi: str | None
    pmid: str | None


@dataclass(frozen=True, slots=True)
class References:
    """The entries of all reference lists of a text, in order; `start` is where the first begins.

    A text of several papers has several lists. Their numbers then mean more than one entry each,
    and are answered with None.
    """

    entries: tuple[Entry, ...] = ()
    start: int | None = None

    def numbered(self, number: int) -> Entry | None:
        """The entry with a number; None where none or two different ones have it."""
        return _only_one([entry for entry in self.entries if entry.number == number])

    def by(self, author: str, year: int | None, initials: str | None = None) -> Entry | None:
        """The entry of a first author and a year; None where none or two could be meant.

        Capitals and accents do not matter: MULLER, Müller and Mueller are the same name. Without
        a year, the only entry of the author is meant.
        """
        name = _folded(author)
        meant = [
            entry
            for entry in self.entries
            if entry.authors
            and _folded(entry.authors[0]) == name
            and (year is None or entry.year in (year, None))
            and _may_be(initials, entry.initials)
        ]
        found = _only_one(meant) if name else None
        return found if found and year in (None, found.year) else None


def read_references(text: str) -> References:
    """The reference lists of a cleaned text; no entries where there is none that can be trusted.

    >>> references = read_references(
    ...     "References\\n"
    ...     "1. Feng J, Huo D, et al. Co-infusion in lupus. Nat Med. 2025. PMID: 40993243\\n"
    ...     "2. Müller F, Taubmann J, et al. CD19 CAR T. N Engl J Med. 2024;390:687-700.\\n"
    ... )
    >>> references.numbered(1).pmid, references.by("Mueller", 2024).journal
    ('40993243', 'N Engl J Med')
    """
    places = list(_headings(text))
    lists: list[tuple[int, list[Entry]]] = []
    for i, (start, end) in enumerate(places):
        following = places[i + 1][0] if i + 1 < len(places) else len(text)
        if following - end < _SHORTEST_LIST:
            continue
        entries = _read_list(text, end, min(following, end + _LONGEST_LIST))
        if entries:
            lists.append((start, entries))
    if not lists:
        entries = _without_heading(text)
        lists = [(entries[0].span.start, entries)] if entries else []
    if not lists:
        return References()
    return References(tuple(entry for _, entries in lists for entry in entries), lists[0][0])


# -- where lists begin ------------------------------------------------------------------------

_HEADING_WORDS = (
    *("文献", "文 献", "参考资料", "eferences", "EFERENCES", "E F E R E N C E", "ibliography"),
    *("BIBLIOGRAPHY", "iterature", "LITERATURE", "orks cited", "Works Cited"),
)
_HEADING = re.compile(
    r"[ \t#*]{0,6}(?:第?[0-9一二三四五六七八九十]{1,3}(?:[章节.、]|(?= )){0,2}\s?)?[\[【〔]?[ \t]?"
    r"(?:(?:主要|本文)?(?:参 ?考 ?文 ?献|参考资料|引用文献|文 {0,4}献)(?: ?[(/]? ?References?\)?)?"
    r"|(?:Selected |Key )?(?i:references?(?: and notes| cited| list)?|r e f e r e n c e s"
    r"|bibliography|literature cited|works cited|literature)(?: ?[(/]? ?参考文献\)?)?)"
    r"[ \t]?[\]】〕]?[ \t*]{0,4}[:：]?[ \t*]{0,4}(?=[\r\n]|$|[\[［(【]?1[\]］).．、】])"
)


def _headings(text: str) -> Iterator[tuple[int, int]]:
    """Where headings of reference lists begin and end. Words are looked for first: it is cheap."""
    found = set()
    for word in _HEADING_WORDS:
        at = text.find(word)
        while at >= 0:
            line = text.rfind("\n", max(0, at - 40), at) + 1
            if line or at <= 40:
                heading = _HEADING.match(text, line, at + 120)
                if heading and heading.end() > at:
                    found.add((line, heading.end()))
            at = text.find(word, at + len(word))
    yield from sorted(found)


# -- the entries of a list --------------------------------------------------------------------

_PLAIN = str.maketrans(
    "，．：（）；［］【】〔〕／＆\u3000\xa0。｡、“”’‐‑", ',.:();[][][]/&  ..,""\'--'
)
_BRACKETS = re.compile(r"\[ ?((?:[0-9OoIl|]|\(\)){1,4}) ?\]\s{0,4}(?=\S)")
_STYLES = (
    _BRACKETS,
    re.compile(r"()\(([0-9]{1,3})\)\s{0,4}(?=[^\W\d_]|\")"),
    re.compile(r"()([0-9]{1,3})[.,)]\s{0,4}(?=[^\W\d_]|\")"),
    re.compile(r"()([0-9]{1,3})\s{1,4}(?=[^\W\d_a-z]{1,2}[^\W\d_])"),
)
_END_OF_ENTRY = re.compile(r"[.)\]/\d]\s{0,3}$|\n\s{0,3}$")
"""What stands before a number that begins an entry."""
_DIGITS = str.maketrans("OoIl|", "00111")


@dataclass(frozen=True, slots=True)
class _Label:
    """A number that may begin an entry: where it is, where what it numbers begins."""

    number: int
    start: int
    end: int
    in_line: bool


def _read_list(text: str, start: int, stop: int) -> list[Entry]:
    """The entries after a heading, numbered or not; none where they cannot be told apart."""
    region = text[start:stop].translate(_PLAIN)
    entries = _numbered(region, start)
    if entries and _are_references(entries, region, start, share=0.6):
        return entries
    return _unnumbered(region, start)


def _without_heading(text: str) -> list[Entry]:
    """A run of numbered entries near the end, every number there and nearly all beyond doubt."""
    start = max(0, len(text) - _NEAR_THE_END)
    region = text[start:].translate(_PLAIN)
    for style in _STYLES[:3]:
        chain = _chain(_labels(region, style, reach=len(region)))
        if len(chain) < _FEWEST_WITHOUT_HEADING or chain[-1].number - chain[0].number >= len(chain):
            continue
        entries = _entries_of(chain, region, start)
        if _are_references(entries, region, start, share=0.8, beyond_doubt=True):
            return entries
    return []


def _numbered(region: str, offset: int) -> list[Entry]:
    """The entries of the style of numbers that makes the longest row, its first near the top."""
    best: list[_Label] = []
    for style in _STYLES:
        chain = _chain(_labels(region, style))
        if len(chain) > len(best) and _begins_the_list(chain, region):
            best = chain
    return _entries_of(best, region, offset)


def _begins_the_list(chain: Sequence[_Label], region: str) -> bool:
    """Whether no entry stands before the first number: that would be a figure in an entry."""
    before = region[: chain[0].start]
    if len(before) > _BEFORE_THE_FIRST:
        return False
    return chain[0].number == 1 or (len(chain) > 1 and not _YEAR.search(before))


def _entries_of(chain: Sequence[_Label], region: str, offset: int) -> list[Entry]:
    """Entries from their numbers; what follows the list and is no reference is left out."""
    entries = []
    for i, label in enumerate(chain):
        last = i + 1 == len(chain)
        stop = len(region) if last else chain[i + 1].start
        end = _end(region, label.end, min(stop, label.end + _LONGEST_ENTRY), last=last)
        # Where a number is missing, its entry may stand in this one: only the first line is sure.
        whole = last or chain[i + 1].number == label.number + 1
        sure = end if whole else _line_end(region, label.end, end)
        span = Span(offset + label.start, offset + end)
        entries.append(_entry(label.number, span, region[label.end : sure]))
    while entries and not _is_reference(entries[-1], region, offset):
        entries.pop()
    return entries


def _labels(
    region: str, style: re.Pattern[str], *, reach: int = _LONGEST_ENTRY
) -> Iterator[_Label]:
    """The numbers of a style that may begin an entry, as far as one follows the other."""
    for found in style.finditer(region):
        if found.start() > reach:
            return
        line = region.rfind("\n", max(0, found.start() - 8), found.start()) + 1
        at_line_start = (line or found.start() < 8) and not region[line : found.start()].strip()
        before = region[max(0, found.start() - 4) : found.start()]
        if not at_line_start and not _END_OF_ENTRY.search(before):
            continue
        digits = found[found.lastindex or 0].replace("()", "0").translate(_DIGITS)
        if 0 < len(digits) <= 3 and int(digits) > 0:
            reach = max(reach, found.end() + _LONGEST_ENTRY)
            yield _Label(int(digits), found.start(), found.end(), not at_line_start)


def _chain(labels: Iterator[_Label]) -> list[_Label]:
    """The best rising row of numbers: steps of one count most, larger ones only at line starts."""
    all_labels = list(labels)
    score: list[float] = []
    before: list[int] = []
    for i, label in enumerate(all_labels):
        first = 0.0 if label.in_line and label.number > 1 else 1.0 if label.number == 1 else 0.2
        best, link = first, -1
        for j in range(max(0, i - _LOOK_BACK), i):
            step = label.number - all_labels[j].number
            near = label.start - all_labels[j].end <= _LONGEST_ENTRY
            if not near or not 0 < step <= (1 if label.in_line else _LARGEST_JUMP):
                continue
            gain = (0.9 if label.in_line else 1.0) if step == 1 else 0.4
            if score[j] + gain > best:
                best, link = score[j] + gain, j
        score.append(best)
        before.append(link)
    at = max(range(len(score)), key=score.__getitem__, default=-1)
    chain = []
    while at >= 0:
        chain.append(all_labels[at])
        at = before[at]
    return chain[::-1]


_AFTER_THE_LIST = re.compile(
    r"\s{0,4}(?:\(?(?:收稿|修回|接受日期|本文编辑|责任编辑|编辑)|作者简介|作者单位|通信作者|通讯作者|基金项目|附录"
    r"|利益冲突|致谢|摘要|关键词|[图表] ?\d|#{1,4} |\|"
    r"|(?:Conflicts? of|Competing|Copyright|Publisher|Submit your|Abstract|ABSTRACT|Key ?words"
    r"|Appendix|Acknowledg|Author contrib|Supplementa|Figure \d|Fig\. \d|Table \d|Disclaimer"
    r"|Received)\b|©)"
)
_GOES_ON = re.compile(
    r"\s{0,4}(?:(?i:doi\b|pmid|pmcid|epub|available|https?:)|\[|[a-z]{2}"
    r"|\d{2,9}(?=[(:;,.-]))"
)
_FINISHED = re.compile(r"(?:[.\])\d]|/\S{4,60})\s{0,4}$")


def _end(region: str, start: int, stop: int, *, last: bool) -> int:
    """Where an entry ends: before page furniture, and before what follows the list."""
    end = _line_end(region, start, stop)
    while end < stop:
        line = region[end + 1 : _line_end(region, end + 1, stop)]
        body = region[start:end]
        if line.strip():
            done = _FINISHED.search(body[-80:]) and (last or _YEAR.search(body))
            if _AFTER_THE_LIST.match(line) or (done and not _goes_on(body, line)):
                break
        end += 1 + len(line)
    return start + len(region[start:end].rstrip())


def _goes_on(body: str, line: str) -> bool:
    """Whether a line belongs to an entry that could end before it: its DOI, or its translation."""
    if _GOES_ON.match(line):
        return len(line) < 300
    translated = (_CJK.match(body.lstrip()) is None) != (_CJK.match(line.lstrip()) is None)
    return translated and _YEAR.search(line) is not None and bool(_authors(_one_line(line))[0])


def _line_end(region: str, start: int, stop: int) -> int:
    at = region.find("\n", start, stop)
    return stop if at < 0 else at


def _unnumbered(region: str, offset: int) -> list[Entry]:
    """Entries that begin with their authors, a line or several each; the last ones may end it."""
    spans: list[tuple[int, int]] = []
    strangers = 0
    at = 0
    while at < len(region) and strangers < _STRANGERS:
        end = _line_end(region, at, len(region))
        line = region[at:end]
        body = region[spans[-1][0] : spans[-1][1]] if spans else ""
        finished = not spans or (_FINISHED.search(body[-80:]) and _YEAR.search(body))
        if not line.strip():
            pass
        elif _AFTER_THE_LIST.match(line):
            break
        elif finished and _begins_with_authors(line):
            spans.append((at, end))
            strangers = 0
        elif (spans and len(body) + len(line) < _LONGEST_ENTRY) and (
            not finished or _GOES_ON.match(line) or not _LOCATOR.search(body)
        ):
            spans[-1] = (spans[-1][0], end)
        else:
            strangers += 1
        at = end + 1
    entries = []
    for start, end in spans:
        start += len(region[start:end]) - len(region[start:end].lstrip())
        end = start + len(region[start:end].rstrip())
        entries.append(_entry(None, Span(offset + start, offset + end), region[start:end]))
    while entries and not _is_reference(entries[-1], region, offset):
        entries.pop()
    sure = len(entries) >= _FEWEST_WITHOUT_NUMBERS
    return entries if sure and _are_references(entries, region, offset, share=0.8) else []


def _begins_with_authors(line: str) -> bool:
    """Whether a line begins an entry; the head of a page does not: 周岚, 等: 综述."""
    plain = _one_line(line[:1000])
    authors, _, end = _authors(plain)
    is_head = plain[end:].lstrip(" .").startswith("/") or (
        plain[:end].rstrip().endswith(":") and not _YEAR.search(plain)
    )
    return bool(authors) and not is_head


_KIND = re.compile(r"\[(?:J|M|D|C|N|S|R|P|G|DB|EB|CP|Z|A|J/OL|EB/OL|M/OL|N/OL|C/OL|DB/OL|R/OL) ?\]")


def _is_reference(entry: Entry, region: str, offset: int, *, beyond_doubt: bool = False) -> bool:
    """Whether an entry has what only references have: a year, and an author or a place in print."""
    text = region[entry.span.start - offset : entry.span.end - offset]
    printed = entry.doi or entry.pmid or _KIND.search(text)
    if printed:
        return True
    place = _YEAR.search(text) and _LOCATOR.search(_one_line(text))
    return bool(
        place and entry.authors if beyond_doubt else place or (entry.authors and entry.year)
    )


def _are_references(
    entries: Sequence[Entry], region: str, offset: int, *, share: float, beyond_doubt: bool = False
) -> bool:
    sure = sum(_is_reference(entry, region, offset, beyond_doubt=beyond_doubt) for entry in entries)
    return bool(entries) and sure >= share * len(entries)


# -- the fields of an entry -------------------------------------------------------------------

_SPACE = re.compile(r"\s+")
# The head of a page between two lines of an entry: Feng et al. Blood (2025) 1:60 Page 7 of 8.
_PAGE_HEAD = re.compile(
    r"(?m)\n[ \t]{0,4}(?:[^\W\d_][^\n\d,]{1,40} et al[^\n]{0,80}(?:\((?:19|20)\d\d\)|Page \d)"
    r"[^\n]{0,80}|[^\n]{0,120}\bPage \d{1,4} of \d{1,4})$"
)
# What some journals print for the hyphen at the end of a line.
_SOFT_HYPHEN = re.compile(
    r"(?<=[^\W\d])[⁃￣]\s?(?=[^\W\d_A-Z]|(?<=[A-Z][⁃￣]\s)[A-Z]|(?<=[A-Z][⁃￣])[A-Z])"
)


def _one_line(text: str) -> str:
    return _SPACE.sub(" ", _SOFT_HYPHEN.sub("", text)).strip()


def _entry(number: int | None, span: Span, text: str) -> Entry:
    line = _one_line(_PAGE_HEAD.sub(" ", text))
    authors, initials, rest = _authors(line)
    return Entry(
        number,
        span,
        authors,
        initials,
        _year(line, line[rest:]),
        _journal(line[rest:]),
        _doi(line),
        _pmid(line),
    )


_CJK = re.compile("[\u3400-\u9fff]")
_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĖĘĚĜĞĠĢĤĦĨĪĬĮİĶĹĻĽŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚ"
_LETTER = "A-Za-zÀ-ÖØ-öø-ɏ"
_WORD = rf"[{_UP}](?:[{_LETTER}]|['\-](?=[{_LETTER}])){{1,30}}"
_PARTICLE = (
    r"(?:(?:[Vv]an|VAN|[Vv]on|VON|[Dd]er|[Dd]en|[Dd]e|[Dd]el|[Dd]ella|[Dd]i|[Dd]a|[Dd]os|[Dd]u|[Ll]a|[Ll]e"
    r"|[Ee]l|[Aa]l|[Tt]er|[Tt]en|af|bin|zu) |d'|al-|el-){0,3}"
)
_FAMILY = rf"{_PARTICLE}{_WORD}"
_BARE = rf"[{_UP}](?:-?[{_UP}]| [{_UP}](?![{_LETTER}'])){{0,3}}(?![{_LETTER}'])"
_DOTTED = rf"[{_UP}][a-z]?\.(?: ?-?[{_UP}][a-z]?\.){{0,3}}"
_SUFFIX = r"(?:,? (?:Jr|Sr|II|III|2nd|3rd)\b\.?)?"
_PINYIN = (
    r"(?:[Zz]h|[Cc]h|[Ss]h|[B-DF-HJ-NP-TW-Zb-df-hj-np-tw-z])?[AEOaeoiuvü][aeiouvü]{0,2}(?:ng|n|r)?"
)

_AUTHOR_STYLES = tuple(
    re.compile(style)
    for style in (
        # Müller, F.; Hall, M.A.
        rf"(?P<f>{_FAMILY}(?: {_WORD}){{0,2}}), ?(?P<i>{_DOTTED}|{_BARE}(?= ?[,&;(])){_SUFFIX}",
        # MOUGIAKAKOS D; De Martino L; Newman C B; Müller F.J.
        rf"(?P<f>{_FAMILY}(?: {_WORD}){{0,2}}) "
        rf"(?P<i>[{_UP}]\.[ -]?[{_UP}]\.(?:[ -]?[{_UP}]\.){{0,2}}|{_BARE}){_SUFFIX}",
        # WANG Xiaoming
        rf"(?P<f>[{_UP}]{{2,12}}) (?P<i>(?=[A-Z])(?:{_PINYIN}['-]?){{1,3}})(?![{_LETTER}])",
        # A. K. Jain
        rf"(?P<i>{_DOTTED}) ?(?P<f>{_FAMILY}(?: {_WORD})?)",
        # TD Steensma
        rf"(?P<i>[{_UP}]{{1,3}}) (?P<f>{_PARTICLE}[{_UP}][a-z](?:[{_LETTER}]|['\-](?=\w)){{0,30}})",
        # Alessandra D. Fisher
        rf"(?P<i>[{_UP}][a-z]{{1,20}}) (?:[{_UP}]\.[ -]?){{1,3}}(?P<f>{_FAMILY})",
        # FrancaMC, where a PDF lost its spaces
        rf"(?P<f>[{_UP}](?:[{_LETTER}]|['\-](?=\w)){{0,30}}?[a-zß-ɏ])(?P<i>[{_UP}]{{1,4}})(?![{_LETTER}])",
    )
)
_INVERTED, _PLAIN_STYLE, _INITIALS_FIRST = 0, 1, 3
_NEXT_IS_A_FAMILY = re.compile(rf"\.? ?{_FAMILY}(?: {_WORD})?(?:,| et al| and (?=[{_UP}])| &| ?\()")
_BETWEEN = re.compile(r" ?(?:[,;]? ?(?:and|&|\.\.\.|…) ?|[,;] ?)(?:and |& ?|\.\.\.,? ?)?(?=\S)")
_OTHERS = re.compile(
    r"[ ,;.]{0,3}(?:et ?al\b|等(?=[.,: (]|$)|and others|和其他)[ .,:;]{0,3}", re.IGNORECASE
)
_AFTER_AUTHORS = re.compile(r" ?(?:[.:]|\(|,? ?(?:19|20)\d\d\b|$)")
_TITLED = re.compile(r" ?,")
_REST_OF_AUTHORS = re.compile(r" ?[,;][^.()]{2,80}[,;.] ?et ?al\b[.,: ]{0,3}")

_CHINESE_NAME = re.compile(
    "([\u3400-\u9fff]{1,12}[·•・][\u3400-\u9fff]{1,12}(?:[·•・][\u3400-\u9fff]{1,12})?|[\u3400-\u9fff]{2,4}?)"
    "(?=主编|主审|编著|编译|[编译著主]|等|[ ,.;:(]|$)(?:主编|主审|编著|编译|[编译著])?"
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁符阮纪梅童凌毕单裴霍涂成苗谷盛曲"
    "翁冉骆蓝路游辛靳管柴蒙鲍华喻祁房滕屈饶解牟艾尤时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫"
    "米柏宗瞿桂全佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封谈匡鞠惠荆乐冀胥南"
    "班储原栗燕楚鄢劳"
)
_LONG_SURNAMES = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 长孙 宇文 端木 南宫".split()
)


def _authors(line: str) -> tuple[tuple[str, ...], str | None, int]:
    """Family names, initials of the first author, and where the authors end.

    >>> _authors("MOUGIAKAKOS D, KRÖNKE G, et al. CD19 CAR T cells")
    (('MOUGIAKAKOS', 'KRÖNKE'), 'D', 32)
    >>> _authors("Müller, F., & Van Gool, S. W. (2024). Title.")[:2]
    (('Müller', 'Van Gool'), 'F')
    >>> _authors("American College of Rheumatology. Criteria.")
    ((), None, 0)
    """
    if _CJK.match(line):
        return _chinese_authors(line)
    for index, style in enumerate(_AUTHOR_STYLES):
        names: list[str] = []
        initials = ""
        at = end = 0
        while found := style.match(line, at):
            initials = initials or _letters(found["i"])
            names.append(found["f"])
            end = found.end()
            between = _BETWEEN.match(line, end)
            if between is None:
                break
            at = between.end()
        if names and (rest := _after_authors(line, end, index, len(names))) is not None:
            return tuple(names), initials, rest
    return (), None, 0


def _after_authors(line: str, end: int, style: int, names: int) -> int | None:
    """Where the authors end, if it is in a way that authors end; else None."""
    others = _OTHERS.match(line, end)
    if others:
        return others.end()
    dotted = line[end - 1] == "."
    if style == _PLAIN_STYLE and names == 1 and _NEXT_IS_A_FAMILY.match(line, end - dotted):
        return None  # Alessandra D. Fisher, ...: the family name comes last
    if _AFTER_AUTHORS.match(line, end) or (dotted and style == _INVERTED) or names > 2:
        return end
    rest = _REST_OF_AUTHORS.match(line, end)
    if rest:
        return rest.end()
    # With given names first a title may follow a comma, and with them written out an author that
    # has no second initial.
    return end if style >= _INITIALS_FIRST and _TITLED.match(line, end) else None


def _letters(given: str) -> str:
    """The initials of given names: all of J.-P. and CB, the first letter of one written out."""
    if given[1:].strip(". -").islower() or re.search("[a-zà-ÿ]{2}", given):
        return given[0]
    return "".join(letter for letter in given if letter.isalpha() and letter.isupper())


def _chinese_authors(line: str) -> tuple[tuple[str, ...], str | None, int]:
    names: list[str] = []
    at = end = 0
    others = None
    while found := _CHINESE_NAME.match(line, at):
        if not _may_be_name(found[1]):
            break
        names.append(found[1])
        end = found.end()
        others = _OTHERS.match(line, end)
        between = None if others else _BETWEEN.match(line, end)
        if between is None:
            break
        at = between.end()
    if not names or (len(names) == 1 and not others and names[0][0] not in _SURNAMES):
        return (), None, 0
    if others:
        return tuple(names), None, others.end()
    return (
        (tuple(names), None, end)
        if len(names) > 1 or _AFTER_AUTHORS.match(line, end)
        else ((), None, 0)
    )


def _may_be_name(name: str) -> bool:
    return len(name) < 4 or "·" in name or "•" in name or name[:2] in _LONG_SURNAMES


_YEAR = re.compile(r"(?<![\d.:/\-–—])(?:19[0-9]{2}|20[0-3][0-9])(?![\d/]|[-–—]\d)")
_NO_YEAR = re.compile(
    r"10\.\d{4,9} ?/\S{1,200}|https?:\S{1,200}|PMID[: ]{0,3}\d{1,9}|(?:PMC|NCT)\d{1,9}"
    r"|\[[12]\d{3}-\d\d?-\d\d?\]|Epub (?:19|20)\d\d|\d{1,9} ?[-–—] ?\d{1,9}|: ?e?\d{1,9}",
    re.IGNORECASE,
)
_MONTH = r"(?: (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?(?: \d{1,2})?)?"
_YEAR_IN_PLACE = re.compile(
    # 2021;385 | 2021, 385 | 28, 2124 (2022). | 2025 Oct 10. doi
    rf"\b((?:19|20)\d\d)[a-z]?{_MONTH} ?(?:[;,:] ?(?:\(|[Se]\d|Suppl|\d)|\(\d)"
    r"|\(((?:19|20)\d\d)\)(?=[.;]? ?$|[.;]? ?(?:doi|http|PMID)| \d)"
    rf"|[,.] ?((?:19|20)\d\d){_MONTH}\. ?(?:doi|Epub|Online|$)",
    re.IGNORECASE,
)
_YEAR_AFTER_AUTHORS = re.compile(
    r"[ .,]{0,3}\(((?:19|20)\d\d)[a-z]?(?:,[^)]{0,20})?\)|,? ((?:19|20)\d\d)[a-z]?\. "
)


def _year(line: str, rest: str) -> int | None:
    """The year of publication: after the authors, beside the volume, or the only one there is."""
    after = _YEAR_AFTER_AUTHORS.match(rest)
    if after:
        return int(after[1] or after[2])
    bare = _NO_YEAR.sub("#", line)
    places = _YEAR_IN_PLACE.finditer(_NO_LINK.sub(" ", line))
    printed = [year for found in places for year in found.groups() if year]
    placed = {int(year) for year in printed if _YEAR.fullmatch(year)}
    years = placed if len(placed) == 1 else {int(found[0]) for found in _YEAR.finditer(bare)}
    return years.pop() if len(years) == 1 else None


_NO_LINK = re.compile(
    r"10\.\d{4,9} ?/\S{1,200}|https?:\S{1,200}|Epub (?:19|20)\d\d|\[[12]\d{3}-\d\d?-\d\d?\]",
    re.IGNORECASE,
)

# Where in print: 2021;385:567 | 2021, 385(6): 567 | 28, 2124-2132 | (2008) 42: 278 | 390(8), 687
_LOCATOR = re.compile(
    rf"(?:,|;|\.|\b)? ?\(?\b(?:19|20)\d\d[a-z]?\)?{_MONTH} ?[;,:.]? ?"
    r"(?:\d{1,4}|\()[^.]{0,20}?[:,] ?[A-Za-z]{0,6}\d"
    r"|[, ] ?(?:\d{1,4} ?(?:\([^()]{1,20}\))?|\(\d{1,3}\)) ?[,:] ?"
    r"[A-Za-z]{0,4}\d{1,7}(?:[-–]| ?\(|[.,]|$)"
)
_MARKED = re.compile(
    r"\[J(?:/OL)? ?\] ?[.,:]? ?(\S.{1,100}?) ?(?:[,.;] ?|(?<=[^\d]) ?)\(?"
    r"(?=(?:19|20)\d\d\b|\d{1,4} ?[(:,])"
)
_NO_JOURNAL = re.compile(
    r"\[(?:M|D|C|N|S|R|P|G|EB)(?:/OL)? ?\]|\b(?:In:|[Ee]ditors?\b|[Ee]ds?\.\)|Press\b|Publish"
    r"|Proceedings of|Thesis|Dissertation|Conference|[Aa]rXiv|(?:bio|med)[Rr]xiv)|出版社|学位论文"
)
_PRINTED_AT = re.compile(
    rf"[,.]? ?\(?\b(?:19|20)\d\d\)?(?:{_MONTH} ?[;,:] ?(?:\d|\(|S|e)| \d{{1,4}}[,:(]"
    rf"|{_MONTH}\. ?(?:doi|DOI|PMID))"
    r"|[, ] ?\d{1,4} ?(?:\(\d[^()]{0,15}\))?[,:] ?e?\d{1,7}(?:[-–.,]| ?\()|,\(\d{1,3}\),\d"
)
_ABBREVIATIONS = frozenset(
    "N Engl J Med Ann Rheum Dis Nat Clin Immunol Arthritis Rheumatol Rheumatism Lancet Blood "
    "Cell Front Rev Int Am Acad Sci Proc Natl Oncol Haematol Hematol Transplant Bone Marrow Mol "
    "Ther Adv Cancer Res Discov Commun Chem Biol Exp Eur Br Intern Kidney Neurol Nephrol "
    "Autoimmun Autoimmunity Opin Curr Semin Best Pract JAMA Nature Science Rheumatology Lupus "
    "RMD Open BMJ Cytotherapy Leukemia Immunity Chin Invest Primers Rep Pharmacol Endocrinol "
    "Metab Cardiol Heart Assoc Soc Gastroenterol Pediatr Dermatol Biomed Microbiol Insight JCI "
    "Genet Signal Transduct Target Methods Stem Cells Drug Drugs Trials Case".split()
)
_CHINESE_JOURNAL = re.compile("(?!.{0,20}的)[\u3400-\u9fff()A-Z·]{2,24}")
# What ends the names of many journals and is never one by itself.
_NOT_ALONE = frozenset(
    "Acta Biol Chem Commun J Lett Mater Med Phys Rep Res Rev Sci Soc Ther".split()
)


def _journal(rest: str) -> str | None:
    """The journal, between the title and the year or volume, where the title's end is certain.

    >>> _journal("CD19 CAR T cells in lupus. N Engl J Med. 2021;385:567-9.")
    'N Engl J Med'
    >>> _journal("Systemic lupus. J. Unknown. Abbrev. 2011, 365, 2110")
    """
    marked = _MARKED.search(rest)
    if marked:
        return _as_journal(marked[1])
    if _NO_JOURNAL.search(rest):
        return None
    # A number in the title, or the year after the authors, is not where the paper is printed.
    for place in _PRINTED_AT.finditer(rest):
        before = rest[max(0, place.start() - 300) : place.start()].rstrip(" ,(.")
        if before:
            return _journal_before(before, dotted=rest[len(before) :][:1] == ".")
    return None


def _journal_before(before: str, *, dotted: bool) -> str | None:
    """The journal that ends a piece of text, after the last end of a sentence in it."""
    parts = re.split(r'(?<=[.?!])"? ?(?=[^\s.])', before)
    name, title = parts[-1].strip(), " ".join(parts[:-1]).rstrip()
    if _CJK.search(name):
        return name if _CHINESE_JOURNAL.fullmatch(name) else None
    if not title:
        return _as_journal(name) if all(w in _ABBREVIATIONS for w in name.split()) else None
    last = re.split(r"[ .]", title.rstrip('."'))[-1]
    known = [word in _ABBREVIATIONS for word in name.split()]
    if ":" in name:
        return None
    if (
        title.endswith(("?", "!"))
        or _CJK.search(last)
        or (last[:1].islower() and len(last) > 1)
        or len(last) > 11
    ):
        return _as_journal(name)
    if last in _ABBREVIATIONS and len(parts) > 2:
        return _dotted_journal(before)
    return _as_journal(name) if all(known) and len(known) > 1 else None


def _dotted_journal(before: str) -> str | None:
    """N. Engl. J. Med., where all its words are known and what is before them ends a title."""
    words = before.split(" ")
    first = len(words)
    while first and words[first - 1].rstrip(".") in _ABBREVIATIONS:
        first -= 1
    title = words[first - 1] if first else ""
    certain = title.endswith((".", "?", "!")) and (title[:1].islower() or len(title) > 11)
    name = _as_journal(" ".join(words[first:])) if certain else None
    return name and f"{name}."


def _as_journal(name: str) -> str | None:
    """A name that may be that of a journal, without the point at its end."""
    name = name.strip(" ,.;:\"'")
    if (
        not 1 < len(name) <= 100
        or len(name.split()) > 14
        or name in _NOT_ALONE
        or re.search(r"[\[\]?!=/]|et al|\bvol\b|\d{3}", name)
    ):
        return None
    return name if name[0].isupper() or _CJK.match(name) or name[0] == "(" else None


_DOI = re.compile(r"\b(10\.\d{4,9}) ?/ ?([-._;()/:A-Za-z0-9<>]{2,100})")
_CERTAIN_DOI = re.compile(
    r"10\.(?:1056/(?:NEJM|nejm)[a-z]{1,4}\d{6,7}|1038/s\d{5}-\d{3}-\d{4,5}-[0-9a-z]"
    r"|1016/[Ss]\d{4}-\d{4}\(\d\d\)\d{5}-[\dX]|1016/j\.[a-z]{2,15}\.\d{4}\.\d\d\.\d{3}"
    r"|3389/f[a-z]{3,5}\.\d{4}\.\d{5,7}|1136/[a-z]{3,15}-\d{4}-\d{6})(?![\w.-]?\d)"
)
_MORE_OF_IT = re.compile(r" ?(?:[a-z0-9(][\w.()\-]{0,40}\d|[,，]\d)")


def _doi(line: str) -> str | None:
    """The DOI, without what ends the sentence; None where two stand there or part may be missing.

    >>> _doi("doi: 10.1056/NEJMc2107725."), _doi("10.1016/j. jacc.2018.02.045.")
    ('10.1056/NEJMc2107725', '10.1016/j.jacc.2018.02.045')
    >>> _doi("10.1001/2013. jama.477")
    """
    found = set()
    for match in _DOI.finditer(line):
        compact = line[match.start() : match.end() + 40].replace(" ", "")
        certain = _CERTAIN_DOI.match(compact)
        if certain:
            found.add(certain[0])
            continue
        doi = f"{match[1]}/{match[2]}".rstrip(".,;:-/")
        while doi.endswith(")") and doi.count(")") > doi.count("("):
            doi = doi[:-1].rstrip(".,;:")
        cut = match[2].endswith(("-", "/", "(", "_")) or _MORE_OF_IT.match(line, match.end())
        if cut or not re.search(r"\d", doi[len(match[1]) :]) or doi.count("(") != doi.count(")"):
            return None
        found.add(doi)
    return found.pop() if len({doi.lower() for doi in found}) == 1 else None


_PMID = re.compile(r"(?i:PMID|pubmed\.ncbi\.nlm\.nih\.gov/)[: ]{0,3}(\d{1,9})(?! ?\d)")


def _pmid(line: str) -> str | None:
    """The PMID; None where two stand there, or it is so short that part of it may be missing."""
    found = {match[1] for match in _PMID.finditer(line)}
    return found.pop() if len(found) == 1 and all(6 <= len(pmid) <= 8 for pmid in found) else None


# -- which entry is meant ---------------------------------------------------------------------

_SPELT_OUT = re.compile("[aou]e")
_SPECIAL = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "a", "œ": "o", "ı": "i"})


def _folded(name: str) -> str:
    """A name in the letters that all its spellings share.

    >>> {_folded(name) for name in ("MULLER", "Müller", "Mueller")}
    {'muller'}
    """
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_SPECIAL))
    letters = "".join(letter for letter in plain if letter.isalnum())
    return _SPELT_OUT.sub(lambda found: found[0][0], letters)


def _may_be(asked: str | None, printed: str | None) -> bool:
    """Whether initials may be those of the same person, one of them given with fewer letters."""
    if not asked or not printed:
        return True
    one = "".join(letter for letter in asked.upper() if letter.isalpha())
    return one.startswith(printed.upper()) or printed.upper().startswith(one)


def _only_one(entries: Sequence[Entry]) -> Entry | None:
    """The first of some entries, if all of them name the same paper."""
    if not entries:
        return None
    first = entries[0]
    same = all(entry is first or _same_paper(first, entry) for entry in entries)
    return first if same else None


def _same_paper(one: Entry, other: Entry) -> bool:
    if one.doi and other.doi:
        return one.doi.lower() == other.doi.lower()
    if one.pmid and other.pmid:
        return one.pmid == other.pmid
    return False
