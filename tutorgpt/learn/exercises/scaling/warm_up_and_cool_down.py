"""Exercise 6.4. A learning rate: a line up, then half a cosine down."""

import random
from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip


def any_step(draw: random.Random) -> tuple:
    """Any schedule with 0 < warm_up < max_steps, and a step of it."""
    warm_up = draw.choice((1, 2, draw.randint(1, 300)))
    max_steps = warm_up + draw.choice((1, 2, draw.randint(1, 900)))
    step = draw.choice(
        (
            0,
            warm_up - 1,
            warm_up,
            warm_up + 1,
            max_steps - 1,
            max_steps,
            max_steps + 1,
            draw.randint(0, 2 * max_steps),
        )
    )
    return step, warm_up, max_steps, draw.choice((0.25, 1.0, 3.0, 20.0))


def landmarks(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: the heights that the task names, with top 1."""
    wrong = []
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
            wrong.append(
                f"{where} it is {found:.3f} of top instead of {height:g}"
            )
    return "; ".join(wrong[:3]) or None


def between_the_landmarks(
    again: Any, args: tuple, expected: Any
) -> str | None:
    """A rule: a straight line, half a cosine, and all of it times top."""
    if landmarks(again, args, expected):
        return None
    quarter = float(again(25, 100, 1000, 1.0))
    if abs(quarter - 0.25) > 1e-4:
        return f"a quarter of the way up it is {quarter:.3f} of top, not 0.25"
    quarter = float(again(325, 100, 1000, 1.0))
    if abs(quarter - 0.8682) > 1e-3:
        return (
            f"a quarter of the way down it is {quarter:.3f} of top, where "
            "half a cosine is at 0.868"
        )
    for step, height in ((5, 0.5), (10, 1.0), (15, 0.55), (20, 0.1)):
        found = float(again(step, 10, 20, 1.0))
        if abs(found - height) > 1e-4:
            return (
                "with warm_up 100 and max_steps 1,000 it is right; with 10 "
                f"and 20, at step {step}, it is {found:.3f} of top instead "
                f"of {height:g}"
            )
    for step, where in (
        (50, "half-way up"),
        (100, "at the end of the warm-up"),
        (1000, "at max_steps"),
    ):
        one, two = (float(again(step, 100, 1000, top)) for top in (1.0, 2.0))
        if abs(two - 2 * one) > 1e-4:
            return (
                f"{where} it is {one:.3f} with top 1 and {two:.3f} with top "
                "2, which should be twice as much"
            )
    return None


STAYS = (
    "    share = min",
    "    if step > max_steps:\n        return 0.1 * top\n    share = min",
)
"""An edit: what comes after max_steps is told apart, and is right."""

EXERCISE = Exercise(
    number="6.4",
    title="Warm up, then cool down",
    kind="extend",
    difficulty="hard",
    importance=4,
    task="""\
Write `rate(step, warm_up, max_steps, top)`, a learning-rate schedule, for
0 < `warm_up` < `max_steps`:
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
    cases=lambda: (
        [
            (step, 100, 1000, top)
            for top in (1.0, 0.5)
            for step in (0, 50, 100, 300, 550, 1000, 1400)
        ]
        + [
            (step, 30, 50, 20.0)
            for step in (0, 1, 29, 30, 31, 45, 49, 50, 51, 60, 1000)
        ]
        + [(step, 1, 2, 3.0) for step in (0, 1, 2, 3)]
    ),
    domain=any_step,
    rules=(landmarks, between_the_landmarks),
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
            "the cosine stops half-way down: its angle goes to pi / 2 only",
            "Half a cosine: the angle goes from 0 to pi.",
            "math.pi * share",
            "math.pi / 2 * share",
        ),
        slip(
            "the curve is a quarter of a cosine, cos(pi / 2 * share)",
            "Half a cosine, flat at both ends: (1 + cos(pi * share)) / 2.",
            "(1 + math.cos(math.pi * share)) / 2",
            "math.cos(math.pi / 2 * share)",
        ),
        slip(
            "it falls towards 0 and is cut off at a tenth",
            "The cosine itself ends at a tenth: 0.1 and 0.9 of top.",
            "0.1 * top + 0.9 * top * height",
            "max(0.1 * top, top * height)",
        ),
        slip(
            "the floor is 0.1, whatever top is",
            "A tenth of top: 0.1 * top.",
            "0.1 * top + 0.9 * top * height",
            "0.1 + (top - 0.1) * height",
        ),
        slip(
            "top is left out: these are shares of it",
            "Times top, on the way up and on the way down.",
            "return top * step / warm_up",
            "return step / warm_up",
            "0.1 * top + 0.9 * top * height",
            "0.1 + 0.9 * height",
        ),
        slip(
            "after max_steps it is 0",
            "It stays at a tenth of top.",
            "    share = min",
            "    if step > max_steps:\n        return 0.0\n    share = min",
        ),
        slip(
            "from max_steps on it is 0",
            "It stays at a tenth of top.",
            "    share = min",
            "    if step >= max_steps:\n        return 0.0\n    share = min",
        ),
        slip(
            "after max_steps it is back at top",
            "It stays at a tenth of top.",
            "    share = min",
            "    if step > max_steps:\n        return top\n    share = min",
        ),
        slip(
            "the fall takes max_steps steps, beginning at the warm-up's end",
            "It ends at max_steps: it takes max_steps - warm_up steps.",
            "(step - warm_up) / (max_steps - warm_up)",
            "(step - warm_up) / max_steps",
        ),
        slip(
            "the warm-up is counted from 1: (step + 1) / warm_up",
            "At step 0 the rate is 0.",
            "step / warm_up",
            "(step + 1) / warm_up",
        ),
        slip(
            "the warm-up begins at a tenth of top",
            "It rises from 0.",
            "return top * step / warm_up",
            "return 0.1 * top + 0.9 * top * step / warm_up",
        ),
        slip(
            "the warm-up rises over all of max_steps",
            "It ends at warm_up: step / warm_up.",
            "top * step / warm_up",
            "top * step / max_steps",
        ),
        slip(
            "the angle is in degrees",
            "math.cos takes radians: half a wave is pi.",
            "math.pi * share",
            "180 * share",
        ),
        slip(
            "the cosine itself is the height, which goes from 1 to -1",
            "(1 + cos) / 2 goes from 1 to 0.",
            "(1 + math.cos(math.pi * share)) / 2",
            "math.cos(math.pi * share)",
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
        slip(
            "it falls to 0 at max_steps, and behind it is a tenth",
            "Between them the two parts make up top: 0.1 and 0.9 of it.",
            "    return 0.1 * top + 0.9 * top * height",
            "    return 0.1 * top if step > max_steps else top * height",
        ),
        slip(
            "the share of the way is a whole number, 0 or 1: // drops "
            "the rest",
            "Divide with /.",
            "(step - warm_up) / (max_steps - warm_up)",
            "(step - warm_up) // (max_steps - warm_up)",
        ),
        slip(
            "the share is counted from the end of the warm-up, and "
            "divided by all of max_steps",
            "The fall takes max_steps - warm_up steps.",
            "(step - warm_up) / (max_steps - warm_up))",
            "(step - warm_up) / max_steps if step <= max_steps else 1)",
        ),
        slip(
            "it falls to a hundredth of top",
            "To a tenth: 0.1 * top.",
            "0.1 * top + 0.9 * top",
            "0.01 * top + 0.99 * top",
        ),
        slip(
            "the cosine stops half-way down, and behind max_steps there is a "
            "tenth all at once",
            "cos goes from 1 to -1 between 0 and pi: math.pi * share.",
            *STAYS,
            "math.pi * share",
            "math.pi / 2 * share",
        ),
        slip(
            "it rises from a tenth to top, and behind max_steps there is a "
            "tenth again",
            "1 + cos falls, 1 - cos rises.",
            *STAYS,
            "1 + math.cos",
            "1 - math.cos",
        ),
        slip(
            "the cosine runs a whole wave, is back at top at max_steps, and "
            "behind it is a tenth",
            "Half a cosine: math.pi * share.",
            *STAYS,
            "math.pi * share",
            "2 * math.pi * share",
        ),
        slip(
            "the angle is in degrees, and behind max_steps there is a tenth",
            "math.cos wants radians: half a turn is math.pi.",
            *STAYS,
            "math.pi * share",
            "180 * share",
        ),
        slip(
            "the step before max_steps has the last rate already",
            "The fall ends at max_steps itself.",
            "    share = min",
            "    if step >= max_steps - 1:\n"
            "        return 0.1 * top\n"
            "    share = min",
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
