"""How fast the ladder trains in a page, beside PyTorch and TensorFlow.js.

benchmarks/page.py calls this: steps a second of every rung at the chapters'
budget (32 windows of 32 characters, width 32), with WebAssembly's product
and with the plain one, and of the same class with PyTorch on one thread.
The three take turns. TensorFlow.js trains the GPT with its WebAssembly
backend, where its two packages have been installed beside this file:

    npm install --prefix benchmarks @tensorflow/tfjs \\
        @tensorflow/tfjs-backend-wasm
"""

import statistics
import time
from pathlib import Path

import torch
from playwright.sync_api import Browser, Page, Route

from tutorgpt.config import CHAPTER, TrainConfig
from tutorgpt.ladder import LADDER
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.split import Corpus
from tutorgpt.training.steps import training_steps
from tutorgpt.view.ladder.page import WORKER, asset
from tutorgpt.view.ladder.texts import plays

TURNS = 5
STEPS = {"simd": 60, "plain": 10, "torch": 60}
"""Of one turn; a few more are made before the first to warm up."""
PACKAGES = Path(__file__).with_name("node_modules") / "@tensorflow"
TF_SCRIPTS = (
    "tfjs/dist/tf.min.js",
    "tfjs-backend-wasm/dist/tf-backend-wasm.js",
)
TF_SITE = "http://localhost/tensorflow/"
"""No such place is asked: every request is answered from PACKAGES."""

TAKE = """([name, count]) => {
  const run = window.runs[name], begun = performance.now();
  for (let n = 0; n < count; n++) run.step();
  return count / ((performance.now() - begun) / 1000);
}"""

TF_GPT = """async ([V, C, H, L, N, T, count]) => {
  tf.wasm.setWasmPaths("/tensorflow/");
  await tf.setBackend("wasm");
  const weight = (...shape) => tf.variable(tf.randomNormal(shape, 0, 0.1));
  const norm = () => [tf.variable(tf.ones([C])), tf.variable(tf.zeros([C]))];
  const E = weight(V, C), P = weight(T, C), last = norm();
  const head = weight(C, V), bias = weight(V);
  const blocks = Array.from({length: L}, () => ({
    one: norm(), two: norm(), qkv: weight(C, 3 * C), proj: weight(C, C),
    pb: weight(C), up: weight(C, 4 * C), ub: weight(4 * C),
    down: weight(4 * C, C), db: weight(C)}));
  const future = tf.tensor(Array.from({length: T}, (_, t) =>
    Array.from({length: T}, (_, s) => s > t ? -1e9 : 0)));
  const normed = (x, [w, b]) => {
    const {mean, variance} = tf.moments(x, -1, true);
    return x.sub(mean).div(variance.add(1e-5).sqrt()).mul(w).add(b);
  };
  const attended = (x, {qkv, proj, pb}) => {
    const all = x.matMul(qkv).reshape([N, T, 3, H, C / H]);
    const [q, k, v] = all.transpose([2, 0, 3, 1, 4]).unstack();
    const scores = q.matMul(k, false, true).div(Math.sqrt(C / H));
    const read = scores.add(future).softmax().matMul(v);
    return read.transpose([0, 2, 1, 3]).reshape([N * T, C])
      .matMul(proj).add(pb);
  };
  const thought = (x, {up, ub, down, db}) =>
    x.matMul(up).add(ub).relu().matMul(down).add(db);
  const draw = () => tf.oneHot(tf.tensor1d(Array.from({length: N * T},
    () => Math.floor(Math.random() * V)), "int32"), V).toFloat();
  const loss = (tokens, targets) => {
    const place = P.expandDims(0).tile([N, 1, 1]).reshape([N * T, C]);
    let x = tokens.matMul(E).add(place);
    for (const block of blocks) {
      x = x.add(attended(normed(x, block.one), block));
      x = x.add(thought(normed(x, block.two), block));
    }
    const scores = normed(x, last).matMul(head).add(bias);
    return tf.losses.softmaxCrossEntropy(targets, scores);
  };
  const adam = tf.train.adam(3e-3);
  const steps = async (count) => {
    for (let n = 0; n < count; n++) {
      const [tokens, targets] = [draw(), draw()];
      const found = adam.minimize(() => loss(tokens, targets), true);
      await found.data();
      tf.dispose([tokens, targets, found]);
    }
  };
  await steps(3);
  const begun = performance.now();
  await steps(count);
  return {backend: tf.getBackend(), version: tf.version.tfjs,
    steps_per_second: count / ((performance.now() - begun) / 1000)};
}"""


def training(browser: Browser) -> dict:
    """Steps a second by rung: medians, and every turn's."""
    corpus = Corpus.from_text("plays", plays().text)
    torch.set_num_threads(1)
    page = browser.new_page()
    page.set_default_timeout(0)
    page.goto("about:blank")
    for name in WORKER:
        page.add_script_tag(content=asset(name))
    rungs = {kind.__name__: turns(page, kind, corpus) for kind in LADDER}
    page.close()
    return {
        "text": f"{len(corpus.text)} characters of the plays",
        "steps_per_second": rungs,
        "medians": {
            name: {way: statistics.median(rates) for way, rates in all.items()}
            for name, all in rungs.items()
        },
        "tensorflow_js": in_tensorflow(browser, corpus.tokenizer.vocab_size),
    }


def turns(
    page: Page, kind: type[LanguageModel], corpus: Corpus
) -> dict[str, list[float]]:
    """One rung's rates, the three ways after each other, several times."""
    page.evaluate(
        """([text, rung]) => {
          const begin = (simd) => new tutorgpt.Run({text, rung, simd});
          window.runs = {simd: begin(true), plain: begin(false)};
        }""",
        [corpus.text, kind.__name__],
    )
    torch.manual_seed(1337)
    model = kind(CHAPTER.model(vocab_size=corpus.tokenizer.vocab_size))
    config = TrainConfig(max_steps=1_000_000, threads=1)
    steps = training_steps(model, corpus, config)

    def take(way: str, count: int) -> float:
        if way != "torch":
            return page.evaluate(TAKE, [way, count])
        begun = time.perf_counter()
        for _ in range(count):
            next(steps)
        return count / (time.perf_counter() - begun)

    for way in STEPS:
        take(way, 5)
    rates: dict[str, list[float]] = {way: [] for way in STEPS}
    for _ in range(TURNS):
        for way, count in STEPS.items():
            rates[way].append(round(take(way, count), 1))
    return rates


def in_tensorflow(browser: Browser, vocab_size: int) -> dict | None:
    """The GPT's rate with TensorFlow.js; None if it is not installed."""
    if not all((PACKAGES / script).is_file() for script in TF_SCRIPTS):
        return None
    page = browser.new_page()
    page.set_default_timeout(0)
    page.route("**", answer)
    page.goto(TF_SITE)
    for script in TF_SCRIPTS:
        page.add_script_tag(path=PACKAGES / script)
    shape = CHAPTER.model(vocab_size=vocab_size)
    found = page.evaluate(
        TF_GPT,
        [
            vocab_size,
            shape.n_embed,
            shape.n_head,
            shape.n_layer,
            CHAPTER.batch_size,
            shape.block_size,
            20,
        ],
    )
    page.close()
    return found | {"steps_per_second": round(found["steps_per_second"], 1)}


def answer(route: Route) -> None:
    """An empty page, or a file of the backend."""
    name = route.request.url.removeprefix(TF_SITE)
    file = PACKAGES / "tfjs-backend-wasm" / "dist" / name
    if name.endswith(".wasm") and file.is_file():
        route.fulfill(path=file, content_type="application/wasm")
    else:
        route.fulfill(body="<title>-</title>", content_type="text/html")
