"""Gives every page its drawings twice: for white paper and for dark paper.

Each SVG file, drawn by Python in a chapter or by hand, becomes two files, and
the page holds both, of which the theme shows one. A picture that is not shown
is not loaded; its place is kept free, so that nothing jumps.
"""

import re
from collections.abc import Callable
from html import escape
from pathlib import Path

from docutils import nodes
from figure_modes import dark, light
from sphinx.application import Sphinx

from tutorgpt.view.svg import parsed

MODES: dict[str, Callable[[str], str]] = {"light": light, "dark": dark}
FOLDER = "_images"
UNITS = {"pt": 4 / 3, "mm": 96 / 25.4, "px": 1, "": 1}
"""CSS pixels in each unit that a drawing gives its size in."""


def size(svg: str) -> tuple[int, int]:
    """Width and height in CSS pixels."""
    root = parsed(svg)
    *_, width, height = root.get("viewBox", "").split()
    sides = root.get("width", width), root.get("height", height)
    found = (re.fullmatch(r"([\d.]+)([a-z]*)", side) for side in sides)
    width, height = (round(float(n[1]) * UNITS[n[2]]) for n in found if n)
    return width, height


def two_files(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Write both files of each drawing on a page, and refer to both."""
    if app.builder.name not in ("html", "dirhtml"):
        return
    for node in [*doctree.findall(nodes.image)]:
        if node["uri"].endswith(".svg"):
            source = Path(app.srcdir, node["uri"])
            shown = pair(source, Path(app.outdir), page, node.get("alt", ""))
            node.replace_self(nodes.raw("", shown, format="html"))


def pair(source: Path, site: Path, page: str, alt: str) -> str:
    """Write a drawing's two files into the site; what a page says of them."""
    svg = source.read_text("utf-8")
    width, height = size(svg)
    # What a chapter draws is named by a checksum: its beginning is enough.
    stem = re.sub(r"^([0-9a-f]{16})[0-9a-f]{48}$", r"\1", source.stem)
    (site / FOLDER).mkdir(parents=True, exist_ok=True)
    shown = []
    for mode, change in MODES.items():
        name = f"{FOLDER}/{stem}-{mode}.svg"
        (site / name).write_text(change(svg), encoding="utf-8")
        shown.append(
            f'<img class="only-{mode}" src="{"../" * page.count("/")}{name}" '
            f'alt="{escape(alt)}" width="{width}" height="{height}" '
            'loading="lazy">'
        )
    return "".join(shown)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-resolved", two_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
