"""What all charts have in common: their look, their labels, and what they tell on hover.

A page shows them under a policy without `eval`, so an expression may use only what the interpreter
of Vega knows.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from carextract.report.plots.plot import Words, words
from carextract.synthesize.wording import Language

FONT = (
    "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei',"
    " sans-serif"
)
# Colours that are told apart with any kind of colour vision (Okabe and Ito).
BLUE, GREEN, VERMILION, ORANGE, BLACK = "#0072B2", "#009E73", "#D55E00", "#E69F00", "#000000"
GREY, GRID, INK = "#999999", "#e6e6e6", "#333333"

Layer = alt.Chart | alt.LayerChart | alt.FacetChart

# A page says how wide it is; a picture that is made without one does not.
_PAGE = "(containerSize()[0] || 640)"
_LABELS = f"min(220, 0.4 * {_PAGE})"
_COLUMNS = f"max(1, floor(({_PAGE} - {_LABELS} - 40) / {{width}}))"
_TOLD = {
    "study": words("Study", "研究"),
    "said": words("Statement", "陈述"),
    "papers": words("Papers that say so", "如此陈述的论文数"),
    "where": words("Paper", "论文"),
    "quote": words("Quote", "原文"),
}
_IN_BOTH = {"said", "where"}


def spec(*layers: Layer, height: int, **more: Any) -> dict[str, Any]:
    """A chart of the named data as wide as its page, as a checked Vega-Lite specification."""
    chart = alt.layer(*layers, data=alt.NamedData(name="rows")).properties(
        width="container",
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding=8,
        config=_config(),
    )
    if more:
        chart = chart.resolve_scale(**more)
    with alt.theme.enable("none"):  # whatever theme the user has set: the same bytes
        return chart.to_dict()


def _config() -> alt.Config:
    return alt.Config(
        aria=False,  # the page names the picture, and has its values in words
        font=FONT,
        background="white",
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelColor=INK,
            titleColor=INK,
            titlePadding=10,
            gridColor=GRID,
            domain=False,
            ticks=False,
            labelPadding=6,
        ),
        legend=alt.LegendConfig(
            orient="top",
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelColor=INK,
            titleColor=INK,
            padding=4,
            columnPadding=14,
            symbolSize=110,
            symbolOpacity=1,
        ),
    )


def told(language: Language) -> list[alt.Tooltip]:
    """What a mark tells on hover."""
    return [
        alt.Tooltip(
            f"{field}_{language}" if field in _IN_BOTH else field,
            type="nominal",
            title=title[language],
        )
        for field, title in _TOLD.items()
    ]


def lines(field: str, order: Sequence[str], bold: Iterable[str] = ()) -> alt.Y:
    """A line for each of these values; a label is what stands before the last line break."""
    at_last = "slice(split(datum.value, '\\n'), 0, -1)"
    heavy = f"indexof({json.dumps(list(bold))}, datum.value) >= 0"
    return alt.Y(
        field,
        type="nominal",
        title=None,
        sort=None,
        scale=alt.Scale(domain=list(order), paddingInner=0, paddingOuter=0),
        axis=alt.Axis(
            labelExpr=at_last,
            labelLimit=alt.ExprRef(expr=_LABELS),
            labelFontWeight=alt.condition(heavy, alt.value("bold"), alt.value("normal")),
            labelPadding=12,
            grid=False,
        ),
    )


def gap(panel: int) -> list[str]:
    """Lines without a label, where the axis of a panel and the room below it are."""
    return [f"\n{panel}.{blank}" for blank in range(3)]


def panel_axis(title: str, *, above: int, below: int, **more: Any) -> alt.Axis:
    """The axis of a panel with so many pixels of lines above it, and so many of panels below.

    Vega-Lite makes only a single view as wide as its page. So panels are layers of one view, one
    below the other, and the axis of each is lifted to the end of its lines. Its ticks are the grid:
    they reach back over the lines of the panel, and no farther.
    """
    return alt.Axis(
        orient="bottom",
        offset=-below,
        title=title,
        labelPadding=above + 6,
        labelOverlap=True,
        grid=False,
        ticks=True,
        tickColor=GRID,
        tickSize=alt.ExprRef(expr=str(-above)),
        **more,
    )


def legend(texts: Mapping[str, str], title: str | None = None, width: int = 110) -> alt.Legend:
    """A legend with these texts for the values of a scale, in columns of such a width."""
    return alt.Legend(
        title=title,
        labelExpr=f"{json.dumps(dict(texts), ensure_ascii=False)}[datum.label]",
        columns=alt.ExprRef(expr=_COLUMNS.format(width=width)),
        labelLimit=260,
    )


def in_language(texts: Mapping[str, Words], language: Language) -> dict[str, str]:
    """Texts in one of their languages."""
    return {key: text[language] for key, text in texts.items()}
