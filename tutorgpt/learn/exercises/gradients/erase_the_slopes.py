"""Exercise 0.5. A bug hunt: a training step that never forgets."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.comparing import number
from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip
from tutorgpt.learn.exercises.gradients.formulas import result, values

BROKEN = '''\
def step_downhill(weights, loss_of, learning_rate):
    """One step downhill; gives back the loss before it, as a number."""
    loss = loss_of(weights)
    loss.backward()
    for weight in weights:
        weight.number -= learning_rate * weight.slope
    return loss.number'''

MENDED = BROKEN.replace(
    "    loss.backward()\n",
    "    for weight in weights:\n"
    "        weight.slope = 0.0\n"
    "    loss.backward()\n",
)


def three_steps(
    attempt: Any,
    text: str,
    numbers: tuple[float, ...],
    learning_rate: float,
    slope: float = 0.5,
) -> Any:
    """What three steps give back, and where the three weights are then.

    slope: the weights come from an earlier walk, and their slopes with them.
    """
    weights = values(numbers)
    for weight in weights:
        weight.slope = slope
    found = []
    for call in (1, 2, 3):
        given = attempt(weights, lambda w: result(text, w), learning_rate)
        if given is ...:
            return given
        if given is None:
            raise ComplaintError(
                f"call {call} of step_downhill gives back None, where the "
                "loss is expected: see whether `return` is its last line"
            )
        if hasattr(given, "number"):
            raise ComplaintError(
                "the loss comes back as a Value: its number is wanted, "
                "loss.number"
            )
        found.append(float(given))
    found += [weight.number for weight in weights]
    return torch.tensor(found, dtype=torch.float64)


def any_step(draw: random.Random) -> tuple:
    """A valley with its lowest point anywhere, and a learning rate."""
    a, b, c = (round(draw.uniform(-2, 2), 2) for _ in range(3))
    text = f"loss = (x - {a})**2 + (y * x - {b})**2 + (z - {c})**2"
    return (
        text,
        tuple(draw.uniform(-1, 1) for _ in range(3)),
        draw.uniform(0.01, 0.1),
    )


def goes_downhill(
    again: Any, args: tuple, expected: Float[Tensor, "6"]
) -> str | None:
    """A rule: what the first losses and weights say."""
    found = again(*args)
    first, second = found[:2].tolist()
    right = expected[:2].tolist()
    if abs(first - right[0]) > 1e-6:
        return (
            f"the first call gives back {number(first)}, and the loss before "
            f"the step is {number(right[0])}"
        )
    if abs(second - first) < 1e-9:
        return "the second loss is the first one: no weight has moved"
    if second > first:
        return (
            f"a step takes the loss from {number(first)} up to "
            f"{number(second)}"
        )
    if abs(second - right[1]) > 1e-6:
        says = (
            f"the first step takes the loss to {number(second)}, and it "
            f"should be {number(right[1])}"
        )
        if abs(again(*args, 0.0)[1] - second) > 1e-6:
            return f"{says}: what was in the slopes before has a say"
        return (
            f"{says}, whatever was in the slopes before: look at how far "
            "each weight moves"
        )
    return "the first step is right, and a later one is not"


EXERCISE = Exercise(
    number="0.5",
    title="Downhill, and up again",
    kind="bug",
    difficulty="easy",
    importance=4,
    task="""\
This step trained the table of *banana bandana*; `weights` is a list of values
and `loss_of` makes a loss of them.
Read the curve, name the bug, and repair the step, so that it is right
whatever was done with the weights before.""",
    starter=BROKEN,
    target="step_downhill",
    solution=MENDED,
    suspect="gradients never erased",
    symptom="the loss falls for some steps, then climbs and swings",
    cases=lambda: [
        ("loss = (x - 3)**2 + y * y + z**2", (0.0, 1.0, -1.0), 0.1),
        ("loss = x * x + (y - x)**2 + z * z", (2.0, 0.5, 1.0), 0.05),
        ("loss = (x * y - 2)**2 + z**4", (1.0, 1.0, 0.5), 0.02),
    ],
    domain=any_step,
    run=three_steps,
    labels=("formula", "numbers", "learning_rate"),
    parts=(
        "the loss given back by step 1",
        "the loss given back by step 2",
        "the loss given back by step 3",
        "the first weight after three steps",
        "the second weight after three steps",
        "the third weight after three steps",
    ),
    rules=(goes_downhill,),
    wrong=(
        slip(
            "the slopes are still never erased",
            "Set each weight.slope to 0.0 before backward().",
            "    for weight in weights:\n        weight.slope = 0.0\n",
            "",
        ),
        slip(
            "the weights of the list do not move: the slopes are 0 when the "
            "step is taken, erased after backward() or never computed, or "
            "the step is taken by copies",
            "Three things in this order: erase, loss.backward(), step.",
            "    for weight in weights:\n        weight.slope = 0.0\n"
            "    loss.backward()\n",
            "    loss.backward()\n"
            "    for weight in weights:\n        weight.slope = 0.0\n",
        ),
        slip(
            "the slopes are erased at the end, and what stood in them before "
            "the first call has a say in it",
            "Erase at the beginning, before loss.backward().",
            "    for weight in weights:\n        weight.slope = 0.0\n"
            "    loss.backward()\n"
            "    for weight in weights:\n"
            "        weight.number -= learning_rate * weight.slope\n",
            "    loss.backward()\n"
            "    for weight in weights:\n"
            "        weight.number -= learning_rate * weight.slope\n"
            "        weight.slope = 0.0\n",
        ),
        slip(
            "the weights are erased, not their slopes",
            "Set weight.slope to 0.0.",
            "weight.slope = 0.0",
            "weight.number = 0.0",
        ),
        slip(
            "the slopes are set to 1 and not to 0",
            "Set weight.slope to 0.0: backward() adds to it.",
            "weight.slope = 0.0",
            "weight.slope = 1.0",
        ),
        slip(
            "only the first weight's slope is erased",
            "Every weight has one: for weight in weights.",
            "    for weight in weights:\n        weight.slope = 0.0\n",
            "    weights[0].slope = 0.0\n",
        ),
        slip(
            "only the last weight's slope is erased",
            "Every weight has one: erase it inside of the loop.",
            "    for weight in weights:\n        weight.slope = 0.0\n",
            "    weights[-1].slope = 0.0\n",
        ),
        slip(
            "only the last weight's slope is erased, after the step",
            "Every weight has one: erase each before backward().",
            "    for weight in weights:\n        weight.slope = 0.0\n"
            "    loss.backward()\n",
            "    loss.backward()\n",
            "    return loss.number",
            "    weight.slope = 0.0\n    return loss.number",
        ),
        slip(
            "the step is divided by the number of weights",
            "Each weight moves by learning_rate * weight.slope.",
            "learning_rate * weight.slope",
            "learning_rate * weight.slope / len(weights)",
        ),
        slip(
            "the step goes uphill",
            "Against the slope: -=.",
            "weight.number -=",
            "weight.number +=",
        ),
        slip(
            "the learning rate is left out",
            "learning_rate * weight.slope.",
            "learning_rate * weight.slope",
            "weight.slope",
        ),
        slip(
            "it is divided by the learning rate",
            "learning_rate * weight.slope.",
            "learning_rate * weight.slope",
            "weight.slope / learning_rate",
        ),
        slip(
            "the step is twice as long: backward(), which adds, is called "
            "twice, or there is a factor 2",
            "One call, and learning_rate * weight.slope.",
            "    loss.backward()\n",
            "    loss.backward()\n    loss.backward()\n",
        ),
        slip(
            "the weight is replaced by the step",
            "The weight moves by it: -=.",
            "weight.number -= learning_rate",
            "weight.number = -learning_rate",
        ),
        slip(
            "the weights are set to 0 after the step",
            "Only slopes are erased: a weight stays where the step has put "
            "it.",
            "learning_rate * weight.slope\n",
            "learning_rate * weight.slope\n        weight.number = 0.0\n",
        ),
        slip(
            "all weights move by the first one's slope",
            "Each weight has its own: weight.slope.",
            "learning_rate * weight.slope",
            "learning_rate * weights[0].slope",
        ),
        slip(
            "the loss given back is the one after the step",
            "The docstring promises the loss before it.",
            "return loss.number",
            "return loss_of(weights).number",
        ),
        slip(
            "only the first weight is moved",
            "Is the `return` inside of the loop?",
            "    return loss.number",
            "        return loss.number",
        ),
        slip(
            "the step is taken before backward(), with the slopes that "
            "stood there before",
            "Three things in this order: erase, loss.backward(), step.",
            "    for weight in weights:\n"
            "        weight.slope = 0.0\n"
            "    loss.backward()\n"
            "    for weight in weights:\n"
            "        weight.number -= learning_rate * weight.slope\n",
            "    for weight in weights:\n"
            "        weight.number -= learning_rate * weight.slope\n"
            "        weight.slope = 0.0\n"
            "    loss.backward()\n",
        ),
        slip(
            "the step itself stands where the weight should",
            "The weight moves by it: -=.",
            "weight.number -= learning_rate",
            "weight.number = learning_rate",
        ),
    ),
    hints=(
        "The first step is right. What does the second one find in the "
        "slopes?",
        "`backward()` *adds* to the slopes that are there.",
        "Set `weight.slope = 0.0` for every weight, before `loss.backward()`.",
    ),
    why="""\
`backward()` adds, so without erasing each step repeats all the earlier ones.
The steps become longer and longer, run through the valley and up the other
side, and swing back only when the sum of all slopes has changed its sign.
PyTorch's `optimizer.zero_grad()` does the erasing.""",
)
