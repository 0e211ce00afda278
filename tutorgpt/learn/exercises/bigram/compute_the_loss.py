"""Exercise 1.3. The mean surprise at the next token, from logits."""

import torch

from tutorgpt.learn.check.exercise import Exercise, slip


def loss_cases() -> list[tuple]:
    """Logits (B, T, V) and the tokens (B, T) that they were made from."""
    g = torch.Generator().manual_seed(2)
    return [
        (
            2 * torch.randn(B, T, V, generator=g),
            torch.randint(V, (B, T), generator=g),
        )
        for B, T, V in ((1, 4, 3), (2, 5, 7), (3, 6, 11))
    ]


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
    wrong=(
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
