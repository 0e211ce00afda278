"""An interactive figure as a piece of a page: the picture, and its words."""

import html
import json
from importlib.resources import files
from typing import Any

from tutorgpt.view import living
from tutorgpt.view.interactive.catalogue import FIGURES

ASSETS = files("tutorgpt.view.interactive") / "assets"
STYLES = ("parts.css", "style.css")
SCRIPTS = (
    "random.js",  # numbers at random
    "kept.js",  # what the browser keeps
    "parts.js",  # sliders, buttons and dragging
    "figure.js",  # axes, points to move, and numbers that follow
)
"""What all figures load, in this order, before their own."""


def told(name: str, options: dict[str, Any]) -> dict[str, Any]:
    """What figure.js needs to know of a figure, ready for JSON."""
    figure = FIGURES[name]
    return {
        "name": name,
        "title": figure.title,
        "invites": figure.invites,
        "scripts": figure.scripts,
        "options": options,
    }


def fragment(name: str, options: dict[str, Any]) -> str:
    """The piece of HTML that the scripts turn into the living figure.

    Without them it is a picture of how the figure opens, and a sentence; the
    picture is left out where it opens otherwise.
    """
    figure = FIGURES[name]
    data = html.escape(json.dumps(told(name, options), ensure_ascii=False))
    picture = "" if options else still(name) + "\n"
    return (
        f'<div class="tg-figure" data-told="{data}">\n'
        f"{picture}"
        f'<p class="tg-still">{html.escape(figure.still)}</p>\n'
        "</div>"
    )


def name_in(page: str) -> str:
    """The name of the figure that this fragment holds."""
    data = page.partition(' data-told="')[2].partition('"')[0]
    return json.loads(html.unescape(data))["name"]


def still(name: str) -> str:
    """How a figure opens, as SVG: scripts/stills.py stores it."""
    return asset(f"static/{name}.svg").strip()


def script(*names: str) -> str:
    """What these figures need, as one script."""
    own = [script for name in names for script in FIGURES[name].scripts]
    return "\n".join(map(asset, (*SCRIPTS, *dict.fromkeys(own))))


def style() -> str:
    """The figures' style sheets, after the colours that they name."""
    return living.styles(ASSETS, *STYLES)


def asset(name: str) -> str:
    """The text of one of the figures' scripts, style sheets or pictures."""
    return living.asset(ASSETS, name)
