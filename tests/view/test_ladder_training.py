"""The ladder that trains in the page, against PyTorch, in a real browser."""

import base64
import json
from dataclasses import asdict
from functools import cache

import numpy as np
import pytest
import torch
from browser_tools import browser, page_with
from playwright.sync_api import Browser, Page
from torch import Tensor

from tutorgpt import LADDER, LanguageModel, load_corpus
from tutorgpt.config import CHAPTER, TrainConfig
from tutorgpt.text.batches import sample_batch
from tutorgpt.text.floors import measure_floors
from tutorgpt.text.split import Corpus
from tutorgpt.training.loss import exact_loss, next_token_loss
from tutorgpt.training.optimizer import build_optimizers
from tutorgpt.view.ladder.page import WORKER, asset

__all__ = ["browser"]  # a fixture: used by its name

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
window.whole = ({tokens, targets}) => (
  {tokens: Int32Array.from(tokens), targets: Int32Array.from(targets)});
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
    empty = page_with(browser, *map(asset, WORKER))
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
        "(batch) => ({loss: run.gradients(whole(batch)),"
        " grad: table('grad')})",
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
        "(batches) => batches.map((batch) => run.step(whole(batch)))",
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


# ---------------------------------------------------------- the run itself


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_cut_and_counted_as_in_python(page: Page, name: str) -> None:
    """The same vocabulary, the same two parts, the same three floors."""
    corpus, floors = corpus_of(name), measure_floors(corpus_of(name))
    found = page.evaluate(
        "(text) => { const {characters, train, val, floors} ="
        " tutorgpt.prepare(text); return {characters, train: [...train],"
        " val: [...val], floors} }",
        corpus.text,
    )

    assert (
        "".join(found["characters"])
        == corpus.tokenizer.describe()["characters"]
    )
    assert found["train"] == corpus.train.tolist()
    assert found["val"] == corpus.val.tolist()
    assert found["floors"] == pytest.approx(asdict(floors), abs=1e-9)


ENOUGH = "To be, or not to be. " * 20
REFUSED = {
    "empty": ("", "There is no text"),
    "three characters": ("abc", "3 characters"),
    "too short": (ENOUGH[:320], "at least 321"),
    "one symbol": ("a" * 500, "nothing to predict"),
    "too long": ("ab " * 333_334, "at most 1,000,000"),
    "zeros": (ENOUGH + "\0", "control characters"),
    "controls": (ENOUGH + "\1\2" * 20, "40 control characters"),
    "half a character": (ENOUGH + "\ud83d", "only half of one"),
}
TAKEN = {
    "emoji": "\U0001f600 smile \U0001f469\u200d\U0001f680 and go. " * 20,
    "right to left": "שלום עולם, מה שלומך היום? " * 20,
    "tabs and pages": ENOUGH + "\t\f\v" * 10,
    "two symbols": "ab" * 200,
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_text_gets_one_sentence(page: Page, name: str) -> None:
    """What is wrong with it, and what to do; half a character included."""
    text, words = REFUSED[name]
    said = page.evaluate(
        f"(() => {{ try {{ tutorgpt.prepare({json.dumps(text)}) }}"
        " catch (error) { return error.message } })()"
    )

    assert words in said
    assert said.endswith(".")
    assert ": " in said


@pytest.mark.parametrize("name", TAKEN)
def test_an_unusual_text_is_learned_from(page: Page, name: str) -> None:
    """Whole characters only, whatever the script."""
    page.evaluate(
        "(text) => { window.run = new tutorgpt.Run({text, rung: 'GPT'}); }",
        TAKEN[name],
    )
    loss = page.evaluate("run.step()")
    written = page.evaluate("run.write('', 20)")

    assert page.evaluate("run.facts.vocab_size") == len(set(TAKEN[name]))
    assert loss > 0
    assert len(written) == 20
    assert set(written) <= set(TAKEN[name])


@pytest.mark.parametrize("rung", RUNGS)
def test_the_held_out_loss_is_exact(page: Page, rung: str) -> None:
    """Every held-out character once, the last short window too."""
    begin(page, rung, "plays")
    model = fresh(rung, "plays", torch.float32)
    fill(page, model)
    corpus = corpus_of("plays")

    assert (len(corpus.val) - 1) % 32 != 0  # a short window at the end
    assert page.evaluate("run.measure()") == pytest.approx(
        exact_loss(model, corpus.val), abs=1e-5
    )


def test_weights_begin_as_in_pytorch(page: Page) -> None:
    """Tables normal, Linears even in ± 1 / √(columns), norms 1 and 0."""
    begin(page, "GPT", "poems")
    weights = page.evaluate("table('data')")
    model = model_of("GPT", "poems", torch.float32)
    for key, parameter in model.named_parameters():
        drawn = numbers(weights[key], parameter)
        spread = 4 / parameter.numel() ** 0.5

        assert abs(drawn.mean() - parameter.mean()) <= 2 * spread, key
        assert drawn.std(correction=0) == pytest.approx(
            parameter.std(correction=0).item(), rel=4 * spread, abs=1e-6
        ), key
        assert drawn.abs().max() <= 1.4 * parameter.abs().max(), key


@pytest.mark.parametrize("rung", ["BigramModel", "GPT"])
def test_a_run_that_was_left_goes_on_exactly(page: Page, rung: str) -> None:
    """Ten steps, kept, ten more: as twenty without a break."""
    begin(page, rung, "plays", dropout=0.1)
    whole, broken = page.evaluate(
        """() => {
          const steps = (run, count) =>
            Array.from({length: count}, () => run.step());
          const whole = steps(run, 20), {spec} = run;
          const first = new tutorgpt.Run(spec), early = steps(first, 10);
          const state = structuredClone(first.state());
          first.step(); // what is kept does not change with the run
          const second = new tutorgpt.Run(spec, state);
          return [whole, [...early, ...steps(second, 10)]];
        }"""
    )

    assert whole == broken
    assert len(set(whole)) == 20


def test_another_seed_is_another_run(page: Page) -> None:
    """The same seed draws the same weights and batches."""
    losses = [
        page.evaluate(
            "([text, seed]) => { const run = new tutorgpt.Run("
            "{text, seed, rung: 'BigramModel'});"
            " return [run.step(), run.step()] }",
            [corpus_of("plays").text, seed],
        )
        for seed in (7, 7, 8)
    ]

    assert losses[0] == losses[1] != losses[2]


def test_dropout_drops_and_hands_gradients_back(page: Page) -> None:
    """A weight moved by a little changes the loss as its gradient says."""
    begin(page, "GPT", "plays", dropout=0.3, batch_size=4, simd=False)
    found = page.evaluate(
        """() => {
          const batch = run.batch(), weight = run.list[0];
          const at = batch.tokens[5] * weight.columns + 3;
          const loss = () => { // with the gradients, which are not wanted
            const found = run.gradients(batch);
            for (const {grad} of run.list) grad.fill(0);
            run.end();
            return found;
          };
          run.gradients(batch);
          const gradient = weight.grad[at];
          for (const {grad} of run.list) grad.fill(0);
          run.end();
          const kept = weight.data[at], step = 0.02;
          weight.data[at] = kept + step;
          const above = loss();
          weight.data[at] = kept - step;
          const below = loss();
          run.net.share = 0;
          return {gradient, slope: (above - below) / (2 * step), below,
                  whole: loss()};
        }"""
    )

    assert abs(found["gradient"]) > 1e-4
    assert found["gradient"] == pytest.approx(found["slope"], rel=0.05)
    assert abs(found["below"] - found["whole"]) > 1e-3


@pytest.mark.parametrize(
    ("rung", "rate", "diverges"),
    [
        ("FeedForwardModel", 0.2, True),
        ("ResidualNormModel", 1, True),
        ("ResidualNormModel", 0.2, False),
        ("FeedForwardModel", 0.03, False),
        ("GPT", 0.03, False),
    ],
)
def test_a_run_that_diverges_stops_and_says_why(
    page: Page, rung: str, rate: float, *, diverges: bool
) -> None:
    """A learning rate far too high is named, with what to do."""
    said = page.evaluate(
        """([text, rung, learning_rate]) => {
          const run = new tutorgpt.Run({text, rung, learning_rate});
          try {
            for (let n = 0; n < 100; n++) run.step();
          } catch (error) {
            return [error instanceof tutorgpt.Diverged, error.message];
          }
        }""",
        [corpus_of("plays").text, rung, rate],
    )

    assert bool(said) is diverges
    if diverges:
        assert said[0] is True
        assert f"choose a lower learning rate than {rate}." in said[1]


def test_a_model_that_is_too_large_is_refused(page: Page) -> None:
    """Thousands of characters and a great width: what it would need."""
    text = "".join(map(chr, range(0x20000, 0x20000 + 60_000)))
    said = page.evaluate(
        "(text) => { try { new tutorgpt.Run("
        "{text, rung: 'GPT', n_embed: 128}) }"
        " catch (error) { return error.message } }",
        text,
    )

    assert "60,000 different characters" in said
    assert "choose a smaller width" in said


# ------------------------------------------------------- the conversation

TALK = """(asked) => new Promise((done) => {
  const said = [];
  const hear = tutorgpt.serve((message) => {
    said.push(message);
    const next = asked[message.say];
    if (next) for (const what of next.splice(0)) hear(what);
    if (["over", "diverged", "failed"].includes(message.say)) done(said);
  }, 10);
  hear(asked.first);
})"""


def talk(page: Page, spec: dict, **asked) -> list[dict]:
    """What is said to the page until the end, when it asks for these."""
    told = {"text": corpus_of("plays").text, "rung": "BigramModel"} | spec
    first = {"do": "begin", "spec": told, "prompt": "To be"}
    return page.evaluate(TALK, {"first": first} | asked)


def test_a_run_tells_how_it_goes(page: Page) -> None:
    """Facts first, then losses and texts, the state and the weights last."""
    said = talk(page, {"max_steps": 40})
    kinds = [message["say"] for message in said]
    measured = [m["step"] for m in said if m["say"] == "measured"]
    last = said[-1]

    assert kinds[:2] == ["ready", "measured"]
    assert kinds[-4:] == ["wrote", "measured", "kept", "over"]
    assert measured == [*range(0, 40, 4), 40]
    assert last["step"] == 40
    assert last["val_loss"] < said[1]["val_loss"]
    assert set(last["weights"]) == set(
        model_of("BigramModel", "plays", torch.float32).state_dict()
    )
    assert (
        "".join(last["characters"])
        == (corpus_of("plays").tokenizer.describe()["characters"])
    )
    steps = [m for m in said if m["say"] == "step"]
    assert steps[-1]["step"] == 40
    assert steps[-1]["left"] == 0
    assert steps[-1]["rate"] > 0


def test_a_run_pauses_goes_on_and_stops(page: Page) -> None:
    """A pause keeps the state; a stop measures where it stands."""
    said = talk(
        page,
        {"max_steps": 100_000},
        ready=[{"do": "pause"}],
        kept=[{"do": "go"}, {"do": "stop"}],
    )
    kinds = [message["say"] for message in said]

    assert kinds[:2] == ["ready", "kept"]
    assert kinds[-1] == "over"
    assert said[-1]["step"] < 100_000


def test_a_run_says_what_stopped_it(page: Page) -> None:
    """A diverged run, and a text that cannot be used."""
    diverged = talk(page, {"rung": "FeedForwardModel", "learning_rate": 3})
    failed = talk(page, {"text": "abc"})

    assert diverged[-1]["say"] == "diverged"
    assert "lower learning rate" in diverged[-1]["why"]
    assert failed == [
        {"say": "failed", "why": failed[0]["why"]},
    ]
    assert "3 characters" in failed[0]["why"]
