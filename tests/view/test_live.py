"""The curve that grows while a model trains, in a real kernel."""

import builtins
import re
from copy import deepcopy
from math import inf, isfinite, nan
from xml.etree import ElementTree

import nbformat
import pytest
import torch
from nbclient import NotebookClient

from tutorgpt import BigramModel, ModelConfig, TrainConfig
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.floors import Floors
from tutorgpt.training import loop
from tutorgpt.training.engine.distributed import World
from tutorgpt.training.history import History
from tutorgpt.training.runs import RunFolder
from tutorgpt.training.steps import begin
from tutorgpt.view import live, train
from tutorgpt.view.live import curve
from tutorgpt.view.style import BLUE, GREEN, GREY, ORANGE, PURPLE

FLOORS = Floors(uniform=4.2, unigram=3.3, bigram=2.5)
PREPARE = """
import os
from tutorgpt import BigramModel, ModelConfig, TrainConfig
from tutorgpt.text.corpus import Corpus
from tutorgpt.view import train
corpus = Corpus.from_text("x", "to be or not to be. " * 40)
model = BigramModel(ModelConfig(
    vocab_size=corpus.tokenizer.vocab_size,
    block_size=4, n_embed=4, n_head=1, n_layer=1))
def run(progress):
    os.environ["TUTORGPT_PROGRESS"] = progress
    train(model, corpus, TrainConfig(max_steps=30, eval_interval=10))
"""


HELP = """
from tutorgpt.learn import hint, solution
hint("2.4"); solution("2.4")
"""
STOP = """
import os, signal
class Stops(BigramModel):
    def forward(self, tokens):
        if self.training:
            os.kill(os.getpid(), signal.SIGINT)
        return super().forward(tokens)
train(Stops(model.config), corpus, TrainConfig(max_steps=30))
"""
AGAIN = """
history = train(model, corpus, TrainConfig(max_steps=2, eval_interval=1))
older = history
loss = history.val_loss
"""
STOP_AGAIN = """
history = train(
    Stops(model.config),
    corpus,
    TrainConfig(max_steps=30),
)
"""
TELL = "print(history is older, [r.step for r in history.records])"
STOP_FOR_A_LOSS = """
loss = train(Stops(model.config), corpus, TrainConfig(max_steps=30)).val_loss
"""
ASK = "print('loss' in globals())"
FAIL = """
from dataclasses import replace
history = train(model, corpus, replace(TrainConfig(), learning_rate=1e38))
"""
SLIP = """
history = older
history = train(model, corpus, TrainConfig(max_steps=2), sample="to be")
"""
PAIRS = """
import torch
from tutorgpt.encoder_decoder import EncoderDecoder
from tutorgpt.view.encoder_decoder import train_translator
shape = ModelConfig(
    vocab_size=9, block_size=4, n_embed=4, n_head=1, n_layer=1)
def draw(count, generator):
    words = torch.randint(3, 9, (count, 3), generator=generator)
    return words, torch.cat([torch.ones_like(words[:, :1]), words], dim=1)
losses = train_translator(EncoderDecoder(shape), draw, max_steps=20)
"""
CELLS = {
    "prepare": PREPARE,
    "unwatched": "run('0')",
    "watched": "run('1')",
    "help": HELP,
    "stop": STOP,
    "again": AGAIN,
    "stop again": STOP_AGAIN,
    "tell": TELL,
    "stop for a loss": STOP_FOR_A_LOSS,
    "ask": ASK,
    "fail": FAIL,
    "tell of failing": TELL,
    "slip": SLIP,
    "tell of a slip": TELL,
    "pairs": PAIRS,
}


@pytest.fixture(scope="module")
def notebook() -> dict[str, nbformat.NotebookNode]:
    """The cells of a notebook that has run, errors and all."""
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS.values()]
    )
    NotebookClient(
        made, timeout=600, kernel_name="python3", allow_errors=True
    ).execute()
    return dict(zip(CELLS, made.cells, strict=True))


def drawings(cell: nbformat.NotebookNode) -> list[str]:
    """The curves that stand under a cell."""
    pages = [out.get("data", {}).get("text/html", "") for out in cell.outputs]
    return [page for page in pages if "<svg" in page]


def test_it_is_off_where_outputs_are_stored(notebook) -> None:
    """TUTORGPT_PROGRESS=0 leaves the output of a cell empty."""

    assert notebook["unwatched"].outputs == []


def test_it_grows_in_one_place(notebook) -> None:
    """One drawing, updated, that ends with the last measurement."""
    (drawn,) = drawings(notebook["watched"])

    assert drawn.count("<circle") == 4
    assert "bigram floor" in drawn


def test_help_is_drawn_as_markdown(notebook) -> None:
    """A hint and a solution with its formulas; plain text goes along."""
    hint, solution = (output.data for output in notebook["help"].outputs)

    assert hint["text/markdown"].startswith("**2.4 hint 1 of 3**")
    assert solution["text/markdown"].startswith("```python\nclass ")
    assert 'The bug is "positions forgotten"' in solution["text/plain"]


def test_a_stopped_run_says_where_in_one_sentence(notebook) -> None:
    """Between two steps, not in the middle of one."""
    error = notebook["stop"].outputs[-1]

    assert error.ename == "Stopped"
    assert error.evalue == (
        "stopped after step 1; the model keeps what it has learned"
    )
    assert len(error.traceback) < 8


def test_after_a_stop_history_is_that_of_the_model_there_is(notebook) -> None:
    """Not the run before, and the sentence says so."""
    error = notebook["stop again"].outputs[-1]

    assert error.evalue == (
        "stopped after step 1; the model keeps what it has learned; history "
        "has what was measured so far"
    )
    assert notebook["tell"].outputs[0].text == "False [0]\n"


def test_after_a_stop_a_loss_of_the_run_before_is_forgotten(notebook) -> None:
    """No number stands where none was measured."""
    assert notebook["stop for a loss"].outputs[-1].ename == "Stopped"
    assert notebook["ask"].outputs[0].text == "False\n"


def test_after_a_failure_history_is_not_the_run_before(notebook) -> None:
    """It ends with the last measurement that was a number."""
    assert notebook["fail"].outputs[-1].ename == "DivergedError"
    assert notebook["tell of failing"].outputs[0].text == "False [0]\n"


def test_after_a_slip_history_is_there_still(notebook) -> None:
    """A misspelt option trains nothing, so nothing is forgotten."""
    assert notebook["slip"].outputs[-1].ename == "TypeError"
    assert notebook["tell of a slip"].outputs[0].text == "True [0, 1, 2]\n"


def test_a_translator_has_a_curve_too(notebook) -> None:
    """Of its batches, with no floors and no dots, and a bar."""
    cell = notebook["pairs"]
    (drawn,) = drawings(cell)
    bars = [out.get("data", {}).get("text/plain", "") for out in cell.outputs]

    assert "EncoderDecoder: batch loss " in drawn
    assert drawn.count("<polyline") == 1
    assert "floor" not in drawn
    assert "dots" not in drawn
    assert any("/20 [" in bar for bar in bars)


def test_a_function_that_trains_keeps_its_names(monkeypatch) -> None:
    """Only the cell's own names are looked at."""
    monkeypatch.setattr(live, "in_notebook", lambda: True)
    history = before = History()

    with pytest.raises(ValueError, match="corpus"):
        history = train(*wrong_run())

    assert history is before


def wrong_run() -> tuple[BigramModel, Corpus, TrainConfig]:
    """A text that the model does not know."""
    model, _, config = small_run()
    return model, Corpus.from_text("y", "abcdefgh. " * 40), config


def small_run() -> tuple[BigramModel, Corpus, TrainConfig]:
    """What train wants, for three steps."""
    corpus = Corpus.from_text("x", "to be or not to be. " * 10)
    V = corpus.tokenizer.vocab_size
    model = BigramModel(
        ModelConfig(vocab_size=V, block_size=4, n_embed=4, n_head=1, n_layer=1)
    )
    return model, corpus, TrainConfig(max_steps=3, eval_interval=2)


def test_who_watches_is_told() -> None:
    """A watcher hears of every step, and again after a measurement."""
    steps = []

    def watcher(state, corpus):
        return lambda: steps.append(state.step)

    loop.train(*small_run(), watch=watcher)

    assert steps == [1, 2, 2, 3, 3]


@pytest.mark.parametrize(
    ("progress", "notebook", "drawn"),
    [("0", True, False), ("1", False, False), ("1", True, True)],
)
def test_the_curve_is_for_who_looks(
    monkeypatch, progress: str, notebook: bool, drawn: bool
) -> None:
    """A notebook's reader who has not turned progress off."""
    monkeypatch.setenv("TUTORGPT_PROGRESS", progress)
    monkeypatch.setattr(builtins, "__IPYTHON__", True, raising=False)
    monkeypatch.setattr(live, "in_notebook", lambda: notebook)
    model, corpus, config = small_run()
    state = begin(model, config, World())

    assert (live.watch(state, corpus) is not None) is drawn


def test_who_watches_may_decline(monkeypatch) -> None:
    """A watcher that returns nothing is not called again."""
    monkeypatch.setenv("TUTORGPT_PROGRESS", "1")
    monkeypatch.setattr(builtins, "__IPYTHON__", True, raising=False)

    assert loop.train(*small_run(), watch=lambda *_: None).records


def test_only_the_figures_train_draws(monkeypatch) -> None:
    """Importing tutorgpt.view changes nothing for who trains without it."""
    monkeypatch.setenv("TUTORGPT_PROGRESS", "1")
    monkeypatch.setattr(builtins, "__IPYTHON__", True, raising=False)
    monkeypatch.setattr(live, "in_notebook", lambda: True)
    made = []

    class Noted(live.LiveCurve):
        def draw(self) -> None:
            made.append((self.name, len(self.losses)))

    monkeypatch.setattr(live, "LiveCurve", Noted)
    loop.train(*small_run())

    assert made == []

    train(*small_run())

    # After the third step, and once more with the last measurement.
    assert made == [("BigramModel", 3), ("BigramModel", 3)]


def test_options_reach_the_training_loop(tmp_path) -> None:
    """What tutorgpt.train takes, the train with the curve takes too."""
    train(*small_run(), out=tmp_path / "run")

    assert list((tmp_path / "run").iterdir())


def heights(drawn: str) -> list[float]:
    """The y of each point of the batches' line, downwards from the top."""
    pairs = " ".join(re.findall(r'points="([^"]*)"', drawn)).split()
    return [float(pair.split(",")[1]) for pair in pairs]


def test_the_curve_is_the_numbers() -> None:
    """Steps run along x, losses along y, between the axis' own labels."""
    drawn = curve("GPT", 10, [(5, 4.0), (10, 3.0)], [(0, 4.0)], FLOORS)
    labels = dict(re.findall(r'x="40.0" y="([\d.]+)"[^>]*end">(\d)<', drawn))
    at = {int(loss): float(y) - 4 for y, loss in labels.items()}
    (line,) = re.findall(r'points="([^"]*)"', drawn)
    steps = dict(re.findall(r'x="([\d.]+)" y="239.0"[^>]*>(\d+)<', drawn))
    x = {int(step): float(place) + 8 for place, step in steps.items()}

    assert set(at) == {3, 4}
    assert at[4] < at[3]  # an SVG's y grows downwards
    assert line == f"{x[5]},{at[4]} {x[10]},{at[3]}"
    assert f'<circle cx="{x[0]}" cy="{at[4]}"' in drawn


def test_the_curve_says_what_is_what() -> None:
    """Blue batches, orange dots, a floor in its colour, nats per character."""
    drawn = curve("GPT", 10, [(1, 4.0)], [(0, 4.2)], FLOORS)
    floors = re.findall(r'stroke="(#\w+)" stroke-dasharray.*? floor<', drawn)
    named = re.findall(r'fill="(#\w+)"[^>]*>(\w+) floor<', drawn)

    assert re.search(f'<polyline [^>]*stroke="{BLUE}"', drawn)
    assert re.search(f'<circle [^>]*fill="{ORANGE}"', drawn)
    assert floors == [GREY, PURPLE, GREEN]
    assert named == [
        (GREY, "uniform"),
        (PURPLE, "unigram"),
        (GREEN, "bigram"),
    ]
    assert "loss (nats per character): line, batches; dots, valid" in drawn
    assert 'aria-label="GPT: validation loss 4.200"' in drawn


STATES = [nan, inf, -inf, 1e5, 1e30, 1e300, -1e30, -5.0, 0.0, 1e-300]
"""Losses that no model should have, and some have."""


@pytest.mark.parametrize("loss", STATES)
@pytest.mark.parametrize("floors", [FLOORS, None], ids=["floors", "none"])
def test_whatever_a_loss_is_the_page_can_show_it(
    loss: float, floors: Floors | None
) -> None:
    """A whole run of it: one SVG that parses, few labels, few bytes."""
    points = [(step, loss) for step in range(1, 101)]
    measured = [(step, loss) for step in range(0, 101, 10)]
    drawn = curve("GPT", 100, points, measured, floors)
    tree = ElementTree.fromstring(drawn)
    labels = re.findall(r'text-anchor="end">([^<]+)<', drawn)
    words = [text.text or "" for text in tree.iter("text")]

    assert len(labels) <= live.MOST_LABELS + 1
    assert len(drawn) < 8000
    assert max(len(word) for word in words) < 80
    assert "nan" not in " ".join(re.findall(r'[dxy]="([^"]*)"', drawn))
    finite = isfinite(loss)
    assert ("no finite loss at step 0<" in drawn) is not finite
    assert drawn.count("<circle") == 11 * finite


def test_a_run_at_a_rate_of_100_draws_little(monkeypatch) -> None:
    """A real one, whose loss goes far above ln V: no large drawing."""
    pages = []
    monkeypatch.setenv("TUTORGPT_PROGRESS", "1")
    monkeypatch.setattr(builtins, "__IPYTHON__", True, raising=False)
    monkeypatch.setattr(live, "in_notebook", lambda: True)
    monkeypatch.setattr(live, "INTERVAL", 0.0)
    monkeypatch.setattr(live.Page, "show", lambda _, page: pages.append(page))
    model, corpus, _ = small_run()
    config = TrainConfig(max_steps=200, eval_interval=20, learning_rate=100.0)

    history = train(model, corpus, config)

    assert max(r.val_loss for r in history.records) > 20
    assert 50 < len(pages) < 150
    assert max(map(len, pages)) < 8000


@pytest.mark.parametrize("loss", [0.1, 12.0, 583.0, 1e30])
def test_the_axis_has_few_labels(loss: float) -> None:
    """However high a loss goes, a handful of round numbers stand there."""
    drawn = curve("GPT", 10, [(1, loss)], [(0, 4.2)], FLOORS)
    labels = re.findall(r'text-anchor="end">([^<]+)<', drawn)

    assert 2 <= len(labels) <= live.MOST_LABELS
    assert len(drawn) < 3000


@pytest.mark.parametrize("lost", [nan, inf, -inf])
def test_a_loss_that_is_no_number_leaves_a_gap(lost: float) -> None:
    """The rest is drawn as if it were not there, and words say where."""
    points = [(10, 4.0), (20, 3.9), (30, lost), (40, 3.8)]
    drawn = curve("GPT", 40, points, [(0, 4.2), (40, lost)], FLOORS)
    whole = curve("GPT", 40, [*points[:2], points[3]], [(0, 4.2)], FLOORS)

    assert heights(drawn) == heights(whole)
    assert (drawn.count("<polyline"), drawn.count("<circle")) == (2, 1)
    assert "no finite loss at step 30<" in drawn
    assert "no finite loss" not in whole


def test_a_name_is_text() -> None:
    """A class of the reader's own cannot put tags into the page."""
    drawn = curve("<b>", 10, [(1, 4.0)], [(0, 4.2)], FLOORS)

    assert "<b>" not in drawn
    assert "&lt;b&gt;: validation loss 4.200" in drawn


def test_all_losses_are_inside_the_picture() -> None:
    """A loss above the uniform floor, as at the start, is drawn too."""
    drawn = curve("GPT", 10, [(1, 9.0), (10, 0.5)], [(0, 9.5)], FLOORS)

    assert len(heights(drawn)) == 2
    assert all(0 < y < 260 for y in heights(drawn))


def test_the_losses_are_per_what_a_token_is() -> None:
    """A byte, where the text is cut into bytes."""
    drawn = curve("GPT", 10, [(1, 4.0)], [(0, 4.2)], FLOORS, unit="byte")

    assert "loss (nats per byte): line" in drawn
    assert "character" not in drawn


def test_samples_stand_under_the_curve(monkeypatch, tmp_path) -> None:
    """What is written at 0, 1, 10 and 100 %, escaped; weights are equal.

    The run's folder keeps it.
    """
    shown = []

    class Shown:
        update = shown.append

    def display(drawing, display_id):
        shown.append(drawing)
        return Shown

    monkeypatch.setenv("TUTORGPT_PROGRESS", "1")
    monkeypatch.setattr(builtins, "__IPYTHON__", True, raising=False)
    monkeypatch.setattr(live, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", display)
    model, corpus, config = small_run()
    alike = deepcopy(model)
    train(model, corpus, config, samples="to ", out=tmp_path / "run")
    monkeypatch.setattr(live, "in_notebook", lambda: False)
    train(alike, corpus, config)
    drawn = shown[-1].data

    for step in (0, 1, 3):
        assert f"<p>after step {step} it writes:</p><pre>to " in drawn
    kept = RunFolder(tmp_path / "run").samples()
    assert list(kept) == [0, 1, 3]
    assert all(text.startswith("to ") for text in kept.values())
    assert live.samples_below({1: "<b>"}).endswith("<pre>&lt;b&gt;</pre>")
    for one, other in zip(model.parameters(), alike.parameters(), strict=True):
        assert torch.equal(one, other)
