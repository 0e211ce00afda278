"""What happens once, before the first step of a run."""

import warnings
from dataclasses import replace

import torch
from jaxtyping import Integer
from torch import Tensor, nn

from tutorgpt.config import TrainConfig
from tutorgpt.language_model import LanguageModel
from tutorgpt.text.batches import sample_batch
from tutorgpt.training.distributed import (
    World,
    check_shares,
    replicate,
    shard,
)
from tutorgpt.training.optimizer import build_optimizers
from tutorgpt.training.precision import rounding_pays
from tutorgpt.training.state import TrainingState
from tutorgpt.training.step_loss import StepLoss, build_step_loss
from tutorgpt.training.threads import fastest_threads


def begin(
    model: LanguageModel, config: TrainConfig, world: World, sharded: bool
) -> tuple[TrainingState, nn.Module]:
    """The state before the first step, and what each step will compute."""
    check_shares(config, world)
    if sharded:
        check_sharded(config, world)
        shard(model)
        step_loss = StepLoss(model)
    else:
        step_loss = build_step_loss(model, worthwhile(model, config))
    if config.compile:
        step_loss.compile()
    if world.size > 1:
        torch.manual_seed(config.seed + world.rank)  # dropout's dice
        if not sharded:
            step_loss = replicate(step_loss)
    generator = torch.Generator().manual_seed(config.seed)
    optimizers = build_optimizers(model, config)
    return TrainingState(model, config, optimizers, generator), step_loss


def worthwhile(model: LanguageModel, config: TrainConfig) -> TrainConfig:
    """The settings, in fp32 where bf16 would cost precision and time."""
    on_cpu = next(model.parameters()).device.type == "cpu"
    if config.precision == "fp32" or not on_cpu or rounding_pays():
        return config
    warnings.warn(
        "this processor multiplies bfloat16 more slowly than float32: "
        "precision 'bf16' is trained as 'fp32', which is faster and exact",
        stacklevel=2,
    )
    return replace(config, precision="fp32")


def check_sharded(config: TrainConfig, world: World) -> None:
    """Refuse what does not go with sharded weights."""
    if world.size == 1:
        raise ValueError(
            "one process has nobody to share the weights with: start "
            "several, as in torchrun --nproc-per-node 2 -m tutorgpt train"
        )
    if config.optimizer == "muon":
        raise ValueError(
            "optimizer 'muon' needs whole matrices, and sharding takes them "
            'apart: choose optimizer="adamw", or do not shard'
        )
    if config.precision == "bf16" and not torch.cuda.is_available():
        raise ValueError(
            "precision 'bf16' with sharded weights needs a GPU: choose "
            'precision="fp32", or do not shard'
        )


def choose_threads(
    step_loss: nn.Module, state: TrainingState, data: Integer[Tensor, " N"]
) -> int | None:
    """The processor threads for a run; None leaves torch's choice."""
    config = state.config
    if config.threads != "auto":
        return config.threads  # type: ignore[return-value]
    device = next(state.model.parameters()).device
    if device.type != "cpu" or isinstance(
        step_loss, nn.parallel.DistributedDataParallel
    ):
        return None
    T = state.model.config.block_size
    size = config.batch_size // config.accumulation
    tokens, targets = sample_batch(data, size, T, torch.Generator())
    with torch.random.fork_rng(devices=[]):  # dropout's dice stay
        best = fastest_threads(lambda: step_loss(tokens, targets).backward())
    state.clear_gradients()
    return best
