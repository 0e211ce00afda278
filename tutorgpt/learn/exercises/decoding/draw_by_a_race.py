"""Exercise 8.2. Drawing without `multinomial`, by the Gumbel trick."""

import random
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.decoding.random_scores import scored


def races() -> list[tuple]:
    """Scores (B, V), a temperature, and even random numbers (B, V)."""
    g = torch.Generator().manual_seed(81)
    return [
        (scored(B, V, B), tau, torch.rand(B, V, generator=g))
        for B, V, tau in ((60, 5, 0.5), (50, 9, 1.0), (60, 7, 2.5))
    ]


def any_race(draw: random.Random) -> tuple:
    """Scores and luck (B, V), and any temperature above 0."""
    B, V = draw.randint(1, 6), draw.randint(2, 9)
    scores = torch.randn(B, V) * draw.choice((0.5, 2, 10)) - 3
    u = torch.rand(B, V).clamp(1e-6, 1 - 1e-6)
    return scores, draw.uniform(0.1, 4), u


def wins_by_probability(
    again: Any, args: tuple, expected: Int[Tensor, " B"]
) -> str | None:
    """A rule: over many draws each token wins as softmax says."""
    scores, tau, _ = args
    g = torch.Generator().manual_seed(82)
    many = scores[:1].expand(4000, -1)
    won = again(many, tau, torch.rand(many.shape, generator=g))
    wanted = (scores[0] / tau).softmax(dim=-1)
    shares = torch.stack(
        [(won == v).float().mean() for v in range(len(wanted))]
    )
    token = int((shares - wanted).abs().argmax())
    share, p = shares[token].item(), wanted[token].item()
    if abs(share - p) < 0.03:
        return (
            "over 4,000 races with the scores of row 0 each token wins about "
            "as often as it should, but here another wins than the one with "
            "the largest sum of score and luck: is all of u used, and only u?"
        )
    return (
        f"token {token} of row 0 has the probability {p:.2f}, and it won "
        f"{share:.2f} of 4,000 races"
    )


EXERCISE = Exercise(
    number="8.2",
    title="A draw is a race",
    kind="write",
    difficulty="medium",
    importance=3,
    task="""\
There is a way to draw without `multinomial`: give each token its score plus
a lucky number $-\\ln(-\\ln u)$, where $u$ was drawn evenly between 0 and 1,
and the largest sum wins.
Write `race(scores, temperature, u)` for `scores` and `u` $(B, V)$: the
winner of each row, $(B,)$, drawn with the probabilities that softmax gives
at this temperature.""",
    starter='''\
def race(scores, temperature, u):
    """Each row's winner, drawn as by softmax and multinomial."""
    return ...''',
    target="race",
    solution='''\
def race(scores, temperature, u):
    """Each row's winner, drawn as by softmax and multinomial."""
    luck = -(-u.log()).log()
    return (scores / temperature + luck).argmax(dim=-1)''',
    cases=races,
    domain=any_race,
    rules=(wins_by_probability,),
    wrong=(
        slip(
            "the temperature acts twice, as its square: the scores are "
            "divided by it and the luck is multiplied by it, or more",
            "Either the scores are divided by the temperature, or the luck "
            "is multiplied by it: once.",
            "scores / temperature",
            "scores / temperature**2",
        ),
        slip(
            "every row has the luck of the first",
            "u has a row for each row of scores: use all of it.",
            "+ luck",
            "+ luck[0]",
        ),
        slip(
            "u is averaged over the rows, and all rows share what is left",
            "Each row races with luck of its own.",
            "(-u.log()).log()",
            "(-u.mean(dim=0).log()).log()",
        ),
        slip(
            "the logarithms are those to the base 10",
            "ln is log(), not log10().",
            "-(-u.log()).log()",
            "-(-u.log10()).log10()",
        ),
        slip(
            "e to the power of the score is multiplied by u itself",
            "In logarithms that adds ln u: the luck is -ln(-ln u).",
            "-(-u.log()).log()",
            "u.log()",
        ),
        slip(
            "the scores are multiplied by the temperature, or the luck is "
            "divided by it, which comes to the same",
            "A low temperature must make the scores count more: divide.",
            "scores / temperature",
            "scores * temperature",
        ),
        slip(
            "the temperature has no say",
            "Divide the scores by it, and not the luck as well: a factor "
            "on both changes no winner.",
            "scores / temperature + luck",
            "scores + luck",
        ),
        slip(
            "nothing is drawn: the likeliest token always wins",
            "Each token needs luck of its own, added before the largest is "
            "taken.",
            " + luck",
            "",
        ),
        slip(
            "luck alone decides",
            "The luck is added to the scores.",
            "scores / temperature + luck",
            "luck",
        ),
        slip(
            "only one logarithm was taken",
            "ln, turned positive, then ln again: -(-u.log()).log().",
            "-(-u.log()).log()",
            "-u.log()",
        ),
        slip(
            "u itself is the luck",
            "u never leads by more than 1: take -ln(-ln u).",
            "-(-u.log()).log()",
            "u",
        ),
        slip(
            "the luck has the wrong sign",
            "-ln(-ln u) is large where u is near 1.",
            "-(-u.log()).log()",
            "(-u.log()).log()",
        ),
        slip(
            "the luck is added to probabilities, not to scores",
            "Add it before softmax; then no softmax is needed at all.",
            "scores / temperature +",
            "(scores / temperature).softmax(dim=-1) +",
        ),
        slip(
            "the smallest sum wins",
            "argmax, not argmin.",
            "argmax",
            "argmin",
        ),
        slip(
            "the texts of the batch compete, not the tokens",
            "The tokens are the last axis: dim=-1.",
            "argmax(dim=-1)",
            "argmax(dim=0)",
        ),
        slip(
            "there is one winner for the whole batch",
            "Each row has its own: argmax(dim=-1).",
            "argmax(dim=-1)",
            "argmax()",
        ),
        slip(
            "the winner's sum is given back, not its number",
            "argmax says where the largest stands.",
            "argmax(dim=-1)",
            "amax(dim=-1)",
        ),
        slip(
            "each winner stands in a row of its own, (B, 1)",
            "argmax(dim=-1) gives (B,).",
            "argmax(dim=-1)",
            "argmax(dim=-1, keepdim=True)",
        ),
        slip(
            "the luck is that of 1 - u",
            "-ln(-ln u), with u as it is given: who is lucky is up to it.",
            "-(-u.log()).log()",
            "-(-(1 - u).log()).log()",
        ),
        slip(
            "score and luck are multiplied",
            "The largest sum wins.",
            "scores / temperature + luck",
            "scores / temperature * luck",
        ),
        slip(
            "the sums of the probabilities are compared with the u of "
            "each token by itself",
            "That is another way to draw, and takes one u a row; here "
            "scores and luck are added.",
            "(scores / temperature + luck).argmax(dim=-1)",
            "((scores / temperature).softmax(-1).cumsum(-1) > "
            "u).int().argmax(-1)",
        ),
        slip(
            "the first token wins whose probability is above its own u",
            "Scores and luck are added, and the largest sum wins.",
            "(scores / temperature + luck).argmax(dim=-1)",
            "((scores / temperature).softmax(-1) > u).int().argmax(-1)",
        ),
        slip(
            "the first minus is missing: ln u is negative, and the "
            "logarithm of that is nan",
            "-ln(-ln u): both times with a minus.",
            "-(-u.log()).log()",
            "-(u.log()).log()",
        ),
        slip(
            "temperature and luck are added before the scores are divided",
            "Brackets: (scores / temperature) + luck.",
            "scores / temperature + luck",
            "scores / (temperature + luck)",
        ),
        slip(
            "the winner is drawn a second time, from sums with luck in them",
            "With luck in the sums nothing is left to draw: argmax.",
            "(scores / temperature + luck).argmax(dim=-1)",
            "(scores / temperature + "
            "luck).softmax(-1).cumsum(-1).gt(0.5).int().argmax(-1)",
        ),
    ),
    hints=(
        "Three steps: the scores at this temperature, the luck, the winner.",
        "`u.log()` is negative, so turn its sign before the second `log`.",
        "`(scores / temperature + luck).argmax(dim=-1)` with "
        "`luck = -(-u.log()).log()`.",
    ),
    why="""\
This is the Gumbel-max trick.
$-\\ln u$ is a random waiting time, and $e^{z_i}$ times faster waiting makes
a token win with the probability $e^{z_i} / \\sum_j e^{z_j}$: softmax.
Taking logarithms turns the fastest into the largest sum.
`torch.multinomial` runs the same race in another form: it divides each
probability by such a waiting time.""",
)
