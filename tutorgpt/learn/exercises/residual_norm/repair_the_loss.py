"""Exercise 5.5. A bug hunt: a loss that turns into nan."""

import math
import random
from typing import Any

import torch

from tutorgpt.learn.check.comparing import number
from tutorgpt.learn.check.exercise import Exercise, slip

BROKEN = '''\
def surprise(logits, targets):
    """Mean surprise: logits (N, V), targets (N,)."""
    powers = logits.exp()
    p = powers / powers.sum(dim=-1, keepdim=True)
    return -p[torch.arange(len(targets)), targets].log().mean()'''

MENDED = '''\
def surprise(logits, targets):
    """Mean surprise: logits (N, V), targets (N,)."""
    log_p = logits.log_softmax(dim=-1)
    return -log_p[torch.arange(len(targets)), targets].mean()'''


ONE = torch.tensor([1])


def to_surprise() -> list[tuple]:
    """Logits (N, V) of every size, and targets (N,).

    The first is a loss that any formula gets right; in each of the others
    something else goes wrong: powers that overflow, powers that are all 0,
    a probability that is rounded to 0, rows of different heights, and
    scores too far apart for 64 bits.
    """
    g = torch.Generator().manual_seed(13)

    def near(level: float, N: int, V: int) -> torch.Tensor:
        return level + torch.randn(N, V, generator=g)

    two = torch.tensor([0, 1])
    return [
        (near(0, 6, 5), torch.tensor([0, 4, 1, 1, 3, 0])),
        (6 * near(0, 9, 7), torch.randint(7, (9,), generator=g)),
        (near(200, 2, 4), torch.tensor([2, 0])),
        (near(-200, 2, 4), torch.tensor([1, 3])),
        (torch.tensor([[0.0, -30.0], [-120.0, 0.0]]), 1 - two),
        (torch.tensor([[80.0, 79.0], [-80.0, -79.0]]), two),
        (torch.tensor([[3000.0, -3000.0, 2999.0]]), torch.tensor([1])),
        (60 * near(0, 9, 7), torch.randint(7, (9,), generator=g)),
        (400 * near(0, 4, 11), torch.randint(11, (4,), generator=g)),
        (torch.zeros(3, 3), torch.tensor([2, 2, 0])),
    ]


def any_logits(draw: random.Random) -> tuple:
    """Finite logits of any height and spread, ties among them."""
    N, V = draw.randint(1, 8), draw.randint(1, 9)
    g = torch.Generator().manual_seed(draw.getrandbits(30))
    spread = draw.choice((0, 1, 6, 60, 400, 4000))
    logits = torch.randint(-24, 25, (N, V), generator=g) / 8 * spread
    heights = torch.randn(N, 1, generator=g).round()
    logits += draw.choice((0, 0, 50, 200, 1000)) * heights
    return logits, torch.randint(V, (N,), generator=g)


PROBES = (
    ("100 and 100", (100.0, 100.0), 0.6931),
    ("-200 and -200", (-200.0, -200.0), 0.6931),
    ("0 and -50", (0.0, -50.0), 50.0),
    ("0 and -120", (0.0, -120.0), 120.0),
    ("0 and -2000", (0.0, -2000.0), 2000.0),
)
"""Two logits, and the surprise of the second one."""


def at_the_limits(again: Any, args: tuple, expected: Any) -> str | None:
    """A rule: one row of two logits, at which a formula may break."""
    if not math.isclose(again(torch.zeros(1, 2), ONE), 0.6931, abs_tol=1e-3):
        return None  # then it is no matter of size
    says = []
    for words, logits, right in PROBES:
        found = float(again(torch.tensor([logits]), ONE))
        if math.isclose(found, right, abs_tol=0.01):
            continue
        floor = ""
        if right > 1 and 0 < found < min(right, 700):
            floor = f", as if its probability were {math.exp(-found):.1e}"
        says.append(
            f"for the logits {words} the surprise of the second is "
            f"{right:.4g}, and it comes out as {number(found)}{floor}"
        )
    return "; ".join(says[:2]) or None


EXERCISE = Exercise(
    number="5.5",
    title="Well, well, well, nan",
    kind="bug",
    difficulty="hard",
    importance=4,
    task="""\
A bigram model was trained with this loss at a high learning rate.
Read the curve and the sample, name the bug, and repair the function, so
that it gives the right number for *any* finite logits.""",
    starter=BROKEN,
    target="surprise",
    solution=MENDED,
    suspect="logarithm of zero",
    symptom="the loss goes with its twin's and breaks off at one step",
    cases=to_surprise,
    domain=any_logits,
    rules=(at_the_limits,),
    wrong=(
        slip(
            "powers of the logits are still formed: large ones overflow, and "
            "a small p is rounded to 0 before its logarithm is taken",
            "Never form p: ln p = logit - ln of the sum of the powers.",
            "log_p = logits.log_softmax(dim=-1)",
            "powers = logits.exp()\n"
            "    p = powers / powers.sum(dim=-1, keepdim=True)\n"
            "    log_p = p.log()",
        ),
        slip(
            "the logarithm is taken of a sum of powers, which overflow for "
            "large logits and are all 0 for very negative ones",
            "Take the largest logit of a row out of its sum first, as "
            "logsumexp does.",
            "logits.log_softmax(dim=-1)",
            "logits - logits.exp().sum(dim=-1, keepdim=True).log()",
        ),
        slip(
            "one number is taken out of all rows, the largest of all, so "
            "that rows far below it are all 0",
            "Each row has a largest logit of its own: amax(dim=-1, "
            "keepdim=True).",
            "log_p = logits.log_softmax(dim=-1)",
            "z = logits - logits.max()\n"
            "    log_p = z - z.exp().sum(dim=-1, keepdim=True).log()",
        ),
        slip(
            "the largest logit is taken out of the sum of powers alone, and "
            "of the logit itself not",
            "logit - largest - ln of the sum of e^(logits - largest).",
            "log_p = logits.log_softmax(dim=-1)",
            "z = logits - logits.amax(dim=-1, keepdim=True)\n"
            "    log_p = logits - z.exp().sum(dim=-1, keepdim=True).log()",
        ),
        slip(
            "64 bits are used, which moves the limits and does not remove "
            "them",
            "log_softmax has no limits of that kind, in 32 bits too.",
            "logits.log_softmax(dim=-1)",
            "logits.double().softmax(dim=-1).log()",
        ),
        slip(
            "the softmax is taken twice: the probabilities are read as logits",
            "log_softmax and cross_entropy want the logits themselves.",
            "logits.log_softmax(dim=-1)",
            "logits.softmax(dim=-1).log_softmax(dim=-1)",
        ),
        slip(
            "the logarithm is the one to the base 2, so these are bits",
            "Surprises are in nats here: the natural logarithm.",
            "return -log_p[torch.arange(len(targets)), targets].mean()",
            "return -log_p[torch.arange(len(targets)), targets].mean() "
            "/ math.log(2)",
        ),
        slip(
            "the logarithm is the one to the base 2, and p is still rounded "
            "to 0",
            "log_softmax gives natural logarithms, without p between them.",
            "logits.log_softmax(dim=-1)",
            "logits.softmax(dim=-1).log2()",
        ),
        slip(
            "the mean is taken over all V logarithms of a row, whatever the "
            "target",
            "Of each row, only the target's logarithm counts.",
            "[torch.arange(len(targets)), targets]",
            "",
        ),
        slip(
            "the logits themselves are taken for logarithms of probabilities",
            "log_softmax makes them so: nll_loss wants its result.",
            "logits.log_softmax(dim=-1)",
            "logits",
        ),
        slip(
            "the largest logit stands for the logarithm of the sum of powers",
            "logsumexp adds the others too: they count when logits are near.",
            "logits.log_softmax(dim=-1)",
            "logits - logits.amax(dim=-1, keepdim=True)",
        ),
        slip(
            "the middle surprise is given back, not the mean",
            "Add them up and divide by N: mean.",
            ".mean()",
            ".median()",
        ),
        slip(
            "the surprise is that of the likeliest class, not of the target",
            "Of each row, take the target's logarithm.",
            "log_p[torch.arange(len(targets)), targets]",
            "log_p.amax(dim=-1)",
        ),
        slip(
            "every target's column is read in every row",
            "Row n is asked for target n: [torch.arange(N), targets].",
            "torch.arange(len(targets)), targets",
            ":, targets",
        ),
        slip(
            "the surprises are added up",
            "The mean over the N rows is wanted.",
            ".mean()",
            ".sum()",
        ),
        slip(
            "the surprise of each row comes back",
            "Their mean is wanted.",
            ".mean()",
            "",
        ),
        slip(
            "the mean probability is given back, without a logarithm",
            "The surprise is -ln p.",
            "logits.log_softmax",
            "logits.softmax",
        ),
        slip(
            "the logits are divided by their largest, so they stay small and "
            "become others",
            "Subtracting the largest changes no probability; dividing does.",
            "logits.log_softmax",
            "(logits / logits.abs().max()).log_softmax",
        ),
        slip(
            "large logits are cut off from above, so they lose their say",
            "Subtracting the largest changes nothing; cutting does.",
            "logits.log_softmax",
            "logits.clamp(max=80).log_softmax",
        ),
        slip(
            "softmax no longer overflows, but p is still rounded to 0",
            "log_softmax takes both steps in one, without p between them.",
            "logits.log_softmax(dim=-1)",
            "logits.softmax(dim=-1).log()",
        ),
        slip(
            "a floor under p hides the zero: the loss is finite and too "
            "small, and its gradient is gone",
            "A clamp or a small number added changes the answer.",
            "logits.log_softmax(dim=-1)",
            "logits.softmax(dim=-1).clamp(min=1e-8).log()",
        ),
        slip(
            "a small number is added to p, which hides the zero",
            "The answer is no longer the loss.",
            "logits.log_softmax(dim=-1)",
            "(logits.softmax(dim=-1) + 1e-8).log()",
        ),
        slip(
            "infinite losses are replaced by a number",
            "nan_to_num hides the fault; the true loss is finite.",
            "log_p = logits.log_softmax(dim=-1)",
            "log_p = logits.softmax(dim=-1).log().nan_to_num(neginf=0.0)",
        ),
        slip(
            "the logits are cut to a range, so large ones lose their say",
            "Subtracting the largest changes nothing; cutting does.",
            "logits.log_softmax",
            "logits.clamp(-50, 50).log_softmax",
        ),
        slip(
            "the softmax runs over the wrong axis",
            "The scores of one place compete: dim=-1.",
            "dim=-1",
            "dim=0",
        ),
        slip(
            "the minus sign is missing",
            "A surprise is not negative.",
            "return -log_p",
            "return log_p",
        ),
        slip(
            "each row is compared with the target of the row after it",
            "The task's targets belong to the rows already: no shift.",
            "    log_p = logits.log_softmax(dim=-1)\n",
            "    logits, targets = logits[:-1], targets[1:]\n"
            "    log_p = logits.log_softmax(dim=-1)\n",
        ),
        slip(
            "the last row is left out",
            "All N rows count.",
            "    log_p = logits.log_softmax(dim=-1)\n",
            "    logits, targets = logits[:-1], targets[:-1]\n"
            "    log_p = logits.log_softmax(dim=-1)\n",
        ),
        slip(
            "rows whose target is 0 are left out",
            "Token 0 is a token like the others: no ignore_index.",
            "    log_p = logits.log_softmax(dim=-1)\n",
            "    return F.cross_entropy(logits, targets, ignore_index=0)\n"
            "    log_p = logits.log_softmax(dim=-1)\n",
        ),
        slip(
            "the targets are read in the opposite order",
            "Row n belongs to target n: no flip.",
            "    log_p = logits.log_softmax(dim=-1)\n",
            "    targets = targets.flip(0)\n"
            "    log_p = logits.log_softmax(dim=-1)\n",
        ),
        slip(
            "the perplexity is given back, e to the mean surprise",
            "The mean surprise itself is wanted: no exp.",
            ".mean()",
            ".mean().neg().exp().neg()",
        ),
        slip(
            "the largest of all logits is taken away, and p is formed "
            "all the same: rows far below it and small p are rounded to 0",
            "The logarithm of p without p between: log_softmax.",
            "log_p = logits.log_softmax(dim=-1)",
            "powers = (logits - logits.max()).exp()\n"
            "    log_p = (powers / powers.sum(dim=-1, keepdim=True)).log()",
        ),
        slip(
            "the mean of a row is taken away, which moves the limits, "
            "and p is formed all the same",
            "The logarithm of p without p between: log_softmax.",
            "log_p = logits.log_softmax(dim=-1)",
            "powers = (logits - logits.mean(dim=-1, keepdim=True)).exp()\n"
            "    log_p = (powers / powers.sum(dim=-1, keepdim=True)).log()",
        ),
        slip(
            "the logits are divided by their length as one vector: "
            "they stay small and become others",
            "A number may be subtracted from all logits of a row; a "
            "factor changes the loss.",
            "logits.log_softmax",
            "(logits / logits.norm()).log_softmax",
        ),
        slip(
            "the logits are brought to the mean 0 and the spread 1 "
            "first: they become others",
            "A number may be subtracted from all logits of a row; a "
            "factor changes the loss.",
            "logits.log_softmax",
            "((logits - logits.mean()) / logits.std()).log_softmax",
        ),
    ),
    hints=(
        "Which step of the function can meet a number that is too large or "
        "too small for 32 bits? $e^{89}$ is.",
        "$\\ln p$ can be had without $p$: `log_softmax`, or `logsumexp`.",
        "`logits.log_softmax(dim=-1)` in place of the three steps.",
    ),
    why="""\
$e^{89}$ is infinite in 32 bits, and $e^{-104}$ is zero: once the logits
spread that far, $p$ is 0 and its logarithm $-\\infty$.
`log_softmax` computes $z_i - \\ln \\sum_j e^{z_j}$ with the largest logit
taken out first, so that nothing overflows and $\\ln p$ never passes
through $p$.""",
)
