"""How a wrong result is related to the right one, where it plainly is.

Each sentence states what was measured on the result at hand: numbers, signs,
a factor, a shift, an axis.
"""

import itertools
from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Shaped
from torch import Tensor

from tutorgpt.learn.check.comparing import close, number, same

FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "e to the power of the right one": torch.exp,
    "the logarithm of the right one": torch.log,
    "the square of the right one": torch.square,
    "the root of the right one": torch.sqrt,
    "1 divided by the right one": torch.reciprocal,
    "the size of the right one, without its sign": torch.abs,
    "1 minus the right one": lambda x: 1 - x,
}


def relation(
    got: Shaped[Tensor, "*axes"],
    expected: Shaped[Tensor, "*axes"],
    inputs: dict[str, Any] | None = None,
    axes: tuple[str, ...] = (),
) -> str | None:
    """How a wrong result is related to the right one, if it plainly is.

    inputs: what went in, by name: giving one of them back is a mistake.
    axes: names of the result's axes.
    """
    if got.dtype == torch.bool:
        return _boolean(got, expected)
    a, b = got.double(), expected.double()
    if a.numel() < 2:
        return None
    return (
        _one_of(a, inputs or {})
        or _constant_result(a, b)
        or _by_one_number(a, b, expected.is_floating_point())
        or _by_function(a, b)
        or (_in_other_places(a, b, axes) if a.numel() > 2 else None)
        or _by_slices(a, b, axes)
    )


def confined(
    got: Shaped[Tensor, "*axes"],
    expected: Shaped[Tensor, "*axes"],
    axes: tuple[str, ...] = (),
) -> str | None:
    """At which places along one axis the numbers are wrong, if at a few."""
    if got.dtype == torch.bool or got.numel() < 2:
        return None
    return _confined(close(got.double(), expected.double()), axes)


def _one_of(a: Tensor, inputs: dict[str, Any]) -> str | None:
    for name, given in inputs.items():
        if isinstance(given, Tensor) and same(a, given):
            return f"the result is {name.strip()} itself, unchanged"
    return None


def _constant_result(a: Tensor, b: Tensor) -> str | None:
    first = a.flatten()[0]
    if bool((a == first).all()) and not bool((b == b.flatten()[0]).all()):
        value = first.item()
        is_whole = value == round(value) if first.isfinite() else False
        return f"every number is {number(int(value) if is_whole else value)}"
    return None


def _by_one_number(a: Tensor, b: Tensor, measured: bool) -> str | None:
    """One sign, factor or gap for all numbers.

    measured: the numbers are not places or marks, whose sign means nothing.
    """
    if same(a, -b):
        return "every sign is flipped"
    # Where b is nearly 0 the quotient says nothing about the factor.
    factor = _constant(a / b, b.abs() > 1e-4)
    if factor is not None and same(a, factor * b):
        words = number(factor) if abs(factor - 1) > 0.01 else f"{factor:.6g}"
        return f"every number is {words} times the right one"
    gap = _constant(a - b, torch.ones_like(b, dtype=torch.bool))
    if gap is not None:
        much = "large" if gap > 0 else "small"
        return f"every number is {number(abs(gap))} too {much}"
    if (measured or bool((a.abs() > 1).any())) and same(a.abs(), b.abs()):
        wrong = int((~close(a, b)).sum())
        return f"{wrong} of {a.numel()} numbers have the wrong sign"
    return None


def _by_function(a: Tensor, b: Tensor) -> str | None:
    if not bool(b.isfinite().all()) or not bool((b != b.flatten()[0]).any()):
        return None
    for words, function in FUNCTIONS.items():
        should = function(b)
        if bool(should.isfinite().all()) and same(a, should):
            return f"every number is {words}"
    return None


def _in_other_places(
    a: Tensor, b: Tensor, axes: tuple[str, ...]
) -> str | None:
    """Axes exchanged, an axis turned round, shifted or shuffled."""
    for order in itertools.permutations(range(b.ndim)):
        turned = b.permute(order)
        if turned.shape == a.shape and same(a, turned):
            moved = [n for n, axis in enumerate(order) if n != axis]
            if not moved:
                continue
            if moved == [b.ndim - 2, b.ndim - 1]:
                return (
                    "it is the right result with the last two axes exchanged"
                )
            return f"it is the right result with its axes in the order {order}"
    if not same(a.flatten().sort()[0], b.flatten().sort()[0]):
        return _shifted(a, b, axes)
    for axis in range(b.ndim):
        name = _axis_name(axis, b.ndim, axes)
        if same(a, b.flip(axis)):
            return f"it is the right result in the opposite order of {name}"
        for step in (1, -1):
            if same(a, b.roll(step, axis)):
                return (
                    f"it is the right result, turned round by one {name} "
                    f"{'later' if step > 0 else 'earlier'}"
                )
        if _shuffled(a, b, axis):
            return f"it is the right result with each {name} in another place"
    return "the right numbers stand in the wrong places"


def _shifted(a: Tensor, b: Tensor, axes: tuple[str, ...]) -> str | None:
    """All but the edge, one place earlier or later along an axis."""
    for axis in range(b.ndim):
        size = b.shape[axis]
        if size < 3:
            continue
        name = _axis_name(axis, b.ndim, axes)
        start, end = (t.narrow(axis, 0, size - 1) for t in (a, b))
        late_a, late_b = (t.narrow(axis, 1, size - 1) for t in (a, b))
        for mine, right, words in (
            (late_a, end, "late"),
            (start, late_b, "early"),
        ):
            moved = bool((right != right.flatten()[0]).any())
            if moved and same(mine, right):
                return f"the right numbers stand one {name} too {words}"
    return None


def _shuffled(a: Tensor, b: Tensor, axis: int) -> bool:
    """Whether whole slices along an axis are in another order."""
    size = b.shape[axis]
    if not 1 < size <= 64:
        return False
    mine = a.movedim(axis, 0).reshape(size, -1)
    right = b.movedim(axis, 0).reshape(size, -1)
    free = set(range(size))
    for row in mine:
        found = next((n for n in free if same(row, right[n])), None)
        if found is None:
            return False
        free.remove(found)
    return right.shape[1] > 1 or size > 2


def _by_slices(a: Tensor, b: Tensor, axes: tuple[str, ...]) -> str | None:
    """One factor or gap for each slice along an axis."""
    for axis in reversed(range(b.ndim)):
        if b.shape[axis] < 3 or b.ndim < 2:
            continue
        mine = a.movedim(axis, -1).flatten(0, -2)
        right = b.movedim(axis, -1).flatten(0, -2)
        along = _axis_name(axis, b.ndim, axes)
        if not bool((~close(mine, right)).any(dim=1).all()):
            continue  # then it says more which rows they are
        gaps = mine - right
        if same(gaps, gaps[:, :1].expand_as(gaps)):
            return (
                "the differences from one "
                f"{along} to the next are right, and the numbers are not: "
                "each such row is off by one number of its own"
            )
        # Rows with the right proportions: compare after making them alike.
        big = right.abs().argmax(dim=1, keepdim=True)
        factor = mine.gather(1, big) / right.gather(1, big)
        if bool(factor.isfinite().all() and factor.all()) and same(
            mine, factor * right
        ):
            return (
                "the proportions from one "
                f"{along} to the next are right, and the numbers are not: "
                "each such row has a factor of its own"
            )
    return None


def _boolean(got: Tensor, expected: Tensor) -> str:
    """What is True that should not be, and the other way round."""
    if bool(got.all()) and not bool(expected.any()):
        return "every entry is True, and all should be False"
    if not bool(got.any()) and bool(expected.all()):
        return "every entry is False, and all should be True"
    if bool((got == ~expected).all()):
        return "every True should be False, and every False True"
    if got.ndim == 2 and len(got) > 2 and same(got.mT, expected):
        return "it is the right result transposed"
    wrong = got ^ expected
    parts = [
        f"{int(here.sum())} {is_now} should be {should}"
        for here, is_now, should in (
            (got & ~expected, "True", "False"),
            (~got & expected, "False", "True"),
        )
        if here.any()
    ]
    if got.ndim == 2 and got.shape[0] == got.shape[1] > 2:
        diagonal = torch.eye(len(got), dtype=torch.bool)
        if bool((wrong == diagonal).all()):
            parts.append("exactly those of the diagonal")
    return "; ".join(parts)


def _constant(values: Tensor, where: Tensor) -> float | None:
    """The one number that all values are, or None."""
    chosen = values[where]
    if chosen.numel() < 2 or not bool(chosen.isfinite().all()):
        return None
    middle = chosen.median()  # one of the values, whatever the others are
    if bool(((chosen - middle).abs() <= 1e-3 * middle.abs()).all()):
        return middle.item()
    return None


def _confined(right: Tensor, axes: tuple[str, ...]) -> str | None:
    """Whether the wrong numbers keep to some places along one axis."""
    for axis in range(right.ndim):
        size = right.shape[axis]
        # This axis first, all others as one: is everything right at a place?
        by_place = right.movedim(axis, 0).reshape(size, -1).all(dim=1)
        good = by_place.nonzero().flatten().tolist()
        bad = (~by_place).nonzero().flatten().tolist()
        if not good or len(good) == size:
            continue
        name = _axis_name(axis, right.ndim, axes)
        if len(good) <= len(bad):
            return f"right only at {name} {_listed(good)}"
        return f"wrong only at {name} {_listed(bad)}"
    return None


def _axis_name(axis: int, count: int, axes: tuple[str, ...]) -> str:
    if axes:
        return axes[axis]
    if count == 3:
        return ("batch row", "position", "channel")[axis]
    if count == 2:
        return ("row", "column")[axis]
    return "place" if count == 1 else f"place of axis {axis}"


def _listed(places: list[int]) -> str:
    if len(places) > 2 and places == list(range(places[0], places[-1] + 1)):
        return f"{places[0]} to {places[-1]}"
    more = ", ..." if len(places) > 6 else ""
    return ", ".join(map(str, places[:6])) + more
