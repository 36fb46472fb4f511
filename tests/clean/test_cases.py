"""Every cleaning step against its table of cases: one TOML file a step, named after its module."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from carextract.clean.steps import STEPS
from carextract.tracked import TrackedText

HERE = Path(__file__).parent
MODULES = sorted(step.name for step in STEPS)


def table_of(module: str) -> list[dict[str, str]]:
    table = tomllib.loads((HERE / f"{module}.toml").read_text(encoding="utf-8"))
    cases: list[dict[str, str]] = table["case"]
    return cases


def cases() -> list[Any]:
    return [
        pytest.param(module, case, id=f"{module}-{number}")
        for module in MODULES
        for number, case in enumerate(table_of(module), start=1)
    ]


@pytest.mark.parametrize(("module", "case"), cases())
def test_step(module: str, case: dict[str, str]) -> None:
    """A case says what a step makes of a text, or why it leaves it alone."""
    assert set(case) in ({"before", "after"}, {"before", "why"})
    step = getattr(import_module(f"carextract.clean.{module}"), module)
    text = step(TrackedText.of(case["before"]))
    assert text.text == case.get("after", case["before"])
    (sign,) = (step for step in STEPS if step.name == module)
    assert "why" in case or sign.may_help(case["before"], frozenset(case["before"]))
    for edit in text.edits:
        assert edit.before == text.source[edit.start : edit.end]


@pytest.mark.parametrize("module", MODULES)
def test_every_step_has_cases_and_near_misses(module: str) -> None:
    changed = ["after" in case for case in table_of(module)]
    assert changed.count(True) >= 3
    assert changed.count(False) >= 2
    assert len(changed) >= 6
