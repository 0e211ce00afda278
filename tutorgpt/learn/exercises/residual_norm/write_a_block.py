"""Exercise 5.2. Two parts, each added to one path."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.learn.check.comparing import same
from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip
from tutorgpt.learn.check.properties import adds_what_is_added


class PastMean(nn.Module):
    """A part that gives each position the mean of what came up to it."""

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        places = torch.arange(1, x.shape[1] + 1).view(-1, 1)
        return x.cumsum(dim=1) / places + 0.1 * x.square()


@torch.no_grad()
def parts_of(C: int, seed: int, bent: bool) -> list[nn.Module]:
    """norm_1, look_back, norm_2, think, with different weights each."""
    look_back = PastMean() if bent else nn.Linear(C, C)
    think = nn.Sequential(nn.Linear(C, C), nn.Tanh()) if bent else None
    parts = [
        nn.LayerNorm(C),
        look_back,
        nn.LayerNorm(C),
        think or nn.Linear(C, C),
    ]
    g = torch.Generator().manual_seed(seed)
    for part in parts:
        for parameter in part.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=g))
    return parts


def to_block() -> list[tuple]:
    """An input and the four parts of a block, with weights of their own."""
    cases = []
    for n, (B, T, C) in enumerate(((1, 4, 6), (2, 5, 8), (3, 1, 2))):
        g = torch.Generator().manual_seed(12)
        parts = parts_of(C, 20 + n, bent=n > 0)
        cases.append((torch.randn(B, T, C, generator=g), *parts))
    return cases


def any_block(draw: random.Random) -> tuple:
    """An input of any size, and parts that are linear or not."""
    B, T, C = draw.randint(1, 3), draw.randint(1, 5), draw.randint(2, 8)
    g = torch.Generator().manual_seed(draw.getrandbits(30))
    parts = parts_of(C, draw.getrandbits(30), draw.random() < 0.5)
    return draw.choice((0.1, 1.0, 9.0)) * torch.randn(
        B, T, C, generator=g
    ), *parts


def on_one_path(
    attempt: Any, x: Float[Tensor, "B T C"], *parts: nn.Module
) -> Any:
    """The block's result, unless gradients are lost on the way."""
    before = x.clone()
    with torch.no_grad():
        result = attempt(x, *parts)
    if isinstance(result, nn.Module):
        raise ComplaintError(
            "a module comes back: block gives the result of the pass, the "
            "new x"
        )
    norm_1, look_back, norm_2, think = parts

    def solved(x: Tensor, *_: nn.Module) -> Tensor:
        x = x + look_back(norm_1(x))
        return x + think(norm_2(x))

    if same(result, solved(before)):
        right = gradient(solved, before, parts)
        mine = gradient(attempt, before, parts)
        if mine is not None and not same(mine, right):
            raise ComplaintError(
                "the result is right, and the gradient of x is not: "
                "something on its way is detached from the graph"
            )
    return result


def gradient(
    attempt: Any, x: Float[Tensor, "B T C"], parts: tuple[nn.Module, ...]
) -> Float[Tensor, "B T C"] | None:
    """Of a weighted sum of the result; None where it cannot be computed.

    Raises ComplaintError where no gradient comes out of the result.
    """
    start = x.clone().requires_grad_()
    weights = torch.linspace(-1, 2, x.numel()).view(x.shape)
    try:
        result = attempt(start + 0, *parts)
        if isinstance(result, Tensor) and result.requires_grad:
            (found,) = torch.autograd.grad(
                (result * weights).sum(), start, allow_unused=True
            )
            return torch.zeros_like(x) if found is None else found
    except RuntimeError:  # written over: right all the same, untrained
        return None
    raise ComplaintError(
        "the result is right, and no gradient comes out of it: nothing "
        "could be learned through it",
        "no_grad, inference_mode, detach, data, item and tolist cut it off.",
    )


class Silent(nn.Module):
    """A part that finds nothing."""

    def forward(self, x: Float[Tensor, "B T C"]) -> Float[Tensor, "B T C"]:
        return torch.zeros_like(x)


def each_part_is_added(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: with one part silent, the other is added to x."""
    x, norm_1, look_back, norm_2, think = args
    nothing = Silent()
    with torch.no_grad():
        for silent, wanted, got in (
            ("both parts", x, again(x, norm_1, nothing, norm_2, nothing)),
            (
                "think",
                x + look_back(norm_1(x)),
                again(x, norm_1, look_back, norm_2, nothing),
            ),
            (
                "look_back",
                x + think(norm_2(x)),
                again(x, norm_1, nothing, norm_2, think),
            ),
        ):
            if (wanted - got).abs().max() > 1e-4:
                left = {
                    "both parts": "x itself",
                    "think": "x + look_back(norm_1(x))",
                    "look_back": "x + think(norm_2(x))",
                }[silent]
                return (
                    f"with {silent} silent, {left} should come out, and "
                    "something else does"
                )
    return (
        "with one of the parts silent it is right, and with both at work it "
        "is not: what does the second one read?"
    )


EXERCISE = Exercise(
    number="5.2",
    title="Two parts on one path",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write the forward pass of a pre-norm block,
`block(x, norm_1, look_back, norm_2, think)`: each part reads a normalised
copy of the path and adds its result to the path.""",
    starter='''\
def block(x, norm_1, look_back, norm_2, think):
    """Look back, then think, each added to what was there."""
    return ...''',
    target="block",
    solution='''\
def block(x, norm_1, look_back, norm_2, think):
    """Look back, then think, each added to what was there."""
    x = x + look_back(norm_1(x))
    return x + think(norm_2(x))''',
    cases=to_block,
    domain=any_block,
    run=on_one_path,
    rules=(each_part_is_added, adds_what_is_added),
    wrong=(
        slip(
            "both residual paths are forgotten",
            "Each part's result is *added* to its input.",
            "x = x + look_back",
            "x = look_back",
            "return x + think",
            "return think",
        ),
        slip(
            "the first part replaces its input instead of adding to it",
            "x = x + look_back(...).",
            "x = x + look_back",
            "x = look_back",
        ),
        slip(
            "the second part replaces its input instead of adding to it",
            "return x + think(...).",
            "return x + think",
            "return think",
        ),
        slip(
            "the norms come after the parts: post-norm",
            "The part reads norm(x), and the path itself stays as it is.",
            "x = x + look_back(norm_1(x))",
            "x = norm_1(x + look_back(x))",
            "return x + think(norm_2(x))",
            "return norm_2(x + think(x))",
        ),
        slip(
            "the norm stands on the path: the normalised copy is added, not x",
            "Add to x itself; only the part reads norm(x).",
            "x = x + look_back(norm_1(x))",
            "x = norm_1(x) + look_back(norm_1(x))",
            "return x + think(norm_2(x))",
            "return norm_2(x) + think(norm_2(x))",
        ),
        slip(
            "both parts read the block's input: the second one does not "
            "see what the first has found",
            "Write the first result back to x before the second part.",
            "x = x + look_back(norm_1(x))",
            "y = x + look_back(norm_1(x))",
            "return x + think(norm_2(x))",
            "return y + think(norm_2(x))",
        ),
        slip(
            "norm_1 serves both parts",
            "The second part has its own: norm_2.",
            "norm_2(x)",
            "norm_1(x)",
        ),
        slip(
            "norm_2 serves both parts",
            "The first part has its own: norm_1.",
            "norm_1(x)",
            "norm_2(x)",
        ),
        slip(
            "the two norms have changed places",
            "look_back reads norm_1(x), think reads norm_2(x).",
            "norm_1(x)",
            "norm_9(x)",
            "norm_2(x)",
            "norm_1(x)",
            "norm_9(x)",
            "norm_2(x)",
        ),
        slip(
            "the first norm is left out",
            "look_back reads norm_1(x).",
            "norm_1(x)",
            "x",
        ),
        slip(
            "the second norm is left out",
            "think reads norm_2(x).",
            "norm_2(x)",
            "x",
        ),
        slip(
            "the parts are taken away from the path",
            "Add what they find: +.",
            "x + ",
            "x - ",
        ),
        slip(
            "the first part is taken away from the path",
            "Add what it finds: +.",
            "x + look_back",
            "x - look_back",
        ),
        slip(
            "the second part is taken away from the path",
            "Add what it finds: +.",
            "x + think",
            "x - think",
        ),
        slip(
            "the second sum starts from the block's input again, so what the "
            "first part found reaches the output through think alone",
            "Write the first sum back to x, and add the second part to it.",
            "x = x + look_back(norm_1(x))",
            "y = x + look_back(norm_1(x))",
            "think(norm_2(x))",
            "think(norm_2(y))",
        ),
        slip(
            "one path leads around both parts together",
            "Each part has a path of its own: two sums.",
            "x = x + look_back(norm_1(x))",
            "y = look_back(norm_1(x))",
            "think(norm_2(x))",
            "think(norm_2(y))",
        ),
        slip(
            "the norms stand behind the parts, before the sum",
            "A part reads norm(x), and gives what is added.",
            "look_back(norm_1(x))",
            "norm_1(look_back(x))",
            "think(norm_2(x))",
            "norm_2(think(x))",
        ),
        slip(
            "the second part reads only what the first one found, and not "
            "the path",
            "think reads norm_2 of the sum, x + what was found.",
            "x = x + look_back(norm_1(x))",
            "y = look_back(norm_1(x))",
            "return x + think(norm_2(x))",
            "return x + y + think(norm_2(y))",
        ),
        slip(
            "x is added once more at the end",
            "The path has it already: two sums, x once.",
            "return x + think",
            "return x + x + think",
        ),
        slip(
            "look_back is left out",
            "Two parts, each added to the path.",
            "x = x + look_back(norm_1(x))",
            "x = x",
        ),
        slip(
            "both parts read what norm_1 gave at the start",
            "think reads norm_2 of the sum.",
            "x = x + look_back(norm_1(x))",
            "h = norm_1(x)\n    x = x + look_back(h)",
            "norm_2(x)",
            "norm_2(h)",
        ),
        slip(
            "what a part gives is normalised once more",
            "A part reads norm(x), and what it gives is added as it is.",
            "look_back(norm_1(x))",
            "norm_1(look_back(norm_1(x)))",
            "think(norm_2(x))",
            "norm_2(think(norm_2(x)))",
        ),
        slip(
            "the block ends after its first part",
            "think is still missing.",
            "return x + think(norm_2(x))",
            "return x",
        ),
        slip(
            "only what the parts found comes back, without the path",
            "Both sums begin with x.",
            "x = x + look_back(norm_1(x))",
            "y = look_back(norm_1(x))",
            "return x + think(norm_2(x))",
            "return y + think(norm_2(x + y))",
        ),
        slip(
            "the block thinks first and looks back afterwards, each part "
            "with its own norm",
            "The order is look_back, then think.",
            "look_back(norm_1(x))",
            "think9(norm9(x))",
            "think(norm_2(x))",
            "look_back(norm_1(x))",
            "think9(norm9(x))",
            "think(norm_2(x))",
        ),
        slip(
            "the norms are left out",
            "Each part reads norm(x).",
            "norm_1(x)",
            "x",
            "norm_2(x)",
            "x",
        ),
        slip(
            "the block thinks first and looks back afterwards",
            "The order is look_back, then think.",
            "look_back(norm_1(x))",
            "think(norm_1(x))",
            "think(norm_2(x))",
            "look_back(norm_2(x))",
        ),
        slip(
            "path and part are multiplied, not added",
            "x + look_back(...), and x + think(...).",
            "x + look_back",
            "x * look_back",
            "x + think",
            "x * think",
        ),
        slip(
            "the second norm stands behind the sum, the first in front "
            "of its part",
            "Both in front: think reads norm_2(x), and the path stays "
            "as it is.",
            "x + think(norm_2(x))",
            "norm_2(x + think(x))",
        ),
    ),
    hints=(
        "Two lines, both of the form path = path + part(norm(path)).",
        "The second line reads the x that the first line has made.",
        "`x = x + look_back(norm_1(x))`, and the same with the second part.",
    ),
    why="""\
The path $x$ itself is only ever added to, so input and gradient pass it
unhindered; the norms stand before the parts, where they cannot disturb
it.""",
)
