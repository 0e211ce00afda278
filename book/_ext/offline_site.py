"""Makes the built site need no network.

MathJax comes from an installed package, and the theme's script for running
cells on a remote server is left out.
"""

import shutil
from importlib.metadata import distribution
from pathlib import Path

from sphinx.application import Sphinx

MATHJAX = "sphinx-mathjax-offline/static/mathjax"
FONTS = "output/chtml/fonts/woff-v2"


def copy_mathjax(app: Sphinx, error: Exception | None) -> None:
    """The one script that pages load, and the fonts that it loads."""
    if error or app.builder.format != "html":
        return
    found = distribution("sphinx-mathjax-offline").locate_file(MATHJAX)
    source, target = Path(str(found)), Path(app.outdir, "_static/mathjax")
    (target / FONTS).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / "tex-chtml.js", target / "tex-chtml.js")
    for font in (source / FONTS).glob("*.woff"):
        shutil.copyfile(font, target / FONTS / font.name)


def drop_thebe(
    app: Sphinx, page: str, template: str, context: dict, doctree: object
) -> None:
    """No script that would fetch Thebe; the theme declares it twice."""
    context["script_files"] = [
        script
        for script in context.get("script_files", [])
        if "THEBE" not in (getattr(script, "attributes", {}).get("body") or "")
        and "thebe" not in str(getattr(script, "filename", "") or "")
    ]
    context["default_mode"] = "auto"


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", drop_thebe, priority=900)
    app.connect("build-finished", copy_mathjax)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
