"""Chapter 2's figures: where a head looks, and the numbers inside it."""

from collections.abc import Mapping, Sequence

from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.view.matrices import (
    ATTENTION_LABEL,
    colour_bar,
    draw_map,
    shares,
    signed,
    without_future,
)
from tutorgpt.view.style import (
    BLUE,
    PALE,
    SMALL,
    WIDTH,
    panel,
    panels,
    plain_numbers,
    subtitle,
)


def plot_attention(
    weights: Float[Tensor, "H T T"],
    text: str,
    *,
    title: str,
    names: Sequence[str] | None = None,
) -> Figure:
    """Attention maps over a text, one per head, on one colour scale.

    weights: row t holds the shares that position t gives to each position;
    what a position may not see is left empty. text: its T characters, which
    label both axes. names: what stands over each map.
    """
    maps = without_future(weights.detach())
    columns = min(2, len(maps))
    rows = -(-len(maps) // columns)  # divided, rounded up
    side = min((WIDTH - 0.2) / columns, 0.9 + 0.25 * len(text))
    width = min(WIDTH, max(columns * side, 3.4))
    colours = shares(weights.max().item())
    with panels(
        title, rows * side + 0.8, columns=columns, rows=rows, width=width
    ) as (figure, all_axes):
        for axes in all_axes[len(maps) :]:
            axes.set_visible(False)
        for n, (axes, grid) in enumerate(zip(all_axes, maps, strict=False)):
            draw_map(axes, grid, colours, rows=text, columns=text)
            axes.tick_params(length=0, pad=1)
            axes.set(xlabel="looked at", ylabel="looking")
            if names:
                subtitle(axes, names[n])
        colour_bar(figure, all_axes, colours, ATTENTION_LABEL)
    return figure


def plot_steps(
    steps: Mapping[str, Tensor],
    *,
    title: str,
    columns: int = 4,
    pairs: Sequence[str] = (),
) -> Figure:
    """Matrices in the order of a computation, each with its shape.

    steps: a matrix under each name; a row is a position, a column a channel,
    or another position where the name is one of `pairs`. Every panel has a
    colour scale of its own: orange below zero, white at zero, purple above;
    minus infinity is grey and says so.
    """
    rows = -(-len(steps) // columns)
    with panels(title, 2.3 * rows + 0.3, columns=columns, rows=rows) as (
        figure,
        all_axes,
    ):
        for axes in all_axes[len(steps) :]:
            axes.set_visible(False)
        for axes, (name, step) in zip(all_axes, steps.items(), strict=False):
            grid = step.detach()
            largest = grid[grid.isfinite()].abs().max().item()
            axes.set_facecolor(PALE)
            draw_map(axes, grid, signed(largest))
            last_row, last_column = (length - 1 for length in grid.shape)
            axes.set_xticks([0, last_column], ["0", str(last_column)])
            axes.set_yticks([0, last_row], ["0", str(last_row)])
            _name_masked(axes, grid)
            shape = " × ".join(str(length) for length in grid.shape)
            subtitle(axes, f"{name}\n{shape}")
            seen = "position" if name in pairs else "channel"
            axes.set_xlabel(seen, fontsize=SMALL, labelpad=-8)
            colour_bar(
                figure,
                [axes],
                signed(largest),
                "entry",
                shrink=0.9,
                ticks=[-largest, 0, largest],
                format="%.1f",
            )
        for axes in all_axes[: len(steps) : columns]:
            axes.set_ylabel("position", fontsize=SMALL)
        # The bars stand in the way of the names below them.
        figure.set_layout_engine("constrained", hspace=0.14)
    return figure


def _name_masked(axes: Axes, grid: Float[Tensor, "R C"]) -> None:
    """One -∞ amid the cells that are masked, if there are any."""
    masked = grid.isneginf().nonzero().float()
    if len(masked):
        row, column = masked.mean(dim=0).tolist()
        axes.text(column, row, "-∞", ha="center", va="center")


def plot_by_head_size(
    quantities: Mapping[str, Mapping[str, Mapping[int, float]]],
    *,
    title: str,
    logarithmic: Sequence[str] = (),
) -> Figure:
    """Quantities against the head size, one panel each.

    quantities: quantity -> curve -> head size -> value. logarithmic: the
    quantities whose axis is logarithmic; the head size's always is.
    """
    columns = len(quantities) if len(quantities) < 4 else 2
    rows = -(-len(quantities) // columns)
    with panels(title, 2.0 * rows + 0.9, columns=columns, rows=rows) as (
        figure,
        all_axes,
    ):
        for axes, (quantity, curves) in zip(
            all_axes, quantities.items(), strict=False
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
            shown = sizes[::2] if len(sizes) > 6 else sizes
            axes.set_xticks(shown, [*map(str, shown)])
            if quantity in logarithmic:
                axes.set_yscale("log")
                plain_numbers(axes.yaxis)
            axes.minorticks_off()
            axes.set_xlabel("head size (channels)")
            subtitle(axes, quantity)
        # The curves are the same in every panel: one legend names them.
        handles, names = all_axes[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside lower center", ncols=3)
    return figure


def plot_distances(shares: Float[Tensor, " N"], *, title: str) -> Figure:
    """The mean attention weight by how far back it reaches, as bars."""
    with panel(title, 2.8) as (figure, axes):
        axes.bar(range(len(shares)), shares.tolist(), color=BLUE)
        axes.set(
            xlabel="distance (characters back; 0 is the position itself)",
            ylabel="mean weight (share of 1)",
        )
    return figure
