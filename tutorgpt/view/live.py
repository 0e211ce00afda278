"""A loss curve that grows in the notebook while a model trains."""

import ast
import html
import linecache
import math
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import Tensor

from tutorgpt.config import TrainConfig
from tutorgpt.ground.watching import in_notebook, shows_progress
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.floors import Floors, measure_floors
from tutorgpt.training import loop
from tutorgpt.training.history import History
from tutorgpt.training.signals import Stopped
from tutorgpt.training.state import TrainingState
from tutorgpt.view.losses import FLOOR_COLOURS
from tutorgpt.view.style import BLUE, ORANGE, RED
from tutorgpt.view.writing import Writing

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 110, 12, 36
POINTS = 100
"""How often the curve grows in a whole run."""
INTERVAL = 0.2
"""Seconds between two drawings, so that a page keeps up with them."""
MOST_LABELS = 10
"""Beside the axis of the losses."""

Point = tuple[int, float]
"""A step and the loss at it, in nats per token."""


def train(
    model: LanguageModel,
    corpus: Corpus,
    config: TrainConfig,
    *,
    samples: str | None = None,
    **options: Any,
) -> History:
    """Train as tutorgpt.train does, with a growing curve under the cell.

    samples: a prompt; under the curve stands what the model writes from it
        at the beginning, at 1 %, at 10 % and at the end; with out=, the
        run's folder keeps it too.
    options: those of tutorgpt.training.loop.train, except watch.

    If it is stopped, or fails, once it has begun, the name that a cell gives
    to its history keeps no older one: see leave_measured.
    """
    begun = []

    def chosen(state: TrainingState, corpus: Corpus) -> LiveCurve | None:
        begun.append(state)
        return watch(state, corpus, samples, options.get("out"))

    try:
        return loop.train(model, corpus, config, watch=chosen, **options)
    except BaseException as error:
        if begun:  # otherwise the model and the history are as they were
            leave_measured(begun[0].history, sys._getframe(1), error)
        raise


def watch(
    state: TrainingState,
    corpus: Corpus,
    samples: str | None = None,
    folder: str | Path | None = None,
) -> "LiveCurve | None":
    """A curve for this run, in a notebook; elsewhere nothing."""
    if not (in_notebook() and shows_progress()):
        return None
    return LiveCurve(state, corpus, samples, folder)


def leave_measured(
    history: History, frame: FrameType, error: BaseException
) -> None:
    """Let no older history stand beside a model whose training has ended.

    A cell `history = train(...)` that is stopped assigns nothing, and the
    next figure would draw the run before, of a model that is gone. So the
    name gets what was measured until then; where nothing was, or where the
    cell takes something else from it (`train(...).val_loss`), it is
    forgotten, and whoever asks for it hears that it is not there.

    frame: of the cell, if the call stands in it and not in a function.
    error: what ended the training; its words then say so.
    """
    if not in_notebook() or frame.f_code.co_name != "<module>":
        return
    text = "".join(linecache.getlines(frame.f_code.co_filename))
    try:
        cell = ast.parse(text)
    except SyntaxError:  # what is kept of the cell is not what has run
        return
    for node in ast.walk(cell):
        if (
            not isinstance(node, ast.Assign)
            or not isinstance(node.targets[0], ast.Name)
            or not node.lineno <= frame.f_lineno <= (node.end_lineno or 0)
        ):
            continue
        name = node.targets[0].id
        frame.f_globals.pop(name, None)
        if history.records and _is_train(node.value):
            frame.f_globals[name] = history
            if isinstance(error, Stopped):
                error.args = (f"{error}; {name} has what was measured so far",)


def _is_train(value: ast.expr) -> bool:
    """Whether an expression is a call of train and nothing more."""
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "train"


class LiveCurve:
    """What a notebook shows under the cell that trains.

    The thin line is the loss of the batches, the dots are the exact
    validation losses; the floors of counting are dashed.
    """

    def __init__(
        self,
        state: TrainingState,
        corpus: Corpus,
        samples: str | None = None,
        folder: str | Path | None = None,
    ) -> None:
        self.state = state
        self.writing = None
        if samples is not None:
            self.writing = Writing(state, corpus.tokenizer, samples, folder)
        self.written: dict[int, str] = {}
        self.floors = measure_floors(corpus)
        self.unit = corpus.tokenizer.UNIT
        self.name = type(state.model).__name__
        self.losses: list[Tensor] = []
        self.points: list[Point] = []
        self.page = Page(state.config.max_steps)
        self.write()

    def __call__(self) -> None:
        """Note the newest loss; draw if it is time to."""
        state = self.state
        if state.losses:
            # A tensor still: asking for its number would wait for the device.
            self.losses.append(state.losses[-1])
        self.write()
        if state.is_over or self.page.is_due(state.step):
            self.draw()

    def write(self) -> None:
        """Note what the model writes, if it is time to."""
        text = self.writing() if self.writing else None
        if text is not None:
            self.written[self.state.step] = text

    def draw(self) -> None:
        """Send the curve as it is now to the page."""
        if self.losses:
            mean = torch.stack(self.losses).mean().item()
            self.points.append((self.state.step, mean))
            self.losses.clear()
        records = self.state.history.records
        measured = [(record.step, record.val_loss) for record in records]
        steps = self.state.config.max_steps
        self.page.show(
            curve(
                self.name,
                steps,
                self.points,
                measured,
                self.floors,
                unit=self.unit,
            )
            + samples_below(self.written)
        )


class Page:
    """The place under a cell where each drawing takes the last one's place.

    steps: of the whole run, in which there are about POINTS drawings, and
        at most one in INTERVAL seconds.
    """

    def __init__(self, steps: int) -> None:
        self.gap = max(1, steps // POINTS)
        self.shown: Any = None
        self.last = time.monotonic()

    def is_due(self, step: int) -> bool:
        """Whether it is time for the next drawing."""
        return step % self.gap == 0 and time.monotonic() - self.last > INTERVAL

    def show(self, drawing: str) -> None:
        """Put a drawing there, as HTML."""
        from IPython.display import HTML, display

        self.last = time.monotonic()
        if self.shown is None:
            self.shown = display(HTML(drawing), display_id=True)
        else:
            self.shown.update(HTML(drawing))


def curve(
    name: str,
    steps: int,
    points: list[Point],
    measured: list[Point],
    floors: Floors | None,
    *,
    unit: str = "character",
) -> str:
    """The drawing: losses over steps, in nats per token.

    A loss that is infinite or not a number leaves a gap, and words say where
    the first one is.
    floors: what counting reaches; None for a task that nobody counts.
    unit: what a token is.
    """
    known = [loss for _, loss in (*points, *measured) if math.isfinite(loss)]
    known += [floors.bigram, floors.uniform] if floors else [0.0]
    plane = _Plane(steps, low=min(known) - 0.3, high=max(known) + 0.1)
    label = f"loss (nats per {unit}): line, batches"
    if floors:
        label += "; dots, validation"
    parts = [
        *(_floor_lines(plane, floors) if floors else ()),
        *_axes(plane),
        *_batches(plane, points),
        *_validation(plane, measured),
        _text(LEFT, HEIGHT - 3, f"steps · {label}"),
        *_explosion(points, measured),
    ]
    says = f"{html.escape(name)}: {_now(points, measured, floors)}"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" '
        f'aria-label="{says}" style="max-width:100%;background:#fff">'
        f"{''.join(parts)}</svg>"
    )


def _now(
    points: list[Point], measured: list[Point], floors: Floors | None
) -> str:
    """The newest loss in words, for who does not see the drawing."""
    kind, known = ("validation", measured) if floors else ("batch", points)
    now = f"{known[-1][1]:.3f}" if known else "not measured yet"
    return f"{kind} loss {now}"


def samples_below(written: dict[int, str]) -> str:
    """What was written after which step, as it stands under the curve."""
    parts = [
        f"<p>after step {step:,} it writes:</p>"
        f"<pre>{html.escape(text.strip())}</pre>"
        for step, text in written.items()
    ]
    return "".join(parts)


@dataclass(frozen=True)
class _Plane:
    """Where steps and losses stand in the drawing, in its own units."""

    steps: int
    low: float
    high: float

    def x(self, step: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * step / self.steps

    def y(self, loss: float) -> float:
        # An SVG's y grows downwards: the highest loss is nearest to TOP.
        share = (self.high - loss) / (self.high - self.low)
        return TOP + (HEIGHT - TOP - BOTTOM) * share


def _floor_lines(plane: _Plane, floors: Floors) -> list[str]:
    parts = []
    for floor, colour in FLOOR_COLOURS.items():
        at = plane.y(getattr(floors, floor))
        parts.append(
            f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="{colour}" '
            'stroke-dasharray="5 4"/>'
            + _text(WIDTH - RIGHT + 6, at + 4, f"{floor} floor", colour)
        )
    return parts


def _axes(plane: _Plane) -> list[str]:
    """Numbers beside the losses, and below the first, middle, last step."""
    losses = [
        _text(LEFT - 8, plane.y(loss) + 4, f"{loss:g}", end=True)
        for loss in _round_losses(plane.low, plane.high)
    ]
    ends = [round(plane.steps * share) for share in (0, 0.5, 1)]
    return losses + [
        _text(plane.x(step) - 8, HEIGHT - 21, f"{step:,}") for step in ends
    ]


def _round_losses(low: float, high: float) -> list[int]:
    """The multiples of 1, 2, 5, 10, 20, 50 … between, at most MOST_LABELS."""
    smallest = (high - low) / MOST_LABELS
    power = 10 ** max(0, math.floor(math.log10(smallest)))
    gap = next(power * n for n in (1, 2, 5, 10) if smallest <= power * n)
    first, last = math.floor(low / gap) + 1, math.floor(high / gap)
    return [gap * n for n in range(first, last + 1)]


def _batches(plane: _Plane, points: list[Point]) -> list[str]:
    """A line through the batches' losses; a gap where one is not finite."""
    stretches = groupby(points, key=lambda point: math.isfinite(point[1]))
    return [
        f'<polyline points="{_path(plane, stretch)}" fill="none" '
        f'stroke="{BLUE}"/>'
        for finite, stretch in stretches
        if finite
    ]


def _path(plane: _Plane, points: Iterable[Point]) -> str:
    return " ".join(
        f"{plane.x(s):.1f},{plane.y(loss):.1f}" for s, loss in points
    )


def _validation(plane: _Plane, measured: list[Point]) -> list[str]:
    return [
        f'<circle cx="{plane.x(step):.1f}" cy="{plane.y(loss):.1f}" r="4" '
        f'fill="{ORANGE}"/>'
        for step, loss in measured
        if math.isfinite(loss)
    ]


def _explosion(points: list[Point], measured: list[Point]) -> list[str]:
    """In words, where the losses end that can be drawn; else nothing."""
    lost = [s for s, loss in (*points, *measured) if not math.isfinite(loss)]
    if not lost:
        return []
    says = f"no finite loss at step {min(lost):,}"
    return [_text(WIDTH - RIGHT, TOP + 12, says, RED, end=True)]


def _text(
    x: float, y: float, text: str, colour: str = "#333", *, end: bool = False
) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" fill="{colour}" '
        f'font-family="sans-serif"{anchor}>{text}</text>'
    )
