"""The playground: what a page says, does, and refuses."""

import json
import re
import sys
from pathlib import Path

import pytest
import torch
from browser_tools import Visit, axe, browser, open_page, serious
from playwright.sync_api import Browser, Page, expect

from tutorgpt import (
    GPT,
    BigramModel,
    CharTokenizer,
    LanguageModel,
    ModelConfig,
    generate,
    save_checkpoint,
)
from tutorgpt.cli import main
from tutorgpt.modern import ModernGPT, Rotary
from tutorgpt.view.living import SHARED
from tutorgpt.view.playground import export_html, play
from tutorgpt.view.playground.pack import LIMIT, pack, rounded, snapshot
from tutorgpt.view.playground.page import (
    ASSETS,
    SCRIPTS,
    STYLES,
    asset,
    page,
    style,
)

__all__ = ["axe", "browser"]  # fixtures: used by their names

CHARACTERS = "\n !&,.:;<>ROMEabcdefghijklmnopqrstuvwxyz"


def make(
    kind: type[LanguageModel] = GPT, **changes
) -> tuple[LanguageModel, CharTokenizer]:
    """A small model that was never trained."""
    tokenizer = CharTokenizer.from_text(CHARACTERS)
    shape = {"block_size": 16, "n_embed": 24, "n_head": 4, "n_layer": 2}
    torch.manual_seed(1337)
    config = ModelConfig(vocab_size=tokenizer.vocab_size, **(shape | changes))
    return kind(config), tokenizer


@pytest.fixture
def opened(browser: Browser, tmp_path: Path):
    """Opens a page's text from disk; nothing may go wrong in it."""
    contexts, notes = [], []

    def opens(text: str, mode: str = "light") -> Page:
        shown, visit = open_page(browser, mode)
        contexts.append(shown.context)
        notes.append(visit)
        file = tmp_path / f"page{len(notes)}.html"
        file.write_text(text, encoding="utf-8")
        shown.goto(file.as_uri())
        return shown

    opens.notes = notes
    yield opens
    for context in contexts:
        context.close()


@pytest.fixture
def shown(opened) -> Page:
    """The exported page of the small model, ready."""
    ready = opened(page(pack(*make()), title="Mine", prompt="ROMEO:"))
    expect(ready.locator("[data-tg-ready=yes]")).to_have_count(1)
    yield ready
    assert opened.notes == [Visit()]


def written(shown: Page) -> str:
    """The text, without the sign that makes a line break visible."""
    return shown.locator(".tg-text").text_content().replace("↵\n", "\n")


def press(shown: Page, name: str) -> None:
    shown.get_by_role("button", name=name).click()


def write_one(shown: Page) -> None:
    """Press for one character, and wait until it stands there."""
    text = shown.locator(".tg-text")
    before = text.text_content()
    press(shown, "One character")
    expect(text).not_to_have_text(before or "", use_inner_text=False)


# ----------------------------------------------------------- what it does


def test_it_writes_and_stops_at_its_number(shown: Page) -> None:
    """One press writes two hundred characters after the prompt."""
    press(shown, "Write 200 characters")
    shown.get_by_text("200 characters written").wait_for()

    assert len(written(shown)) == 206
    assert written(shown).startswith("ROMEO:")
    assert set(written(shown)) <= set(CHARACTERS)


def test_one_character_at_a_time(shown: Page) -> None:
    """Each press of the button writes one character."""
    for length in (7, 8, 9):
        press(shown, "One character")
        expect(shown.locator(".tg-text span")).to_have_count(length)


def test_the_same_seed_writes_the_same_text(shown: Page) -> None:
    """Back to the prompt and again: the same; another seed: another."""
    texts = []
    for seed in ("7", "7", "8"):
        shown.get_by_label("seed").fill(seed)
        shown.get_by_label("seed").blur()
        press(shown, "Back to the prompt")
        press(shown, "Write 200 characters")
        shown.get_by_text("200 characters written").wait_for()
        texts.append(written(shown))

    assert texts[0] == texts[1] != texts[2]


def test_stop_stops(shown: Page) -> None:
    """While it writes it can be stopped, and then it can go on."""
    shown.evaluate(
        "() => { const [write, , stop] ="
        " document.querySelectorAll('.tg-button'); write.click();"
        " requestAnimationFrame(() => stop.click()) }"
    )
    expect(shown.get_by_role("button", name="Stop")).to_be_disabled()
    expect(shown.get_by_role("button", name="One char")).to_be_enabled()

    assert 6 <= len(written(shown)) < 206


def test_the_bars_follow_the_sliders(shown: Page) -> None:
    """A lower temperature makes the first bar longer; top-k cuts the rest."""
    first = shown.locator(".tg-bars .tg-value").first
    before = first.inner_text()
    shown.get_by_label("temperature").fill("0.1")
    after = first.inner_text()
    shown.get_by_label("top-k").fill("1")  # the second choice: two of them
    values = shown.locator(".tg-bars .tg-value").all_inner_texts()

    assert float(after.split()[0]) > float(before.split()[0])
    assert values[2:] == ["left out"] * 8
    assert "left out" not in values[:2]


def test_unknown_characters_are_marked_and_explained(shown: Page) -> None:
    """They are underlined, named with their code, and left out."""
    shown.get_by_label("Prompt").fill("Ré中M中:")

    expect(shown.locator(".tg-unknown")).to_have_text(["é中", "中"])
    note = shown.locator(".tg-note").inner_text()
    assert "é (U+00E9), 中 (U+4E2D)" in note
    assert "left out" in note
    press(shown, "One character")
    expect(shown.locator(".tg-text span")).to_have_count(6)


def test_a_prompt_may_be_empty_or_all_unknown(shown: Page) -> None:
    """Nothing to read: a sentence, and buttons that cannot be pressed."""
    for prompt in ("", "éé"):
        shown.get_by_label("Prompt").fill(prompt)

        write = shown.get_by_role("button", name="Write 200")
        expect(write).to_be_disabled()
        expect(shown.locator(".tg-note")).not_to_be_empty()


def test_text_is_never_html(opened) -> None:
    """Tags in a prompt, a title, a note or a vocabulary stay text."""
    evil = "</script><img src=x onerror=alert(1)>"
    model, tokenizer = make()
    packed = pack(model, tokenizer, note=evil)
    shown = opened(page(packed, title=evil, prompt=evil))
    expect(shown.locator("[data-tg-ready=yes]")).to_have_count(1)

    assert shown.locator("img").count() == 0
    assert shown.get_by_label("Prompt").input_value() == evil
    assert opened.notes == [Visit()]


def test_hovering_keeps_its_element(shown: Page) -> None:
    """Shading the text changes the characters' style and not the nodes."""
    shown.evaluate("window.kept = document.querySelector('.tg-text span')")
    for n in (3, 4, 0):
        shown.locator(".tg-text span").nth(n).hover()

    assert shown.evaluate("kept.isConnected")
    assert "at position 1 looks at ‘R’ (1) 100 %" in shown.content()
    share = "(e) => getComputedStyle(e).getPropertyValue('--tg-share')"
    first = shown.locator(".tg-text span").first
    assert first.evaluate(share) == "85%"


@pytest.mark.parametrize(
    ("room", "says"),
    [
        ("What each character looks at", "strongest look"),
        ("The six steps", "5 softmax"),
        ("What each layer", "after layer 2"),
        ("Switch a head", "Nothing is switched off"),
    ],
)
def test_a_room_opens(shown: Page, room: str, says: str) -> None:
    """Each closed part shows its numbers when it is opened."""
    shown.locator("summary", has_text=room).click()

    expect(shown.get_by_text(says)).to_be_visible()


def test_the_map_tells_the_weight_under_the_pointer(shown: Page) -> None:
    """The first character has only itself; nobody looks at what comes."""
    shown.locator("summary", has_text="What each character looks at").click()
    canvas = shown.locator("canvas.tg-map").first
    canvas.scroll_into_view_if_needed()
    count = shown.locator(".tg-text span").count()
    box = canvas.bounding_box()
    assert box is not None
    cell = box["width"] / (count + 1.5)

    def tip(row: int, column: int) -> str:
        x, y = ((n + 1.9) * cell for n in (column, row))
        canvas.hover(position={"x": x, "y": y})
        return canvas.evaluate("e => e.title")

    assert tip(0, 0) == "‘R’ looks at ‘R’ (1 at 1): 100 %"
    assert tip(2, 1).startswith("‘M’ looks at ‘O’ (3 at 2): ")
    assert tip(1, 2) == ""


def test_the_last_layer_of_the_lens_is_the_prediction(shown: Page) -> None:
    """What the lens shows after the last layer is what the bars show."""
    shown.locator("summary", has_text="What each layer").click()
    last = shown.locator("tr", has_text="after layer 2").locator("td").first
    bar = shown.locator(".tg-bars li").first

    assert last.inner_text().split() == bar.inner_text().split()


def test_switching_off_shows_what_was(shown: Page) -> None:
    """With a layer off the bars carry the marks of the whole model."""
    values = shown.locator(".tg-bars").inner_text()
    shown.locator("summary", has_text="Switch a head").click()
    layer = shown.get_by_label("whole layer").first
    layer.check()

    assert shown.locator(".tg-bars").inner_text() != values
    assert shown.locator(".tg-before").first.is_visible()
    layer.uncheck()
    assert shown.locator(".tg-bars").inner_text() == values


def test_a_later_kind_of_model_is_shown(opened) -> None:
    """A page of a ModernGPT writes generate's text, far beyond its window,
    and says in which state its queries and keys are shown."""
    model, tokenizer = make(ModernGPT)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    shown = opened(page(pack(model, tokenizer), title="Mine", prompt="ROME"))
    shown.get_by_label("greedy").check()
    press(shown, "Write 200 characters")
    shown.get_by_text("200 characters written").wait_for()
    prompt = torch.tensor([tokenizer.encode("ROME")])
    text = generate(rounded(model), prompt, 200, greedy=True)[0].tolist()

    assert written(shown) == tokenizer.decode(text)
    assert len(set(text)) > 5
    shown.locator("summary", has_text="The six steps").click()
    words = shown.get_by_text("as they are multiplied: turned by their pos")
    expect(words).to_be_visible()
    assert opened.notes == [Visit()]


def test_nothing_is_turned_in_a_gpt(shown: Page) -> None:
    """Its queries and keys are shown as they are."""
    shown.locator("summary", has_text="The six steps").click()
    steps = shown.locator("details", has_text="The six steps")

    expect(steps).to_contain_text("channels each).")
    expect(steps).not_to_contain_text("turned")


def test_learning_is_visible(opened) -> None:
    """Every moment of training continues the prompt, with its loss."""
    model, tokenizer = make()
    packed = pack(model, tokenizer)
    packed["snapshots"] = []
    for step, loss in ((0, 4.3), (1000, 2.1)):
        model.lm_head.bias.data[step % 7] += 20
        packed["snapshots"].append(
            snapshot(model, bits=8, step=step, loss=loss)
        )
    shown = opened(page(packed, title="Mine"))
    shown.locator("summary", has_text="The same prompt").click()
    press(shown, "Let all of them write")
    expect(shown.locator(".tg-ages dd")).to_have_count(2)
    texts = shown.locator(".tg-ages dd").all_text_contents()

    assert [len(text) for text in texts] == [90, 90]
    assert texts[0] != texts[1]
    assert "step 1,000, loss 2.10" in shown.content()


# ------------------------------------------- quick, whatever is pasted


def counting(shown: Page) -> None:
    """Let the page count what its models compute from now on."""
    shown.evaluate(
        "() => { window.computed = []; const { compute } ="
        " tutorgpt.Model.prototype; tutorgpt.Model.prototype.compute ="
        " function (tokens) { computed.push(tokens.length);"
        " return compute.call(this, tokens); } }"
    )


@pytest.mark.parametrize(
    ("text", "elements"),
    [("MEO ROM " * 2500, 17), ("Ré中" * 6667, 200), ("é" * 20_000, 2)],
    ids=["known", "strange between", "all strange"],
)
def test_a_long_text_costs_what_a_window_does(
    shown: Page, text: str, elements: int
) -> None:
    """Pasted: one reading of the last 16, and a few elements for it all."""
    counting(shown)
    shown.get_by_label("Prompt").fill(text)
    expect(shown.locator(".tg-text")).to_contain_text(text[-9:])

    assert written(shown) == text
    assert sum(shown.evaluate("computed")) <= 16
    assert shown.locator(".tg-text span").count() <= elements + 2


def test_keys_in_a_row_are_read_once(shown: Page) -> None:
    """While keys follow each other nothing is computed; then one reading."""
    counting(shown)
    shown.evaluate(
        "() => { const field = document.querySelector('textarea');"
        " for (const c of ' MORE') { field.value += c;"
        "  field.dispatchEvent(new Event('input')); } }"
    )

    assert shown.evaluate("computed") == []
    expect(shown.locator(".tg-text")).to_have_text("ROMEO: MORE")
    assert shown.evaluate("computed") == [len("ROMEO: MORE")]


def test_what_was_typed_is_read_before_anything_is_written(
    shown: Page,
) -> None:
    """A button pressed at once goes on from the prompt as it stands."""
    shown.evaluate(
        "() => { const field = document.querySelector('textarea');"
        " field.value = 'MORE'; field.dispatchEvent(new Event('input'));"
        " [...document.querySelectorAll('button')].find("
        "  (e) => e.textContent === 'One character').click(); }"
    )
    shown.get_by_text("Written: ").wait_for()

    assert written(shown).startswith("MORE")
    assert len(written(shown)) == 5


def test_a_text_that_slides_stays_one_text(shown: Page) -> None:
    """What the window has left joins in one element; the words are all."""
    press(shown, "Write 200 characters")
    shown.get_by_text("200 characters written").wait_for()

    assert shown.locator(".tg-text span").count() == 16 + 2  # given, written
    assert shown.locator(".tg-text .tg-given").inner_text() == "ROMEO:"


# ------------------------------------------------- one state a writer


@pytest.fixture
def aged(opened) -> Page:
    """A page whose model has two ages, with their panel open."""
    model, tokenizer = make()
    packed = pack(model, tokenizer)
    packed["snapshots"] = []
    for step, loss in ((0, 4.3), (1000, 2.1)):
        model.lm_head.bias.data[step % 7] += 1
        packed["snapshots"].append(
            snapshot(model, bits=8, step=step, loss=loss)
        )
    shown = opened(page(packed, title="Mine", prompt="ROMEO:"))
    shown.locator("summary", has_text="The same prompt").click()
    yield shown
    assert opened.notes == [Visit()]


ALL_AGES = "Let all of them write"


def test_two_writers_write_what_each_writes_alone(aged: Page) -> None:
    """The ages' panel and the playground at once: same seed, same texts."""
    press(aged, "Write 200 characters")
    aged.get_by_text("200 characters written").wait_for()
    alone = written(aged)
    press(aged, ALL_AGES)
    expect(aged.locator(".tg-ages dd")).to_have_count(2)
    ages = aged.locator(".tg-ages dd").all_text_contents()
    press(aged, "Back to the prompt")
    aged.evaluate(
        "(name) => { const button = (text) => [...document"
        ".querySelectorAll('button')].find((e) => e.textContent === text);"
        " let now = 0; performance.now = () => now += 20;"  # one a picture
        " button('Write 200 characters').click();"
        " requestAnimationFrame(() => requestAnimationFrame("
        "  () => button(name).click())); }",
        ALL_AGES,
    )
    aged.get_by_text("200 characters written").wait_for()
    expect(aged.locator(".tg-ages dd")).to_have_count(2)

    assert written(aged) == alone
    assert aged.locator(".tg-ages dd").all_text_contents() == ages


def test_a_writer_that_was_stopped_stays_stopped(shown: Page) -> None:
    """Stopped and started within one picture: 200 characters, not more."""
    shown.evaluate(
        "() => { const [write, , stop] ="
        " document.querySelectorAll('.tg-button');"
        " write.click(); stop.click(); write.click(); }"
    )
    shown.get_by_text("200 characters written").wait_for()

    assert len(written(shown)) == 206


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.get_by_label("Prompt").fill("MORE"),
        lambda page: page.get_by_label("temperature").fill("0.5"),
        lambda page: (
            page.get_by_label("seed").fill("7"),
            page.get_by_label("seed").blur(),
        ),
    ],
    ids=["prompt", "temperature", "seed"],
)
def test_the_ages_never_show_another_prompt_s_texts(
    aged: Page, change
) -> None:
    """What depends on prompt, seed or setting goes with it, and says so."""
    press(aged, ALL_AGES)
    expect(aged.locator(".tg-ages dd")).to_have_count(2)
    change(aged)

    expect(aged.locator(".tg-ages dd")).to_have_count(0)
    expect(aged.get_by_text("let them write again")).to_be_visible()


# --------------------------------------------------- nothing gets lost


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.get_by_label("Prompt").fill("MORE"),
        lambda page: press(page, "Back to the prompt"),
        lambda page: page.get_by_label("step 0").check(),
        lambda page: press(page, "As it was at first"),
        lambda page: (
            page.get_by_label("seed").fill("7"),
            page.get_by_label("seed").blur(),
        ),
    ],
    ids=["prompt", "back", "age", "first", "seed"],
)
def test_a_text_put_aside_can_be_brought_back(aged: Page, change) -> None:
    """With its prompt, its seed and its age: it goes on as it would have."""
    write_one(aged)
    write_one(aged)
    before = written(aged)
    change(aged)
    aged.get_by_text("Put aside: the 2 characters").wait_for()
    press(aged, "Bring back")
    assert written(aged) == before
    write_one(aged)
    longer = written(aged)
    press(aged, "Back to the prompt")
    for _ in range(3):
        write_one(aged)

    assert written(aged) == longer
    assert aged.get_by_label("Prompt").input_value() == "ROMEO:"
    expect(aged.get_by_label("seed")).to_have_value("1337")
    expect(aged.get_by_label("step 1,000")).to_be_checked()


@pytest.mark.parametrize("seed", ["4294967296", "-1", "1.5", "1e30", "ab"])
def test_a_seed_that_cannot_be_is_refused_in_words(
    shown: Page, seed: str
) -> None:
    """It has more than 32 bits, or is no whole number: the old one stays."""
    write_one(shown)
    before = written(shown)
    field = shown.get_by_label("seed")
    field.evaluate("(e) => (e.type = 'text')")  # as a browser may show it
    field.fill(seed)
    field.blur()

    expect(shown.locator(".tg-error")).to_contain_text(
        f"The seed {seed} is not taken: write a whole number from 0 to "
        "4,294,967,295. The text goes on with the seed 1337."
    )
    assert written(shown) == before
    field.fill("4294967295")
    field.blur()
    expect(shown.locator(".tg-error")).to_be_empty()
    expect(shown.locator(".tg-text")).to_have_text("ROMEO:")


def test_everything_is_there_again(aged: Page) -> None:
    """Text, prompt, seed, settings, age, head, switches and open parts."""
    aged.get_by_label("Prompt").fill("MORE")
    aged.get_by_label("seed").fill("7")
    aged.get_by_label("step 0").check()
    aged.get_by_label("temperature").fill("0.7")
    aged.get_by_label("top-k").fill("2")
    aged.get_by_label("greedy").check()
    aged.locator("summary", has_text="Switch a head").click()
    aged.get_by_label("whole layer").first.check()
    for _ in range(3):
        write_one(aged)
    aged.get_by_label("look at position").fill("2")
    before = written(aged), aged.locator(".tg-bars").inner_text()
    aged.reload()
    expect(aged.locator("[data-tg-ready=yes]")).to_have_count(1)

    assert (written(aged), aged.locator(".tg-bars").inner_text()) == before
    expect(aged.get_by_label("Prompt")).to_have_value("MORE")
    expect(aged.get_by_label("seed")).to_have_value("7")
    expect(aged.get_by_label("temperature")).to_have_value("0.7")
    expect(aged.get_by_label("look at position")).to_have_value("2")
    for name in ("step 0", "greedy"):
        expect(aged.get_by_label(name)).to_be_checked()
    expect(aged.get_by_label("whole layer").first).to_be_checked()
    assert aged.locator("details[open]").count() == 2


def test_another_model_begins_as_it_opens(opened) -> None:
    """What was kept of one model is nothing to another."""
    shown = opened(page(pack(*make()), title="Mine", prompt="ROMEO:"))
    press(shown, "One character")
    shown.get_by_text("Written: ").wait_for()
    other = page(pack(*make(n_layer=1)), title="Mine", prompt="ROMEO:")
    place = Path(shown.url.removeprefix("file://"))
    place.write_text(other, encoding="utf-8")
    shown.reload()
    expect(shown.locator("[data-tg-ready=yes]")).to_have_count(1)

    assert written(shown) == "ROMEO:"


@pytest.mark.parametrize("kept", ["[[", '[["", 1]]', "null", "forbidden"])
def test_what_cannot_be_kept_or_read_hinders_nothing(
    opened, kept: str
) -> None:
    """A damaged record, one of another form, a browser that keeps nothing."""
    text = page(pack(*make()), title="Mine", prompt="ROMEO:")
    before = (
        "Object.defineProperty(window, 'localStorage', { get() {"
        " throw new DOMException('no', 'SecurityError') } })"
        if kept == "forbidden"
        else f"localStorage.setItem('tutorgpt.places', {json.dumps(kept)})"
    )
    shown = opened(text.replace("<script>", f"<script>{before};", 1))
    press(shown, "One character")
    shown.get_by_text("Written: ").wait_for()

    assert len(written(shown)) == 7
    assert opened.notes == [Visit()]


def test_a_state_of_another_form_is_forgotten(shown: Page) -> None:
    """What another version has kept opens the page as it would be new."""
    press(shown, "One character")
    shown.get_by_text("Written: ").wait_for()
    shown.evaluate("tutorgpt.kept.keepNow()")
    shown.evaluate(
        "() => { const [[name]] = JSON.parse(localStorage['tutorgpt.places']);"
        " tutorgpt.kept.keep(name, { text: 3 }); }"
    )
    shown.reload()
    expect(shown.locator("[data-tg-ready=yes]")).to_have_count(1)

    assert written(shown) == "ROMEO:"


def test_where_there_is_no_room_the_oldest_makes_some(shown: Page) -> None:
    """Storage that is full keeps what was used last."""
    found = shown.evaluate(
        "() => { const { keep, recall } = tutorgpt.kept;"
        " const much = 'x'.repeat(1_500_000);"
        " for (const name of 'abcde') keep(name, much);"
        " return [...'abcde'].map((name) => recall(name)?.length ?? 0); }"
    )

    assert found[0] == 0
    assert found[-1] == 1_500_000


def test_no_button_loses_the_focus(shown: Page) -> None:
    """One that can do nothing more keeps it, and does nothing."""
    held = "document.activeElement.textContent"
    for name, says in (
        ("Write 200 characters", "200 characters written"),
        ("Stop", "200 characters written"),
        ("One character", "Written: "),
    ):
        shown.get_by_role("button", name=name).focus()
        shown.keyboard.press("Enter")
        shown.get_by_text(says).wait_for()

        assert shown.evaluate(held) == name
    assert len(written(shown)) == 207
    press(shown, "Back to the prompt")
    shown.get_by_role("button", name="Bring back").focus()
    shown.keyboard.press("Enter")
    assert shown.evaluate("document.activeElement.className") == "tg-text"


def test_tables_on_a_phone_show_most_of_their_columns(opened) -> None:
    """Four and more at once, and a line where there are others."""
    shown = opened(page(pack(*make()), title="M", prompt="ROMEO:"), "phone")
    for room in ("The six steps", "What each layer"):
        shown.locator("summary", has_text=room).click()
    expect(shown.locator(".tg-scroll:has(thead th)")).to_have_count(2)
    seen = shown.evaluate(
        "[...document.querySelectorAll('.tg-scroll')].map((box) => {"
        " const { left, right } = box.getBoundingClientRect();"
        " const first = box.querySelector('th').getBoundingClientRect();"
        " return [...box.querySelectorAll('thead th')].slice(1)"
        "  .map((cell) => cell.getBoundingClientRect())"
        "  .filter((cell) => cell.left >= first.right - 1"
        "   && cell.right <= right + 1).length; })"
    )
    hints = shown.get_by_text("More columns to the side")

    assert seen[0] >= 4
    assert seen[1] == 4
    expect(hints.first).to_be_visible()
    expect(hints.last).to_be_hidden()


# -------------------------------------------------- for every reader


def test_the_keyboard_is_enough(shown: Page) -> None:
    """Tab reaches everything, space and arrows work it."""
    reached = set()
    shown.locator("body").press("Tab")
    for _ in range(40):
        reached.add(
            shown.evaluate(
                "document.activeElement.labels?.[0]?.textContent"
                " || document.activeElement.textContent.slice(0, 40)"
            )
        )
        shown.keyboard.press("Tab")
    shown.get_by_label("look at position").focus()
    shown.keyboard.press("ArrowLeft")

    assert {"Prompt", "Write 200 characters", "temperature"} <= reached
    assert {"greedy", "look at position"} <= reached
    assert shown.locator(".tg-caption").first.inner_text().endswith("5")


def test_everything_has_a_name(shown: Page) -> None:
    """Each control can be announced by a screen reader."""
    for summary in shown.locator("summary").all():
        summary.click()
    nameless = shown.evaluate(
        "[...document.querySelectorAll('input, select, textarea, button')]"
        ".filter((e) => !(e.labels?.length || e.textContent.trim()))"
        ".map((e) => e.outerHTML)"
    )

    assert nameless == []
    assert shown.locator("canvas").get_attribute("aria-label")


@pytest.mark.parametrize("mode", ["light", "dark", "phone"])
def test_axe_finds_nothing_serious(opened, axe: str, mode: str) -> None:
    """No serious finding in any colours or width, with all parts open."""
    shown = opened(page(pack(*make()), title="Mine", prompt="ROMEé:"), mode)
    for summary in shown.locator("summary").all():
        summary.click()

    assert serious(shown, axe) == []
    width = shown.evaluate("document.documentElement.scrollWidth")
    assert width == shown.evaluate("innerWidth")


def test_the_page_follows_the_system_s_colours(opened) -> None:
    """Dark paper as soon as the system is dark, and light again after."""
    shown = opened(page(pack(*make()), title="Mine"))
    light, dark = "rgb(255, 255, 255)", "rgb(25, 28, 35)"
    for scheme, paper in (("light", light), ("dark", dark), ("light", light)):
        shown.emulate_media(color_scheme=scheme)

        expect(shown.locator("body")).to_have_css("background-color", paper)


# ------------------------------------------------------- one head, alone


@pytest.fixture
def head(opened) -> Page:
    """The step-through of one head, alone on a page."""
    scripts = "\n".join(asset(name) for name in SCRIPTS)
    shown = opened(
        "<!doctype html><html lang=en><title>One head</title>"
        f"<style>{style()}</style><main><h1>One head</h1>"
        """<div class="tg-demo" data-opts='{"kind": "head"}'></div></main>"""
        f"<script>{scripts}\ntutorgpt.mountAll();</script>"
    )
    yield shown
    assert opened.notes == [Visit()]


def weights(head: Page) -> list[str]:
    return (
        head.locator("tr")
        .filter(has=head.get_by_role("rowheader", name="weight", exact=True))
        .locator("td")
        .all_inner_texts()
    )


def test_the_six_steps_come_one_by_one(head: Page) -> None:
    """Each press adds a row; the last shows the sum."""
    rows = [head.locator("tbody tr").count()]
    for _ in range(5):
        press(head, "Next step")
        rows.append(head.locator("tbody tr").count())

    assert rows == [2, 3, 4, 5, 6, 7]
    assert "Sum:" in head.locator(".tg-scroll").inner_text()
    expect(head.get_by_role("button", name="Next step")).to_be_disabled()


def test_dragging_a_key_changes_the_weights(head: Page) -> None:
    """Pull the key of t along the query, and its weight grows."""
    for _ in range(4):
        press(head, "Next step")
    before = weights(head)
    tip = head.get_by_role("button", name="key of t")
    box = tip.bounding_box()
    head.mouse.move(box["x"] + 8, box["y"] + 8)
    head.mouse.down()
    head.mouse.move(box["x"] - 100, box["y"] - 60, steps=4)
    head.mouse.up()

    after = weights(head)
    assert float(after[0].split()[0]) > float(before[0].split()[0])


def test_arrow_keys_move_a_vector(head: Page) -> None:
    """What can be dragged can be moved without a mouse."""
    tip = head.get_by_role("button", name="query of h")
    tip.focus()
    head.keyboard.press("ArrowRight")

    name = tip.get_attribute("aria-label")
    assert name == "query of h: −0.50, 1.60. Arrow keys move it."


def test_as_it_opens_the_mask_has_something_to_hide(head: Page) -> None:
    """The mask's own step changes the picture and the table."""
    for _ in range(3):
        press(head, "Next step")
    masked = head.locator("tr", has_text="masked").locator("td")

    assert masked.all_inner_texts()[2:] == ["−∞", "−∞"]
    expect(head.locator(".tg-hidden-key")).to_have_count(2)


def test_the_head_is_there_again_and_can_begin_anew(head: Page) -> None:
    """Vectors, step, asker and mask; a button brings the start back."""
    start = head.locator("main").inner_text()
    head.get_by_role("button", name="key of t").press("ArrowUp")
    head.get_by_label("e", exact=True).check()
    head.get_by_label("causal mask").uncheck()
    for _ in range(5):
        head.get_by_role("button", name="Next step").press("Enter")
    held = head.evaluate("document.activeElement.textContent")
    before = head.locator("main").inner_text()
    head.reload()

    assert held == "Next step"
    assert head.locator("main").inner_text() == before != start
    expect(head.get_by_label("e", exact=True)).to_be_checked()
    expect(head.get_by_label("causal mask")).not_to_be_checked()
    press(head, "As at the start")
    assert head.locator("main").inner_text() == start


def test_the_mask_hides_what_comes_later(head: Page) -> None:
    """The first character sees itself alone, unless the mask is off."""
    for _ in range(4):
        press(head, "Next step")
    head.get_by_label("t", exact=True).check()
    masked = weights(head)
    head.get_by_label("causal mask").uncheck()

    assert masked == ["100 %", "0.0 %", "0.0 %", "0.0 %"]
    assert weights(head)[1] != "0.0 %"


def test_axe_finds_nothing_in_the_head(head: Page, axe: str) -> None:
    """The plane and its handles are named and reachable."""
    for _ in range(5):
        press(head, "Next step")

    assert serious(head, axe) == []


# ------------------------------------------------------------ what it refuses


def test_a_truncated_file_says_so(opened) -> None:
    """However much of the file is missing, the page is not blank."""
    text = page(pack(*make()), title="Mine")
    for share in (0.35, 0.6, 0.9, 0.999):
        shown = opened(text[: int(len(text) * share)])

        message = shown.locator("body").inner_text()
        assert re.search("incomplete|damaged|export", message), share


def test_a_corrupt_file_says_so(opened) -> None:
    """A changed weight and broken JSON both give a sentence."""
    text = page(pack(*make()), title="Mine")
    place = text.index('"weights": "') + 500
    other = "B" if text[place] == "A" else "A"
    for broken in (
        text[:place] + other + text[place + 1 :],
        text.replace('"format": 2', '"format": 2 oops'),
        text.replace("class Model", "clas Model"),
    ):
        shown = opened(broken)

        expect(shown.locator(".tg-demo")).to_contain_text("damaged")


@pytest.mark.parametrize(("n_layer", "bits"), [(2, 16), (3, 8), (5, 8)])
def test_no_page_is_too_large_to_send(n_layer: int, bits: int) -> None:
    """Whatever a page may hold, it stays below 4.5 MB, with fewer bits."""
    packed = pack(*make(n_embed=216, n_layer=n_layer))

    assert packed["snapshots"][0]["bits"] == bits
    assert len(page(packed, title="Mine").encode()) < 4_500_000


def test_a_pack_says_what_it_holds() -> None:
    """The format, the kinds and what they need come before the weights."""
    model, tokenizer = make()
    packed = pack(model, tokenizer)
    named = {name: packed[name] for name in ("format", "kind", "tokenizer")}

    assert named == {
        "format": 2,
        "kind": "GPT",
        "tokenizer": {
            "kind": "characters",
            "characters": tokenizer.characters,
        },
    }


def test_the_book_s_model_is_packed_as_yours() -> None:
    """demo.js holds what pack() writes today, with four ages of weights."""
    demo = json.loads(asset("demo.js").partition("demo = ")[2].rstrip("\n;"))
    packed = pack(*make())

    assert demo.keys() == packed.keys()
    assert demo["format"] == packed["format"]
    assert len(demo["snapshots"]) == 4


def test_a_large_model_is_refused_with_the_limit() -> None:
    """More than three million parameters: the numbers and what to do."""
    model, tokenizer = make(n_embed=512, n_layer=1)

    with pytest.raises(ValueError, match=r"3,\d{3},\d{3} param.*3,000,000"):
        pack(model, tokenizer)
    assert LIMIT == 3_000_000


@pytest.mark.parametrize("n_embed", [24, 20], ids=["even", "odd heads"])
def test_another_kind_of_model_is_refused(n_embed: int) -> None:
    """A bigram model has no attention to show, whatever its shape."""
    model, tokenizer = make(BigramModel, n_embed=n_embed)

    with pytest.raises(ValueError, match="BigramModel does not have the"):
        pack(model, tokenizer)


def test_a_model_that_computes_otherwise_is_refused() -> None:
    """The weights' names alone do not make it the model of the page."""

    class Doubled(GPT):
        def forward(self, tokens):
            return 2 * super().forward(tokens)

    model, tokenizer = make(Doubled)
    with pytest.raises(ValueError, match="computes other logits"):
        pack(model, tokenizer)


def test_positions_that_turn_at_other_speeds_are_refused() -> None:
    """What is no weight is compared too: the page would turn otherwise."""
    model, tokenizer = make(ModernGPT)
    assert pack(model, tokenizer)["kind"] == "ModernGPT"
    for block in model.blocks:
        block.multi_head.position = Rotary(6, 16, base=100.0)

    with pytest.raises(ValueError, match=r"compare its .* ModernGPT's"):
        pack(model, tokenizer)


@pytest.mark.parametrize("kind", [GPT, ModernGPT])
def test_a_class_of_ones_own_is_shown(kind: type[LanguageModel]) -> None:
    """A notebook's GPT is not the package's, and is as good."""
    model, tokenizer = make(kind)

    class Mine(LanguageModel):
        def __init__(self, config):
            super().__init__(config)
            for name, part in kind(config).named_children():
                setattr(self, name, part)

        def forward(self, tokens):
            return kind.forward(self, tokens)

    mine = Mine(model.config)
    mine.load_state_dict(model.state_dict())

    assert pack(mine, tokenizer) == pack(model, tokenizer)


def test_another_tokenizer_is_refused() -> None:
    """The vocabulary must be the model's."""
    model, _ = make()

    with pytest.raises(ValueError, match=r"vocab_size 40 .* knows 3"):
        pack(model, CharTokenizer.from_text("abc"))


def test_weights_that_are_not_finite_are_refused() -> None:
    """A model whose training blew up is not sent to a friend."""
    model, tokenizer = make()
    model.lm_head.bias.data[3] = 1e9

    with pytest.raises(ValueError, match=r"lm_head.bias .* not finite"):
        pack(model, tokenizer)


# ---------------------------------------------------------- three hosts


def test_every_script_is_loaded() -> None:
    """Beside the list stand only the book's models and the shared files."""
    own = {file.name for file in ASSETS.iterdir()}
    shared = {file.name for file in SHARED.iterdir()}
    listed = {*SCRIPTS, *STYLES}

    models = {"demo.js", "songci.js"}
    assert own | shared == listed | models | {"boot.js", "product.wat"}
    assert not own & shared


@pytest.mark.parametrize("kind", [GPT, ModernGPT])
def test_the_command_writes_the_page(
    kind: type[LanguageModel], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """tutorgpt export CHECKPOINT page.html says what it wrote."""
    save_checkpoint(tmp_path / "run", *make(kind))
    target = tmp_path / "page.html"
    code = main(["export", str(tmp_path / "run"), str(target)])

    assert code == 0
    assert "MB; open it in a browser" in capsys.readouterr().out
    assert "tutorgpt.mountAll()" in target.read_text(encoding="utf-8")


def test_the_command_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """A model that cannot be shown, a folder that is not there."""
    _, tokenizer = make()
    save_checkpoint(tmp_path / "b", BigramModel(make()[0].config), tokenizer)
    page = str(tmp_path / "page.html")

    assert main(["export", str(tmp_path / "b"), page]) == 2
    assert "chapters 5 and 6 and the ModernGPT" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "no"), page]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert not Path(page).exists()


def test_a_full_disk_leaves_no_half_page(tmp_path: Path) -> None:
    """A target that cannot be written is an error with its remedy."""
    target = tmp_path / "file"
    target.write_text("in the way")

    with pytest.raises(OSError, match="another folder"):
        export_html(*make(), target / "page.html")


def test_a_notebook_gets_a_widget_and_a_page() -> None:
    """JupyterLab takes the widget, the book takes the HTML."""
    pytest.importorskip("anywidget")
    bundle = play(*make(), prompt="R")._repr_mimebundle_()

    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert 'class="tg-demo"' in bundle["text/html"]
    assert "&quot;prompt&quot;: &quot;R&quot;" in bundle["text/html"]
    assert bundle["text/plain"] == "Playground(16,696 parameters)"


def test_without_the_lab_there_is_still_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """play needs no anywidget; the widget then is left out."""
    monkeypatch.setitem(sys.modules, "anywidget", None)
    bundle = play(*make())._repr_mimebundle_()

    assert set(bundle) == {"text/plain", "text/html"}


def test_the_widget_s_script_runs(browser: Browser, tmp_path: Path) -> None:
    """What JupyterLab loads as a module mounts the playground."""
    pytest.importorskip("anywidget")
    from tutorgpt.ground.tomorrow import living_script
    from tutorgpt.view.playground.widget import RENDER

    module = "\n".join(
        [*(asset(name) for name in SCRIPTS), living_script(), RENDER]
    )
    shown, notes = open_page(browser, "light")
    shown.goto("about:blank")
    packed = pack(*make())
    shown.evaluate(
        "async ([text, packed]) => {"
        " const url = URL.createObjectURL("
        "  new Blob([text], {type: 'text/javascript'}));"
        " const { default: widget } = await import(url);"
        " const values = { packed, options: {} };"
        " const el = document.body.appendChild("
        "  document.createElement('div'));"
        " widget.render({ model: { get: (n) => values[n] }, el }); }",
        [module, json.loads(json.dumps(packed))],
    )
    expect(shown.locator("[data-tg-ready=yes]")).to_have_count(1)
    shown.context.close()

    assert notes == Visit()
