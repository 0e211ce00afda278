"""Exercise 4.2. A tent-shaped curve from three ReLUs."""

import random
from typing import Any

import torch
from jaxtyping import Float, Shaped
from torch import Tensor
from torch.overrides import TorchFunctionMode

from tutorgpt.learn.check.comparing import number, same
from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip

BENDS = {
    *("relu", "relu_", "relu6", "leaky_relu", "threshold", "_threshold"),
    *("clamp", "clamp_", "clip", "clamp_min", "clamp_max", "hardtanh"),
    *("maximum", "minimum", "fmax", "fmin", "max", "min", "where"),
}
"""Functions of torch that can bend a line."""
SUMS = {"add", "add_", "__add__", "__radd__", "__iadd__"}
"""x + |x| is twice a ReLU."""
BOTH_ENDS = {"__and__", "__iand__", "logical_and", "bitwise_and"}
"""Masks with two ends cut a piece out of a line."""
PRODUCTS = {"mul", "multiply", "mul_"}
OUT_OF_SIGHT = {
    *("item", "tolist", "numpy", "__array__", "__bool__"),
    *("lt", "le", "gt", "ge", "__lt__", "__le__", "__gt__", "__ge__"),
    *("masked_fill", "masked_fill_", "__setitem__", "heaviside"),
}
"""Ways to a ReLU that cannot be counted."""


class Bends(TorchFunctionMode):
    """Watches which functions bend the line z while an answer runs.

    relus: how many numbers went through a ReLU, by whatever name it came.
    others: what bent a line in another way, in words.
    nested: whether a ReLU read something that is not a line in z itself.
    lost: whether numbers left torch, so that there is no telling.
    """

    def __init__(self, z: Float[Tensor, "*axes"]) -> None:
        super().__init__()
        self.z = z
        self.relus = 0
        self.others: list[str] = []
        self.nested = self.lost = False

    def __torch_function__(
        self, func: Any, types: Any, args: tuple = (), kwargs: Any = None
    ) -> Any:
        name = getattr(func, "__name__", "")
        # A copy, made before the call, which may write into what it reads.
        read = [
            arg.detach().double()
            for arg in args
            if isinstance(arg, Tensor) and arg.is_floating_point()
        ]
        result = func(*args, **(kwargs or {}))
        self.lost |= name in OUT_OF_SIGHT
        if name in BOTH_ENDS:
            self.others.append("a mask with two ends")
        elif isinstance(result, Tensor) and name in BENDS | PRODUCTS | SUMS:
            self._note(name, read, result.detach().double())
        return result

    def _note(
        self,
        name: str,
        read: list[Float[Tensor, "..."]],
        result: Shaped[Tensor, "..."],
    ) -> None:
        """Is it a ReLU of something it read, or another bend?"""
        once = result / 2 if name in SUMS else result
        cut = [a for a in read if _is_relu(a, once)]
        if cut:
            self.relus += result.numel()
            self.nested |= not any(self.is_line(a) for a in cut)
        elif name in BENDS:
            self.others.append(f"torch.{name}")

    def is_line(self, a: Float[Tensor, "..."]) -> bool:
        """Whether a is a line in z, as far as that can be seen."""
        z = self.z.double().flatten()
        if a.shape != self.z.shape or z.max() == z.min():
            return True
        a, low, high = a.flatten(), z.argmin(), z.argmax()
        slope = (a[high] - a[low]) / (z[high] - z[low])
        return torch.allclose(a, a[low] + slope * (z - z[low]), atol=1e-3)


def _is_relu(a: Float[Tensor, "..."], result: Shaped[Tensor, "..."]) -> bool:
    # max(a, 1) is a ReLU as well, (a - 1).relu() + 1.
    low = result.min().item()
    return (
        a.shape == result.shape
        and bool((a < low).any())
        and torch.equal(a.clamp(min=low), result)
    )


def with_three_neurons(attempt: Any, z: Float[Tensor, "*axes"]) -> Any:
    """What an answer gives; a bump made in another way is refused."""
    with Bends(z) as seen:
        result = attempt(z)
    # Where something is wrong with the numbers, they come first.
    # Numbers in all four stretches: where the bump is 0 throughout, a sum of
    # two lines looks like a bend of one of them.
    stretches = (z < 0, (z > 0) & (z < 1), (z > 1) & (z < 2), z > 2)
    wide = z.numel() > 4 and all(map(torch.any, stretches))
    if not wide or not same(result, (1 - (z - 1).abs()).clamp(min=0)):
        return result
    if seen.others:
        raise ComplaintError(
            f"it is the right curve, and {seen.others[0]} bends it: "
            "the task asks for a weighted sum of three ReLUs"
        )
    if seen.nested:
        raise ComplaintError(
            "it is the right curve, and one ReLU reads what another bend "
            "gave: the task asks for three side by side, each reading z "
            "less a number, weighted and added"
        )
    if not seen.lost and seen.relus < 3 * z.numel():
        called = seen.relus // z.numel()
        raise ComplaintError(
            f"it is the right curve, and {called} of its parts came from a "
            "ReLU: the task asks for a weighted sum of three"
        )
    return result


def any_inputs(draw: random.Random) -> tuple:
    """Inputs of any shape; sixteenths, so that no sum of them is rounded."""
    shape = [draw.randint(1, 5) for _ in range(draw.randint(1, 3))]
    g = torch.Generator().manual_seed(draw.getrandbits(30))
    low, high = draw.choice(((-16, 48), (-160, 160), (-16000, 16000)))
    return (torch.randint(low, high, shape, generator=g) / 16,)


STRETCHES = (
    ("below 0", -3.0, 0.0, 0.0, 0.0),
    ("from 0 to 1", 0.0, 1.0, 0.0, 1.0),
    ("from 1 to 2", 1.0, 2.0, 1.0, 0.0),
    ("beyond 2, up to 5", 2.0, 5.0, 0.0, 0.0),
)
"""Where, start, end, and the heights at both."""


def another_tent(again: Any, args: tuple, expected: Any) -> str | None:
    """Of a tent in another place, or of another size, what it is."""
    z = torch.arange(-6 * 16, 10 * 16) / 16
    found = torch.as_tensor(again(z)).double()
    if not found.isfinite().all() or found.max() <= 0:
        return None
    top = z[found.argmax()].item()
    inside = z[found > 1e-4]
    low, high = inside[0].item() - 1 / 16, inside[-1].item() + 1 / 16
    half = (high - low) / 2
    if not same(found, found.max() * (1 - (z - top).abs() / half).relu()):
        return None
    says = (
        f"it is a tent from {low:g} to {high:g} with its top, "
        f"{found.max():g}, at {top:g}"
    )
    return f"{says}, and the one from 0 to 2 with its top, 1, at 1 is wanted"


def each_stretch(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: the four lines that the bump is made of."""
    tent = another_tent(again, args, expected)
    if tent:
        return tent
    wrong = []
    for where, start, end, low, high in STRETCHES:
        z = torch.tensor([start, (start + end) / 2, end])
        found = again(z)
        right = torch.tensor([low, (low + high) / 2, high])
        if not same(found, right):
            a, middle, b = map(number, found.tolist())
            wrong.append(
                f"{where} it goes from {a} over {middle} to {b} instead of "
                + (
                    f"from {low:g} to {high:g}"
                    if low != high
                    else "lying at 0"
                )
            )
    return "; ".join(wrong) or None


EXERCISE = Exercise(
    number="4.2",
    title="A bump from three neurons",
    kind="write",
    difficulty="medium",
    importance=5,
    task="""\
Write `bump(z)` as a weighted sum of three ReLUs: zero for inputs below 0,
rising to 1 at 1, back to zero at 2, and zero from there on.
What do many bumps side by side tell you about neurons and curves?""",
    starter='''\
def bump(z):
    """A tent between 0 and 2, from three neurons."""
    return ...''',
    target="bump",
    solution='''\
def bump(z):
    """A tent between 0 and 2, from three neurons."""
    return z.relu() - 2 * (z - 1).relu() + (z - 2).relu()''',
    cases=lambda: [
        (torch.linspace(-1, 4, 11),),
        (torch.linspace(-3, 7, 40).view(4, 10),),
        (torch.tensor([1.0]),),
        (torch.tensor([[-1000.0, 2.25], [1000.0, 0.5]]).view(2, 1, 2),),
    ],
    domain=any_inputs,
    run=with_three_neurons,
    rules=(each_stretch,),
    wrong=(
        slip(
            "the second neuron only stops the rise: the bump never comes down",
            "At 1 the slope has to change from +1 to -1, by -2.",
            "2 * (z - 1)",
            "1 * (z - 1)",
        ),
        slip(
            "the curve rises to 1 and stays there",
            "At 1 the slope has to change by -2, at 2 by +1.",
            "2 * (z - 1).relu() + (z - 2).relu()",
            "(z - 1).relu()",
        ),
        slip(
            "the third neuron is taken away instead of added",
            "At 2 the slope has to change from -1 to 0, by +1.",
            "+ (z - 2)",
            "- (z - 2)",
        ),
        slip(
            "the curve rises, stays at 1 from 1 to 2, and falls for ever",
            "Changes of slope: +1 at 0, -2 at 1, +1 at 2.",
            "2 * (z - 1).relu() + (z - 2)",
            "(z - 1).relu() - (z - 2)",
        ),
        slip(
            "the second and third neuron look the other way, b - z",
            "(1 - z).relu() is on below 1; (z - 1).relu() is on above it.",
            "(z - 1)",
            "(1 - z)",
            "(z - 2)",
            "(2 - z)",
        ),
        slip(
            "the second neuron has no bend",
            "(z - 1).relu() does nothing below 1.",
            "(z - 1).relu()",
            "(z - 1)",
        ),
        slip(
            "the bump is 1 wide: it is back at zero at 1 already",
            "The bends lie at 0, 1 and 2.",
            "(z - 1)",
            "(z - 0.5)",
            "(z - 2)",
            "(z - 1)",
        ),
        slip(
            "the bend is ReLU6, which ends at 6, so the curve does not stay "
            "at zero far to the right",
            "ReLU has one bend, at 0, and no end: z.relu().",
            "z.relu() - 2 * (z - 1).relu() + (z - 2).relu()",
            "F.relu6(z) - 2 * F.relu6(z - 1) + F.relu6(z - 2)",
        ),
        slip(
            "all three neurons bend at one place",
            "Each has its own: z, z - 1, z - 2.",
            "(z - 1)",
            "z",
            "(z - 2)",
            "z",
        ),
        slip(
            "the curve falls for ever, as without the third neuron",
            "At 2 the slope has to become 0 again.",
            " + (z - 2).relu()",
            "",
        ),
        slip(
            "the third neuron bends too far: the curve rises again",
            "The slope before 2 is -1, and one unit brings it to 0.",
            " + (z - 2).relu()",
            " + 2 * (z - 2).relu()",
        ),
        slip(
            "the bends lie on the other side of zero",
            "(z - 1).relu() begins at 1, (z + 1).relu() at -1.",
            "z - 1",
            "z + 1",
            "z - 2",
            "z + 2",
        ),
        slip(
            "the first neuron has no bend, so the left side is not flat",
            "Below 0 nothing may come through: z.relu().",
            "z.relu()",
            "z",
        ),
        slip(
            "the bump hangs upside down",
            "It rises to +1.",
            "return z.relu() - 2 * (z - 1).relu() + (z - 2).relu()",
            "return -z.relu() + 2 * (z - 1).relu() - (z - 2).relu()",
        ),
        slip(
            "the bump is shifted: it begins at 1, where its top should be",
            "The bends lie at 0, 1 and 2: z, z - 1, z - 2.",
            "z.relu() - 2 * (z - 1).relu() + (z - 2).relu()",
            "(z - 1).relu() - 2 * (z - 2).relu() + (z - 3).relu()",
        ),
        slip(
            "the bump is shifted: its top stands at 0, where it should begin",
            "The bends lie at 0, 1 and 2: z, z - 1, z - 2.",
            "z.relu() - 2 * (z - 1).relu() + (z - 2).relu()",
            "(z + 1).relu() - 2 * z.relu() + (z - 1).relu()",
        ),
        slip(
            "two ReLUs are multiplied, so that the curve is a parabola",
            "A sum of three, each with a weight: no products.",
            "z.relu() - 2 * (z - 1).relu() + (z - 2).relu()",
            "z.relu() * (2 - z).relu()",
        ),
        slip(
            "the second neuron is missing, and the third bends the "
            "rise to a level",
            "At 1 the slope has to change from +1 to -1, by -2.",
            " - 2 * (z - 1).relu() + (z - 2).relu()",
            " - (z - 2).relu()",
        ),
    ),
    hints=(
        "Each neuron changes the slope once, at its bend.",
        "The slope must be 0, then +1, then -1, then 0: changes of +1, -2 "
        "and +1.",
        "`z.relu() - 2 * (z - 1).relu() + ...`",
    ),
    why="""\
The slope changes by $+1$ at 0, by $-2$ at 1 and by $+1$ at 2.
A row of bumps of any height is any polyline you like, so neurons can
follow any continuous curve as closely as you want, one bend each.""",
)
