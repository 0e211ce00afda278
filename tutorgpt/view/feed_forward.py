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
    RED,
    panel,
    panels,
    subtitle,
)


def plot_plane(
    functions: Mapping[str, Callable[[Tensor], Tensor]],
    *,
    title: str,
    cuts: Mapping[str, Float[Tensor, "N 3"]],
    marks: Float[Tensor, "M 2"],
    marked: str,
    reach: float = 2.0,
) -> Figure:
    """Functions of two inputs as coloured planes, with their neurons' cuts.

    functions: each takes points (N, 2) and returns values (N). cuts: for
    each function the rows u, v, c of its neurons, which turn on along
    u a + v b + c = 0. marks: points to put on every plane; marked: what
    they are. reach: how far both axes go from zero.
    """
    steps = torch.linspace(-reach, reach, 161)
    b, a = torch.meshgrid(steps, steps, indexing="ij")
    points = torch.stack([a.flatten(), b.flatten()], dim=-1)
    with torch.no_grad():
        planes = [f(points).view(a.shape) for f in functions.values()]
    ends = (-reach, 0, reach)
    colours = signed(max(plane.abs().max().item() for plane in planes))
    with panels(title, 3.2, columns=len(functions)) as (figure, all_axes):
        for axes, name, plane in zip(all_axes, functions, planes, strict=True):
            axes.imshow(
                plane.cpu().numpy(),
                origin="lower",
                extent=(-reach, reach, -reach, reach),
                cmap=colours.name,
                norm=colours.scale,
            )
            for n, (u, v, c) in enumerate(cuts[name].tolist()):
                # The point of the line that is nearest to zero, and another.
                near = (-c * u / (u * u + v * v), -c * v / (u * u + v * v))
                other = (near[0] - v, near[1] + u)
                name_it = None if n else "a cut: here a neuron turns on"
                axes.axline(
                    near, other, color="black", linewidth=1.2, label=name_it
                )
            axes.scatter(
                *marks.T.tolist(), color="black", s=18, zorder=3, label=marked
            )
            subtitle(axes, name)
            axes.set(
                xlabel="input a",
                xticks=ends,
                yticks=ends,
                xlim=(-reach, reach),
                ylim=(-reach, reach),
            )
        all_axes[0].set_ylabel("input b")
        colour_bar(figure, all_axes, colours, "output")
        figure.legend(
            *all_axes[0].get_legend_handles_labels(),
            loc="outside lower center",
            ncols=2,
        )
    return figure


def plot_fits(
    x: Float[Tensor, " N"],
    target: Float[Tensor, " N"],
    fits: Mapping[str, Float[Tensor, " N"]],
    *,
    title: str,
) -> Figure:
    """A curve and what approximates it, one small panel for each."""
    rows = -(-len(fits) // 2)  # divided, rounded up
    with panels(title, 0.6 + 1.5 * rows, columns=2, rows=rows) as (
        figure,
        all_axes,
    ):
        for axes in all_axes[len(fits) :]:
            axes.set_visible(False)
        for axes, (name, fit) in zip(all_axes, fits.items(), strict=False):
            axes.plot(
                x.tolist(),
                target.tolist(),
                color=GREY,
                linewidth=3,
                alpha=0.5,
                label="the curve",
            )
            axes.plot(
                x.tolist(),
                fit.tolist(),
                color=BLUE,
                label="the sum of the neurons",
            )
            subtitle(axes, name)
            axes.set(xlabel="input", ylim=(-2.2, 2.2))
        for axes in all_axes[::2]:
            axes.set_ylabel("output")
        for axes in all_axes[1::2]:
            axes.set_yticklabels([])
        figure.legend(
            *all_axes[0].get_legend_handles_labels(),
            loc="outside lower center",
            ncols=2,
        )
    return figure


def plot_firing(on: Float[Tensor, " F"], *, title: str) -> Figure:
    """How often each neuron is on, from the rarest to the commonest."""
    shares = on.detach().sort().values
    with panel(title, 2.8) as (figure, axes):
        axes.bar(range(len(shares)), shares.tolist(), width=1.0, color=BLUE)
        mean = shares.mean().item()
        axes.axhline(mean, color=RED, linestyle="--")
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
    """Recorded losses against the width, a dot per seed and the mean.

    The axis spans at least 0.4 nats: less would make a seed look large.
    """
    widths: Sequence[int] = [row["width"] for row in record["widths"]]
    losses = torch.tensor(
        [[run["val_loss"] for run in row["runs"]] for row in record["widths"]]
    )
    with panel(title, 3.2) as (figure, axes):
        for n, seed in enumerate(losses.T):
            axes.plot(
                widths,
                seed.tolist(),
                "o",
                color=BLUE,
                alpha=0.5,
                label=None if n else "a run, one seed",
            )
        means = losses.mean(dim=1)
        axes.plot(widths, means.tolist(), color=BLUE, label="mean")
        middle = (losses.max() + losses.min()).item() / 2
        half = max(0.2, 0.6 * (losses.max() - losses.min()).item())
        axes.set_ylim(middle - half, middle + half)
        axes.set_xscale("log", base=2)
        axes.set_xticks(widths, [f"{width} ×" for width in widths])
        axes.set(
            xlabel="neurons, in multiples of n_embed",
            ylabel=LOSS_LABEL,
        )
        axes.legend(loc="upper right")
    return figure
