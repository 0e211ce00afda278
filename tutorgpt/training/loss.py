"""How wrong a model is: on one batch, and exactly, on a whole text."""

import torch
from jaxtyping import Float, Int, Integer
from torch import Tensor
from torch.nn import functional as F

from tutorgpt.language_model import LanguageModel, eval_mode
from tutorgpt.text.batches import iterate_windows

TOKENS_AT_ONCE = 8192
"""How many tokens one step of the exact loss reads; only speed depends."""


def next_token_loss(
    logits: Float[Tensor, "B T V"], targets: Int[Tensor, "B T"]
) -> Float[Tensor, ""]:
    """Cross-entropy in nats: the mean of -ln p(the token that came).

    logits (B, T, V) score each possible next token; targets (B, T) hold
    the number of the one that did come.
    """
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@torch.inference_mode()
def exact_loss(model: LanguageModel, data: Integer[Tensor, " N"]) -> float:
    """The mean loss over every token of a text, in nats per token.

    The text is read in consecutive windows of block_size that do not
    overlap, in eval mode; the model's mode is put back afterwards.
    """
    block_size = model.config.block_size
    batch_size = max(1, TOKENS_AT_ONCE // block_size)
    device = next(model.parameters()).device
    total = 0.0
    with eval_mode(model):
        for tokens, targets in iterate_windows(data, batch_size, block_size):
            logits = model(tokens.to(device))
            loss = next_token_loss(logits, targets.to(device))
            total += loss.item() * targets.numel()
    return total / (len(data) - 1)
