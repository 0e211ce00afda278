"""Exercise 1.3. The mean surprise at the next token, from logits."""

import math
import random
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from tutorgpt.learn.check.exercise import Exercise, slip


def loss_cases() -> list[tuple]:
    """Logits (B, T, V) and the tokens (B, T) that they were made from."""
    g = torch.Generator().manual_seed(2)
    return [
        (
            2 * torch.randn(B, T, V, generator=g),
            torch.randint(V, (B, T), generator=g),
        )
        for B, T, V in ((1, 4, 6), (2, 5, 7), (3, 6, 11), (2, 2, 5), (4, 4, 2))
    ]


def any_logits(draw: random.Random) -> tuple:
    """Logits of any spread, and tokens with at least one next token."""
    B, T, V = draw.randint(1, 4), draw.randint(2, 9), draw.randint(2, 12)
    g = torch.Generator().manual_seed(draw.randrange(2**31))
    spread = draw.choice((0.0, 0.3, 1.0, 5.0, 15.0))
    logits = spread * torch.randn(B, T, V, generator=g) + draw.uniform(-9, 9)
    return logits.clamp(-30, 30), torch.randint(V, (B, T), generator=g)


TEXTS = torch.tensor([[0, 3, 1, 4, 2], [5, 1, 0, 2, 3]])
"""What the rule is measured on: 2 texts of 5 tokens of 6."""


def a_loss(again: Any, args: tuple, expected: Float[Tensor, ""]) -> str | None:
    """A rule: the first two things of a loss that are not so of this one."""
    g = torch.Generator().manual_seed(3)
    logits = torch.randn(2, 5, 6, generator=g)

    def loss(logits: Tensor, tokens: Tensor = TEXTS) -> float:
        return float(again(logits, tokens))

    found = islice(
        chain(
            not_as_known(loss),
            counts_wrongly(loss, logits),
            moves_wrongly(loss, logits),
        ),
        2,
    )
    return "; ".join(found) or None


def not_as_known(loss: Callable[..., float]) -> Iterator[str]:
    """Where a loss is known without computing it."""
    even = loss(torch.zeros(2, 5, 6))
    if abs(even - math.log(6)) > 1e-3:
        yield (
            "with 6 equal logits at each place the loss should be ln 6 = "
            f"1.792, and it is {even:.3f}"
        )
    sure = loss(40.0 * F.one_hot(TEXTS.roll(-1, 1), 6))
    if abs(sure) > 1e-3:
        yield (
            "with logits of 40 for the token that comes next and 0 for all "
            f"others it should be 0, and it is {sure:.3f}"
        )


def counts_wrongly(
    loss: Callable[..., float], logits: Float[Tensor, "B T V"]
) -> Iterator[str]:
    """Which logits have a say, and which should."""
    base = loss(logits)
    if not math.isfinite(base):
        yield f"of 2 texts with scores of both signs it makes {base}"
        return

    def counts(text: int, place: int) -> bool:
        moved = logits.clone()
        moved[text, place] += torch.tensor([2.0, -1.0, 0.5, 1.5, -2.0, 1.0])
        return abs(loss(moved) - base) > 1e-5

    if counts(0, 4) or counts(1, 4):
        yield "the last logits change the result, and they have no next token"
    silent = [(b, t) for b in (0, 1) for t in range(4) if not counts(b, t)]
    if silent:
        b, t = silent[0]
        yield (
            f"the logits of text {b} at place {t}, where token "
            f"{int(TEXTS[b, t + 1])} comes next, do not change the result, "
            f"and should ({len(silent)} of 8 places)"
        )


def moves_wrongly(
    loss: Callable[..., float], logits: Float[Tensor, "B T V"]
) -> Iterator[str]:
    """What should leave a loss as it is."""
    base = loss(logits)
    other = TEXTS.clone()
    other[:, 0] = torch.tensor([4, 2])
    if abs(loss(logits, other) - base) > 1e-5:
        yield (
            "another first token changes the result, and nothing before it "
            "predicts it"
        )
    lifted = logits + torch.arange(10.0).sin().view(2, 5, 1)
    if abs(loss(lifted) - base) > 1e-3:
        yield (
            "adding one number to all logits of a place changes the result: "
            "that is no softmax over the V scores of a place"
        )
    twice = loss(logits.repeat(2, 1, 1), TEXTS.repeat(2, 1))
    if abs(twice - base) > 1e-3:
        yield (
            "the same texts twice should give the same mean, and they give "
            f"{twice:.3f} instead of {base:.3f}"
        )


EXERCISE = Exercise(
    number="1.3",
    title="The loss, from nothing",
    kind="write",
    difficulty="medium",
    importance=5,
    task="""\
A model has read `tokens` $(B, T)$ and made `logits` $(B, T, V)$.
Write `loss_of(logits, tokens)`, the mean of $-\\ln p$ of the token that
*comes next*; the last logits have no next token and do not count.""",
    starter='''\
def loss_of(logits, tokens):
    """Mean surprise at the next token, in nats."""
    return ...''',
    target="loss_of",
    solution='''\
def loss_of(logits, tokens):
    """Mean surprise at the next token, in nats."""
    targets = tokens[:, 1:]
    log_p = logits[:, :-1].log_softmax(dim=-1)
    right = log_p.gather(-1, targets.unsqueeze(-1))
    return -right.mean()''',
    cases=loss_cases,
    domain=any_logits,
    rules=(a_loss,),
    wrong=(
        slip(
            "nothing is shifted: the logits of each place are scored by the "
            "token at that place, which the model has just read",
            "The logits at place t score the token at t + 1: cut the last "
            "logits and the first token.",
            "tokens[:, 1:]",
            "tokens",
            "logits[:, :-1]",
            "logits",
        ),
        slip(
            "the last logits of a text are scored too, by its first token",
            "Nothing comes after the last token: torch.roll goes round in a "
            "circle. Cut the last logits.",
            "tokens[:, 1:]",
            "tokens.roll(-1, 1)",
            "logits[:, :-1]",
            "logits",
        ),
        slip(
            "the texts of the batch are read as one: the last logits of a "
            "text are scored by the first token of the next",
            "Shift along the time before you flatten: [:, :-1] and [:, 1:].",
            "tokens[:, 1:]",
            "tokens.flatten()[None, 1:]",
            "logits[:, :-1]",
            "logits.flatten(0, 1)[None, :-1]",
        ),
        slip(
            "the first axis is shifted, the batch, and not the time",
            "tokens has the shape (B, T): cut along axis 1, with [:, 1:].",
            "tokens[:, 1:]",
            "tokens[1:]",
            "logits[:, :-1]",
            "logits[:-1]",
        ),
        slip(
            "the first logits are cut off, where the last ones should be: "
            "each token from the second on is asked for itself",
            "The logits at place t score the token at t + 1: [:, :-1].",
            "logits[:, :-1]",
            "logits[:, 1:]",
        ),
        slip(
            "the targets are shifted by two places",
            "The next token is one place later: [:, :-1] and [:, 1:].",
            "tokens[:, 1:]",
            "tokens[:, 2:]",
            "logits[:, :-1]",
            "logits[:, :-2]",
        ),
        slip(
            "the targets are not shifted: each token is asked for itself",
            "The logits at place t score the token at t + 1.",
            "tokens[:, 1:]",
            "tokens[:, :-1]",
        ),
        slip(
            "the targets are shifted the wrong way, into the past",
            "Logits at place t belong to the target at t + 1: cut the last "
            "logits and the first token.",
            "tokens[:, 1:]",
            "tokens[:, :-1]",
            "logits[:, :-1]",
            "logits[:, 1:]",
        ),
        slip(
            "the softmax runs over the places, not over the vocabulary",
            "The scores of one place compete with each other: dim=-1.",
            "log_softmax(dim=-1)",
            "log_softmax(dim=1)",
        ),
        slip(
            "the sum is taken where the mean is wanted",
            "Divide by the number of predictions.",
            "right.mean()",
            "right.sum()",
        ),
        slip(
            "the sum is divided by all B x T tokens",
            "There are only B x (T - 1) predictions: take the mean of them.",
            "right.mean()",
            "right.sum() / tokens.numel()",
        ),
        slip(
            "the sum is divided by B alone",
            "Take the mean over the places as well.",
            "right.mean()",
            "right.sum(1).mean()",
        ),
        slip(
            "the sum is divided by T - 1 alone",
            "Take the mean over the texts of the batch as well.",
            "right.mean()",
            "right.mean(1).sum()",
        ),
        slip(
            "the mean is taken before the logarithm",
            "First the logarithm of each probability, then their mean.",
            "right.mean()",
            "right.exp().mean().log()",
        ),
        slip(
            "all V tokens count, not only the one that came",
            "gather picks the logarithm of the token that comes next.",
            "-right.mean()",
            "-log_p.mean()",
        ),
        slip(
            "the most likely token counts, not the one that came",
            "gather picks the logarithm of the token that comes next.",
            "-right.mean()",
            "-log_p.amax(-1).mean()",
        ),
        slip(
            "this is the entropy of the guesses, which no target enters",
            "gather picks the logarithm of the token that comes next.",
            "-right.mean()",
            "-(log_p.exp() * log_p).sum(-1).mean()",
        ),
        slip(
            "each place is given all targets, not its own",
            "Indexing log_p[:, :, targets] combines every place with every "
            "target: gather takes one for each place.",
            "-right.mean()",
            "-log_p[:, :, targets].mean()",
        ),
        slip(
            "this is the perplexity, e to the power of the loss",
            "The loss is the mean of -ln p itself.",
            "-right.mean()",
            "(-right.mean()).exp()",
        ),
        slip(
            "a sigmoid is taken of each score, not a softmax of all",
            "The V scores of a place compete: log_softmax(dim=-1).",
            "log_softmax(dim=-1)",
            "sigmoid().log()",
        ),
        slip(
            "this is the share of tokens that were not the first guess",
            "The loss is the mean of -ln p of the token that comes next.",
            "-right.mean()",
            "(log_p.argmax(-1) != targets).float().mean()",
        ),
        slip(
            "only the first text of the batch counts",
            "Take the mean over the batch as well.",
            "right.mean()",
            "right[0].mean()",
        ),
        slip(
            "only the last prediction of each text counts",
            "Take the mean over all places that have a next token.",
            "right.mean()",
            "right[:, -1].mean()",
        ),
        slip(
            "the logarithm is to base 10",
            "Use the natural logarithm.",
            "-right.mean()",
            "-right.mean() / math.log(10)",
        ),
        slip(
            "the mean is missing: there is one number for each prediction",
            "One number is wanted: .mean() over all of them.",
            "-right.mean()",
            "-right.squeeze(-1)",
        ),
        slip(
            "the mean is missing, and gather's last axis of length 1 is left",
            "One number is wanted: .mean() over all of them.",
            "-right.mean()",
            "-right",
        ),
        slip(
            "cross_entropy takes your axis of places for that of the "
            "vocabulary",
            "It wants (N, V) and (N,): flatten the first two axes of the "
            "logits, and the targets.",
            "return -right.mean()",
            "return F.cross_entropy(logits[:, :-1], targets)",
        ),
        slip(
            "cross_entropy takes your axis of places for that of the "
            "vocabulary, and nothing is shifted",
            "It wants (N, V) and (N,); before that, cut the last logits and "
            "the first token.",
            "return -right.mean()",
            "return F.cross_entropy(logits, tokens)",
        ),
        slip(
            "the minus sign is missing",
            "A logarithm of a probability is negative, a loss is not.",
            "-right.mean()",
            "right.mean()",
        ),
        slip(
            "the probability itself is averaged, not its logarithm",
            "The loss is the mean of -ln p.",
            "log_softmax",
            "softmax",
        ),
        slip(
            "the logits are used as if they were logarithms of probabilities",
            "Put them through log_softmax first.",
            ".log_softmax(dim=-1)",
            "",
        ),
        slip(
            "softmax is applied twice",
            "cross_entropy and log_softmax take the logits themselves.",
            "log_softmax(dim=-1)",
            "softmax(dim=-1).log_softmax(dim=-1)",
        ),
        slip(
            "the loss is in bits, not in nats",
            "Use the natural logarithm.",
            "return -right.mean()",
            "return -right.mean() / math.log(2)",
        ),
        slip(
            "the softmax runs over the texts of the batch, not over "
            "the vocabulary",
            "The V scores of one place share one unit: dim=-1.",
            "log_softmax(dim=-1)",
            "log_softmax(dim=0)",
        ),
    ),
    hints=(
        "The logits at place t are about the token at t + 1, so one of the "
        "two tensors loses its first place and the other its last.",
        "`log_softmax(dim=-1)` gives all ln p; `gather` picks the right "
        "ones. `F.cross_entropy` does both, on `(N, V)` and `(N,)`.",
        "`F.cross_entropy(logits[:, :-1].flatten(0, 1), ...)` with the "
        "targets `tokens[:, 1:].flatten()`.",
    ),
    why="""\
Cutting the last logits and the first token puts each score beside the
token that it was meant for.
`log_softmax` turns scores into $\\ln p$, `gather` picks the one of the
token that came, and the mean of its negative is the loss: exactly
`F.cross_entropy`.""",
)
