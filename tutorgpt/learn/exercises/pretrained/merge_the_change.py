"""Exercise 12.8. A low-rank change, added to the matrix for good."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def parts(out: int, inside: int, rank: int, scale: float, seed: int) -> tuple:
    """W (out, in), A (rank, in), B (out, rank), and the scale."""
    g = torch.Generator().manual_seed(seed)
    W, A, B = (
        torch.randn(n, m, generator=g)
        for n, m in ((out, inside), (rank, inside), (out, rank))
    )
    return W, A, B, scale


def to_merge() -> list[tuple]:
    """Wide, tall and square matrices, rank 1 and full, B of zeros."""
    sizes = (
        (5, 3, 2, 1.0),
        (3, 6, 1, 2.0),
        (4, 4, 4, 0.5),
        (4, 4, 2, -1.0),
        (1, 5, 1, 1.0),
        (6, 1, 1, 3.0),
    )
    cases = [parts(*size, seed=128 + n) for n, size in enumerate(sizes)]
    W, A, B, scale = parts(3, 4, 2, 1.0, 140)
    return [*cases, (W, A, torch.zeros_like(B), scale)]


def any_parts(draw: random.Random) -> tuple:
    """Any sides, any rank that they can have, any scale."""
    out, inside = draw.randint(1, 7), draw.randint(1, 7)
    rank = draw.randint(1, min(out, inside))
    scale = draw.choice((1.0, 2.0, 0.25, -1.5))
    return parts(out, inside, rank, scale, draw.getrandbits(30))


def does_what_both_do(
    again: Any, args: tuple, expected: Float[Tensor, "O I"]
) -> str | None:
    """A rule: x through the one matrix is x through both."""
    W, A, B, scale = args
    found = again(*args)
    if tuple(found.shape) != tuple(W.shape):
        return (
            f"W is {W.shape[0]} x {W.shape[1]}, and the result is "
            f"{' x '.join(map(str, found.shape))}"
        )
    none = again(W, A, torch.zeros_like(B), scale)
    if (none - W).abs().max() > 1e-4:
        return "with B = 0 nothing should change, and something does"
    twice = again(W, A, 2 * B, scale) - W
    if (twice - 2 * (found - W)).abs().max() > 1e-3:
        return "with B twice as large the change should be twice as large"
    return None


CHANGE = "scale * (B @ A)"

EXERCISE = Exercise(
    number="12.8",
    title="One matrix again",
    kind="write",
    difficulty="easy",
    importance=5,
    task="""\
An adapter computes $W x + s \\, B A x$ for every vector $x$.
Write `merged(W, A, B, scale)`: the one matrix that does the same, with
`W` (out, in), `A` (rank, in) and `B` (out, rank).
`W` itself must stay as it is: the frozen model may be needed again.""",
    starter='''\
def merged(W, A, B, scale):
    """The matrix (out, in) that does what W and the adapter do."""
    return ...''',
    target="merged",
    solution=f'''\
def merged(W, A, B, scale):
    """The matrix (out, in) that does what W and the adapter do."""
    return W + {CHANGE}''',
    cases=to_merge,
    domain=any_parts,
    labels=("W", "A", "B", "scale ="),
    rules=(does_what_both_do,),
    wrong=(
        slip(
            "the scale is left out",
            "s B A: the change is multiplied by scale.",
            CHANGE,
            "B @ A",
        ),
        slip(
            "the scale multiplies W as well",
            "W stays as it is; only the change is scaled.",
            f"W + {CHANGE}",
            "scale * (W + B @ A)",
        ),
        slip(
            "the scale multiplies W alone",
            "W stays as it is; only the change is scaled.",
            f"W + {CHANGE}",
            "scale * W + B @ A",
        ),
        slip(
            "it is divided by the scale",
            "s B A: times scale.",
            CHANGE,
            "(B @ A) / scale",
        ),
        slip(
            "the scale is divided by the rank, as some programs do",
            "Here scale is the whole factor.",
            CHANGE,
            "scale / len(A) * (B @ A)",
        ),
        slip(
            "the scale is applied twice, to A and to B",
            "s B A: once.",
            CHANGE,
            "scale * B @ (scale * A)",
        ),
        slip(
            "the change is taken away",
            "W + s B A.",
            "W + ",
            "W - ",
        ),
        slip(
            "the change comes alone, without W",
            "W + s B A.",
            f"W + {CHANGE}",
            CHANGE,
        ),
        slip(
            "W comes alone, without the change",
            "W + s B A.",
            f"W + {CHANGE}",
            "W.clone()",
        ),
        slip(
            "A and B are exchanged: the product is rank x rank",
            "B @ A is (out, in): first A reads x, then B writes.",
            "B @ A",
            "A @ B",
        ),
        slip(
            "the change lies on its side",
            "B @ A is (out, in) as W is: nothing is turned.",
            "(B @ A)",
            "(B @ A).mT",
        ),
        slip(
            "B and A are multiplied number by number",
            "A matrix product: @.",
            "B @ A",
            "B * A",
        ),
        slip(
            "W is multiplied by the change",
            "W + s B A: they are added.",
            f"W + {CHANGE}",
            f"W * ({CHANGE})",
        ),
        slip(
            "only the first row of A and the first column of B are used",
            "All ranks add up: B @ A.",
            "B @ A",
            "B[:, :1] @ A[:1]",
        ),
    ),
    hints=(
        "Bring $x$ out of both terms: $(W + \\ldots)\\, x$.",
        "What shape has `B @ A`, and what shape `A @ B`?",
        "`W` plus `scale` times the matrix product of `B` and `A`; `+` makes "
        "a new tensor, and `+=` would change `W`.",
    ),
    why="""\
A matrix product is linear, so $W x + s B A x = (W + s B A)\\, x$, for every
$x$.
Merged, the model computes with one matrix as before, at no further cost, and
the adapter, which is far smaller, can be kept and handed on by itself.
`W + ...` makes a new tensor; `W += ...` would change the frozen weights of
whoever called.""",
)
