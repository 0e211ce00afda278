"""The hunts of chapter 0: a table of scores, trained with broken values.

It learns from "banana bandana" and is measured on "bandana banana", which has
the same letters in another order.
"""

import math
import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from tutorgpt.gradients import Value, tape
from tutorgpt.learn.exercises import EXERCISES

SEED, STEPS, EVERY = 1337, 50, 5
LEARNING_RATE = 2.0
LEARNED, HELD_OUT = "banana bandana", "bandana banana"
LETTERS = sorted(set(LEARNED))

Table = Sequence[Sequence[Value]]


def pairs_of(text: str) -> list[tuple[int, int]]:
    """Each letter's number with the one after it."""
    return list(pairwise(LETTERS.index(letter) for letter in text))


def rows(weights: Sequence[Value]) -> Table:
    """The weights as a table of scores."""
    V = len(LETTERS)
    return [weights[n * V : (n + 1) * V] for n in range(V)]


def cross_entropy(
    table: Table, minus: Callable[[Value, Value], Value] | None = None
) -> Value:
    """What the table pays for a letter of the text that it learns from.

    minus: where it is given, as ln of the sum of powers minus the score.
    """
    charges = []
    for before, after in pairs_of(LEARNED):
        powers = [score.exp() for score in table[before]]
        total = sum(powers, Value(0.0))
        if minus:
            charges.append(minus(total.log(), table[before][after]))
        else:
            charges.append(-(powers[after] / total).log())
    return sum(charges, Value(0.0)) / len(charges)


def shares(row: Sequence[Value]) -> list[float]:
    """The probabilities of a row; nan where its scores have outgrown e."""
    top = max(score.number for score in row)
    powers = [math.exp(score.number - top) for score in row]
    return [power / sum(powers) for power in powers]


def held_out(table: Table) -> float | None:
    """The loss on the held-out text to three decimals; None for infinity."""
    charges = []
    for before, after in pairs_of(HELD_OUT):
        p = shares(table[before])[after]
        charges.append(-math.log(p) if p > 0 else math.inf)
    loss = sum(charges) / len(charges)
    return round(loss, 3) if math.isfinite(loss) else None


def write(table: Table) -> str:
    """Sixty letters, each drawn from the row of the one before it."""
    draw = random.Random(SEED)
    written = [LETTERS.index("b")]
    for _ in range(60):
        row = shares(table[written[-1]])
        written += draw.choices(range(len(LETTERS)), row)
    return "".join(LETTERS[n] for n in written)


def walk_back(last: Value, along: Sequence[Value]) -> None:
    """Hand on the slopes along a tape, as `Value.backward` does."""
    last.slope = 1.0
    for value in reversed(along):
        for source, local in value.made_of:
            source.slope += local * value.slope


def train_one(number: str, source: str) -> dict:
    """Train with this version of the exercise's code; what one would see."""
    part: Any = EXERCISES[number].build(source)
    draw = random.Random(SEED)
    weights = [Value(draw.gauss()) for _ in range(len(LETTERS) ** 2)]
    table = rows(weights)
    curve = [[0, held_out(table)]]
    for step in range(1, STEPS + 1):
        if number == "0.5":
            part(weights, lambda w: cross_entropy(rows(w)), LEARNING_RATE)
        else:
            for weight in weights:
                weight.slope = 0.0
            loss = cross_entropy(table, part if number == "0.3" else None)
            if number == "0.4":
                part(loss)
            else:
                walk_back(loss, part(loss) if number == "0.6" else tape(loss))
            for weight in weights:
                weight.number -= LEARNING_RATE * weight.slope
        if step % EVERY == 0:
            curve.append([step, held_out(table)])
    return {
        "parameters": len(weights),
        "curve": curve,
        "sample": write(table),
    }


def hunt(number: str) -> Callable[[str], dict]:
    """What one would see of a version of this exercise's code."""
    return lambda source: train_one(number, source)


HUNTS = {number: hunt(number) for number in ("0.3", "0.4", "0.5", "0.6")}
