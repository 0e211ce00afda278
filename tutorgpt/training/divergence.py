"""Notices the first loss that is not a number, and ends the run there."""

import math
from pathlib import Path

import torch

from tutorgpt.ground.refusal import FailedError
from tutorgpt.training.checkpoints import not_finite
from tutorgpt.training.state import TrainingState

INTERVAL = 10
"""Steps between two looks on a GPU, which each look has to wait for."""


class DivergedError(FailedError):
    """The loss or the weights of a run are infinite, or not a number.

    step: the last step that was made.
    """

    def __init__(self, what: str, step: int, learning_rate: float) -> None:
        super().__init__(
            f"{what} after step {step}: begin another run with a lower "
            f"learning rate (--learning-rate; here it was {learning_rate:g})"
            ", or shorten the gradients (--recipe good does)"
        )
        self._said = what, step, learning_rate
        self.step = step

    def __reduce__(self) -> tuple:
        return type(self), self._said  # between processes, it is made anew

    def keeping(self, kept: Path | None) -> "DivergedError":
        """The same with the newest checkpoint named, which is a good one."""
        if kept is not None:
            self.args = (f"{self}; the last good checkpoint is {str(kept)!r}",)
        return self


def check_losses(state: TrainingState, *, now: bool = False) -> None:
    """Refuse to go on if a batch's loss was not finite.

    On a processor every loss is looked at; on a GPU those of INTERVAL steps
    together, unless it must be now.
    Raises DivergedError.
    """
    on_cpu = state.losses[-1:] and state.losses[-1].device.type == "cpu"
    parts = state.config.accumulation
    if on_cpu:
        newest = state.losses[-parts:]
    elif now or state.step % INTERVAL == 0:
        newest = state.losses[-parts * INTERVAL :]
    else:
        return
    if newest and state.world.size > 1:
        # Their mean is the same everywhere, so that all end together.
        newest = [state.world.mean(torch.stack(newest).mean())]
    if newest and not torch.stack(newest).isfinite().all():
        worst = next(loss for loss in newest if not loss.isfinite()).item()
        raise diverged(state, f"the loss of a batch is {worst}")


def check_measured(state: TrainingState, loss: float) -> None:
    """Refuse to go on if a validation loss is not finite."""
    if not math.isfinite(loss):
        raise diverged(state, f"the validation loss is {loss}")


def check_gradient(state: TrainingState, length: float | None) -> None:
    """Refuse to go on if a gradient that was measured is not finite."""
    if length is not None and not math.isfinite(length):
        raise diverged(state, f"the gradient's length is {length}")


def check_weights(
    state: TrainingState, weights: dict[str, torch.Tensor]
) -> None:
    """Refuse to keep weights that are not finite."""
    broken = not_finite(weights)
    if broken:
        raise diverged(state, broken)


def diverged(state: TrainingState, what: str) -> DivergedError:
    """The error that says what happened, when, and what to do."""
    return DivergedError(what, state.step, state.config.learning_rate)
