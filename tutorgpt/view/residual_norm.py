"""Chapter 5's figures: from layer to layer, and how deep stacks train."""

from collections.abc import Mapping, Sequence
from math import inf
from statistics import median

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tutorgpt.view.losses import FLOOR_COLOURS, LOSS_LABEL
from tutorgpt.view.style import (
    BLUE,
    GREY,
    ORANGE,
    RED,
    SKY,
    panels,
    plain_numbers,
    subtitle,
)

WIRINGS: tuple[str, ...] = (
    "plain",
    "norm",
    "residual",
    "pre-norm",
    "post-norm",
)
"""What stands around the two parts of a block."""

INK = "#333333"
EXPLODED = "all seeds above the edge"
"""What the ring around a mark at the top says."""

_COLOURS: dict[str, str] = dict(
    zip(WIRINGS, (GREY, ORANGE, SKY, BLUE, RED), strict=True)
)
_MARKS: dict[str, str] = dict(zip(WIRINGS, "sv^oD", strict=True))
_STROKES: dict[str, str] = dict(
    zip(WIRINGS, (":", "-.", "--", "-", "-"), strict=True)
)


def plot_by_layer(
    quantities: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    title: str,
) -> Figure:
    """One panel per quantity, one line per wiring, on logarithmic scales.

    quantities: quantity -> wiring -> one positive number per layer; the wiring
    is "plain", "norm", "residual", "pre-norm" or "post-norm".
    """
    with panels(title, 0.7 + 1.9 * len(quantities), rows=len(quantities)) as (
        figure,
        all_axes,
    ):
        for axes, (quantity, lines) in zip(
            all_axes, quantities.items(), strict=True
        ):
            for wiring, values in lines.items():
                layers = range(1, len(values) + 1)
                _draw_line(axes, wiring, layers, values)
            axes.set_yscale("log")
            plain_numbers(axes.yaxis)
            axes.set(xlabel="layer")
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
            subtitle(axes, quantity)
        _name_all(figure, all_axes)
    return figure


def plot_training(
    record: dict, conditions: Sequence[tuple[int, float]], *, title: str
) -> Figure:
    """Recorded losses by step: a panel a condition, a line a wiring.

    record: what scripts/records/depth.py wrote. conditions: number of layers
    and learning rate. The line is the median of the seeds, the band behind
    it reaches from the lowest to the highest; all panels share their axes.
    """
    with panels(title, 0.8 + 2.1 * len(conditions), rows=len(conditions)) as (
        figure,
        all_axes,
    ):
        for axes, (n_layer, rate) in zip(all_axes, conditions, strict=True):
            for wiring in WIRINGS:
                losses = recorded_losses(record, wiring, n_layer, rate)
                if not losses:
                    continue
                _draw_line(
                    axes, wiring, losses, [median(x) for x in losses.values()]
                )
                axes.fill_between(
                    list(losses),
                    [min(x) for x in losses.values()],
                    [max(x) for x in losses.values()],
                    color=_COLOURS[wiring],
                    alpha=0.2,
                    linewidth=0,
                )
            _draw_floors(axes, record)
            axes.set(xlabel="training step")
            subtitle(axes, f"{_layers(n_layer)}, rate {rate:g}")
        _share_axes(all_axes)
        _name_all(figure, all_axes)
    return figure


def plot_limits(
    record: dict,
    *,
    rate: float,
    n_layer: int,
    step: int,
    title: str,
    highest: float = 3.6,
) -> Figure:
    """Recorded losses after `step` steps, by depth and by learning rate.

    record: what scripts/records/depth.py wrote. Above every recorded depth at
    this rate, below every recorded rate at this depth. Each dot is a seed,
    the line joins their medians; what lies above `highest` is drawn at the
    top edge.
    """
    runs = record["runs"]
    depths = sorted({r["n_layer"] for r in runs if r["learning_rate"] == rate})
    rates = sorted(
        {r["learning_rate"] for r in runs if r["n_layer"] == n_layer}
    )
    with panels(title, 5.2, rows=2) as (figure, (upper, lower)):
        for axes, label, values, kinds in (
            (
                upper,
                f"number of layers (rate {rate:g})",
                depths,
                [(n, rate) for n in depths],
            ),
            (
                lower,
                f"learning rate ({_layers(n_layer)})",
                rates,
                [(n_layer, r) for r in rates],
            ),
        ):
            for wiring in WIRINGS:
                found = [
                    recorded_losses(record, wiring, *kind).get(step, [])
                    for kind in kinds
                ]
                _draw_seeds(axes, wiring, found, highest)
            _draw_floors(axes, record)
            axes.set_xticks(range(len(values)), [f"{v:g}" for v in values])
            axes.set(xlabel=label)
            axes.set_ylim(top=highest)
            axes.set_xlim(-0.4, len(values) - 0.6)
        _share_axes([upper, lower])
        _name_all(figure, [upper, lower])
    return figure


def recorded_losses(
    record: dict,
    wiring: str,
    n_layer: int,
    rate: float,
    *,
    warmup_steps: int = 0,
) -> dict[int, list[float]]:
    """The recorded losses of one kind of run: step -> one per seed.

    A run that has exploded, which the record marks by null, is infinite.
    """
    wanted = (wiring, n_layer, rate, warmup_steps)
    losses: dict[int, list[float]] = {}
    for run in record["runs"]:
        kind = (
            run["wiring"],
            run["n_layer"],
            run["learning_rate"],
            run["warmup_steps"],
        )
        if kind == wanted:
            for step, loss in run["losses"].items():
                seeds = losses.setdefault(int(step), [])
                seeds.append(inf if loss is None else loss)
    return losses


def _layers(n: int) -> str:
    return "1 layer" if n == 1 else f"{n} layers"


def _draw_line(
    axes: Axes,
    wiring: str,
    x: Sequence[float] | Mapping[int, list[float]],
    y: Sequence[float],
) -> None:
    axes.plot(
        list(x),
        list(y),
        color=_COLOURS[wiring],
        linestyle=_STROKES[wiring],
        marker=_MARKS[wiring],
        markersize=4,
        label=wiring,
    )


def _draw_seeds(
    axes: Axes, wiring: str, found: list[list[float]], highest: float
) -> None:
    """A dot for each seed, and a line along the medians."""
    # Shifted a little, no wiring's dots hide another's.
    shift = 0.07 * (WIRINGS.index(wiring) - 2)
    places = [n + shift for n, losses in enumerate(found) if losses]
    found = [[min(x, highest) for x in losses] for losses in found if losses]
    for place, losses in zip(places, found, strict=True):
        axes.plot(
            [place] * len(losses),
            losses,
            _MARKS[wiring],
            color=_COLOURS[wiring],
            alpha=0.4,
            clip_on=False,
        )
        if min(losses) >= highest:
            # A ring at the edge; a word there would lie on the next one.
            axes.plot(
                [place],
                [highest],
                "o",
                markersize=13,
                markerfacecolor="none",
                color=INK,
                linestyle="",
                clip_on=False,
                label=EXPLODED,
            )
    _draw_line(axes, wiring, places, [median(losses) for losses in found])


def _draw_floors(axes: Axes, record: dict) -> None:
    for name in ("unigram", "bigram"):
        axes.axhline(
            record["floors"][name],
            color=FLOOR_COLOURS[name],
            linestyle=(0, (6, 3)),
            linewidth=1,
            label=f"{name} floor",
        )


def _share_axes(all_axes: Sequence[Axes]) -> None:
    """One range of losses for all panels."""
    low = min(axes.get_ylim()[0] for axes in all_axes)
    high = max(axes.get_ylim()[1] for axes in all_axes)
    for axes in all_axes:
        axes.set(ylim=(low, high), ylabel=LOSS_LABEL)


def _name_all(figure: Figure, all_axes: Sequence[Axes]) -> None:
    """One legend for everything that is drawn in any panel."""
    handles = {}
    for axes in all_axes:
        found, names = axes.get_legend_handles_labels()
        handles |= dict(zip(names, found, strict=True))
    order = [name for name in WIRINGS if name in handles]
    order += [name for name in handles if name not in order]
    figure.legend(
        [handles[name] for name in order],
        order,
        loc="outside lower center",
        ncols=3,
        handlelength=3,
    )
