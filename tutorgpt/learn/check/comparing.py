"""Compares a learner's result with the expected one.

A result is a tensor or a number. Nothing here knows any exercise.
"""

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import torch
from jaxtyping import Shaped
from torch import Tensor

CLOSE = {"rtol": 1e-4, "atol": 1e-5}
"""Room for sums in another order; a wrong formula misses by far more."""
LOW = {torch.bfloat16: 2**-7, torch.float16: 2**-10}
"""Types with few digits, and their relative rounding, doubled."""


def as_tensor(value: Any) -> Tensor | None:
    """The value's numbers, if it is a tensor, array, number or a list.

    A plain tensor on the CPU, whatever layout or subclass it came in; None
    for one that holds no numbers, as on the meta device.
    """
    if isinstance(value, Tensor):
        return _plain(value)
    if isinstance(value, str | bytes | dict | type) or value is None:
        return None
    try:
        if isinstance(value, Decimal | Fraction):
            value = float(value)
        tensor = torch.as_tensor(value)
        # Python's own numbers have more digits than float32.
        if tensor.is_floating_point() and not hasattr(value, "dtype"):
            tensor = torch.as_tensor(value, dtype=torch.float64)
        return tensor
    except Exception:  # whatever a stranger's object may raise
        return None


def _plain(tensor: Tensor) -> Tensor | None:
    # A subclass may answer every function in its own way.
    with torch._C.DisableTorchFunctionSubclass():
        if tensor.is_meta or tensor.is_nested:
            return None
        tensor = tensor.detach()
        if tensor.layout != torch.strided:
            tensor = tensor.to_dense()
        if tensor.is_quantized:
            tensor = tensor.dequantize()
        return tensor.cpu().resolve_conj().resolve_neg().as_subclass(Tensor)


def same(got: Any, expected: Any) -> bool:
    """Whether two results are equal, to rounding."""
    a, b = as_tensor(got), as_tensor(expected)
    if a is None or b is None or a.shape != b.shape:
        return False
    if (a.dtype == torch.bool) != (b.dtype == torch.bool):
        return False
    if a.is_complex() or b.is_complex():
        return a.dtype == b.dtype and bool((a == b).all())
    return bool(close(a, b).all())


def close(
    a: Shaped[Tensor, "*axes"], b: Shaped[Tensor, "*axes"]
) -> Shaped[Tensor, "*axes"]:
    """Where two tensors of one shape are equal; counts have no rounding."""
    if not b.is_floating_point():
        return a.double() == b.double()
    return torch.isclose(a.double(), b.double(), equal_nan=True, **CLOSE)


def only_rounded(
    got: Shaped[Tensor, "*axes"], expected: Shaped[Tensor, "*axes"]
) -> bool:
    """Whether a result is right as far as its few digits go."""
    room = LOW.get(got.dtype)
    return room is not None and torch.allclose(
        got.double(), expected.double(), rtol=room, atol=room, equal_nan=True
    )


def shape_of(value: Any) -> str:
    """A result in a few words: its shape, or the number itself."""
    if isinstance(value, Tensor):
        return _shape_of_tensor(value)
    if isinstance(value, bool | int | float):
        return number(value)
    if isinstance(value, complex):
        return f"the complex number {value:.3g}"
    if isinstance(value, tuple) and all(isinstance(n, int) for n in value):
        return str(value)
    if isinstance(value, list | tuple) and value:
        return (
            f"a {type(value).__name__} of {len(value)} x {shape_of(value[0])}"
        )
    return type(value).__name__


def _shape_of_tensor(tensor: Tensor) -> str:
    plain = as_tensor(tensor)
    if plain is None:
        if tensor.is_nested:
            return "a nested tensor, whose rows have lengths of their own"
        return (
            f"a tensor {tuple(tensor.shape)} on the {tensor.device.type} "
            "device, which holds no numbers"
        )
    kind = " of complex numbers" if plain.is_complex() else ""
    if plain.ndim or kind:
        return f"{tuple(plain.shape)}{kind}"
    return number(plain.item())


def number(value: float) -> str:
    """A number, short enough to read."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        if abs(value) < 10**15:
            return f"{value:,}"
        digits = int(value.bit_length() * math.log10(2)) + 1
        return f"a number of about {digits:,} digits"
    if 1e3 <= abs(value) < 1e12 and value == round(value):
        return f"{value:,.0f}"
    if math.isfinite(value) and abs(value) >= 1e5:
        return f"{value:.3e}"
    if value and math.isfinite(value) and abs(value) < 1e-3:
        return f"{value:.2e}"
    return f"{value:.3f}"


def apart(a: float, b: float) -> tuple[str, str]:
    """Two numbers, with as many digits as it takes to tell them apart."""
    one, other = number(a), number(b)
    for digits in range(4, 10):
        if one != other or a == b:
            break
        one, other = f"{a:.{digits}g}", f"{b:.{digits}g}"
    return one, other


def first_difference(
    got: Shaped[Tensor, "*axes"],
    expected: Shaped[Tensor, "*axes"],
    parts: tuple[str, ...] = (),
) -> str:
    """Where two results of one shape differ first, with both numbers.

    parts: names of the entries, where a result is a row of several things.
    """
    wrong = ~close(got, expected)
    place = wrong.nonzero()[0].tolist()
    a, b = apart(got[tuple(place)].item(), expected[tuple(place)].item())
    both = f"{a} instead of {b}"
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
    if [n for n in a if n != 1] == [n for n in b if n != 1]:
        return "an axis of length 1 is too many, too few, or elsewhere"
    if len(a) != len(b):
        more = "more axes" if len(a) > len(b) else "fewer axes"
        return f"it has {more} than expected ({len(a)}, not {len(b)})"
    if sorted(a) == sorted(b):
        moved = sum(i != j for i, j in zip(a, b, strict=True))
        what = "two are exchanged" if moved == 2 else f"{moved} have moved"
        return f"it has the right sizes on the wrong axes: {what}"
    places = [n for n, (i, j) in enumerate(zip(a, b, strict=True)) if i != j]
    return "; ".join(
        f"axis {n} has {a[n]} entries, expected {b[n]}" for n in places
    )
