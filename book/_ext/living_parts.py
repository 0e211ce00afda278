"""Brings playground, ladder and interactive figures to life in the book.

A page asks with an element of one of the classes below, or a notebook with
the output of play(model, tokenizer), train_here() or interactive(name). Such
a page, and no other, loads one small script, which fetches the rest when the
reader gets there; which scripts these are, and in which order, is written in
the package's page.py alone.
"""

from dataclasses import dataclass
from pathlib import Path

from package_source import constant
from sphinx.application import Sphinx
from static_files import ship

VIEW = Path(__file__).parents[2] / "tutorgpt/view"
PRIORITY = 600
KEPT, BEFORE_ALL = "kept.js", 440
"""What the browser keeps; it comes before the scripts that stand on it."""


@dataclass(frozen=True)
class Room:
    """A folder of tutorgpt/view that has something living for pages.

    places: the class of what is to live. start: the function of ours that
    brings one to life. ships: its files that the site gets, shared ones and
    its own.
    """

    name: str
    places: str
    start: str
    ships: tuple[str, ...] = ("*.*s",)

    def told(self, name: str) -> tuple[str, ...]:
        """A list of files in the room's page.py."""
        return constant(f"tutorgpt.view.{self.name}.page.{name}")


ROOMS = (
    Room("playground", places="tg-demo", start="startPlay"),
    Room("interactive", places="tg-figure", start="startFigure"),
    Room(
        "ladder",
        places="tg-ladder",
        start="startLadder",
        ships=("boot.js", "start.js", "*.css"),  # see ladder_page.py
    ),
)


def load_kept(app: Sphinx) -> None:
    """Let this page's scripts keep things; once, whoever asks for it."""
    app.add_js_file(KEPT, priority=BEFORE_ALL)


def load(
    app: Sphinx,
    room: str,
    *,
    places: str,
    scripts: tuple[str, ...],
    styles: tuple[str, ...],
    start: str,
) -> None:
    """Put one script of the room on a page, which fetches the others.

    places: the class of what is to live. scripts, styles: the room's files.
    start: the function of ours that brings one to life.
    """
    told = {
        "data-places": places,
        "data-scripts": " ".join(scripts),
        "data-start": start,
    }
    app.add_js_file(f"{room}/boot.js", priority=PRIORITY, **told)
    for sheet in styles:
        app.add_css_file(f"{room}/{sheet}", priority=PRIORITY)


def load_where_used(
    app: Sphinx, page: str, template: str, context: dict, doctree: object
) -> None:
    """What brings to life what the page has of each room."""
    for room in ROOMS:
        if f'class="{room.places}"' in context.get("body", ""):
            load(
                app,
                room.name,
                places=room.places,
                scripts=room.told("SCRIPTS"),
                styles=room.told("STYLES"),
                start=room.start,
            )


def setup(app: Sphinx) -> dict[str, bool]:
    ship(app, [VIEW / "assets" / KEPT])
    for room in ROOMS:
        for folder in (VIEW / "assets", VIEW / room.name / "assets"):
            for files in room.ships:
                ship(app, folder.glob(files), room.name)
    app.connect("html-page-context", load_where_used)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
