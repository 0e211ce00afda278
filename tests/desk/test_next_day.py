"""The next day in JupyterLab: what was answered is there, and goes on."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_tools import PATIENCE, browser
from lab_tools import PLAIN, Lab, Server, open_lab
from playwright.sync_api import Browser, Locator, expect

__all__ = ["browser"]  # a fixture: used by its name

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow

PREDICT = """from tutorgpt.learn import predict, predicted, quiz
predict("1.p2")"""
PREDICTED = 'predicted("1.p2", 4.437)'
QUIZ = "quiz(1)"
PLAY = """import torch
from tutorgpt import CharTokenizer, GPT, ModelConfig
from tutorgpt.view.playground import play
tokenizer = CharTokenizer.from_text("To be, or not to be.")
config = ModelConfig(vocab_size=tokenizer.vocab_size, n_embed=8, n_head=2,
                     n_layer=1, block_size=8)
play(GPT(config), tokenizer)"""
FIGURE = """from tutorgpt.view.interactive import interactive
interactive("slope")"""
CURVE = """from tutorgpt import BigramModel, TrainConfig
from tutorgpt.text.corpus import Corpus
from tutorgpt.view import train
corpus = Corpus.from_text("x", "to be or not to be. " * 40)
config = ModelConfig(vocab_size=corpus.tokenizer.vocab_size, n_embed=4,
                     n_head=1, n_layer=1, block_size=4)
_ = train(BigramModel(config), corpus,
          TrainConfig(max_steps=30, eval_interval=10))"""
CHAPTER = REPOSITORY / "notebooks" / "07_looking_inside.ipynb"
"""The chapter with a playground."""
ALL = (PREDICT, PREDICTED, QUIZ, PLAY, CURVE, FIGURE)

PLAYGROUND = "[data-tg-ready=yes].tg-ui:not(.tg-figure)"
MOVABLE = "[data-tg-ready=yes].tg-figure"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests here."""
    made = Server(tmp_path_factory.mktemp("lab") / "desk")
    made.folder.mkdir()
    made.start()
    yield made
    made.kill()


@pytest.fixture
def lab(
    server: Server, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Lab]:
    """A notebook that was run, and nothing kept so far."""
    if not server.answers():  # a test that killed it has failed
        server.start()
    server.record.unlink(missing_ok=True)
    name = request.node.name
    server.write_notebook(name, *ALL)
    opened = open_lab(browser, server, name)
    for number in range(len(ALL)):
        opened.run(number)
    yield opened
    opened.page.context.close()
    if server.answers():
        server.end_kernels()


def question(lab: Lab, id: str) -> Locator:
    """A question that is asked."""
    return lab.page.locator(f'form[data-id="{id}"]')


def verdict(lab: Lab, id: str, role: str = "form") -> Locator:
    """What is said to an answer; role "div": to a prediction that is told."""
    return lab.page.locator(f'{role}.tg-q[data-id="{id}"] .tg-q-verdict')


def write(lab: Lab, id: str, text: str) -> None:
    """Answer with a number, even while a dialog takes the keys."""
    form = question(lab, id)
    form.get_by_role("textbox").fill(text)
    form.evaluate("(form) => form.requestSubmit()")


def expect_kept(lab: Lab, **answers: str) -> None:
    """Wait until the record holds these answers; 1.p2 is named p2 here."""
    wanted = {f"1.{name}": answer for name, answer in answers.items()}
    end = time.monotonic() + PATIENCE / 1000
    while lab.server.kept() != wanted:
        assert time.monotonic() < end, lab.server.kept()
        lab.page.wait_for_timeout(50)


def expect_alive(lab: Lab) -> None:
    """Everything can be used: a kernel stands behind it."""
    expect(question(lab, "1.p2").get_by_role("textbox")).to_be_enabled()
    expect(lab.page.locator(".tg-q-count")).to_have_count(1)
    expect(lab.page.locator(PLAYGROUND)).to_have_count(1)
    expect(lab.page.locator(MOVABLE)).to_have_count(1)
    expect(lab.page.locator(".tg-q-kept")).to_have_count(0)


def expect_readable(lab: Lab, *, prediction: str) -> None:
    """Everything can be read, with what was kept, before anything is run."""
    page = lab.page
    expect(question(lab, "1.p2")).to_be_visible()
    expect(question(lab, "1.p2").get_by_role("textbox")).to_have_count(0)
    expect(verdict(lab, "1.p2")).to_contain_text(f"answer: {prediction} nats")
    expect(verdict(lab, "1.p2", "div")).to_contain_text(
        f"You wrote {prediction} nats"
    )
    expect(page.get_by_text("1 of 7 answered, 1 right.")).to_be_visible()
    expect(verdict(lab, "1.q1")).to_contain_text("1.3863 Right.")
    expect(page.get_by_text("run this cell")).to_have_count(2)
    expect(page.locator(PLAYGROUND)).to_have_count(1)
    expect(page.locator(MOVABLE)).to_have_count(1)
    expect(page.locator("svg[aria-label*=validation]")).to_be_visible()
    expect(page.get_by_text("not found")).to_have_count(0)
    expect(page.get_by_text("0%|")).to_have_count(0)


def answer(lab: Lab) -> None:
    """A prediction and a question, both kept."""
    write(lab, "1.p2", "9")
    write(lab, "1.q1", "1.3863")
    expect_kept(lab, p2="9", q1="1.3863")


def test_a_page_loaded_again_shows_the_living(lab: Lab) -> None:
    """Reloaded, or closed and opened: all is alive, and shows the answers."""
    answer(lab)
    lab.save()
    for again in (lab.open, lab.open_anew):
        again()
        expect_alive(lab)
        expect(
            lab.page.get_by_text("1 of 7 answered, 1 right")
        ).to_be_visible()
        expect(verdict(lab, "1.p2")).to_contain_text("Kept: 9")
        expect(verdict(lab, "1.p2", "div")).to_contain_text("You wrote 9")
    write(lab, "1.p2", "8")
    expect_kept(lab, p2="8", q1="1.3863")
    lab.open()
    expect(verdict(lab, "1.p2")).to_contain_text("Kept: 8")


def test_after_a_restart_an_answer_waits_for_the_cell(lab: Lab) -> None:
    """It says so above the questions, and the cell run again keeps it."""
    answer(lab)
    lab.restart()
    notice = lab.page.locator(".tg-q-notice")
    expect(notice.first).to_contain_text("The kernel was restarted")
    write(lab, "1.p2", "8")
    expect(notice.first).to_contain_text("is kept when you run the cell")
    expect(question(lab, "1.p2")).to_contain_text("Not kept yet")
    expect_kept(lab, p2="9", q1="1.3863")
    lab.run(0)
    expect_kept(lab, p2="8", q1="1.3863")
    expect(lab.page.get_by_text("Not kept yet")).to_have_count(0)
    expect(verdict(lab, "1.p2")).to_contain_text("Kept: 8")
    write(lab, "1.p2", "7")
    expect_kept(lab, p2="7", q1="1.3863")


def test_when_a_kernel_dies_its_pages_stay(lab: Lab) -> None:
    """An answer waits; the page loaded again can be read, and goes on."""
    answer(lab)
    lab.save()
    lab.kill_kernel()
    write(lab, "1.p2", "8")
    expect(question(lab, "1.p2")).to_contain_text("Not kept yet")
    lab.open()
    expect_readable(lab, prediction="9")
    lab.run(0)
    expect_kept(lab, p2="8", q1="1.3863")


def test_the_next_day_everything_can_be_read(lab: Lab) -> None:
    """Saved twice, shut down, opened, saved twice again, opened, gone on.

    The file holds no view of a widget, no style and no script: any program
    shows the page with its answers.
    """
    answer(lab)
    lab.save()
    lab.save()
    lab.shut_down()
    lab.open_anew()
    expect_readable(lab, prediction="9")
    lab.save()
    lab.save()
    written = lab.file.read_text("utf-8")
    lab.open()
    expect_readable(lab, prediction="9")
    lab.run(0)
    write(lab, "1.p2", "8")
    expect_kept(lab, p2="8", q1="1.3863")

    assert "You wrote 9 nats per character." in written
    for part in ("widget-view", "keepKeys", "<style>", "tutorgpt_view"):
        assert part not in written


def test_when_the_server_dies_nothing_kept_is_lost(lab: Lab) -> None:
    """A new one shows what was kept, and keeps what waited in the tab."""
    answer(lab)
    lab.save()
    lab.server.kill()
    write(lab, "1.p2", "8")
    expect(question(lab, "1.p2")).to_contain_text("Not kept yet")
    lab.server.start()
    lab.open()
    expect_readable(lab, prediction="9")
    lab.run(0)
    expect_kept(lab, p2="8", q1="1.3863")


def test_the_keyboard_alone_is_enough(lab: Lab) -> None:
    """Tab leads into a question, Enter answers, Escape leads back."""
    keys = lab.page.keyboard
    keys.press("Escape")
    for _ in ALL:
        keys.press("ArrowUp")
    keys.press("Tab")
    keys.type("b9")  # b alone would make JupyterLab add a cell
    keys.press("Enter")
    expect(verdict(lab, "1.p2")).to_contain_text("Write a number")
    keys.press("Backspace")
    keys.press("Backspace")
    keys.type("9")
    keys.press("Enter")
    expect_kept(lab, p2="9")
    before = lab.file.stat().st_mtime_ns
    keys.press("Control+s")
    lab.wait_until_written(before)  # a slow machine takes no keys meanwhile
    keys.press("Escape")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(lab.cell(2)).to_have_class(re.compile("jp-mod-active"))
    first = question(lab, "1.q1")
    for part in (
        first.get_by_role("textbox"),
        first.get_by_role("button"),
        question(lab, "1.q2").get_by_role("radio").first,
    ):
        keys.press("Tab")
        expect(part).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(verdict(lab, "1.q2")).to_contain_text("Not this one.")
    expect_kept(lab, p2="9", q2="b")
    expect(lab.page.locator(".jp-Notebook .jp-Cell")).to_have_count(
        len(ALL) + 1
    )


def test_a_figure_keeps_its_keys(lab: Lab) -> None:
    """Arrows move its point and no cell; the file keeps its picture."""
    figure = lab.page.locator(MOVABLE)
    point = figure.get_by_role("slider").first
    point.focus()
    for key in ("ArrowUp", "ArrowRight", "b", "PageUp"):
        lab.page.keyboard.press(key)

    expect(point).to_be_focused()
    expect(point).to_have_attribute("aria-valuenow", "0.74")
    cells = lab.page.locator(".jp-Notebook .jp-Cell")
    expect(cells).to_have_count(len(ALL) + 1)
    lab.save()
    assert "tg-f-sheet" in lab.file.read_text("utf-8")


def test_a_copy_shows_everything_when_it_is_first_opened(
    server: Server, browser: Browser
) -> None:
    """A chapter as it is handed out: its quiz, and a model to play with."""
    server.record.unlink(missing_ok=True)
    server.copy_notebook(CHAPTER)
    lab = open_lab(browser, server, CHAPTER.stem)
    play = lab.page.locator("[data-tg-ready=yes].tg-ui")
    asked = lab.page.get_by_text("0 of 7 answered")
    expect(play).to_have_count(1)
    expect(asked).to_have_count(1)
    width = asked.evaluate(
        "(line) => getComputedStyle(line.parentElement).borderTopWidth"
    )
    lab.page.context.close()

    assert width == "1px", "its style is not applied"


def test_a_plain_lab_says_what_to_do(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Where a model is not found, one line says that nothing is lost."""
    server = Server(tmp_path_factory.mktemp("plain") / "folder", PLAIN)
    server.folder.mkdir()
    try:
        server.start()
        server.write_notebook("plain", PREDICT)
        lab = open_lab(browser, server, "plain")
        lab.run(0)
        write(lab, "1.p2", "9")
        expect_kept(lab, p2="9")
        expect(lab.page.get_by_text("nothing is lost")).to_be_hidden()
        lab.save()
        lab.shut_down()
        lab.open_anew()
        expect(lab.page.get_by_text("model not found")).to_be_visible()
        line = lab.page.get_by_text("nothing is lost")
        expect(line).to_be_visible()
        lab.run(0)
        expect(verdict(lab, "1.p2")).to_contain_text("Kept: 9")
        expect(line).to_be_hidden()
    finally:
        server.kill()
