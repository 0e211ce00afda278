"""Where a head looks, and the numbers inside it."""

from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Float
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.view.matrices import visible
from tutorgpt.view.style import BLUE, WIDTH, house_style, new_figure


def plot_attention(
    weights: Float[Tensor, "H T T"],
    text: str,
    *,
    title: str,
    names: Sequence[str] | None = None,
) -> Figure:
    """Attention maps over a text, one per head, on one colour scale.

    weights: row t holds the shares that position t gives to each position;
    what a position may not see is left white. text: its T characters, which
    label both axes. names: what stands over each map.
    """
    maps = weights.detach()
    columns = min(2, len(maps))
    rows = -(-len(maps) // columns)
    side = min((WIDTH - 0.6) / columns, 1 + 0.35 * len(text))
    past = torch.ones(maps.shape[1:], dtype=torch.bool).tril()
    causal = bool((maps.masked_fill(past, 0) == 0).all())
    labels = [visible(character) for character in text]
    with house_style():
        figure, all_axes = new_figure(rows * side - 0.1, columns, rows)
        figure.set_figwidth(min(WIDTH, columns * side + 1.3))
        scale = Normalize(0, maps.max().item())
        colours = colormaps["cividis"]
        for n, axes in enumerate(all_axes):
            if n >= len(maps):
                axes.set_visible(False)
                continue
            shown = maps[n]
            if causal:
                shown = shown.masked_fill(~past, float("nan"))
            axes.imshow(shown, cmap=colours, norm=scale)
            bare(axes)
            size = 8 if columns == 1 else 6
            axes.set_xticks(range(len(labels)), labels, fontsize=size)
            axes.set_yticks(range(len(labels)), labels, fontsize=size)
            axes.set_xlabel("looked at")
            axes.set_ylabel("looking")
            if names:
                axes.set_title(names[n], fontweight="normal", fontsize=10)
        figure.colorbar(
            ScalarMappable(scale, colours),
            ax=all_axes,
            shrink=0.6,
            label="attention weight (share of 1)",
        )
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    return figure


def plot_steps(
    steps: Mapping[str, Tensor], *, title: str, columns: int = 4
) -> Figure:
    """Matrices in the order of a computation, each with its shape.

    steps: a matrix under each name. Every panel has a colour scale of its
    own: orange below zero, white at zero, purple above; minus infinity is
    grey.
    """
    rows = -(-len(steps) // columns)
    with house_style():
        figure, all_axes = new_figure(1.75 * rows + 0.4, columns, rows)
        for axes in all_axes[len(steps) :]:
            axes.set_visible(False)
        for axes, (name, step) in zip(all_axes, steps.items(), strict=False):
            grid = step.detach()
            largest = grid[grid.isfinite()].abs().max().item()
            shown = grid.masked_fill(~grid.isfinite(), float("nan"))
            axes.set_facecolor("#bbbbbb")
            axes.imshow(shown, cmap="PuOr", vmin=-largest, vmax=largest)
            bare(axes)
            axes.set(xticks=[], yticks=[])
            shape = " × ".join(str(length) for length in grid.shape)
            axes.set_title(f"{name}\n{shape}", fontweight="normal", fontsize=9)
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    return figure


def plot_by_head_size(
    panels: Mapping[str, Mapping[str, Mapping[int, float]]],
    *,
    title: str,
    logarithmic: Sequence[str] = (),
) -> Figure:
    """Quantities against the head size, one panel each.

    panels: quantity -> curve -> head size -> value. logarithmic: the
    quantities whose axis is logarithmic; the head size's always is.
    """
    with house_style():
        columns = len(panels) if len(panels) < 4 else 2
        rows = -(-len(panels) // columns)
        figure, all_axes = new_figure(2.0 * rows + 0.9, columns, rows)
        for axes, (quantity, curves) in zip(
            all_axes, panels.items(), strict=False
        ):
            for (name, curve), marker in zip(
                curves.items(), "os^D", strict=False
            ):
                axes.plot(
                    list(curve),
                    list(curve.values()),
                    marker=marker,
                    markersize=4,
                    label=name,
                )
            sizes = list(next(iter(curves.values())))
            axes.set_xscale("log", base=2)
            axes.set_xticks(sizes, [str(size) for size in sizes], fontsize=7)
            if quantity in logarithmic:
                axes.set_yscale("log")
            axes.minorticks_off()
            axes.set_xlabel("head size (channels)")
            axes.set_title(quantity, fontweight="normal", fontsize=10)
        handles, names = all_axes[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside lower center", ncols=3)
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    return figure


def plot_distances(shares: Float[Tensor, " N"], *, title: str) -> Figure:
    """The mean attention weight by how far back it reaches, as bars."""
    with house_style():
        figure, (axes,) = new_figure(2.8)
        axes.bar(range(len(shares)), shares.detach(), color=BLUE)
        axes.set(
            xlabel="distance (characters back; 0 is the position itself)",
            ylabel="mean weight (share of 1)",
            title=title,
        )
    return figure


def bare(axes: Axes) -> None:
    """Take the frame away, which a map of squares does not need."""
    for spine in axes.spines.values():
        spine.set_visible(False)
