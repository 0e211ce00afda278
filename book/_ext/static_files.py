"""Files of our own, put beside the site's pages when its build begins.

They lie outside of book/_static, because Jupyter Book puts every script and
every style sheet of that folder on every page.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx


def ship(app: Sphinx, files: Iterable[Path], folder: str = "") -> None:
    """Copy the files into a folder of _static, where a build writes HTML."""
    kept = list(files)

    def copy(app: Sphinx) -> None:
        if app.builder.format != "html":
            return
        target = Path(app.outdir, "_static", folder)
        target.mkdir(parents=True, exist_ok=True)
        for file in kept:
            shutil.copyfile(file, target / file.name)

    app.connect("builder-inited", copy)
