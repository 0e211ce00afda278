"""Prints the book to take along on paper: one PDF from the EPUB.

    make pdf
    python scripts/pdf.py _build/epub/tutorgpt.epub _build/pdf/tutorgpt.pdf

The pages of the EPUB become one page, which a Chromium prints twice: the
first time tells on which sheet everything stands, and the second time the
contents say so.
"""

import argparse
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
from one_page import one_page
from playwright.sync_api import Browser, sync_playwright

from tutorgpt.ground.whole_files import write_whole

ROOT = Path(__file__).resolve().parents[1]
EPUB = ROOT / "_build/epub/tutorgpt.epub"
PDF = ROOT / "_build/pdf/tutorgpt.pdf"
STYLE = ROOT / "book/take_along/paper.css"
DC = "{http://purl.org/dc/elements/1.1/}"
PATIENCE = 300_000
"""Milliseconds that printing may take; half a minute is usual."""


def about(folder: Path) -> dict[str, str]:
    """What the package file says of the book."""
    root = ET.parse(folder / "package.opf").getroot()
    known = {
        name: root.findtext(f".//{DC}{name}", "")
        for name in ("title", "rights", "description")
    }
    version = root.find(".//*[@property='schema:version']")
    known["author"] = root.findtext(f".//{DC}creator", "")
    known["version"] = "" if version is None else version.text or ""
    return known


def printed(browser: Browser, folder: Path, text: str) -> Path:
    """The text as a PDF; its pictures lie in the folder."""
    source, target = folder / "book.xhtml", folder / "book.pdf"
    source.write_text(text, encoding="utf-8")
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(source.as_uri())
    page.pdf(
        path=target,
        prefer_css_page_size=True,
        print_background=True,
        outline=True,
        tagged=True,
    )
    page.close()
    return target


def places(pdf: Path) -> dict[str, int]:
    """The number of the page on which each anchor stands."""
    with pikepdf.open(pdf) as printed:
        numbers = {page.objgen: n for n, page in enumerate(printed.pages, 1)}
        found = {}
        for name, target in printed.Root.Dests.items():
            sheet: Any = target  # an array: the page, and where on it
            found[str(name).removeprefix("/")] = numbers[sheet[0].objgen]
        return found


def make_pdf(epub: Path, target: Path, chromium: str) -> int:
    """Print the book; how many pages it has."""
    from browser import FLAGS, TO_START  # it lies beside this

    style = STYLE.read_text(encoding="utf-8")
    with (
        tempfile.TemporaryDirectory() as name,
        zipfile.ZipFile(epub) as book,
        sync_playwright() as playwright,
    ):
        folder = Path(name)
        book.extractall(folder)
        told = about(folder)
        style = (folder / "style.css").read_text(encoding="utf-8") + style
        browser = playwright.chromium.launch(
            executable_path=chromium, args=FLAGS, timeout=1000 * TO_START
        )
        first = printed(browser, folder, one_page(folder, style, {}, told))
        text = one_page(folder, style, places(first), told)
        last = printed(browser, folder, text)
        browser.close()
        done = folder / "done.pdf"
        with pikepdf.open(last) as pdf:
            pdf.docinfo["/Author"] = told["author"]
            pdf.docinfo["/Subject"] = told["description"]
            pdf.save(
                done,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )
            count = len(pdf.pages)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, done.read_bytes())
        return count


def main() -> int:
    """Print the book that was built, or say what is missing."""
    from browser import REMEDY, NoBrowserError, find_chromium

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("epub", nargs="?", type=Path, default=EPUB)
    parser.add_argument("pdf", nargs="?", type=Path, default=PDF)
    paths = parser.parse_args()
    if not paths.epub.is_file():
        print(
            f"pdf: there is no {paths.epub}, which is what is printed: "
            "make epub",
            file=sys.stderr,
        )
        return 1
    try:
        found = find_chromium()
    except NoBrowserError as error:
        print(f"pdf: {error}", file=sys.stderr)
        return 1
    if not found:
        print(f"pdf: no Chromium that starts: {REMEDY}", file=sys.stderr)
        return 1
    count = make_pdf(paths.epub, paths.pdf, found)
    print(f"{paths.pdf}: {count} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
