"""Tries an answer on the cases of an exercise, for a limited time."""

import copy
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from tutorgpt.learn.check import limits
from tutorgpt.learn.check.closed_room import closed_room
from tutorgpt.learn.check.comparing import as_tensor, same
from tutorgpt.learn.check.exercise import Standard, Wrong, call, text_of
from tutorgpt.learn.check.modules import try_module
from tutorgpt.learn.check.one_check import heard_once, one_call


@dataclass(frozen=True)
class Trial:
    """One case tried: the result, or the error that came instead.

    tensor: the result's numbers as they were then, if it holds numbers.
    changed: whether an argument was written into.
    """

    args: tuple
    value: Any = None
    tensor: Tensor | None = None
    error: BaseException | None = None
    changed: bool = False

    def agrees(self, other: "Trial") -> bool:
        """Whether both came to the same, errors included."""
        if self.error or other.error:
            return (
                type(self.error) is type(other.error)
                and text_of(self.error) == text_of(other.error)
                and same_result(self.error, other.error)
                # Two endless loops need not be the same mistake.
                and not isinstance(self.error, limits.TimeUpError)
            )
        return self.changed == other.changed and same(
            self.tensor, other.tensor
        )


def same_result(one: Any, other: Any) -> bool:
    """Whether the same came out although two errors complain of something."""
    a, b = getattr(one, "result", None), getattr(other, "result", None)
    return (a is None and b is None) or same(a, b)


def try_all(
    exercise: Standard, attempt: Any, ours: bool = False
) -> list[Trial]:
    """Run an attempt on every case, until one runs out of time.

    ours: it is the solution or a known mistake, and may take longer.
    """
    trials = []
    assert exercise.cases is not None
    with closed_room():
        cases = exercise.cases()
    for args in cases:
        trials.append(try_once(exercise, attempt, args, ours=ours))
        if isinstance(trials[-1].error, limits.TimeUpError):
            break  # the next case would take as long again
    return trials


@cache
def try_reference(exercise: Standard) -> list[Trial]:
    """What the solution gives on every case.

    Cached, as try_mutant is: a check compares with the solution and with
    every known mistake, and none of them changes from one check to the next.
    An exercise is frozen, so it can be the key.
    """
    return try_all(exercise, exercise.reference(), ours=True)


@cache
def try_mutant(exercise: Standard, wrong: Wrong, case: int) -> Trial:
    """What a wrong version gives on one case, by its number.

    One at a time: most wrong versions differ from an answer on the first.
    """
    args = try_reference(exercise)[case].args
    return try_once(exercise, exercise.mutant(wrong), args, ours=True)


def try_once(
    exercise: Standard,
    attempt: Any,
    args: tuple,
    seed: int = 0,
    ours: bool = False,
) -> Trial:
    """Run an attempt once, in a closed room, on a copy of the arguments.

    The cases' own arguments stay as they are, so that a result can be
    compared and an input that was written into can be noticed.
    """

    def work() -> tuple[Any, Tensor | None, bool]:
        # Inside the limit: what was given back may be anything, and asking
        # it for its numbers may take for ever, or raise.
        given = copied(args)
        value = run(exercise, attempt, given, ours)
        tensor = as_tensor(value)
        # A snapshot: a later call may write into what this one gave.
        tensor = None if tensor is None else tensor.clone()
        return value, tensor, not alike(args, given)

    try:
        # The room around the limit: nothing interrupts its doors.
        with (
            closed_room(seed),
            nullcontext(limits.OURS) if ours else one_call() as seconds,
        ):
            value, tensor, changed = limits.within_time(work, seconds)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # sys.exit() is no end of the kernel
        return Trial(args, error=error)
    return Trial(args, value, tensor, changed=changed)


def run(
    exercise: Standard, attempt: Any, args: tuple, ours: bool = False
) -> Any:
    """Call an attempt with the arguments of a case, as its kind wants it.

    A module's own way to be tried ends in try_module too, which hears it
    once.
    """
    if exercise.is_module and exercise.run is call:
        return try_module(attempt, exercise.reference(), *args, ours=ours)
    is_heard = ours or exercise.is_module
    return exercise.run(attempt if is_heard else heard_once(attempt), *args)


def copied(thing: Any) -> Any:
    """A copy that shares nothing that can be written into."""
    if isinstance(thing, Tensor):
        return thing.detach().clone().requires_grad_(thing.requires_grad)
    if isinstance(thing, torch.Generator):
        return thing.clone_state()
    if isinstance(thing, list | set):
        return type(thing)(map(copied, thing))
    if isinstance(thing, tuple):
        parts = map(copied, thing)
        # A named tuple takes its parts one by one.
        return type(thing)(*parts) if hasattr(thing, "_fields") else (*parts,)
    if isinstance(thing, dict):
        return {key: copied(value) for key, value in thing.items()}
    return copy.deepcopy(thing)


def alike(one: Any, other: Any) -> bool:
    """Whether an argument and its copy still hold the same."""
    if isinstance(one, Tensor):
        return isinstance(other, Tensor) and same(one, other)
    if isinstance(one, torch.Generator):
        return True  # whoever draws moves it on
    if isinstance(one, nn.Module):
        a, b = one.state_dict(), other.state_dict()
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(
            alike(one[key], other[key]) for key in one
        )
    return not isinstance(one, int | float | str | set) or one == other


def repeats(exercise: Standard, attempt: Any, first: Trial) -> bool:
    """Whether the first case comes out the same with another seed.

    As far as can be told: no more is known where the time is up.
    """
    again = try_once(exercise, attempt, first.args, seed=1)
    if isinstance(again.error, limits.TimeUpError):
        return True
    return again.error is None and same(again.tensor, first.tensor)
