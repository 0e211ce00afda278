"""Measures the playground's page: how soon it is ready, how fast it writes.

    make start                  # builds the book that is measured
    python benchmarks/page.py   # about five minutes

Opens the page of the book from disk in a headless Chromium, several times,
with the network cut. Ready counts from the page's text to a model that can
write; writing is three presses of 200 characters, three windows each, so
that most are written with a full window. Two larger models, untrained, are
exported as pages of their own, and their prompt fills the window: these
write with WebAssembly's product and with the plain one. Then the ladder
trains, as page_training.py says. Writes benchmarks/results/page.json with
each figure and their medians. Tests read the record; none of them takes a
time.
"""

import re
import statistics
import string
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tutorgpt import GPT, CharTokenizer, ModelConfig
from tutorgpt.config import LAPTOP
from tutorgpt.ground.provenance import machine, versions, write_record
from tutorgpt.view.playground import export_html

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "benchmarks")]

from browser import FLAGS, find_chromium  # noqa: E402
from page_training import training  # noqa: E402

OUT = ROOT / "benchmarks" / "results" / "page.json"
BOOK = ROOT / "_build" / "html" / "playground.html"
VISITS, PRESSES = 5, 3
CHARACTERS = string.printable[:69]
"""As many as the plays have, and no line break among them."""
LARGER = {
    "LAPTOP": LAPTOP.model(vocab_size=len(CHARACTERS)),
    "2.7 million": ModelConfig(
        vocab_size=len(CHARACTERS),
        block_size=64,
        n_embed=192,
        n_head=6,
        n_layer=6,
    ),
}
WITHOUT = {"simd": "", "plain": "delete globalThis.WebAssembly;"}
"""What is taken from the page so that it multiplies in this way."""
NOTE_WHEN_READY = """addEventListener("DOMContentLoaded", () => {
  const start = performance.now();
  new MutationObserver(() => {
    if (document.querySelector(".tg-demo[data-tg-ready=yes]"))
      window.readyAfter ??= performance.now() - start;
  }).observe(document.body, {subtree: true, attributes: true});
})"""


def visit(browser: Browser) -> tuple[float, list[float]]:
    """Milliseconds until the demo is ready, and characters a second."""
    page = browser.new_page()
    page.route("http*://**", lambda route: route.abort())
    page.add_init_script(NOTE_WHEN_READY)
    page.goto(BOOK.as_uri())
    page.locator(".tg-demo").first.scroll_into_view_if_needed()
    page.wait_for_function("window.readyAfter")
    ready = page.evaluate("readyAfter")
    rates = [press(page) for _ in range(PRESSES)]
    page.close()
    return ready, rates


def press(page: Page) -> float:
    """One press of the button: what the page says of its speed."""
    length = (
        "document.querySelector('.tg-text').textContent"
        ".replaceAll('↵\\n', '\\n').length"
    )
    before = page.evaluate(length)
    page.get_by_role("button", name="Write 200").click()
    page.wait_for_function(f"{length} === {before + 200}")
    said = page.get_by_text("200 characters written").inner_text()
    return float(re.findall(r"about (\d+)", said)[0])


def export(folder: str, name: str, config: ModelConfig) -> tuple[Path, int]:
    """A page with an untrained model, and how many parameters it has."""
    model = GPT(config).eval()
    prompt = (CHARACTERS * config.block_size)[: config.block_size]
    page = export_html(
        model,
        CharTokenizer.from_text(CHARACTERS),
        Path(folder, f"{name}.html"),
        prompt=prompt,
    )
    return page, sum(p.numel() for p in model.parameters())


def rates_of(browser: Browser, path: Path, without: str) -> list[float]:
    """Characters a second of a page, with a full window."""
    page = browser.new_page()
    page.set_default_timeout(300_000)
    page.route("http*://**", lambda route: route.abort())
    page.add_init_script(without)
    page.goto(path.as_uri())
    rates = [press(page) for _ in range(PRESSES)]
    page.close()
    return rates


def larger(browser: Browser) -> dict[str, dict]:
    """How fast each of the larger models writes, in both ways."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, config in LARGER.items():
            path, parameters = export(folder, name, config)
            rates = {
                way: rates_of(browser, path, without)
                for way, without in WITHOUT.items()
            }
            found[name] = {
                "parameters": parameters,
                "block_size": config.block_size,
                "characters_per_second": rates,
                "medians": {
                    way: statistics.median(each) for way, each in rates.items()
                },
            }
    return found


def main() -> int:
    """Visit the page a few times and write the record."""
    if not BOOK.is_file():
        print(f"there is no {BOOK.relative_to(ROOT)}: make start builds it")
        return 1
    chromium = find_chromium()  # it opens one itself, to see if it starts
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=FLAGS
        )
        version = browser.version
        visits = [visit(browser) for _ in range(VISITS)]
        exported = larger(browser)
        trained = training(browser)
        browser.close()
    ready = [round(milliseconds) for milliseconds, _ in visits]
    rates = [rate for _, each in visits for rate in each]
    record = {
        "command": "python benchmarks/page.py",
        "machine": machine(),
        "versions": versions() | {"chromium": version},
        "ready_ms": ready,
        "characters_per_second": rates,
        "medians": {
            "ready_ms": statistics.median(ready),
            "characters_per_second": statistics.median(rates),
        },
        "exported": exported,
        "training": trained,
    }
    write_record(OUT, record)
    print(record["medians"])
    print({name: each["medians"] for name, each in exported.items()})
    print(trained["medians"], trained["tensorflow_js"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
