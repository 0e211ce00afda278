"""Tries an answer, compares it, and finds the words for what is wrong."""

import math
from types import FunctionType
from typing import Any

import torch
from jaxtyping import Shaped
from torch import Tensor

from tutorgpt.learn.check import limits
from tutorgpt.learn.check.closed_room import closed_room
from tutorgpt.learn.check.comparing import (
    close,
    number,
    only_rounded,
    same,
    shape_of,
    wrong_shape,
)
from tutorgpt.learn.check.exercise import (
    ComplaintError,
    Exercise,
    Property,
    Standard,
    text_of,
)
from tutorgpt.learn.check.known import WRITTEN_OVER, known_mistakes
from tutorgpt.learn.check.likeness import confined, relation
from tutorgpt.learn.check.numbers import examine_number
from tutorgpt.learn.check.one_check import OneCheck, one_check
from tutorgpt.learn.check.patterns import pattern
from tutorgpt.learn.check.trying import (
    Trial,
    repeats,
    try_all,
    try_once,
    try_reference,
)
from tutorgpt.learn.check.verdict import UNTOUCHED, Verdict, not_yet
from tutorgpt.learn.check.which_cases import set_apart
from tutorgpt.learn.check.words import (
    about_error,
    facts,
    inputs,
    names_of,
    one_line,
)

RANDOM = "two calls with the same input give different results"
RANDOM_ADVICE = (
    "Something random is switched on: dropout, or numbers that are drawn anew "
    "at each call."
)


def examine(exercise: Standard, answer: Any) -> Verdict:
    """Try an answer and find the words for it; never raises its errors."""
    # The solution and the known mistakes run for the first time in here too.
    with closed_room(), one_check() as check:
        return _examine(exercise, answer, check)


def _examine(exercise: Standard, answer: Any, check: OneCheck) -> Verdict:
    if is_untouched(answer):
        return UNTOUCHED
    if isinstance(exercise, Exercise) and exercise.cases is None:
        return examine_number(exercise, answer)
    if not callable(answer):
        return not_yet(
            "not a function",
            f"{exercise.target} itself is wanted, and this is "
            f"{shape_of(answer)}: pass its name, without parentheses",
        )
    trials = try_all(exercise, answer)
    if any(trial.value is ... for trial in trials):
        return UNTOUCHED
    good = try_reference(exercise)
    for trial, right in zip(trials, good, strict=False):
        if isinstance(trial.error, limits.AllTimeUpError):
            return too_slow(exercise, trial, check)
        if not trial.agrees(right):
            return explain(exercise, answer, trials, trial, right)
    if not repeats(exercise, answer, trials[0]):
        return not_yet("property", RANDOM, RANDOM_ADVICE)
    kinds = len({tuple(map(shape_of, trial.args)) for trial in trials})
    inputs = "1 kind of input" if kinds == 1 else f"{kinds} different inputs"
    return Verdict("passed", f"passes these {len(trials)} checks ({inputs})")


def is_untouched(answer: Any) -> bool:
    """Whether an answer is still the starter's `...`, or an empty body."""
    if answer is ...:
        return True
    # A body of `pass` compiles to the instructions of `lambda: None`, whatever
    # the function is called and takes.
    code = answer.__code__ if isinstance(answer, FunctionType) else None
    return code is not None and code.co_code == (lambda: None).__code__.co_code


def too_slow(exercise: Standard, trial: Trial, check: OneCheck) -> Verdict:
    """An answer whose calls took too long together, each by itself not."""
    return not_yet(
        "time",
        f"{check.calls} calls of it took {limits.TOGETHER:.0f} seconds, and "
        "the check was ended",
        inputs(exercise, trial),
        "Look for a loop over single numbers where torch computes with a "
        "whole tensor at once.",
    )


def explain(
    exercise: Standard,
    answer: Any,
    trials: list[Trial],
    trial: Trial,
    right: Trial,
) -> Verdict:
    """The most telling words for the first case that went wrong.

    From the most certain to the vaguest: out of time, a mistake from the
    catalogue, an error, nothing given back, a property of the result.
    """
    if isinstance(trial.error, limits.TimeUpError):
        return not_yet(
            "time",
            f"it did not finish within {limits.SECONDS:.0f} seconds and was "
            "stopped",
            inputs(exercise, trial),
            "Look for a loop whose condition never becomes false.",
        )
    known = known_mistakes(exercise, trials)
    if known is not None:
        return not_yet(
            "named",
            known.says,
            *facts(exercise, trial, right),
            *known.lines,
        )
    if trial.error is not None:
        return about_failure(exercise, trial, trial.error)
    if trial.value is None:
        return not_yet(
            "nothing",
            f"{exercise.target} gives back None",
            inputs(exercise, trial),
            "Is there a `return` at its end?",
        )
    return about_result(exercise, answer, trials, trial, right)


def about_failure(
    exercise: Standard, trial: Trial, error: BaseException
) -> Verdict:
    """An exception that no known mistake raises."""
    given = inputs(exercise, trial)
    if isinstance(error, ComplaintError):
        return not_yet("property", text_of(error), error.detail, given)
    if isinstance(error, SystemExit | GeneratorExit):
        return not_yet(
            "error",
            f"it stops with {type(error).__name__}, which ends a program",
            *about_error(error),
            given,
            "A function gives its result back with `return`.",
        )
    return not_yet(
        "error",
        f"it stops with {one_line(error)}",
        *about_error(error),
        given,
    )


def about_result(
    exercise: Standard,
    answer: Any,
    trials: list[Trial],
    trial: Trial,
    right: Trial,
) -> Verdict:
    """A result that is wrong in a way that is not in the catalogue.

    From what must be mended first: the kind, the shape, nan, the numbers.
    """
    given = inputs(exercise, trial)
    got, expected = trial.tensor, right.tensor
    assert expected is not None
    if got is None or got.is_complex():
        return not_yet(
            "shape",
            f"the result is {shape_of(trial.value)}, where "
            f"{shape_of(right.value)} is expected",
            given,
        )
    if got.shape != expected.shape:
        return not_yet(
            "shape",
            f"the result has the shape {tuple(got.shape)} instead of "
            f"{tuple(expected.shape)}: {wrong_shape(got, expected)}",
            given,
        )
    if bool((got.isnan() & ~expected.isnan()).any()):
        place = (got.isnan() & ~expected.isnan()).nonzero()[0].tolist()
        where = f", first at {place}" if place else ""
        return not_yet(
            "nan",
            f'there is nan, "not a number", in the result{where}',
            given,
            "It comes from 0 / 0, from inf - inf, from the root or the "
            "logarithm of a negative number, or from a softmax over nothing "
            "but -inf.",
        )
    if only_rounded(got, expected):
        return not_yet(
            "property",
            f"the numbers are right as far as {got.dtype} can hold them, and "
            f"{expected.dtype} is expected",
            given,
        )
    says = broken_rules(exercise, answer, trials, trial, right)
    advice = RANDOM_ADVICE if says.endswith(RANDOM) else ""
    also = WRITTEN_OVER if trial.changed and not same(got, expected) else ""
    return not_yet(
        "property", says, *facts(exercise, trial, right), advice, also
    )


def broken_rules(
    exercise: Standard,
    answer: Any,
    trials: list[Trial],
    trial: Trial,
    right: Trial,
) -> str:
    """Every rule of the exercise that is broken, and a relation."""
    got, expected = trial.tensor, right.tensor
    assert got is not None
    assert expected is not None
    if (got.dtype == torch.bool) != (expected.dtype == torch.bool):
        kind = "True and False" if expected.dtype == torch.bool else "numbers"
        return f"the result should hold {kind}"
    if trial.changed and same(got, expected):
        return (
            "the result is right, but the input was changed on the way: an "
            "operation such as += or one that ends in _ writes into it"
        )

    # Rules may ask the answer about other inputs than the cases: more of a
    # text, a silent part, twice as many channels.
    def again(*args: Any) -> Any:
        tried = try_once(exercise, answer, args)
        if isinstance(tried.error, limits.TimeUpError):
            raise tried.error
        if isinstance(tried.value, Tensor) or tried.tensor is None:
            return tried.value
        return tried.tensor

    found = [_apply(rule, again, trial, right) for rule in exercise.rules]
    if not repeats(exercise, answer, trial):
        # Then what it is like is chance.
        found.append(RANDOM)
    elif expected.ndim == 0:
        found.append(about_numbers(exercise, trials))
    elif not exercise.parts:
        found.append(
            in_all_cases(exercise, trials)
            or confined(got, expected, exercise.axes)
        )
    words = [says for says in found if says]
    if words:
        return "; ".join(words)
    return which_cases(exercise, trials) or how_far(got, expected)


def which_cases(exercise: Standard, trials: list[Trial]) -> str | None:
    """How many cases come out right, and which, if that can be told."""
    kinds: dict[bool, list[tuple]] = {True: [], False: []}
    for trial, right in zip(trials, try_reference(exercise), strict=False):
        kinds[trial.agrees(right)].append(trial.args)
    good, bad = kinds[True], kinds[False]
    if not good:
        return None
    says = f"{len(good)} of {len(trials)} cases come out right"
    where = set_apart(names_of(exercise), good, bad)
    if where is not None:
        return f"{says}: {where}"
    return f"{says}, and the one below does not"


def in_all_cases(exercise: Standard, trials: list[Trial]) -> str | None:
    """How the results are related to the right ones, in every wrong case.

    What holds in one case only may be a coincidence of its numbers.
    """
    found: list[str | None] = []
    says_nothing = False
    for trial, right in zip(trials, try_reference(exercise), strict=False):
        got, expected = trial.tensor, right.tensor
        if trial.agrees(right):
            continue
        if got is None or expected is None or got.shape != expected.shape:
            return None
        if found and got.numel() == 1:  # it is like anything
            says_nothing = True
            continue
        if got.dtype == torch.bool:  # counts of the case that is shown
            return relation(got, expected)
        if got.is_complex():
            return None
        given = dict(zip(names_of(exercise), trial.args, strict=False))
        inputs = {} if exercise.is_module else given
        found.append(relation(got, expected, inputs, exercise.axes))
    if len(set(found)) == 1:
        if says_nothing and found[0]:
            return f"in the case below {found[0]}"
        return found[0]
    # One factor or gap in each case, and another one in each.
    if all(says and says.startswith("every number is") for says in found):
        return f"in the case below {found[0]}"
    return None


def how_far(
    got: Shaped[Tensor, "*axes"], expected: Shaped[Tensor, "*axes"]
) -> str:
    """The last resort: how many numbers agree, and how far the others are."""
    right = close(got, expected)
    gap = (got.double() - expected.double()).abs().max().item()
    if got.numel() == 1:
        return f"the number is off by {number(gap)}"
    return (
        f"{int(right.sum())} of {right.numel()} numbers are right, and the "
        f"others are off by up to {number(gap)}"
    )


def about_numbers(exercise: Standard, trials: list[Trial]) -> str | None:
    """What single numbers have in common in all cases, if all came out."""
    pairs = [
        (trial.tensor, right.tensor, trial.args)
        for trial, right in zip(trials, try_reference(exercise), strict=False)
    ]
    numbers = [
        (float(got), float(expected), args)
        for got, expected, args in pairs
        if got is not None
        and got.numel() == 1
        and not got.is_complex()
        and expected is not None
    ]
    if len(numbers) < len(try_reference(exercise)):
        return None  # "in every case" would not be so
    if not all(math.isfinite(n) for pair in numbers for n in pair[:2]):
        return None
    found, wanted, args = map(list, zip(*numbers, strict=True))
    return pattern(found, wanted, names_of(exercise), args)


def _apply(
    rule: Property, again: Any, trial: Trial, right: Trial
) -> str | None:
    """What a rule says; nothing where it does not fit such a result."""
    # A rule is written for results that are nearly right. One of any other
    # shape may make it fail, and then it has nothing to say.
    try:
        with closed_room():
            return rule(again, trial.args, right.value)
    except (Exception, limits.TimeUpError):
        return None
