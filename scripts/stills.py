"""Stores how each interactive figure opens, for pages without scripts.

    python scripts/stills.py  # all figures
    python scripts/stills.py slope

A Chromium draws the figure by its own script; the drawing gets the light
colours as attributes, so that any reader of SVG shows it, and keeps its
classes, by which a page's style sheet gives it the colours of that page.
"""

import argparse
import html
import json
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tutorgpt.ground.whole_files import write_whole
from tutorgpt.view.interactive.catalogue import FIGURES
from tutorgpt.view.interactive.page import script, style, told

FOLDER = Path(__file__).parents[1] / "tutorgpt/view/interactive/assets/static"

BAKE = """(alt) => {
  const drawing = document.querySelector(".tg-f-sheet");
  const looks = { fill: "rgb(0, 0, 0)", stroke: "none", "stroke-width": "1px",
    "stroke-dasharray": "none", "stroke-linejoin": "miter",
    "text-anchor": "start", "font-size": "", "font-weight": "400",
    opacity: "1", "fill-opacity": "1", "paint-order": "normal" };
  for (const part of drawing.querySelectorAll("*")) {
    const unseen = getComputedStyle(part).display === "none"
      || Number(part.getAttribute("fill-opacity") ?? 1) < 0.01;
    if (unseen || part.matches(".tg-f-grip")) { part.remove(); continue; }
    for (const name of [...part.getAttributeNames()])
      if (/^(role|tabindex|aria-)/.test(name)) part.removeAttribute(name);
    if (part.matches("g, svg, title")) continue;
    const seen = getComputedStyle(part);
    for (const [name, usual] of Object.entries(looks)) {
      if (name.startsWith("font") && part.tagName !== "text") continue;
      const value = seen.getPropertyValue(name);
      if (value !== usual) part.setAttribute(name, value);
    }
    if (part.tagName === "text") part.setAttribute("font-family",
      part.matches(".tg-f-mono") ? "monospace" : "sans-serif");
  }
  const { width, height } = drawing.viewBox.baseVal;
  drawing.setAttribute("width", width);
  drawing.setAttribute("height", height);
  drawing.setAttribute("style", "max-width: 100%; height: auto");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", alt);
  return new XMLSerializer().serializeToString(drawing)
    .replaceAll("><", ">\\n<");
}"""


def document(*names: str) -> str:
    """A page with these figures, all scripts and styles in it."""
    places = "\n".join(
        f'<div class="tg-figure" id="{name}" '
        f'data-told="{html.escape(json.dumps(told(name, {})))}"></div>'
        for name in names
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Figures</title><style>{style()}"
        "body { background: var(--tg-paper); color: var(--tg-ink); "
        "margin: 0.5rem }</style>"
        f"<main>\n<h1>Figures</h1>\n{places}\n</main><script>{script(*names)}\n"
        'for (const place of document.querySelectorAll(".tg-figure"))\n'
        "  tutorgpt.mountFigure(place, JSON.parse(place.dataset.told));\n"
        "</script></html>"
    )


def still(page: Page, name: str) -> str:
    """How this figure opens, as a picture for any reader of SVG."""
    page.set_viewport_size({"width": 800, "height": 900})
    page.emulate_media(color_scheme="light")
    page.set_content(document(name))
    return page.evaluate(BAKE, FIGURES[name].alt) + "\n"


def main() -> None:
    """Store the pictures of the named figures, or of all."""
    from browser import FLAGS, REMEDY, find_chromium  # it lies beside this

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *FIGURES])
    names = parser.parse_args().names or FIGURES
    found = find_chromium()
    if not found:
        parser.error(f"no Chromium that starts: {REMEDY}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        page = browser.new_page()
        for name in names:
            write_whole(FOLDER / f"{name}.svg", still(page, name))
            print(f"{name}.svg", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
