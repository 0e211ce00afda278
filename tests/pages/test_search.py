"""The search shows the sentence it found, from disk, with the words marked."""

import json
import re
from collections.abc import Iterator

import book_tools
import pytest
from book_tools import Build, extension, read, toc_pages
from browser_tools import Visit, browser, open_page
from docutils import nodes
from playwright.sync_api import Browser, Locator, Page, expect

__all__ = ["browser"]  # a fixture: used by its name

IN_CODE = "In the code of this page, or in what it folds."
LARGEST = 600_000
"""Bytes of the texts of all pages, loaded with the first question."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


@pytest.fixture(scope="module")
def texts(book: Build) -> dict[str, list[list[str]]]:
    """What the script for the search page holds: parts by page."""
    script = (book.html / "_static/search/texts.js").read_text("utf-8")
    return json.loads(script.partition("texts = ")[2].rstrip(";\n"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page, without network."""
    opened, notes = open_page(browser, "phone")
    yield opened
    opened.context.close()
    assert notes == Visit()


def results(page: Page, book: Build, query: str) -> Locator:
    """The results of a query, once all are there."""
    page.goto(f"{(book.html / 'search.html').as_uri()}?q={query}")
    expect(page.locator(".search-summary")).to_contain_text("ound")
    page.wait_for_function("() => Search.output?.children.length")
    return page.locator("#search-results li")


@pytest.mark.parametrize("query", ["saturation", "注意力", "residual path"])
def test_every_result_shows_its_sentence(
    page: Page, book: Build, query: str
) -> None:
    """An excerpt each, the words marked there or in the heading."""
    found = results(page, book, query)
    shown = found.locator(".context").all_inner_texts()

    assert len(shown) == found.count() >= 1
    for one, text in zip(found.all(), shown, strict=True):
        assert 20 < len(text) < 400
        assert one.locator("mark").count() or text == IN_CODE
    assert shown.count(IN_CODE) < len(shown) / 2


def test_a_term_s_meaning_comes_first(page: Page, book: Build) -> None:
    """With a link to its entry, by its English or its Chinese name."""
    for query in ("saturation", "饱和"):
        first = results(page, book, query).first
        link = first.locator("a")

        assert link.get_attribute("href") == "glossary.html#term-saturation"
        expect(first).to_contain_text("gives almost everything to one")


def test_every_result_leads_somewhere_and_no_two_to_one_place(
    page: Page, book: Build
) -> None:
    """The page and the anchor are there."""
    found = results(page, book, "attention").locator("a")
    links = [a.get_attribute("href") or "" for a in found.all()]

    assert len(links) == len(set(links)) > 10
    for link in links:
        name, _, anchor = link.partition("#")
        assert read(book.html / name).find(id=anchor or "main-content")


def test_a_word_of_code_alone_says_so(page: Page, book: Build) -> None:
    """The index knows it, the sentences do not."""
    found = results(page, book, "masked_fill")

    assert IN_CODE in found.locator(".context").all_inner_texts()


def test_what_one_types_is_text(page: Page, book: Build) -> None:
    """Neither HTML nor a pattern."""
    for query in ("%3Cimg src=x%3E attention", "attention (.*)+["):
        found = results(page, book, query)

        assert found.locator("img").count() == 0
        assert found.count() >= 1


def test_nothing_found_is_said(page: Page, book: Build) -> None:
    """And nothing is shown."""
    page.goto(f"{(book.html / 'search.html').as_uri()}?q=zyzzyva")

    expect(page.locator(".search-summary")).to_contain_text("did not match")
    assert page.locator("#search-results li").count() == 0


def test_the_texts_are_all_pages_and_small(
    book: Build, texts: dict[str, list[list[str]]]
) -> None:
    """Every page of the contents; each part has an anchor of its page."""
    size = (book.html / "_static/search/texts.js").stat().st_size

    assert set(texts) == set(toc_pages())
    assert size < LARGEST
    for name, parts in texts.items():
        ids = {tag["id"] for tag in read(book.html / f"{name}.html")(id=True)}
        assert {anchor for anchor, _, _ in parts} <= ids, name


def test_no_result_gives_a_solution_away(
    texts: dict[str, list[list[str]]],
) -> None:
    """The task is found with its words; its hints and solution are folded."""
    said = " ".join(text for part in texts.values() for _, _, text in part)

    for word in ("Merged, the model computes", "Bring x out of both terms"):
        assert word not in said
    assert "the frozen model may be needed again" in said


def test_the_search_page_alone_loads_the_script(book: Build) -> None:
    """And no page the texts before anything is asked."""
    for page in book_tools.written_pages(book.html):
        text = page.read_text("utf-8")
        assert ("search_excerpts.js" in text) == (page.name == "search.html")
        assert "search/texts.js" not in text


def test_a_section_is_told_without_those_inside() -> None:
    """Formulas as one types them, code not at all."""
    inner = nodes.section("", nodes.title("", "In"), ids=["in"])
    inner += nodes.paragraph("", "", nodes.math("", r"\sqrt{D} \times 2"))
    outer = nodes.section("", nodes.title("", "Out"), ids=["out"])
    outer += [nodes.paragraph("", "One  two."), nodes.literal_block("", "x")]
    outer += inner
    document = nodes.document(None, None)  # type: ignore[arg-type]
    document += outer
    parts = list(extension("search_excerpts").parts(document))

    assert parts == [("out", "Out", "One two."), ("in", "In", "√D ×2")]
    assert not re.search(r"[\\{}]", parts[1][2])
