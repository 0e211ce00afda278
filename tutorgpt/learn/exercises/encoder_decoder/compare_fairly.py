"""Exercise 9.6. Long and short translations on one scale."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.exercises.encoder_decoder import moves


def translations() -> list[tuple]:
    """ln p of each token (W, N), the tokens (W, N), PAD, and a power."""
    g = torch.Generator().manual_seed(97)

    def draw(lengths: list[int], pad: int, spare: int = 0) -> tuple:
        N = max(lengths) + spare
        tokens = torch.randint(3, 9, (len(lengths), N), generator=g)
        behind = torch.arange(N) >= torch.tensor(lengths)[:, None]
        log_p = -torch.rand(len(lengths), N, generator=g) - 0.1
        return log_p, tokens.masked_fill(behind, pad)

    return [
        (*draw([1, 4, 3], 0), 0, 1.0),
        (*draw([6, 2], 0), 0, 0.6),
        (*draw([5, 3, 1, 2], 11), 11, 0.0),
        (*draw([2, 7, 4], 12), 12, 0.75),
        (*draw([3, 3], 0), 0, 2.0),
        (*draw([4, 2, 1], 9, spare=1), 9, 0.5),  # nobody fills the row
    ]


def any_translations(draw: random.Random) -> tuple:
    """1 to 5 translations of 1 to 8 tokens, any PAD, and a power.

    The longest may have PAD behind it as well.
    """
    lengths = torch.tensor(
        [draw.randint(1, 8) for _ in range(draw.randint(1, 5))]
    )
    N = int(lengths.max()) + draw.choice((0, 0, 1, 3))
    pad = draw.choice((0, 2, 40))
    tokens = torch.randint(3, 30, (len(lengths), N))
    tokens[torch.arange(N) >= lengths[:, None]] = pad
    log_p = -torch.rand(len(lengths), N) * draw.choice((0.1, 3, 20))
    return log_p, tokens, pad, draw.choice((0.0, 0.5, 0.6, 1.0, 2.0))


def about_length(
    again: Any, args: tuple, expected: Float[Tensor, " W"]
) -> str | None:
    """A rule: padding does not count, and power 0 is the plain sum."""
    log_p, tokens, pad, power = args
    noise = torch.where(tokens == pad, log_p - 5, log_p)
    if moves(again(noise, tokens, pad, power), again(*args)):
        return "the result changes when the ln p that stands at PAD does"
    plain = (log_p * (tokens != pad)).sum(dim=-1)
    if moves(again(log_p, tokens, pad, 0.0), plain):
        return "with power 0 it should be the sum of ln p alone"
    mean = plain / (tokens != pad).sum(dim=-1)
    if moves(again(log_p, tokens, pad, 1.0), mean):
        return "with power 1 it should be the mean ln p of a token"
    return None


def power_taken(
    again: Any, args: tuple, expected: Float[Tensor, " W"]
) -> str | None:
    """A rule: to which power the length is taken, if to one at all."""
    log_p, tokens, pad, power = args
    real = tokens != pad
    length = real.sum(dim=-1).double()
    plain = log_p.masked_fill(~real, 0.0).double().sum(dim=-1)
    found = ((plain / again(*args).double()).log() / length.log())[length > 1]
    if not len(found) or not found.isfinite().all():
        return None
    if (found - found[0]).abs().max() > 1e-3:
        return None
    taken = found.mean().item()
    if abs(taken - power) < 1e-3:
        return None
    return (
        f"with power {power:g} the length is taken to the power "
        f"{round(taken, 3) + 0:g}"
    )


def wrong_without_padding(
    again: Any, args: tuple, expected: Float[Tensor, " W"]
) -> str | None:
    """A rule: whether it is exactly the longest that come out wrong."""
    _, tokens, pad, _ = args
    full = (tokens != pad).all(dim=-1)
    found = again(*args)
    wrong = torch.tensor(
        [moves(a, b) for a, b in zip(found, expected, strict=True)]
    )
    if torch.equal(full, wrong) and not full.all():
        return "the translations without PAD come out wrong, the others right"
    return None


EXERCISE = Exercise(
    number="9.6",
    title="A fair comparison",
    kind="extend",
    difficulty="easy",
    importance=3,
    task="""\
Every token makes a target less likely, so short targets win, right or
wrong.
Write `fair(log_p, tokens, pad, power)`: `log_p` $(W, N)$ is the ln p that
each token of $W$ translations was given and `tokens` $(W, N)$ are filled up
with `pad`; the result $(W,)$ is each one's ln p divided by its length to
this power.
END counts as a token, PAD does not.""",
    starter='''\
def fair(log_p, tokens, pad, power):
    """ln p of each translation over its length to this power."""
    return ...''',
    target="fair",
    solution='''\
def fair(log_p, tokens, pad, power):
    """ln p of each translation over its length to this power."""
    real = tokens != pad
    total = log_p.masked_fill(~real, 0.0).sum(dim=-1)
    return total / real.sum(dim=-1) ** power''',
    cases=translations,
    domain=any_translations,
    labels=("log_p", "tokens", "pad =", "power ="),
    rules=(about_length, power_taken, wrong_without_padding),
    wrong=(
        slip(
            "the length has no say",
            "Divide by the length to the power.",
            " / real.sum(dim=-1) ** power",
            "",
        ),
        slip(
            "it is multiplied by the length",
            "ln p is negative: that would punish long targets twice.",
            "total / real",
            "total * real",
        ),
        slip(
            "the power has no say",
            "length ** power: 0 leaves the sum, 1 makes it a mean.",
            " ** power",
            "",
        ),
        slip(
            "the power is a factor of the length",
            "** power, not * power.",
            " ** power",
            " * power",
        ),
        slip(
            "the length is multiplied by the power, not taken to it",
            "length ** power: 0 leaves the sum, 1 makes it a mean.",
            "real.sum(dim=-1) ** power",
            "(real.sum(dim=-1) * power)",
        ),
        slip(
            "0 is taken for PAD, whatever number pad is",
            "Compare with pad.",
            "tokens != pad",
            "tokens != 0",
        ),
        slip(
            "END is not counted unless it stands alone",
            "It has a probability like every token: leave out PAD only.",
            "real.sum(dim=-1) **",
            "(real.sum(dim=-1) - 1).clamp(min=1) **",
        ),
        slip(
            "the root of the power is taken",
            "The length is taken to the power as it is given.",
            " ** power",
            " ** math.sqrt(power)",
        ),
        slip(
            "the power is cut to a whole number",
            "It may be 0.6: no int() around it.",
            " ** power",
            " ** int(power)",
        ),
        slip(
            "the power is rounded to a whole number",
            "It may be 0.6: no round() around it.",
            " ** power",
            " ** round(power)",
        ),
        slip(
            "the power is squared",
            "The length is taken to the power as it is given.",
            " ** power",
            " ** power**2",
        ),
        slip(
            "the power is taken of the quotient, not of the length",
            "A negative number to the power 0.6 is nan: power first.",
            "total / real.sum(dim=-1) ** power",
            "(total / real.sum(dim=-1)) ** power",
        ),
        slip(
            "the ln p that stands at PAD is added up too",
            "What comes after END is no part of the translation.",
            "log_p.masked_fill(~real, 0.0)",
            "log_p",
        ),
        slip(
            "PAD is counted in the length",
            "Count the tokens that are not PAD.",
            "real.sum(dim=-1) **",
            "tokens.shape[-1] **",
        ),
        slip(
            "PAD is added up and counted",
            "Both times only what is not PAD.",
            "log_p.masked_fill(~real, 0.0)",
            "log_p",
            "real.sum(dim=-1) **",
            "tokens.shape[-1] **",
        ),
        slip(
            "END is not counted",
            "It has a probability like every token: leave out PAD only.",
            "real.sum(dim=-1) **",
            "(real.sum(dim=-1) - 1) **",
        ),
        slip(
            "only PAD is counted",
            "tokens != pad is True for the real ones.",
            "tokens != pad",
            "tokens == pad",
        ),
        slip(
            "all translations are taken together",
            "Each row has its own sum and its own length: dim=-1.",
            "real, 0.0).sum(dim=-1)",
            "real, 0.0).sum()",
        ),
        slip(
            "the ln p became a probability again",
            "The ln p itself is divided: no exp.",
            "return total /",
            "return total.exp() /",
        ),
        slip(
            "it is counted along the translations, not along the tokens",
            "A row is one translation: sum(dim=-1).",
            "sum(dim=-1)",
            "sum(dim=0)",
        ),
        slip(
            "one is added to the length",
            "END is a token and PAD is none: count what is not PAD.",
            "real.sum(dim=-1)",
            "(real.sum(dim=-1) + 1)",
        ),
        slip(
            "each token's ln p is divided, and they are not added up",
            "One number for each translation: sum(dim=-1).",
            "log_p.masked_fill(~real, 0.0).sum(dim=-1)",
            "log_p.masked_fill(~real, 0.0).mT",
            "return total / real.sum(dim=-1) ** power",
            "return (total / real.sum(dim=-1) ** power).mT",
        ),
        slip(
            "the mean over all N places is taken and then divided once more",
            "The sum of ln p, divided by the length to the power.",
            ".sum(dim=-1)\n    return",
            ".mean(dim=-1)\n    return",
        ),
        slip(
            "power and length are exchanged: the power is taken to the length",
            "length ** power.",
            "real.sum(dim=-1) ** power",
            "power ** real.sum(dim=-1)",
        ),
        slip(
            "the sign is turned",
            "ln p stays negative: the likeliest is the one nearest to 0.",
            "return total",
            "return -total",
        ),
        slip(
            "the ln p are multiplied",
            "Logarithms are added: sum.",
            "masked_fill(~real, 0.0).sum(dim=-1)",
            "masked_fill(~real, 1.0).prod(dim=-1)",
        ),
        slip(
            "the numbers of the PAD are multiplied in as 0, and so is "
            "all the rest",
            "Logarithms are added: sum.",
            "0.0).sum(dim=-1)",
            "0.0).prod(dim=-1)",
        ),
        slip(
            "the best translation's number alone is given back",
            "(W,): one number for each translation.",
            "return total / real.sum(dim=-1) ** power",
            "return (total / real.sum(dim=-1) ** power).max()",
        ),
        slip(
            "it says which translation is best, not what each is worth",
            "(W,): one number for each translation.",
            "return total / real.sum(dim=-1) ** power",
            "return (total / real.sum(dim=-1) ** power).argmax()",
        ),
        slip(
            "the power is taken of the ln p, not of the length",
            "A negative number to the power 0.6 is nan: the length alone has "
            "the power.",
            "total / real.sum(dim=-1) ** power",
            "total ** power / real.sum(dim=-1)",
        ),
        slip(
            "tokens whose numbers are smaller than PAD's are left out too",
            "PAD is one number, and not always the smallest: tokens != pad.",
            "tokens != pad",
            "tokens > pad",
        ),
        slip(
            "all are divided by the length of the longest translation",
            "Each has a length of its own: real.sum(dim=-1).",
            "real.sum(dim=-1) ** power",
            "real.sum(dim=-1).max() ** power",
        ),
    ),
    hints=(
        "Two sums per row: of ln p, and of how many tokens are real.",
        "`real = tokens != pad`; `masked_fill(~real, 0.0)` puts 0 at PAD.",
        "`log_p.masked_fill(~real, 0.0).sum(dim=-1)` is one of them, and the "
        "other is taken to the power.",
    ),
    why="""\
Every token adds a negative number, so a sum gets smaller with every word.
Divided by the length it is the mean per token, and a long translation is
judged like a short one; powers between 0 and 1 lie between the two.
`masked_fill` puts a 0 at PAD whatever stood there; `log_p * real` gives the
same for ordinary numbers, and nan where PAD was given -infinity.""",
)
