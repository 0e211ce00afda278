"""What a broken model looks like, beside its mended twin."""

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tutorgpt.view.matrices import (
    ATTENTION_LABEL,
    colour_bar,
    draw_map,
    shares,
    without_future,
)
from tutorgpt.view.style import BLUE, RED, SMALL, panels


def plot_symptoms(
    broken: dict, mended: dict, text: str, *, title: str
) -> Figure:
    """The held-out curves of both, and the broken one's attention map.

    broken, mended: what results/bugs.json holds for one hunt. text: the
    characters that label the map's axes, where there is one. The map goes
    from dark, no weight, to yellow, all of it; what is masked is left empty.
    """
    weights = broken.get("map")
    with panels(title, 6.0 if weights else 2.8, rows=2 if weights else 1) as (
        figure,
        all_axes,
    ):
        _draw_curves(all_axes[0], broken, mended)
        if weights:
            axes = all_axes[1]
            grid = without_future(torch.tensor(weights))
            draw_map(axes, grid, shares(), rows=text, columns=text)
            axes.set(xlabel="looked at", ylabel="looking (broken model)")
            colour_bar(figure, [axes], shares(), ATTENTION_LABEL)
    return figure


def _draw_curves(axes: Axes, broken: dict, mended: dict) -> None:
    """Both held-out losses, by what the record calls its axis and in its unit.

    Another measure than the loss has its name in the record. Where one is
    not a number its curve ends, and a cross says why.
    """
    for run, colour, style, name in (
        (mended, BLUE, "--", "healthy twin"),
        (broken, RED, "-", "broken"),
    ):
        known = [(n, loss) for n, loss in run["curve"] if loss is not None]
        steps, losses = zip(*known, strict=True)
        axes.plot(steps, losses, style, color=colour, label=name)
        if len(known) < len(run["curve"]):
            axes.plot(steps[-1], losses[-1], "x", color=colour)
            axes.annotate(
                "not a number from here",
                (steps[-1], losses[-1]),
                xytext=(0, 8),
                textcoords="offset points",
                ha="right",
                fontsize=SMALL,
            )
    axes.set(
        xlabel=broken.get("axis", "step"),
        ylabel=(
            f"{broken.get('measure', 'held-out loss')} "
            f"({broken.get('unit', 'nats per character')})"
        ),
    )
    axes.legend()
