"""Tries a learner's nn.Module: same weights in, same result out?

What a learner calls a part is nobody's business: which of the learner's
tensors plays which role is found out by what a change of it does.
"""

import copy
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Shaped
from torch import Tensor, nn

from tutorgpt.learn.check.comparing import same
from tutorgpt.learn.check.exercise import ComplaintError
from tutorgpt.learn.check.one_check import hush

DRAWS = 500
"""So many results are drawn where a module drops at random."""
ALIKE = 1.06
"""Means of so many that differ by less than this factor are alike."""


def try_module(
    attempt: Any,
    wanted: type[nn.Module],
    sizes: tuple,
    *inputs: Any,
    ours: bool = False,
) -> Any:
    """What a module class makes of a case, with the solution's weights.

    sizes: the arguments that both classes are built with.
    wanted: the solution's class; the attempt must learn as many numbers, in
        tensors that can play the same roles, by whatever names.
    ours: the attempt is the solution or a known mistake, and keeps the names.

    Raises ComplaintError where it does not, where it is not a module, where
    a parameter has no say in the result, and where a gradient is lost.
    """
    if isinstance(attempt, nn.Module):
        raise ComplaintError(
            f"the class is wanted, and this is a module of it that is built: "
            f"pass {type(attempt).__name__}, without parentheses"
        )
    module = attempt(*sizes)
    if module is ...:
        return module
    if not isinstance(module, nn.Module):
        raise ComplaintError(
            f"{wanted.__name__} should be an nn.Module, and it is of type "
            f"{type(module).__name__}"
        )
    model = wanted(*sizes)
    give_weights(model)
    roles: list[Tensor] = list(model.parameters())
    module.eval()
    right = call(model.eval(), inputs)
    # Under the same names first: that is what most learners keep.
    slots = by_name(model, fitting_slots(module, model))
    fill(slots, roles)
    if not ours:
        found = call(module, inputs)
        hush()
        if not same(found, right):
            slots = by_behaviour(module, model, inputs) or slots
            fill(slots, roles)
    # Only here on the inputs themselves, in case they are written into.
    kept = [copied(x) for x in inputs]
    result = module(*inputs)
    complain_of_idle_parts(module, result, inputs)
    unchanged = all(map(same_input, kept, inputs))
    if same(result, right) and unchanged:
        complain_of_lost_gradients(module, model, slots, inputs)
        complain_of_training(module, model, right, inputs)
    return result


@torch.no_grad()
def complain_of_training(
    module: nn.Module, model: nn.Module, right: Any, inputs: tuple
) -> None:
    """Complain where training mode does not do what it should.

    right: what both give after .eval(). Where the solution gives the same
    in training, so must the module. Where it drops at random, the results
    must scatter around it as widely: which random numbers are drawn, and in
    which order, is nobody's business.
    """
    module.train()
    model.train()
    if same(call(model, inputs), right):
        if not same(call(module, inputs), right):
            raise ComplaintError(
                "the result is right after .eval(), and another one in "
                "training mode"
            )
        return
    share = scatter(module, right, inputs) / scatter(model, right, inputs)
    after = "the result is right after .eval(), and in training mode"
    if share == 0:
        raise ComplaintError(f"{after} nothing is dropped")
    if not 1 / ALIKE < share < ALIKE:
        less = "less" if share < 1 else "more"
        raise ComplaintError(f"{after} {less} is dropped than should be")


def scatter(
    module: nn.Module, right: Shaped[Tensor, "B ..."], inputs: tuple
) -> float:
    """How far results in training mode are from the right one, on average.

    The batch is repeated, and each copy draws what it drops by itself.
    """
    many = tuple(
        x.repeat(DRAWS, *(1,) * (x.ndim - 1)) if isinstance(x, Tensor) else x
        for x in inputs
    )
    torch.default_generator.manual_seed(0)
    found = module(*many).unflatten(0, (DRAWS, -1))
    return float((found - right).abs().mean())


def copied(x: Any) -> Any:
    """A tensor's copy; anything else as it is."""
    return x.detach().clone() if isinstance(x, Tensor) else x


def same_input(one: Any, other: Any) -> bool:
    """Whether a tensor has not been written into."""
    return not isinstance(one, Tensor) or same(one, other)


def call(module: nn.Module, inputs: tuple) -> Any:
    """What a module makes of copies of the inputs."""
    return module(*map(copied, inputs))


@dataclass(frozen=True, eq=False)
class Slot:
    """A place for one tensor of the solution: a parameter, or a part of it.

    part: the place along the parameter's first axis where it begins, and
        how many rows it takes; None for all of it.
    turned: filled with the transposed tensor.
    """

    name: str
    parameter: Tensor
    shape: tuple[int, ...]
    part: tuple[int, int] | None = None
    turned: bool = False

    def view(
        self, tensor: Shaped[Tensor, "*whole"]
    ) -> Shaped[Tensor, "*part"]:
        """This part of a tensor that is shaped like the parameter."""
        if self.part is not None:
            # A table whose columns are shared out is cut turned.
            whole = tensor.mT if self.turned else tensor
            return whole.narrow(0, *self.part).reshape(self.shape)
        return tensor.mT if self.turned else tensor


def fitting_slots(
    module: nn.Module,
    model: nn.Module,
    turned: bool = False,
    first: int = 0,
) -> list[Slot]:
    """A slot for every tensor that the solution learns, in any order.

    Two layers may be one: a parameter is cut where its parts have the
    shapes that are missing, as where one Linear makes Q, K and V.
    turned: bare tables are taken to multiply from the right, x @ W, where
        a Linear keeps the transposed table.
    first: the parameter that may choose first, where one is as large as
        several others together.

    Raises ComplaintError where that does not come out even.
    """
    tables = _bare_tables(module) if turned else set()
    missing = [tuple(p.shape) for p in model.parameters()]
    slots: list[Slot] = []
    others = []
    named = list(module.named_parameters())
    for name, parameter in named[first:] + named[:first]:
        shape = tuple(parameter.shape)
        if name in tables:
            shape = shape[::-1]
        if shape in missing:
            missing.remove(shape)
            slots.append(Slot(name, parameter, shape, turned=name in tables))
        else:
            others.append((name, parameter))
    extra = []
    for name, parameter in others:
        cut = _cut(name, parameter, missing)
        if not cut:
            extra.append((name, tuple(parameter.shape)))
        slots += cut
    if missing or extra:
        # A Linear whose turned table was cut to fit is no better than others.
        whole = {name: p for name, p in others if name not in tables}
        guessed = [s for s in slots if s.turned and s.name in whole]
        missing += [slot.shape for slot in guessed]
        extra += [
            (name, tuple(whole[name].shape))
            for name in dict.fromkeys(slot.name for slot in guessed)
        ]
        raise _unlike(module, model, missing, extra)
    return slots


def _bare_tables(module: nn.Module) -> set[str]:
    """Names of parameters with two axes that no layer of torch owns."""
    return {
        name
        for name, parameter in module.named_parameters()
        if parameter.ndim == 2
        and not isinstance(
            module.get_submodule(name.rpartition(".")[0]),
            nn.Linear | nn.Embedding,
        )
    }


def _cut(
    name: str, parameter: Tensor, missing: list[tuple[int, ...]]
) -> list[Slot]:
    """Slots for missing shapes that fill a parameter exactly, if any do."""
    shape = tuple(parameter.shape)
    if shape[::-1] in missing and parameter.ndim == 2:
        missing.remove(shape[::-1])
        return [Slot(name, parameter, shape[::-1], turned=True)]
    for turned in (False, True) if parameter.ndim == 2 else (False,):
        rows, *rest = shape[::-1] if turned else shape
        for small in sorted(set(missing), key=len):
            if small[1:] == tuple(rest):  # several of them in one table
                size = small[0]
            elif small == tuple(rest):  # one of them at each place
                size = 1
            else:
                continue
            times = rows // size
            if rows % size or missing.count(small) < times:
                continue
            for _ in range(times):
                missing.remove(small)
            return [
                Slot(name, parameter, small, (n * size, size), turned)
                for n in range(times)
            ]
    return []


def _unlike(
    module: nn.Module,
    model: nn.Module,
    missing: list[tuple[int, ...]],
    extra: list[tuple[str, tuple[int, ...]]],
) -> ComplaintError:
    """What to say of a module that learns other tensors than it should."""
    have = sum(p.numel() for p in module.parameters())
    need = sum(p.numel() for p in model.parameters())
    says = f"it learns {have:,} numbers instead of {need:,}"
    if have == need:
        says = (
            f"it learns {have:,} numbers, as it should, in shapes that "
            "cannot be compared"
        )
    parts = []
    for word, shapes in (
        ("missing", missing),
        ("not expected", [shape for _, shape in extra]),
    ):
        if shapes:
            parts.append(f"{word}: {_some(_kinds(shapes))}")
    detail = []
    if extra:
        detail.append(f"not expected: {_some([name for name, _ in extra])}")
    hidden = _hidden(module)
    if hidden:
        parts.append("some stand where parameters() does not look")
        detail.append(f"a plain list, tuple or dict: {_some(hidden)}")
    return ComplaintError(f"{says} ({'; '.join(parts)})", "; ".join(detail))


def _hidden(module: nn.Module) -> list[str]:
    """Attributes that keep modules or parameters where nobody finds them."""
    found = []
    for name, value in vars(module).items():
        if name.startswith("_"):
            continue
        inside = value.values() if isinstance(value, dict) else value
        if isinstance(inside, Tensor | str) or not hasattr(inside, "__iter__"):
            continue
        if any(isinstance(v, nn.Module | nn.Parameter) for v in inside):
            found.append(f"self.{name}")
    return found


def _kinds(shapes: list[tuple[int, ...]]) -> list[str]:
    return [f"{shapes.count(s)} of shape {s}" for s in dict.fromkeys(shapes)]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


@torch.no_grad()
def fill(slots: list[Slot], tensors: list[Tensor]) -> None:
    """Put a tensor into each slot."""
    for slot, tensor in zip(slots, tensors, strict=True):
        slot.view(slot.parameter).copy_(tensor)


def by_name(model: nn.Module, slots: list[Slot]) -> list[Slot]:
    """The slots in the order of the solution's tensors: by name, by shape.

    A tensor that has no namesake gets the first free slot of its shape.
    """
    free = list(slots)
    chosen: dict[str, Slot] = {}
    for name, tensor in model.named_parameters():
        for slot in free:
            if slot.name == name and slot.shape == tuple(tensor.shape):
                chosen[name] = slot
                free.remove(slot)
                break
    for name, tensor in model.named_parameters():
        if name not in chosen:
            slot = next(s for s in free if s.shape == tuple(tensor.shape))
            chosen[name] = slot
            free.remove(slot)
    return [chosen[name] for name, _ in model.named_parameters()]


def by_behaviour(
    module: nn.Module, model: nn.Module, inputs: tuple
) -> list[Slot] | None:
    """The slots in the order of the solution's tensors: by what they do.

    All tensors of one shape get one and the same content, on both sides. Then
    two modules that compute the same give the same result, whatever is
    called what; and so they do when a single tensor is changed, if the two
    play the same role. None where some tensor finds no
    partner.
    """
    twin = copy.deepcopy(model)
    roles = [Slot("", p, tuple(p.shape)) for p in twin.parameters()]
    wanted = [_signature(twin, roles, n, inputs) for n in range(len(roles))]
    seen = []
    for turned in (False, True):
        for first in range(len(list(module.parameters()))):
            try:
                slots = fitting_slots(module, model, turned, first)
            except ComplaintError:
                continue
            cut = {(slot.name, slot.part, slot.turned) for slot in slots}
            if cut in seen:
                continue
            seen.append(cut)
            mine = [
                _signature(module, slots, n, inputs) for n in range(len(slots))
            ]
            chosen = _partners(slots, mine, roles, wanted)
            if chosen is not None:
                return chosen
    return None


def _partners(
    slots: list[Slot], mine: list[Any], roles: list[Slot], wanted: list[Any]
) -> list[Slot] | None:
    """For each role a slot that does the same, if each finds one."""
    free = dict(zip(slots, mine, strict=True))
    chosen = []
    for role, should in zip(roles, wanted, strict=True):
        for slot, signature in free.items():
            if slot.shape == role.shape and same(signature, should):
                chosen.append(slot)
                del free[slot]
                break
        else:
            return None
    return chosen


@torch.no_grad()
def _signature(
    module: nn.Module, slots: list[Slot], changed: int, inputs: tuple
) -> Any:
    """What comes out when one slot holds something else than its likes."""
    fill(
        slots,
        [
            _content(slot.shape, 11 if n == changed else 7)
            for n, slot in enumerate(slots)
        ],
    )
    return call(module, inputs)


def _content(shape: tuple[int, ...], seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed + sum(shape))
    return torch.randn(shape, generator=generator) / max(1, shape[-1]) ** 0.5


def complain_of_lost_gradients(
    module: nn.Module, model: nn.Module, slots: list[Slot], inputs: tuple
) -> None:
    """Complain where the result is right and a gradient is not.

    A `.detach()` or a `no_grad()` on the way changes no number, and what
    stands before it learns less, or nothing.
    """
    inputs = tuple(
        copied(x).requires_grad_()
        if isinstance(x, Tensor) and x.is_floating_point()
        else x
        for x in inputs
    )
    given = [x for x in inputs if isinstance(x, Tensor) and x.requires_grad]
    right = _gradients(model, list(model.parameters()) + given, inputs)
    try:
        mine = _gradients(module, [s.parameter for s in slots] + given, inputs)
    except RuntimeError as error:
        raise ComplaintError(
            "the result is right, and its gradient cannot be computed: "
            "something is written over that the way back needs"
        ) from error
    if right is None:
        return
    if mine is None:
        raise ComplaintError(
            "the result is right, and no gradient comes out of it: nothing "
            "could be learned through it"
        )
    n = len(slots)
    found = [slot.view(g) for slot, g in zip(slots, mine[:n], strict=True)]
    for slot, a, b in zip(slots, found, right[:n], strict=True):
        if not same(a, b):
            raise ComplaintError(
                f"the result is right, and the gradient of {slot.name} is "
                "not: something on its way is detached from the graph"
            )
    if not all(map(same, mine[n:], right[n:])):
        raise ComplaintError(
            "the result is right, and the gradient of the input is not: "
            "something on its way is detached from the graph"
        )


def _gradients(
    module: nn.Module, wanted: list[Tensor], inputs: tuple
) -> list[Tensor] | None:
    # Not the leaves themselves: those must not be written into.
    result = module(
        *(x.clone() if isinstance(x, Tensor) else x for x in inputs)
    )
    if not isinstance(result, Tensor) or not result.requires_grad:
        return None
    generator = torch.Generator().manual_seed(5)
    weights = torch.randn(result.shape, generator=generator)
    gradients = torch.autograd.grad(
        (result * weights).sum(), wanted, allow_unused=True
    )
    return [
        torch.zeros_like(w) if g is None else g
        for w, g in zip(wanted, gradients, strict=True)
    ]


@torch.no_grad()
def _matters(
    module: nn.Module, parameters: list[Tensor], inputs: tuple
) -> bool:
    """Whether the result changes when these parameters do.

    Not by the same in all rows: a softmax over them would not feel it.
    """
    before = call(module, inputs)
    kept = [parameter.clone() for parameter in parameters]
    for parameter in parameters:
        step = torch.linspace(1, 2, parameter.numel())
        parameter += step.view_as(parameter)
    after = call(module, inputs)
    for parameter, its in zip(parameters, kept, strict=True):
        parameter.copy_(its)
    return not same(before, after)


def complain_of_idle_parts(
    module: nn.Module, result: Any, inputs: tuple
) -> None:
    """Complain of parameters that have no say in the result."""
    named = dict(module.named_parameters())
    frozen = [n for n, p in named.items() if not p.requires_grad]
    if frozen:
        raise ComplaintError(
            "some of what it should learn is frozen: its requires_grad is "
            "False",
            f"it is {_some(frozen)}",
        )
    if not isinstance(result, Tensor) or not result.requires_grad:
        return
    # Of the sum: a parameter without any way to the result has no gradient
    # at all, which is None and not zero.
    gradients = torch.autograd.grad(
        result.sum(), list(named.values()), allow_unused=True
    )
    idle = [
        name
        for name, gradient in zip(named, gradients, strict=True)
        if gradient is None
    ]
    if idle:
        shapes = [tuple(named[name].shape) for name in idle]
        raise ComplaintError(
            "some of what it learns "
            + (
                "is detached from the result, and gets no gradient"
                if _matters(module, [named[name] for name in idle], inputs)
                else "has no effect on the result"
            )
            + f": {_some(_kinds(shapes))}",
            f"it is {_some(idle)}",
            result,
        )


@torch.no_grad()
def give_weights(module: nn.Module) -> None:
    """Fill every parameter, in the order of the names, from one seed.

    In the order of the names, not of `__init__`, so that a learner may make
    the parts in any order. Divided by the root of the last axis, as a layer
    would be at its start, so that no softmax saturates.
    """
    generator = torch.Generator().manual_seed(7)
    for _, parameter in sorted(module.named_parameters()):
        noise = torch.randn(parameter.shape, generator=generator)
        parameter.copy_(noise / max(1, parameter.shape[-1]) ** 0.5)
