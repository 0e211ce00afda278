"""Figures of chapter 0: broadcasting, a tape, and steps downhill."""

from collections.abc import Callable, Mapping, Sequence

import torch
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

from tutorgpt.gradients import Value, tape
from tutorgpt.view.style import (
    BLUE,
    GREY,
    ORANGE,
    PALE,
    SKY,
    SMALL,
    panel,
    panels,
    subtitle,
)
from tutorgpt.view.svg import KEPT

CURVE_POINTS = 101


def plot_broadcast(
    left: Float[Tensor, "R C"],
    right: Float[Tensor, "..."],
    result: Float[Tensor, "R C"],
    *,
    names: Sequence[str],
    title: str,
) -> Figure:
    """Draw two tables and what came of them; a stretched one with its copies.

    right: with an axis of length 1, or with fewer axes; what torch repeats
    of it is drawn pale. names: what stands over the three tables.
    """
    own = torch.zeros(left.shape)
    own[tuple(slice(length) for length in (1, 1, *right.shape)[-2:])] = 1
    stretched = right.expand(left.shape)
    with panels(title, 1.4, columns=3) as (figure, all_axes):
        for axes, table, name, is_own in zip(
            all_axes,
            (left, stretched, result),
            names,
            (torch.ones(left.shape), own, torch.ones(left.shape)),
            strict=True,
        ):
            _draw_table(axes, table, is_own)
            subtitle(axes, name)
    return figure


def _draw_table(
    axes: Axes, table: Float[Tensor, "R C"], own: Float[Tensor, "R C"]
) -> None:
    """A table of numbers in boxes; those that are copies are pale."""
    R, C = table.shape
    for row in range(R):
        for column in range(C):
            is_own = bool(own[row, column])
            axes.add_patch(
                Rectangle(
                    (column, row),
                    1,
                    1,
                    facecolor=SKY if is_own else PALE,
                    edgecolor="white",
                    gid=KEPT,
                )
            )
            axes.text(
                column + 0.5,
                row + 0.5,
                f"{table[row, column].item():.3g}",
                ha="center",
                va="center",
                color="black",
                fontstyle="normal" if is_own else "italic",
                gid=KEPT,
            )
    axes.set(xlim=(0, C), ylim=(R, 0), aspect="equal")
    axes.set_axis_off()


def plot_tape(
    last: Value, names: Mapping[Value, str], *, title: str
) -> Figure:
    """Draw what a value was made of, from left to right.

    names: what the values are called; one without a name is a constant. A
    box shows a value's number and its slope, an arrow the local slope that
    leads back along it.
    """
    at = _places(tape(last))
    lowest = min(y for _, y in at.values())
    with panel(title, 1.2 - 0.7 * lowest) as (figure, axes):
        for value in at:
            for source, local in value.made_of:
                _draw_arrow(
                    axes,
                    at[source],
                    at[value],
                    local,
                    away=30 if source in names else 14,
                )
        for value, place in at.items():
            says = f"{value.number:.3g}"
            if value in names:
                slope = f"slope {value.slope:.3g}"
                says = f"{names[value]} = {says}\n{slope}"
            axes.text(
                *place,
                says,
                ha="center",
                va="center",
                fontsize=SMALL,
                bbox={"boxstyle": "round", "facecolor": "none"},
            )
        axes.set(xlim=(0.6, last.place + 0.4), ylim=(lowest - 0.6, 0.6))
        axes.set_axis_off()
    return figure


def _places(values: Sequence[Value]) -> dict[Value, tuple[int, int]]:
    """Where each box stands: right of its sources, left of its users.

    What was made goes into row 0 where it can, so that a chain is a line.
    """
    users = {
        source: min(v.place for v in values if source in dict(v.made_of))
        for value in values
        for source, _ in value.made_of
    }
    at: dict[Value, tuple[int, int]] = {}
    filled: dict[int, int] = {}
    for value in sorted(values, key=lambda value: not value.made_of):
        x = value.place if value.made_of else users.get(value, 2) - 1
        at[value] = (x, -filled.get(x, 0))
        filled[x] = filled.get(x, 0) + 1
    return at


def _draw_arrow(
    axes: Axes,
    start: tuple[int, int],
    end: tuple[int, int],
    local: float,
    away: float,
) -> None:
    """An arrow and its slope; away: points from the middle of the start."""
    axes.annotate(
        "",
        end,
        xytext=start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": GREY,
            "shrinkA": away,
            "shrinkB": 30,
        },
    )
    axes.text(
        (start[0] + end[0]) / 2,
        (start[1] + end[1]) / 2 + 0.08,
        f"× {local:.3g}",
        ha="center",
        va="bottom",
        fontsize=SMALL,
        color=BLUE,
    )


def plot_descents(
    loss: Callable[[float], float],
    walks: Mapping[str, Sequence[float]],
    *,
    reach: tuple[float, float],
    title: str,
) -> Figure:
    """Draw the walks of one weight downhill, each over the loss's curve.

    walks: what stands over each panel, and where the weight was from step to
    step. reach: the weights between which the curve is drawn.
    """
    low, high = reach
    steps = CURVE_POINTS - 1
    weights = [low + (high - low) * n / steps for n in range(CURVE_POINTS)]
    with panels(title, 2.6, columns=len(walks)) as (figure, all_axes):
        for axes, (name, walk) in zip(all_axes, walks.items(), strict=True):
            axes.plot(
                weights,
                [loss(weight) for weight in weights],
                color=GREY,
                label="loss of every weight",
            )
            axes.plot(
                walk,
                [loss(weight) for weight in walk],
                color=ORANGE,
                marker="o",
                markersize=4,
                label="the steps",
            )
            axes.plot(
                walk[:1],
                [loss(walk[0])],
                color=BLUE,
                marker="s",
                linestyle="none",
                label="the start",
            )
            subtitle(axes, name)
            axes.set_xlabel("weight")
        top = max(loss(weight) for weight in weights)
        for axes in all_axes:
            axes.set(xlim=reach, ylim=(0, 1.05 * top))
        for axes in all_axes[1:]:
            axes.tick_params(labelleft=False)
        all_axes[0].set_ylabel("loss (mean squared error)")
        figure.legend(
            *all_axes[0].get_legend_handles_labels(),
            loc="outside lower center",
            ncols=3,
        )
    return figure
