"""The first screen: two ways to start, and a model that writes."""

import json
from collections.abc import Iterator
from pathlib import Path

import book_tools
import pytest
from book_tools import ROOT, Build, read
from browser_tools import MODES, Visit, axe, browser, open_page, serious
from playwright.sync_api import Browser, Page, expect

from scripts import opening
from tutorgpt.view.playground.page import MODEL

__all__ = ["axe", "browser"]  # fixtures: used by their names

STORED = json.loads(opening.STORED.read_text("utf-8"))
HEAVIEST = 600_000
"""Bytes of what a press loads, the model above all."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


@pytest.fixture
def first(book: Build, browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """The first page, opened, and the names of the files it has loaded."""
    page, notes = open_page(browser, "light")
    page.set_viewport_size({"width": 1400, "height": 900})
    loaded: list[str] = []
    page.on("requestfinished", lambda r: loaded.append(Path(r.url).name))
    page.goto((book.html / "intro.html").as_uri())
    expect(page.locator(".tg-opening form")).to_be_visible()
    yield page, loaded
    page.context.close()
    assert notes == Visit()


def rows(page: Page) -> list[str]:
    """What the four ages have written by now, the prompt included."""
    return page.locator(".tg-opening pre").all_text_contents()


def press(page: Page, prompt: str) -> None:
    """Ask all ages to go on after this prompt, and wait for them."""
    page.locator(".tg-opening input").fill(prompt)
    page.get_by_role("button", name="Let them write").click()
    expect(page.get_by_text("All four have written")).to_be_visible()


def test_readme_and_first_page_say_the_same() -> None:
    """What one starts with, what one ends with, and where it runs."""
    intro = (ROOT / "book/intro.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8").split("\n\n")[1]
    first, *rest = readme.splitlines()

    assert first.startswith("A tutorial you run")
    assert len(rest) == 2
    for sentence in rest:
        assert intro.index(sentence) < intro.index("\n## ")


def test_the_first_page_has_two_ways_to_start(book: Build) -> None:
    """Chapter 1 to read, and how to run it, which stands on the page."""
    page = read(book.html / "intro.html")
    ways = [a["href"] for a in page.select("ul.tg-ways strong a")]

    assert ways == ["notebooks/01_bigram.html", "#in-jupyterlab"]
    assert page.find(id="in-jupyterlab") is not None
    assert "tutorgpt lab" in page.select("ul.tg-ways li")[1].get_text()


def test_without_scripts_four_ages_stand_there(book: Build) -> None:
    """Step and loss from the record, the texts that were stored."""
    record = json.loads((ROOT / "results/demo.json").read_text("utf-8"))
    place = read(book.html / "intro.html").select_one(".tg-opening")
    assert place is not None
    ages = [dt.get_text(" ", strip=True) for dt in place.select("dt")]
    texts = [pre.get_text() for pre in place.select("pre")]

    assert len(ages) == 4
    for age, (step, loss) in zip(
        ages, record["val_loss"].items(), strict=True
    ):
        assert f"loss {loss:.2f}" in age
        assert (f"{int(step):,} steps" if int(step) else "untrained") in age
    assert texts == [STORED["prompt"] + text for text in STORED["texts"]]
    assert not place.select("form, input, button")


def test_the_stored_answers_are_the_page_s_own(browser: Browser) -> None:
    """scripts/opening.py would store them again, letter by letter."""
    page, notes = open_page(browser, "light")
    page.goto("about:blank")
    made = opening.answers(page)
    page.context.close()

    assert made == STORED
    assert notes == Visit()


def test_nothing_large_is_loaded_before_a_press(
    first: tuple[Page, list[str]], book: Build
) -> None:
    """The model comes with the first press, and with it little else."""
    page, loaded = first
    assert "demo.js" not in loaded
    before = len(loaded)
    press(page, "ROMEO:")
    folder = book.html / "_static" / "playground"
    brought = loaded[before:]

    assert brought == [*MODEL, "demo.js"]
    sizes = [(folder / name).stat().st_size for name in brought]
    assert sum(sizes) < HEAVIEST


def test_they_go_on_after_the_reader_s_words(
    first: tuple[Page, list[str]],
) -> None:
    """Each age begins so, each goes on otherwise, and anew at each press."""
    page, _ = first
    press(page, "The king")
    once = rows(page)
    press(page, "The king")
    again = rows(page)

    for texts in (once, again):
        assert all(text.startswith("The king") for text in texts)
        assert len(set(texts)) == 4
    assert not set(once) & set(again)


def test_a_speaker_s_name_stands_on_a_line_of_its_own(
    first: tuple[Page, list[str]],
) -> None:
    """As in the plays; an empty prompt is a new line."""
    page, _ = first
    press(page, "JULIET:")
    assert all(text.startswith("JULIET:\n") for text in rows(page))
    press(page, "  ")

    assert all(text.startswith("\n") for text in rows(page))


def test_a_letter_that_the_model_never_saw_is_named(
    first: tuple[Page, list[str]],
) -> None:
    """And what was written stays."""
    page, _ = first
    page.locator(".tg-opening input").fill("Zoë 注")
    page.get_by_role("button", name="Let them write").click()

    expect(page.get_by_role("status")).to_contain_text("never saw ‘ë’, ‘注’")
    assert rows(page)[0] == STORED["prompt"] + STORED["texts"][0]


def test_a_press_while_they_write_begins_anew(
    first: tuple[Page, list[str]],
) -> None:
    """One writer at a time, and the button keeps the focus."""
    page, _ = first
    page.locator(".tg-opening input").fill("The king")
    button = page.get_by_role("button", name="Let them write")
    button.click()
    page.wait_for_function(
        "() => document.querySelector('.tg-opening pre').textContent"
        ".startsWith('The king')"
    )
    page.locator(".tg-opening input").fill("My lord")
    button.click()
    expect(page.get_by_text("All four have written")).to_be_visible()

    assert all(text.startswith("My lord") for text in rows(page))
    expect(button).to_be_focused()


def test_whoever_wants_no_motion_gets_the_texts_at_once(
    first: tuple[Page, list[str]],
) -> None:
    """No picture shows half of a text."""
    page, _ = first
    press(page, "The king")  # so that the model is there
    page.emulate_media(reduced_motion="reduce")
    pictures = page.evaluate(
        """async () => {
          let pictures = 0, going = true;
          const count = () => {
            pictures++;
            if (going) requestAnimationFrame(count);
          };
          requestAnimationFrame(count);
          document.querySelector(".tg-opening button").click();
          const said = document.querySelector(".tg-opening [role=status]");
          while (!said.textContent.startsWith("All four"))
            await new Promise((done) => setTimeout(done));
          going = false;
          return pictures;
        }"""
    )

    assert pictures < 4 * 10
    assert len(set(rows(page))) == 4


@pytest.mark.parametrize(
    ("width", "height", "seen"),
    [
        (1400, 900, ["article h1", ".tg-ways", ".tg-opening"]),
        (
            390,
            844,
            ["article h1", ".tg-ways", ".tg-opening form", ".tg-opening dt"],
        ),
    ],
)
def test_it_fits_the_first_screen(
    book: Build, browser: Browser, width: int, height: int, seen: list[str]
) -> None:
    """The title, both ways and the example end above the window's edge."""
    page, _ = open_page(browser, "phone")
    page.set_viewport_size({"width": width, "height": height})
    page.goto((book.html / "intro.html").as_uri())
    expect(page.locator(".tg-opening form")).to_be_visible()
    ends = {
        name: page.locator(name).first.bounding_box() or {} for name in seen
    }
    page.context.close()

    for name, box in ends.items():
        assert box["y"] + box["height"] <= height, name


@pytest.mark.parametrize("mode", MODES)
def test_it_can_be_used_by_every_reader(
    book: Build, browser: Browser, axe: str, mode: str
) -> None:
    """Names, contrast and roles of what the script adds."""
    page, _ = open_page(browser, mode)
    page.goto((book.html / "intro.html").as_uri())
    press(page, "ROMEO:")
    found = serious(page, axe)
    page.context.close()

    assert not found


def test_on_paper_only_what_was_written_is_left(
    first: tuple[Page, list[str]],
) -> None:
    """The prompt and the button are for a screen."""
    page, _ = first
    page.emulate_media(media="print")

    expect(page.locator(".tg-opening form")).to_be_hidden()
    expect(page.locator(".tg-opening pre").first).to_be_visible()
