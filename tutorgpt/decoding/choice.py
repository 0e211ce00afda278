"""Chapter 8. From scores to one token: what may be drawn, and how."""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

LOW = 1e-3
"""Temperatures below it are divided by with care."""


def choose(
    scores: Float[Tensor, "B V"],
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    greedy: bool = False,
    generator: torch.Generator | None = None,
) -> Int[Tensor, " B"]:
    """Pick each row's next token from its scores.

    temperature: below 1 the likely tokens gain, above 1 the unlikely ones;
    must be above 0.
    top_k: draw among the k likeliest tokens only; all, if k exceeds V.
    top_p: draw among the fewest likeliest tokens that together have at
    least this probability.
    greedy: always take the likeliest token; nothing is drawn.
    generator: where the randomness comes from, for repeatable text.
    """
    _check_choice(temperature, top_k, top_p)
    if greedy:
        highest, likeliest = scores.max(dim=-1)  # nan is the highest of all
        if not (highest < torch.inf).all():
            raise _diverged()
        return likeliest
    if temperature != 1:
        scores = sharpened(scores, temperature)
    if top_p is not None:  # 1e-300, in float32, would be 0 and keep no token
        top_p = max(top_p, torch.finfo(scores.dtype).tiny)
    probabilities = F.softmax(keep_likeliest(scores, top_k, top_p), dim=-1)
    return draw(probabilities, generator)


def sharpened(
    scores: Float[Tensor, "B V"], temperature: float
) -> Float[Tensor, "B V"]:
    """Scores at a temperature; softmax of them is what may be drawn from.

    softmax sees differences only. For a very low temperature, whose scores
    would be infinite, the highest one is therefore moved to 0 first: it
    stays there, and all that are lower go to -infinity.
    """
    if temperature >= LOW:
        return scores / temperature
    scores = scores - scores.amax(dim=-1, keepdim=True)
    return scores / max(temperature, torch.finfo(scores.dtype).tiny)


def draw(
    probabilities: Float[Tensor, "B V"], generator: torch.Generator | None
) -> Int[Tensor, " B"]:
    """Draw one token of each row: those that torch.multinomial draws.

    A race: every token waits for a random time, the shorter the likelier
    it is, and the first one wins. On a processor the waiting times are
    computed here, because torch takes longer for the same numbers: for one
    row of 69 tokens about as long, from some 4,000 numbers on between 1.4
    and 2.4 times as long (medians, one thread, torch 2.13). Raises
    ValueError if a row has no probability to draw from.
    """
    if probabilities.device.type != "cpu":
        return draw_by_torch(probabilities, generator)
    # With u even in [0, 1), t = -ln(1 - u) / p is a waiting time of rate p,
    # and among rates that sum to 1, token i is first with probability p_i.
    # float64 and this order of operations are torch's own: the same seed
    # draws the same tokens as torch.multinomial.
    even = torch.rand(
        probabilities.shape, dtype=torch.float64, generator=generator
    )
    waits = even.neg_().log1p_().to(probabilities.dtype)  # -t p, below zero
    speed, first = (probabilities / waits).min(dim=-1)
    if not (speed < 0).all():
        raise _diverged()
    return first


def draw_by_torch(
    probabilities: Float[Tensor, "B V"], generator: torch.Generator | None
) -> Int[Tensor, " B"]:
    """The same from torch.multinomial, on whatever device they are.

    What is no number is refused first: on a GPU multinomial would stop at
    it with an assertion, after which the process cannot use the GPU.
    """
    if not probabilities.isfinite().all():
        raise _diverged()
    return torch.multinomial(probabilities, 1, generator=generator)[:, 0]


def _diverged() -> ValueError:
    return ValueError(
        "the scores are nan or infinite: the model has diverged; "
        "train it with a lower learning_rate"
    )


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


def _check_choice(
    temperature: float, top_k: int | None, top_p: float | None
) -> None:
    if not 0 < temperature < float("inf"):
        raise ValueError(
            f"temperature is {temperature}: choose a number above 0, "
            "or greedy=True for the likeliest token every time"
        )
    if top_k is not None and not (isinstance(top_k, int) and top_k >= 1):
        raise ValueError(
            f"top_k is {top_k!r}: choose a whole number, 1 or more, or None"
        )
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(
            f"top_p is {top_p}: choose a share above 0 and up to 1, or None"
        )
