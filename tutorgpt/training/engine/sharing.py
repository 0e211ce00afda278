"""A second form of a model that has the same weights, not equal ones."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import nn


def shared_copy(model: nn.Module) -> nn.Module:
    """A copy whose layers can be exchanged; its parameters are the model's.

    A step on the one is a step on the other. Tensors that a part keeps to be
    looked at, such as its last result, are not copied either.
    """
    shared = [*model.parameters(), *model.buffers()]
    for part in model.modules():
        shared += filter(torch.is_tensor, vars(part).values())
    return copy.deepcopy(model, {id(tensor): tensor for tensor in shared})


def replace_modules(
    model: nn.Module, kind: type[nn.Module], build: Callable[[Any], nn.Module]
) -> nn.Module:
    """Exchange, in place, every layer of a kind for what build makes of it."""
    for name, child in list(model.named_children()):
        if type(child) is kind:
            setattr(model, name, build(child))
        else:
            replace_modules(child, kind, build)
    return model
