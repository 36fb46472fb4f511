"""Patients with CRS and with ICANS by grade, as stacked bars."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import altair as alt

from carextract.report.plots.charts import style
from carextract.report.plots.plot import Row, words
from carextract.synthesize.wording import Language

_PATIENTS = words("Patients", "患者数（例）")
_PATIENTS_AND_MARK = words("Patients (black: of any grade)", "患者数（例；黑线：任意级别）")
_GRADE = words("Grade", "分级")
_ANY = words("any, or not given", "任意或未注明")
# From light to dark and through the hue, so that grades are in order with any colour vision.
_RAMP = ("#fbe3ee", "#eab8d2", "#cc79a7", "#a04a7d", "#6d2455", "#3a0a2c")
_LINE_HEIGHT = 26
_IS_RANGE = "datum.kind == 'grade' && datum.lowest != datum.highest"


def toxicities_chart(rows: Sequence[Row], language: Language) -> dict[str, Any]:
    """For each event a block of bars under its name, all on one axis of patients."""
    order: list[str] = []
    headings = []
    for event, bars in groupby(rows, key=lambda row: row["event"]):
        headings.append(f"{event}\n")
        order += [headings[-1], *dict.fromkeys(row["row"] for row in bars)]
    y = style.lines("row", order, bold=headings)
    x = _axis(rows, language)
    tooltip = style.told(language)
    pieces = (
        _of_kind("grade", "any")
        .mark_bar(height=18, strokeWidth=1)
        .encode(
            x=x,
            x2="end",
            y=y,
            color=_colour(rows, language),
            stroke=alt.condition(_IS_RANGE, alt.value(style.INK), alt.value("white")),
            strokeDash=alt.condition(_IS_RANGE, alt.value([3, 2]), alt.value([1, 0])),
            tooltip=tooltip,
        )
    )
    whole = (
        _of_kind("whole")
        .mark_tick(color=style.BLACK, thickness=3, height=24, opacity=1)
        .encode(x=x, y=y, tooltip=tooltip)
    )
    none = (
        _of_kind("none")
        .mark_text(align="left", dx=4, color=style.INK)
        .encode(x=x, y=y, text=alt.Text(f"note_{language}", type="nominal"), tooltip=tooltip)
    )
    beside = (
        alt.Chart()
        .transform_filter("isString(datum.beside)")
        .mark_text(align="left", dx=6, color=style.INK)
        .encode(x="end:Q", y=y, text="beside:N", tooltip=tooltip)
    )
    layers = (pieces, _names(y, tooltip), whole, none, beside)
    return style.spec(*layers, height=len(order) * _LINE_HEIGHT)


def _of_kind(*kinds: str) -> alt.Chart:
    of_kind = alt.FieldOneOfPredicate(field="kind", oneOf=list(kinds))
    chart: alt.Chart = alt.Chart().transform_filter(of_kind)
    return chart


def _axis(rows: Sequence[Row], language: Language) -> alt.X:
    """The axis of patients, with room for what stands beside the bars."""
    most = max(row["end"] for row in rows)
    any_whole = any(row["kind"] == "whole" for row in rows)
    return alt.X(
        "start",
        type="quantitative",
        title=(_PATIENTS_AND_MARK if any_whole else _PATIENTS)[language],
        scale=alt.Scale(domain=[0, max(1.2 * most, 4)], nice=False),
        axis=alt.Axis(tickMinStep=1, tickCount=6, format="d"),
    )


def _names(y: alt.Y, tooltip: list[alt.Tooltip]) -> alt.Chart:
    """The grade in each piece that has room for it: not all can tell every shade from the next."""
    has_room = "scale('x', datum.end) - scale('x', datum.start) > 6 + 7 * length(datum.grade)"
    on_dark = "datum.lowest + datum.highest > 4"
    names: alt.Chart = (
        _of_kind("grade")
        .transform_calculate(middle="(datum.start + datum.end) / 2")
        .mark_text()
        .encode(
            x="middle:Q",
            y=y,
            text="grade:N",
            color=alt.condition(on_dark, alt.value("white"), alt.value(style.INK)),
            opacity=alt.condition(has_room, alt.value(1), alt.value(0)),
            tooltip=tooltip,
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
