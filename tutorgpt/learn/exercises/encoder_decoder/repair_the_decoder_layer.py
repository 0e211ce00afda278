"""Exercise 9.8. A bug hunt: a decoder that writes about nothing."""

import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.encoder_decoder import Attention, past
from tutorgpt.feed_forward import FeedForward
from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.properties import adds_what_is_added
from tutorgpt.learn.exercises.encoder_decoder import moves

BROKEN = """\
class WritingLayer(nn.Module):
    def __init__(self, n_embed, n_head):
        super().__init__()
        self.norm_1 = nn.LayerNorm(n_embed)
        self.self_attention = Attention(n_embed, n_head)
        self.norm_2 = nn.LayerNorm(n_embed)
        self.cross_attention = Attention(n_embed, n_head)
        self.norm_3 = nn.LayerNorm(n_embed)
        self.feed_forward = FeedForward(n_embed)

    def forward(self, x, memory, real):
        normed = self.norm_1(x)
        x = x + self.self_attention(normed, normed, past(x))
        normed = self.norm_2(x)
        x = x + self.cross_attention(normed, normed, past(x))
        return x + self.feed_forward(self.norm_3(x))"""

MENDED = BROKEN.replace(
    "cross_attention(normed, normed, past(x))",
    "cross_attention(normed, memory, real)",
)


def to_translate() -> list[tuple]:
    """Sizes (C, H), x (B, T, C), memory (B, S, C), and real (B, 1, S)."""
    g = torch.Generator().manual_seed(98)
    return [
        (
            (C, H),
            torch.randn(len(lengths), T, C, generator=g),
            torch.randn(len(lengths), S, C, generator=g),
            (torch.arange(S) < torch.tensor(lengths)[:, None])[:, None],
        )
        for C, H, T, S, lengths in (
            (8, 2, 3, 6, [1, 6, 5]),
            (6, 3, 4, 4, [4, 2]),
        )
    ]


def any_translation(draw: random.Random) -> tuple:
    """Any sizes, and any mask that leaves something to read."""
    H = draw.randint(1, 3)
    C, B = H * draw.randint(1, 3), draw.randint(1, 3)
    T, S = draw.randint(1, 4), draw.randint(1, 5)
    real = torch.rand(B, 1, S) < 0.6
    real[torch.arange(B), 0, torch.randint(S, (B,))] = True
    return (C, H), torch.randn(B, T, C), torch.randn(B, S, C), real


def reads_real_memory(
    again: Any, args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: memory matters where it is real, and nowhere else."""
    sizes, x, memory, real = args
    tokens = real.mT
    other = again(sizes, x, torch.where(tokens, memory, memory + 3), real)
    if moves(other, again(*args)):
        return "the result changes when the padding of memory does"
    if not any(
        moves(again(sizes, x, other, real), again(*args))
        for other in (-memory, 2 * memory, memory.flip(-1))
    ):
        return "the result is the same whatever memory holds"
    other = again(sizes, x, torch.where(tokens, memory + 3, memory), real)
    if not moves(other, again(*args)):
        return (
            "the result does not feel 3 added to all of memory, as if that "
            "were normed once more, which the encoder has done"
        )
    return None


def feels_every_place(
    again: Any, args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: each position feels each real place of memory."""
    sizes, x, memory, real = args
    before = again(*args)
    for row, place in real[:, 0].nonzero().tolist():
        after = []
        for factor in (-1, 2):
            other = memory.clone()
            other[row, place] *= factor
            after.append(again(sizes, x, other, real)[row])
        for t in range(x.shape[1]):
            if not any(moves(found[t], before[row, t]) for found in after):
                return (
                    f"position {t} of row {row} does not feel place {place} "
                    "of its memory, which is real"
                )
    return None


def blind_to_what_follows(
    again: Any, args: tuple, expected: Float[Tensor, "..."]
) -> str | None:
    """A rule: a target token changes what comes at and behind its place."""
    sizes, x, *rest = args
    before, T = again(*args), x.shape[1]
    felt = {}
    for place in range(T):
        # Turned round: a norm does not feel what is added to all channels.
        other = x.clone()
        other[:, place] = x[:, place].flip(-1)
        after = again(sizes, other, *rest)
        for t in range(T):
            felt[t, place] = moves(after[:, t], before[:, t])
    for (t, place), does in felt.items():
        if does and t < place:
            return (
                f"position {t} of the result changes when position {place} "
                "of x does, which comes later"
            )
    for (t, place), does in felt.items():
        if not does and t >= place:
            return (
                f"position {t} of the result does not feel position {place} "
                "of x, which it may see"
            )
    return None


EXERCISE = Exercise(
    number="9.8",
    title="Fluent, and about nothing",
    kind="bug",
    difficulty="medium",
    importance=5,
    task="""\
Both decoder layers of a translator were of this class, and it was trained
like the chapter's for 300 steps.
What it writes are dates, and they have nothing to do with the source.
Read the curve and the sample, name the bug, and repair the class.""",
    starter=BROKEN,
    target="WritingLayer",
    uses=(Attention, FeedForward, past),
    solution=MENDED,
    suspect="source never read",
    symptom=(
        "both fall together for 25 steps; then the broken model's loss "
        "stays a little above 1 nat, while the twin's falls on to below 0.1"
    ),
    cases=to_translate,
    domain=any_translation,
    is_module=True,
    labels=("WritingLayer", "x", "memory", "real"),
    rules=(
        reads_real_memory,
        feels_every_place,
        blind_to_what_follows,
        adds_what_is_added,
    ),
    wrong=(
        slip(
            "the second attention still reads the target",
            "Its second argument is what is read: memory.",
            "cross_attention(normed, memory, real)",
            "cross_attention(normed, normed, past(x))",
        ),
        slip(
            "the padding of memory is looked at as well",
            "`real` says which of its places hold a token.",
            "normed, memory, real)",
            "normed, memory, torch.ones_like(real))",
        ),
        slip(
            "only the padding of memory is looked at",
            "`real` is True where a position may look, as it should be.",
            "normed, memory, real)",
            "normed, memory, ~real | real.all(-1, keepdim=True))",
        ),
        slip(
            "memory asks and the target answers",
            "The queries come from the first argument: normed.",
            "x = x + self.cross_attention(normed, memory, real)",
            "x = x + self.cross_attention(memory, normed, past(memory))",
        ),
        slip(
            "memory asks and the target answers, with the target's mask",
            "The queries come from the first argument: normed.",
            "cross_attention(normed, memory, real)",
            "cross_attention(memory, normed, past(x))",
        ),
        slip(
            "memory reads itself: the target does not ask",
            "The queries come from the first argument: normed.",
            "cross_attention(normed, memory, real)",
            "cross_attention(memory, memory, real)",
        ),
        slip(
            "the mask of the target is laid over memory",
            "`real` says which places of memory hold a token.",
            "cross_attention(normed, memory, real)",
            "cross_attention(normed, memory, past(x))",
        ),
        slip(
            "memory and target are joined and read together",
            "The second attention reads memory alone: the first has read "
            "the target.",
            "        x = x + self.cross_attention(normed, memory, real)",
            "        B, T, _ = x.shape\n"
            "        both = torch.cat([memory, normed], dim=1)\n"
            "        back = past(x).expand(B, -1, -1)\n"
            "        seen = torch.cat([real.expand(-1, T, -1), back], -1)\n"
            "        x = x + self.cross_attention(normed, both, seen)",
        ),
        slip(
            "there is a causal mask over memory as well",
            "All of the source is there from the start: `real` is enough.",
            "cross_attention(normed, memory, real)",
            "cross_attention(normed, memory, real & torch.ones(\n"
            "            1, x.shape[1], memory.shape[1]).bool().tril())",
        ),
        slip(
            "the norms stand behind the sums, not before the layers",
            "x + layer(norm(x)): the norm is inside, as it was.",
            "        normed = self.norm_1(x)\n"
            "        x = x + self.self_attention(normed, normed, past(x))\n"
            "        normed = self.norm_2(x)\n"
            "        x = x + self.cross_attention(normed, memory, real)\n"
            "        return x + self.feed_forward(self.norm_3(x))",
            "        x = self.norm_1(x + self.self_attention(x, x, past(x)))\n"
            "        across = self.cross_attention(x, memory, real)\n"
            "        x = self.norm_2(x + across)\n"
            "        return self.norm_3(x + self.feed_forward(x))",
        ),
        slip(
            "the two readings are exchanged: the first attention reads "
            "memory, the second the target",
            "First self_attention over the target, then cross_attention "
            "over memory.",
            "self.self_attention(normed, normed, past(x))",
            "self.self_attention(normed, memory, real)",
            "self.cross_attention(normed, memory, real)\n",
            "self.cross_attention(normed, normed, past(x))\n",
        ),
        slip(
            "what was written replaces x instead of being added",
            "x = x + self.self_attention(...): the path of chapter 5.",
            "x = x + self.self_attention",
            "x = self.self_attention",
        ),
        slip(
            "x asks in the first attention without its norm",
            "self.norm_1(x) asks and is read.",
            "self.self_attention(normed, normed, past(x))",
            "self.self_attention(x, normed, past(x))",
        ),
        slip(
            "x is read in the first attention without its norm",
            "self.norm_1(x) asks and is read.",
            "self.self_attention(normed, normed, past(x))",
            "self.self_attention(normed, x, past(x))",
        ),
        slip(
            "memory is read twice",
            "One cross-attention is enough: remove the other.",
            "        x = x + self.cross_attention(normed, memory, real)",
            "        x = x + self.cross_attention(normed, memory, real)\n"
            "        normed = self.norm_2(x)\n"
            "        x = x + self.cross_attention(normed, memory, real)",
        ),
        slip(
            "the target is read twice",
            "One self-attention is enough: remove the other.",
            "        normed = self.norm_2(x)\n",
            "        normed = self.norm_1(x)\n"
            "        x = x + self.self_attention(normed, normed, past(x))\n"
            "        normed = self.norm_2(x)\n",
        ),
        slip(
            "the padding of memory is set to zero, and looked at all the same",
            "A score of 0 is still a weight: give `real` to the attention.",
            "cross_attention(normed, memory, real)",
            "cross_attention(\n"
            "            normed, memory * real.mT, torch.ones_like(real))",
        ),
        slip(
            "what is read and what is thought are added side by side",
            "The feed-forward layer gets x with what was read in memory.",
            "        x = x + self.cross_attention(normed, memory, real)\n"
            "        return x + self.feed_forward(self.norm_3(x))",
            "        return (\n"
            "            x\n"
            "            + self.cross_attention(normed, memory, real)\n"
            "            + self.feed_forward(self.norm_3(x))\n"
            "        )",
        ),
        slip(
            "the first attention reads memory too",
            "It looks back at what is written: leave it as it was.",
            "self.self_attention(normed, normed, past(x))",
            "self.self_attention(normed, memory, real)",
        ),
        slip(
            "it looks across before it looks back",
            "First self_attention, then cross_attention, as it was.",
            "        normed = self.norm_1(x)\n"
            "        x = x + self.self_attention(normed, normed, past(x))\n"
            "        normed = self.norm_2(x)\n"
            "        x = x + self.cross_attention(normed, memory, real)\n",
            "        normed = self.norm_2(x)\n"
            "        x = x + self.cross_attention(normed, memory, real)\n"
            "        normed = self.norm_1(x)\n"
            "        x = x + self.self_attention(normed, normed, past(x))\n",
        ),
        slip(
            "both attentions read the same x, side by side",
            "The second one asks with what the first one has found.",
            "x = x + self.self_attention(normed, normed, past(x))\n"
            "        normed = self.norm_2(x)",
            "before = self.norm_2(x)\n"
            "        x = x + self.self_attention(normed, normed, past(x))\n"
            "        normed = before",
        ),
        slip(
            "what was read replaces x instead of being added",
            "x = x + ...: the path of chapter 5.",
            "x = x + self.cross_attention",
            "x = self.cross_attention",
        ),
        slip(
            "what was thought replaces x instead of being added",
            "return x + ...: the path of chapter 5.",
            "return x + self.feed",
            "return self.feed",
        ),
        slip(
            "x goes into the second attention without its norm",
            "self.norm_2(x) asks.",
            "normed = self.norm_2(x)",
            "normed = x + 0 * self.norm_2(x)",
        ),
        slip(
            "the causal mask of the first attention is gone",
            "The target may look at its past only: past(x).",
            "self.self_attention(normed, normed, past(x))",
            "self.self_attention(normed, normed, past(x) | True)",
        ),
        slip(
            "what is real in memory is hidden, and where nothing is "
            "padding nothing is left to read",
            "real is True for what may be read: hand it on as it is.",
            "(normed, memory, real)",
            "(normed, memory, ~real)",
        ),
        slip(
            "the self-attention is left out",
            "First the target reads itself, then memory.",
            "        normed = self.norm_1(x)\n"
            "        x = x + self.self_attention(normed, normed, past(x))\n",
            "",
        ),
        slip(
            "memory's mean is added, and nothing asks",
            "cross_attention(normed, memory, real): each place reads "
            "what it needs.",
            "        normed = self.norm_2(x)\n"
            "        x = x + self.cross_attention(normed, memory, real)\n",
            "        x = x + memory.mean(1, keepdim=True)\n",
        ),
        slip(
            "self_attention does both readings, and cross_attention none",
            "The second reading has weights of its own: self.cross_attention.",
            "self.cross_attention(normed, memory, real)",
            "self.self_attention(normed, memory, real)",
        ),
        slip(
            "norm_1 serves both attentions",
            "The second reading has a norm of its own: self.norm_2.",
            "normed = self.norm_2(x)",
            "normed = self.norm_1(x)",
        ),
        slip(
            "memory's mask is laid over the target",
            "The first attention looks back: past(x).",
            "normed, normed, past(x)",
            "normed, normed, real",
        ),
        slip(
            "memory is normed once more, which the encoder has done",
            "memory goes in as it is.",
            "(normed, memory, real)",
            "(normed, self.norm_2(memory), real)",
        ),
        slip(
            "the thinking is left out",
            "The last part: x + feed_forward(norm_3(x)).",
            "return x + self.feed_forward(self.norm_3(x))",
            "return x",
        ),
        slip(
            "x is read with memory's mask in the second attention",
            "It reads memory: cross_attention(normed, memory, real).",
            "self.cross_attention(normed, memory, real)",
            "self.cross_attention(normed, normed, real)",
        ),
        slip(
            "the second attention reads x itself, with memory's mask "
            "and without a norm",
            "It reads memory: cross_attention(normed, memory, real).",
            "self.cross_attention(normed, memory, real)",
            "self.cross_attention(normed, x, real)",
        ),
        slip(
            "memory asks and the target answers, behind memory's mask",
            "The first argument asks, the second is read: (normed, "
            "memory, real).",
            "(normed, memory, real)",
            "(memory, normed, real)",
        ),
    ),
    hints=(
        "Which of the three arguments of `forward` is never used?",
        "`Attention` takes who asks, what is read, and what is visible.",
        "`self.cross_attention(normed, memory, real)`.",
    ),
    why="""\
A decoder without its source is a small GPT of dates: it learns how they
look, and its loss stops a little above the surprise of a date drawn by
chance: ln 98,615 nats for 11 characters, 1.05 for each.
No shape was wrong and no error came, because a sequence may always read
itself: a wrong argument to attention is silent.""",
)
