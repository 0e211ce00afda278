"""What a run leaves open, decided by trying: its precision and its threads."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import torch
from jaxtyping import Integer
from torch import Tensor, nn

from tutorgpt.config import TrainConfig
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.batches import sample_batch
from tutorgpt.training.engine.choosing import fastest
from tutorgpt.training.engine.distributed import World
from tutorgpt.training.engine.step_loss import build_step_loss
from tutorgpt.training.engine.threads import fastest_threads, thread_count
from tutorgpt.training.state import TrainingState


def with_precision(
    model: LanguageModel,
    data: Integer[Tensor, " N"],
    config: TrainConfig,
    world: World,
    *,
    sharded: bool = False,
    before: str | None = None,
) -> TrainConfig:
    """The settings with a precision of "fp32" or "bf16", decided for good.

    A GPU is asked whether it has bf16. On a processor whole passes of both
    forms are timed, at this shape and batch, and bf16 must win: then it is
    never paid for with time, which is also what a wish for it means there.
    before: what a run that goes on has been computed in.
    """
    if config.precision == "fp32":
        return config
    on_cpu = next(model.parameters()).device.type == "cpu"
    if sharded or not on_cpu:
        can = torch.cuda.is_available() and torch.cuda.is_bf16_supported()
        tried = "bf16" if can and not on_cpu else "fp32"
        wanted = config.precision
        return replace(config, precision=tried if wanted == "auto" else wanted)
    if before is None:
        before = _faster_precision(model, data, config, world)
    if config.precision == "bf16" and before == "fp32":
        warnings.warn(
            "this processor makes these steps no faster in bfloat16 than in "
            "float32: precision 'bf16' is trained as 'fp32', which is exact",
            stacklevel=3,
        )
    return replace(config, precision=before)


def _faster_precision(
    model: LanguageModel,
    data: Integer[Tensor, " N"],
    config: TrainConfig,
    world: World,
) -> str:
    """The precision that makes this model's steps on a processor soonest."""
    forms = {
        precision: build_step_loss(model, replace(config, precision=precision))
        for precision in ("fp32", "bf16")
    }
    batch = _trial_batch(model, data, config)
    # The trial passes must not move the generator that dropout draws from.
    with torch.random.fork_rng(devices=[]), _trial(model):
        for form in forms.values():
            form.train()
        threads = config.threads
        if threads == "auto":
            threads = fastest_threads(lambda: forms["fp32"](*batch).backward())
        with thread_count(threads):  # type: ignore[arg-type]
            best = fastest(
                list(forms), lambda each: forms[each](*batch).backward()
            )
    return list(forms)[round(world.first(list(forms).index(best)))]


def _trial_batch(
    model: LanguageModel, data: Integer[Tensor, " N"], config: TrainConfig
) -> tuple[Tensor, Tensor]:
    """What a pass is timed on; of a batch in parts, one of them."""
    size = config.batch_size // config.accumulation
    T = model.config.block_size
    return sample_batch(data, size, T, torch.Generator())


@contextmanager
def _trial(model: LanguageModel) -> Iterator[None]:
    """Train mode inside; then the gradients are those from before."""
    was_training = model.training
    model.train()
    before = [parameter.grad for parameter in model.parameters()]
    model.zero_grad()  # else those of the trial would be added to them
    try:
        yield
    finally:
        for parameter, gradient in zip(
            model.parameters(), before, strict=True
        ):
            parameter.grad = gradient
        model.train(was_training)


def choose_threads(
    state: TrainingState, data: Integer[Tensor, " N"]
) -> int | None:
    """The processor threads for a run; None leaves torch's choice."""
    config, step_loss = state.config, state.step_loss
    if config.threads != "auto":
        return config.threads  # type: ignore[return-value]
    device = next(state.model.parameters()).device
    if device.type != "cpu" or isinstance(
        step_loss, nn.parallel.DistributedDataParallel
    ):
        return None
    batch = _trial_batch(state.model, data, config)
    with torch.random.fork_rng(devices=[]):
        best = fastest_threads(lambda: step_loss(*batch).backward())
    state.clear_gradients()
    return best
