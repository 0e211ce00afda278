"""Tries a learner's nn.Module: same weights in, same result out?"""

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.learn.check.exercise import ComplaintError


def try_module(
    attempt: Any, wanted: type[nn.Module], sizes: tuple, *inputs: Any
) -> Any:
    """What a module class makes of a case, with the solution's weights.

    sizes: the arguments that both classes are built with.
    wanted: the solution's class; the attempt must learn the same tensors by
        the same names.

    Raises ComplaintError where it does not, where it is not a module, and
    where a parameter has no say in the result.
    """
    module = attempt(*sizes)
    if module is ...:
        return module
    if not isinstance(module, nn.Module):
        raise ComplaintError(
            f"{wanted.__name__} should be an nn.Module, and it is of type "
            f"{type(module).__name__}"
        )
    # Only if both learn the same can they be given the same weights, and
    # only then does a difference in the result come from `forward`.
    compare_parameters(module, wanted(*sizes))
    give_weights(module)
    result = module.eval()(*inputs)
    complain_of_idle_parts(module, result)
    return result


def compare_parameters(module: nn.Module, wanted: nn.Module) -> None:
    """Complain unless both learn the same tensors by the same names."""
    found = {n: tuple(p.shape) for n, p in module.named_parameters()}
    asked = {n: tuple(p.shape) for n, p in wanted.named_parameters()}
    if found == asked:
        return
    have = sum(p.numel() for p in module.parameters())
    need = sum(p.numel() for p in wanted.parameters())
    count = f"it learns {have:,} numbers instead of {need:,}"
    parts = []
    missing = sorted(asked.keys() - found.keys())
    extra = sorted(found.keys() - asked.keys())
    if missing:
        parts.append(f"missing: {_some(missing)}")
    if extra:
        parts.append(f"not expected: {_some(extra)}")
    parts += [
        f"{name} has the shape {found[name]} instead of {asked[name]}"
        for name in sorted(found.keys() & asked.keys())
        if found[name] != asked[name]
    ][:2]
    raise ComplaintError(f"{count} ({'; '.join(parts)})")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def complain_of_idle_parts(module: nn.Module, result: Any) -> None:
    """Complain of parameters that have no say in the result."""
    if not isinstance(result, Tensor) or not result.requires_grad:
        return
    named = dict(module.named_parameters())
    # Of the sum: a parameter without any way to the result has no gradient
    # at all, which is None and not zero.
    gradients = torch.autograd.grad(
        result.sum(), list(named.values()), allow_unused=True
    )
    idle = [
        name
        for name, gradient in zip(named, gradients, strict=True)
        if gradient is None
    ]
    if idle:
        raise ComplaintError(f"no effect on the result: {_some(idle)}")


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


@torch.no_grad()
def give_weights(module: nn.Module) -> None:
    """Fill every parameter, in the order of the names, from one seed.

    In the order of the names, not of `__init__`, so that a learner may make
    the parts in any order. Divided by the root of the last axis, as a layer
    would be at its start, so that no softmax saturates.
    """
    generator = torch.Generator().manual_seed(7)
    for _, parameter in sorted(module.named_parameters()):
        noise = torch.randn(parameter.shape, generator=generator)
        parameter.copy_(noise / max(1, parameter.shape[-1]) ** 0.5)


def blind_to_the_future(
    again: Callable[..., Any], args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: what stands later must not change what comes out earlier."""
    *before, x = args
    later = x.clone()
    later[:, -1] += 1
    moved = (again(*before, later) - again(*args))[:, :-1].abs() > 1e-5
    if moved.any():
        return "an earlier position changes when a later one does"
    return None
