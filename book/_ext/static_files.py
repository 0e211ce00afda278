"""Files of our own, put beside the site's pages when its build begins.

They lie outside of book/_static, because Jupyter Book puts every script and
every style sheet of that folder on every page.
"""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx

EXPLAINED = re.compile(r"^ */\*(?!!).*?\*/\n", re.MULTILINE | re.DOTALL)
"""A comment that has its lines for itself, and is nobody's licence (/*!)."""


def ship(app: Sphinx, files: Iterable[Path], folder: str = "") -> None:
    """Copy the files into a folder of _static, where a build writes HTML.

    A page gets our scripts without the comments that explain them: a reader
    who loads a page need not load these, and finds them in the repository.
    """
    kept = list(files)

    def copy(app: Sphinx) -> None:
        if app.builder.format != "html":
            return
        target = Path(app.outdir, "_static", folder)
        target.mkdir(parents=True, exist_ok=True)
        for file in kept:
            if file.suffix == ".js":
                text = EXPLAINED.sub("", file.read_text(encoding="utf-8"))
                (target / file.name).write_text(text, encoding="utf-8")
            else:
                shutil.copyfile(file, target / file.name)

    app.connect("builder-inited", copy)
