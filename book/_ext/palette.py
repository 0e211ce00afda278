"""Gives every page the colours that the book shares with the package.

The package ships palette.css, for the quizzes and the playground in
JupyterLab and in exported pages; the book takes the same file.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx
from static_files import ship

PALETTE = Path(__file__).parents[2] / "tutorgpt/view/palette.css"

VARIABLE = re.compile(r"(--tg-[a-z]+):\s*([^;]+);")


def light_colours() -> dict[str, str]:
    """What each name of the palette means on white."""
    light = PALETTE.read_text(encoding="utf-8").partition("data-theme")[0]
    return dict(VARIABLE.findall(light))


def setup(app: Sphinx) -> dict[str, bool]:
    ship(app, [PALETTE])
    app.add_css_file(PALETTE.name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
