"""The cover of the book to take along: its title, and the ladder's losses."""

import json
from pathlib import Path
from statistics import mean

import matplotlib
from palette import light_colours

ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / "results/ladder_shakespeare.json"


def draw_cover(path: Path, title: str) -> None:
    """A picture of 1200 × 1800 pixels."""
    matplotlib.use("agg")
    from matplotlib.figure import Figure

    colours = light_colours()
    ink, paper = colours["--tg-ink"], colours["--tg-paper"]
    name, _, rest = title.partition(": ")
    figure = Figure(figsize=(6, 9), dpi=200, facecolor=paper)
    figure.text(0.1, 0.86, name, size=44, weight="bold", color=ink)
    figure.text(0.1, 0.81, rest, size=21, color=ink)
    axes = figure.add_axes((0.1, 0.18, 0.8, 0.52))
    rungs = json.loads(RECORD.read_text(encoding="utf-8"))["rungs"]
    losses = [mean(run["val_loss"] for run in r["runs"]) for r in rungs]
    for place, (rung, loss) in enumerate(zip(rungs, losses, strict=True)):
        axes.barh(-place, loss, height=0.72, color=colours["--tg-blue"])
        axes.text(
            0.06, -place, rung["model"], color=paper, size=15, va="center"
        )
        axes.text(
            loss - 0.05,
            -place,
            f"{loss:.3f}",
            color=paper,
            size=15,
            va="center",
            ha="right",
        )
    axes.set_axis_off()
    told = "Six models, one text: the loss of each, in nats per character"
    figure.text(0.1, 0.12, told, size=10.5, color=colours["--tg-quiet"])
    figure.savefig(path, metadata={"Software": None})
