"""Report: the facts of many papers as one page, each beside its proof."""

from carextract.report.writing import Papers, Written, write_report

__all__ = ["Papers", "Written", "write_report"]
