"""Exercise 12.3. A bug hunt: matrices on their side, but for one that fits."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip

BROKEN = '''\
def for_linear(stored, inside, out):
    """A matrix (inside, out) as nn.Linear keeps it."""
    if stored.shape != (out, inside):
        stored = stored.mT
    return stored'''

MENDED = '''\
def for_linear(stored, inside, out):
    """A matrix (inside, out) as nn.Linear keeps it."""
    return stored.mT'''


def matrix(inside: int, out: int, seed: int) -> Float[Tensor, "I O"]:
    """Numbers of which no two are alike."""
    g = torch.Generator().manual_seed(seed)
    return torch.randn(inside, out, generator=g)


def to_copy() -> list[tuple]:
    """Wide, tall and square ones, one row, one column, one number."""
    sizes = ((3, 5), (4, 4), (6, 2), (1, 4), (4, 1), (2, 2), (1, 1), (12, 3))
    return [
        (matrix(inside, out, 123 + n), inside, out)
        for n, (inside, out) in enumerate(sizes)
    ]


def any_matrix(draw: random.Random) -> tuple:
    """Any shape, every third a square."""
    inside, out = draw.randint(1, 8), draw.randint(1, 8)
    if draw.random() < 0.35:
        out = inside
    return matrix(inside, out, draw.getrandbits(30)), inside, out


def reads_as_it_did(
    again: Any, args: tuple, expected: Float[Tensor, "O I"]
) -> str | None:
    """A rule: x times the stored matrix is what the Linear gives."""
    for inside, out in ((2, 3), (3, 3)):
        stored, x = matrix(inside, out, 5), torch.eye(inside)
        found = again(stored, inside, out)
        if tuple(found.shape) != (out, inside):
            return (
                f"a Linear of {inside} inputs and {out} outputs keeps "
                f"{out} x {inside} numbers, and it gets "
                f"{' x '.join(map(str, found.shape))}"
            )
        if (x @ found.mT - x @ stored).abs().max() > 1e-4:
            return (
                f"with {inside} inputs and {out} outputs the Linear does "
                "not give x times the stored matrix"
            )
    return None


EXERCISE = Exercise(
    number="12.3",
    title="It fits",
    kind="bug",
    difficulty="medium",
    importance=5,
    task="""\
A file keeps each matrix as (in, out), as GPT-2's files do, and this function
should make of it what `nn.Linear` keeps, which is (out, in).
A GPT of chapter 6 is trained, and its matrices are written to such a file
now and then, with $C = 32$ channels: `qkv` and the two of the feed-forward
layer, which are no squares, and `proj`, which is 32 by 32.
The broken curve is the loss of the model that is read from the file by this
function; its twin's is that of the model itself.
Read the curve, name the bug, and repair the function.""",
    starter=BROKEN,
    target="for_linear",
    solution=MENDED,
    suspect="square matrices left on their side",
    symptom=(
        "read from the file, the model loses more the longer it has learned: "
        "2.80 where the model itself has 2.22; no shape is wrong"
    ),
    cases=to_copy,
    domain=any_matrix,
    labels=("stored", "inside =", "out ="),
    rules=(reads_as_it_did,),
    wrong=(
        slip(
            "nothing is turned: only the squares fit",
            "nn.Linear keeps (out, in), the file (in, out): turn all.",
            "stored.mT",
            "stored",
        ),
        slip(
            "a square matrix is still left as it is",
            "A square lies on its side like any other: turn all.",
            "return stored.mT",
            "return stored if inside == out else stored.mT",
        ),
        slip(
            "squares alone are turned",
            "Matrices of every shape are stored as (in, out): turn all.",
            "return stored.mT",
            "return stored.mT if inside == out else stored",
        ),
        slip(
            "the numbers are dealt out anew, row by row, in the other shape",
            "reshape keeps the order of the numbers; rows have to become "
            "columns: .mT.",
            "stored.mT",
            "stored.reshape(out, inside)",
        ),
        slip(
            "rows and columns change places, and then the rows are in reverse",
            ".mT alone.",
            "stored.mT",
            "stored.mT.flip(0)",
        ),
        slip(
            "rows and columns change places, and then the columns are in "
            "reverse",
            ".mT alone.",
            "stored.mT",
            "stored.mT.flip(1)",
        ),
        slip(
            "the matrix is turned upside down",
            "Rows become columns: .mT.",
            "stored.mT",
            "stored.flip(0, 1)",
        ),
        slip(
            "both shapes of a matrix are mixed: a square becomes the mean of "
            "itself and its mirror image",
            "Turn it: .mT, and nothing else.",
            "return stored.mT",
            "if inside == out:\n        stored = (stored + stored.mT) / 2\n"
            "    return stored.mT",
        ),
        slip(
            "signs change",
            ".mT alone.",
            "stored.mT",
            "-stored.mT",
        ),
        slip(
            "it is inverted, not transposed",
            "Rows become columns: .mT. For a turn both are the same, and "
            "weights are no turn.",
            "stored.mT",
            "torch.linalg.pinv(stored)",
        ),
        slip(
            "it is transposed if it is wider than tall",
            "Every matrix is stored as (in, out): turn all.",
            "return stored.mT",
            "return stored.mT if out > inside else stored",
        ),
        slip(
            "it is transposed if it is taller than wide",
            "Every matrix is stored as (in, out): turn all.",
            "return stored.mT",
            "return stored.mT if inside > out else stored",
        ),
        slip(
            "the numbers become one row",
            "The result is a table, (out, in).",
            "stored.mT",
            "stored.mT.flatten()",
        ),
    ),
    hints=(
        "What is asked before a matrix is turned? For which shapes is the "
        "answer no?",
        "A Linear of 32 inputs and 32 outputs keeps (out, in), too.",
        "Turn every matrix: `stored.mT`, whatever its shape is.",
    ),
    why="""\
A shape tells which way a matrix lies only if its sides differ.
`proj` is a square, so the broken function left it as it was: it fits, and it
computes $W$ where $W^{\\mathsf{T}}$ is meant.
What is stored how is a fact about the file.
It has to be known, and it cannot be guessed from the shapes.""",
)
