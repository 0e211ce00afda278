"""How every figure of the tutorial looks."""

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
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw what is inside with the tutorial's settings."""
    with plt.rc_context(_SETTINGS):
        yield


def new_figure(
    height: float, columns: int = 1, rows: int = 1
) -> tuple[Figure, list[Axes]]:
    """A figure of the fixed width with its axes in reading order."""
    figure, axes = plt.subplots(
        rows, columns, figsize=(WIDTH, height), squeeze=False
    )
    return figure, list(axes.flat)
