"""Chapter 8's figures: what a choice does to the scores and to the text."""

from collections.abc import Mapping, Sequence

from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.view.style import (
    BLUE,
    GREY,
    ORANGE,
    mark_level,
    panels,
    subtitle,
)


def plot_choices(
    choices: Mapping[str, Float[Tensor, " N"]],
    names: Sequence[str],
    *,
    title: str,
) -> Figure:
    """The probabilities left by each way of choosing, a panel for each.

    choices: probabilities of the same N tokens, by the way's name; the
    first is repeated in grey behind the others, and its panel holds the
    legend. names: of the tokens.
    """
    first, before = next(iter(choices.items()))
    places = range(len(names))
    rows = -(-len(choices) // 2)  # divided, rounded up
    with panels(title, 0.6 + 1.5 * rows, columns=2, rows=rows) as (
        figure,
        all_axes,
    ):
        pairs = zip(all_axes, choices.items(), strict=False)
        for axes, (name, shares) in pairs:
            axes.bar(
                places,
                before.tolist(),
                width=0.9,
                color=GREY,
                alpha=0.3,
                label=first,
            )
            axes.bar(
                places,
                shares.tolist(),
                width=0.55,
                color=BLUE,
                label="as named above",
            )
            subtitle(axes, name)
            axes.set_xticks(places, names)
            axes.set_ylim(0, 1)
        for axes in all_axes[::2]:
            axes.set_ylabel("probability")
        all_axes[0].legend(loc="upper right")
    return figure


def plot_trade_off(
    temperatures: Sequence[float],
    losses: Sequence[float],
    distinct: Sequence[float],
    *,
    real: tuple[float, float],
    title: str,
) -> Figure:
    """Loss under the model and variety of its text, by temperature.

    losses: nats per character. distinct: shares of different n-grams.
    real: both for a text that people wrote, drawn dashed.
    """
    with panels(title, 3.0, columns=2) as (figure, (left, right)):
        for axes, values, level, colour, label, side in (
            (left, losses, real[0], BLUE, "loss (nats per character)", 0),
            (
                right,
                distinct,
                real[1],
                ORANGE,
                "share of different 8-grams",
                1,
            ),
        ):
            axes.plot(temperatures, values, marker="o", color=colour)
            # Above the line where the curve is below it, and the other way.
            mark_level(
                axes,
                level,
                "a real text",
                place=side,
                offset=(2 - 4 * side, 3 - 6 * side),
                ha=("left", "right")[side],
                va=("bottom", "top")[side],
            )
            axes.set(xlabel="temperature", ylabel=label)
            axes.set_ylim(bottom=0)
    return figure
