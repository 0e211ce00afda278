"""What a neuron does: where it is on, what it bends, how wide is enough."""

from collections.abc import Callable, Mapping, Sequence

import torch
from jaxtyping import Float
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.view.losses import LOSS_LABEL
from tutorgpt.view.style import (
    BLUE,
    GREY,
    ORANGE,
    RED,
    house_style,
    new_figure,
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
    with house_style(), torch.no_grad():
        figure, all_axes = new_figure(2.7, len(functions))
        planes = [f(points).view(a.shape) for f in functions.values()]
        largest = max(plane.abs().max().item() for plane in planes)
        scale = Normalize(-largest, largest)
        for axes, name, plane in zip(all_axes, functions, planes, strict=True):
            axes.imshow(
                plane,
                origin="lower",
                extent=(-reach, reach, -reach, reach),
                cmap="PuOr",
                norm=scale,
            )
            # A neuron that is off is exactly zero over half the plane; a
            # hair above zero draws the border of where it is on.
            axes.contour(a, b, plane, levels=[1e-3], colors="black")
            if marks is not None:
                axes.scatter(*marks.T, color="black", s=18, zorder=3)
            axes.set_title(name, fontweight="normal", fontsize=10)
            axes.set(xlabel="input a", xticks=(-2, 0, 2), yticks=(-2, 0, 2))
        all_axes[0].set_ylabel("input b")
        figure.colorbar(
            ScalarMappable(scale, "PuOr"),
            ax=all_axes,
            shrink=0.7,
            label="output",
        )
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    return figure


def plot_fits(
    x: Float[Tensor, " N"],
    target: Float[Tensor, " N"],
    fits: Mapping[str, Float[Tensor, " N"]],
    *,
    title: str,
) -> Figure:
    """A curve and what approximates it, one small panel for each."""
    with house_style():
        figure, all_axes = new_figure(2.3, len(fits))
        for axes, (name, fit) in zip(all_axes, fits.items(), strict=True):
            axes.plot(x, target, color=GREY, linewidth=3, alpha=0.5)
            axes.plot(x, fit.detach(), color=BLUE)
            axes.set_title(name, fontweight="normal", fontsize=10)
            axes.set(xlabel="input", ylim=(-2.2, 2.2))
            if axes is not all_axes[0]:
                axes.set_yticklabels([])
        all_axes[0].set_ylabel("output")
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    return figure


def plot_firing(on: Float[Tensor, " F"], *, title: str) -> Figure:
    """How often each neuron is on, from the rarest to the commonest."""
    shares = on.detach().sort().values
    with house_style():
        figure, (axes,) = new_figure(2.8)
        axes.bar(range(len(shares)), shares, width=1.0, color=BLUE)
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
            title=title,
        )
    return figure


def plot_widths(record: dict, *, title: str) -> Figure:
    """Recorded losses against the width, a dot per seed and the mean."""
    widths: Sequence[int] = [row["width"] for row in record["widths"]]
    losses = torch.tensor(
        [[run["val_loss"] for run in row["runs"]] for row in record["widths"]]
    )
    with house_style():
        figure, (axes,) = new_figure(3.2)
        for seed in losses.T:
            axes.plot(widths, seed, "o", color=BLUE, alpha=0.5)
        axes.plot(widths, losses.mean(dim=1), color=BLUE)
        axes.set_xscale("log", base=2)
        axes.set_xticks(widths, [f"{width} ×" for width in widths])
        axes.set(
            xlabel="neurons, in multiples of n_embed",
            ylabel=LOSS_LABEL,
            title=title,
        )
    return figure
