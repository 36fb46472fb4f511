"""What was set down of papers by eye is well formed, and too short to be a copy of any."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHINESE = re.compile("[\u3400-\u9fff]")
MOST_CHINESE, MOST_LATIN = 8, 30


def truth(name: str) -> list[dict[str, Any]]:
    lines = Path(__file__).with_name(f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def strings(value: Any) -> Iterator[str]:
    """What is said of a page, not where it is or what was thought of it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in ("file", "note"):
                yield from strings(one)


@pytest.mark.parametrize("name", ["order", "tables", "superscripts", "numbers"])
def test_strings_are_short(name: str) -> None:
    for string in strings(truth(name)):
        assert len(CHINESE.findall(string)) <= MOST_CHINESE, string
        assert len(string) <= MOST_LATIN, string


def test_rows_have_the_columns_of_their_table() -> None:
    for table in truth("tables"):
        for row in [*table.get("cells", ()), *([table["head"]] if "head" in table else ())]:
            assert len(row) == table["columns"], table


def test_no_page_is_in_the_order_twice() -> None:
    pages = [(page["file"], page["page"]) for page in truth("order")]
    assert len(pages) == len(set(pages))
