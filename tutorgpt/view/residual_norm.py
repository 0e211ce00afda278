"""Chapter 5's figures: from layer to layer, and how deep stacks train."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tutorgpt.view.losses import LOSS_LABEL
from tutorgpt.view.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    mark_level,
    panel,
    panels,
    subtitle,
)

_COLOURS = {
    "plain": GREY,
    "norm": ORANGE,
    "residual": GREEN,
    "pre-norm": BLUE,
    "post-norm": RED,
}
_MARKS = {
    "plain": "s",
    "norm": "v",
    "residual": "^",
    "pre-norm": "o",
    "post-norm": "D",
}


def plot_by_layer(
    quantities: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    title: str,
) -> Figure:
    """One panel per quantity, one line per wiring, on logarithmic scales.

    quantities: quantity -> wiring -> one positive number per layer; the wiring
    is "plain", "norm", "residual", "pre-norm" or "post-norm".
    """
    with panels(title, 3.3, columns=len(quantities)) as (figure, all_axes):
        for axes, (quantity, lines) in zip(
            all_axes, quantities.items(), strict=True
        ):
            for wiring, values in lines.items():
                layers = range(1, len(values) + 1)
                axes.plot(
                    layers,
                    values,
                    color=_COLOURS[wiring],
                    marker=_MARKS[wiring],
                    markersize=4,
                    label=wiring,
                )
            axes.set_yscale("log")
            axes.set(xlabel="layer")
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
            subtitle(axes, quantity)
        handles, names = all_axes[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside lower center", ncols=5)
    return figure


def plot_rates(record: dict, *, title: str, highest: float = 3.6) -> Figure:
    """Recorded losses by learning rate, one line per wiring.

    record: what scripts/records/depth.py wrote; each dot is a seed, the line
    joins their medians. A loss above `highest` is drawn at the top edge.
    """
    with panel(title, 3.4) as (figure, axes):
        for n, wiring in enumerate(("residual", "pre-norm", "post-norm")):
            by_rate = losses_by_rate(record, wiring)
            # The three share their rates. Shifted by six per cent no dot
            # hides another; on a logarithmic axis all shifts are as wide.
            places = [rate * 1.06 ** (n - 1) for rate in by_rate]
            middles = [
                _draw_seeds(axes, wiring, place, losses, highest)
                for place, losses in zip(places, by_rate.values(), strict=True)
            ]
            axes.plot(places, middles, color=_COLOURS[wiring], label=wiring)
        floor = record["floors"]["unigram"]
        mark_level(axes, floor, "unigram floor", place=0.01, va="bottom")
        axes.set_xscale("log")
        rates = list(losses_by_rate(record, "residual"))
        axes.set_xticks(rates, [f"{rate:g}" for rate in rates])
        axes.minorticks_off()
        axes.set_ylim(top=highest)
        axes.set(xlabel="learning rate", ylabel=LOSS_LABEL)
        axes.legend(loc="center left")
    return figure


def _draw_seeds(
    axes: Axes, wiring: str, place: float, losses: list[float], highest: float
) -> float:
    """A dot for each seed; their median, drawn no higher than `highest`."""
    colour = _COLOURS[wiring]
    shown = sorted(min(loss, highest) for loss in losses)
    axes.plot(
        [place] * len(shown),
        shown,
        _MARKS[wiring],
        color=colour,
        alpha=0.5,
        clip_on=False,
    )
    if min(losses) > highest:
        axes.annotate(
            "explodes",
            (place, highest),
            xytext=(-28, -22),
            textcoords="offset points",
            ha="right",
            color=colour,
            fontsize=8,
            arrowprops={"arrowstyle": "->", "color": colour},
        )
    return shown[len(shown) // 2]


def losses_by_rate(
    record: dict, wiring: str, n_layer: int = 3
) -> dict[float, list[float]]:
    """The recorded losses of one wiring: learning rate -> one per seed."""
    losses: dict[float, list[float]] = {}
    for run in record["runs"]:
        if (run["wiring"], run["n_layer"]) == (wiring, n_layer):
            losses.setdefault(run["learning_rate"], []).append(run["val_loss"])
    return losses
