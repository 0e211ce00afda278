"""Whether to draw a progress bar."""

import builtins
import os
import sys


def shows_progress() -> bool:
    """Whether someone is watching: a terminal or a notebook's reader.

    TUTORGPT_PROGRESS=0 says no, whoever watches.
    """
    if os.environ.get("TUTORGPT_PROGRESS", "1") == "0":
        return False
    in_notebook = hasattr(builtins, "__IPYTHON__")
    return sys.stderr.isatty() or in_notebook
