"""Chapter 7. Inside a trained GPT: forward hooks, and no copy of the model."""

import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.hooks import RemovableHandle

from tutorgpt.ground.checks import between
from tutorgpt.language_model import LanguageModel, eval_mode
from tutorgpt.scaling import GPT


@torch.no_grad()
def outputs_of(
    model: LanguageModel, names: Sequence[str], tokens: Int[Tensor, "B T"]
) -> list[Tensor]:
    """What the named parts of a model put out while it reads the tokens.

    names: as in model.named_modules(), such as "blocks.0.norm_1".
    """
    parts = [model.get_submodule(name) for name in names]
    heard: dict[nn.Module, Tensor] = {}

    def listen(part: nn.Module, args: tuple[Tensor], out: Tensor) -> None:
        heard[part] = out

    with ExitStack() as hooks, eval_mode(model):
        for part in parts:
            hooks.enter_context(part.register_forward_hook(listen))
        model(tokens)
    return [heard[part] for part in parts]


def attention_weights(
    model: GPT, tokens: Int[Tensor, "B T"]
) -> Float[Tensor, "B L H T T"]:
    """How much each position looks at each other, in every layer and head.

    Row t of a head sums to 1, and is 0 after t. The fused attention keeps
    no weights, so they are computed again from its queries and keys.
    """
    config = model.config
    (B, T), H, D = tokens.shape, config.n_head, config.head_size
    names = [f"blocks.{n}.multi_head.qkv" for n in range(config.n_layer)]
    future = torch.ones(T, T, dtype=torch.bool, device=tokens.device).triu(1)
    maps = []
    for qkv in outputs_of(model, names, tokens):  # a layer's: (B, T, 3C)
        q, k, _ = qkv.view(B, T, 3, H, D).permute(2, 0, 3, 1, 4)
        scores = q @ k.mT / math.sqrt(D)  # (B, H, T, T)
        scores = scores.masked_fill(future, float("-inf"))
        maps.append(scores.softmax(dim=-1))
    return torch.stack(maps, dim=1)


@contextmanager
def ablated(
    model: GPT,
    *,
    head: tuple[int, int] | None = None,
    layer: int | None = None,
    positions: bool = False,
    norms: bool = False,
) -> Iterator[GPT]:
    """The same model with parts switched off inside, and whole after.

    head: (layer, head), both counted from 0, adds nothing to the path.
    layer: passes on what it reads. positions: their vectors are zero.
    norms: all of them, the last one too, pass on what they read.
    Raises ValueError if there is no such layer or head.
    """
    with ExitStack() as hooks:
        if head is not None:
            hooks.enter_context(without_head(model, *head))
        if layer is not None:
            check_part(model, layer)
            block = model.blocks[layer]
            hooks.enter_context(block.register_forward_hook(hand_on))
        if positions:
            table = model.embedding.position
            hooks.enter_context(table.register_forward_hook(silence))
        for part in model.modules() if norms else ():
            if isinstance(part, nn.LayerNorm):
                hooks.enter_context(part.register_forward_hook(hand_on))
        yield model


def without_head(
    model: LanguageModel, layer: int, head: int
) -> RemovableHandle:
    """Keep one head from adding to the path, until remove() is called."""
    check_part(model, layer, head)
    D = model.config.head_size

    def cut(proj: nn.Module, args: tuple[Tensor]) -> Tensor:
        joined = args[0].clone()
        joined[..., head * D : (head + 1) * D] = 0
        return joined

    proj = model.get_submodule(f"blocks.{layer}.multi_head.proj")
    return proj.register_forward_pre_hook(cut)


def check_part(model: LanguageModel, layer: int, head: int = 0) -> None:
    """Refuse a layer or a head that the model does not have."""
    between(0, model.config.n_layer - 1, layer=layer)
    between(0, model.config.n_head - 1, head=head)


def hand_on(
    part: nn.Module, args: tuple[Tensor], out: Float[Tensor, "..."]
) -> Float[Tensor, "..."]:
    """A hook: what was read instead of what was computed."""
    return args[0]


def silence(
    part: nn.Module, args: tuple[Tensor], out: Float[Tensor, "..."]
) -> Float[Tensor, "..."]:
    """A hook: zeros instead of what was computed."""
    return torch.zeros_like(out)


@torch.no_grad()
def logit_lens(
    model: GPT, tokens: Int[Tensor, "B T"]
) -> Float[Tensor, "N B T V"]:
    """The logits if the model ended early: N = n_layer + 1 answers.

    Number 0 reads the embedding alone, number n the path after n layers;
    the last are the model's own logits. Source: nostalgebraist 2020.
    """
    layers = [f"blocks.{n}" for n in range(model.config.n_layer)]
    path = outputs_of(model, ["embedding", *layers], tokens)
    return torch.stack([model.lm_head(model.norm(x)) for x in path])


def gradient_by_layer(
    model: GPT, tokens: Int[Tensor, "B T"], targets: Int[Tensor, "B T"]
) -> list[float]:
    """The length of the loss's gradient in each layer's parameters.

    As in chapter 5; the model's own .grad is left as it was.
    """
    with eval_mode(model):
        logits = model(tokens).flatten(0, 1)
        loss = F.cross_entropy(logits, targets.flatten())
    norms = []
    for block in model.blocks:
        parameters = list(block.parameters())
        gradients = torch.autograd.grad(loss, parameters, retain_graph=True)
        norms.append(torch.stack([g.norm() for g in gradients]).norm().item())
    return norms
