"""One line above a widget, seen only where the widget is gone.

A widget lives as long as its kernel. The server of `tutorgpt lab` shows
what is stored beside it then; any other shows "model not found", and this
line above it says what to do.
"""

import builtins
import os

from tutorgpt.ground.watching import in_notebook, shows_progress

AT_DESK = "TUTORGPT_DESK"
"""Set in the kernels of a server that needs no such line."""
CLASS = "tg-lost"
"""Of the line; the style of a living widget hides what has it."""
PLAIN = (
    "If it says below that a model was not found: nothing is lost, your "
    "answers are kept. Run this cell again (click on its code, then press "
    "Shift+Enter)."
)
LINE = f'<p class="{CLASS}">{PLAIN}</p>'
HIDDEN = (
    ".jp-OutputArea:has(.tg-quiz, .tg-ui) > .jp-OutputArea-child"
    f":has(.{CLASS}) {{ display: none; }}\n"
)
"""Part of the style of every widget that can be gone."""


def say_what_to_do_tomorrow() -> None:
    """Put the line there, for a reader whose server needs it."""
    if os.environ.get(AT_DESK) or not (in_notebook() and shows_progress()):
        return
    shell = builtins.get_ipython()  # type: ignore[attr-defined]
    shell.display_pub.publish({"text/html": LINE, "text/plain": PLAIN})
