"""What a broken model looks like, beside its mended twin."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tutorgpt.view.matrices import visible
from tutorgpt.view.style import BLUE, RED, house_style, new_figure


def plot_symptoms(
    broken: dict, mended: dict, text: str, *, title: str
) -> Figure:
    """The held-out curves of both, and the broken one's attention map.

    broken, mended: what results/bugs.json holds for one hunt. text: the
    characters that label the map's axes, where there is one.
    """
    weights = broken.get("map")
    with house_style():
        figure, all_axes = new_figure(3.0, 2 if weights else 1)
        curves(all_axes[0], broken, mended)
        if weights:
            attention_map(all_axes[1], weights, text)
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    return figure


def curves(axes: Axes, broken: dict, mended: dict) -> None:
    """Both held-out losses, by step or by what the record calls its axis.

    Where one is no number it stops.
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
                fontsize=8,
            )
    axes.set(
        xlabel=broken.get("axis", "step"),
        ylabel="held-out loss (nats per character)",
    )
    axes.legend()


def attention_map(axes: Axes, weights: list, text: str) -> None:
    """One map over a text; rows look, columns are looked at."""
    labels = [visible(character) for character in text]
    axes.imshow(weights, cmap="cividis", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, fontsize=8)
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.set(xlabel="looked at", ylabel="looking (broken model)")
