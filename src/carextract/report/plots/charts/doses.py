"""Doses on logarithmic axes, one for each unit."""

import json
import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import altair as alt

from carextract.report.plots.charts import style
from carextract.report.plots.plot import Row, words
from carextract.synthesize.wording import Language, number_text

_DOSE = words("Dose ({unit})", "剂量（{unit}）")
_PAPERS = words("Papers that say so", "如此陈述的论文数")
_KINDS = {
    "cell": words("cells", "细胞"),
    "drug": words("drug", "药物"),
    "open": words("cells or drug: not said", "细胞或药物：未注明"),
}
_BOUNDS = {
    "amount": words("", ""),
    "least": words(", at least", "，至少"),
    "most": words(", at most", "，至多"),
}
_COLOURS = {"cell": style.GREEN, "drug": style.BLUE, "open": style.GREY}
_SHAPES = {"amount": "circle", "least": "triangle-right", "most": "triangle-left"}
_LINE_HEIGHT = 24
_LEAST_TICKS, _MOST_TICKS = 3, 7


def doses_chart(rows: Sequence[Row], language: Language) -> dict[str, Any]:
    """A panel with an axis of its own for each unit; in it a line for each product."""
    panels = [list(panel) for _, panel in groupby(rows, key=lambda row: row["panel"])]
    order: list[str] = []
    ends = []
    for at, panel in enumerate(panels):
        order += dict.fromkeys(row[f"row_{language}"] for row in panel)
        ends.append(len(order))
        if panel is not panels[-1]:
            order += style.gap(at)
    y = style.lines(f"row_{language}", order)
    layers = []
    for panel, end in zip(panels, ends, strict=True):
        agents = len({row[f"row_{language}"] for row in panel})
        axis = _axis(panel, language, lines=agents, below=len(order) - end)
        layers.append(_panel(panel, language, y=y, axis=axis, rows=rows))
    return style.spec(*layers, height=len(order) * _LINE_HEIGHT, x="independent")


def _panel(
    panel: Sequence[Row], language: Language, *, y: alt.Y, axis: alt.Axis, rows: Sequence[Row]
) -> style.Layer:
    """The doses of one unit; what a mark looks like is the same in all panels."""
    scale = alt.Scale(type="log", domain=_domain(panel))
    x = alt.X("low", type="quantitative", scale=scale, axis=axis)
    tooltip = style.told(language)
    own = alt.Chart().transform_filter(
        alt.FieldEqualPredicate(field="panel", equal=panel[0]["panel"])
    )
    ranges = (
        own.transform_filter("datum.form == 'range'")
        .mark_bar(height=7, cornerRadius=3, opacity=0.35)
        .encode(x=x, x2="high", y=y, color=_look(alt.Color, rows, language), tooltip=tooltip)
    )
    amounts = (
        own.transform_filter("datum.form != 'range'")
        .mark_point(filled=True, opacity=0.65)
        .encode(
            x=x,
            y=y,
            color=_look(alt.Color, rows, language),
            shape=_look(alt.Shape, rows, language),
            size=_size(rows, language),
            tooltip=tooltip,
        )
    )
    return alt.layer(ranges, amounts)


def _look(channel: Any, rows: Sequence[Row], language: Language) -> Any:
    """Colour or shape by what is given and whether it is a bound: one legend for both."""
    there = {row["look"] for row in rows}
    looks = {
        f"{kind} {bound}": (colour, shape, _KINDS[kind][language] + _BOUNDS[bound][language])
        for kind, colour in _COLOURS.items()
        for bound, shape in _SHAPES.items()
        if f"{kind} {bound}" in there
    }
    return channel(
        "look",
        type="nominal",
        scale=alt.Scale(
            domain=list(looks),
            range=[look[0 if channel is alt.Color else 1] for look in looks.values()],
        ),
        legend=style.legend({name: look[2] for name, look in looks.items()}),
    )


def _size(rows: Iterable[Row], language: Language) -> alt.Size:
    """The size by the number of papers, with a legend where there are several."""
    most = max(row["papers"] for row in rows)
    legend = alt.Legend(
        title=_PAPERS[language],
        values=sorted({1, math.ceil(most / 2), most}),
        orient="bottom",
        symbolFillColor=style.GREY,
        symbolStrokeColor=style.GREY,
    )
    return alt.Size(
        "papers",
        type="quantitative",
        scale=alt.Scale(type="linear", domain=[1, max(most, 2)], range=[60, 320]),
        legend=None if most == 1 else legend,
    )


def _domain(panel: Iterable[Row]) -> list[float]:
    """From below the lowest to above the highest dose, with room for the marks."""
    low, high = _limits(panel)
    room = max((high / low) ** 0.06, 1.6)
    return [low / room, high * room]


def _limits(panel: Iterable[Row]) -> tuple[float, float]:
    bounds = [row[end] for row in panel for end in ("low", "high")]
    return min(bounds), max(bounds)


def _axis(panel: Sequence[Row], language: Language, *, lines: int, below: int) -> alt.Axis:
    """The axis of a panel of so many lines, with so many lines below it."""
    ticks = _ticks(*_domain(panel))
    texts = [number_text(tick) for tick in ticks]
    return style.panel_axis(
        _DOSE[language].format(unit=panel[0]["unit"]),
        above=lines * _LINE_HEIGHT,
        below=below * _LINE_HEIGHT,
        values=ticks,
        labelExpr=f"{json.dumps(texts)}[indexof({json.dumps(ticks)}, datum.value)]",
    )


def _ticks(low: float, high: float) -> list[float]:
    """A few round numbers in a domain: powers of ten, with 2 and 5 between them if it is short.

    >>> _ticks(0.8, 12), _ticks(1e5, 2e8)
    ([1, 2, 5, 10], [100000, 1000000, 10000000, 100000000])
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    tens = [tick for tick in map(_power, powers) if low <= tick <= high]
    if len(tens) >= _LEAST_TICKS:
        return tens[:: math.ceil(len(tens) / _MOST_TICKS)]
    fine = (factor * _power(power) for power in powers for factor in (1, 2, 5))
    return [tick for tick in fine if low <= tick <= high]


def _power(exponent: int) -> float:
    return 10**exponent if exponent >= 0 else float(f"1e{exponent}")
