"""Chapter 12's figures: where the heads of a large model look, and when it
knows what it will say."""

from collections.abc import Mapping, Sequence
from itertools import cycle

from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.view.matrices import (
    ATTENTION_LABEL,
    colour_bar,
    draw_map,
    shares,
    without_future,
)
from tutorgpt.view.style import (
    BLUE,
    GREEN,
    ORANGE,
    RED,
    SMALL,
    panel,
    panels,
    subtitle,
)

LINES = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (RED, "D"))


def plot_some_heads(
    maps: Mapping[str, Float[Tensor, "T T"]],
    tokens: Sequence[str],
    *,
    title: str,
) -> Figure:
    """The attention maps of a few heads on one text, side by side.

    maps: by what each is called. tokens: the T pieces of the text; rows of
    a map look, its columns are looked at, and the future is left empty.
    """
    colours = shares()
    with panels(title, 3.4, columns=len(maps)) as (figure, all_axes):
        for n, (axes, name) in enumerate(zip(all_axes, maps, strict=True)):
            draw_map(
                axes,
                without_future(maps[name].detach()),
                colours,
                rows=() if n else tokens,
                columns=tokens,
            )
            if n:
                axes.set_yticks([])
            axes.tick_params(length=0, pad=1, labelsize=SMALL)
            axes.tick_params(axis="x", rotation=90)
            axes.set_xlabel("looked at")
            subtitle(axes, name)
        all_axes[0].set_ylabel("looking")
        colour_bar(figure, all_axes, colours, ATTENTION_LABEL)
    return figure


def plot_by_layer(
    scores: Float[Tensor, "L H"], *, label: str, title: str
) -> Figure:
    """One number of every head, a dot each, over the layer that it is in.

    scores: from 0 to 1. label: what the number is.
    """
    L, H = scores.shape
    with panel(title, 2.9) as (figure, axes):
        for head in range(H):
            axes.plot(
                range(L),
                scores[:, head].tolist(),
                "o",
                color=BLUE,
                alpha=0.5,
                label="_" if head else "one head",
            )
        means = scores.mean(dim=1).tolist()
        axes.plot(range(L), means, color=ORANGE, label="mean of the layer")
        axes.set(xlabel="layer", ylabel=label, ylim=(-0.03, 1.03))
        figure.legend(loc="outside lower center", ncols=2)
    return figure


def plot_answers(
    probabilities: Mapping[str, Sequence[float]], *, title: str
) -> Figure:
    """How likely each answer is after each layer, a line an answer.

    probabilities: after the table alone, and after 1, 2, ... layers.
    """
    with panel(title, 3.0) as (figure, axes):
        for (colour, mark), (name, line) in zip(
            cycle(LINES), probabilities.items(), strict=False
        ):
            axes.plot(
                range(len(line)),
                line,
                mark + "-",
                color=colour,
                markersize=4,
                label=name,
            )
        axes.set(
            xlabel="layers that have added to the path",
            ylabel="probability of the answer",
            ylim=(-0.03, 1.03),
        )
        axes.legend(loc="upper left")
    return figure
