"""Where a translator looks, and how quickly it learns."""

from collections.abc import Sequence

from jaxtyping import Float
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.view.matrices import visible
from tutorgpt.view.style import PALETTE, house_style, new_figure


def plot_cross_attention(
    weights: Float[Tensor, "N T S"],
    source: str,
    target: str,
    *,
    names: Sequence[str],
    title: str,
) -> Figure:
    """Maps from target to source, one above the other, on one scale.

    weights: row t holds the shares of the source that are read to write
    character t of the target. names: what stands over each map.
    """
    maps = weights.detach()
    height = 0.7 + len(maps) * (0.55 + 0.2 * len(target))
    with house_style():
        figure, all_axes = new_figure(height, 1, len(maps))
        scale = Normalize(0, maps.max().item())
        colours = colormaps["cividis"]
        for axes, grid, name in zip(all_axes, maps, names, strict=True):
            axes.imshow(grid, cmap=colours, norm=scale, aspect="auto")
            axes.set_xticks(range(len(source)), map(visible, source))
            axes.set_yticks(range(len(target)), map(visible, target))
            axes.tick_params(labelsize=8, length=0)
            axes.set_ylabel("written")
            axes.set_title(name, fontweight="normal", fontsize=10)
            for spine in axes.spines.values():
                spine.set_visible(False)
        all_axes[-1].set_xlabel("looked at in the source")
        figure.colorbar(
            ScalarMappable(scale, colours),
            ax=all_axes,
            shrink=0.7,
            label="attention weight (share of 1)",
        )
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    return figure


def plot_learning(record: dict, *, title: str) -> Figure:
    """The training loss of recorded translators: a line per run.

    record: what scripts/records/translation.py wrote; the runs of one form
    share a colour, and the legend says how many dates they get right.
    """
    every, runs = record["steps_per_loss"], record["runs"]
    forms = dict.fromkeys(run["form"] for run in runs)
    with house_style():
        figure, (axes,) = new_figure(3.4)
        for form, colour in zip(forms, PALETTE, strict=False):
            same = [run for run in runs if run["form"] == form]
            right = sum(run["exact_match"] for run in same) / len(same)
            for n, run in enumerate(same):
                steps = [every * (k + 0.5) for k in range(len(run["losses"]))]
                label = f"{form}: {right:.1%} right" if n == 0 else None
                axes.semilogy(
                    steps, run["losses"], color=colour, lw=1.2, label=label
                )
        axes.set(
            xlabel="training step",
            ylabel="training loss (nats per character)",
            title=title,
        )
        axes.legend(loc="upper right")
    return figure
