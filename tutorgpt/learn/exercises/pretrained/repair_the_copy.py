"""Exercise 12.3. A bug hunt: square matrices that go in on their side."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip

BROKEN = """\
@torch.no_grad()
def copy_in(model, stored):
    for name, part in model.named_modules():
        for kind, ours in part.named_parameters(recurse=False):
            theirs = stored[f"{name}.{kind}"]
            if theirs.shape != ours.shape:
                theirs = theirs.T
            ours.copy_(theirs)"""

ASKED = 'isinstance(part, nn.Linear) and kind == "weight"'
MENDED = BROKEN.replace("theirs.shape != ours.shape", ASKED)

Sizes = tuple[int, int, int, int]
Stored = dict[str, Tensor]


class Small(nn.Module):
    """Two tables, a block of a norm and two matrices, and the scores."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        V, T, C, hidden = sizes
        self.token = nn.Embedding(V, C)
        self.position = nn.Embedding(T, C)
        self.block = nn.Sequential(
            nn.LayerNorm(C),
            nn.Linear(C, hidden),
            nn.ReLU(),
            nn.Linear(hidden, C, bias=False),
        )
        self.lm_head = nn.Linear(C, V)

    def is_turned(self, name: str) -> bool:
        """Whether a file keeps this parameter the other way round."""
        part, _, kind = name.rpartition(".")
        is_linear = isinstance(self.get_submodule(part), nn.Linear)
        return is_linear and kind == "weight"


def stored_for(sizes: Sizes, g: torch.Generator | None = None) -> Stored:
    """What a file holds for such a model, drawn at random."""
    model = Small(sizes)
    return {
        name: torch.randn(
            ours.mT.shape if model.is_turned(name) else ours.shape, generator=g
        )
        for name, ours in model.named_parameters()
    }


def to_copy() -> list[tuple]:
    """Sizes (V, T, C, hidden), and what is stored.

    Nothing square; square matrices in the block, a square table, a square
    output and table, all tables square, everything square; one channel.
    """
    g = torch.Generator().manual_seed(123)
    sizes = (
        (5, 4, 3, 6),
        (6, 2, 4, 4),
        (5, 3, 3, 4),
        (4, 2, 4, 7),
        (4, 4, 4, 6),
        (3, 3, 3, 3),
        (2, 3, 1, 2),
    )
    return [(each, stored_for(each, g)) for each in sizes]


def any_model(draw: random.Random) -> tuple:
    """Any sizes, often equal ones, and any numbers."""
    V, T, C, hidden = (draw.randint(1, 4) for _ in range(4))
    sizes = (V, T, C, hidden)
    return sizes, stored_for(sizes)


def copied_in(
    attempt: Any, sizes: Sizes, stored: Stored
) -> Float[Tensor, " n"]:
    """All parameters of a model into which a file was copied, in one row."""
    model = fresh(sizes)
    shapes = {name: p.shape for name, p in model.named_parameters()}
    said = attempt(model, stored)
    if said is ...:
        return said
    found = dict(model.named_parameters())
    for name, shape in shapes.items():
        if name not in found:
            raise ComplaintError(f"afterwards the model has no {name}")
        if found[name].shape != shape:
            raise ComplaintError(
                f"{name} has the shape {tuple(found[name].shape)} "
                f"afterwards, and {tuple(shape)} is what the layer multiplies "
                "with",
                result=in_one_row(found),
            )
        if not found[name].requires_grad:
            raise ComplaintError(
                f"{name} does not learn any more: it requires no gradient"
            )
    if len(found) > len(shapes):
        more = next(name for name in found if name not in shapes)
        raise ComplaintError(f"afterwards the model also has {more}")
    return in_one_row(found)


def in_one_row(found: dict[str, nn.Parameter]) -> Float[Tensor, " n"]:
    """All numbers of these parameters, one after another."""
    return torch.cat([p.detach().flatten() for p in found.values()])


def fresh(sizes: Sizes) -> Small:
    """The model before anything is copied into it; always the same."""
    with torch.random.fork_rng():
        torch.manual_seed(12)
        return Small(sizes)


def which_weights(
    again: Any, args: tuple, expected: Float[Tensor, " n"]
) -> str | None:
    """A rule: what became of the first parameter that is wrong."""
    sizes, stored = args
    model, start, row = fresh(sizes), 0, again(*args)
    for name, before in model.named_parameters():
        found = row[start : start + before.numel()].view(before.shape)
        start += before.numel()
        is_turned, theirs = model.is_turned(name), stored[name]
        right = theirs.mT if is_turned else theirs
        if torch.allclose(found, right):
            continue
        if torch.equal(found, before):
            return f"{name} is as it was before"
        if is_on_its_side(found, right):
            return f"{name}, {about(found, is_turned)}"
        if torch.allclose(
            found.flatten().sort()[0], right.flatten().sort()[0]
        ):
            return f"{name} holds the stored numbers in another order"
        return f"{name} holds other numbers than those that are stored"
    return None


def is_on_its_side(
    found: Float[Tensor, "..."], right: Float[Tensor, "..."]
) -> bool:
    """Whether this is a square matrix, transposed."""
    is_square = right.ndim == 2 and right.shape == right.mT.shape
    return is_square and torch.allclose(found, right.mT)


def about(found: Float[Tensor, "n n"], is_turned: bool) -> str:
    """What is wrong with a square that stands the other way round."""
    sizes = " x ".join(map(str, found.shape))
    if is_turned:
        return (
            f"a matrix of {sizes}, stands as it is stored, (in, out), and "
            "an nn.Linear multiplies with (out, in)"
        )
    return (
        f"a table of {sizes}, is turned, and tables are stored as an "
        "nn.Embedding keeps them"
    )


BY_KIND = (
    "Ask what the part is, not what shape the tensor has: the weight of an "
    "nn.Linear is turned, and nothing else."
)
WRITE = "            ours.copy_(theirs)"

EXERCISE = Exercise(
    number="12.3",
    title="Worse at one width",
    kind="bug",
    difficulty="medium",
    importance=4,
    task="""\
`copy_in(model, stored)` should write the weights of a file into a model made
of `nn.Linear`, `nn.Embedding` and `nn.LayerNorm`.
`stored` holds a tensor for each name, such as `"blocks.0.expand.weight"`.
The file keeps the matrix of every `nn.Linear` as (in, out), and all else as
the model does.
Nine models of 32 channels were trained, each with feed-forward layers of
another width, and written to such files.
The curve shows the held-out loss of the models into which these files were
copied; the twin's were copied as they should be.
Read the curve, name the bug, and repair the function.""",
    starter=BROKEN,
    needs="import torch\nfrom torch import nn",
    target="copy_in",
    solution=MENDED,
    suspect="matrix on its side",
    symptom=(
        "at eight widths the broken model's loss is its twin's, between 2.26 "
        "and 2.31, and at the width 32 it is 3.57, where the twin's is 2.29"
    ),
    cases=to_copy,
    domain=any_model,
    run=copied_in,
    labels=("V, T, C, hidden = ", "stored"),
    rules=(which_weights,),
    wrong=(
        slip(
            "a matrix is still turned only where its shape does not fit, and "
            "a square one fits either way round",
            BY_KIND,
            ASKED,
            "theirs.shape != ours.shape",
        ),
        slip(
            "every tensor with two axes is turned, the tables of the "
            "embeddings too",
            BY_KIND,
            ASKED,
            "ours.ndim == 2",
        ),
        slip(
            "whatever fits when it is turned is turned, square tables too",
            BY_KIND,
            ASKED,
            "theirs.T.shape == ours.shape",
        ),
        slip(
            "only square matrices are turned, and the others are to fit as "
            "they are stored",
            "Every nn.Linear is stored as (in, out), square or not.",
            ASKED,
            "isinstance(part, nn.Linear) and part.weight.shape[0] "
            "== part.weight.shape[-1] and ours.ndim == 2",
        ),
        slip(
            "only what is square is turned, tables too",
            BY_KIND,
            ASKED,
            "ours.ndim == 2 and len(ours) == ours.shape[1]",
        ),
        slip(
            "what fits is turned, and what does not fit is left as it is",
            BY_KIND,
            ASKED,
            "theirs.shape == ours.shape",
        ),
        slip(
            "nothing is turned",
            "An nn.Linear keeps (out, in), and the file (in, out): "
            "theirs.T, and keep what it gives.",
            ASKED,
            "False",
        ),
        slip(
            "nothing is turned, and the matrices got the shapes of the file",
            "An nn.Linear keeps (out, in), and the file (in, out): theirs.T.",
            ASKED,
            "False",
            "ours.copy_(theirs)",
            "ours.data = theirs",
        ),
        slip(
            "only the tables are turned",
            BY_KIND,
            ASKED,
            "isinstance(part, nn.Embedding)",
        ),
        slip(
            "the output layer is not turned",
            "It is an nn.Linear, too, and stored as (in, out).",
            ASKED,
            f'{ASKED} and name != "lm_head"',
        ),
        slip(
            "only the output layer is turned",
            "Every nn.Linear is stored as (in, out).",
            ASKED,
            f'{ASKED} and name == "lm_head"',
        ),
        slip(
            "a matrix is laid out in the other shape, row by row, and not "
            "turned",
            "theirs.T moves what stands at (i, o) to (o, i); reshape and view "
            "keep the order in which the numbers lie.",
            "theirs.T",
            "theirs.reshape(ours.shape)",
        ),
        slip(
            "a matrix is turned by a quarter, like a picture, and not along "
            "its diagonal",
            "theirs.T moves what stands at (i, o) to (o, i), and row 0 "
            "becomes column 0.",
            "theirs.T",
            "theirs.rot90()",
        ),
        slip(
            "a matrix is turned by a quarter, like a picture, and not along "
            "its diagonal: its last row comes first",
            "theirs.T moves what stands at (i, o) to (o, i), and row 0 "
            "becomes column 0.",
            "theirs.T",
            "theirs.rot90(-1)",
        ),
        slip(
            "nothing is written into the model",
            "ours.copy_(theirs) writes into the model's own tensor; "
            "`ours = theirs` gives a name to another one, and a copy of the "
            "model is another model.",
            WRITE,
            "            ours = theirs",
        ),
        slip(
            "what is stored is added to what stood there",
            "ours.copy_(theirs) writes over it.",
            "ours.copy_",
            "ours.add_",
        ),
        slip(
            "what is stored is changed, and the model is not",
            "ours.copy_(theirs): into ours, from theirs.",
            "ours.copy_(theirs)",
            "theirs.copy_(ours)",
        ),
        slip(
            "parameters of inner parts are looked up by an outer part's name",
            "named_parameters(recurse=False) gives a part's own ones.",
            "recurse=False",
            "",
        ),
        slip(
            "the biases are not copied",
            "Every parameter has its tensor in the file.",
            WRITE,
            f'            if kind == "bias":\n'
            f"                continue\n{WRITE}",
        ),
        slip(
            "the norms are not copied",
            "Every parameter has its tensor in the file.",
            WRITE,
            f"            if isinstance(part, nn.LayerNorm):\n"
            f"                continue\n{WRITE}",
        ),
        slip(
            "the tables are not copied",
            "Every parameter has its tensor in the file.",
            WRITE,
            f"            if isinstance(part, nn.Embedding):\n"
            f"                continue\n{WRITE}",
        ),
        slip(
            "only the nn.Linear layers are copied",
            "Every parameter has its tensor in the file.",
            WRITE,
            f"            if not isinstance(part, nn.Linear):\n"
            f"                continue\n{WRITE}",
        ),
        slip(
            "only what is turned is copied",
            "Every parameter has its tensor in the file: ours.copy_(theirs) "
            "does not belong to the `if`.",
            WRITE,
            f"    {WRITE}",
        ),
        slip(
            "only what is not turned is copied",
            "Every parameter has its tensor in the file: ours.copy_(theirs) "
            "belongs to both cases.",
            WRITE,
            f"            else:\n    {WRITE}",
        ),
        slip(
            "parts inside of other parts are not reached",
            "named_modules goes through all of them; named_children stays at "
            "the first level.",
            "named_modules",
            "named_children",
        ),
        slip(
            "the biases are looked up by the names of the weights",
            'stored[f"{name}.{kind}"]: kind is "weight" or "bias".',
            "{kind}",
            "weight",
        ),
        slip(
            "it ends after the first tensor",
            "Every parameter has its tensor in the file: no return in the "
            "loop.",
            WRITE,
            f"{WRITE}\n            return",
        ),
        slip(
            "the weights are written while gradients are recorded",
            "Decorate the function with @torch.no_grad(), or write into "
            "ours.data.",
            "@torch.no_grad()\n",
            "",
        ),
    ),
    hints=(
        "Eight widths are right. What is special about the ninth, in a model "
        "of 32 channels?",
        "Which matrices does the broken function not turn, and which of them "
        "should it?",
        "`isinstance(part, nn.Linear)` tells a matrix from a table; "
        '`kind` is "weight" or "bias".',
    ),
    why="""\
A layer of 32 channels that widens to 32 has square matrices.
(in, out) and (out, in) are then one shape, so nothing had to be turned to fit,
and both matrices went in on their side.
At every other width the shape did not fit, so they were turned, and rightly.
A shape cannot tell how a file keeps its matrices: that is a fact about the
file, and it holds for a kind of layer, not for a shape.
The table of the positions is square here as well, 32 places by 32 channels,
and must not be turned.
The heads of these models have six channels each; those of a GPT-2 share out
all of them, so the projection of the attention is square in each block.""",
)
