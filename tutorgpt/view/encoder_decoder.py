"""Chapter 9's figures: where a translator looks, how quickly it learns."""

from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor

from tutorgpt.encoder_decoder import translation
from tutorgpt.encoder_decoder.towers import EncoderDecoder
from tutorgpt.encoder_decoder.translation import Draw
from tutorgpt.ground.watching import in_notebook, shows_progress
from tutorgpt.view.live import Page, Point, curve
from tutorgpt.view.matrices import (
    ATTENTION_LABEL,
    colour_bar,
    draw_map,
    shares,
)
from tutorgpt.view.style import (
    PALETTE,
    panel,
    panels,
    plain_numbers,
    subtitle,
)

STYLES = ("-", "--", ":")
"""Of lines, so that not the colour alone tells them apart."""


def train_translator(
    model: EncoderDecoder, draw: Draw, *, max_steps: int, **options: Any
) -> Float[Tensor, " N"]:
    """Train as chapter 9's train_translator, with a growing curve below.

    options: those of tutorgpt.encoder_decoder.translation.train_translator,
        except watch.
    """
    if in_notebook() and shows_progress():
        options["watch"] = PairsCurve(type(model).__name__, max_steps)
    return translation.train_translator(
        model, draw, max_steps=max_steps, **options
    )


class PairsCurve:
    """What a notebook shows under the cell that trains a translator.

    The line is the loss of the batches: every pair is fresh, so there is no
    text whose loss could be told apart from theirs.
    """

    def __init__(self, name: str, steps: int) -> None:
        self.name, self.steps = name, steps
        self.step = 0
        self.losses: list[Tensor] = []
        self.points: list[Point] = []
        self.page = Page(steps)

    def __call__(self, loss: Float[Tensor, ""]) -> None:
        """Note the newest loss; draw if it is time to."""
        self.step += 1
        self.losses.append(loss)
        if self.step == self.steps or self.page.is_due(self.step):
            mean = torch.stack(self.losses).mean().item()
            self.points.append((self.step, mean))
            self.losses.clear()
            self.page.show(curve(self.name, self.steps, self.points, [], None))


def plot_cross_attention(
    weights: Float[Tensor, "N T S"],
    source: str,
    target: str,
    *,
    names: Sequence[str],
    title: str,
) -> Figure:
    """Maps from target to source, one above the other, on one scale.

    weights: row t holds the shares of the source that are read to write
    character t of the target. names: what stands over each map.
    """
    maps = weights.detach()
    colours = shares(maps.max().item())
    height = 1.2 + len(maps) * (0.55 + 0.18 * len(target))
    with panels(title, height, rows=len(maps)) as (figure, all_axes):
        for axes, grid, name in zip(all_axes, maps, names, strict=True):
            # No future to hide: the whole source may always be read.
            draw_map(
                axes,
                grid,
                colours,
                rows=target,
                columns=source,
                aspect="auto",
            )
            axes.tick_params(length=0)
            axes.set_ylabel("written")
            subtitle(axes, name)
        all_axes[-1].set_xlabel("looked at in the source")
        colour_bar(figure, all_axes, colours, ATTENTION_LABEL)
    return figure


def plot_learning(record: dict, *, title: str) -> Figure:
    """The training loss of recorded translators: a line and band per form.

    record: what scripts/records/translation.py wrote. The line is the
    median of a form's runs and the band reaches from the lowest to the
    highest; the legend says how many dates they get right in the mean.
    """
    every, runs = record["steps_per_loss"], record["runs"]
    forms = dict.fromkeys(run["form"] for run in runs)
    with panel(title, 3.4) as (figure, axes):
        for form, colour, style in zip(forms, PALETTE, STYLES, strict=False):
            same = [run for run in runs if run["form"] == form]
            right = sum(run["exact_match"] for run in same) / len(same)
            losses = torch.tensor([run["losses"] for run in same])
            # Each loss is a mean over `every` steps: drawn amid them.
            steps = [every * (k + 0.5) for k in range(losses.shape[1])]
            low, high = losses.amin(dim=0), losses.amax(dim=0)
            axes.fill_between(
                steps, low, high, color=colour, alpha=0.2, linewidth=0
            )
            axes.semilogy(
                steps,
                losses.median(dim=0).values,
                color=colour,
                linestyle=style,
                label=f"{form}: {right:.1%} right",
            )
        plain_numbers(axes.yaxis)
        axes.set(
            xlabel="training step",
            ylabel="training loss (nats per character)",
        )
        axes.legend(loc="upper right", title="median, and range of the seeds")
    return figure
