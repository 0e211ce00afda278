"""How every figure of the tutorial looks, and how it leaves the house."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.sax.saxutils import escape

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.ticker import NullFormatter

from tutorgpt.view.svg import GROUND, compact

BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, GREY = "#CC79A7", "#56B4E9", "#767676"
PALETTE = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY)
"""Okabe and Ito's colours, which colour-blind readers can tell apart."""
PALE = "#dddddd"
"""For lines that only lead the eye."""

WIDTH = 4.9
"""Inches of every figure: 470 pixels of a page, 358 on a telephone."""
SMALL = 9
"""Points of the smallest words, which are 9 pixels on a telephone."""
_LINE = 0.18
"""Inches that another line of the title needs."""
_EDGE = 0.12
"""Inches of a sheet that are left free at both sides together."""

_SETTINGS: Any = {
    "figure.dpi": 110,
    "figure.facecolor": "white",
    "font.size": 10,
    "font.family": ["DejaVu Sans"],
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
    "figure.titlesize": 11,
    "figure.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=PALETTE),
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    # An SVG names its parts by this salt and its content; without the salt
    # the names are random, and the same figure is never the same file.
    "svg.hashsalt": "tutorgpt",
    # Letters as outlines look the same where this font is missing, and
    # nothing runs out of its place.
    "svg.fonttype": "path",
    # A map is stored as its own small squares, however large it is shown.
    "image.interpolation": "none",
    "image.composite_image": False,
}
_UNSAID: Any = {
    "svg": dict.fromkeys(("Creator", "Date", "Format", "Type")),
    "png": {},
}


class Drawing(Figure):
    """A figure that a notebook shows as the file that picture() writes.

    So it is sharp on every screen, the same bytes each time, and a reader's
    own figures are left as they are.
    """

    def _ipython_display_(self) -> None:
        from IPython.display import display

        bundle = {
            "image/svg+xml": picture(self).decode(),
            "text/plain": repr(self),
        }
        display(bundle, raw=True)


@contextmanager
def panels(
    title: str,
    height: float,
    *,
    columns: int = 1,
    rows: int = 1,
    width: float = WIDTH,
) -> Iterator[tuple[Figure, list[Axes]]]:
    """Several axes, in reading order, under one bold title at the left.

    title: states the finding. height, width: in inches, of the whole figure
    with one line of title; it grows by the lines that the title needs more.
    """
    with plt.rc_context(_SETTINGS):
        figure, axes = plt.subplots(
            rows,
            columns,
            figsize=(width, height),
            squeeze=False,
            FigureClass=Drawing,
        )
        figure.patch.set_gid(GROUND)
        try:
            yield figure, list(axes.flat)
            _set_words(figure, title)
        except BaseException:
            # A notebook shows every open figure, half-drawn ones too.
            plt.close(figure)
            raise


@contextmanager
def panel(title: str, height: float) -> Iterator[tuple[Figure, Axes]]:
    """One pair of axes, as wide as the text, under its bold title."""
    with panels(title, height) as (figure, (axes,)):
        yield figure, axes


def _set_words(figure: Figure, title: str) -> None:
    """The title, and line breaks in what is too long for its place."""
    width, height = figure.get_size_inches()
    above = figure.suptitle(title, x=_EDGE / 2 / width, ha="left")
    fold(above, 72 * (width - _EDGE))
    more = above.get_text().count("\n")
    figure.set_size_inches(width, height + _LINE * more)
    figure.draw_without_rendering()  # only now the axes have their places
    for axes in figure.axes:
        place = axes.get_position()
        room = 72 * width * place.width
        # Words under the axes may reach below the numbers beside them, and
        # not over the figure's edge; they are centred under the axes.
        middle = (place.x0 + place.x1) / 2
        inside = 2 * 72 * width * min(middle, 1 - middle)
        fold(axes.xaxis.label, min(1.2 * room, inside))
        fold(axes.yaxis.label, 72 * figure.get_figheight() * place.height)
        fold(axes._left_title, room)  # pyright: ignore[reportAttributeAccessIssue]


def fold(text: Text, points: float) -> None:
    """Break a text's lines so that none is longer than this many points.

    What stands in brackets begins a line of its own, if it must be broken.
    """
    font = text.get_fontproperties()

    def fits(line: str) -> bool:
        length, *_ = text_to_path.get_text_width_height_descent(
            line, font, ismath=False
        )
        return bool(length <= points)

    lines = []
    for line in text.get_text().split("\n"):
        for part in [line] if fits(line) else re.split(r" (?=\()", line):
            lines.append("")
            for word in part.split(" "):
                longer = f"{lines[-1]} {word}".lstrip()
                if fits(longer) or not lines[-1]:
                    lines[-1] = longer
                else:
                    lines.append(word)
    text.set_text("\n".join(lines))


def picture(
    figure: Figure, form: str = "svg", *, words: bool = False
) -> bytes:
    """A figure as the content of a file; the same each time it is drawn.

    form: "svg" or "png"; ValueError for any other.
    words: say in an SVG what is written in it, whose letters are outlines,
        for programs that search or read out.
    """
    if form not in _UNSAID:
        raise ValueError(
            f"a figure cannot be written as {form!r}: choose "
            f"{' or '.join(map(repr, _UNSAID))}"
        )
    content = io.BytesIO()
    with plt.rc_context(_SETTINGS):
        figure.savefig(content, format=form, metadata=_UNSAID[form])
    if form == "svg":
        drawn = compact(content.getvalue().decode())
        if words:
            said = escape(" · ".join(_written_in(figure)))
            drawn = drawn.replace(">", f"><desc>{said}</desc>", 1)
        return drawn.encode()
    return content.getvalue()


def _written_in(figure: Figure) -> list[str]:
    """What a reader reads, each once, in the order of drawing."""
    found = [text.get_text().strip() for text in figure.findobj(Text)]
    return [*dict.fromkeys(filter(None, found))]


def subtitle(axes: Axes, text: str) -> None:
    """What one of several panels shows, smaller than the title."""
    axes.set_title(text, fontsize=SMALL)


def plain_numbers(axis: Axis) -> None:
    """Write 100 and 1e-07 along a logarithmic axis.

    An exponent above the line would be too small to read on a telephone.
    """
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter(NullFormatter())


def mark_level(
    axes: Axes,
    level: float,
    name: str,
    colour: str = GREY,
    *,
    place: float,
    offset: tuple[float, float] = (0, 0),
    **text: Any,
) -> None:
    """A dashed line across the axes, at a value worth comparing with.

    place: where along the line its name stands, 0 left and 1 right. offset:
    in points, from there. text: for matplotlib's annotate.
    """
    axes.axhline(level, color=colour, linestyle="--", linewidth=1)
    axes.annotate(
        name,
        (place, level),
        xycoords=("axes fraction", "data"),
        xytext=offset,
        textcoords="offset points",
        color=colour,
        fontsize=SMALL,
        **text,
    )
