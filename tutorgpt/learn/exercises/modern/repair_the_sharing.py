"""Exercise 11.6. A bug hunt: query heads that look with others' keys."""

import random
from itertools import product
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from tutorgpt.learn.check.exercise import Exercise, build, slip
from tutorgpt.learn.check.modules import give_weights
from tutorgpt.learn.check.properties import (
    blind_to_the_batch,
    blind_to_the_future,
)

BROKEN = """\
class SharingHeads(nn.Module):
    def __init__(self, n_embed, n_head, n_key_head):
        super().__init__()
        self.heads = (n_head, n_key_head, n_key_head)
        self.head_size = n_embed // n_head
        rows = sum(self.heads) * self.head_size
        self.qkv = nn.Linear(n_embed, rows, bias=False)
        self.proj = nn.Linear(n_embed, n_embed, bias=False)

    def forward(self, x):
        by_head = self.qkv(x).unflatten(-1, (-1, self.head_size))
        q, k, v = by_head.transpose(1, 2).split(self.heads, dim=1)
        times = q.shape[1] // k.shape[1]
        k = k.repeat(1, times, 1, 1)
        v = v.repeat(1, times, 1, 1)
        out = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.proj(out.transpose(1, 2).flatten(2))"""

MENDED = BROKEN.replace(
    ".repeat(1, times, 1, 1)", ".repeat_interleave(times, dim=1)"
)
MOST_WAYS = 256
"""So many ways of sharing are tried by the rule that looks for one."""


def to_look() -> list[tuple]:
    """Sizes (C, H, G), and x (B, T, C).

    Groups of two and of three, one key head for all, one for each, as many
    positions as heads, one position.
    """
    g = torch.Generator().manual_seed(116)
    return [
        ((H * D, H, G), size * torch.randn(B, T, H * D, generator=g))
        for H, G, D, B, T, size in (
            (4, 2, 2, 1, 5, 2.0),
            (4, 2, 3, 2, 4, 1.0),
            (6, 3, 1, 1, 3, 3.0),
            (6, 2, 2, 2, 2, 1.0),
            (3, 1, 2, 2, 4, 2.0),
            (2, 2, 3, 1, 6, 2.0),
            (4, 2, 1, 3, 1, 1.0),
        )
    ]


def any_text(draw: random.Random) -> tuple:
    """Any heads that share evenly, and any text."""
    G, times = draw.randint(1, 3), draw.randint(1, 3)
    H, D = G * times, draw.randint(1, 3)
    B, T = draw.randint(1, 3), draw.randint(1, 6)
    x = draw.choice((0.5, 1.0, 3.0)) * torch.randn(B, T, H * D)
    return (H * D, H, G), x


@torch.no_grad()
def shared_out(
    sizes: tuple[int, int, int], x: Float[Tensor, "B T C"], keys: list[int]
) -> Float[Tensor, "B T C"]:
    """What comes out if query head h looks with key head keys[h]."""
    model = build(MENDED, "SharingHeads")(*sizes)
    give_weights(model)
    D = model.head_size
    by_head = model.qkv(x).unflatten(-1, (-1, D)).transpose(1, 2)
    q, k, v = by_head.split(model.heads, dim=1)
    out = F.scaled_dot_product_attention(
        q, k[:, keys], v[:, keys], is_causal=True
    )
    return model.proj(out.transpose(1, 2).flatten(2))


def whose_keys(
    again: Any, args: tuple, expected: Float[Tensor, "B T C"]
) -> str | None:
    """A rule: with whose keys and values a query head looks."""
    sizes, x = args
    _, H, G = sizes
    if G**H > MOST_WAYS:
        return None
    found = again(*args)
    for keys in map(list, product(range(G), repeat=H)):
        if (shared_out(sizes, x, keys) - found).abs().max() < 1e-5:
            h = next(h for h in range(H) if keys[h] != h * G // H)
            return (
                f"query head {h} of {H} looks with key head {keys[h]} of "
                f"{G}, and its own is {h * G // H}"
            )
    return None


REPEATED = ".repeat_interleave(times, dim=1)"
K, V = f"k = k{REPEATED}", f"v = v{REPEATED}"
LOOK = "F.scaled_dot_product_attention(q, k, v, is_causal=True)"
JOINED = "out.transpose(1, 2).flatten(2)"
IN_ORDER = (
    "Query heads 0, 1, ... share key head 0, the next ones key head 1: "
    "repeat_interleave, for keys and for values."
)

EXERCISE = Exercise(
    number="11.6",
    title="Trained right, read wrong",
    kind="bug",
    difficulty="hard",
    importance=4,
    task="""\
A model is trained with the chapter's `GroupedQueryAttention`, four heads of
queries and two of keys.
Now and then its weights are copied into another model that only reads, and
that has this class in the place of the attention; the names of the weights
are the same, and all of them fit.
The curve shows the held-out loss of the model that reads; the twin is the
model that is trained.
With one key head, or with as many as query heads, both agree.
Read the curve, name the bug, and repair the class.""",
    starter=BROKEN,
    needs="from torch import nn\nfrom torch.nn import functional as F",
    target="SharingHeads",
    solution=MENDED,
    suspect="heads with others' keys",
    symptom=(
        "for some 50 steps both losses fall together; then that of the model "
        "that reads stays between 2.55 and 2.67, while the twin's goes on to "
        "2.23"
    ),
    cases=to_look,
    domain=any_text,
    is_module=True,
    rules=(whose_keys, blind_to_the_future, blind_to_the_batch),
    wrong=(
        slip(
            "keys and values are still repeated as a row of heads, 0, 1, 0, "
            "1, where 0, 0, 1, 1 is meant",
            IN_ORDER,
            REPEATED,
            ".repeat(1, times, 1, 1)",
        ),
        slip(
            "only the keys are mended: a head weights with one head's keys "
            "and reads another's values",
            IN_ORDER,
            V,
            "v = v.repeat(1, times, 1, 1)",
        ),
        slip(
            "only the values are mended: a head weights with one head's keys "
            "and reads another's values",
            IN_ORDER,
            K,
            "k = k.repeat(1, times, 1, 1)",
        ),
        slip(
            "all query heads look with key head 0",
            IN_ORDER,
            REPEATED,
            "[:, :1].expand_as(q)",
        ),
        slip(
            "all query heads look with the mean of the key heads",
            IN_ORDER,
            REPEATED,
            ".mean(dim=1, keepdim=True).expand_as(q)",
        ),
        slip(
            "the key heads are shared out from the last to the first",
            IN_ORDER,
            REPEATED,
            ".flip(1).repeat_interleave(times, dim=1)",
        ),
        slip(
            "the repeated heads are shifted by one",
            IN_ORDER,
            REPEATED,
            ".repeat_interleave(times, dim=1).roll(1, 1)",
        ),
        slip(
            "positions are repeated, and not heads",
            "k and v are (B, G, T, D): heads are on axis 1.",
            REPEATED,
            ".repeat_interleave(times, dim=2)",
        ),
        slip(
            "texts of the batch are repeated, and not heads",
            "k and v are (B, G, T, D): heads are on axis 1.",
            REPEATED,
            ".repeat_interleave(times, dim=0)",
        ),
        slip(
            "channels are repeated, and not heads",
            "k and v are (B, G, T, D): heads are on axis 1.",
            REPEATED,
            ".repeat_interleave(times, dim=-1)",
        ),
        slip(
            "repeat_interleave was given no axis: all numbers stand in one "
            "row",
            "k and v are (B, G, T, D): heads are on axis 1, dim=1.",
            "(times, dim=1)",
            "(times)",
        ),
        slip(
            "the query heads are put in another order, and stay there",
            "Leave q as it is and repeat keys and values in its order.",
            REPEATED,
            ".repeat(1, times, 1, 1)",
            LOOK,
            "F.scaled_dot_product_attention(\n"
            "            q.unflatten(1, (times, -1)).transpose(1, 2)"
            ".flatten(1, 2),\n"
            "            k, v, is_causal=True)",
        ),
        slip(
            "the query heads are put in the order of the repeated keys, and "
            "their results are joined in that order",
            "Leave q as it is and repeat keys and values in its order.",
            REPEATED,
            ".repeat(1, times, 1, 1)",
            LOOK,
            "F.scaled_dot_product_attention(\n"
            "            q.unflatten(1, (-1, times)).transpose(1, 2)"
            ".flatten(1, 2),\n"
            "            k, v, is_causal=True)",
        ),
        slip(
            "keys and values are right, and the query heads are put in "
            "another order",
            "Leave q as it is and repeat keys and values in its order.",
            LOOK,
            "F.scaled_dot_product_attention(\n"
            "            q.unflatten(1, (times, -1)).transpose(1, 2)"
            ".flatten(1, 2),\n"
            "            k, v, is_causal=True)",
        ),
        slip(
            "keys and values are not repeated",
            IN_ORDER,
            f"        {K}\n        {V}\n",
            "",
        ),
        slip(
            "the heads' results are joined without bringing positions forward",
            "out is (B, H, T, D): transpose(1, 2) before flatten.",
            JOINED,
            "out.reshape(x.shape)",
        ),
        slip(
            "the channels are dealt out to the heads one by one",
            "A head's channels are neighbours: unflatten to (heads, D).",
            "unflatten(-1, (-1, self.head_size))",
            "unflatten(-1, (self.head_size, -1)).mT",
        ),
        slip(
            "the mask is missing",
            "is_causal=True: no position sees a later one.",
            ", is_causal=True",
            "",
        ),
        slip(
            "the scores are not divided by the root of the head size",
            "F.scaled_dot_product_attention does that; no scale is needed.",
            "is_causal=True",
            "is_causal=True, scale=1.0",
        ),
        slip(
            "keys and values have changed places",
            "The order is q, k, v.",
            "(q, k, v, is",
            "(q, v, k, is",
        ),
        slip(
            "the first rows of qkv are taken for keys and values",
            "split(self.heads) in the order q, k, v.",
            "q, k, v = by_head.transpose(1, 2).split(self.heads, dim=1)",
            "k, v, q = by_head.transpose(1, 2).split(self.heads[::-1], dim=1)",
        ),
        slip(
            "proj is left out",
            "self.proj mixes what the heads found.",
            f"self.proj({JOINED})",
            JOINED,
        ),
        slip(
            "x is added to the result",
            "The block adds x; the layer gives what is added to it.",
            "return self.proj",
            "return x + self.proj",
        ),
    ),
    hints=(
        "Where do both models agree, and which order of key heads would be "
        "the same there?",
        "Print `torch.arange(2).repeat(2)`, and what `repeat_interleave` "
        "makes of it. Which of the two is h // (H / G)?",
        "`k.repeat_interleave(times, dim=1)`, and the same for `v`.",
    ),
    why="""\
`repeat` lays the row of key heads down again and again, 0, 1, 0, 1, so query
head $h$ looks with key head $h$ mod $G$.
The model has learned with 0, 0, 1, 1, where neighbours share: $h$ // $(H/G)$.
Query heads 1 and 2 then look with keys that were never made for them.
In the first steps no head has learned anything yet, and nothing is seen.
With one key head, or with $H$ of them, both orders are the same, so a test
with these alone passes.
A model that is trained *and* read with `repeat` would be as good: the order is
a convention, and both programs must have the same one.""",
)
