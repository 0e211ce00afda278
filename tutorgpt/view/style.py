"""How every figure of the tutorial looks, and how it leaves the house."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, YELLOW, GREY = "#CC79A7", "#56B4E9", "#F0E442", "#767676"
PALETTE = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY)
"""Okabe and Ito's colours, which colour-blind readers can tell apart."""
PALE = "#dddddd"
"""For lines that only lead the eye."""

WIDTH = 6.4
"""Inches; every figure is as wide as the text beside it."""

_SETTINGS: Any = {
    "figure.dpi": 110,
    "figure.facecolor": "white",
    "font.size": 10,
    "font.family": ["DejaVu Sans"],
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=PALETTE),
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
    # An SVG names its parts by this salt and its content; without the salt
    # the names are random, and the same figure is never the same file.
    "svg.hashsalt": "tutorgpt",
}
_UNDATED: Any = {"svg": {"Date": None}, "png": {}}


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

    title: states the finding. height, width: of the whole figure, in inches.
    """
    with _sheet(height, columns, rows, width) as (figure, all_axes):
        yield figure, all_axes
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")


@contextmanager
def panel(title: str, height: float) -> Iterator[tuple[Figure, Axes]]:
    """One pair of axes, as wide as the text, under its bold title."""
    with _sheet(height, 1, 1, WIDTH) as (figure, (axes,)):
        yield figure, axes
        axes.set_title(title)


@contextmanager
def _sheet(
    height: float, columns: int, rows: int, width: float
) -> Iterator[tuple[Figure, list[Axes]]]:
    with plt.rc_context(_SETTINGS):
        figure, axes = plt.subplots(
            rows, columns, figsize=(width, height), squeeze=False
        )
        try:
            yield figure, list(axes.flat)
        except BaseException:
            # A notebook shows every open figure, half-drawn ones too.
            plt.close(figure)
            raise


def picture(figure: Figure, form: str = "svg") -> bytes:
    """A figure as the content of a file; the same each time it is drawn.

    form: "svg" or "png"; ValueError for any other.
    """
    if form not in _UNDATED:
        raise ValueError(
            f"a figure cannot be written as {form!r}: choose "
            f"{' or '.join(map(repr, _UNDATED))}"
        )
    content = io.BytesIO()
    with plt.rc_context(_SETTINGS):
        figure.savefig(content, format=form, metadata=_UNDATED[form])
    return content.getvalue()


def subtitle(axes: Axes, text: str, size: float = 10) -> None:
    """What one of several panels shows, in points smaller than the title."""
    axes.set_title(text, fontweight="normal", fontsize=size)


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
        fontsize=8,
        **text,
    )
