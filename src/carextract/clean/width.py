"""Full-width letters, digits and signs."""

from __future__ import annotations

from carextract.clean.pattern import Pattern
from carextract.clean.substitute import substitute
from carextract.tracked import TrackedText

STEP = "width"

_SIGNS = {"％": "%", "／": "/", "＋": "+", "－": "-", "＝": "=", "＜": "<", "＞": ">", "＾": "^"}
_SIGNS |= {"＊": "*", "＆": "&", "＃": "#", "＿": "_", "｜": "|", "［": "[", "］": "]"}
_ALPHANUMERIC = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
_TABLE = str.maketrans(_SIGNS | {chr(code): chr(code - 0xFEE0) for code in _ALPHANUMERIC})
_WIDE = Pattern("[％／＋－＝＜＞＾＊＆＃＿｜［］０-９Ａ-Ｚａ-ｚ]+")
_POINT = Pattern("．(?<=[0-9０-９]．)(?=[0-9０-９])")
_SQUARE_UNITS = {"㎎": "mg", "㎏": "kg", "㎍": "μg", "㎖": "ml", "㎡": "m2", "㎕": "μl", "㏄": "ml"}
_SQUARE = Pattern("[" + "".join(_SQUARE_UNITS) + "]")


def width(text: TrackedText) -> TrackedText:
    """Fold full-width digits, Latin letters, signs and units to the plain ones.

    By an explicit table. Chinese punctuation, `（）`, `：` and `～`, and Roman numerals such as Ⅱ
    stay: they are the plain form where they stand.

    >>> width(TrackedText.of("ＣＤ１９，２．５㎎／㎏（Ⅱ期），５％～８％。")).text
    'CD19，2.5mg/kg（Ⅱ期），5%～8%。'
    """
    text = substitute(text, STEP, _POINT, ".")
    text = substitute(text, STEP, _WIDE, lambda match: match[0].translate(_TABLE))
    return substitute(text, STEP, _SQUARE, lambda match: _SQUARE_UNITS[match[0]])
