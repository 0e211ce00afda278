"""The next day in JupyterLab: what was answered is there, and goes on."""

from collections.abc import Iterator

import pytest
from browser_tools import browser
from lab_tools import Lab, Server, open_lab
from playwright.sync_api import Browser, Locator, expect

__all__ = ["browser"]  # a fixture: used by its name

pytestmark = pytest.mark.slow

PREDICT = (
    'from tutorgpt.learn import predict, predicted, quiz\npredict("1.p2")'
)
PREDICTED = 'predicted("1.p2", 4.437)'
QUIZ = "quiz(1)"
PLAY = """import torch
from tutorgpt import CharTokenizer, GPT, ModelConfig
from tutorgpt.view.playground import play
tokenizer = CharTokenizer.from_text("To be, or not to be.")
config = ModelConfig(vocab_size=tokenizer.vocab_size, n_embed=8, n_head=2,
                     n_layer=1, block_size=8)
play(GPT(config), tokenizer)"""
CURVE = """from tutorgpt import BigramModel, TrainConfig
from tutorgpt.text.corpus import Corpus
from tutorgpt.view import train
corpus = Corpus.from_text("x", "to be or not to be. " * 40)
config = ModelConfig(vocab_size=corpus.tokenizer.vocab_size, n_embed=4,
                     n_head=1, n_layer=1, block_size=4)
_ = train(BigramModel(config), corpus,
          TrainConfig(max_steps=30, eval_interval=10))"""
ALL = (PREDICT, PREDICTED, QUIZ, PLAY, CURVE)


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
    server.record.unlink(missing_ok=True)
    name = request.node.name
    server.write_notebook(name, *ALL)
    opened = open_lab(browser, server, name)
    for number in range(len(ALL)):
        opened.run(number)
    yield opened
    opened.page.context.close()


def question(lab: Lab, id: str) -> Locator:
    return lab.page.locator(f'form[data-id="{id}"]')


def told(lab: Lab, id: str) -> Locator:
    return lab.page.locator(f'div.tg-q[data-id="{id}"] .tg-q-verdict')


def write(lab: Lab, id: str, text: str) -> None:
    box = question(lab, id).get_by_role("textbox")
    box.fill(text)
    box.press("Enter")


def test_try(lab: Lab) -> None:
    page = lab.page
    write(lab, "1.p2", "9")
    expect(told(lab, "1.p2")).to_contain_text("You wrote 9")
    page.screenshot(path="/tmp/nd/t.png")
    lab.save()
    print(lab.server.kept())
    lab.open()
    page.wait_for_timeout(3000)
    page.screenshot(path="/tmp/nd/t2.png")
    lab.restart()
    page.wait_for_timeout(3000)
    page.screenshot(path="/tmp/nd/t3.png")
    lab.open()
    page.wait_for_timeout(3000)
    page.screenshot(path="/tmp/nd/t4.png")
