"""`carextract evaluate`: precision and recall."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carextract.cli.options import Patterns
from carextract.cli.terminal import put

if TYPE_CHECKING:
    from carextract.evaluate import Report, Tally
    from carextract.evaluate.verdicts import StudiesReport


def evaluate(
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD.jsonl", help="Annotated passages, one object a line.")
    ],
    *,
    studies: Annotated[
        bool,
        typer.Option(
            "--studies", help="Score studies, their fields, and which facts are tied to them."
        ),
    ] = False,
    errors: Annotated[
        bool, typer.Option("--errors", help="Name every fact that was missed or is wrong.")
    ] = False,
    patterns: Patterns = None,
) -> None:
    """Precision, recall and F1 on passages of your own."""
    if studies:
        from carextract.evaluate.studies import evaluate_studies

        lines = _studies_lines(evaluate_studies(gold, patterns=patterns), errors=errors)
    else:
        from carextract.evaluate import evaluate as run

        lines = _report_lines(run(gold, patterns=patterns), errors=errors)
    put("".join(f"{line}\n" for line in lines))


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
    shares = [_share(share) for share in (tally.precision, tally.recall, tally.f1)]
    counts = f"{tally.right:>7}{tally.missed:>8}{tally.wrong:>7}"
    return f"{name:<12}{counts}{shares[0]:>11}{shares[1]:>8}{shares[2]:>7}"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def _studies_lines(report: "StudiesReport", *, errors: bool) -> list[str]:
    from carextract.evaluate.fields import FIELDS
    from carextract.evaluate.gold_studies import CELLS
    from carextract.records import FACT_KINDS

    lines = []
    if errors:
        # The row is wrong where a cell is, and the cell says more.
        told = [v for v in report.verdicts if v.what != "right" and v.part != "rows"]
        lines = [f"{v.passage}  {v.what:<7}  {v.name}  {v.detail}" for v in told]
        lines += [""] if lines else []
    lines += _found_lines(report.count("gold"), report.count("said"))
    columns = ("right", "missed", "wrong", "beyond")
    lines += _section("fields", {name: report.count("fields", name) for name in FIELDS}, columns)
    links = {
        kind: report.count("links", kind) for kind in FACT_KINDS if report.count("links", kind)
    }
    lines += _section("linked facts", links, columns)
    if report.count("rows"):
        cells = {name: report.count("cells", name) for name in CELLS}
        judged, shares = ("right", "flagged", "wrong"), {"right or flagged": "wrong"}
        lines += _section("table cells", cells, judged, shares)
        lines.append(_counts_line("whole rows", report.count("rows"), judged, shares))
    return lines


# For each share, what stands beside what is right.
_SHARES = {"precision": "wrong", "recall": "missed"}


def _found_lines(gold: Counter[str], said: Counter[str]) -> list[str]:
    """Two entries of gold may be one study of the output, so each share has counts of its own."""
    counts = f"{gold['right']:>7}{gold['missed']:>8}{said['extra']:>7} "
    shares = f"{_share_of(said, 'extra'):>18}{_share_of(gold, 'missed'):>8}"
    return [
        f"{'':12}{'right':>7}{'missed':>8}{'extra':>7} {'precision':>18}{'recall':>8}",
        f"{'studies':<12}{counts}{shares}",
    ]


def _section(
    title: str,
    parts: Mapping[str, Counter[str]],
    columns: Sequence[str],
    shares: Mapping[str, str] = _SHARES,
) -> list[str]:
    """The counts of each part and of all, under a line that names the columns."""
    names = "".join(f"{name:>8}" for name in columns)[1:]
    heads = "".join(f"{head:>{width}}" for head, width in _widths(shares))
    lines = ["", f"{title:<12}{names:<31}{heads}"]
    lines += [_counts_line(name, count, columns, shares) for name, count in parts.items()]
    return [*lines, _counts_line("all", sum(parts.values(), Counter()), columns, shares)]


def _counts_line(
    name: str,
    count: Counter[str],
    columns: Sequence[str],
    shares: Mapping[str, str],
) -> str:
    numbers = "".join(f"{count[what]:>8}" for what in columns)[1:]
    tail = "".join(f"{_share_of(count, shares[head]):>{width}}" for head, width in _widths(shares))
    return f"{name:<12}{numbers:<31}{tail}"


def _widths(heads: Iterable[str]) -> list[tuple[str, int]]:
    """Each head and the width of its column, two spaces before it."""
    return [(head, len(head) + 2) for head in heads]


def _share_of(count: Counter[str], other: str) -> str:
    """The share of what is right, or said to be in doubt, beside what is not."""
    right = count["right"] + count["flagged"]
    return _share(right / (right + count[other]) if right + count[other] else None)
