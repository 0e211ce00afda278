"""Rules that several exercises share: what must hold of a result."""

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor


def adds_what_is_added(
    again: Callable[..., Any], args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: on an open path, 1 added to all channels comes out as 1."""
    places = [n for n, arg in enumerate(args) if isinstance(arg, Tensor)]
    lifted = list(args)
    lifted[places[0]] = args[places[0]] + 1
    step = (again(*lifted) - again(*args)).mean().item()
    if abs(step - 1) > 1e-3:
        return (
            "1 added to every channel of x should come out as exactly 1, "
            f"since the norms do not see it, and it comes out as {step:.3f}"
        )
    return None


def shares_one_unit(
    again: Callable[..., Any], args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: where all inputs are alike, the mixture is their value."""
    *matrices, x = args
    alike = x[:, :1].expand_as(x).clone()
    value = alike @ matrices[2]
    if (again(*matrices, alike) - value).abs().max() > 1e-4:
        return (
            "where all positions are alike the result should be their "
            "value, so the weights of a row do not sum to 1"
        )
    return None


def blind_to_the_future(
    again: Callable[..., Any], args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: what stands later must not change what comes out earlier."""
    *before, x = args
    later = x.clone()
    if x.is_floating_point():
        # Not the same in all channels: a norm would not feel it.
        later[:, -1] += torch.linspace(-1, 2, later.shape[-1])
    else:
        low, high = x.min(), x.max()
        later[:, -1] = torch.where(x[:, -1] == high, low, high)
    moved = (again(*before, later) - again(*args))[:, :-1].abs() > 1e-5
    if moved.any():
        return "an earlier position changes when a later one does"
    return None


def blind_to_the_batch(
    again: Callable[..., Any], args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: a sequence comes out alike, whatever is read beside it."""
    *before, x = args
    if len(x) > 1:
        alone, beside = again(*before, x[:1]), again(*before, x)[:1]
        if (alone - beside).abs().max() > 1e-4:
            return (
                "the first sequence of the batch comes out otherwise when "
                "it is read alone: something random is on, or the batch is "
                "mixed"
            )
    return None


def alike_for_equal_rows(
    again: Callable[..., Any], args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: two equal sequences in one batch come out alike."""
    *before, x = args
    found = again(*before, torch.cat([x, x]))
    if (found[: len(x)] - found[len(x) :]).abs().max() > 1e-4:
        return (
            "of two equal sequences in one batch, one comes out unlike the "
            "other: something random is on, or the batch is mixed"
        )
    return None


def every_vector_alone(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: a vector comes out alike, with others beside it or alone."""
    sizes, x = args
    whole = again(*args)
    for t in range(x.shape[1]):
        alone = again(sizes, x[:1, t : t + 1])
        if (alone[0, 0] - whole[0, t]).abs().max() > 1e-4:
            return (
                f"the vector at position {t} comes out otherwise when it is "
                "read alone"
            )
    return None


def every_place_alone(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: what stands at one place changes nothing at the others."""
    sizes, x = args
    other = x.clone()
    other[:, 0] += 5
    moved = (again(sizes, other) - again(sizes, x))[:, 1:].abs() > 1e-4
    if moved.any():
        return (
            "another token at place 0 changes what comes out at a later one: "
            "this layer works on every place by itself"
        )
    return None
