"""The shapes for which parameters and operations are counted."""

import random
from collections.abc import Callable
from typing import Any

SHAPES = [
    (69, 32, 32, 3),
    (6148, 8, 32, 3),
    (65, 256, 384, 6),
    (5, 4, 8, 1),
    (13, 11, 6, 5),
]
"""V, T, C, L: the chapters' shape, SMALL, LARGE, a tiny one, and one whose
sizes share nothing."""
NAMES = ("character", "place", "channel", "layer", "sequence")


def any_shape(draw: random.Random) -> tuple[int, ...]:
    """V, T, C and L of any size from 1 on."""
    return tuple(draw.randint(1, most) for most in (300, 300, 400, 12))


def whole(attempt: Callable[..., Any], *sizes: int) -> Any:
    """A count; one that is computed with a decimal point is one as well."""
    found = attempt(*sizes)
    # As a tensor it would be rounded to seven digits.
    if isinstance(found, float) and found.is_integer():
        return int(found)
    return found


def growth(
    right: Callable[..., Any],
    again: Callable[..., Any],
    sizes: tuple[int, ...],
    unit: str,
) -> str | None:
    """What one more of something adds, where it is not what it should."""
    good, wrong = [], []
    for n, name in enumerate(NAMES[: len(sizes)]):
        more = list(sizes)
        more[n] += 1
        found = again(*more) - again(*sizes)
        should = right(*more) - right(*sizes)
        if found == should:
            good.append(name)
        elif name != "channel":  # in which nearly every mistake shows
            wrong.append(
                f"one {name} more adds {found:,.0f} {unit} instead of "
                f"{should:,.0f}"
            )
    if not wrong:
        return None
    says = "; ".join(wrong)
    if good:
        says += f"; right for one {' or '.join(good)} more"
    return says
