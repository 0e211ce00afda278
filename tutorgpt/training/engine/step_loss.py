"""What one training step computes: tokens and targets in, a loss out."""

from functools import partial

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt.config import TrainConfig
from tutorgpt.language_model import LanguageModel, eval_mode
from tutorgpt.training.engine.attention import STRIPS_FROM
from tutorgpt.training.engine.dropout import (
    CheaperDropout,
    PlainAttention,
    StepLossInside,
)
from tutorgpt.training.engine.output_layer import output_layer_loss
from tutorgpt.training.engine.precision import narrow
from tutorgpt.training.engine.sharing import shared_copy
from tutorgpt.training.loss import next_token_loss

Head = tuple[nn.Parameter, nn.Parameter | None]
CHUNKS_FROM = 1024
"""The vocabulary from which the chunked output layer is the faster one, in
float32. In bf16 it is used with any, since its sums stay in float32."""


class StepLoss(nn.Module):
    """A model with its loss on top."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, tokens: Int[Tensor, "B T"], targets: Int[Tensor, "B T"]
    ) -> Float[Tensor, ""]:
        return next_token_loss(self.model(tokens), targets)


class AutocastStepLoss(StepLoss):
    """The same under autocast, which picks 16 bits where a GPU likes them."""

    def forward(
        self, tokens: Int[Tensor, "B T"], targets: Int[Tensor, "B T"]
    ) -> Float[Tensor, ""]:
        with torch.autocast(tokens.device.type, torch.bfloat16):
            return super().forward(tokens, targets)


class _NarrowStepLoss(StepLoss):
    """A model that computes in sixteen bits; its loss is taken in 32."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__(narrow(model))

    def forward(
        self, tokens: Int[Tensor, "B T"], targets: Int[Tensor, "B T"]
    ) -> Float[Tensor, ""]:
        return next_token_loss(self.model(tokens).float(), targets)


class ChunkedStepLoss(nn.Module):
    """The same loss, the output layer computed with it in chunks.

    trunk: the model up to what its output layer reads.
    head: the output layer's weight and, or None, its bias.
    """

    def __init__(
        self, trunk: nn.Module, head: Head, dtype: torch.dtype
    ) -> None:
        super().__init__()
        self.trunk, self.dtype = trunk, dtype
        self.weight, self.bias = head

    def forward(
        self, tokens: Int[Tensor, "B T"], targets: Int[Tensor, "B T"]
    ) -> Float[Tensor, ""]:
        x = self.trunk(tokens).flatten(0, 1)
        return output_layer_loss(
            x, self.weight, self.bias, targets.flatten(), self.dtype
        )


def build_step_loss(model: LanguageModel, config: TrainConfig) -> nn.Module:
    """The fastest form of model and loss: same weights, same loss.

    In "bf16" it is near the same; "auto" must have been decided before.
    """
    rounded = config.precision == "bf16"
    if next(model.parameters()).device.type != "cpu":
        step_loss = (AutocastStepLoss if rounded else StepLoss)(model)
        return with_chosen_dropout(step_loss, model, config)
    step_loss = with_chosen_dropout(_on_cpu(model, rounded), model, config)
    is_long = model.config.block_size >= STRIPS_FROM
    if model.config.dropout and (config.fast_dropout or is_long):
        mode = partial(CheaperDropout, fast=config.fast_dropout)
        return StepLossInside(mode, step_loss)
    return step_loss


def with_chosen_dropout(
    step_loss: nn.Module, model: LanguageModel, config: TrainConfig
) -> nn.Module:
    """The step's loss with dropout where the settings want it."""
    if config.attention_dropout or not model.config.dropout:
        return step_loss
    return StepLossInside(PlainAttention, step_loss)


def _on_cpu(model: LanguageModel, rounded: bool) -> nn.Module:
    head = final_layer(model)
    if head is not None and head[0].dtype != torch.float32:
        head = None  # the form in pieces adds up numbers of 32 bits
    if head is None and rounded:
        return _NarrowStepLoss(model)
    if head is None or (model.config.vocab_size < CHUNKS_FROM and not rounded):
        return StepLoss(model)
    trunk = _without_lm_head(model)
    if rounded:
        return ChunkedStepLoss(narrow(trunk), head, torch.bfloat16)
    return ChunkedStepLoss(trunk, head, torch.float32)


def _without_lm_head(model: LanguageModel) -> nn.Module:
    """The model up to what its output layer reads, with the same weights."""
    trunk = shared_copy(model)
    trunk.lm_head = nn.Identity()
    return trunk


@torch.no_grad()
def final_layer(model: LanguageModel) -> Head | None:
    """The weight and bias of lm_head, if it is a product and comes last.

    It is and does in every model of the tutorial, also where its matrix is
    the embedding's; tried out, for a reader's own.
    """
    lm_head = getattr(model, "lm_head", None)
    if not isinstance(lm_head, nn.Module) or [*lm_head.children()]:
        return None
    parts = dict(lm_head.named_parameters())
    weight, bias = parts.pop("weight", None), parts.pop("bias", None)
    if weight is None or parts:
        return None
    tokens = torch.zeros(1, 1, dtype=torch.int64, device=weight.device)
    made: list[torch.Tensor] = []

    def note(part: nn.Module, args: tuple, scores: torch.Tensor) -> None:
        made.append(scores)

    try:
        trunk = _without_lm_head(model)
        with (
            eval_mode(model),
            eval_mode(trunk),
            lm_head.register_forward_hook(note),
        ):
            scores = F.linear(trunk(tokens), weight, bias)
            found = model(tokens)
            # Equal numbers may become others: a factor that is still 1.
            is_last = found is made[-1] and torch.allclose(scores, found)
    except Exception:  # what a reader's model keeps, or does with the scores
        return None
    return (weight, bias) if is_last else None
