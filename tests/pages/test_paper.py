"""What a page looks like on paper, whatever it looked like before."""

import re
from collections.abc import Iterator

import book_tools
import pytest
from book_tools import Build
from browser_tools import browser, open_page
from playwright.sync_api import Browser, Page

__all__ = ["browser"]  # a fixture: used by its name

ON_PAPER = """() => {
  const of = (what) => getComputedStyle(document.querySelector(what));
  const shown = (what) => [...document.querySelectorAll(what)]
    .filter(element => element.checkVisibility())
    .map(element => element.outerHTML.slice(0, 80));
  return {
    paper: of("body").backgroundColor,
    ink: of("article p").color,
    theme: document.documentElement.dataset.theme,
    title: [...document.querySelectorAll("h1")]
      .filter(title => title.checkVisibility())
      .map(title => title.textContent.replace("#", "")),
    folded: document.querySelectorAll("article details:not([open])").length,
    pressable: shown("button, nav, [type=search], .headerlink, dialog"),
    too_wide: [...document.querySelectorAll("article :is(img, pre, table)")]
      .filter(element => element.checkVisibility() &&
        element.getBoundingClientRect().right > innerWidth + 1)
      .map(element => element.outerHTML.slice(0, 80)),
  };
}"""
A4 = {"width": 680, "height": 1009}
"""A sheet without its margins of 15 mm, in CSS's pixels."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


@pytest.fixture
def night(browser: Browser) -> Iterator[Page]:
    """A browser in the dark, as wide as a sheet."""
    page, _ = open_page(browser, "dark")
    page.set_viewport_size(A4)
    yield page
    page.context.close()


def test_paper_is_white_and_print_is_black(book: Build, night: Page) -> None:
    """From a dark page: all unfolded, the number, nothing to press."""
    night.goto((book.html / "notebooks/05_residual_norm.html").as_uri())
    before = night.evaluate(ON_PAPER)
    night.emulate_media(media="print", color_scheme="dark")
    night.wait_for_function("document.documentElement.dataset.theme=='light'")
    printed = night.evaluate(ON_PAPER)
    night.emulate_media(media="screen", color_scheme="dark")
    night.wait_for_function("document.documentElement.dataset.theme=='dark'")
    after = night.evaluate(ON_PAPER)

    assert before["theme"] == "dark"
    assert before["folded"] > 5
    assert printed["paper"] == "rgb(255, 255, 255)"
    assert printed["ink"] == "rgb(0, 0, 0)"
    assert printed["folded"] == 0
    assert [title[:3] for title in printed["title"]] == ["5. "]
    assert not printed["pressable"]
    assert not printed["too_wide"]
    assert after["theme"] == "dark"
    assert after["folded"] == before["folded"]


def test_the_cheat_sheet_is_one_sheet(book: Build, night: Page) -> None:
    """A4, with the sheet and nothing else, from the dark as well."""
    night.goto((book.html / "cheat_sheet.html").as_uri())
    printed = night.pdf(prefer_css_page_size=True)
    night.emulate_media(media="print")
    words = night.locator("body").inner_text().split()
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)
    sizes = [[round(float(side) / 72 * 25.4) for side in box] for box in boxes]

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert sizes == [[210, 297]]
    assert not words
