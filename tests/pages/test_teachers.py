"""The page for teachers: one screen, and numbers that are computed."""

import json
import re

import book_tools
import pytest
from book_tools import ROOT, Build, read
from browser_tools import browser, open_page
from playwright.sync_api import Browser

from tutorgpt.learn.paths import minutes

__all__ = ["browser"]  # a fixture: used by its name

PAGE = (ROOT / "book/teachers.md").read_text("utf-8")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


def test_no_number_is_typed_by_hand() -> None:
    """Minutes come from the directive."""
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)", "", PAGE)

    assert "```{course-minutes}" in PAGE
    assert not re.findall(r"\d+", prose)


def test_the_minutes_are_those_of_the_script(book: Build) -> None:
    """A row a chapter, as paths.py counts it, and the sum in hours."""
    seconds = json.loads(
        (ROOT / "results/chapter_minutes.json").read_text("utf-8")
    )
    table = read(book.html / "teachers.html").select_one("table")
    assert table is not None
    rows = [
        [cell.get_text(strip=True) for cell in row.select("td")]
        for row in table.select("tbody tr")
    ]
    paths = wholes = 0
    for (stem, run), row in zip(
        sorted(seconds.items()), rows[:-1], strict=True
    ):
        text = (ROOT / f"notebooks/{stem}.ipynb").read_text("utf-8")
        known = minutes(int(stem[:2]), json.loads(text)["cells"], run)
        whole = known.path + known.side + known.more
        paths, wholes = paths + known.path, wholes + whole

        assert row[0].startswith(f"{int(stem[:2])}. ")
        assert row[1:] == [f"{known.path} min", f"{whole} min"]
    assert len(rows) == len(seconds) + 1
    assert rows[-1][1:] == [
        f"{paths / 60:.0f} hours",
        f"{wholes / 60:.0f} hours",
    ]


def test_each_row_leads_to_its_chapter(book: Build) -> None:
    """By its title."""
    links = read(book.html / "teachers.html").select("table a")
    stems = sorted(path.stem for path in ROOT.glob("notebooks/[0-9]*.ipynb"))

    assert [a["href"] for a in links] == [
        f"notebooks/{stem}.html" for stem in stems
    ]


def test_it_has_one_screen(book: Build, browser: Browser) -> None:
    """On a desktop the last line ends above the window's edge."""
    page, _ = open_page(browser, "light")
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto((book.html / "teachers.html").as_uri())
    box = page.locator("article.bd-article p").last.bounding_box()
    page.context.close()

    assert box is not None
    assert box["y"] + box["height"] <= 900
