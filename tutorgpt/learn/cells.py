"""Looks into a notebook's cells, where a class may not have come about."""

import builtins
import linecache
import re
from inspect import unwrap
from types import FunctionType
from typing import Any


def why_not_newest(made: type) -> str | None:
    """Why a class is not the one of the newest cell that defines its name.

    A cell that cannot be read, or that stops before its end, leaves the
    class of an earlier cell, or the package's, under the same name. None
    where it is the newest, and outside of a notebook.
    """
    shell = getattr(builtins, "get_ipython", lambda: None)()
    if shell is None:
        return None
    cell = newest_cell(shell, made.__name__)
    if cell is None:
        return None
    name = made.__name__
    error = unreadable(shell, cell)
    if error is not None:
        return (
            f"the newest cell with `class {name}` cannot be read, and has "
            f"defined nothing: {error}; what stands here is still the "
            f"{name} from before, so run that cell again first"
        )
    if made.__module__ == "__main__" and not comes_from(
        made, shell.transform_cell(cell)
    ):
        return (
            f"the newest cell with `class {name}` stopped before it had "
            f"defined the class; what stands here is still the {name} from "
            "before, so look at the message below that cell first"
        )
    return None


def newest_cell(shell: Any, name: str) -> str | None:
    """The text of the cell that was run last of those with such a class."""
    cells = shell.history_manager.input_hist_raw
    start = re.compile(rf"^class\s+{name}\b", re.MULTILINE)
    return next((cell for cell in reversed(cells) if start.search(cell)), None)


def unreadable(shell: Any, cell: str) -> str | None:
    """What Python says of a cell that is no program, and in which line."""
    try:
        compile(shell.transform_cell(cell), "<cell>", "exec")
    except SyntaxError as error:
        return f"{error.msg} in its line {error.lineno}"
    return None


def comes_from(made: type, text: str) -> bool:
    """Whether a class was made by a cell of this text, as far as can be told.

    IPython keeps each cell's text under the file name of its functions.
    """
    for part in map(unwrap, vars(made).values()):
        if isinstance(part, FunctionType):
            kept = linecache.getlines(part.__code__.co_filename)
            return not kept or "".join(kept).strip() == text.strip()
    return True
