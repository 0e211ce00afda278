"""Exercise 2.6. A bug hunt: a head whose loss is too good to be true."""

import random

import torch

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.properties import blind_to_the_future


def head_cases() -> list[tuple]:
    """Sizes (C, D, block_size) and a batch of inputs (B, T, C)."""
    g = torch.Generator().manual_seed(5)
    return [
        ((C, D, block_size), torch.randn(B, T, C, generator=g))
        for C, D, block_size, B, T in (
            (6, 3, 8, 1, 5),
            (8, 4, 7, 3, 7),
            (5, 5, 9, 2, 2),
            (3, 2, 10, 1, 9),
        )
    ]


def any_input(draw: random.Random) -> tuple:
    """Sizes, and inputs that are at most as long as the block."""
    C, D, block_size = (draw.randint(1, n) for n in (12, 8, 12))
    B, T = draw.randint(1, 4), draw.randint(1, block_size)
    g = torch.Generator().manual_seed(draw.randrange(2**31))
    x = torch.randn(B, T, C, generator=g) * draw.choice((0.0, 0.3, 1.0, 3.0))
    return (C, D, block_size), x


BROKEN = """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.query = nn.Linear(n_embed, head_size, bias=False)
        self.key = nn.Linear(n_embed, head_size, bias=False)
        self.value = nn.Linear(n_embed, head_size, bias=False)
        past = torch.ones(block_size, block_size).tril(1) > 0
        self.register_buffer("past", past)

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        return scores.softmax(dim=-1) @ v"""

MENDED = BROKEN.replace(".tril(1)", ".tril()")

EXERCISE = Exercise(
    number="2.6",
    title="Too good to be true",
    kind="bug",
    difficulty="medium",
    importance=4,
    task="""\
This head was trained in 600 steps to a loss that only one other model of
the plays in this book comes near.
Read the curve, the sample and the map, name the bug, and repair the class.""",
    starter=BROKEN,
    target="OwnHead",
    solution=MENDED,
    suspect="sees the future",
    symptom=(
        "the loss is far below that of any other model of these plays, the "
        "sample is nonsense, and the map has its weight one place above the "
        "diagonal"
    ),
    cases=head_cases,
    domain=any_input,
    is_module=True,
    rules=(blind_to_the_future,),
    wrong=(
        slip(
            "each position still sees the next one",
            "The diagonal is the last place that is allowed.",
            ".tril()",
            ".tril(1)",
        ),
        slip(
            "a position does not see itself any more, and the first row is "
            "empty: its softmax is nan",
            "tril(-1) cuts the diagonal off; tril() keeps it.",
            ".tril()",
            ".tril(-1)",
        ),
        slip(
            "the mask lets through the future instead of the past",
            "tril keeps what lies below the diagonal, triu what lies above.",
            ".tril()",
            ".triu()",
        ),
        slip(
            "the mask hides nothing",
            "Is masked_fill there, and does its table come from tril?",
            ".tril()",
            "",
        ),
        slip(
            "the mask is turned round: the past is hidden",
            "Fill where the past is *not*: ~self.past.",
            "~self.past",
            "self.past",
        ),
        slip(
            "the mask comes after the softmax, so rows sum to less than 1",
            "Fill the scores first, then take the softmax.",
            "        scores = scores.masked_fill(~self.past[:T, :T], "
            'float("-inf"))\n        return scores.softmax(dim=-1) @ v',
            "        weights = scores.softmax(dim=-1)\n"
            "        return (weights * self.past[:T, :T]) @ v",
        ),
        slip(
            "the mask is not cut to the length of the text",
            "self.past[:T, :T]: a text may be shorter than the block.",
            "self.past[:T, :T]",
            "self.past",
        ),
        slip(
            "masked scores are set to 0, which still gets a weight",
            "e^0 is 1: only -inf becomes a weight of 0.",
            'float("-inf")',
            "0.0",
        ),
        slip(
            "the softmax runs over the wrong axis: columns sum to 1, not rows",
            "Each position shares out its own weights: dim=-1.",
            "softmax(dim=-1)",
            "softmax(dim=-2)",
        ),
        slip(
            "the softmax is missing",
            "It turns scores into weights: .softmax(dim=-1).",
            ".softmax(dim=-1)",
            "",
        ),
        slip(
            "the scores are not divided by √D any more",
            "Only the mask was wrong.",
            " / math.sqrt(q.shape[-1])",
            "",
        ),
        slip(
            "the scores are divided by D, not by its root",
            "Only the mask was wrong.",
            "math.sqrt(q.shape[-1])",
            "q.shape[-1]",
        ),
        slip(
            "the mask lets two places of the future through",
            "The diagonal is the last place that is allowed.",
            ".tril()",
            ".tril(2)",
        ),
        slip(
            "the layers have biases now",
            "bias=False was right; only the mask was wrong.",
            "bias=False",
            "bias=True",
        ),
        slip(
            "the mask is turned round, and .tril(1) still stands: the last "
            "two positions have nothing to look at, and come out as nan",
            "Fill where the past is *not*, ~self.past, with .tril().",
            "~self.past",
            "self.past",
            ".tril()",
            ".tril(1)",
        ),
        slip(
            "the mask is turned round: each position mixes its future, and "
            "the last one, which has none, everything",
            "Fill where the past is *not*: ~self.past.",
            "~self.past",
            "self.past",
            'float("-inf")',
            "-1e9",
        ),
        slip(
            "the mask is turned round, and .tril(1) still stands: each "
            "position mixes what is two places ahead or more, and the last "
            "two everything",
            "Fill where the past is *not*, ~self.past, with .tril().",
            "~self.past",
            "self.past",
            ".tril()",
            ".tril(1)",
            'float("-inf")',
            "-1e9",
        ),
        slip(
            "masked scores are set to +inf, of which a softmax makes nan",
            "The mask has to make scores small: -inf.",
            'float("-inf")',
            'float("inf")',
        ),
        slip(
            "masked scores are filled with a large positive number",
            "The mask has to make scores small: -inf.",
            'float("-inf")',
            "1e9",
        ),
        slip(
            "x, which has C channels, is added to the result, which has D",
            "The head gives back the mixture of the values alone.",
            "return scores",
            "return x + scores",
        ),
        slip(
            "the result, which has D channels, is added to x, which has C",
            "The head gives back the mixture of the values alone.",
            "scores.softmax(dim=-1) @ v",
            "scores.softmax(dim=-1) @ v + x",
        ),
        slip(
            "each position's own value is added once more",
            "The head gives back the mixture of the values alone.",
            "return scores",
            "return v + scores",
        ),
        slip(
            "the inputs themselves are mixed, not their values",
            "The weights mix the values: @ v.",
            "scores.softmax(dim=-1) @ v",
            "scores.softmax(dim=-1) @ x",
        ),
        slip(
            "each position sees itself alone: the past is hidden as well",
            "tril keeps the diagonal and all that lies below it.",
            "torch.ones(block_size, block_size).tril()",
            "torch.eye(block_size)",
        ),
        slip(
            "a position sees itself and the one before it, and nothing older",
            "tril keeps everything below the diagonal, however far.",
            ".tril()",
            ".tril().triu(-1)",
        ),
        slip(
            "masked scores become -1, and e^-1 is still a weight",
            "Only -inf becomes a weight of 0.",
            'float("-inf")',
            "-1.0",
        ),
        slip(
            "the keys stand where the values should",
            "What is mixed is v: weights @ v.",
            "scores.softmax(dim=-1) @ v",
            "scores.softmax(dim=-1) @ k",
        ),
        slip(
            "the queries stand where the values should",
            "What is mixed is v: weights @ v.",
            "scores.softmax(dim=-1) @ v",
            "scores.softmax(dim=-1) @ q",
        ),
        slip(
            "queries are compared with values",
            "A score is a query's product with a key: q @ k.mT.",
            "q @ k.mT",
            "q @ v.mT",
        ),
        slip(
            "queries are compared with queries",
            "A score is a query's product with a key: q @ k.mT.",
            "q @ k.mT",
            "q @ q.mT",
        ),
        slip(
            "keys are compared with keys",
            "A score is a query's product with a key: q @ k.mT.",
            "q @ k.mT",
            "k @ k.mT",
        ),
        slip(
            "the scores are divided by √T, not by √D",
            "A score is a sum of D products: D = q.shape[-1].",
            "math.sqrt(q.shape[-1])",
            "math.sqrt(T)",
        ),
        slip(
            "the scores are divided by √C, not by √D",
            "A score is a sum of D products: D = q.shape[-1].",
            "math.sqrt(q.shape[-1])",
            "math.sqrt(x.shape[-1])",
        ),
        slip(
            "each score goes through a sigmoid by itself, where a softmax "
            "shares out the weights of a row",
            "Only the mask was wrong: softmax(dim=-1).",
            "scores.softmax(dim=-1) @ v",
            "scores.sigmoid() @ v",
        ),
    ),
    hints=(
        "Where in the map does the weight lie, and what stands there?",
        "Compare the line that makes `past` with exercise 2.2.",
        "`.tril()` where the class says `.tril(1)`.",
    ),
    why="""\
`.tril(1)` keeps one diagonal too many: each position may look at the
character that it is asked to predict.
In training that is a copy of the answer; when the model writes, the place
is empty, and what it has learned does not help.""",
)
