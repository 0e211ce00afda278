"""Losses over time, and from rung to rung."""

from collections.abc import Mapping

from matplotlib.figure import Figure

from tutorgpt.text.floors import Floors
from tutorgpt.training.loop import History
from tutorgpt.view.records import mean_loss
from tutorgpt.view.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    house_style,
    new_figure,
)

LOSS_LABEL = "validation loss (nats per character)"
_FLOORS = {"uniform": GREY, "unigram": PURPLE, "bigram": GREEN}


def plot_history(
    histories: Mapping[str, History],
    *,
    floors: Floors | None = None,
    title: str,
) -> Figure:
    """Validation loss by step, one line per run, floors dashed."""
    with house_style():
        figure, (axes,) = new_figure(3.4)
        for name, history in histories.items():
            steps = [record.step for record in history.records]
            losses = [record.val_loss for record in history.records]
            axes.plot(steps, losses, marker="o", markersize=3, label=name)
        for name, colour in _FLOORS.items() if floors else ():
            loss = getattr(floors, name)
            axes.axhline(loss, color=colour, linestyle="--", linewidth=1)
            axes.annotate(
                f"{name} floor",
                (1, loss),
                xycoords=("axes fraction", "data"),
                ha="right",
                va="bottom",
                color=colour,
                fontsize=8,
            )
        axes.set(xlabel="training step", ylabel=LOSS_LABEL, title=title)
        axes.legend(loc="upper right")
    return figure


def plot_ladder(
    record: dict,
    *,
    yours: Mapping[str, float] | None = None,
    title: str | None = None,
) -> Figure:
    """A recorded ladder as bars with the floors drawn in.

    record: what `tutorgpt ladder` wrote. yours: losses measured here, by
    model name; the bars then end with the last of these, and yours stand
    beside the recorded ones as diamonds.
    """
    yours = dict(yours or {})
    rungs = _up_to(record["rungs"], yours)
    names = [rung["model"] for rung in rungs]
    losses = [mean_loss(rung) for rung in rungs]
    with house_style():
        figure, (axes,) = new_figure(1.3 + 0.38 * len(rungs))
        axes.barh(names, losses, color=BLUE, height=0.6, label="recorded")
        if yours:
            mine = [name for name in names if name in yours]
            axes.plot(
                [yours[name] for name in mine],
                mine,
                "D",
                color=ORANGE,
                markersize=7,
                label="yours",
            )
        for name, colour in _FLOORS.items():
            loss = record["floors"][name]
            axes.axvline(
                loss,
                color=colour,
                linestyle="--",
                linewidth=1.2,
                label=f"{name} {loss:.2f}",
            )
        for row, loss in enumerate(losses):
            axes.text(
                0.02,
                row,
                f" {loss:.3f}",
                va="center",
                color="white",
                transform=axes.get_yaxis_transform(),
            )
        low = min([*losses, *yours.values(), *record["floors"].values()])
        axes.set(
            xlim=(low - 0.5, record["floors"]["uniform"] + 0.1),
            xlabel=LOSS_LABEL,
            title=title or "Each rung against the floors",
        )
        axes.invert_yaxis()
        figure.legend(loc="outside lower center", ncols=5, fontsize=8)
    return figure


def _up_to(rungs: list[dict], yours: dict[str, float]) -> list[dict]:
    last = [n for n, rung in enumerate(rungs) if rung["model"] in yours]
    return rungs[: last[-1] + 1] if last else rungs
