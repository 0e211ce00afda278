"""Exercise 8.4. The fewest likeliest tokens that together reach p."""

import random
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.decoding.random_scores import (
    any_of_the_equal,
    any_scores,
    scored,
)


def to_gather() -> list[tuple]:
    """Scores (B, V) and p, from almost nothing to all."""
    return [
        (scored(3, 8, 87), 0.9),
        (scored(5, 5, 88), 0.5),
        (scored(2, 12, 89), 0.01),
        (scored(4, 6, 90), 0.75),
        (scored(1, 7, 91), 1.0),
        # Four equal tokens have a quarter each: two of them reach one half.
        (torch.zeros(3, 4), 0.5),
        (torch.full((2, 8), -9.0), 0.375),
        (scored(3, 6, 92) - 3000, 0.8),
        (torch.tensor([[1.0, 4.0, 1.0, 1.0, 4.0]]), 0.6),
    ]


def any_share(draw: random.Random) -> tuple:
    """Any scores, and p above 0, at most 1, where rounding cannot decide."""
    while True:
        scores = any_scores(draw)
        p = draw.choice((0.01, 0.25, 0.5, 0.9, 1.0, draw.uniform(0.02, 0.99)))
        shares = scores.softmax(dim=-1).sort(descending=True).values
        exact = bool((scores == scores[0, 0]).all()) and (
            scores.shape[-1] in (1, 2, 4, 8)
        )
        near = (shares.cumsum(dim=-1)[:, :-1] - p).abs() < 1e-4
        if exact or not near.any():
            return scores, p


def whichever_is_equal(
    attempt: Any, scores: Float[Tensor, "B V"], p: float
) -> Any:
    """The result, whichever of the equal ones was kept."""
    before = scores.clone()  # an attempt may write into its argument
    return any_of_the_equal(attempt(scores, p), before)


def reaches_p(
    again: Any, args: tuple, expected: Bool[Tensor, "B V"]
) -> str | None:
    """A rule: what is kept shares p, and without its last one it does not."""
    scores, p = args
    shares = scores.softmax(dim=-1)
    for n, row in enumerate(again(*args).bool()):
        total = shares[n][row].sum().item()
        if total < p - 1e-5:
            return f"what is kept in row {n} has only {total:.2f} of {p}"
        least = shares[n][row].min().item()
        if total - least >= p:
            return (
                f"row {n} keeps {int(row.sum())} tokens, and fewer would "
                f"have {p} already"
            )
    return None


EXERCISE = Exercise(
    number="8.4",
    title="The fewest that reach p",
    kind="write",
    difficulty="medium",
    importance=4,
    task="""\
Write `nucleus(scores, p)` for `scores` $(B, V)$: `True` $(B, V)$ for the
tokens that top-p lets be drawn, the fewest likeliest ones that together have
at least the probability $p$, which is above 0 and at most 1; of tokens with
equal scores any may be chosen.
Then ask it how many characters `top_p=0.9` keeps, at all positions of a few
hundred windows of `corpus.val`: the fewest, the most, the mean.""",
    starter='''\
def nucleus(scores, p):
    """True for the fewest likeliest tokens that together reach p."""
    return ...''',
    target="nucleus",
    solution='''\
def nucleus(scores, p):
    """True for the fewest likeliest tokens that together reach p."""
    shares = scores.softmax(dim=-1)
    shares, order = shares.sort(dim=-1, descending=True)
    before = shares.cumsum(dim=-1) - shares
    allowed = torch.zeros_like(scores, dtype=torch.bool)
    return allowed.scatter(-1, order, before < p)''',
    cases=to_gather,
    domain=any_share,
    run=whichever_is_equal,
    labels=("scores", "p ="),
    rules=(reaches_p,),
    wrong=(
        slip(
            "the token that crosses p is left out",
            "Ask what the likelier ones have together: below p, the next "
            "one is still needed.",
            "before < p",
            "before + shares < p",
        ),
        slip(
            "the token that crosses p is left out, but for the first one",
            "Ask what the likelier ones have together, without the token "
            "itself: below p, it is still needed.",
            "before < p",
            "(before + shares <= p) | (before <= 0)",
        ),
        slip(
            "where the likelier ones have p exactly, one more is kept",
            "They have at least p then: below p, not at it.",
            "before < p",
            "before <= p",
        ),
        slip(
            "all tokens are kept that are as likely as the last one needed",
            "The fewest: of equally likely ones only as many as it takes.",
            "    allowed = torch.zeros_like(scores, dtype=torch.bool)\n"
            "    return allowed.scatter(-1, order, before < p)",
            "    least = shares.masked_fill(before >= p, 2.0).amin(-1)\n"
            "    return scores.softmax(dim=-1) >= least[:, None]",
        ),
        slip(
            "one token more than needed is kept",
            "Once the sum has reached p, nothing more comes in.",
            "before < p",
            "(before < p).roll(1, -1).logical_or(before < p)",
        ),
        slip(
            "the answer is in the order of the sorting, not of the tokens",
            "scatter(-1, order, ...) puts each back into its place.",
            "allowed.scatter(-1, order, before < p)",
            "before < p",
        ),
        slip(
            "the sorting was undone the wrong way round",
            "order says where a sorted token came from: scatter, not gather.",
            "allowed.scatter(-1, order, before < p)",
            "(before < p).gather(-1, order)",
        ),
        slip(
            "the sum begins with the least likely tokens",
            "sort(descending=True).",
            "descending=True",
            "descending=False",
        ),
        slip(
            "each token is compared with p by itself",
            "p is what they have together: cumsum.",
            "before < p",
            "shares >= p",
        ),
        slip(
            "the tokens that should be forbidden are kept",
            "True means that it may be drawn.",
            "before < p",
            "before >= p",
        ),
        slip(
            "scores are added up, not probabilities",
            "Softmax first: p is a probability.",
            ".softmax(dim=-1)",
            "",
        ),
        slip(
            "the sum runs over the batch",
            "Along the tokens: cumsum(dim=-1).",
            "cumsum(dim=-1)",
            "cumsum(dim=0)",
        ),
        slip(
            "the softmax runs over the wrong axis",
            "The tokens of one text share its probability: dim=-1.",
            "softmax(dim=-1)",
            "softmax(dim=0)",
        ),
        slip(
            "all tokens with at least p of the largest probability are kept",
            "That is another rule, called min-p; here p is a sum.",
            "before < p",
            "shares >= p * shares[:, :1]",
        ),
        slip(
            "only tokens count whose sum with all likelier ones is at "
            "most p: the one that crosses p is left out",
            "It is still needed to reach p: ask what the likelier ones have.",
            "before < p",
            "shares.cumsum(dim=-1) <= p",
        ),
        slip(
            "only tokens are kept that are likelier than the one that "
            "crosses p",
            "The one that crosses p is still needed.",
            "    allowed = torch.zeros_like(scores, dtype=torch.bool)\n"
            "    return allowed.scatter(-1, order, before < p)",
            "    n = (shares.cumsum(-1) < p).sum(-1, "
            "keepdim=True).clamp(max=shares.shape[-1] - 1)\n"
            "    return scores.softmax(-1) > shares.gather(-1, n)",
        ),
        slip(
            "the tokens are added up in the order of their numbers, "
            "not from the likeliest down",
            "sort(descending=True) first.",
            "shares, order = shares.sort(dim=-1, descending=True)",
            "order = torch.arange(shares.shape[-1]).expand_as(shares)",
        ),
        slip(
            "each token is compared with 1 - p by itself",
            "p is what they have together: cumsum.",
            "    shares, order = shares.sort(dim=-1, descending=True)\n"
            "    before = shares.cumsum(dim=-1) - shares\n"
            "    allowed = torch.zeros_like(scores, dtype=torch.bool)\n"
            "    return allowed.scatter(-1, order, before < p)",
            "    return shares >= 1 - p",
        ),
        slip(
            "the tokens are kept that come after p is reached",
            "Those before: the sum of the likelier ones is below p.",
            "before < p",
            "before + shares >= p",
        ),
        slip(
            "each score went through a sigmoid by itself, so that a "
            "row does not sum to 1",
            "softmax(dim=-1) shares one unit out among the V tokens.",
            "scores.softmax(dim=-1)",
            "scores.sigmoid()",
        ),
        slip(
            "the texts are sorted and added up, not the tokens of each",
            "The tokens are the last axis: dim=-1.",
            "shares.sort(dim=-1, descending=True)",
            "shares.sort(dim=0, descending=True)",
            "shares.cumsum(dim=-1)",
            "shares.cumsum(dim=0)",
            "scatter(-1,",
            "scatter(0,",
        ),
        slip(
            "every row keeps as many tokens as the row that needs most",
            "Each row has its own number.",
            "before < p",
            "(before < p).any(0, keepdim=True).expand_as(before)",
        ),
        slip(
            "the probabilities come back, not True and False",
            "before < p is True or False already.",
            "return allowed.scatter(-1, order, before < p)",
            "return scores.softmax(-1) * allowed.scatter(-1, order, "
            "before < p)",
        ),
    ),
    hints=(
        "Sort, add up, and ask for each token what the likelier ones have.",
        "`sort(dim=-1, descending=True)` gives the sorted probabilities and "
        "where they came from; `cumsum(dim=-1) - shares` is what stands "
        "before each.",
        "`torch.zeros_like(scores, dtype=torch.bool)"
        ".scatter(-1, order, before < p)`.",
    ),
    why="""\
A token is needed as long as the likelier ones have less than $p$; so the
one that crosses $p$ belongs to them, and there is always at least one.
On `corpus.val` the fewest is 1 (inside a name or a common word), the most
is 33 or 34 and the mean 9 (two seeds): after a comma it keeps fewer than
2 characters in the mean, after a space, where a word begins, about 19.
A `top_k` is the same number at both places.""",
)
