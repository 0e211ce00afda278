"""Records how the ladder trains in a page, beside PyTorch on the same text.

    python scripts/records/page_ladder.py   # writes results/page_ladder.json

A headless Chromium trains the six models in a worker, with the kernel, on
the part of the plays that the page offers, with its default budget; between
two of them PyTorch trains the same class with the same budget on one thread.
Kept are the exact held-out losses, the seconds, how many megabytes the
page's process takes, and the longest time in which the page did not answer
while it trained. About five minutes on two free cores.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

import torch
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tutorgpt.config import CHAPTER, TrainConfig
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.ladder import LADDER
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.floors import measure_floors
from tutorgpt.text.split import Corpus
from tutorgpt.training.loss import exact_loss
from tutorgpt.training.steps import training_steps
from tutorgpt.view.ladder.page import WORKER, asset
from tutorgpt.view.ladder.texts import plays

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from browser import FLAGS, find_chromium  # noqa: E402

RESULT = ROOT / "results" / "page_ladder.json"
TRAIN = """([scripts, spec]) => new Promise((done, failed) => {
  const glue = "const hear = tutorgpt.serve((said) => postMessage(said));"
    + "onmessage = ({data}) => hear(data);";
  const blob = new Blob([scripts, glue], {type: "text/javascript"});
  const worker = new Worker(URL.createObjectURL(blob));
  const found = {longest_ms: 0, began: performance.now()};
  let last = found.began;
  const look = setInterval(() => {
    const now = performance.now();
    found.longest_ms = Math.max(found.longest_ms, now - last - 10);
    last = now;
  }, 10);
  worker.onerror = ({message}) => failed(message);
  worker.onmessage = ({data}) => {
    if (data.say === "ready") found.facts = data.facts;
    if (data.say === "failed" || data.say === "diverged") failed(data.why);
    if (data.say === "wrote") found.sample = data.text;
    if (data.say !== "over") return;
    clearInterval(look);
    found.seconds = (performance.now() - found.began) / 1000;
    done({...found, val_loss: data.val_loss, train_loss: data.train_loss});
    worker.terminate();
  };
  worker.postMessage({do: "begin", spec, prompt: "\\n"});
})"""


def in_page(page: Page, spec: dict) -> dict:
    """One run in a worker of this page."""
    scripts = "\n".join(map(asset, WORKER))
    found = page.evaluate(TRAIN, [scripts, spec])
    found.pop("began")
    return found


def in_torch(kind: type[LanguageModel], corpus: Corpus, seed: int) -> dict:
    """The same budget with PyTorch, on one thread."""
    torch.manual_seed(seed)
    model = kind(CHAPTER.model(vocab_size=corpus.tokenizer.vocab_size))
    config = TrainConfig(max_steps=CHAPTER.max_steps, seed=seed, threads=1)
    begun = time.perf_counter()
    for _ in training_steps(model, corpus, config):
        pass
    seconds = time.perf_counter() - begun
    return {"val_loss": exact_loss(model, corpus.val), "seconds": seconds}


def megabytes(session: CDPSession) -> float:
    """What the page's process holds in memory: the largest renderer's.

    Linux only: it is read from /proc.
    """
    held = []
    for process in session.send("SystemInfo.getProcessInfo")["processInfo"]:
        if process["type"] == "renderer":
            pages = Path(f"/proc/{process['id']}/statm").read_text().split()
            held.append(int(pages[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6)
    return max(held)


def climb(browser: Browser, corpus: Corpus, seed: int) -> list[dict]:
    """All six, in the page and with PyTorch, one after the other."""
    page = browser.new_page()
    page.set_default_timeout(0)
    page.goto("about:blank")
    session = browser.new_browser_cdp_session()
    rungs = []
    for kind in LADDER:
        spec = {"text": corpus.text, "rung": kind.__name__, "seed": seed}
        found = in_page(page, spec)
        facts = found.pop("facts")
        rungs.append(
            {
                "model": kind.__name__,
                "parameters": facts["parameters"],
                "simd": facts["simd"],
                "page": found | {"megabytes": round(megabytes(session))},
                "torch": in_torch(kind, corpus, seed),
            }
        )
        print(json.dumps(rungs[-1], ensure_ascii=False), flush=True)
    page.close()
    return rungs


def main() -> None:
    """Train the ladder twice and write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1337)
    seed = parser.parse_args().seed
    torch.set_num_threads(1)
    corpus = Corpus.from_text("plays", plays().text)
    chromium = find_chromium()  # it opens one itself, to see if it starts
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=FLAGS
        )
        version = browser.version
        rungs = climb(browser, corpus, seed)
        browser.close()
    record = {
        "command": "python scripts/records/page_ladder.py",
        "machine": machine() | {"threads": 1},
        "versions": versions() | {"chromium": version},
        "characters": len(corpus.text),
        "vocab_size": corpus.tokenizer.vocab_size,
        "steps": CHAPTER.max_steps,
        "seed": seed,
        "floors": asdict(measure_floors(corpus)),
        "rungs": rungs,
        "seconds": sum(rung["page"]["seconds"] for rung in rungs),
    }
    write_record(RESULT, record)


if __name__ == "__main__":
    main()
