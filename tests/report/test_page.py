"""The page in a real browser: from disk, with the keyboard, in both languages, on three screens."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PACKAGE_PARENT, ROOT, Run

from benchmarks.many_papers import write_many_papers
from carextract.decisions import fact_id
from carextract.facts_file import read_facts
from carextract.records import FACT_KINDS, Document, Evidence, Fact

playwright = pytest.importorskip("playwright.sync_api", reason="needs the extra: browser")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="needs the extra: browser"
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not on this machine"),
]

LAPTOP, WIDE, PHONE = (1366, 768), (1920, 1080), (390, 844)
VIEWS = ("overview", "facts", "studies", "conflicts", "papers")
PAPERS = ("studies-en.txt", "studies-zh-hans.txt", "zh-hant.txt", "zh-hans-ocr.txt")
PDFS = ("two-columns.pdf", "trial-table.pdf", "turned.pdf", "truncated.pdf")

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with papers, `facts.jsonl` read from them, and `report.html` made of both."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "papers").mkdir()
    for name in (*PAPERS, *PDFS):
        source = ROOT / "samples" / ("pdf" if name.endswith(".pdf") else "") / name
        shutil.copy(source, folder / "papers")
    carextract(folder, "batch", "papers", "-o", "facts.jsonl", "--ocr", "never")
    carextract(folder, "report", "facts.jsonl", "-o", "report.html", "--papers", "papers")
    return folder


def carextract(folder: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "carextract", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PACKAGE_PARENT)},
        check=False,
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Open]:
    """Open a page from disk. At the end nothing was asked of a network, and nothing complained."""
    contexts, complaints = [], []

    def opened(
        path: Path, *, at: str = "", locale: str = "en-GB", size: tuple[int, int] = LAPTOP
    ) -> Any:
        context = browser.new_context(
            locale=locale, viewport={"width": size[0], "height": size[1]}, offline=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: complaints.extend(_beyond_disk(request.url)))
        page.goto(f"{path.as_uri()}{at}")
        page.wait_for_selector("body.ready")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _beyond_disk(address: str) -> list[str]:
    return [] if address.startswith(("file:", "data:", "blob:")) else [f"request: {address}"]


@pytest.fixture
def report(made: Path, opened: Open) -> Callable[..., Any]:
    """Open the report of the samples."""
    return lambda at="", **options: opened(made / "report.html", at=at, **options)


def documents(made: Path) -> list[Document]:
    entries = read_facts(made / "facts.jsonl")
    return [entry for entry in entries if isinstance(entry, Document)]


def all_facts(made: Path) -> list[tuple[Document, str, Fact]]:
    return [
        (document, kind, fact)
        for document in documents(made)
        for kind in FACT_KINDS
        for fact in getattr(document, kind)
    ]


def until(page: Any, expression: str, arg: Any = None) -> None:
    """Wait until an expression holds; the page's policy lets the browser's own wait run none."""
    for _ in range(200):
        if page.evaluate(expression, arg):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"never: {expression}")


def show(page: Any, document: Document, fact: Fact) -> None:
    """Open a fact by its address, and wait for its proof."""
    identity = fact_id(document.source.sha256, fact)
    page.evaluate("id => { location.hash = `fact=${id}` }", identity)
    until(page, "id => document.querySelector('#fact').dataset.shown === id", identity)


def shown_count(page: Any) -> int:
    return int(page.text_content("#shown").split(" ")[0].replace(",", ""))


# Every view


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("size", [LAPTOP, WIDE, PHONE], ids=["laptop", "wide", "phone"])
def test_every_view_is_drawn_and_none_is_wider_than_the_screen(
    report: Open, locale: str, size: tuple[int, int]
) -> None:
    page = report(locale=locale, size=size)
    for view in VIEWS:
        page.evaluate(f"location.hash = '{view}'")
        page.wait_for_selector(f"#{view}-view:not([hidden])")
        assert page.text_content(f"#{view}-view").strip()
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{view} is {wide} px wider than the screen"
        if view == "facts" and size != PHONE:
            assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_screen_reader_finds_names_roles_and_order(report: Open, size: tuple[int, int]) -> None:
    page = report(size=size)
    for view in VIEWS:
        page.evaluate(f"location.hash = '{view}'")
        page.wait_for_selector(f"#{view}-view:not([hidden])")
        page.wait_for_timeout(500)
        found = axe.Axe().run(page)
        faults = [(each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]]
        assert faults == [], view


def test_the_language_is_that_of_the_browser_and_can_be_changed(report: Open) -> None:
    page = report(locale="zh-CN")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    assert page.text_content("#tab-facts").strip().startswith("事实")
    page.click("#language")
    assert page.text_content("#tab-facts").strip().startswith("Facts")
    page.reload()
    page.wait_for_selector("body.ready")
    assert page.get_attribute("html", "lang") == "en"
    assert report(locale="fr-FR").get_attribute("html", "lang") == "en"


def test_the_overview_counts_and_leads_to_what_it_counts(made: Path, report: Open) -> None:
    page = report()
    page.click(".tile.doses")
    doses = sum(len(document.doses) for document in documents(made))
    assert shown_count(page) == doses
    assert set(page.locator("#rows .kind-name").all_text_contents()) == {"Dose"}


def test_a_plot_shows_its_quote_and_leads_to_its_fact(report: Open) -> None:
    page = report()
    mark = page.locator("#plot-sledai svg .mark-symbol path").first
    mark.scroll_into_view_if_needed()
    mark.hover()
    page.wait_for_selector("#vg-tooltip-element.visible")
    assert "SLEDAI" in page.text_content("#vg-tooltip-element")
    mark.click()
    page.wait_for_selector("#fact h2")
    assert "SLEDAI" in page.text_content("#fact h2")


# The list


def test_search_and_filters_leave_what_they_say(made: Path, report: Open) -> None:
    facts = all_facts(made)
    page = report("#facts")
    assert shown_count(page) == len(facts)
    page.click("[data-kind=trials]")
    trials = [fact for _, kind, fact in facts if kind == "trials"]
    assert shown_count(page) == len(trials)
    page.click("[data-kind=sledai]")
    assert shown_count(page) == sum(kind in ("trials", "sledai") for _, kind, _ in facts)
    page.click("#clear")
    page.select_option("#filter-paper", label="zh-hans-ocr.txt")
    of_paper = [fact for document, _, fact in facts if document.source.name == "zh-hans-ocr.txt"]
    assert shown_count(page) == len(of_paper)
    page.fill("#search", "nct0571 5")
    until(page, "document.querySelector('#shown').textContent.startsWith('0 ')")
    assert page.is_visible("#nothing")
    page.fill("#search", of_paper[0].key)
    until(page, "!document.querySelector('#shown').textContent.startsWith('0 ')")
    page.click("#clear")
    page.select_option("#filter-language", label="Traditional Chinese")
    languages = [document.source.languages[0] for document, _, _ in facts]
    assert shown_count(page) == languages.count("zh-Hant")
    page.click("#clear")
    page.select_option("#filter-flag", label="OCR")
    assert shown_count(page) == 0


def test_the_head_sorts_there_and_back(report: Open) -> None:
    page = report("#kind=doses")

    def shown() -> list[str]:
        texts: list[str] = page.locator("#rows .amount").all_text_contents()
        return texts

    page.click("#sort-value")
    page.evaluate("document.querySelector('#scroller').scrollTop = 0")
    first = page.locator("#rows tr[aria-rowindex='2'] .amount").text_content()
    assert page.get_attribute("th.value", "aria-sort") == "ascending"
    page.click("#sort-value")
    page.evaluate("document.querySelector('#scroller').scrollTop = 0")
    page.wait_for_selector("#rows tr[aria-rowindex='2']")
    assert page.get_attribute("th.value", "aria-sort") == "descending"
    assert page.locator("#rows tr[aria-rowindex='2'] .amount").text_content() != first
    assert shown()


def test_keys_go_through_facts_and_decide(made: Path, report: Open) -> None:
    page = report("#facts")
    page.wait_for_selector("#fact h2")

    def place() -> int:
        return int(page.get_attribute("#rows tr[aria-selected=true]", "aria-rowindex"))

    assert place() == 2
    for key, now in [
        ("j", 3),
        ("j", 4),
        ("k", 3),
        ("k", 2),
        ("k", 2),
        ("End", len(all_facts(made)) + 1),
    ]:
        page.keyboard.press(key)
        assert place() == now
    page.keyboard.press("Home")
    page.keyboard.press("a")
    assert page.get_attribute("#decide-accepted", "aria-pressed") == "true"
    assert page.text_content("#progress-text").startswith("1 of")
    assert page.text_content("#said").startswith("Accepted")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.keyboard.press("n")
    page.keyboard.type("a, j and r are letters in a note\nof two lines")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert place() == 4
    assert page.text_content("#progress-text").startswith("2 of")
    page.keyboard.press("r")
    page.keyboard.press("r")
    assert page.get_attribute("#decide-rejected", "aria-pressed") == "false"
    assert page.text_content("#progress-text").startswith("2 of")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.is_visible("#help")


def test_decisions_stay_are_exported_and_joined(
    made: Path, report: Open, run: Run, tmp_path: Path
) -> None:
    page = report("#facts")
    page.wait_for_selector("#fact h2")
    notes = ['=1+1, "quoted"', "第二条\n备注", ""]
    for word, note in zip("ar ", notes, strict=True):
        if word != " ":
            page.keyboard.press(word)
        if note:
            page.fill("#note", note)
            page.keyboard.press("Escape")
        page.keyboard.press("j")
    page.reload()
    page.wait_for_selector("body.ready")
    assert page.text_content("#progress-text").startswith("2 of")
    facts = all_facts(made)
    expected = [
        (fact_id(document.source.sha256, fact), word, note)
        for (document, _, fact), word, note in zip(
            facts, ("accepted", "rejected"), notes, strict=False
        )
    ]
    for form in ("json", "csv"):
        page.click("#menu summary")
        with page.expect_download() as waiting:
            page.click(f"#export-{form}")
        waiting.value.save_as(tmp_path / f"decisions.{form}")
        page.keyboard.press("Escape")
        options = ("--decisions", f"decisions.{form}", "-o", f"{form}.csv")
        result = run("table", made / "facts.jsonl", *options)
        assert b"1 accepted, 1 rejected" in result.stderr
        table = (tmp_path / f"{form}.csv").read_text(encoding="utf-8-sig")
        rows = [row for row in csv.DictReader(io.StringIO(table)) if row["decision"]]
        assert [(row["decision"], row["note"].removeprefix("'")) for row in rows] == [
            (word, note) for _, word, note in expected
        ]
    exported = json.loads((tmp_path / "decisions.json").read_text(encoding="utf-8"))
    found = [(each["fact"], each["decision"], each["note"]) for each in exported["decisions"]]
    assert found == expected

    other = report("#facts")
    assert other.text_content("#progress-text").startswith("0 of")
    other.set_input_files("#import", tmp_path / "decisions.json")
    other.wait_for_selector("#notice:not([hidden])")
    assert other.text_content("#progress-text").startswith("2 of")
    other.set_input_files("#import", made / "facts.jsonl")
    until(other, "document.querySelector('#notice').textContent.includes('no export')")


# An opened fact


def covered(evidence: tuple[Evidence, ...]) -> list[str]:
    """The stretches of text that quotes cover, each once, in order."""
    texts: list[str] = []
    end = -1
    for quote in sorted(evidence, key=lambda quote: (quote.start, quote.end)):
        if quote.start > end:
            texts.append(quote.text)
        elif quote.end > end:
            texts[-1] += quote.text[end - quote.start :]
        end = max(end, quote.end)
    return texts


def test_what_is_marked_is_exactly_the_evidence_of_every_fact(made: Path, report: Open) -> None:
    page = report("#facts")
    for document, _, fact in all_facts(made):
        show(page, document, fact)
        marked = page.evaluate(
            """() => [...document.querySelectorAll('#fact .source-text')].flatMap((text) => {
              const stretches = [];
              let open = false;
              for (const node of text.childNodes) {
                const own = node.nodeType === 1 && node.classList.contains('own');
                if (own && open) stretches[stretches.length - 1] += node.textContent;
                else if (own) stretches.push(node.textContent);
                open = own;
              }
              return stretches;
            })"""
        )
        assert sorted(set(marked)) == sorted(set(covered(fact.evidence))), (
            document.source.name,
            fact.key,
        )


def test_the_frame_is_where_the_quote_is_on_the_page(made: Path, report: Open) -> None:
    page = report("#facts")
    framed = 0
    for document, _, fact in all_facts(made):
        quote = fact.evidence[0]
        if document.source.name != "turned.pdf" or not quote.boxes:
            continue
        show(page, document, fact)
        until(page, "document.querySelector('.page-frame img')?.naturalWidth > 0")
        places = page.evaluate(
            """() => [...document.querySelectorAll('.box')].map((box) => {
              const image = document.querySelector('.page-frame img');
              const scale = 1.5 * image.clientWidth / image.naturalWidth;
              return [box.offsetLeft, box.offsetTop, box.offsetLeft + box.offsetWidth,
                box.offsetTop + box.offsetHeight].map((pixels) => pixels / scale);
            })"""
        )
        for box in quote.boxes:
            assert any(
                all(abs(one - other) < 3 for one, other in zip(box, place, strict=True))
                for place in places
            )
            framed += 1
    assert framed > 5


def test_without_the_papers_the_quotes_stand_alone(
    made: Path, opened: Open, run: Run, tmp_path: Path
) -> None:
    run("report", made / "facts.jsonl", "-o", "bare.html")
    page = opened(tmp_path / "bare.html", at="#facts")
    page.wait_for_selector("#fact .source-text")
    assert "--papers" in page.text_content("#fact")
    assert page.text_content("#fact .source-text") == page.text_content("#fact mark.own")


def test_on_a_phone_a_fact_takes_the_place_of_the_list(report: Open) -> None:
    page = report("#facts", size=PHONE)
    assert not page.is_visible("#fact")
    page.click("#rows tr[data-fact='3']")
    page.wait_for_selector("#fact h2")
    assert page.evaluate("document.querySelector('#fact').getBoundingClientRect().width") == 390
    page.click(".back")
    assert not page.is_visible("#fact")
    assert page.is_visible("#search")


def test_studies_and_conflicts_lead_to_facts(report: Open) -> None:
    page = report("#conflicts")
    sides = page.locator("#conflict-cards .card").first.locator(".side")
    assert sides.count() >= 2
    page.locator("#conflict-cards a", has_text="open").first.click()
    page.wait_for_selector("#fact h2")
    assert "disputed" in page.text_content("#fact .flags")
    page.evaluate("location.hash = 'studies'")
    page.fill("#study-search", "mackensen")
    until(page, "document.querySelectorAll('#study-cards .card').length < 4")
    page.locator("#study-cards .fact-link").first.click()
    page.wait_for_selector("#facts-view:not([hidden]) #fact h2")


def test_printed_it_has_the_list_and_the_opened_fact(report: Open, tmp_path: Path) -> None:
    page = report("#facts")
    page.wait_for_selector("#fact h2")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    rows = page.locator("#rows tr:not(.room)").count()
    assert rows == shown_count(page)
    assert not page.is_visible("#search")
    assert page.is_visible("#fact h2")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#rows tr:not(.room)").count() < rows


# Hostile and large


def test_a_hostile_paper_is_text(opened: Open, run: Run, tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    line = "x" * 500_000 + " One patient had grade 1 CRS. " + "例" * 500_000
    hostile = (
        "</script><script>alert(1)</script><img src=x onerror=alert(2)>\n\n"
        'Two of 5 patients had "grade 2" CRS & <b>none</b> had ICANS. {{ 7 * 7 }} ${alert(3)}\n\n'
        "SLEDAI fell from 18 to \u202e4\u202c points \u2066(NCT05765006)\u2069.\n\n" + line
    )
    name = "'\"><img src=x onerror=alert(4)>.txt"
    (tmp_path / "papers" / name).write_text(hostile, encoding="utf-8")
    run("batch", "papers", "-o", "facts.jsonl")
    run("report", "facts.jsonl", "-o", "report.html", "--papers", "papers")
    page = opened(tmp_path / "report.html", at="#facts")
    held = read_facts(tmp_path / "facts.jsonl")
    (document,) = (entry for entry in held if isinstance(entry, Document))
    facts = [fact for kind in FACT_KINDS for fact in getattr(document, kind)]
    assert len(facts) >= 3
    for fact in facts:
        show(page, document, fact)
        marked = "".join(page.locator("#fact mark.own").all_text_contents())
        assert fact.evidence[0].text in marked
        assert len(page.text_content("#fact")) < 20_000
    for view in VIEWS:
        page.evaluate(f"location.hash = '{view}'")
        page.wait_for_selector(f"#{view}-view:not([hidden])")
        assert page.locator("img[src=x], main b:not(.tile b)").count() == 0
    assert name in page.text_content("#papers-view")


def test_a_thousand_papers_are_scrolled_and_filtered(
    opened: Open, run: Run, tmp_path: Path
) -> None:
    count = write_many_papers(tmp_path / "facts.jsonl", 1_000)
    assert count >= 50_000
    run("report", "facts.jsonl", "-o", "report.html")
    page = opened(tmp_path / "report.html", at="#facts")
    assert shown_count(page) == count
    assert page.locator("#rows tr").count() < 60
    page.evaluate("document.querySelector('#scroller').scrollTop = 1e7")
    page.wait_for_selector(f"#rows tr[aria-rowindex='{count + 1}']")
    page.fill("#search", "综述-0077")
    until(page, f"!document.querySelector('#shown').textContent.startsWith('{count:,}')")
    assert 0 < shown_count(page) < 100
    page.select_option("#filter-paper", label="综述-0077.txt")
    assert page.locator("#rows tr").count() < 60


# What was found wrong once


def test_an_old_link_is_said_to_lead_nowhere(report: Open) -> None:
    page = report("#fact=dose:ffffffffffffffff")
    assert "dose:ffffffffffffffff is not in this report" in page.text_content("#notice")


@pytest.mark.parametrize(
    "at", ["#%", "#__proto__", "#constructor", "#toString=1", "#kind=__proto__"]
)
def test_an_address_of_nothing_shows_a_view(report: Open, at: str) -> None:
    page = report(at)
    assert page.locator("main > section:not([hidden])").count() == 1


def test_a_search_finds_what_is_written_otherwise(made: Path, report: Open) -> None:
    page = report("#facts")
    counts = {}
    ways = ("CRS", "ＣＲＳ", "crs", "1.1×10⁶", "1.1x10^6", "１.１×10^6", "无ICANS", "無ICANS")
    for text in ways:
        page.fill("#search", text)
        page.wait_for_timeout(300)
        counts[text] = shown_count(page)
    assert counts["CRS"] == counts["ＣＲＳ"] == counts["crs"] > 0
    assert counts["无ICANS"] == counts["無ICANS"] > 0
    assert counts["1.1×10⁶"] == counts["1.1x10^6"] == counts["１.１×10^6"] > 0


def test_of_a_damaged_export_nothing_is_taken(made: Path, report: Open, tmp_path: Path) -> None:
    page = report("#facts")
    document, _, fact = all_facts(made)[0]
    good: dict[str, Any] = {
        "fact": fact_id(document.source.sha256, fact),
        "decision": "accepted",
        "note": "",
    }
    head: dict[str, Any] = {"format": "carextract decisions", "version": 1}
    wrong: list[Any] = [
        {**head, "decisions": [good, None]},
        {**head, "decisions": [good, {**good, "decision": "maybe"}]},
        {**head, "version": 2, "decisions": [good]},
        [good],
    ]
    for number, content in enumerate(wrong):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        page.evaluate("document.querySelector('#notice').textContent = ''")
        page.set_input_files("#import", path)
        until(page, "document.querySelector('#notice').textContent.includes('no export')")
    page.reload()
    page.wait_for_selector("body.ready")
    assert page.text_content("#progress-text").startswith("0 of")


def test_one_damaged_entry_costs_itself_alone(made: Path, report: Open) -> None:
    page = report("#facts")
    page.wait_for_selector("#fact .excerpt")
    page.keyboard.press("a")
    document, _, fact = all_facts(made)[1]
    key = f"carextract.decision.{fact_id(document.source.sha256, fact)}"
    page.evaluate("key => localStorage.setItem(key, '{bad')", key)
    page.reload()
    page.wait_for_selector("body.ready")
    assert page.text_content("#progress-text").startswith("1 of")
    assert not page.is_visible("#notice")


def test_what_was_taken_back_stays_so_when_an_older_export_is_loaded(
    report: Open, tmp_path: Path
) -> None:
    page = report("#facts")
    page.wait_for_selector("#fact .excerpt")
    page.keyboard.press("a")
    page.click("#menu summary")
    with page.expect_download() as waiting:
        page.click("#export-json")
    waiting.value.save_as(tmp_path / "decisions.json")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    assert page.text_content("#progress-text").startswith("0 of")
    page.set_input_files("#import", tmp_path / "decisions.json")
    until(
        page, "document.querySelector('#notice').textContent.includes('older than those here: 1')"
    )
    assert page.text_content("#progress-text").startswith("0 of")


def test_the_way_back_leads_where_one_came_from(report: Open) -> None:
    page = report()
    mark = page.locator("#plot-sledai svg .mark-symbol path").first
    mark.click()
    page.wait_for_selector("#fact .excerpt")
    page.go_back()
    page.wait_for_selector("#overview-view:not([hidden])")
    phone = report("#facts", size=PHONE)
    phone.click("#rows tr[data-fact='3']")
    phone.wait_for_selector("#fact .excerpt")
    phone.go_back()
    until(phone, "!document.body.classList.contains('fact-open')")
    assert phone.is_visible("#search")


def test_filters_outlive_a_reload(made: Path, report: Open) -> None:
    page = report("#kind=doses")
    doses = shown_count(page)
    page.wait_for_selector("#fact .excerpt")
    page.reload()
    page.wait_for_selector("body.ready")
    assert shown_count(page) == doses < len(all_facts(made))
    page.click("#clear")
    assert page.evaluate("document.activeElement.id") == "search"
    assert page.locator("#rows tr[aria-selected=true]").count() == 1


def test_on_a_narrow_screen_the_keyboard_opens_and_leaves_a_fact(report: Open) -> None:
    page = report("#facts", size=(640, 600))
    page.focus("#rows tr[data-fact='0']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#fact .excerpt")
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#fact')"
        )
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.fact") == "0"


def test_no_key_decides_on_a_fact_that_is_not_shown_yet(report: Open) -> None:
    page = report("#facts")
    page.wait_for_selector("#fact .excerpt")
    page.evaluate(
        """() => {
          for (const key of ["j", "j", "a"]) {
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
          }
        }"""
    )
    page.wait_for_timeout(200)
    assert page.text_content("#progress-text").startswith("0 of")


def test_all_cards_are_printed(opened: Open, run: Run, tmp_path: Path) -> None:
    write_many_papers(tmp_path / "facts.jsonl", 90)
    run("report", "facts.jsonl", "-o", "report.html")
    page = opened(tmp_path / "report.html", at="#papers")
    assert page.locator("#paper-cards .card").count() == 40
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#paper-cards .card").count() == 90


def test_papers_of_one_name_are_told_apart(opened: Open, run: Run, tmp_path: Path) -> None:
    for folder, count in (("one", 3), ("other", 5)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(f"{count} patients had grade 1 CRS.\n")
    run("batch", "one", "other", "-o", "facts.jsonl")
    run("report", "facts.jsonl", "-o", "report.html")
    page = opened(tmp_path / "report.html", at="#facts")
    names = page.locator("#filter-paper option").all_text_contents()[1:]
    assert len(set(names)) == 2
    assert all(name.startswith("a.txt [") for name in names)
