"""Chapter 4's figures: where a neuron is on, what it bends, how many."""

from collections.abc import Callable, Mapping, Sequence

import torch
from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.view.losses import LOSS_LABEL
from tutorgpt.view.matrices import colour_bar, signed
from tutorgpt.view.style import (
    BLUE,
    GREY,
    ORANGE,
    RED,
    panel,
    panels,
    subtitle,
)


def plot_plane(
    functions: Mapping[str, Callable[[Tensor], Tensor]],
    *,
    title: str,
    reach: float = 2.0,
    marks: Float[Tensor, "N 2"] | None = None,
) -> Figure:
    """Functions of two inputs as coloured planes, the zero line drawn in.

    functions: each takes points (N, 2) and returns values (N). reach: how
    far both axes go from zero. marks: points to put on every plane.
    """
    steps = torch.linspace(-reach, reach, 161)
    b, a = torch.meshgrid(steps, steps, indexing="ij")
    points = torch.stack([a.flatten(), b.flatten()], dim=-1)
    with torch.no_grad():
        planes = [f(points).view(a.shape) for f in functions.values()]
    ends = (-reach, 0, reach)
    colours = signed(max(plane.abs().max().item() for plane in planes))
    with panels(title, 2.7, columns=len(functions)) as (figure, all_axes):
        for axes, name, plane in zip(all_axes, functions, planes, strict=True):
            axes.imshow(
                plane.cpu().numpy(),
                origin="lower",
                extent=(-reach, reach, -reach, reach),
                cmap=colours.name,
                norm=colours.scale,
            )
            # A neuron that is off is exactly zero over half the plane; a
            # hair above zero draws the border of where it is on.
            grid = (steps.tolist(), steps.tolist(), plane.tolist())
            axes.contour(*grid, levels=[1e-3], colors="black")
            if marks is not None:
                axes.scatter(*marks.T.tolist(), color="black", s=18, zorder=3)
            subtitle(axes, name)
            axes.set(xlabel="input a", xticks=ends, yticks=ends)
        all_axes[0].set_ylabel("input b")
        colour_bar(figure, all_axes, colours, "output")
    return figure


def plot_fits(
    x: Float[Tensor, " N"],
    target: Float[Tensor, " N"],
    fits: Mapping[str, Float[Tensor, " N"]],
    *,
    title: str,
) -> Figure:
    """A curve and what approximates it, one small panel for each."""
    with panels(title, 2.3, columns=len(fits)) as (figure, all_axes):
        for axes, (name, fit) in zip(all_axes, fits.items(), strict=True):
            axes.plot(
                x.tolist(), target.tolist(), color=GREY, linewidth=3, alpha=0.5
            )
            axes.plot(x.tolist(), fit.tolist(), color=BLUE)
            subtitle(axes, name)
            axes.set(xlabel="input", ylim=(-2.2, 2.2))
            if axes is not all_axes[0]:
                axes.set_yticklabels([])
        all_axes[0].set_ylabel("output")
    return figure


def plot_firing(on: Float[Tensor, " F"], *, title: str) -> Figure:
    """How often each neuron is on, from the rarest to the commonest."""
    shares = on.detach().sort().values
    with panel(title, 2.8) as (figure, axes):
        axes.bar(range(len(shares)), shares.tolist(), width=1.0, color=BLUE)
        mean = shares.mean().item()
        axes.axhline(mean, color=ORANGE, linestyle="--")
        axes.annotate(
            f"mean {mean:.2f}",
            (0, mean),
            xytext=(4, 3),
            textcoords="offset points",
            color=RED,
        )
        axes.set(
            xlabel="neurons, from the rarest to the most often on",
            ylabel="share of positions",
            ylim=(0, 1),
        )
    return figure


def plot_widths(record: dict, *, title: str) -> Figure:
    """Recorded losses against the width, a dot per seed and the mean."""
    widths: Sequence[int] = [row["width"] for row in record["widths"]]
    losses = torch.tensor(
        [[run["val_loss"] for run in row["runs"]] for row in record["widths"]]
    )
    with panel(title, 3.2) as (figure, axes):
        for seed in losses.T:
            axes.plot(widths, seed.tolist(), "o", color=BLUE, alpha=0.5)
        axes.plot(widths, losses.mean(dim=1).tolist(), color=BLUE)
        axes.set_xscale("log", base=2)
        axes.set_xticks(widths, [f"{width} ×" for width in widths])
        axes.set(
            xlabel="neurons, in multiples of n_embed",
            ylabel=LOSS_LABEL,
        )
    return figure
