"""Traditional script."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Protocol

from carextract.clean.shape import HAN_RUN
from carextract.tracked import TrackedText

STEP = "traditional"

# Frequent characters of Traditional text that no Simplified text holds: one of them is reason
# enough to load the converter.
_SIGNAL = re.compile(
    "[體療細個為與國學發會對後來時過這們說種現開間關經實點當動長無問題應將進還從沒見並條該統變"
    "觀結論讓選擇認識給級組織數據報導臨證驗藥劑濃縮減輕嚴癥狀態陰陽護專業醫師診斷檢測試評價隨"
    "訪總則異於較顯縣區東車門馬魚鳥龍風飛飲顏頭頁順預領頻類願貝負財貧貨費貴買賣資賽質購贏趙趨"
    "躍軍軟載輔輛輸轉農達遠違連運適遲遷遺鄧鄰釋鐵鈣銀鋅錄錯鍵鏡鐘閉陳陸階際隊雙雖難電靈靜項須"
    "頓韓響嗎單嘗圍圓園圖團場塊墊壓壞壯壽夢夾奪奮婦媽寧審寫寬寶屬層島嶺幣幫廠廣廢彈強徵徹復億"
    "優傷傳債傾僅僑儀兒兩冊軌剛劃劇勁勞勢勝勵協卻厲參吳員唄啟喚喪嘔執塗處備夠妝媧孫寢尋爾岡崗"
    "巖帳帶廳張彎憂憲懷懸戀戰戶拋損搖擔擴擺攝攬敗敵斃曆曉曠書術極構槍樂樓標樣樹橋機橫檔歡歲歸"
    "殘殺毀氣氫決況淚淨淺渾湯準溝溫滅滯滲滿漢漸潔潤濕濟濾瀉灣災爐爭牆狹獨獲獸瑪環產畢畫瘋癒盡"
    "監盤眾睏確碼礎禮禦禪離積稱穩窮競筆節範築簡簽簾糧糾紀約紅紋納紐純紙紛終絕絡絲維網緊線緣編"
    "練縫績繞繼續罰羅習聞聯聲職肅脅脈脫腎腦腫腸膚膠膽臉臟艙藝蘇虛蟲蛻補裝裏製複訂計訊討訓託記"
    "許設詞詢話詳誤語誘調談請諸謂講謝譜議譯讀]"
)
# Characters that the phrases of the dictionary convert in more than one way.
CONTEXTUAL = "么乾俱吒噁彷徵於昇沈濛牴畫瞭薹藉衹覆鉅鍊鍾麼麽"
_REACH = 8
_KANA = re.compile("[\u3041-\u30ff]")


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _converter() -> _Converter:
    from opencc import OpenCC  # the dictionaries are large: loaded for Traditional text only

    converter: _Converter = OpenCC("t2s")
    return converter


def traditional(text: TrackedText) -> TrackedText:
    """Convert Traditional characters to Simplified ones, each in its place.

    The converter is asked once for each character, and for the phrase around the few that depend
    on one. Lines with Japanese kana stay. Terms of Taiwan and Hong Kong are not translated.

    >>> traditional(TrackedText.of("細胞激素釋放症候群，SLEDAI 歸零")).text
    '细胞激素释放症候群，SLEDAI 归零'
    >>> traditional(TrackedText.of("疗效显著；漢字と仮名")).text
    '疗效显著；漢字と仮名'
    """
    raw = text.text
    if raw.isascii() or not _SIGNAL.search(raw):
        return text
    plain = {c: _converter().convert(c) for c in set(raw) if HAN_RUN.match(c)}
    table = {c: new for c, new in plain.items() if new != c and len(new) == 1}
    changing = re.compile(f"[{''.join(sorted(table))}{CONTEXTUAL}]")
    spoken = tuple(_lines_with_kana(raw))
    changes = [
        (match.start(), match.end(), new)
        for match in changing.finditer(raw)
        if (new := _simplified(match, table)) != match[0] and not _is_inside(match.start(), spoken)
    ]
    return text.replace(STEP, changes)


def _simplified(match: re.Match[str], table: dict[str, str]) -> str:
    """The simplified form of a character, by its neighbours where they decide."""
    character = match[0]
    if character not in CONTEXTUAL:
        return table[character]
    raw, place = match.string, match.start()
    start = max(raw.rfind("\n", 0, place) + 1, place - _REACH)
    phrase = raw[start : place + _REACH]
    plain = _converter().convert(phrase)
    return plain[place - start] if len(plain) == len(phrase) else character


def _lines_with_kana(raw: str) -> Iterator[tuple[int, int]]:
    """Start and end of the lines that hold Japanese kana."""
    done = 0
    for match in _KANA.finditer(raw):
        if match.start() >= done:
            start = raw.rfind("\n", 0, match.start()) + 1
            end = raw.find("\n", match.start())
            done = len(raw) if end < 0 else end
            yield start, done


def _is_inside(place: int, ranges: Sequence[tuple[int, int]]) -> bool:
    """Whether a place lies in one of some ranges, which are in order."""
    i = bisect_right(ranges, place, key=lambda known: known[0]) - 1
    return i >= 0 and ranges[i][0] <= place < ranges[i][1]
