"""Exercises of chapter 6: dropout by hand and the cosine schedule."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.exercise import Exercise, slip


def to_drop() -> list[tuple]:
    """Inputs, a share to drop, and uniform noise of the same shape."""
    g = torch.Generator().manual_seed(14)
    return [
        (
            torch.randn(*shape, generator=g),
            p,
            torch.rand(*shape, generator=g),
        )
        for shape, p in (((50,), 0.5), ((4, 20), 0.2), ((2, 3, 9), 0.0))
    ]


def keeps_the_mean(
    again: Any, args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: on many ones the mean stays 1."""
    g = torch.Generator().manual_seed(15)
    p = args[1]
    mean = again(torch.ones(20000), p, torch.rand(20000, generator=g)).mean()
    if abs(mean - 1) > 0.05:
        return f"many ones should keep the mean 1, and it becomes {mean:.2f}"
    return None


def drops_by_the_noise(
    again: Any, args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: exactly the numbers whose noise is below p become zero."""
    x, p, noise = args
    gone = again(torch.ones_like(x), p, noise) == 0
    if (gone != (noise < p)).any():
        return "the zeros do not stand where the noise is below p"
    return None


DROP = Exercise(
    number="6.3",
    title="Dropout by hand",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `drop_out(x, p, noise)`: `noise` is uniform in $[0, 1)$ and of the
same shape; numbers whose noise is below `p` become zero, and the rest grow
so that the mean stays.
What would a model meet in eval mode without that last part?""",
    starter='''\
def drop_out(x, p, noise):
    """x with the share p set to zero, and the same mean."""
    return ...''',
    target="drop_out",
    solution='''\
def drop_out(x, p, noise):
    """x with the share p set to zero, and the same mean."""
    kept = noise >= p
    return x * kept / (1 - p)''',
    cases=to_drop,
    rules=(drops_by_the_noise, keeps_the_mean),
    wrong=(
        slip(
            "what is kept does not grow, so the mean falls to 1 - p",
            "Divide by the share that is kept.",
            " / (1 - p)",
            "",
        ),
        slip(
            "it is divided by p instead of 1 - p",
            "The share that is kept is 1 - p.",
            "/ (1 - p)",
            "/ p",
        ),
        slip(
            "the share p is kept and the rest dropped",
            "Numbers with noise *below* p become zero.",
            "noise >= p",
            "noise < p",
        ),
        slip(
            "what is kept shrinks by 1 - p instead of growing",
            "Divide, do not multiply.",
            "/ (1 - p)",
            "* (1 - p)",
        ),
        slip(
            "the numbers themselves are compared with p, not the noise",
            "Which numbers go is left to chance, whatever they are.",
            "noise >= p",
            "x >= p",
        ),
        slip(
            "nothing is dropped",
            "Multiply by `noise >= p`, which is 0 or 1.",
            "x * kept",
            "x",
        ),
        slip(
            "p is subtracted from what is kept",
            "The scale changes by a factor.",
            "x * kept / (1 - p)",
            "x * kept - p",
        ),
    ),
    hints=(
        "Which numbers stay? `noise >= p` says it.",
        "A share of 1 - p is left: what must the rest be multiplied by?",
        "`x * (noise >= p) / (1 - p)`.",
    ),
    why="""\
Of many numbers the share $1 - p$ is left, so the mean would shrink by that
factor; dividing by it beforehand leaves nothing to do in eval mode.
Without it, every number would be $1 / (1 - p)$ times larger in eval mode
than anything the next layer has seen in training.""",
)


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


COSINE = Exercise(
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
While weights are fresh, gradients point anywhere and Adam's averages are
young: small steps first.
At the end, small steps again let the weights settle.
The cosine is flat at both ends, so nothing jumps.""",
)
