"""Exercise 0.6. A bug hunt: a tape in the wrong order."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip
from tutorgpt.learn.exercises.gradients.formulas import (
    SLOPES,
    any_formula,
    is_value,
    result,
    slopes_of,
    values,
    wrong_slope,
)

BROKEN = '''\
def in_order(last):
    """All that `last` was made of, and itself: each after its sources."""
    found = []
    waiting = [last]
    while waiting:
        value = waiting.pop(0)
        if value not in found:
            found.append(value)
            waiting += [source for source, _ in value.made_of]
    return found[::-1]'''

MENDED = BROKEN.replace(
    "return found[::-1]",
    "return sorted(found, key=lambda value: value.place)",
)


def walk_along(
    attempt: Any, text: str, numbers: tuple[float, ...], order: bool = False
) -> Any:
    """The slopes that a walk back along a tape gives, and its length.

    order: how many values stand on it and how many of them too early.
    """
    inputs = values(numbers)
    last = result(text, inputs)
    found = attempt(last)
    if found is ...:
        return found
    if found is None:
        raise ComplaintError(
            "in_order gives back None: see whether a `return` is missing"
        )
    found = list(found)
    strange = [thing for thing in found if not is_value(thing)]
    if strange:
        raise ComplaintError(
            "the tape should be a list of values, and on it is something of "
            f"type {type(strange[0]).__name__}"
        )
    last.slope = 1.0
    for value in reversed(found):
        for source, local in value.made_of:
            source.slope += local * value.slope
    if order:
        return torch.tensor([len(found), too_early(found)])
    length = torch.tensor([len(found)], dtype=torch.float64)
    return torch.cat([slopes_of(inputs), length])


def too_early(found: list[Any]) -> int:
    """How many values stand on a tape before one that they were made of."""
    last_place = {id(value): place for place, value in enumerate(found)}
    return sum(
        any(last_place.get(id(s), -1) > place for s, _ in value.made_of)
        for place, value in enumerate(found)
    )


def order_and_length(
    again: Any, args: tuple, expected: Float[Tensor, "4"]
) -> str | None:
    """A rule: each value once, behind all that it was made of."""
    length, early = map(int, again(*args, True))
    right = int(expected[3])
    says = []
    if length != right:
        says.append(
            f"{length} values stand on the tape of {args[0]!r}, which has "
            f"{right} with its inputs"
        )
    if early:
        says.append(
            f"{early} of the {length} on the tape of {args[0]!r} stand "
            "before a value that they were made of"
        )
    return "; ".join(says) or None


def tape_cases() -> list[tuple]:
    """Chains, and values that lead to the loss on ways of unlike length."""
    return [
        ("s = x * y; loss = s * s + s", (1.5, 2.0)),
        ("s = x * y; loss = s + s * s", (1.5, 2.0)),
        ("loss = x * y * z", (1.0, 2.0, 3.0)),
        ("s = x.exp(); loss = s - s * s", (0.3,)),
        ("s = x + y; t = s * x; loss = t * s", (0.5, 2.0)),
        ("s = x * x; t = s * s; loss = t * s * x + t", (1.1,)),
        ("loss = x", (2.0,)),
        # s is used late and early, and what it was made of has sources too.
        ("t = x * x; s = t.tanh(); loss = s * (s * 2)", (0.6,)),
    ]


EXERCISE = Exercise(
    number="0.6",
    title="Handed on too early",
    kind="bug",
    difficulty="medium",
    importance=3,
    task="""\
This `in_order` is `tape` with a bug: it lists the values in the order in which
it has found them, turned round; `Value.backward` walked along it.
A chain such as `x * y * z` comes out right; with `s = x * y`, the sum
`s + s * s` does not.
Read the curve, name the bug, and repair it.""",
    starter=BROKEN,
    target="in_order",
    solution=MENDED,
    suspect="tape out of order",
    symptom=(
        "a chain comes out right, and a value that leads to the loss on a "
        "short way and on a long one does not"
    ),
    cases=tape_cases,
    domain=any_formula,
    run=walk_along,
    labels=("formula", "numbers"),
    parts=(*SLOPES, "how many values are on the tape"),
    rules=(order_and_length, wrong_slope),
    wrong=(
        slip(
            "the order is still the one in which the values were found",
            "A value must stand after all that it was made of: sort by place.",
            "sorted(found, key=lambda value: value.place)",
            "found[::-1]",
        ),
        slip(
            "a value that is found again moves to its new place, and what it "
            "was made of stays where it was",
            "A value must stand after all that it was made of: sort by place.",
            "        if value not in found:\n",
            "        if value in found:\n"
            "            found.remove(value)\n"
            "            found.append(value)\n"
            "        else:\n",
            "sorted(found, key=lambda value: value.place)",
            "found[::-1]",
        ),
        slip(
            "the newest value comes first, where the oldest should",
            "A value must stand after all that it was made of: sort by place.",
            "sorted(found, key=lambda value: value.place)",
            "found",
        ),
        slip(
            "the values are sorted by their numbers",
            "What counts is when a value was made: value.place.",
            "value.place",
            "value.number",
        ),
        slip(
            "the values are sorted by how many sources they have",
            "What counts is when a value was made: value.place.",
            "value.place",
            "len(value.made_of)",
        ),
        slip(
            "a value that is used twice stands on the tape twice",
            "Note each value once: if value not in found.",
            "        if value not in found:\n",
            "        if True:\n",
        ),
        slip(
            "only the first source of each value is followed",
            "All of made_of belong to the tape.",
            "value.made_of]",
            "value.made_of[:1]]",
        ),
        slip(
            "only the last source of each value is followed",
            "All of made_of belong to the tape.",
            "value.made_of]",
            "value.made_of[-1:]]",
        ),
        slip(
            "what the sources were made of is not followed",
            "Every source waits for its own turn.",
            "            waiting += [source for source, _ in value.made_of]\n",
            "            waiting += [\n"
            "                source for source, _ in last.made_of\n"
            "            ]\n",
        ),
        slip(
            "the loss itself is missing on the tape, and nobody passes on its "
            "1",
            "The value itself belongs to its tape, at the end.",
            "waiting = [last]",
            "waiting = [source for source, _ in last.made_of]",
        ),
        slip(
            "the inputs are missing, which were made of nothing",
            "They belong to the tape as well.",
            "found.append(value)",
            "found += [value] * bool(value.made_of)",
        ),
    ),
    hints=(
        "In `s + s * s` the last step is a sum. Which of its two sources is "
        "found first, and has the other one passed on by then?",
        "A value may only hand on when everything made of it has had its "
        "turn. Each value knows its `place`.",
        "`sorted(found, key=lambda value: value.place)`.",
    ),
    why="""\
`s` leads to the loss directly, and through `s * s`.
The broken list puts it beside `s * s`, because it is found over the short way
first, and so it passes on before its share over the long way has arrived.
The place of a value is larger than those of all its sources, so in this order
everything has arrived when a value's turn comes.""",
)
