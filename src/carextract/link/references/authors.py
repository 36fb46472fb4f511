"""The authors of an entry, in the styles that Latin and Chinese names are printed in."""

from __future__ import annotations

import re

from carextract.link.references.lines import CJK

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


def authors_of(line: str) -> tuple[tuple[str, ...], str | None, int]:
    """Family names, initials of the first author, and where the authors end.

    >>> authors_of("MOUGIAKAKOS D, KRÖNKE G, et al. CD19 CAR T cells")
    (('MOUGIAKAKOS', 'KRÖNKE'), 'D', 32)
    >>> authors_of("Müller, F., & Van Gool, S. W. (2024). Title.")[:2]
    (('Müller', 'Van Gool'), 'F')
    >>> authors_of("American College of Rheumatology. Criteria.")
    ((), None, 0)
    """
    if CJK.match(line):
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
