"""Covers what answers a prediction, until the reader has made one.

What answers it is all that stands below it up to the next heading; where the
notebook tells it under another heading, all that stands there. The cover is
an open <details>: a script closes it, so that readers without scripts, paper
and search engines have the whole text. Whoever wants to know opens it.
"""

import re
import zlib
from pathlib import Path

from docutils import nodes
from living_parts import load_kept
from sphinx.application import Sphinx
from static_files import ship

HERE = Path(__file__).parent
FOLDER = "covered_answers"
SCRIPT, SHEET = f"{FOLDER}.js", f"{FOLDER}.css"
PRIORITY = 450
"""Before side_paths.js, which opens what a link leads to."""

QUESTION = re.compile(r'data-id="(\d+\.p\d+)" data-role="(predict|predicted)"')
OPEN = """\
<details class="tg-cover" data-answers="{id}" open>
<summary>{title}<span class="tg-cover-note">{note}</span></summary>
"""
CLOSE = "</details>\n"
NOTE = "Covered until you have made your own; open it whenever you like."


def cover_answers(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put what answers a prediction where it can be opened."""
    if app.builder.name != "html":
        return
    sections = list(doctree.findall(nodes.section))
    told = {
        id: section
        for section in sections
        for child in section
        for id, role in questions(child)
        if role == "predicted"
    }
    places = [place for section in sections for place in covers(section, told)]
    # From the end of each section to its start: a cover moves what follows.
    for section, start, id in reversed(places):
        cover(section, start, id)


def covers(
    section: nodes.section, told: dict[str, nodes.section]
) -> list[tuple[nodes.section, int, str]]:
    """What is to be covered: in which section, from which child on, its id."""
    found = []
    for n, child in enumerate(section):
        if "tg-box-predict" not in getattr(child, "attributes", {}).get(
            "classes", ()
        ):
            continue
        id, start = asked(section, n)
        where = told.get(id, section)
        if where is not section:
            title = next(where.findall(nodes.title))
            start = where.index(title) + 1
        found.append((where, start, id))
    return found


def asked(section: nodes.section, box: int) -> tuple[str, int]:
    """The id of a prediction, and the child behind it and its form.

    One that is answered in the head alone is named by its text.
    """
    for n in range(box + 1, len(section)):
        if isinstance(section[n], nodes.section | nodes.block_quote):
            break
        for id, role in questions(section[n]):
            if role == "predict":
                return id, n + 1
    return f"{zlib.crc32(section[box].astext().encode()):08x}", box + 1


def questions(node: nodes.Node) -> list[tuple[str, str]]:
    """The predictions in a part of a page: their ids and roles."""
    if isinstance(node, nodes.section):
        return []
    return [
        (id, role)
        for raw in node.findall(nodes.raw)
        for id, role in QUESTION.findall(raw.astext())
    ]


def cover(section: nodes.section, start: int, id: str) -> None:
    """Cover a section's children from this one to the next heading."""
    end = start
    while end < len(section) and not isinstance(section[end], nodes.section):
        end += 1
    number = id.partition(".p")[2]
    title = f"The answer to prediction {number}" if number else "The answer"
    head = OPEN.format(id=id, title=title, note=NOTE)
    section.insert(end, nodes.raw("", CLOSE, format="html"))
    section.insert(start, nodes.raw("", head, format="html"))


def load_where_used(
    app: Sphinx, page: str, template: str, context: dict, doctree: object
) -> None:
    """The script and the style sheet, if the page covers anything."""
    if 'class="tg-cover"' in context.get("body", ""):
        load_kept(app)
        app.add_js_file(f"{FOLDER}/{SCRIPT}", priority=PRIORITY)
        app.add_css_file(f"{FOLDER}/{SHEET}", priority=PRIORITY)


def setup(app: Sphinx) -> dict[str, bool]:
    ship(app, [HERE / SCRIPT, HERE / SHEET], FOLDER)
    # Before side_paths.py, whose folds hold these.
    app.connect("doctree-resolved", cover_answers, priority=400)
    app.connect("html-page-context", load_where_used)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
