"""Print every ratio beside its target: `python -m benchmarks [--rounds N] [--quick]`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from benchmarks.measures import Result, against_opencc, growth, start_up, tripled_rules


def main() -> None:
    """Measure, print, and say at the end which targets are missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each pair (default 5)")
    parser.add_argument("--quick", action="store_true", help="leave out the 20 MB text")
    options = parser.parse_args()
    print(f"{'':48} {'ratio':>6} {'target':>7}   measured")
    missed = 0
    for result in _results(options.rounds, quick=options.quick):
        sign = " " if result.met else "!"
        print(f"{result.name:48} {result.ratio:6.2f} {result.target:6.2f} {sign}  {result.detail}")
        missed += not result.met
    print("every target met" if not missed else f"{missed} missed, marked !")


def _results(rounds: int, *, quick: bool) -> Iterator[Result]:
    yield from start_up(rounds)
    yield from against_opencc(rounds)
    yield from tripled_rules(rounds)
    yield from growth(rounds, ("10 kB", "1 MB") if quick else ("10 kB", "1 MB", "20 MB"))


if __name__ == "__main__":
    main()
