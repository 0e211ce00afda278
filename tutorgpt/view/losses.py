"""Losses over time, and from rung to rung."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tutorgpt.text.floors import Floors
from tutorgpt.training.history import History
from tutorgpt.view.records import mean_loss
from tutorgpt.view.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PURPLE,
    mark_level,
    panel,
)

LOSS_LABEL = "validation loss (nats per character)"
MARKERS = "osD^v"
"""More than the colour tells two lines apart."""
FLOOR_COLOURS = {"uniform": GREY, "unigram": PURPLE, "bigram": GREEN}
"""By the name that Floors gives each."""
FLOOR_DASHES = {"uniform": ":", "unigram": "-.", "bigram": "--"}
"""Where no name stands on the line, the dashes tell it as the colour does."""


def plot_history(
    histories: Mapping[str, History],
    *,
    floors: Floors | None = None,
    title: str,
    label: str = LOSS_LABEL,
    scales: Mapping[str, float] | None = None,
) -> Figure:
    """Validation loss by step, one line per run, floors dashed.

    label: what the y axis measures.
    scales: by run, what its losses in nats per character are multiplied
        with to be that; one that is not named is drawn as it is.
    """
    with panel(title, 3.4) as (figure, axes):
        for n, (name, history) in enumerate(histories.items()):
            scale = (scales or {}).get(name, 1.0)
            steps = [record.step for record in history.records]
            losses = [scale * record.val_loss for record in history.records]
            axes.plot(
                steps,
                losses,
                marker=MARKERS[n % len(MARKERS)],
                markersize=4,
                label=name,
            )
        for name, colour in FLOOR_COLOURS.items() if floors else ():
            mark_level(
                axes,
                getattr(floors, name),
                f"{name} floor",
                colour,
                # A loss begins near the uniform floor and ends near the
                # bigram one: each has its name where no line comes.
                place=0 if name == "bigram" else 1,
                offset=(2 if name == "bigram" else 0, 0),
                ha="left" if name == "bigram" else "right",
                va="bottom",
            )
        axes.set(xlabel="training step", ylabel=label)
        # The legend hangs below the uniform floor, whose name stands on it.
        low, high = axes.get_ylim()
        top = floors.uniform if floors else high
        place = (top - low) / (high - low) - 0.01
        axes.legend(loc="upper right", bbox_to_anchor=(1, min(place, 1)))
    return figure


def plot_ladder(
    record: dict,
    *,
    yours: Mapping[str, float] | None = None,
    title: str | None = None,
) -> Figure:
    """A recorded ladder, rung under rung, with the floors drawn in.

    record: what `tutorgpt ladder` wrote; each seed is a blue dot, and their
    mean stands at the right. yours: losses measured here, by model name,
    drawn as diamonds and printed beside the mean; the ladder then ends with
    the last of these.
    """
    yours = dict(yours or {})
    rungs = _up_to(record["rungs"], yours)
    names = [rung["model"] for rung in rungs]
    losses = [mean_loss(rung) for rung in rungs]
    heading = title or "Each rung against the floors"
    with panel(heading, 1.7 + 0.36 * len(rungs)) as (figure, axes):
        for row, (rung, loss) in enumerate(zip(rungs, losses, strict=True)):
            seeds = [run["val_loss"] for run in rung["runs"]]
            axes.plot(
                seeds,
                [row] * len(seeds),
                "o",
                color=BLUE,
                alpha=0.5,
                label=None if row else "recorded runs (right: their mean)",
            )
            _at_the_right(axes, row, f"{loss:.3f}", 8)
        mine = [row for row, name in enumerate(names) if name in yours]
        for row in mine:
            _at_the_right(axes, row, f"yours {yours[names[row]]:.3f}", 46)
        if mine:
            axes.plot(
                [yours[names[row]] for row in mine],
                mine,
                "D",
                color=ORANGE,
                markerfacecolor="none",
                markersize=9,
                markeredgewidth=2,
                label="yours",
            )
        for name, colour in FLOOR_COLOURS.items():
            loss = record["floors"][name]
            axes.axvline(
                loss,
                color=colour,
                linestyle=FLOOR_DASHES[name],
                linewidth=1.2,
                zorder=1,
                label=f"{name} floor {loss:.2f}",
            )
        seeds = [run["val_loss"] for rung in rungs for run in rung["runs"]]
        marks = [*seeds, *yours.values(), *record["floors"].values()]
        unit = record.get("corpus", {}).get("unit", "character")
        axes.set(
            xlim=(min(marks) - 0.1, max(marks) + 0.1),
            ylim=(len(rungs) - 0.5, -0.5),
            yticks=range(len(rungs)),
            yticklabels=names,
            xlabel=LOSS_LABEL.replace("character", unit),
        )
        axes.grid(axis="y", color=PALE)
        axes.set_axisbelow(True)
        figure.legend(loc="outside lower center", ncols=2)
    return figure


def _at_the_right(axes: Axes, row: int, number: str, points: float) -> None:
    """A number beside its row, outside the axes: no line can cross it."""
    axes.annotate(
        number,
        (1, row),
        xycoords=("axes fraction", "data"),
        xytext=(points, 0),
        textcoords="offset points",
        va="center",
        annotation_clip=False,
    )


def _up_to(rungs: list[dict], yours: dict[str, float]) -> list[dict]:
    last = [n for n, rung in enumerate(rungs) if rung["model"] in yours]
    return rungs[: last[-1] + 1] if last else rungs
