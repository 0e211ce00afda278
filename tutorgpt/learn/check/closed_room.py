"""A check is a closed room: nothing of the learner's settings gets in.

What a notebook has set before, a default dtype or device, no gradients, a
seed, would otherwise reach the solution and every known mistake, and what a
learner's answer sets would stay set after the check.
"""

import random
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch


@dataclass(frozen=True)
class Setting:
    """Something that a notebook or an answer may set for all that follows.

    read: what it is now; None where that cannot be asked.
    write: sets it.
    inside: what it is in the room.
    """

    read: Callable[[], Any]
    write: Callable[[Any], Any]
    inside: Any


def _matmul_precision() -> str | None:
    """How exact products of float32 are; None where it cannot be asked."""
    try:
        return torch.get_float32_matmul_precision()
    except RuntimeError:
        return None  # set for each kind of device, by another road


def _set_device(device: torch.device) -> None:
    # The processor is the default of the default; naming it would cost time
    # at every call of torch.
    torch.set_default_device(None if device.type == "cpu" else device)


SETTINGS = (
    Setting(torch.get_default_device, _set_device, torch.device("cpu")),
    Setting(torch.get_default_dtype, torch.set_default_dtype, torch.float32),
    Setting(_matmul_precision, torch.set_float32_matmul_precision, "highest"),
    Setting(torch.get_num_threads, torch.set_num_threads, 1),
    Setting(
        lambda: (
            torch.are_deterministic_algorithms_enabled(),
            torch.is_deterministic_algorithms_warn_only_enabled(),
        ),
        lambda on: torch.use_deterministic_algorithms(on[0], warn_only=on[1]),
        (False, False),
    ),
    Setting(
        lambda: (
            torch.is_anomaly_enabled(),
            torch.is_anomaly_check_nan_enabled(),
        ),
        lambda on: torch.autograd.set_detect_anomaly(*on),
        (False, True),
    ),
    Setting(
        np.geterr,
        lambda how: np.seterr(**how),
        {
            "divide": "warn",
            "over": "warn",
            "under": "ignore",
            "invalid": "warn",
        },
    ),
)


@contextmanager
def closed_room(seed: int = 0) -> Iterator[None]:
    """Fixed settings and random numbers inside, the learner's own after.

    Inside: float32, the CPU, gradients recorded, no inference mode, no
    autocast, exact float32 products, one thread, no search for anomalies,
    silent warnings, and the random numbers of torch, numpy and Python from
    one seed.
    """
    kept = [setting.read() for setting in SETTINGS]
    numbers = _random_numbers()
    try:
        _set_all([setting.inside for setting in SETTINGS], known=kept)
        with ExitStack() as doors:
            enter = doors.enter_context
            enter(torch.inference_mode(False))
            enter(torch.enable_grad())
            enter(torch.autocast("cpu", enabled=False))
            enter(warnings.catch_warnings())
            if torch.get_default_device().type != "cpu":
                # Not set, but a `with torch.device(...)` around the check.
                enter(torch.device("cpu"))
            warnings.simplefilter("ignore")
            _set_random_numbers(_seeded(seed))
            yield
    finally:
        _set_random_numbers(numbers)
        _set_all(kept, known=kept)


def _set_all(values: list[Any], known: list[Any]) -> None:
    """Set what is something else now; nothing that could not be asked."""
    for setting, value, asked in zip(SETTINGS, values, known, strict=True):
        if asked is not None and setting.read() != value:
            setting.write(value)


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
