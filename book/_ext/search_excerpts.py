"""Search results with the sentence that was found, also from disk.

The theme would fetch each page to show an excerpt, which file:// forbids. So
the text of all pages is written into one script, part by part, which the
search page loads when it is asked; search_excerpts.js shows the part that
answers best. Code is left out: the index finds its words, and it would double
the script. So is what is folded, such as a solution.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.nodes import clean_astext
from static_files import ship

ROOM, SCRIPT, TEXTS = "search", "search_excerpts.js", "texts.js"
UNREAD = (
    nodes.literal_block,
    nodes.math_block,
    nodes.raw,
    nodes.comment,
    nodes.image,
    addnodes.toctree,
)
BLOCKS = (nodes.paragraph, nodes.term, nodes.entry)
SIGNS = {"sqrt": "√", "times": "×", "cdot": "·", "infty": "∞", "approx": "≈"}
"""What a sentence needs of LaTeX; of other commands the name is shown."""


def parts(doctree: nodes.document) -> Iterator[tuple[str, str, str]]:
    """A page's parts: anchor, title, text.

    A part is a section without those inside of it, or a term of the glossary
    with its meaning.
    """
    for formula in doctree.findall(nodes.math):
        formula.children = [nodes.Text(readable(formula.astext()))]
    for node in doctree.findall():
        if isinstance(node, nodes.section):
            yield node["ids"][0], node[0].astext(), said(node[1:])
        elif name := entry(node):
            yield name, node.children[0].astext(), said(node.children[1:])


def readable(latex: str) -> str:
    """An inline formula as it would be typed."""
    named = re.sub(
        r"\\([A-Za-z]+) ?", lambda m: SIGNS.get(m[1], f"{m[1]} "), latex
    )
    return re.sub(r"[\\{}]", "", named)


def said(part: Iterable[nodes.Node]) -> str:
    """The text of a part, its blocks one after the other.

    Without what a reader unfolds, such as hints and solutions: a result of a
    search gives none of them away.
    """
    found, folded = [], 0
    for node in part:
        if isinstance(node, nodes.raw):
            told = node.astext()
            folded += told.count("<details") - told.count("</details>")
        if folded or isinstance(node, nodes.section) or entry(node):
            continue
        if isinstance(node, BLOCKS):
            found.append(clean_astext(node))
        elif isinstance(node, nodes.Element) and not isinstance(node, UNREAD):
            found.append(said(node.children))
    return " ".join(" ".join(found).split())


def entry(node: nodes.Node) -> str:
    """The anchor of a term of the glossary, a part of its own; or nothing."""
    if not isinstance(node, nodes.definition_list_item):
        return ""
    term = node.children[0]
    named = isinstance(term, nodes.Element) and term["ids"]
    return named[0] if named else ""


def write_texts(app: Sphinx, error: Exception | None) -> None:
    """All parts of all pages, for the script that looks through them."""
    if error or app.builder.name != "html":
        return
    texts = {
        page: [part for part in parts(app.env.get_doctree(page)) if part[2]]
        for page in sorted(app.env.found_docs)
    }
    told = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    text = f"(globalThis.tutorgpt ??= {{}}).texts = {told};\n"
    Path(app.outdir, "_static", ROOM, TEXTS).write_text(text, "utf-8")


def load_on_search_page(
    app: Sphinx, page: str, template: str, context: dict, doctree: object
) -> None:
    """On the one page that has results."""
    if page == "search":
        app.add_js_file(f"{ROOM}/{SCRIPT}")


def setup(app: Sphinx) -> dict[str, bool]:
    ship(app, [Path(__file__).with_name(SCRIPT)], ROOM)
    app.connect("build-finished", write_texts)
    app.connect("html-page-context", load_on_search_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
