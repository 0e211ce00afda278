"""Exercise 0.3. A bug hunt: a difference whose slopes have one sign."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.gradients import Value
from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.gradients.formulas import (
    refuse_what_is_no_value,
)

BROKEN = '''\
def minus(a, b):
    """The value a - b, with its local slopes."""
    return Value(a.number - b.number, ((a, 1.0), (b, 1.0)))'''


def three_times(attempt: Any, a: float, b: float) -> Any:
    """The difference, and its slopes where the loss is 3 times as much.

    If both numbers are the same, both are the same value as well.
    """
    first = Value(a)
    second = first if a == b else Value(b)
    made = attempt(first, second)
    if made is ...:
        return made
    refuse_what_is_no_value(made, "minus")
    (made * 3.0).backward()
    found = [made.number, first.slope, second.slope]
    return torch.tensor(found, dtype=torch.float64)


def any_pair(draw: random.Random) -> tuple:
    """Two numbers, the same one at times."""
    a = draw.uniform(-9, 9)
    return a, a if draw.random() < 0.2 else draw.uniform(-9, 9)


def against_two_evaluations(
    again: Any, args: tuple, expected: Float[Tensor, "3"]
) -> str | None:
    """A rule: what is wrong of 5 - 2, its number or a slope."""
    number, by_a, by_b = again(5.0, 2.0).tolist()
    if abs(number - 3) > 1e-6:
        return f"5 - 2 should be 3, and it is {number:.3g}"
    for name, got, right in (("a", by_a / 3, 1.0), ("b", by_b / 3, -1.0)):
        if abs(got - right) > 1e-6:
            return (
                f"if {name} grows by 1, a - b changes by {right:g}, and the "
                f"local slope towards {name} is {got:.3g}"
            )
    return None


EXERCISE = Exercise(
    number="0.3",
    title="The more it learns, the worse it gets",
    kind="bug",
    difficulty="easy",
    importance=3,
    task="""\
Somebody has given `Value` a subtraction of its own, and computed with it what
the table pays for a character: $\\ln \\sum e^{s}$ minus the score of the right
one.
The curve is the loss on another text, *bandana banana*.
Read it, name the bug, and repair `minus`.""",
    starter=BROKEN,
    target="minus",
    uses=(Value,),
    solution=BROKEN.replace("(b, 1.0)", "(b, -1.0)"),
    suspect="sign reversed",
    symptom="the loss climbs from the first step on",
    cases=lambda: [(5.0, 2.0), (-1.5, 4.0), (0.0, 0.5), (2.0, 2.0)],
    domain=any_pair,
    run=three_times,
    labels=("a", "b"),
    parts=(
        "the difference",
        "the slope of a, where the loss is 3 times the difference",
        "the slope of b, where the loss is 3 times the difference",
    ),
    rules=(against_two_evaluations,),
    wrong=(
        slip(
            "the slope towards b has still the sign of a sum",
            "If b grows, a - b becomes smaller.",
            "(b, -1.0)",
            "(b, 1.0)",
        ),
        slip(
            "both slopes are negative now",
            "If a grows, a - b grows as well: 1.0 stays.",
            "(a, 1.0)",
            "(a, -1.0)",
        ),
        slip(
            "the wrong one of the two was turned",
            "If a grows, a - b grows; if b grows, it becomes smaller.",
            "(a, 1.0), (b, -1.0)",
            "(a, -1.0), (b, 1.0)",
        ),
        slip(
            "the number is b - a now",
            "The number was right: a.number - b.number.",
            "a.number - b.number",
            "b.number - a.number",
        ),
        slip(
            "number and slopes are those of b - a",
            "a - b: the number was right, and one slope was not.",
            "a.number - b.number, ((a, 1.0), (b, -1.0))",
            "b.number - a.number, ((a, -1.0), (b, 1.0))",
        ),
        slip(
            "the number is a sum now",
            "The number was right: a.number - b.number.",
            "a.number - b.number",
            "a.number + b.number",
        ),
        slip(
            "the slopes are those of a product",
            "A difference changes by 1 with a and by -1 with b, whatever "
            "their numbers are.",
            "(a, 1.0), (b, -1.0)",
            "(a, b.number), (b, -a.number)",
        ),
        slip(
            "a is forgotten in what the difference was made of",
            "It was made of both: (a, 1.0) and (b, -1.0).",
            "((a, 1.0), (b, -1.0))",
            "((b, -1.0),)",
        ),
        slip(
            "b is forgotten in what the difference was made of, or its slope "
            "is 0",
            "It was made of both: (a, 1.0) and (b, -1.0).",
            "((a, 1.0), (b, -1.0))",
            "((a, 1.0),)",
        ),
        slip(
            "what the difference was made of is not noted at all",
            "A Value takes its number and its pairs: ((a, 1.0), (b, -1.0)).",
            ", ((a, 1.0), (b, -1.0))",
            "",
        ),
        slip(
            "the slope towards b is -b",
            "The local slope of a difference does not depend on b's number.",
            "(b, -1.0)",
            "(b, -b.number)",
        ),
    ),
    hints=(
        "The loss climbs: some slope points the wrong way. What happens to "
        "a - b when b grows?",
        "The number is right. Compare both local slopes with two "
        "evaluations of 5 - 2.",
        "`(b, 1.0)` says that a - b grows with b.",
    ),
    why="""\
If b grows by 1, a - b becomes smaller by 1: its local slope is -1.
With the sum's sign the score of the right character was pushed *down* at
every step, and the model learned to avoid what comes next.""",
)
