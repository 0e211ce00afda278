"""The exercises of chapter 9, one a file."""

import math
from typing import Any

import torch

ROOM = 1e-4
FLOOR = 1e-3
"""Below it a size counts as this: what cancels leaves only rounding."""


def gap(one: Any, other: Any) -> float:
    """How far two tensors of numbers are apart, relative to their size.

    A learner's answer may be huge or tiny, so nothing absolute would do.
    """
    one, other = one.double(), other.double()
    unlike = (one != other) & ~(one.isnan() & other.isnan())
    if not unlike.any():
        return 0.0
    far = (one - other)[unlike].abs().max().item()
    if not math.isfinite(far):
        return math.inf
    sizes = torch.stack([one, other]).abs()
    return far / max(sizes[sizes.isfinite()].max().item(), FLOOR)


def moves(one: Any, other: Any) -> bool:
    """Whether two results differ by more than rounding."""
    return gap(one, other) > ROOM
