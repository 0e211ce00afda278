"""Judges an answer that is one number, without giving the right one away."""

import math
from typing import Any

from tutorgpt.learn.check.comparing import as_tensor, number, shape_of
from tutorgpt.learn.check.exercise import Exercise
from tutorgpt.learn.check.verdict import Verdict, not_yet


def examine_number(exercise: Exercise, answer: Any) -> Verdict:
    """Compare one number with the expected one and the known wrong ones."""
    expected = float(exercise.reference())
    if answer is None:
        return not_yet("nothing", "the answer is None, not a number")
    found = as_tensor(answer)
    if found is None or found.numel() != 1:
        return not_yet(
            "not a function",
            f"one number is wanted, and this is {shape_of(answer)}",
        )
    got = float(found.item())
    if math.isnan(got):
        return not_yet("nan", "the answer is nan, which is not a number")
    if near(got, expected, exercise.tolerance):
        return Verdict(
            "passed",
            f"passes: {number(got)} is within {exercise.tolerance:.1%} of "
            "what is expected",
        )
    for wrong in exercise.wrong:
        if near(got, float(exercise.mutant(wrong)), exercise.tolerance):
            return not_yet("named", f"it looks as if {wrong.says}", wrong.look)
    remedy = "Write down what each factor stands for"
    if exercise.expected is not None:
        remedy = (
            "It is measured on corpus.val, after a run with the chapter's "
            "settings: compare yours with them"
        )
    return not_yet(
        "property",
        f"{number(got)} is {relation(got, expected)}",
        f'{remedy}, or try hint("{exercise.number}").',
    )


def near(a: float, b: float, tolerance: float) -> bool:
    """Whether a is b to within the tolerance, relative to b."""
    if not math.isfinite(b):
        return a == b
    return abs(a - b) <= tolerance * abs(b)


def relation(got: float, expected: float) -> str:
    """How far off a number is, without giving the right one away."""
    if not math.isfinite(got):
        return "not finite"
    if got == 0:
        return "zero, and the right number is not"
    if got * expected < 0:
        return "on the wrong side of zero"
    ratio = got / expected
    for factor in (1000, 100, 60, 10, 8, 4, 3, 2):
        if math.isclose(ratio, factor, rel_tol=1e-2):
            return f"{factor} times too large"
        if math.isclose(ratio, 1 / factor, rel_tol=1e-2):
            return f"{factor} times too small"
    off, ratio = ("large", ratio) if ratio > 1 else ("small", 1 / ratio)
    if ratio < 1.1:
        return f"a little too {off}, by less than a tenth"
    if ratio < 3:
        return f"too {off}, by less than a factor of three"
    return f"much too {off}"
