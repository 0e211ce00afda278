"""Exercise 0.4. A bug hunt: a slope that keeps only what arrives last."""

from typing import Any

import torch

from tutorgpt.gradients import tape
from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.gradients.formulas import (
    SLOPES,
    any_formula,
    result,
    slopes_of,
    values,
    wrong_slope,
)

BROKEN = '''\
def backward(last):
    """Give each value on the tape of `last` its slope."""
    last.slope = 1.0
    for value in reversed(tape(last)):
        for source, local in value.made_of:
            source.slope = local * value.slope'''


def walk_back(attempt: Any, text: str, numbers: tuple[float, ...]) -> Any:
    """The slopes that a walk back gives to a formula's inputs."""
    inputs = values(numbers)
    last = result(text, inputs)
    if attempt(last) is ...:
        return ...
    by_itself = torch.tensor([last.slope], dtype=torch.float64)
    return torch.cat([slopes_of(inputs), by_itself])


def formula_cases() -> list[tuple]:
    """Formulas in which a value is used once, twice, and on two ways."""
    return [
        ("loss = x * x", (3.0,)),
        ("loss = x * y + x", (2.0, -1.0)),
        ("loss = 3 * x - y", (0.5, 4.0)),
        ("s = x * y; loss = s * s + s", (1.5, 2.0)),
        ("s = x + y; loss = s * x * z", (1.0, 2.0, -0.5)),
        ("s = x.exp(); loss = s.log() * s", (0.7,)),
        ("s = x.tanh(); loss = s / y", (0.4, 2.0)),
    ]


EXERCISE = Exercise(
    number="0.4",
    title="A slope that forgets",
    kind="bug",
    difficulty="easy",
    importance=4,
    task="""\
This `backward`, written as a function, trained the table of *banana bandana*.
It goes for `3 * x - y`, and not for `x * x`.
Read the curve, name the bug, and repair it.""",
    starter=BROKEN,
    target="backward",
    uses=(tape,),
    solution=BROKEN.replace("source.slope =", "source.slope +="),
    suspect="slopes overwritten",
    symptom=(
        "the loss creeps towards ln 5 = 1.61, that of equal shares, and no "
        "further"
    ),
    cases=formula_cases,
    domain=any_formula,
    run=walk_back,
    labels=("formula", "numbers"),
    parts=(*SLOPES, "the slope of the loss by itself"),
    rules=(wrong_slope,),
    wrong=(
        slip(
            "a slope is still replaced by what arrives last",
            "What arrives over several ways is added: +=.",
            "source.slope += local * value.slope",
            "source.slope = local * value.slope",
        ),
        slip(
            "each source is handed its slope once, however often it was used "
            "in one step: in a set x * x has x only once",
            "What arrives over several ways is added: go through made_of as "
            "it is.",
            "value.made_of:",
            "set(value.made_of):",
        ),
        slip(
            "only the loss itself passes on: the tape is read from its oldest "
            "value on, which has nothing to hand on yet",
            "Begin at the loss: reversed(tape(last)).",
            "reversed(tape(last))",
            "tape(last)",
        ),
        slip(
            "the local slope is left out",
            "Along a way slopes are multiplied: local * value.slope.",
            "local * value.slope",
            "value.slope",
        ),
        slip(
            "what has arrived at the value is left out",
            "Along a way slopes are multiplied: local * value.slope.",
            "local * value.slope",
            "local",
        ),
        slip(
            "the local slope is added to the slope, not multiplied by it",
            "Along a way slopes are multiplied: local * value.slope.",
            "local * value.slope",
            "local + value.slope",
        ),
        slip(
            "the number of a value is passed on instead of its slope",
            "Hand on value.slope.",
            "local * value.slope",
            "local * value.number",
        ),
        slip(
            "the source's number stands in the place of the local slope",
            "Hand on local * value.slope.",
            "local * value.slope",
            "source.number * value.slope",
        ),
        slip(
            "what arrives is subtracted",
            "What arrives over several ways is added: +=.",
            "source.slope +=",
            "source.slope -=",
        ),
        slip(
            "nothing reaches the sources: what was made of them takes their "
            "slopes, or they are multiplied, and they are 0",
            "The value passes on, and the source's slope grows.",
            "source.slope += local * value.slope",
            "value.slope += local * source.slope",
        ),
        slip(
            "nobody passes on the first 1, the slope of the loss by itself: "
            "it is missing, or erased before its turn",
            "Begin with last.slope = 1.0, and leave it so.",
            "    last.slope = 1.0\n",
            "",
        ),
        slip(
            "the walk begins with the loss's number and not with 1",
            "The slope of the loss by itself is 1.",
            "last.slope = 1.0",
            "last.slope = last.number",
        ),
        slip(
            "the slope that stands there is added to itself as well",
            "+= adds to it already: only the share belongs behind it.",
            "source.slope += local",
            "source.slope += source.slope + local",
        ),
        slip(
            "each share is handed on twice",
            "Each pair of made_of is one use: local * value.slope.",
            "local * value.slope",
            "2 * local * value.slope",
        ),
        slip(
            "only the first source of each value gets its share",
            "Every pair of made_of has its turn.",
            "value.made_of",
            "value.made_of[:1]",
        ),
        slip(
            "only the last source of each value gets its share",
            "Every pair of made_of has its turn.",
            "value.made_of",
            "value.made_of[-1:]",
        ),
        slip(
            "what arrives second is compared with the first, and the larger "
            "one stays",
            "What arrives over several ways is added: +=.",
            "source.slope += local * value.slope",
            "source.slope = max(source.slope, local * value.slope)",
        ),
        slip(
            "the first to arrive stays, and what comes after it is dropped",
            "What arrives over several ways is added: +=.",
            "            source.slope += local * value.slope",
            "            if source.slope == 0:\n"
            "                source.slope = local * value.slope",
        ),
        slip(
            "a value's slope is erased as soon as its first source has its "
            "share",
            "Every pair of made_of is handed the same value.slope: leave it.",
            "source.slope += local * value.slope",
            "source.slope += local * value.slope\n"
            "            value.slope = 0.0",
        ),
        slip(
            "the value's number stands in the place of the local slope",
            "Hand on local * value.slope.",
            "local * value.slope",
            "value.number * value.slope",
        ),
    ),
    hints=(
        "Follow `x * x` by hand: how often does x stand in `made_of`, and "
        "what becomes of its slope each time?",
        "Two ways lead from x to the loss. The rule for several ways is at "
        "the end of the chapter's section on the slope by rule.",
        "One character is missing in the last line.",
    ),
    why="""\
In `x * x` the number x is used twice, and each use contributes x to the
slope.
`=` keeps what arrives last; `+=` adds up what arrives over all the ways.
A score of the table is used in the sum that its row is divided by, and the
right one above the line as well; the share from the sum arrived last, so that
every score was pushed down and none up.""",
)
