"""Patients with CRS and with ICANS by grade, as stacked bars."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import altair as alt

from carextract.report.plots.charts import style
from carextract.report.plots.plot import Row, words
from carextract.synthesize.wording import Language

_PATIENTS = words("Patients", "患者数（例）")
_PATIENTS_AND_MARK = words("Patients (black: any grade)", "患者数（例；黑线：任意级别）")
_GRADE = words("Grade", "分级")
_ANY = words("any, or not given", "任意或未注明")
# From light to dark and through the hue, so that grades are in order with any colour vision.
_RAMP = ("#fbe3ee", "#eab8d2", "#cc79a7", "#a04a7d", "#6d2455", "#3a0a2c")
_LINE_HEIGHT = 26
_IS_PIECE = "datum.kind == 'grade' || datum.kind == 'any'"
_IS_RANGE = "datum.kind == 'grade' && datum.lowest != datum.highest"


def toxicities_chart(rows: Sequence[Row], language: Language) -> dict[str, Any]:
    """A panel for each event, with an axis of its own: patients with ICANS are far fewer."""
    panels = [list(panel) for _, panel in groupby(rows, key=lambda row: row["event"])]
    bars = [list(dict.fromkeys(row["row"] for row in panel)) for panel in panels]
    headings = [f"{panel[0]['event']}\n" for panel in panels]
    order: list[str] = []
    ends = []
    for heading, lines in zip(headings, bars, strict=True):
        order += [heading, *lines]
        ends.append(len(order))
        if len(ends) < len(panels):
            order += style.gap(len(ends))
    y = style.lines("row", order, bold=headings)
    colour = _colour(rows, language)
    layers = [
        _panel(
            panel,
            language,
            y=y,
            colour=colour,
            above=len(lines) * _LINE_HEIGHT,
            below=(len(order) - end) * _LINE_HEIGHT,
        )
        for panel, lines, end in zip(panels, bars, ends, strict=True)
    ]
    return style.spec(*layers, height=len(order) * _LINE_HEIGHT, x="independent")


def _panel(
    panel: Sequence[Row],
    language: Language,
    *,
    y: alt.Y,
    colour: alt.Color,
    above: int,
    below: int,
) -> style.Layer:
    """The bars of an event, so many pixels of them, and so many below them."""
    any_whole = any(row["kind"] == "whole" for row in panel)
    title = (_PATIENTS_AND_MARK if any_whole else _PATIENTS)[language]
    axis = style.panel_axis(title, above=above, below=below, tickMinStep=1, tickCount=6, format="d")
    # Room for what stands beside the bars.
    most = max(1.3 * max(row["end"] for row in panel), 4)
    scale = alt.Scale(domain=[0, most], nice=False)
    x = alt.X("start", type="quantitative", scale=scale, axis=axis)
    own = alt.Chart().transform_filter(
        alt.FieldEqualPredicate(field="event", equal=panel[0]["event"])
    )
    shared = {"y": y, "tooltip": style.told(language)}
    pieces = (
        own.transform_filter(_IS_PIECE)
        .mark_bar(height=18, strokeWidth=1)
        .encode(
            x=x,
            x2="end",
            color=colour,
            stroke=alt.condition(_IS_RANGE, alt.value(style.INK), alt.value("white")),
            strokeDash=alt.condition(_IS_RANGE, alt.value([3, 2]), alt.value([1, 0])),
            **shared,
        )
    )
    whole = (
        own.transform_filter("datum.kind == 'whole'")
        .mark_tick(color=style.BLACK, thickness=3, height=24, opacity=1)
        .encode(x=x, **shared)
    )
    none = (
        own.transform_filter("datum.kind == 'none'")
        .mark_text(align="left", dx=4, color=style.INK)
        .encode(x=x, text=alt.Text(f"note_{language}", type="nominal"), **shared)
    )
    beside = (
        own.transform_filter("isString(datum.beside)")
        .mark_text(align="left", dx=6, color=style.INK)
        .encode(x="end:Q", text="beside:N", **shared)
    )
    return alt.layer(pieces, _grades(own, most, shared), whole, none, beside)


def _grades(own: alt.Chart, most: float, shared: dict[str, Any]) -> alt.Chart:
    """The grade in each piece that has room for it: not all can tell every shade from the next."""
    has_room = f"(datum.end - datum.start) / {most} * width > 6 + 7 * length(datum.grade)"
    on_dark = "datum.lowest + datum.highest > 4"
    names: alt.Chart = (
        own.transform_filter("datum.kind == 'grade'")
        .transform_calculate(middle="(datum.start + datum.end) / 2")
        .mark_text()
        .encode(
            x="middle:Q",
            text="grade:N",
            color=alt.condition(on_dark, alt.value("white"), alt.value(style.INK)),
            opacity=alt.condition(has_room, alt.value(1), alt.value(0)),
            **shared,
        )
    )
    return names


def _colour(rows: Sequence[Row], language: Language) -> alt.Color:
    """A colour for each grade and range that there is."""
    drawn = [row for row in rows if row["kind"] in ("grade", "any")]
    graded = {
        row["grade"]: (row["lowest"], row["highest"]) for row in drawn if row["kind"] == "grade"
    }
    order = sorted(graded, key=lambda grade: graded[grade])
    colours = [_between(*graded[grade]) for grade in order]
    if any(row["kind"] == "any" for row in drawn):
        order, colours = [*order, "any"], [*colours, style.GREY]
    return alt.Color(
        "grade",
        type="nominal",
        scale=alt.Scale(domain=order, range=colours),
        legend=style.legend(
            {**{grade: grade for grade in order}, "any": _ANY[language]}, _GRADE[language], 60
        ),
    )


def _between(low: int, high: int) -> str:
    """The colour of a grade; that of a range is between its lowest grade and the next.

    >>> _between(2, 2), _between(1, 2)
    ('#cc79a7', '#db98bc')
    """
    one, other = _RAMP[low], _RAMP[min(high, low + 1)]
    parts = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes((first + second) // 2 for first, second in parts).hex()
