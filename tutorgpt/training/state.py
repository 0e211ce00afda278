"""Everything that the next training step depends on."""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.config import TrainConfig
from tutorgpt.language_model import LanguageModel
from tutorgpt.training.engine.distributed import World
from tutorgpt.training.history import History
from tutorgpt.training.schedule import learning_rate_at

Schedule = Callable[[int, TrainConfig], float]
Stretches = tuple[tuple[int, int], ...]
"""For which steps a schedule is drawn: after which one, up to which one."""


@dataclass
class TrainingState:
    """A run between two steps; equal states continue to equal weights.

    step_loss: the form of model and loss that a step computes with; it
        shares the model's weights.
    generator: draws the batches.
    world: the processes that train together.
    schedule: the learning rate of a step, counted from 1.
    stretches: what the schedule was drawn for; a run that was trained
        further has more than one. Empty: all steps at once.
    step: updates made so far.
    gradient_norm: length of the last gradient, before any shortening, where
        it was measured.
    losses: of the batches since the last record.
    seconds: trained before this process took over.
    threads: what a run to be continued was computed with, since another
        number rounds differently.
    """

    model: LanguageModel
    step_loss: nn.Module
    config: TrainConfig
    optimizers: list[torch.optim.Optimizer]
    generator: torch.Generator
    world: World = field(default_factory=World)
    schedule: Schedule = learning_rate_at
    stretches: Stretches = ()
    step: int = 0
    gradient_norm: Float[Tensor, ""] | None = None
    history: History = field(default_factory=History)
    losses: list[Tensor] = field(default_factory=list)
    seconds: float = 0.0
    threads: int | None = None
    started: float = field(default_factory=time.perf_counter)

    @property
    def loss(self) -> float:
        """The loss of the last batch, in nats per token; nan before one.

        Of a batch that was computed in parts, the last part's.
        """
        return self.losses[-1].item() if self.losses else math.nan

    @property
    def is_over(self) -> bool:
        """Whether all steps are made, or the loss has stopped falling."""
        return self.step >= self.config.max_steps or self.has_lost_patience

    @property
    def has_lost_patience(self) -> bool:
        """Whether the newest losses, since the last start, were no better."""
        patience = self.config.patience
        if not patience:
            return False
        start = self.stretches[-1][0] if self.stretches else -1
        new = [r for r in self.history.records if r.step > start]
        since_best = self.history.records_since_best()
        return min(since_best, len(new)) >= patience

    def learning_rate(self) -> float:
        """The learning rate of the step that is being made.

        A run that is trained further draws the schedule anew, from the step
        where it was taken up again to its new end.
        """
        if len(self.stretches) < 2:
            return self.schedule(self.step, self.config)
        start, end = [s for s in self.stretches if s[0] < self.step][-1]
        config = replace(self.config, max_steps=end - start)
        return self.schedule(self.step - start, config)

    def is_due(self, interval: int) -> bool:
        """Whether something done every so many steps is to be done now."""
        return self.step % interval == 0 or self.step == self.config.max_steps

    @property
    def is_at_best(self) -> bool:
        """Whether the lowest validation loss is that of these weights."""
        records = self.history.records
        return bool(records) and self.history.best.step == self.step

    def elapsed(self) -> float:
        """Seconds of training so far, in this process and before it."""
        return self.seconds + time.perf_counter() - self.started

    def clear_gradients(self) -> None:
        """Forget the gradients of the step before."""
        for optimizer in self.optimizers:
            optimizer.zero_grad()


def generator_tensors(generator: torch.Generator) -> dict[str, Tensor]:
    """Where torch's sources of random numbers stand."""
    states = {
        "batches": generator.get_state(),
        "torch": torch.get_rng_state(),
    }
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state()
    return states


def set_generator_tensors(
    generator: torch.Generator, states: dict[str, Tensor]
) -> None:
    """Put torch's sources of random numbers where they stood."""
    generator.set_state(states["batches"])
    torch.set_rng_state(states["torch"])
    if torch.cuda.is_available() and "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"])


def other_generators() -> dict[str, list]:
    """Where the generators of Python and numpy stand, ready for JSON."""
    version, numbers, spare = random.getstate()
    name, key, *rest = np.random.get_state()
    return {
        "python": [version, list(numbers), spare],
        "numpy": [name, np.asarray(key).tolist(), *rest],
    }


def set_other_generators(states: dict[str, list]) -> None:
    """Put the generators of Python and numpy where they stood."""
    version, numbers, spare = states["python"]
    random.setstate((version, tuple(numbers), spare))
    name, key, *rest = states["numpy"]
    np.random.set_state((name, np.array(key, dtype=np.uint32), *rest))


def optimizer_tensors(state: TrainingState) -> dict[str, Tensor]:
    """What the optimizers remember of each parameter, by its name."""
    names = {id(p): name for name, p in state.model.named_parameters()}
    return {
        f"{names[id(parameter)]}/{key}": value
        for optimizer in state.optimizers
        for parameter, memory in optimizer.state.items()
        for key, value in memory.items()
    }


def set_optimizer_tensors(
    state: TrainingState, tensors: dict[str, Tensor]
) -> None:
    """Give the optimizers back what they remembered."""
    parameters = dict(state.model.named_parameters())
    owner = {
        id(parameter): optimizer
        for optimizer in state.optimizers
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    for full_name, value in tensors.items():
        name, _, key = full_name.rpartition("/")
        parameter = parameters[name]
        memory = owner[id(parameter)].state[parameter]
        memory[key] = value
