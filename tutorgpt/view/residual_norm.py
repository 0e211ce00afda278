"""What happens from layer to layer, and how deep stacks train."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tutorgpt.view.losses import LOSS_LABEL
from tutorgpt.view.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    house_style,
    new_figure,
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
    panels: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    title: str,
) -> Figure:
    """One panel per quantity, one line per wiring, on logarithmic scales.

    panels: quantity -> wiring -> one positive number per layer; the wiring
    is "plain", "norm", "residual", "pre-norm" or "post-norm".
    """
    with house_style():
        figure, all_axes = new_figure(3.3, columns=len(panels))
        for axes, (quantity, lines) in zip(
            all_axes, panels.items(), strict=True
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
            axes.set_title(quantity, fontweight="normal", fontsize=10)
        handles, names = all_axes[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside lower center", ncols=5)
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    return figure


def plot_rates(record: dict, *, title: str, highest: float = 3.6) -> Figure:
    """Recorded losses by learning rate, one line per wiring.

    record: what scripts/records/depth.py wrote; each dot is a seed, the line
    joins their medians. A loss above `highest` is drawn at the top edge.
    """
    floor = record["floors"]["unigram"]
    with house_style():
        figure, (axes,) = new_figure(3.4)
        for shift, wiring in enumerate(("residual", "pre-norm", "post-norm")):
            colour, mark = _COLOURS[wiring], _MARKS[wiring]
            by_rate = losses_by_rate(record, wiring)
            places = [rate * 1.06 ** (shift - 1) for rate in by_rate]
            middles = []
            for place, losses in zip(places, by_rate.values(), strict=True):
                shown = sorted(min(loss, highest) for loss in losses)
                middles.append(shown[len(shown) // 2])
                axes.plot(
                    [place] * len(shown),
                    shown,
                    mark,
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
            axes.plot(places, middles, color=colour, label=wiring)
        axes.axhline(floor, color=GREY, linestyle="--", linewidth=1)
        axes.annotate(
            "unigram floor",
            (0.01, floor),
            xycoords=("axes fraction", "data"),
            va="bottom",
            color=GREY,
            fontsize=8,
        )
        axes.set_xscale("log")
        rates = list(losses_by_rate(record, "residual"))
        axes.set_xticks(rates, [f"{rate:g}" for rate in rates])
        axes.minorticks_off()
        axes.set_ylim(top=highest)
        axes.set(xlabel="learning rate", ylabel=LOSS_LABEL, title=title)
        axes.legend(loc="center left")
    return figure


def losses_by_rate(
    record: dict, wiring: str, n_layer: int = 3
) -> dict[float, list[float]]:
    """The recorded losses of one wiring: learning rate -> one per seed."""
    losses: dict[float, list[float]] = {}
    for run in record["runs"]:
        if (run["wiring"], run["n_layer"]) == (wiring, n_layer):
            losses.setdefault(run["learning_rate"], []).append(run["val_loss"])
    return losses
