"""Exercise 6.4. A learning rate: a line up, then half a cosine down."""

from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip


def landmarks(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: the heights that the task names."""
    for step, height, where in (
        (0, 0.0, "at step 0"),
        (50, 0.5, "half-way up"),
        (100, 1.0, "at the end of the warm-up"),
        (550, 0.55, "half-way down"),
        (1000, 0.1, "at max_steps"),
        (1400, 0.1, "after max_steps"),
    ):
        found = float(again(step, 100, 1000, 1.0))
        if abs(found - height) > 1e-4:
            return f"{where} it is {found:.3f} of top instead of {height:g}"
    return None


EXERCISE = Exercise(
    number="6.4",
    title="Warm up, then cool down",
    kind="extend",
    difficulty="hard",
    importance=4,
    task="""\
Write `rate(step, warm_up, max_steps, top)`, a learning-rate schedule:
from step 0 to `warm_up` it rises in a straight line from 0 to `top`; then
it falls along half a cosine to a tenth of `top` at `max_steps`, and stays
there.""",
    starter='''\
def rate(step, warm_up, max_steps, top):
    """The learning rate of this step."""
    return ...''',
    target="rate",
    solution='''\
import math


def rate(step, warm_up, max_steps, top):
    """The learning rate of this step."""
    if step < warm_up:
        return top * step / warm_up
    share = min(1, (step - warm_up) / (max_steps - warm_up))
    height = (1 + math.cos(math.pi * share)) / 2
    return 0.1 * top + 0.9 * top * height''',
    cases=lambda: [
        (step, 100, 1000, top)
        for top in (1.0, 0.5)
        for step in (0, 50, 100, 300, 550, 1000, 1400)
    ],
    rules=(landmarks,),
    wrong=(
        slip(
            "there is no warm-up: it begins at its height",
            "Below warm_up the rate is top * step / warm_up.",
            "return top * step / warm_up",
            "return top",
        ),
        slip(
            "it falls to 0, not to a tenth of top",
            "A tenth stays, nine tenths fall.",
            "0.1 * top + 0.9 * top * height",
            "top * height",
        ),
        slip(
            "the cosine runs a whole wave and rises again",
            "Half a cosine: from 0 to pi.",
            "math.pi * share",
            "2 * math.pi * share",
        ),
        slip(
            "it goes on beyond max_steps instead of staying",
            "The share of the way is never more than 1.",
            "min(1, (step - warm_up) / (max_steps - warm_up))",
            "(step - warm_up) / (max_steps - warm_up)",
        ),
        slip(
            "the fall is counted from step 0, so it jumps after the warm-up",
            "Count from warm_up: step - warm_up.",
            "(step - warm_up) / (max_steps - warm_up)",
            "step / max_steps",
        ),
        slip(
            "it falls in a straight line",
            "(1 + cos(pi * share)) / 2 goes from 1 to 0 along a cosine.",
            "(1 + math.cos(math.pi * share)) / 2",
            "1 - share",
        ),
        slip(
            "it rises where it should fall",
            "At the end of the warm-up the cosine is at its top.",
            "1 + math.cos",
            "1 - math.cos",
        ),
        slip(
            "the tenth is added on top of the whole height",
            "Between them the two parts make up top: 0.1 and 0.9.",
            "0.9 * top * height",
            "top * height",
        ),
        slip(
            "the half is missing in (1 + cos) / 2",
            "1 + cos goes from 2 to 0; the height should go from 1 to 0.",
            "(1 + math.cos(math.pi * share)) / 2",
            "(1 + math.cos(math.pi * share))",
        ),
    ),
    hints=(
        "Three stretches: a line up, half a cosine down, a floor.",
        "`(1 + math.cos(math.pi * share)) / 2` goes from 1 to 0 while share "
        "goes from 0 to 1.",
        "`share = min(1, (step - warm_up) / (max_steps - warm_up))`, then "
        "`0.1 * top + 0.9 * top * height`.",
    ),
    why="""\
The usual reasons, which this exercise does not test: Adam's averages are
young at the start, so steps are small first, and small steps at the end let
the weights settle.
The cosine is flat at both its ends, so the rate does not jump.""",
)
