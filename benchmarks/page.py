"""Measures the playground's page: how soon it is ready, how fast it writes.

    make start                  # builds the book that is measured
    python benchmarks/page.py   # about half a minute

Opens the page of the book from disk in a headless Chromium, several times,
with the network cut. Ready counts from the page's text to a model that can
write; writing is three presses of 200 characters, three windows each, so
that most are written with a full window. Writes benchmarks/results/page.json
with each figure and their medians. Tests read the record; none of them
takes a time.
"""

import re
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tutorgpt.ground.provenance import machine, versions, write_record

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from browser import FLAGS, find_chromium  # noqa: E402

OUT = ROOT / "benchmarks" / "results" / "page.json"
BOOK = ROOT / "_build" / "html" / "playground.html"
VISITS, PRESSES = 5, 3
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
    spans = page.locator(".tg-text span")
    before = spans.count()
    page.get_by_role("button", name="Write 200").click()
    page.wait_for_function(
        "(n) => document.querySelectorAll('.tg-text span').length === n",
        arg=before + 200,
    )
    said = page.get_by_text("200 characters written").inner_text()
    return float(re.findall(r"about (\d+)", said)[0])


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
    }
    write_record(OUT, record)
    print(record["medians"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
