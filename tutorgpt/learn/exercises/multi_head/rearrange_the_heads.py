"""Exercise 3.4. A twin with its heads in another order and the same output."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip
from tutorgpt.learn.check.modules import give_weights
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


EXERCISE = Exercise(
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
