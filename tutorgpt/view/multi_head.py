"""Curves for comparing heads: what they reach, and what they lose."""

from collections.abc import Mapping

from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.view.style import house_style, new_figure


def plot_curves(
    x: Float[Tensor, " N"],
    curves: Mapping[str, Float[Tensor, " N"]],
    *,
    title: str,
    x_label: str,
    y_label: str,
) -> Figure:
    """Several quantities over one axis, a line each, the first one bold."""
    with house_style():
        figure, (axes,) = new_figure(3.0)
        for n, (name, curve) in enumerate(curves.items()):
            axes.plot(
                x.detach(),
                curve.detach(),
                marker="o^sDv"[n % 5],
                markersize=4,
                linewidth=2.4 if n == 0 else 1.4,
                label=name,
            )
        axes.set(xlabel=x_label, ylabel=y_label, title=title)
        axes.set_ylim(bottom=0)
        figure.legend(loc="outside right center", fontsize=9)
    return figure
