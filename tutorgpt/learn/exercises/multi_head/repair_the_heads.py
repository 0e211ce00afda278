"""Exercise 3.5. A bug hunt: heads that never learn."""

import random

import torch

from tutorgpt.learn.check.exercise import Exercise, slip
from tutorgpt.learn.check.properties import blind_to_the_future
from tutorgpt.single_head import Head

BROKEN = """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = [Head(n_embed, D, block_size) for _ in range(n_head)]
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)"""

MENDED = BROKEN.replace(
    "        self.heads = [Head(n_embed, D, block_size) for _ in "
    "range(n_head)]\n",
    "        self.heads = nn.ModuleList(\n"
    "            Head(n_embed, D, block_size) for _ in range(n_head)\n"
    "        )\n",
)


def any_input(draw: random.Random) -> tuple:
    """Sizes, and inputs that are at most as long as the block."""
    H, block_size = draw.randint(1, 4), draw.randint(1, 9)
    C = H * draw.randint(1, 3)
    B, T = draw.randint(1, 3), draw.randint(1, block_size)
    g = torch.Generator().manual_seed(draw.randrange(2**31))
    return (C, H, block_size), torch.randn(B, T, C, generator=g)


EXERCISE = Exercise(
    number="3.5",
    title="Heads that never learn",
    kind="bug",
    difficulty="medium",
    importance=5,
    task="""\
This layer was trained like the chapter's, and it falls behind.
Read the curve, the sample and the map, name the bug, and repair the class.""",
    starter=BROKEN,
    target="ManyHeads",
    uses=(Head,),
    solution=MENDED,
    suspect="heads not registered",
    symptom=(
        "both curves fall, the broken one ends about 0.2 above the healthy "
        "one, and the rows of its map spread over many earlier characters"
    ),
    cases=lambda: [
        ((6, 3, 8), torch.linspace(-2, 2, 30).sin().view(1, 5, 6)),
        ((8, 2, 7), torch.linspace(-3, 2, 112).cos().view(2, 7, 8)),
        ((4, 2, 9), torch.linspace(-1, 3, 72).sin().view(2, 9, 4)),
    ],
    domain=any_input,
    is_module=True,
    rules=(blind_to_the_future,),
    wrong=(
        slip(
            "the heads are still in a plain list, tuple or dict, which hides "
            "them",
            "parameters() looks into modules only: nn.ModuleList.",
            "nn.ModuleList(\n            Head(n_embed, D, block_size) "
            "for _ in range(n_head)\n        )",
            "[Head(n_embed, D, block_size) for _ in range(n_head)]",
        ),
        slip(
            "each head is wrapped as one parameter, and a head is a module "
            "with parameters of its own",
            "A list that knows its modules: nn.ModuleList.",
            "            Head(n_embed, D, block_size) for",
            "            nn.Parameter(Head(n_embed, D, block_size)) for",
        ),
        slip(
            "what the heads find is detached from them, so no gradient comes "
            "to them and they never learn",
            "Leave out detach(): the loss has to reach the heads.",
            "head(x) for head",
            "head(x).detach() for head",
        ),
        slip(
            "one and the same head stands there several times",
            "Make a new Head for each place.",
            "Head(n_embed, D, block_size) for _ in range(n_head)",
            "[Head(n_embed, D, block_size)] * n_head",
        ),
        slip(
            "each head is as wide as the whole input",
            "D = C / H: the heads share the channels.",
            "n_embed // n_head",
            "n_embed",
        ),
        slip(
            "the heads are added up instead of joined",
            "torch.cat along the channels.",
            "torch.cat([head(x) for head in self.heads], dim=-1)",
            "sum(head(x) for head in self.heads)",
        ),
        slip(
            "the heads are joined along another axis than the channels'",
            "dim=-1 is the axis of the channels.",
            "dim=-1",
            "dim=1",
        ),
        slip(
            "the projection is left out",
            "The joined heads go through self.proj.",
            "return self.proj(joined)",
            "return joined",
        ),
        slip(
            "the projection has lost its bias",
            "nn.Linear(n_embed, n_embed) was right.",
            "nn.Linear(n_embed, n_embed)",
            "nn.Linear(n_embed, n_embed, bias=False)",
        ),
        slip(
            "a head is given D channels, what another head found or a part of "
            "x, where it reads all C",
            "The heads do not run one after another: all read the same, "
            "whole x, and torch.cat joins what they find.",
            "torch.cat([head(x) for head in self.heads], dim=-1)",
            "nn.Sequential(*self.heads)(x)",
        ),
        slip(
            "one head too few is made",
            "There are n_head of them.",
            "range(n_head)",
            "range(n_head - 1)",
        ),
        slip(
            "the last head is made and not asked",
            "All of self.heads.",
            "for head in self.heads]",
            "for head in self.heads[:-1]]",
        ),
        slip(
            "head 0 is asked again and again, and the others never",
            "head(x) for each head of self.heads.",
            "head(x) for head",
            "self.heads[0](x) for head",
        ),
        slip(
            "each head has as many channels as there are heads",
            "D = C / H: n_embed // n_head.",
            "n_embed // n_head",
            "n_head",
        ),
        slip(
            "the channels of the heads alternate",
            "All of head 0 first, then all of head 1: torch.cat.",
            "torch.cat([head(x) for head in self.heads], dim=-1)",
            "torch.stack([head(x) for head in self.heads], -1).flatten(2)",
        ),
        slip(
            "the list of heads is called, and it is no layer",
            "Call each head, head(x) for head in self.heads, and join what "
            "they find.",
            "torch.cat([head(x) for head in self.heads], dim=-1)",
            "self.heads(x)",
        ),
        slip(
            "x is added before the projection",
            "The projection reads what the heads found, joined, and no more.",
            "return self.proj(joined)",
            "return self.proj(joined + x)",
        ),
        slip(
            "what a head finds is divided by the number of heads",
            "Joining keeps every number as it is.",
            "head(x) for head",
            "head(x) / len(self.heads) for head",
        ),
        slip(
            "x is added to the result",
            "The path around a layer comes in chapter 5; here it gives back "
            "what the projection makes.",
            "return self.proj(joined)",
            "return x + self.proj(joined)",
        ),
        slip(
            "what is negative is cut off at the end",
            "The projection is the last step.",
            "return self.proj(joined)",
            "return F.relu(self.proj(joined))",
        ),
        slip(
            "the projection is applied twice",
            "Once, to the joined heads.",
            "return self.proj(joined)",
            "return self.proj(self.proj(joined))",
        ),
        slip(
            "what each head finds counts half",
            "Joining keeps every number as it is.",
            "head(x) for head",
            "0.5 * head(x) for head",
        ),
        slip(
            "what the heads find is cut off below 0 before the projection",
            "Joining keeps every number as it is.",
            "head(x) for head",
            "head(x).relu() for head",
        ),
        slip(
            "x, which has C channels, is added to what a head finds, which "
            "has D",
            "Join what all heads find: torch.cat along the channels.",
            "torch.cat([head(x) for head in self.heads], dim=-1)",
            "x + self.heads[0](x)",
        ),
        slip(
            "what a head finds, D channels, is added to x, which has C",
            "Join what all heads find: torch.cat along the channels.",
            "torch.cat([head(x) for head in self.heads], dim=-1)",
            "self.heads[0](x) + x",
        ),
        slip(
            "the heads are added up, and their sum stands there as often as "
            "there are heads",
            "Side by side: torch.cat([head(x) ...], dim=-1).",
            "torch.cat([head(x) for head in self.heads], dim=-1)",
            "sum(head(x) for head in self.heads)"
            ".repeat(1, 1, len(self.heads))",
        ),
        slip(
            "there is one head, as wide as all of them together",
            "n_head heads of D channels, each with a map of its own.",
            "Head(n_embed, D, block_size) for _ in range(n_head)",
            "[Head(n_embed, n_embed, block_size)]",
        ),
    ),
    hints=(
        "Count the parameters, and compare with exercise 3.1.",
        "What does `list(layer.named_parameters())` show?",
        "`self.heads = nn.ModuleList(...)` around the same heads.",
    ),
    why="""\
A module finds its parameters through its attributes, and only where these
are modules or parameters themselves.
A plain list hides the heads from `parameters()`, so the optimizer never
sees them, `.to(device)` leaves them behind, and a checkpoint loses them.""",
)
