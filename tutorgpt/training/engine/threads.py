"""How many processor threads are the fastest."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

from tutorgpt.training.engine.choosing import fastest

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
    """1 or all of torch's threads, whichever makes the steps sooner."""

    def with_threads(threads: int) -> None:
        with thread_count(threads):
            step()

    return fastest(sorted({1, torch.get_num_threads()}), with_threads)
