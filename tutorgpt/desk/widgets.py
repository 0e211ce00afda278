"""Which outputs of a notebook live in a kernel, and what stands in for them.

A widget's output has a view, which names a model in the running kernel, and
a page of HTML beside it. JupyterLab prefers the view, and where the model is
gone it shows an error. So the file on disk has pages only; the view waits in
the output's metadata until somebody opens the notebook while its kernel
still has the model. A view whose model the notebook itself holds, as Jupyter
saves it on request, needs no kernel and stays where it is.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tutorgpt.ground.tomorrow import CLASS

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
PAGE, WORDS = "text/html", "text/plain"
WAITING = "tutorgpt_view"
"""Where an output's metadata keeps the view."""
NOTE = f'class="{CLASS}"'
"""Marks the line that is meant for other servers."""

BAR = re.compile(r"[^\n]*\d+%\|")
"""How the words of tqdm's progress bars begin."""

Notebook = dict[str, Any]
Output = dict[str, Any]


def has_views(notebook: Notebook) -> bool:
    """Whether any output needs, or once needed, a running kernel."""
    return any(view_of(output) for output in _outputs(notebook))


def view_of(output: Output) -> dict[str, Any] | None:
    """An output's view, whether it is shown or waits."""
    waiting = output.get("metadata", {}).get(WAITING)
    return output.get("data", {}).get(VIEW) or waiting


def put_away(notebook: Notebook, settle: Callable[[str], str]) -> None:
    """Change a notebook to what the file holds: pages, and views that wait.

    settle: makes a page as it is to be kept.
    """
    _drop_notes(notebook)
    saved = _saved(notebook)
    for output in _outputs(notebook):
        data = output["data"]
        view = data.get(VIEW)
        if view and PAGE in data and view.get("model_id") not in saved:
            del data[VIEW]
            output.setdefault("metadata", {})[WAITING] = view
        if PAGE in data:
            data[PAGE] = settle(_text(data[PAGE]))


def bring_back(
    notebook: Notebook, alive: set[str] | None, revive: Callable[[str], str]
) -> None:
    """Change what the file holds to what is shown: a view, if it is alive.

    alive: the models that the notebook's kernel has now; None if it runs and
        has not said so: then a view goes on waiting.
    revive: makes a page as it is to be shown where no model is alive.
    """
    _drop_notes(notebook)
    shown = _saved(notebook) | (alive or set())
    if alive is not None:
        _drop(notebook, lambda output: _is_bar(output, shown))
    for output in _outputs(notebook):
        data, view = output["data"], view_of(output)
        if alive is not None:
            output.get("metadata", {}).pop(WAITING, None)
        if view and view.get("model_id") in shown:
            data[VIEW] = view
            continue
        # Where nothing would be left, or for all we know it lives, it stays.
        if view and len(data) > (VIEW in data) and alive is not None:
            data.pop(VIEW, None)
        if PAGE in data:
            data[PAGE] = revive(_text(data[PAGE]))


def _saved(notebook: Notebook) -> set[str]:
    """The models that the notebook itself holds."""
    widgets = notebook.get("metadata", {}).get("widgets", {})
    return set(widgets.get(STATE, {}).get("state", {}))


def _drop_notes(notebook: Notebook) -> None:
    """Take out the lines that are meant for other servers."""
    _drop(notebook, lambda output: NOTE in _words(output, PAGE))


def _is_bar(output: Output, shown: set[str]) -> bool:
    """Whether this is a progress bar of a kernel that is gone.

    Its words are those it began with: nothing of 0 %.
    """
    view = view_of(output)
    is_gone = view is not None and view.get("model_id") not in shown
    return is_gone and bool(BAR.match(_words(output, WORDS)))


def _drop(notebook: Notebook, unwanted: Callable[[Output], bool]) -> None:
    for cell in notebook.get("cells", []):
        if "outputs" in cell:
            cell["outputs"] = [o for o in cell["outputs"] if not unwanted(o)]


def _words(output: Output, kind: str) -> str:
    return _text(output.get("data", {}).get(kind, ""))


def _outputs(notebook: Notebook) -> Iterator[Output]:
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            if isinstance(output.get("data"), dict):
                yield output


def _text(lines: str | list[str]) -> str:
    """A file may hold a text as a list of its lines."""
    return lines if isinstance(lines, str) else "".join(lines)
