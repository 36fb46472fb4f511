"""Batch: many papers to one file of facts, in processes that may die, on one machine or a cluster.

`find_papers` makes the list, an engine reads the papers, `run_batch` keeps what comes back.
"""

from carextract.batch.engines import Engine, cores, dask_engine, local_engine
from carextract.batch.papers import Papers, find_papers, names_in
from carextract.batch.reading import Settings
from carextract.batch.run import Tally, run_batch

__all__ = [
    "Engine",
    "Papers",
    "Settings",
    "Tally",
    "cores",
    "dask_engine",
    "find_papers",
    "local_engine",
    "names_in",
    "run_batch",
]
