"""How much is found, and how much of it is right, on passages written for measuring.

``passages/`` holds 495 passages of our own with what a careful reader would extract, written by
people who had not seen the rules, in the shape that `carextract evaluate` reads. Their figures are
invented. The rules have been improved on all of them but those of ``mix-5``: what to expect of a
new paper is what is measured there, which the README gives.
"""

from pathlib import Path

import pytest

from carextract.evaluate import Tally, evaluate

PASSAGES = Path(__file__).parent / "passages"
# The lowest F1 of each kind that a change may leave behind.
FLOORS = {
    "1": {"trials": 0.99, "doses": 0.97, "sledai": 0.95, "toxicities": 0.96},
    "2": {"trials": 0.98, "doses": 0.97, "sledai": 0.95, "toxicities": 0.96},
    "3": {"trials": 0.98, "doses": 0.96, "sledai": 0.94, "toxicities": 0.92},
    "4": {"trials": 0.99, "doses": 0.98, "sledai": 0.97, "toxicities": 0.97},
    "5": {"trials": 0.99, "doses": 0.96, "sledai": 0.96, "toxicities": 0.93},
}


@pytest.mark.parametrize("part", FLOORS)
def test_f1_does_not_fall(part: str) -> None:
    reports = [evaluate(path) for path in sorted(PASSAGES.glob(f"[!s]*-{part}.jsonl"))]
    assert reports
    for kind, floor in FLOORS[part].items():
        tally = sum((report.tallies[kind] for report in reports), Tally())
        assert tally.f1 is not None
        assert tally.f1 >= floor, f"{kind}: F1 {tally.f1:.3f}"
