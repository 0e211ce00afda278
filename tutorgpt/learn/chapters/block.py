"""Exercises of chapter 5: a block, and what its path is worth."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.learn.exercise import Exercise, slip
from tutorgpt.learn.modules import adds_what_is_added, give_weights


def to_block() -> list[tuple]:
    """An input and the four parts of a block, with weights of their own."""
    cases = []
    for B, T, C in ((1, 4, 6), (2, 5, 8)):
        g = torch.Generator().manual_seed(12)
        parts = [
            nn.LayerNorm(C),
            nn.Linear(C, C),
            nn.LayerNorm(C),
            nn.Linear(C, C),
        ]
        for part in parts:
            give_weights(part)
        with torch.no_grad():
            parts[2].weight += 1
            parts[3].weight *= -1.3
        cases.append((torch.randn(B, T, C, generator=g), *parts))
    return cases


def on_one_path(
    attempt: Any, x: Float[Tensor, "B T C"], *parts: nn.Module
) -> Any:
    """The block's result without its gradient graph."""
    with torch.no_grad():
        return attempt(x, *parts)


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
                return f"with {silent} silent, {left} should come out"
    return "each part alone is right, so look at what the second one reads"


BLOCK = Exercise(
    number="5.2",
    title="Two parts on one path",
    kind="write",
    difficulty="easy",
    importance=5,
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

PATH = Exercise(
    number="5.3",
    title="What the plus sign is worth",
    kind="explain",
    difficulty="medium",
    importance=3,
    task="""\
Suppose each of 12 blocks computes $f(x) = 0.5 x$.
A plain stack multiplies the gradient by $f'$ at each block; with a path,
$x + f(x)$, the factor is another one.
How many *times* larger is the gradient at the bottom with the path?""",
    starter="times_larger = ...",
    target="times_larger",
    solution="times_larger = (1 + 0.5) ** 12 / 0.5**12",
    wrong=(
        slip(
            "this is what is left of the gradient in the plain stack",
            "Divide the gradient with the path by the one without it.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "0.5**12",
        ),
        slip(
            "this is the gradient with the path alone",
            "Compare it with what the plain stack leaves: divide.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "(1 + 0.5) ** 12",
        ),
        slip(
            "the ratio of one block was multiplied by 12",
            "Factors of blocks in a row multiply: a power.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "12 * (1 + 0.5) / 0.5",
        ),
        slip(
            "the path's factor was taken for 1",
            "The derivative of x + f(x) is 1 + f'.",
            "(1 + 0.5)",
            "(1)",
        ),
        slip(
            "the ratio is upside down",
            "With the path over without it.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "0.5**12 / (1 + 0.5) ** 12",
        ),
        slip(
            "only one block was counted",
            "There are 12 of them in a row.",
            "(1 + 0.5) ** 12 / 0.5**12",
            "(1 + 0.5) / 0.5",
        ),
    ),
    hints=(
        "What is the derivative of $x + f(x)$?",
        "1.5 with the path, 0.5 without; twelve of them multiply.",
        "`(1.5 / 0.5) ** 12`.",
    ),
    why="""\
Each block is $1.5 / 0.5 = 3$ times better, and $3^{12} = 531{,}441$.
The plain stack leaves 0.00024 of the gradient; the path adds 1 to every
factor, so a small $f'$ can no longer make it vanish.""",
)
