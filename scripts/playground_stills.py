"""Stores how the playgrounds of the book open, for paper and for e-readers.

    python scripts/playground_stills.py

A Chromium draws them in the light, at twice the size, so that the pictures
are sharp.
"""

import html
import io
import json
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tutorgpt.ground.whole_files import write_whole
from tutorgpt.view.playground.page import asset, script, style

FOLDER = Path(__file__).resolve().parents[1] / "book/figures"
STILLS = {
    "playground.png": {"prompt": "ROMEO:\n", "open": "attention"},
    "playground_head.png": {"kind": "head"},
}
"""Each picture, and what the page asks its playground to begin with."""
WIDTH = 640


def document(options: dict[str, str]) -> str:
    """A page with this playground, and the book's model."""
    opts = html.escape(json.dumps(options))
    return (
        '<!doctype html><html lang="en" data-theme="light">'
        f'<meta charset="utf-8"><title>A playground</title><style>{style()}'
        "body { margin: 0; padding: 8px; background: white }</style>"
        f'<div class="tg-demo" data-opts="{opts}"></div>'
        f"<script>{asset('demo.js')}\n{script()}\ntutorgpt.mountAll();"
        "</script></html>"
    )


def still(browser: Browser, options: dict[str, str]) -> bytes:
    """A picture of the playground as it opens."""
    page = browser.new_page(
        viewport={"width": WIDTH, "height": 900}, device_scale_factor=2
    )
    page.set_content(document(options))
    page.wait_for_selector('.tg-demo[data-tg-ready="yes"]')
    page.wait_for_timeout(500)  # the map is drawn when its size is known
    shown = page.locator(".tg-demo").screenshot(animations="disabled")
    page.close()
    drawn = Image.open(io.BytesIO(shown)).convert("RGB").quantize(64)
    packed = io.BytesIO()
    drawn.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def main() -> int:
    """Store the pictures, or say that there is no browser."""
    from browser import FLAGS, REMEDY, find_chromium  # it lies beside this

    found = find_chromium()
    if not found:
        print(f"no Chromium that starts: {REMEDY}", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        for name, options in STILLS.items():
            write_whole(FOLDER / name, still(browser, options))
            print(name, flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
