"""Exercise 0.1. The slope of a function by each of its inputs."""

import math
import random
from typing import Any

from tutorgpt.learn.check.exercise import Exercise, slip


def nudge_cases() -> list[tuple]:
    """Functions of a list, and steps so large that formulas can be told."""
    return [
        (lambda w: w[0] ** 3 + 5 * w[1], [1.0, 2.0], 0.5),
        (lambda w: w[0] * w[1] * w[2] + w[2] ** 2, [2.0, -1.0, 0.5], 0.1),
        (lambda w: math.exp(w[0]), [0.3], 0.25),
        (lambda w: w[0] * w[0] - w[1] ** 3, [0.0, 0.0], 2.0),
        (lambda w: w[1] * math.exp(w[0]) + w[3], [1.0, 1.0, 1.0, 1.0], 0.3),
    ]


def any_function(draw: random.Random) -> tuple:
    """A cubic polynomial of one to four weights."""
    size = draw.randint(1, 4)
    factors = [[draw.uniform(-2, 2) for _ in range(size)] for _ in range(size)]
    cubes = [draw.uniform(-2, 2) for _ in range(size)]

    def f(w: list[float]) -> float:
        pairs = sum(
            factors[i][j] * w[i] * w[j]
            for i in range(size)
            for j in range(size)
        )
        return pairs + sum(c * x**3 for c, x in zip(cubes, w, strict=True))

    weights = [draw.uniform(-3, 3) for _ in range(size)]
    return f, weights, draw.uniform(0.05, 1.5)


def of_a_known_function(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: the slopes of 2 a + 7 b are 2 and 7, whatever h is."""
    found = [
        float(x) for x in again(lambda w: 2 * w[0] + 7 * w[1], [3.0, 4.0], 0.5)
    ]
    if len(found) == 2 and abs(found[0] - 2) + abs(found[1] - 7) > 1e-6:
        shown = " and ".join(f"{x:.3g}" for x in found)
        return (
            "of the function 2 a + 7 b the slopes should be 2 and 7, and "
            f"they come out as {shown}"
        )
    return None


EXERCISE = Exercise(
    number="0.1",
    title="A slope for each weight",
    kind="write",
    difficulty="easy",
    importance=5,
    task="""\
A loss `f` takes a list of weights and gives a number.
Write `slopes(f, weights, h)`: a list with the slope of `f` by each weight.
For each, evaluate `f` twice, with this weight alone moved by `h` to the right
and to the left, and leave `weights` itself as it is.""",
    starter='''\
def slopes(f, weights, h):
    """How fast f changes with each of the weights."""
    return ...''',
    target="slopes",
    solution='''\
def slopes(f, weights, h):
    """How fast f changes with each of the weights."""
    found = []
    for n in range(len(weights)):
        right, left = list(weights), list(weights)
        right[n] += h
        left[n] -= h
        found.append((f(right) - f(left)) / (2 * h))
    return found''',
    cases=nudge_cases,
    domain=any_function,
    rules=(of_a_known_function,),
    wrong=(
        slip(
            "only the step to the right is taken, from the weights as they "
            "are",
            "Take f at both sides, and divide by the distance, 2 h.",
            "(f(right) - f(left)) / (2 * h)",
            "(f(right) - f(weights)) / h",
        ),
        slip(
            "only the step to the left is taken, from the weights as they are",
            "Take f at both sides, and divide by the distance, 2 h.",
            "(f(right) - f(left)) / (2 * h)",
            "(f(weights) - f(left)) / h",
        ),
        slip(
            "the difference is divided by h, and the two points are 2 h apart",
            "From h to the left to h to the right it is 2 h.",
            "(2 * h)",
            "h",
        ),
        slip(
            "it is divided by 2 and then multiplied by h",
            "Put the 2 * h into parentheses.",
            "(2 * h)",
            "2 * h",
        ),
        slip(
            "the difference is not divided by the distance",
            "A slope is a change for each unit: divide by 2 h.",
            " / (2 * h)",
            "",
        ),
        slip(
            "it is divided by 2 alone, not by 2 h",
            "From h to the left to h to the right it is 2 h.",
            "(2 * h)",
            "2",
        ),
        slip(
            "it is divided by h squared",
            "From h to the left to h to the right it is 2 h.",
            "(2 * h)",
            "h**2",
        ),
        slip(
            "left and right are exchanged, and every sign with them",
            "The right end comes first: f(right) - f(left).",
            "f(right) - f(left)",
            "f(left) - f(right)",
        ),
        slip(
            "the two evaluations are added",
            "A slope is a difference: f(right) - f(left).",
            "f(right) - f(left)",
            "f(right) + f(left)",
        ),
        slip(
            "all weights are moved at once",
            "Move the weight n alone: right[n] += h.",
            "        right[n] += h\n        left[n] -= h\n",
            "        right = [w + h for w in weights]\n"
            "        left = [w - h for w in weights]\n",
        ),
        slip(
            "a weight that was moved stays moved when the next one's turn "
            "comes",
            "Begin from a fresh copy for each weight, inside of the loop.",
            "    for n in range(len(weights)):\n"
            "        right, left = list(weights), list(weights)\n",
            "    right, left = list(weights), list(weights)\n"
            "    for n in range(len(weights)):\n",
        ),
        slip(
            "right and left are one and the same list, and no copy",
            "Make copies: list(weights), twice.",
            "right, left = list(weights), list(weights)",
            "right = left = list(weights)",
        ),
        slip(
            "the weights themselves are moved, since right and left are no "
            "copies of them",
            "Make copies: list(weights), twice.",
            "right, left = list(weights), list(weights)",
            "right = left = weights",
        ),
        slip(
            "one weight is moved in the list that was given, and the other "
            "end is a copy",
            "Make copies for both ends: list(weights), twice.",
            "right, left = list(weights), list(weights)",
            "right, left = weights, list(weights)",
        ),
        slip(
            "each weight is moved by h times itself",
            "Add h: right[n] += h.",
            "        right[n] += h\n        left[n] -= h\n",
            "        right[n] += h * weights[n]\n"
            "        left[n] -= h * weights[n]\n",
        ),
        slip(
            "the weight is set to h and not moved by it",
            "Move it: right[n] += h and left[n] -= h.",
            "        right[n] += h\n        left[n] -= h\n",
            "        right[n] = h\n        left[n] = -h\n",
        ),
        slip(
            "the first weight is moved each time",
            "Move the weight whose turn it is: right[n].",
            "        right[n] += h\n        left[n] -= h\n",
            "        right[0] += h\n        left[0] -= h\n",
        ),
        slip(
            "the loop ends before the last weight",
            "range(len(weights)) has one turn for each weight.",
            "range(len(weights))",
            "range(len(weights) - 1)",
        ),
        slip(
            "only the first slope is given back",
            "Is the `return` inside of the loop?",
            "    return found",
            "        return found",
        ),
        slip(
            "the slopes are added up to one number",
            "A list is wanted, with one slope for each weight.",
            "return found",
            "return sum(found)",
        ),
        slip(
            "only the second evaluation is divided by 2 h: a product "
            "or quotient is computed before a difference",
            "Brackets around the difference: (f(right) - f(left)) / (2 * h).",
            "(f(right) - f(left)) / (2 * h)",
            "f(right) - f(left) / (2 * h)",
        ),
        slip(
            "both points lie to the right, at h and at 2 h",
            "One h to the right, one h to the left of where the weight is.",
            "        left[n] -= h\n",
            "        left[n] += 2 * h\n",
            "f(right) - f(left)",
            "f(left) - f(right)",
            "(2 * h)",
            "h",
        ),
        slip(
            "the signs are lost",
            "A function that falls has a negative slope: no abs.",
            "(f(right) - f(left))",
            "abs(f(right) - f(left))",
        ),
        slip(
            "the division drops what is behind the point",
            "One slash divides, two drop the rest.",
            "/ (2 * h)",
            "// (2 * h)",
        ),
    ),
    hints=(
        "The chapter's `slope_at` does it for a function of one number. What "
        "changes if there is a list of them?",
        "For each place n make two copies of the list, and move the number "
        "at n in each.",
        "`right, left = list(weights), list(weights)`, then "
        "`right[n] += h` and `left[n] -= h`.",
    ),
    why="""\
Each weight is moved alone, so that the difference is due to it.
`list(weights)` makes a copy; without it `f` would see weights that were moved
earlier.
For N weights this takes 2 N evaluations of `f`, which is what makes it too
slow for a model, and good enough to check one.""",
)
