"""What one training step computes: tokens and targets in, a loss out."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from tutorgpt.config import TrainConfig
from tutorgpt.language_model import LanguageModel, eval_mode
from tutorgpt.training.engine.dropout import (
    FastDropout,
    PlainAttention,
    StepLossInside,
)
from tutorgpt.training.engine.output_layer import output_layer_loss
from tutorgpt.training.engine.precision import round_products
from tutorgpt.training.engine.sharing import shared_copy
from tutorgpt.training.loss import next_token_loss

CHUNKS_FROM = 1024
"""The vocabulary from which the chunked output layer is the faster one."""


class StepLoss(nn.Module):
    """A model with its loss on top."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, tokens: Int[Tensor, "B T"], targets: Int[Tensor, "B T"]
    ) -> Float[Tensor, ""]:
        return next_token_loss(self.model(tokens), targets)


class RoundedStepLoss(StepLoss):
    """The same under autocast, which picks 16 bits where a GPU likes them."""

    def forward(
        self, tokens: Int[Tensor, "B T"], targets: Int[Tensor, "B T"]
    ) -> Float[Tensor, ""]:
        with torch.autocast(tokens.device.type, torch.bfloat16):
            return super().forward(tokens, targets)


class ChunkedStepLoss(nn.Module):
    """The same loss, the output layer computed with it in chunks."""

    def __init__(
        self, trunk: nn.Module, lm_head: nn.Linear, dtype: torch.dtype
    ) -> None:
        super().__init__()
        self.trunk, self.lm_head, self.dtype = trunk, lm_head, dtype

    def forward(
        self, tokens: Int[Tensor, "B T"], targets: Int[Tensor, "B T"]
    ) -> Float[Tensor, ""]:
        x, head = self.trunk(tokens).flatten(0, 1), self.lm_head
        return output_layer_loss(
            x, head.weight, head.bias, targets.flatten(), self.dtype
        )


def build_step_loss(model: LanguageModel, config: TrainConfig) -> nn.Module:
    """The fastest form of model and loss: same weights, same loss."""
    rounded = config.precision == "bf16"
    if next(model.parameters()).device.type != "cpu":
        step_loss = (RoundedStepLoss if rounded else StepLoss)(model)
        return with_chosen_dropout(step_loss, model, config)
    step_loss = with_chosen_dropout(_on_cpu(model, rounded), model, config)
    if config.fast_dropout and model.config.dropout:
        return StepLossInside(FastDropout, step_loss)
    return step_loss


def with_chosen_dropout(
    step_loss: nn.Module, model: LanguageModel, config: TrainConfig
) -> nn.Module:
    """The step's loss with dropout where the settings want it."""
    if config.attention_dropout or not model.config.dropout:
        return step_loss
    return StepLossInside(PlainAttention, step_loss)


def _on_cpu(model: LanguageModel, rounded: bool) -> nn.Module:
    head = final_linear(model)
    if head is not None and model.config.vocab_size >= CHUNKS_FROM:
        trunk = without_lm_head(model)
        dtype = torch.bfloat16 if rounded else torch.float32
        trunk = round_products(trunk) if rounded else trunk
        return ChunkedStepLoss(trunk, head, dtype)
    if rounded:
        return StepLoss(round_products(shared_copy(model)))
    return StepLoss(model)


def without_lm_head(model: LanguageModel) -> nn.Module:
    """The model up to what its output layer reads, with the same weights."""
    trunk = shared_copy(model)
    trunk.lm_head = nn.Identity()
    return trunk


@torch.no_grad()
def final_linear(model: LanguageModel) -> nn.Linear | None:
    """The Linear called lm_head, if it is the last thing a model computes.

    It is in every model of the tutorial; tried out, for a reader's own.
    """
    head = getattr(model, "lm_head", None)
    if not isinstance(head, nn.Linear) or head.bias is None:
        return None
    tokens = torch.zeros(1, 1, dtype=torch.int64, device=head.weight.device)
    trunk = without_lm_head(model)
    with eval_mode(model), eval_mode(trunk):
        try:
            x = trunk(tokens)
            is_last = torch.allclose(head(x), model(tokens))
        except Exception:  # what a reader's model does with the scores
            return None
        return head if is_last else None
