"""How many processor threads are the fastest, found by trying."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

TIMED_STEPS = 3
MOST = 1024
"""Threads beyond which some system ends the process instead of making them;
no processor gains from so many."""


def check_threads(wanted: int | str | None) -> None:
    """Refuse more threads than can be made."""
    if isinstance(wanted, int) and wanted > MOST:
        raise ValueError(
            f'threads is {wanted}: choose at most {MOST}, or "auto" to try '
            "one and all"
        )


@contextmanager
def thread_count(wanted: int | None) -> Iterator[None]:
    """Compute with this many threads inside; None leaves torch's choice."""
    if wanted is None:
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(wanted)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def fastest_threads(step: Callable[[], object]) -> int:
    """1 or all of torch's threads, whichever makes the steps sooner.

    Small models lose more by handing work between threads than they gain.
    """
    every = torch.get_num_threads()
    if every == 1:
        return 1
    return min((1, every), key=lambda threads: _seconds(step, threads))


def _seconds(step: Callable[[], object], threads: int) -> float:
    """The best of a few tries, after one to warm up."""
    with thread_count(threads):
        step()
        tries = []
        for _ in range(TIMED_STEPS):
            start = time.perf_counter()
            step()
            tries.append(time.perf_counter() - start)
    return min(tries)
