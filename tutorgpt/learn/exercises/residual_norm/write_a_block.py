"""Exercise 5.2. Two parts, each added to one path."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.modules import give_weights
from tutorgpt.learn.check.properties import adds_what_is_added


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


EXERCISE = Exercise(
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
