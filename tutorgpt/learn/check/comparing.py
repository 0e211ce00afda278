"""Compares a learner's result with the expected one, and tells how it fails.

A result is a tensor or a number. Nothing here knows any exercise.
"""

import math
from typing import Any

import torch
from jaxtyping import Shaped
from torch import Tensor

CLOSE = {"rtol": 1e-4, "atol": 1e-5}
"""Room for sums in another order; a wrong formula misses by far more."""


def as_tensor(value: Any) -> Tensor | None:
    """The value as a tensor, if it is a tensor, array, number or a list."""
    if isinstance(value, Tensor):
        return value.detach()
    if isinstance(value, str | bytes | dict | type) or value is None:
        return None
    try:
        return torch.as_tensor(value)
    except (TypeError, ValueError, RuntimeError):
        return None


def same(got: Any, expected: Any) -> bool:
    """Whether two results are equal, to rounding."""
    a, b = as_tensor(got), as_tensor(expected)
    if a is None or b is None or a.shape != b.shape:
        return False
    if (a.dtype == torch.bool) != (b.dtype == torch.bool):
        return False
    if not b.is_floating_point():  # counts are right or wrong
        return torch.equal(a.double(), b.double())
    return torch.allclose(a.double(), b.double(), equal_nan=True, **CLOSE)


def shape_of(value: Any) -> str:
    """A result in a few words: its shape, or the number itself."""
    if isinstance(value, Tensor):
        return str(tuple(value.shape)) if value.ndim else number(value.item())
    if isinstance(value, bool | int | float):
        return number(value)
    if isinstance(value, tuple) and all(isinstance(n, int) for n in value):
        return str(value)
    if isinstance(value, list | tuple) and value:
        return (
            f"a {type(value).__name__} of {len(value)} x {shape_of(value[0])}"
        )
    return type(value).__name__


def number(value: float) -> str:
    """A number, short enough to read."""
    if isinstance(value, bool | int):
        return f"{value:,}" if not isinstance(value, bool) else str(value)
    if value and math.isfinite(value) and not 1e-3 <= abs(value) < 1e5:
        return f"{value:.2e}"
    return f"{value:.3f}"


def first_difference(
    got: Shaped[Tensor, "*axes"],
    expected: Shaped[Tensor, "*axes"],
    parts: tuple[str, ...] = (),
) -> str:
    """Where two results of one shape differ first, with both numbers.

    parts: names of the entries, where a result is a row of several things.
    """
    wrong = ~_close(got, expected)
    place = wrong.nonzero()[0].tolist()
    a, b = got[tuple(place)].item(), expected[tuple(place)].item()
    both = f"{number(a)} instead of {number(b)}"
    if parts:
        name = parts[min(place[0], len(parts) - 1)]
        return f"first wrong: {name}, {both}"
    share = f"{int(wrong.sum())} of {wrong.numel()} numbers differ"
    return f"first wrong position {place}: {both} ({share})"


def wrong_shape(
    got: Shaped[Tensor, "..."], expected: Shaped[Tensor, "..."]
) -> str:
    """What a wrong shape suggests."""
    a, b = list(got.shape), list(expected.shape)
    if len(a) != len(b):
        more = "more axes" if len(a) > len(b) else "fewer axes"
        return f"it has {more} than expected ({len(a)}, not {len(b)})"
    if sorted(a) == sorted(b):
        return "it has the right sizes on the wrong axes: two are exchanged"
    places = [n for n, (i, j) in enumerate(zip(a, b, strict=True)) if i != j]
    return "; ".join(
        f"axis {n} has {a[n]} entries, expected {b[n]}" for n in places
    )


def likeness(
    got: Shaped[Tensor, "*axes"], expected: Shaped[Tensor, "*axes"]
) -> str | None:
    """How a wrong result is related to the right one, if it plainly is."""
    if got.dtype == torch.bool:
        return _boolean(got, expected)
    a, b = got.double(), expected.double()
    if a.numel() < 2:
        return None
    if same(a, -b):
        return "every sign is flipped"
    # Where b is nearly 0 the quotient says nothing about the factor.
    factor = _constant(a / b, b.abs() > 1e-4)
    if factor is not None and same(a, factor * b):
        return f"every number is {number(factor)} times the right one"
    gap = _constant(a - b, torch.ones_like(b, dtype=torch.bool))
    if gap is not None:
        much = "large" if gap > 0 else "small"
        return f"every number is {number(abs(gap))} too {much}"
    if a.ndim >= 2 and a.shape[-1] == a.shape[-2] and same(a.mT, b):
        return "it is the right result with the last two axes exchanged"
    if same(a.flatten().sort()[0], b.flatten().sort()[0]):
        return "the right numbers stand in the wrong places"
    return _confined(_close(a, b))


def _boolean(got: Tensor, expected: Tensor) -> str:
    """What is True that should not be, and the other way round."""
    if bool((got == ~expected).all()):
        return "every True should be False, and every False True"
    if got.ndim == 2 and len(got) > 2 and same(got.mT, expected):
        return "it is the right result transposed"
    parts = [
        f"{int(wrong.sum())} {is_now} should be {should}"
        for wrong, is_now, should in (
            (got & ~expected, "True", "False"),
            (~got & expected, "False", "True"),
        )
        if wrong.any()
    ]
    return "; ".join(parts)


def _close(a: Tensor, b: Tensor) -> Tensor:
    if not b.is_floating_point():
        return a.double() == b.double()
    return torch.isclose(a.double(), b.double(), equal_nan=True, **CLOSE)


def _constant(values: Tensor, where: Tensor) -> float | None:
    """The one number that all values are, or None."""
    chosen = values[where]
    if chosen.numel() < 2 or not bool(chosen.isfinite().all()):
        return None
    middle = chosen.median()  # one of the values, whatever the others are
    if bool(((chosen - middle).abs() <= 1e-3 * middle.abs()).all()):
        return middle.item()
    return None


def _confined(right: Tensor) -> str | None:
    """Whether the wrong numbers keep to some places along one axis."""
    for axis in range(right.ndim):
        size = right.shape[axis]
        # This axis first, all others as one: is everything right at a place?
        by_place = right.movedim(axis, 0).reshape(size, -1).all(dim=1)
        good = by_place.nonzero().flatten().tolist()
        bad = (~by_place).nonzero().flatten().tolist()
        if not good or len(good) == size:
            continue
        name = _axis_name(axis, right.ndim)
        if len(good) <= len(bad):
            return f"right only at {name} {_listed(good)}"
        return f"wrong only at {name} {_listed(bad)}"
    return None


def _axis_name(axis: int, axes: int) -> str:
    if axes == 3:
        return ("batch row", "position", "channel")[axis]
    return f"axis {axis}, place"


def _listed(places: list[int]) -> str:
    if len(places) > 2 and places == list(range(places[0], places[-1] + 1)):
        return f"{places[0]} to {places[-1]}"
    more = ", ..." if len(places) > 6 else ""
    return ", ".join(map(str, places[:6])) + more
