"""What the playground and the interactive figures share in a page."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from tutorgpt.ground.tomorrow import living_script

PALETTE = files("tutorgpt.view") / "palette.css"
SHARED = files("tutorgpt.view") / "assets"
"""Scripts and a style sheet that both use: sliders, dragging, chance."""


def asset(own: Traversable, name: str) -> str:
    """The text of a script or style sheet: a shared one, or one of a room's.

    own: the folder of the room's.
    """
    shared = SHARED / name
    file = shared if shared.is_file() else own / name
    return file.read_text(encoding="utf-8")


def styles(own: Traversable, *names: str) -> str:
    """Style sheets as one, after the colours that they name."""
    sheets = [asset(own, name) for name in names]
    return PALETTE.read_text(encoding="utf-8") + "".join(sheets)


def widget_view(
    script: str, render: str, style: str, **told: Any
) -> dict[str, Any]:
    """The form that a notebook's front end turns into a live widget.

    script: what is loaded before. render: the script that exports render().
    told: what render() can get from its model.
    Raises ImportError without the extra [lab].
    """
    import anywidget
    import traitlets

    esm = "\n".join([script, living_script(), render])
    traits = {name: traitlets.Any().tag(sync=True) for name in told}
    parts = {"_esm": esm, "_css": style, **traits}
    widget = type("Widget", (anywidget.AnyWidget,), parts)(**told)
    shown = widget._repr_mimebundle_()
    data = (shown[0] if isinstance(shown, tuple) else shown) or {}
    return {kind: v for kind, v in data.items() if "widget" in kind}
