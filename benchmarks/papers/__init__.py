"""How well papers are read, beside other readers, against truth set down by eye in tests/papers.

The papers are not part of the project: their folder is given, and the truth names them by their
place in it; tests/papers/README.md says what it holds. What is measured is said where it is:
reading order and superscripts in `order`, digits and spaces in `chinese`, tables in `tables`. The
time is CPU time to the text of all pages, once, that of processes started for it included.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.papers.chinese import Truth, digits_intact, false_spaces, numbers_by_eye
from benchmarks.papers.order import pages_in_order, superscripts_right
from benchmarks.papers.printed import printed_pages
from benchmarks.papers.readers import READERS, Reader, Reading, reading
from benchmarks.papers.tables import heads_right, rows_whole, tables_found

_TRUTH = Path(__file__).parent.parent.parent / "tests" / "papers"
_COLUMNS = (
    "columns zh",
    "columns en",
    "others",
    "digits %",
    "by eye",
    "spaces ‰",
    "raised",
    "tables",
    "heads",
    "rows",
    "ms/page",
)


def compare(papers: Path, readers: Mapping[str, Reader] = READERS) -> Iterator[str]:
    """A line for each reader, under a line of heads."""
    files = sorted(str(path.relative_to(papers)) for path in papers.glob("*/*.pdf"))
    truths = {name: _truth(name) for name in ("order", "numbers", "superscripts", "tables")}
    known = {one["file"] for truth in truths.values() for one in truth}
    files = [file for file in files if file in known or file.startswith(("zh/", "en/"))]
    printed = _printed(papers, files)
    yield f"{'reader':12}" + "".join(f"{head:>12}" for head in _COLUMNS)
    for name, reader in readers.items():
        figures = _figures(reading(name, reader, papers, files), truths, printed)
        yield f"{name:12}" + "".join(f"{figure:>12}" for figure in figures)


def _figures(
    reading: Reading, truths: Mapping[str, list[dict[str, Any]]], printed: Truth
) -> Iterator[str]:
    """What stands under the heads, in their order."""
    columns = [page for page in truths["order"] if page["kind"] == "two"]
    for language in ("zh/", "en/"):
        yield _share(
            pages_in_order(reading, (page for page in columns if page["file"].startswith(language)))
        )
    yield _share(pages_in_order(reading, (page for page in truths["order"] if page not in columns)))
    intact, numbers = digits_intact(reading, printed)
    yield f"{100 * intact / numbers:.2f}"
    yield _share(numbers_by_eye(reading, truths["numbers"]))
    wrong, characters = false_spaces(reading, printed)
    yield f"{1000 * wrong / characters:.2f}" if characters else "-"
    yield _share(superscripts_right(reading, truths["superscripts"]))
    yield _share(tables_found(reading, truths["tables"]))
    yield _share(heads_right(reading, truths["tables"]))
    yield _share(rows_whole(reading, truths["tables"]))
    pages = sum(map(len, reading.pages.values()))
    yield f"{1000 * reading.seconds / pages:.1f}"


def _share(counts: tuple[int, int]) -> str:
    return f"{counts[0]}/{counts[1]}"


def _printed(papers: Path, files: list[str]) -> Truth:
    """What is printed on the pages of the Chinese papers whose text layer can be believed."""
    doubtful = {(page["file"], page["page"]) for page in _truth("trust") if page["reason"]}
    return {
        (file, number): page
        for file in files
        if file.startswith("zh/")
        for number, page in enumerate(printed_pages(papers / file), 1)
        if (file, number) not in doubtful
    }


def _truth(name: str) -> list[dict[str, Any]]:
    lines = (_TRUTH / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
