"""Exercise 3.4. A twin with its heads in another order and the same output."""

import copy
import random
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.learn.check.comparing import number, same
from tutorgpt.learn.check.exercise import ComplaintError, Exercise, slip
from tutorgpt.learn.check.modules import give_weights
from tutorgpt.multi_head import MultiHead


def rearranged(
    attempt: Any, sizes: tuple, order: tuple, in_words: bool = False
) -> Any:
    """What became of a layer and of its twin, as a row of numbers.

    Whether the layer stayed as it was, whether the twin has weights of its
    own, by how much the output changed, and which old head stands at each
    place, -1 where it is none of them.
    in_words: say instead what became of the projection, for the rule.
    """
    layer = MultiHead(*sizes)
    give_weights(layer)
    before = copy.deepcopy(layer)
    g = torch.Generator().manual_seed(8)
    x = torch.randn(2, sizes[2], sizes[0], generator=g)
    twin = attempt(layer, list(order))
    if twin is ...:
        return twin
    complain_of_another_form(twin, before)
    if in_words:
        return about_the_projection(twin.proj, before.proj, order)
    gap = float((twin(x) - before(x)).abs().max())
    kept = all(map(torch.equal, layer.parameters(), before.parameters()))
    places = {p.untyped_storage().data_ptr() for p in layer.parameters()}
    own = not any(
        p.untyped_storage().data_ptr() in places for p in twin.parameters()
    )
    stands = [which_head(head, before) for head in twin.heads]
    return torch.tensor([kept, own, gap if gap > 5e-5 else 0.0, *stands])


def complain_of_another_form(twin: Any, layer: MultiHead) -> None:
    """Complain of what is no layer of this size that learns as much."""
    if not isinstance(twin, MultiHead):
        what = (
            "None: is there a `return` at its end"
            if twin is None
            else f"a thing of type {type(twin).__name__}"
        )
        raise ComplaintError(
            f"rearrange should give back a MultiHead, and this is {what}"
        )
    for name, parameter in layer.named_parameters():
        try:
            found = twin.get_parameter(name)
        except AttributeError:
            raise ComplaintError(f"the copy has no {name}") from None
        if found.shape != parameter.shape:
            raise ComplaintError(
                f"{name} of the copy has the shape {tuple(found.shape)} "
                f"instead of {tuple(parameter.shape)}"
            )
        if not found.requires_grad:
            raise ComplaintError(
                f"{name} of the copy does not learn: it requires no gradient"
            )
    if len(twin.heads) != len(layer.heads):
        raise ComplaintError(
            f"the copy has {len(twin.heads)} heads instead of "
            f"{len(layer.heads)}"
        )


def which_head(head: nn.Module, layer: MultiHead) -> int:
    """The number of the layer's head with the same weights, -1 for none."""
    for n, other in enumerate(layer.heads):
        if all(map(torch.equal, head.parameters(), other.parameters())):
            return n
    return -1


def about_the_projection(
    new: nn.Linear, old: nn.Linear, order: tuple
) -> str | None:
    """Which columns of the old projection stand where in the new one."""
    mine, weight = new.weight.detach(), old.weight.detach()
    D = len(weight) // len(order)
    right = torch.cat([weight.split(D, dim=1)[h] for h in order], dim=1)
    if same(mine, right):
        if same(new.bias, old.bias):
            return None
        if not new.bias.any():
            return "the bias of the projection is 0, and was not"
        if same(new.bias.sort().values, old.bias.sort().values):
            return (
                "the numbers of the projection's bias have changed places, "
                "and it belongs to no head"
            )
        return "the bias of the projection is another one"
    if same(mine, right.mT):
        return (
            "the weight of the projection is transposed: but for that its "
            "columns stand as they should"
        )
    for column, wanted in enumerate(right.mT):
        found = mine[:, column]
        if same(found, wanted):
            continue
        says = f"column {column} of the projection's weight should be the old "
        asked = order[column // D] * D + column % D
        for n, other in enumerate(weight.mT):
            if same(found, other):
                return f"{says}column {asked}, and is the old column {n}"
        return f"{says}column {asked}, and is none of the old columns"
    return None


def any_order(draw: random.Random) -> tuple:
    """A layer's sizes, and its heads in any order."""
    H = draw.randint(1, 5)
    order = tuple(draw.sample(range(H), H))
    return (H * draw.randint(1, 4), H, draw.randint(1, 6)), order


def same_output(
    again: Any, args: tuple, expected: Float[Tensor, " n"]
) -> str | None:
    """A rule: the heads stand in the new order and the output stays."""
    order, row = args[1], again(*args)
    kept, own, gap, *stands = row.tolist()
    found = []
    for n, (head, wanted) in enumerate(zip(stands, order, strict=True)):
        if head != wanted:
            stood = f"the old head {head:.0f}"
            if head < 0:
                stood = "none of the old heads"
            found.append(
                f"the new head {n} is {stood}, and order[{n}] is {wanted}"
            )
            break
    if gap:
        found.append(f"the output changed by up to {number(gap)}")
        if stands == list(order):
            about = again(*args, True)
            found += [about] if isinstance(about, str) else []
    if not kept:
        found.append("the old layer was changed: work on a copy")
    elif not own:
        found.append("the copy shares weights with the old layer")
    return "; ".join(found) or None


EXERCISE = Exercise(
    number="3.4",
    title="Heads have no order",
    kind="extend",
    difficulty="hard",
    importance=3,
    task="""\
Write `rearrange(layer, order)`: a copy of a `MultiHead` layer, with weights
of its own, whose head $n$ is the old head `order[n]`, and whose output is
the same for every input.
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
    cases=lambda: [
        ((8, 4, 5), (2, 0, 3, 1)),
        ((6, 3, 4), (1, 2, 0)),
        ((4, 2, 3), (1, 0)),
        ((3, 1, 2), (0,)),
    ],
    domain=any_order,
    run=rearranged,
    uses=(MultiHead,),
    labels=("MultiHead", "order "),
    parts=(
        "whether the old layer stayed as it was, with 1 for yes",
        "whether the copy has weights of its own, with 1 for yes",
        "the largest change of the output",
        "the old number of the new head 0",
        "the old number of the new head 1",
        "the old number of the new head 2",
        "the old number of a later head",
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
            "the heads moved in the inverse order, and the strips did not",
            "New head n is the old head order[n]: for h in order.",
            "twin.heads[h] for h in order",
            "twin.heads[order.index(n)] for n in range(len(order))",
        ),
        slip(
            "heads and strips moved in the inverse order: the old head n "
            "stands at place order[n]",
            "New head n is the old head order[n]: for h in order.",
            "twin.heads[h] for h in order",
            "twin.heads[order.index(n)] for n in range(len(order))",
            "strips[h] for h in order",
            "strips[order.index(n)] for n in range(len(order))",
        ),
        slip(
            "the layer itself was rearranged",
            "It is to stay as it is: work on a copy, copy.deepcopy(layer).",
            "copy.deepcopy(layer)",
            "layer",
        ),
        slip(
            "the copy's heads are those of the old layer, shared",
            "Give it weights of its own: copy.deepcopy(layer), and then the "
            "copy's heads.",
            "nn.ModuleList(twin.heads[h]",
            "nn.ModuleList(layer.heads[h]",
        ),
        slip(
            "the copy is a fresh layer, which knows nothing of the old one's "
            "heads",
            "Copy the weights with it: copy.deepcopy(layer).",
            "copy.deepcopy(layer)",
            "MultiHead("
            "layer.proj.in_features, len(order), layer.heads[0].block_size)",
        ),
        slip(
            "single columns of the projection moved, one for each head",
            "A head's strip is D columns wide: proj.weight.split(D, dim=1).",
            "twin.proj.weight = nn.Parameter(moved)",
            "twin.proj.weight = nn.Parameter("
            "twin.proj.weight[:, order].detach())",
        ),
        slip(
            "single rows of the projection are picked, one for each head",
            "A head's strip is D columns wide: proj.weight.split(D, dim=1).",
            "twin.proj.weight = nn.Parameter(moved)",
            "twin.proj.weight = nn.Parameter("
            "twin.proj.weight[order].detach())",
        ),
        slip(
            "the heads overwrite each other while they move",
            "Build the new list from the old one before you put it in place.",
            "    twin.heads = nn.ModuleList(twin.heads[h] for h in order)\n",
            "    for n, h in enumerate(order): twin.heads[n] = "
            "twin.heads[h]\n",
        ),
        slip(
            "the order is read from its end",
            "New head n is the old head order[n].",
            "for h in order",
            "for h in reversed(order)",
        ),
        slip(
            "the projection's weight is a plain tensor, which a module does "
            "not take for a parameter",
            "Wrap it: nn.Parameter(moved), or copy_ into the old one under "
            "no_grad.",
            "nn.Parameter(moved)",
            "moved",
        ),
        slip(
            "nothing was moved",
            "Reorder the heads first, then mend the output.",
            "for h in order)",
            "for h in sorted(order))",
            "[h] for h in order]",
            "[h] for h in sorted(order)]",
        ),
        slip(
            "the bias of the projection moved along with the strips",
            "It is added to what all heads bring, and belongs to none.",
            "nn.Parameter(moved)",
            "nn.Parameter(moved)\n"
            "    parts = twin.proj.bias.detach().split(D)\n"
            "    twin.proj.bias = nn.Parameter("
            "torch.cat([parts[h] for h in order]))",
        ),
        slip(
            "the bias of the projection is set to 0",
            "It stays as it is: a sum in another order has the same bias.",
            "nn.Parameter(moved)",
            "nn.Parameter(moved)\n    nn.init.zeros_(twin.proj.bias)",
        ),
        slip(
            "the weight of the projection comes out transposed",
            "Its strips change places, and that is all.",
            "nn.Parameter(moved)",
            "nn.Parameter(moved.T.contiguous())",
        ),
        slip(
            "the strips were cut from the transposed weight",
            "A Linear's weight is (out, in): what comes in is dim 1 already.",
            "twin.proj.weight.detach()",
            "twin.proj.weight.detach().T",
        ),
        slip(
            "every H-th column was taken for the strip of a head",
            "The D columns of a head stand side by side: split(D, dim=1).",
            "twin.proj.weight.detach().split(D, dim=1)",
            "[twin.proj.weight.detach()[:, n :: len(order)] "
            "for n in range(len(order))]",
        ),
        slip(
            "the columns moved as if those of the heads alternated",
            "The D columns of a head stand side by side: split(D, dim=1).",
            "torch.cat([strips[h] for h in order], dim=1)",
            "twin.proj.weight.detach().view(-1, D, len(order))"
            "[:, :, list(order)].flatten(1)",
        ),
        slip(
            "the moved strips were joined so that those of the heads "
            "alternate",
            "One whole strip after the other: torch.cat(..., dim=1).",
            "torch.cat([strips[h] for h in order], dim=1)",
            "torch.stack([strips[h] for h in order], dim=-1).flatten(1)",
        ),
        slip(
            "the strips overwrite each other while they move",
            "Read all of them from the old layer, or cut them out before "
            "the first is written.",
            "    moved = torch.cat([strips[h] for h in order], dim=1)\n"
            "    twin.proj.weight = nn.Parameter(moved)\n",
            "    for n, h in enumerate(order):\n"
            "        W = twin.proj.weight.data\n"
            "        W[:, n * D : (n + 1) * D] = W[:, h * D : (h + 1) * D]\n",
        ),
        slip(
            "heads and strips overwrite each other while they move",
            "Read both from the old layer, and write into the copy.",
            "    twin.heads = nn.ModuleList(twin.heads[h] for h in order)\n",
            "    for n, h in enumerate(order): twin.heads[n] = "
            "twin.heads[h]\n",
            "    moved = torch.cat([strips[h] for h in order], dim=1)\n"
            "    twin.proj.weight = nn.Parameter(moved)\n",
            "    for n, h in enumerate(order):\n"
            "        W = twin.proj.weight.data\n"
            "        W[:, n * D : (n + 1) * D] = W[:, h * D : (h + 1) * D]\n",
        ),
        slip(
            "the layer itself is given back, as it was",
            "A copy in a new order, with weights of its own.",
            "    twin = copy.deepcopy(layer)\n"
            "    twin.heads = nn.ModuleList(twin.heads[h] for h in order)\n"
            "    D = twin.heads[0].head_size\n"
            "    strips = twin.proj.weight.detach().split(D, dim=1)\n"
            "    moved = torch.cat([strips[h] for h in order], dim=1)\n"
            "    twin.proj.weight = nn.Parameter(moved)\n"
            "    return twin",
            "    return layer",
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
