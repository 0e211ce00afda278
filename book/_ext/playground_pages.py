"""Puts the playground on the pages that ask for one, and on no other.

A page asks with <div class="tg-demo" …></div>, and a notebook with the
output of play(model, tokenizer). Such a page loads one small script, which
fetches the rest when the reader gets there; which scripts these are, and in
which order, is written in the package's page.py alone. The files come from
the package and lie outside of book/_static, because Jupyter Book puts every
script of that folder on every page.
"""

import shutil
from pathlib import Path

from package_source import constant
from sphinx.application import Sphinx

ASSETS = Path(__file__).parents[2] / "tutorgpt/view/playground/assets"
FOLDER = "playground"
ORDER = "tutorgpt.view.playground.page.SCRIPTS"
PRIORITY = 600


def copy_assets(app: Sphinx) -> None:
    """The scripts, the style sheet and the demo model, beside the pages."""
    if app.builder.format == "html":
        target = Path(app.outdir, "_static", FOLDER)
        shutil.copytree(ASSETS, target, dirs_exist_ok=True)


def load_where_used(
    app: Sphinx, page: str, template: str, context: dict, doctree: object
) -> None:
    """One script and one style sheet, if the page has a playground."""
    if 'class="tg-demo"' in context.get("body", ""):
        scripts = {"data-scripts": " ".join(constant(ORDER))}
        app.add_js_file(f"{FOLDER}/boot.js", priority=PRIORITY, **scripts)
        app.add_css_file(f"{FOLDER}/style.css", priority=PRIORITY)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", copy_assets)
    app.connect("html-page-context", load_where_used)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
