"""Says, once, that a page cannot run its cells, and where they run.

A notebook's stored output says of every exercise that nobody has attempted
it; on a page, where nobody can, that is left out.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

HEADING = "Exercises"
UNTRIED = re.compile(r"\d+\.\d+ not attempted yet")
LAB = ("intro", "how-to-use-this-book")
"""The page and its section that say how to open JupyterLab."""


def leave_out_untried(app: Sphinx, doctree: nodes.document) -> None:
    """Drop the outputs that say nothing but that an exercise is untried."""
    for text in list(doctree.findall(nodes.literal_block)):
        if UNTRIED.fullmatch(text.astext().strip()):
            output = text.parent
            output.remove(text)
            if not output.children:
                output.parent.remove(output)


def say_where_cells_run(
    app: Sphinx, doctree: nodes.document, page: str
) -> None:
    """A note below the heading of a chapter's exercises."""
    for section in doctree.findall(nodes.section):
        if section[0].astext() == HEADING and page.startswith("notebooks/"):
            section.insert(1, note(app, page))


def note(app: Sphinx, page: str) -> nodes.block_quote:
    """The note, with a link to the preface."""
    there, section = LAB
    address = app.builder.get_relative_uri(page, there)
    paragraph = nodes.paragraph()
    paragraph += [
        nodes.strong(text="Note."),
        nodes.Text(" This page runs no cells. To do the exercises, open "),
        nodes.Text(" your own copy of the chapter with "),
        nodes.literal(text="tutorgpt lab"),
        nodes.Text("; "),
        nodes.reference(
            "",
            "the preface says how",
            refuri=f"{address}#{section}",
            internal=True,
        ),
        nodes.Text("."),
    ]
    return nodes.block_quote("", paragraph, classes=["tg-box", "tg-box-note"])


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-read", leave_out_untried)
    app.connect("doctree-resolved", say_where_cells_run)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
