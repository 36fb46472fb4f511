"""Trials by their start, as bars of single trials."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from carextract.report.plots.charts import style
from carextract.report.plots.plot import Row, words
from carextract.report.plots.trials import OTHER_PHASES, PHASES, quarter_text
from carextract.synthesize.wording import Language

_TRIALS = words("Trials (registry numbers)", "试验数（注册号）")
_BY_QUARTER = words("Start, by quarter", "开始时间（按季度）")
_BY_YEAR = words("Start, by year", "开始时间（按年）")
_PHASE = words("Phase", "分期")
_OTHER = {
    "other": words("another", "其他"),
    "differs": words("papers disagree", "论文不一致"),
    "unknown": words("not given", "未注明"),
}
_EARLY = words("early 1", "早期1")
# Light to dark in the order of the phases.
_RAMP = ("#c6dff0", "#8fc1e3", "#4f9fd1", "#0072b2", "#00598c", "#003f66", "#002640")
_COLOURS = {
    **dict(zip(PHASES, _RAMP, strict=True)),
    **dict(zip(OTHER_PHASES, (style.ORANGE, style.BLACK, "#bbbbbb"), strict=True)),
}
_HEIGHT = 260
_WIDEST_BAR = 44
_SEPARATE = 60  # with more trials in a bar the lines between them would be all that is seen


def trials_chart(rows: Sequence[Row], language: Language) -> dict[str, Any]:
    """A bar for each quarter or year, a piece of it for each trial."""
    bins = _bins(rows)
    by_quarter = " " in bins[0]
    most = max(row["end"] for row in rows)
    phases = {row["phase"] for row in rows}
    order = [phase for phase in _COLOURS if phase in phases]
    texts = {phase: phase for phase in PHASES}
    texts |= {"early 1": _EARLY[language], **style.in_language(_OTHER, language)}
    bars = (
        alt.Chart()
        .mark_bar(
            width=alt.ExprRef(expr=f"min({_WIDEST_BAR}, 0.8 * bandwidth('x'))"),
            stroke="white",
            strokeWidth=1 if most <= _SEPARATE else 0,
        )
        .encode(
            x=alt.X(
                "bin",
                type="ordinal",
                title=(_BY_QUARTER if by_quarter else _BY_YEAR)[language],
                scale=alt.Scale(domain=bins),
                axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=False),
            ),
            y=alt.Y(
                "start",
                type="quantitative",
                title=_TRIALS[language],
                scale=alt.Scale(domain=[0, max(most, 4)], nice=True),
                axis=alt.Axis(tickMinStep=1, tickCount=5, format="d"),
            ),
            y2="end",
            color=alt.Color(
                "phase",
                type="nominal",
                scale=alt.Scale(domain=order, range=[_COLOURS[phase] for phase in order]),
                legend=style.legend(texts, _PHASE[language], 120),
            ),
            tooltip=style.told(language),
        )
    )
    return style.spec(bars, height=_HEIGHT)


def _bins(rows: Sequence[Row]) -> list[str]:
    """All bins from the first to the last, empty ones too: a gap in time is a gap in the plot."""
    first, last = rows[0]["bin"], rows[-1]["bin"]
    if " " not in first:
        return [str(year) for year in range(int(first), int(last) + 1)]
    return [quarter_text(quarter) for quarter in range(_quarter(first), _quarter(last) + 1)]


def _quarter(text: str) -> int:
    year, quarter = text.split(" Q")
    return int(year) * 4 + int(quarter) - 1
