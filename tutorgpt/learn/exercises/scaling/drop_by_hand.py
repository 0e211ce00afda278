"""Exercise 6.3. Dropout from given noise."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def to_drop() -> list[tuple]:
    """Inputs, a share to drop, and uniform noise of the same shape."""
    g = torch.Generator().manual_seed(14)
    cases = [
        (
            torch.randn(*shape, generator=g),
            p,
            torch.rand(*shape, generator=g),
        )
        for shape, p in (((50,), 0.5), ((4, 20), 0.2), ((2, 3, 9), 0.0))
    ]
    # Noise in quarters, so that some of it is p itself; noise of 0, p of 0.
    for p in (0.25, 0.75, 0.0):
        quarters = torch.arange(12).view(3, 4) % 4 / 4
        cases.append((torch.arange(-5.0, 7).view(3, 4), p, quarters))
    # And a hair's breadth below p; many kinds of p; p near 1.
    hair = torch.tensor([0.25, 0.2499999, 0.2500001, 0.2])
    x = torch.arange(1.0, 65)
    return [
        *cases,
        (x[:4], 0.25, hair),
        (x, 0.3125, torch.arange(64) / 64),
        (-x, 0.96875, torch.arange(64) / 64),
    ]


def any_noise(draw: random.Random) -> tuple:
    """Any shape, p from 0 to below 1, and noise that may be p itself."""
    shape = [draw.randint(1, 6) for _ in range(draw.randint(1, 3))]
    g = torch.Generator().manual_seed(draw.getrandbits(30))
    x = torch.randn(shape, generator=g).mul(4).round()
    noise = torch.randint(0, 16, shape, generator=g) / 16
    if draw.random() < 0.5:
        noise = torch.rand(shape, generator=g)
    return x, draw.choice((0.0, draw.randrange(16) / 16)), noise


def drops_by_the_noise(
    again: Any, args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: exactly the numbers whose noise is below p become zero."""
    noise = torch.tensor([0.0, 0.1, 0.25, 0.5, 0.75, 0.9])
    for p in (0.75, 0.5, 0.0):
        gone = again(torch.ones(6), p, noise) == 0
        wrong = (gone != (noise < p)).nonzero().flatten().tolist()
        if wrong:
            # The plainest one: far from p there is no question of equality.
            worst = max(wrong, key=lambda n: abs(noise[n].item() - p))
            at = noise[worst]
            which = "equal to"
            if at != p:
                which = "above" if at > p else "below"
            became = "becomes" if gone[worst] else "does not become"
            return (
                f"with p = {p:g}, a 1 whose noise is {at:g}, {which} p, "
                f"{became} zero: the zeros do not stand where the noise is "
                "below p"
            )
    return None


def grows_as_it_should(
    again: Any, args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: what becomes of a number that stays."""
    noise = torch.tensor([0.9, 0.95, 0.1])
    found = again(torch.tensor([3.0, -2.0, 5.0]), 0.75, noise)
    if abs(found[0] - 12) < 1e-3 and abs(found[1] + 8) < 1e-3:
        return None
    return (
        "with p = 0.75, of which 1 in 4 stays, 3 and -2 that stay should "
        f"become 12 and -8, so that the mean stays; they become "
        f"{found[0]:.3g} and {found[1]:.3g}"
    )


EXERCISE = Exercise(
    number="6.3",
    title="Dropout by hand",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `drop_out(x, p, noise)`: `noise` is uniform in $[0, 1)$ and of the
same shape, and `p` is from 0 to below 1; numbers whose noise is below `p`
become zero, and the rest grow so that the mean stays.
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
    domain=any_noise,
    rules=(drops_by_the_noise, grows_as_it_should),
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
            "a number whose noise is p itself is dropped as well",
            "Below p, not up to p: noise >= p stays.",
            "noise >= p",
            "noise > p",
        ),
        slip(
            "the share p is kept and the rest dropped, and it is divided by p",
            "Numbers with noise *below* p become zero, 1 - p of them stay.",
            "noise >= p",
            "noise < p",
            "/ (1 - p)",
            "/ p",
        ),
        slip(
            "the share p is kept and the rest dropped, and nothing grows",
            "Numbers with noise *below* p become zero; divide by 1 - p.",
            "noise >= p",
            "noise < p",
            " / (1 - p)",
            "",
        ),
        slip(
            "it is divided by the share that happened to stay this time",
            "Divide by 1 - p, the share that stays on average.",
            "/ (1 - p)",
            "/ kept.float().mean()",
        ),
        slip(
            "what is kept grows by 1 + p",
            "A share of 1 - p is left: divide by it.",
            "/ (1 - p)",
            "* (1 + p)",
        ),
        slip(
            "the mask itself is given back, and not the numbers",
            "Multiply x by it.",
            "x * kept",
            "kept",
        ),
        slip(
            "the noise is added to the numbers",
            "It only decides which of them stay.",
            "x * kept",
            "(x + noise) * kept",
        ),
        slip(
            "the numbers are multiplied by the noise",
            "Multiply by `noise >= p`, which is 0 or 1.",
            "x * kept",
            "x * noise",
        ),
        slip(
            "what is dropped becomes p, not zero",
            "Multiply by `noise >= p`, which is 0 or 1.",
            "return x * kept / (1 - p)",
            "return torch.where(kept, x / (1 - p), p)",
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
        slip(
            "the noise is compared with 1 - p",
            "Below p a number is dropped: as often, and others.",
            "noise >= p",
            "noise < 1 - p",
        ),
        slip(
            "it is divided by the root of 1 - p, which keeps the "
            "variance and not the mean",
            "The mean stays where what is kept is divided by 1 - p.",
            "/ (1 - p)",
            "/ (1 - p) ** 0.5",
        ),
        slip(
            "what should be dropped stays, and is only not divided",
            "Below p the number becomes 0.",
            "    return x * kept / (1 - p)",
            "    return torch.where(kept, x / (1 - p), x)",
        ),
        slip(
            "p is added to what is kept",
            "Divide by the share that stays, 1 - p.",
            "x * kept / (1 - p)",
            "(x + p) * kept",
        ),
        slip(
            "only the numbers that are kept come back, without the zeros",
            "The shape stays: multiply by 0 or 1, or use torch.where.",
            "x * kept / (1 - p)",
            "x[kept] / (1 - p)",
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
