"""The ladder in a page: what a reader does with it, and what it says."""

import re

import pytest
from browser_tools import axe, browser, findings, page_with
from ladder_tools import (
    NO_SIMD,
    NO_STORE,
    NO_WORKER,
    Opens,
    choose,
    ladder,
    paste,
    press,
    rows,
    text_of,
    train,
    trained,
)
from playwright.sync_api import Browser, Page, expect

from tutorgpt import LADDER
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.floors import measure_floors
from tutorgpt.view.ladder.page import page, script
from tutorgpt.view.ladder.texts import PageText

__all__ = ["axe", "browser", "ladder"]  # fixtures: used by their names

NAMES = [kind.__name__ for kind in LADDER]
BLOCKED = (
    '<meta http-equiv="Content-Security-Policy" content="worker-src \'none\'">'
)
"""A page that allows no worker, which a browser says only afterwards."""


# ----------------------------------------------------------- training


def test_a_rung_trains_from_its_button(ladder: Opens) -> None:
    """The curve grows to the last step, and a row says how it came out."""
    shown = ladder()
    train(shown, "BigramModel", 60)
    (row,) = rows(shown)
    floor = measure_floors(Corpus.from_text("x", text_of().text)).bigram
    loss, apart = float(row[2]), float(row[3].replace("−", "-"))

    assert row[0] == "1. BigramModel"
    assert loss < 4.5
    assert apart == pytest.approx(loss - floor, abs=2e-3)
    assert row[5] == "steps 60"
    assert "60 of 60 steps" in shown.locator(".tg-l-far").inner_text()
    assert shown.locator("progress").evaluate("bar => bar.position") == 1


def test_all_six_train_one_after_the_other(ladder: Opens) -> None:
    """Each has its curve, its name in the chart, and its row."""
    shown = ladder()
    choose(shown, "all six", 3)
    press(shown, "Train")
    trained(shown, "GPT", 3)

    assert [row[0] for row in rows(shown)] == [
        f"{n}. {name}" for n, name in enumerate(NAMES, 1)
    ]
    tags = shown.locator(".tg-l-tag").all_text_contents()
    assert tags == ["1", "2", "3", "4", "5", "6"]
    assert shown.locator(".tg-l-past").count() == 5


def test_it_pauses_and_goes_on(ladder: Opens) -> None:
    """While it is paused no step is made; the end is the same."""
    shown = ladder()
    choose(shown, "SingleHeadModel", 3000)
    press(shown, "Train")
    expect(shown.locator(".tg-l-far")).to_contain_text("characters a second")
    press(shown, "Pause")
    expect(shown.locator(".tg-l-far")).to_contain_text("paused")
    shown.wait_for_timeout(300)  # what was on its way has come
    before = shown.locator(".tg-l-far").inner_text()
    shown.wait_for_timeout(500)
    assert shown.locator(".tg-l-far").inner_text() == before

    press(shown, "Go on")
    expect(shown.locator(".tg-l-far")).not_to_have_text(before)
    press(shown, "Stop")
    expect(shown.locator(".tg-l-aloud")).to_contain_text("is trained")
    assert re.search(r"\([\d,]+ steps\)", rows(shown)[0][2])


def test_what_is_chosen_is_locked_while_it_trains(ladder: Opens) -> None:
    """Its numbers are those that were chosen; Train keeps the focus."""
    shown = ladder()
    choose(shown, "BigramModel", 3000)
    press(shown, "Train")
    expect(shown.get_by_label("seed", exact=True)).to_be_disabled()
    expect(shown.get_by_role("button", name="Train")).to_be_focused()
    expect(shown.get_by_role("button", name="Train")).to_be_disabled()
    press(shown, "Stop")
    expect(shown.get_by_label("seed", exact=True)).to_be_enabled()


def test_start_over_forgets_all_runs(ladder: Opens) -> None:
    """No row and no curve is left, and none comes back with the page."""
    shown = ladder()
    train(shown, "BigramModel", 3)
    press(shown, "Start over")
    assert rows(shown) == []
    assert shown.locator(".tg-l-tag").count() == 0
    shown.reload()
    expect(shown.get_by_text("Nothing is trained yet.")).to_be_visible()
    shown.wait_for_timeout(300)
    assert rows(shown) == []


def test_the_same_seed_gives_the_same_loss(ladder: Opens) -> None:
    """And another seed or width another; the table says what was changed."""
    shown = ladder()
    train(shown, "SingleHeadModel", 5)
    train(shown, "SingleHeadModel", 5)
    train(shown, "SingleHeadModel", 5, seed="7")
    train(shown, "SingleHeadModel", 5, seed="1337", width="64")
    train(shown, "SingleHeadModel", 5, seed="0", width="32")
    found = rows(shown)

    assert found[0][2] == found[1][2]
    assert len({row[2] for row in found}) == 4
    assert [row[0][:2] for row in found] == ["2.", "2b", "2c", "2d", "2e"]
    assert "seed 7" in found[2][5]
    assert "seed 0" in found[4][5]
    assert "width 64" in found[3][5]


def test_it_writes_from_the_prompt(ladder: Opens) -> None:
    """The first line of the text, or what the reader asks for."""
    shown = ladder()
    train(shown, "BigramModel", 3)
    wrote = shown.locator(".tg-l-wrote")
    assert wrote.locator("b").inner_text() == text_of().text.split("\n")[0]
    label = "prompt that the model goes on from"
    train(shown, "BigramModel", 3, **{label: "MARIA:"})

    assert wrote.locator("b").inner_text() == "MARIA:"
    assert len(wrote.locator("span").text_content() or "") == 120


def test_a_diverged_run_stops_and_says_why(ladder: Opens) -> None:
    """A warning stands beside such a rate before, the reason after it."""
    shown = ladder()
    rate = shown.get_by_label("learning rate")
    warning = shown.get_by_text("learn little more than")
    assert float(rate.get_attribute("aria-valuetext") or 0) == 0.003
    for _ in range(13):
        rate.press("ArrowRight")
    assert rate.get_attribute("aria-valuetext") == "0.06"
    expect(warning).to_have_count(0)
    rate.press("ArrowRight")
    assert rate.get_attribute("aria-valuetext") == "0.08"
    expect(warning).to_be_visible()
    shown.get_by_label("width").fill("16")
    expect(warning).to_have_count(0)
    shown.get_by_label("width").fill("32")
    expect(warning).to_be_visible()

    for _ in range(4):
        rate.press("ArrowRight")
    choose(shown, "FeedForwardModel", 400)
    press(shown, "Train")
    said = shown.locator("[role=alert]", has_text="Training has stopped")
    expect(said).to_contain_text("choose a lower learning rate than 0.2.")
    (row,) = rows(shown)
    assert row[2] == "diverged at step 50"
    assert row[5] == "learning rate 0.2, steps 400"
    expect(shown.get_by_role("button", name="Train")).to_be_enabled()
    expect(shown.locator(".tg-l-trained")).to_be_hidden()


# --------------------------------------------------------- what is shown


def test_each_rung_shows_its_code_and_what_is_new(ladder: Opens) -> None:
    """What the rung before does not have carries a sign."""
    shown = ladder()
    codes = shown.evaluate("tutorgpt.RUNGS.map(({ code }) => code)")
    before: set[str] = set()
    for name, code in zip(NAMES, codes, strict=True):
        choose(shown, name)
        expect(shown.locator(".tg-l-code")).to_contain_text(
            f"function {name}(net, tokens)"
        )
        new = {line for line in map(str.strip, code) if line} - before
        expected = [
            f"{'+' if before and line.strip() in new else ' '} {line}\n"
            for line in code
        ]
        lines = shown.locator(".tg-l-line").all_text_contents()
        marked = shown.locator(".tg-l-new").all_text_contents()

        assert lines == expected
        assert marked == [line for line in lines if line[0] == "+"]
        before = set(map(str.strip, code))
    assert shown.locator(".tg-l-side a").count() == 0
    expect(
        shown.get_by_text("Lines with + are not in rung 5.")
    ).to_be_visible()


def test_a_chapter_is_linked_where_it_is_told(ladder: Opens) -> None:
    """The book tells where each chapter is."""
    shown = ladder()
    shown.evaluate(
        "ended = tutorgpt.mountLadder(document.querySelector('.tg-ladder'),"
        " {chapters: {2: 'two.html'}})"
    )
    choose(shown, "SingleHeadModel")
    link = shown.get_by_role("link", name="Chapter 2")
    assert link.get_attribute("href") == "two.html"


def test_curves_of_another_text_leave_the_chart(ladder: Opens) -> None:
    """Floors are a text's own; the table names the text then."""
    shown = ladder()
    train(shown, "BigramModel", 3)
    paste(shown, "to be or not to be. " * 30)
    train(shown, "BigramModel", 3)

    assert shown.locator(".tg-l-tag").all_text_contents() == ["1"]
    assert [row[-1] for row in rows(shown)] == ["Some lines", "your own text"]


def test_a_text_with_many_characters_says_what_it_takes(
    ladder: Opens,
) -> None:
    """It waits after its first steps, and goes on only when it is told to."""
    shown = ladder()
    many = "".join(map(chr, range(0x4E00, 0x4E00 + 1200))) * 2
    paste(shown, many)
    choose(shown, "BigramModel", 100)
    press(shown, "Train")
    question = shown.locator(".tg-l-question").last
    expect(question).to_contain_text("1,200 different characters")
    assert "78,000 parameters" in question.inner_text()
    assert "100 steps take about" in question.inner_text()
    expect(question.get_by_role("button", name="Go on")).to_be_focused()
    question.get_by_role("button", name="Go on").click()
    trained(shown, "BigramModel", 100)

    press(shown, "Train")
    question.get_by_role("button", name="Leave it").click()
    assert len(rows(shown)) == 1


BAD = {
    "empty": ("", "There is no text"),
    "three": ("abc", "The text has 3 characters"),
    "one symbol": ("a" * 400, "repeats one character"),
    "too long": ("to be " * 170_000, "at most 1,000,000"),
    "controls": ("a\x01b\x02" * 200, "control characters"),
}


def test_a_bad_text_gets_one_sentence(ladder: Opens) -> None:
    """It stands at the text, and goes when the text is changed."""
    shown = ladder()
    choose(shown, "BigramModel", 3)
    for text, says in BAD.values():
        paste(shown, text)
        press(shown, "Train")
        wrong = shown.locator(".tg-l-choice .tg-error")
        expect(wrong).to_contain_text(says)
        assert wrong.inner_text().endswith(".")
        own = shown.get_by_label("Your text")
        expect(own).to_be_focused()
        assert own.get_attribute("aria-invalid") == "true"
        own.press("a")
        expect(wrong).to_be_empty()
    assert rows(shown) == []


@pytest.mark.parametrize(
    "text", ["🙂🙃 hello " * 60, "שלום עולם " * 60], ids=["emoji", "rtl"]
)
def test_an_unusual_text_is_learned_from(ladder: Opens, text: str) -> None:
    """Characters beyond two bytes, and right to left."""
    shown = ladder()
    paste(shown, text)
    train(shown, "BigramModel", 3)


def test_a_text_that_is_not_there_is_said(ladder: Opens) -> None:
    """As where a file of the book was left out."""
    shown = ladder()
    shown.evaluate(
        "ended = tutorgpt.mountLadder(document.querySelector('.tg-ladder'),"
        " {texts: [{name: 'gone', title: 'Gone', script: 'gone.js'}],"
        " load: (name) => Promise.reject(new Error(`${name} is missing`))})"
    )
    press(shown, "Train")
    expect(shown.get_by_text("gone.js is missing")).to_be_visible()
    expect(shown.get_by_role("button", name="Train")).to_be_enabled()


# ------------------------------------------------- what a browser lacks


def test_it_trains_in_the_page_without_workers(ladder: Opens) -> None:
    """It says so, and comes to the same loss."""
    with_one, without = ladder(), ladder("light", NO_WORKER)
    for shown in (with_one, without):
        train(shown, "MultiHeadModel", 5)

    expect(without.get_by_text("allows no worker")).to_be_visible()
    assert rows(without)[0][2] == rows(with_one)[0][2]
    assert with_one.get_by_text("allows no worker").count() == 0


def test_a_worker_may_be_refused_afterwards(ladder: Opens) -> None:
    """By the page's policy: what was asked for is not lost."""

    def with_policy(texts: list[PageText]) -> str:
        return page(texts).replace("<title>", f"{BLOCKED}<title>")

    shown = ladder(page_of=with_policy)
    train(shown, "BigramModel", 3)
    expect(shown.get_by_text("allows no worker")).to_be_visible()
    errors = ladder.notes[-1].errors
    assert all("Content Security Policy" in error for error in errors)
    errors.clear()


def test_it_says_so_where_storage_is_blocked(ladder: Opens) -> None:
    """And trains all the same."""
    shown = ladder("light", NO_STORE)
    expect(shown.get_by_text("keeps nothing")).to_be_visible()
    train(shown, "BigramModel", 3)


def test_without_the_fast_product_it_offers_fewer_steps(
    ladder: Opens,
) -> None:
    """It says so before anything is trained."""
    shown = ladder("light", NO_SIMD)
    expect(shown.get_by_text("WebAssembly SIMD")).to_be_visible()
    assert shown.get_by_label("steps", exact=True).input_value() == "500"
    assert ladder().get_by_label("steps", exact=True).input_value() == "2000"
    train(shown, "BigramModel", 3)


# -------------------------------------------------------- for everybody


@pytest.mark.parametrize("mode", ["light", "dark", "phone"])
def test_it_can_be_used_by_everybody(
    ladder: Opens, axe: str, mode: str
) -> None:
    """axe finds nothing, before and after, and nothing is too wide."""
    shown = ladder(mode)
    assert findings(shown, axe) == []
    shown.get_by_label("one of your own").check()
    shown.get_by_label("Some lines").check()
    train(shown, "GPT", 3)
    press(shown, "Open in the playground")
    expect(shown.locator(".tg-l-trained .tg-ui")).to_be_visible()
    assert findings(shown, axe) == []
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_works_by_keyboard_alone(ladder: Opens) -> None:
    """From the text to the saved model by Tab, and the focus is seen."""
    shown = ladder()
    choose(shown, "GPT", 3)
    shown.get_by_label("seed", exact=True).focus()
    names = []
    for _ in range(4):
        shown.keyboard.press("Tab")
        names.append(shown.evaluate("document.activeElement.textContent"))
        outline = shown.evaluate(
            "getComputedStyle(document.activeElement).outlineStyle"
        )
        assert outline == "solid"
    assert names == ["Train", "Pause", "Stop", "Start over"]
    shown.get_by_role("button", name="Train").focus()
    shown.keyboard.press("Enter")
    trained(shown, "GPT", 3)
    tab_to(shown, "Open in the playground")
    shown.keyboard.press("Space")
    expect(shown.locator(".tg-l-trained textarea").first).to_be_focused()


def tab_to(shown: Page, name: str) -> None:
    """Press Tab until this button has the focus."""
    for _ in range(30):
        shown.keyboard.press("Tab")
        if shown.evaluate("document.activeElement.textContent") == name:
            return
    raise AssertionError(f"Tab does not lead to {name}")


def aloud(shown: Page, rung: str, steps: int) -> list[str]:
    """All that is read aloud while a rung is trained."""
    shown.evaluate(
        "globalThis.said = []; new MutationObserver(() => said.push("
        "document.querySelector('.tg-l-aloud').textContent)).observe("
        "document.querySelector('.tg-l-aloud'), {childList: true})"
    )
    train(shown, rung, steps)
    return shown.evaluate("said")


def test_a_short_run_is_read_aloud_twice(ladder: Opens) -> None:
    """Its beginning and its end: no time passes between."""
    shown = ladder()
    shown.evaluate("Date.now = () => 0")
    begun, ended = aloud(shown, "BigramModel", 40)

    assert begun == "Training Rung 1 (BigramModel), 40 steps."
    assert ended.startswith("Rung 1 (BigramModel) is trained: held-out loss")


def test_a_long_run_is_read_aloud_at_each_tenth(ladder: Opens) -> None:
    """At most: however long a tenth takes, it is said once."""
    shown = ladder()
    shown.evaluate("let hours = 0; Date.now = () => 3.6e6 * hours++")
    _, *between, _ = aloud(shown, "BigramModel", 40)

    assert [words.split(",")[0] for words in between] == [
        f"{10 * n} percent done" for n in range(1, 10)
    ]


def test_a_page_that_is_hidden_keeps_its_state(ladder: Opens) -> None:
    """It may be closed in the next moment."""
    shown = ladder()
    shown.evaluate(
        "() => { globalThis.told = [];"
        " const { postMessage } = Worker.prototype;"
        " Worker.prototype.postMessage = function (message) {"
        " told.push(message.do); return postMessage.call(this, message) } }"
    )
    choose(shown, "BigramModel", 50_000)
    press(shown, "Train")
    expect(shown.locator(".tg-l-far")).to_contain_text("characters a second")
    assert shown.evaluate("told") == ["begin"]
    shown.evaluate(
        "Object.defineProperty(document, 'visibilityState',"
        " {get: () => 'hidden'});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    assert shown.evaluate("told") == ["begin", "keep"]


def test_two_of_them_share_a_page(ladder: Opens, axe: str) -> None:
    """Neither knows the other's texts, names or runs."""
    shown = ladder()
    shown.evaluate(
        "const other = document.createElement('div');"
        "document.querySelector('main').append(other);"
        "globalThis.ended = tutorgpt.mountLadder(other,"
        " {texts: [{name: 'x', title: 'Other', text: 'ab '.repeat(200)}]})"
    )
    assert findings(shown, axe, rules=["duplicate-id-aria"]) == []
    ids = shown.evaluate(
        "[...document.querySelectorAll('[id]')].map(({id}) => id)"
    )
    assert len(ids) == len(set(ids))
    train(shown.locator(".tg-ladder").first, "BigramModel", 3)
    assert len(rows(shown)) == 1


def test_ending_it_ends_its_worker(ladder: Opens) -> None:
    """As a notebook does when a cell is run again."""
    shown = ladder()
    shown.evaluate(
        "globalThis.ended = tutorgpt.mountLadder(document.querySelector("
        "'.tg-ladder'), {texts: [{name: 'x', title: 'Other',"
        " text: 'ab '.repeat(200)}]})"
    )
    choose(shown, "GPT", 3000)
    press(shown, "Train")
    expect(shown.locator(".tg-l-far")).to_contain_text("characters a second")
    assert len(shown.workers) == 1
    shown.evaluate("ended()")
    for _ in range(50):
        if not shown.workers:
            break
        shown.wait_for_timeout(100)
    assert shown.workers == []


def test_two_widgets_of_a_notebook_share_nothing(browser: Browser) -> None:
    """Each runs the scripts anew; labels and what is kept are its own."""
    shown = page_with(browser)
    mount = (
        "(told) => { const place = document.createElement('div');"
        " document.body.append(place);"
        " tutorgpt.mountLadder(place, {texts: [told]}) }"
    )
    for _ in range(2):
        shown.add_script_tag(content=script())
        shown.evaluate(mount, text_of().told(whole=True))
    ids = shown.locator("[id]").evaluate_all("all => all.map(({id}) => id)")
    kept = shown.evaluate("[...tutorgpt.laddersHere]")
    for label in ("rung", "steps", "seed", "learning rate", "width"):
        expect(shown.get_by_label(label, exact=True)).to_have_count(2)
    shown.context.close()

    assert len(ids) == len(set(ids)) > 10
    assert kept == ["ladder 0", "ladder 1"]
