"""A few pages in Firefox, where one is installed: the book is for all."""

from collections.abc import Iterator

import book_tools
import pytest
from book_tools import Build
from firefox_tools import REMEDY, Firefox, find_firefox

ESCAPE = "\ue00c"
PAGES = [
    "intro",
    "glossary",
    "playground",
    "train",
    "cheat_sheet",
    "notebooks/02_single_head",
    "notebooks/06_scaling",
]
LOOK = """() => ({
  wide: document.documentElement.scrollWidth - innerWidth,
  flat: [...document.querySelectorAll(".math > math")]
    .filter(formula => formula.checkVisibility() &&
      !(formula.getBoundingClientRect().width > 0)).length,
  icons: [...document.querySelectorAll("[class*='fa-']")]
    .filter(icon => getComputedStyle(icon).maskImage === "none").length,
})"""
TIP = """async () => {
  await new Promise((done) => setTimeout(done, 600));  // it opens after 0.25 s
  return getComputedStyle(document.querySelector(".tg-tip")).visibility;
}"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


@pytest.fixture(scope="module")
def firefox() -> Iterator[Firefox]:
    """One Firefox for all; where none is installed, that is said."""
    path = find_firefox()
    if path is None:
        pytest.skip(f"no Firefox is installed: {REMEDY}")
    with Firefox(path) as opened:
        yield opened


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_look_right_in_firefox(
    book: Build, firefox: Firefox, width: int
) -> None:
    """Formulas have a width, icons a picture, and no page is too wide."""
    firefox.set_width(width)
    firefox.console.clear()
    found = {}
    for name in PAGES:
        firefox.open(book.html / f"{name}.html")
        found[name] = firefox.evaluate(LOOK)

    assert not {n: v for n, v in found.items() if v["wide"] > 0}
    assert not {n: v for n, v in found.items() if v["flat"] or v["icons"]}
    assert not firefox.console


@pytest.mark.browser
def test_a_tip_opens_and_goes_with_escape_in_firefox(
    book: Build, firefox: Firefox
) -> None:
    """Under the pointer; a headless Firefox gives no element the focus."""
    firefox.set_width(1280)
    firefox.open(book.html / "notebooks/02_single_head.html")
    before = firefox.evaluate(TIP)
    firefox.hover("dfn.tg-term")
    opened = firefox.evaluate(TIP)
    firefox.press(ESCAPE)
    closed = firefox.evaluate(TIP)

    assert [before, opened, closed] == ["hidden", "visible", "hidden"]


@pytest.mark.browser
def test_the_playground_writes_in_firefox(
    book: Build, firefox: Firefox
) -> None:
    """The model answers in the page, from disk, as it does elsewhere."""
    firefox.console.clear()
    firefox.open(book.html / "playground.html")
    written = firefox.evaluate(
        """async () => {
          const wait = (is) => new Promise((done) => {
            const look = () => is() ? done() : setTimeout(look, 100);
            look();
          });
          const place = document.querySelector(".tg-demo");
          place.scrollIntoView();
          await wait(() => place.dataset.tgReady === "yes");
          const [press] = [...place.querySelectorAll("button")]
            .filter(button => /^Write 200/.test(button.textContent));
          press.click();
          await wait(() => /200 characters written/.test(place.textContent));
          return place.querySelector(".tg-text").textContent.length;
        }"""
    )

    assert written >= 200
    assert not firefox.console


@pytest.mark.browser
def test_the_ladder_trains_in_firefox(book: Build, firefox: Firefox) -> None:
    """All six, from disk, in a worker and with the kernel."""
    firefox.console.clear()
    firefox.open(book.html / "train.html")
    says = firefox.evaluate(
        """async () => {
          const wait = (is) => new Promise((done) => {
            const look = () => is() ? done() : setTimeout(look, 100);
            look();
          });
          const place = document.querySelector(".tg-ladder");
          place.scrollIntoView();
          await wait(() => place.dataset.tgReady === "yes");
          const steps = [...place.querySelectorAll("label")]
            .find((label) => label.textContent === "steps");
          document.getElementById(steps.htmlFor).value = 10;
          const press = [...place.querySelectorAll("button")]
            .find((button) => button.textContent === "Train");
          press.click();
          const far = place.querySelector(".tg-l-far");
          await wait(() => /GPT.*10 of 10 steps/.test(far.textContent));
          return place.textContent;
        }"""
    )

    assert "6. GPT" in says
    assert "lacks the fast matrix product" not in says
    assert "allows no worker" not in says
    assert not firefox.console
