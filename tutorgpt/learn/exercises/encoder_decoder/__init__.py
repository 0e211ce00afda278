"""The exercises of chapter 9, one a file."""

from typing import Any

ROOM = 1e-4
FLOOR = 1e-3


def gap(one: Any, other: Any) -> float:
    """How far two tensors of numbers are apart, relative to their size.

    A learner's answer may be huge or tiny, so nothing absolute would do.
    """
    size = max(one.abs().max().item(), other.abs().max().item(), FLOOR)
    return (one - other).abs().max().item() / size


def moves(one: Any, other: Any) -> bool:
    """Whether two results differ by more than rounding."""
    return gap(one, other) > ROOM
