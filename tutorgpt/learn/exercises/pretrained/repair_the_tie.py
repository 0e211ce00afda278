"""Exercise 12.6. A bug hunt: a table and an output layer that part."""

import random
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from tutorgpt.learn.check.comparing import same, shape_of
from tutorgpt.learn.check.exercise import (
    ComplaintError,
    Exercise,
    build,
    slip,
)

BROKEN = """\
class ScoringLayer(nn.Module):
    def __init__(self, embedding):
        super().__init__()
        self.weight = nn.Parameter(embedding.weight.detach().clone())

    def forward(self, x):
        return F.linear(x, self.weight)"""

MENDED = BROKEN.replace(
    "nn.Parameter(embedding.weight.detach().clone())", "embedding.weight"
)
DETACHED = MENDED.replace("x, self.weight", "x, self.weight.detach()")
STEP, ROOM = 0.1, 1e-2
MOMENTS = (
    "before any training",
    "after one step of training",
    "once other numbers were copied into the table",
    "after a step of the model in double precision",
)


class Small(nn.Module):
    """A table, a layer between, and the output layer: tokens -> scores."""

    def __init__(self, table: nn.Embedding, output: nn.Module) -> None:
        super().__init__()
        C = table.embedding_dim
        self.token, self.output = table, output
        self.between = nn.Linear(C, C)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Any:
        return self.output(torch.tanh(self.between(self.token(tokens))))


def built(attempt: Any, V: int, C: int, g: torch.Generator) -> Any:
    """The small model with an output layer of this class, or `...`."""
    if isinstance(attempt, nn.Module):
        raise ComplaintError(
            "the class is wanted, and this is a module of it that is built: "
            f"pass {type(attempt).__name__}, without parentheses"
        )
    table = nn.Embedding(V, C)
    stored = torch.randn(V, C, generator=g)
    fill(table.weight, stored)
    output = attempt(table)
    if output is ...:
        return output
    if not isinstance(output, nn.Module):
        raise ComplaintError(
            "ScoringLayer should be an nn.Module, and it is "
            f"{shape_of(output)}"
        )
    if not torch.equal(table.weight, stored):
        raise ComplaintError(
            "the table holds other numbers once the layer is built: what was "
            "trained is lost"
        )
    model = Small(table, output)
    for weights in model.between.parameters():
        fill(weights, torch.randn(weights.shape, generator=g) / C**0.5)
    return model


def train_and_look(
    attempt: Any, V: int, C: int, tokens: Int[Tensor, "B T"]
) -> Any:
    """The scores of a tied model at four moments, (4, B, T, V).

    Complains, last, if the model learns more numbers or fewer than one that
    is tied: what it gives at the moments tells such mistakes apart.
    """
    g = torch.Generator().manual_seed(V + C)
    model = built(attempt, V, C, g)
    if model is ...:
        return model
    found = [scores(model, tokens)]
    step(model, tokens)
    found.append(scores(model, tokens))
    fill(model.token.weight, torch.randn(V, C, generator=g))
    found.append(scores(model, tokens))
    try:
        step(model.double(), tokens)
    except RuntimeError as error:
        raise ComplaintError(
            "in double precision it fails, since the output holds a tensor "
            "of its own that stays in float32",
            result=torch.stack(found),
        ) from error
    found.append(scores(model, tokens))
    seen = torch.stack(found)
    learned = sum(p.numel() for p in model.parameters() if p.requires_grad)
    wanted = V * C + C * C + C
    if learned != wanted:
        raise ComplaintError(
            f"a model with a table of {V} by {C} learns {learned} numbers "
            f"instead of {wanted}: {reason(learned - wanted, V, C)}",
            result=seen,
        )
    return seen


def reason(surplus: int, V: int, C: int) -> str:
    """What so many numbers too many, or too few, may be."""
    if surplus == V * C:
        return "the table counts twice"
    if surplus == -V * C:
        return "the table is frozen"
    if surplus == V:
        return "there is one bias a token, which was not trained"
    return f"{abs(surplus)} too {'many' if surplus > 0 else 'few'}"


@torch.no_grad()
def fill(weights: Float[Tensor, "*S"], numbers: Float[Tensor, "*S"]) -> None:
    """Put numbers into a parameter, as from a file."""
    weights.copy_(numbers)


@torch.no_grad()
def scores(model: Small, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
    """What the model gives, in float32; a complaint for another shape."""
    found = model(tokens)
    if found is None:
        raise ComplaintError(
            "forward gives back None: is there a `return` at its end?"
        )
    wanted = (*tokens.shape, model.token.num_embeddings)
    if not isinstance(found, Tensor) or tuple(found.shape) != wanted:
        raise ComplaintError(
            f"the scores are {shape_of(found)} instead of {wanted}: one a "
            "token of the table"
        )
    return found.float()


def step(model: Small, tokens: Int[Tensor, "B T"]) -> None:
    """Move each parameter once, by its gradient shared by its size.

    As with AdamW: two parameters that lie on one piece of memory move it
    twice, which plain descent would hide.
    """
    model.zero_grad()
    given = model(tokens)[:, :-1].flatten(0, 1)
    F.cross_entropy(given, tokens[:, 1:].flatten()).backward()
    with torch.no_grad():
        for weights in model.parameters():
            if weights.grad is not None:
                size = weights.grad.abs() + ROOM
                weights -= STEP * weights.grad / size


def to_train() -> list[tuple]:
    """V, C and tokens (B, T): wide and narrow tables, one square."""
    g = torch.Generator().manual_seed(126)
    return [
        (V, C, torch.randint(V, (B, T), generator=g))
        for V, C, B, T in (
            (7, 4, 1, 6),
            (5, 5, 2, 4),
            (12, 3, 3, 5),
            (3, 8, 1, 9),
            (2, 1, 2, 3),
        )
    ]


def any_table(draw: random.Random) -> tuple:
    """Any sizes, and tokens, of which some never occur."""
    V, C = draw.randint(2, 15), draw.randint(1, 8)
    B, T = draw.randint(1, 3), draw.randint(2, 7)
    return V, C, torch.randint(V, (B, T))


def when_they_part(
    again: Any, args: tuple, expected: Float[Tensor, "4 B T V"]
) -> str | None:
    """A rule: at which of the four moments the scores are first wrong."""
    found = again(*args)
    for n, moment in enumerate(MOMENTS):
        if not same(found[n], expected[n]):
            if n == 0:
                return (
                    f"the scores are others {moment}: x should be multiplied "
                    "by each token's row of the table, and nothing more"
                )
            says = (
                f"the scores are right {MOMENTS[n - 1]}, and others {moment}"
            )
            detached = train_and_look(build(DETACHED, "ScoringLayer"), *args)
            if same(found[1:3], detached[1:3]):
                says += (
                    ": they are what comes out if the output hands no "
                    "gradient back to the table"
                )
            return says
    return None


TIE = "self.weight = embedding.weight"
SCORES = "F.linear(x, self.weight)"
ONE = "self.weight = embedding.weight: one parameter with two names."

EXERCISE = Exercise(
    number="12.6",
    title="Worse when it is read again",
    kind="bug",
    difficulty="medium",
    importance=4,
    task="""\
A small tied GPT, trained on the plays, is trained on.
Its table of embeddings was filled from a file, and this class then made its
output layer from the table, without drawing anything anew.
Every 50 steps the model is stored and read again; a file of a tied model
holds the table, and no matrix of the output.
The curve shows the held-out loss of the model that was read again.
The loss of the model that is being trained falls as its twin's does.
Read the curve and the counts, name the bug, and repair the class.""",
    starter=BROKEN,
    needs="from torch import nn\nfrom torch.nn import functional as F",
    target="ScoringLayer",
    solution=MENDED,
    suspect="output not tied to the table",
    symptom=(
        "2,208 numbers too many are learned, which is one table; what is "
        "read again does not improve and ends at 2.387, where the twin comes "
        "to 2.157, while in training the broken model stands at 2.145"
    ),
    cases=to_train,
    domain=any_table,
    run=train_and_look,
    is_module=True,
    labels=("V =", "C =", "tokens"),
    axes=("moment", "batch row", "position", "token"),
    rules=(when_they_part,),
    wrong=(
        slip(
            "the output is still a copy of the table: the two agree until "
            "one is trained",
            ONE,
            TIE,
            "self.weight = nn.Parameter(embedding.weight.detach().clone())",
        ),
        slip(
            "two parameters lie on one piece of memory: each has a gradient "
            "of its own, and an optimizer moves the numbers twice",
            "nn.Parameter makes a new one of what it is given: " + ONE,
            TIE,
            "self.weight = nn.Parameter(embedding.weight)",
        ),
        slip(
            "the output reads the table's numbers, and hands no gradient "
            "back to the table",
            "Without .data, .detach() and no_grad: " + ONE,
            TIE,
            "self.weight = embedding.weight.data",
        ),
        slip(
            "the table is detached where it scores: it learns from where "
            "tokens are read, and not from where they are scored",
            "Without .detach() and no_grad: " + ONE,
            SCORES,
            "F.linear(x, self.weight.detach())",
        ),
        slip(
            "the output keeps the numbers that were stored, and never learns",
            ONE,
            TIE,
            "self.weight = embedding.weight.detach().clone()",
        ),
        slip(
            "the output keeps the old numbers and hands its gradient on to "
            "the table",
            "Without .clone(): " + ONE,
            TIE,
            "self.weight = embedding.weight.clone()",
        ),
        slip(
            "the output is a new matrix, and nothing of the table is in it",
            ONE,
            TIE,
            "V, C = embedding.weight.shape\n"
            "        self.weight = nn.Linear(C, V, bias=False).weight",
        ),
        slip(
            "the table is given new numbers; the chapter's TiedOutput does "
            "that for a model that begins",
            "The numbers come from a file: leave them as they are.",
            TIE,
            f"{TIE}\n        nn.init.normal_(self.weight, std=0.1)",
        ),
        slip(
            "the table is frozen: neither of the two learns",
            "Leave requires_grad alone.",
            TIE,
            f"{TIE}\n        self.weight.requires_grad_(False)",
        ),
        slip(
            "there is one bias a token, and a tied output has none",
            "F.linear(x, self.weight), and no more.",
            TIE,
            f"{TIE}\n        self.bias = nn.Parameter(0 * self.weight[:, 0])",
            SCORES,
            "F.linear(x, self.weight, self.bias)",
        ),
        slip(
            "a copy is filled from the table before each use: its gradient "
            "stays in the copy",
            ONE,
            TIE,
            "self.table = [embedding]\n"
            "        self.weight = nn.Parameter(embedding.weight.detach()"
            ".clone())",
            f"return {SCORES}",
            "self.weight.data.copy_(self.table[0].weight)\n"
            f"        return {SCORES}",
        ),
        slip(
            "x is detached: nothing in front of the output learns",
            "F.linear(x, self.weight).",
            SCORES,
            "F.linear(x.detach(), self.weight)",
        ),
        slip(
            "x is multiplied by the table the other way round",
            "(V, C): F.linear multiplies x by each row. By hand it is "
            "x @ self.weight.T.",
            SCORES,
            "x @ self.weight",
        ),
        slip(
            "the rows of the table are brought to length 1",
            "The table's rows as they are.",
            SCORES,
            "F.linear(x, F.normalize(self.weight, dim=-1))",
        ),
        slip(
            "both x and the rows are brought to length 1: these are cosines",
            "x times each row, as they are.",
            SCORES,
            "F.linear(F.normalize(x, dim=-1), F.normalize(self.weight, "
            "dim=-1))",
        ),
        slip(
            "the scores are divided by √C, as in attention",
            "x times each row, and no more.",
            SCORES,
            f"{SCORES} / math.sqrt(x.shape[-1])",
        ),
        slip(
            "the scores are multiplied by √C",
            "x times each row, and no more.",
            SCORES,
            f"{SCORES} * math.sqrt(x.shape[-1])",
        ),
        slip(
            "shares come out, and scores are wanted",
            "The softmax belongs to the loss.",
            SCORES,
            f"{SCORES}.softmax(dim=-1)",
        ),
        slip(
            "logarithms of shares come out, and scores are wanted",
            "The softmax belongs to the loss.",
            SCORES,
            f"{SCORES}.log_softmax(dim=-1)",
        ),
        slip(
            "distances from the rows come out, and products are wanted",
            "F.linear(x, self.weight).",
            SCORES,
            "-torch.cdist(x, self.weight)",
        ),
        slip(
            "the mean of the rows is taken away first",
            "The table's rows as they are.",
            SCORES,
            "F.linear(x, self.weight - self.weight.mean(dim=0))",
        ),
    ),
    hints=(
        "The broken model learns more numbers than its twin. How many more, "
        "and what has that size?",
        "`detach().clone()` makes new numbers, and `nn.Parameter` a new "
        "parameter. What does the file keep of the two that are trained?",
        "`self.weight = embedding.weight`.",
    ),
    why="""\
A tied model has one table.
Its gradient is a sum: one part comes from where a token is read, the other
from where it is scored.
The copy made two tables of it.
They begin alike, so nothing is to be seen at first; then each follows its own
part of the gradient, and they part.
While the model is trained nothing is amiss, and its loss falls.
The file keeps the table alone, and the reading puts it in both places: what
the output had learned is gone, and the table was never trained to score.
The number of parameters says it before any training: a tied model counts its
table once.
An assignment is enough, since `parameters()` gives a parameter with two names
once.""",
)
