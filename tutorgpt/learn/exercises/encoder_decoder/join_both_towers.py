"""Exercise 9.4. The mask of an encoder and a decoder in one row."""

import random
from typing import Any

import torch
from jaxtyping import Bool
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip


def any_lengths(draw: random.Random) -> tuple:
    """1 to 7 tokens each, or many."""
    most = draw.choice((7, 7, 7, 90))
    return draw.randint(1, most), draw.randint(1, most)


def four_blocks(
    again: Any, args: tuple, expected: Bool[Tensor, "N N"]
) -> str | None:
    """A rule: which of the four blocks is wrong."""
    S, _ = args
    found = again(*args).bool()
    parts = {"the source": slice(0, S), "the target": slice(S, None)}
    wrong = [
        f"what {who} sees of {what} is wrong"
        for who, rows in parts.items()
        for what, columns in parts.items()
        if not torch.equal(found[rows, columns], expected[rows, columns])
    ]
    return "; ".join(wrong) or None


EXERCISE = Exercise(
    number="9.4",
    title="Both towers in one row",
    kind="extend",
    difficulty="medium",
    importance=3,
    task="""\
Put $S$ source tokens and $T$ target tokens into one row, and one tower can
do the work of two, if its mask is right.
Write `one_row(S, T)`: `True` $(S + T, S + T)$ where row $t$ may look at
column $s$: a source token sees what an encoder would let it see, and a
target token what a decoder with cross-attention would.""",
    starter='''\
def one_row(S, T):
    """The mask of an encoder and a decoder in one."""
    return ...''',
    target="one_row",
    solution='''\
def one_row(S, T):
    """The mask of an encoder and a decoder in one."""
    visible = torch.ones(S + T, S + T, dtype=torch.bool).tril()
    visible[:, :S] = True
    return visible''',
    cases=lambda: [
        (3, 2),
        (1, 4),
        (4, 4),
        (5, 1),
        (2, 6),
        (40, 50),
        (130, 150),
    ],
    domain=any_lengths,
    labels=("S =", "T ="),
    rules=(four_blocks,),
    wrong=(
        slip(
            "the source reads from left to right, as in a GPT",
            "An encoder has no causal mask: source rows see all of it.",
            "    visible[:, :S] = True\n",
            "",
        ),
        slip(
            "the source sees the target, which is not written yet",
            "Source rows see source columns only.",
            "visible[:, :S] = True",
            "visible[:, :S] = True\n    visible[:S] = True",
        ),
        slip(
            "everything sees everything",
            "The target is written one token after the other.",
            ".tril()",
            "",
        ),
        slip(
            "the target does not see the source",
            "That is what cross-attention was for: columns 0 ... S - 1.",
            "visible[:, :S] = True",
            "visible[:S, :S] = True\n    visible[S:, :S] = False",
        ),
        slip(
            "the target sees its future",
            "Target rows see the source, themselves and their past.",
            "visible[:, :S] = True",
            "visible[:, :S] = True\n    visible[S:] = True",
        ),
        slip(
            "a target token does not see itself",
            "The diagonal belongs to it, as in any causal mask.",
            ".tril()",
            ".tril(-1)",
        ),
        slip(
            "rows and columns are exchanged",
            "Row t is the one that looks: set columns, not rows.",
            "return visible",
            "return visible.mT",
        ),
        slip(
            "the mask says what is forbidden",
            "True should mean allowed: turn it round with ~.",
            "return visible",
            "return ~visible",
        ),
        slip(
            "the first T columns are open, not the first S",
            "The source stands in front and has S tokens.",
            "visible[:, :S]",
            "visible[:, :T]",
        ),
        slip(
            "the mask holds ones and zeros instead of True and False",
            "dtype=torch.bool.",
            ", dtype=torch.bool",
            "",
        ),
        slip(
            "the target sees of the target only what is still to come",
            "tril keeps the past and oneself, triu the future.",
            ".tril()\n",
            ".triu()\n    visible[:S, S:] = False\n",
        ),
        slip(
            "the target sees of the source only as many tokens as it "
            "has written itself",
            "The whole source is there from the start: all S columns.",
            "    visible[:, :S] = True",
            "    visible[:S, :S] = True\n"
            "    visible[S:, :S] = torch.ones(T, S, "
            "dtype=torch.bool).tril()",
        ),
        slip(
            "a source token sees itself alone",
            "An encoder has no mask: source rows see all of the source.",
            "    visible[:, :S] = True",
            "    visible[:, :S] = True\n"
            "    visible[:S, :S] = torch.eye(S, dtype=torch.bool)",
        ),
        slip(
            "the source is one column short: its last token is not "
            "seen by all",
            "S columns: [:, :S].",
            "visible[:, :S]",
            "visible[:, : S - 1]",
        ),
        slip(
            "a target token sees no target token but itself",
            "It sees its past as well, as in any causal mask.",
            "    return visible",
            "    visible[S:, S:] = torch.eye(T, dtype=torch.bool)\n"
            "    return visible",
        ),
        slip(
            "a target token sees no target token at all",
            "It sees itself and its past, as in any causal mask.",
            "    return visible",
            "    visible[S:, S:] = False\n    return visible",
        ),
        slip(
            "these are the numbers that are added to scores, 0 and -inf",
            "The task wants True and False: dtype=torch.bool.",
            "return visible",
            "return torch.zeros(S + T, S + T).masked_fill(~visible, "
            'float("-inf"))',
        ),
        slip(
            "the source sees nothing",
            "Source rows see all of the source: an encoder's row.",
            "    return visible",
            "    visible[:S] = False\n    return visible",
        ),
        slip(
            "triu is used for tril: source and target see all that is to come",
            "tril keeps the past and oneself, triu the future.",
            ".tril()",
            ".triu()",
        ),
    ),
    hints=(
        "Draw it for S = 3 and T = 2: which of the four blocks are full, "
        "empty, and a triangle?",
        "Begin with the causal mask of a GPT; one block of it is too strict.",
        "`visible[:, :S] = True`: everybody may look at the source.",
    ),
    why="""\
Four blocks: source on source is full, as in an encoder; source on target is
empty; target on source is full, as cross-attention; target on target is a
triangle.
It is called a *prefix* mask, and the paper on T5 (Raffel et al. 2019)
compares it with two towers.
With a plain triangle instead, source tokens cannot read ahead; exercise
9.D measures what that costs on dates.""",
)
