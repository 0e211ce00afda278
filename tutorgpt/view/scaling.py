"""Chapter 6's figures: parts of a model, their cost, what it buys."""

from collections.abc import Mapping, Sequence
from itertools import cycle

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from tutorgpt.config import ModelConfig
from tutorgpt.view.losses import LOSS_LABEL
from tutorgpt.view.originality import draw_seeds
from tutorgpt.view.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALETTE,
    PURPLE,
    SMALL,
    mark_level,
    panel,
    plain_numbers,
)
from tutorgpt.view.svg import KEPT

_LEAST_LABELLED = 0.12


def plot_parts(
    models: Mapping[str, Mapping[str, int]], *, title: str
) -> Figure:
    """Where each model's parameters sit, as shares of one bar.

    models: the parameters of each part, by the model's name.
    """
    names = list(models)
    totals = [sum(parts.values()) for parts in models.values()]
    before = [0.0] * len(names)
    with panel(title, 1.4 + 0.5 * len(names)) as (figure, axes):
        parts = dict.fromkeys(p for model in models.values() for p in model)
        for part, colour in zip(parts, PALETTE, strict=False):
            shares = [
                models[name].get(part, 0) / total
                for name, total in zip(names, totals, strict=True)
            ]
            axes.barh(names, shares, left=before, color=colour, label=part)
            for row, share in enumerate(shares):
                if share > _LEAST_LABELLED:
                    axes.text(
                        before[row] + share / 2,
                        row,
                        f"{share:.0%}",
                        ha="center",
                        va="center",
                        fontsize=SMALL,
                        color="black",
                        gid=KEPT,
                    )
            before = [b + s for b, s in zip(before, shares, strict=True)]
        for row, total in enumerate(totals):
            axes.text(1.01, row, f"{total:,}", va="center", fontsize=SMALL)
        axes.invert_yaxis()
        axes.set(xlim=(0, 1.22), xlabel="share of the parameters")
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
        figure.legend(loc="outside lower center", ncols=2)
    return figure


def plot_spending(
    curves: Mapping[str, Sequence[tuple[float, float]]],
    *,
    floors: Mapping[str, float],
    title: str,
) -> Figure:
    """Validation loss against the arithmetic spent so far.

    curves: (floating-point operations, loss in nats per character) along
    each run, by name. floors: losses to draw dashed, by name.
    """
    marks = cycle("os^D")
    with panel(title, 3.4) as (figure, axes):
        for name, points in curves.items():
            spent = [point[0] for point in points]
            losses = [point[1] for point in points]
            axes.semilogx(spent, losses, marker=next(marks), label=name)
        plain_numbers(axes.xaxis)
        for name, loss in floors.items():
            mark_level(axes, loss, name, place=0, offset=(4, 2))
        axes.set(
            xlabel="floating-point operations spent on training",
            ylabel=LOSS_LABEL,
        )
        axes.legend(loc="upper right", bbox_to_anchor=(1, 0.9))
    return figure


def plot_seen_and_new(runs: Sequence[dict], *, title: str) -> Figure:
    """Loss on learned and on new text by step, a colour a share of dropout.

    runs: as in the record "dropout": a seed, a share and its losses. A thin
    line is one seed, a thick one their mean.
    """
    by_share: dict[float, list[list[dict]]] = {}
    for run in runs:
        by_share.setdefault(run["dropout"], []).append(run["losses"])
    with panel(title, 3.8) as (figure, axes):
        for (share, seeds), colour in zip(
            by_share.items(), PALETTE, strict=False
        ):
            steps = [moment["step"] for moment in seeds[0]]
            for text, style in (("new", "-"), ("seen", "--")):
                curves = [[moment[text] for moment in run] for run in seeds]
                for curve in curves:
                    axes.plot(
                        steps, curve, style, color=colour, alpha=0.4, lw=0.8
                    )
                mean = [sum(at) / len(at) for at in zip(*curves, strict=True)]
                name = f"{text} text, dropout {share}"
                axes.plot(steps, mean, style, color=colour, lw=2, label=name)
        axes.set(xlabel="training step", ylabel="loss (nats per character)")
        figure.legend(loc="outside lower center", ncols=2)
    return figure


def plot_readings(
    runs: Sequence[dict], *, text: int, levels: Mapping[str, float], title: str
) -> Figure:
    """Training and held-out loss by how often the text has been read.

    runs: as in the record "large_songci", alike but for their seeds. A thin
    line is one seed, a thick one their mean.
    text: the tokens of the training text. levels: losses to draw dashed, by
    name.
    """
    moments = [run["losses"][1:] for run in runs]  # the first is untrained
    readings = [moment["tokens"] / text for moment in moments[0]]
    with panel(title, 3.4) as (figure, axes):
        for name, key, style in (
            ("training text, with dropout", "train", "--"),
            ("held-out text", "held_out", "-"),
        ):
            losses = [[moment[key] for moment in run] for run in moments]
            draw_seeds(axes, readings, losses, name, BLUE, style)
        for name, loss in levels.items():
            mark_level(axes, loss, name, place=1, offset=(0, 2), ha="right")
        axes.set(
            xlabel="times that the training text was read",
            ylabel="loss (nats per character)",
        )
        axes.legend()
    return figure


def plot_whole_model(config: ModelConfig, *, title: str) -> Figure:
    """The way from tokens to logits, with the shape at every station."""
    V, C, T = config.vocab_size, config.n_embed, config.block_size
    inside = f"(B, T, C) = (B, {T}, {C})"
    stations = [
        ("tokens", f"(B, T) = (B, {T})", GREY),
        ("token + position vectors,\ndropout", inside, BLUE),
        ("LayerNorm → attention\n→ dropout, added", inside, ORANGE),
        ("LayerNorm → feed-forward\n→ dropout, added", inside, GREEN),
        ("final LayerNorm", inside, PURPLE),
        (
            "Linear:\none score per character",
            f"(B, T, V) = (B, {T}, {V})",
            BLUE,
        ),
    ]
    with panel(title, 3.8) as (figure, axes):
        for row, (text, shape, colour) in enumerate(stations):
            axes.add_patch(
                FancyBboxPatch(
                    (0.0, -row - 0.3),
                    0.48,
                    0.6,
                    boxstyle="round,pad=0,rounding_size=0.02",
                    facecolor=colour,
                    alpha=0.25,
                    edgecolor=colour,
                    mutation_aspect=6,
                )
            )
            axes.text(
                0.24, -row, text, ha="center", va="center", fontsize=SMALL
            )
            axes.text(0.5, -row, shape, va="center", fontsize=SMALL)
            if row:
                axes.annotate(
                    "",
                    (0.24, -row + 0.3),
                    (0.24, -row + 0.7),
                    arrowprops={"arrowstyle": "->", "color": GREY},
                )
        axes.plot([0.9, 0.92, 0.92, 0.9], [-1.7, -1.7, -3.3, -3.3], "k-")
        axes.text(0.935, -2.5, f"× {config.n_layer}", va="center", fontsize=13)
        axes.set(xlim=(0, 1), ylim=(-len(stations) + 0.4, 0.5))
        axes.axis("off")
    return figure
