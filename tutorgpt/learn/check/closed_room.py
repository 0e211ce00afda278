"""A check is a closed room: nothing of the learner's settings gets in.

What a notebook has set before, a default dtype or device, no gradients, a
seed, would otherwise reach the solution and every known mistake, and what a
learner's answer sets would stay set after the check.
"""

import random
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

import numpy as np
import torch


@contextmanager
def closed_room(seed: int = 0) -> Iterator[None]:
    """Fixed settings and random numbers inside, the learner's own after.

    Inside: float32, the CPU, gradients recorded, no inference mode, no
    autocast, exact float32 products, one thread, silent warnings, and the
    random numbers of torch, numpy and Python from one seed.
    """
    dtype, threads = torch.get_default_dtype(), torch.get_num_threads()
    precision = _matmul_precision()
    numbers = _random_numbers()
    with ExitStack() as doors:
        enter = doors.enter_context
        enter(torch.inference_mode(False))
        enter(torch.enable_grad())
        enter(torch.autocast("cpu", enabled=False))
        enter(warnings.catch_warnings())
        # A device's context costs time at every call of torch, so it is
        # entered only against another one.
        if torch.get_default_device().type != "cpu":
            enter(torch.device("cpu"))
        try:
            warnings.simplefilter("ignore")
            torch.set_default_dtype(torch.float32)
            if precision:
                torch.set_float32_matmul_precision("highest")
            torch.set_num_threads(1)
            _set_random_numbers(_seeded(seed))
            yield
        finally:
            _set_random_numbers(numbers)
            torch.set_num_threads(threads)
            if precision:
                torch.set_float32_matmul_precision(precision)
            torch.set_default_dtype(dtype)


def _matmul_precision() -> str | None:
    """How exact products of float32 are; None where it cannot be asked."""
    try:
        return torch.get_float32_matmul_precision()
    except RuntimeError:
        return None  # set for each kind of device, by another road


def _random_numbers() -> tuple[Any, Any, Any]:
    """Where the three generators that a learner may use stand."""
    return (
        torch.default_generator.get_state(),
        np.random.get_state(),
        random.getstate(),
    )


def _set_random_numbers(states: tuple[Any, Any, Any]) -> None:
    # torch.manual_seed would ask every kind of device, at a third of a
    # millisecond a time; all of a check is on the CPU.
    torch.default_generator.set_state(states[0])
    np.random.set_state(states[1])
    random.setstate(states[2])


@cache
def _seeded(seed: int) -> tuple[Any, Any, Any]:
    """Where the generators stand after this seed."""
    before = _random_numbers()
    torch.default_generator.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)
    after = _random_numbers()
    _set_random_numbers(before)
    return after
