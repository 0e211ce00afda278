"""Brings interactive figures to life on the pages that have one.

A notebook asks with the output of interactive(name). Such a page loads one
small script, which fetches what all figures share, and a figure's own script
when the reader gets there; the package's page.py and catalogue.py say which.
"""

from living_parts import copy, load
from package_source import constant
from sphinx.application import Sphinx

ROOM, PLACES = "interactive", "tg-figure"
PAGE = "tutorgpt.view.interactive.page"


def copy_assets(app: Sphinx) -> None:
    """The scripts and the style sheets, beside the pages."""
    copy(app, ROOM)


def load_where_used(
    app: Sphinx, page: str, template: str, context: dict, doctree: object
) -> None:
    """One script and the style sheets, if the page has a figure."""
    if f'class="{PLACES}"' in context.get("body", ""):
        scripts = constant(f"{PAGE}.SCRIPTS")
        styles = constant(f"{PAGE}.STYLES")
        load(
            app,
            ROOM,
            places=PLACES,
            scripts=scripts,
            styles=styles,
            start="startFigure",
        )


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", copy_assets)
    app.connect("html-page-context", load_where_used)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
