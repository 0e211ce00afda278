"""Stores what the first page of the book shows before anyone asks.

    python scripts/opening.py

A Chromium lets the four ages of the playground's model continue one prompt,
with the page's own script.
"""

import json
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tutorgpt.ground.whole_files import write_whole
from tutorgpt.view.playground.page import MODEL, asset

ROOT = Path(__file__).parents[1]
STORED = ROOT / "book/_ext/opening.json"
TYPED, SEED = "ROMEO:", 4
ANSWERS = """([typed, seed]) => {
  const { demo, Model, continued, prepared } = tutorgpt;
  const prompt = prepared(typed);
  const texts = demo.snapshots.map((_, which) =>
    [...continued(new Model(demo, which), prompt, seed)].join(""));
  return { typed, prompt, seed, texts };
}"""


def answers(page: Page) -> dict:
    """What each age of the model writes: the prompt, the seed, the texts."""
    opening = (ROOT / "book/_ext/opening.js").read_text(encoding="utf-8")
    for script in (*map(asset, (*MODEL, "demo.js")), opening):
        page.add_script_tag(content=script)
    return page.evaluate(ANSWERS, [TYPED, SEED])


def main() -> None:
    """Store them."""
    from browser import FLAGS, REMEDY, find_chromium  # it lies beside this

    found = find_chromium()
    if not found:
        raise SystemExit(f"no Chromium that starts: {REMEDY}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        made = answers(browser.new_page())
        browser.close()
    text = json.dumps(made, indent=1, ensure_ascii=False)
    write_whole(STORED, f"{text}\n")


if __name__ == "__main__":
    main()
