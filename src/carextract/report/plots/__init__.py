"""Plots: what papers say, drawn; every mark is a fact, with its quote and its study.

A wrong picture is worse than none: what would be counted twice, or could be read in two ways, is
left out, and a remark says how much that is.
"""

from carextract.report.plots.plot import Plot
from carextract.report.plots.plots import plots, vega_script

__all__ = ["Plot", "plots", "vega_script"]
