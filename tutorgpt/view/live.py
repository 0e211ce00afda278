"""A loss curve that grows in the notebook while a model trains."""

import html
import time
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from tutorgpt.ground.watching import in_notebook
from tutorgpt.text.corpus import Corpus
from tutorgpt.text.floors import Floors, measure_floors
from tutorgpt.view.style import BLUE, GREEN, GREY, ORANGE, PURPLE

if TYPE_CHECKING:
    from tutorgpt.training.state import TrainingState

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 110, 12, 36
POINTS = 100
"""How often the curve grows in a whole run."""


class LiveCurve:
    """What a notebook shows under the cell that trains.

    The thin line is the loss of the batches, the dots are the exact
    validation losses; the floors of counting are dashed.
    """

    def __init__(self, state: "TrainingState", corpus: Corpus) -> None:
        self.state = state
        self.floors = measure_floors(corpus)
        self.name = type(state.model).__name__
        self.losses: list[Tensor] = []
        self.points: list[tuple[int, float]] = []
        self.shown: Any = None
        self.last = time.monotonic()

    def __call__(self) -> None:
        """Note the newest loss; draw if it is time to."""
        state = self.state
        if state.losses:
            self.losses.append(state.losses[-1])
        due = state.step % max(1, state.config.max_steps // POINTS) == 0
        if state.is_over or (due and time.monotonic() - self.last > 0.2):
            self.draw()
            self.last = time.monotonic()

    def draw(self) -> None:
        """Send the curve as it is now to the page."""
        from IPython.display import HTML, display

        if self.losses:
            mean = torch.stack(self.losses).mean().item()
            self.points.append((self.state.step, mean))
            self.losses.clear()
        records = self.state.history.records
        measured = [(record.step, record.val_loss) for record in records]
        steps = self.state.config.max_steps
        drawing = HTML(
            curve(self.name, steps, self.points, measured, self.floors)
        )
        if self.shown is None:
            self.shown = display(drawing, display_id=True)
        else:
            self.shown.update(drawing)


def curve(
    name: str,
    steps: int,
    points: list[tuple[int, float]],
    measured: list[tuple[int, float]],
    floors: Floors,
) -> str:
    """The drawing: losses over steps, in nats per character."""
    values = [loss for _, loss in (*points, *measured)]
    high = max([floors.uniform, *values]) + 0.1
    low = min([floors.bigram, *values]) - 0.3

    def x(step: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * step / steps

    def y(loss: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - loss) / (high - low)

    def path(line: list[tuple[int, float]]) -> str:
        return " ".join(f"{x(s):.1f},{y(loss):.1f}" for s, loss in line)

    parts = []
    dashed = {"uniform": GREY, "unigram": PURPLE, "bigram": GREEN}
    for floor, colour in dashed.items():
        at = y(getattr(floors, floor))
        parts.append(
            f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="{colour}" '
            'stroke-dasharray="5 4"/>'
            + _text(WIDTH - RIGHT + 6, at + 4, f"{floor} floor", colour)
        )
    for loss in range(int(low) + 1, int(high) + 1):
        parts.append(_text(LEFT - 8, y(loss) + 4, f"{loss}", end=True))
    for share in (0, 0.5, 1):
        step = round(steps * share)
        parts.append(_text(x(step) - 8, HEIGHT - 21, f"{step:,}"))
    parts.append(
        f'<polyline points="{path(points)}" fill="none" stroke="{BLUE}"/>'
    )
    parts += [
        f'<circle cx="{x(step):.1f}" cy="{y(loss):.1f}" r="4" '
        f'fill="{ORANGE}"/>'
        for step, loss in measured
    ]
    label = "loss (nats per character): line, batches; dots, validation"
    parts.append(_text(LEFT, HEIGHT - 3, f"steps · {label}"))
    now = f"{measured[-1][1]:.3f}" if measured else "not measured yet"
    says = f"{html.escape(name)}: validation loss {now}"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" '
        f'aria-label="{says}" style="max-width:100%;background:#fff">'
        f"{''.join(parts)}</svg>"
    )


def _text(
    x: float, y: float, text: str, colour: str = "#333", *, end: bool = False
) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" fill="{colour}" '
        f'font-family="sans-serif"{anchor}>{text}</text>'
    )


def watch(state: "TrainingState", corpus: Corpus) -> LiveCurve | None:
    """A curve for this run, in a notebook; elsewhere nothing."""
    return LiveCurve(state, corpus) if in_notebook() else None
