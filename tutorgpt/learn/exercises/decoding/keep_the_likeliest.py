"""Exercise 8.3. Probabilities shared by exactly k tokens."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.decoding.random_scores import (
    any_of_the_equal,
    any_scores,
    scored,
)


def to_keep() -> list[tuple]:
    """Scores (B, V) and k: one row, all of them, ties, and k above V."""
    tied = torch.tensor([[1.0, 3.0, 2.0, 3.0, 3.0], [0.5, 2.0, 1.0, 2.0, 0.0]])
    return [
        (scored(3, 8, 83), 3),
        (scored(4, 6, 84), 1),
        (scored(2, 5, 85), 9),
        (tied, 2),
        (scored(1, 12, 86), 12),
        (torch.zeros(2, 6), 4),
        (scored(3, 7, 87) - 4000, 2),
        (torch.tensor([[2.0, -1.0, 2.0, 5.0]]), 2),
        (torch.tensor([[0.0, -1.0, 0.0], [3.0, 0.0, -2.0]]), 1),
    ]


def any_choice(draw: random.Random) -> tuple:
    """Any scores, and k from 1 to more than there are."""
    scores = any_scores(draw)
    return scores, draw.randint(1, scores.shape[-1] + 2)


def by_size_where_tied(
    attempt: Any, scores: Float[Tensor, "B V"], k: int
) -> Any:
    """The result, whichever of the equal ones was kept."""
    before = scores.clone()  # an attempt may write into its argument
    return any_of_the_equal(attempt(scores, k), before)


def keeps_k(
    again: Any, args: tuple, expected: Float[Tensor, "B V"]
) -> str | None:
    """A rule: so many tokens keep a probability, and they share all of it."""
    scores, k = args
    shares = again(*args)
    kept, wanted = int((shares[0] > 0).sum()), min(k, scores.shape[-1])
    if kept != wanted:
        return f"{kept} tokens of row 0 keep a probability, not {wanted}"
    if (shares.sum(dim=-1) - 1).abs().max() > 1e-4:
        total = shares[0].sum().item()
        return f"the probabilities of row 0 sum to {total:.3f}, not to 1"
    for b, (row, share) in enumerate(zip(scores, shares, strict=True)):
        kept_row = share > 0
        if kept_row.all() or not kept_row.any():
            continue
        low = row.masked_fill(~kept_row, torch.inf).argmin()
        high = row.masked_fill(kept_row, -torch.inf).argmax()
        if row[high] > row[low]:
            return (
                f"row {b} keeps token {low} with the score {row[low]:.2f} "
                f"and drops token {high} with {row[high]:.2f}"
            )
    some = expected[0] > 0
    odds = (shares[0] / scores[0].softmax(dim=-1))[some]
    if (odds / odds[0] - 1).abs().max() > 1e-3:
        return (
            "what is kept in row 0 should be a multiple of what softmax gave "
            "it, one and the same for all, and it is not"
        )
    return None


EXERCISE = Exercise(
    number="8.3",
    title="Exactly k",
    kind="write",
    difficulty="easy",
    importance=4,
    task="""\
Write `likeliest(scores, k)` for `scores` $(B, V)$: the probabilities
$(B, V)$ when only the $k$ likeliest tokens of each row may be drawn.
Exactly $k$ of them, also where scores are equal (then any of the equal ones
may stay); and all of them if $k$, which is at least 1, is larger than
$V$.""",
    starter='''\
def likeliest(scores, k):
    """Probabilities shared by the k likeliest tokens of each row."""
    return ...''',
    target="likeliest",
    solution='''\
def likeliest(scores, k):
    """Probabilities shared by the k likeliest tokens of each row."""
    k = min(k, scores.shape[-1])
    best, places = scores.topk(k, dim=-1)
    kept = torch.full_like(scores, float("-inf"))
    kept = kept.scatter(-1, places, best)
    return kept.softmax(dim=-1)''',
    cases=to_keep,
    domain=any_choice,
    run=by_size_where_tied,
    labels=("scores", "k ="),
    rules=(keeps_k,),
    wrong=(
        slip(
            "the k scores farthest from 0 are kept, whatever their sign",
            "A large negative score is an unlikely token: no abs().",
            "best, places = scores.topk(k, dim=-1)",
            "places = scores.abs().topk(k, dim=-1).indices\n"
            "    best = scores.gather(-1, places)",
        ),
        slip(
            "the places that argsort gives are taken for ranks",
            "argsort says who comes first, not which rank each one has.",
            "kept = kept.scatter(-1, places, best)",
            "order = scores.argsort(dim=-1, descending=True)\n"
            "    kept = scores.masked_fill(order >= k, -torch.inf)",
        ),
        slip(
            "one token too many is kept",
            "Is the largest number that may stay inside or outside?",
            "min(k, ",
            "min(k + 1, ",
        ),
        slip(
            "one token too few is kept",
            "The k-th likeliest may still be drawn: mask what is below it, "
            "and not what equals it.",
            "min(k, scores.shape[-1])",
            "min(k, scores.shape[-1]) - 1",
        ),
        slip(
            "all tokens that tie with the k-th are kept",
            "A threshold lets every equal score in: use the places that "
            "topk gives.",
            'kept = torch.full_like(scores, float("-inf"))\n'
            "    kept = kept.scatter(-1, places, best)",
            "kept = scores.masked_fill(scores < best[:, -1:], -torch.inf)",
        ),
        slip(
            "k larger than V is not provided for",
            "Then all V stay: min(k, scores.shape[-1]).",
            "    k = min(k, scores.shape[-1])\n",
            "",
        ),
        slip(
            "the forbidden tokens get the score 0, which is a probability",
            "e^0 is 1: only -inf becomes a probability of 0.",
            'float("-inf")',
            "0.0",
        ),
        slip(
            "the softmax came before the cut, so rows sum to less than 1",
            "Cut the scores first; softmax then shares out all of it.",
            "return kept.softmax(dim=-1)",
            "return scores.softmax(dim=-1) * kept.isfinite()",
        ),
        slip(
            "scores come back, not probabilities",
            "One step is left: softmax.",
            "return kept.softmax(dim=-1)",
            "return kept",
        ),
        slip(
            "the k least likely are kept",
            "Sort from the largest down.",
            "topk(k, dim=-1)",
            "topk(k, dim=-1, largest=False)",
        ),
        slip(
            "the k likeliest of the whole batch are kept",
            "Each row keeps k of its own.",
            'kept = torch.full_like(scores, float("-inf"))\n'
            "    kept = kept.scatter(-1, places, best)",
            "kept = scores.masked_fill(scores < scores.flatten().topk(k)"
            ".values[-1], -torch.inf)",
        ),
        slip(
            "the first k of the vocabulary are kept",
            "topk says which ones are likely.",
            "kept.scatter(-1, places, best)",
            "torch.cat([scores[:, :k], kept[:, k:]], dim=-1)",
        ),
        slip(
            "the best scores stand in the first places, not in their own",
            "scatter(-1, places, best) puts them back.",
            "kept.scatter(-1, places, best)",
            "torch.cat([best, kept[:, k:]], dim=-1)",
        ),
        slip(
            "the softmax runs over the wrong axis: columns sum to 1",
            "The tokens of one text share its probability: dim=-1.",
            "softmax(dim=-1)",
            "softmax(dim=0)",
        ),
        slip(
            "the k that stay get equal shares",
            "They share by their scores: a softmax over what is kept.",
            '    kept = torch.full_like(scores, float("-inf"))\n'
            "    kept = kept.scatter(-1, places, best)\n"
            "    return kept.softmax(dim=-1)",
            "    return torch.zeros_like(scores).scatter(-1, places, 1.0) / k",
        ),
        slip(
            "the shares are divided by the sum of all rows",
            "Each row sums to 1 by itself: dim=-1, keepdim=True.",
            '    kept = torch.full_like(scores, float("-inf"))\n'
            "    kept = kept.scatter(-1, places, best)\n"
            "    return kept.softmax(dim=-1)",
            "    kept = scores.softmax(-1) * "
            "torch.zeros_like(scores).scatter(-1, places, 1.0)\n"
            "    return kept / kept.sum()",
        ),
        slip(
            "the scores themselves are divided by their sum",
            "Shares are powers of e over their sum: softmax.",
            '    kept = torch.full_like(scores, float("-inf"))\n'
            "    kept = kept.scatter(-1, places, best)\n"
            "    return kept.softmax(dim=-1)",
            "    kept = scores * torch.zeros_like(scores).scatter(-1, "
            "places, 1.0)\n"
            "    return kept / kept.sum(-1, keepdim=True)",
        ),
        slip(
            "the places that are the best of row 0 are kept in every row",
            "Each row has its own: scatter with its own places.",
            "kept.scatter(-1, places, best)",
            "kept.index_copy(1, places[0], scores[:, places[0]])",
        ),
        slip(
            "one token is always cut off: k stops at V - 1",
            "All V stay if k is V or more: min(k, V).",
            "min(k, scores.shape[-1])",
            "min(k, max(1, scores.shape[-1] - 1))",
        ),
        slip(
            "the likeliest tokens come back, not the probabilities",
            "One probability for each of the V tokens, 0 for those "
            "that may not be drawn.",
            "return kept.softmax(dim=-1)",
            "return kept.softmax(dim=-1).argmax(-1)",
        ),
        slip(
            "the k largest probabilities come back alone, (B, k)",
            "(B, V): each in its token's place, and 0 for the others.",
            '    kept = torch.full_like(scores, float("-inf"))\n'
            "    kept = kept.scatter(-1, places, best)\n"
            "    return kept.softmax(dim=-1)",
            "    return best.softmax(-1)",
        ),
        slip(
            "the places of the k likeliest come back",
            "(B, V) probabilities: scatter puts the best scores into "
            "these places.",
            '    kept = torch.full_like(scores, float("-inf"))\n'
            "    kept = kept.scatter(-1, places, best)\n"
            "    return kept.softmax(dim=-1)",
            "    return places",
        ),
    ),
    hints=(
        "What must a score become, so that softmax gives it nothing?",
        "`scores.topk(k)` gives the scores and their places; `scatter` puts "
        "numbers back into places.",
        '`torch.full_like(scores, float("-inf"))`, then '
        "`.scatter(-1, places, best)`, then softmax.",
    ),
    why="""\
A score of $-\\infty$ has the probability $e^{-\\infty} = 0$, and the softmax
that follows shares everything out among the rest.
A threshold, `scores < best[:, -1:]`, keeps more than $k$ where several
scores equal the $k$-th; places are exact.""",
)
