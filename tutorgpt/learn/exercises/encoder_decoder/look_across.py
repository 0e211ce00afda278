"""Exercise 9.3. Attention from one sequence to another."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.encoder_decoder import gap, moves


def two_sequences() -> list[tuple]:
    """Matrices (C, D), x (B, T, C), memory (B, S, C), real (B, S)."""
    g = torch.Generator().manual_seed(95)

    def draw(*shape: int) -> Float[Tensor, "..."]:
        return torch.randn(*shape, generator=g)

    lengths = {4: [2, 4], 6: [6, 1, 3], 3: [3], 5: [4, 5]}
    # Gaps at the front and in the middle, and scores in the thousands.
    gaps = torch.tensor([[False, True, True], [True, False, True]])
    sharp = (
        *(draw(4, 4) for _ in range(3)),
        40 * draw(2, 4, 4),
        40 * draw(2, 3, 4),
        gaps,
    )
    mild = (*sharp[:3], sharp[3] / 40, sharp[4] / 40, gaps)
    plain = [
        (
            *(draw(C, D) for _ in range(3)),
            draw(len(lengths[S]), T, C),
            draw(len(lengths[S]), S, C),
            torch.arange(S) < torch.tensor(lengths[S])[:, None],
        )
        for T, S, C, D in (
            (4, 4, 6, 3),
            (3, 6, 8, 8),
            (5, 3, 12, 4),
            (2, 5, 6, 2),
        )
    ]
    return [*plain, mild, sharp]


def any_two(draw: random.Random) -> tuple:
    """Any sizes, and any mask that leaves something to read."""
    B, T, S = draw.randint(1, 3), draw.randint(1, 5), draw.randint(1, 6)
    C, D = draw.randint(1, 8), draw.randint(1, 8)
    size = draw.choice((0.3, 1, 8))
    real = torch.rand(B, S) < draw.choice((0.3, 0.7, 1.1))
    real[torch.arange(B), torch.randint(S, (B,))] = True
    return (
        *(torch.randn(C, D) for _ in range(3)),
        size * torch.randn(B, T, C),
        size * torch.randn(B, S, C),
        real,
    )


def blind_to_padding(
    again: Any, args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: what stands where real is False must not matter."""
    *given, memory, real = args
    noise = torch.where(real[..., None], memory, memory + 3)
    if moves(again(*given, noise, real), again(*args)):
        return "the result changes when the padding of memory does"
    return None


def memory_has_no_order(
    again: Any, args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: shuffled memory, with its mask, is read all the same."""
    *given, memory, real = args
    turned = again(*given, memory.flip(1), real.flip(1))
    if moves(turned, again(*args)):
        return (
            "the result changes when memory and real are turned round "
            "together, as if their order mattered"
        )
    return None


def takes_from_memory(
    again: Any, args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: where all of memory is alike, its value is the result."""
    *matrices, x, memory, real = args
    alike = memory[:, :1].expand_as(memory).clone()
    value = alike[:, :1] @ matrices[2]
    found = again(*matrices, x, alike, real)
    if moves(found, value.expand_as(found)):
        return (
            "where all of memory is alike, its one value should come out, "
            "and something else does"
        )
    return None


def memory_answers(
    again: Any, args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: another memory, another answer."""
    *given, memory, real = args
    before = again(*args)
    others = (-memory, 2 * memory, memory.flip(-1))
    if not any(moves(again(*given, m, real), before) for m in others):
        return "the result is the same whatever memory holds"
    return None


def x_asks(
    again: Any, args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: another question, another answer."""
    *matrices, x, memory, real = args
    before = again(*args)
    felt = [
        moves(again(*matrices, other, memory, real), before)
        for other in (-x, 2 * x, x.flip(-1))
    ]
    if not any(felt):
        return "the result is the same whatever x asks"
    if not felt[0]:
        return "the result is the same for x and for -x"
    return None


def right_but_for_the_scale(
    again: Any, args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: if larger or smaller scores would be right, say how much."""
    query, *rest = args
    if blind_to_padding(again, args, expected):
        return None  # then it is not the scale

    def miss(power: float) -> float:
        return gap(again(query * 2**power, *rest), expected)

    best = min((n / 8 for n in range(-24, 25)), key=miss)
    step = 1 / 16
    while step > 1e-4:
        best = min((best - step, best, best + step), key=miss)
        step /= 2
    if abs(best) > 0.01 and miss(best) < 1e-3 < miss(0) / 10:
        return (
            f"with scores {2**best:.2f} times as large it would be right: "
            "look at what they are divided by"
        )
    return None


EXERCISE = Exercise(
    number="9.3",
    title="Look across",
    kind="write",
    difficulty="medium",
    importance=5,
    task="""\
Write cross-attention with one head: `look_across(query, key, value, x,
memory, real)` with three matrices $(C, D)$, the sequence that asks, `x`
$(B, T, C)$, the one that answers, `memory` $(B, S, C)$, and `real`
$(B, S)$, `True` where memory holds a token and not padding.
It gives $(B, T, D)$.""",
    starter='''\
def look_across(query, key, value, x, memory, real):
    """For each position of x, a weighted mean of memory's values."""
    return ...''',
    target="look_across",
    solution='''\
def look_across(query, key, value, x, memory, real):
    """For each position of x, a weighted mean of memory's values."""
    q, k, v = x @ query, memory @ key, memory @ value
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    scores = scores.masked_fill(~real[:, None], float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v''',
    cases=two_sequences,
    domain=any_two,
    rules=(
        blind_to_padding,
        memory_has_no_order,
        takes_from_memory,
        memory_answers,
        x_asks,
        right_but_for_the_scale,
    ),
    wrong=(
        slip(
            "the padding mask is inverted: only padding is looked at",
            "masked_fill fills where the mask is True: give it ~real.",
            "~real",
            "real",
        ),
        slip(
            "there is no padding mask",
            "Padding has to get -inf before the softmax.",
            '    scores = scores.masked_fill(~real[:, None], float("-inf"))\n',
            "",
        ),
        slip(
            "the mask lies on the wrong axis: it hides who asks",
            "Scores are (B, T, S), and real belongs to S: real[:, None].",
            "real[:, None]",
            "real[:, :, None]",
        ),
        slip(
            "the mask of the first row is used for the whole batch",
            "Each row has its own: real[:, None] is (B, 1, S).",
            "real[:, None]",
            "real[:1, None]",
        ),
        slip(
            "padding gets the score 0, which is still a weight",
            "e^0 is 1: only -inf becomes a weight of 0.",
            'float("-inf")',
            "0.0",
        ),
        slip(
            "the mask comes after the softmax, so rows sum to less than 1",
            "Fill the scores with -inf first, then take the softmax.",
            '    scores = scores.masked_fill(~real[:, None], float("-inf"))\n',
            "",
            "scores.softmax(dim=-1)",
            "scores.softmax(dim=-1) * real[:, None]",
        ),
        slip(
            "the weights are e^score, and are not divided by their sum",
            "That is what a softmax does beyond exp().",
            "scores.softmax(dim=-1)",
            "scores.exp()",
        ),
        slip(
            "there is a causal mask as well",
            "The whole source is there: every position may see all of it.",
            "~real[:, None]",
            "~(real[:, None] & torch.ones_like(scores).bool().tril())",
        ),
        slip(
            "the roles are exchanged: memory asks and x answers",
            "The writer asks: queries from x, keys and values from memory.",
            "x @ query, memory @ key, memory @ value",
            "memory @ query, x @ key, x @ value",
        ),
        slip(
            "memory asks and x is asked, and where memory is padding the "
            "whole row is hidden: a softmax over nothing but -inf is nan",
            "The writer asks: queries from x, keys from memory; real belongs "
            "to the keys.",
            "x @ query, memory @ key",
            "memory @ query, x @ key",
            "real[:, None]",
            "real[:, :, None]",
        ),
        slip(
            "x reads itself: memory has no part in it",
            "Keys and values come from memory.",
            "memory @ key, memory @ value",
            "x @ key, x @ value",
        ),
        slip(
            "the matrices of query and key are exchanged",
            "x asks by `query`, memory is asked by `key`.",
            "x @ query, memory @ key",
            "x @ key, memory @ query",
        ),
        slip(
            "the matrices of key and value are exchanged",
            "Scores compare with memory @ key; what is mixed is memory @ "
            "value.",
            "memory @ key, memory @ value",
            "memory @ value, memory @ key",
        ),
        slip(
            "the values come from x",
            "What is mixed is memory's: memory @ value.",
            "memory @ value",
            "x @ value",
        ),
        slip(
            "the keys come from x",
            "The queries are compared with memory's keys.",
            "memory @ key",
            "x @ key",
        ),
        slip(
            "memory reads itself: x does not ask",
            "The queries come from x.",
            "x @ query",
            "memory @ query",
        ),
        slip(
            "the scores have the wrong sign: what fits least is read most",
            "The product of query and key is the score, as it is.",
            "scores = q @",
            "scores = -q @",
        ),
        slip(
            "the scores are not divided by √D",
            "Look at the line that makes the scores.",
            " / math.sqrt(q.shape[-1])",
            "",
        ),
        slip(
            "the scores are divided by √C, not by √D",
            "A score is a sum of D products: D = q.shape[-1].",
            "math.sqrt(q.shape[-1])",
            "math.sqrt(x.shape[-1])",
        ),
        slip(
            "the softmax runs over those who ask, not over what is read",
            "Each position shares out its own weights: dim=-1.",
            "softmax(dim=-1)",
            "softmax(dim=-2)",
        ),
        slip(
            "the keys stand where the values should",
            "The weights mix the values: weights @ v.",
            "weights @ v",
            "weights @ k",
        ),
        slip(
            "the weights are given back instead of the mixture",
            "One step is left: weights @ v.",
            "return weights @ v",
            "return weights",
        ),
        slip(
            "the scores are divided by D, not by its root",
            "A sum of D products is about √D large.",
            "math.sqrt(q.shape[-1])",
            "q.shape[-1]",
        ),
        slip(
            "memory itself is mixed, not its values",
            "weights @ v, with v = memory @ value.",
            "weights @ v",
            "weights @ memory",
        ),
        slip(
            "the softmax is missing: -inf times a value is no number",
            "Scores become weights by softmax(dim=-1).",
            "scores.softmax(dim=-1)",
            "scores",
        ),
        slip(
            "the mask lacks an axis: real is (B, S), the scores (B, T, S)",
            "real[:, None] is (B, 1, S), the same for every t.",
            "~real[:, None]",
            "~real",
        ),
        slip(
            "x, which has C channels, is added to the result, which has D",
            "The mixture alone comes back.",
            "return weights @ v",
            "return x + weights @ v",
        ),
    ),
    hints=(
        "Exercise 2.3 with two changes: where keys and values come from, "
        "and what is masked.",
        "Scores are $(B, T, S)$ and `real` is $(B, S)$: which axis is "
        "missing?",
        "`masked_fill(~real[:, None], float('-inf'))`.",
    ),
    why="""\
`real[:, None]` is $(B, 1, S)$: the same columns are hidden from every
position that asks, and $T$ and $S$ need not be equal.
There is no causal mask, because all of the source was there before the
first token is written; and no order either, since what memory knows about
places the encoder has put into its vectors.""",
)
