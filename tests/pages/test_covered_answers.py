"""A prediction's answer is covered until there is one, or it is asked for."""

import book_tools
import pytest
from book_tools import Build, toc_pages
from browser_tools import Visit, axe, browser, open_page, serious
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect

__all__ = ["axe", "browser"]  # fixtures: used by their names

CHAPTER = "notebooks/02_single_head"
"""It has boxes with a question of the quiz, and boxes without one."""

ON_THE_SAME_SCREEN = """() => {
  const found = [];
  const read = document.createTreeWalker(
    document.querySelector("article"), NodeFilter.SHOW_TEXT);
  const texts = [];
  while (read.nextNode()) {
    const place = read.currentNode.parentElement;
    if (!place.checkVisibility()) continue;
    const { top, height } = place.getBoundingClientRect();
    if (height) texts.push([place, top, read.currentNode.data]);
  }
  for (const form of document.querySelectorAll('[data-role="predict"]')) {
    const { id } = form.dataset, { top } = form.getBoundingClientRect();
    const measured = document.querySelector(
      `[data-id="${id}"][data-role="predicted"] .tg-q-measured`);
    for (const number of measured?.textContent.match(/[\\d.,]{3,}/g) ?? [])
      for (const [place, at, text] of texts)
        if (!form.contains(place) && at > top && at < top + 900
            && text.includes(number)) found.push([id, number, text]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


@pytest.fixture(scope="module")
def pages(book: Build) -> dict[str, BeautifulSoup]:
    """The pages that ask for predictions, or have exercises."""
    return {
        name: book_tools.read(book.html / f"{name}.html")
        for name in toc_pages()
        if name.startswith("notebooks/") or name in ("intro", "playground")
    }


@pytest.fixture
def chapter(book: Build, browser: Browser):
    """A chapter as a reader first opens it; nothing may go wrong there."""
    page, notes = open_page(browser, "light")
    page.goto((book.html / f"{CHAPTER}.html").as_uri())
    yield page
    page.context.close()
    assert notes == Visit()


def cover(page: Page, id: str):
    return page.locator(f'.tg-cover[data-answers="{id}"]')


def answer(page: Page, id: str, text: str) -> None:
    field = page.locator(f'form[data-id="{id}"]').get_by_role("textbox")
    field.fill(text)
    field.press("Enter")


def test_every_prediction_has_its_cover(
    pages: dict[str, BeautifulSoup],
) -> None:
    """Right below its box or its form, or where the notebook tells it."""
    found = 0
    for page in pages.values():
        for box in page.select("article .tg-box-predict"):
            form = box.find_next("form", attrs={"data-role": "predict"})
            after = box.find_next_siblings()
            if form and form.find_parent(class_="cell") in after[:3]:
                id = form["data-id"]
                assert page.select(f'.tg-cover[data-answers="{id}"]'), id
            else:
                assert "tg-cover" in after[0].get("class", []), box.get_text()
            found += 1
        for told in page.select('[data-role="predicted"]'):
            covers = [c["data-answers"] for c in told.find_parents("details")
                      if "tg-cover" in c["class"]]  # fmt: skip
            assert told["data-id"] in covers

    assert found >= 40


def test_no_prediction_shows_its_number_on_the_same_screen(
    book: Build, pages: dict[str, BeautifulSoup], browser: Browser
) -> None:
    """What came out of it is not in sight below its form.

    What stands above it is known to whoever predicts.
    """
    page, _ = open_page(browser, "light")
    spoiled, asked = {}, 0
    for name in pages:
        page.goto((book.html / f"{name}.html").as_uri())
        found = page.evaluate(ON_THE_SAME_SCREEN)
        asked += page.locator('[data-role="predict"]').count()
        if found:
            spoiled[name] = found
    page.context.close()

    assert not spoiled
    assert asked >= 20


def test_an_answer_opens_it_and_it_stays_open(chapter: Page) -> None:
    """By keyboard alone; after a reload it is open, and others are not."""
    expect(cover(chapter, "2.p2")).not_to_have_attribute("open", "")
    answer(chapter, "2.p2", "2.3")
    told = cover(chapter, "2.p2").locator(".tg-q-verdict")
    expect(told).to_contain_text("You wrote 2.3: ")
    expect(told).to_be_visible()
    chapter.reload()

    expect(told).to_be_visible()
    assert chapter.locator(".tg-cover[open]").count() == 1


def test_it_opens_for_whoever_asks_and_remembers_that(chapter: Page) -> None:
    """Enter on its line, without an answer; and Enter closes it again."""
    line = cover(chapter, "2.p1").locator("> summary")
    for is_open in (True, False):
        line.focus()
        chapter.keyboard.press("Enter")
        chapter.reload()
        places = chapter.locator(".tg-cover[open]")
        expect(places).to_have_count(int(is_open))
    expect(line).to_have_text(
        "The answer to prediction 1Covered until you have made your own; "
        "open it whenever you like."
    )


def test_a_box_without_a_question_takes_words(chapter: Page) -> None:
    """Written and sent by Enter, they open it; both are there again."""
    field = chapter.get_by_label("Your prediction", exact=True).first
    box = chapter.locator(".tg-cover", has=chapter.get_by_text("13359"))
    expect(box).not_to_have_attribute("open", "")
    field.fill("nearly all")
    field.press("Enter")
    expect(box).to_have_attribute("open", "")
    chapter.reload()

    expect(field).to_have_value("nearly all")
    expect(box).to_have_attribute("open", "")


def test_a_link_and_the_printer_open_it(chapter: Page) -> None:
    """Whatever lies below a cover can be linked to, and is on paper."""
    inside = cover(chapter, "2.p1").locator("p").first
    expect(inside).to_be_hidden()
    chapter.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(inside).to_be_visible()
    chapter.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(inside).to_be_hidden()
    inside.evaluate("(e) => (e.id = 'inside')")
    chapter.evaluate("location.hash = 'inside'")
    expect(inside).to_be_visible()


def test_without_scripts_and_on_paper_everything_is_there(
    book: Build, browser: Browser
) -> None:
    """No cover is closed where nothing could open it."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((book.html / f"{CHAPTER}.html").as_uri())
    shut = page.locator(".tg-cover:not([open])").count()
    covers = page.locator(".tg-cover").count()
    told = page.locator(".tg-q-measured:visible").count()
    context.close()

    assert covers >= 7
    assert shut == 0
    assert told == 2


def test_a_side_path_is_open_again(chapter: Page) -> None:
    """What a reader has opened is open after a reload."""
    fold = chapter.locator("details.tg-deeper").first
    fold.locator("summary").first.press("Enter")
    expect(fold).to_have_attribute("open", "")
    chapter.reload()

    expect(fold).to_have_attribute("open", "")
    assert chapter.locator("details.tg-deeper[open]").count() == 1


def test_axe_finds_nothing_in_what_is_opened(
    book: Build, browser: Browser, axe: str
) -> None:
    """Covers, side paths and the lines for predictions, all open."""
    page, _ = open_page(browser, "phone")
    page.goto((book.html / f"{CHAPTER}.html").as_uri())
    page.evaluate(
        "document.querySelectorAll('article details')"
        ".forEach((e) => (e.open = true))"
    )
    found = serious(page, axe)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.context.close()

    assert found == []
    assert width <= 390


def test_pages_say_once_that_they_run_nothing(
    pages: dict[str, BeautifulSoup],
) -> None:
    """Above the exercises, with a link; and nothing is "not attempted"."""
    for name, page in pages.items():
        text = page.select_one("article").get_text()
        has_exercises = page.select_one("article #exercises") is not None
        said = page.select('article a[href$="#how-to-use-this-book"]')

        assert "not attempted yet" not in text
        if name.startswith("notebooks/"):
            assert text.count("This page runs no cells") == int(has_exercises)
            assert not has_exercises or said
