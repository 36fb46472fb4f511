"""Charts: rows to Vega-Lite specifications. Importing this imports altair."""

from carextract.report.plots.charts.doses import doses_chart
from carextract.report.plots.charts.sledai import sledai_chart
from carextract.report.plots.charts.toxicities import toxicities_chart
from carextract.report.plots.charts.trials import trials_chart

__all__ = ["doses_chart", "sledai_chart", "toxicities_chart", "trials_chart"]
