"""Report: the facts of many papers as one page."""
