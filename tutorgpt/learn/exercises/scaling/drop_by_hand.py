"""Exercise 6.3. Dropout from given noise."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


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


EXERCISE = Exercise(
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
