"""How far a command has come with many papers, on a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from carextract.batch import Tally


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator[Callable[["Tally"], None]]:
    """A line that is kept true: papers done and failed, papers a second, time left, facts.

    There is none where standard error is no terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda tally: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.completed}/{task.total} papers"),
        BarColumn(),
        TextColumn("{task.fields[failed]} failed"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("left, {task.fields[facts]} facts"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("papers", total=None, failed=0, facts=0, rate="")

        def show(tally: "Tally") -> None:
            speed = progress.tasks[task].speed
            progress.update(
                task,
                total=tally.papers,
                completed=tally.done + tally.reused + len(tally.failed),
                failed=len(tally.failed),
                facts=tally.facts,
                rate=f"{speed:.1f} papers/s" if speed else "",
            )

        yield show


@contextmanager
def counted_papers() -> Iterator[Callable[[int, int], None]]:
    """A line that says how many papers are done, of how many; none where there is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.completed}/{task.total} papers"),
        BarColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("papers", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
