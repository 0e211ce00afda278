"""Chapter 8. From scores to text: pick the next token, append, repeat."""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from tutorgpt.language_model import LanguageModel, eval_mode


@torch.inference_mode()
def generate(
    model: LanguageModel,
    tokens: Int[Tensor, "B T"],
    max_new_tokens: int,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    greedy: bool = False,
    generator: torch.Generator | None = None,
) -> Int[Tensor, "B N"]:
    """Continue each row of tokens by max_new_tokens, one at a time.

    tokens (B, T), with T at least 1 -> (B, T + max_new_tokens). The model
    sees the last block_size tokens, in eval mode.
    temperature: below 1 bolder, above 1 more varied; must be above 0.
    top_k: draw among the k likeliest tokens only.
    top_p: draw among the likeliest tokens that share this probability.
    greedy: always take the likeliest token; nothing is drawn.
    generator: where the randomness comes from, for repeatable text.
    """
    _check(tokens, max_new_tokens, temperature, top_k, top_p)
    with eval_mode(model):
        for _ in range(max_new_tokens):
            context = tokens[:, -model.config.block_size :]
            scores = model(context)[:, -1]  # (B, V)
            if greedy:
                new = scores.argmax(dim=-1, keepdim=True)
            else:
                scores = keep_likeliest(scores / temperature, top_k, top_p)
                probabilities = F.softmax(scores, dim=-1)
                new = torch.multinomial(probabilities, 1, generator=generator)
            tokens = torch.cat([tokens, new], dim=1)
    return tokens


def keep_likeliest(
    scores: Float[Tensor, "B V"], top_k: int | None, top_p: float | None
) -> Float[Tensor, "B V"]:
    """Set the scores of the tokens that may not be drawn to -infinity."""
    if top_k is not None:
        likeliest, places = scores.topk(min(top_k, scores.shape[-1]))
        scores = torch.full_like(scores, float("-inf"))
        scores = scores.scatter(-1, places, likeliest)
    if top_p is not None:
        ordered, order = scores.sort(dim=-1, descending=True)
        shares = F.softmax(ordered, dim=-1)
        likelier = shares.cumsum(dim=-1) - shares  # share of those before
        ordered = ordered.masked_fill(likelier >= top_p, float("-inf"))
        scores = torch.empty_like(scores).scatter(-1, order, ordered)
    return scores


def _check(
    tokens: Tensor,
    max_new_tokens: int,
    temperature: float,
    top_k: int | None,
    top_p: float | None,
) -> None:
    if tokens.shape[1] == 0:
        raise ValueError(
            "the prompt is empty (T = 0): give at least one token, "
            "such as a line break"
        )
    if max_new_tokens < 0:
        raise ValueError(
            f"max_new_tokens is {max_new_tokens}: choose 0 or more"
        )
    if not 0 < temperature < float("inf"):
        raise ValueError(
            f"temperature is {temperature}: choose a number above 0, "
            "or greedy=True for the likeliest token every time"
        )
    if top_k is not None and top_k < 1:
        raise ValueError(f"top_k is {top_k}: choose 1 or more, or None")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(
            f"top_p is {top_p}: choose a share above 0 and up to 1, or None"
        )
