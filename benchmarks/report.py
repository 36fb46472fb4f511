"""How a report of many papers loads and answers in a browser, and what it takes to make it."""

from __future__ import annotations

import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.many_papers import write_many_papers
from benchmarks.measures import Result
from carextract.facts_file import read_facts
from carextract.report import write_report

# What a reader does, as the page sees it, and how many milliseconds it may take.
_ACTIONS = {
    "filter by kind": ("document.querySelector('[data-kind=doses]').click()", 200),
    "all kinds again": ("document.querySelector('[data-kind=doses]').click()", 200),
    "search, all facts": ("search('crs zheng')", 200),
    "sort": ("document.getElementById('sort-value').click()", 200),
    "scroll to the end": ("void (document.getElementById('scroller').scrollTop = 1e7)", 50),
    "next fact": ("void press('j')", 50),
    "accept": ("void press('a')", 50),
}
_PAUSE = 120  # milliseconds that the page waits for more to be typed
_TIMED = """async () => {
  const press = (key) =>
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  const search = async (text) => {
    const field = document.getElementById("search");
    field.value = text;
    field.dispatchEvent(new Event("input"));
    await new Promise((done) => setTimeout(done, PAUSE));
    return PAUSE;
  };
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const began = performance.now();
  const waited = (await (ACTION)) ?? 0;
  await painted();
  return performance.now() - began - waited;
}""".replace("PAUSE", str(_PAUSE))


def in_a_browser(rounds: int, *, papers: int) -> Iterator[Result]:
    """Seconds to make and load a report, and milliseconds for what a reader does most."""
    with tempfile.TemporaryDirectory() as folder:
        facts = Path(folder) / "facts.jsonl"
        count = write_many_papers(facts, papers)
        page = Path(folder) / "report.html"
        began = time.perf_counter()
        written = write_report(page, read_facts(facts))
        made = time.perf_counter() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        detail = (
            f"{papers} papers, {count} facts, {written.bytes / 1e6:.1f} MB, {memory:.0f} MB held"
        )
        yield Result("make the report, in s", made, 60, detail)
        yield from _in_browser(page, rounds)


def _in_browser(report: Path, rounds: int) -> Iterator[Result]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        loads = []
        times: dict[str, list[float]] = {name: [] for name in _ACTIONS}
        for _ in range(rounds):
            page = browser.new_page()
            began = time.perf_counter()
            page.goto(f"{report.as_uri()}#facts")
            page.wait_for_selector("body.ready")
            loads.append(time.perf_counter() - began)
            for name, (action, _) in _ACTIONS.items():
                times[name].append(_milliseconds(page, action))
            page.close()
        browser.close()
    yield Result("load it, in s", statistics.median(loads), 3, f"worst {max(loads):.2f}")
    for name, (_, target) in _ACTIONS.items():
        taken = times[name]
        yield Result(f"{name}, in ms", statistics.median(taken), target, f"worst {max(taken):.0f}")


def _milliseconds(page: Any, action: str) -> float:
    """From what a reader does to the next picture on the screen."""
    taken: float = page.evaluate(_TIMED.replace("ACTION", action))
    return taken
