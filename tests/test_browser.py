"""The built book in a real browser, from disk, with the network cut."""

from pathlib import Path

import book_tools
import pytest
from book_tools import Build, toc_pages
from browser_tools import MODES, Visit, browser, open_page
from playwright.sync_api import Browser, TimeoutError

__all__ = ["browser"]  # a fixture: used by its name

MEASURE = """() => ({
    theme: document.documentElement.dataset.theme,
    page_width: document.documentElement.scrollWidth,
    window_width: window.innerWidth,
    formulas: document.querySelectorAll(".math").length,
    drawn: document.querySelectorAll("mjx-container").length,
    scrolling_code: [...document.querySelectorAll(
            ".cell_input pre, .tg-diff pre, .tg-definition pre")]
        .filter(pre => pre.scrollWidth > pre.clientWidth + 1)
        .map(pre => pre.textContent.slice(0, 60)),
    broken_images: [...document.images]
        .filter(image => image.complete && image.naturalWidth === 0)
        .map(image => image.src),
})"""
READY = """() => window.MathJax?.startup?.promise === undefined
    ? !document.querySelector(".math")
    : MathJax.startup.promise.then(() => true)"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory.getbasetemp() / "book")


@pytest.fixture(scope="module", params=MODES)
def visits(
    request: pytest.FixtureRequest, book: Build, browser: Browser
) -> dict[str, Visit]:
    """Every page of the contents, opened once in this mode."""
    page, notes = open_page(browser, request.param)
    found = {}
    for name in toc_pages():
        page.goto((book.html / f"{name}.html").as_uri())
        try:
            page.wait_for_function(READY, timeout=20_000)
        except TimeoutError:
            notes.errors.append("the formulas were not drawn in 20 seconds")
        measured = page.evaluate(MEASURE) | {"mode": request.param}
        found[name] = Visit([*notes.errors], [*notes.outside], measured)
        notes.errors.clear()
        notes.outside.clear()
    page.context.close()
    return found


def test_no_page_reports_an_error(visits: dict[str, Visit]) -> None:
    """The console stays empty, no script fails, every file is found."""

    assert not {n: v.errors for n, v in visits.items() if v.errors}


def test_no_page_asks_the_network(visits: dict[str, Visit]) -> None:
    """With the network cut nothing is missing: nothing was asked for."""

    assert not {n: v.outside for n, v in visits.items() if v.outside}


def test_the_page_follows_the_reader_s_colours(
    visits: dict[str, Visit],
) -> None:
    """Dark where the system is dark, light where it is light."""
    for visit in visits.values():
        expected = MODES[visit.measured["mode"]]["color_scheme"]

        assert visit.measured["theme"] == expected


def test_no_page_is_wider_than_the_window(visits: dict[str, Visit]) -> None:
    """Wide code, tables and formulas scroll by themselves."""
    wide = {
        name: visit.measured["page_width"]
        for name, visit in visits.items()
        if visit.measured["page_width"] > visit.measured["window_width"]
    }

    assert not wide


def test_formulas_are_drawn(visits: dict[str, Visit]) -> None:
    """Every formula on every page is typeset, and there are some."""
    drawn = {n: v.measured["drawn"] for n, v in visits.items()}
    written = {n: v.measured["formulas"] for n, v in visits.items()}

    assert drawn == written
    assert sum(drawn.values()) > 10


def test_every_image_is_there(visits: dict[str, Visit]) -> None:
    """No page has an image that the browser cannot show."""
    broken = {n: v.measured["broken_images"] for n, v in visits.items()}

    assert not {name: images for name, images in broken.items() if images}


def test_code_needs_no_scroll_bar_on_a_desktop(
    visits: dict[str, Visit],
) -> None:
    """Eighty columns fit beside the contents; a phone may scroll."""
    scrolling = {
        name: visit.measured["scrolling_code"]
        for name, visit in visits.items()
        if visit.measured["mode"] != "phone"
        and visit.measured["scrolling_code"]
    }

    assert not scrolling


def test_search_works_from_disk(book: Build, browser: Browser) -> None:
    """A search for a word of the glossary finds it, with no server."""
    page, notes = open_page(browser, "light")
    page.goto((book.html / "search.html").as_uri() + "?q=saturation")
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results li a").all_inner_texts()
    page.context.close()

    assert "Glossary" in " ".join(found)
    assert not notes.errors
    assert not notes.outside


def test_an_error_on_a_page_is_noticed(
    book: Build, browser: Browser, tmp_path: Path
) -> None:
    """The notes that the other tests read do get written."""
    broken = tmp_path / "broken.html"
    broken.write_text(
        "<script src='https://cdn.example.org/x.js'></script>"
        "<img src='nowhere.png'><script>throw Error('planted')</script>"
    )
    page, notes = open_page(browser, "light")
    page.goto(broken.as_uri())
    page.context.close()

    assert any("planted" in error for error in notes.errors)
    assert any("nowhere.png" in error for error in notes.errors)
    assert notes.outside == ["https://cdn.example.org/x.js"]
