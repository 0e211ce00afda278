"""The built book in a real browser, from disk, with the network cut."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import book_tools
import pytest
from book_tools import ROOT, Build, toc_pages
from browser_tools import MODES, Visit, axe, browser, findings, open_page
from playwright.sync_api import Browser, Page, expect

from benchmarks import pages
from tutorgpt.learn.quiz.bank import load_quiz, quiz_chapters
from tutorgpt.view.playground.page import SCRIPTS

__all__ = ["axe", "browser"]  # fixtures: used by their names

MEASURE = """() => ({
    theme: document.documentElement.dataset.theme,
    page_width: document.documentElement.scrollWidth,
    window_width: window.innerWidth,
    formulas: document.querySelectorAll(".math").length,
    drawn: [...document.querySelectorAll(".math > math")]
        .filter(formula => !formula.checkVisibility() ||
            formula.getBoundingClientRect().width > 0).length,
    scrolling_code: [...document.querySelectorAll(
            ".cell_input pre, .tg-diff pre, .tg-definition pre")]
        .filter(pre => pre.scrollWidth > pre.clientWidth + 1)
        .map(pre => pre.textContent.slice(0, 60)),
    broken_images: [...document.images]
        .filter(image => image.complete && image.naturalWidth === 0)
        .map(image => image.src),
    undrawn_icons: [...document.querySelectorAll("[class*='fa-']")]
        .filter(icon => getComputedStyle(icon).maskImage === "none")
        .map(icon => icon.className),
    watched: globalThis.watched,
})"""
NOTE_WATCHERS = """
globalThis.watched = [];
const watch = MutationObserver.prototype.observe;
MutationObserver.prototype.observe = function (target, how) {
  if (how.subtree && !target.closest?.(".tg-demo, .tg-figure, .tg-quiz"))
    watched.push(target.nodeName + "." + (target.id ?? ""));
  return watch.call(this, target, how);
};"""
WITH_PLAYGROUND = {"playground"}
WIDE_LETTERS = "* { letter-spacing: 0.06em }"
UNCOVER = """document.querySelectorAll(".tg-cover")
    .forEach((cover) => { cover.open = true; })"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The book, built once for all tests."""
    return book_tools.build_once(tmp_path_factory)


@pytest.fixture(scope="module", params=MODES)
def visits(
    request: pytest.FixtureRequest, book: Build, browser: Browser, axe: str
) -> dict[str, Visit]:
    """Every page of the contents, opened once in this mode.

    All that is looked at on every page is collected on the way: to open a
    page takes longer than to look at it.
    """
    page, notes = open_page(browser, request.param)
    page.add_init_script(NOTE_WATCHERS)
    load = pages.listen(page)
    look = {"light": look_by_day, "dark": look_by_night, "phone": look_small}
    found = {}
    for name in toc_pages():
        page.goto((book.html / f"{name}.html").as_uri())
        measured = pages.weight(page, load) | page.evaluate(MEASURE)
        measured |= look[request.param](page, axe, name)
        measured["mode"] = request.param
        load.asked.clear()
        found[name] = Visit([*notes.errors], [*notes.outside], measured)
        notes.errors.clear()
        notes.outside.clear()
    page.context.close()
    return found


def look_by_day(page: Page, axe: str, name: str) -> dict:
    """What axe finds, of every impact, and where the Tab key stops.

    The colours of code are the same everywhere: one page of it is enough.
    """
    skip = None if name == "notebooks/01_bigram" else ".highlight"
    stops = page.evaluate(pages.TAB_STOPS)
    page.evaluate(UNCOVER)
    return {
        "axe": findings(page, axe, skip=skip),
        "tab_stops": stops,
        "scrolling_code": page.evaluate(MEASURE)["scrolling_code"],
    }


def look_by_night(page: Page, axe: str, name: str) -> dict:
    """Whether everything can be read on a dark page."""
    skip = None if name == "notebooks/01_bigram" else ".highlight"
    rules = ["color-contrast"]
    page.evaluate(UNCOVER)
    return {
        "axe": findings(page, axe, rules=rules, skip=skip),
        "scrolling_code": page.evaluate(MEASURE)["scrolling_code"],
    }


def look_small(page: Page, axe: str, name: str) -> dict:
    """How wide the page gets with wider letters, on two small windows."""
    page.add_style_tag(content=WIDE_LETTERS)
    width = page.evaluate(MEASURE)["page_width"]
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": 320, "height": size["height"]})
    narrow = page.evaluate(MEASURE)["page_width"]
    page.set_viewport_size(size)
    return {"wide_letters": {size["width"]: width, 320: narrow}}


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


def test_wider_letters_widen_no_page(visits: dict[str, Visit]) -> None:
    """Another machine has other fonts, and a page fits with them, too."""
    wide = {
        name: width
        for name, visit in visits.items()
        for window, width in visit.measured.get("wide_letters", {}).items()
        if width > window
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


def test_every_reader_can_use_every_page(visits: dict[str, Visit]) -> None:
    """axe finds nothing at all, and in the dark no pale text."""
    found = {n: v.measured.get("axe") for n, v in visits.items()}

    assert not {name: lines for name, lines in found.items() if lines}


def test_a_page_is_light(visits: dict[str, Visit]) -> None:
    """At most 1.2 MB and 15 files, without the figures further down.

    A page with a playground in sight also loads that one's scripts.
    """
    heavy = {
        name: (visit.measured["bytes"], visit.measured["requests"])
        for name, visit in visits.items()
        if visit.measured["bytes"] > 1_200_000
        or visit.measured["requests"] > 15
    }
    plain = {name for name in heavy if name not in WITH_PLAYGROUND}

    assert not plain, heavy


def test_the_site_is_small(book: Build) -> None:
    """Without the chapters and their images at most 9 MB."""

    assert pages.of_site(book.html)["bytes_without_notebooks"] <= 9_000_000


def test_the_tab_key_stops_150_times_at_most(
    visits: dict[str, Visit],
) -> None:
    """In the longest chapter, from the top to the bottom."""
    stops = {
        name: visit.measured.get("tab_stops", 0)
        for name, visit in visits.items()
        if name.startswith("notebooks/")
    }

    assert not {name: n for name, n in stops.items() if n > 150}


def test_no_script_watches_the_whole_page(visits: dict[str, Visit]) -> None:
    """What a playground writes wakes nothing outside of it."""
    watched = {n: v.measured["watched"] for n, v in visits.items()}

    assert not {name: places for name, places in watched.items() if places}


def test_every_icon_is_drawn(visits: dict[str, Visit]) -> None:
    """Each that the theme names has its picture in icons.css."""
    undrawn = {n: v.measured["undrawn_icons"] for n, v in visits.items()}

    assert not {name: icons for name, icons in undrawn.items() if icons}


def test_an_unreadable_page_is_noticed(browser: Browser, axe: str) -> None:
    """The look for what a reader cannot use can fail."""
    page, _ = open_page(browser, "light")
    page.set_content(
        "<button></button><p style='color:#bbb;background:#fff'>pale</p>"
    )
    found = " ".join(findings(page, axe))
    page.context.close()

    assert "button-name" in found
    assert "color-contrast" in found


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


# ------------------------------------------------- the page to play on

RECORD = ROOT / "benchmarks" / "results" / "page.json"


@dataclass
class Playing:
    """The page that shows the demo model, opened and ready."""

    page: Page
    notes: Visit
    asked: list[Path]


@pytest.fixture
def playing(book: Build, browser: Browser) -> Iterator[Playing]:
    """The playground's page, with its model scrolled into view."""
    page, notes = open_page(browser, "light")
    asked: list[Path] = []
    page.on(
        "requestfinished",
        lambda request: asked.append(Path(urlsplit(request.url).path)),
    )
    page.goto((book.html / "playground.html").as_uri())
    place = page.locator(".tg-demo").first
    place.scroll_into_view_if_needed()
    expect(place).to_have_attribute("data-tg-ready", "yes")
    page.wait_for_load_state()
    yield Playing(page, notes, asked)
    page.context.close()
    assert notes == Visit()


def test_the_demo_is_recorded_as_soon_ready_and_fast() -> None:
    """Ready in a second, and 30 characters a second past its window.

    benchmarks/page.py takes the times; a test on a busy machine would not
    measure the page.
    """
    record = json.loads(RECORD.read_text("utf-8"))

    assert max(record["ready_ms"]) < 1000
    assert min(record["characters_per_second"]) >= 30


def test_larger_models_are_recorded_as_fast() -> None:
    """With a full window: 100 characters a second with LAPTOP's shape.

    And 25 with a GPT of 2.7 million parameters; a browser without
    WebAssembly writes with both all the same.
    """
    exported = json.loads(RECORD.read_text("utf-8"))["exported"]
    medians = {name: each["medians"] for name, each in exported.items()}

    assert 2.6e6 < exported["2.7 million"]["parameters"] < 2.8e6
    assert medians["LAPTOP"]["simd"] >= 100
    assert medians["2.7 million"]["simd"] >= 25
    assert all(each["plain"] > 1 for each in medians.values())


def test_the_demo_is_small(playing: Playing, book: Build) -> None:
    """Its files have less than 500 KB, the whole page less than 4.5 MB.

    A model that is loaded only when it is chosen may have as much.
    """
    playing.page.locator(".tg-demo").last.scroll_into_view_if_needed()
    folder = book.html / "_static" / "playground"
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    page_bytes = sum(path.stat().st_size for path in set(playing.asked))

    assert sizes.pop("songci.js") <= 500_000
    assert sum(sizes.values()) < 500_000
    assert folder / "demo.js" in playing.asked
    assert folder / "songci.js" not in playing.asked
    assert page_bytes < 4_500_000


def test_the_demo_writes_on_past_its_window(playing: Playing) -> None:
    """Three presses of 200 characters: all are there, and it says so."""
    for press in range(3):
        playing.page.get_by_role("button", name="Write 200").click()
        playing.page.wait_for_function(
            "(n) => document.querySelector('.tg-text').textContent"
            ".replaceAll('↵\\n', '\\n').length === n",
            arg=7 + 200 * (press + 1),
        )
        said = playing.page.get_by_text("200 characters written")

        assert re.search(r"about \d+ a second", said.inner_text())


def test_the_demo_has_four_ages(playing: Playing) -> None:
    """Step 0, 100, 1000 and the end each continue the prompt."""
    playing.page.locator("summary", has_text="The same prompt").click()
    playing.page.get_by_role("button", name="Let all of them write").click()
    ages = playing.page.locator(".tg-ages dt")
    expect(ages).to_have_count(4)

    steps = [text.split(",")[0] for text in ages.all_inner_texts()[:2]]
    assert steps == ["step 0", "step 100"]
    assert len(set(playing.page.locator(".tg-ages dd").all_inner_texts())) == 4


def test_another_model_can_be_chosen(playing: Playing, book: Build) -> None:
    """It is loaded then, writes poems, and is there when one comes back."""
    page = playing.page
    place = page.locator(".tg-demo").first
    prompt = page.get_by_label("Prompt")
    page.get_by_role("group", name="Which model?").wait_for()
    page.get_by_label("Shakespeare’s plays").focus()
    page.keyboard.press("ArrowDown")
    expect(prompt).to_have_value("浣溪沙 晏殊\n")
    page.get_by_role("button", name="Write 200 tokens").click()
    page.get_by_text("200 tokens written").wait_for()
    written = place.locator(".tg-text").inner_text()
    page.reload()
    place.scroll_into_view_if_needed()

    assert book.html / "_static/playground/songci.js" in playing.asked
    expect(page.get_by_label("Song ci, in Chinese")).to_be_checked()
    expect(place.locator(".tg-text")).to_have_text(
        written, use_inner_text=True
    )
    page.get_by_label("Shakespeare’s plays").check()
    expect(prompt).to_have_value("ROMEO:\n")


def test_a_model_that_is_left_writes_no_more(playing: Playing) -> None:
    """What it wrote until then stands there when it is chosen again."""
    page = playing.page
    poems = page.get_by_label("Song ci, in Chinese")
    page.evaluate(
        """() => {
          const [write] = document.querySelectorAll(".tg-demo .tg-main");
          const { Model } = tutorgpt, { read } = Model.prototype;
          window.readings = [];
          Model.prototype.read = function (tokens) {
            readings.push(this.config.vocab_size);
            return read.call(this, tokens);
          };
          write.click();
        }"""
    )
    poems.check()
    expect(page.get_by_label("Prompt")).to_have_value("浣溪沙 晏殊\n")
    page.evaluate("readings.length = 0")
    page.get_by_role("button", name="One token").click()
    page.get_by_text("Written: ").wait_for()

    assert len(set(page.evaluate("readings"))) == 1


def test_a_model_that_is_missing_is_named(
    playing: Playing, book: Build
) -> None:
    """The one that was there goes on."""
    page = playing.page
    page.route("**/songci.js", lambda route: route.abort())
    page.get_by_label("Song ci, in Chinese").click()
    missing = page.get_by_text("cannot be loaded (songci.js is missing)")
    expect(missing).to_be_visible()
    expect(page.get_by_label("Shakespeare’s plays")).to_be_checked()
    page.get_by_role("button", name="One character").click()
    page.get_by_text("Written: ").wait_for()
    playing.notes.errors.clear()  # Chromium's own word for the file


def text_of(book: Build, name: str) -> str:
    return (book.html / f"{name}.html").read_text("utf-8")


def test_only_pages_with_a_playground_load_one(book: Build) -> None:
    """No other page carries a script or a style sheet for it."""
    with_demo = {
        name
        for name in toc_pages()
        if re.search('class="tg-(demo|opening)"', text_of(book, name))
    }
    with_script = {
        name
        for name in toc_pages()
        if "playground/boot.js" in text_of(book, name)
    }

    assert {"playground", "intro"} <= with_demo
    assert with_script == with_demo


def test_only_pages_with_a_figure_to_move_load_its_scripts(
    book: Build,
) -> None:
    """No other page carries a script or a style sheet for it."""
    texts = {
        name: (book.html / f"{name}.html").read_text("utf-8")
        for name in toc_pages()
    }
    with_figure = {n for n, t in texts.items() if 'class="tg-figure"' in t}
    for loaded in ("interactive/boot.js", "interactive/style.css"):
        assert {n for n, t in texts.items() if loaded in t} == with_figure


def test_figures_come_to_life_as_one_scrolls(
    book: Build, browser: Browser
) -> None:
    """Each shows its picture first, and is alive when it is reached."""
    page, notes = open_page(browser, "phone")
    for name in toc_pages():
        if 'class="tg-figure"' not in (book.html / f"{name}.html").read_text(
            "utf-8"
        ):
            continue
        page.goto((book.html / f"{name}.html").as_uri())
        page.evaluate(UNCOVER)
        for place in page.locator(".tg-figure").all():
            place.scroll_into_view_if_needed()
            expect(place).to_have_attribute("data-tg-ready", "yes")
            expect(place.locator(".tg-still")).to_have_count(0)
    page.context.close()

    assert notes == Visit()


def test_the_book_loads_the_scripts_in_the_package_s_order(
    book: Build,
) -> None:
    """The list stands in page.py alone; the page hands it to boot.js."""
    shown = book_tools.read(book.html / "playground.html")
    boot = shown.select_one('script[src*="playground/boot.js"]')

    assert boot is not None
    assert boot["data-scripts"].split() == list(SCRIPTS)


# ------------------------------------------------------------ the quizzes


def test_the_quiz_of_a_chapter_is_remembered(
    book: Build, browser: Browser
) -> None:
    """Answered in a chapter, counted on the page of answers, from disk."""
    page, notes = open_page(browser, "phone")
    page.goto((book.html / "notebooks/01_bigram.html").as_uri())
    forms = page.locator('form.tg-q[data-role="quiz"]')
    for form in forms.all():
        if form.get_by_role("radio").count():
            form.locator("[data-right] input").check()
        else:
            answer = form.get_attribute("data-answer") or ""
            form.get_by_role("textbox").fill(answer)
        form.get_by_role("button").click()
        expect(form.locator(".tg-q-verdict")).to_contain_text("Right.")
    asked = forms.count()
    page.goto((book.html / "progress.html").as_uri())
    row = page.locator(".tg-answers tr", has_text=re.compile(r"^\s*1\. "))
    counts = row.locator("td").all_inner_texts()
    page.get_by_role("button", name="Show my answers").click()
    text = page.get_by_label("Your answers as text").input_value()
    page.context.close()

    assert asked >= 5
    assert counts == [str(asked)] * 3
    assert text.count('"1.q') == asked
    assert notes == Visit()


def test_a_prediction_of_a_chapter_comes_back(
    book: Build, browser: Browser
) -> None:
    """Written before the run, it stands beside what came out of it."""
    page, notes = open_page(browser, "light")
    page.goto((book.html / "notebooks/01_bigram.html").as_uri())
    asked = page.locator('form[data-id="1.p2"]')
    asked.get_by_role("textbox").fill("9")
    asked.get_by_role("textbox").press("Enter")
    told = page.locator('div.tg-q[data-id="1.p2"] .tg-q-verdict')
    expect(told).to_contain_text("You wrote 9: too high, by 4.5")
    page.context.close()

    assert notes == Visit()


def test_every_chapter_has_its_quiz_and_its_predictions(book: Build) -> None:
    """All questions of the package stand in the book, where they belong."""
    for name in toc_pages():
        chapter = re.match(r"notebooks/0*(\d+)_", name)
        if not chapter or int(chapter[1]) not in quiz_chapters():
            continue
        shown = book_tools.read(book.html / f"{name}.html").select(".tg-q")
        found = {(tag["data-id"], tag["data-role"]) for tag in shown}
        for question in load_quiz(int(chapter[1])):
            asked = "predict" if question.is_prediction else "quiz"

            assert (question.id, asked) in found
            if question.is_prediction:
                assert (question.id, "predicted") in found


def test_only_pages_with_questions_load_the_quiz(book: Build) -> None:
    """No other page carries its scripts or its style sheet."""
    for name in toc_pages():
        text = (book.html / f"{name}.html").read_text("utf-8")
        asks = 'class="tg-quiz"' in text or 'class="tg-answers"' in text

        assert ("quiz/quiz.js" in text) == asks
        assert ("quiz/book.js" in text) == asks


# ---------------------------------------------------------- the side paths


def test_every_side_path_is_folded_and_says_how_long_it_is(
    book: Build,
) -> None:
    """Its heading stays in sight, and stays a heading of the contents."""
    found = 0
    for name in toc_pages():
        shown = book_tools.read(book.html / f"{name}.html")
        inside = shown.select("article :is(h2, h3)")
        deeper = [h for h in inside if h.get_text().startswith("Deeper: ")]
        folds = shown.select("article details.tg-deeper")
        assert [fold.find(["h2", "h3"]) for fold in folds] == deeper
        for fold in folds:
            assert not fold.has_attr("open")
            assert re.search(
                r"Side path, \d+ minutes?", fold.summary.get_text()
            )
            assert shown.select_one(f'nav a[href="#{fold.parent["id"]}"]')
        found += len(folds)

    assert found >= 7


def test_a_side_path_opens_by_key_by_link_and_for_print(
    book: Build, browser: Browser
) -> None:
    """Enter on its heading, a link to it or into it, and the printer."""
    page, notes = open_page(browser, "phone")
    address = (book.html / "notebooks/05_residual_norm.html").as_uri()
    page.goto(address)
    fold = page.locator("details.tg-deeper").first
    section = page.locator("section:has(> details.tg-deeper)").first
    expect(fold.locator("p").first).to_be_hidden()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(fold.locator("p").first).to_be_visible()
    page.keyboard.press("Enter")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(fold.locator("p").first).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(fold.locator("p").first).to_be_hidden()
    page.goto(f"{address}#{section.get_attribute('id')}")
    expect(fold.locator("p").first).to_be_visible()
    page.context.close()

    assert notes == Visit()


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
