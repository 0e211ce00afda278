"""Which of several ways to compute a step is the fastest: found by trying.

What pays differs between processors and shapes, and nobody can know it
beforehand: small models lose more by handing work between threads than they
gain, and numbers of sixteen bits are slower than float32 on many processors.
"""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

TRIES = 4
LONG = 1.0
"""Seconds after which a way has been tried enough."""
GAIN = 0.95
"""The share of the first way's time that another one must stay below."""

Way = TypeVar("Way")


def fastest(ways: Sequence[Way], step: Callable[[Way], object]) -> Way:
    """The way that makes a step soonest, the first unless one is better.

    The ways take turns, so that whatever else the machine does hits all of
    them; of each its best try counts, so that the first, in which memory is
    fetched and code is loaded, does not. A way that fails in its first try
    (ArithmeticError, RuntimeError, TypeError) is left out, but not the first
    one's.
    """
    if len(ways) == 1:
        return ways[0]
    tries: dict[int, list[float]] = {n: [] for n in range(len(ways))}
    for _ in range(TRIES):
        for n, taken in list(tries.items()):
            if sum(taken) > LONG:
                continue
            start = time.perf_counter()
            try:
                step(ways[n])
            except (ArithmeticError, RuntimeError, TypeError):
                if n == 0:
                    raise
                del tries[n]
            else:
                taken.append(time.perf_counter() - start)
    best = {n: min(taken) for n, taken in tries.items()}
    found = min(best, key=lambda n: best[n])
    return ways[found if best[found] < GAIN * best[0] else 0]
