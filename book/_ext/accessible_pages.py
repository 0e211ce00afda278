"""Names for controls that the theme draws without one.

The arrows that unfold a chapter in the list of pages are drawn as an icon
alone; a screen reader would say nothing there.
"""

from pathlib import Path

from sphinx.application import Sphinx

NAMELESS = '<summary><span class="toctree-toggle"'
NAMED = '<summary aria-label="Its pages"><span class="toctree-toggle"'


def name_arrows(app: Sphinx, error: Exception | None) -> None:
    """Label the arrows on every page that was written."""
    if error or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if NAMELESS in text:
            page.write_text(text.replace(NAMELESS, NAMED), encoding="utf-8")


def name_list_items(
    app: Sphinx, page: str, template: str, context: dict, doctree: object
) -> None:
    """A list of the bibliography holds items, as screen readers expect.

    docutils gives its entries a role of its own, which no list may hold.
    """
    body = context.get("body")
    if isinstance(body, str) and 'role="doc-biblioentry"' in body:
        context["body"] = body.replace(
            'role="doc-biblioentry"', 'role="listitem"'
        )


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", name_arrows)
    app.connect("html-page-context", name_list_items)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
