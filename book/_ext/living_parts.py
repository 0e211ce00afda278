"""Files of the package for pages that have something living, and no others.

The playground and the interactive figures each have a folder in the package
and share another one. They lie outside of book/_static, because Jupyter Book
puts every script of that folder on every page.
"""

import shutil
from pathlib import Path

from sphinx.application import Sphinx

VIEW = Path(__file__).parents[2] / "tutorgpt/view"
PRIORITY = 600


def copy(app: Sphinx, room: str) -> None:
    """A room's scripts and style sheets and the shared ones, in one folder."""
    if app.builder.format == "html":
        target = Path(app.outdir, "_static", room)
        target.mkdir(parents=True, exist_ok=True)
        for folder in (VIEW / "assets", VIEW / room / "assets"):
            for file in folder.glob("*.*s"):
                shutil.copyfile(file, target / file.name)


def load(
    app: Sphinx,
    room: str,
    *,
    places: str,
    scripts: tuple[str, ...],
    styles: tuple[str, ...],
    start: str,
) -> None:
    """Give this page one small script, which fetches the others in time.

    places: the class of what is to live. start: the function of ours that
    brings one to life.
    """
    told = {"places": places, "scripts": " ".join(scripts), "start": start}
    data = {f"data-{name}": value for name, value in told.items()}
    app.add_js_file(f"{room}/boot.js", priority=PRIORITY, **data)
    for sheet in styles:
        app.add_css_file(f"{room}/{sheet}", priority=PRIORITY)
