"""Matrices one can read: the frame of all maps, and grids of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.view.style import SMALL, WIDTH, panels, subtitle
from tutorgpt.view.svg import KEPT

ATTENTION_LABEL = "attention weight (share of 1)"


@dataclass(frozen=True)
class Colours:
    """Which number has which colour, in all maps of a figure.

    name: of matplotlib's colour map. scale: from numbers to 0 … 1. gid:
    KEPT where the colours suit a dark page as they are.
    """

    name: str
    scale: Normalize
    gid: str | None = None


def shares(high: float = 1.0) -> Colours:
    """The colours of shares, dark at 0 and yellow at `high`."""
    return Colours("cividis", Normalize(0, high), KEPT)


def signed(largest: float) -> Colours:
    """The colours of numbers: orange below zero, white at it, purple above.

    largest: the size at which the colours end, on both sides.
    """
    return Colours("PuOr", Normalize(-largest, largest))


def draw_map(
    axes: Axes,
    grid: Float[Tensor, "R C"],
    colours: Colours,
    *,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    **placing: Any,
) -> None:
    """Draw one matrix as coloured squares, with no frame around it.

    rows, columns: labels, such as the characters that stand there; space
    and line break are made visible. An axis without labels has no ticks.
    placing: for matplotlib's imshow. Entries that are not finite are left
    as the ground is.
    """
    shown = grid.masked_fill(~grid.isfinite(), float("nan"))
    axes.imshow(
        shown.cpu().numpy(),
        cmap=colours.name,
        norm=colours.scale,
        gid=colours.gid,
        **placing,
    )
    for spine in axes.spines.values():
        spine.set_visible(False)
    for place, labels in ((axes.set_xticks, columns), (axes.set_yticks, rows)):
        place(range(len(labels)), [*map(visible, labels)])


def colour_bar(
    figure: Figure,
    all_axes: Sequence[Axes],
    colours: Colours,
    label: str = "",
    *,
    shrink: float = 0.7,
    **placing: Any,
) -> None:
    """The one scale of all maps of a figure, below them.

    label: what a colour stands for, with its unit. shrink: the bar's length
    as a share of the maps' width. placing: for matplotlib's colorbar.
    """
    bar = figure.colorbar(
        ScalarMappable(colours.scale, colours.name),
        ax=all_axes,
        location="bottom",
        shrink=shrink,
        aspect=30,
        **placing,
    )
    bar.set_label(label, fontsize=SMALL)
    bar.outline.set_visible(False)
    # One row of colours instead of matplotlib's picture of 256 stripes,
    # which keeps no gid.
    assert bar.solids is not None
    bar.solids.set_visible(False)
    low, high = bar.ax.get_xlim()
    bar.ax.imshow(
        torch.linspace(low, high, 64)[None].numpy(),
        cmap=colours.name,
        norm=colours.scale,
        extent=(low, high, *bar.ax.get_ylim()),
        aspect="auto",
        interpolation="none",
        gid=colours.gid,
    )


def without_future(
    maps: Float[Tensor, "*N T T"],
) -> Float[Tensor, "*N T T"]:
    """Attention maps in which the masked future is nan, to be left empty.

    A zero in the past is a look that was not taken; in the future it is
    none that could be. Where some map looks ahead, all keep what is as near
    as its farthest look: that much was not masked, and is seen.
    """
    here = torch.arange(maps.shape[-1])
    ahead = here - here[:, None]
    looks = (maps != 0).reshape(-1, *ahead.shape).any(dim=0) & (ahead > 0)
    farthest = ahead[looks].max() if looks.any() else 0
    return maps.masked_fill(ahead > farthest, float("nan"))


def plot_matrices(
    matrices: Sequence[Tensor],
    *,
    names: Sequence[str],
    title: str,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    row_axis: str = "query position",
    column_axis: str = "key position",
    label: str | None = None,
) -> Figure:
    """Draw matrices side by side on one colour scale.

    matrices: each (rows, columns). rows, columns: labels, such as the
    characters that stand there; space and line break are made visible.
    label: what a colour stands for, with its unit; the names where nothing
    is said. Entries of -infinity are left empty. Where the numbers matter,
    tutorgpt.view.tables writes them down.
    """
    grids = [m.detach().float() for m in matrices]
    finite = torch.cat([g[g.isfinite()].flatten() for g in grids])
    low, high = min(0.0, finite.min().item()), finite.max().item()
    colours = signed(max(-low, high)) if low < 0 else shares(high)
    R, C = grids[0].shape
    # Squares: the width is shared by the grids, the bar lies below them.
    height = min((WIDTH - 0.6) / len(grids) * R / C + 1.4, 6.0)
    with panels(title, height, columns=len(grids)) as (figure, all_axes):
        for axes, grid, name in zip(all_axes, grids, names, strict=True):
            draw_map(
                axes,
                grid,
                colours,
                rows=_positions(R) if rows is None else rows,
                columns=_positions(C) if columns is None else columns,
            )
            subtitle(axes, name)
            axes.set_xlabel(column_axis)
        all_axes[0].set_ylabel(row_axis)
        named = " and ".join(names) if label is None else label
        colour_bar(figure, all_axes, colours, named)
    return figure


def visible(character: str) -> str:
    """A character one can see: space as ␣, line break as ↵."""
    return {" ": "␣", "\n": "↵"}.get(character, character)


def _positions(count: int) -> list[str]:
    return [str(n) for n in range(count)]
