"""Exercise 12.6. A bug hunt: one table that is two."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip

BROKEN = """\
class TiedScores(nn.Module):
    def __init__(self, vocab_size, n_embed):
        super().__init__()
        self.token = nn.Embedding(vocab_size, n_embed)
        self.lm_head = nn.Linear(n_embed, vocab_size, bias=False)
        with torch.no_grad():
            self.lm_head.weight.copy_(self.token.weight)

    def forward(self, tokens):
        return self.lm_head(self.token(tokens))"""

MENDED = BROKEN.replace(
    """\
        with torch.no_grad():
            self.lm_head.weight.copy_(self.token.weight)""",
    """\
        self.lm_head.weight = self.token.weight""",
)


def to_score() -> list[tuple]:
    """Sizes (V, C), and tokens (B, T)."""
    g = torch.Generator().manual_seed(126)
    return [
        ((V, C), torch.randint(V, (B, T), generator=g))
        for V, C, B, T in (
            (5, 3, 2, 4),
            (7, 7, 1, 6),
            (3, 8, 3, 2),
            (2, 1, 1, 3),
            (11, 4, 2, 1),
            (1, 2, 1, 1),
        )
    ]


def any_tokens(draw: random.Random) -> tuple:
    """Any sizes, and any tokens."""
    V, C = draw.randint(1, 12), draw.randint(1, 8)
    return (V, C), torch.randint(V, (draw.randint(1, 3), draw.randint(1, 6)))


def alike_both_ways(
    again: Any, args: tuple, expected: Float[Tensor, "B T V"]
) -> str | None:
    """A rule: token a scores b as b scores a, for it is one product."""
    (V, C), _ = args
    scores = again((V, C), torch.arange(V)[None])[0]
    if (scores - scores.mT).abs().max() > 1e-4:
        return (
            "with one table, the score of b after a is that of a after b, a "
            "product of the same two vectors, and here the two differ"
        )
    return None


TIE = "self.lm_head.weight = self.token.weight"
RESULT = "self.lm_head(self.token(tokens))"

EXERCISE = Exercise(
    number="12.6",
    title="Twice the same",
    kind="bug",
    difficulty="medium",
    importance=4,
    task="""\
This class should score with the table of its tokens, as the chapter's model
does.
It gives a GPT its table and its output layer, and the GPT is trained.
Now and then its weights are written to a file that has no `output.weight`,
for a tied output needs none, and read into a model that is tied.
The curve is the loss of the model that is read.
Read the curve and the numbers above it, name the bug, and repair the
class.""",
    starter=BROKEN,
    needs="from torch import nn",
    target="TiedScores",
    solution=MENDED,
    suspect="a copy in the place of a tie",
    symptom=(
        "as many numbers too many are learned as a table has, and what is "
        "read from the file gets worse the longer the model has learned"
    ),
    cases=to_score,
    domain=any_tokens,
    is_module=True,
    rules=(alike_both_ways,),
    wrong=(
        slip(
            "the two are still apart: a table is copied, and both are learned",
            "They must be one parameter: assign it, and copy nothing.",
            TIE,
            "with torch.no_grad():\n"
            "            self.lm_head.weight.copy_(self.token.weight)",
        ),
        slip(
            "the output has a bias",
            "The table alone scores: bias=False.",
            ", bias=False",
            "",
        ),
        slip(
            "the scores are computed with one table, and the tokens are "
            "looked up in nothing",
            "Look the tokens up first: self.token(tokens).",
            RESULT,
            "self.lm_head.weight[tokens] @ torch.eye(\n"
            "            self.lm_head.in_features, self.lm_head.out_features\n"
            "        )",
        ),
        slip(
            "the scores are divided by √C",
            "A score is the product of two rows of the table, as it is.",
            f"return {RESULT}",
            f"scores = {RESULT}\n"
            "        return scores / self.lm_head.in_features**0.5",
        ),
        slip(
            "the vectors are made as long as one before they are scored",
            "A score is the product of two rows of the table, as they are.",
            RESULT,
            "self.lm_head(F.normalize(self.token(tokens), dim=-1))",
        ),
        slip(
            "each vector is scaled by √C when it is looked up",
            "A score is the product of two rows of the table, as they are.",
            RESULT,
            "self.lm_head(\n"
            "            self.token(tokens) * self.lm_head.in_features**0.5\n"
            "        )",
        ),
        slip(
            "the tie is detached: the output does not teach the table",
            "The table learns from both places: nothing is detached.",
            RESULT,
            "F.linear(self.token(tokens), self.lm_head.weight.detach())",
        ),
        slip(
            "the table is frozen",
            "The one table is learned.",
            TIE,
            TIE + "\n        self.token.weight.requires_grad_(False)",
        ),
        slip(
            "vectors come out, and no scores",
            "lm_head turns a vector into a score for each token.",
            RESULT,
            "self.token(tokens)",
        ),
        slip(
            "probabilities come out, and no scores",
            "The softmax belongs to the loss.",
            RESULT,
            "self.lm_head(self.token(tokens)).softmax(dim=-1)",
        ),
        slip(
            "the signs are reversed",
            "A score is the product of two rows of the table, as they are.",
            f"return {RESULT}",
            f"return -{RESULT}",
        ),
        slip(
            "the second axis is normalised: scores sum to 0 over the text",
            "Leave the scores as they are.",
            f"return {RESULT}",
            f"scores = {RESULT}\n"
            "        return scores - scores.mean(dim=1, keepdim=True)",
        ),
    ),
    hints=(
        "Compare the learned numbers with the twin's. What is there twice?",
        "After `a.copy_(b)` both hold the same numbers. What does one step "
        "of the optimizer do to `a`, and what to `b`?",
        "Two modules may share one parameter: assign the one's `weight` to "
        "the other's.",
    ),
    why="""\
`copy_` makes two tables that hold the same numbers, until the first step.
Then each goes its own way, and the model that is trained is not tied: its
loss is no worse for it, and nothing fails.
The file keeps one of the two tables, so what is read scores with the wrong
one.
An assignment makes one parameter with two names: it is counted once, learns
from both places, and is stored once.""",
)
