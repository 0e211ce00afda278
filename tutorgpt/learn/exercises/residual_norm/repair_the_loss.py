"""Exercise 5.5. A bug hunt: a loss that turns into nan."""

import torch

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


def to_surprise() -> list[tuple]:
    """Logits (N, V) of every size, and targets (N,)."""
    g = torch.Generator().manual_seed(13)
    return [
        (
            size * torch.randn(N, V, generator=g),
            torch.randint(V, (N,), generator=g),
        )
        for N, V, size in (
            (6, 5, 1.0),
            (9, 7, 6.0),
            (9, 7, 60.0),
            (4, 11, 400.0),
        )
    ]


EXERCISE = Exercise(
    number="5.5",
    title="Well, well, well, nan",
    kind="bug",
    difficulty="hard",
    importance=4,
    task="""\
A bigram model was trained with this loss at a high learning rate.
Read the curve and the sample, name the bug, and repair the function, so
that it gives the right number for *any* logits.""",
    starter=BROKEN,
    target="surprise",
    solution=MENDED,
    suspect="logarithm of zero",
    symptom="the loss goes with its twin's and breaks off at one step",
    cases=to_surprise,
    wrong=(
        slip(
            "large logits still overflow, or a small probability is still "
            "rounded to 0 before its logarithm is taken",
            "Never form p: ln p = logit - ln of the sum of the powers.",
            "log_p = logits.log_softmax(dim=-1)",
            "powers = logits.exp()\n"
            "    p = powers / powers.sum(dim=-1, keepdim=True)\n"
            "    log_p = p.log()",
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
