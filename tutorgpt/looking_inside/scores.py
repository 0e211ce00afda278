"""Chapter 7. What a head looks at, as one number."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from tutorgpt.ground.checks import between


def repeated_tokens(
    vocab_size: int,
    period: int,
    batch_size: int,
    generator: torch.Generator,
) -> Int[Tensor, "B T"]:
    """Random tokens, and then the same again: T = 2 * period.

    Nothing but what came before tells what comes next in the second half.
    """
    once = torch.randint(vocab_size, (batch_size, period), generator=generator)
    return once.repeat(1, 2)


def previous_token_score(
    weights: Float[Tensor, "*heads T T"],
) -> Float[Tensor, "*heads"]:
    """The mean weight on the token right before: 1 looks nowhere else."""
    return weights.diagonal(offset=-1, dim1=-2, dim2=-1).mean(dim=-1)


def induction_score(
    weights: Float[Tensor, "*heads T T"], period: int
) -> Float[Tensor, "*heads"]:
    """The mean weight on what followed this token the last time.

    weights: on a text that repeats itself after `period` tokens, which
    stands period - 1 places back. Source: Olsson et al. 2022.
    """
    between(2, weights.shape[-1] - 1, period=period)
    answers = weights.diagonal(offset=1 - period, dim1=-2, dim2=-1)
    return answers[..., 1:].mean(dim=-1)  # the first repeats nothing yet
