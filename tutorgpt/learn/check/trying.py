"""Tries an answer on the cases of an exercise, for a limited time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor

from tutorgpt.learn.check import limits
from tutorgpt.learn.check.comparing import same
from tutorgpt.learn.check.exercise import Exercise, Wrong
from tutorgpt.learn.check.modules import try_module


@dataclass(frozen=True)
class Trial:
    """One case tried: the result, or the error that came instead."""

    args: tuple
    value: Any = None
    error: BaseException | None = None
    changed: bool = False

    def agrees(self, other: "Trial") -> bool:
        """Whether both came to the same, errors included."""
        if self.error or other.error:
            return (
                type(self.error) is type(other.error)
                and str(self.error) == str(other.error)
                # Two endless loops need not be the same mistake.
                and not isinstance(self.error, limits.TimeUpError)
            )
        return self.changed == other.changed and same(self.value, other.value)


def try_all(exercise: Exercise, attempt: Any) -> list[Trial]:
    """Run an attempt on every case, until one runs out of time."""
    trials = []
    assert exercise.cases is not None
    for args in exercise.cases():
        trials.append(try_once(exercise, attempt, args))
        if isinstance(trials[-1].error, limits.TimeUpError):
            break  # the next case would take as long again
    return trials


@cache
def try_reference(exercise: Exercise) -> list[Trial]:
    """What the solution gives on every case.

    Cached, as try_mutant is: a check compares with the solution and with
    every known mistake, and none of them changes from one check to the next.
    An exercise is frozen, so it can be the key.
    """
    return try_all(exercise, exercise.reference())


@cache
def try_mutant(exercise: Exercise, wrong: Wrong) -> list[Trial]:
    """What a wrong version gives on every case."""
    return try_all(exercise, exercise.mutant(wrong))


def try_once(exercise: Exercise, attempt: Any, args: tuple) -> Trial:
    """Run an attempt once, on a copy of the arguments.

    The cases' own arguments stay as they are, so that a result can be
    compared and an input that was written into can be noticed.
    """
    given = tuple(_copy(arg) for arg in args)
    with _kept_random_state():
        try:
            value = limits.within_time(
                lambda: run(exercise, attempt, given), limits.SECONDS
            )
        except limits.TimeUpError as error:
            return Trial(args, error=error)
        except Exception as error:
            return Trial(args, error=error)
    changed = any(
        isinstance(arg, Tensor) and not same(arg, given[n])
        for n, arg in enumerate(args)
    )
    return Trial(args, value, changed=changed)


def run(exercise: Exercise, attempt: Any, args: tuple) -> Any:
    """Call an attempt with the arguments of a case, as its kind wants it."""
    if exercise.is_module:
        return try_module(attempt, exercise.reference(), *args)
    return exercise.run(attempt, *args)


def _copy(arg: Any) -> Any:
    return arg.clone() if isinstance(arg, Tensor) else arg


@contextmanager
def _kept_random_state() -> Iterator[None]:
    """The same random numbers at every trial, and the learner's own after."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def repeats(exercise: Exercise, attempt: Any, first: Trial) -> bool:
    """Whether the first case comes out the same with another seed."""

    def again() -> Any:
        torch.manual_seed(1)
        return run(exercise, attempt, tuple(map(_copy, first.args)))

    with torch.random.fork_rng(devices=[]):
        try:
            value = limits.within_time(again, limits.SECONDS)
        except (Exception, limits.TimeUpError):
            return False
    return same(value, first.value)
