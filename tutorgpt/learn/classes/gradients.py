"""The class of chapter 0, a number and no module."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.gradients import Value
from tutorgpt.learn.check.exercise import ComplaintError, slip
from tutorgpt.learn.check.taught import taught
from tutorgpt.learn.exercises.gradients.formulas import (
    NAMES,
    SLOPES,
    by_two_evaluations,
    is_value,
    result,
    slopes_of,
)

ONE_BY_ONE = (
    "loss = x + y",
    "loss = x",
    "loss = x * y",
    "loss = x**3",
    "loss = x.exp()",
    "loss = x.log()",
    "loss = x.tanh()",
    "loss = x - y",
    "loss = x / y",
    "loss = 2 - x * 3",
    "loss = x * x",
    "s = x * y; loss = s + s * s",
)
"""Formulas for one thing each."""
ONCE_MORE = tuple(f"{slope} after backward() again" for slope in SLOPES)


def reckon(attempt: Any, text: str, numbers: tuple[float, ...]) -> Any:
    """What a class makes of a formula: its number and all the slopes.

    Those after a second call of backward() too, which adds to the inputs'.
    """
    inputs = [attempt(number) for number in numbers]
    last = result(text, inputs)
    if not is_value(last):
        raise ComplaintError(
            f"of {text!r} comes something of type {type(last).__name__}, "
            "where a Value is expected"
        )
    last.backward()
    once = slopes_of(inputs)
    last.backward()
    number = torch.tensor([last.number], dtype=torch.float64)
    return torch.cat([number, once, slopes_of(inputs)])


def formulas() -> list[tuple]:
    """Each operation alone, then some together."""
    return [
        *((text, (1.5, -0.5)[: 1 + ("y" in text)]) for text in ONE_BY_ONE),
        ("s = x.tanh() * y; loss = s * s + (s + z).exp()", (0.3, -1.2, 0.5)),
        ("s = x / (y * y + 1); loss = s.exp().log() - s**2 * x", (2.0, 0.7)),
        ("loss = sum([x, y, z]) + x**0 + 3 / z", (2.0, 1.0, 4.0)),
    ]


def wrong_operation(
    again: Any, args: tuple, expected: Float[Tensor, " n"]
) -> str | None:
    """A rule: the first formula whose number or slope is not right."""
    numbers = (1.5, -0.5)
    for text in ONE_BY_ONE:
        found = again(text, numbers).tolist()
        right = result(text, [*map(Value, numbers)]).number
        what = text.removeprefix("loss = ")
        if abs(found[0] - right) > 1e-6:
            return f"of {what} it makes {found[0]:.3f}, and it is {right:.3f}"
        slopes = by_two_evaluations(text, numbers)
        for name, slope, got in zip(NAMES, slopes, found[1:], strict=False):
            if abs(slope - got) > 1e-4:
                return (
                    f"of {what} two evaluations give {name} the slope "
                    f"{slope:.3f}, and it has {got:.3f}"
                )
    return None


MULTIPLIED = "Along a way slopes are multiplied: local * value.slope."
BACKWARDS = "The newest value comes first: reversed(values)."

CLASSES = (
    taught(
        Value,
        "its slopes are those of two evaluations",
        slip(
            "a slope is replaced by what arrives last",
            "What arrives over several ways is added: +=.",
            "source.slope += local",
            "source.slope = local",
        ),
        slip(
            "the tape is read from its oldest value on",
            BACKWARDS,
            "reversed(values)",
            "values",
        ),
        slip(
            "the local slope is left out",
            MULTIPLIED,
            "local * value.slope",
            "value.slope",
        ),
        slip(
            "what has arrived at a value is left out when it passes on",
            MULTIPLIED,
            "local * value.slope",
            "local",
        ),
        slip(
            "the slope of the loss by itself is never set",
            "Begin with self.slope = 1.0.",
            "        self.slope = 1.0\n",
            "",
        ),
        slip(
            "what arrives is subtracted",
            "What arrives over several ways is added: +=.",
            "source.slope += local",
            "source.slope -= local",
        ),
        slip(
            "all slopes are erased first, those of the weights too",
            "backward() adds to what the weights have: only values that were "
            "made of something begin at 0.",
            "[value for value in values if value.made_of]",
            "values",
        ),
        slip(
            "nothing is erased first, so that a second backward() passes on "
            "what the first one left on the way",
            "Values that were made of something begin at 0.",
            "            value.slope = 0.0",
            "            pass",
        ),
        slip(
            "the local slopes of a product are exchanged",
            "a * b changes b times as fast as a: (a, b.number).",
            "((a, b.number), (b, a.number))",
            "((a, a.number), (b, b.number))",
        ),
        slip(
            "the local slopes of a product are those of a sum",
            "a * b changes b times as fast as a: (a, b.number).",
            "((a, b.number), (b, a.number))",
            "((a, 1.0), (b, 1.0))",
        ),
        slip(
            "a product remembers its first factor alone",
            "It was made of both.",
            "((a, b.number), (b, a.number))",
            "((a, b.number),)",
        ),
        slip(
            "a sum remembers its first term alone",
            "It was made of both.",
            "((a, 1.0), (b, 1.0))",
            "((a, 1.0),)",
        ),
        slip(
            "the slope of a power lacks the power as a factor",
            "The slope of x**3 is 3 * x**2.",
            "n * self.number",
            "self.number",
        ),
        slip(
            "the power is not lowered in its slope",
            "The slope of x**3 is 3 * x**2.",
            "(n - 1)",
            "n",
        ),
        slip(
            "the slope of exp is 1",
            "e to the power of x is its own slope.",
            "((self, math.exp(self.number)),)",
            "((self, 1.0),)",
        ),
        slip(
            "the slope of exp is its input",
            "e to the power of x is its own slope.",
            "((self, math.exp(self.number)),)",
            "((self, self.number),)",
        ),
        slip(
            "the slope of log is its input, not 1 divided by it",
            "ln x changes the slower the larger x is: 1 / x.",
            "1 / self.number",
            "self.number",
        ),
        slip(
            "log is the one to base 10",
            "math.log is the natural logarithm.",
            "math.log(",
            "math.log10(",
        ),
        slip(
            "the slope of tanh lacks the square",
            "It is 1 - tanh(x)**2.",
            "1 - result**2",
            "1 - result",
        ),
        slip(
            "the slope of tanh is 1 + tanh(x)**2",
            "It is 1 - tanh(x)**2: flat at both ends.",
            "1 - result**2",
            "1 + result**2",
        ),
        slip(
            "the slope of tanh takes the square of the input",
            "It is 1 - tanh(x)**2, of the result.",
            "1 - result**2",
            "1 - self.number**2",
        ),
        slip(
            "the place follows the first of the sources, not the latest",
            "A value's place is one more than the latest of its sources.",
            "1 + max([made.place for made, _ in made_of], default=0)",
            "1 + (made_of[0][0].place if made_of else 0)",
        ),
        slip(
            "nothing is remembered: made_of is always empty",
            "self.made_of = made_of.",
            "float(number), 0.0, made_of\n",
            "float(number), 0.0, ()\n",
        ),
        cases=formulas,
        run=reckon,
        labels=("formula", "numbers"),
        parts=("the number of the loss", *SLOPES, *ONCE_MORE),
        rules=(wrong_operation,),
    ),
)
