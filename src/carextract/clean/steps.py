"""The cleaning steps, in order, each with the signs of the damage that it undoes."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from carextract.clean.shape import UNREADABLE_MARKS
from carextract.tracked import TrackedText


@dataclass(frozen=True, slots=True)
class Step:
    """A cleaning step: the module and function it is, and the signs of the damage it undoes.

    `characters`: at least one of them is in a damaged text. `shape`: an expression that is found
    in a damaged text; it is looked for only where one of the characters is. `layout`: the step is
    for texts whose layout has to be guessed, or only for those whose layout is known.
    """

    name: str
    characters: str
    shape: str = ""
    layout: Literal["either", "guessed", "known"] = "either"

    def may_help(self, raw: str, alphabet: Set[str]) -> bool:
        """Whether a text, made of the characters of an alphabet, may need this step."""
        if alphabet.isdisjoint(self.characters):
            return False
        return not self.shape or re.search(self.shape, raw) is not None

    def load(self) -> Callable[[TrackedText], TrackedText]:
        """The function that does the step."""
        module = import_module(f"carextract.clean.{self.name}")
        step: Callable[[TrackedText], TrackedText] = getattr(module, self.name)
        return step


def _between(*ranges: tuple[int, int]) -> str:
    """All characters of some ranges of code points."""
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


_ODD = _between(
    (0x00, 0x09),
    (0x0B, 0x1F),
    (0x7F, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x2011),
    (0x2028, 0x202F),
    (0x02B0, 0x02E3),
    (0x1D43, 0x1DBB),
    (0x205F, 0x208E),
    (0x2E80, 0x2FD5),
    (0xF900, 0xFB06),
    (0xFE0E, 0xFE0F),
    (0xFE63, 0xFE65),
)
_ODD += "\u00ad\u00b5·¹²³⁴⁵⁶⁷⁸⁹⁰⁻‧∙⋅〜∼˜⩾≧⩽≦⁄∕\u2212\u3000\ufeff"
_WIDE = _between(
    (0x3380, 0x33DF), (0xFF03, 0xFF07), (0xFF0A, 0xFF0B), (0xFF0D, 0xFF19), (0xFF1C, 0xFF1E),
    (0xFF20, 0xFF5C),
)  # fmt: skip
_LATIN = "ÂÃÎÏâãäåæçèéï"  # first bytes of UTF-8 as Windows-1252 shows them
_GAP = r" (?<=[^\x00-\xff] )[^\x00-\xff]"  # a space between two characters that are not Latin
_GAPS = rf" \S \S \S |{_GAP}"
_LATIN_GAPS = (
    r" (?:[.,;)%](?= )|(?:ed|tions?|ments?|mide|ity|[vtp]ed|ciated|d?rome|kine|mab|sone|ducts"
    r"|phamide|creased|ceived)(?=[ .,;]))|[0-9](?:of|to|from|mg/)(?=[0-9mkd])"
    r"| [0-9] [0-9] (?<=[a-z].....)[a-z]"
)
_TERM_TRACE = (
    "C (?:D|A ?R|R ?S)|CD(?: [1-9]|[lI]|[1-9][lIO])|CA R|CAR ?- |CAR -|B C|BC ?M ?A(?<!BCMA)"
    "|[Il1|][ -]?C[ -]?A[ -]?N[ -]?[S5](?<!ICANS)|CR S|CR5"
    "|[S5][ -]?L[ -]?E[ -]?D[ -]?A[ -]?[I1l](?<!SLEDAI)"
    "|2 K|[ -] 2K|2Kl|rn|[A-Za-z]1[a-z]|I(?<=[a-z]I)[a-z]|纳人|人[组选]"
)
_BORROWED = _between((0x7240, 0x7300))
# Frequent characters of Traditional text that no Simplified text holds: one of them is reason
# enough to load the converter.
_TRADITIONAL = (
    "體療細個為與國學發會對後來時過這們說種現開間關經實點當動長無問題應將進還從沒見並條該統變"
    "觀結論讓選擇認識給級組織數據報導臨證驗藥劑濃縮減輕嚴癥狀態陰陽護專業醫師診斷檢測試評價隨"
    "訪總則異於較顯縣區東車門馬魚鳥龍風飛飲顏頭頁順預領頻類願貝負財貧貨費貴買賣資賽質購贏趙趨"
    "躍軍軟載輔輛輸轉農達遠違連運適遲遷遺鄧鄰釋鐵鈣銀鋅錄錯鍵鏡鐘閉陳陸階際隊雙雖難電靈靜項須"
    "頓韓響嗎單嘗圍圓園圖團場塊墊壓壞壯壽夢夾奪奮婦媽寧審寫寬寶屬層島嶺幣幫廠廣廢彈強徵徹復億"
    "優傷傳債傾僅僑儀兒兩冊軌剛劃劇勁勞勢勝勵協卻厲參吳員唄啟喚喪嘔執塗處備夠妝媧孫寢尋爾岡崗"
    "巖帳帶廳張彎憂憲懷懸戀戰戶拋損搖擔擴擺攝攬敗敵斃曆曉曠書術極構槍樂樓標樣樹橋機橫檔歡歲歸"
    "殘殺毀氣氫決況淚淨淺渾湯準溝溫滅滯滲滿漢漸潔潤濕濟濾瀉灣災爐爭牆狹獨獲獸瑪環產畢畫瘋癒盡"
    "監盤眾睏確碼礎禮禦禪離積稱穩窮競筆節範築簡簽簾糧糾紀約紅紋納紐純紙紛終絕絡絲維網緊線緣編"
    "練縫績繞繼續罰羅習聞聯聲職肅脅脈脫腎腦腫腸膚膠膽臉臟艙藝蘇虛蟲蛻補裝裏製複訂計訊討訓託記"
    "許設詞詢話詳誤語誘調談請諸謂講謝譜議譯讀"
)

STEPS = (
    Step("misread_utf8", _LATIN, f"[{_LATIN}][\u0080-\u00bf\u0152-\u02dc\u2010-\u2122]"),
    Step("mojibake", "?？", "[?？][^\\s!-~]"),
    Step("cnki", _BORROWED, f"[{_BORROWED[0]}-{_BORROWED[-1]}]{{2}}"),
    Step("html", "<&", "[<&][/!#A-Za-z]"),
    Step("width", _WIDE),
    Step("characters", _ODD),
    Step("minus_signs", "–—", "[A-Za-z为是了达约:：(（] ?[–—][0-9]"),
    Step("latex", "\\${"),
    Step("pinyin", "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ", "[（(][a-zü]{0,4}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]"),
    Step("letter_spacing", " ", _GAPS),
    Step("table_cells", "\n", r"\n(?: {4,}\S|\d{3,9} {3,}\S)", layout="guessed"),
    Step("page_furniture", "\n\f", layout="guessed"),
    Step("columns", "\n", layout="guessed"),
    Step("linebreaks", "\n", layout="guessed"),
    Step("barred_rows", "|", r"\|[^\n]*\n", layout="guessed"),
    Step("broken_words", "\n", r"\w[-–]\n", layout="known"),
    Step("traditional", _TRADITIONAL),
    Step("word_spacing", " ", _GAP, layout="guessed"),
    Step("latin_spacing", " ", _LATIN_GAPS),
    Step("ocr_terms", "CSBI5lrn1人", _TERM_TRACE),
    Step("ocr_numbers", "0123456789lIO"),
    Step("unreadable", f" {UNREADABLE_MARKS}", rf" (?<=[0-9l] )[0-9lO]|[{UNREADABLE_MARKS}]"),
    Step("zero_cells", "|", r"(?m)\| O(?: \||$)"),
)  # fmt: skip
