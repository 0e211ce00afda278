"""Formulas for chapter 0's exercises, and what becomes of their slopes.

A formula is a short program such as "s = x * y; loss = s * s + x": it may
use x, y and z, and calls its result loss.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.gradients import Value
from tutorgpt.learn.check.exercise import ComplaintError
from tutorgpt.learn.check.patterns import short

NAMES = ("x", "y", "z")
SLOPES = tuple(f"the slope of {name}" for name in NAMES)


def result(text: str, inputs: Sequence[Any]) -> Any:
    """What a formula makes of its inputs, be they values or numbers."""
    names: dict[str, Any] = dict(zip(NAMES, inputs, strict=False))
    exec(text, {}, names)
    return names["loss"]


def values(numbers: Iterable[float]) -> list[Value]:
    """The inputs of a formula as values."""
    return [Value(number) for number in numbers]


def slopes_of(inputs: Sequence[Any]) -> Float[Tensor, "3"]:
    """Three slopes, 0 where there are fewer inputs."""
    found = [value.slope for value in inputs]
    return torch.tensor([*found, 0.0, 0.0][:3], dtype=torch.float64)


def is_value(thing: Any) -> bool:
    """Whether something is a Value, also one of the learner's own class."""
    parts = ("number", "slope", "made_of", "backward")
    return all(hasattr(thing, part) for part in parts)


def refuse_what_is_no_value(thing: Any, target: str) -> None:
    """Complain where a function should have made a Value."""
    if thing is None:
        raise ComplaintError(
            f"{target} gives back None: see whether a `return` is missing"
        )
    if thing is not ... and not is_value(thing):
        raise ComplaintError(
            f"{target} should give back a Value, and it is of type "
            f"{type(thing).__name__}"
        )


def any_formula(draw: random.Random) -> tuple[str, tuple[float, ...]]:
    """A formula in which values are used again and again, and its inputs."""
    names: list[str] = [*NAMES]
    lines = []
    for n in range(draw.randint(1, 6)):
        a, b = draw.choice(names), draw.choice(names)
        made = draw.choice(
            (
                f"{a} + {b}",
                f"{a} * {b}",
                f"{a} - {b}",
                f"{a}.tanh()",
                f"({a} * {b}).tanh()",
                f"2 * {a} - {b}**2",
                f"{a}.tanh().exp()",
            )
        )
        names.append(f"s{n}")
        lines.append(f"s{n} = ({made}).tanh() * 2")
    a, b = draw.choice(names), draw.choice(names)
    lines.append(f"loss = {names[-1]} + {a} * {b}")
    numbers = tuple(draw.uniform(-2, 2) for _ in NAMES)
    return "; ".join(lines), numbers


def by_two_evaluations(
    text: str, numbers: Sequence[float], h: float = 1e-5
) -> list[float]:
    """The slopes of a formula's inputs, each by two evaluations."""
    found = []
    for n in range(len(numbers)):
        ends = []
        for step in (h, -h):
            moved = [
                number + step * (n == m) for m, number in enumerate(numbers)
            ]
            ends.append(result(text, values(moved)).number)
        found.append((ends[0] - ends[1]) / (2 * h))
    return found


def wrong_slope(
    again: Callable[..., Any], args: tuple, expected: Float[Tensor, " n"]
) -> str | None:
    """A rule: which slope is not what two evaluations give."""
    text, numbers = args[:2]
    found = again(*args)
    measured = by_two_evaluations(text, numbers)
    for n, right in enumerate(measured):
        name, got = NAMES[n], float(found[n])
        if abs(got - right) > 1e-4 * max(1, abs(right)):
            times = short(got / right) if got and right else "."
            return (
                f"two evaluations give {name} the slope {right:.3f}, and it "
                f"has {got:.3f}"
                + ("" if "." in times else f", {times} times as much")
            )
    return None
