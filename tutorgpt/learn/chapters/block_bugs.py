"""Exercises of chapter 5: a stack that forgets, and a loss that breaks."""

import torch

from tutorgpt.learn.exercise import Exercise, slip
from tutorgpt.learn.modules import (
    adds_what_is_added,
    as_module,
    blind_to_the_future,
)

BROKEN_BLOCK = """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.multi_head = MultiHead(n_embed, n_head, block_size)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x):
        x = self.multi_head(self.norm_1(x))
        return self.feed_forward(self.norm_2(x))"""
MENDED_BLOCK = BROKEN_BLOCK.replace(
    "x = self.multi", "x = x + self.multi"
).replace("return self.feed", "return x + self.feed")

FORGETS = Exercise(
    number="5.4",
    title="Deeper and worse",
    kind="bug",
    difficulty="easy",
    importance=5,
    task="""\
Three of these layers were stacked and trained like the chapter's model.
Read the curve, the sample and the map, name the bug, and repair the class.""",
    starter=BROKEN_BLOCK,
    target="Layer",
    solution=MENDED_BLOCK,
    suspect="no residual path",
    symptom=(
        "with three layers the loss stops near 3.30, the entropy of single "
        "letters, and the sample is a soup of frequent letters"
    ),
    cases=lambda: [
        ((6, 3, 8), torch.linspace(-2, 2, 30).sin().view(1, 5, 6)),
        ((8, 2, 7), torch.linspace(-9, 8, 112).cos().view(2, 7, 8)),
    ],
    run=as_module(MENDED_BLOCK, "Layer"),
    rules=(blind_to_the_future, adds_what_is_added),
    wrong=(
        slip(
            "neither part is added to its input yet",
            "x = x + part(norm(x)), twice.",
            "x = x + self.multi",
            "x = self.multi",
            "return x + self.feed",
            "return self.feed",
        ),
        slip(
            "only the second part has its path",
            "The first part replaces x as well: add there too.",
            "x = x + self.multi",
            "x = self.multi",
        ),
        slip(
            "only the first part has its path",
            "The second part replaces x as well: add there too.",
            "return x + self.feed",
            "return self.feed",
        ),
        slip(
            "the path runs through the norms",
            "Add to x itself, not to its normalised copy.",
            "x = x + self.multi",
            "x = self.norm_1(x) + self.multi",
            "return x + self.feed",
            "return self.norm_2(x) + self.feed",
        ),
        slip(
            "the norms were moved behind the sum: post-norm",
            "That trains too, with care; chapter 5 norms what a part reads.",
            "x = x + self.multi_head(self.norm_1(x))",
            "x = self.norm_1(x + self.multi_head(x))",
            "return x + self.feed_forward(self.norm_2(x))",
            "return self.norm_2(x + self.feed_forward(x))",
        ),
        slip(
            "the sign is wrong: the part is taken away from the path",
            "Add it.",
            "x = x + self.multi",
            "x = x - self.multi",
        ),
    ),
    hints=(
        "3.30 is the loss of someone who knows how often each letter "
        "occurs. What did the stack forget?",
        "What reaches the output of a layer besides what its parts find?",
        "`x = x + self.multi_head(self.norm_1(x))`, and the same for the "
        "second line.",
    ),
    why="""\
Each layer replaced a token by a mean of its past, and three means later
nothing of the token was left.
With $x + f(x)$ the token passes untouched, and a layer adds what it found.""",
)

BROKEN_LOSS = '''\
def surprise(logits, targets):
    """Mean surprise: logits (N, V), targets (N,)."""
    powers = logits.exp()
    p = powers / powers.sum(dim=-1, keepdim=True)
    return -p[torch.arange(len(targets)), targets].log().mean()'''
MENDED_LOSS = '''\
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


NAN = Exercise(
    number="5.5",
    title="Well, well, well, nan",
    kind="bug",
    difficulty="hard",
    importance=4,
    task="""\
A bigram model was trained with this loss at a high learning rate.
Read the curve and the sample, name the bug, and repair the function, so
that it gives the right number for *any* logits.""",
    starter=BROKEN_LOSS,
    target="surprise",
    solution=MENDED_LOSS,
    suspect="logarithm of zero",
    symptom="the loss falls as it should and breaks off at one step",
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
