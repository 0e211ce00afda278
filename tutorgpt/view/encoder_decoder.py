"""Chapter 9's figures: where a translator looks, how quickly it learns."""

from collections.abc import Sequence

import torch
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

STYLES = ("-", "--", ":")
"""Of lines, so that not the colour alone tells them apart."""


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
    """The training loss of recorded translators: a line and band per form.

    record: what scripts/records/translation.py wrote. The line is the
    median of a form's runs and the band reaches from the lowest to the
    highest; the legend says how many dates they get right in the mean.
    """
    every, runs = record["steps_per_loss"], record["runs"]
    forms = dict.fromkeys(run["form"] for run in runs)
    with panel(title, 3.4) as (figure, axes):
        for form, colour, style in zip(forms, PALETTE, STYLES, strict=False):
            same = [run for run in runs if run["form"] == form]
            right = sum(run["exact_match"] for run in same) / len(same)
            losses = torch.tensor([run["losses"] for run in same])
            # Each loss is a mean over `every` steps: drawn amid them.
            steps = [every * (k + 0.5) for k in range(losses.shape[1])]
            low, high = losses.amin(dim=0), losses.amax(dim=0)
            axes.fill_between(
                steps, low, high, color=colour, alpha=0.2, linewidth=0
            )
            axes.semilogy(
                steps,
                losses.median(dim=0).values,
                color=colour,
                linestyle=style,
                label=f"{form}: {right:.1%} right",
            )
        axes.set(
            xlabel="training step",
            ylabel="training loss (nats per character)",
        )
        axes.legend(loc="upper right", title="median, and range of the seeds")
    return figure
