"""Folds the side paths of the chapters: sections that begin with "Deeper:".

The heading stays in sight, with the minutes it takes to read on, and opens
what is below it; a link to something inside opens it as well.
"""

import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from static_files import ship

from tutorgpt.learn.paths import Heading, side_paths

ROOT = Path(__file__).parents[2]
SCRIPT = "side_paths.js"
OPEN = '<details class="tg-deeper">\n<summary>\n'
SUMMARY = '<span class="tg-deeper-note">{note}</span>\n</summary>\n'
CLOSE = "</details>\n"
NOTE = "Side path, {minutes}: nothing later needs it."


def fold_side_paths(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put the body of each side path where it can be opened and closed."""
    if app.builder.format != "html":
        return
    sections = [
        section
        for section in doctree.findall(nodes.section)
        if Heading(2, section[0].astext()).is_deeper
    ]
    for section, note in zip(sections, notes(page), strict=True):
        section.insert(0, nodes.raw("", OPEN, format="html"))
        text = SUMMARY.format(note=note)
        section.insert(2, nodes.raw("", text, format="html"))
        section.append(nodes.raw("", CLOSE, format="html"))


def notes(page: str) -> list[str]:
    """What is said below the heading of each side path of a chapter."""
    path = (ROOT / page).with_suffix(".ipynb")
    if not path.is_file():
        return []
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    minutes = [max(1, round(found.minutes)) for found in side_paths(cells)]
    return [
        NOTE.format(minutes=f"{number} minute{'s' * (number > 1)}")
        for number in minutes
    ]


def load_where_used(
    app: Sphinx, page: str, template: str, context: dict, doctree: object
) -> None:
    """The script, if the page has something folded."""
    folds = ('class="tg-deeper"', 'class="tg-cover"')
    if any(fold in context.get("body", "") for fold in folds):
        app.add_js_file(f"side_paths/{SCRIPT}")


def setup(app: Sphinx) -> dict[str, bool]:
    ship(app, [Path(__file__).with_name(SCRIPT)], "side_paths")
    app.connect("doctree-resolved", fold_side_paths)
    app.connect("html-page-context", load_where_used)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
