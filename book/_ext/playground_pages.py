"""Puts the playground on the pages that ask for one, and on no other.

A page asks with <div class="tg-demo" …></div>, and a notebook with the
output of play(model, tokenizer). Such a page loads one small script, which
fetches the rest when the reader gets there; which scripts these are, and in
which order, is written in the package's page.py alone.
"""

from living_parts import copy, load
from package_source import constant
from sphinx.application import Sphinx

ROOM, PLACES = "playground", "tg-demo"
PAGE = "tutorgpt.view.playground.page"


def copy_assets(app: Sphinx) -> None:
    """The scripts, the style sheets and the demo model, beside the pages."""
    copy(app, ROOM)


def load_where_used(
    app: Sphinx, page: str, template: str, context: dict, doctree: object
) -> None:
    """One script and the style sheets, if the page has a playground."""
    if f'class="{PLACES}"' in context.get("body", ""):
        scripts = constant(f"{PAGE}.SCRIPTS")
        styles = constant(f"{PAGE}.STYLES")
        load(
            app,
            ROOM,
            places=PLACES,
            scripts=scripts,
            styles=styles,
            start="startPlay",
        )


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", copy_assets)
    app.connect("html-page-context", load_where_used)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
