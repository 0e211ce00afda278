"""Chapter 3's figure: curves that compare heads."""

from collections.abc import Mapping

from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.view.style import panel


def plot_curves(
    x: Float[Tensor, " N"],
    curves: Mapping[str, Float[Tensor, " N"]],
    *,
    title: str,
    x_label: str,
    y_label: str,
) -> Figure:
    """Several quantities over one axis, a line each, the first one bold."""
    with panel(title, 3.2) as (figure, axes):
        for n, (name, curve) in enumerate(curves.items()):
            axes.plot(
                x.tolist(),
                curve.tolist(),
                marker="o^sDv"[n % 5],
                markersize=4,
                linewidth=2.4 if n == 0 else 1.4,
                label=name,
            )
        axes.set(xlabel=x_label, ylabel=y_label)
        axes.set_ylim(bottom=0)
        figure.legend(loc="outside lower center", ncols=3)
    return figure
