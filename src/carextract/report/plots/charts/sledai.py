"""SLEDAI before and after as a dumbbell chart."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from carextract.report.plots.charts import style
from carextract.report.plots.plot import Row, words
from carextract.synthesize.wording import Language

_SCORE = words("SLEDAI score (points)", "SLEDAI评分（分）")
_MOMENTS = {
    "before": words("before treatment", "治疗前"),
    "after": words("after treatment", "治疗后"),
}
_LINE_HEIGHT = 32  # pixels, of two lines of text


def sledai_chart(rows: Sequence[Row], language: Language) -> dict[str, Any]:
    """A line for each row: a hollow circle before, a filled diamond after, and what is between."""
    highest = max(max(row["before"], row["after"]) for row in rows)
    x = alt.X(
        "before",
        type="quantitative",
        title=_SCORE[language],
        scale=alt.Scale(domain=[0, max(highest, 1)], nice=True),
        axis=alt.Axis(tickCount=6),
    )
    y = style.lines(f"row_{language}", [row[f"row_{language}"] for row in rows])
    tooltip = style.told(language)
    change = (
        alt.Chart()
        .mark_rule(color=style.GREY, strokeWidth=2)
        .encode(x=x, x2="after", y=y, tooltip=tooltip)
    )
    texts = style.in_language(_MOMENTS, language)
    scores = (
        alt.Chart()
        .transform_fold(list(_MOMENTS), as_=["moment", "score"])
        .mark_point(size=90, strokeWidth=2, opacity=1)
        .encode(
            x=alt.X("score", type="quantitative"),
            y=y,
            color=_by_moment(alt.Color, texts, [style.BLUE, style.VERMILION]),
            shape=_by_moment(alt.Shape, texts, ["circle", "diamond"]),
            fill=_by_moment(alt.Fill, texts, ["white", style.VERMILION]),
            tooltip=tooltip,
        )
    )
    return style.spec(change, scores, height=len(rows) * _LINE_HEIGHT)


def _by_moment(channel: Any, texts: dict[str, str], values: list[str]) -> Any:
    return channel(
        "moment",
        type="nominal",
        scale=alt.Scale(domain=list(texts), range=values),
        legend=style.legend(texts),
    )
