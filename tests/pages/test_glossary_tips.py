"""Terms explain themselves in the built book, and only where they may."""

import re

import book_tools
import pytest
from book_tools import ROOT, Build, extension, read, toc_pages
from browser_tools import axe, browser, open_page, serious
from playwright.sync_api import Browser, expect

__all__ = ["axe", "browser"]  # fixtures: used by their names

CHAPTERS = [page for page in toc_pages() if page.startswith("notebooks/")]
WORD = "dfn.tg-term"
NOT_INSIDE = ["code", "pre", "h1", "h2", "h3", "h4", "a", "table", ".math"]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


@pytest.fixture(scope="module")
def pages(book: Build) -> dict:
    """The chapters' pages, parsed."""
    return {page: read(book.html / f"{page}.html") for page in CHAPTERS}


def name_of(word):
    """Which term of the glossary a marked word is."""
    return word.find(class_="tg-tip").b.get_text()


def test_every_chapter_explains_its_terms(pages):
    """Each page marks a dozen words or more."""
    for page, tree in pages.items():
        assert len(tree.select(WORD)) >= 12, page


def test_a_term_is_explained_once_on_a_page(pages):
    """At its first use; later ones are plain words."""
    for page, tree in pages.items():
        names = [name_of(word) for word in tree.select(WORD)]

        assert len(set(names)) == len(names), page


def test_a_tip_says_what_the_glossary_says(book, pages):
    """The meaning without its links to chapters, and the Chinese name."""
    glossary = read(book.html / "glossary.html")
    entries = {
        title.get_text().strip("#\n ").partition(" · ")[0]: (
            title.get_text().strip("#\n ").partition(" · ")[2],
            " ".join(title.find_next_sibling("dd").get_text().split()),
        )
        for title in glossary.select("dl.glossary dt")
    }
    for tree in pages.values():
        for word in tree.select(WORD):
            tip = word.find(class_="tg-tip")
            chinese, meaning = entries[name_of(word)]
            said = tip.get_text().partition(chinese)[2]

            assert tip.find(lang="zh").get_text() == chinese
            assert len(said) > 15
            assert meaning.startswith(" ".join(said.split()))


@pytest.mark.parametrize("place", NOT_INSIDE)
def test_no_tip_stands_where_it_would_disturb(pages, place):
    """Code, headings, links, tables and formulas stay as they are."""
    for page, tree in pages.items():
        assert not tree.select(f"{place} {WORD}"), page


def test_a_word_and_its_tip_belong_together(pages):
    """aria-describedby names a tooltip that the page has, once."""
    for tree in pages.values():
        ids = [tag["id"] for tag in tree.find_all(id=True)]
        for word in tree.select(WORD):
            named = word["aria-describedby"]

            assert ids.count(named) == 1
            assert tree.find(id=named)["role"] == "tooltip"
            assert word["tabindex"] == "0"


def test_no_term_is_explained_before_its_chapter(pages):
    """Chapter 1 does not speak of heads, nor chapter 3 of memory."""
    first = {
        term.name: term.chapter for term in extension("glossary_tips").terms()
    }
    for page, tree in pages.items():
        chapter = int(re.search(r"\d\d", page)[0])
        for word in tree.select(WORD):
            assert first[name_of(word)] <= chapter


def test_everyday_words_need_their_sense(pages):
    """The bigram model "scores 2.497"; a query's *score* is a term."""
    for tree in pages.values():
        for word in tree.select(WORD):
            if name_of(word) in ("key", "value", "score", "memory"):
                assert word.parent.name in ("strong", "em")


def test_only_chapters_are_marked(book):
    """The glossary itself and the reference hold plain words."""
    for page in toc_pages():
        if page not in CHAPTERS:
            assert not read(book.html / f"{page}.html").select(WORD), page


def test_the_whole_glossary_is_known():
    """Every entry is read, with its Chinese name and its meaning."""
    text = (ROOT / "book/glossary.md").read_text("utf-8")
    titles = re.findall(r"^(\S.*) · (.+)\n  ", text, re.MULTILINE)
    terms = extension("glossary_tips").terms()

    assert {(term.name, term.chinese) for term in terms} == set(titles)
    for term in terms:
        assert len(term.meaning) > 15
        assert "](" not in term.meaning


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Two heads", ["heads"]),
        ("a multi-headed beast", []),
        ("the query and other queries", ["query"]),
        ("batches, then a batch", ["batches"]),
        ("Softmax", ["Softmax"]),
        ("adamw", []),
        (
            "position embeddings, an embedding",
            ["position embeddings", "embedding"],
        ),
    ],
)
def test_words_are_found_as_people_write_them(words, found):
    """Plurals and a capital at the start; never half of a word."""
    tips = extension("glossary_tips")
    made = tips.split(tips.nodes.Text(words), tips.pattern(6), set())
    marked = [
        node.astext() for node in made if isinstance(node, tips.GlossaryTip)
    ]

    assert marked == found
    assert "".join(node.astext() for node in made) == words


@pytest.mark.parametrize("mode", ["light", "phone"])
def test_a_tip_opens_for_pointer_and_keyboard(
    book: Build, browser: Browser, mode: str
):
    """Hidden, then shown inside the window, then hidden again."""
    page, notes = open_page(browser, mode)
    page.goto((book.html / "notebooks/02_single_head.html").as_uri())
    word = page.locator(WORD).nth(5)
    tip = word.locator(".tg-tip")
    expect(tip).to_be_hidden()
    word.evaluate(
        "word => word.scrollIntoView({block: 'center', behavior: 'instant'})"
    )

    word.focus()
    expect(tip).to_be_visible()
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]
    assert box["y"] >= word.bounding_box()["y"]

    word.blur()
    expect(tip).to_be_hidden()
    word.hover()
    expect(tip).to_be_visible()
    page.mouse.move(*middle(tip))
    expect(tip).to_be_visible()
    page.context.close()
    assert not notes.errors


def middle(locator):
    """The point in the middle of an element."""
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_tab_key_reaches_a_tip(book: Build, browser: Browser):
    """From one term to the next, in the order of the text."""
    page, _ = open_page(browser, "light")
    page.goto((book.html / "notebooks/05_residual_norm.html").as_uri())
    page.locator(WORD).nth(1).focus()
    page.keyboard.press("Tab")
    focused = page.evaluate(
        "document.activeElement.closest('dfn, a, summary')?.tagName"
    )
    page.context.close()

    assert focused in ("DFN", "A", "SUMMARY")


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_an_open_tip_can_be_read_by_all(
    book: Build, browser: Browser, axe: str, mode: str
):
    """axe finds nothing serious while a tip is open, in either colours."""
    page, _ = open_page(browser, mode)
    page.goto((book.html / "notebooks/02_single_head.html").as_uri())
    word = page.locator(WORD).nth(5)
    word.focus()
    expect(word.locator(".tg-tip")).to_be_visible()
    found = serious(page, axe, rules=["color-contrast", "aria-tooltip-name"])
    page.context.close()

    assert not [line for line in found if "tg-t" in line]


def test_javascript_is_not_needed(book: Build, browser: Browser):
    """The style sheet alone shows a tip."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((book.html / "notebooks/02_single_head.html").as_uri())
    word = page.locator(WORD).nth(5)
    word.hover()

    expect(word.locator(".tg-tip")).to_be_visible()
    context.close()
