"""The plots on the page, for a reader who does not see them, or uses no mouse."""

from typing import Any

import pytest
from test_page import PHONE, Open, browser, made, opened, pytestmark, report

__all__ = ["browser", "made", "opened", "pytestmark", "report"]  # fixtures, and what they need

PLOTS = ("sledai", "toxicities", "doses", "trials")
# The words of the page, and those in which a value is told.
LANGUAGES = {
    "en-GB": ("Values of this plot", "no CRS", "page 3"),
    "zh-CN": ("图中的数值", "无CRS", "第3页"),
}


def open_values(page: Any, plot: str) -> Any:
    """The list of a plot's values, opened with the keyboard."""
    summary = page.locator(f"#plot-{plot} .values summary")
    summary.wait_for()
    summary.focus()
    page.keyboard.press("Enter")
    values = page.locator(f"#plot-{plot} .values li")
    values.first.wait_for()
    return values


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_plot_is_a_picture_with_a_name_and_its_values_in_words(report: Open, locale: str) -> None:
    page = report(locale=locale)
    heading, denial, place = LANGUAGES[locale]
    told = {plot: open_values(page, plot).all_text_contents() for plot in PLOTS}
    for plot in PLOTS:
        figure = page.locator(f"#plot-{plot}")
        assert figure.locator("summary").text_content() == heading
        picture = figure.get_by_role("img")
        assert picture.count() == 1
        assert f"{len(told[plot])} " in picture.get_attribute("aria-label")
        assert "Vega" not in figure.aria_snapshot()
    assert any(denial in value for value in told["toxicities"])
    assert any(place in value for value in told["doses"])


def test_a_value_leads_to_its_fact_without_a_mouse(report: Open) -> None:
    page = report()
    assert page.locator(".values li").count() == 0
    link = open_values(page, "sledai").nth(3).locator("a")
    value = link.text_content()
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#fact h2")
    assert value.endswith(page.text_content("#fact h2"))


def test_the_values_fit_a_phone(report: Open) -> None:
    page = report(size=PHONE)
    for plot in PLOTS:
        open_values(page, plot)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


# For each plot how wide it is drawn, and its pieces: their widths and the sum of their heights.
PIECES = """() => [...document.querySelectorAll(".plot")].map((plot) => {
  const boxes = [...plot.querySelectorAll(".piece")].map((piece) => piece.getBoundingClientRect());
  return { name: plot.id.slice(5), room: plot.querySelector(".drawing").clientWidth,
    widths: boxes.map((box) => box.width), heights: boxes.map((box) => box.height) };
})"""


def test_a_tall_plot_is_printed_as_wide_as_the_page_in_pieces_that_can_part(report: Open) -> None:
    page = report()
    page.locator("#plot-trials svg").wait_for()
    tall = page.locator("#plot-sledai svg").bounding_box()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    pieces = {plot["name"]: plot for plot in page.evaluate(PIECES)}
    assert pieces["trials"]["widths"] == []
    sledai = pieces["sledai"]
    assert len(sledai["heights"]) > 3
    assert max(sledai["heights"]) <= 200
    assert sum(sledai["heights"]) == pytest.approx(tall["height"], abs=2)
    assert sledai["widths"] == pytest.approx(
        [min(tall["width"], sledai["room"])] * len(sledai["heights"]), abs=1
    )
    assert not page.is_visible("#plot-sledai .drawing > :first-child")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator(".piece").count() == 0
    assert page.is_visible("#plot-sledai .drawing > :first-child svg")
