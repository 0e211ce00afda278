"""Mends what the theme, docutils and pandas leave out of a page.

The list of pages is a region with a name, and so are the arrows in it, which
are drawn as an icon alone; a list holds items; and a table's empty corner is
no heading.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx

OF_THE_THEME = {
    '<summary><span class="toctree-toggle"': (
        '<summary aria-label="Its pages"><span class="toctree-toggle"'
    ),
    '<div id="pst-primary-sidebar" class=': (
        '<div id="pst-primary-sidebar" role="complementary" '
        'aria-label="Contents and search" class='
    ),
    # The browser shows titles by itself; the theme's stay, and cover buttons.
    ' data-bs-toggle="tooltip"': "",
}
ITEM = ('role="doc-biblioentry"', 'role="listitem"')
CORNER = re.compile(r"<th(?: class=\"[^\"]*\")?>(?:<p></p>|\s*)</th>")


def mend_theme(app: Sphinx, error: Exception | None) -> None:
    """Name the region and the arrows on every page that was written."""
    if error or app.builder.name != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = mended = page.read_text(encoding="utf-8")
        for left, put in OF_THE_THEME.items():
            mended = mended.replace(left, put)
        if mended != text:
            page.write_text(mended, encoding="utf-8")


def mend_text(
    app: Sphinx, page: str, template: str, context: dict, doctree: object
) -> None:
    """Lists and tables, before the page is written.

    docutils gives a bibliography's entries a role that no list may hold.
    """
    body = context.get("body")
    if not isinstance(body, str):
        return
    context["body"] = CORNER.sub("<td></td>", body.replace(*ITEM))


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", mend_theme)
    app.connect("html-page-context", mend_text)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
