"""The curve that grows while a model trains, in a real kernel."""

import builtins

import nbformat
import pytest
from nbclient import NotebookClient

from tutorgpt import BigramModel, ModelConfig, TrainConfig, train
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.floors import Floors
from tutorgpt.training import reports
from tutorgpt.view.live import curve

FLOORS = Floors(uniform=4.2, unigram=3.3, bigram=2.5)
PREPARE = """
import os
from tutorgpt import BigramModel, ModelConfig, TrainConfig, train
from tutorgpt.text.corpus import Corpus
import tutorgpt.view
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


@pytest.fixture(scope="module")
def notebook() -> nbformat.NotebookNode:
    """A notebook that trained twice: unwatched, and watched."""
    cells = [PREPARE, "run('0')", "run('1')", HELP, STOP]
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells]
    )
    NotebookClient(
        made, timeout=600, kernel_name="python3", allow_errors=True
    ).execute()
    return made


def test_it_is_off_where_outputs_are_stored(notebook) -> None:
    """TUTORGPT_PROGRESS=0 leaves the output of a cell empty."""

    assert notebook.cells[1].outputs == []


def test_it_grows_in_one_place(notebook) -> None:
    """One drawing, updated, that ends with the last measurement."""
    drawings = [
        output.data["text/html"]
        for output in notebook.cells[2].outputs
        if "<svg" in output.get("data", {}).get("text/html", "")
    ]

    assert len(drawings) == 1
    assert drawings[0].count("<circle") == 4
    assert "bigram floor" in drawings[0]


def test_help_is_drawn_as_markdown(notebook) -> None:
    """A hint and a solution with its formulas; plain text goes along."""
    hint, solution = (output.data for output in notebook.cells[3].outputs)

    assert hint["text/markdown"].startswith("**2.4 hint 1 of 3**")
    assert solution["text/markdown"].startswith("```python\nclass ")
    assert 'The bug is "positions forgotten"' in solution["text/plain"]


def test_a_stopped_run_says_where_in_one_sentence(notebook) -> None:
    """Between two steps, not in the middle of one."""
    error = notebook.cells[4].outputs[-1]

    assert error.ename == "Stopped"
    assert error.evalue == (
        "stopped after step 1; the model keeps what it has learned"
    )
    assert len(error.traceback) < 8


@pytest.mark.parametrize("progress", ["0", "1"])
def test_only_who_watches_is_told(monkeypatch, progress: str) -> None:
    """A watcher hears of every step, and of nothing where nobody looks."""
    monkeypatch.setenv("TUTORGPT_PROGRESS", progress)
    monkeypatch.setattr(builtins, "__IPYTHON__", True, raising=False)
    steps = []

    def watcher(state, corpus):
        return lambda: steps.append(state.step)

    monkeypatch.setattr(reports, "watchers", [watcher])
    corpus = Corpus.from_text("x", "to be or not to be. " * 10)
    V = corpus.tokenizer.vocab_size
    model = BigramModel(
        ModelConfig(vocab_size=V, block_size=4, n_embed=4, n_head=1, n_layer=1)
    )
    train(model, corpus, TrainConfig(max_steps=3, eval_interval=2))

    assert steps == ([1, 2, 3, 3] if progress == "1" else [])


def test_a_name_is_text() -> None:
    """A class of the reader's own cannot put tags into the page."""
    drawn = curve("<b>", 10, [(1, 4.0)], [(0, 4.2)], FLOORS)

    assert "<b>" not in drawn
    assert "&lt;b&gt;: validation loss 4.200" in drawn


def test_all_losses_are_inside_the_picture() -> None:
    """A loss above the uniform floor, as at the start, is drawn too."""
    drawn = curve("GPT", 10, [(1, 9.0), (10, 0.5)], [(0, 9.5)], FLOORS)
    heights = [
        float(y)
        for pair in drawn.split('points="')[1].split('"')[0].split()
        for y in pair.split(",")[1:]
    ]

    assert all(0 < y < 260 for y in heights)
