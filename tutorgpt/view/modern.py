"""Chapter 11's figures: what turning gives, and what each part is worth."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from math import exp, log

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tutorgpt.view.losses import LOSS_LABEL
from tutorgpt.view.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    panel,
    panels,
    plain_numbers,
    subtitle,
)

SURE = 0.05
"""A corrected p below it is taken for more than chance."""
MEANS = {
    True: ("full", f"mean of the seeds, p < {SURE}"),
    False: ("none", "mean, could be chance"),
}
"""How a mean is drawn and named, by whether it is more than chance."""


def plot_distances(
    scores: Mapping[str, Sequence[float]], *, title: str
) -> Figure:
    """The score of one query and one key, by how far they are apart.

    scores: at distance 0, 1, ..., by what the line is called. Later ones
    have smaller marks, so that one that covers another lets it be seen.
    """
    drawn = ((BLUE, "o", 9), (ORANGE, "s", 6), (GREEN, "^", 3))
    with panel(title, 2.8) as (figure, axes):
        for (name, line), (colour, mark, size) in zip(
            scores.items(), drawn, strict=False
        ):
            axes.plot(line, mark + "-", color=colour, ms=size, label=name)
        axes.set(
            xlabel="tokens between the key and the query",
            ylabel="score, before the softmax",
        )
        axes.grid(alpha=0.3)
        figure.legend(loc="outside lower center", ncols=len(scores))
    return figure


def plot_worth(
    rows: Sequence[dict],
    table: Sequence[dict],
    *,
    texts: Mapping[str, str],
    title: str,
) -> Figure:
    """What each variant's loss differs by from the baseline's, seed by seed.

    rows, table: "rows" and "differences" of the record "modern". A small
    mark is one seed, a large one the mean: full where the corrected p is
    below SURE. texts: what stands over a panel, by the text's name.
    """
    variants = list(dict.fromkeys(row["variant"] for row in table))
    height = 0.9 + len(texts) * (0.5 + 0.2 * len(variants))
    with panels(title, height, rows=len(texts)) as (figure, all_axes):
        for axes, (text, shown) in zip(all_axes, texts.items(), strict=True):
            subtitle(axes, shown)
            losses = {
                r["variant"]: r["losses"] for r in rows if r["text"] == text
            }
            axes.axvline(0, color=GREY, lw=1, label="the baseline")
            for row in table:
                if row["text"] == text:
                    mine, base = losses[row["variant"]], losses["baseline"]
                    seeds = [a - b for a, b in zip(mine, base, strict=True)]
                    draw_difference(
                        axes, variants.index(row["variant"]), row, seeds
                    )
            axes.set_yticks(range(len(variants)), variants)
            axes.invert_yaxis()
            axes.grid(axis="x", alpha=0.3)
            axes.margins(0.08)
        named = {}
        for axes in all_axes:
            handles, names = axes.get_legend_handles_labels()
            named |= dict(zip(names, handles, strict=True))
        figure.legend(
            named.values(), named, loc="outside lower center", ncols=2
        )
        all_axes[-1].set_xlabel(
            "nats per character more than the baseline's (left is better)"
        )
    return figure


def draw_difference(
    axes: Axes, place: int, row: dict, seeds: Sequence[float]
) -> None:
    """One variant's differences from the baseline, and their mean."""
    axes.plot(
        seeds, [place] * len(seeds), "o", color=BLUE, ms=2, label="one seed"
    )
    fill, name = MEANS[row["p_holm"] < SURE]
    axes.plot(
        row["difference"],
        place,
        "D",
        color=BLUE,
        ms=6,
        alpha=0.7,
        fillstyle=fill,
        label=name,
    )


def plot_line(record: dict, *, title: str) -> Figure:
    """Losses of several sizes by their budget, the line, what it predicted.

    record: "sizes". Of each size the means of its seeds; the line goes
    through the best of each budget, and on to what it predicts: the bar is
    the interval of 95 in 100, the cross what came out.
    """
    sizes = sorted({row["n_embed"] for row in record["rows"]})
    predicted = record["prediction"]
    line = predicted["line_of_log_loss"]
    ends = min(row["budget"] for row in record["rows"]), predicted["budget"]
    heights = [
        exp(line["intercept"] + line["slope"] * log(end)) for end in ends
    ]
    marks = cycle("os^Dv*")
    with panel(title, 3.6) as (figure, axes):
        for size in sizes:
            own = [r for r in record["rows"] if r["n_embed"] == size]
            axes.plot(
                [row["budget"] for row in own],
                [row["mean"] for row in own],
                next(marks) + "-",
                ms=4,
                label=f"{size} channels",
            )
        axes.plot(ends, heights, "--", color=GREY, label="line")
        axes.plot(
            [predicted["budget"]] * 2,
            predicted["interval"],
            color=GREY,
            lw=5,
            alpha=0.5,
            label="predicted",
        )
        axes.plot(
            predicted["budget"],
            record["outcome"]["mean"],
            "X",
            color=GREY,
            ms=8,
            label="came out",
        )
        axes.set(
            xscale="log",
            yscale="log",
            xlabel="floating-point operations of the training",
            ylabel=LOSS_LABEL,
        )
        axes.set_yticks([1.6, 1.8, 2.0, 2.2])
        plain_numbers(axes.xaxis)
        plain_numbers(axes.yaxis)
        axes.grid(alpha=0.3)
        figure.legend(loc="outside lower center", ncols=3)
    return figure
