"""What everything that lives in a page shares: styles, pages, widgets."""

import html
import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Any

from tutorgpt.ground.tomorrow import living_script

PALETTE = files("tutorgpt.view") / "palette.css"
SHARED = files("tutorgpt.view") / "assets"
"""What several of them use: sliders, dragging, chance, matrix products."""

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}
</style>
<script>
(function () {{
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {{
    document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
  }};
  dark.addEventListener("change", follow);
  follow();
}})();
</script>
</head>
<body class="tg-page">
<main>
<h1>{title}</h1>
{demo}
<p class="tg-small">Made with tutorgpt. Everything on this page is computed
on this page; nothing is sent anywhere.</p>
</main>
<script>
addEventListener("DOMContentLoaded", function () {{
  var note = document.querySelector(".tg-wait");
  if (note) note.textContent = {damaged};
}});
</script>
<script>
{scripts}
{start}
</script>
</body>
</html>
"""
"""A whole page. damaged: what it says if it does not come to life. start:
the script's last lines, which bring it to life."""


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


def pieces(*, damaged: str, start: str) -> list[str]:
    """A whole page, cut where a name stands for what is still to come.

    Text and name take turns, and text begins and ends: title, style, demo
    (the place that comes to life) and scripts.
    """
    fixed = {"damaged": json.dumps(damaged), "start": start}
    cut = [""]
    for text, name, *_ in Formatter().parse(PAGE):
        cut[-1] += text
        if name in fixed:
            cut[-1] += fixed[name]
        elif name is not None:
            cut += [name, ""]
    return cut


def filled(cut: list[str], **told: str) -> str:
    """The page of its pieces, with what each name stands for."""
    return "".join(
        told[piece] if n % 2 else piece for n, piece in enumerate(cut)
    )


def wait(text: str) -> str:
    """What stands in a place until its scripts have brought it to life."""
    return f'<p class="tg-wait">{html.escape(text)}</p>'


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
