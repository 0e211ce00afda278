"""Poet or parrot: what a model copies as it learns its text by heart."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tutorgpt.view.style import BLUE, GREY, ORANGE, panels, subtitle


def plot_copying(
    runs: Sequence[dict], *, n: int | None = None, title: str
) -> Figure:
    """Losses above, and below them what is copied, by training step.

    runs: as in the record "originality": of each seed its moments. A thin
    line is one seed, a thick one their mean. The grey band is what as much
    held-out text has in common with the training text, over all draws.
    n: the share of stretches of n characters is drawn; None: the length of
    the longest one.
    """
    seeds = [run["moments"] for run in runs]
    steps = [moment["step"] for moment in seeds[0]]
    what = [[copied(moment, n) for moment in run] for run in seeds]
    by = 1 if n is None else 100
    with panels(title, 4.6, rows=2) as (figure, (above, below)):
        for name, key, colour, style in (
            ("training text", "train_loss", BLUE, "--"),
            ("held-out text", "val_loss", BLUE, "-"),
        ):
            losses = [[moment[key] for moment in run] for run in seeds]
            draw_seeds(above, steps, losses, name, colour, style)
        models = [[by * each["model"] for each in run] for run in what]
        draws = [
            by * x for run in what for each in run for x in each["held_out"]
        ]
        below.axhspan(
            min(draws),
            max(draws),
            color=GREY,
            alpha=0.3,
            lw=0,
            label="held-out text",
        )
        draw_seeds(below, steps, models, "the model", ORANGE, "-")
        above.sharex(below)
        above.tick_params(labelbottom=False)
        above.set(ylabel="loss (nats per character)")
        below.set(
            xlabel="training step",
            ylabel="characters" if n is None else "share (%)",
        )
        subtitle(
            below,
            "longest copied stretch"
            if n is None
            else f"stretches of {n} characters that are copied",
        )
        above.legend()
        below.legend()
    return figure


def copied(moment: dict, n: int | None) -> dict:
    """The model's number at a moment, and those of held-out text."""
    return moment["longest"] if n is None else moment["shares"][str(n)]


def draw_seeds(
    axes: Axes,
    steps: Sequence[float],
    curves: Sequence[Sequence[float]],
    name: str,
    colour: str,
    style: str,
) -> None:
    """A thin line a seed, and a thick one with a name for their mean."""
    for curve in curves:
        axes.plot(steps, curve, style, color=colour, alpha=0.4, lw=0.8)
    mean = [sum(at) / len(at) for at in zip(*curves, strict=True)]
    axes.plot(steps, mean, style, color=colour, lw=2, label=name)
