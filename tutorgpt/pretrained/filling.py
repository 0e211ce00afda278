"""Somebody else's weights in a Llama: other names, another order.

Two kinds of file hold such models: a GGUF file and a folder as transformers
writes it. They call the weights by other names. They also order the rows
that make queries and keys in two ways, because one program turns neighbours
and the other one turns halves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tutorgpt.modern.rotary import Rotary
from tutorgpt.pretrained.llama import Llama, LlamaConfig
from tutorgpt.pretrained.memory import check_memory


@dataclass(frozen=True)
class Stored:
    """One table of numbers in a file, which is not read yet.

    shape: of the numbers, rows first.
    read: unpacks them, as numbers of 32 bits that nothing else holds.
    """

    shape: tuple[int, ...]
    read: Callable[[], Tensor]


@dataclass(frozen=True)
class Layout:
    """How one kind of file writes a Llama.

    names: for each of our names, those of the file; several are stacked. In
        both, "#" stands for the number of a layer.
    halves: whether channel i is turned together with i + D/2, and not with
        its neighbour.
    """

    names: Mapping[str, tuple[str, ...]]
    halves: bool


GGUF = Layout(
    {
        "token.weight": ("token_embd.weight",),
        "blocks.#.norm_1.weight": ("blk.#.attn_norm.weight",),
        "blocks.#.multi_head.qkv.weight": (
            "blk.#.attn_q.weight",
            "blk.#.attn_k.weight",
            "blk.#.attn_v.weight",
        ),
        "blocks.#.multi_head.proj.weight": ("blk.#.attn_output.weight",),
        "blocks.#.norm_2.weight": ("blk.#.ffn_norm.weight",),
        "blocks.#.feed_forward.gate.weight": ("blk.#.ffn_gate.weight",),
        "blocks.#.feed_forward.expand.weight": ("blk.#.ffn_up.weight",),
        "blocks.#.feed_forward.contract.weight": ("blk.#.ffn_down.weight",),
        "norm.weight": ("output_norm.weight",),
        "lm_head.weight": ("output.weight",),
    },
    halves=False,
)
"""Source: ggml-org/llama.cpp, gguf-py/gguf/constants.py, LLAMA."""

_LAYER = "model.layers.#"
TRANSFORMERS = Layout(
    {
        "token.weight": ("model.embed_tokens.weight",),
        "blocks.#.norm_1.weight": (f"{_LAYER}.input_layernorm.weight",),
        "blocks.#.multi_head.qkv.weight": (
            f"{_LAYER}.self_attn.q_proj.weight",
            f"{_LAYER}.self_attn.k_proj.weight",
            f"{_LAYER}.self_attn.v_proj.weight",
        ),
        "blocks.#.multi_head.proj.weight": (
            f"{_LAYER}.self_attn.o_proj.weight",
        ),
        "blocks.#.norm_2.weight": (
            f"{_LAYER}.post_attention_layernorm.weight",
        ),
        "blocks.#.feed_forward.gate.weight": (
            f"{_LAYER}.mlp.gate_proj.weight",
        ),
        "blocks.#.feed_forward.expand.weight": (
            f"{_LAYER}.mlp.up_proj.weight",
        ),
        "blocks.#.feed_forward.contract.weight": (
            f"{_LAYER}.mlp.down_proj.weight",
        ),
        "norm.weight": ("model.norm.weight",),
        "lm_head.weight": ("lm_head.weight",),
    },
    halves=True,
)
"""Source: huggingface/transformers, models/llama/modeling_llama.py."""


def neighbours_from_halves(
    weight: Float[Tensor, "HD C"], n_head: int
) -> Float[Tensor, "HD C"]:
    """Rows of queries or keys, reordered for a Rotary.

    In a head of D rows, i and i + D/2 are one pair. Here they become rows
    2i and 2i + 1, as Rotary turns neighbours.
    """
    by_pair = weight.unflatten(0, (n_head, 2, -1))  # (H, 2, D/2, C)
    return by_pair.transpose(1, 2).flatten(0, 2)


def fill(
    config: LlamaConfig, layout: Layout, stored: Mapping[str, Stored]
) -> Llama:
    """A Llama with a file's weights, in eval mode.

    The names, the shapes and the memory are checked before any weight is
    read. Each weight is then unpacked into its place, so that no weight is
    drawn at random first, and none is there twice.
    Raises ValueError, which does not name the file, for what does not fit.
    """
    check_layers(config, layout, stored)
    with torch.device("meta"):  # shapes alone, and no numbers
        model = Llama(config)
    weights = dict(model.named_parameters())  # a tied one once
    theirs = {name: names_in(layout, name) for name in weights}
    check_names([n for names in theirs.values() for n in names], stored)
    for name, weight in weights.items():
        check_shapes(config, weight.shape, theirs[name], stored)
    check_memory("it", sum(weight.numel() for weight in weights.values()))
    for name in weights:
        rows = [read(stored[each], each) for each in theirs[name]]
        if layout.halves and len(rows) > 1:
            rows[0] = neighbours_from_halves(rows[0], config.n_head)
            rows[1] = neighbours_from_halves(rows[1], config.n_key_head)
        put(model, name, torch.cat(rows) if len(rows) > 1 else rows[0])
    if config.tied:
        model.lm_head.weight = model.token.weight
    position = Rotary(config.head_size, config.block_size, config.rotary_base)
    for block in model.blocks:
        block.get_submodule("multi_head").position = position
    return model.eval()


def put(model: nn.Module, name: str, weight: Float[Tensor, "..."]) -> None:
    """Let a model have these very numbers as a weight, not a copy."""
    owner, _, last = name.rpartition(".")
    setattr(model.get_submodule(owner), last, nn.Parameter(weight))


def names_in(layout: Layout, ours: str) -> list[str]:
    """What a file calls one of our weights: the parts of its rows."""
    parts = ours.split(".")
    number = parts[1] if parts[0] == "blocks" else ""
    if number:
        ours = ".".join([parts[0], "#", *parts[2:]])
    return [name.replace("#", number) for name in layout.names[ours]]


def check_layers(
    config: LlamaConfig, layout: Layout, stored: Mapping[str, Stored]
) -> None:
    """Refuse a number of layers that the file does not hold.

    A damaged number would otherwise be built, with as many layers.
    """
    [norm] = layout.names["blocks.#.norm_1.weight"]
    there = sum(norm.replace("#", str(n)) in stored for n in range(10_000))
    if config.n_layer > there:
        missing = norm.replace("#", str(there))
        raise ValueError(
            f"it says that it has {config.n_layer} layers and has no {missing}"
        )


def check_names(wanted: list[str], stored: Mapping[str, Stored]) -> None:
    """Refuse a file that lacks weights, or has some that have no place."""
    for name in wanted:
        if name not in stored:
            raise ValueError(f"it has no {name}")
    for name in sorted(set(stored) - set(wanted)):
        raise ValueError(f"it has {name}, for which a Llama has no place")


def check_shapes(
    config: LlamaConfig,
    shape: torch.Size,
    theirs: list[str],
    stored: Mapping[str, Stored],
) -> None:
    """Refuse weights of a shape that the config does not lead to."""
    rows = [shape[0]]
    if len(theirs) > 1:
        D, H, G = config.head_size, config.n_head, config.n_key_head
        rows = [H * D, G * D, G * D]
    for name, n in zip(theirs, rows, strict=True):
        fits = (n, *shape[1:])
        if stored[name].shape != fits:
            raise ValueError(
                f"its {name} is {stored[name].shape}, and by the sizes that "
                f"it states it should be {fits}"
            )


def read(stored: Stored, name: str) -> Float[Tensor, "..."]:
    """One table of a file; ValueError for what is no number."""
    weight = stored.read()
    if not weight.isfinite().all():
        raise ValueError(f"its {name} has numbers that are not finite")
    return weight
