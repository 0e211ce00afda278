"""What keeps a widget usable in a notebook, and what is said when it is gone.

A widget lives as long as its kernel. The server of `tutorgpt lab` shows
what is stored beside it then; any other shows "model not found", and a line
above it says what to do, which a living widget hides.
"""

import builtins
import os
from importlib.resources import files

from tutorgpt.ground.watching import in_notebook, shows_progress

AT_DESK = "TUTORGPT_DESK"
"""Set in the kernels of a server that needs no such line."""
CLASS = "tg-lost"
"""Of the line, by which the script of a living widget finds it."""
PLAIN = (
    "If it says below that a model was not found: nothing is lost, your "
    "answers are kept. Run this cell again (click on its code, then press "
    "Shift+Enter)."
)
LINE = f'<p class="{CLASS}">{PLAIN}</p>'


def living_script() -> str:
    """The script of every widget: it keeps its keys, and hides the line."""
    script = files("tutorgpt") / "ground" / "living.js"
    return script.read_text(encoding="utf-8")


def say_what_to_do_tomorrow() -> None:
    """Put the line there, for a reader whose server needs it."""
    if os.environ.get(AT_DESK) or not (in_notebook() and shows_progress()):
        return
    shell = builtins.get_ipython()  # type: ignore[attr-defined]
    shell.display_pub.publish({"text/html": LINE, "text/plain": PLAIN})
