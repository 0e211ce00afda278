"""Judges an answer that is one number, without giving the right one away."""

import math
import reprlib
from itertools import combinations
from typing import Any

import torch

from tutorgpt.learn.check.comparing import as_tensor, number, shape_of
from tutorgpt.learn.check.exercise import Exercise, Wrong
from tutorgpt.learn.check.known import Known
from tutorgpt.learn.check.verdict import Verdict, not_yet
from tutorgpt.learn.check.written import readings

NAMED_WITHIN = 5e-4
"""How near, relative to it, a known wrong number must be to be named."""
WITH_TWO = 1e-5
"""How near a number must be to what two mistakes make together."""
DIGITS = 3
"""A number that is rounded to so many digits or more counts as it."""


def examine_number(exercise: Exercise, answer: Any) -> Verdict:
    """Compare one number with the expected one and the known wrong ones."""
    expected = float(exercise.reference())
    if answer is None:
        return not_yet("nothing", "the answer is None, not a number")
    text = written_out(answer)
    if text is not None:
        return examine_text(exercise, text)
    if isinstance(answer, bool):
        return not_yet(
            "not a function", f"one number is wanted, and this is {answer}"
        )
    found = as_tensor(answer)
    if (
        found is None
        or found.numel() != 1
        or found.is_complex()
        or found.dtype == torch.bool
    ):
        return not_yet(
            "not a function",
            f"one number is wanted, and this is {shape_of(answer)}",
        )
    got = float(found.item())
    if math.isnan(got):
        return not_yet("nan", "the answer is nan, which is not a number")
    if accepts(exercise, got):
        return Verdict("passed", f"passes: {_how_near(exercise, got)}")
    wrong = named_number(exercise, got)
    if wrong is not None:
        return not_yet("named", f"it looks as if {wrong.says}", wrong.look)
    pair = two_mistakes(exercise, got)
    if pair is not None:
        return not_yet("named", pair.says, *pair.lines)
    # 15 may be 15.3 rounded; who writes 15.0 has given a decimal
    fewer = (0, 1) if isinstance(answer, int) else (1,)
    if any(near(got, round(expected, digits), 1e-6) for digits in fewer):
        return not_yet(
            "property",
            f"{number(got)} is too coarse to tell: give {DIGITS} digits",
        )
    remedy = "Write down what each factor stands for"
    if exercise.expected is not None:
        remedy = (
            "It is measured on corpus.val, as the task says: compare yours "
            "with it"
        )
    return not_yet(
        "property",
        f"{number(got)} is {relation(got, expected)}",
        among(exercise.landmarks, got),
        f'{remedy}, or try hint("{exercise.number}").',
    )


def written_out(answer: Any) -> str | None:
    """What was written: a text, or 1,386, which Python takes apart.

    Of 10,000 only (10, 0) is left. The text may be read as ten thousand and
    as ten, so nothing is lost where 10,0 was written.
    """
    if isinstance(answer, str):
        return answer
    if isinstance(answer, tuple) and len(answer) == 2:
        whole, behind = answer
        if type(whole) is int and type(behind) is int and behind >= 0:
            return f"{whole},{behind or '000'}"
    return None


def examine_text(exercise: Exercise, text: str) -> Verdict:
    """Judge a number that was written as a text, if it can mean only one."""
    found = readings(text, about=exercise.task)
    if not found:
        return not_yet(
            "not understood",
            f"{reprlib.repr(text)} cannot be read as a number",
            "Write one such as 3072, 1.39, 1/3 or math.log(69), without "
            "quotation marks. This has not counted.",
        )
    expected = float(exercise.reference())
    verdicts = [examine_number(exercise, value) for value in found]
    sides = [value > expected for value in found]
    outcomes = [verdict.outcome for verdict in verdicts]
    if len(set(zip(outcomes, sides, strict=True))) > 1:
        one, other = (f"{value:g}" for value in found[:2])
        return not_yet(
            "not understood",
            f"{text} may mean {one} or {other}",
            "Write the one that you mean, with a point. This has not counted.",
        )
    return verdicts[0]


def accepts(exercise: Exercise, got: float) -> bool:
    """Whether a number counts as the right one.

    It may be off by the exercise's tolerance, or be rounded to three digits
    or more.
    """
    expected = float(exercise.reference())
    return near(got, expected, exercise.tolerance) or is_rounded(got, expected)


def _how_near(exercise: Exercise, got: float) -> str:
    expected = float(exercise.reference())
    if got == expected:
        return f"{number(got)} is what is expected"
    if near(got, expected, exercise.tolerance):
        return (
            f"{number(got)} is within {exercise.tolerance:.1%} of what is "
            "expected"
        )
    return f"{got:g} is what is expected, rounded"


def named_number(exercise: Exercise, got: float) -> Wrong | None:
    """The known mistake whose number this is, the nearest if several are."""
    found = [
        (abs(got - value), n, wrong)
        for n, wrong in enumerate(exercise.wrong)
        if near(
            got,
            value := float(exercise.mutant(wrong)),
            max(NAMED_WITHIN, wrong.within),
        )
        or is_rounded(got, value)
    ]
    return min(found)[2] if found else None


def two_mistakes(exercise: Exercise, got: float) -> Known | None:
    """Two known mistakes that together make this number, to five digits.

    Closer than for one: there are many pairs, and few numbers of one digit.
    """
    made = [wrong for wrong in exercise.wrong if wrong.edits]
    if near(got, float(f"{got:.4g}"), 1e-6):
        return None  # typed in: so short a number fits some pair by chance
    for one, other in combinations(made, 2):
        try:
            value = exercise.with_both(one, other)
            if value is not None and near(got, float(value), WITH_TWO):
                return Known((one, other))
        except Exception:  # two edits that make no number together
            continue
    return None


def near(a: float, b: float, tolerance: float) -> bool:
    """Whether a is b to within the tolerance, relative to b."""
    if not math.isfinite(b):
        return a == b
    return abs(a - b) <= tolerance * abs(b)


def is_rounded(got: float, exact: float) -> bool:
    """Whether a number is another one, rounded to three digits or more."""
    if not (math.isfinite(got) and math.isfinite(exact)):
        return False
    shown = f"{got:.6g}"  # float32 has no more, and 2.19 is 2.19000006 in it
    digits = shown.split("e")[0].replace(".", "").strip("-0")
    if len(digits) < DIGITS or not near(got, float(shown), 1e-6):
        return False
    return float(f"{exact:.{len(digits)}g}") == float(shown)


def is_shortened(got: float, exact: float) -> bool:
    """Whether a number is another one, rounded to its own two digits."""
    return f"{got:.6g}" == f"{float(f'{exact:.1e}'):.6g}"


def among(landmarks: tuple[tuple[float, str], ...], got: float) -> str:
    """Between which known numbers a wrong one lies, in a sentence."""
    below = [mark for mark in landmarks if mark[0] < got]
    above = [mark for mark in landmarks if mark[0] > got]
    says = [
        f"{side} {value:g}, {what}"
        for side, marks in (("above", below[-1:]), ("below", above[:1]))
        for value, what in marks
    ]
    return f"It lies {', and '.join(says)}." if says else ""


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
        if math.isclose(ratio, factor, rel_tol=1e-3):
            return f"{factor} times too large"
        if math.isclose(ratio, 1 / factor, rel_tol=1e-3):
            return f"{factor} times too small"
    power = round(math.log10(ratio))
    if power and is_shortened(got, expected * 10**power):
        return (
            f"right in its digits and not in its size: "
            f"{10 ** abs(power):,} times too "
            f"{'large' if power > 0 else 'small'}"
        )
    if math.isclose(ratio, math.log(2), rel_tol=1e-3):
        return "ln 2 (0.693) times the right number"
    if math.isclose(ratio, 1 / math.log(2), rel_tol=1e-3):
        return "1 / ln 2 (1.443) times the right number"
    off, ratio = ("large", ratio) if ratio > 1 else ("small", 1 / ratio)
    if ratio < 1.01:
        return (
            f"a little too {off}, by less than a hundredth (was something "
            "rounded on the way?)"
        )
    if ratio < 1.1:
        return f"a little too {off}, by less than a tenth"
    if ratio < 3:
        return f"too {off}, by less than a factor of three"
    return f"much too {off}"
