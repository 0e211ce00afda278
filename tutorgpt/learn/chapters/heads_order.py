"""Exercises of chapter 3: heads have no order, and some heads never learn."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.exercise import Exercise, slip
from tutorgpt.learn.modules import (
    as_module,
    blind_to_the_future,
    give_weights,
)
from tutorgpt.learn.trying import ComplaintError
from tutorgpt.multi_head import MultiHead


def rearranged(attempt: Any, sizes: tuple, order: tuple) -> Any:
    """Which heads stand where, what comes out, and whether a copy was made.

    A row of numbers: one weight of every new head, the outputs of the new
    layer, and one weight of the old layer's head 0.
    """
    layer = MultiHead(*sizes)
    give_weights(layer)
    g = torch.Generator().manual_seed(8)
    x = torch.randn(2, sizes[2], sizes[0], generator=g)
    twin = attempt(layer, list(order))
    if twin is ...:
        return twin
    if not isinstance(twin, MultiHead):
        raise ComplaintError(
            "a MultiHead should come back, and this is of type "
            f"{type(twin).__name__}"
        )
    weights = dict(twin.named_parameters())
    firsts = [
        weights[f"heads.{h}.query.weight"][0, 0] for h in range(sizes[1])
    ]
    old = layer.get_parameter("heads.0.query.weight")[0, :1]
    return torch.cat([torch.stack(firsts), twin(x).flatten(), old]).detach()


def same_output(
    again: Any, args: tuple, expected: Float[Tensor, " n"]
) -> str | None:
    """A rule: the heads stand in the new order and the output stays."""
    H, row = args[0][1], again(*args)
    ok = torch.isclose(row, expected, atol=1e-5)
    if not ok[:H].all():
        return "the heads do not stand in the order asked for"
    if not ok[H:-1].all():
        return "the heads moved, but the output changed"
    return "the original layer was changed: work on a copy"


EXCHANGE = Exercise(
    number="3.4",
    title="Heads have no order",
    kind="extend",
    difficulty="hard",
    importance=3,
    task="""\
Write `rearrange(layer, order)`: a copy of a `MultiHead` layer whose head
$n$ is the old head `order[n]`, and whose output is the same for every
input.
What does that say about "head 3 is a previous-character head"?""",
    starter='''\
def rearrange(layer, order):
    """A twin with its heads in another order and the same output."""
    return ...''',
    target="rearrange",
    solution='''\
def rearrange(layer, order):
    """A twin with its heads in another order and the same output."""
    twin = copy.deepcopy(layer)
    twin.heads = nn.ModuleList(twin.heads[h] for h in order)
    D = twin.heads[0].head_size
    strips = twin.proj.weight.detach().split(D, dim=1)
    moved = torch.cat([strips[h] for h in order], dim=1)
    twin.proj.weight = nn.Parameter(moved)
    return twin''',
    cases=lambda: [((8, 4, 5), (3, 1, 2, 0)), ((6, 3, 4), (1, 2, 0))],
    run=rearranged,
    labels=("MultiHead", "order "),
    parts=(
        "a weight of the new head 0",
        "a weight of the new head 1",
        "a weight of the new head 2",
        "something later",
    ),
    rules=(same_output,),
    wrong=(
        slip(
            "the heads moved and the projection did not follow",
            "Its strips of D columns belong to the heads one by one.",
            "    twin.proj.weight = nn.Parameter(moved)\n",
            "",
        ),
        slip(
            "the projection's strips moved and the heads did not",
            "Both have to: a new ModuleList in the new order.",
            "    twin.heads = nn.ModuleList(twin.heads[h] for h in order)\n",
            "",
        ),
        slip(
            "the rows of the projection moved, not its columns",
            "A Linear's weight is (out, in): what comes in is dim 1.",
            "dim=1",
            "dim=0",
        ),
        slip(
            "the strips moved in the inverse order",
            "New strip n is the old strip order[n], as for the heads.",
            "strips[h] for h in order",
            "strips[order.index(n)] for n in range(len(order))",
        ),
        slip(
            "nothing was moved",
            "Reorder the heads first, then mend the output.",
            "for h in order)",
            "for h in sorted(order))",
            "[h] for h in order]",
            "[h] for h in sorted(order)]",
        ),
    ),
    hints=(
        "The joined vector's blocks change places: who reads them next?",
        "`nn.ModuleList` in the new order; `proj.weight.split(D, dim=1)` "
        "gives one strip per head.",
        "`torch.cat([strips[h] for h in order], dim=1)` as the new weight.",
    ),
    why="""\
The projection multiplies the block of each head with its own strip of
columns and adds up; a sum does not care about the order.
There are $4! = 24$ such twins of four heads, all equally good: a head's
number means nothing, only its weights do.""",
)


BROKEN_HEADS = """\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        D = n_embed // n_head
        self.heads = [Head(n_embed, D, block_size) for _ in range(n_head)]
        self.proj = nn.Linear(n_embed, n_embed)

    def forward(self, x):
        joined = torch.cat([head(x) for head in self.heads], dim=-1)
        return self.proj(joined)"""
MENDED_HEADS = BROKEN_HEADS.replace(
    "        self.heads = [Head(n_embed, D, block_size) for _ in "
    "range(n_head)]\n",
    "        self.heads = nn.ModuleList(\n"
    "            Head(n_embed, D, block_size) for _ in range(n_head)\n"
    "        )\n",
)

FROZEN = Exercise(
    number="3.5",
    title="Heads that never learn",
    kind="bug",
    difficulty="medium",
    importance=5,
    task="""\
This layer was trained like the chapter's, and it falls behind.
Read the curve, the sample and the map, name the bug, and repair the class.""",
    starter=BROKEN_HEADS,
    target="ManyHeads",
    solution=MENDED_HEADS,
    suspect="heads not registered",
    symptom=(
        "the model learns 3,072 numbers fewer than its healthy twin, and "
        "its map stays as blurred as that of a fresh head"
    ),
    cases=lambda: [
        ((6, 3, 8), torch.linspace(-2, 2, 30).sin().view(1, 5, 6)),
        ((8, 2, 7), torch.linspace(-3, 2, 112).cos().view(2, 7, 8)),
    ],
    run=as_module(MENDED_HEADS, "ManyHeads"),
    rules=(blind_to_the_future,),
    wrong=(
        slip(
            "the heads are still in a plain list, which hides them",
            "parameters() looks into modules only: nn.ModuleList.",
            "nn.ModuleList(\n            Head(n_embed, D, block_size) "
            "for _ in range(n_head)\n        )",
            "[Head(n_embed, D, block_size) for _ in range(n_head)]",
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
