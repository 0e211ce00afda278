"""Matrices one can read: attention maps and other grids of numbers."""

from collections.abc import Sequence

import torch
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.view.style import WIDTH, house_style, new_figure


def plot_matrices(
    matrices: Sequence[Tensor],
    *,
    names: Sequence[str],
    title: str,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    row_axis: str = "query position",
    column_axis: str = "key position",
    numbers: bool = False,
) -> Figure:
    """Draw matrices side by side on one colour scale.

    matrices: each (rows, columns). rows, columns: labels, such as the
    characters that stand there; space and line break are made visible.
    numbers: also print each entry: shares to two decimals, others to one.
    Entries of -infinity are left white.
    """
    grids = [m.detach().float() for m in matrices]
    finite = torch.cat([g[g.isfinite()].flatten() for g in grids])
    low, high = min(0.0, finite.min().item()), finite.max().item()
    digits = 2 if low == 0 and high <= 1 else 1
    shape = grids[0].shape
    height = (WIDTH - 1.1) / len(grids) * shape[0] / shape[1] + 0.9
    with house_style():
        figure, all_axes = new_figure(min(height, 6.0), columns=len(grids))
        scale = Normalize(low, high)
        colours = colormaps["cividis"]
        if low < 0:
            scale = Normalize(-max(-low, high), max(-low, high))
            colours = colormaps["PuOr"]
        for axes, grid, name in zip(all_axes, grids, names, strict=True):
            shown = grid.masked_fill(~grid.isfinite(), float("nan"))
            axes.imshow(shown, cmap=colours, norm=scale)
            axes.set_title(name, fontweight="normal", fontsize=10)
            axes.set_xlabel(column_axis)
            _label(axes.set_xticks, columns, shape[1])
            _label(axes.set_yticks, rows, shape[0])
            for spine in axes.spines.values():
                spine.set_visible(False)
            for row, column in (
                (~grid.isnan()).nonzero().tolist() if numbers else ()
            ):
                value = grid[row, column].item()
                red, green, blue, _ = colours(float(scale(value)))
                bright = 0.3 * red + 0.6 * green + 0.1 * blue > 0.5
                masked = value == float("-inf")
                axes.text(
                    column,
                    row,
                    "-∞"
                    if masked
                    else f"{round(value, digits) + 0.0:.{digits}f}",
                    ha="center",
                    va="center",
                    fontsize=7,
                    color="black" if bright or masked else "white",
                )
        all_axes[0].set_ylabel(row_axis)
        figure.colorbar(
            ScalarMappable(scale, colours), ax=all_axes, shrink=0.7
        )
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    return figure


def visible(character: str) -> str:
    """A character one can see: space as ␣, line break as ↵."""
    return {" ": "␣", "\n": "↵"}.get(character, character)


def _label(place, labels: Sequence[str] | None, count: int) -> None:
    if labels is None:
        place(range(count))
    else:
        place(range(count), [visible(label) for label in labels])
