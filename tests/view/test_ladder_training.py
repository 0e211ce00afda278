"""The ladder that trains in the page, against PyTorch, in a real browser."""

import base64
import json
from functools import cache
from importlib.resources import files

import numpy as np
import pytest
import torch
from browser_tools import browser, page_with
from playwright.sync_api import Browser, Page
from torch import Tensor

from tutorgpt import GPT, LADDER, LanguageModel, ModelConfig, load_corpus
from tutorgpt.config import CHAPTER, TrainConfig
from tutorgpt.text.batches import sample_batch
from tutorgpt.text.floors import measure_floors
from tutorgpt.text.split import Corpus
from tutorgpt.training.loss import exact_loss, next_token_loss
from tutorgpt.training.optimizer import build_optimizers
from tutorgpt.view.living import asset

__all__ = ["browser"]  # a fixture: used by its name

ASSETS = files("tutorgpt.view.ladder") / "assets"
TRAINER = (
    "random.js",
    "product.js",
    "tape.js",
    "rungs.js",
    "adamw.js",
    "corpus.js",
    "run.js",
    "serve.js",
)
TEXTS = {"plays": ("shakespeare", 30_000), "poems": ("songci", 12_000)}
RUNGS = [kind.__name__ for kind in LADDER]
STEPS = 50
GRADIENTS, LOSSES, WEIGHTS = 1e-4, 1e-3, 1e-3
"""How far the page may be from PyTorch: a gradient, as a share of its
length; a loss; a weight after STEPS steps."""

READ = """window.floatsOf = (base64) => new Float32Array(
  Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer);
window.base64Of = (floats) => {
  const bytes = new Uint8Array(floats.buffer, floats.byteOffset,
    floats.byteLength);
  let text = "";
  for (let n = 0; n < bytes.length; n += 32768)
    text += String.fromCharCode(...bytes.subarray(n, n + 32768));
  return btoa(text);
};
window.fill = (weights) => {
  for (const weight of run.list) {
    weight.data.set(floatsOf(weights[weight.name]));
    weight.stale = true;
  }
};
window.table = (what) => Object.fromEntries(
  run.list.map((weight) => [weight.name, base64Of(weight[what])]));"""


@cache
def corpus_of(name: str) -> Corpus:
    """A beginning of a real text: few characters, or many."""
    source, length = TEXTS[name]
    return Corpus.from_text(name, load_corpus(source).text[:length])


@cache
def model_of(rung: str, name: str, dtype: torch.dtype) -> LanguageModel:
    """One rung with PyTorch's own start."""
    kind = next(kind for kind in LADDER if kind.__name__ == rung)
    vocab_size = corpus_of(name).tokenizer.vocab_size
    config = CHAPTER.model(vocab_size=vocab_size)
    torch.manual_seed(1337)
    return kind(config).to(dtype)


@cache
def batches(name: str) -> list[tuple[Tensor, Tensor]]:
    """The same for the page and for PyTorch."""
    generator = torch.Generator().manual_seed(1337)
    return [
        sample_batch(corpus_of(name).train, 32, 32, generator)
        for _ in range(STEPS)
    ]


def text_of(floats: Tensor) -> str:
    """Numbers as base64, for the page."""
    return base64.b64encode(floats.detach().float().numpy().tobytes()).decode()


def numbers(text: str, like: Tensor) -> Tensor:
    """Base64 from the page as numbers."""
    flat = np.frombuffer(base64.b64decode(text), dtype="<f4").copy()
    return torch.from_numpy(flat).view(like.shape).to(like.dtype)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    """An empty page with the trainer in it."""
    empty = page_with(browser, *(asset(ASSETS, name) for name in TRAINER))
    empty.evaluate(f"() => {{ {READ} }}")
    return empty


def begin(page: Page, rung: str, name: str, **changes) -> None:
    """A run in the page; PyTorch's weights follow."""
    spec = {"text": corpus_of(name).text, "rung": rung} | changes
    page.evaluate("(spec) => { window.run = new tutorgpt.Run(spec) }", spec)


def fill(page: Page, model: LanguageModel) -> None:
    """The page's run gets these weights."""
    weights = {n: text_of(w) for n, w in model.state_dict().items()}
    page.evaluate("(weights) => fill(weights)", weights)


def told(batch: tuple[Tensor, Tensor]) -> dict[str, list[int]]:
    """A batch as the page takes it."""
    tokens, targets = (part.flatten().tolist() for part in batch)
    return {"tokens": tokens, "targets": targets}


def fresh(rung: str, name: str, dtype: torch.dtype) -> LanguageModel:
    """A copy that a test may train."""
    model = model_of(rung, name, dtype)
    copy = type(model)(model.config).to(dtype)
    copy.load_state_dict(model.state_dict())
    return copy


@pytest.mark.parametrize("simd", [True, False], ids=["kernel", "plain"])
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("rung", RUNGS)
def test_gradients_agree(
    page: Page, rung: str, name: str, *, simd: bool
) -> None:
    """Every weight's gradient, within a ten-thousandth of its length."""
    begin(page, rung, name, simd=simd)
    model = fresh(rung, name, torch.float32)
    fill(page, model)
    tokens, targets = batches(name)[0]
    loss = next_token_loss(model(tokens), targets)
    loss.backward()
    found = page.evaluate(
        "(batch) => ({loss: run.gradients(batch), grad: table('grad')})",
        told((tokens, targets)),
    )
    facts = page.evaluate("run.facts")

    assert facts["simd"] is simd
    assert facts["parameters"] == sum(p.numel() for p in model.parameters())
    assert found["loss"] == pytest.approx(loss.item(), abs=1e-5)
    assert set(found["grad"]) == set(dict(model.named_parameters()))
    for key, parameter in model.named_parameters():
        expected = parameter.grad
        difference = numbers(found["grad"][key], expected) - expected

        assert expected.norm() > 0, key
        assert difference.norm() <= GRADIENTS * expected.norm(), key


def train(model: LanguageModel, name: str) -> list[float]:
    """PyTorch's own steps; the losses before each."""
    dtype = next(model.parameters()).dtype
    [optimizer] = build_optimizers(model, TrainConfig())
    losses = []
    for tokens, targets in batches(name):
        optimizer.zero_grad()
        loss = next_token_loss(model(tokens), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert next(model.parameters()).dtype == dtype
    return losses


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("rung", RUNGS)
def test_fifty_steps_agree(page: Page, rung: str, name: str) -> None:
    """The losses on the way, and every weight at the end.

    Where a weight's gradients are as small as rounding, AdamW still takes
    steps of full length: there PyTorch in 32 bits must be as far from
    PyTorch in 64 as the page is.
    """
    begin(page, rung, name)
    model = fresh(rung, name, torch.float32)
    fill(page, model)
    exact = fresh(rung, name, torch.float64)
    losses = page.evaluate(
        "(batches) => batches.map((batch) => run.step(batch))",
        [told(batch) for batch in batches(name)],
    )
    expected, _ = train(model, name), train(exact, name)
    found = page.evaluate("table('data')")

    assert losses == pytest.approx(expected, abs=LOSSES)
    assert expected[-1] < expected[0] - 0.2
    twins = dict(exact.named_parameters())
    for key, parameter in model.named_parameters():
        page_is = numbers(found[key], parameter)
        difference = (page_is - parameter).abs().max().item()
        own = (parameter - twins[key].float()).abs().max().item()

        assert difference <= max(WEIGHTS, 3 * own), key
