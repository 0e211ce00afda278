"""The page where the ladder trains: what the site holds, and whose it is."""

from pathlib import Path

import book_tools
import pytest
from book_tools import Build, read, toc_pages
from browser_tools import MODES, Visit, browser, open_page
from ladder_tools import choose, press, ready, trained
from playwright.sync_api import Browser, expect

from tutorgpt.view.ladder.page import SCRIPTS, STYLES, page
from tutorgpt.view.ladder.texts import page_texts, plays

__all__ = ["browser"]  # a fixture: used by its name

MOST = 700_000
"""Bytes that the ladder's files may have together."""
FEW = """\
format: jb-book
root: train
chapters:
  - file: licences
"""
PLACE = """\
# Train

```{train-here}
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """A book of the place alone, built where no poems are at hand."""
    monkeypatch.setenv("TUTORGPT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("TUTORGPT_DATA_MIRROR", raising=False)
    tree = book_tools.copy_tree(tmp_path / "tree")
    (tree / "book/_toc.yml").write_text(FEW, encoding="utf-8")
    (tree / "book/train.md").write_text(PLACE, encoding="utf-8")
    return book_tools.build(tree)


def held(book: Build) -> dict[str, int]:
    """The ladder's files in the site, and how many bytes each has."""
    folder = book.html / "_static/ladder"
    return {file.name: file.stat().st_size for file in folder.iterdir()}


def test_it_stands_right_after_the_preface() -> None:
    """Before the first chapter."""
    assert toc_pages()[:2] == ["intro", "train"]


def test_the_site_holds_scripts_and_texts_once(book: Build) -> None:
    """One file with all scripts, one for each text, and nothing else."""
    texts = {text.script_name for text in page_texts()}

    assert set(held(book)) == {"boot.js", *SCRIPTS, *STYLES, *texts}
    assert sum(held(book).values()) <= MOST


def test_only_its_page_loads_them(book: Build) -> None:
    """No other page carries a script or a style sheet for it."""
    pages = {name: read(book.html / f"{name}.html") for name in toc_pages()}
    place = {n for n, page in pages.items() if page.select(".tg-ladder")}
    for loaded in ('script[src*="ladder/"]', 'link[href*="ladder/"]'):
        assert {n for n, page in pages.items() if page.select(loaded)} == place
    (boot,) = pages["train"].select('script[src*="ladder/boot.js"]')

    assert "train" in place
    assert boot["data-scripts"].split() == list(SCRIPTS)


def test_whose_the_texts_are_stands_beside_them(book: Build) -> None:
    """Title, length, source with its address, licence and copyright."""
    shown = read(book.html / "train.html")
    lines = shown.select(".tg-texts li")

    assert len(lines) == len(page_texts())
    for line, text in zip(lines, page_texts(), strict=True):
        words = line.get_text()
        (link,) = line.select("a")
        assert words.startswith(f"{text.title} ({text.length:,} characters)")
        assert text.credit in words
        assert link["href"] == text.link
    assert shown.select_one('article a[href="licences.html"]')


def test_without_the_poems_that_choice_is_absent(bare: Build) -> None:
    """And the build is as strict and as green as with them."""
    shown = read(bare.html / "train.html")
    place = shown.select_one(".tg-ladder")

    assert bare.code == 0, bare.log[-3000:]
    assert "plays.js" in held(bare)
    assert "songci.js" not in held(bare)
    assert place is not None
    assert "songci" not in str(place["data-opts"])
    assert len(shown.select(".tg-texts li")) == 1


def test_poems_that_are_gone_leave_the_site(bare: Build) -> None:
    """A site that is built again keeps no text that it does not name."""
    left = bare.html / "_static/ladder/songci.js"
    left.write_text("of an earlier build", encoding="utf-8")
    again = book_tools.build(bare.html.parents[1])

    assert again.code == 0, again.log[-3000:]
    assert not left.exists()


@pytest.mark.parametrize("mode", MODES)
def test_it_comes_to_life_from_disk(
    book: Build, browser: Browser, mode: str
) -> None:
    """No error, nothing from outside, no wider than the window."""
    shown, notes = open_page(browser, mode)
    shown.goto((book.html / "train.html").as_uri())
    place = shown.locator(".tg-ladder")
    place.scroll_into_view_if_needed()
    expect(place).to_have_attribute("data-tg-ready", "yes")
    for text in page_texts():
        expect(place).to_contain_text(text.title)
    wide = shown.evaluate("document.documentElement.scrollWidth - innerWidth")
    shown.context.close()

    assert notes == Visit()
    assert wide <= 0


def test_a_text_is_loaded_when_it_is_chosen(
    book: Build, browser: Browser
) -> None:
    """From disk, and not before; then a model learns it in its worker."""
    shown, notes = open_page(browser, "light")
    shown.goto((book.html / "train.html").as_uri())
    shown.locator(".tg-ladder").scroll_into_view_if_needed()
    ready(shown)
    assert shown.evaluate("tutorgpt.texts") is None
    for text in page_texts():
        shown.get_by_label(text.title).check()
        choose(shown, "BigramModel", steps=200)
        press(shown, "Train")
        if text.name == "songci":  # of many characters: it asks first
            shown.locator(".tg-l-question button", has_text="Go on").click()
        trained(shown, "BigramModel", 200)
        read = shown.evaluate("(n) => tutorgpt.texts[n]", text.name)
        assert read == text.text
    shown.context.close()

    assert notes == Visit()


def test_a_page_of_its_own_needs_no_other_file(
    browser: Browser, tmp_path: Path
) -> None:
    """Scripts, styles and texts are in it."""
    shown, notes = open_page(browser, "dark")
    file = tmp_path / "ladder.html"
    file.write_text(page([plays()], title="Mine & yours"), encoding="utf-8")
    shown.goto(file.as_uri())
    place = shown.locator(".tg-ladder")
    expect(place).to_have_attribute("data-tg-ready", "yes")
    expect(place).to_contain_text(plays().title)
    expect(shown).to_have_title("Mine & yours")
    expect(shown.locator(".tg-wait")).to_have_count(0)
    shown.context.close()

    assert notes == Visit()


def test_half_a_page_says_that_it_is_damaged(
    browser: Browser, tmp_path: Path
) -> None:
    """However much is missing, it is not blank."""
    text = page([plays()])
    for share in (0.3, 0.7, 0.999):
        shown, _ = open_page(browser, "light")
        file = tmp_path / f"{share}.html"
        file.write_text(text[: int(len(text) * share)], encoding="utf-8")
        shown.goto(file.as_uri())
        words = shown.locator(".tg-ladder").inner_text()
        shown.context.close()

        assert "damaged or incomplete" in words, share
