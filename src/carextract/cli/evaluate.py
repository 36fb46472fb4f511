"""`carextract evaluate`: precision and recall."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carextract.cli.options import Patterns
from carextract.cli.terminal import put

if TYPE_CHECKING:
    from carextract.evaluate import Report, Tally


def evaluate(
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD.jsonl", help="Annotated passages, one object a line.")
    ],
    *,
    errors: Annotated[
        bool, typer.Option("--errors", help="Name every fact that was missed or is wrong.")
    ] = False,
    patterns: Patterns = None,
) -> None:
    """Precision, recall and F1 on passages of your own."""
    from carextract.evaluate import evaluate as run

    report = run(gold, patterns=patterns)
    put("".join(f"{line}\n" for line in _report_lines(report, errors=errors)))


def _report_lines(report: "Report", *, errors: bool) -> list[str]:
    from carextract.evaluate import Tally

    lines = []
    if errors:
        lines = [f"{d.passage}  {d.what:<6}  {d.kind}  {d.fact}" for d in report.differences]
        lines += [""] if lines else []
    lines.append(
        f"{'':12}{'right':>7}{'missed':>8}{'wrong':>7}{'precision':>11}{'recall':>8}{'F1':>7}"
    )
    lines += [_tally_line(kind, tally) for kind, tally in report.tallies.items()]
    lines.append(_tally_line("all", sum(report.tallies.values(), Tally())))
    return lines


def _tally_line(name: str, tally: "Tally") -> str:
    shares = ["–" if s is None else f"{s:.3f}" for s in (tally.precision, tally.recall, tally.f1)]
    counts = f"{tally.right:>7}{tally.missed:>8}{tally.wrong:>7}"
    return f"{name:<12}{counts}{shares[0]:>11}{shares[1]:>8}{shares[2]:>7}"
