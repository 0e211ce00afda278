"""Measures every page of the built book: weight, requests, tab stops, axe.

    make start                   # builds the book that is measured
    python benchmarks/pages.py   # two minutes or so

Opens each page from disk in a headless Chromium, with the network cut, 1400
and 390 px wide, and lets it load. What counts:

- bytes and requests: the page and what it asks for by itself, uncompressed,
  without the figures of the text, which load when one scrolls to them
  (images with loading="lazy", or in _images/);
- tab stops: what the Tab key reaches from the top to the bottom as the page
  opens, a group of radio buttons as one;
- axe: findings of every impact, one an element, in the light;
- the site: all its files, and once without the chapters' pages, their
  notebooks and their images.

Writes benchmarks/results/pages.json. `--book FOLDER --out FILE` measure
another build; tests measure the pages with the same functions.
"""

import argparse
import collections
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page, Request, sync_playwright

from tutorgpt.ground.provenance import machine, versions, write_record

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.browser import FLAGS, find_chromium  # noqa: E402

OUT = ROOT / "benchmarks" / "results" / "pages.json"
BOOK = ROOT / "_build" / "html"
WIDTHS = (1400, 390)
OF_NOTEBOOKS = ("notebooks", "_images", "_sources/notebooks")

TAB_STOPS = """() => {
  const reached = (element) =>
    !element.disabled && element.tabIndex >= 0 &&
    !element.closest("[inert]") &&
    element.checkVisibility({visibilityProperty: true});
  // Chromium lets the Tab key stop where one scrolls and nothing is inside.
  const scrolls = (element) =>
    !element.hasAttribute("tabindex") &&
    (element.scrollWidth > element.clientWidth + 1 ||
     element.scrollHeight > element.clientHeight + 1) &&
    /auto|scroll/.test(getComputedStyle(element).overflow) &&
    element.checkVisibility({visibilityProperty: true}) &&
    !element.querySelector("a[href], button, input, summary, [tabindex]");
  const named = "a[href], button, input, select, textarea, summary, " +
    "iframe, audio[controls], video[controls], [tabindex], " +
    "[contenteditable=true]";
  const groups = new Set();
  let stops = 0;
  for (const element of document.querySelectorAll(named)) {
    if (!reached(element)) continue;
    if (element.type === "radio") {
      const group = `${element.form?.dataset.id} ${element.name}`;
      if (groups.has(group)) continue;
      groups.add(group);
    }
    stops += 1;
  }
  for (const element of document.querySelectorAll("body *"))
    if (scrolls(element)) stops += 1;
  return stops;
}"""
WIDER = "() => document.documentElement.scrollWidth - window.innerWidth"
AXE = """async () => {
  const found = await axe.run(document,
    {resultTypes: ["violations"], preload: false});
  return found.violations.flatMap(({id, impact, nodes}) =>
    nodes.map((node) => [id, impact, node.target.join(" ")]));
}"""


@dataclass
class Load:
    """What a page asks for while it opens."""

    asked: dict[str, str] = field(default_factory=dict)

    def note(self, request: Request) -> None:
        """Keep the address and the kind of one request."""
        if not request.url.startswith(("data:", "blob:", "about:")):
            self.asked[request.url] = request.resource_type

    def without(self, figures: set[str]) -> list[Path]:
        """The files that came from disk, but for these."""
        return [
            Path(unquote(urlsplit(url).path))
            for url, kind in self.asked.items()
            if url not in figures
            and not (kind == "image" and "/_images/" in url)
        ]


def listen(page: Page) -> Load:
    """Note what a page asks for, from now on."""
    load = Load()
    page.on("request", load.note)
    return load


def weight(page: Page, load: Load) -> dict[str, int]:
    """Bytes and requests of the page that is open; then forget them."""
    figures = page.evaluate(
        "() => [...document.images].filter(i => i.loading === 'lazy')"
        ".map(i => i.src)"
    )
    files = load.without(set(figures))
    load.asked.clear()
    return {
        "bytes": sum(path.stat().st_size for path in files if path.is_file()),
        "requests": len(files),
    }


def of_site(html: Path) -> dict[str, int]:
    """Bytes of all files, and of those that chapters do not account for."""
    sizes = {
        path.relative_to(html).as_posix(): path.stat().st_size
        for path in html.rglob("*")
        if path.is_file()
    }
    rest = sum(
        size
        for name, size in sizes.items()
        if not name.startswith(tuple(f"{room}/" for room in OF_NOTEBOOKS))
    )
    return {
        "bytes": sum(sizes.values()),
        "bytes_without_notebooks": rest,
        "files": len(sizes),
    }


def pages_of(html: Path) -> list[str]:
    """Every page that has an article, and the search."""
    return sorted(
        path.relative_to(html).with_suffix("").as_posix()
        for path in html.rglob("*.html")
        if "_static" not in path.parts
        and "http-equiv" not in path.read_text("utf-8")[:400]
    )


def visit_all(browser: Browser, html: Path, axe: str) -> Iterator[tuple]:
    """Each page in each width: name, width, what was measured."""
    for width in WIDTHS:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="light"
        )
        context.route("http*://**", lambda route: route.abort())
        page = context.new_page()
        load, errors = listen(page), []
        page.on("pageerror", lambda error: errors.append(str(error)))  # noqa: B023
        page.on(
            "console",
            lambda message: (
                errors.append(message.text)  # noqa: B023
                if message.type in ("error", "warning")
                else None
            ),
        )
        for name in pages_of(html):
            page.goto((html / f"{name}.html").as_uri(), wait_until="load")
            page.evaluate("() => window.MathJax?.startup?.promise")
            page.wait_for_timeout(300)
            measured: dict = weight(page, load)
            measured["tab_stops"] = page.evaluate(TAB_STOPS)
            measured["wider_than_window"] = page.evaluate(WIDER)
            page.evaluate(axe)
            found = page.evaluate(AXE)
            measured["axe"] = dict(
                collections.Counter(f"{one[1]}: {one[0]}" for one in found)
            )
            measured["console"] = [*errors]
            errors.clear()
            load.asked.clear()
            yield name, width, measured
        context.close()


def axe_script() -> str:
    """axe-core, from the package that the tests use."""
    import axe_playwright_python

    folder = Path(axe_playwright_python.__file__).parent
    return (folder / "axe.min.js").read_text(encoding="utf-8")


def summary(record: dict) -> str:
    """The worst of each measure, as a few lines."""
    lines = [
        "site: {bytes:,} bytes, {bytes_without_notebooks:,} without its "
        "notebooks, {files} files".format(**record["site"])
    ]
    for width in map(str, WIDTHS):
        rows = {name: each[width] for name, each in record["pages"].items()}
        for what in ("bytes", "requests", "tab_stops", "wider_than_window"):
            worst = max(rows, key=lambda name: rows[name][what])
            lines.append(
                f"{width} px: {what} at most {rows[worst][what]:,} ({worst})"
            )
        axe = collections.Counter()
        for row in rows.values():
            axe.update(row["axe"])
        lines.append(f"{width} px: axe {dict(axe)}")
        errors = sum(len(row["console"]) for row in rows.values())
        lines.append(f"{width} px: {errors} lines in the console")
    return "\n".join(lines)


def main() -> int:
    """Measure every page and write the record."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--book", type=Path, default=BOOK)
    parser.add_argument("--out", type=Path, default=OUT)
    asked = parser.parse_args()
    if not (asked.book / "intro.html").is_file():
        print(f"there is no book in {asked.book}: make start builds it")
        return 1
    chromium = find_chromium()
    pages: dict = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=FLAGS
        )
        version = browser.version
        for name, width, found in visit_all(browser, asked.book, axe_script()):
            pages.setdefault(name, {})[str(width)] = found
        browser.close()
    record = {
        "command": "python benchmarks/pages.py",
        "machine": machine(),
        "versions": versions() | {"chromium": version},
        "site": of_site(asked.book),
        "pages": pages,
    }
    write_record(asked.out, record)
    print(summary(record))
    return 0


if __name__ == "__main__":
    sys.exit(main())
