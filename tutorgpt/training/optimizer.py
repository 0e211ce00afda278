"""Which weights are changed by which rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from inspect import unwrap

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.config import TrainConfig

MUON_MOMENTUM = 0.9
MUON_STEPS = 3
"""Of Newton and Schulz's iteration. torch takes 0.95 and five: on short runs
a shorter memory ends lower, and the last two steps cost more than they give
(benchmarks/README.md)."""


class AdamW(torch.optim.AdamW):
    """torch's AdamW, which takes its first step a second sooner.

    torch wraps these methods in a word to its compiler, which is read from
    disk for it, compiled or not. No optimizer is compiled here: what stands
    inside the wraps computes the same.
    """

    add_param_group = unwrap(torch.optim.AdamW.add_param_group)
    zero_grad = unwrap(torch.optim.AdamW.zero_grad)
    step = torch.no_grad()(unwrap(torch.optim.AdamW.step))


@dataclass(frozen=True)
class Parts:
    """A model's parameters, by what may be done with them.

    matrices: what multiplies activations inside the model.
    outer: the first and last table, one row per token or position.
    vectors: biases and the gains of norms.
    """

    matrices: list[nn.Parameter]
    outer: list[nn.Parameter]
    vectors: list[nn.Parameter]


def split_parameters(model: nn.Module) -> Parts:
    """Sort a model's parameters; the output layer is called lm_head."""
    tables = {
        id(parameter)
        for name, module in model.named_modules()
        if isinstance(module, nn.Embedding) or name.endswith("lm_head")
        for parameter in module.parameters()
        if parameter.ndim == 2
    }
    parts = Parts([], [], [])
    for parameter in model.parameters():
        if not parameter.requires_grad:
            continue
        if id(parameter) in tables:
            parts.outer.append(parameter)
        elif parameter.ndim == 2:
            parts.matrices.append(parameter)
        else:
            parts.vectors.append(parameter)
    return parts


def build_optimizers(
    model: nn.Module, config: TrainConfig
) -> list[torch.optim.Optimizer]:
    """AdamW for everything, or Muon for the matrices and AdamW for the rest.

    With Muon a step on a matrix has the same root mean square as AdamW's,
    so one learning rate serves both.
    """
    if not any(p.requires_grad for p in model.parameters()):
        raise ValueError(
            f"all weights of this {type(model).__name__} are frozen: let "
            "some of them learn, or all with model.requires_grad_(True)"
        )
    if config.optimizer == "adamw":
        return [_adamw(_adamw_groups(model, config), config)]
    parts = split_parameters(model)
    if not parts.matrices:
        raise ValueError(
            f"{type(model).__name__} has no matrix for Muon to work on: "
            'choose optimizer="adamw"'
        )
    muon = torch.optim.Muon(
        parts.matrices,
        lr=config.learning_rate,
        weight_decay=config.weight_decay,
        momentum=MUON_MOMENTUM,
        ns_steps=MUON_STEPS,
        adjust_lr_fn="match_rms_adamw",
    )
    decay = config.weight_decay if config.decay_vectors else 0.0
    rest = [
        {"params": parts.outer, "weight_decay": _table_decay(config, decay)},
        {"params": parts.vectors, "weight_decay": decay},
    ]
    if not parts.outer + parts.vectors:  # where all but matrices is frozen
        return [muon]
    return [muon, _adamw(rest, config)]


def _adamw_groups(model: nn.Module, config: TrainConfig) -> list[dict]:
    if config.decay_vectors and config.table_decay is None:
        return [{"params": list(model.parameters())}]
    parts, decay = split_parameters(model), config.weight_decay
    return [
        {"params": parts.matrices, "weight_decay": decay},
        {"params": parts.outer, "weight_decay": _table_decay(config, decay)},
        {
            "params": parts.vectors,
            "weight_decay": decay if config.decay_vectors else 0.0,
        },
    ]


def _table_decay(config: TrainConfig, otherwise: float) -> float:
    """What decays of the first and the last table."""
    return otherwise if config.table_decay is None else config.table_decay


def _adamw(groups: list[dict], config: TrainConfig) -> AdamW:
    groups = [group for group in groups if group["params"]]
    return AdamW(
        groups,
        lr=config.learning_rate,
        betas=config.betas,
        weight_decay=config.weight_decay,
        fused=True,
    )


def set_learning_rate(
    optimizers: Iterable[torch.optim.Optimizer], rate: float
) -> None:
    """Give every group of every optimizer this learning rate."""
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate


def gradient_norm(model: nn.Module) -> Float[Tensor, ""]:
    """The length of the whole gradient, all parameters as one vector."""
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    return _whole(nn.utils.get_total_norm(gradients))


def shorten_gradient(model: nn.Module, longest: float) -> Float[Tensor, ""]:
    """Scale the gradient down to a length; returns the length it had."""
    norm = nn.utils.clip_grad_norm_(model.parameters(), longest)
    return _whole(norm)


def _whole(norm: Tensor) -> Tensor:
    """A norm over sharded parameters, gathered from all processes."""
    full_tensor = getattr(norm, "full_tensor", None)
    return full_tensor() if full_tensor is not None else norm
