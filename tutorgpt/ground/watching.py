"""Who is watching: whether to draw a progress bar, and where to show it."""

import builtins
import os
import sys


def in_notebook() -> bool:
    """Whether this runs in a cell, which can show more than text."""
    shell = getattr(builtins, "get_ipython", None)  # IPython puts it there
    return shell is not None and hasattr(shell(), "kernel")


def shows_progress() -> bool:
    """Whether someone is watching: a terminal or a notebook's reader.

    TUTORGPT_PROGRESS=0 says no, whoever watches.
    """
    if os.environ.get("TUTORGPT_PROGRESS", "1") == "0":
        return False
    return sys.stderr.isatty() or hasattr(builtins, "__IPYTHON__")
