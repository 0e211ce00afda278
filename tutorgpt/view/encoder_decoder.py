"""Chapter 9's figures: where a translator looks, how quickly it learns."""

from collections.abc import Sequence

from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.view.matrices import (
    ATTENTION_LABEL,
    colour_bar,
    draw_map,
    shares,
)
from tutorgpt.view.style import PALETTE, panel, panels, subtitle


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
    colours = shares(maps.max().item())
    height = 0.7 + len(maps) * (0.55 + 0.2 * len(target))
    with panels(title, height, rows=len(maps)) as (figure, all_axes):
        for axes, grid, name in zip(all_axes, maps, names, strict=True):
            # No future to hide: the whole source may always be read.
            draw_map(
                axes,
                grid,
                colours,
                rows=target,
                columns=source,
                aspect="auto",
            )
            axes.tick_params(length=0)
            axes.set_ylabel("written")
            subtitle(axes, name)
        all_axes[-1].set_xlabel("looked at in the source")
        colour_bar(figure, all_axes, colours, ATTENTION_LABEL)
    return figure


def plot_learning(record: dict, *, title: str) -> Figure:
    """The training loss of recorded translators: a line per run.

    record: what scripts/records/translation.py wrote; the runs of one form
    share a colour, and the legend says how many dates they get right.
    """
    every, runs = record["steps_per_loss"], record["runs"]
    forms = dict.fromkeys(run["form"] for run in runs)
    with panel(title, 3.4) as (figure, axes):
        for form, colour in zip(forms, PALETTE, strict=False):
            same = [run for run in runs if run["form"] == form]
            right = sum(run["exact_match"] for run in same) / len(same)
            for n, run in enumerate(same):
                # Each loss is a mean over `every` steps: drawn amid them.
                steps = [every * (k + 0.5) for k in range(len(run["losses"]))]
                label = f"{form}: {right:.1%} right" if n == 0 else None
                axes.semilogy(
                    steps, run["losses"], color=colour, lw=1.2, label=label
                )
        axes.set(
            xlabel="training step",
            ylabel="training loss (nats per character)",
        )
        axes.legend(loc="upper right")
    return figure
