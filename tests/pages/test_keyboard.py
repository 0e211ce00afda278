"""The hand on the keyboard: everything is reached, and always seen."""

from collections.abc import Iterator

import book_tools
import pytest
from book_tools import Build
from browser_tools import browser, open_page
from playwright.sync_api import Browser, Page, expect

from benchmarks.pages import TAB_STOPS

__all__ = ["browser"]  # a fixture: used by its name

LONGEST = "notebooks/02_single_head.html"
COPY = ".bd-article button.copybtn"
TERM = "dfn.tg-term"
HERE = """() => [...document.querySelectorAll("*")]
  .indexOf(document.activeElement)"""
SEEN = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth);
  return {
    what: at.tagName,
    named: at.outerHTML.slice(0, 100),
    seen: at.checkVisibility({visibilityProperty: true}) && ring > 0,
  };
}"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


@pytest.fixture
def chapter(book: Build, browser: Browser) -> Iterator[Page]:
    """The chapter with most to reach."""
    page, _ = open_page(browser, "light")
    page.goto((book.html / LONGEST).as_uri())
    yield page
    page.context.close()


def test_the_tab_key_leads_through_the_longest_chapter(chapter: Page) -> None:
    """At most 150 stops, each of them seen, to the end of the page.

    Figures that come to life on the way add theirs to those that were there.
    """
    counted = chapter.evaluate(TAB_STOPS)
    stops = []
    for _ in range(counted + 50):
        chapter.keyboard.press("Tab")
        stop = chapter.evaluate(SEEN)
        if stop["what"] == "BODY":
            break
        stops.append(stop)

    assert not [stop["named"] for stop in stops if not stop["seen"]]
    assert counted <= len(stops) <= 150


@pytest.mark.parametrize(
    ("on", "back"), [("ArrowDown", "ArrowUp"), ("ArrowRight", "ArrowLeft")]
)
def test_arrow_keys_reach_the_others_of_a_section(
    chapter: Page, on: str, back: str
) -> None:
    """From the one that the Tab key reaches to the last, and back again."""
    first = chapter.locator(
        f'[aria-keyshortcuts="{on} {back}"][tabindex="0"]'
    ).first
    first.focus()
    ways = {on: [], back: []}
    for key, passed in ways.items():
        passed.append(chapter.evaluate(HERE))
        for _ in range(50):
            chapter.keyboard.press(key)
            passed.append(chapter.evaluate(HERE))
            if passed[-2:-1] == passed[-1:]:
                break

    assert len(set(ways[on])) >= 2
    assert set(ways[on]) == set(ways[back])
    expect(first).to_be_focused()
    expect(first).to_have_attribute("tabindex", "0")


def test_every_copy_button_says_what_it_copies(chapter: Page) -> None:
    """In a list of buttons each has a name of its own beginning."""
    names = chapter.locator(COPY).evaluate_all(
        "all => all.map(button => button.ariaLabel)"
    )

    assert len(names) > 50
    assert all(name.startswith("Copy the code that begins ") for name in names)


@pytest.mark.parametrize("mode", ["light", "phone"])
def test_a_tip_goes_with_escape_and_covers_nothing(
    book: Build, browser: Browser, mode: str
) -> None:
    """Open below its line, it lies over no line and no other term."""
    page, _ = open_page(browser, mode)
    page.goto((book.html / LONGEST).as_uri())
    word = page.locator(TERM).nth(2)
    tip = word.locator(".tg-tip")
    word.focus()
    expect(tip).to_be_visible()
    # In one breath: while a slow page is still settling, a box that was
    # measured before would be compared with lines that have moved since.
    under = tip.evaluate(
        """(tip, term) => {
          const {x, y, width, height} = tip.getBoundingClientRect();
          return [...document.querySelectorAll(term)]
            .filter(word => !word.matches(":focus"))
            .flatMap(word => [...word.getClientRects()])
            .filter(at => at.bottom > y + 1 && at.top < y + height - 1
              && at.right > x && at.left < x + width).length;
        }""",
        TERM,
    )
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    word.blur()
    word.focus()
    expect(tip).to_be_visible()
    page.context.close()

    assert under == 0


def test_whoever_wants_no_motion_gets_none(
    book: Build, browser: Browser
) -> None:
    """No element moves, fades or glides."""
    page, _ = open_page(browser, "light")
    page.emulate_media(reduced_motion="reduce")
    page.goto((book.html / "playground.html").as_uri())
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter(element => {
          const {transitionDuration, animationDuration, scrollBehavior} =
            getComputedStyle(element);
          return scrollBehavior === "smooth" || /[1-9]/.test(
            transitionDuration + animationDuration);
        }).map(element => element.outerHTML.slice(0, 80))"""
    )
    page.context.close()

    assert not moving
